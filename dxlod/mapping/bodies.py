"""Mapping body by body: the tables of one body need no other's, so each may be mapped by itself, or not again.

The shared tables, and the provisions, which bodies share, are mapped under the code ''.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from dxlod.errors import MappingError
from dxlod.mapping.compile import Options, compile_mappings
from dxlod.mapping.run import run
from dxlod.mapping.views import View
from dxlod.table.contract import Contract

__all__ = ["Body", "body_digest", "by_body", "map_bodies", "opener"]

Body = Mapping[str, View]
"""The views of one body by name."""

_WORKERS = 2
# Rows from which a second process, which takes about a second to start, pays.
_WORTH = 250_000


def opener(view: View) -> Callable[[], Iterable[dict[str, str]]]:
    """Opens a view as a table; one without rows has a blank one, so that its columns are looked at all the same."""
    blank = dict.fromkeys(view.columns, "")
    return lambda: ({**blank, **row} for row in view.rows) if view.rows else iter([blank])


def by_body(views: Mapping[str, View], contract: Contract) -> dict[str, Body]:
    """All views of each body by its code, sorted; '' stands for what is shared."""
    rows: dict[str, dict[str, list[dict[str, str]]]] = {"": {}}
    for view in views.values():
        shared = _is_shared(view.name, contract)
        for row in view.rows:
            code = "" if shared else row.get("code", "")
            rows.setdefault(code, {}).setdefault(view.name, []).append(row)
    return {
        code: {view.name: View(view.name, view.columns, own.get(view.name, ())) for view in views.values()}
        for code, own in sorted(rows.items())
    }


def body_digest(body: Body) -> str:
    """SHA-256, in hex, of all rows."""
    digest = hashlib.sha256()
    for name, view in sorted(body.items()):
        digest.update(json.dumps([name, view.columns, list(view.rows)], ensure_ascii=False).encode())
    return digest.hexdigest()


def map_bodies(
    mappings: Sequence[Path], bodies: Mapping[str, Body], base: str, worth: int = _WORTH
) -> Iterator[tuple[str, list[str]]]:
    """N-Quads lines of each body by code, in whatever order they are ready. `base` ends without a slash.

    In two processes where there are at least `worth` rows.
    """
    batches = _batches(bodies, _WORKERS)
    if len(batches) < 2 or sum(map(_size, bodies.values())) < worth:
        yield from _mapped(mappings, bodies, base)
        return
    # Spawned, not forked: the caller may have threads, such as the one that draws the progress.
    with ProcessPoolExecutor(len(batches), mp_context=get_context("spawn")) as pool:
        running = [
            pool.submit(_all_of, mappings, {code: bodies[code] for code in batch}, base) for batch in batches
        ]
        for batch in as_completed(running):
            found, error = batch.result()
            if error:
                raise MappingError(error[0], error[1], mend_ja=error[2], mend_en=error[3])
            yield from found


def _is_shared(view: str, contract: Contract) -> bool:
    name = view.partition(".")[0]
    return name == "provision" or any(table.name == name and table.shared for table in contract)


def _mapped(
    mappings: Iterable[Path], bodies: Mapping[str, Body], base: str
) -> Iterator[tuple[str, list[str]]]:
    program = compile_mappings(mappings, Options(f"{base}/"))
    for code, body in bodies.items():
        yield code, list(run(program, {name: opener(view) for name, view in body.items()}))


def _all_of(
    mappings: Sequence[Path], bodies: Mapping[str, Body], base: str
) -> tuple[list[tuple[str, list[str]]], tuple[str, str, str, str] | None]:
    """Lines, and the texts of an error: the error itself would lose some between processes."""
    try:
        return list(_mapped(mappings, bodies, base)), None
    except MappingError as error:
        return [], (error.ja, error.en, error.mend_ja, error.mend_en)


def _size(body: Body) -> int:
    return sum(len(view.rows) for view in body.values())


def _batches(bodies: Mapping[str, Body], number: int) -> list[list[str]]:
    """The codes in at most `number` batches of about the same size: the largest first, each to the smallest."""
    batches: list[list[str]] = [[] for _ in range(number)]
    for code in sorted(bodies, key=lambda code: _size(bodies[code]), reverse=True):
        min(batches, key=lambda batch: sum(_size(bodies[code]) for code in batch)).append(code)
    return [batch for batch in batches if batch]
