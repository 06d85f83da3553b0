"""The workers of a pool: handing them out, replacing those that are lent to slow queries or have ended."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from dxlod.errors import StoreBusyError, StoreError
from dxlod.server.keeper import Keeper, gone
from dxlod.server.worker import Worker, WorkerGoneError

__all__ = ["Staff", "busy"]

_LOG = logging.getLogger("dxlod")


_SPARE = 2
_MOST = 4
_SHORTLY, _PATIENTLY = 0.01, 0.1
_STILLBORN = 3


class Staff:
    """Keeps workers in the fast lane whatever happens to them; begins anew where their zygote has died.

    `size` of them are enough for queries that end at once, and know the store best. A query that waits while none of
    them gets free takes a spare one; while all are at work, others are forked, up to four times as many, so that a
    quick query never waits for slow ones. At most `slow` are kept at the lowest priority.
    """

    def __init__(
        self, make_keeper: Callable[[], Keeper], size: int, queue: int, patience: float, slow: int = 1
    ) -> None:
        self._make_keeper = make_keeper
        self._size = size
        self._queue = queue
        self._patience = patience
        self._slow = slow
        self.taken = 0
        self._moved = 0.0
        self._keeper: Keeper | None = None
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        self._resting: list[Worker] = []
        self._waiters: deque[asyncio.Future[Worker | None]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._mending = asyncio.Lock()
        self._open = False

    async def start(self) -> None:
        """Load the store and fork the workers; StoreError when that fails."""
        self._keeper = self._make_keeper()
        self._open = True
        try:
            await self._keeper.start()
            await self._fill()
        except StoreError:
            await self.close()
            raise

    async def close(self) -> None:
        """End all; those who wait get StoreError."""
        self._open = False
        # Under the lock, so that no repair begins a new zygote behind our back.
        async with self._mending:
            keeper, self._keeper = self._keeper, None
        for worker in list(self._workers):
            worker.end()
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_exception(gone())
        self._workers.clear()
        self._idle.clear()
        self._resting.clear()
        if keeper is not None:
            await keeper.close()
        while self._tasks:
            await asyncio.wait(self._tasks)

    @property
    def alive(self) -> bool:
        """Whether there are workers, or some on their way."""
        return self._open and bool(self._workers or self._tasks)

    @property
    def waiting(self) -> int:
        """How many wait for a worker."""
        return len(self._waiters)

    @property
    def numbers(self) -> dict[str, int]:
        """How many workers are idle, and how many answer in each lane."""
        slow = sum(worker.slow for worker in self._workers)
        fast = len(self._workers) - slow - len(self._idle)
        return {"idle": len(self._idle), "fast": fast, "slow": slow - len(self._resting)}

    async def take(self) -> Worker:
        """An idle worker; StoreBusyError when too many wait already, or none gets free in time."""
        worker = self._idle_one()
        if worker is not None:
            return worker
        self._replenish()
        if not self._open:
            raise gone()
        if len(self._waiters) >= self._queue:
            raise busy()
        waiter: asyncio.Future[Worker | None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(self._patience):
                found = await waiter
            assert found is not None
            return found
        except TimeoutError as error:
            self._refuse(waiter)
            raise busy() from error
        except asyncio.CancelledError:
            self._refuse(waiter)
            raise

    async def soon(self) -> Worker | None:
        """An idle worker, at once or after a moment; None where there is none then."""
        if self._at_work() < self._size and not self._waiters:
            return self._idle_one()
        if len(self._waiters) >= self._queue:
            return None
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Worker | None] = loop.create_future()
        self._waiters.append(waiter)
        loop.call_later(_SHORTLY, self._look_again, waiter, loop.time() + _PATIENTLY)
        try:
            return await waiter
        except asyncio.CancelledError:
            self._refuse(waiter)
            raise

    def _look_again(self, waiter: asyncio.Future[Worker | None], latest: float) -> None:
        """A spare worker for who waits, unless the line moves: then those who know the store best are sooner."""
        if waiter.done():
            return
        loop = asyncio.get_running_loop()
        if loop.time() < min(self._moved + _SHORTLY, latest):
            loop.call_later(_SHORTLY, self._look_again, waiter, latest)
            return
        self._waiters.remove(waiter)
        waiter.set_result(self._idle_one())

    def _idle_one(self) -> Worker | None:
        """The worker that was at work last: it has most of the store at hand."""
        while self._idle:
            worker = self._idle.pop()
            if not worker.gone:
                self.taken += 1
                return worker
            self.give_back(worker, fit=False)
        return None

    def _replenish(self) -> None:
        if not self._mending.locked():
            self._begin(self._fill())

    def _at_work(self) -> int:
        """How many are busy in the fast lane."""
        return sum(not worker.slow for worker in self._workers) - len(self._idle)

    def give_back(self, worker: Worker, *, fit: bool) -> None:
        """A worker that has answered; one that is not fit for another question is replaced."""
        if worker not in self._workers:
            return
        if not fit or worker.gone or worker.still or (worker.low and len(self._resting) >= self._slow):
            self._discard(worker)
            return
        if worker.low:
            self._resting.append(worker)
            return
        worker.slow = False
        if not self._hand_over(worker):
            self._idle.append(worker)
            if len(self._idle) > self._size + _SPARE:
                # Not this one, which knows the store, but the one that has been idle longest.
                self._discard(self._idle.pop(0))

    def _hand_over(self, worker: Worker) -> bool:
        """To the first who waits; False where nobody does."""
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                self.taken += 1
                self._moved = asyncio.get_running_loop().time()
                waiter.set_result(worker)
                return True
        return False

    def _discard(self, worker: Worker) -> None:
        self._workers.discard(worker)
        worker.end()
        self._begin(self._replace(worker))

    async def take_slow(self) -> Worker:
        """A worker at the lowest priority; see `take`. No more are made than are asked for at the same time."""
        while self._resting:
            worker = self._resting.pop()
            if not worker.gone:
                return worker
            self.give_back(worker, fit=False)
        worker = await self.take()
        try:
            self.lend(worker)
            await self.slow(worker)
        except BaseException:
            self.give_back(worker, fit=False)
            raise
        return worker

    def lend(self, worker: Worker) -> None:
        """Another takes this worker's place in the fast lane."""
        worker.slow = True
        if sum(not other.slow for other in self._workers) <= self._size:
            self._begin(self._fill())

    async def pause(self, worker: Worker) -> None:
        """Let a worker stand still."""
        worker.still = True
        await self._boss.pause(worker.pid)

    async def slow(self, worker: Worker) -> None:
        """Let a worker go on, at the lowest priority."""
        worker.low = True
        await self._boss.slow(worker.pid)
        worker.still = False

    async def verdict(self, worker: Worker) -> str:
        """How a worker has ended that has gone by itself: `memory`, `killed` or `failed`."""
        ended = await self._boss.verdict(worker.pid)
        # Only now: who asked may have been cancelled while the order waited for its turn.
        worker.reaped = True
        return ended

    @property
    def _boss(self) -> Keeper:
        if self._keeper is None:
            raise gone()
        return self._keeper

    def _refuse(self, waiter: asyncio.Future[Worker | None]) -> None:
        """Not to be waited for any longer; a worker that was handed over in the same moment is not lost."""
        if waiter in self._waiters:
            self._waiters.remove(waiter)
        elif waiter.done() and not waiter.cancelled() and waiter.exception() is None:
            worker = waiter.result()
            if worker is not None:
                self.give_back(worker, fit=True)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _replace(self, worker: Worker) -> None:
        try:
            if not worker.reaped:
                await self._boss.kill(worker.pid)
        except StoreError:
            worker.reaped = True
        await self._fill()

    async def _fill(self) -> None:
        """Fork until the fast lane is whole; where the zygote has died, begin anew as long as it takes."""
        async with self._mending:
            stillborn = 0
            while self._open and self._is_short():
                try:
                    await self._fork()
                except WorkerGoneError:
                    stillborn += 1
                    if stillborn > _STILLBORN:
                        await self._renew()
                except StoreError:
                    await self._renew()

    def _is_short(self) -> bool:
        fast = sum(not worker.slow for worker in self._workers)
        return fast < self._size + _SPARE or (not self._idle and fast < _MOST * self._size)

    async def _fork(self) -> None:
        pid, connection, spool = await self._boss.fork()
        try:
            worker = await Worker.connect(pid, connection, spool)
        except WorkerGoneError:
            await self._boss.kill(pid)
            raise
        worker.on_gone = self._miss
        self._workers.add(worker)
        # Last in the row of those who have nothing to do: it knows nothing of the store yet.
        if not self._hand_over(worker):
            self._idle.insert(0, worker)

    def _miss(self, worker: Worker) -> None:
        """A worker that ends while it has nothing to do is replaced before anybody asks for it."""
        for place in (self._idle, self._resting):
            if worker in place:
                place.remove(worker)
                self.give_back(worker, fit=False)

    async def _renew(self) -> None:
        _LOG.warning("the query process has ended; starting another")
        await self._boss.close()
        self._keeper = self._make_keeper()
        try:
            await self._keeper.start()
        except StoreError as error:
            _LOG.error("the query process cannot be started: %s", error.en)
            await asyncio.sleep(1.0)


def busy() -> StoreBusyError:
    """What is said when no worker gets free."""
    return StoreBusyError(
        "混み合っています。しばらくしてからお試しください。", "Too busy now; please try again in a while."
    )
