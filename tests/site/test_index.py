from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from site_corpus import BASE, corpus, iri, nquads, write

from dxlod.errors import ReleaseError, StoreError
from dxlod.release import Release, open_release
from dxlod.release.manifest import sha256_of
from dxlod.release.terms import RDF_TYPE
from dxlod.settings import Settings
from dxlod.site.dictionary import NO_GRAPH, encode
from dxlod.site.index import INDEX, index_key, write_index
from dxlod.site.place import open_index
from dxlod.site.reader import SiteReader

TYPE = f"(SELECT id FROM term WHERE text = '{RDF_TYPE}')"
VERSION = "2026-01-01-0123abcd"


def make_release(folder: Path, **files: str) -> Release:
    """A release of these texts (`catalog` is catalog.nt) with a manifest that lists them; no index yet."""
    target = folder / VERSION
    (target / "dumps").mkdir(parents=True)
    write(target / "dumps" / "all.nq", corpus())
    for name, text in files.items():
        write(target / f"{name}.nt", text)
    names = ["dumps/all.nq", *(f"{name}.nt" for name in files)]
    entries: list[dict[str, Any]] = [
        {"path": name, "sha256": sha256_of(target / name), "bytes": 1, "media_type": "x", "triples": 1}
        for name in sorted(names)
    ]
    fields = {
        "version": VERSION,
        "tool": "t",
        "base": "b",
        "inputs": {},
        "graphs": {},
        "triples": 1,
        "seal": "s",
    }
    write(target / "manifest.json", json.dumps({**fields, "files": entries}))
    return open_release(Settings(releases=folder), VERSION)


def test_terms_are_numbered_in_natural_order(tmp_path: Path) -> None:
    data = encode(write(tmp_path / "all.nq", corpus()))
    numbers = [data.number(f"<{iri(f'id:plan/212016/dx/2025/initiative/{at}')}>") for at in (1, 2, 10)]
    assert numbers == sorted(numbers)
    assert 0 not in numbers
    assert data.number("<http://nowhere>") == 0
    assert all(data.number(data.term(at)) == at for at in range(1, len(data.terms) + 1))
    assert len(data.quads) == len(set(corpus().splitlines()))


def test_further_triples_count_for_what_the_dump_does_not_describe(tmp_path: Path) -> None:
    city, dataset = iri("id:lg/212016"), f"{BASE}dataset/x"
    more = f'<{dataset}> <{iri("dcterms:spatial")}> <{city}> .\n<{city}> <{iri("rdfs:label")}> "別"@ja .\n\n'
    data = encode(write(tmp_path / "all.nq", corpus()), [write(tmp_path / "catalog.nt", more)])
    assert [data.term(o) for s, _, o, g in data.quads if g == NO_GRAPH] == [f"<{city}>"]
    write_index(tmp_path / "all.nq", tmp_path / "site.sqlite", [tmp_path / "catalog.nt"])
    reader = SiteReader.open(tmp_path / "site.sqlite")
    assert reader.objects(city, iri("rdfs:label")) == ['"Gifu City"@en', '"岐阜市"@ja']
    assert (iri("dcterms:spatial"), dataset) in reader.backlinks(city, limit=20, offset=0)
    assert (reader.exists(dataset), reader.graph_of(dataset)) == (True, None)
    reader.close()


def test_the_same_triple_of_two_graphs_is_one_to_a_reader(tmp_path: Path) -> None:
    row = 'id:doc/abc a dxo:SourceDocument | rdfs:label "計画"@ja | dcterms:publisher id:lg/1'
    text = nquads(row, "graph:one") + nquads(row, "graph:two")
    write_index(write(tmp_path / "all.nq", text), tmp_path / "site.sqlite")
    reader = SiteReader.open(tmp_path / "site.sqlite")
    assert len(reader.describe(iri("id:doc/abc"))) == 3
    assert reader.objects(iri("id:doc/abc"), iri("rdfs:label")) == ['"計画"@ja']
    assert reader.instances(iri("dxo:SourceDocument")) == [iri("id:doc/abc")]
    assert reader.backlink_count(iri("id:lg/1")) == 1
    assert len(reader.backlinks(iri("id:lg/1"), limit=9, offset=0)) == 1
    reader.close()


def test_far_pages_of_a_great_fan_out_are_those_of_a_plain_list(tmp_path: Path) -> None:
    rows = "\n".join(f"id:x/{at} dxo:topic id:topic/t | dxo:cites id:topic/t" for at in range(2300))
    write_index(write(tmp_path / "all.nq", nquads(rows, "graph:g")), tmp_path / "site.sqlite")
    reader = SiteReader.open(tmp_path / "site.sqlite")
    topic = iri("id:topic/t")
    every = reader.backlinks(topic, limit=10_000, offset=0)
    assert len(every) == reader.backlink_count(topic) == 4600
    assert len({name for name, _ in every}) == 2
    for offset in (0, 1, 999, 1000, 1001, 2299, 2300, 3999, 4000, 4599, 4600, 9999):
        assert reader.backlinks(topic, limit=3, offset=offset) == every[offset : offset + 3], offset
    assert [row[0] for row in reader.rows("SELECT n FROM milestone")] == [1000, 2000, 3000, 4000]
    reader.close()


def test_an_index_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "site.sqlite"
    write_index(write(tmp_path / "all.nq", corpus()), target)
    before = target.read_bytes()
    with pytest.raises(ReleaseError):
        write_index(write(tmp_path / "bad.nq", corpus() + "no quad\n"), target)
    with pytest.raises(ReleaseError):
        write_index(tmp_path / "all.nq", target, [write(tmp_path / "bad.nt", '<a> <b> "open .\n')])
    assert target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("*site*")) == ["site.sqlite"]


def test_the_key_is_that_of_the_release(tmp_path: Path) -> None:
    release = make_release(tmp_path, catalog=f'<{BASE}c> <{iri("rdfs:label")}> "c" .\n')
    write_index(release.quads, release.path / INDEX, [release.path / "catalog.nt"])
    reader = open_index(release)
    assert (reader.path, reader.key) == (release.path / INDEX, index_key(release))
    assert reader.exists(f"{BASE}c")
    reader.close()


def test_what_is_missing_is_made_in_the_cache_once(tmp_path: Path) -> None:
    release = make_release(tmp_path)
    first = open_index(release)
    assert first.path.parent == tmp_path / ".cache" / "site"
    made = first.path.stat().st_mtime_ns
    first.close()
    second = open_index(release)
    assert (second.path, second.path.stat().st_mtime_ns) == (first.path, made)
    assert second.label(iri("id:lg/212016"), "en") == "Gifu City"
    second.close()


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-8192])


def scribbled(path: Path) -> None:
    path.write_bytes(b"x" * path.stat().st_size)


def of_other_data(path: Path) -> None:
    write_index(write(path.with_name("other.nq"), nquads("id:a a dxo:Plan", "graph:g")), path)


def without_a_table(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE facet")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("spoil", [cut_short, scribbled, of_other_data, without_a_table, Path.unlink])
def test_a_spoilt_index_is_made_anew(tmp_path: Path, spoil: Any) -> None:
    release = make_release(tmp_path)
    write_index(release.quads, release.path / INDEX)
    spoil(release.path / INDEX)
    reader = open_index(release)
    assert reader.path.parent == tmp_path / ".cache" / "site"
    assert reader.label(iri("id:lg/212016"), "en") == "Gifu City"
    reader.close()


def test_where_releases_cannot_be_written_to_the_index_is_temporary(tmp_path: Path) -> None:
    release = make_release(tmp_path)
    write(tmp_path / ".cache", "a file where the folder should be")
    reader = open_index(release)
    folder = reader.path.parent
    assert tmp_path not in folder.parents
    assert reader.exists(iri("id:lg/212016"))
    reader.close()
    assert not folder.exists()


def test_nowhere_to_write_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = make_release(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dxlod.site.place.write_index", full)
    with pytest.raises(StoreError) as caught:
        open_index(release)
    assert "空き容量" in caught.value.mend_ja


def test_the_index_of_the_published_plans_has_a_name_for_everything(releases: Path) -> None:
    release = open_release(Settings(releases=releases), (releases / "current").resolve().name)
    assert (release.path / INDEX).is_file()
    assert release.entry(INDEX) is None
    reader = open_index(release)
    assert reader.path == release.path / INDEX
    shown = {
        row[0][1:-1]
        for column, condition in (("s", "text LIKE '%/id/%'"), ("p", "1"), ("o", f"p = {TYPE}"))
        for row in reader.rows(f"SELECT DISTINCT text FROM quad JOIN term ON id = {column} WHERE {condition}")
    }
    assert len(shown) > 5000
    unnamed = shown - set(reader.labels(shown))
    assert not unnamed, sorted(unnamed)[:20]
    reader.close()
