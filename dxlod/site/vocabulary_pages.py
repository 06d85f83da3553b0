"""What the templates of the vocabulary and of the shapes are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from dxlod.namespaces import ONTOLOGY
from dxlod.release.formats import GRAPH_FORMATS, prefixed
from dxlod.site.classmap import box_labels, boxes, relations
from dxlod.site.diagram import WIDTH, draw
from dxlod.site.iris import local_name
from dxlod.site.view import View
from dxlod.site.vocabulary import Term, Vocabulary

__all__ = ["shapes_page", "term_page", "vocabulary_page"]


def vocabulary_page(
    view: View,
    vocabulary: Vocabulary,
    context_iri: str = "",
    frames: tuple[str, ...] = (),
    queries: bool = False,
) -> dict[str, object]:
    """Facts of vocabulary.html. `context_iri` is that of the JSON-LD context's version, `frames` names of files."""
    return {
        "vocabulary": vocabulary,
        "ontology": ONTOLOGY,
        **_words(vocabulary, ""),
        "diagram": draw(boxes(vocabulary)),
        "box_labels": box_labels(vocabulary),
        "relations": relations(vocabulary),
        "box_width": WIDTH,
        "context_iri": context_iri,
        "context_path": f"/context/{context_iri.rpartition('/')[2]}" if context_iri else "",
        "frames": frames,
        "queries": queries,
        "prefix_link": Markup('<a href="{}">ns.ttl</a>').format(view.data("/ns.ttl")),
        "alternates": [(item.media_type, view.data(f"/ns.{item.suffix}")) for item in GRAPH_FORMATS],
    }


def term_page(view: View, vocabulary: Vocabulary, term: Term) -> dict[str, object]:
    """Facts of vocabulary_term.html: all that is known of one term."""
    return {
        "term": term,
        **_words(vocabulary, view.url("/ns")),
        "prefix_link": Markup('<a href="{}">ns.ttl</a>').format(view.data("/ns.ttl")),
        "alternates": [(item.media_type, view.data(f"/ns.{item.suffix}")) for item in GRAPH_FORMATS],
    }


def _words(vocabulary: Vocabulary, here: str) -> dict[str, object]:
    """What terms and lists of codes are called, and the page that has the anchors of terms ('' = this one)."""
    schemes = {item["iri"]: item["labels"] for item in vocabulary.schemes}
    return {"names": _names(vocabulary), "schemes": schemes, "short": _short, "here": here}


def shapes_page(view: View, vocabulary: Vocabulary) -> dict[str, object]:
    """Facts of shapes.html; the anchor of each shape and rule is its name, where it stands first."""
    return {
        "shapes": list(_shapes(vocabulary)),
        "names": _names(vocabulary),
        "short": _short,
        "alternates": [("text/turtle", view.data("/shapes.ttl"))],
    }


def _names(vocabulary: Vocabulary) -> Mapping[str, str]:
    return {term.iri: term.name for term in vocabulary.terms}


def _short(iri: str) -> str:
    name = prefixed(iri)
    return local_name(iri) if name.startswith("<") else name


def _shapes(vocabulary: Vocabulary) -> Iterator[Mapping[str, Any]]:
    seen: set[str] = set()
    for shape in vocabulary.shapes:
        name = shape["shape"].rpartition("#")[2]
        yield {**shape, "name": name, "anchor": _once(name, seen), "rules": list(_rules(shape, seen))}


def _rules(shape: Mapping[str, Any], seen: set[str]) -> Iterator[Mapping[str, Any]]:
    for item in shape["constraints"]:
        anchor = _once(item["shape"].rpartition("#")[2], seen)
        yield {
            "anchor": anchor,
            "severity": item["severity"],
            "path": item["path"],
            "messages": {"ja": item["ja"], "en": item["en"]},
        }


def _once(name: str, seen: set[str]) -> str:
    """The name where it is new, else ''."""
    if not name or name in seen:
        return ""
    seen.add(name)
    return name
