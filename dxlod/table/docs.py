"""Documentation of the tables (``docs/tables.md``), made from the contract."""

from __future__ import annotations

from collections.abc import Iterator

from dxlod.table.contract import Column, Contract, Table

__all__ = ["tables_page"]

_HEAD = """# 表の定義 / Table contract

この文書は `dxlod/table/contract.toml` から作られます（`dxlod docs`）。直接は編集しません。
Made from `dxlod/table/contract.toml` by `dxlod docs`; do not edit.

- ファイル名は `{団体コード}_{物理名}.csv`。UTF-8（BOM付き）、CRLF、見出しは日本語名。読むときは英語名・物理名の見出し、windows-31j も受け付けます。
- File names are `{code}_{physical name}.csv`: UTF-8 with BOM, CRLF, Japanese headers. Readers also accept English or physical headers and windows-31j.
- 区分: ◎ 必須 / ○ 推奨 / 空欄 任意。リストは `;` 区切り。年度は西暦。原文行は `120-134;150` の形です。
- ◎ required, ○ recommended, blank optional. Lists are joined with `;`, years are western, source lines read `120-134;150`.
- **空欄**は「原文にその項目がない」こと、`なしと明記された項目` は「原文がなしと書いている」こと、`不明な項目` は「原文にあるはずの値が読み取れない」ことを表します。
- A **blank** cell: the source has no such slot. A column listed under `stated_none`: the source says none. Under `unknown`: the source has or should have a value that cannot be read.
"""


def _type(column: Column) -> str:
    text = f"{column.type}{' list' if column.many else ''}"
    if column.codes:
        text += f" ({column.codes})"
    if column.ref:
        text += f" → {column.ref}"
    if column.pattern:
        text += f" `{column.pattern}`"
    return text


def _section(table: Table) -> Iterator[str]:
    yield f"\n## {table.ja} / {table.en} — `{table.name}`\n"
    notes = [f"ファイル / file: `{table.file_name('{code}')}`"]
    if table.rdf_class:
        notes.append(f"クラス / class: `{table.rdf_class}`")
    if table.curated:
        notes.append("人が整える表 / curated by a person; extraction never writes it")
    if table.private:
        notes.append("公開しない表 / private; version control ignores it")
    yield "; ".join(notes) + "\n"
    yield "| 区分 | 日本語名 | English | 物理名 | 型 / type | RDF | IMI |"
    yield "|---|---|---|---|---|---|---|"
    for c in table.columns:
        yield f"| {c.level} | {c.ja} | {c.en} | `{c.name}` | {_type(c)} | {_code(c.term)} | {_code(c.imi)} |"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def tables_page(contract: Contract) -> str:
    """The page, as Markdown."""
    lines = [_HEAD]
    for table in contract:
        lines.extend(_section(table))
    lines.append("\n## 選択肢 / Controlled lists\n")
    lines.extend(
        f"- `{name}`: {', '.join(f'`{item}`' for item in items)}" for name, items in contract.lists.items()
    )
    return "\n".join(lines) + "\n"
