"""One extraction from beginning to end: document, layout, tables of the body, new tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dxlod.document import Document, read_document
from dxlod.extraction.coverage import Coverage, coverage
from dxlod.extraction.run import Reading, finish_reading, read_draft
from dxlod.extraction.save import plan_writes, save
from dxlod.layout import Layout, find_layout
from dxlod.layout.draft import Draft, Note
from dxlod.layout.reference import Reference
from dxlod.model.lines import Lines
from dxlod.table.contract import load_contract
from dxlod.table.csvfile import render, write_file
from dxlod.table.dataset import Dataset
from dxlod.table.register import Register

__all__ = ["Outcome", "extract", "known_documents"]

Record = dict[str, str]
NO_CODE = "000000"  # no body has it: its check digit does not match


@dataclass(frozen=True)
class Outcome:
    """What an extraction did: the reading, its coverage, and the files written."""

    reading: Reading
    coverage: Coverage
    written: list[Path]


def _reviewed(tables: Dataset, document: Document, code: str) -> list[Record]:
    """Corrections reviewed for this document; those of another text of the same file name are passed on too,
    so that the reading can say that it is unreviewed."""
    rows = [row for row in tables.rows("correction", code) if row["method"] == "reviewed"]
    mine = [row for row in rows if row["sha256"] == document.sha256]
    if mine:
        return mine
    sources = {row["id"] for row in tables.rows("source", code) if row["file"] == document.file}
    return [row for row in rows if row["source"] in sources]


def _code_of(document: Document, layout: Layout, reference: Reference, code: str) -> str:
    """The code given, or that of the municipality the document names; else the placeholder, which `check` reports."""
    if code:
        return code
    draft = Draft(document, reference)
    layout.read(draft)
    return reference.codes.get(draft.municipality, NO_CODE)


def _code_note(municipality: str) -> Note:
    return Note(
        "code-unknown",
        f"発行した地方公共団体「{municipality}」の全国地方公共団体コードが分かりません。仮に {NO_CODE} としました。"
        "--code で指定するか、data/shared/municipality.csv に加えて読み直してください。",
        f"The code of the local government “{municipality}” is not known; {NO_CODE} stands in for it. "
        "Give it with --code, or add it to data/shared/municipality.csv, and read again.",
        Lines(),
    )


def extract(
    path: Path, layout_name: str, output: Path, *, shared: Path, code: str = "", force: bool = False,
    descriptions: bool = False,
) -> Outcome:  # fmt: skip
    """Extract one document into ``output``. ``shared`` is the data folder whose shared tables are used."""
    document, layout = read_document(path), find_layout(layout_name)
    common = Dataset.at(shared)
    reference = Reference.of(common.rows("municipality"), common.rows("work"))
    code = _code_of(document, layout, reference, code)
    output.mkdir(parents=True, exist_ok=True)
    target = Dataset.at(output)
    reviewed = _reviewed(target, document, code) or _reviewed(common, document, code)
    draft = read_draft(document, layout, reference, reviewed)
    if code == NO_CODE:
        draft.notes.append(_code_note(draft.municipality))
    ids = target.rows("id_register", code) or common.rows("id_register", code)
    register = Register.load(code, ids)
    reading = finish_reading(draft, register, layout, document)
    written = save(plan_writes(target, reading, register, load_contract()), force=force)
    if descriptions:
        written.append(_write_descriptions(target, draft, reading))
    return Outcome(reading, coverage(draft), written)


def _write_descriptions(target: Dataset, draft: Draft, reading: Reading) -> Path:
    """The running prose, in a table of its own that version control ignores."""
    table = target.contract["description"]
    rows = []
    for number, (row, kind, lines) in enumerate(draft.prose, start=1):
        text = "\n".join(draft.line(n).strip() for n in lines if draft.line(n).strip())
        rows.append({
            "code": reading.code, "id": f"{reading.plan}-{reading.edition}-{number}", "municipality": reading.municipality,
            "plan": reading.plan, "edition": reading.edition, "table": row.table if row else "plan",
            "key": row.key if row else "", "kind": kind, "text": text, "lines": str(lines),
        })  # fmt: skip
    path = target.path(table, reading.code)
    others = [
        r
        for r in target.rows(table, reading.code)
        if (r["plan"], r["edition"]) != (reading.plan, reading.edition)
    ]
    write_file(path, render(table, [*others, *rows]))
    return path


def known_documents(data: Path) -> Iterator[tuple[str, Record]]:
    """Code and source row of every document that the tables name, in the order of plan and edition."""
    tables = Dataset.at(data)
    for code in tables.codes():
        for row in tables.rows("source", code):
            yield code, row
