"""`dxlod push` to real servers: whole, again, broken off and resumed, a changed release (`-m servers`)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dxlod.release import FileEntry, Release
from dxlod.store import RemoteEngine
from dxlod.store.push import Report, push, release_digest
from dxlod.store.record import Record, read_record, record_iri, record_query
from dxlod.store.target import GraphStore, UpdateStore, writers

from .engine_servers import Server

pytestmark = pytest.mark.servers
FOREIGN = "urn:example:foreign"
LINE = '<urn:example:a> <urn:example:b> "c" .\n'
NAMES = {"gsp": GraphStore, "update": UpdateStore}


@pytest.fixture
def empty(server: Server) -> Iterator[Server]:
    """The server without what earlier tests have left, but with a graph that is not ours."""
    writer = next(writers(server.web, server.places, "gsp"))
    engine = RemoteEngine(server.places.query, server.settings())
    ours = f'FILTER(STRSTARTS(STR(?g), "https://w3id.org/dxlod/") || STR(?g) = "{FOREIGN}")'
    for row in engine.select(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} {ours} }}").rows:
        assert row[0] is not None
        writer.drop(row[0].text)
    writer.replace(FOREIGN, [[LINE]])
    yield server
    assert lines_of(server, FOREIGN) == {LINE.strip()}


def lines_of(server: Server, graph: str) -> set[str]:
    engine = RemoteEngine(server.places.query, server.settings())
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    return set(engine.construct(query, "application/n-triples").decode().splitlines())


def record_of(server: Server, release: Release) -> Record:
    iri = record_iri(release.manifest.base)
    engine = RemoteEngine(server.places.query, server.settings())
    return read_record(iri, engine.select(record_query(iri)))


def assert_whole(server: Server, release: Release) -> None:
    lines = release.quads.read_text("utf-8").splitlines()
    for graph in release.manifest.graphs:
        ending = f" <{graph}> ."
        assert lines_of(server, graph) == {
            line.removesuffix(ending) + " ." for line in lines if line.endswith(ending)
        }
    record = record_of(server, release)
    assert (record.sha256, record.version) == (release_digest(release), release.version)
    assert set(record.graphs) == set(release.manifest.graphs)


def go(server: Server, release: Release, method: str = "auto", **options: int) -> Report:
    return push(release, server.web, server.places, method=method, **options)  # type: ignore[arg-type]


def changed(release: Release, folder: Path) -> tuple[Release, str, str, str]:
    """Another release: one graph gone, one new, one with another triple; and these three."""
    gone, other, *_ = sorted(release.manifest.graphs)
    new = f"{release.manifest.base}/graph/plan/999999/dx/2030"
    lines = [line for line in release.quads.read_text("utf-8").splitlines(True) if f" <{gone}> ." not in line]
    lines += [f'<urn:example:x> <urn:example:y> "{name}" <{name}> .\n' for name in (new, other)]
    (folder / "dumps").mkdir(parents=True)
    (folder / "dumps" / "all.nq").write_text("".join(sorted(lines)), "utf-8")
    graphs = {name: count for name, count in release.manifest.graphs.items() if name != gone}
    graphs |= {new: 1, other: graphs[other] + 1}
    files = (FileEntry("dumps/all.nq", "0" * 64, 1, "application/n-quads", 1),)
    manifest = replace(release.manifest, version="2030-01-01-00000000", graphs=graphs, files=files)
    return Release(folder, manifest, ""), gone, other, new


@pytest.mark.parametrize("method", ["gsp", "update"])
def test_a_push_is_whole_and_a_second_sends_nothing(method: str, empty: Server, release: Release) -> None:
    report = go(empty, release, method)
    assert (report.method, len(report.plan.send), report.wrong) == (method, len(release.manifest.graphs), {})
    assert_whole(empty, release)
    again = go(empty, release, method)
    assert (again.method, again.plan.send, again.plan.done) == ("", (), True)


def test_only_what_has_changed_is_sent(empty: Server, release: Release, tmp_path: Path) -> None:
    go(empty, release)
    other, gone, altered, new = changed(release, tmp_path / "other")
    report = go(empty, other)
    assert {part.iri for part in report.plan.send} == {altered, new}
    assert report.plan.drop == (gone,)
    assert_whole(empty, other)
    assert lines_of(empty, gone) == set()
    back = go(empty, release)
    assert {part.iri for part in back.plan.send} == {altered, gone}
    assert back.plan.drop == (new,)
    assert_whole(empty, release)


def test_a_dry_run_writes_nothing(empty: Server, release: Release) -> None:
    plan = push(release, empty.web, empty.places, dry_run=True).plan
    assert len(plan.send) == len(release.manifest.graphs)
    assert not record_of(empty, release).graphs
    assert not any(lines_of(empty, part.iri) for part in plan.send)


def test_a_graph_that_was_altered_is_mended(empty: Server, release: Release) -> None:
    go(empty, release)
    graph = max(release.manifest.graphs)
    writer = next(writers(empty.web, empty.places, "gsp"))
    writer.add(graph, [LINE])
    assert [part.iri for part in go(empty, release).plan.send] == [graph]
    assert_whole(empty, release)


def test_a_push_that_was_killed_goes_on(empty: Server, release: Release) -> None:
    command = [sys.executable, "-m", "dxlod.cli", "push", empty.url, "--releases", str(release.path.parent)]
    environ = {**os.environ, **empty.environment}
    with subprocess.Popen(
        [*command, "--method", "update", "--batch", "200"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environ,
    ) as process:
        assert process.stderr is not None
        # The twelfth graph is the first of a plan: it is under way now, in many parts.
        assert any(re.search(r" 12/\d+ ", line) for line in process.stderr)
        process.send_signal(signal.SIGKILL)
    half = record_of(empty, release)
    assert (half.sha256, len(half.graphs)) == ("", len(release.manifest.graphs))
    sent = {graph for graph, digest in half.graphs.items() if digest}
    assert len(sent) == 11
    finished = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    assert finished.returncode == 0, finished.stderr
    assert f"{len(release.manifest.graphs) - 11} graphs" in finished.stdout
    assert "11 kept" in finished.stdout
    assert_whole(empty, release)


def test_a_wrong_password_is_no_way_in(empty: Server, release: Release) -> None:
    if not empty.user:
        environ = {**os.environ, "DXLOD_ENDPOINT_PASSWORD": "wrong"}
        expected = 0
    else:
        environ = {**os.environ, "DXLOD_ENDPOINT_USER": empty.user, "DXLOD_ENDPOINT_PASSWORD": "wrong"}
        expected = 2
    command = [sys.executable, "-m", "dxlod.cli", "push", empty.url, "--releases", str(release.path.parent)]
    finished = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    assert finished.returncode == expected, finished.stderr
    assert ("let us in" in finished.stderr) is bool(expected)


def test_shared_graphs_of_another_publisher_stay(empty: Server, release: Release, tmp_path: Path) -> None:
    go(empty, release)
    theirs = replace(
        changed(release, tmp_path / "other")[0].manifest,
        base="https://data.example.jp/dx",
        version="2030-01-01-11111111",
    )
    other = Release(tmp_path / "other", theirs, "")
    gone = min(release.manifest.graphs)
    go(empty, other)
    # What they do not have is ours all the same, and what both have is not dropped with them.
    assert lines_of(empty, gone)
    nothing = replace(theirs, graphs={}, version="2030-01-01-22222222")
    (tmp_path / "none" / "dumps").mkdir(parents=True)
    (tmp_path / "none" / "dumps" / "all.nq").write_text("")
    report = go(empty, Release(tmp_path / "none", nothing, ""))
    assert report.plan.drop == (f"{release.manifest.base}/graph/plan/999999/dx/2030",)
    # The one that they had sent otherwise is sent anew.
    altered = sorted(release.manifest.graphs)[1]
    assert [part.iri for part in go(empty, release).plan.send] == [altered]
    assert_whole(empty, release)
    next(writers(empty.web, empty.places, "gsp")).drop(record_iri("https://data.example.jp/dx"))
