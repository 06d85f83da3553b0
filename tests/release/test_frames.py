"""The frames draw a plan and an initiative as trees, leave nothing of an initiative out, and fetch nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from pyld import jsonld as pyld

from dxlod.errors import ReleaseError
from dxlod.release.frames import framed, load_frame
from dxlod.release.jsonld import Context, load_context
from dxlod.release.terms import RDF_TYPE, parse_quads

from .jsonld_sample import PLAN, sample_lines

ONTOLOGY = Path(__file__).resolve().parents[2] / "ontology"
EXPECTED = Path(__file__).resolve().parents[1] / "jsonld"
SUBJECTS = {"initiative": f"{PLAN}/initiative/1-1", "plan": PLAN.rpartition("/")[0]}
DXO = "https://w3id.org/dxlod/ns#"
# From a part back to its whole: the tree says it by nesting.
BACK = {"inEdition", "indicator"}


@pytest.fixture(scope="module")
def context() -> Context:
    return load_context(ONTOLOGY / "context.jsonld")


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return sample_lines(tmp_path_factory.mktemp("frames"))


def frame_of(name: str, context: Context) -> dict[str, Any]:
    return load_frame(ONTOLOGY / "frames" / f"{name}.jsonld", context)


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_frame_draws_the_expected_tree(name: str, lines: list[str], context: Context) -> None:
    tree = framed(lines, frame_of(name, context), SUBJECTS[name])
    assert tree.pop("@context").items() <= context.document.items()
    assert list(tree)[:2] == ["id", "type"]
    assert tree == json.loads((EXPECTED / f"{name}.json").read_text(encoding="utf-8"))


def test_every_frame_has_an_expected_tree() -> None:
    frames = {path.stem for path in (ONTOLOGY / "frames").glob("*.jsonld")}
    assert frames == {path.stem for path in EXPECTED.glob("*.json")} == set(SUBJECTS)


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_tree_says_nothing_that_the_graph_does_not(name: str, lines: list[str], context: Context) -> None:
    def refuse(url: str, _options: object) -> object:
        raise AssertionError(f"{url} must not be fetched")

    tree = framed(lines, frame_of(name, context), SUBJECTS[name])
    nquads = pyld.to_rdf(tree, {"format": "application/n-quads", "documentLoader": refuse})
    said = {quad.triple for quad in ox.parse(input=nquads.encode(), format=ox.RdfFormat.N_QUADS)}
    text = "".join(f"{line}\n" for line in lines)
    known = {quad.triple for quad in ox.parse(input=text.encode(), format=ox.RdfFormat.N_QUADS)}
    assert len(said) > 50
    assert said <= known


def test_the_order_of_the_lines_does_not_matter(lines: list[str], context: Context) -> None:
    frame = frame_of("initiative", context)
    assert json.dumps(framed(lines[::-1], frame)) == json.dumps(framed(lines, frame))


def test_without_a_subject_all_that_match_are_drawn(lines: list[str], context: Context) -> None:
    trees = framed(lines, frame_of("initiative", context))["@graph"]
    assert [tree["order"] for tree in trees] == [1, 2, 3]


def keys_by_class(lines: list[str], context: Context) -> Iterator[tuple[str, set[str]]]:
    """What the mapped graph says of things of each class, as keys."""
    types: dict[str, set[str]] = {}
    said: dict[str, set[str]] = {}
    for quad in parse_quads(lines):
        if quad.p == RDF_TYPE:
            types.setdefault(quad.o[1:-1].removeprefix(DXO), set()).add(quad.s)
        else:
            said.setdefault(quad.s, set()).add(context.terms[quad.p[1:-1]][0].key)
    for name, things in types.items():
        yield name, {key for thing in things for key in said.get(thing, ())}


def test_no_fact_of_an_initiative_is_left_out(lines: list[str], context: Context) -> None:
    frame = frame_of("initiative", context)
    indicator, phase, action = frame["hasIndicator"], frame["hasPhase"], frame["hasAction"]
    said = dict(keys_by_class(lines, context))
    assert said["Initiative"] - set(frame) == set()
    for name, part in (("Indicator", indicator), ("SchedulePhase", phase), ("Action", action)):
        assert said[name] - set(part) == {"inEdition"}, name
    for kind in ("baseline", "target", "actual"):
        assert said["IndicatorValue"] - set(indicator[kind]) <= BACK


def test_an_initiative_is_the_same_in_both_trees_but_for_the_lines(context: Context) -> None:
    policy = frame_of("plan", context)["edition"]["hasPolicy"]
    whole = bare(frame_of("initiative", context))
    for place in (policy["hasInitiative"], policy["hasPart"]["hasInitiative"]):
        assert bare(place) == whole


def bare(frame: Mapping[str, Any]) -> dict[str, Any]:
    """A frame without source lines, and without what is said at its top only."""
    dropped = {"sourceFragment", "inEdition", "@context", "@embed", "type", "id"}
    return {
        key: bare(value) if isinstance(value, dict) else value
        for key, value in frame.items()
        if key not in dropped
    }


# ---- what is refused ----


def test_a_frame_that_names_a_remote_context_is_refused(lines: list[str]) -> None:
    with pytest.raises(ReleaseError, match=r"https://schema\.org/ is not fetched"):
        framed(lines, {"@context": "https://schema.org/", "@type": "https://schema.org/Thing"})


def test_a_remote_context_inside_a_frame_is_refused(lines: list[str], context: Context) -> None:
    frame = {**frame_of("plan", context), "edition": {"@context": "https://example.org/context"}}
    with pytest.raises(ReleaseError, match=r"https://example\.org/context is not fetched"):
        framed(lines, frame)


@pytest.mark.parametrize(
    "text",
    [
        '{"@context": "https://w3id.org/dxlod/context/0.0.9"}',
        '{"@context": "https://schema.org/"}',
        '{"type": "Plan"}',
        "[]",
        "{",
    ],
)
def test_a_frame_of_another_context_is_not_loaded(text: str, tmp_path: Path, context: Context) -> None:
    path = tmp_path / "frame.jsonld"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseError, match="frame"):
        load_frame(path, context)


def test_a_subject_of_which_nothing_is_said_is_refused(lines: list[str], context: Context) -> None:
    with pytest.raises(ReleaseError, match="Nothing is said"):
        framed(lines, frame_of("plan", context), "https://w3id.org/dxlod/id/plan/0/none")
