"""What is asked of the SPARQL endpoint, read and answered; how that is said over HTTP is not known here."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from starlette.types import Receive

from dxlod.errors import QueryTimeoutError
from dxlod.release import GRAPH_FORMATS
from dxlod.release.formats import DATASET_FORMATS
from dxlod.server.answers import AnswerCache, Checks, Tagged, tagged
from dxlod.server.federation import Federation
from dxlod.server.leaving import while_connected
from dxlod.server.negotiate import Offer, by_name, choose
from dxlod.server.protocol import Asked, Pairs, read_pairs
from dxlod.server.service import Service
from dxlod.server.spool import LargeAnswer
from dxlod.store import BOOLEAN_FORMATS, RESULT_FORMATS, Answer, Checked, Dataset, Form, Limits

__all__ = ["Desk", "Question", "offers_for"]

_LONG = 4_000
"""Characters of a query that is read in a thread and whose reading is not kept."""
_REMEMBERED = 1_000
"""Accept headers whose meaning is kept, each of at most `_LONG_HEADER` characters."""
_LONG_HEADER = 500


@dataclass(frozen=True)
class Question:
    """A query that may be run, and the format of its answer."""

    asked: Asked
    checked: Checked
    media_type: str


class Desk:
    """Reads and answers questions over one release. `headers` belong on every answer."""

    def __init__(self, service: Service) -> None:
        settings = service.settings
        self.service = service
        self.headers = {"X-SPARQL-MaxRows": str(settings.max_rows)} if settings.max_rows else {}
        self._cache = AnswerCache(settings.cache_bytes)
        self._checks = Checks(Limits.of(settings), calls=bool(settings.endpoints), longest=_LONG)
        self._federation = Federation(settings, service.reader)
        self._chosen: dict[tuple[Form, str | None], Offer | None] = {}

    def pairs(self, query_string: bytes) -> Pairs:
        """The parameters of a URL's query string; RequestError when it is too long or no UTF-8."""
        return read_pairs(query_string, self.service.settings.max_url_bytes)

    async def check(self, query: str) -> Checked:
        """The query, found fit to be run; read in a thread where it is long, so that others do not wait for it."""
        if self.is_short(query):
            return self._checks.of(query)
        return await asyncio.to_thread(self._checks.of, query)

    def check_now(self, query: str) -> Checked:
        """As `check`, for a query that is short."""
        return self._checks.of(query)

    def is_short(self, query: str) -> bool:
        """Whether reading this query takes no time to speak of."""
        return len(query) < _LONG

    def choose(self, form: Form, name: str, accept: str | None) -> Offer | None:
        """The format for an answer to a query of this form: by `format=`, otherwise by Accept; None where none fits."""
        offers = offers_for(form)
        if name:
            return by_name(name, offers)
        key = (form, accept)
        if key not in self._chosen:
            if accept and len(accept) > _LONG_HEADER:
                return choose(accept, offers)
            if len(self._chosen) >= _REMEMBERED:
                self._chosen.clear()
            self._chosen[key] = choose(accept, offers)
        return self._chosen[key]

    async def find(self, question: Question, receive: Receive) -> Tagged | LargeAnswer:
        """The answer, kept when it may be asked again; the work is stopped when the client leaves.

        QueryError and StoreError as those of `QueryPool.answer`.
        """
        asked, media_type = question.asked, question.media_type
        kept = self._cache.get(asked.query, media_type, asked.dataset)
        if kept is not None:
            return kept
        if question.checked.calls:
            answer = await while_connected(receive, self._fetch(question))
        else:
            answer = await self._ask(question, asked.dataset, receive)
        if isinstance(answer, LargeAnswer):
            return answer
        found = tagged(answer)
        if question.checked.repeatable:
            self._cache.put(asked.query, media_type, asked.dataset, found)
        return found

    async def _fetch(self, question: Question) -> Answer | LargeAnswer:
        seconds = self.service.settings.query_timeout
        try:
            # One deadline for what others answer and for what is made of it.
            async with asyncio.timeout(seconds):
                fetched = await self._federation.fetch(question.checked)
                return await self._ask(question, replace(question.asked.dataset, fetched=fetched))
        except TimeoutError as error:
            raise QueryTimeoutError(
                f"SERVICE を含めて {seconds:g} 秒以内に終わらないため、問い合わせを止めました。",
                f"The query was stopped: with SERVICE it took longer than {seconds:g} s.",
            ) from error

    async def _ask(
        self, question: Question, dataset: Dataset, receive: Receive | None = None
    ) -> Answer | LargeAnswer:
        return await self.service.pool.answer(
            question.asked.query, question.media_type, dataset, question.checked, receive
        )


def offers_for(form: Form) -> tuple[Offer, ...]:
    """CSV and TSV hold solutions only, so ASK is not answered in them (SPARQL 1.1 Query Results CSV and TSV, 1)."""
    if form.is_graph:
        return (*GRAPH_FORMATS, *DATASET_FORMATS)
    return BOOLEAN_FORMATS if form is Form.ASK else RESULT_FORMATS
