"""Large answers: they lie in a temporary file without a name, so that the web process never holds one in memory."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import IO

__all__ = ["LargeAnswer"]

_PIECE = 256 << 10


@dataclass(frozen=True)
class LargeAnswer:
    """A whole answer in a file: size in bytes and SHA-256 in hex are known before the first byte is sent."""

    media_type: str
    file: IO[bytes]
    size: int
    sha256: str

    def __post_init__(self) -> None:
        # Also where nobody reads it.
        weakref.finalize(self, self.file.close)

    async def pieces(self) -> AsyncIterator[bytes]:
        """The bytes, once; the file is closed and gone afterwards."""
        try:
            await asyncio.to_thread(self.file.seek, 0)
            left = self.size
            while left:
                piece = await asyncio.to_thread(self.file.read, min(_PIECE, left))
                left -= len(piece)
                yield piece
        finally:
            self.file.close()

    def read(self) -> bytes:
        """All of it, for callers that know it is needed whole."""
        with self.file:
            self.file.seek(0)
            return self.file.read(self.size)
