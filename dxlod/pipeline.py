"""The pipeline as one call: tables in, current release out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from dxlod.catalog import catalog_part, publisher_digest
from dxlod.catalog.publisher import FILE, load_publisher
from dxlod.errors import NonConformingError, ReleaseError
from dxlod.mapping.bodies import Body, body_digest, by_body, map_bodies, opener
from dxlod.mapping.locate import Locator
from dxlod.mapping.run import map_tables
from dxlod.mapping.views import build_views
from dxlod.release import Cache, Draft, Part, Progress, Release, Work, build_release, code_digest
from dxlod.release.changes import changes_part
from dxlod.release.report_page import report_page_part
from dxlod.release.reuse import digest_of
from dxlod.release.tables import csv_part
from dxlod.release.vocabulary_part import vocabulary_part
from dxlod.release.workbook import workbook_part
from dxlod.settings import Settings
from dxlod.site.index import site_index
from dxlod.table.check import check_dataset
from dxlod.table.dataset import Dataset

__all__ = ["build_current", "data_quads", "input_digests"]


def input_digests(settings: Settings, tables: Dataset) -> dict[str, str]:
    """SHA-256 of every table, mapping, example query and frame, by its path."""
    files = [path for code in tables.codes() for _, path in tables.tables_of(code)]
    files += [tables.path(table) for table in tables.contract if table.shared and tables.path(table).exists()]
    digests = {f"data/{p.relative_to(tables.root).as_posix()}": _sha256(p.read_bytes()) for p in files}
    digests |= {
        f"mappings/{p.name}": _sha256(p.read_bytes()) for p in sorted(settings.mappings.glob("*.ttl"))
    }
    texts = {"queries": settings.queries.glob("*.rq"), "frames": settings.ontology.glob("frames/*.jsonld")}
    for kind, paths in texts.items():
        digests |= {f"{kind}/{p.name}": _sha256(p.read_bytes()) for p in sorted(paths)}
    digests |= publisher_digest(tables.root)
    return dict(sorted(digests.items()))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def data_quads(settings: Settings, tables: Dataset) -> Iterator[str]:
    """N-Quads lines of all tables."""
    views = build_views(tables)
    sources = {name: opener(view) for name, view in views.items()}
    return map_tables(sorted(settings.mappings.glob("*.ttl")), sources, settings.base)


def build_current(
    settings: Settings, progress: Progress, *, publish: str = "", work: Work | None = None
) -> Release:
    """Check the tables, map them, validate, and make the release current; publish it under a date if one is given.

    NonConformingError (findings) leaves the old release serving. `work` is filled in with what was done.
    """
    tables, cache, work = Dataset.at(settings.data), Cache(settings.releases), work or Work()
    progress("check", 0, 1)
    _check(tables, cache)
    progress("check", 1, 1)
    inputs = input_digests(settings, tables)
    return build_release(
        settings,
        _body_quads(settings, tables, cache, progress, work),
        inputs,
        Locator(tables),
        progress,
        (*_parts(tables), _still(inputs, tables)),
        publish=publish,
        cache=cache,
        work=work,
    )


def _check(tables: Dataset, cache: Cache) -> None:
    """NonConformingError where the tables have errors; tables that were found sound are not looked at again."""
    found = sorted([*tables.root.glob("*"), *tables.root.glob("*/*.csv")])
    contents = (f"{path} {_sha256(path.read_bytes()) if path.suffix == '.csv' else ''}" for path in found)
    key = digest_of([code_digest(), *contents])
    if cache.get("checked", key) is not None:
        return
    errors = [finding for finding in check_dataset(tables) if finding.severity == "error"]
    if errors:
        shown = "\n".join(str(finding) for finding in errors[:50])
        raise NonConformingError(
            f"表に直すところが {len(errors)} 件あります。公開版は変わりません。\n{shown}",
            f"The tables have {len(errors)} findings; the current release stays.",
            mend_ja="表を直して、もう一度 dxlod build を実行してください。",
            mend_en="Mend the tables and run dxlod build again.",
        )
    cache.put("checked", key, "")


def _body_quads(
    settings: Settings, tables: Dataset, cache: Cache, tell: Progress, work: Work
) -> Iterator[str]:
    """N-Quads lines of all tables; a body whose tables were mapped before is not mapped again.

    Nothing is done until a line is asked for: an unchanged build asks for none.
    """
    bodies = by_body(build_views(tables), tables.contract)
    mappings = sorted(settings.mappings.glob("*.ttl"))
    common = digest_of([code_digest(), settings.base, *(path.read_text("utf-8") for path in mappings)])
    keys = {code: digest_of([common, body_digest(body)]) for code, body in bodies.items()}
    rest: dict[str, Body] = {}
    for code, key in keys.items():
        text = cache.get("mapped", key)
        if text is None:
            rest[code] = bodies[code]
        else:
            yield from text.split("\n") if text else ()
    tell("map", len(bodies) - len(rest), len(bodies))
    for code, lines in map_bodies(mappings, rest, settings.base) if rest else ():
        cache.put("mapped", keys[code], "\n".join(lines))
        work.mapped.append(code or "shared")
        yield from lines


def _parts(tables: Dataset) -> tuple[Part, ...]:
    """What a release holds beside dumps and report, in the order of writing: the catalogue comes last."""
    return (
        csv_part(tables),
        workbook_part(tables),
        report_page_part(tables),
        vocabulary_part,
        _changes(tables),
        catalog_part(tables),
        site_index,
    )


def _changes(tables: Dataset) -> Part:
    """What came, went and changed; the feed goes by the name of the catalogue and of who publishes it."""

    def write(draft: Draft) -> None:
        publisher = load_publisher(tables.root / FILE)
        changes_part(publisher.title.ja, publisher.name.ja)(draft)

    return write


def _still(inputs: Mapping[str, str], tables: Dataset) -> Part:
    """Stop a release whose inputs were changed while it was made: it would be named after what it is not made from."""

    def check(draft: Draft) -> None:
        now = input_digests(draft.settings, tables)
        changed = sorted(name for name in {*inputs, *now} if inputs.get(name) != now.get(name))
        if changed:
            raise ReleaseError(
                f"リリースを作るあいだに {', '.join(changed)} が変わりました。",
                f"{', '.join(changed)} changed while the release was made.",
                mend_ja="もう一度 dxlod build を実行してください。",
                mend_en="Run dxlod build again.",
            )

    return check
