from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from site_corpus import corpus, iri, names, write

from dxlod.errors import StoreError
from dxlod.release.terms import RDF_TYPE, Triple
from dxlod.site.index import write_index
from dxlod.site.reader import SiteReader

INITIATIVE = iri("id:plan/212016/dx/2025/initiative/1")
KPI = iri("id:plan/212016/dx/2025/kpi/1")
POLICY = iri("id:plan/212016/dx/2025/policy/1")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteReader]:
    folder = tmp_path_factory.mktemp("reader")
    write_index(write(folder / "all.nq", corpus()), folder / "site.sqlite")
    opened = SiteReader.open(folder / "site.sqlite")
    yield opened
    opened.close()


def test_everything_said_of_a_thing(reader: SiteReader) -> None:
    triples = reader.describe(iri("id:lg/212016"))
    assert len(triples) == 3
    assert Triple(f"<{iri('id:lg/212016')}>", RDF_TYPE, f"<{iri('dxo:Municipality')}>") in triples
    assert Triple(f"<{iri('id:lg/212016')}>", f"<{iri('rdfs:label')}>", '"岐阜市"@ja') in triples


def test_objects_come_in_natural_order(reader: SiteReader) -> None:
    found = reader.object_iris(POLICY, iri("dxo:hasInitiative"))
    assert [one.rpartition("/")[2] for one in found] == ["1", "2", "10"]
    assert reader.objects(INITIATIVE, iri("dxo:printedNumber")) == ['"1"']
    assert reader.object_iris(INITIATIVE, iri("dxo:printedNumber")) == []


@pytest.mark.parametrize(
    ("lang", "text"), [("ja", "岐阜市"), ("en", "Gifu City"), ("fr", "岐阜市"), ("", "岐阜市")]
)
def test_the_text_that_suits_the_language(reader: SiteReader, lang: str, text: str) -> None:
    assert reader.text(iri("id:lg/212016"), iri("rdfs:label"), lang) == text
    assert reader.text(iri("id:lg/212016"), iri("dxo:topic"), lang) is None


def test_subjects_in_pages(reader: SiteReader) -> None:
    edition = iri("id:plan/212016/dx/2025")
    every = reader.subjects(iri("dxo:inEdition"), edition)
    assert len(every) == 7
    pages = [reader.subjects(iri("dxo:inEdition"), edition, limit=3, offset=at) for at in (0, 3, 6, 9)]
    assert [one for page in pages for one in page] == every
    assert [len(page) for page in pages] == [3, 3, 1, 0]


def test_instances_of_all_graphs_and_of_one(reader: SiteReader) -> None:
    every = names(reader.instances(iri("dxo:PlanEdition")))
    assert every == ["plan/212016/dx/2025", "plan/212075/dx/2024"]
    one = reader.instances(iri("dxo:PlanEdition"), iri("graph:plan/212075/dx/2024"))
    assert names(one) == ["plan/212075/dx/2024"]
    assert reader.instances(iri("dxo:PlanEdition"), iri("graph:none")) == []


def test_graph_types_and_existence(reader: SiteReader) -> None:
    assert reader.graph_of(KPI) == iri("graph:plan/212016/dx/2025")
    assert reader.types(KPI) == {iri("dxo:Indicator")}
    assert reader.exists(KPI)
    nothing = iri("id:nothing")
    assert (reader.graph_of(nothing), reader.types(nothing), reader.exists(nothing)) == (None, set(), False)
    # What is only pointed at is not described.
    assert not reader.exists(iri("dxo:Indicator"))


def test_labels_of_many_things_at_once(reader: SiteReader) -> None:
    many = [iri(f"id:none/{at}") for at in range(1200)]
    found = reader.labels([*many, KPI, iri("id:topic/frontyard"), KPI])
    assert found == {
        KPI: {"ja": "申請率"},
        iri("id:topic/frontyard"): {"ja": "フロントヤード改革", "en": "Front-yard reform"},
    }


@pytest.mark.parametrize(
    ("short", "ja", "en"),
    [
        ("id:plan/212016/dx/2025/kpi/1/target/FY2026", "目標値 令和8年度 60%以上", "target FY2026 60%以上"),
        ("id:doc/abc/L3-4", "岐阜市DX計画 3–4行目", "Gifu DX Plan 2025, lines 3–4"),
        ("id:doc/abc/L3-4/selector", "岐阜市DX計画 3–4行目", "Gifu DX Plan 2025, lines 3–4"),
        ("id:doc/abc/L9-9", "岐阜市DX計画 9行目", "Gifu DX Plan 2025, line 9"),
        (
            "id:plan/212016/dx/2025/correction/1",
            "「ォンライン」→「オンライン」",
            "「ォンライン」→「オンライン」",
        ),
        ("rdf:type", "種類", "type"),
        ("id:no/such/thing", "thing", "thing"),
        ("id:law/425", "番号法", "My Number Act"),
        ("id:lg/212016/unit/1", "行政部", "行政部"),
    ],
)
def test_what_has_no_label_is_called_by_what_it_is(reader: SiteReader, short: str, ja: str, en: str) -> None:
    assert (reader.label(iri(short), "ja"), reader.label(iri(short), "en")) == (ja, en)


def test_backlinks_go_by_property_and_are_counted(reader: SiteReader) -> None:
    links = reader.backlinks(KPI, limit=10, offset=0)
    assert links == [
        (iri("dxo:hasIndicator"), INITIATIVE),
        (iri("dxo:indicator"), f"{KPI}/target/FY2026"),
    ]
    assert reader.backlink_count(KPI) == 2
    assert reader.backlinks(KPI, limit=1, offset=1) == links[1:]
    assert reader.backlinks(iri("id:none"), limit=9, offset=0) == []


def test_the_document_of_a_thing_holds_what_makes_no_sense_without_it(reader: SiteReader) -> None:
    subjects = {triple.s[1:-1].removeprefix(iri("id:")) for triple in reader.closure(INITIATIVE)}
    plan = "plan/212016/dx/2025"
    assert subjects == {f"{plan}/initiative/1", f"{plan}/phase/1", "doc/abc/L3-4", "doc/abc/L3-4/selector"}
    subjects = {triple.s[1:-1].removeprefix(iri("id:")) for triple in reader.closure(KPI)}
    assert subjects == {f"{plan}/kpi/1", f"{plan}/kpi/1/target/FY2026", "doc/abc/L9-9"}
    assert reader.closure(iri("id:none")) == []


def test_what_lies_under_a_path(reader: SiteReader) -> None:
    found = names(reader.under(iri("id:plan/212016/dx/2025/kpi/"), 10))
    assert found == ["plan/212016/dx/2025/kpi/1", "plan/212016/dx/2025/kpi/1/target/FY2026"]
    assert reader.under(iri("id:code/"), 1) == [iri("id:code/phase/trial")]


@pytest.mark.parametrize(
    "hostile",
    ["' OR 1=1 --", 'x"; DROP TABLE term; --', "%", "_", "\x00", "\ud800", "a" * 100_000, "", "<>", "?"],
)
def test_hostile_strings_find_nothing_and_break_nothing(reader: SiteReader, hostile: str) -> None:
    assert reader.describe(hostile) == []
    assert reader.closure(hostile) == []
    assert reader.objects(hostile, hostile) == []
    assert reader.subjects(hostile, hostile) == []
    assert reader.labels([hostile]) == {}
    assert reader.backlinks(hostile, limit=5, offset=0) == []
    assert reader.backlink_count(hostile) == 0
    assert reader.under(hostile, 5) in ([], reader.under("", 5))
    assert reader.exists(KPI)


def test_many_threads_read_at_once(reader: SiteReader) -> None:
    expected = reader.closure(KPI)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: (reader.closure(KPI), reader.label(KPI, "ja")), range(200)))
    assert all(one == (expected, "申請率") for one in found)


def test_a_reader_cannot_write(reader: SiteReader) -> None:
    with pytest.raises(StoreError):
        reader.rows("DELETE FROM term")
    assert reader.exists(KPI)


def test_a_file_that_is_no_index(tmp_path: Path) -> None:
    for path in (tmp_path / "none", write(tmp_path / "text", "no index"), tmp_path):
        with pytest.raises(StoreError):
            SiteReader.open(path)
    sqlite3.connect(tmp_path / "other.sqlite").close()
    with pytest.raises(StoreError):
        SiteReader.open(tmp_path / "other.sqlite")


def test_a_closed_reader_reads_no_more(tmp_path: Path) -> None:
    write_index(write(tmp_path / "all.nq", corpus()), tmp_path / "site.sqlite")
    opened = SiteReader.open(tmp_path / "site.sqlite")
    opened.close()
    with pytest.raises(StoreError):
        opened.exists(KPI)
