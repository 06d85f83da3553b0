"""A plan document: its bytes' digest and its lines."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from dxlod.errors import DocumentError

__all__ = ["Document", "read_document"]

_ENCODINGS = ("utf-8-sig", "cp932", "euc_jp")


@dataclass(frozen=True)
class Document:
    """A document's file name, SHA-256 of its bytes, and lines over LF. ``line(1)`` is the first."""

    file: str
    sha256: str
    lines: tuple[str, ...]

    def line(self, number: int) -> str:
        """Line ``number``, counted from 1; empty where the document has no such line."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


def decode(data: bytes, name: str) -> str:
    """Text of a document in UTF-8 (with or without BOM), windows-31j, EUC-JP or UTF-16 with BOM."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DocumentError(
        f"{name}: 文字コードを判別できません。",
        f"{name}: the character encoding is not known.",
        mend_ja="UTF-8 のテキストとして保存し直してください。",
        mend_en="Save the file again as UTF-8 text.",
    )


def document_of(name: str, data: bytes) -> Document:
    """A document from its bytes. CRLF and CR count as one line end, so that line numbers agree."""
    text = decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    return Document(name, hashlib.sha256(data).hexdigest(), tuple(lines))


def read_document(path: Path) -> Document:
    """Read a plan document. Raises DocumentError where it is absent, empty or not text."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(
            f"{path}: 文書を開けません（{error.strerror}）。",
            f"{path}: cannot be opened ({error.strerror}).",
            mend_ja="ファイル名と置き場所を確かめてください（DXLOD_SOURCES で置き場所を指定できます）。",
            mend_en="Check the name and the folder (DXLOD_SOURCES names the folder of the documents).",
        ) from error
    if not data.strip():
        raise DocumentError(
            f"{path}: 文書が空です。",
            f"{path}: the document is empty.",
            mend_ja="変換し直した文書を指定してください。",
            mend_en="Convert the document to text again.",
        )
    if b"\x00" in data and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise DocumentError(
            f"{path}: テキストではありません。",
            f"{path}: is not text.",
            mend_ja="PDF や Excel は先にテキストへ変換してください。",
            mend_en="Convert a PDF or an Excel file to text first.",
        )
    return document_of(path.name, data)
