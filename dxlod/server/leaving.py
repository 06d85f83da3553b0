"""Stopping work for a client that has gone away."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.types import Receive

from dxlod.errors import ClientGoneError

__all__ = ["while_connected"]

_Result = TypeVar("_Result")

_AT_ONCE = 0.02
"""Seconds before anybody looks whether the client is still there: most answers come sooner."""


async def while_connected(receive: Receive, finding: Coroutine[Any, Any, _Result]) -> _Result:
    """What is found; where the client leaves first, the work is cancelled and ClientGoneError raised."""
    work = asyncio.ensure_future(finding)
    try:
        await asyncio.wait((work,), timeout=_AT_ONCE)
        if not work.done():
            await _until_left(receive, work)
        if work.done():
            return work.result()
        raise ClientGoneError("接続が切れました。", "The client has left.")
    finally:
        if not work.done():
            work.cancel()
            await asyncio.wait((work,))


async def _until_left(receive: Receive, work: asyncio.Future[Any]) -> None:
    leaving = asyncio.ensure_future(_left(receive))
    both: set[asyncio.Future[Any]] = {work, leaving}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
