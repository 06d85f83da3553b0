"""The validation report for people: what was checked, and each result with the cell to mend (`report.html`)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from dxlod.mapping.locate import Locator
from dxlod.release.draft import Draft, Part
from dxlod.release.formats import prefixed
from dxlod.release.report import Locate, Place
from dxlod.release.shapelist import NodeShape, list_shapes
from dxlod.release.terms import RDF_TYPE, Quad
from dxlod.table.dataset import Dataset
from dxlod.validation import Result, Severity

__all__ = ["focus_counts", "report_page", "report_page_part"]

_SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
_SEVERITIES = {
    Severity.VIOLATION: ("違反", "violation"),
    Severity.WARNING: ("注意", "warning"),
    Severity.INFO: ("参考", "information"),
}
_STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.7 system-ui,sans-serif;max-width:76rem;margin:2rem auto;"
    "padding:0 1rem}table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{border:1px solid #858d97;"
    "padding:.35rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}td.n{text-align:right;"
    "font-variant-numeric:tabular-nums}caption{text-align:left;font-weight:700}.wide{overflow-x:auto}"
    "[lang=en]{display:block;font-size:.9em}h1 [lang=en],h2 [lang=en]{font-weight:400}"
)
_HEADERS = (
    ("重さ", "severity"),
    ("内容", "message"),
    ("対象", "thing"),
    ("値", "value"),
    ("ファイル", "file"),
    ("行", "row"),
    ("列", "column"),
    ("直し方", "how to mend"),
)
_CHECKED = (
    ("規則（シェイプ）", "rule (shape)"),
    ("対象", "put to"),
    ("対象の数", "number of things"),
    ("求めること", "asks about"),
    ("結果の数", "results"),
)


def report_page_part(tables: Dataset) -> Part:
    """The part that writes `report.html`; a result is traced to its table row."""

    def write(draft: Draft) -> None:
        shapes = list_shapes(sorted(draft.settings.shapes.glob("*.ttl")))
        counts = focus_counts(shapes, draft.quads)
        draft.write("report.html", report_page(draft.version, draft.results, shapes, counts, Locator(tables)))

    return write


def focus_counts(shapes: Sequence[NodeShape], quads: Iterable[Quad]) -> dict[str, int]:
    """How many different things each shape is put to, by its IRI: instances of its classes and of their subclasses,
    subjects of its properties (SHACL 2.1.3)."""
    wanted = {f"<{name}>" for shape in shapes for name in shape.subjects_of}
    found: dict[str, set[str]] = defaultdict(set)
    below: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.p == RDF_TYPE:
            found[quad.o].add(quad.s)
        elif quad.p == _SUBCLASS:
            below[quad.o].add(quad.s)
        if quad.p in wanted:
            found[quad.p].add(quad.s)
    return {shape.shape: len(set().union(*(found[at] for at in _places(shape, below)))) for shape in shapes}


def _places(shape: NodeShape, below: dict[str, set[str]]) -> set[str]:
    todo = [f"<{name}>" for name in shape.classes]
    places = set(todo)
    while todo:
        new = below[todo.pop()] - places
        places |= new
        todo += sorted(new)
    return places | {f"<{name}>" for name in shape.subjects_of}


def report_page(
    version: str,
    results: Sequence[Result],
    shapes: Sequence[NodeShape],
    counts: dict[str, int],
    locate: Locate,
) -> Iterator[str]:
    """The HTML document, in pieces; `counts` are those of `focus_counts`."""
    yield (
        '<!DOCTYPE html>\n<html lang="ja">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>検証の報告 / Validation report – dxlod</title>\n"
        f'<link rel="alternate" type="text/turtle" href="report.ttl">\n<style>{_STYLE}</style>\n</head>\n<body>\n'
        f"<main>\n<h1>{_both('検証の報告', 'Validation report')}</h1>\n"
    )
    yield _summary(version, results, shapes, counts)
    yield from _found(results, locate)
    yield from _checked(results, shapes, counts)
    yield "</main>\n</body>\n</html>\n"


def _summary(
    version: str, results: Sequence[Result], shapes: Sequence[NodeShape], counts: dict[str, int]
) -> str:
    number, checked = len(shapes), sum(counts.values())
    by = Counter(item.severity for item in results)
    ja = "、".join(f"{name} {by[severity]} 件" for severity, (name, _) in _SEVERITIES.items())
    en = ", ".join(f"{name}: {by[severity]}" for severity, (_, name) in _SEVERITIES.items())
    what = _both(
        f"リリース {version} を、{number:,} の規則で、のべ {checked:,} の対象について調べました。{ja}。",
        f"Release {version} was checked against {number:,} rules, {checked:,} applications in all. {en}.",
    )
    rule = _both(
        "違反が1件でもあればリリースは作られません。ここに載るのは、公開してよいと分かっている注意と参考です。",
        "A violation stops a release; what is listed here are warnings and information known when it was published.",
    )
    other = '<a href="report.ttl">Turtle</a> · <a href="report.json">JSON</a>'
    return f"<p>{what}</p>\n<p>{rule}</p>\n<p>{other}</p>\n"


def _found(results: Sequence[Result], locate: Locate) -> Iterator[str]:
    yield f'<h2 id="results">{_both("結果", "Results")}</h2>\n'
    if not results:
        yield f"<p>{_both('直すところは見つかりませんでした。', 'Nothing to mend was found.')}</p>\n"
        return
    yield f'<div class="wide"><table>\n{_header(_HEADERS)}<tbody>\n'
    for number, item in enumerate(results, 1):
        yield _row(number, item, locate(item.focus, item.path, item.value))
    yield "</tbody></table></div>\n"


def _row(number: int, item: Result, place: Place | None) -> str:
    cells = [
        _both(*_SEVERITIES[item.severity]),
        _both(item.message_ja, item.message_en),
        f'<a href="{escape(item.focus)}">{escape(item.focus)}</a>',
        escape(item.value or ""),
        escape(place.file if place else ""),
        escape(str(place.row) if place and place.row is not None else ""),
        escape(place.column or "" if place else ""),
        _mend(place),
    ]
    return f'<tr id="{number}">' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>\n"


def _mend(place: Place | None) -> str:
    if place is None:
        return _both("表からではない記述です。", "Not from a table.")
    ja = f"{place.file} の{f' {place.row} 行目' if place.row else ''}を直し、dxlod build を実行してください。"
    en = f"Mend {f'row {place.row} of ' if place.row else ''}{place.file} and run dxlod build."
    return _both(ja, en)


def _checked(results: Sequence[Result], shapes: Sequence[NodeShape], counts: dict[str, int]) -> Iterator[str]:
    yield f'<h2 id="checked">{_both("調べたこと", "What was checked")}</h2>\n'
    yield f'<div class="wide"><table>\n{_header(_CHECKED)}<tbody>\n'
    for shape in shapes:
        own = {shape.shape, *(item.shape for item in shape.constraints)}
        targets = [escape(prefixed(name)) for name in (*shape.classes, *shape.subjects_of)]
        asked = dict.fromkeys((item.name_ja, item.name_en) for item in shape.constraints if item.name_ja)
        yield (
            f"<tr><th scope='row'><code>{escape(shape.shape.rpartition('#')[2])}</code></th>"
            f"<td>{'<br>'.join(targets)}</td><td class='n'>{counts[shape.shape]:,}</td>"
            f"<td>{_both('、'.join(ja for ja, _ in asked), ', '.join(en for _, en in asked))}</td>"
            f"<td class='n'>{sum(item.shape in own for item in results)}</td></tr>\n"
        )
    yield "</tbody></table></div>\n"


def _header(names: Sequence[tuple[str, str]]) -> str:
    return "<thead><tr>" + "".join(f"<th scope='col'>{_both(*pair)}</th>" for pair in names) + "</tr></thead>"


def _both(ja: str, en: str) -> str:
    return f'{escape(ja)} <span lang="en">{escape(en)}</span>' if en and en != ja else escape(ja)
