"""Whole answers kept in memory, by release: a server has one such cache for the release it serves."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache

from dxlod.store import Answer, Checked, Dataset, Limits, check_query

__all__ = ["AnswerCache", "Checks", "Tagged", "tagged"]


@dataclass(frozen=True)
class Tagged:
    """An answer and its entity tag, which is made from the bytes: rows may come in another order elsewhere."""

    answer: Answer
    etag: str


def tagged(answer: Answer) -> Tagged:
    """The answer with its tag."""
    # Not by `etag_of`: this digest is made for each answer, and this one takes a fifth of the time.
    digest = hashlib.blake2b(answer.body, digest_size=16, person=_short(answer.media_type))
    return Tagged(answer, digest.hexdigest())


@lru_cache(maxsize=64)
def _short(media_type: str) -> bytes:
    """The media type in as many bytes as BLAKE2 takes to tell one use from another."""
    return hashlib.blake2b(media_type.encode(), digest_size=hashlib.blake2b.PERSON_SIZE).digest()


class AnswerCache:
    """Answers to questions, the least recently used dropped first. Keeps at most `size` bytes."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._used = 0
        self._answers: OrderedDict[tuple[str, str, Dataset], Tagged] = OrderedDict()

    def get(self, query: str, media_type: str, dataset: Dataset) -> Tagged | None:
        """The answer to the same question, if it is still here."""
        key = (query, media_type, dataset)
        if key in self._answers:
            self._answers.move_to_end(key)
        return self._answers.get(key)

    def put(self, query: str, media_type: str, dataset: Dataset, found: Tagged) -> None:
        """Keep an answer, unless it alone would take an eighth of the room."""
        key = (query, media_type, dataset)
        cost = len(found.answer.body) + len(query)
        if cost > self._size // 8 or key in self._answers:
            return
        self._answers[key] = found
        self._used += cost
        while self._used > self._size:
            (old, _, _), dropped = self._answers.popitem(last=False)
            self._used -= len(dropped.answer.body) + len(old)


class Checks:
    """What the guard has found of queries, so that a repeated one need not be read again. QueryError as it says."""

    def __init__(self, limits: Limits, *, calls: bool, most: int = 1_000, longest: int = 4_000) -> None:
        self._most, self._longest = most, longest
        self._limits = limits
        self._calls = calls
        self._known: OrderedDict[str, Checked] = OrderedDict()

    def of(self, query: str) -> Checked:
        """The query, found fit to be run."""
        found = self._known.get(query)
        if found is not None:
            self._known.move_to_end(query)
            return found
        found = check_query(query, self._limits, calls=self._calls)
        if len(query) < self._longest:
            self._known[query] = found
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        return found
