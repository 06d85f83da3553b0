"""Read one document with one layout: corrections, layout, citations, keys, evidence, records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dxlod.document import Document
from dxlod.errors import LayoutError
from dxlod.extraction.bodies import name_bodies
from dxlod.extraction.citations import cite_works
from dxlod.extraction.corrections import apply_reviewed, printed_form
from dxlod.extraction.evidence import Evidence
from dxlod.extraction.finish import BODY_TABLES, allot_keys, record_id, records
from dxlod.layout import Layout
from dxlod.layout.draft import Draft, Note
from dxlod.layout.reference import Reference
from dxlod.model.lines import Lines
from dxlod.model.text import fold
from dxlod.table.contract import Contract, load_contract
from dxlod.table.register import Claim, Register

__all__ = ["Reading", "finish_reading", "read_draft"]

Record = dict[str, str]


@dataclass(frozen=True)
class Reading:
    """What one document gave: whose it is, its edition, and the records of each table."""

    code: str
    municipality: str
    plan: str
    edition: str
    tables: Mapping[str, list[Record]]


def read_draft(
    document: Document, layout: Layout, reference: Reference, reviewed: Sequence[Record] = ()
) -> Draft:
    """Apply the reviewed corrections and let the layout read. Raises LayoutError where no plan is recognised."""
    corrected, applied, notes = apply_reviewed(document, reviewed)
    draft = Draft(corrected, reference)
    draft.corrections.extend(applied)
    draft.notes.extend(notes)
    layout.read(draft)
    if not draft.municipality or not draft.of("plan"):
        raise LayoutError(
            f"{document.file}: 読取様式「{layout.name}」では計画の名称・自治体名を読み取れません。",
            f"{document.file}: layout “{layout.name}” finds no plan title or municipality in it.",
            mend_ja="文書と読取様式の組み合わせを確かめてください。",
            mend_en="Check that the layout fits the document.",
        )
    name_bodies(draft)
    _link_bureaus(draft)
    cite_works(draft)
    draft.notes.extend(_retained(draft))
    return draft


def _link_bureaus(draft: Draft) -> None:
    """A division printed with its bureau's name belongs to that bureau, where the bureau is a row too."""
    units = {str(row.cells["name"]): row for row in draft.of("organization")}
    for name, row in units.items():
        if row.cells.get("parent") is None and row.cells.get("kind") != "collective":
            bureaus = (name[:end] for end in range(len(name) - 1, 1, -1) if name[end - 1] in "局部")
            row.cells["parent"] = next((units[bureau] for bureau in bureaus if bureau in units), None)


def _retained(draft: Draft) -> list[Note]:
    evidence = Evidence(draft.document, draft.corrections, load_contract())
    return [note for row in draft.rows for note in evidence.check(row)]


def finish_reading(draft: Draft, register: Register, layout: Layout, original: Document) -> Reading:
    """Allot keys and render the records of every table."""
    contract = load_contract()
    allot_keys(draft, register)
    body = {"code": register.code, "municipality": draft.municipality}
    tables = records(draft, contract, body)
    tables["source"] = [_source(draft, layout, original, body)]
    tables["correction"] = _corrections(draft, register, body)
    tables["finding"] = _findings(draft, contract, body)
    keyed = [
        t.name for t in contract if t.extracted and t.name not in (*BODY_TABLES, "plan", "source", "finding")
    ]
    register.retire_unclaimed(draft.plan, draft.edition, keyed)
    return Reading(register.code, draft.municipality, draft.plan, draft.edition, tables)


def _base(draft: Draft, table: str, key: str, body: Mapping[str, str], contract: Contract) -> Record:
    record = {column.name: "" for column in contract[table].columns}
    record.update(body)
    record.update(plan=draft.plan, edition=draft.edition)
    if contract[table].has("key"):
        record["key"] = key
    record["id"] = record_id(contract[table], draft.plan, draft.edition, key)
    if contract[table].has("source"):
        record["source"] = f"{draft.plan}-{draft.edition}-s1"
    return record


def _source(draft: Draft, layout: Layout, original: Document, body: Mapping[str, str]) -> Record:
    plan = draft.of("plan")[0]
    record = _base(draft, "source", "s1", body, load_contract())
    record.update(
        file=original.file,
        sha256=original.sha256,
        title=str(plan.cells["title"]),
        publisher=str(plan.cells.get("publisher") or ""),
        issued=str(plan.cells.get("issued") or ""),
        line_count=str(len(original.lines)),
        layout=layout.name,
        lines=str(plan.lines),
        unknown=";".join(["rights", *(c for c in plan.unknown if c in ("publisher", "issued"))]),
    )
    return record


def _corrections(draft: Draft, register: Register, body: Mapping[str, str]) -> list[Record]:
    contract = load_contract()
    rows = sorted(draft.corrections, key=lambda c: (c.line, c.method != "reviewed"))
    claims = [Claim("", f"{c.line}:{printed_form(c.as_printed)}") for c in rows]
    keys = register.allot((draft.plan, draft.edition, "correction"), "", claims)
    result = []
    for correction, key in zip(rows, keys, strict=True):
        record = _base(draft, "correction", key, body, contract)
        record.update(
            sha256=draft.document.sha256,
            lines=str(correction.line),
            as_printed=printed_form(correction.as_printed),
            as_read=printed_form(correction.as_read),
            reason=correction.reason,
            method=correction.method,
            alternative=correction.alternative,
        )
        result.append(record)
    return result


def _findings(draft: Draft, contract: Contract, body: Mapping[str, str]) -> list[Record]:
    result = []
    for number, note in enumerate(sorted(draft.notes, key=_note_order), start=1):
        record = _base(draft, "finding", f"f{number}", body, contract)
        row = note.row
        record.update(
            lines=str(note.lines),
            table=row.table if row else "",
            row=record_id(contract[row.table], draft.plan, draft.edition, row.key) if row else "",
            column=note.column,
            finding=note.code,
            message_ja=note.ja,
            message_en=note.en,
        )
        result.append(record)
    return result


def _note_order(note: Note) -> tuple[tuple[tuple[int, int], ...], str, str, str]:
    lines: Lines = note.lines
    return lines.ranges, note.code, note.column, fold(note.ja)
