"""Whole documents and pages of one release, the least recently used dropped first."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

__all__ = ["PageCache"]


class PageCache:
    """Bodies by entity tag, at most `size` bytes of them. The tag names release, page, language and format."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._used = 0
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, tag: str) -> bytes | None:
        """The body of a tag, if it is still here."""
        with self._lock:
            body = self._bodies.get(tag)
            if body is not None:
                self._bodies.move_to_end(tag)
            return body

    def put(self, tag: str, body: bytes) -> None:
        """Keep a body, unless it alone would take an eighth of the room."""
        with self._lock:
            if len(body) > self._size // 8 or tag in self._bodies:
                return
            self._bodies[tag] = body
            self._used += len(body)
            while self._used > self._size:
                _, dropped = self._bodies.popitem(last=False)
                self._used -= len(dropped)
