"""``dxlod extract``."""

from __future__ import annotations

from pathlib import Path

import click

from dxlod.errors import SettingsError
from dxlod.extraction.coverage import Coverage
from dxlod.extraction.job import Outcome, known_documents
from dxlod.extraction.job import extract as run_one
from dxlod.layout import layouts
from dxlod.settings import Settings

__all__ = ["run_extract"]


def _jobs(
    settings: Settings, document: Path | None, layout_name: str | None, code: str, sources: Path | None
) -> list[tuple[Path, str, str]]:
    if document is not None:
        if not layout_name:
            raise SettingsError(
                "読取様式を --layout で指定してください。",
                "Name the layout with --layout.",
                mend_ja=f"次から選べます: {', '.join(sorted(layouts()))}",
                mend_en=f"There are: {', '.join(sorted(layouts()))}",
            )
        return [(document, layout_name, code)]
    if sources is None:
        raise SettingsError(
            "文書の置き場所が分かりません。",
            "The folder of the documents is not known.",
            mend_ja="--sources または環境変数 DXLOD_SOURCES で指定してください。",
            mend_en="Name it with --sources or the environment variable DXLOD_SOURCES.",
        )
    return [
        (sources / row["file"], row["layout"], row_code) for row_code, row in known_documents(settings.data)
    ]


def _print_report(coverage: Coverage) -> None:
    click.echo(f"# {coverage.file}: {coverage.total} 行 / lines")
    click.echo(f"used by rows\t{coverage.rows}")
    for kind, lines in coverage.prose.items():
        click.echo(f"prose, not copied ({kind})\t{lines}")
    for reason, lines in coverage.ignored.items():
        click.echo(f"ignored ({reason})\t{lines}")
    click.echo(f"unaccounted\t{coverage.unaccounted or 0}")


def _say(path: Path, outcome: Outcome) -> None:
    counts = {name: len(rows) for name, rows in outcome.reading.tables.items() if rows}
    shown = ", ".join(f"{name} {count}" for name, count in counts.items())
    click.echo(f"{path.name}: {shown}", err=True)
    click.echo(
        f"  書き込み {len(outcome.written)} 件・未読の行 {len(list(outcome.coverage.unaccounted))}"
        f" / {len(outcome.written)} files written, {len(list(outcome.coverage.unaccounted))} lines unaccounted for",
        err=True,
    )


def _warn(outcome: Outcome) -> None:
    """What a person must know before trusting the tables at all."""
    for row in outcome.reading.tables["finding"]:
        if row["finding"] in ("code-unknown", "unreviewed"):
            click.echo(f"  {row['message_ja']}\n  {row['message_en']}", err=True)


def run_extract(
    settings: Settings,
    *,
    document: Path | None,
    layout_name: str | None,
    output: Path | None,
    everything: bool,
    sources: Path | None,
    code: str,
    force: bool,
    report: bool,
    descriptions: bool,
    list_layouts: bool,
) -> int:
    """Run the extraction(s). Returns 1 where lines stay unaccounted for, else 0."""
    if list_layouts:
        for layout in layouts().values():
            click.echo(f"{layout.name}\t{layout.ja}\t{layout.en}")
        return 0
    if document is None and not everything and not report:
        raise SettingsError(
            "文書を指定するか --all を付けてください。",
            "Name a document, or use --all.",
            mend_ja="dxlod extract --help",
        )
    lost = 0
    for path, name, owner in _jobs(settings, document, layout_name, code, sources):
        outcome = run_one(
            path,
            name,
            output or settings.data,
            shared=settings.data,
            code=owner,
            force=force,
            descriptions=descriptions,
        )
        _say(path, outcome)
        _warn(outcome)
        if report:
            _print_report(outcome.coverage)
        lost += bool(outcome.coverage.unaccounted)
    return 1 if lost else 0
