"""Query workers with a deadline, in two lanes: what takes long runs at low priority and never keeps others waiting.

A query starts in the fast lane. Past `slow_after` it counts as slow: another worker takes its place there, and it goes
on at the lowest priority, at most `slow_queries` at a time, the rest held or turned away. A query that was slow the
last time starts in the slow lane. Past its deadline, or its limit of memory, its process is killed.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from starlette.types import Receive

from dxlod.errors import (
    ClientGoneError,
    DxlodError,
    QueryMemoryError,
    QueryTimeoutError,
    StoreBusyError,
    StoreError,
)
from dxlod.release import Release
from dxlod.server.faults import from_header
from dxlod.server.keeper import Keeper, gone
from dxlod.server.leaving import while_connected
from dxlod.server.spool import LargeAnswer
from dxlod.server.staff import Staff, busy
from dxlod.server.wire import Message, encode_header, pack_encoded
from dxlod.server.worker import Worker, WorkerGoneError
from dxlod.settings import Settings
from dxlod.store import Answer, Checked, Dataset, Form

__all__ = ["Outcome", "QueryPool"]

Outcome = Callable[[str, str, float], None]
"""Told of each query: how it ended (ok, error, timeout, memory, busy, failed, cancelled), its lane, its seconds."""

_TRIES = 4
_TURNS = 10
_INSTANT = 0.001
_LOOK = 0.02
_HELD_FOR_EACH = 4
_REMEMBERED = 2_000


@dataclass
class _Job:
    message: bytes
    key: bytes
    lane: str = "fast"


class _Asked:
    """A question that a worker has been given. `watched`: somebody sees to it that the worker is given back."""

    def __init__(self, worker: Worker, job: _Job) -> None:
        self.worker = worker
        self.watched = False
        self._begin, self._used = asyncio.get_running_loop().time(), worker.seconds()
        self.reply = worker.ask(job.message)

    def age(self) -> float:
        """Seconds since it was asked."""
        return asyncio.get_running_loop().time() - self._begin

    def computed(self) -> float:
        """Seconds that the worker has computed since."""
        return self.worker.seconds() - self._used


class QueryPool:
    """Answers queries over one release, from processes that share its memory."""

    def __init__(self, release: Release, settings: Settings, outcome: Outcome | None = None) -> None:
        self._settings = settings
        self._outcome = outcome or (lambda *_: None)
        self._staff = Staff(
            lambda: Keeper(release, settings),
            settings.query_workers,
            settings.query_queue,
            settings.queue_timeout,
            settings.slow_queries or os.cpu_count() or 1,
        )
        self._slots = settings.slow_queries or os.cpu_count() or 1
        self._slow = asyncio.Semaphore(self._slots)
        self._waiting = self._held = 0
        self._was_slow: OrderedDict[bytes, None] = OrderedDict()

    async def start(self) -> None:
        """Load the store and fork the workers; StoreError when that fails."""
        await self._staff.start()

    async def close(self) -> None:
        """End all workers; queries still running end with StoreError."""
        await self._staff.close()

    @property
    def alive(self) -> bool:
        """Whether there are workers, or some on their way."""
        return self._staff.alive

    @property
    def numbers(self) -> dict[str, int]:
        """How many workers are idle, answering in each lane, held; how many queries wait."""
        return {**self._staff.numbers, "held": self._held, "waiting": self._staff.waiting + self._waiting}

    async def query(self, text: str, media_type: str = "", dataset: Dataset | None = None) -> Answer:
        """As `answer`, in memory whatever its size: for queries of our own."""
        found = await self.answer(text, media_type, dataset)
        if isinstance(found, Answer):
            return found
        return Answer(found.media_type, await asyncio.to_thread(found.read))

    async def answer(
        self,
        text: str,
        media_type: str = "",
        dataset: Dataset | None = None,
        checked: Checked | None = None,
        receive: Receive | None = None,
    ) -> Answer | LargeAnswer:
        """A whole answer, in a file when it is large.

        `checked` is what the guard has found, where it was asked already; the query is stopped when the client that
        `receive` belongs to leaves (ClientGoneError). QueryTimeoutError at the deadline, QueryMemoryError past the
        limit of memory or size, StoreBusyError when no worker gets free, StoreError when the process was ended from
        outside, QueryError for all that is wrong with it.
        """
        clock = asyncio.get_running_loop().time
        begin, ending = clock(), "cancelled"
        body = text.encode()
        message = _message(media_type, dataset or Dataset(), checked, body)
        job = _Job(message, hashlib.blake2b(body, digest_size=16).digest())
        begun: _Asked | None = None
        try:
            found = await self._at_once(job)
            if not isinstance(found, (Answer, LargeAnswer)):
                begun = found
                rest = self._patiently(job, begun, begin + self._settings.query_timeout)
                found = await (while_connected(receive, rest) if receive else rest)
            ending = "ok"
            return found
        except TimeoutError as error:
            ending = "timeout"
            raise _past_deadline(self._settings.query_timeout) from error
        except DxlodError as error:
            ending = _ending(error)
            raise
        finally:
            if begun is not None and not begun.watched:
                self._staff.give_back(begun.worker, fit=False)
            self._outcome(ending, job.lane, clock() - begin)

    async def _at_once(self, job: _Job) -> Answer | LargeAnswer | _Asked | None:
        """The answer, if a worker is at hand and answers before it could be slow; otherwise what has begun."""
        worker = None if job.key in self._was_slow else await self._staff.soon()
        if worker is None:
            return None
        asked = _Asked(worker, job)
        try:
            await _within(asked.reply, self._settings.slow_after)
        except BaseException:
            self._staff.give_back(worker, fit=False)
            raise
        if not asked.reply.done() or asked.reply.exception() is not None:
            return asked
        return self._end(asked)

    def _end(self, asked: _Asked) -> Answer | LargeAnswer:
        header, body = asked.reply.result()
        try:
            return _read(header, body, asked.worker)
        finally:
            self._staff.give_back(asked.worker, fit="spooled" not in header)

    async def _patiently(self, job: _Job, begun: _Asked | None, deadline: float) -> Answer | LargeAnswer:
        async with asyncio.timeout_at(deadline):
            for _ in range(_TRIES):
                try:
                    if begun is None and (job.key in self._was_slow or job.lane == "slow"):
                        return await self._work_slowly(job)
                    asked, begun = begun or _Asked(await self._staff.take(), job), None
                    return await self._work(asked, job)
                except WorkerGoneError as error:
                    if not error.untouched:
                        raise
        raise gone()

    async def _work_slowly(self, job: _Job) -> Answer | LargeAnswer:
        job.lane = "slow"
        await self._slot()
        try:
            return await self._work(_Asked(await self._staff.take_slow(), job), job)
        finally:
            self._slow.release()

    async def _work(self, asked: _Asked, job: _Job) -> Answer | LargeAnswer:
        """What a worker answers, who is idle again afterwards or, whatever happens, replaced."""
        worker, fit = asked.worker, False
        asked.watched = True
        try:
            if job.lane == "fast" and not await self._is_quick(asked):
                job.lane = "slow"
                self._remember(job.key, slow=True)
                await self._move(worker, asked.reply)
            header, body = await asked.reply
            fit = "spooled" not in header
            if job.lane == "slow":
                self._remember(job.key, slow=asked.age() > self._settings.slow_after)
            return _read(header, body, worker)
        except WorkerGoneError as error:
            if error.untouched:
                raise
            raise await self._reason(worker) from error
        finally:
            self._staff.give_back(worker, fit=fit)

    async def _is_quick(self, asked: _Asked) -> bool:
        """Whether the reply comes before the worker has computed for `slow_after`.

        Its own time counts, not that of the clock: a cheap query is not slow because the machine is busy.
        """
        for _ in range(_TURNS):
            quota = self._settings.slow_after - asked.computed()
            if quota <= _INSTANT:
                break
            if await _within(asked.reply, quota):
                return True
        return asked.reply.done()

    async def _move(self, worker: Worker, reply: asyncio.Future[Message]) -> None:
        """From the fast lane to the slow one, where it goes on when there is room; until then it stands still."""
        hold = self._slow.locked()
        if hold and self._held >= _HELD_FOR_EACH * self._slots:
            raise busy()
        self._staff.lend(worker)
        if not hold:
            # Nobody can have come between.
            await self._slot()
        elif not await self._hold(worker, reply):
            return
        try:
            await self._make_way(worker, reply)
            await asyncio.wait((reply,))
        finally:
            self._slow.release()

    async def _make_way(self, worker: Worker, reply: asyncio.Future[Message]) -> None:
        """The lowest priority, as soon as somebody else is asking; one that is alone may keep its own."""
        taken = self._staff.taken
        while not reply.done():
            if worker.still or self._staff.taken != taken or self._slow.locked():
                await self._staff.slow(worker)
                return
            await _within(reply, _LOOK)

    async def _hold(self, worker: Worker, reply: asyncio.Future[Message]) -> bool:
        """Whether there is room now. If not, the reply has come: it was on its way when the worker was stopped."""
        self._held += 1
        slot = asyncio.ensure_future(self._slot())
        taken = False
        try:
            await self._staff.pause(worker)
            await asyncio.wait((slot, reply), return_when=asyncio.FIRST_COMPLETED)
            if slot.done():
                slot.result()
                taken = True
            return taken
        finally:
            self._held -= 1
            if not taken and not slot.cancel() and not slot.cancelled() and slot.exception() is None:
                self._slow.release()

    async def _slot(self) -> None:
        """Room in the slow lane, to be released; StoreBusyError when too many wait, or there is none in time."""
        if self._slow.locked() and self._waiting >= self._settings.query_queue:
            raise busy()
        self._waiting += 1
        try:
            async with asyncio.timeout(self._settings.queue_timeout):
                await self._slow.acquire()
        except TimeoutError as error:
            raise busy() from error
        finally:
            self._waiting -= 1

    def _remember(self, key: bytes, *, slow: bool) -> None:
        self._was_slow.pop(key, None)
        if slow:
            self._was_slow[key] = None
            if len(self._was_slow) > _REMEMBERED:
                self._was_slow.popitem(last=False)

    async def _reason(self, worker: Worker) -> DxlodError:
        """Why a worker has died with a query that it had read. Such a query is never tried again."""
        ended = await self._staff.verdict(worker)
        if ended != "memory":
            return gone()
        return QueryMemoryError(
            "問い合わせがメモリなどの上限に達したため、止めました。",
            "The query was stopped: it reached its limit of memory.",
            mend_ja="範囲を絞るか、/dumps/ の全データを使ってください。",
            mend_en="Narrow it, or use the whole data under /dumps/.",
        )


async def _within(reply: asyncio.Future[Message], seconds: float) -> bool:
    """Whether the reply comes so soon. What asyncio.wait does for many futures takes longer than a cheap query."""
    loop = asyncio.get_running_loop()
    over: asyncio.Future[None] = loop.create_future()

    def end(_: object = None) -> None:
        if not over.done():
            over.set_result(None)

    timer = loop.call_later(seconds, end)
    reply.add_done_callback(end)
    try:
        await over
    finally:
        timer.cancel()
        reply.remove_done_callback(end)
    return reply.done()


def _message(media_type: str, dataset: Dataset, checked: Checked | None, body: bytes) -> bytes:
    if checked is None or checked.calls:
        return pack_encoded(_header(media_type, dataset, None, names_graphs=False), body)
    return pack_encoded(_header(media_type, dataset, checked.form, names_graphs=checked.names_graphs), body)


@lru_cache(maxsize=256)
def _header(media_type: str, dataset: Dataset, form: Form | None, *, names_graphs: bool) -> bytes:
    """What a worker is told beside the query: see questions.py."""
    header: dict[str, Any] = {"media": media_type, **dataset.header()}
    if form is not None:
        header["checked"] = [form.value, names_graphs]
    return encode_header(header)


def _read(header: Mapping[str, Any], body: bytes, worker: Worker) -> Answer | LargeAnswer:
    if not header["ok"]:
        raise from_header(header)
    if "spooled" in header:
        return LargeAnswer(header["media"], worker.take_spool(), header["spooled"], header["sha256"])
    return Answer(header["media"], body)


def _past_deadline(seconds: float) -> QueryTimeoutError:
    return QueryTimeoutError(
        f"{seconds:g} 秒以内に終わらないため、問い合わせを止めました。",
        f"The query was stopped: it took longer than {seconds:g} s.",
        mend_ja="範囲を絞るか、LIMIT を付けるか、/dumps/ の全データを使ってください。",
        mend_en="Narrow it, add a LIMIT, or use the whole data under /dumps/.",
    )


def _ending(error: DxlodError) -> str:
    if isinstance(error, ClientGoneError):
        return "cancelled"
    if isinstance(error, StoreError):
        return "busy" if isinstance(error, StoreBusyError) else "failed"
    return "memory" if isinstance(error, QueryMemoryError) else "error"
