"""Changes in people's words: what a class is called, and how many of it came, went and changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dxlod.release.subjects import Change, What
from dxlod.release.terms import RDF_TYPE, Quad, iri_of, is_iri, literal_parts

__all__ = [
    "FIRST",
    "Counts",
    "KindCount",
    "Names",
    "Text",
    "counts_of",
    "kind_counts",
    "kind_names",
    "name_of",
    "rank",
    "summary",
]

_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_MOST = 6
_WHATS: tuple[What, ...] = ("came", "went", "changed")


class Text(NamedTuple):
    """A text in Japanese and English."""

    ja: str
    en: str


Names = Mapping[str, Text]
"""Names of classes by IRI."""

FIRST = Text("最初の公開です。", "The first publication.")
_NOTHING = Text("変わったところはありません。", "Nothing changed.")
_JA = {"came": "追加", "went": "削除", "changed": "変更"}
_EN = {"came": "added", "went": "removed", "changed": "changed"}

_NAMES = {
    "": Text("その他", "other thing"),
    "http://data.europa.eu/eli/ontology#LegalResource": Text("法令", "law"),
    "http://purl.org/linked-data/cube#DataSet": Text("統計データ", "statistical data set"),
    "http://purl.org/linked-data/cube#Observation": Text("統計の値", "statistical value"),
    "http://qudt.org/schema/qudt/Unit": Text("単位", "unit of measure"),
    "http://www.w3.org/2004/02/skos/core#Concept": Text("コード", "code"),
    "http://www.w3.org/2004/02/skos/core#ConceptScheme": Text("コード表", "code list"),
    "http://www.w3.org/2006/time#Instant": Text("日付", "date"),
    "http://www.w3.org/ns/dcat#Dataset": Text("データセット", "data set"),
    "http://www.w3.org/ns/oa#FragmentSelector": Text("出典の行番号", "line numbers of a source"),
    "http://www.w3.org/ns/org#OrganizationalCollaboration": Text("庁内の連携組織", "joint body"),
    "http://www.w3.org/ns/org#OrganizationalUnit": Text("部署", "department"),
    "https://w3id.org/dxlod/ns#SourceFragment": Text("出典の行", "lines of a source"),
}
_PLANS = ("https://w3id.org/dxlod/ns#PlanEdition", "https://w3id.org/dxlod/ns#Plan")
_DETAILS = ("http://www.w3.org/ns/oa#FragmentSelector", "https://w3id.org/dxlod/ns#SourceFragment")


class Counts(NamedTuple):
    """How many subjects came, went and changed."""

    came: int = 0
    went: int = 0
    changed: int = 0

    def __bool__(self) -> bool:
        return any(self)


@dataclass(frozen=True)
class KindCount:
    """How many of a class, which has an IRI and a name, came, went and changed."""

    kind: str
    name: Text
    counts: Counts


def counts_of(changes: Iterable[Change]) -> Counts:
    """How many came, went and changed."""
    found = Counter(change.what for change in changes)
    return Counts(*(found[what] for what in _WHATS))


def kind_names(quads: Sequence[Quad]) -> dict[str, Text]:
    """Names of the classes of the vocabulary, from the ontology among the quads, and of others that are used."""
    classes = {
        quad.s for quad in quads if quad.p == RDF_TYPE and quad.o == "<http://www.w3.org/2002/07/owl#Class>"
    }
    texts: dict[str, dict[str, str]] = {}
    for quad in quads:
        if quad.s in classes and quad.p == _LABEL and not is_iri(quad.o):
            part = literal_parts(quad.o)
            texts.setdefault(iri_of(quad.s), {})[part.language] = part.text
    own = {
        iri: Text(found["ja"], found["en"]) for iri, found in texts.items() if {"ja", "en"} <= found.keys()
    }
    return {**own, **_NAMES}


def kind_counts(changes: Iterable[Change], names: Names) -> list[KindCount]:
    """Changes by class: plans first, then the most frequent, details of sources last."""
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(change.thing.kind, []).append(change)
    order = sorted(groups, key=lambda kind: (*rank(kind), -len(groups[kind]), kind))
    return [KindCount(kind, name_of(kind, names), counts_of(groups[kind])) for kind in order]


def rank(kind: str) -> tuple[int, int]:
    """Where a class stands among changes: a plan that goes explains all else, lines of a source say least."""
    if kind in _PLANS:
        return 0, _PLANS.index(kind)
    return (2 if kind in _DETAILS else 1), 0


def summary(kinds: Sequence[KindCount]) -> Text:
    """One sentence on what came, went and changed."""
    shown = [item for item in kinds if item.kind not in _DETAILS] or list(kinds)
    if not shown:
        return _NOTHING
    ja = [f"{item.name.ja} {'・'.join(_counted(item.counts, _JA, '{}件{}'))}" for item in shown[:_MOST]]
    en = [f"{item.name.en}: {', '.join(_counted(item.counts, _EN, '{} {}'))}" for item in shown[:_MOST]]
    more = len(shown) > _MOST
    return Text("、".join(ja) + (" ほか" if more else ""), "; ".join(en) + ("; and more" if more else ""))


def _counted(counts: Counts, words: Mapping[str, str], form: str) -> list[str]:
    return [form.format(number, words[what]) for what, number in zip(_WHATS, counts, strict=True) if number]


def name_of(kind: str, names: Names) -> Text:
    """What a class is called; the end of its IRI where nobody says."""
    local = kind.rpartition("#")[2].rpartition("/")[2]
    return names.get(kind) or Text(local, local)
