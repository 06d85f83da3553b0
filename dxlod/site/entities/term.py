"""The pages of a glossary term and of a series of plan editions."""

from __future__ import annotations

from collections.abc import Mapping

from dxlod.namespaces import DXO
from dxlod.site.entities.look import Look, Section
from dxlod.site.entities.sayings import Sayings
from dxlod.site.entities.things import Things
from dxlod.site.fold import key_of
from dxlod.site.iris import DCTERMS, PROV, RDFS, local_name
from dxlod.site.reader import SiteReader

__all__ = ["MOST_SAME", "SERIES", "TERM", "series_facts", "term_facts"]

MOST_SAME = 40
"""The same word in other plans, of how many the page tells."""


def term_facts(look: Look) -> Mapping[str, object]:
    """Reading, plan, the same word in other plans, the words before and after it."""
    things, iri = look.things, look.iri
    edition = things.iri(iri, DXO.inEdition)
    terms = look.reader.once(f"terms of {edition}", lambda: _ordered(look, edition)) if edition else []
    own = key_of(things.texts(iri, f"{RDFS}label").get("ja", ""))
    words = look.reader.once("words", lambda: _words(look.reader))
    same = [item for item in words.get(own, ()) if item != iri and own][:MOST_SAME]
    plans = Sayings(things.some(same, DXO.inEdition))
    things.name([*terms, *same, *(plan for item in same for plan in plans.iris(item, DXO.inEdition))])
    return {
        "edition": edition,
        "reading": things.text(iri, DXO.reading),
        "same": [(item, plans.iri(item, DXO.inEdition)) for item in same],
        "terms": terms,
        "at": terms.index(iri) if iri in terms else -1,
    }


def _ordered(look: Look, edition: str) -> list[str]:
    """The terms of a glossary as it prints them. Read apart, since the page shows nothing but their names."""
    return Things(look.reader).in_order(look.reader.object_iris(edition, DXO.hasGlossaryTerm))


def _words(reader: SiteReader) -> dict[str, list[str]]:
    """The terms of all glossaries by what they read alike."""
    every = reader.instances(DXO.GlossaryTerm)
    found: dict[str, list[str]] = {}
    names = reader.labels(every)
    for iri in every:
        found.setdefault(key_of(names.get(iri, {}).get("ja", "")), []).append(iri)
    return found


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
