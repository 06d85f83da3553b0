"""The pages of a glossary term and of a series of plan editions."""

from __future__ import annotations

from collections.abc import Mapping

from dxlod.namespaces import DXO
from dxlod.site.entities.look import Look, Section
from dxlod.site.fold import key_of
from dxlod.site.iris import DCTERMS, PROV, RDFS, local_name

__all__ = ["SERIES", "TERM", "series_facts", "term_facts"]


def term_facts(look: Look) -> Mapping[str, object]:
    """Reading, plan, the same word in other plans, the words before and after it."""
    things, iri = look.things, look.iri
    edition = things.iri(iri, DXO.inEdition)
    terms = things.ordered(look.reader.object_iris(edition, DXO.hasGlossaryTerm)) if edition else []
    every = look.reader.instances(DXO.GlossaryTerm)
    names = look.reader.labels(every)
    own = key_of(names.get(iri, {}).get("ja", ""))
    same = [
        item for item in every if item != iri and own and key_of(names.get(item, {}).get("ja", "")) == own
    ]
    things.read(same)
    return {
        "edition": edition,
        "reading": things.text(iri, DXO.reading),
        "same": [(item, things.iri(item, DXO.inEdition)) for item in same],
        "terms": terms,
        "at": terms.index(iri) if iri in terms else -1,
    }


def series_facts(look: Look) -> Mapping[str, object]:
    """The editions of a plan with status and period."""
    things = look.things
    editions = things.follow([look.iri], DXO.edition)
    return {
        "editions": [
            (
                item,
                local_name(things.iri(item, DXO.planStatus)),
                things.text(item, f"{DCTERMS}issued"),
                things.iri(item, DXO.startFiscalYear),
                things.iri(item, DXO.endFiscalYear),
                things.iris(item, f"{PROV}wasRevisionOf"),
            )
            for item in editions
        ],
        "cities": list(dict.fromkeys(things.iri(item, f"{DCTERMS}publisher") for item in editions)),
    }


TERM = Section(
    DXO.GlossaryTerm,
    "entities/term.html",
    term_facts,
    frozenset((f"{RDFS}label", DXO.inEdition, DXO.reading)),
)
SERIES = Section(
    DXO.Plan,
    "entities/series.html",
    series_facts,
    frozenset((f"{RDFS}label", DXO.edition, DXO.englishLabelStatus)),
)
