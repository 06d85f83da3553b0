"""The facts of the catalogue, from which DCAT, VoID, schema.org, CKAN and オープンデータ一覧 are all written.

Everything here is plain text: IRIs without angle brackets, dates `YYYY-MM-DD` or '' where there is none. Dates of
publication and change come from the ledger's history only, so a release that was never published has none.

    base/id/catalog                                 the catalogue
    base/id/dataset-series/{code}-{plan}            a plan:         Series,  slug dxlod-{code}-{plan}
    base/id/dataset/{code}-{plan}-{edition}         an edition:     DatasetFacts, slug dxlod-{code}-{plan}-{edition}
    base/id/dataset/all                             the whole:      slug dxlod-all
    base/id/dataset/{…}/file/{name}                 one file of it: Distribution

A UUID is version 5 in the URL namespace, of the IRI: it stays as long as the IRI does (RFC 9562, 5.5).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from dxlod.catalog.files import FileKind
from dxlod.catalog.publisher import Publisher, Text

__all__ = [
    "Area", "Catalogue", "Count", "DatasetFacts", "Distribution", "Indicator", "Series", "Source", "Topic", "uuid_of",
]  # fmt: skip


def uuid_of(iri: str) -> str:
    """The UUID of an IRI (version 5, URL namespace)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, iri))


@dataclass(frozen=True)
class Area:
    """A municipality: code, name, its own IRI, IRIs of the same place elsewhere (e-Stat, GeoNames)."""

    code: str
    name: Text
    iri: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A document that a data set was made from. `rights` is what it says of its use, '' where it says nothing."""

    iri: str
    title: str
    publisher: str
    issued: str
    sha256: str
    rights: str


@dataclass(frozen=True)
class Topic:
    """A subject that elements of a data set are about."""

    iri: str
    name: Text


@dataclass(frozen=True)
class Count:
    """How many rows of a table a data set has."""

    table: str
    name: Text
    rows: int


@dataclass(frozen=True)
class Indicator:
    """An indicator of a plan, with its unit as printed ('' where there is none)."""

    iri: str
    name: str
    unit: str


@dataclass(frozen=True)
class Distribution:
    """One file. `path` is within the release; `described_by` the URL of its CSVW metadata or ''; bytes as downloaded.

    `turn`: of the releases dated `modified`, how many came before the one that changed it.
    """

    iri: str
    path: str
    url: str
    title: Text
    description: Text
    kind: FileKind
    gzipped: bool
    bytes: int
    sha256: str
    triples: int | None
    issued: str
    modified: str
    described_by: str = ""
    turn: int = 0

    @property
    def uuid(self) -> str:
        """Identifier of the file as a CKAN resource."""
        return uuid_of(self.iri)

    @property
    def media_type(self) -> str:
        """Media type of the bytes that are downloaded."""
        return "application/gzip" if self.gzipped else self.kind.media_type


@dataclass(frozen=True)
class DatasetFacts:
    """A plan edition, or the whole (`series`, `edition` and `graph` are '' then).

    `status` and `title_of_plan` are the plan's; `title` and `description` the data set's own. `start` and `end` bound
    the period the data speak of. `previous` is the data set of the edition before. `version` names the content.
    """

    iri: str
    key: str
    slug: str
    title: Text
    description: Text
    title_of_plan: Text
    keywords: tuple[Text, ...]
    topics: tuple[Topic, ...]
    areas: tuple[Area, ...]
    series: str
    edition: str
    graph: str
    previous: str
    status: Text
    start: str
    end: str
    issued: str
    modified: str
    version: str
    landing: str
    sources: tuple[Source, ...]
    counts: tuple[Count, ...]
    indicators: tuple[Indicator, ...]
    distributions: tuple[Distribution, ...]

    @property
    def uuid(self) -> str:
        """Identifier of the data set as a CKAN package."""
        return uuid_of(self.iri)

    @property
    def whole(self) -> bool:
        """Whether it is all the data, not one edition."""
        return not self.edition


@dataclass(frozen=True)
class Series:
    """A plan, whose editions are data sets; the first to the last."""

    iri: str
    key: str
    slug: str
    title: Text
    description: Text
    plan: str
    area: Area
    start: str
    end: str
    issued: str
    modified: str
    datasets: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """Everything the catalogue tells. `site` is where the site is reached; `agent` the IRI of the publisher."""

    iri: str
    base: str
    site: str
    agent: str
    publisher: Publisher
    version: str
    issued: str
    modified: str
    series: tuple[Series, ...]
    datasets: tuple[DatasetFacts, ...]

    def url(self, path: str) -> str:
        """URL of a path of the site, such as `/catalog`."""
        return f"{self.site}{path}"

    @property
    def editions(self) -> Sequence[DatasetFacts]:
        """The data sets of single editions."""
        return [item for item in self.datasets if not item.whole]
