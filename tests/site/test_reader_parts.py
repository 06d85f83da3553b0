"""What the pages ask of a plan's own things alone: held against the same asked of everything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dxlod.namespaces import DXO
from dxlod.release import open_current
from dxlod.release.terms import is_iri
from dxlod.settings import Settings
from dxlod.site.place import open_index
from dxlod.site.reader import SiteReader

ID = "https://w3id.org/dxlod/id/"
TOPICS = [f"{ID}topic/bpr", f"{ID}topic/security", f"{ID}topic/digital-implementation"]


@pytest.fixture(scope="module")
def reader(releases: Path) -> Iterator[SiteReader]:
    reader = open_index(open_current(Settings(releases=releases)))
    yield reader
    reader.close()


@pytest.mark.parametrize("topic", TOPICS)
def test_a_plans_own_things_are_those_below_it(reader: SiteReader, topic: str) -> None:
    every = reader.subjects(DXO.topic, topic)
    editions = reader.instances(DXO.PlanEdition)
    found = {edition: reader.within(DXO.topic, topic, edition) for edition in editions}
    assert found == {edition: [iri for iri in every if iri.startswith(f"{edition}/")] for edition in editions}
    assert sum(map(len, found.values())) == len(every) == reader.count(DXO.topic, topic) > 0
    for edition, things in found.items():
        assert reader.count_within(DXO.topic, topic, edition) == len(things)
        assert reader.within(DXO.topic, topic, edition, limit=2, offset=1) == things[1:3]
    counts = reader.graphs(DXO.topic, topic)
    assert sorted(counts.values()) == sorted(len(things) for things in found.values() if things)


def test_a_plan_whose_address_begins_as_anothers_is_not_among_its_own(reader: SiteReader) -> None:
    edition = reader.instances(DXO.PlanEdition)[0]
    assert reader.within(DXO.topic, TOPICS[0], edition[:-1]) == []
    assert reader.within(DXO.topic, TOPICS[0], f"{edition}/nothing") == []
    assert reader.count(DXO.topic, f"{ID}topic/nothing") == 0


def test_things_that_have_several_values(reader: SiteReader) -> None:
    things = [iri for iri in reader.instances(DXO.Initiative) if len(reader.object_iris(iri, DXO.topic)) > 1]
    assert things
    for iri in things[:5]:
        edition = iri.partition("/initiative/")[0]
        pairs = [(DXO.topic, topic) for topic in reader.object_iris(iri, DXO.topic)]
        wanted = reader.within(*pairs[0], edition)
        for pair in pairs[1:]:
            wanted = [other for other in wanted if other in reader.within(*pair, edition)]
        found = reader.having(pairs, edition, limit=1000)
        assert found == wanted
        assert iri in found
        assert reader.having(pairs, edition, limit=1) == wanted[:1]


def test_facts_and_names_are_those_of_the_descriptions(reader: SiteReader) -> None:
    things = [*reader.instances(DXO.Initiative)[:40], f"{ID}nothing"]
    numbers: dict[str, int] = {}
    facts = reader.facts(things, numbers)
    assert facts.pop(f"{ID}nothing") == {}
    for iri, found in facts.items():
        wanted: dict[str, list[str]] = {}
        for triple in reader.describe(iri):
            wanted.setdefault(triple.p[1:-1], []).append(triple.o)
        assert found == wanted
    pointed = {
        term[1:-1] for found in facts.values() for terms in found.values() for term in terms if is_iri(term)
    }
    assert set(numbers) == {*facts, *pointed}
    assert reader.names(numbers) == reader.labels(numbers)


def test_what_is_made_once_is_kept(reader: SiteReader) -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [reader.once("a number", make) for _ in range(3)] == [1, 1, 1]
    assert reader.once("another number", make) == 2
