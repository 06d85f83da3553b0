"""What is answered where an entity is not: 410 with its tombstone if there was one, else 404 with what lies near.

A tombstone comes in the format that the document would have come in, as the release states it (tombstones.nt).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from dxlod.errors import QueryError
from dxlod.release import Release, write_graph
from dxlod.release.terms import Triple, parse_quads
from dxlod.server.http import failure, wants_json
from dxlod.server.negotiate import HTML, Offer
from dxlod.server.service import Service
from dxlod.server.views import view_of
from dxlod.site.search import search

__all__ = ["TOMBSTONES", "Absent", "tombstones_of"]

TOMBSTONES = "tombstones.json"
_GRAPH = "tombstones.nt"
_MOST = 8
_CANDIDATES = 400


class Absent:
    """Answers for entities that have no document, 404 or 410: a page, a tombstone in RDF, or plain text."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._stones: Mapping[str, Mapping[str, Any]] | None = None

    def __call__(self, request: Request, path: str, wanted: Offer) -> Response:
        """The answer for `/id/{path}`, of which a document was wanted in a format."""
        stone = self._stone(path)
        if stone is not None:
            return _gone(self._service, request, path, stone, wanted)
        near = _near(self._service, path)
        if wanted is HTML:
            return _missing_page(self._service, request, path, near)
        ja = f"/id/{path} についてのデータはありません。つづりを確かめるか、/search や /sparql で探してください。"
        en = f"Nothing is known of /id/{path}. Check the spelling, or look at /search or /sparql."
        if near:
            ja, en = f"{ja} 近いもの: {' '.join(near)}", f"{en} Nearby: {' '.join(near)}"
        return failure(request, 404, ja, en, members={"near": near})

    def _stone(self, path: str) -> Mapping[str, Any] | None:
        """What the release remembers of a thing that an earlier one had (see `dxlod.release.changes`)."""
        if self._stones is None:
            self._stones = tombstones_of(self._service.release)
        iris = self._service.candidates(f"id/{path}")
        return next((self._stones[iri] for iri in iris if iri in self._stones), None)


def tombstones_of(release: Release) -> Mapping[str, Mapping[str, Any]]:
    """What the release remembers of things that earlier ones had, by IRI (see `dxlod.release.changes`)."""
    if release.entry(TOMBSTONES) is None or not (release.path / TOMBSTONES).is_file():
        return {}
    found: Mapping[str, Mapping[str, Any]] = json.loads((release.path / TOMBSTONES).read_text("utf-8"))[
        "tombstones"
    ]
    return found


def _gone(service: Service, request: Request, path: str, stone: Mapping[str, Any], wanted: Offer) -> Response:
    replaced = list(stone["replaced_by"])
    if wanted is HTML:
        facts = {"path": path, "stone": stone, "labels": service.reader.labels(replaced), "crumbs": []}
        return _page(service, request, 410, "gone.html", facts)
    if not wants_json(request) and (triples := _stone_triples(service, path)):
        pieces = write_graph(wanted.suffix, triples, service.settings, service.context, triples[0].s)
        headers = {"Vary": "Accept", "Cache-Control": "no-store"}
        return Response("".join(pieces), 410, headers, wanted.media_type)
    last, name = stone["last"], stone["label"]
    more = f" → {' '.join(replaced)}" if replaced else ""
    return failure(
        request,
        410,
        f"/id/{path}（{name.get('ja', '')}）はなくなりました。最後のリリース: {last['version']}{more}",
        f"/id/{path} ({name.get('en') or name.get('ja', '')}) is gone. Last in release {last['version']}{more}",
        members={"tombstone": dict(stone)},
    )


def _stone_triples(service: Service, path: str) -> list[Triple]:
    """What the release says of a thing that is gone, in RDF."""
    if service.release.entry(_GRAPH) is None:
        return []
    starts = tuple(f"<{iri}> " for iri in service.candidates(f"id/{path}"))
    with (service.release.path / _GRAPH).open(encoding="utf-8") as lines:
        ours = [line.rstrip().removesuffix(".") + "<urn:x> ." for line in lines if line.startswith(starts)]
    return [Triple(quad.s, quad.p, quad.o) for quad in parse_quads(ours)]


def _missing_page(service: Service, request: Request, path: str, near: list[str]) -> Response:
    text = unquote(path.rstrip("/").rpartition("/")[2])[:100]
    found = _search(service, text, view_of(request, service).lang)
    labels = service.reader.labels([*near, *found])
    facts = {"path": path, "near": near, "found": found, "text": text, "labels": labels, "crumbs": []}
    return _page(service, request, 404, "missing.html", facts)


def _search(service: Service, text: str, lang: str) -> list[str]:
    """What the last part of the path finds; numbers alone say nothing."""
    if not any(char.isalpha() for char in text):
        return []
    try:
        return [hit.iri for hit in search(service.reader, text, lang=lang, limit=_MOST).hits]
    except QueryError:
        return []


def _page(
    service: Service, request: Request, status: int, template: str, facts: Mapping[str, object]
) -> Response:
    body = service.renderer.page(template, view_of(request, service), **facts)
    headers = {"Vary": "Accept", "Cache-Control": "no-store"}
    return Response(body, status, headers, "text/html")


def _near(service: Service, path: str) -> list[str]:
    """IRIs that resemble this one: those under the same path with the likest ends, and the nearest thing above it."""
    reader, wanted = service.reader, path.strip("/")
    for iri in service.candidates(f"id/{wanted}"):
        above = [
            iri[:at] for at in range(len(iri), len(iri) - len(wanted), -1) if iri[at : at + 1] in ("/", "")
        ]
        known = next((name for name in above if reader.exists(name)), None)
        under = next((found for name in above if (found := reader.under(f"{name}/", _CANDIDATES))), [])
        tails = {name.rpartition("/")[2]: name for name in reversed(under)}
        like = [tails[tail] for tail in get_close_matches(iri.rpartition("/")[2], tails, _MOST, 0.4)]
        if known or like:
            return list(dict.fromkeys([*([known] if known else []), *like]))[:_MOST]
    return []
