"""What validation found, for people (JSON) and for machines (a SHACL validation report in Turtle)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from dxlod.errors import NonConformingError
from dxlod.release.terms import RDF_TYPE, XSD, Triple, literal
from dxlod.validation import Result, Severity

__all__ = ["Locate", "Location", "Place", "Violation", "non_conforming", "report_json", "report_triples"]

_SH = "http://www.w3.org/ns/shacl#"


class Place(Protocol):
    """Where in the tables a fact came from. `row` counts as the file's lines do, the header being 1."""

    @property
    def file(self) -> str: ...
    @property
    def row(self) -> int | None: ...
    @property
    def column(self) -> str | None: ...


@dataclass(frozen=True)
class Location:
    """A Place as a plain value."""

    file: str
    row: int | None = None
    column: str | None = None


Locate = Callable[[str, str | None, str | None], Place | None]
"""From focus IRI, path IRI and value text to the table cell that made them; None when no table did."""


@dataclass(frozen=True)
class Violation:
    """A result and the place in the tables to mend."""

    result: Result
    place: Place | None

    @property
    def ja(self) -> str:
        """One line in Japanese: file, row, column, message, thing."""
        return f"{self._where('行', '列')}{self.result.message_ja}（{self._what()}）"

    @property
    def en(self) -> str:
        """One line in English: file, row, column, message, thing."""
        return f"{self._where(' (row)', '')}{self.result.message_en} ({self._what()})"

    def _where(self, row: str, column: str) -> str:
        if self.place is None:
            return ""
        parts = [self.place.file]
        if self.place.row is not None:
            parts.append(f"{self.place.row}{row}")
        if self.place.column:
            parts.append(f"{self.place.column}{column}")
        return ", ".join(parts) + ": "

    def _what(self) -> str:
        return (
            self.result.focus if self.result.value is None else f"{self.result.focus} → {self.result.value}"
        )


def non_conforming(results: Iterable[Result], locate: Locate) -> NonConformingError:
    """The error that stops a build, one Violation for each result."""
    violations = tuple(Violation(item, locate(item.focus, item.path, item.value)) for item in results)
    ja = [f"シェイプに合わない箇所が {len(violations)} 件あるため、リリースを作りません。"]
    en = [f"{len(violations)} violations of the shapes: no release is made; the present one stays."]
    return NonConformingError(
        "\n  ".join(ja + [item.ja for item in violations]),
        "\n  ".join(en + [item.en for item in violations]),
        violations=violations,
    )


def report_json(results: Sequence[Result]) -> str:
    """The results and their numbers by severity, as JSON text."""
    counts = {severity.value: sum(item.severity is severity for item in results) for severity in Severity}
    rows = [{key: value for key, value in asdict(item).items() if key != "value_term"} for item in results]
    document = {"conforms": not counts[Severity.VIOLATION], "counts": counts, "results": rows}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def report_triples(results: Sequence[Result], report: str) -> Iterator[Triple]:
    """A sh:ValidationReport named `report`#report; its results are `report`#1, #2 …

    `sh:conforms` is true only without any result at all (SHACL 3.6.1.1), so a warning makes it false.
    """
    head = f"<{report}#report>"
    yield Triple(head, RDF_TYPE, f"<{_SH}ValidationReport>")
    yield Triple(head, f"<{_SH}conforms>", literal("false" if results else "true", f"{XSD}boolean"))
    for number, item in enumerate(results, 1):
        node = f"<{report}#{number}>"
        yield Triple(head, f"<{_SH}result>", node)
        yield Triple(node, RDF_TYPE, f"<{_SH}ValidationResult>")
        for name, value in _fields(item):
            yield Triple(node, f"<{_SH}{name}>", value)


def _fields(item: Result) -> Iterator[tuple[str, str]]:
    yield "resultSeverity", f"<{_SH}{item.severity}>"
    yield "focusNode", f"<{item.focus}>"
    yield "sourceConstraintComponent", f"<{item.component}>"
    yield "resultMessage", literal(item.message_ja, language="ja")
    if item.message_en != item.message_ja:
        yield "resultMessage", literal(item.message_en, language="en")
    if item.shape:
        yield "sourceShape", f"<{item.shape}>"
    if item.path:
        yield "resultPath", f"<{item.path}>"
    if item.value_term:
        yield "value", item.value_term
