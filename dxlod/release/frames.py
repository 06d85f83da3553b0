"""JSON-LD framing (https://www.w3.org/TR/json-ld11-framing/): a graph as the tree that a frame draws.

The frames are `ontology/frames/*.jsonld`. They name the context by the IRI of its version, and it is taken from
`ontology/context.jsonld`; whatever else a frame names is refused, never fetched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pyld import jsonld as pyld

from dxlod.errors import ReleaseError
from dxlod.release.jsonld import VERSION, Context, context_of, jsonld, used_context
from dxlod.release.terms import Triple, natural_key, parse_quads

__all__ = ["framed", "load_frame"]


def load_frame(path: Path, context: Context) -> dict[str, Any]:
    """A frame with the context it names put inline.

    ReleaseError when it is no frame, or names another context than the version at hand.
    """
    try:
        frame = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(
            f"{path.name} をフレームとして読めません。", f"{path.name} is no frame: {error}"
        ) from error
    named = frame.get("@context") if isinstance(frame, dict) else None
    if named is None or named != context.document.get(VERSION):
        raise ReleaseError(
            f"{path.name} のコンテキストは手元の版ではありません: {named}",
            f"{path.name} names another context than the one at hand: {named}",
            mend_ja="フレームの @context を ontology/context.jsonld の版の IRI にしてください。",
            mend_en="Let its @context be the IRI of the version of ontology/context.jsonld.",
        )
    return {**frame, "@context": dict(context.document)}


def framed(lines: Iterable[str], frame: Mapping[str, Any], subject: str = "") -> dict[str, Any]:
    """The union of the graphs of these N-Quads lines, as the tree of a frame that `load_frame` gave.

    With the IRI of a `subject`, its tree alone; otherwise one tree, or several in `@graph`, for whatever the frame
    matches. What a thing lacks is left out rather than null; children stand in the order of the plan. ReleaseError
    for a line that is none, a subject of which nothing is said, or a frame that cannot be applied.
    """
    triples = {Triple(quad.s, quad.p, quad.o) for quad in parse_quads(lines)}
    context = context_of(frame["@context"]) if isinstance(frame.get("@context"), dict) else context_of({})
    if subject and not any(triple.s == f"<{subject}>" for triple in triples):
        raise ReleaseError(f"{subject} についての記述がありません。", f"Nothing is said of {subject}.")
    chosen = {**frame, "@id": subject} if subject else dict(frame)
    document = json.loads("".join(jsonld(sorted(triples), context)))
    options = {"documentLoader": _refuse, "omitDefault": True}
    try:
        tree = pyld.frame(document, chosen, options)
    except pyld.JsonLdError as error:
        raise ReleaseError(
            "フレームを当てはめられません。", f"The frame cannot be applied: {_first_cause(error)}"
        ) from error
    tree.pop("@context", None)
    return {
        "@context": used_context([tree], context),
        **_in_order(tree, context.aliases["@id"], context.aliases["@type"]),
    }


def _refuse(url: str, _options: object) -> object:
    raise ReleaseError(
        f"{url} は読み込みません。外部のコンテキストは使えません。",
        f"{url} is not fetched: no remote context is.",
    )


def _first_cause(error: BaseException) -> str:
    """The message at the root of PyLD's chain of errors, which is the one that says what is wrong."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error.args[0]) if error.args else str(error)


def _in_order(value: Any, name: str, kind: str) -> Any:
    """The tree with facts before branches and every array sorted: by `order` where its members have one, then as a
    person counts. `name` and `kind` are the keys that say @id and @type."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key not in (name, kind) and 1 + isinstance(value[key], list))
        return {key: _in_order(value[key], name, kind) for key in keys}
    if isinstance(value, list):
        return sorted((_in_order(item, name, kind) for item in value), key=lambda item: _place(item, name))
    return value


def _place(item: Any, name: str) -> tuple[Any, ...]:
    order = item.get("order") if isinstance(item, dict) else None
    identity = item.get(name, "") if isinstance(item, dict) else str(item)
    return not isinstance(order, int), order if isinstance(order, int) else 0, natural_key(f"<{identity}>")
