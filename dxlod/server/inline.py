"""Solutions from elsewhere as inline data: SPARQL 1.1 Query Results JSON in, a group with VALUES out.

Nothing that came from outside gets into the query unless it is a whole term of a form that is known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from dxlod.errors import EndpointError

__all__ = ["block_of", "iri_text", "literal_text", "values_block"]

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]*")
_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_SIGNS = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
_SPECIAL = re.compile(r'[\\"\n\r]')


def values_block(endpoint: str, body: bytes) -> str:
    """The group; EndpointError when the body is no such answer, or has blank nodes, which VALUES cannot hold."""
    try:
        document = json.loads(body)
        names = [str(name) for name in document["head"]["vars"]]
        rows = [_row(row, names) for row in document["results"]["bindings"]]
        if not all(_NAME.fullmatch(name) for name in names):
            raise ValueError("a variable has no plain name")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EndpointError(
            f"{endpoint} の答えを読めません。", f"The answer of {endpoint} cannot be used: {error}."
        ) from error
    return block_of(names, rows)


def block_of(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A group with these variables and rows of terms as SPARQL writes them."""
    variables = " ".join(f"?{name}" for name in names)
    lines = " ".join(f"({' '.join(row)})" for row in rows)
    return f"{{ VALUES ({variables}) {{ {lines} }} }}"


def iri_text(iri: str) -> str:
    """An IRI as SPARQL writes it; ValueError when it is not well formed."""
    if not _IRI.fullmatch(iri):
        raise ValueError("an IRI is not well formed")
    return f"<{iri}>"


def literal_text(text: str, *, language: str = "", datatype: str = "") -> str:
    """A literal as SPARQL writes it; ValueError when its language tag or datatype is not well formed."""
    quoted = f'"{_SPECIAL.sub(lambda found: _SIGNS[found.group()], text)}"'
    if language:
        if not _TAG.fullmatch(language):
            raise ValueError("a language tag is not well formed")
        return f"{quoted}@{language}"
    return f"{quoted}^^{iri_text(datatype)}" if datatype else quoted


def _row(row: dict[str, Any], names: Sequence[str]) -> list[str]:
    return [_term(row[name]) if name in row else "UNDEF" for name in names]


def _term(term: dict[str, str]) -> str:
    kind, text = term["type"], term["value"]
    if kind == "uri":
        return iri_text(text)
    if kind not in ("literal", "typed-literal"):
        raise ValueError("it has blank nodes; FILTER them out within SERVICE")
    if "xml:lang" in term:
        return literal_text(text, language=term["xml:lang"])
    return literal_text(text, datatype=term.get("datatype", ""))
