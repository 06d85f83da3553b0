"""What the index says in one row, held against the facts that it was gathered from, in all of the release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup, escape

from dxlod.namespaces import DXO
from dxlod.release import open_current
from dxlod.settings import Settings
from dxlod.site.entities import Look, section_of
from dxlod.site.entities.figures import VALUES, Kpi, kpi_of, kpis_of
from dxlod.site.entities.schedule import Bar, bar_of, bars_of
from dxlod.site.entities.things import Things
from dxlod.site.iris import OA
from dxlod.site.links import Links, escaped
from dxlod.site.messages import Message, Messages
from dxlod.site.place import open_index
from dxlod.site.reader import Passage, SiteReader
from dxlod.site.render import Renderer
from dxlod.site.view import View

ID = "https://w3id.org/dxlod/id/"


@pytest.fixture(scope="module")
def reader(releases: Path) -> Iterator[SiteReader]:
    reader = open_index(open_current(Settings(releases=releases)))
    yield reader
    reader.close()


def whole(reader: SiteReader, iris: Iterable[str], *predicates: str) -> Things:
    """Things that read all facts of these and of what they have."""
    things = Things(reader)
    things.follow(iris, *predicates)
    return things


def test_every_row_of_a_schedule_is_what_its_facts_say(reader: SiteReader) -> None:
    every = reader.instances(DXO.Initiative) + reader.instances(DXO.Action)
    bars = bars_of(Things(reader), every)
    facts = whole(reader, every, DXO.hasAction, DXO.hasPhase)
    wanted = sorted((bar_of(facts, iri) for iri in every), key=lambda bar: bar.order)
    assert bars == wanted
    assert sum(1 for bar in bars if bar.runs) > 50
    assert {bar.iri: bar.names for bar in bars} == reader.labels(every)


def test_every_row_of_an_indicator_is_what_its_facts_say(reader: SiteReader) -> None:
    every = reader.instances(DXO.Indicator)
    kpis = kpis_of(Things(reader), [[iri] for iri in every])
    facts = whole(reader, every, *VALUES)
    assert kpis == [kpi_of(facts, iri) for iri in every]
    assert sum(len(kpi.figures) for kpi in kpis) > 300
    assert {kpi.iri: kpi.names for kpi in kpis} == reader.labels(every)


def test_a_table_is_the_same_from_its_row_and_from_its_cells(
    reader: SiteReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = reader.instances(DXO.StatisticalTable)
    found = [table(reader, iri) for iri in tables]
    assert all(facts["rows"] for facts in found)
    monkeypatch.setattr(SiteReader, "briefs", lambda *_: {})
    assert [table(reader, iri) for iri in tables] == found


def table(reader: SiteReader, iri: str) -> dict[str, Any]:
    section = section_of(reader.types(iri), iri)
    assert section is not None
    return dict(section.facts(Look(reader, View(), iri, {}, Renderer().translator("ja"))))


def test_without_briefs_the_same_is_gathered(reader: SiteReader, monkeypatch: pytest.MonkeyPatch) -> None:
    def lists() -> tuple[list[Bar], list[Kpi]]:
        bars = bars_of(Things(reader), reader.instances(DXO.Initiative)[:40])
        return bars, kpis_of(Things(reader), [bar.kpis for bar in bars])

    found = lists()
    assert all(found)
    monkeypatch.setattr(SiteReader, "briefs", lambda *_: {})
    assert lists() == found


def test_passages_are_what_fragments_say(reader: SiteReader) -> None:
    every = reader.instances(DXO.Initiative) + reader.instances(DXO.Citation) + [f"{ID}nothing"]
    found = reader.passages(every, {})
    facts = whole(reader, every, DXO.sourceFragment)
    wanted = {
        iri: [
            Passage(
                fragment,
                facts.iri(fragment, f"{OA}hasSource"),
                facts.whole(fragment, DXO.startLine),
                facts.whole(fragment, DXO.endLine) or facts.whole(fragment, DXO.startLine),
            )
            for fragment in facts.iris(iri, DXO.sourceFragment)
        ]
        for iri in every
    }
    assert found == {iri: passages for iri, passages in wanted.items() if passages}
    assert len(found) > 500


def test_a_document_counts_every_passage_once(reader: SiteReader) -> None:
    renderer = Renderer()
    for iri in reader.instances(DXO.SourceDocument):
        section = section_of(reader.types(iri), iri)
        assert section is not None
        facts = section.facts(Look(reader, View(), iri, {}, renderer.translator("ja")))
        fragments = reader.subjects(f"{OA}hasSource", iri)
        assert facts["fragments"] == len(fragments) > 0
        things = whole(reader, fragments)
        ends = [(things.whole(one, DXO.startLine), things.whole(one, DXO.endLine)) for one in fragments]
        assert facts["read"] == len({line for start, end in ends for line in range(start, end + 1)})


def test_some_facts_are_those_of_all(reader: SiteReader) -> None:
    iris = reader.instances(DXO.Initiative)[:20]
    things, names = Things(reader), (DXO.topic, DXO.order)
    some, every = things.some(iris, *names), reader.facts(iris, {})
    assert some == {iri: {name: every[iri][name] for name in every[iri] if name in names} for iri in iris}
    things.read(iris[:3])
    assert {iri: things.some(iris, *names)[iri] for iri in iris[:3]} == {iri: every[iri] for iri in iris[:3]}


def test_those_that_have_any_of_some(reader: SiteReader) -> None:
    topics = [f"{ID}topic/bpr", f"{ID}topic/security", f"{ID}topic/nothing"]
    for edition in reader.instances(DXO.PlanEdition):
        each = {iri for topic in topics for iri in reader.within(DXO.topic, topic, edition)}
        found = reader.within_any(DXO.topic, topics, edition)
        assert set(found) == each
        assert len(found) == len(each)
    assert reader.within_any(DXO.topic, [], edition) == []


@pytest.mark.parametrize("text", ["", "政策", "a&b", "<b>", '"', "'", "1 > 0", "&amp;"])
def test_text_is_escaped_as_by_the_templates(text: str) -> None:
    assert escaped(text) == str(escape(text))
    assert escaped(Markup(text)) == text


@pytest.mark.parametrize(
    "end", ["plan/1/dx/2026", "x&y", "it's", 'q"q', "a b", "名前", "law/1/asof/2024-01/At_1", "%41", "<i>"]
)
@pytest.mark.parametrize("base", [ID, "https://example.org/"])
def test_a_link_leads_where_the_view_says(base: str, end: str) -> None:
    view = View(lang="en", prefix="/en", root="/here")
    assert Links(view, {}).to(base + end, "x") == f'<a href="{escape(view.href(base + end))}">x</a>'


@pytest.mark.parametrize("values", [{"n": 1}, {"n": 2}, {"n": "<1>"}, {"n": Markup("<b>1</b>")}, {"n": True}])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_message_is_filled_as_markup_fills_it(lang: str, values: dict[str, object]) -> None:
    message = Message("{n} 件 <あ>", "{n} & more of {n}", "one: {n}")
    messages = Messages({"a.b": message})
    for _ in range(2):
        assert messages(lang, "a.b", **values) == Markup(escape(message.text(lang, values))).format(**values)
    assert messages(lang, "a.b") == escape(message.text(lang, {}))
