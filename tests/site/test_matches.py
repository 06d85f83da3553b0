"""Searches of literals by index, beside looking at every literal: on the tables' own data and on hostile ones."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from dxlod.release import Release, open_current
from dxlod.release.terms import XSD, Literal, is_iri, literal, literal_parts, parse_quads
from dxlod.settings import Settings
from dxlod.site.fold import key_of
from dxlod.site.index import write_index
from dxlod.site.matches import Match, find_matches, is_used
from dxlod.site.place import open_index
from dxlod.site.reader import SiteReader
from dxlod.store import OxigraphEngine, Rows, open_engine

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
ALL = 1_000_000
GRAPH = "<http://e/graph>"
_CHARACTERS = "aAbBéÉßıİſ\"*()^:-+\\'%_ \u3000\t\n\u200b\u0301\u3099かガｶﾞ゛々ー−–～㍿①ﬁ𠮷😀\U000e0100"


@pytest.fixture(scope="module")
def release(releases: Path) -> Release:
    return open_current(Settings.load({}, releases=releases))


@pytest.fixture(scope="module")
def reader(release: Release) -> Iterator[SiteReader]:
    opened = open_index(release)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def engine(release: Release) -> OxigraphEngine:
    return open_engine(release, Settings.load({}))


@pytest.fixture(scope="module")
def triples(release: Release) -> dict[str, set[tuple[str, str]]]:
    """For each literal that is text, who has it and by which property."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    with release.quads.open(encoding="utf-8") as lines:
        for quad in parse_quads(lines):
            if not is_iri(quad.o) and literal_parts(quad.o).datatype in ("", f"{XSD}string"):
                found[quad.o].add((quad.s, quad.p))
    return found


def substrings(texts: Sequence[str], count: int, rng: random.Random) -> Iterator[str]:
    """Pieces of texts, from one character to whole ones."""
    for _ in range(count):
        text = rng.choice(texts)
        start = rng.randrange(len(text))
        yield text[start : start + rng.choice((1, 1, 2, 2, 3, 4, 5, 8, 20, 500))]


@pytest.fixture(scope="module")
def folded(triples: dict[str, set[tuple[str, str]]]) -> dict[str, str]:
    return {term: key_of(literal_parts(term).text) for term in triples}


def test_the_same_as_looking_at_every_literal(
    reader: SiteReader, triples: dict[str, set[tuple[str, str]]], folded: dict[str, str]
) -> None:
    texts = sorted({literal_parts(term).text for term in triples})
    for text in substrings(texts, 150, random.Random(1)):
        key = key_of(text)
        literals = [term for term, own in folded.items() if key and key in own]
        found = find_matches(reader, text, most=ALL)
        assert len(set(found)) == len(found)
        assert set(found) == {Match(s, p, term) for term in literals for s, p in triples[term]}, text


def test_all_that_contains_finds_and_nothing_that_folding_does_not_explain(
    reader: SiteReader, engine: OxigraphEngine, triples: dict[str, set[tuple[str, str]]]
) -> None:
    texts = sorted({literal_parts(term).text for term in triples})
    for text in substrings(texts, 40, random.Random(2)):
        if not key_of(text) or key_of(text[0]) == "" or key_of(text) not in key_of(f"x{text}x"):
            continue
        found = {(m.thing, m.property, m.literal) for m in find_matches(reader, text, most=ALL)}
        filtered = contained(engine, text)
        assert filtered <= found, text
        for _, _, term in found - filtered:
            own = literal_parts(term).text
            assert text.lower() not in own.lower()
            assert key_of(text) in key_of(own)


def contained(engine: OxigraphEngine, text: str) -> set[tuple[str, str, str]]:
    """What FILTER(CONTAINS(…)) finds, without regard to case."""
    query = (
        f"SELECT DISTINCT ?s ?p ?o {{ ?s ?p ?o FILTER(CONTAINS(LCASE(?o), LCASE({literal(text)}))"
        " && (DATATYPE(?o) = <http://www.w3.org/2001/XMLSchema#string> || LANG(?o) != '')) }"
    )
    return set(terms(engine.select(query)))


def terms(rows: Rows) -> Iterator[tuple[str, str, str]]:
    for s, p, o in rows.rows:
        assert s is not None
        assert p is not None
        assert o is not None
        yield f"<{s.text}>", f"<{p.text}>", literal(o.text, language=o.language)


def test_a_folded_text_finds_exactly_what_contains_finds_in_folded_literals(
    engine: OxigraphEngine, reader: SiteReader
) -> None:
    """Where folding changes neither the text nor any literal, the two are the same."""
    for text in ("防災", "税", "手続", "申請の", "窓口", "業務システム", "の"):
        own = {(m.thing, m.property, m.literal) for m in find_matches(reader, text, most=ALL)}
        plain = {row for row in own if " " not in row[2]}
        assert plain
        assert plain == {row for row in contained(engine, text) if " " not in row[2]}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SiteReader, list[Literal]]]:
    """Texts of signs that mean something to folding, to the index or to its language; some have a language."""
    rng = random.Random(3)
    made = {
        Literal(
            "".join(rng.choices(_CHARACTERS, k=rng.randrange(9))), "", rng.choice(("", "ja", "en", "ja-Kana"))
        )
        for _ in range(400)
    }
    literals = sorted(made)
    folder = tmp_path_factory.mktemp("hostile")
    lines = (
        f"<http://e/{at}> <{LABEL}> {literal(one.text, language=one.language)} {GRAPH} .\n"
        for at, one in enumerate(literals)
    )
    more = f'<http://e/n> <http://e/number> "12" {GRAPH} .\n<http://e/n> <http://e/d> "12"^^<http://e/type> {GRAPH} .\n'
    (folder / "all.nq").write_text("".join(lines) + more, encoding="utf-8")
    (folder / "extra.nt").write_text(f'<http://e/other> <{LABEL}> "aaaa bbbb" .\n', encoding="utf-8")
    write_index(folder / "all.nq", folder / "site.sqlite", [folder / "extra.nt"])
    reader = SiteReader.open(folder / "site.sqlite")
    yield reader, literals
    reader.close()


def test_hostile_texts(hostile: tuple[SiteReader, list[Literal]]) -> None:
    reader, literals = hostile
    rng = random.Random(4)
    for _ in range(600):
        text = "".join(rng.choices(_CHARACTERS, k=rng.randrange(1, 6)))
        language = rng.choice(("", "", "ja", "JA", "en", "ja-kana", "kana"))
        expected = {
            f"<http://e/{at}>"
            for at, one in enumerate(literals)
            if key_of(text)
            and key_of(text) in key_of(one.text)
            and (one.language.lower() + "-").startswith(language.lower() + "-" if language else "")
        }
        found = {match.thing for match in find_matches(reader, text, most=ALL, language=language)}
        assert found == expected, text


@pytest.mark.parametrize(
    "text", ["", " ", "\u3000\n", "\x00", "\ud800", "a OR b", '" OR "', "NEAR(a b)", "own : a", "a*", "^a"]
)
def test_what_looks_like_an_instruction_is_a_text(
    hostile: tuple[SiteReader, list[Literal]], text: str
) -> None:
    assert find_matches(hostile[0], text, most=ALL) == []


def test_numbers_and_other_types_are_no_text(hostile: tuple[SiteReader, list[Literal]]) -> None:
    assert find_matches(hostile[0], "12", most=ALL) == [Match("<http://e/n>", "<http://e/number>", '"12"')]


def test_what_describes_the_release_is_not_found(hostile: tuple[SiteReader, list[Literal]]) -> None:
    assert find_matches(hostile[0], "aaaa bbbb", most=ALL) == []


def test_the_first_ones_are_the_best_and_always_the_same(reader: SiteReader) -> None:
    every = find_matches(reader, "申請", most=ALL)
    texts = [key_of(literal_parts(match.literal).text) for match in every]
    ranks = [(text != "申請", not text.startswith("申請"), len(text)) for text in texts]
    assert ranks == sorted(ranks)
    assert len(every) > 20
    for most in (1, 7, 20):
        assert find_matches(reader, "申請", most=most) == every[:most]


def test_a_thing_once_where_only_things_are_asked_for(reader: SiteReader) -> None:
    every = find_matches(reader, "の", most=ALL)
    things = find_matches(reader, "の", most=ALL, by_property=False, by_literal=False)
    assert {match.thing for match in things} == {match.thing for match in every}
    assert len({match.thing for match in things}) == len(things) < len(every)
    assert {(match.property, match.literal) for match in things} == {("", "")}
    literals = find_matches(reader, "の", most=ALL, by_property=False)
    assert {(match.thing, match.literal) for match in literals} == {(m.thing, m.literal) for m in every}
    assert len(literals) == len({(match.thing, match.literal) for match in every})
    for most in (1, 3, 20, 500):
        assert find_matches(reader, "の", most=most, by_property=False, by_literal=False) == things[:most]


def test_only_values_of_the_properties(reader: SiteReader) -> None:
    every = find_matches(reader, "申請", most=ALL)
    labels = find_matches(reader, "申請", most=ALL, properties=[LABEL])
    assert labels == [match for match in every if match.property == f"<{LABEL}>"]
    assert 0 < len(labels) < len(every)
    assert find_matches(reader, "申請", most=ALL, properties=["http://e/none"]) == []
    assert find_matches(reader, "申請", most=3, properties=[LABEL, "http://e/none"]) == labels[:3]


def test_which_properties_are_used(reader: SiteReader) -> None:
    assert is_used(reader, LABEL)
    assert not is_used(reader, "http://e/none")
    assert not is_used(reader, "https://w3id.org/dxlod/ns#Initiative")
    assert not is_used(reader, f'x> "{LABEL}')
