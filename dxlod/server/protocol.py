"""What a request to the SPARQL endpoint asks (SPARQL 1.1 Protocol, 2.1): pure functions of its parts.

Whatever cannot be read raises RequestError with the status that says why. Text is UTF-8 everywhere; bytes that are no
UTF-8, half of a surrogate pair included, are refused instead of being replaced by something else.
"""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from werkzeug.http import parse_options_header

from dxlod.errors import RequestError
from dxlod.store import Dataset

__all__ = [
    "ALLOWED",
    "DIRECT",
    "FORM",
    "Asked",
    "Pairs",
    "asks_nothing",
    "read_asked",
    "read_body",
    "read_pairs",
]

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
ALLOWED = "GET, HEAD, POST, OPTIONS"
_UPDATE = "application/sparql-update"
_NO_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_UTF8 = ("", "utf-8", "utf8", "us-ascii", "ascii")

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """What a request asks: query text, dataset, and the format named by `format=` ('' when by Accept)."""

    query: str
    dataset: Dataset
    format: str


def read_pairs(query_string: bytes, most: int) -> Pairs:
    """The parameters of a URL's query string, of at most `most` bytes (414 beyond it)."""
    if len(query_string) > most:
        raise RequestError(
            414,
            f"URL の「?」の後は {most} バイトまでです。長い問い合わせは POST で送ってください。",
            f"After the ? of a URL at most {most} bytes are read; send longer queries by POST.",
        )
    return _pairs(query_string)


def read_body(headers: Mapping[str, str], body: bytes) -> Pairs:
    """The parameters in the body of a POST, a form or a query as it is (415 for other types)."""
    kind, options = parse_options_header(headers.get("content-type", ""))
    if kind.lower() not in (FORM, DIRECT, _UPDATE):
        raise _unsupported(
            f"Content-Type は {FORM} か {DIRECT} です。", f"Content-Type must be {FORM} or {DIRECT}."
        )
    charset = options.get("charset", "").lower()
    if charset not in _UTF8:
        raise _unsupported(
            f"charset は utf-8 です（{charset}）。", f"The charset must be utf-8, not {charset}."
        )
    if headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise _unsupported("圧縮せずに送ってください。", "Send the body without Content-Encoding.")
    if kind.lower() == FORM:
        return _pairs(body)
    name = "update" if kind.lower() == _UPDATE else "query"
    return [(name, _utf8(body))]


def asks_nothing(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether this is a request for the service description: nothing of the query operation is there."""
    ours = (
        "query",
        "update",
        "default-graph-uri",
        "named-graph-uri",
        "using-graph-uri",
        "using-named-graph-uri",
    )
    return not any(name in ours for name, _ in pairs)


def read_asked(pairs: Pairs) -> Asked:
    """The query, its dataset and its format; exactly one query, and no update (403, for this service only reads)."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    queries, updates = given.get("query", ()), given.get("update", ())
    if len(updates) == 1 and not queries:
        raise RequestError(
            403,
            "このサービスは読み取り専用です。更新（SPARQL Update）はできません。",
            "This service only reads: SPARQL Update is not available.",
        )
    if len(queries) != 1 or updates:
        raise RequestError(400, "query をひとつだけ指定してください。", "Give exactly one query parameter.")
    query = queries[0].removeprefix("\ufeff")
    if not query.strip():
        raise RequestError(400, "query が空です。", "The query is empty; give exactly one.")
    dataset = Dataset(_iris(given.get("default-graph-uri", ())), _iris(given.get("named-graph-uri", ())))
    formats = (value for name, value in pairs if name in ("format", "output") and value)
    return Asked(query, dataset, next(formats, ""))


def _iris(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(value for value in values if value)


def _pairs(text: bytes) -> Pairs:
    try:
        if text.isascii() and not _NO_ESCAPE.search(text):
            parts = (part.partition(b"=") for part in text.replace(b"+", b" ").split(b"&") if part)
            return [(_unescaped(name), _unescaped(value)) for name, _, value in parts]
        return parse_qsl(text.decode("utf-8"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise _no_utf8() from error


def _unescaped(part: bytes) -> str:
    # Quoted-printable is the same with another sign, and is read in C: a tenth of the time for a query.
    return a2b_qp(part.replace(b"=", b"=3D").replace(b"%", b"=")).decode("utf-8")


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _no_utf8() from error


def _no_utf8() -> RequestError:
    return RequestError(400, "UTF-8 ではない文字があります。", "The request is not UTF-8.")


def _unsupported(ja: str, en: str) -> RequestError:
    return RequestError(415, ja, en, {"Accept-Post": f"{FORM}, {DIRECT}"})
