"""The catalogue as DCAT 3 in the profile DCAT-AP 3.0.1 (https://semiceu.github.io/DCAT-AP/releases/3.0.1/).

It also gives what the Japanese profile (DCAT-GoJ, GIF DS-469) requires: identifiers, titles, descriptions, publisher
and contact. A series is no dcat:Dataset here and is listed by dcat:resource, so that harvesters that take every
dcat:Dataset for a package do not harvest empty ones. There are no blank nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dxlod.catalog.codes import (
    ACCESS,
    AVAILABLE,
    COMPLETED,
    GZIP,
    JAPAN,
    LANGUAGES,
    SHA256,
    SPARQL_STANDARD,
    THEMES,
    code_nodes,
    file_type,
    frequency,
    iana,
    publisher_type,
)
from dxlod.catalog.facts import Area, Catalogue, DatasetFacts, Distribution, Series, Source
from dxlod.catalog.publisher import Text
from dxlod.catalog.terms import Fact, day, iri, iris, node, number, plain, texts
from dxlod.catalog.words import PROVENANCE, rights
from dxlod.release.terms import XSD, Triple, literal
from dxlod.settings import SHARED

__all__ = ["catalogue_triples", "contact_iri"]

_ONTOLOGY = f"{SHARED}/ns"
_CUBE = "https://www.w3.org/TR/vocab-data-cube/"
_PROFILES = ("https://www.w3.org/TR/vocab-dcat-3/", "https://semiceu.github.io/DCAT-AP/releases/3.0.1/")
_CSVW = "https://www.w3.org/TR/tabular-metadata/"
_CKAN = "https://docs.ckan.org/en/2.11/api/"


def catalogue_triples(facts: Catalogue, datasets: Sequence[DatasetFacts] | None = None) -> list[Triple]:
    """The whole catalogue, or the page of it that has these data sets; each triple once, sorted.

    A page stands alone: it describes its data sets, their plans, and everything that they name.
    """
    shown = facts.datasets if datasets is None else datasets
    wanted = {item.series for item in shown} if datasets is not None else {item.iri for item in facts.series}
    series = [item for item in facts.series if item.iri in wanted]
    triples = {*_catalogue(facts, shown, series), *_services(facts, shown), *_agent(facts)}
    triples.update(code_nodes(facts.publisher.frequency, facts.publisher.kind))
    for plan in series:
        triples.update(_series(plan, facts))
    for dataset in shown:
        triples.update(_dataset(dataset, facts))
        for distribution in dataset.distributions:
            triples.update(_distribution(distribution, dataset, facts))
    return sorted(triples, key=lambda triple: triple.line)


def contact_iri(facts: Catalogue) -> str:
    """IRI of the contact point."""
    return f"{facts.base}/id/contact/{facts.publisher.id}"


def _catalogue(
    facts: Catalogue, datasets: Iterable[DatasetFacts], series: Iterable[Series]
) -> Iterator[Triple]:
    home = f"{facts.site}/"
    about: list[Fact] = [
        ("dcterms:identifier", plain("dxlod-catalog")),
        *texts("dcterms:title", facts.publisher.title),
        *texts("dcterms:description", facts.publisher.description),
        ("dcterms:publisher", iri(facts.agent)),
        ("dcterms:creator", iri(facts.agent)),
        ("dcat:contactPoint", iri(contact_iri(facts))),
        ("dcterms:license", iri(facts.publisher.licence.iri)),
        ("dcterms:rights", iri(f"{facts.base}/id/rights/catalog")),
        ("dcterms:spatial", iri(JAPAN)),
        ("dcterms:issued", day(facts.issued)),
        ("dcterms:modified", day(facts.modified)),
        ("dcat:version", plain(facts.version)),
        ("foaf:homepage", iri(home)),
        ("dcat:themeTaxonomy", iri("http://publications.europa.eu/resource/authority/data-theme")),
        ("dcat:themeTaxonomy", iri(f"{SHARED}/id/topic")),
        *iris("dcterms:language", LANGUAGES),
        *iris("dcterms:conformsTo", _PROFILES),
        *iris("dcat:dataset", (item.iri for item in datasets)),
        *iris("dcat:resource", (item.iri for item in series)),
        *iris("dcat:service", (f"{facts.base}/id/service/{name}" for name in ("sparql", "ckan"))),
    ]
    yield from node(facts.iri, ["dcat:Catalog"], about)
    yield from node(home, ["foaf:Document"], [])
    yield from _rights(f"{facts.base}/id/rights/catalog", rights(facts.publisher.licence, []))


def _agent(facts: Catalogue) -> Iterator[Triple]:
    who, contact = facts.publisher, facts.publisher.contact
    homepage = who.homepage or f"{facts.site}/"
    yield from node(
        facts.agent,
        ["foaf:Agent"],
        [
            ("dcterms:identifier", plain(who.id)),
            *texts("foaf:name", who.name),
            ("foaf:homepage", iri(homepage)),
            ("dcterms:type", iri(publisher_type(who.kind))),
        ],
    )
    yield from node(homepage, ["foaf:Document"], [])
    yield from node(
        contact_iri(facts),
        ["vcard:Kind", "vcard:Organization"],
        [
            *texts("vcard:fn", contact.name),
            ("vcard:hasEmail", iri(f"mailto:{contact.email}" if contact.email else "")),
            ("vcard:hasTelephone", iri(f"tel:{contact.phone.replace(' ', '')}" if contact.phone else "")),
            ("vcard:hasURL", iri(contact.form or homepage)),
            ("vcard:note", plain(contact.note)),
        ],
    )
    yield from _licences(facts)


def _licences(facts: Catalogue) -> Iterator[Triple]:
    """The licence, and the same in the EU list.

    CKAN's register knows no creativecommons.org 4.0 IRI; ckanext-dcat then looks for the title, which must be the only
    one and the one CKAN has. For the same reason there is no rdfs:label: CKAN would show it in place of the IRI.
    """
    licence = facts.publisher.licence
    for here, other in ((licence.iri, licence.authority), (licence.authority, licence.iri)):
        if here:
            about: list[Fact] = [
                ("dcterms:title", literal(licence.title, language="en")),
                *texts("skos:prefLabel", licence.name),
                ("skos:exactMatch", iri(other)),
            ]
            yield from node(here, ["dcterms:LicenseDocument"], about)


def _services(facts: Catalogue, datasets: Sequence[DatasetFacts]) -> Iterator[Triple]:
    served = [item.iri for item in datasets]
    yield from _service(
        facts,
        "sparql",
        Text("SPARQL エンドポイント", "SPARQL endpoint"),
        Text("収録データに SPARQL 1.1 で問い合わせられます。", "Answers SPARQL 1.1 queries over the data."),
        [
            ("dcat:endpointURL", iri(facts.url("/sparql"))),
            ("dcat:endpointDescription", iri(facts.url("/void"))),
            ("dcat:landingPage", iri(facts.url("/query"))),
            ("dcterms:conformsTo", iri(SPARQL_STANDARD)),
            *iris("dcat:servesDataset", served),
        ],
    )
    yield from _service(
        facts,
        "ckan",
        Text("CKAN 形式の API", "CKAN-shaped API"),
        Text(
            "データセットの一覧と詳細を CKAN と同じ形で返します（読み取りのみ）。",
            "Lists and shows the data sets as CKAN does (read-only).",
        ),
        [
            ("dcat:endpointURL", iri(facts.url("/api/3/action"))),
            ("dcat:endpointDescription", iri(facts.url("/openapi.json"))),
            ("dcat:landingPage", iri(facts.url("/downloads"))),
            ("dcterms:conformsTo", iri(_CKAN)),
            *iris("dcat:servesDataset", served),
        ],
    )
    for page in ("/query", "/downloads"):
        yield from node(facts.url(page), ["foaf:Document"], [])


def _service(
    facts: Catalogue, name: str, title: Text, description: Text, own: Iterable[Fact]
) -> Iterator[Triple]:
    about: list[Fact] = [
        ("dcterms:identifier", plain(f"dxlod-{name}")),
        *texts("dcterms:title", title),
        *texts("dcterms:description", description),
        ("dcterms:publisher", iri(facts.agent)),
        ("dcat:contactPoint", iri(contact_iri(facts))),
        ("dcterms:license", iri(facts.publisher.licence.iri)),
        ("dcterms:accessRights", iri(ACCESS)),
        *iris("dcat:theme", THEMES),
        ("dcat:keyword", literal("API", language="en")),
        ("dcat:keyword", literal("自治体DX", language="ja")),
        *own,
    ]
    yield from node(f"{facts.base}/id/service/{name}", ["dcat:DataService"], about)


def _series(series: Series, facts: Catalogue) -> Iterator[Triple]:
    period = f"{series.iri}/period"
    about: list[Fact] = [
        ("dcterms:identifier", plain(series.slug)),
        *texts("dcterms:title", series.title),
        *texts("dcterms:description", series.description),
        ("dcterms:publisher", iri(facts.agent)),
        ("dcat:contactPoint", iri(contact_iri(facts))),
        ("dcterms:accrualPeriodicity", iri(frequency(facts.publisher.frequency))),
        ("dcterms:issued", day(series.issued)),
        ("dcterms:modified", day(series.modified)),
        *_places([series.area]),
        ("dcterms:temporal", iri(period) if series.start or series.end else ""),
        ("foaf:primaryTopic", iri(series.plan)),
        ("dcat:first", iri(series.datasets[0])),
        ("dcat:last", iri(series.datasets[-1])),
        *iris("dcat:seriesMember", series.datasets),
    ]
    yield from node(series.iri, ["dcat:DatasetSeries"], about)
    yield from _period(period, series.start, series.end)
    yield from _area(series.area)


def _dataset(dataset: DatasetFacts, facts: Catalogue) -> Iterator[Triple]:
    yield from node(dataset.iri, ["dcat:Dataset"], _dataset_facts(dataset, facts))
    yield from node(dataset.landing, ["foaf:Document"], [])
    yield from _period(f"{dataset.iri}/period", dataset.start, dataset.end)
    yield from node(
        f"{dataset.iri}/provenance", ["dcterms:ProvenanceStatement"], texts("rdfs:label", PROVENANCE)
    )
    yield from _rights(f"{dataset.iri}/rights", _rights_of(dataset, facts))
    for area in dataset.areas:
        yield from _area(area)
    for topic in dataset.topics:
        about: list[Fact] = [
            *texts("skos:prefLabel", topic.name),
            ("skos:inScheme", iri(f"{SHARED}/id/topic")),
        ]
        yield from node(topic.iri, ["skos:Concept"], about)
    for source in dataset.sources:
        yield from _source(source, dataset.areas)


def _dataset_facts(dataset: DatasetFacts, facts: Catalogue) -> Iterator[Fact]:
    yield "dcterms:identifier", plain(dataset.slug)
    yield from texts("dcterms:title", dataset.title)
    yield from texts("dcterms:description", dataset.description)
    for word in dataset.keywords:
        yield from texts("dcat:keyword", word)
    yield from iris("dcat:theme", [*THEMES, *(topic.iri for topic in dataset.topics)])
    yield "dcterms:publisher", iri(facts.agent)
    yield "dcterms:creator", iri(facts.agent)
    yield "dcat:contactPoint", iri(contact_iri(facts))
    yield "dcterms:license", iri(facts.publisher.licence.iri)
    yield "dcterms:rights", iri(f"{dataset.iri}/rights")
    yield "dcterms:accessRights", iri(ACCESS)
    yield from iris("dcterms:language", LANGUAGES)
    yield from _whole_places(dataset.areas) if dataset.whole else _places(dataset.areas)
    yield "dcterms:temporal", iri(f"{dataset.iri}/period") if dataset.start or dataset.end else ""
    yield "dcat:temporalResolution", literal("P1Y", f"{XSD}duration")
    yield "dcterms:accrualPeriodicity", iri(frequency(facts.publisher.frequency))
    yield "dcterms:issued", day(dataset.issued)
    yield "dcterms:modified", day(dataset.modified)
    yield "dcat:version", plain(dataset.version)
    yield "dcat:landingPage", iri(dataset.landing)
    yield from iris("dcterms:conformsTo", (_ONTOLOGY, _CUBE))
    yield "dcterms:provenance", iri(f"{dataset.iri}/provenance")
    yield from iris("prov:wasDerivedFrom", (source.iri for source in dataset.sources))
    yield from iris("dcat:distribution", (item.iri for item in dataset.distributions))
    if dataset.whole:
        yield from iris("dcterms:hasPart", (item.iri for item in facts.editions))
        return
    yield "dcat:inSeries", iri(dataset.series)
    yield "dcat:prev", iri(dataset.previous)
    yield "dcterms:isPartOf", iri(f"{facts.base}/id/dataset/all")
    yield "foaf:primaryTopic", iri(dataset.edition)


def _rights_of(dataset: DatasetFacts, facts: Catalogue) -> Text:
    stated = dict.fromkeys(source.rights for source in dataset.sources if source.rights)
    return rights(facts.publisher.licence, list(stated))


def _distribution(item: Distribution, dataset: DatasetFacts, facts: Catalogue) -> Iterator[Triple]:
    licence = facts.publisher.licence
    standards = [item.kind.standard, *([_CSVW] if item.described_by else [])]
    about: list[Fact] = [
        ("dcterms:identifier", plain(item.uuid)),
        *texts("dcterms:title", item.title),
        *texts("dcterms:description", item.description),
        ("dcat:accessURL", iri(item.url)),
        ("dcat:downloadURL", iri(item.url)),
        ("dcat:mediaType", iri(iana(item.kind.media_type))),
        ("dcterms:format", iri(file_type(item.kind.code))),
        ("dcat:compressFormat", iri(iana(GZIP)) if item.gzipped else ""),
        ("dcat:packageFormat", iri(iana("application/zip")) if item.kind.code == "ZIP" else ""),
        ("dcat:byteSize", number(item.bytes)),
        ("spdx:checksum", iri(f"{item.iri}/checksum")),
        ("dcterms:license", iri(licence.authority or licence.iri)),
        ("dcterms:rights", iri(f"{dataset.iri}/rights")),
        ("dcterms:issued", day(item.issued)),
        ("dcterms:modified", day(item.modified)),
        ("dcatap:availability", iri(AVAILABLE)),
        ("adms:status", iri(COMPLETED)),
        ("wdrs:describedby", iri(item.described_by)),
        *iris("dcterms:language", LANGUAGES),
        *iris("dcterms:conformsTo", standards),
    ]
    yield from node(item.iri, ["dcat:Distribution"], about)
    checksum: list[Fact] = [
        ("spdx:algorithm", iri(SHA256)),
        ("spdx:checksumValue", plain(item.sha256, "hexBinary")),
    ]
    yield from node(f"{item.iri}/checksum", ["spdx:Checksum"], checksum)


def _places(areas: Iterable[Area]) -> Iterator[Fact]:
    """Places by dcterms:spatial; the municipality itself is a body, not a place, and stands by dcterms:coverage."""
    for area in areas:
        yield from iris("dcterms:spatial", area.places)
        yield "dcterms:coverage", iri(area.iri)


def _whole_places(areas: Iterable[Area]) -> Iterator[Fact]:
    """Japan: of several places CKAN would show one, as if the whole were of one city."""
    yield "dcterms:spatial", iri(JAPAN)
    yield from iris("dcterms:coverage", (area.iri for area in areas))


def _area(area: Area) -> Iterator[Triple]:
    for place in area.places:
        yield from node(place, ["dcterms:Location"], texts("rdfs:label", area.name))
    yield from node(
        area.iri, ["foaf:Agent"], [*texts("foaf:name", area.name), *iris("dcterms:spatial", area.places)]
    )


def _source(source: Source, areas: Iterable[Area]) -> Iterator[Triple]:
    """The document, whose publisher is the city."""
    cities = [area.iri for area in areas if area.name.ja == source.publisher]
    about: list[Fact] = [
        ("dcterms:title", literal(source.title, language="ja")),
        *iris("dcterms:publisher", cities),
        (
            "dcterms:issued",
            plain(source.issued, {4: "gYear", 7: "gYearMonth"}.get(len(source.issued), "date")),
        ),
        ("dcterms:identifier", plain(f"sha256:{source.sha256}")),
    ]
    yield from node(source.iri, ["foaf:Document"], about)


def _rights(here: str, text: Text) -> Iterator[Triple]:
    return node(here, ["dcterms:RightsStatement"], texts("rdfs:label", text))


def _period(here: str, start: str, end: str) -> Iterator[Triple]:
    if start or end:
        about: list[Fact] = [("dcat:startDate", day(start)), ("dcat:endDate", day(end))]
        yield from node(here, ["dcterms:PeriodOfTime"], about)
