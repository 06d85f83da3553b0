"""The page of a municipality: its plans, its topics beside those of others, its departments, its identifiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dxlod.namespaces import DXO
from dxlod.site.entities.look import Look, Section
from dxlod.site.iris import DCTERMS, ELI, ORG, RDFS, local_name
from dxlod.site.pages.editions import editions
from dxlod.site.pages.topics import topic_groups
from dxlod.site.structured import json_ld

__all__ = ["SECTION", "Coverage", "Unit", "city_facts"]

MOST_CITIES = 6
"""Cities side by side; the page of all topics has the others."""
_REGISTERS = {"id.ndl.go.jp": "ndl", "sws.geonames.org": "geonames", "www.wikidata.org": "wikidata"}


@dataclass(frozen=True)
class Unit:
    """A department: kind of organization, year its name was seen, number of initiatives, departments below it."""

    iri: str
    kind: str
    seen: str
    initiatives: int
    parts: Sequence[Unit]


@dataclass(frozen=True)
class Coverage:
    """How many elements of each city's plans are on a topic."""

    iri: str
    slug: str
    counts: Mapping[str, int]


def city_facts(look: Look) -> Mapping[str, object]:
    """Plans with counts, coverage of topics by city, departments, ordinances, identifiers."""
    things, iri = look.things, look.iri
    every = editions(look.reader)
    own = [edition for edition in every if edition.city == iri]
    cities = _beside(list(dict.fromkeys(edition.city for edition in every if edition.city)), iri)
    city_of = {edition.graph: edition.city for edition in every if edition.city in cities}
    things.name([*cities, *(edition.iri for edition in own)])
    return {
        "editions": own,
        "cities": cities if own else [],
        "other_cities": len({edition.city for edition in every if edition.city}) - len(cities),
        "coverage": _coverage(look, city_of) if own else [],
        "units": _units(look, iri),
        "ordinances": things.name(look.reader.subjects(f"{ELI}passed_by", iri)),
        "above": things.iris(iri, f"{ORG}subOrganizationOf"),
        "below": things.name(_municipalities(look)),
        "code": things.text(iri, DXO.localGovernmentCode),
        "number": things.text(iri, DXO.corporateNumber),
        "certainty": things.text(iri, DXO.corporateNumberCertainty),
        "area": things.iri(iri, DXO.standardArea),
        "registers": _registers(things.iris(iri, f"{RDFS}seeAlso")),
        "json_ld": json_ld([_node(look)]),
    }


def _beside(cities: Sequence[str], own: str) -> Sequence[str]:
    """The city and those around it in the list, whose codes follow the prefectures; at most MOST_CITIES."""
    if own not in cities or len(cities) <= MOST_CITIES:
        return cities[:MOST_CITIES]
    start = max(0, min(cities.index(own) - MOST_CITIES // 2, len(cities) - MOST_CITIES))
    return cities[start : start + MOST_CITIES]


def _municipalities(look: Look) -> list[str]:
    below = look.reader.subjects(f"{ORG}subOrganizationOf", look.iri)
    return [iri for iri in below if "/unit/" not in iri]


def _registers(iris: Sequence[str]) -> list[tuple[str, str, str]]:
    """(name of the message, number there, IRI) of each register that has the municipality."""
    hosts = {iri: iri.partition("://")[2].partition("/")[0] for iri in iris}
    return [(_REGISTERS.get(host, "other"), local_name(iri), iri) for iri, host in hosts.items()]


def _coverage(look: Look, city_of: Mapping[str, str]) -> list[Coverage]:
    """Each topic with the number of elements on it by city, in the order of the national plan."""
    found: list[Coverage] = []
    for group in topic_groups(look.reader):
        for topic in group.topics:
            counts: dict[str, int] = {}
            for graph, number in topic.counts.items():
                if city := city_of.get(graph):
                    counts[city] = counts.get(city, 0) + number
            found.append(Coverage(topic.iri, topic.slug, counts))
    look.things.name(item.iri for item in found)
    return found


def _units(look: Look, owner: str) -> list[Unit]:
    """The departments directly under a body, in the order of their names' numbers."""
    things = look.things
    found = look.reader.subjects(f"{ORG}unitOf", owner) + look.reader.subjects(
        f"{ORG}subOrganizationOf", owner
    )
    return [
        Unit(
            iri,
            local_name(things.iri(iri, DXO.organizationKind)),
            things.text(iri, DXO.nameSeenIn),
            look.reader.count(DXO.responsibleUnit, iri),
            _units(look, iri),
        )
        for iri in things.read(dict.fromkeys(found))
        if "/unit/" in iri
    ]


def _node(look: Look) -> dict[str, object]:
    """The municipality with its numbers, in schema.org."""
    things, iri = look.things, look.iri
    numbers = {
        "全国地方公共団体コード": things.text(iri, DXO.localGovernmentCode),
        "法人番号": things.text(iri, DXO.corporateNumber),
    }
    return {
        "@type": "GovernmentOrganization",
        "@id": iri,
        "identifier": [
            {"@type": "PropertyValue", "propertyID": name, "value": value}
            for name, value in numbers.items()
            if value
        ],
    }


SECTION = Section(
    DXO.Municipality,
    "entities/city.html",
    city_facts,
    frozenset(
        (
            f"{RDFS}label",
            f"{RDFS}seeAlso",
            f"{ORG}subOrganizationOf",
            f"{DCTERMS}identifier",
            DXO.localGovernmentCode,
            DXO.corporateNumber,
            DXO.corporateNumberCertainty,
            DXO.standardArea,
        )
    ),
)
