"""The embedded engine: Oxigraph, in memory. The one place that knows pyoxigraph.

It is loaded from a release's N-Quads each time, about 300,000 quads a second: no store on disk to go stale, and
answers come sooner than from one. There is no deadline in this engine: see `dxlod.server.pool`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox

from dxlod.errors import QueryError, StoreError
from dxlod.release import Release
from dxlod.settings import Settings
from dxlod.store.base import RESULT_FORMATS, Answer, Dataset, Rows
from dxlod.store.guard import Limits, check_query
from dxlod.store.results import read_ask, read_rows

__all__ = ["OxigraphEngine", "open_engine"]


class OxigraphEngine:
    """An Engine over a store in memory. Queries are checked against the limits first."""

    def __init__(self, store: ox.Store, limits: Limits) -> None:
        self._store = store
        self._limits = limits

    @classmethod
    def load(cls, nquads: Path, limits: Limits) -> OxigraphEngine:
        """An engine over the quads of an N-Quads file; StoreError when it cannot be read."""
        store = ox.Store()
        try:
            store.bulk_load(path=str(nquads), format=ox.RdfFormat.N_QUADS)
        except (OSError, SyntaxError) as error:
            raise StoreError(
                f"{nquads.name} を読み込めません。", f"{nquads.name} cannot be loaded: {error}"
            ) from error
        return cls(store, limits)

    def __len__(self) -> int:
        return len(self._store)

    def query(self, text: str, media_type: str = "", dataset: Dataset | None = None) -> Answer:
        """See Engine.query."""
        checked = check_query(text, self._limits)
        media_type = media_type or ("text/turtle" if checked.form.is_graph else RESULT_FORMATS[0].media_type)
        try:
            return Answer(media_type, self._run(text, media_type, dataset or Dataset()))
        except SyntaxError as error:
            raise _syntax_error(error) from error
        except (ValueError, RuntimeError, OSError) as error:
            raise QueryError("問い合わせを実行できません。", f"The query failed: {error}") from error

    def select(self, text: str) -> Rows:
        """See Engine.select."""
        self._expect(text, graph=False)
        return read_rows(self.query(text).body)

    def ask(self, text: str) -> bool:
        """See Engine.ask."""
        self._expect(text, graph=False)
        return read_ask(self.query(text).body)

    def construct(self, text: str, media_type: str = "text/turtle") -> bytes:
        """See Engine.construct."""
        self._expect(text, graph=True)
        return self.query(text, media_type).body

    def _expect(self, text: str, *, graph: bool) -> None:
        form = check_query(text, self._limits).form
        if form.is_graph is not graph:
            raise QueryError(f"{form.value} はここでは使えません。", f"{form.value} cannot be used here.")

    def _run(self, text: str, media_type: str, dataset: Dataset) -> bytes:
        found = self._find(text, dataset)
        if isinstance(found, ox.QueryTriples):
            graph_format = ox.RdfFormat.from_media_type(media_type)
            if graph_format is None:
                raise ValueError(f"{media_type} is no graph format")
            return found.serialize(format=graph_format) or b""
        results_format = ox.QueryResultsFormat.from_media_type(media_type)
        if results_format is None:
            raise ValueError(f"{media_type} is no format for query results")
        return found.serialize(format=results_format) or b""

    def _find(self, text: str, dataset: Dataset) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        if not dataset.default_graphs and not dataset.named_graphs:
            return self._store.query(text, use_default_graph_as_union=True)
        return self._store.query(
            text,
            default_graph=[ox.NamedNode(iri) for iri in dataset.default_graphs],
            named_graphs=[ox.NamedNode(iri) for iri in dataset.named_graphs],
        )


def _syntax_error(error: SyntaxError) -> QueryError:
    """Line and column, and what was expected as far as a person would read on."""
    found = re.search(r"at (\d+):(\d+)", error.msg)
    where = f"{found.group(1)} 行 {found.group(2)} 字目: " if found else ""
    reason = " ".join(error.msg.split())
    short = reason if len(reason) < 160 else f"{reason[:160]}…"
    return QueryError(f"{where}問い合わせの文法が正しくありません。", f"Syntax error: {short}")


def open_engine(release: Release, settings: Settings) -> OxigraphEngine:
    """The embedded engine over a release."""
    return OxigraphEngine.load(release.quads, Limits.of(settings))
