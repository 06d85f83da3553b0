"""Pieces of an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0): what many operations have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dxlod.release import GRAPH_FORMATS
from dxlod.release.formats import DATASET_FORMATS
from dxlod.server.openapi_schemas import JSON_LD, SCHEMAS
from dxlod.store import RESULT_FORMATS

__all__ = [
    "COMPONENTS",
    "GRAPHS",
    "HTML",
    "JSON",
    "RDF",
    "RESULTS",
    "Json",
    "cached",
    "content",
    "failures",
    "file_responses",
    "json_of",
    "operation",
    "parameter",
    "ref",
    "see",
    "suffix",
]

Json = dict[str, Any]

HTML, JSON = "text/html", "application/json"
RDF = tuple(item.media_type for item in GRAPH_FORMATS)
GRAPHS = tuple(item.media_type for item in (*GRAPH_FORMATS, *DATASET_FORMATS))
RESULTS = tuple(item.media_type for item in RESULT_FORMATS)

_FAILURES: Mapping[int, tuple[str, str, str]] = {
    400: ("BadRequest", "要求に誤りがある", "the request cannot be used"),
    403: ("Forbidden", "このサービスではできない操作", "what this service does not do"),
    404: ("NotFound", "ない", "there is no such thing"),
    406: ("NotAcceptable", "求められた形式はない。使える形式を本文で示す", "no such format; the body lists those there are"),
    413: ("TooLarge", "要求が長すぎる", "the request is too long"),
    414: ("UriTooLong", "URL が長すぎる。POST を使う", "the URL is too long; use POST"),
    415: ("UnsupportedMediaType", "本文の形式が違う", "the type of the body is not taken"),
    503: ("Unavailable", "混雑、または資源の上限。Retry-After 秒後に", "too busy, or past a limit of memory; see Retry-After"),
    504: ("TimedOut", "問い合わせが時間内に終わらない", "the query was stopped at its deadline"),
}  # fmt: skip
_RETRY = {"Retry-After": {"description": "seconds / 秒", "schema": {"type": "integer", "minimum": 1}}}
_VALIDATORS: Json = {
    "ETag": {"description": "strong, of these very bytes / 強い ETag", "schema": {"type": "string"}},
    "Cache-Control": {"schema": {"type": "string"}},
}


def ref(kind: str, name: str) -> Json:
    """A reference to a component, such as `("schemas", "Problem")`."""
    return {"$ref": f"#/components/{kind}/{name}"}


def content(*media_types: str) -> Json:
    """A body in one of these media types."""
    return {kind: {"schema": _schema(kind)} for kind in media_types}


def json_of(name: str) -> Json:
    """A body of JSON, of one of the shapes in openapi_schemas.py."""
    return {JSON: {"schema": ref("schemas", name)}}


def _schema(kind: str) -> Json:
    if kind == "application/sparql-results+json":
        return ref("schemas", "SparqlResults")
    if kind == "application/ld+json":
        return JSON_LD
    textual = kind.startswith("text/") or kind.endswith(("xml", "triples", "quads", "trig", "bibtex"))
    return {"type": "string"} if textual else {}


def cached(body: Json, what: str = "") -> Json:
    """200 with this body and its validators, and 304 for who has it."""
    answer = {"description": what or "そのもの / what was asked for", "headers": _VALIDATORS, "content": body}
    return {"200": answer, "304": ref("responses", "NotModified")}


def file_responses(*media_types: str) -> Json:
    """A file with ranges (RFC 9110, 14)."""
    kinds = tuple(dict.fromkeys(media_types))
    part = {**content(*kinds), "multipart/byteranges": {"schema": {"type": "string"}}}
    return {
        **cached(content(*kinds)),
        "206": {"description": "一部分 / the ranges asked for", "content": part},
        "412": {"description": "If-Match が違う / If-Match names other bytes"},
        "416": {"description": "その範囲はない / there is no such range"},
    }


def see(status: int, ja: str, en: str) -> Json:
    """A redirect, which has no body."""
    place = {"schema": {"type": "string", "format": "uri-reference"}}
    return {str(status): {"description": f"{ja} / {en}", "headers": {"Location": place}}}


def failures(*statuses: int) -> Json:
    """Failures, each in plain text (Japanese, then English), as problem+json or as a page."""
    return {str(status): ref("responses", _FAILURES[status][0]) for status in statuses}


def parameter(
    name: str, where: str, ja: str, en: str, schema: Mapping[str, Any], example: object = None
) -> Json:
    """A Parameter Object; those in the path are required."""
    found: Json = {"name": name, "in": where, "description": f"{ja} / {en}", "schema": dict(schema)}
    if where == "path":
        found["required"] = True
    if example is not None:
        found["example"] = example
    return found


def suffix(*endings: str) -> Json:
    """The parameter of a path that ends in a format."""
    return parameter(
        "suffix", "path", "形式", "format", {"type": "string", "enum": list(endings)}, endings[0]
    )


def operation(
    tag: str,
    ja: str,
    en: str,
    responses: Mapping[str, Any],
    parameters: Sequence[Mapping[str, Any]] = (),
    body: Mapping[str, Any] | None = None,
) -> Json:
    """An Operation Object. Where there is a 304, If-None-Match is a parameter; where there is a 206, Range."""
    more: list[Json] = []
    if "304" in responses:
        more.append(_header("If-None-Match", "手元の ETag", "entity tags that the client has"))
    if "206" in responses:
        more.append(_header("Range", "欲しい範囲 (bytes=0-99)", "what is wanted, such as bytes=0-99"))
    found: Json = {"tags": [tag], "summary": f"{ja} / {en}", "parameters": [*parameters, *more]}
    if body is not None:
        found["requestBody"] = {"required": True, "content": dict(body)}
    return {**found, "responses": dict(sorted(responses.items()))}


def _failure_bodies(status: int) -> Json:
    _, ja, en = _FAILURES[status]
    bodies = {
        **content("text/plain", HTML),
        "application/problem+json": {"schema": ref("schemas", "Problem")},
    }
    headers = {"headers": _RETRY} if status in (503, 504) else {}
    return {"description": f"{ja} / {en}", **headers, "content": bodies}


def _header(name: str, ja: str, en: str) -> Json:
    return parameter(name, "header", ja, en, {"type": "string", "pattern": "^[\\x21-\\x7e]*$"})


def _components(schemas: Iterable[tuple[str, Json]]) -> Json:
    named = {name: _failure_bodies(status) for status, (name, _, _) in _FAILURES.items()}
    return {
        "schemas": dict(schemas),
        "responses": {
            **named,
            "NotModified": {
                "description": "手元のものと同じ / the client has it already",
                "headers": _VALIDATORS,
            },
        },
    }


COMPONENTS: Mapping[str, Any] = _components(sorted(SCHEMAS.items()))
"""What operations refer to."""
