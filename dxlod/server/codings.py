"""Content codings (RFC 9110, 8.4.1, 12.5.3): which one a client likes best, and how to encode."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol

import brotli  # type: ignore[import-untyped]
import zstandard

__all__ = ["CODINGS", "Encoder", "choose_coding", "encoder_of"]

CODINGS = ("zstd", "br", "gzip")
"""What can be had, the quickest for its size first."""

_GZIP_LEVEL = 6
_GZIP_WINDOW = 31
_BROTLI_QUALITY = 5
_ZSTD_LEVEL = 6


class Encoder(Protocol):
    """Encodes a stream, piece by piece."""

    def feed(self, data: bytes) -> bytes:
        """What is ready after this piece."""
        ...

    def finish(self) -> bytes:
        """The rest."""
        ...


@lru_cache(maxsize=256)
def choose_coding(accept: str, offers: Sequence[str] = CODINGS) -> str:
    """The coding the client likes best, the first of equals; '' for none, also where it likes that better."""
    wishes = dict(_wishes(accept))
    rest = wishes.get("*", 0.0)
    best, quality = "", wishes.get("identity", 0.0)
    for offer in offers:
        wish = wishes.get(offer, rest)
        if wish > quality or (wish == quality > 0 and not best):
            best, quality = offer, wish
    return best


def encoder_of(coding: str) -> Encoder:
    """A new encoder for one of `CODINGS`."""
    if coding == "gzip":
        return _Gzip()
    return _Brotli() if coding == "br" else _Zstd()


def _wishes(accept: str) -> Iterator[tuple[str, float]]:
    for item in accept.split(","):
        name, _, parameters = item.partition(";")
        key, _, value = parameters.strip().partition("=")
        try:
            quality = float(value) if key.strip().lower() == "q" else 1.0
        except ValueError:
            quality = 0.0
        if name.strip():
            yield name.strip().lower().removeprefix("x-"), quality if 0 <= quality <= 1 else 0.0


class _Gzip:
    def __init__(self) -> None:
        self._stream = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)

    def feed(self, data: bytes) -> bytes:
        return self._stream.compress(data)

    def finish(self) -> bytes:
        return self._stream.flush()


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Compressor(quality=_BROTLI_QUALITY)

    def feed(self, data: bytes) -> bytes:
        return bytes(self._stream.process(data))

    def finish(self) -> bytes:
        return bytes(self._stream.finish())


class _Zstd:
    def __init__(self) -> None:
        self._stream = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj()

    def feed(self, data: bytes) -> bytes:
        return self._stream.compress(data)

    def finish(self) -> bytes:
        return self._stream.flush()
