"""The class diagram as geometry: what is drawn touches what it should and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from dxlod.namespaces import DXO
from dxlod.pipeline import data_quads
from dxlod.release.reference import reference_files, reference_quads
from dxlod.release.terms import Triple, parse_quads
from dxlod.release.vocabulary_part import vocabulary_facts
from dxlod.settings import Settings
from dxlod.site.classmap import LEFT_OUT, box_labels, boxes, relations
from dxlod.site.diagram import HEAD, WIDTH, Box, Diagram, Line, Placed, Row, draw
from dxlod.site.vocabulary import Vocabulary, read_vocabulary
from dxlod.table.dataset import Dataset

ROOT = Path(__file__).resolve().parents[2]
Segment = tuple[int, int, int, int]


def segments(line: Line) -> Iterator[Segment]:
    """The strokes of a path of M, H and V as (x1, y1, x2, y2)."""
    start, rest = re.fullmatch(r"M(\d+ \d+)((?:[HV]\d+)+)", line.path).groups()  # type: ignore[union-attr]
    x, y = map(int, start.split())
    points = [(x, y)]
    for axis, number in re.findall(r"([HV])(\d+)", rest):
        x, y = points[-1]
        points.append((int(number), y) if axis == "H" else (x, int(number)))
    yield from ((a[0], a[1], b[0], b[1]) for a, b in pairwise(points))


def crosses(segment: Segment, item: Placed) -> bool:
    """Whether a stroke enters the inside of a box."""
    x1, y1, x2, y2 = segment
    return (
        min(x1, x2) < item.x + WIDTH
        and max(x1, x2) > item.x
        and min(y1, y2) < item.y + item.height
        and max(y1, y2) > item.y
    )


def assert_sound(diagram: Diagram) -> None:
    placed = {item.box.key: item for item in diagram.boxes}
    for one, other in combinations(diagram.boxes, 2):
        assert (
            one.x + WIDTH < other.x
            or other.x + WIDTH < one.x
            or (one.y + one.height < other.y or other.y + other.height < one.y)
        ), (one.box.key, other.box.key)
    for line in diagram.lines:
        strokes = list(segments(line))
        source, target = placed[line.source], placed[line.target]
        names = [row.name for row in source.box.rows]
        assert strokes[0][:2] == (source.x + WIDTH, source.ys[names.index(line.name)])
        assert strokes[-1][2] in (target.x, target.x + WIDTH)
        assert strokes[-1][3] == target.y + HEAD // 2
        hit = [
            (item.box.key, stroke) for stroke in strokes for item in diagram.boxes if crosses(stroke, item)
        ]
        assert not hit, (line, hit)
        assert all(0 <= x <= diagram.width and 0 <= y <= diagram.height for *_, x, y in strokes), line
        assert 1 <= line.hue <= 6


@pytest.fixture(scope="module")
def published() -> Vocabulary:
    """The vocabulary as the committed tables use it."""
    settings = Settings(home=ROOT, data=ROOT / "data")
    quads = list(parse_quads(data_quads(settings, Dataset.at(settings.data))))
    for path in reference_files(settings.ontology):
        quads += reference_quads(path)
    triples = (Triple(quad.s, quad.p, quad.o) for quad in quads)
    return read_vocabulary(triples, vocabulary_facts(quads, settings))


def test_one_line_to_the_next_column() -> None:
    diagram = draw([Box("a", 0, (Row("p", ("b",)),)), Box("b", 1)])
    assert_sound(diagram)
    (line,) = diagram.lines
    a, b = diagram.boxes
    assert line.path == f"M{a.x + WIDTH} {a.ys[0]}H{a.x + WIDTH + 8}V{b.y + HEAD // 2}H{b.x}"


def test_lines_to_the_same_column_back_and_past_others() -> None:
    rows = (Row("down", ("b",)), Row("far", ("d",)), Row("self", ("a",)))
    some = [Box("a", 0, rows), Box("b", 0), Box("c", 1), Box("d", 2, (Row("back", ("a", "b")),))]
    diagram = draw(some)
    assert_sound(diagram)
    assert [(line.source, line.target) for line in diagram.lines] == [
        ("a", "b"),
        ("a", "d"),
        ("a", "a"),
        ("d", "a"),
        ("d", "b"),
    ]


def test_many_lines_through_one_column_find_room() -> None:
    names = [f"t{n}" for n in range(30)]
    many = [Box("a", 0, tuple(Row(name, (name,)) for name in names)), Box("m", 1), Box("n", 1), Box("o", 1)]
    assert_sound(draw(many + [Box(name, 2) for name in names]))


def test_what_is_no_box_is_left_out() -> None:
    assert draw([Box("a", 0, (Row("p", ("elsewhere",)),))]).lines == ()
    assert draw([]).boxes == ()


def test_the_published_diagram_is_sound_and_the_same_twice(published: Vocabulary) -> None:
    diagram = draw(boxes(published))
    assert_sound(diagram)
    assert diagram == draw(boxes(published))
    assert len(diagram.lines) > 30


def test_every_class_that_has_things_has_a_box_with_a_label(published: Vocabulary) -> None:
    drawn = {box.key for box in boxes(published)}
    assert {term.iri for term in published.of("class")} - drawn == {DXO.PlanElement}
    labels = box_labels(published)
    assert all(labels[key]["ja"] and labels[key]["en"] for key in drawn)


def test_the_lines_are_what_the_data_hold(published: Vocabulary) -> None:
    found = {(source, name, target): count for source, name, target, count in relations(published)}
    assert (
        found[DXO.Plan, DXO.edition, DXO.PlanEdition]
        == published.links[DXO.Plan, DXO.edition, DXO.PlanEdition]
    )
    organization = "http://www.w3.org/ns/org#Organization"
    units = [n for (s, p, _), n in published.links.items() if (s, p) == (DXO.Initiative, DXO.responsibleUnit)]
    assert len(units) == 2
    assert found[DXO.Initiative, DXO.responsibleUnit, organization] == sum(units)
    assert not {name for _, name, _, _ in relations(published)} & set(LEFT_OUT)


def test_without_data_domains_and_ranges_are_drawn(published: Vocabulary) -> None:
    bare = Vocabulary(published.metadata, published.terms)
    assert (DXO.Plan, DXO.edition, DXO.PlanEdition, 0) in relations(bare)
    assert_sound(draw(boxes(bare)))
