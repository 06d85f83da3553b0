"""Queries answered by a store elsewhere, in the place of query workers: the same questions, bounds and errors.

The store is asked which release it holds (see `dxlod push`), now and then and after each answer. While it holds another
one, or is being filled, queries are turned away, so that no answer mixes two releases; pages and files go on. A store
that nobody has pushed to has no such record, and is taken at its word.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

from starlette.types import Receive

from dxlod.errors import (
    ClientGoneError,
    DxlodError,
    QueryTimeoutError,
    RemoteStoreError,
    StoreBusyError,
    StoreError,
)
from dxlod.release import Release
from dxlod.server.leaving import while_connected
from dxlod.server.spool import LargeAnswer
from dxlod.settings import Settings
from dxlod.store import Answer, Checked, Dataset, RemoteEngine
from dxlod.store.push import release_digest
from dxlod.store.record import Record, digest_line, read_record, record_iri, record_query

__all__ = ["RemotePool"]

_LOG = logging.getLogger("dxlod")
_BETWEEN_LOOKS = 5.0


class RemotePool:
    """As `QueryPool`: at most `query_workers` queries at a time, `query_queue` more wait."""

    def __init__(
        self, release: Release, settings: Settings, outcome: Callable[[str, str, float], None] | None = None
    ) -> None:
        self._release = release
        self._settings = settings
        self._outcome = outcome or (lambda *_: None)
        graphs = tuple(release.manifest.graphs) if settings.endpoint_graphs == "named" else ()
        self._engine = RemoteEngine(settings.endpoint, settings, graphs)
        # The record is none of the graphs that people ask about.
        self._looker = RemoteEngine(settings.endpoint, settings)
        # A query past its deadline keeps its thread until the store lets go of it, so nobody is asked too much.
        self._threads = ThreadPoolExecutor(settings.query_workers, "remote")
        self._looks = ThreadPoolExecutor(1, "look")
        self._room = asyncio.Semaphore(settings.query_workers)
        self._busy = self._waiting = 0
        self._fault: StoreError | None = _not_asked()
        self._mark = ""
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Look for the store once; one that is not there now may come later."""
        await self._look()
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Ask nothing any more."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait((self._watching,))
        self._fault = _not_asked()
        for threads in (self._threads, self._looks):
            threads.shutdown(wait=False, cancel_futures=True)

    @property
    def alive(self) -> bool:
        """Whether the store could be asked the last time, and holds this release."""
        return self._fault is None

    @property
    def numbers(self) -> dict[str, int]:
        """As `QueryPool.numbers`; there are no lanes."""
        idle = self._settings.query_workers - self._busy
        return {"idle": idle, "fast": self._busy, "slow": 0, "held": 0, "waiting": self._waiting}

    async def query(self, text: str, media_type: str = "", dataset: Dataset | None = None) -> Answer:
        """As `answer`."""
        found = await self.answer(text, media_type, dataset)
        assert isinstance(found, Answer)
        return found

    async def answer(
        self,
        text: str,
        media_type: str = "",
        dataset: Dataset | None = None,
        _checked: Checked | None = None,
        receive: Receive | None = None,
    ) -> Answer | LargeAnswer:
        """A whole answer. Errors as those of `QueryPool.answer`, and RemoteStoreError for what the store does wrong."""
        clock = asyncio.get_running_loop().time
        begin, ending = clock(), "cancelled"
        try:
            if self._fault is not None:
                raise self._fault
            async with asyncio.timeout(self._settings.query_timeout):
                asking = self._ask(partial(self._work, text, media_type, dataset))
                found = await (while_connected(receive, asking) if receive else asking)
            ending = "ok"
            return found
        except TimeoutError as error:
            ending = "timeout"
            raise _past_deadline(self._settings.query_timeout) from error
        except DxlodError as error:
            ending = _ending(error)
            raise
        finally:
            self._outcome(ending, "remote", clock() - begin)

    async def _ask(self, work: Callable[[], Answer]) -> Answer:
        await self._take_room()
        self._busy += 1
        job = asyncio.get_running_loop().run_in_executor(self._threads, work)
        job.add_done_callback(self._let_go)
        # Shielded: giving up does not end the thread, so its room is not free yet.
        return await asyncio.shield(job)

    def _work(self, text: str, media_type: str, dataset: Dataset | None) -> Answer:
        answer = self._engine.query(text, media_type, dataset)
        # A push takes the mark away before it changes anything, so what was answered before is of one release.
        if self._mark and not self._looker.ask(self._mark):
            self._fault = _other_release(self._release)
            raise self._fault
        return answer

    async def _take_room(self) -> None:
        if self._room.locked() and self._waiting >= self._settings.query_queue:
            raise _busy()
        self._waiting += 1
        try:
            async with asyncio.timeout(self._settings.queue_timeout):
                await self._room.acquire()
        except TimeoutError as error:
            raise _busy() from error
        finally:
            self._waiting -= 1

    def _let_go(self, job: asyncio.Future[Answer]) -> None:
        self._busy -= 1
        self._room.release()
        if not job.cancelled():
            # Whoever has left does not fetch it.
            job.exception()

    def _take_note(self, record: Record) -> None:
        fits = not record.graphs or record.sha256 == release_digest(self._release)
        self._mark = _mark_of(record)
        self._fault = None if fits else _other_release(self._release)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_BETWEEN_LOOKS)
            with suppress(DxlodError):
                await self._look()

    async def _look(self) -> None:
        """Whether the store is there and holds this release."""
        iri = record_iri(self._release.manifest.base)
        before = self._fault
        try:
            ask = partial(self._looker.select, record_query(iri))
            rows = await asyncio.get_running_loop().run_in_executor(self._looks, ask)
            self._take_note(read_record(iri, rows))
        except StoreBusyError:
            return
        except DxlodError as error:
            self._fault = error if isinstance(error, StoreError) else RemoteStoreError(error.ja, error.en)
        if str(before or "") != str(self._fault or ""):
            _LOG.warning("%s: %s", self._settings.endpoint, self._fault.en if self._fault else "ready")


def _mark_of(record: Record) -> str:
    """ASK whether the store still holds what this record says; '' where there is none."""
    line = digest_line(record.iri, record.sha256).rstrip(" .\n")
    return f"ASK {{ GRAPH <{record.iri}> {{ {line} }} }}" if record.graphs else ""


def _other_release(release: Release) -> StoreError:
    return StoreBusyError(
        f"データストアをリリース {release.version} に更新しているところです。しばらくしてから試してください。",
        f"The store is being brought to release {release.version}; try again a little later.",
        mend_ja="運用者へ: dxlod push で送ってください。",
        mend_en="To the operator: run dxlod push.",
    )


def _not_asked() -> StoreError:
    return RemoteStoreError("データストアに接続していません。", "The store is not connected.")


def _past_deadline(seconds: float) -> QueryTimeoutError:
    return QueryTimeoutError(
        f"{seconds:g} 秒以内に終わらないため、問い合わせをやめました。",
        f"The query was given up: it took longer than {seconds:g} s.",
        mend_ja="範囲を絞るか、LIMIT を付けるか、/dumps/ の全データを使ってください。",
        mend_en="Narrow it, add a LIMIT, or use the whole data under /dumps/.",
    )


def _busy() -> StoreBusyError:
    return StoreBusyError("混み合っています。", "Too many queries are under way; try again a little later.")


def _ending(error: DxlodError) -> str:
    if isinstance(error, StoreError):
        return "busy" if isinstance(error, StoreBusyError) else "failed"
    if isinstance(error, ClientGoneError):
        return "cancelled"
    return "timeout" if isinstance(error, QueryTimeoutError) else "error"
