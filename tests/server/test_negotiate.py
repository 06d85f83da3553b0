from __future__ import annotations

import pytest

from dxlod.release import GRAPH_FORMATS
from dxlod.server.negotiate import HTML, Offer, by_name, choose

OFFERS: tuple[Offer, ...] = (*GRAPH_FORMATS, HTML)


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        (None, "ttl"),
        ("", "ttl"),
        ("*/*", "ttl"),
        ("text/html", "html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.8", "rdf"),
        ("application/json", "jsonld"),
        ("text/*;q=0.1, application/ld+json;q=0.2", "jsonld"),
        ("*/*, text/turtle;q=0", "jsonld"),
        ("TEXT/TURTLE", "ttl"),
        ("text/turtle;charset=utf-8", "ttl"),
    ],
)
def test_the_best_liked_is_chosen(accept: str | None, suffix: str) -> None:
    chosen = choose(accept, OFFERS)
    assert chosen is not None
    assert chosen.suffix == suffix


@pytest.mark.parametrize("accept", ["image/png", "text/turtle;q=0", "nonsense, image/png"])
def test_nothing_suits(accept: str) -> None:
    assert choose(accept, OFFERS) is None


def test_names() -> None:
    names = ["Turtle", "ttl", "text/turtle", "rdfxml", "html", "none"]
    found = [by_name(name, OFFERS) for name in names]
    assert [item.suffix if item else "" for item in found] == ["ttl", "ttl", "ttl", "rdf", "html", ""]
