"""Lines of N-Quads about one thing after the other, in one graph."""

from __future__ import annotations

from collections import Counter
from typing import Final

from dxlod.namespaces import DXO
from dxlod.settings import SHARED

__all__ = ["Element", "Writer"]

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
VALUE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#value"
OA: Final = "http://www.w3.org/ns/oa#"
RFC5147: Final = "http://tools.ietf.org/rfc/rfc5147"
CONFORMS: Final = "http://purl.org/dc/terms/conformsTo"
UNOFFICIAL: Final = f"{SHARED}/id/code/translation-status/unofficial"


class Writer:
    """The lines of one graph; numbers its things by kind, and says once of each range of lines where it stands."""

    def __init__(self, graph: str, edition: str = "", document: str = "") -> None:
        self.lines: list[str] = []
        self.end = f" <{graph}> .\n"
        self.edition, self.document = edition, document
        self._numbers: Counter[str] = Counter()
        self._fragments: set[str] = set()

    def element(self, iri: str, type_: str) -> Element:
        return Element(self, iri).kind(type_)

    def next(self, kind: str) -> int:
        self._numbers[kind] += 1
        return self._numbers[kind]

    def fragment(self, first: int, last: int) -> str:
        """IRI of a range of lines of the document, described on first use."""
        iri = f"{self.document}/L{first}-{last}"
        if iri not in self._fragments:
            self._fragments.add(iri)
            place = self.element(iri, DXO.SourceFragment).link(f"{OA}hasSource", self.document)
            place.integer(DXO.startLine, first).integer(DXO.endLine, last).link(
                f"{OA}hasSelector", f"{iri}/selector"
            )
            selector = self.element(f"{iri}/selector", f"{OA}FragmentSelector").link(CONFORMS, RFC5147)
            selector.text(VALUE, f"line={first - 1},{last}")
        return iri


class Element:
    """A thing of which lines are written; every method gives the thing again."""

    __slots__ = ("_writer", "iri")

    def __init__(self, writer: Writer, iri: str) -> None:
        self._writer, self.iri = writer, iri

    def _add(self, predicate: str, term: str) -> Element:
        self._writer.lines.append(f"<{self.iri}> <{predicate}> {term}{self._writer.end}")
        return self

    def kind(self, type_: str) -> Element:
        return self._add(TYPE, f"<{type_}>")

    def link(self, predicate: str, other: str) -> Element:
        return self._add(predicate, f"<{other}>")

    def text(self, predicate: str, text: str) -> Element:
        return self._add(predicate, f'"{text}"')

    def ja(self, predicate: str, text: str) -> Element:
        return self._add(predicate, f'"{text}"@ja')

    def typed(self, predicate: str, text: str, name: str) -> Element:
        return self._add(predicate, f'"{text}"^^<{XSD}{name}>')

    def integer(self, predicate: str, number: int) -> Element:
        return self.typed(predicate, str(number), "integer")

    def boolean(self, predicate: str, truth: bool) -> Element:
        return self.typed(predicate, "true" if truth else "false", "boolean")

    def code(self, predicate: str, code: str) -> Element:
        return self._add(predicate, f'"{code}"^^<{DXO.LGCode}>')

    def label(self, ja: str, en: str = "") -> Element:
        self.ja(LABEL, ja)
        return self._add(LABEL, f'"{en}"@en') if en else self

    def unofficial(self) -> Element:
        """The English label is a translation of ours."""
        return self.link(DXO.englishLabelStatus, UNOFFICIAL)

    def numbered(self, number: int) -> Element:
        return self.link(DXO.inEdition, self._writer.edition).integer(DXO.order, number)

    def at(self, line: int, more: int) -> Element:
        """It stands in the document from that line on, over so many more."""
        return self.link(DXO.sourceFragment, self._writer.fragment(line, line + more))
