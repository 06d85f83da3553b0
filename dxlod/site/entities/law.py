"""The pages of a law, an ordinance or another cited work, and of a provision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from dxlod.namespaces import DXO
from dxlod.site.entities.look import Look, Section
from dxlod.site.entities.sayings import Sayings
from dxlod.site.entities.things import Things
from dxlod.site.iris import ELI, RDFS, SKOS, local_name
from dxlod.site.reader import Passage

__all__ = ["LAW", "PROVISION", "WORK", "Cite", "Provision", "law_facts", "provision_facts"]

_CREATOR = "http://purl.org/dc/elements/1.1/creator"
_PAGE = "http://xmlns.com/foaf/0.1/page"
_DEEPEST = 6
MOST_USERS, MOST_PARTS, MOST_CITES = 60, 100, 40
"""Things resting on a law that its page shows in all, provisions directly within one, and places that name it."""


@dataclass(frozen=True)
class Provision:
    """A provision: the first of the `total` things that rest on it, and the provisions within it."""

    iri: str
    as_of: str
    users: Sequence[str]
    total: int
    parts: Sequence[Provision]

    @property
    def rests(self) -> int:
        """How many things rest on it or on what is within it."""
        return self.total + sum(part.rests for part in self.parts)


@dataclass(frozen=True)
class Cite:
    """One place where a plan names a work: what names it, in which words, where."""

    node: str
    element: str
    edition: str
    text: str
    lines: Sequence[Passage]


def law_facts(look: Look) -> Mapping[str, object]:
    """Names and number, link to the text in force, provisions with what rests on them, and who only names it."""
    things, iri = look.things, look.iri
    parts = _parts(look, iri)
    shown = max(2, MOST_USERS // max(1, len(_below(look, iri))))
    provisions = [_provision(look, part, 1, shown) for part in parts]
    direct, total = _users(look, DXO.legalBasis, iri, MOST_USERS)
    upper, upper_total = _users(look, DXO.upperPlan, iri, MOST_USERS)
    return {
        "kind": local_name(things.iri(iri, DXO.workKind)),
        "kind_iri": things.iri(iri, DXO.workKind),
        "law_id": things.text(iri, DXO.lawId),
        "certainty": things.text(iri, DXO.lawIdCertainty),
        "maker": things.text(iri, _CREATOR, look.view.lang),
        "passed_by": things.iris(iri, f"{ELI}passed_by"),
        "others": [things.text(iri, f"{SKOS}altLabel")] if things.text(iri, f"{SKOS}altLabel") else [],
        "text_url": things.iri(iri, _PAGE),
        "provisions": provisions,
        "direct": direct,
        "direct_total": total,
        "upper_of": upper,
        "upper_total": upper_total,
        **cites_of(look, iri),
    }


def provision_facts(look: Look) -> Mapping[str, object]:
    """The law it is of, as of when it is cited, what rests on it, what is within it, what names it."""
    things, iri = look.things, look.iri
    whole, law = [iri], ""
    while (above := things.iri(whole[-1], f"{ELI}is_part_of")) and above not in whole:
        whole.append(above)
        law = above
    found = _provision(look, iri, 1, MOST_USERS)
    return {
        "law": law,
        "above": [item for item in whole[1:] if item != law],
        "as_of": things.text(iri, DXO.citedAsOf),
        "number": things.text(iri, f"{ELI}number"),
        "text_url": things.iri(law, _PAGE) if law else "",
        "provision": found,
        **_worded(cites_of(look, iri)),
        "neighbours": things.name(item for item in _within(look, whole[1:2]) if item != iri),
    }


def _users(look: Look, predicate: str, iri: str, most: int) -> tuple[list[str], int]:
    """The first things that have this one for a property, and how many there are."""
    users = look.things.name(look.reader.subjects(predicate, iri, limit=most))
    if len(users) < most:
        return users, len(users)
    return users, look.reader.once(f"{predicate} {iri}", lambda: look.reader.count(predicate, iri))


def _parts(look: Look, iri: str) -> list[str]:
    """The provisions directly within a law or provision, at most MOST_PARTS."""
    return look.things.read(_within(look, [iri]))


def _within(look: Look, wholes: Sequence[str]) -> list[str]:
    return [
        iri for whole in wholes for iri in look.reader.subjects(f"{ELI}is_part_of", whole, limit=MOST_PARTS)
    ]


def _below(look: Look, iri: str) -> list[str]:
    """All provisions within, at any depth; at most those that the page shows."""
    found, level = [], [iri]
    for _ in range(_DEEPEST):
        level = [part for item in level for part in _parts(look, item)]
        found += level
    return found


def _provision(look: Look, iri: str, depth: int, shown: int) -> Provision:
    below = _parts(look, iri) if depth < _DEEPEST else []
    few = max(2, shown // max(1, len(below))) if depth == 1 and shown == MOST_USERS else shown
    parts = [_provision(look, part, depth + 1, few) for part in below]
    users, total = _users(look, DXO.legalBasis, iri, shown)
    return Provision(iri, look.things.text(iri, DXO.citedAsOf), users, total, parts)


def cites_of(look: Look, work: str) -> Mapping[str, object]:
    """The first places where plans name the work, without those where something rests on it; and how many there are."""
    things = look.things
    parameters = (
        f"<{work}>",
        *(f"<{name}>" for name in (DXO.citedResource, DXO.citingElement, DXO.legalBasis)),
    )
    nodes = [
        row[0][1:-1] for row in look.reader.rows(f"{_CITES} ORDER BY q.s LIMIT {MOST_CITES}", parameters)
    ]
    total = len(nodes)
    if total == MOST_CITES:
        total = look.reader.once(f"places {work}", lambda: _count(look, parameters))
    things.locate(nodes)
    said = Sayings(things.some(nodes, DXO.citingElement, DXO.inEdition, DXO.citationText))
    return {"cites": [_cite(things, said, node) for node in nodes], "cites_total": total}


def _count(look: Look, parameters: Sequence[str]) -> int:
    return int(look.reader.rows(f"SELECT COUNT(*) FROM ({_CITES})", parameters)[0][0])


def _worded(found: Mapping[str, object]) -> Mapping[str, object]:
    """Those places that have words of their own."""
    every = cast(Sequence[Cite], found["cites"])
    cites = [cite for cite in every if cite.text]
    return {"cites": cites, "cites_total": cast(int, found["cites_total"]) - len(every) + len(cites)}


_CITES = (
    "SELECT DISTINCT t.text FROM quad q JOIN term t ON t.id = q.s"
    " WHERE q.o = (SELECT id FROM term WHERE text = ?1) AND q.p = (SELECT id FROM term WHERE text = ?2)"
    " AND NOT EXISTS (SELECT 1 FROM quad e JOIN quad b ON b.s = e.o AND b.o = q.o"
    " AND b.p = (SELECT id FROM term WHERE text = ?4)"
    " WHERE e.s = q.s AND e.p = (SELECT id FROM term WHERE text = ?3))"
)


def _cite(things: Things, said: Sayings, node: str) -> Cite:
    element, edition = said.iri(node, DXO.citingElement), said.iri(node, DXO.inEdition)
    things.name(iri for iri in (element, edition) if iri)
    return Cite(node, element, edition, said.text(node, DXO.citationText), things.lines(node))


_SHOWN = frozenset(
    (
        f"{RDFS}label",
        f"{SKOS}altLabel",
        _CREATOR,
        f"{ELI}passed_by",
        f"{ELI}id_local",
        f"{ELI}is_part_of",
        f"{ELI}number",
        DXO.lawId,
        DXO.lawIdCertainty,
        DXO.workKind,
        DXO.citedAsOf,
        DXO.englishLabelStatus,
        _PAGE,
    )
)
LAW = Section(f"{ELI}LegalResource", "entities/law.html", law_facts, _SHOWN)
WORK = Section(DXO.CitedWork, "entities/law.html", law_facts, _SHOWN)
PROVISION = Section(DXO.LegalProvision, "entities/provision.html", provision_facts, _SHOWN)
