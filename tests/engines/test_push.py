"""Pushing a release to a store: what is sent, in what parts, and what happens when the store behaves badly."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode

from dxlod.cli import main
from dxlod.errors import ReleaseError, RemoteStoreError
from dxlod.release import FileEntry, Manifest, Release
from dxlod.store.parts import cut
from dxlod.store.push import Report, push
from dxlod.store.record import record_iri
from dxlod.store.target import find_places
from dxlod.store.web import Web

from .fake_store import FakeStore, Fault, fake_store

BASE = "https://data.example.jp/dx"
RECORD = f"{BASE}/graph/release"


@pytest.fixture
def store() -> Iterator[FakeStore]:
    with fake_store() as running:
        yield running


def make(folder: Path, graphs: dict[str, int], version: str = "2026-01-01-00000000") -> Release:
    """A release of graphs with so many triples each."""
    lines = [
        f'<urn:example:{n}> <urn:example:p> "市 \\"{n}\\" <{name}> ."@ja <{BASE}/graph/{name}> .\n'
        for name, count in graphs.items()
        for n in range(count)
    ]
    (folder / "dumps").mkdir(parents=True)
    (folder / "dumps" / "all.nq").write_text("".join(sorted(lines)), "utf-8")
    counts = {f"{BASE}/graph/{name}": count for name, count in sorted(graphs.items())}
    files = (
        FileEntry(
            "dumps/all.nq", hashlib.sha256("".join(lines).encode()).hexdigest(), 1, "application/n-quads", 1
        ),
    )
    return Release(folder, Manifest(version, "dxlod", BASE, {}, counts, len(lines), files), "")


def go(store: FakeStore, release: Release, method: str = "auto", batch: int = 0, **web: object) -> Report:
    client = Web(wait=lambda _: None, **web)  # type: ignore[arg-type]
    return push(release, client, find_places(client, store.url), method=method, batch=batch)


def expected(release: Release, name: str) -> set[str]:
    ending = f" <{BASE}/graph/{name}> ."
    lines = release.quads.read_text("utf-8").splitlines()
    return {line.removesuffix(ending) + " ." for line in lines if line.endswith(ending)}


def writes(store: FakeStore) -> list[tuple[str, str]]:
    return [(method, path) for method, path in store.seen if path != "/query"]


@pytest.mark.parametrize(("method", "batch"), [("gsp", 0), ("gsp", 7), ("update", 0), ("update", 7)])
def test_graphs_arrive_whole(method: str, batch: int, store: FakeStore, tmp_path: Path) -> None:
    release = make(tmp_path, {"a": 20, "b": 1, "c": 7})
    assert go(store, release, method, batch).wrong == {}
    for name in ("a", "b", "c"):
        assert store.graph(f"{BASE}/graph/{name}") == expected(release, name) != set()
    store.seen.clear()
    assert go(store, release, method, batch).plan.done
    assert writes(store) == []


def test_batches_are_no_larger_than_said(store: FakeStore, tmp_path: Path) -> None:
    sizes: list[int] = []

    def note(method: str, path: str, body: bytes) -> None:
        if path == "/store" and b"@ja" in body:
            sizes.append(body.count(b"\n"))

    store.faulty = note
    go(store, make(tmp_path, {"a": 20}), "gsp", 7)
    assert sizes == [7, 7, 6]


def test_only_differences_are_sent_and_what_went_is_dropped(store: FakeStore, tmp_path: Path) -> None:
    go(store, make(tmp_path / "1", {"a": 3, "b": 2, "c": 1}))
    plan = go(store, make(tmp_path / "2", {"a": 3, "b": 4, "d": 1}, "2026-02-01-00000000")).plan
    assert [part.iri for part in plan.send] == [f"{BASE}/graph/b", f"{BASE}/graph/d"]
    assert plan.drop == (f"{BASE}/graph/c",)
    assert store.graph(f"{BASE}/graph/c") == set()
    assert len(store.graph(f"{BASE}/graph/b")) == 4


def test_a_release_of_the_same_data_sends_its_name_only(store: FakeStore, tmp_path: Path) -> None:
    go(store, make(tmp_path / "1", {"a": 3}))
    report = go(store, make(tmp_path / "2", {"a": 3}, "2026-02-01-00000000"))
    assert report.plan.send == ()
    assert any('"2026-02-01-00000000"' in line for line in store.graph(RECORD))


def test_what_is_not_ours_is_left_alone(store: FakeStore, tmp_path: Path) -> None:
    store.data.update("INSERT DATA { GRAPH <urn:example:theirs> { <urn:a> <urn:b> 1 } <urn:c> <urn:d> 2 }")
    before = store.graph("urn:example:theirs")
    go(store, make(tmp_path / "1", {"a": 3}))
    go(store, make(tmp_path / "2", {}))
    assert store.graph("urn:example:theirs") == before != set()
    assert store.data.query("ASK { <urn:c> <urn:d> 2 }")


def test_a_broken_push_goes_on(store: FakeStore, tmp_path: Path) -> None:
    release = make(tmp_path, dict.fromkeys("abcdef", 5))

    def break_off(method: str, path: str, body: bytes) -> Fault | None:
        return Fault(0) if sum(1 for seen in store.seen if seen == ("PUT", "/store")) > 4 else None

    store.faulty = break_off
    with pytest.raises(RemoteStoreError, match="cannot be reached"):
        go(store, release)
    store.faulty = lambda *_: None
    plan = go(store, release).plan
    # The record itself was the first.
    assert [part.iri[-1] for part in plan.keep] == ["a", "b", "c"]
    assert [part.iri[-1] for part in plan.send] == ["d", "e", "f"]
    assert all(len(store.graph(f"{BASE}/graph/{name}")) == 5 for name in "abcdef")


def test_a_busy_store_is_waited_for(store: FakeStore, tmp_path: Path) -> None:
    waited: list[float] = []
    faults = iter([Fault(503, headers=(("Retry-After", "7"),)), Fault(502), Fault(0)])
    store.faulty = lambda method, path, body: next(faults, None)
    web = Web(wait=waited.append)
    push(make(tmp_path, {"a": 3}), web, find_places(web, store.url))
    assert len(store.graph(f"{BASE}/graph/a")) == 3
    assert waited == [7.0, 14.0, 28.0]


def test_patience_ends(store: FakeStore, tmp_path: Path) -> None:
    store.faulty = lambda method, path, body: Fault(503, b"later") if path == "/store" else None
    with pytest.raises(RemoteStoreError, match="503: later"):
        go(store, make(tmp_path, {"a": 3}), "gsp")
    assert writes(store).count(("PUT", "/store")) == 5


def test_where_there_is_no_graph_store_updates_are_sent(store: FakeStore, tmp_path: Path) -> None:
    store.faulty = lambda method, path, body: Fault(405) if path == "/store" else None
    assert go(store, make(tmp_path, {"a": 3})).method == "update"
    assert len(store.graph(f"{BASE}/graph/a")) == 3


@pytest.mark.parametrize("status", [400, 413])
@pytest.mark.parametrize("method", ["gsp", "update"])
def test_what_is_too_much_at_once_is_sent_in_halves(
    status: int, method: str, store: FakeStore, tmp_path: Path
) -> None:
    sizes: list[int] = []

    def fussy(method: str, path: str, body: bytes) -> Fault | None:
        sizes.append(body.count(b"@ja"))
        return Fault(status) if body.count(b"@ja") > 120 else None

    store.faulty = fussy
    release = make(tmp_path, {"a": 1000, "b": 300})
    assert go(store, release, method).wrong == {}
    assert store.graph(f"{BASE}/graph/a") == expected(release, "a")
    # Once learnt, nothing larger is tried again.
    assert [size for size in sizes if size > 120] == [1000, 500, 250, 125]


@pytest.mark.parametrize("scheme", ["Basic", "Digest"])
def test_a_password_is_given_where_it_is_asked_for(scheme: str, store: FakeStore, tmp_path: Path) -> None:
    store.password, store.scheme = "secret", scheme
    assert go(store, make(tmp_path, {"a": 3}), user="user", password="secret").wrong == {}
    assert "Authorization" not in store.headers[0]
    refused = sum("Authorization" not in headers for headers in store.headers)
    # Once for each service of the store, not with each request.
    assert refused <= len({path for _, path in store.seen}) < len(store.seen)


def test_no_password_is_given_unasked(store: FakeStore, tmp_path: Path) -> None:
    go(store, make(tmp_path, {"a": 3}), user="user", password="secret")
    assert not any("Authorization" in headers for headers in store.headers)


def test_without_a_password_there_is_no_way_in(store: FakeStore, tmp_path: Path) -> None:
    store.password = "secret"
    with pytest.raises(RemoteStoreError, match="let us in"):
        go(store, make(tmp_path, {"a": 3}))


def test_a_store_that_loses_triples_is_found_out(store: FakeStore, tmp_path: Path) -> None:
    lossy = f"{BASE}/graph/b"
    release = make(tmp_path, {"a": 3, "b": 3})

    def lose(method: str, path: str, body: bytes) -> Fault | None:
        first = next(store.data.quads_for_pattern(None, None, None, NamedNode(lossy)), None)
        if path == "/query" and first is not None and b"COUNT" in body:
            store.data.remove(first)
        return None

    store.faulty = lose
    assert go(store, release).wrong == {lossy: (3, 2)}
    assert not any("version" in line for line in store.graph(RECORD))
    store.faulty = lambda *_: None
    assert [part.iri for part in go(store, release).plan.send] == [lossy]
    assert any("version" in line for line in store.graph(RECORD))


@pytest.mark.parametrize("path", ["", "/", "/query", "/update", "/store"])
def test_services_are_found(path: str, store: FakeStore) -> None:
    places = find_places(Web(), store.url + path)
    assert places.query == f"{store.url}/query"
    assert f"{store.url}/update" in places.updates
    assert f"{store.url}/store" in places.graphs


def test_where_nothing_is_nothing_is_found(store: FakeStore) -> None:
    with pytest.raises(RemoteStoreError, match="No SPARQL endpoint"):
        find_places(Web(), f"{store.url}/elsewhere")


def test_a_dump_that_is_not_as_stated_is_not_sent(tmp_path: Path) -> None:
    release = make(tmp_path, {"a": 3})
    fewer = replace(release, manifest=replace(release.manifest, graphs={f"{BASE}/graph/a": 2}))
    other = replace(release, manifest=replace(release.manifest, graphs={f"{BASE}/graph/b": 3}))
    for wrong in (fewer, other):
        with pytest.raises(ReleaseError, match="manifest"), cut(wrong):
            pass


def test_the_command(store: FakeStore, releases: Path) -> None:
    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["push", store.url, "--releases", str(releases), *words])
        return result.exit_code, result.output

    assert run("--dry-run")[0] == 0
    assert writes(store) == []
    code, output = run()
    assert (code, "0 kept, 0 dropped" in output) == (0, True)
    assert "1/" in output
    assert "0 graphs (0 triples) sent" in run()[1]
    assert record_iri("https://w3id.org/dxlod") in {str(name.value) for name in store.data.named_graphs()}
    store.faulty = lambda method, path, body: Fault(404)
    assert run()[0] == 2
    assert CliRunner().invoke(main, ["push", "nowhere"]).exit_code == 2


def test_temporary_files_are_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with cut(make(tmp_path / "release", {"a": 3})) as parts:
        assert len(os.listdir(tmp_path)) == 2
        assert [len(batch) for part in parts for batch in part.batches(2)] == [2, 1]
    assert os.listdir(tmp_path) == ["release"]
