"""``dxlod build``: tables checked, mapped, validated, written; progress on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys

import click

from dxlod.cli.progress import Reporter
from dxlod.pipeline import build_current
from dxlod.settings import Settings

__all__ = ["run_build"]


def run_build(settings: Settings) -> None:
    """Build and say which release is current."""
    with Reporter(sys.stderr) as reporter:
        release = build_current(settings, reporter)
    click.echo(f"公開版 / current release: {release.version}", err=True)
