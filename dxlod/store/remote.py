"""A remote SPARQL 1.1 endpoint as an engine. The one place that knows SPARQLWrapper."""

from __future__ import annotations

from urllib.error import HTTPError, URLError

from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from dxlod.errors import QueryError, QueryTimeoutError, StoreError
from dxlod.settings import Settings
from dxlod.store.base import RESULT_FORMATS, Answer, Dataset, Rows
from dxlod.store.guard import Limits, check_query
from dxlod.store.results import read_ask, read_rows

__all__ = ["RemoteEngine"]


class RemoteEngine:
    """An Engine that asks an endpoint by POST. StoreError when it cannot be reached.

    Whether its default graph is the union of the named graphs is the endpoint's own configuration.
    """

    def __init__(self, endpoint: str, settings: Settings) -> None:
        self._endpoint = endpoint
        self._limits = Limits.of(settings)
        self._timeout = settings.query_timeout

    def query(self, text: str, media_type: str = "", dataset: Dataset | None = None) -> Answer:
        """See Engine.query."""
        form = check_query(text, self._limits).form
        media_type = media_type or ("text/turtle" if form.is_graph else RESULT_FORMATS[0].media_type)
        client = self._client(text, media_type, dataset or Dataset())
        try:
            response = client.query().response
            return Answer(media_type, response.read())
        except SPARQLWrapperException as error:
            raise QueryError(
                "問い合わせ先が断りました。", f"The endpoint refused the query: {error}"
            ) from error
        except HTTPError as error:
            raise _from_status(error) from error
        except TimeoutError as error:
            raise QueryTimeoutError(
                f"{self._timeout:g} 秒以内に答えがありません。", f"No answer within {self._timeout:g} s."
            ) from error
        except (URLError, OSError) as error:
            raise StoreError(
                f"{self._endpoint} に接続できません。", f"{self._endpoint} cannot be reached: {error}"
            ) from error

    def select(self, text: str) -> Rows:
        """See Engine.select."""
        return read_rows(self.query(text, RESULT_FORMATS[0].media_type).body)

    def ask(self, text: str) -> bool:
        """See Engine.ask."""
        return read_ask(self.query(text, RESULT_FORMATS[0].media_type).body)

    def construct(self, text: str, media_type: str = "text/turtle") -> bytes:
        """See Engine.construct."""
        return self.query(text, media_type).body

    def _client(self, text: str, media_type: str, dataset: Dataset) -> SPARQLWrapper:
        client = SPARQLWrapper(self._endpoint)
        client.setMethod(POST)
        client.setTimeout(max(1, round(self._timeout)))
        # Its own choice of format would come as parameters that endpoints put before the Accept header.
        client.setOnlyConneg(True)
        client.addCustomHttpHeader("Accept", media_type)
        for iri in dataset.default_graphs:
            client.addDefaultGraph(iri)
        for iri in dataset.named_graphs:
            client.addNamedGraph(iri)
        client.setQuery(text)
        return client


def _from_status(error: HTTPError) -> Exception:
    if error.code in (503, 504):
        return QueryTimeoutError("問い合わせ先が時間切れです。", f"The endpoint gave up: {error}")
    return QueryError("問い合わせ先が断りました。", f"The endpoint refused the query: {error}")
