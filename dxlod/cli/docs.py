"""``dxlod docs``: generated documentation, and whether it is stale."""

from __future__ import annotations

from pathlib import Path

import click

from dxlod.release.queries import queries_page
from dxlod.settings import default_home
from dxlod.table.contract import load_contract
from dxlod.table.dataset import Dataset
from dxlod.table.docs import tables_page
from dxlod.table.quality import quality_page

__all__ = ["generated", "run_docs"]


def generated() -> dict[str, str]:
    """Generated pages by their path below the repository."""
    questions = default_home() / "tests" / "competency"
    data = Dataset.at(Path(default_home()) / "data")
    return {
        "docs/quality.md": quality_page(data),
        "docs/tables.md": tables_page(load_contract()),
        "docs/queries.md": queries_page(questions),
    }


def run_docs(check_only: bool) -> int:
    """Write the pages, or return 1 where one is stale."""
    stale = 0
    for name, text in generated().items():
        path = Path(default_home()) / name
        old = path.read_text("utf-8") if path.exists() else ""
        if old == text:
            continue
        stale += 1
        if check_only:
            click.echo(f"{name}: 古くなっています / stale（dxlod docs）", err=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            click.echo(f"{name}: 書き直しました / written", err=True)
    return 1 if check_only and stale else 0
