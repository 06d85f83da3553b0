"""VoID (https://www.w3.org/TR/void/) and the parts of a SPARQL service description that count.

The data sets are those of the DCAT catalogue, by the same IRIs. Partitions by class, by property, and by property
within each class let a query editor complete what a class really has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dxlod.catalog.facts import Catalogue, DatasetFacts
from dxlod.catalog.publisher import Text
from dxlod.catalog.survey import Survey, Use, survey
from dxlod.catalog.terms import Fact, day, iri, iris, node, plain, texts
from dxlod.release.formats import PREFIXES
from dxlod.release.terms import XSD, Quad, Triple, literal
from dxlod.settings import SHARED

__all__ = ["void_triples"]

_EXAMPLES = (
    "Plan", "PlanEdition", "Policy", "Initiative", "Action", "Indicator", "IndicatorValue", "AdministrativeTask",
    "InformationSystem", "Municipality", "LegalProvision", "SourceFragment", "Citation", "Correction",
)  # fmt: skip
_FORMATS = (
    "http://www.w3.org/ns/formats/Turtle", "http://www.w3.org/ns/formats/N-Triples",
    "http://www.w3.org/ns/formats/JSON-LD", "http://www.w3.org/ns/formats/RDF_XML",
)  # fmt: skip


def void_triples(facts: Catalogue, quads: Sequence[Quad]) -> list[Triple]:
    """The description of the whole, of each edition's graph, and of the endpoint; each triple once, sorted."""
    graphs: dict[str, list[Triple]] = {}
    for quad in quads:
        graphs.setdefault(quad.g[1:-1], []).append(Triple(quad.s, quad.p, quad.o))
    every = survey(Triple(quad.s, quad.p, quad.o) for quad in quads)
    triples = {*_document(facts), *_service(facts, graphs)}
    for dataset in facts.datasets:
        found = every if dataset.whole else survey(graphs.get(dataset.graph, ()))
        triples.update(_dataset(dataset, found, facts))
    triples.update(_linksets(facts, every))
    return sorted(triples, key=lambda triple: triple.line)


def _count(value: int) -> str:
    return literal(str(value), f"{XSD}integer")


def _document(facts: Catalogue) -> Iterator[Triple]:
    title = Text("dxlod の VoID 記述", "VoID description of dxlod")
    about = [
        *texts("dcterms:title", title),
        ("dcterms:publisher", iri(facts.agent)),
        ("dcterms:modified", day(facts.modified)),
        ("foaf:primaryTopic", iri(f"{facts.base}/id/dataset/all")),
    ]
    yield from node(facts.url("/void"), ["void:DatasetDescription"], about)


def _dataset(dataset: DatasetFacts, found: Survey, facts: Catalogue) -> Iterator[Triple]:
    yield from node(dataset.iri, ["void:Dataset"], _numbers(dataset, found, facts))
    yield from _class_partitions(dataset.iri, found, nested=dataset.whole)
    yield from _property_partitions(dataset.iri, found.properties)


def _numbers(dataset: DatasetFacts, found: Survey, facts: Catalogue) -> Iterator[Fact]:
    yield from texts("dcterms:title", dataset.title)
    yield "dcterms:license", iri(facts.publisher.licence.iri)
    yield "dcterms:publisher", iri(facts.agent)
    yield "dcterms:modified", day(dataset.modified)
    yield "foaf:homepage", iri(dataset.landing)
    yield "void:sparqlEndpoint", iri(facts.url("/sparql"))
    yield "void:triples", _count(found.triples)
    yield "void:distinctSubjects", _count(found.subjects)
    yield "void:distinctObjects", _count(found.objects)
    yield "void:classes", _count(len(found.classes))
    yield "void:properties", _count(len(found.properties))
    yield from iris("void:dataDump", (item.url for item in dataset.distributions if item.triples is not None))
    yield from iris("void:feature", _FORMATS)
    yield from iris("void:vocabulary", _vocabularies(found))
    yield from iris("void:exampleResource", _examples(found))
    yield from iris("void:classPartition", (_partition(dataset.iri, "class", kind) for kind in found.classes))
    yield from iris(
        "void:propertyPartition", (_partition(dataset.iri, "property", name) for name in found.properties)
    )
    if dataset.whole:
        yield "void:uriSpace", plain(f"{facts.base}/id/")
        yield "void:uriSpace", plain(f"{SHARED}/id/")
        yield from iris("void:rootResource", (item.edition for item in facts.editions))
        yield from iris("void:subset", (item.iri for item in facts.editions))
        yield from iris(
            "void:subset", (f"{facts.base}/id/linkset/{links.neighbour.key}" for links in found.links)
        )


def _vocabularies(found: Survey) -> list[str]:
    """Namespaces of the classes and properties that are used."""
    terms = [*found.classes, *found.properties]
    return [space for _, space in PREFIXES if any(term.startswith(space) for term in terms)]


def _examples(found: Survey) -> Iterator[str]:
    return (found.examples[kind] for name in _EXAMPLES if (kind := f"{SHARED}/ns#{name}") in found.examples)


def _partition(dataset: str, kind: str, term: str) -> str:
    """IRI of a partition; the same whatever else the data have."""
    for prefix, space in PREFIXES:
        local = term.removeprefix(space)
        if local != term and local.replace("-", "").replace("_", "").isalnum():
            return f"{dataset}/{kind}/{prefix}-{local}"
    name = "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in term.partition("//")[2])
    return f"{dataset}/{kind}/{name}"


def _class_partitions(dataset: str, found: Survey, *, nested: bool) -> Iterator[Triple]:
    for kind, entities in found.classes.items():
        here = _partition(dataset, "class", kind)
        about = [("void:class", iri(kind)), ("void:entities", _count(entities))]
        uses = found.by_class[kind] if nested else {}
        about += iris("void:propertyPartition", (_partition(here, "property", name) for name in uses))
        yield from node(here, ["void:Dataset"], about)
        yield from _property_partitions(here, uses)


def _property_partitions(dataset: str, uses: Mapping[str, Use]) -> Iterator[Triple]:
    for name, use in uses.items():
        about = [
            ("void:property", iri(name)),
            ("void:triples", _count(use.triples)),
            ("void:distinctSubjects", _count(use.subjects)),
            ("void:distinctObjects", _count(use.objects)),
        ]
        yield from node(_partition(dataset, "property", name), ["void:Dataset"], about)


def _linksets(facts: Catalogue, found: Survey) -> Iterator[Triple]:
    for links in found.links:
        target = f"{facts.base}/id/linkset/{links.neighbour.key}/target"
        about = [
            *texts(
                "dcterms:title",
                Text(f"{links.neighbour.name} へのリンク", f"links to {links.neighbour.name}"),
            ),
            ("void:subjectsTarget", iri(f"{facts.base}/id/dataset/all")),
            ("void:objectsTarget", iri(target)),
            ("void:triples", _count(links.triples)),
            *iris("void:linkPredicate", links.properties),
        ]
        yield from node(f"{facts.base}/id/linkset/{links.neighbour.key}", ["void:Linkset"], about)
        other = [
            ("dcterms:title", plain(links.neighbour.name)),
            ("void:uriSpace", plain(links.neighbour.start)),
            ("foaf:homepage", iri(links.neighbour.page)),
        ]
        yield from node(target, ["void:Dataset"], other)


def _service(facts: Catalogue, graphs: Mapping[str, Sequence[Triple]]) -> Iterator[Triple]:
    """The endpoint's data set: the union of the named graphs, each with its size."""
    here = facts.url("/sparql#service")
    data, union = f"{facts.url('/sparql')}#dataset", f"{facts.url('/sparql')}#default-graph"
    service: list[Fact] = [
        ("sd:endpoint", iri(facts.url("/sparql"))),
        ("sd:supportedLanguage", iri("http://www.w3.org/ns/sparql-service-description#SPARQL11Query")),
        ("sd:feature", iri("http://www.w3.org/ns/sparql-service-description#UnionDefaultGraph")),
        ("sd:defaultDataset", iri(data)),
    ]
    yield from node(here, ["sd:Service"], service)
    names = {graph: f"{facts.url('/sparql')}#graph-{_local(graph)}" for graph in sorted(graphs)}
    yield from node(
        data, ["sd:Dataset"], [("sd:defaultGraph", iri(union)), *iris("sd:namedGraph", names.values())]
    )
    yield from node(union, ["sd:Graph"], _size({triple for group in graphs.values() for triple in group}))
    for graph, name in names.items():
        yield from node(
            name, ["sd:NamedGraph"], [("sd:name", iri(graph)), ("sd:graph", iri(f"{name}-content"))]
        )
        yield from node(f"{name}-content", ["sd:Graph", "void:Dataset"], _size(graphs[graph]))


def _size(triples: Iterable[Triple]) -> list[Fact]:
    return [("void:triples", _count(len(set(triples))))]


def _local(graph: str) -> str:
    """`plan-212016-dx-2025` of `…/graph/plan/212016/dx/2025`."""
    return graph.partition("/graph/")[2].replace("/", "-") or "default"
