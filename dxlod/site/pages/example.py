"""One fact with its source lines, as an example of what every fact has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dxlod.namespaces import DXO, ValueStatus
from dxlod.site.iris import OA
from dxlod.site.reader import SiteReader

__all__ = ["Example", "Lines", "Value", "example_of", "lines_of"]

Labels = Mapping[str, str]


@dataclass(frozen=True)
class Lines:
    """A range of lines of a source document; IRIs of both."""

    iri: str
    document: str
    start: int
    end: int


@dataclass(frozen=True)
class Value:
    """A value as printed and its fiscal year's names."""

    text: str
    year: Labels


@dataclass(frozen=True)
class Example:
    """An indicator with its baseline and its last target."""

    iri: str
    labels: Labels
    edition: str
    edition_labels: Labels
    baseline: Value
    target: Value
    lines: Sequence[Lines]


def example_of(reader: SiteReader) -> Example | None:
    """The first indicator that has a number as its baseline and as a target, and says where."""
    return next(_examples(reader), None)


def lines_of(reader: SiteReader, iri: str) -> list[Lines]:
    """Where the source says what is known of a thing, by document and line."""
    found = [_lines(reader, fragment) for fragment in reader.object_iris(iri, DXO.sourceFragment)]
    return sorted(
        (item for item in found if item.start), key=lambda item: (item.document, item.start, item.end)
    )


def _examples(reader: SiteReader) -> Iterator[Example]:
    for iri in reader.instances(DXO.Indicator):
        baselines, targets = (_values(reader, iri, name) for name in (DXO.baseline, DXO.target))
        lines = lines_of(reader, iri)
        edition = next(iter(reader.object_iris(iri, DXO.inEdition)), "")
        if baselines and targets and lines and edition:
            labels = reader.labels([iri, edition])
            yield Example(
                iri, labels.get(iri, {}), edition, labels.get(edition, {}), baselines[0], targets[-1], lines
            )


def _values(reader: SiteReader, iri: str, predicate: str) -> list[Value]:
    """The values that are numbers, as printed."""
    return [
        Value(text, reader.labels(years).get(years[0], {}) if years else {})
        for value in reader.object_iris(iri, predicate)
        if ValueStatus.number in reader.object_iris(value, DXO.valueStatus)
        and (text := reader.text(value, DXO.valueText))
        for years in [reader.object_iris(value, DXO.fiscalYear)]
    ]


def _lines(reader: SiteReader, iri: str) -> Lines:
    start, end = (int(reader.text(iri, name) or 0) for name in (DXO.startLine, DXO.endLine))
    return Lines(iri, next(iter(reader.object_iris(iri, f"{OA}hasSource")), ""), start, end)
