"""From tables, files and history to the facts of the catalogue."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dxlod.catalog.facts import (
    Area,
    Catalogue,
    Count,
    DatasetFacts,
    Distribution,
    Indicator,
    Series,
    Source,
    Topic,
)
from dxlod.catalog.files import FILE_KINDS, kind_of
from dxlod.catalog.publisher import Publisher, Text
from dxlod.catalog.words import (
    WHOLE,
    dataset_description,
    dataset_title,
    file_description,
    file_title,
    keywords,
    series_description,
    whole_description,
)
from dxlod.release import FileEntry, History
from dxlod.release.editions import Edition, EditionTable, editions, tables_of_edition
from dxlod.settings import SHARED
from dxlod.table.contract import Contract
from dxlod.table.dataset import Dataset

__all__ = ["collect"]

Labels = Mapping[str, Text]
_COUNTED = (
    "policy", "policy_measure", "initiative", "action", "phase", "indicator", "indicator_value",
    "administrative_task", "information_system", "statistical_table", "legal_basis", "citation",
)  # fmt: skip
_DATED = ("indicator_value", "phase")
_SAC = "http://data.e-stat.go.jp/lod/sac/"
_GEONAMES = "https://sws.geonames.org/"
_ORDER = {kind.suffix: at for at, kind in enumerate(FILE_KINDS)}


@dataclass(frozen=True)
class _Sight:
    """What every fact is made from. `site` is where the site is reached."""

    tables: Dataset
    base: str
    site: str
    history: History
    labels: Labels
    areas: Mapping[str, Area]


def collect(
    tables: Dataset,
    publisher: Publisher,
    base: str,
    version: str,
    entries: Sequence[FileEntry],
    history: History,
    labels: Labels,
) -> Catalogue:
    """The facts of a release.

    `entries` are its files so far, of which those below `dumps/` are offered; `labels` name topics and plan statuses
    by IRI. The order is that of codes, then of plans and editions as the tables have them; the whole comes first.
    """
    site = publisher.site or base
    sight = _Sight(tables, base, site, history, labels, _areas(tables))
    files = _files_by_dataset(entries)
    found = [_dataset(edition, files.get(edition.stem, []), sight) for edition in editions(tables)]
    series, found = _series(editions(tables), found, sight)
    datasets = (_whole(found, files.get("all", []), publisher, sight), *found)
    first = min((entry.date for entry in history.earlier), default=history.date)
    agent = publisher.iri or f"{base}/id/agent/{publisher.id}"
    return Catalogue(
        f"{base}/id/catalog", base, site, agent, publisher, version, first, history.date, series, datasets
    )


def _areas(tables: Dataset) -> dict[str, Area]:
    return {row["code"]: _area(row) for row in tables.rows("municipality")}


def _area(row: Mapping[str, str]) -> Area:
    places = [f"{_SAC}{row['estat']}"] if row["estat"] else []
    places += [f"{_GEONAMES}{row['geonames']}/"] if row["geonames"] else []
    name = Text(row["name"], row["name_en"] or row["name"])
    return Area(row["code"], name, f"{SHARED}/id/lg/{row['code']}", tuple(places))


def _files_by_dataset(entries: Iterable[FileEntry]) -> dict[str, list[FileEntry]]:
    """Files below dumps/ by the key of their data set; what all plans share belongs to the whole."""
    found: dict[str, list[FileEntry]] = {}
    for entry in entries:
        folder, _, rest = entry.path.partition("/")
        if folder != "dumps":
            continue
        key = rest.split("/")[1] if rest.startswith("csv/") else rest.partition(".")[0]
        found.setdefault("all" if key == "shared" else key, []).append(entry)
    return found


def _dataset(edition: Edition, files: Sequence[FileEntry], sight: _Sight) -> DatasetFacts:
    code, row = edition.code, edition.row
    own = {item.table.name: item for item in tables_of_edition(sight.tables, edition)}
    area = sight.areas.get(code) or Area(
        code, Text(row["municipality"], row["municipality"]), f"{SHARED}/id/lg/{code}", ()
    )
    iri = f"{sight.base}/id/dataset/{edition.stem}"
    plan = Text(row["title"], _english(own, "plan") or row["title"])
    status = sight.labels.get(
        f"{SHARED}/id/code/plan-status/{row['status']}", Text(row["status"], row["status"])
    )
    shown = status if row["status"] in ("draft", "preliminary-draft") else None
    counts = _counts(own, sight.tables.contract)
    topics = _topics(own, sight.labels)
    start, end = _period(row, own)
    distributions = _distributions(iri, edition.stem, files, sight)
    issued, modified = _dates(distributions)
    return DatasetFacts(
        iri=iri,
        key=edition.stem,
        slug=f"dxlod-{edition.stem}",
        title=dataset_title(plan, shown),
        description=dataset_description(plan, status, area.name, counts),
        title_of_plan=plan,
        keywords=keywords(area.name, topics),
        topics=topics,
        areas=(area,),
        series="",
        edition=f"{sight.base}/id/plan/{edition.path}",
        graph=f"{sight.base}/graph/plan/{edition.path}",
        previous="",
        status=status,
        start=start,
        end=end,
        issued=issued,
        modified=modified,
        version=modified or "unpublished",
        landing=f"{sight.site}/doc/dataset/{edition.stem}",
        sources=_sources(own, sight.base),
        counts=counts,
        indicators=_indicators(own, edition, sight.base),
        distributions=distributions,
    )


def _whole(
    parts: Sequence[DatasetFacts], files: Sequence[FileEntry], publisher: Publisher, sight: _Sight
) -> DatasetFacts:
    iri = f"{sight.base}/id/dataset/all"
    distributions = _distributions(iri, "all", files, sight)
    issued, modified = _dates(distributions)
    topics = tuple({topic.iri: topic for part in parts for topic in part.topics}.values())
    totals: Counter[tuple[str, Text]] = Counter()
    for part in parts:
        totals.update({(count.table, count.name): count.rows for count in part.counts})
    counts = tuple(
        Count(table, name, rows)
        for (table, name), rows in sorted(totals.items(), key=lambda item: _COUNTED.index(item[0][0]))
    )
    areas = tuple({area.code: area for part in parts for area in part.areas}.values())
    return DatasetFacts(
        iri=iri,
        key="all",
        slug="dxlod-all",
        title=Text(f"{publisher.title.ja}: 全体", f"{publisher.title.en}: the whole"),
        description=whole_description(parts, counts),
        title_of_plan=WHOLE,
        keywords=keywords(None, topics),
        topics=topics,
        areas=areas,
        series="",
        edition="",
        graph="",
        previous="",
        status=Text("", ""),
        start=min((part.start for part in parts if part.start), default=""),
        end=max((part.end for part in parts if part.end), default=""),
        issued=issued,
        modified=modified,
        version=modified or "unpublished",
        landing=f"{sight.site}/downloads",
        sources=tuple({source.iri: source for part in parts for source in part.sources}.values()),
        counts=counts,
        indicators=(),
        distributions=distributions,
    )


def _series(
    found: Sequence[Edition], datasets: Sequence[DatasetFacts], sight: _Sight
) -> tuple[tuple[Series, ...], list[DatasetFacts]]:
    """The plans, and the data sets with the plan and the edition before filled in."""
    linked: dict[str, DatasetFacts] = {}
    plans: dict[tuple[str, str], list[tuple[Edition, DatasetFacts]]] = {}
    for edition, dataset in zip(found, datasets, strict=True):
        plans.setdefault((edition.code, edition.plan), []).append((edition, dataset))
    series = []
    for (code, plan), members in plans.items():
        members.sort(key=lambda pair: (pair[1].start or "9999", pair[0].row["issued"], pair[0].edition))
        item = _one_series(code, plan, members, sight)
        series.append(item)
        before = ""
        for _, dataset in members:
            linked[dataset.iri] = replace(dataset, series=item.iri, previous=before)
            before = dataset.iri
    return tuple(series), [linked[dataset.iri] for dataset in datasets]


def _one_series(
    code: str, plan: str, members: Sequence[tuple[Edition, DatasetFacts]], sight: _Sight
) -> Series:
    last, dataset = members[-1]
    own = {item.table.name: item for item in tables_of_edition(sight.tables, last)}
    title = Text(last.row["plan_title"], _english(own, "plan_title") or last.row["plan_title"])
    return Series(
        iri=f"{sight.base}/id/dataset-series/{code}-{plan}",
        key=f"{code}-{plan}",
        slug=f"dxlod-{code}-{plan}",
        title=title,
        description=series_description(title, len(members)),
        plan=f"{sight.base}/id/plan/{code}/{plan}",
        area=dataset.areas[0],
        start=min((item.start for _, item in members if item.start), default=""),
        end=max((item.end for _, item in members if item.end), default=""),
        issued=min((item.issued for _, item in members if item.issued), default=""),
        modified=max((item.modified for _, item in members if item.modified), default=""),
        datasets=tuple(item.iri for _, item in members),
    )


def _english(own: Mapping[str, EditionTable], table: str) -> str:
    rows = own["english"].rows if "english" in own else ()
    return next((row["english"] for row in rows if row["table"] == table), "")


def _counts(own: Mapping[str, EditionTable], contract: Contract) -> tuple[Count, ...]:
    return tuple(
        Count(name, Text(contract[name].ja, contract[name].en), len(own[name].rows))
        for name in _COUNTED
        if name in own
    )


def _topics(own: Mapping[str, EditionTable], labels: Labels) -> tuple[Topic, ...]:
    """The topics of an edition's elements, the most frequent first."""
    rows = own["topic"].rows if "topic" in own else ()
    found = Counter(key for row in rows for key in row["topics"].split(";") if key)
    iris = [
        f"{SHARED}/id/topic/{key}" for key, _ in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    ]
    return tuple(Topic(iri, labels[iri]) for iri in iris if iri in labels)


def _sources(own: Mapping[str, EditionTable], base: str) -> tuple[Source, ...]:
    rows = own["source"].rows if "source" in own else ()
    return tuple(
        Source(
            f"{base}/id/doc/{row['sha256']}",
            row["title"],
            row["publisher"],
            row["issued"],
            row["sha256"],
            row["rights"],
        )
        for row in rows
    )


def _indicators(own: Mapping[str, EditionTable], edition: Edition, base: str) -> tuple[Indicator, ...]:
    rows = own["indicator"].rows if "indicator" in own else ()
    start = f"{base}/id/plan/{edition.path}/kpi/"
    return tuple(Indicator(f"{start}{row['key']}", row["name"], row["unit"]) for row in rows)


def _period(row: Mapping[str, str], own: Mapping[str, EditionTable]) -> tuple[str, str]:
    """First and last day that an edition speaks of.

    The period as printed; else its fiscal years; else, for a plan that states none, from the first to the last fiscal
    year of its schedules and figures. A month printed as a bound counts from its first, or to its last, day.
    """
    start, end = _first_day(row["period_start"]), _last_day(row["period_end"])
    start = start or _year_start(row["start_fy"])
    end = end or _year_end(row["end_fy"])
    if start or end:
        return start, end
    years = sorted(
        item["fiscal_year"]
        for name in _DATED
        if name in own
        for item in own[name].rows
        if item["fiscal_year"]
    )
    return (_year_start(years[0]), _year_end(years[-1])) if years else ("", "")


def _first_day(text: str) -> str:
    return {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text)


def _last_day(text: str) -> str:
    if len(text) == 7:
        year, month = int(text[:4]), int(text[5:])
        following = date(year + month // 12, month % 12 + 1, 1)
        return (following - timedelta(days=1)).isoformat()
    return f"{text}-12-31" if len(text) == 4 else text


def _year_start(fiscal_year: str) -> str:
    """A Japanese fiscal year begins on 1 April."""
    return f"{fiscal_year}-04-01" if fiscal_year else ""


def _year_end(fiscal_year: str) -> str:
    return f"{int(fiscal_year) + 1}-03-31" if fiscal_year else ""


def _distributions(
    dataset: str, key: str, files: Sequence[FileEntry], sight: _Sight
) -> tuple[Distribution, ...]:
    """The files that are a form of the data, those for spreadsheets first."""
    described = {
        entry.path.rpartition("/")[0] for entry in files if entry.path.endswith("/csv-metadata.json")
    }
    contract = sight.tables.contract
    found = []
    for entry in files:
        known = kind_of(entry.path)
        if known is None:
            continue
        kind, gzipped = known
        folder, _, name = entry.path.rpartition("/")
        table = contract.tables.get(re.sub(r"^[0-9]{6}_|\.csv$", "", name)) if kind.suffix == "csv" else None
        table_name = Text(table.ja, table.en) if table else None
        local = name.removeprefix(f"{key}.") if folder == "dumps" else name
        found.append(
            Distribution(
                iri=f"{dataset}/file/{local.replace('.', '-')}",
                path=entry.path,
                url=f"{sight.site}/{entry.path}",
                title=file_title(kind, gzipped, table_name),
                description=file_description(kind, gzipped, table_name, entry.triples),
                kind=kind,
                gzipped=gzipped,
                bytes=entry.bytes,
                sha256=entry.sha256,
                triples=entry.triples,
                issued=sight.history.issued(entry.path),
                modified=sight.history.modified(entry.path, entry.sha256),
                described_by=f"{sight.site}/{folder}/csv-metadata.json" if folder in described else "",
                turn=_turn(sight.history, entry),
            )
        )
    return tuple(sorted(found, key=lambda item: (item.gzipped, _ORDER[item.kind.suffix], item.path)))


def _turn(history: History, entry: FileEntry) -> int:
    """How many publications of the day of its last change came before that: one day may see several."""
    day = history.modified(entry.path, entry.sha256)
    same_day = [earlier.files.get(entry.path) for earlier in history.earlier if earlier.date == day]
    return max((at for at, sha256 in enumerate(same_day, 1) if sha256 != entry.sha256), default=0)


def _dates(distributions: Sequence[Distribution]) -> tuple[str, str]:
    """Since when there are files, and when one last changed."""
    issued = min((item.issued for item in distributions if item.issued), default="")
    return issued, max((item.modified for item in distributions if item.modified), default="")
