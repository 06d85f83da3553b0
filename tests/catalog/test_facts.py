"""What the catalogue knows, from the real tables and from changed ones."""

from __future__ import annotations

import csv
import uuid
from pathlib import Path

import pytest

from dxlod.catalog import Catalogue, DatasetFacts
from dxlod.catalog.publisher import Text
from dxlod.catalog.words import dataset_title
from dxlod.release import Release
from dxlod.table.csvfile import read_raw

from .conftest import CHANGED, FIRST, SECOND, Collect

STEMS = [
    "212016-dx-action-2025",
    "212016-it-optimization-2",
    "212075-dx-2024",
    "212130-dx-2026",
    "362018-dx-2026",
]


def of(facts: Catalogue, key: str) -> DatasetFacts:
    return next(item for item in facts.datasets if item.key == key)


def test_one_data_set_for_each_edition_and_one_for_all(published: Catalogue) -> None:
    assert [item.key for item in published.datasets] == ["all", *STEMS]
    assert [item.slug for item in published.datasets] == ["dxlod-all", *(f"dxlod-{stem}" for stem in STEMS)]
    assert [item.key for item in published.series] == [stem.rpartition("-")[0] for stem in STEMS]


def test_iris_lie_below_the_base_and_downloads_below_the_site(collected: Collect, tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "data" / "publisher.toml").read_text("utf-8")
    other = tmp_path / "publisher.toml"
    other.write_text(text.replace('site = ""', 'site = "https://www.example.jp/dx/"', 1), "utf-8")
    facts = collected(base="https://data.example.jp", publisher=other)
    dataset = of(facts, "212130-dx-2026")
    assert dataset.iri == "https://data.example.jp/id/dataset/212130-dx-2026"
    assert dataset.edition == "https://data.example.jp/id/plan/212130/dx/2026"
    assert dataset.areas[0].iri == "https://w3id.org/dxlod/id/lg/212130"
    assert all(item.iri.startswith(f"{dataset.iri}/file/") for item in dataset.distributions)
    assert all(item.url == f"https://www.example.jp/dx/{item.path}" for item in dataset.distributions)


def test_uuids_are_those_of_the_iris(published: Catalogue) -> None:
    dataset = of(published, "212130-dx-2026")
    assert dataset.uuid == "66bc2bde-32c3-5763-9900-bff79cb7e4d7"
    every = [item.uuid for item in published.datasets]
    every += [file.uuid for item in published.datasets for file in item.distributions]
    assert len(set(every)) == len(every)
    assert {uuid.UUID(item).version for item in every} == {5}


def test_every_file_below_dumps_is_offered_once(published: Catalogue, release: Release) -> None:
    offered = [file.path for item in published.datasets for file in item.distributions]
    files = [entry.path for entry in release.manifest.files if entry.path.startswith("dumps/")]
    assert sorted(offered) == sorted(path for path in files if not path.endswith("csv-metadata.json"))
    described = {file.described_by for item in published.datasets for file in item.distributions} - {""}
    assert described == {f"{published.site}/{path}" for path in files if path.endswith("csv-metadata.json")}


def test_sizes_and_digests_are_those_of_the_files(published: Catalogue, release: Release) -> None:
    for dataset in published.datasets:
        for file in dataset.distributions:
            entry = release.entry(file.path)
            assert entry is not None
            assert (file.bytes, file.sha256, file.triples) == (entry.bytes, entry.sha256, entry.triples)
            assert (release.path / file.path).stat().st_size == file.bytes


def test_what_opens_in_a_spreadsheet_comes_first(published: Catalogue) -> None:
    kinds = [
        f"{file.kind.suffix}{'.gz' if file.gzipped else ''}"
        for file in of(published, "212130-dx-2026").distributions
    ]
    assert list(dict.fromkeys(kinds)) == [
        "csv", "csv.zip", "xlsx", "ttl", "jsonld", "nt", "rdf", "trig", "nq",
        "ttl.gz", "jsonld.gz", "nt.gz", "rdf.gz", "trig.gz", "nq.gz",
    ]  # fmt: skip


def test_csv_files_are_named_by_their_tables(published: Catalogue) -> None:
    files = of(published, "212130-dx-2026").distributions
    found = next(file for file in files if file.path.endswith("/212130_initiative.csv"))
    assert (found.title.ja, found.title.en) == ("取組（CSV）", "Initiatives (CSV)")
    shared = {file.title.en for file in of(published, "all").distributions if file.kind.suffix == "csv"}
    assert "Local governments (CSV)" in shared


@pytest.mark.parametrize(
    ("key", "ja", "en"),
    [
        ("212130-dx-2026", "各務原市DX推進計画(案)の", "Kakamigahara City DX Promotion Plan (draft) as"),
        ("362018-dx-2026", "推進計画2026(素案)の", "Promotion Plan 2026 (preliminary draft) as"),
        ("212075-dx-2024", "美濃市DX推進計画の", "Mino City DX Promotion Plan as"),
    ],
)
def test_titles_show_the_status_once_and_that_the_data_are_unofficial(
    published: Catalogue, key: str, ja: str, en: str
) -> None:
    title = of(published, key).title
    assert ja in title.ja
    assert title.ja.endswith("（非公式）")
    assert en in title.en
    assert title.en.endswith("(unofficial)")


def test_a_title_that_does_not_show_the_status_is_given_it() -> None:
    plan, draft = Text("緑川市DX計画", "Midorikawa City DX Plan"), Text("素案", "preliminary draft")
    title = dataset_title(plan, draft)
    assert title.ja == "緑川市DX計画〔素案〕のリンクトオープンデータ（非公式）"
    assert title.en == "Midorikawa City DX Plan [preliminary draft] as linked open data (unofficial)"
    assert dataset_title(plan, None).en == "Midorikawa City DX Plan as linked open data (unofficial)"


def test_descriptions_say_status_and_numbers(published: Catalogue) -> None:
    text = of(published, "212130-dx-2026").description
    assert "計画の状態: 案" in text.ja
    assert "非公式のデータです" in text.ja
    assert "取組35、" in text.ja
    assert ", initiatives 35, " in text.en
    assert "Unofficial" in text.en


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        ("212075-dx-2024", "2024-01-01", "2026-03-31"),  # printed: 令和6年1月から令和8年3月
        ("212130-dx-2026", "2026-04-01", "2031-03-31"),  # fiscal years of the plan
        ("212016-it-optimization-2", "2017-04-01", "2022-03-31"),
        ("212016-dx-action-2025", "2026-04-01", "2031-03-31"),  # states none; its schedules
        ("all", "2017-04-01", "2031-03-31"),
    ],
)
def test_periods(published: Catalogue, key: str, start: str, end: str) -> None:
    assert (of(published, key).start, of(published, key).end) == (start, end)


def test_a_release_that_was_never_published_has_no_dates(collected: Collect) -> None:
    facts = collected()
    assert facts.issued == facts.modified == ""
    assert {item.issued + item.modified for item in facts.datasets} == {""}
    assert {file.modified for item in facts.datasets for file in item.distributions} == {""}
    assert {item.version for item in facts.datasets} == {"unpublished"}


def test_only_what_changed_is_dated_anew(published: Catalogue) -> None:
    changed = of(published, "212130-dx-2026")
    dates = {file.path: (file.issued, file.modified) for file in changed.distributions}
    assert dates.pop(CHANGED) == (FIRST, SECOND)
    assert dates.pop("dumps/212130-dx-2026.xlsx") == (SECOND, SECOND)
    assert set(dates.values()) == {(FIRST, FIRST)}
    assert (changed.issued, changed.modified, changed.version) == (FIRST, SECOND, SECOND)
    assert (published.issued, published.modified) == (FIRST, SECOND)


def test_a_second_edition_follows_the_first_in_the_series(collected: Collect, tables: Path) -> None:
    path = tables / "212075" / "212075_plan.csv"
    raw = read_raw(path)
    row = dict(zip(raw.header, raw.rows[0][1], strict=True))
    later = {**row, "ID": "dx-2026", "版キー": "2026", "版の名称": "第2次美濃市DX推進計画", "開始年度": "2026",
             "終了年度": "2030", "期間の始め": "", "期間の終わり": ""}  # fmt: skip
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, raw.header)
        writer.writeheader()
        writer.writerows([later, row])  # the order of the table is not that of time
    facts = collected(data=tables)
    series = next(item for item in facts.series if item.key == "212075-dx")
    old, new = of(facts, "212075-dx-2024"), of(facts, "212075-dx-2026")
    assert series.datasets == (old.iri, new.iri)
    assert (old.previous, new.previous) == ("", old.iri)
    assert (series.start, series.end) == ("2024-01-01", "2031-03-31")
    assert old.series == new.series == series.iri


def test_topics_are_named_and_the_most_frequent_comes_first(published: Catalogue) -> None:
    topics = of(published, "212130-dx-2026").topics
    assert all(topic.name.ja and topic.name.en for topic in topics)
    rows = read_raw(Path(__file__).parents[2] / "data" / "212130" / "212130_topic.csv").rows
    keys = [key for _, cells in rows for key in cells[-1].split(";")]
    assert topics[0].iri.rpartition("/")[2] in [
        key for key in keys if keys.count(key) == max(map(keys.count, keys))
    ]
