"""Range requests (RFC 9110, 14): pure functions from a request's fields to the parts of a file to send."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Span", "UnsatisfiableRangeError", "multipart", "select"]

_MOST = 16
_SET = re.compile(r"bytes=\s*(.+)", re.IGNORECASE)
_SPEC = re.compile(r"\s*(?:(\d+)\s*-\s*(\d*)|-\s*(\d+))\s*")


class UnsatisfiableRangeError(Exception):
    """No part that was asked for is in the file: 416."""


@dataclass(frozen=True)
class Span:
    """Bytes `first` to `last`, both included."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1


def select(headers: Mapping[str, str], tag: str, size: int) -> tuple[Span, ...]:
    """The parts to send of a file of `size` bytes; none of them means all of it.

    A range that is malformed, of another unit or in too many parts is ignored, as is one that the If-Range header
    ties to another entity tag. UnsatisfiableRangeError when nothing that was asked for is there.
    """
    match = _SET.fullmatch(headers.get("range", "").strip())
    condition = headers.get("if-range")
    if match is None or (condition is not None and condition.strip() != tag):
        return ()
    parts = [_SPEC.fullmatch(part) for part in match.group(1).split(",") if part.strip()]
    if not parts or len(parts) > _MOST:
        return ()
    spans = []
    for part in parts:
        if part is None or _is_backward(part):
            return ()
        span = _span(part, size)
        if span is not None:
            spans.append(span)
    if not spans:
        raise UnsatisfiableRangeError
    return _merged(spans)


def multipart(
    spans: tuple[Span, ...], size: int, media_type: str, boundary: str
) -> tuple[list[bytes], bytes, int]:
    """What goes before each part, what goes after the last, and the length of the whole body."""
    heads = [
        f"\r\n--{boundary}\r\nContent-Type: {media_type}\r\n"
        f"Content-Range: bytes {span.first}-{span.last}/{size}\r\n\r\n".encode()
        for span in spans
    ]
    tail = f"\r\n--{boundary}--\r\n".encode()
    return heads, tail, sum(map(len, heads)) + sum(map(len, spans)) + len(tail)


def _is_backward(part: re.Match[str]) -> bool:
    first, last, _ = part.groups()
    return bool(last) and int(last) < int(first)


def _span(part: re.Match[str], size: int) -> Span | None:
    first, last, suffix = part.groups()
    if suffix is not None:
        return Span(max(0, size - int(suffix)), size - 1) if int(suffix) and size else None
    if int(first) >= size:
        return None
    return Span(int(first), min(int(last), size - 1) if last else size - 1)


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    """Parts that overlap or touch become one, so that nobody is sent more than there is; else in the order asked."""
    ordered = sorted(spans, key=lambda span: span.first)
    if all(before.last + 1 < after.first for before, after in pairwise(ordered)):
        return tuple(spans)
    found = [ordered[0]]
    for span in ordered[1:]:
        if span.first <= found[-1].last + 1:
            found[-1] = Span(found[-1].first, max(found[-1].last, span.last))
        else:
            found.append(span)
    return tuple(found)
