"""The pipeline as one call: tables in, current release out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator

from dxlod.errors import NonConformingError
from dxlod.mapping.locate import Locator
from dxlod.mapping.run import map_tables
from dxlod.mapping.views import View, build_views
from dxlod.release import Part, Progress, Release, build_release
from dxlod.settings import Settings
from dxlod.table.check import check_dataset
from dxlod.table.dataset import Dataset

__all__ = ["build_current", "data_quads", "input_digests"]


def input_digests(settings: Settings, tables: Dataset) -> dict[str, str]:
    """SHA-256 of every table and mapping, by its path."""
    files = [path for code in tables.codes() for _, path in tables.tables_of(code)]
    files += [tables.path(table) for table in tables.contract if table.shared and tables.path(table).exists()]
    digests = {f"data/{p.relative_to(tables.root).as_posix()}": _sha256(p.read_bytes()) for p in files}
    digests |= {
        f"mappings/{p.name}": _sha256(p.read_bytes()) for p in sorted(settings.mappings.glob("*.ttl"))
    }
    return dict(sorted(digests.items()))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _opener(view: View) -> Callable[[], Iterable[dict[str, str]]]:
    blank = dict.fromkeys(view.columns, "")
    return lambda: ({**blank, **row} for row in view.rows) if view.rows else iter([blank])


def data_quads(settings: Settings, tables: Dataset) -> Iterator[str]:
    """N-Quads lines of all tables."""
    views = build_views(tables)
    sources = {name: _opener(view) for name, view in views.items()}
    return map_tables(sorted(settings.mappings.glob("*.ttl")), sources, settings.base)


def build_current(settings: Settings, progress: Progress) -> Release:
    """Check the tables, map them, validate, and make the release current.

    NonConformingError (findings) leaves the old release serving.
    """
    tables = Dataset.at(settings.data)
    progress("check", 0, 1)
    errors = [finding for finding in check_dataset(tables) if finding.severity == "error"]
    if errors:
        shown = "\n".join(str(finding) for finding in errors[:50])
        raise NonConformingError(
            f"表に直すところが {len(errors)} 件あります。公開版は変わりません。\n{shown}",
            f"The tables have {len(errors)} findings; the current release stays.",
            mend_ja="表を直して、もう一度 dxlod build を実行してください。",
            mend_en="Mend the tables and run dxlod build again.",
        )
    progress("check", 1, 1)
    quads = _lazily(lambda: data_quads(settings, tables))
    return build_release(
        settings, quads, input_digests(settings, tables), Locator(tables), progress, _parts(tables)
    )


def _parts(tables: Dataset) -> tuple[Part, ...]:
    """What a release holds beside dumps and report, in the order of writing: the catalogue comes last."""
    return ()


def _lazily(make: Callable[[], Iterator[str]]) -> Iterator[str]:
    """Nothing is mapped until a line is asked for: an unchanged build asks for none."""
    yield from make()
