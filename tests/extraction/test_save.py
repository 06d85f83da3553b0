"""Extraction onto tables: reviewed corrections, edits refused, other editions kept, unreviewed documents said."""

from __future__ import annotations

from pathlib import Path

import pytest

from dxlod.document import document_of, read_document
from dxlod.errors import DocumentError, EditedTableError, LayoutError
from dxlod.extraction.coverage import coverage
from dxlod.extraction.job import extract
from dxlod.extraction.run import finish_reading, read_draft
from dxlod.extraction.save import plan_writes, save
from dxlod.layout import Layout, find_layout
from dxlod.layout.draft import Draft
from dxlod.layout.reference import Reference
from dxlod.model.lines import Lines
from dxlod.table.check import check_dataset
from dxlod.table.contract import load_contract
from dxlod.table.csvfile import read_rows
from dxlod.table.dataset import Dataset
from dxlod.table.register import Register

TEXT = "緑川市DX計画\n目次 1\n1\t市民サービス\n2\t庁内業備\n"


def read(draft: Draft) -> None:
    draft.identify(
        municipality="緑川市", plan="dx", edition="2030", lines=Lines.of(1), title=draft.line(1), plan_title=draft.line(1),
        status="adopted",
    )  # fmt: skip
    for number in range(2, draft.last + 1):
        cells = draft.line(number).split("\t")
        if len(cells) == 2:
            draft.add("policy", Lines.of(number), part=cells[0], number=cells[0], title=cells[1])
        else:
            draft.ignore(Lines.of(number), "contents page")


LAYOUT = Layout("green", "緑川", "green", read)


def write(
    folder: Path, text: str = TEXT, reviewed: list[dict[str, str]] | None = None, force: bool = False
) -> list[str]:
    document = document_of("a.txt", text.encode())
    draft = read_draft(document, LAYOUT, Reference(), reviewed or [])
    tables = Dataset.at(folder)
    register = Register.load("212016", tables.rows("id_register", "212016"))
    reading = finish_reading(draft, register, LAYOUT, document)
    return [path.name for path in save(plan_writes(tables, reading, register, load_contract()), force=force)]


def policies(folder: Path) -> list[tuple[str, str]]:
    table = load_contract()["policy"]
    return [(row["id"], row["title"]) for row in read_rows(folder / "212016" / "212016_policy.csv", table)]


def correction(sha256: str) -> dict[str, str]:
    row = dict.fromkeys([column.name for column in load_contract()["correction"].columns], "")
    return row | {
        "sha256": sha256,
        "lines": "4",
        "as_printed": "業備",
        "as_read": "業務",
        "reason": "誤字",
        "method": "reviewed",
    }


def test_reading_twice_writes_nothing_the_second_time(tmp_path: Path) -> None:
    assert "212016_policy.csv" in write(tmp_path)
    assert policies(tmp_path) == [("dx-2030-1", "市民サービス"), ("dx-2030-2", "庁内業備")]
    assert write(tmp_path) == []


def test_an_edit_is_shown_and_kept(tmp_path: Path) -> None:
    write(tmp_path)
    path = tmp_path / "212016" / "212016_policy.csv"
    path.write_bytes(path.read_bytes().replace("業備".encode(), "業務".encode()))
    with pytest.raises(EditedTableError, match="庁内業務"):
        write(tmp_path)
    assert policies(tmp_path)[1][1] == "庁内業務"
    assert write(tmp_path, force=True) == ["212016_policy.csv"]
    assert policies(tmp_path)[1][1] == "庁内業備"


def test_a_reviewed_correction_is_applied_and_recorded(tmp_path: Path) -> None:
    sha256 = document_of("a.txt", TEXT.encode()).sha256
    write(tmp_path, reviewed=[correction(sha256)])
    assert policies(tmp_path)[1][1] == "庁内業務"
    rows = read_rows(tmp_path / "212016" / "212016_correction.csv", load_contract()["correction"])
    assert [(r["lines"], r["as_printed"], r["as_read"], r["method"]) for r in rows] == [
        ("4", "業備", "業務", "reviewed")
    ]


def test_another_text_is_read_without_the_corrections_and_says_so(tmp_path: Path) -> None:
    write(tmp_path, text=TEXT + "3\t地域\n", reviewed=[correction("0" * 64)])
    findings = read_rows(tmp_path / "212016" / "212016_finding.csv", load_contract()["finding"])
    assert [row["finding"] for row in findings] == ["unreviewed"]
    assert policies(tmp_path)[1][1] == "庁内業備"


def test_other_editions_stay(tmp_path: Path) -> None:
    write(tmp_path)
    path = tmp_path / "212016" / "212016_policy.csv"
    text = path.read_text("utf-8-sig")
    other = text.splitlines()[1].replace("2030", "2025")
    path.write_text(text.splitlines()[0] + "\r\n" + other + "\r\n", "utf-8-sig", newline="")
    write(tmp_path)
    assert [key for key, _ in policies(tmp_path)] == ["dx-2025-1", "dx-2030-1", "dx-2030-2"]


def test_a_column_somebody_added_is_not_dropped(tmp_path: Path) -> None:
    write(tmp_path)
    path = tmp_path / "212016" / "212016_policy.csv"
    lines = path.read_text("utf-8-sig").splitlines()
    path.write_text(
        "\r\n".join(f"{line},{note}" for line, note in zip(lines, ("備考", "大切", ""), strict=True)),
        "utf-8-sig",
        newline="",
    )
    with pytest.raises(EditedTableError, match="大切"):
        write(tmp_path)


def test_every_line_is_accounted_for() -> None:
    draft = read_draft(document_of("a.txt", TEXT.encode()), LAYOUT, Reference())
    report = coverage(draft)
    assert str(report.rows) == "1;3-4"
    assert report.ignored == {"contents page": Lines.of(2)}
    assert not report.unaccounted


@pytest.mark.parametrize("data", [b"", b"  \n", b"%PDF-1.7\x00\x01"])
def test_what_is_no_text_is_refused_with_a_way_out(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(DocumentError) as caught:
        read_document(tmp_path / "a.txt")
    assert caught.value.mend_ja


def test_an_unknown_layout_names_those_there_are() -> None:
    with pytest.raises(LayoutError, match="mino"):
        find_layout("nowhere")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "euc_jp", "utf-16"])
def test_any_usual_encoding_and_line_end_reads_the_same(encoding: str) -> None:
    assert document_of("a.txt", TEXT.replace("\n", "\r\n").encode(encoding)).lines == tuple(TEXT.splitlines())


def test_a_city_of_unknown_code_is_read_and_said(tmp_path: Path) -> None:
    fixtures = Path(__file__).resolve().parents[1] / "layout" / "fixtures"
    source = next(iter(sorted(fixtures.glob("tokushima_*.txt"))))
    shared = Path(__file__).resolve().parents[2] / "data"
    outcome = extract(source, "tokushima", tmp_path, shared=shared)
    assert outcome.reading.code == "000000"
    assert "code-unknown" in [row["finding"] for row in outcome.reading.tables["finding"]]
    assert [f.code for f in check_dataset(Dataset.at(tmp_path)) if f.file == "000000"] == ["check-digit"]
