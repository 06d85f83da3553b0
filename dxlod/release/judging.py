"""Validating a release plan by plan; what was judged before, with the same shapes and code, is not judged again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from dxlod.release.dumps import plan_of
from dxlod.release.progress import Progress
from dxlod.release.reuse import Cache, Work, digest_of
from dxlod.release.terms import Quad
from dxlod.settings import Settings
from dxlod.validation import Result, Severity, load_shapes, sort_results, validate_each

__all__ = ["judge"]


def judge(
    settings: Settings, quads: Sequence[Quad], code: str, cache: Cache, tell: Progress, work: Work
) -> tuple[Result, ...]:
    """Results of all plans. No shape needs two plans at once, so each is judged with what is shared.

    `code` is the digest of the code that judges.
    """
    plans, shared = _by_plan(settings, quads)
    files = sorted(settings.shapes.glob("*.ttl"))
    common = digest_of([code, settings.validator, *(path.read_text("utf-8") for path in files), *shared])
    keys = {name: digest_of([common, *lines]) for name, lines in plans.items()}
    found = {name: results for name, key in keys.items() if (results := _kept(cache, key)) is not None}
    rest = [name for name in plans if name not in found]
    tell("validate", len(found), len(plans))
    if rest:
        parts = [plans[name] for name in rest]
        judged = validate_each(
            parts,
            shared,
            load_shapes(files),
            settings.validator,
            lambda done: tell("validate", len(found) + done, len(plans)),
        )
        for name, results in zip(rest, judged, strict=True):
            cache.put("judged", keys[name], _written(results))
            work.validated.append(name)
        found |= dict(zip(rest, judged, strict=True))
    return sort_results({result for results in found.values() for result in results})


def _by_plan(settings: Settings, quads: Sequence[Quad]) -> tuple[dict[str, list[str]], list[str]]:
    """N-Triples lines of each plan edition by stem, sorted, and of what is shared; one plan of none if there is none."""
    plans: dict[str, list[str]] = {}
    shared: list[str] = []
    for quad in quads:
        stem = plan_of(quad.g, settings)
        (shared if stem is None else plans.setdefault(stem, [])).append(f"{quad.s} {quad.p} {quad.o} .")
    return {stem: plans[stem] for stem in sorted(plans)} or {"": []}, shared


def _written(results: Sequence[Result]) -> str:
    return json.dumps([asdict(result) for result in results], ensure_ascii=False)


def _kept(cache: Cache, key: str) -> tuple[Result, ...] | None:
    text = cache.get("judged", key)
    if text is None:
        return None
    rows: list[dict[str, Any]] = json.loads(text)
    return tuple(Result(**{**row, "severity": Severity(row["severity"])}) for row in rows)
