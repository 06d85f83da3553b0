"""Rows of schedules and of indicators, lists and lines of sources as HTML, made in Python.

A plan has hundreds of such rows, and a macro of a template costs ten times as much as a function.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import starmap

from markupsafe import Markup

from dxlod.site.entities.figures import Figure, Kpi, KpiTable
from dxlod.site.entities.law import Cite
from dxlod.site.entities.schedule import Axis, Bar
from dxlod.site.entities.table import Cell
from dxlod.site.entities.tree import Branch
from dxlod.site.entities.year import Happening
from dxlod.site.links import Links, escaped
from dxlod.site.reader import Passage

__all__ = ["Draw"]

_BAR = (
    '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
    '<rect width="{}" height="6"/></svg>'
)
MOST_UNFOLDED = 12
"""Things of a plan in a year that are shown without being asked for."""
MOST_PARTNERS = 8
"""Departments that take part in one initiative, of which the page of another tells."""
_ARROWS = {"increase": "↗", "decrease": "↘", "maintain": "→"}
_OPEN = (
    ("hasPhase", "rich.phases"),
    ("FiscalYear", "rich.years"),
    ("hasAction", "rich.actions"),
)
"""Ends of properties that a row says to be open in the source, and what they are called."""


class Draw:
    """Draws pieces of one page: with its links and its messages."""

    def __init__(self, link: Links, translate: Callable[..., Markup]) -> None:
        self._link = link
        self._t = translate
        self._gaps: dict[str, str] = {}

    def bars(self, bars: Iterable[Bar], axis: Axis | None) -> Markup:
        """Rows of initiatives, each with its actions under it."""
        return Markup("".join(self._bar(bar, axis) for bar in bars))

    def shared(
        self,
        bars: Iterable[Bar],
        axis: Axis | None,
        partners: Mapping[str, Sequence[str]],
        leads: Collection[str],
    ) -> Markup:
        """As `bars`, each with the departments that take part, and whether (`leads`) this one leads them."""
        rows = (f"{self._bar(bar, axis)}{self._with(partners[bar.iri], bar.iri in leads)}" for bar in bars)
        return Markup("".join(rows))

    def branch(self, branch: Branch, axis: Axis | None) -> Markup:
        """A policy or measure and all below it."""
        return Markup(self._branch(branch, axis))

    def summaries(self, branch: Branch, axis: Axis | None) -> Markup:
        """Of a branch with too many initiatives: its measures, each as one row."""
        return Markup("".join(self._summary(part, axis) for part in branch.parts))

    def items(self, bars: Iterable[Bar]) -> Markup:
        """Initiatives as the items of a list, with their years."""
        return Markup("".join(self._item(bar) for bar in bars))

    def happenings(self, plans: Iterable[Happening], search: str, year: int, unfold: bool) -> Markup:
        """What plans have in a year; `search` is the address of things of this kind. Short lists are unfolded."""
        return Markup("".join(self._happening(plan, search, year, unfold) for plan in plans))

    @staticmethod
    def heat(numbers: Iterable[int], most: int) -> Markup:
        """Cells of a row, in five steps up to the largest number."""
        steps = ((number, -(-number * 5 // most) if most else 0) for number in numbers)
        return Markup("".join(f'<td class="num h{step}">{number or ""}</td>' for number, step in steps))

    def plans(self, plans: Iterable[tuple[str, str, str, int]]) -> Markup:
        """Plans as the items of a list: city, plan, address of some of its things, and how many these are."""
        return Markup("".join(starmap(self._plan, plans)))

    def cites(self, cites: Iterable[Cite]) -> Markup:
        """Rows of the places that name a work."""
        return Markup("".join(map(self._cite, cites)))

    def kpis(self, table: KpiTable, most: int = 500) -> Markup:
        """Rows of indicators with baseline and the targets of each year, as printed."""
        return Markup("".join(self._kpi(kpi, table) for kpi in table.rows[:most]))

    def cells(self, cells: Iterable[Cell | None]) -> Markup:
        """The cells of one row of a statistical table."""
        return Markup("".join(self._cell(cell) if cell else "<td></td>" for cell in cells))

    def direction(self, kpi: Kpi) -> Markup:
        """An arrow for the direction that is wanted."""
        return Markup(self._direction(kpi))

    def figure(self, item: Figure) -> Markup:
        """One value as printed; what is none or unknown says so and is never a number."""
        return Markup(self._figure(item))

    def gap(self, state: str) -> Markup:
        """What is open in the source: unknown or stated as none."""
        return Markup(self._gap(state))

    def lines(self, found: Sequence[Passage]) -> Markup:
        """Lines of one document after another; nothing without any."""
        return Markup(f'<span class="lines">{self.line_links(found)}</span>' if found else "")

    def line_links(self, found: Iterable[Passage]) -> Markup:
        """Lines of the source as links to their fragments."""
        return Markup(", ".join(self._link.to(item.iri, self._range(item)) for item in found))

    @staticmethod
    def span(start: int | None, end: int | None) -> str:
        """First and last year: "2022–2030"."""
        return str(start) if start == end else f"{start or ''}–{end or ''}"

    def _range(self, item: Passage) -> Markup:
        if item.start == item.end or not item.end:
            return self._t("source.line", start=item.start)
        return self._t("source.lines", start=item.start, end=item.end)

    def _branch(self, branch: Branch, axis: Axis | None) -> str:
        own = [self._bar(bar, axis) for bar in branch.bars]
        return "".join((*own, *(f"{self._measure(part)}{self._branch(part, axis)}" for part in branch.parts)))

    def _measure(self, part: Branch) -> str:
        gaps = (
            f' <span class="runs">{self._t("rich.initiatives")} {self._gap(state)}</span>'
            for _, state in part.gaps
        )
        head = f'<tr class="measure"><th colspan="2" scope="rowgroup">{_number(part.number)}{self._link.html(part.iri)}'
        return f"{head}{''.join(gaps)}</th></tr>\n"

    def _summary(self, part: Branch, axis: Axis | None) -> str:
        bar = part.summary
        count = self._t("rich.n_initiatives", n=len(part.all_bars))
        head = f'<tr><th scope="row">{self._link.html(part.iri)} <span class="quiet nums">{count}</span></th>'
        return f"{head}<td>{self._years(bar)}{_strip(bar, axis)}</td></tr>\n"

    def _bar(self, bar: Bar, axis: Axis | None, row: str = "<tr>") -> str:
        head = f'{row}<th scope="row">{_number(bar.number)}{self._link.html(bar.iri)}{self._new(bar)}</th>'
        body = f"<td>{self._years(bar)}{_strip(bar, axis)}{self._phases(bar)}{self._open(bar)}</td></tr>\n"
        below = (self._bar(part, axis, '<tr class="part">') for part in bar.parts)
        return f"{head}{body}{''.join(below)}"

    def _new(self, bar: Bar) -> str:
        return f' <span class="badge">{self._t("rich.new")}</span>' if bar.new else ""

    def _years(self, bar: Bar) -> str:
        return f'<span class="span">{self.span(bar.start, bar.end)}</span>' if bar.start or bar.end else ""

    def _phases(self, bar: Bar) -> str:
        """The phases in words, as printed."""
        if not bar.runs:
            return ""
        when = [(self.span(run.first, run.last), run.label) for run in bar.dated]
        when += [(f"<em>{self._t('rich.no_year')}</em>", run.label) for run in bar.undated]
        runs = (f'<span>{years} <span lang="ja">{escaped(label)}</span></span> ' for years, label in when)
        return f'<span class="runs">{"".join(runs)}</span>'

    def _open(self, bar: Bar) -> str:
        named = (
            (self._t(message), state)
            for name, state in bar.gaps
            for end, message in _OPEN
            if name.endswith(end)
        )
        return "".join(
            f'<span class="runs"><span>{what} {self._gap(state)}</span></span>' for what, state in named
        )

    def _gap(self, state: str) -> str:
        if state not in self._gaps:
            name = f"{state}_value"
            self._gaps[state] = f'<span class="badge {name}">{self._t(f"badge.{name}")}</span>'
        return self._gaps[state]

    def _with(self, partners: Sequence[str], leads: bool) -> str:
        if not partners:
            return ""
        lead = f'<span class="badge">{self._t("rich.leads")}</span> ' if leads else ""
        rest = len(partners) - MOST_PARTNERS
        more = f" {self._t('rich.more', n=rest)}" if rest > 0 else ""
        shown = self._link.every(partners[:MOST_PARTNERS])
        return f'<tr class="with"><td colspan="2">{lead}{self._t("rich.with")} {shown}{more}</td></tr>'

    def _item(self, bar: Bar) -> str:
        years = self.span(bar.start, bar.end) if bar.start or bar.end else ""
        when = f' <span class="quiet nums nowrap">{years}</span>' if years else ""
        return f"<li>{self._link.html(bar.iri)}{self._new(bar)}{when}</li>"

    def _happening(self, plan: Happening, search: str, year: int, unfold: bool) -> str:
        name, rest = self._link.name(plan.edition), plan.total - len(plan.shown)
        opened = " open" if unfold and plan.total <= MOST_UNFOLDED else ""
        count = f'<span class="quiet nums">{self._t("rich.n_items", n=plan.total)}</span>'
        items = "".join(f"<li>{self._link.html(iri)}{_beside(text)}</li>" for iri, text in plan.shown)
        address = f"{search}&plan={plan.edition.partition('/id/plan/')[2]}&year={year}"
        more = f'<p class="small"><a href="{escaped(address)}">{self._t("rich.more", n=rest)}</a></p>\n'
        page = self._link.to(plan.edition, self._t("rich.page_of", name=name))
        return (
            f"<details{opened}><summary>{name} {count}</summary>\n<ul>{items}</ul>\n"
            f'{more if rest > 0 else ""}<p class="small">{page}</p>\n</details>\n'
        )

    def _plan(self, city: str, plan: str, address: str, number: int) -> str:
        count = f'<a class="nums" href="{escaped(address)}">{self._t("rich.n_items", n=number)}</a>'
        return f"<li>{self._link.name(city)} {self._link.html(plan)} {count}</li>"

    def _cite(self, cite: Cite) -> str:
        where = self._link.html(cite.edition)
        if cite.element and cite.element != cite.edition:
            where = f"{where}<br>{self._link.html(cite.element)}"
        words = self._link.to(cite.node, cite.text)
        return f'<tr><td>{where}</td><td lang="ja">{words}</td><td>{self.lines(cite.lines)}</td></tr>\n'

    def _kpi(self, kpi: Kpi, table: KpiTable) -> str:
        head = f'<tr><th scope="row">{self._link.html(kpi.iri)} {self._direction(kpi)}</th>'
        if not table.valued:
            return f"{head}</tr>\n"
        baseline = "".join(map(self._baseline, kpi.of("baseline")))
        targets: dict[int | None, str] = {}
        for item in kpi.of("target"):
            targets[item.year] = targets.get(item.year, "") + self._figure(item)
        years = [*table.years, None] if table.undated else table.years
        cells = (f"<td>{targets.get(year, '')}</td>" for year in years)
        return f"{head}<td>{baseline}</td>{''.join(cells)}</tr>\n"

    def _baseline(self, item: Figure) -> str:
        year = f' <span class="quiet">({item.year})</span>' if item.year else ""
        return f"{self._figure(item)}{year}"

    def _figure(self, item: Figure) -> str:
        if item.status == "unknown":
            return self._gap("unknown")
        none = f' <span class="state">{self._t("rich.is_none")}</span>' if item.status == "none" else ""
        return f'<span lang="ja">{escaped(item.text)}</span>{none}'

    def _cell(self, cell: Cell) -> str:
        text = self._t("rich.value_unknown") if cell.status == "unknown" else Markup(escaped(cell.text))
        link = self._link.to(cell.iri, text, marks=' lang="ja"')
        return f'<td class="num">{link}{"" if cell.bar is None else _BAR.format(cell.bar)}</td>'

    def _direction(self, kpi: Kpi) -> str:
        if not kpi.direction:
            return ""
        label = self._t(f"rich.direction_{kpi.direction}")
        return f'<i class="direction" role="img" aria-label="{label}">{_ARROWS[kpi.direction]}</i>'


def _beside(text: str) -> str:
    return f' <span class="quiet" lang="ja">{escaped(text)}</span>' if text else ""


def _number(number: str) -> str:
    return f'<span class="no">{escaped(number)}</span> ' if number else ""


def _strip(bar: Bar, axis: Axis | None) -> str:
    """The chart of one row: a thin bar for its years, blocks for its phases."""
    own = axis.span(bar.start, bar.end) if axis else ""
    if axis is None or not (own or bar.dated):
        return ""
    blocks = (
        f'<i class="{at} {kind}"></i>'
        for run in bar.dated
        if (at := axis.span(run.first, run.last))
        for kind in run.kinds or ("other",)
    )
    return f'<b class="strip">{f"""<i class="{own}"></i>""" if own else ""}{"".join(blocks)}</b>'
