"""The catalogue of the current release, and the same as it would be on the day of a second publication."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import Graph

from dxlod.catalog import Catalogue, collect, load_publisher
from dxlod.catalog.dcat import catalogue_triples
from dxlod.catalog.part import labels_of
from dxlod.release import Entry, History, Release, open_current
from dxlod.release.terms import Quad, Triple, parse_quads
from dxlod.settings import SHARED, Settings
from dxlod.table.dataset import Dataset

HOME = Path(__file__).resolve().parents[2]
FIRST, SECOND = "2026-04-01", "2026-11-20"
CHANGED = "dumps/212130-dx-2026.ttl"
"""The one file that is another than at the first publication."""
Collect = Callable[..., Catalogue]


@pytest.fixture(scope="session")
def release(releases: Path) -> Release:
    return open_current(Settings.load({}, data=HOME / "data", releases=releases))


@pytest.fixture(scope="session")
def quads(release: Release) -> list[Quad]:
    with release.quads.open(encoding="utf-8") as lines:
        return list(parse_quads(lines))


@pytest.fixture(scope="session")
def collected(release: Release, quads: list[Quad]) -> Collect:
    """The facts of the release, with another history, base, folder of tables or publisher's file where given."""

    def facts(
        history: History | None = None,
        base: str = SHARED,
        data: Path = HOME / "data",
        publisher: Path = HOME / "data" / "publisher.toml",
    ) -> Catalogue:
        return collect(
            Dataset.at(data),
            load_publisher(publisher),
            base,
            release.version,
            release.manifest.files,
            history or History(""),
            labels_of(quads),
        )

    return facts


@pytest.fixture(scope="session")
def history(release: Release) -> History:
    """Published twice; between the two, one file changed and the workbooks came."""
    files = {entry.path: entry.sha256 for entry in release.manifest.files if not entry.path.endswith(".xlsx")}
    first = Entry("2026-04-01-00000000", FIRST, {**files, CHANGED: "0" * 64})
    return History(SECOND, (first,))


@pytest.fixture(scope="session")
def published(collected: Collect, history: History) -> Catalogue:
    """The catalogue on the day of the second publication."""
    return collected(history)


@pytest.fixture(scope="session")
def graph(published: Catalogue) -> Graph:
    return parsed(catalogue_triples(published))


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A copy of the tables, to be changed."""
    return Path(shutil.copytree(HOME / "data", tmp_path / "data"))


def parsed(triples: list[Triple]) -> Graph:
    """The triples as rdflib reads them."""
    return Graph().parse(data="".join(f"{triple.line}\n" for triple in triples), format="nt")
