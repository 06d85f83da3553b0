"""``dxlod build``: tables checked, mapped, validated, written; progress on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys

import click

from dxlod.cli.progress import Reporter
from dxlod.pipeline import build_current
from dxlod.release import Work
from dxlod.settings import Settings

__all__ = ["run_build"]

_SHOWN = 5


def run_build(settings: Settings, publish: str = "") -> None:
    """Build, publish under a date if one is given, and say which release is current and what was done."""
    work = Work()
    with Reporter(sys.stderr) as reporter:
        release = build_current(settings, reporter, publish=publish, work=work)
    for line in _told(work, publish, release.version):
        click.echo(line, err=True)
    click.echo(f"公開版 / current release: {release.version}", err=True)


def _told(work: Work, publish: str, version: str) -> list[str]:
    lines = []
    if work.written or work.reused:
        new, old = len(work.written), len(work.reused)
        lines.append(f"書き出し {new} 件、前回のまま {old} 件 / dumps written {new}, taken over {old}")
    if work.discarded:
        lines.append(f"古い未公開版を削除 / old unpublished builds removed: {', '.join(work.discarded)}")
    if work.published:
        lines.append(
            f"公開台帳に記録しました。版管理に加えてください / added to the ledger, to be committed: {version}"
        )
    elif publish:
        lines.append(
            f"すでに公開済みです。何も変えていません / already published, nothing changed: {version}"
        )
    if work.differing:
        names = ", ".join(work.differing[:_SHOWN]) + (" …" if len(work.differing) > _SHOWN else "")
        lines.append(
            f"注意: 公開時とバイトが違うファイル {len(work.differing)} 件（{names}）。ライブラリの版を確かめてください。\n"
            f"Note: {len(work.differing)} files are not what was published; look at the versions of libraries."
        )
    return lines
