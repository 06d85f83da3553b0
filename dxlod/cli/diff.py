"""``dxlod diff A B``: what is another in one release than in another."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dxlod.release.diff import Difference, class_names, differences, named_release, patch, value_names
from dxlod.release.manifest import Release
from dxlod.release.values import ValueChange, shown
from dxlod.release.words import Text, counts_of, kind_counts, name_of, rank, summary
from dxlod.settings import Settings

__all__ = ["FORMATS", "run_diff"]

FORMATS = ("text", "json", "patch", "nq")
_MOST, _MOST_VALUES = 100, 5
_SIGNS = {"came": "+", "went": "-", "changed": "*"}


def run_diff(settings: Settings, before: str, now: str, form: str) -> int:
    """Show the difference; 0 when the releases say the same, else 1."""
    one, other = named_release(settings, before), named_release(settings, now)
    found = differences(one, other)
    first = next(found, None)
    sys.stdout.writelines(f"{line}\n" for line in _lines(settings, one, other, form, _again(first, found)))
    return 0 if first is None else 1


def _lines(
    settings: Settings, before: Release, now: Release, form: str, found: Iterable[Difference]
) -> Iterator[str]:
    if form == "patch":
        return patch(settings.base, before, now, found)
    if form == "nq":
        return _nquads(before, now)
    return _text(now, list(found)) if form == "text" else iter([_json(before, now, list(found))])


def _again(first: Difference | None, rest: Iterable[Difference]) -> Iterator[Difference]:
    if first is not None:
        yield first
        yield from rest


def _nquads(before: Release, now: Release) -> Iterator[str]:
    """N-Quads of what was removed, then of what was added, each after a comment."""
    yield "# なくなった文 / removed"
    yield from (quad.line for item in differences(before, now) for quad in item.removed)
    yield "# 加わった文 / added"
    yield from (quad.line for item in differences(before, now) for quad in item.added)


def _text(now: Release, found: list[Difference]) -> Iterator[str]:
    added, removed = _numbers(found)
    if not found:
        yield "同じ内容です。 / The same content."
        return
    names, properties = class_names(now), value_names(now)
    text = summary(kind_counts([item.change for item in found], names))
    yield f"{text.ja}\n{text.en}"
    yield f"文 {added} 件追加、{removed} 件削除 / {added} triples added, {removed} removed"
    for graph, number in sorted(_by_graph(found).items()):
        yield f"  {graph}: +{number['added']} -{number['removed']}"
    for item in sorted(found, key=lambda item: rank(item.change.thing.kind))[:_MOST]:
        thing, name = item.change.thing, name_of(item.change.thing.kind, names)
        label = f"「{thing.ja}」" if thing.ja else ""
        yield f"{_SIGNS[item.change.what]} {name.ja}{label} <{item.change.iri}> +{len(item.added)} -{len(item.removed)}"
        if item.change.what == "changed":
            yield from _values(item, properties)
    if len(found) > _MOST:
        more = len(found) - _MOST
        yield f"… ほか {more} 件（--format json ですべて） / {more} more (all with --format json)"


def _values(item: Difference, names: Mapping[str, Text]) -> Iterator[str]:
    """A line for each property of a changed thing: what it was and what it is."""
    for change in item.values:
        name = names.get(change.property)
        short = shown(f"<{change.property}>")
        before, now = (_terms(terms) for terms in (change.before, change.now))
        yield f"    {f'{name.ja} / {name.en}' if name else short}: {before} → {now}"


def _terms(terms: Sequence[str]) -> str:
    if not terms:
        return "なし (none)"
    more = f" … +{len(terms) - _MOST_VALUES}" if len(terms) > _MOST_VALUES else ""
    return "、".join(shown(term) for term in terms[:_MOST_VALUES]) + more


def _json(before: Release, now: Release, found: list[Difference]) -> str:
    added, removed = _numbers(found)
    changes = [item.change for item in found]
    kinds = kind_counts(changes, class_names(now) if found else {})
    properties = value_names(now) if found else {}
    fields = {
        "before": before.version,
        "now": now.version,
        "equal": not found,
        "added": added,
        "removed": removed,
        "counts": counts_of(changes)._asdict(),
        "summary": summary(kinds)._asdict(),
        "kinds": [{"kind": item.kind, **item.name._asdict(), **item.counts._asdict()} for item in kinds],
        "graphs": {graph: dict(number) for graph, number in sorted(_by_graph(found).items())},
        "subjects": [_subject(item, properties) for item in found],
    }
    return json.dumps(fields, ensure_ascii=False, indent=1)


def _subject(item: Difference, names: Mapping[str, Text]) -> dict[str, object]:
    thing = item.change.thing
    return {
        "iri": item.change.iri,
        "what": item.change.what,
        "kind": thing.kind,
        "label": {"ja": thing.ja, "en": thing.en},
        "values": [_value(change, names) for change in item.values],
        "added": [quad.line for quad in item.added],
        "removed": [quad.line for quad in item.removed],
    }


def _value(change: ValueChange, names: Mapping[str, Text]) -> dict[str, object]:
    name = names.get(change.property, Text("", ""))
    return {
        "property": change.property,
        **name._asdict(),
        "before": list(change.before),
        "now": list(change.now),
    }


def _numbers(found: Iterable[Difference]) -> tuple[int, int]:
    counts = sum(_by_graph(found).values(), Counter())
    return counts["added"], counts["removed"]


def _by_graph(found: Iterable[Difference]) -> dict[str, Counter[str]]:
    graphs: dict[str, Counter[str]] = {}
    for item in found:
        for side, quads in (("added", item.added), ("removed", item.removed)):
            for quad in quads:
                graphs.setdefault(quad.g[1:-1], Counter(added=0, removed=0))[side] += 1
    return graphs
