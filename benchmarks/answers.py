"""Whether two answers say the same, whatever their order, notation and the names of their variables."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from benchmarks.client import Answer
from benchmarks.queries import NTRIPLES

__all__ = ["Content", "content_of"]

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
NUMBERS: Final = frozenset(
    XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
)
_END: Final = re.compile(r"\d+$")


@dataclass(frozen=True)
class Content:
    """Rows or triples of an answer, and a digest of them without their order; or what was said instead."""

    rows: int
    digest: str
    fault: str = ""

    @property
    def fine(self) -> bool:
        return not self.fault


def content_of(answer: Answer, accept: str) -> Content:
    """What an answer says, or its fault."""
    if answer.status != 200:
        return Content(0, "", f"{answer.status}" if answer.status else "no answer in time")
    try:
        lines = _triples(answer.body) if accept == NTRIPLES else _rows(answer.body)
    except (ValueError, KeyError, SyntaxError) as error:
        return Content(0, "", f"not readable: {error}"[:80])
    return _content(lines)


def _content(lines: Iterable[str]) -> Content:
    ordered = sorted(lines)
    return Content(len(ordered), hashlib.sha256("\n".join(ordered).encode()).hexdigest()[:16])


def _rows(body: bytes) -> list[str]:
    found = json.loads(body)
    if "boolean" in found:
        return [str(found["boolean"]).lower()]
    return [_row(binding) for binding in found["results"]["bindings"]]


def _row(binding: dict[str, dict[str, Any]]) -> str:
    terms = {_END.sub("", name): term for name, term in binding.items()}
    return "\t".join(f"{name}={_json_term(terms[name])}" for name in sorted(terms))


def _json_term(term: dict[str, Any]) -> str:
    if term["type"] == "uri":
        return f"<{term['value']}>"
    return _literal(str(term["value"]), str(term.get("datatype", "")), str(term.get("xml:lang", "")))


def _triples(body: bytes) -> list[str]:
    lines = []
    for quad in parse(body, format=RdfFormat.N_TRIPLES):
        terms = (quad.subject, quad.predicate, quad.object)
        lines.append(" ".join(_term(term) for term in terms))
    return sorted(set(lines))


def _term(term: object) -> str:
    if isinstance(term, Literal):
        return _literal(term.value, term.datatype.value, term.language or "")
    if isinstance(term, NamedNode):
        return f"<{term.value}>"
    raise ValueError(f"{'a triple' if isinstance(term, Triple) else 'a blank node'} was not asked for")


def _literal(value: str, datatype: str, language: str) -> str:
    """Numbers by what they are to nine digits (a mean has no end that is settled), the others by text and language."""
    if datatype in NUMBERS:
        try:
            return f"{float(Decimal(value)):.9g}"
        except InvalidOperation as error:
            raise ValueError(f"{value!r} is no number") from error
    if datatype == f"{XSD}boolean":
        value = {"1": "true", "0": "false"}.get(value, value)
    plain = datatype in ("", f"{XSD}string") or language
    return f'"{value}"@{language.lower()}' if plain else f'"{value}"^^{datatype}'
