"""Plans that nobody has made, in the shape of those that are published: as many triples as wanted, the same for a seed.

    python benchmarks/generate.py --triples 1000000 --seed 1 plans.nq

The classes and properties, and their proportions, are those of a built release: municipalities with departments and
divisions; editions of plans with policies, measures, initiatives, actions, phases by year; indicators with a baseline
and yearly targets as observations; tasks with laws and systems; citations, glossaries, and the lines of the source that
each stands in. The reference graphs (ontology, codes, topics, years, units) are this repository's own. Codes of
municipalities begin with 50 to 96, which no prefecture has, and names are put together from parts. Text differs from
plan to plan, so that a search finds what it would. N-Quads, a graph for each plan, written as they are made.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import words  # noqa: E402
from benchmarks.elements import Element, Writer  # noqa: E402
from dxlod.namespaces import DXO  # noqa: E402
from dxlod.release.reference import reference_files, reference_quads  # noqa: E402
from dxlod.settings import SHARED  # noqa: E402

__all__ = ["Made", "Place", "generate"]

BASE: Final = f"{SHARED}/id"
ORG: Final = "http://www.w3.org/ns/org#"
CUBE: Final = "http://purl.org/linked-data/cube#"
ELI: Final = "http://data.europa.eu/eli/ontology#"
PROV: Final = "http://www.w3.org/ns/prov#"
DCT: Final = "http://purl.org/dc/terms/"
LAWS: Final = (
    (
        "425AC0000000027",
        "行政手続における特定の個人を識別するための番号の利用等に関する法律",
        "My Number Act",
    ),
    ("428AC1000000103", "官民データ活用推進基本法", "Basic Act on the Use of Data"),
    ("503AC0000000035", "デジタル社会形成基本法", "Basic Act on a Digital Society"),
    ("503AC0000000040", "地方公共団体情報システムの標準化に関する法律", "Standardisation Act"),
)
ROWS: Final = 120
LINES: Final = 1_200
PREFECTURES: Final = range(50, 97)
# Triples of an initiative with all that hangs on it: what a plan is cut to when only so much is wanted.
EACH: Final = 95
FIXED: Final = 700


@dataclass(frozen=True)
class Place:
    """A municipality: its code, IRI, name, prefecture, and the IRIs of its departments and divisions."""

    code: str
    iri: str
    name: words.Pair
    prefecture: str
    departments: tuple[str, ...]
    divisions: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """A plan that was written: what queries may ask of it."""

    place: Place
    edition: str
    graph: str
    indicators: tuple[str, ...]


def generate(target: Path, wanted: int, seed: int = 1) -> tuple[int, list[Made]]:
    """Write `wanted` quads to `target`, or a few hundred more: the last plan is whole; their number and the plans."""
    with target.open("w", encoding="utf-8", buffering=1 << 20) as out:
        count, made = 0, []
        for lines in (_reference(), _laws(), list(_prefectures())):
            out.writelines(lines)
            count += len(lines)
        for number in range(wanted):
            if count >= wanted:
                break
            lines, plans = _municipality(number, seed, wanted - count, wanted // 8)
            out.writelines(lines)
            count += len(lines)
            made += plans
    return count, made


def _municipality(number: int, seed: int, room: int, largest: int) -> tuple[list[str], list[Made]]:
    rng = random.Random(f"{seed}/{number}")
    place, lines = _place(number, rng)
    plans: list[Made] = []
    for slug, ja, en in rng.sample(words.PLANS, rng.choices((1, 2, 3), (6, 3, 1))[0]):
        left = min(largest, room - len(lines))
        if plans and left < 2 * FIXED:
            break
        size = min(rng.randint(20, 110), max(4, (left - FIXED) // EACH))
        made, more = _Plan(place, slug, (ja, en), size, rng).write()
        plans.append(made)
        lines += more
    return lines, plans


def _reference() -> list[str]:
    """What this repository says of its vocabulary, codes, topics, years and units."""
    files = reference_files(ROOT / "ontology")
    return sorted({f"{quad.line}\n" for path in files for quad in reference_quads(path)})


def _laws() -> list[str]:
    writer = Writer(f"{SHARED}/graph/law")
    for law, ja, en in LAWS:
        element = writer.element(f"{BASE}/law/{law}", f"{ELI}LegalResource").label(ja, en)
        element.text(DXO.lawId, law).link(DXO.workKind, f"{BASE}/code/work-kind/law")
    table = f"{BASE}/law/{LAWS[0][0]}/asof/2024/AppdxTable_1"
    writer.element(table, DXO.LegalProvision).label("番号法別表第1").link(
        f"{ELI}is_part_of", f"{BASE}/law/{LAWS[0][0]}"
    )
    for row in range(1, ROWS + 1):
        element = writer.element(f"{table}/Row_{row}", DXO.LegalProvision).label(f"番号法別表第1の{row}の項")
        element.link(f"{ELI}is_part_of", table).text(f"{ELI}number", str(row)).text(
            f"{ELI}id_local", f"Row_{row}"
        )
        element.typed(DXO.citedAsOf, "2024", "gYear")
    return writer.lines


def _prefectures() -> Iterator[str]:
    for number in PREFECTURES:
        code = _code(number * 1000)
        writer = Writer(f"{SHARED}/graph/org/{code}")
        (ja, en), iri = _name(number * 7 + 3), f"{BASE}/lg/{code}"
        writer.element(iri, DXO.Municipality).label(f"{ja}県", f"{en} Prefecture").code(
            DXO.localGovernmentCode, code
        )
        yield from writer.lines


def _code(five: int) -> str:
    """The six digits of a municipality's code from the first five: the last is a check digit."""
    total = sum(int(digit) * weight for digit, weight in zip(f"{five:05d}", range(6, 1, -1), strict=True))
    return f"{five:05d}{(11 - total % 11) % 10}"


def _name(number: int) -> words.Pair:
    """A name of two parts, or of three where those are used up."""
    names, places = words.NAMES, words.PLACES
    first, second = names[number % len(names)], places[number // len(names) % len(places)]
    turn = number // (len(names) * len(places))
    middle = names[(number + turn) % len(names)] if turn else ("", "")
    return first[0] + middle[0] + second[0], (first[1] + middle[1] + second[1]).capitalize()


def _place(number: int, rng: random.Random) -> tuple[Place, list[str]]:
    """A municipality with its departments and their divisions, in a prefecture."""
    prefecture = PREFECTURES[number % len(PREFECTURES)]
    code, (ja, en) = _code(prefecture * 1000 + 201 + number // len(PREFECTURES)), _name(number)
    name = (f"{ja}市", f"{en} City") if rng.random() < 0.6 else (f"{ja}町", f"{en} Town")
    iri, above, writer = (
        f"{BASE}/lg/{code}",
        f"{BASE}/lg/{_code(prefecture * 1000)}",
        Writer(f"{SHARED}/graph/org/{code}"),
    )
    element = writer.element(iri, DXO.Municipality).label(*name).code(DXO.localGovernmentCode, code)
    element.link(f"{ORG}subOrganizationOf", above).text(DXO.corporateNumber, f"1000020{code}")
    departments, divisions = [], []
    for bureau in rng.sample(words.BUREAUS, rng.randint(4, 9)):
        departments.append(_unit(writer, iri, bureau, "department", (f"{ORG}unitOf", iri)))
        under = (f"{ORG}subOrganizationOf", departments[-1])
        sections = rng.sample(words.SECTIONS, rng.randint(2, 5))
        divisions += [_unit(writer, iri, section, "section", under) for section in sections]
    return Place(code, iri, name, above, tuple(departments), tuple(divisions)), writer.lines


def _unit(writer: Writer, iri: str, name: words.Pair, kind: str, above: tuple[str, str]) -> str:
    number = writer.next("unit")
    element = writer.element(f"{iri}/unit/{number}", f"{ORG}OrganizationalUnit").label(*name).link(*above)
    element.unofficial().text(f"{DCT}identifier", f"unit-{number}").typed(DXO.nameSeenIn, "2026", "gYear")
    element.link(DXO.organizationKind, f"{BASE}/code/organization-kind/{kind}")
    return element.iri


class _Plan:
    """One edition of a plan, in a graph of its own."""

    def __init__(self, place: Place, slug: str, name: words.Pair, size: int, rng: random.Random) -> None:
        self.place, self.size, self.rng, self.year = place, size, rng, rng.randint(2021, 2026)
        self.name = (f"{place.name[0]}{name[0]}", f"{place.name[1]} {name[1]}")
        path = f"{place.code}/{slug}"
        self.plan, self.edition = f"{BASE}/plan/{path}", f"{BASE}/plan/{path}/{self.year}"
        self.cube, self.graph = f"{BASE}/cube/{path}/{self.year}", f"{SHARED}/graph/plan/{path}/{self.year}"
        self.document = f"{BASE}/doc/{hashlib.sha256(self.edition.encode()).hexdigest()}"
        self.writer = Writer(self.graph, self.edition, self.document)
        self.indicators: list[str] = []
        self.marks_new = rng.random() < 0.5

    def write(self) -> tuple[Made, list[str]]:
        edition = self._edition()
        self._policies(edition)
        self._citations(edition)
        for term in self.rng.sample(words.GLOSSARY, self.rng.randint(8, 24)):
            self._element(edition, DXO.hasGlossaryTerm, "term", DXO.GlossaryTerm).label(term)
        if self.rng.random() < 0.2:
            self._tasks(edition)
        return Made(self.place, self.edition, self.graph, tuple(self.indicators)), self.writer.lines

    def _edition(self) -> Element:
        writer, last = self.writer, self.year + self.rng.randint(2, 5)
        writer.element(self.plan, DXO.Plan).label(*self.name).unofficial().link(DXO.edition, self.edition)
        document = writer.element(self.document, DXO.SourceDocument).label(self.name[0])
        document.integer(DXO.lineCount, LINES + 1).text(DXO.sha256, self.document.rpartition("/")[2])
        cube = (
            writer.element(self.cube, f"{CUBE}DataSet")
            .label(self.name[0])
            .link(f"{CUBE}structure", f"{BASE}/structure/kpi")
        )
        cube.link(DXO.inEdition, self.edition)
        edition = writer.element(self.edition, DXO.PlanEdition).unofficial()
        edition.label(f"{self.name[0]}{self.year}", f"{self.name[1]} {self.year}").link(
            f"{DCT}publisher", self.place.iri
        )
        edition.link(DXO.startFiscalYear, _year(self.year)).link(DXO.endFiscalYear, _year(last))
        edition.link(DXO.planStatus, f"{BASE}/code/plan-status/adopted").link(
            f"{PROV}wasDerivedFrom", self.document
        )
        return edition.typed(f"{DCT}issued", f"{self.year}-0{self.rng.randint(1, 9)}", "gYearMonth")

    def _policies(self, edition: Element) -> None:
        measures = self.rng.sample(words.MEASURES, self.rng.randint(6, 12))
        policies = [
            self._named(edition, DXO.hasPolicy, "policy", DXO.Policy, self.rng.choice(words.MEASURES))
            for _ in range(3)
        ]
        for number, title in enumerate(measures):
            measure = self._named(policies[number % 3], DXO.hasPart, "measure", DXO.PolicyMeasure, title)
            for _ in range(number, self.size, len(measures)):
                self._initiative(measure)

    def _element(self, above: Element, link: str, kind: str, type_: str) -> Element:
        number = self.writer.next(kind)
        element = self.writer.element(f"{self.edition}/{kind}/{number}", type_).numbered(number)
        above.link(link, element.iri)
        return element.at(self.rng.randint(1, LINES), self.rng.randint(0, 1))

    def _named(self, above: Element, link: str, kind: str, type_: str, title: words.Pair) -> Element:
        element = self._element(above, link, kind, type_).label(*title).unofficial()
        return element.text(DXO.printedNumber, element.iri.rpartition("/")[2])

    def _title(self) -> words.Pair:
        choose = self.rng.choice
        people, subject, means, deed = (
            choose(some) for some in (words.PEOPLE, words.SUBJECTS, words.MEANS, words.DEEDS)
        )
        form = self.rng.random()
        if form < 0.45:
            return (
                f"{people[0]}{subject[0]}への{means[0]}の{deed[0]}",
                f"{deed[1]} {means[1]} in {subject[1]}{people[1]}",
            )
        if form < 0.75:
            return (
                f"{means[0]}による{people[0]}{subject[0]}の{deed[0]}",
                f"{deed[1]} {subject[1]} with {means[1]}{people[1]}",
            )
        return f"{people[0]}{means[0]}の{deed[0]}", f"{deed[1]} {means[1]}{people[1]}"

    def _initiative(self, measure: Element) -> None:
        rng, title = self.rng, self._title()
        element = self._named(measure, DXO.hasInitiative, "initiative", DXO.Initiative, title)
        for topic in rng.sample(words.TOPICS, rng.choices((0, 1, 2), (1, 6, 3))[0]):
            element.link(DXO.topic, f"{BASE}/topic/{topic}")
        for unit in rng.sample(self.place.divisions, rng.choices((0, 1, 2, 3), (2, 6, 2, 1))[0]):
            element.link(DXO.responsibleUnit, unit)
        if self.marks_new:
            element.boolean(DXO.isNew, rng.random() < 0.2)
        for _ in range(rng.choices((0, 1, 2), (4, 4, 2))[0]):
            self._action(element)
        for _ in range(rng.choices((0, 1, 2), (4, 5, 1))[0]):
            self._indicator(element)

    def _action(self, initiative: Element) -> None:
        action, begin = (
            self._named(initiative, DXO.hasAction, "action", DXO.Action, self._title()),
            self.rng.randint(0, 2),
        )
        for year in range(self.year, self.year + 3):
            code, label = words.PHASES[min(4, begin + year - self.year)]
            phase = self._element(action, DXO.hasPhase, "phase", DXO.SchedulePhase).label(label)
            phase.link(DXO.fiscalYear, _year(year)).link(DXO.phase, f"{BASE}/code/phase/{code}")

    def _indicator(self, initiative: Element) -> None:
        rng, (unit, label) = self.rng, self.rng.choice(words.UNITS)
        subject, means = rng.choice(words.SUBJECTS), rng.choice(words.MEANS)
        title = (f"{subject[0]}における{means[0]}の利用（{label}）", f"Use of {means[1]} in {subject[1]}")
        element = self._named(initiative, DXO.hasIndicator, "kpi", DXO.Indicator, title).ja(
            DXO.unitLabel, label
        )
        if rng.random() < 0.9:
            element.link(DXO.unit, unit)
        if rng.random() < 0.7:
            element.link(DXO.desiredDirection, f"{BASE}/code/direction/increase").boolean(
                DXO.directionInferred, True
            )
        self.indicators.append(element.iri)
        value, step = rng.randint(1, 60), rng.randint(1, 9)
        if rng.random() < 0.85:
            self._value(element, "baseline", self.year - 1, (value, unit, label))
        for year in range(self.year, self.year + rng.choices((1, 3, 4), (2, 2, 5))[0]):
            value += step
            self._value(element, "target", year, (value, unit, label))

    def _value(self, indicator: Element, kind: str, year: int, what: tuple[int, str, str]) -> None:
        number, unit, label = what
        element = self.writer.element(f"{indicator.iri}/{kind}/FY{year}", DXO.IndicatorValue).link(
            DXO.inEdition, self.edition
        )
        indicator.link(DXO.baseline if kind == "baseline" else DXO.target, element.iri)
        element.link(DXO.indicator, indicator.iri).link(DXO.fiscalYear, _year(year)).at(
            self.rng.randint(1, LINES), 0
        )
        element.link(DXO.valueKind, f"{BASE}/code/value-kind/{kind}")
        if self.rng.random() < 0.15:
            status = self.rng.choice(("increase", "none", "text"))
            element.link(DXO.valueStatus, f"{BASE}/code/value-status/{status}").ja(
                DXO.valueText, "―" if status == "none" else "増加"
            )
            return
        shown = f"{number}.5" if number % 4 == 1 else str(number)
        element.typed(DXO.value, shown, "decimal").ja(DXO.valueText, f"{shown}{label}").link(DXO.unit, unit)
        element.kind(f"{CUBE}Observation").link(f"{CUBE}dataSet", self.cube)
        element.link(DXO.valueStatus, f"{BASE}/code/value-status/number")

    def _citations(self, edition: Element) -> None:
        for law, ja, _ in self.rng.sample(LAWS, self.rng.randint(1, 4)):
            edition.link(DXO.cites, f"{BASE}/law/{law}")
            citation = (
                self._element(edition, DXO.hasPart, "citation", DXO.Citation)
                .label(ja)
                .ja(DXO.citationText, ja)
            )
            citation.link(DXO.citedResource, f"{BASE}/law/{law}").link(DXO.citingElement, self.edition)

    def _tasks(self, edition: Element) -> None:
        systems = [
            self._element(edition, DXO.hasSystem, "system", DXO.InformationSystem)
            .label(*name)
            .unofficial()
            .iri
            for name in self.rng.sample(words.SYSTEMS, 6)
        ]
        for _ in range(min(self.size, self.rng.randint(15, 40))):
            subject = self.rng.choice(words.SUBJECTS)
            title = (f"{subject[0]}に関する事務", f"Work on {subject[1]}")
            task = self._named(edition, DXO.hasTask, "task", DXO.AdministrativeTask, title)
            row = f"{BASE}/law/{LAWS[0][0]}/asof/2024/AppdxTable_1/Row_{self.rng.randint(1, ROWS)}"
            task.link(DXO.legalBasis, row).link(DXO.usesSystem, self.rng.choice(systems))


def _year(year: int) -> str:
    return f"{BASE}/fy/{year}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes a file; prints the number of quads and plans."""
    parser = argparse.ArgumentParser(description="Write plan-like data as N-Quads.")
    parser.add_argument("target", type=Path)
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    count, made = generate(chosen.target, chosen.triples, chosen.seed)
    sys.stdout.write(
        f"{count} quads, {len(made)} plans, {len({plan.place.code for plan in made})} municipalities\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
