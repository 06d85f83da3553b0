"""``dxlod export``: the current release as a folder of plain files for any web server."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from dxlod.cli.progress import Reporter
from dxlod.release import open_current
from dxlod.server.export import export
from dxlod.settings import Settings

__all__ = ["run_export"]

_SHOWN = 10


def run_export(settings: Settings, target: Path, service: str, force: bool) -> None:
    """Export, and say what was written and how to put it on a host."""
    release = open_current(settings)
    with Reporter(sys.stderr) as reporter:
        done = export(release, settings, target, service=service, force=force, progress=reporter)
    size = done.bytes / 1e6
    click.echo(
        f"{target}: {release.version}, {done.files:,} ファイル / files, {size:,.1f} MB\n"
        "  置き方 / how to host it: hosting/nginx.conf, .htaccess, _headers + _redirects",
        err=True,
    )
    for place in done.broken[:_SHOWN]:
        click.echo(f"  リンク先がありません / leads nowhere: {place}", err=True)
    if len(done.broken) > _SHOWN:
        click.echo(f"  … {len(done.broken)}", err=True)
