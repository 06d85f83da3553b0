"""A store elsewhere as an engine, over the SPARQL 1.1 Protocol. The one place that knows SPARQLWrapper.

Stores differ in what they take for the default graph and in how they write answers. So each query names the graphs it
is about (2.1.4), unless it names them itself, and answers are asked for as JSON or N-Triples and written by us.
"""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Sequence
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError

from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import (
    EndPointInternalError,
    EndPointNotFound,
    QueryBadFormed,
    SPARQLWrapperException,
    Unauthorized,
)

from dxlod.errors import (
    AnswerTooLargeError,
    DxlodError,
    QueryError,
    QuerySyntaxError,
    QueryTimeoutError,
    RemoteStoreError,
    StoreBusyError,
)
from dxlod.settings import Settings
from dxlod.store.base import RESULT_FORMATS, Answer, Dataset, Form, Rows
from dxlod.store.guard import Checked, Limits, check_query, splice
from dxlod.store.oxigraph import convert_graph, convert_results
from dxlod.store.portable import check_portable
from dxlod.store.results import count_rows, read_ask, read_rows
from dxlod.store.web import authorization

__all__ = ["RemoteEngine"]

_JSON = RESULT_FORMATS[0].media_type
_TRIPLES = "application/n-triples"
_TRUTH = "http://www.w3.org/2001/XMLSchema#boolean"
_PIECE = 64 << 10
_PLACE = re.compile(r"\b(?:line|at|Line) (\d+)(?:[:,] ?(?:column |col )?(\d+))?")
_GAVE_UP = re.compile(r"estimated execution time|timeout|timed out|time limit", re.IGNORECASE)


class RemoteEngine:
    """An Engine that asks an endpoint by POST. RemoteStoreError when it cannot be reached or fails.

    `graphs` make up the dataset of a query that names none; without any it is the endpoint's own.
    """

    def __init__(self, endpoint: str, settings: Settings, graphs: Sequence[str] = ()) -> None:
        self._endpoint = endpoint
        self._settings = settings
        self._limits = Limits.of(settings)
        self._dataset = Dataset(tuple(graphs), tuple(graphs))
        self._challenge = ""

    def query(self, text: str, media_type: str = "", dataset: Dataset | None = None) -> Answer:
        """See Engine.query."""
        dataset = dataset or Dataset()
        checked = splice(check_query(text, self._limits, calls=bool(dataset.fetched)), dataset.fetched)
        check_portable(checked.text)
        media_type = media_type or ("text/turtle" if checked.form.is_graph else _JSON)
        if not dataset.default_graphs and not dataset.named_graphs and not checked.names_graphs:
            dataset = self._dataset
        body = self._ask(checked, dataset)
        try:
            return Answer(media_type, self._convert(checked.form, body, media_type))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _broken() from error

    def select(self, text: str) -> Rows:
        """See Engine.select."""
        return read_rows(self.query(text, _JSON).body)

    def ask(self, text: str) -> bool:
        """See Engine.ask."""
        return read_ask(self.query(text, _JSON).body)

    def construct(self, text: str, media_type: str = "text/turtle") -> bytes:
        """See Engine.construct."""
        return self.query(text, media_type).body

    def _convert(self, form: Form, body: bytes, media_type: str) -> bytes:
        if form.is_graph:
            written, count = convert_graph(body, media_type)
            self._bound(count)
            return written
        if form is Form.ASK:
            return convert_results(_boolean(body), media_type)
        self._bound(count_rows(body, _JSON))
        return convert_results(_solutions(body), media_type)

    def _bound(self, rows: int) -> None:
        most = self._limits.rows
        if most and rows > most:
            raise AnswerTooLargeError(
                f"答えが {most} 行を超えます。ORDER BY と LIMIT {most} と OFFSET で分けてください。",
                f"The answer has more than {most} rows. Ask in parts with ORDER BY, LIMIT {most} and OFFSET.",
            )

    def _ask(self, checked: Checked, dataset: Dataset) -> bytes:
        try:
            return self._send(checked, dataset)
        except Unauthorized as error:
            # A password goes only to a server that asks for it, and in the way it asks for.
            self._challenge = _challenge_of(error)
            if not self._challenge or not self._settings.endpoint_user:
                raise _no_entry() from error
        try:
            return self._send(checked, dataset)
        except Unauthorized as error:
            raise _no_entry() from error

    def _send(self, checked: Checked, dataset: Dataset) -> bytes:
        deadline = time.monotonic() + self._settings.query_timeout
        try:
            with self._client(checked, dataset).query().response as response:
                return self._read(response, deadline)
        except Unauthorized:
            raise
        except SPARQLWrapperException as error:
            raise _from_kind(error) from error
        except HTTPError as error:
            raise _from_status(error) from error
        except (URLError, HTTPException, OSError) as error:
            raise self._from_network(error) from error

    def _read(self, response: Any, deadline: float) -> bytes:
        received = bytearray()
        while piece := response.read(_PIECE):
            received += piece
            if len(received) > self._settings.endpoint_bytes:
                raise _too_large(self._settings.endpoint_bytes)
            if time.monotonic() > deadline:
                raise TimeoutError
        _check_whole(response.headers.get, bytes(received))
        return bytes(received)

    def _from_network(self, error: Exception) -> DxlodError:
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError | socket.timeout):
            seconds = self._settings.query_timeout
            return QueryTimeoutError(
                f"データストアから {seconds:g} 秒以内に答えがありません。",
                f"The store gave no answer within {seconds:g} s.",
                mend_ja="範囲を絞るか、LIMIT を付けてください。",
                mend_en="Narrow the query, or add a LIMIT.",
            )
        return RemoteStoreError("データストアに接続できません。", f"The store cannot be reached: {reason}")

    def _client(self, checked: Checked, dataset: Dataset) -> SPARQLWrapper:
        client = SPARQLWrapper(self._endpoint, agent="dxlod")
        client.setMethod(POST)
        client.setTimeout(max(1, round(self._settings.query_timeout)))
        # Its own choice of format would come as parameters that endpoints put before the Accept header.
        client.setOnlyConneg(True)
        client.addCustomHttpHeader("Accept", _TRIPLES if checked.form.is_graph else _JSON)
        if self._challenge:
            # Its own Digest would be installed for the whole process.
            user, password = self._settings.endpoint_user, self._settings.endpoint_password
            entry = authorization(self._challenge, POST, self._endpoint, user, password)
            client.addCustomHttpHeader("Authorization", entry)
        for iri in dataset.default_graphs:
            client.addDefaultGraph(iri)
        for iri in dataset.named_graphs:
            client.addNamedGraph(iri)
        # On the same line, so that the lines of an error are those of the query.
        client.setQuery(f"BASE <{self._limits.base}> {checked.text}")
        # It guesses the form from the text, and would send as an update what it takes for one.
        client.queryType = checked.form.value
        return client


def _challenge_of(error: Unauthorized) -> str:
    """What the server asks for; SPARQLWrapper tells only in what its error was raised from."""
    cause = error.__context__
    return str(cause.headers.get("WWW-Authenticate", "")) if isinstance(cause, HTTPError) else ""


def _boolean(body: bytes) -> bytes:
    """The answer to ASK as the standard has it; Virtuoso gives a row where the pattern is empty."""
    document = json.loads(body)
    if "boolean" not in document:
        rows = document["results"]["bindings"]
        document = {"head": {}, "boolean": bool(rows) and rows[0]["__ASK_RETVAL"]["value"] == "1"}
    return json.dumps(document).encode()


def _solutions(body: bytes) -> bytes:
    """Truth values as people write them: Virtuoso gives 1 and 0, which are the same values."""
    if _TRUTH.encode() not in body:
        return body
    document = json.loads(body)
    for row in document["results"]["bindings"]:
        for term in row.values():
            if term.get("datatype") == _TRUTH:
                term["value"] = {"1": "true", "0": "false"}.get(term["value"], term["value"])
    return json.dumps(document).encode()


def _check_whole(header: Callable[[str], str | None], body: bytes) -> None:
    """Virtuoso says in its headers that an answer is a part of one, and gives it as a 200 all the same."""
    if header("X-SQL-State"):
        raise QueryTimeoutError(
            "データストアが途中で止めたため、答えがすべてではありません。",
            "The store stopped early, so its answer is only a part.",
        )
    most = header("X-SPARQL-MaxRows") or ""
    if most.isdigit() and body.lstrip().startswith(b"{") and count_rows(body, _JSON) >= int(most):
        raise AnswerTooLargeError(
            f"データストアは {most} 行までしか答えません。LIMIT と OFFSET で分けてください。",
            f"The store answers with {most} rows at most. Ask in parts with LIMIT and OFFSET.",
        )


def _from_kind(error: SPARQLWrapperException) -> DxlodError:
    said = _said(error.args[0] if error.args else "")
    if isinstance(error, QueryBadFormed):
        return _refused(said)
    if isinstance(error, EndPointInternalError) and _GAVE_UP.search(said):
        return _gave_up()
    if isinstance(error, EndPointNotFound):
        return RemoteStoreError(
            "データストアの URL が違うようです。", "There is no endpoint at the store's URL."
        )
    return _failed(said)


def _from_status(error: HTTPError) -> DxlodError:
    with error:
        said = error.read(2_000).decode("utf-8", "replace")
    if error.code in (408, 504) or _GAVE_UP.search(said):
        return _gave_up()
    if error.code in (429, 503):
        return StoreBusyError("データストアが混み合っています。", "The store is busy.")
    return _no_entry() if error.code in (401, 403) else _failed(f"HTTP {error.code}")


def _said(text: object) -> str:
    """What a store says of an error: SPARQLWrapper puts its own words before the bytes, shown as Python shows them."""
    words = str(text).partition("Response:\n")[2] or str(text)
    if words[:2] in ("b'", 'b"'):
        words = words[2:-1].encode("latin-1", "replace").decode("unicode_escape", "replace")
        words = words.encode("latin-1", "replace").decode("utf-8", "replace")
    return next((line.strip() for line in words.splitlines() if line.strip()), "")[:200]


def _refused(said: str) -> QueryError:
    found = _PLACE.search(said)
    line = int(found.group(1)) if found else 0
    where_ja, where_en = (f"（{line} 行目）", f" in line {line}") if line else ("", "")
    return QuerySyntaxError(
        f"データストアが、この問い合わせを正しくないとしています{where_ja}。",
        f"The store says that this query is wrong{where_en}: {said}",
        line=line,
        column=1 if line else 0,
    )


def _failed(said: str) -> RemoteStoreError:
    return RemoteStoreError(
        "データストアが答えられませんでした。", f"The store failed to answer: {said[:200]}"
    )


def _broken() -> RemoteStoreError:
    return RemoteStoreError(
        "データストアの答えを読めません。",
        "The store's answer cannot be read: it is broken, or in another format.",
    )


def _gave_up() -> QueryTimeoutError:
    return QueryTimeoutError("データストアが時間切れで止めました。", "The store gave up: it took too long.")


def _no_entry() -> RemoteStoreError:
    return RemoteStoreError(
        "データストアが利用を認めません。",
        "The store does not let us in.",
        mend_ja="DXLOD_ENDPOINT_USER と DXLOD_ENDPOINT_PASSWORD を確かめてください。",
        mend_en="Check DXLOD_ENDPOINT_USER and DXLOD_ENDPOINT_PASSWORD.",
    )


def _too_large(most: int) -> AnswerTooLargeError:
    return AnswerTooLargeError(
        f"データストアの答えが {most} バイトを超えます。範囲を絞ってください。",
        f"The store's answer is larger than {most} bytes. Narrow the query.",
    )
