"""Reference pages in Markdown, made from what the ontology, the shapes and the data say (``dxlod docs``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dxlod.release.formats import prefixed
from dxlod.release.shapelist import NodeShape, focus_nodes
from dxlod.release.terms import Triple
from dxlod.site.vocabulary import Term, Vocabulary

__all__ = ["Cases", "read_cases", "shapes_markdown", "terms_markdown"]

_EXPECTS = re.compile(r"^# expects (?:\S+ \S+ )?(\S+) \S+$", re.MULTILINE)
_PLANS, _ONTOLOGY = "https://w3id.org/dxlod/shapes#", "https://w3id.org/dxlod/shapes/ontology#"
_MOST_PLACES = 4
_HEAD_TERMS = (
    "| 用語 / term | 名称 / label | 定義 / definition | 使用 / uses | シェイプ / shapes | 表の列 / columns |"
)
_HEAD_SHAPES = (
    "| シェイプ / shape | ファイル / file | 対象 / looks at | 違反 / violations | 警告 / warnings "
    "| 対象ノード / focus nodes | 合 / valid | 誤 / invalid |"
)
_SHAPES = """# シェイプ / Shapes

この文書は `shapes/*.ttl`、表、`tests/` の事例から作られます（`dxlod docs`）。直接は編集しません。
Made from `shapes/*.ttl`, the tables and the cases in `tests/` by `dxlod docs`; do not edit.

- **対象ノード** は、公開用の表から作ったデータと語彙のうち、その形が調べるものの数です。
- **事例** は、その形に合うデータ（合）と、わざと誤らせたデータ（誤）の数です。テストが一つずつ確かめます。
- **Focus nodes**: how many things a shape looks at in the data of the committed tables and in the ontology.
- **Cases**: data that a shape accepts, and data with one seeded fault that it must find; each is a test.
"""
_TERMS = """# 用語 / Terms

この文書は `ontology/dxlod.ttl`、表、`mappings/`、`shapes/` から作られます（`dxlod docs`）。直接は編集しません。
Made from `ontology/dxlod.ttl`, the tables, `mappings/` and `shapes/` by `dxlod docs`; do not edit.

- **使用** は、公開用の表から作ったデータでの数です（クラスはものの数、プロパティは文の数）。
- **表の列** は、写像がその用語を作るもとの列です。`*` は、ほかの列から計算される列です。
- **Uses**: things of a class or triples of a property in the data of the committed tables.
- **Columns**: what the mappings make the term from; `*` marks a column that is computed from others.
"""


@dataclass(frozen=True)
class Cases:
    """Number of valid and of invalid cases of each shape, and of seeded faults that each constraint finds, by IRI."""

    valid: Mapping[str, int]
    invalid: Mapping[str, int]
    faults: Mapping[str, int]


def read_cases(plans: Path, ontology: Path, shapes: Sequence[NodeShape]) -> Cases:
    """The cases of the shapes on plans (a folder for each shape) and of those on the ontology (one folder for all).

    A case of the ontology counts for the shapes that have a constraint which it must break, a valid one for all.
    """
    counts = {kind: dict[str, int]() for kind in ("valid", "invalid", "fault")}
    for path in sorted(plans.glob("[A-Z]*/*.ttl")):
        _count(counts[path.name.partition(".")[0]], [f"{_PLANS}{path.parent.name}"])
        _count(counts["fault"], (f"{_PLANS}{name}" for name in _expected(path)))
    ours = [shape for shape in shapes if shape.shape.startswith(_ONTOLOGY)]
    for path in sorted(ontology.glob("*.ttl")):
        found = {f"{_ONTOLOGY}{name}" for name in _expected(path)}
        _count(counts["fault"], found)
        kind = path.name.partition(".")[0]
        _count(counts[kind], (shape.shape for shape in ours if kind == "valid" or found & _names(shape)))
    return Cases(counts["valid"], counts["invalid"], counts["fault"])


def _names(shape: NodeShape) -> set[str]:
    return {shape.shape, *(item.shape for item in shape.constraints)}


def shapes_markdown(shapes: Sequence[NodeShape], triples: Sequence[Triple], cases: Cases) -> str:
    """The page of shapes: one table of those that have targets, one of every constraint with its messages."""
    return "\n".join(
        (_SHAPES, *_shape_rows(shapes, triples, cases), "", *_constraint_rows(shapes, cases), "")
    )


def terms_markdown(
    vocabulary: Vocabulary, shapes: Sequence[NodeShape], places: Mapping[str, Sequence[str]]
) -> str:
    """The page of terms. `places` gives the columns that each term is made from, by its IRI."""
    lines = [_TERMS]
    for heading, kinds in (
        ("クラス / Classes", ("class", "datatype")),
        ("プロパティ / Properties", ("object", "data", "annotation")),
    ):
        terms = vocabulary.of(*kinds)
        lines += [f"## {heading} ({len(terms)})", "", _HEAD_TERMS, "|---|---|---|---:|---|---|"]
        lines += [_term_row(term, shapes, places) for term in terms]
        lines.append("")
    return "\n".join(lines)


def _shape_rows(shapes: Sequence[NodeShape], triples: Sequence[Triple], cases: Cases) -> Iterator[str]:
    yield f"## 対象をもつシェイプ / Shapes with targets ({len(shapes)})\n"
    yield _HEAD_SHAPES
    nodes = focus_nodes(shapes, triples)
    yield "|---|---|---|---:|---:|---:|---:|---:|"
    for shape in shapes:
        severities = [item.severity for item in shape.constraints]
        counts = (
            severities.count("Violation"),
            severities.count("Warning"),
            len(nodes[shape.shape]),
            cases.valid.get(shape.shape, 0),
            cases.invalid.get(shape.shape, 0),
        )
        yield f"| `{_local(shape.shape)}` | {shape.file} | {_targets(shape)} | {' | '.join(map(str, counts))} |"


def _targets(shape: NodeShape) -> str:
    classes = [f"`{prefixed(iri)}`" for iri in shape.classes]
    return ", ".join(classes + [f"`{prefixed(iri)} …`" for iri in shape.subjects_of])


def _constraint_rows(shapes: Sequence[NodeShape], cases: Cases) -> Iterator[str]:
    every = {(item.shape or shape.shape): item for shape in shapes for item in shape.constraints}
    yield f"## 規則 / Constraints ({len(every)})\n"
    yield "| 規則 / constraint | 重さ / severity | 道 / path | 内容 | Message | 誤りの事例 / faults |"
    yield "|---|---|---|---|---|---:|"
    for iri, item in every.items():
        path = f"`{_cell(item.path)}`" if item.path else ""
        faults = cases.faults.get(iri, 0)
        yield f"| `{_local(iri)}` | {item.severity} | {path} | {_cell(item.ja)} | {_cell(item.en)} | {faults} |"


def _term_row(term: Term, shapes: Sequence[NodeShape], places: Mapping[str, Sequence[str]]) -> str:
    labels, definitions = (
        f"{_cell(x.get('ja', ''))}<br>{_cell(x.get('en', ''))}" for x in (term.labels, term.definitions)
    )
    checks = ", ".join(f"`{name}`" for name in _checks(term, shapes))
    return f"| `{term.name}` | {labels} | {definitions} | {term.uses} | {checks} | {_columns(places.get(term.iri, ()))} |"


def _checks(term: Term, shapes: Sequence[NodeShape]) -> list[str]:
    """For a class, the shapes that look at its things; for a property, the constraints that name it."""
    if term.kind == "class":
        return sorted(_local(shape.shape) for shape in shapes if term.iri in shape.classes)
    found = (
        (item.shape or shape.shape)
        for shape in shapes
        for item in shape.constraints
        if term.iri in item.about
    )
    return sorted({_local(iri) for iri in found})


def _columns(places: Sequence[str]) -> str:
    """The columns; one that many tables have, once with the number of tables."""
    tables: dict[str, list[str]] = {}
    for place in places:
        tables.setdefault(place.partition(".")[2], []).append(place)
    parts = [
        [f"`{name}` ({len(found)} 表 / tables)" if name else f"{len(found)} 表 / tables"]
        if len(found) > _MOST_PLACES
        else [f"`{place}`" for place in found]
        for name, found in tables.items()
    ]
    return ", ".join(text for group in parts for text in group)


def _expected(path: Path) -> list[str]:
    return _EXPECTS.findall(path.read_text(encoding="utf-8"))


def _count(counts: dict[str, int], names: Iterable[str]) -> None:
    for name in set(names):
        counts[name] = counts.get(name, 0) + 1


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
