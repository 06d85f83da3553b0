"""The topics, by group, with how much each plan has on them; and how national and municipal lists map to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dxlod.namespaces import DXO
from dxlod.release.terms import natural_key
from dxlod.settings import SHARED
from dxlod.site.iris import DCTERMS, SKOS
from dxlod.site.reader import SiteReader

__all__ = ["Match", "Scheme", "Topic", "TopicGroup", "schemes", "topic_groups"]

Labels = Mapping[str, str]

TOPICS = f"{SHARED}/id/topic"
_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")


@dataclass(frozen=True)
class Topic:
    """One topic: definition by language, and how many elements each edition (by the IRI of its graph) has on it."""

    iri: str
    slug: str
    labels: Labels
    definition: Labels
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Elements on the topic in all plans."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class TopicGroup:
    """A broader topic and those under it."""

    iri: str
    labels: Labels
    definition: Labels
    topics: Sequence[Topic]


@dataclass(frozen=True)
class Match:
    """An item of another list, and the topics it maps to: (kind of match, IRI, labels)."""

    iri: str
    number: str
    labels: Labels
    matches: Sequence[tuple[str, str, Labels]]


@dataclass(frozen=True)
class Scheme:
    """Another list of topics, such as that of a version of the national plan."""

    iri: str
    labels: Labels
    items: Sequence[Match]


def topic_groups(reader: SiteReader) -> list[TopicGroup]:
    """The topics by group, in the order of the national plan; counted at the first time only."""
    return reader.once("topics", lambda: _topic_groups(reader))


def _topic_groups(reader: SiteReader) -> list[TopicGroup]:
    tops = reader.subjects(f"{SKOS}topConceptOf", TOPICS)
    counts = _counts(reader)
    places = _places(reader)
    groups = [_group(reader, top, counts, places) for top in tops]
    return sorted(groups, key=lambda group: [_place(places, topic.iri) for topic in group.topics])


def _places(reader: SiteReader) -> dict[str, str]:
    """The number of each topic in the national lists: the first item that is the same or nearly so."""
    found: dict[str, str] = {}
    for scheme in schemes(reader):
        if "/topic/mic/" in scheme.iri:
            for item in scheme.items:
                for kind, target, _ in item.matches:
                    if kind in ("exactMatch", "closeMatch"):
                        found.setdefault(target, item.number)
    return found


def _place(places: Mapping[str, str], iri: str) -> tuple[tuple[tuple[str | int, ...], str], str]:
    """Sorting key: topics in no national list come last."""
    return natural_key(f"<{places.get(iri, '~')}>"), iri


def schemes(reader: SiteReader) -> list[Scheme]:
    """The other lists whose items map to the topics."""
    return reader.once("lists of topics", lambda: _schemes(reader))


def _schemes(reader: SiteReader) -> list[Scheme]:
    iris = [iri for iri in reader.instances(f"{SKOS}ConceptScheme") if iri.startswith(f"{TOPICS}/")]
    labels = reader.labels(iris)
    return [Scheme(iri, labels.get(iri, {}), _items(reader, iri)) for iri in iris]


def _group(
    reader: SiteReader, iri: str, counts: Mapping[str, Mapping[str, int]], places: Mapping[str, str]
) -> TopicGroup:
    narrower = sorted(reader.subjects(f"{SKOS}broader", iri), key=lambda item: _place(places, item))
    labels = reader.labels([iri, *narrower])
    topics = [
        Topic(
            item,
            item.rpartition("/")[2],
            labels.get(item, {}),
            _definition(reader, item),
            counts.get(item, {}),
        )
        for item in narrower
    ]
    return TopicGroup(iri, labels.get(iri, {}), _definition(reader, iri), topics)


def _definition(reader: SiteReader, iri: str) -> Labels:
    found = {lang: reader.text(iri, f"{SKOS}definition", lang) for lang in ("ja", "en")}
    return {lang: text for lang, text in found.items() if text}


def _counts(reader: SiteReader) -> dict[str, dict[str, int]]:
    """By topic and graph."""
    found: dict[str, dict[str, int]] = {}
    for topic, graph, number in reader.rows(_COUNT, (f"<{DXO.topic}>",)):
        found.setdefault(topic[1:-1], {})[graph[1:-1]] = int(number)
    return found


def _items(reader: SiteReader, scheme: str) -> list[Match]:
    members = reader.subjects(f"{SKOS}inScheme", scheme)
    pairs = {item: _matches(reader, item) for item in members}
    targets = {target for found in pairs.values() for _, target in found}
    labels = reader.labels([*members, *targets])
    return [
        Match(
            item,
            reader.text(item, f"{SKOS}notation") or reader.text(item, f"{DCTERMS}identifier") or "",
            labels.get(item, {}),
            [(kind, target, labels.get(target, {})) for kind, target in found],
        )
        for item, found in pairs.items()
    ]


def _matches(reader: SiteReader, item: str) -> list[tuple[str, str]]:
    return [(kind, target) for kind in _MATCHES for target in reader.object_iris(item, f"{SKOS}{kind}")]


_COUNT = (
    "SELECT o.text, g.text, n FROM (SELECT o, g, COUNT(DISTINCT s) n FROM quad"
    " WHERE p = (SELECT id FROM term WHERE text = ?) GROUP BY o, g) c"
    " JOIN term o ON o.id = c.o JOIN term g ON g.id = c.g"
)
