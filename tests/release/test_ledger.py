"""The ledger: what is written is read again, each file says only what is new, and faults are named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dxlod.errors import ReleaseError
from dxlod.release import Entry, History, read_ledger
from dxlod.release.ledger import write_entry
from dxlod.release.subjects import Thing, subjects_of
from dxlod.release.terms import parse_quads

BASE = "https://example.jp/dx"
GRAPH = f"{BASE}/graph/plan/212016/dx/2025"
ID = f"{BASE}/id/plan/212016/dx/2025/initiative/"
KIND = "https://w3id.org/dxlod/ns#Initiative"


def thing(digest: str, ja: str = "窓口", en: str = "Counter") -> Thing:
    return Thing(digest, KIND, ja, en)


def entry(version: str, things: dict[str, Thing], files: dict[str, str]) -> Entry:
    return Entry(
        version, version[:10], files, {(GRAPH, f"{ID}{key}"): value for key, value in things.items()}, BASE, 7
    )


FIRST = entry(
    "2026-04-01-00000001",
    {"1": thing("a" * 12), "2": thing("b" * 12, "", ""), "3": thing("c" * 12, "三", "")},
    {"x.ttl": "1", "y.ttl": "2"},
)
SECOND = entry(
    "2026-04-01-00000000",
    {"1": thing("a" * 12), "2": thing("d" * 12, "", ""), "4": thing("e" * 12)},
    {"x.ttl": "1", "z.ttl": "3"},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_entry(tmp_path, FIRST, None)
    write_entry(tmp_path, SECOND, FIRST)
    return tmp_path


def same(one: Entry, other: Entry) -> bool:
    left, right = (
        (item.version, item.date, item.files, item.subjects, item.base, item.triples) for item in (one, other)
    )
    return left == right


def test_what_is_written_is_read_in_the_order_of_publication(folder: Path) -> None:
    entries = read_ledger(folder, BASE)
    assert len(entries) == 2
    assert same(entries[0], FIRST)
    assert same(entries[1], SECOND)
    assert entries[0].digest != entries[1].digest


def test_a_later_file_says_only_what_differs(folder: Path) -> None:
    fields = json.loads((folder / f"{SECOND.version}.json").read_text(encoding="utf-8"))
    assert fields["previous"] == FIRST.version
    assert fields["files"] == {"y.ttl": None, "z.ttl": "3"}
    assert fields["subjects"] == {
        GRAPH: {f"{KIND} {ID}": {"2": ["d" * 12], "3": None, "4": ["e" * 12, "窓口", "Counter"]}}
    }


def test_each_subject_has_a_line_of_its_own(folder: Path) -> None:
    lines = (folder / f"{FIRST.version}.json").read_text(encoding="utf-8").splitlines()
    assert '    "1": ["aaaaaaaaaaaa", "窓口", "Counter"],' in lines
    assert '    "3": ["cccccccccccc", "三"]' in lines


def test_another_publisher_has_another_history(folder: Path) -> None:
    assert read_ledger(folder, "https://w3id.org/dxlod") == ()


def test_no_folder_is_no_history(tmp_path: Path) -> None:
    assert read_ledger(tmp_path / "none", BASE) == ()


def test_line_ends_and_spaces_do_not_count(folder: Path) -> None:
    before = [item.digest for item in read_ledger(folder, BASE)]
    for path in folder.glob("*.json"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert [item.digest for item in read_ledger(folder, BASE)] == before


def test_a_gap_is_named(folder: Path) -> None:
    (folder / f"{FIRST.version}.json").unlink()
    with pytest.raises(ReleaseError, match=f"what follows -: {SECOND.version}"):
        read_ledger(folder, BASE)


def test_two_publications_at_the_same_time_are_named(folder: Path) -> None:
    write_entry(folder, entry("2026-05-01-00000002", {}, {}), FIRST)
    with pytest.raises(
        ReleaseError, match=f"what follows {FIRST.version}: {SECOND.version}, 2026-05-01-00000002"
    ):
        read_ledger(folder, BASE)


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("no JSON", "{"),
        ("another version", json.dumps({"version": "x", "date": "", "base": BASE, "previous": ""})),
        ("no base", json.dumps({"version": FIRST.version})),
        (
            "no files",
            json.dumps({"version": FIRST.version, "date": "", "base": BASE, "previous": "", "triples": 1}),
        ),
        (
            "subjects that are none",
            json.dumps(
                {"version": FIRST.version, "date": "", "base": BASE, "previous": "", "triples": 1, "files": {},
                 "subjects": {"g": {"k i": {"1": ["a", "b", "c", "d"]}}}}
            ),
        ),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, fault: str, text: str) -> None:
    (tmp_path / f"{FIRST.version}.json").write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseError, match=rf"{FIRST.version}\.json cannot be read"):
        read_ledger(tmp_path, BASE)


def test_a_publication_that_does_not_end_leaves_the_ledger_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(path.name for path in folder.iterdir())
    monkeypatch.setattr("dxlod.release.files.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_entry(folder, entry("2026-05-01-00000002", {}, {}), SECOND)
    assert sorted(path.name for path in folder.iterdir()) == before


def test_dates_of_a_file() -> None:
    history = History("2026-06-01", (FIRST, SECOND))
    assert history.modified("x.ttl", "1") == FIRST.date
    assert history.modified("x.ttl", "2") == "2026-06-01"
    assert history.issued("y.ttl") == "2026-04-01"
    assert history.issued("new.ttl") == "2026-06-01"


LINES = """
<https://w3id.org/dxlod/a> <http://purl.org/dc/terms/isReplacedBy> <https://w3id.org/dxlod/b> <urn:g> .
<https://w3id.org/dxlod/b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/A> <urn:g> .
<https://w3id.org/dxlod/b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/dxlod/ns#Z> <urn:g> .
<https://w3id.org/dxlod/b> <http://www.w3.org/2000/01/rdf-schema#label> "Name"@en <urn:g> .
<https://w3id.org/dxlod/b> <http://www.w3.org/2000/01/rdf-schema#label> "名\\n前"@ja <urn:g> .
<https://w3id.org/dxlod/b> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <urn:x> <urn:h> .
""".strip().splitlines()


def test_subjects_have_a_digest_in_each_graph_a_class_and_labels() -> None:
    found = subjects_of(parse_quads(LINES))
    assert sorted(found) == [("urn:g", "https://w3id.org/dxlod/b"), ("urn:h", "https://w3id.org/dxlod/b")]
    one, other = (found[graph, "https://w3id.org/dxlod/b"] for graph in ("urn:g", "urn:h"))
    assert one[1:] == other[1:] == ("https://w3id.org/dxlod/ns#Z", "名 前", "Name")
    assert one.digest != other.digest
    assert len(one.digest) == 12


def test_what_has_no_class_went() -> None:
    assert not [iri for _, iri in subjects_of(parse_quads(LINES)) if iri.endswith("/a")]
    assert [iri for _, iri in subjects_of(parse_quads(LINES[:1]), bare=True)] == ["https://w3id.org/dxlod/a"]
