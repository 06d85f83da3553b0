"""Solutions from elsewhere as inline data: SPARQL 1.1 Query Results JSON in, a group with VALUES out.

Nothing that came from outside gets into the query unless it is a whole term of a form that is known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from dxlod.errors import EndpointError

__all__ = ["values_block"]

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
    variables = " ".join(f"?{name}" for name in names)
    return f"{{ VALUES ({variables}) {{ {' '.join(rows)} }} }}"


def _row(row: dict[str, Any], names: Sequence[str]) -> str:
    return f"({' '.join(_term(row[name]) if name in row else 'UNDEF' for name in names)})"


def _term(term: dict[str, str]) -> str:
    kind, text = term["type"], term["value"]
    if kind == "uri":
        return _iri(text)
    if kind not in ("literal", "typed-literal"):
        raise ValueError("it has blank nodes; FILTER them out within SERVICE")
    quoted = f'"{_SPECIAL.sub(lambda found: _SIGNS[found.group()], text)}"'
    if "xml:lang" in term:
        if not _TAG.fullmatch(term["xml:lang"]):
            raise ValueError("a language tag is not well formed")
        return f"{quoted}@{term['xml:lang']}"
    return f"{quoted}^^{_iri(term['datatype'])}" if "datatype" in term else quoted


def _iri(text: str) -> str:
    if not _IRI.fullmatch(text):
        raise ValueError("an IRI is not well formed")
    return f"<{text}>"
