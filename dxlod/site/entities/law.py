"""The pages of a law, an ordinance or another cited work, and of a provision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dxlod.namespaces import DXO
from dxlod.site.entities.look import Look, Section
from dxlod.site.entities.things import Things, first
from dxlod.site.iris import ELI, RDFS, SKOS, local_name
from dxlod.site.pages.example import Lines

__all__ = ["LAW", "PROVISION", "WORK", "Cite", "Provision", "law_facts", "provision_facts"]

_CREATOR = "http://purl.org/dc/elements/1.1/creator"
_PAGE = "http://xmlns.com/foaf/0.1/page"
_DEEPEST = 6


@dataclass(frozen=True)
class Provision:
    """A provision: what rests on it, and the provisions within it."""

    iri: str
    as_of: str
    users: Sequence[str]
    parts: Sequence[Provision]

    @property
    def rests(self) -> int:
        """How many things rest on it or on what is within it."""
        return len(self.users) + sum(part.rests for part in self.parts)


@dataclass(frozen=True)
class Cite:
    """One place where a plan names a work: what names it, in which words, where."""

    node: str
    element: str
    edition: str
    text: str
    lines: Sequence[Lines]


def law_facts(look: Look) -> Mapping[str, object]:
    """Names and number, link to the text in force, provisions with what rests on them, and who only names it."""
    things, iri = look.things, look.iri
    provisions = [_provision(look, part, 1) for part in _parts(look, iri)]
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
        "direct": things.read(look.reader.subjects(DXO.legalBasis, iri)),
        "upper_of": things.read(look.reader.subjects(DXO.upperPlan, iri)),
        "cites": cites_of(look, iri),
    }


def provision_facts(look: Look) -> Mapping[str, object]:
    """The law it is of, as of when it is cited, what rests on it, what is within it, what names it."""
    things, iri = look.things, look.iri
    whole, law = [iri], ""
    while (above := things.iri(whole[-1], f"{ELI}is_part_of")) and above not in whole:
        whole.append(above)
        law = above
    found = _provision(look, iri, 1)
    return {
        "law": law,
        "above": [item for item in whole[1:] if item != law],
        "as_of": things.text(iri, DXO.citedAsOf),
        "number": things.text(iri, f"{ELI}number"),
        "text_url": things.iri(law, _PAGE) if law else "",
        "provision": found,
        "cites": [cite for cite in cites_of(look, iri) if cite.text],
        "neighbours": [item for item in _parts(look, things.iri(iri, f"{ELI}is_part_of")) if item != iri],
    }


def _parts(look: Look, iri: str) -> list[str]:
    return look.things.read(look.reader.subjects(f"{ELI}is_part_of", iri)) if iri else []


def _provision(look: Look, iri: str, depth: int) -> Provision:
    parts = [_provision(look, part, depth + 1) for part in _parts(look, iri)] if depth < _DEEPEST else []
    users = look.things.read(look.reader.subjects(DXO.legalBasis, iri))
    return Provision(iri, look.things.text(iri, DXO.citedAsOf), users, parts)


def cites_of(look: Look, work: str) -> list[Cite]:
    """Every place where a plan names the work, without those where something rests on it."""
    things = look.things
    nodes = things.read(look.reader.subjects(DXO.citedResource, work))
    return [_cite(things, node) for node in nodes if not _is_basis(things, node)]


def _is_basis(things: Things, node: str) -> bool:
    element = first(things.iris(node, DXO.citingElement))
    work = things.iri(node, DXO.citedResource)
    return bool(element) and work in things.iris(element, DXO.legalBasis)


def _cite(things: Things, node: str) -> Cite:
    return Cite(
        node,
        things.iri(node, DXO.citingElement),
        things.iri(node, DXO.inEdition),
        things.text(node, DXO.citationText),
        things.lines(node),
    )


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
