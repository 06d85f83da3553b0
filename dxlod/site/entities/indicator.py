"""The page of an indicator: its values as a chart and as a table, as printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dxlod.namespaces import DXO
from dxlod.site.chart import Chart, Datum, draw
from dxlod.site.entities.figures import VALUES, Figure, kpi_of
from dxlod.site.entities.look import Look, Section
from dxlod.site.entities.sayings import Sayings
from dxlod.site.iris import RDFS
from dxlod.site.structured import json_ld

__all__ = ["SECTION", "indicator_facts"]


def indicator_facts(look: Look) -> Mapping[str, object]:
    """Values with their lines, chart, direction, unit, what has the indicator, and others of its kind."""
    things, iri = look.things, look.iri
    things.follow([iri], *VALUES, named=False)
    kpi = kpi_of(things, iri)
    owners = things.name(look.reader.subjects(DXO.hasIndicator, iri))
    holders = owners + [above for owner in owners for above in look.reader.subjects(DXO.hasAction, owner)]
    holders = things.name(holders)
    topics = Sayings(things.some(holders, DXO.topic))
    things.locate(item.iri for item in kpi.figures)
    return {
        "kpi": kpi,
        "chart": _chart(look, kpi.figures),
        "mixed": len({item.unit for item in kpi.figures if item.number is not None}) > 1,
        "unit": things.iri(iri, DXO.unit),
        "unit_label": things.text(iri, DXO.unitLabel),
        "owners": holders,
        "edition": things.iri(iri, DXO.inEdition),
        "topics": things.name(topic for owner in holders for topic in topics.iris(owner, DXO.topic)),
        "gaps": things.gaps(iri),
        "year_unknown": {item.iri: DXO.fiscalYear in things.gaps(item.iri) for item in kpi.figures},
        "value_lines": {item.iri: things.lines(item.iri) for item in kpi.figures},
        "siblings": _siblings(look, owners),
        "json_ld": json_ld([_node(look, item) for item in kpi.figures if item.number is not None]),
    }


def _chart(look: Look, figures: Sequence[Figure]) -> Chart | None:
    """The chart; none where the values are of several units, which no axis can show."""
    if len({item.unit for item in figures if item.number is not None}) > 1:
        return None
    return draw([_datum(look, item) for item in figures])


def _datum(look: Look, item: Figure) -> Datum:
    status = look.translate(f"rich.value_{item.status}") if item.status in ("none", "unknown") else item.text
    year = item.year or look.translate("rich.undated")
    text = item.text if item.number is not None else str(status)
    return Datum(str(year), item.kind, item.year, item.number, text, item.status)


def _siblings(look: Look, owners: Sequence[str]) -> list[str]:
    """The other indicators of what has this one."""
    things = look.things
    held = Sayings(things.some(owners, DXO.hasIndicator))
    found = things.in_order(iri for owner in owners for iri in held.iris(owner, DXO.hasIndicator))
    return [iri for iri in found if iri != look.iri]


def _node(look: Look, item: Figure) -> dict[str, object]:
    """A value in schema.org. Targets are nothing observed, so it is a PropertyValue and no Observation."""
    unit = look.things.text(look.iri, DXO.unitLabel)
    label = look.things.text(look.iri, f"{RDFS}label", look.view.lang)
    year = f" {item.year}" if item.year else ""
    return {
        "@type": "PropertyValue",
        "@id": item.iri,
        "name": f"{label} ({look.translate(f'rich.kind_{item.kind}')}{year})",
        "value": float(item.number or 0),
        **({"unitText": unit} if unit else {}),
        "description": item.text,
    }


SECTION = Section(
    DXO.Indicator,
    "entities/indicator.html",
    indicator_facts,
    frozenset(
        (
            f"{RDFS}label",
            DXO.inEdition,
            DXO.printedNumber,
            DXO.baseline,
            DXO.target,
            DXO.actual,
            DXO.indicatorValue,
            DXO.unit,
            DXO.unitLabel,
            DXO.desiredDirection,
            DXO.directionInferred,
            DXO.accumulation,
            DXO.unknown,
            DXO.statedNone,
            DXO.englishLabelStatus,
        )
    ),
)
