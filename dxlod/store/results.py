"""Reading answers: SPARQL 1.1 Query Results JSON (https://www.w3.org/TR/sparql11-results-json/) and row counts."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from dxlod.errors import QueryError
from dxlod.store.base import Rows, Term

__all__ = ["count_rows", "read_ask", "read_rows"]


def read_rows(body: bytes) -> Rows:
    """The solutions of a SELECT; QueryError when the answer is to another form."""
    document = json.loads(body)
    if "results" not in document:
        raise QueryError("SELECT ではない問い合わせです。", "This is no SELECT query.")
    variables = tuple(document["head"].get("vars", ()))
    rows = tuple(tuple(_term(row.get(name)) for name in variables) for row in document["results"]["bindings"])
    return Rows(variables, rows)


def read_ask(body: bytes) -> bool:
    """The answer to an ASK; QueryError when the answer is to another form."""
    document = json.loads(body)
    if "boolean" not in document:
        raise QueryError("ASK ではない問い合わせです。", "This is no ASK query.")
    return bool(document["boolean"])


def count_rows(body: bytes, media_type: str) -> int:
    """How many solutions an answer to a SELECT holds, in any of RESULT_FORMATS."""
    if media_type == "text/csv":
        return sum(1 for _ in csv.reader(io.StringIO(body.decode(), newline=""))) - 1
    if media_type == "text/tab-separated-values":
        return body.count(b"\n") - 1
    if media_type == "application/sparql-results+xml":
        return body.count(b"<result>")
    return len(json.loads(body)["results"]["bindings"])


def _term(binding: dict[str, Any] | None) -> Term | None:
    if binding is None:
        return None
    kind = "literal" if binding["type"] == "typed-literal" else binding["type"]
    return Term(kind, str(binding["value"]), binding.get("datatype", ""), binding.get("xml:lang", ""))
