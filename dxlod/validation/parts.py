"""Validation part by part: the fast engine first; the judge, in two processes, for each part with a violation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from dxlod.errors import ValidationError
from dxlod.validation import shacl
from dxlod.validation.fast import FastValidator
from dxlod.validation.report import Result, Severity, Shapes, sort_results

__all__ = ["validate_parts"]

_WORKERS = 2
# Lines from which pySHACL is slow enough for a second process, which takes about a second to start, to pay. The fast
# engine judges all five plans in little more than that, so it stays in this process.
_WORTH = 4_000

_Part = Sequence[str]


def validate_parts(
    parts: Sequence[_Part], shared: _Part, shapes: Shapes, validator: str, tell: Callable[[int], None]
) -> tuple[Result, ...]:
    """Results of judging each part together with what is shared, sorted, each once.

    `parts` and `shared` are N-Triples lines; `validator` is `fast` or `pyshacl`; `tell` is called with the number of
    parts done. A part that has a violation, which stops a build, is always reported as pySHACL reports it.
    ValidationError when the shapes cannot be used.
    """
    found: set[Result] = set()
    rest: list[_Part] = []
    done = 0
    for part, results in _acquitted(parts, shared, shapes) if validator == "fast" else _undecided(parts):
        if results is None:
            rest.append(part)
            continue
        found.update(results)
        done += 1
        tell(done)
    for number, judged in _judged(rest, shared, shapes):
        found.update(judged)
        done += number
        tell(done)
    return sort_results(found)


def _undecided(parts: Sequence[_Part]) -> Iterator[tuple[_Part, None]]:
    return ((part, None) for part in parts)


def _acquitted(
    parts: Sequence[_Part], shared: _Part, shapes: Shapes
) -> Iterator[tuple[_Part, tuple[Result, ...] | None]]:
    """Each part with its results, or None where they are for the judge to find.

    What the fast engine cannot use is for the judge too: whether the shapes or the data are wrong, it will say.
    """
    try:
        engine = FastValidator(shapes)
    except ValidationError:
        yield from _undecided(parts)
        return
    for part in parts:
        try:
            results = engine.validate([*shared, *part])
        except ValidationError:
            yield part, None
        else:
            grave = any(result.severity is Severity.VIOLATION for result in results)
            yield part, None if grave else results


def _judged(parts: Sequence[_Part], shared: _Part, shapes: Shapes) -> Iterator[tuple[int, set[Result]]]:
    """pySHACL's results, with the number of parts they are of, in whatever order they come."""
    batches = _batches(parts, _WORKERS)
    if len(batches) < 2 or sum(len(part) + len(shared) for part in parts) < _WORTH:
        for part in parts:
            yield 1, set(shacl.validate([*shared, *part], shapes))
        return
    # Spawned, not forked: the caller may have threads, such as the one that draws the progress.
    with ProcessPoolExecutor(len(batches), mp_context=get_context("spawn")) as pool:
        tasks = {pool.submit(_judge_all, batch, shared, shapes): len(batch) for batch in batches}
        for task in as_completed(tasks):
            results, error = task.result()
            if error:
                raise ValidationError(*error)
            yield tasks[task], results


def _judge_all(
    parts: Sequence[_Part], shared: _Part, shapes: Shapes
) -> tuple[set[Result], tuple[str, str] | None]:
    """Results, and the Japanese and English of an error: the error itself would lose one between processes."""
    try:
        return {result for part in parts for result in shacl.validate([*shared, *part], shapes)}, None
    except ValidationError as error:
        return set(), (error.ja, error.en)


def _batches(parts: Sequence[_Part], number: int) -> list[list[_Part]]:
    """The parts in at most `number` batches of about the same size: the longest first, each to the smallest."""
    batches: list[list[_Part]] = [[] for _ in range(number)]
    for part in sorted(parts, key=len, reverse=True):
        min(batches, key=lambda batch: sum(map(len, batch))).append(part)
    return [batch for batch in batches if batch]
