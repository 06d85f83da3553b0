"""/api/terms: the classes, properties and prefixes that the data use, for completion in an editor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from dxlod.release import PREFIXES
from dxlod.release.vocabulary_part import VOCABULARY
from dxlod.server.http import etag_of, respond
from dxlod.server.service import Service
from dxlod.site.view import LANGUAGES

__all__ = ["routes", "used_terms"]

_KINDS = {"instances": "class", "triples": "property"}
"""Parts of the usage in vocabulary.json (triples of each property, things of each class) → kind of term."""


def routes(service: Service) -> APIRouter:
    """The route of the terms. What it says is decided by the release and the language."""
    router = APIRouter()

    @lru_cache(maxsize=len(LANGUAGES))
    def body_in(lang: str) -> str:
        return json.dumps(used_terms(service, lang), ensure_ascii=False, separators=(",", ":"))

    @router.get(
        "/api/terms", summary="classes, properties and prefixes of the data, with how often each is used"
    )
    def terms(request: Request, lang: str = LANGUAGES[0]) -> Response:
        body = body_in(lang if lang in LANGUAGES else LANGUAGES[0])
        return respond(request, body, "application/json", etag_of(service.digest, body), vary="")

    return router


def used_terms(service: Service, lang: str) -> dict[str, object]:
    """`{prefixes: {prefix: namespace}, terms: [{iri, kind: class|property, label, uses}, …]}`, the most used first.

    `label` is in `lang` where there is such a label. Prefixes are those that the project's own data are written with.
    """
    usage = _usage(service)
    found = sorted(
        ((kind, iri, uses) for group, kind in _KINDS.items() for iri, uses in usage.get(group, {}).items()),
        key=lambda item: (-item[2], item[1]),
    )
    labels = service.reader.labels(iri for _, iri, _ in found)
    terms = [
        {"iri": iri, "kind": kind, "label": _best(labels.get(iri, {}), lang), "uses": uses}
        for kind, iri, uses in found
    ]
    return {"prefixes": dict(PREFIXES), "terms": terms}


def _usage(service: Service) -> Mapping[str, Any]:
    """How the data use each term; {} where the release does not say."""
    release = service.release
    if release.entry(VOCABULARY) is None:
        return {}
    facts: Mapping[str, Any] = json.loads((release.path / VOCABULARY).read_bytes())
    usage: Mapping[str, Any] = facts.get("usage", {})
    return usage


def _best(labels: Mapping[str, str], lang: str) -> str:
    return next((labels[tag] for tag in (lang, *LANGUAGES, "") if tag in labels), "")
