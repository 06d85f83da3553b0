"""The embedded engine: Oxigraph, in memory. The one place that knows pyoxigraph.

It is loaded from a release's N-Quads each time, about 300,000 quads a second: no store on disk to go stale, and
answers come sooner than from one. There is no deadline in this engine: see `dxlod.server.pool`.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from dxlod.errors import AnswerTooLargeError, QueryError, StoreError
from dxlod.release import Release
from dxlod.settings import Settings
from dxlod.store.base import RESULT_FORMATS, Answer, Dataset, Rows
from dxlod.store.guard import Checked, Limits, check_query, outline, splice
from dxlod.store.results import count_rows, read_ask, read_rows
from dxlod.store.syntax import explain

__all__ = ["OxigraphEngine", "convert_graph", "convert_results", "open_engine"]


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

    @classmethod
    def build(cls, nquads: Path, folder: Path) -> None:
        """A store on disk in this folder, made aside and renamed; one that is there is kept. StoreError if it fails."""
        if folder.is_dir():
            return
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=folder.parent) as aside:
                store = ox.Store(str(Path(aside) / "store"))
                store.bulk_load(path=str(nquads), format=ox.RdfFormat.N_QUADS)
                store.flush()
                del store
                (Path(aside) / "store").rename(folder)
        except (OSError, SyntaxError) as error:
            # Another process may have been sooner.
            if not folder.is_dir():
                raise StoreError(f"{folder} を作れません。", f"{folder} cannot be made: {error}") from error

    @classmethod
    def open(cls, folder: Path, limits: Limits) -> OxigraphEngine:
        """An engine over a store on disk that `build` has made, read-only."""
        try:
            return cls(ox.Store.read_only(str(folder)), limits)
        except OSError as error:
            raise StoreError(
                f"{folder} を開けません。", f"The store in {folder} cannot be opened: {error}"
            ) from error

    def __len__(self) -> int:
        return len(self._store)

    def query(self, text: str, media_type: str = "", dataset: Dataset | None = None) -> Answer:
        """See Engine.query."""
        dataset = dataset or Dataset()
        checked = check_query(text, self._limits, calls=bool(dataset.fetched))
        if checked.calls:
            self._check_outline(checked)
        checked = splice(checked, dataset.fetched)
        return self.answer(checked, media_type, dataset)

    def answer(self, checked: Checked, media_type: str, dataset: Dataset) -> Answer:
        """As `query`, for one that the guard has let pass and that has no calls."""
        media_type = media_type or ("text/turtle" if checked.form.is_graph else RESULT_FORMATS[0].media_type)
        try:
            return Answer(media_type, self._run(checked, media_type, dataset))
        except SyntaxError as error:
            raise explain(checked.text, error.msg, self._complaint) from error
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

    def _run(self, checked: Checked, media_type: str, dataset: Dataset) -> bytes:
        found = self._find(checked, dataset)
        if isinstance(found, ox.QueryTriples):
            return self._graph(found, media_type)
        results_format = ox.QueryResultsFormat.from_media_type(media_type)
        if results_format is None:
            raise ValueError(f"{media_type} is no format for query results")
        body = found.serialize(format=results_format) or b""
        if self._limits.rows and isinstance(found, ox.QuerySolutions):
            self._bound(count_rows(body, media_type))
        return body

    def _graph(self, found: ox.QueryTriples, media_type: str) -> bytes:
        graph_format = ox.RdfFormat.from_media_type(media_type)
        if graph_format is None:
            raise ValueError(f"{media_type} is no graph format")
        if not self._limits.rows:
            return found.serialize(format=graph_format) or b""
        triples = list(islice(found, self._limits.rows + 1))
        self._bound(len(triples))
        return ox.serialize(triples, format=graph_format) or b""

    def _bound(self, rows: int) -> None:
        """A part of an answer would pass for the whole in most formats, so too many rows are an error."""
        most = self._limits.rows
        if rows > most:
            raise AnswerTooLargeError(
                f"答えが {most} 行を超えます。ORDER BY と LIMIT {most} と OFFSET で分けるか、/dumps/ の全データを使ってください。",
                f"The answer has more than {most} rows. Ask in parts with ORDER BY, LIMIT {most} and OFFSET, "
                "or use the whole data under /dumps/.",
            )

    def _find(
        self, checked: Checked, dataset: Dataset
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        if dataset.default_graphs or dataset.named_graphs:
            return self._store.query(
                checked.text,
                base_iri=self._limits.base or None,
                default_graph=[ox.NamedNode(iri) for iri in dataset.default_graphs],
                named_graphs=[ox.NamedNode(iri) for iri in dataset.named_graphs],
            )
        # The engine would take the union even where FROM names the default graph.
        return self._store.query(
            checked.text,
            base_iri=self._limits.base or None,
            use_default_graph_as_union=not checked.names_graphs,
        )

    def _check_outline(self, checked: Checked) -> None:
        """Words are where they were written before what SERVICE has answered moves them."""
        text = outline(checked)
        complaint = self._complaint(text)
        if complaint:
            raise explain(text, complaint, self._complaint)

    def _complaint(self, text: str) -> str:
        """What the parser says of a query that is known to be wrong."""
        try:
            ox.Store().query(text, base_iri=self._limits.base or None)
        except SyntaxError as error:
            return str(error.msg)
        return ""


def convert_results(body: bytes, media_type: str) -> bytes:
    """SPARQL 1.1 Query Results JSON in another format of RESULT_FORMATS; ValueError when it is none."""
    results_format = ox.QueryResultsFormat.from_media_type(media_type)
    if results_format is None:
        raise ValueError(f"{media_type} is no format for query results")
    try:
        found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        return found.serialize(format=results_format) or b""
    except SyntaxError as error:
        raise ValueError(str(error)) from error


def convert_graph(body: bytes, media_type: str) -> tuple[bytes, int]:
    """N-Triples in another graph format, each triple once, and how many; ValueError when it is none."""
    graph_format = ox.RdfFormat.from_media_type(media_type)
    if graph_format is None:
        raise ValueError(f"{media_type} is no graph format")
    try:
        triples = dict.fromkeys(quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
    except SyntaxError as error:
        raise ValueError(str(error)) from error
    return ox.serialize(triples, format=graph_format) or b"", len(triples)


def open_engine(release: Release, settings: Settings) -> OxigraphEngine:
    """The embedded engine over a release."""
    return OxigraphEngine.load(release.quads, Limits.of(settings))
