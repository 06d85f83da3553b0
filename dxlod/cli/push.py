"""``dxlod push``: progress goes to stderr, what was done to stdout."""

from __future__ import annotations

import click

from dxlod.errors import SettingsError
from dxlod.release import open_current
from dxlod.settings import Settings
from dxlod.store.push import Report, push
from dxlod.store.target import Places, find_places
from dxlod.store.web import Web

__all__ = ["run_push"]

_WORDS = {"send": "送信 / send", "drop": "削除 / drop", "count": "件数の確認 / count"}


def run_push(
    settings: Settings,
    url: str,
    *,
    method: str,
    batch: int,
    dry_run: bool,
    update_url: str,
    graphs_url: str,
) -> int:
    """Exit code: 0 when the store holds the release (or would), 1 when a graph there is not as it should be."""
    if not url.startswith(("http://", "https://")):
        raise SettingsError(f"{url} は http(s) の URL ではありません。", f"{url} is no http(s) URL.")
    web = Web(settings.endpoint_user, settings.endpoint_password, timeout=max(60.0, settings.query_timeout))
    release = open_current(settings)
    places = _with(find_places(web, url), update_url, graphs_url)
    report = push(release, web, places, method=method, batch=batch, dry_run=dry_run, notice=_show)
    for line in _lines(report, release.version, dry_run=dry_run):
        click.echo(line)
    return 1 if report.wrong else 0


def _with(places: Places, update_url: str, graphs_url: str) -> Places:
    """Where a service is given, it is that one and no other."""
    if not update_url and not graphs_url:
        return places
    return Places(places.query, (update_url,) if update_url else (), (graphs_url,) if graphs_url else ())


def _show(kind: str, graph: str, nth: int, total: int) -> None:
    click.echo(f"{_WORDS[kind]} {nth}/{total} {graph}".rstrip(), err=True)


def _lines(report: Report, version: str, *, dry_run: bool) -> list[str]:
    plan = report.plan
    triples = sum(part.triples for part in plan.send)
    lines = [
        f"{version}: グラフ {len(plan.send)} 件（{triples} トリプル）を送信、{len(plan.keep)} 件はそのまま、"
        f"{len(plan.drop)} 件を削除{'（予定のみ）' if dry_run else ''}",
        f"{version}: {len(plan.send)} graphs ({triples} triples) sent, {len(plan.keep)} kept, "
        f"{len(plan.drop)} dropped{', planned only' if dry_run else ''}",
    ]
    if dry_run:
        lines += [f"  send {part.iri}" for part in plan.send] + [f"  drop {graph}" for graph in plan.drop]
    for graph, (stated, found) in report.wrong.items():
        lines.append(f"{graph}: {found} ≠ {stated}（件数が違います / another number of triples）")
    return lines
