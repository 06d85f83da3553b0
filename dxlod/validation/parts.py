"""Validation part by part: the fast engine first; the judge for each part with a violation; in two processes if long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from dxlod.errors import ValidationError
from dxlod.validation import shacl
from dxlod.validation.fast import FastValidator
from dxlod.validation.report import Result, Severity, Shapes, sort_results

__all__ = ["validate_each", "validate_parts"]

_WORKERS = 2
# Lines from which a second process, which takes about a second to start, pays: of pySHACL, and of the fast engine,
# which judges five plans in little more than that.
_WORTH = 4_000
_ENOUGH = 200_000

_Part = Sequence[str]


def validate_parts(
    parts: Sequence[_Part], shared: _Part, shapes: Shapes, validator: str, tell: Callable[[int], None]
) -> tuple[Result, ...]:
    """Results of judging each part together with what is shared, sorted, each once; see `validate_each`."""
    found = validate_each(parts, shared, shapes, validator, tell)
    return sort_results({result for results in found for result in results})


def validate_each(
    parts: Sequence[_Part], shared: _Part, shapes: Shapes, validator: str, tell: Callable[[int], None]
) -> list[tuple[Result, ...]]:
    """For each part the results of judging it together with what is shared.

    `parts` and `shared` are N-Triples lines; `validator` is `fast` or `pyshacl`; `tell` is called with the number of
    parts done. A part that has a violation, which stops a build, is always reported as pySHACL reports it.
    ValidationError when the shapes cannot be used.
    """
    found: dict[int, tuple[Result, ...]] = {}
    everything = range(len(parts))
    if validator == "fast":
        for number, results in _shared_out(_acquit, _ENOUGH, parts, everything, shared, shapes):
            if results is not None:
                found[number] = results
                tell(len(found))
    rest = [number for number in everything if number not in found]
    for number, results in _shared_out(_judge, _WORTH, parts, rest, shared, shapes):
        found[number] = results or ()
        tell(len(found))
    return [found[number] for number in everything]


_Judged = tuple[int, tuple[Result, ...] | None]
_Task = Callable[[Sequence[tuple[int, _Part]], _Part, Shapes], Iterator[_Judged]]


def _acquit(parts: Sequence[tuple[int, _Part]], shared: _Part, shapes: Shapes) -> Iterator[_Judged]:
    """Each part with the fast engine's results, or None where they are for the judge to find.

    What the fast engine cannot use is for the judge too: whether the shapes or the data are wrong, it will say.
    """
    try:
        engine = FastValidator(shapes)
    except ValidationError:
        yield from ((number, None) for number, _ in parts)
        return
    for number, part in parts:
        try:
            results = engine.validate([*shared, *part])
        except ValidationError:
            yield number, None
        else:
            grave = any(result.severity is Severity.VIOLATION for result in results)
            yield number, None if grave else results


def _judge(parts: Sequence[tuple[int, _Part]], shared: _Part, shapes: Shapes) -> Iterator[_Judged]:
    """Each part with pySHACL's results."""
    for number, part in parts:
        yield number, shacl.validate([*shared, *part], shapes)


def _shared_out(
    task: _Task, worth: int, parts: Sequence[_Part], chosen: Sequence[int], shared: _Part, shapes: Shapes
) -> Iterator[_Judged]:
    """The chosen parts with their results, in whatever order they come; in processes if they are long enough."""
    batches = _batches([(number, parts[number]) for number in chosen], _WORKERS)
    if len(batches) < 2 or sum(len(parts[number]) + len(shared) for number in chosen) < worth:
        yield from task([(number, parts[number]) for number in chosen], shared, shapes)
        return
    # Spawned, not forked: the caller may have threads, such as the one that draws the progress.
    with ProcessPoolExecutor(len(batches), mp_context=get_context("spawn")) as pool:
        running = [pool.submit(_all_of, task, batch, shared, shapes) for batch in batches]
        for batch in as_completed(running):
            results, error = batch.result()
            if error:
                raise ValidationError(*error)
            yield from results


def _all_of(
    task: _Task, batch: Sequence[tuple[int, _Part]], shared: _Part, shapes: Shapes
) -> tuple[list[_Judged], tuple[str, str] | None]:
    """Results, and the Japanese and English of an error: the error itself would lose one between processes."""
    try:
        return list(task(batch, shared, shapes)), None
    except ValidationError as error:
        return [], (error.ja, error.en)


def _batches(parts: Sequence[tuple[int, _Part]], number: int) -> list[list[tuple[int, _Part]]]:
    """The parts in at most `number` batches of about the same size: the longest first, each to the smallest."""
    batches: list[list[tuple[int, _Part]]] = [[] for _ in range(number)]
    for part in sorted(parts, key=lambda item: len(item[1]), reverse=True):
        min(batches, key=lambda batch: sum(len(item[1]) for item in batch)).append(part)
    return [batch for batch in batches if batch]
