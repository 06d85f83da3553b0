from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from site_corpus import corpus, iri, names, write

from dxlod.errors import QueryError
from dxlod.site.fold import key_of, tokens_of
from dxlod.site.index import write_index
from dxlod.site.reader import SiteReader
from dxlod.site.search import MOST, SearchPage, search

GIFU = "plan/212016/dx/2025"
MINO = "plan/212075/dx/2024"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteReader]:
    folder = tmp_path_factory.mktemp("search")
    write_index(write(folder / "all.nq", corpus()), folder / "site.sqlite")
    opened = SiteReader.open(folder / "site.sqlite")
    yield opened
    opened.close()


def found(page: SearchPage) -> list[str]:
    return names(hit.iri for hit in page.hits)


def counts(page: SearchPage, name: str) -> dict[str, int]:
    return {one.value: one.count for facet in page.facets if facet.name == name for one in facet.values}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        # The very name, then what begins so, then what has it within; a correction after initiatives.
        ("オンライン申請", [f"{GIFU}/initiative/2", f"{GIFU}/initiative/1", f"{MINO}/initiative/1"]),
        ("ｵﾝﾗｲﾝ申請", [f"{GIFU}/initiative/2", f"{GIFU}/initiative/1", f"{MINO}/initiative/1"]),
        (
            "オンライン",
            [f"{GIFU}/initiative/2", f"{GIFU}/initiative/1", f"{MINO}/initiative/1", f"{GIFU}/correction/1"],
        ),
        ("ONLINE Application", [f"{GIFU}/initiative/2", f"{GIFU}/initiative/1"]),
        ("expand", [f"{GIFU}/initiative/1"]),
        ("pplicat", [f"{GIFU}/initiative/2", f"{GIFU}/initiative/1"]),
        ("税", [f"{GIFU}/initiative/10"]),
        ("ai", [f"{GIFU}/initiative/10"]),
        ("ＡＩ", [f"{GIFU}/initiative/10"]),
        ("番号", ["law/425"]),
        ("デジタル戦略課", ["lg/212016/unit/2"]),
        ("申請 美濃市", [f"{MINO}/initiative/1"]),
        ("申請 デジタル戦略課", [f"{GIFU}/kpi/1", f"{GIFU}/initiative/1"]),
        ("誤読", [f"{GIFU}/correction/1"]),
        ("美濃市", ["lg/212075", MINO]),
    ],
)
def test_what_is_found_and_what_comes_first(reader: SiteReader, text: str, first: list[str]) -> None:
    page = search(reader, text)
    assert found(page) == first
    assert page.total == len(first)
    assert not page.loose


@pytest.mark.parametrize(
    "text", ["no such thing", "税 番号法", "_", '"', "' OR 1=1", "*", "NEAR(a b)", "\x00"]
)
def test_what_is_not_found_is_nothing(reader: SiteReader, text: str) -> None:
    assert search(reader, text).total == 0


@pytest.mark.parametrize(
    "hostile",
    [
        "\x00",
        "\x00ab",
        "own : x",
        "{own near} : 申請",
        "a AND",
        "(((",
        '""""',
        "\ud800申請",
        "^a",
        "1e999",
        "ja:*",
    ],
)
def test_hostile_questions_are_words_like_others(reader: SiteReader, hostile: str) -> None:
    assert search(reader, hostile).total in range(20)
    assert search(reader, "税").total == 1


def test_words_that_nothing_has_together_are_taken_apart(reader: SiteReader) -> None:
    assert search(reader, "市税活用オンライン").total == 0
    page = search(reader, "拡大オンライン")
    assert (found(page), page.loose) == ([f"{GIFU}/initiative/1"], True)


def test_without_a_question_everything_is_listed_with_facets(reader: SiteReader) -> None:
    page = search(reader, "", limit=MOST)
    assert found(page)[:3] == [GIFU, MINO, f"{GIFU}/policy/1"]
    assert page.total == len(page.hits)
    assert counts(page, "kind")["initiative"] == 4
    assert counts(page, "city") == {"212016": 12, "212075": 3}
    assert not {"kpi/1/target/FY2026", "phase/1"} & {name.removeprefix(f"{GIFU}/") for name in found(page)}


@pytest.mark.parametrize(
    ("facets", "expected"),
    [
        ({"topic": ["frontyard"]}, [f"{GIFU}/initiative/1", f"{MINO}/initiative/1", f"{GIFU}/kpi/1"]),
        ({"topic": [iri("id:topic/frontyard")], "city": ["212075"]}, [f"{MINO}/initiative/1"]),
        ({"city": ["212016", "212075"], "kind": ["plan"]}, [GIFU, MINO]),
        ({"year": ["2026"]}, [f"{GIFU}/initiative/1", f"{GIFU}/kpi/1"]),
        ({"year": ["2025"], "kind": ["kpi"]}, []),
        ({"phase": ["trial"]}, [f"{GIFU}/initiative/1"]),
        ({"department": ["212016/unit/2"]}, [f"{GIFU}/initiative/1", f"{GIFU}/kpi/1"]),
        ({"has_kpi": ["true"]}, [f"{GIFU}/initiative/1"]),
        ({"plan": ["212075/dx/2024"], "has_kpi": ["false"]}, [f"{MINO}/initiative/1"]),
        ({"city": ["999999"]}, []),
        ({"city": []}, None),
    ],
)
def test_facets_narrow(reader: SiteReader, facets: dict[str, list[str]], expected: list[str] | None) -> None:
    page = search(reader, "", facets=facets, limit=MOST)
    if expected is None:
        assert page.total == search(reader, "").total
    else:
        assert found(page) == expected


def test_counts_say_what_another_choice_would_leave(reader: SiteReader) -> None:
    page = search(reader, "オンライン申請", facets={"city": ["212075"]})
    assert counts(page, "city") == {"212016": 2, "212075": 1}
    assert counts(page, "topic") == {"frontyard": 1}
    assert [one.chosen for facet in page.facets if facet.name == "city" for one in facet.values] == [
        False,
        True,
    ]
    for facet in page.facets:
        for one in facet.values:
            chosen = {"city": ["212075"], facet.name: [one.value]}
            assert search(reader, "オンライン申請", facets=chosen).total == one.count, (facet.name, one.value)


def test_pages_of_hits_make_up_the_whole(reader: SiteReader) -> None:
    for text in ("", "オンライン"):
        whole = search(reader, text, limit=MOST)
        pieces = [search(reader, text, limit=3, offset=at) for at in range(0, whole.total + 3, 3)]
        assert [hit for piece in pieces for hit in piece.hits] == list(whole.hits)
        assert {piece.total for piece in pieces} == {whole.total}
    assert search(reader, "", limit=0).hits == ()


def test_a_hit_names_its_plan_and_city(reader: SiteReader) -> None:
    page = search(reader, "市税")
    (hit,) = page.hits
    assert (hit.kind, hit.names["en"]) == ("initiative", "AI for city tax")
    assert page.names[hit.plan]["ja"] == "岐阜市DX計画2025"
    assert page.names[hit.city]["en"] == "Gifu City"


@pytest.mark.parametrize(
    ("text", "facets", "limit", "offset"),
    [
        ("あ" * 201, {}, 20, 0),
        ("a " * 13, {}, 20, 0),
        ("", {"colour": ["red"]}, 20, 0),
        ("", {"has_kpi": ["maybe"]}, 20, 0),
        ("", {"kind": ["dragon"]}, 20, 0),
        ("", {"city": [str(at) for at in range(31)]}, 20, 0),
        ("", {}, MOST + 1, 0),
        ("", {}, -1, 0),
        ("", {}, 20, -1),
    ],
)
def test_what_cannot_be_asked_is_said_in_two_languages(
    reader: SiteReader, text: str, facets: dict[str, list[str]], limit: int, offset: int
) -> None:
    with pytest.raises(QueryError) as caught:
        search(reader, text, facets=facets, limit=limit, offset=offset)
    assert caught.value.ja != caught.value.en


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ｻｰﾋﾞｽ", key_of("サービス")),
        ("ＤＸ", "dx"),
        ("Wi‐Fi\x00", "wi-fi"),
        ("３つの 柱", "3つの柱"),
        ("㈱", "(株)"),
        ("デジタル・デバイド", "デジタル・デバイド"),
    ],
)
def test_folding(text: str, key: str) -> None:
    assert key_of(text) == key


def test_words_are_parted_by_any_space() -> None:
    assert tokens_of(" オンライン　申請\tＡＢ ") == ["オンライン", "申請", "ab"]
    assert tokens_of("") == []


def test_a_search_of_the_published_plans(releases: Path) -> None:
    reader = SiteReader.open(releases / "current" / "store" / "site.sqlite")
    page = search(reader, "オンライン申請")
    assert page.total > 5
    assert {hit.kind for hit in page.hits[:5]} <= {"initiative", "kpi", "measure", "policy", "topic"}
    assert all("オンライン申請" in hit.names["ja"] for hit in page.hits[:5])
    assert len(counts(page, "city")) > 1
    assert search(reader, "番号法", facets={"kind": ["law"]}).hits[0].iri.endswith("law/425AC0000000027")
    reader.close()
