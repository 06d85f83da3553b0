"""What a release says of its own language: JSON-LD context and frames, shapes, example queries, use of every term."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dxlod.release.build import write_graph
from dxlod.release.draft import Draft
from dxlod.release.formats import GRAPH_FORMATS
from dxlod.release.jsonld import load_context
from dxlod.release.queries import example_query_triples
from dxlod.release.schemes import list_schemes
from dxlod.release.shapelist import list_shapes
from dxlod.release.terms import Quad, Triple
from dxlod.release.usage import count_usage, examples
from dxlod.settings import Settings
from dxlod.validation import load_shapes

__all__ = ["VOCABULARY", "vocabulary_facts", "vocabulary_part"]

VOCABULARY = "vocabulary.json"


def vocabulary_part(draft: Draft) -> None:
    """Adds context.jsonld, frames/*.jsonld, shapes.ttl, queries.{ttl,jsonld,nt,rdf} and vocabulary.json."""
    ontology = draft.settings.ontology
    for path in (ontology / "context.jsonld", *sorted((ontology / "frames").glob("*.jsonld"))):
        draft.write(path.relative_to(ontology).as_posix(), [path.read_text(encoding="utf-8")])
    _write_shapes(draft)
    _write_queries(draft)
    facts = vocabulary_facts(draft.quads, draft.settings)
    draft.write(VOCABULARY, [json.dumps(facts, ensure_ascii=False, indent=1), "\n"])


def vocabulary_facts(quads: Sequence[Quad], settings: Settings) -> Mapping[str, Any]:
    """How the data use each term, an example of each class, schemes and shapes, as JSON (Usage, Scheme, NodeShape)."""
    usage = count_usage(quads)
    links = [[*names, count] for names, count in usage.links.items()]
    found = examples(quads, f"{settings.base}/")
    return {
        "usage": {**asdict(usage), "links": links},
        "examples": {kind: {"iri": iri, "turtle": text} for kind, (iri, text) in found.items()},
        "schemes": [asdict(scheme) for scheme in list_schemes(quads)],
        "shapes": [asdict(shape) for shape in list_shapes(_shape_files(settings))],
    }


def _shape_files(settings: Settings) -> list[Path]:
    return sorted(settings.shapes.glob("*.ttl"))


def _write_shapes(draft: Draft) -> None:
    """All shapes as one file: Turtle documents one after another are one, as no blank node of ours has a label."""
    files = _shape_files(draft.settings)
    pieces = (f"# {path.name}\n{path.read_text(encoding='utf-8')}\n" for path in files)
    draft.write("shapes.ttl", pieces, load_shapes(files).triples)


def _write_queries(draft: Draft) -> None:
    settings = draft.settings
    triples: list[Triple] = sorted(example_query_triples(settings.queries, settings.base))
    context = load_context(settings.ontology / "context.jsonld")
    for item in GRAPH_FORMATS:
        pieces = write_graph(item.suffix, triples, settings, context)
        draft.write(f"queries.{item.suffix}", pieces, len(triples))
