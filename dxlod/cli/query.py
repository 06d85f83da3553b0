"""``dxlod query``: stdout carries results only."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from dxlod.errors import SettingsError
from dxlod.release import open_current
from dxlod.server.matching import answered
from dxlod.settings import Settings
from dxlod.site.place import open_index
from dxlod.store import Dataset, Engine, Form, Limits, RemoteEngine, Rows, check_query, open_engine
from dxlod.store.record import read_record, record_iri, record_query
from dxlod.store.results import read_rows

__all__ = ["run_query"]

_MEDIA = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json",
    "turtle": "text/turtle",
}


def _text(text: str | None, file: Path | None) -> str:
    if (text is None) == (file is None):
        raise SettingsError(
            "問い合わせを1つ、文字か -f で与えてください。", "Give one query, as text or with -f."
        )
    if text is not None:
        return sys.stdin.read() if text == "-" else text
    try:
        return Path(str(file)).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: 読めません。", f"{file}: cannot be read ({error}).") from error


def _engine(settings: Settings) -> Engine:
    """A store elsewhere is asked about what `dxlod push` has put there; about all it has, where nothing was pushed."""
    if not settings.endpoint:
        return open_engine(open_current(settings), settings)
    engine = RemoteEngine(settings.endpoint, settings)
    if settings.endpoint_graphs == "own":
        return engine
    iri = record_iri(settings.base)
    record = read_record(iri, engine.select(record_query(iri)))
    return RemoteEngine(settings.endpoint, settings, tuple(record.graphs))


def _draw(rows: Rows) -> None:
    table = Table(show_lines=False)
    for name in rows.variables:
        table.add_column(name, overflow="fold")
    for row in rows.rows:
        table.add_row(*("" if term is None else term.text for term in row))
    Console().print(table)


def run_query(settings: Settings, text: str | None, file: Path | None, form: str | None) -> None:
    """Answer from the current release, or from the store that the settings name."""
    asked = _text(text, file)
    checked = check_query(asked, Limits.of(settings))
    # What is wrong with a search is said before the data are loaded.
    dataset = _searched(settings, asked) if checked.calls else Dataset()
    engine = _engine(settings)
    if form in (None, "table") and checked.form is Form.SELECT:
        _draw(read_rows(engine.query(asked, _MEDIA["json"], dataset).body))
        return
    click.echo(engine.query(asked, _MEDIA.get(str(form), ""), dataset).body, nl=False)


def _searched(settings: Settings, asked: str) -> Dataset:
    """What the searches within a query find in the current release, wherever the query itself is asked."""
    reader = open_index(open_current(settings))
    try:
        return answered(reader, settings, asked)
    finally:
        reader.close()
