"""The vocabulary as a page shows it: the ontology's triples and what a release says of their use in, facts out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dxlod.namespaces import DXO, ONTOLOGY
from dxlod.release.terms import RDF_TYPE, Triple, is_iri, literal_parts
from dxlod.site.iris import DCTERMS, OWL, RDFS, SKOS

__all__ = ["Metadata", "Rule", "Term", "Vocabulary", "read_vocabulary"]

Texts = Mapping[str, str]
Facts = Mapping[str, Any]

_NS = f"{ONTOLOGY}#"
_VANN = "http://purl.org/vocab/vann/"
_KINDS = {
    f"{OWL}Class": "class",
    f"{RDFS}Datatype": "datatype",
    f"{OWL}ObjectProperty": "object",
    f"{OWL}DatatypeProperty": "data",
    f"{OWL}AnnotationProperty": "annotation",
}


@dataclass(frozen=True)
class Rule:
    """Something that a shape demands: its name, `Violation` or `Warning`, a SPARQL path ('' = the thing), messages."""

    name: str
    severity: str
    path: str
    messages: Texts


@dataclass(frozen=True)
class Term:
    """A class, datatype or property. `kind` is class, datatype, object, data or annotation; the rest are IRIs.

    `uses`: how often the data have it. `used_with`, for a property: (class, its things that have it, its things).
    `carries`, for a class: (property, things that have it), and `shapes` (name, violations, warnings). `example`: IRI and Turtle of one thing of the class.
    """

    iri: str
    kind: str
    labels: Texts
    definitions: Texts
    notes: Texts = field(default_factory=dict)
    supers: tuple[str, ...] = ()
    subs: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    inverses: tuple[str, ...] = ()
    see: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    deprecated: bool = False
    uses: int = 0
    used_with: tuple[tuple[str, int, int], ...] = ()
    carries: tuple[tuple[str, int], ...] = ()
    rules: tuple[Rule, ...] = ()
    shapes: tuple[tuple[str, int, int], ...] = ()
    example: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """The name of the term, which is its anchor on the page."""
        return self.iri.removeprefix(_NS)


@dataclass(frozen=True)
class Metadata:
    """What the ontology says of itself."""

    titles: Texts
    descriptions: Texts
    version: str = ""
    version_iri: str = ""
    prior: str = ""
    licence: str = ""
    prefix: str = "dxo"
    namespace: str = _NS
    creators: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """Everything on the page. `links`: (class, property, class) → triples; `schemes` as in vocabulary.json."""

    metadata: Metadata
    terms: tuple[Term, ...]
    links: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    schemes: Sequence[Facts] = ()
    shapes: Sequence[Facts] = ()

    def of(self, *kinds: str) -> tuple[Term, ...]:
        """The terms of these kinds, in the order of the ontology."""
        return tuple(term for term in self.terms if term.kind in kinds)

    @property
    def labels(self) -> Mapping[str, Texts]:
        """Labels by language, by IRI of the term."""
        return {term.iri: term.labels for term in self.terms}


class _Said:
    """Triples to look up by subject and predicate, given as IRIs."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._objects: dict[tuple[str, str], list[str]] = {}
        self._subjects: dict[tuple[str, str], list[str]] = {}
        for s, p, o in sorted(set(triples)):
            self._objects.setdefault((s[1:-1], p[1:-1]), []).append(o)
            self._subjects.setdefault((p[1:-1], o), []).append(s[1:-1])

    def iris(self, subject: str, *predicates: str) -> tuple[str, ...]:
        terms = (term for p in predicates for term in self._objects.get((subject, p), ()))
        return tuple(dict.fromkeys(term[1:-1] for term in terms if is_iri(term)))

    def texts(self, subject: str, predicate: str) -> dict[str, str]:
        terms = self._objects.get((subject, predicate), ())
        parts = [literal_parts(term) for term in terms if not is_iri(term)]
        return {part.language: part.text for part in parts}

    def text(self, subject: str, predicate: str) -> str:
        return next(iter(self.texts(subject, predicate).values()), "")

    def subjects(self, predicate: str, term: str) -> tuple[str, ...]:
        return tuple(self._subjects.get((predicate, term), ()))


def read_vocabulary(triples: Iterable[Triple], facts: Facts) -> Vocabulary:
    """The vocabulary from the ontology's triples and the content of vocabulary.json ({} when there is none)."""
    said = _Said(triples)
    usage: Facts = facts.get("usage", {})
    rules = _rules(facts.get("shapes", ()))
    shapes = _shapes(facts.get("shapes", ()))
    kinds = {
        subject: kind
        for cls, kind in _KINDS.items()
        for subject in said.subjects(RDF_TYPE[1:-1], f"<{cls}>")
        if subject.startswith(_NS)
    }
    terms = (
        replace(_term(said, iri, kind, facts), rules=rules.get(iri, ()), shapes=shapes.get(iri, ()))
        for iri, kind in kinds.items()
    )
    order = {iri: at for at, iri in enumerate(DXO)}
    return Vocabulary(
        _metadata(said),
        tuple(sorted(terms, key=lambda term: (order.get(term.iri, len(order)), term.name))),
        {(s, p, o): count for s, p, o, count in usage.get("links", ())},
        facts.get("schemes", ()),
        facts.get("shapes", ()),
    )


def _metadata(said: _Said) -> Metadata:
    return Metadata(
        titles=said.texts(ONTOLOGY, f"{DCTERMS}title") or said.texts(ONTOLOGY, f"{RDFS}label"),
        descriptions=said.texts(ONTOLOGY, f"{DCTERMS}description"),
        version=said.text(ONTOLOGY, f"{OWL}versionInfo"),
        version_iri=next(iter(said.iris(ONTOLOGY, f"{OWL}versionIRI")), ""),
        prior=next(iter(said.iris(ONTOLOGY, f"{OWL}priorVersion")), ""),
        licence=next(iter(said.iris(ONTOLOGY, f"{DCTERMS}license")), ""),
        prefix=said.text(ONTOLOGY, f"{_VANN}preferredNamespacePrefix") or "dxo",
        namespace=said.text(ONTOLOGY, f"{_VANN}preferredNamespaceUri") or _NS,
        creators=tuple(said.texts(ONTOLOGY, "http://purl.org/dc/elements/1.1/creator").values()),
    )


def _term(said: _Said, iri: str, kind: str, facts: Facts) -> Term:
    usage: Facts = facts.get("usage", {})
    example = facts.get("examples", {}).get(iri)
    upper = f"{RDFS}subClassOf" if kind == "class" else f"{RDFS}subPropertyOf"
    return Term(
        iri=iri,
        kind=kind,
        labels=said.texts(iri, f"{RDFS}label"),
        definitions=said.texts(iri, f"{SKOS}definition"),
        notes=said.texts(iri, f"{SKOS}scopeNote"),
        supers=said.iris(iri, upper),
        subs=said.subjects(upper, f"<{iri}>"),
        domains=said.iris(iri, f"{RDFS}domain"),
        ranges=said.iris(iri, f"{RDFS}range"),
        inverses=(*said.iris(iri, f"{OWL}inverseOf"), *said.subjects(f"{OWL}inverseOf", f"<{iri}>")),
        see=said.iris(iri, f"{RDFS}seeAlso", "http://purl.org/linked-data/cube#codeList"),
        replaced_by=said.iris(iri, f"{DCTERMS}isReplacedBy"),
        deprecated=said.text(iri, f"{OWL}deprecated") == "true",
        uses=sum(usage.get(group, {}).get(iri, 0) for group in ("instances", "triples", "typed")),
        used_with=_used_with(iri, usage),
        carries=_carries(iri, usage),
        example=(example["iri"], example["turtle"]) if example else None,
    )


def _used_with(iri: str, usage: Facts) -> tuple[tuple[str, int, int], ...]:
    """The classes whose things have a property, the most first."""
    instances = usage.get("instances", {})
    found = [
        (cls, counts[iri], instances[cls])
        for cls, counts in usage.get("carried", {}).items()
        if iri in counts
    ]
    return tuple(sorted(found, key=lambda item: (-item[1], item[0])))


def _carries(iri: str, usage: Facts) -> tuple[tuple[str, int], ...]:
    counts: Mapping[str, int] = usage.get("carried", {}).get(iri, {})
    return tuple((name, count) for name, count in sorted(counts.items()) if f"<{name}>" != RDF_TYPE)


def _rules(shapes: Iterable[Facts]) -> dict[str, tuple[Rule, ...]]:
    """The rules that name each term in their path or query, by severity and name; those that say the same, once."""
    found: dict[str, dict[tuple[str, str], Rule]] = {}
    for shape in shapes:
        for item in shape["constraints"]:
            name = (item["shape"] or shape["shape"]).rpartition("#")[2]
            rule = Rule(name, item["severity"], item["path"], {"ja": item["ja"], "en": item["en"]})
            for term in item["about"]:
                found.setdefault(term, {}).setdefault((rule.severity, rule.messages["en"]), rule)
    return {
        term: tuple(sorted(rules.values(), key=lambda rule: (rule.severity, rule.name)))
        for term, rules in found.items()
    }


def _shapes(shapes: Iterable[Facts]) -> dict[str, tuple[tuple[str, int, int], ...]]:
    """The shapes that look at each class: name, number of rules that are violations, and of those that warn."""
    found: dict[str, list[tuple[str, int, int]]] = {}
    for shape in shapes:
        severities = [item["severity"] for item in shape["constraints"]]
        grave = severities.count("Violation")
        for cls in shape["classes"]:
            found.setdefault(cls, []).append(
                (shape["shape"].rpartition("#")[2], grave, len(severities) - grave)
            )
    return {cls: tuple(sorted(names)) for cls, names in found.items()}
