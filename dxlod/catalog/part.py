"""The part of a release that describes all the others: the catalogue in every form. It is the last to be written.

catalog.{ttl,jsonld,rdf,nt}            DCAT, complete
catalog/page/N.{ttl,jsonld,rdf,nt}     the same in pages, where there are more data sets than a page holds
catalog/modified.json                  data sets and files by the date of their last change
void.{ttl,jsonld,rdf,nt}               VoID and service description
schema.jsonld                          schema.org
ckan.json                              CKAN packages
オープンデータ一覧.csv, opendata-list.csv
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from dxlod.catalog.ckan import packages
from dxlod.catalog.collect import collect
from dxlod.catalog.dcat import catalogue_triples
from dxlod.catalog.facts import Catalogue
from dxlod.catalog.listing import ALIAS, NAME, listing
from dxlod.catalog.paging import page_path, page_triples, pages
from dxlod.catalog.publisher import FILE, Text, load_publisher
from dxlod.catalog.schemaorg import data_catalog
from dxlod.catalog.void import void_triples
from dxlod.release import GRAPH_FORMATS, PREFIXES, Draft, Part, write_graph
from dxlod.release.jsonld import context_of
from dxlod.release.terms import Quad, Triple, literal_parts
from dxlod.settings import SHARED
from dxlod.table.dataset import Dataset

__all__ = ["catalog_part", "labels_of", "publisher_digest", "write_catalogue"]

_LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
_LABELLED = (f"<{SHARED}/id/topic/", f"<{SHARED}/id/code/plan-status/")


def catalog_part(tables: Dataset) -> Part:
    """The part, for these tables and the publisher beside them."""

    def write(draft: Draft) -> None:
        publisher = load_publisher(tables.root / FILE)
        entries, labels = draft.entries(), labels_of(draft.quads)
        facts = collect(tables, publisher, draft.settings.base, draft.version, entries, draft.history, labels)
        write_catalogue(draft, facts)

    return write


def publisher_digest(data: Path) -> dict[str, str]:
    """SHA-256 of the publisher's file, by its name: an input of a release. SettingsError when it cannot be used."""
    load_publisher(data / FILE)
    return {f"data/{FILE}": hashlib.sha256((data / FILE).read_bytes()).hexdigest()}


def labels_of(quads: Iterable[Quad]) -> dict[str, Text]:
    """Names of topics and plan statuses by IRI."""
    found: dict[str, dict[str, str]] = {}
    for quad in quads:
        if quad.p == _LABEL and quad.s.startswith(_LABELLED):
            parts = literal_parts(quad.o)
            found.setdefault(quad.s[1:-1], {})[parts.language] = parts.text
    return {
        iri: Text(names.get("ja") or names.get("en", ""), names.get("en") or names.get("ja", ""))
        for iri, names in found.items()
    }


def write_catalogue(draft: Draft, facts: Catalogue) -> None:
    """All files of the catalogue."""
    _write_graph(draft, "catalog", catalogue_triples(facts), f"<{facts.iri}>")
    _write_pages(draft, facts)
    _write_graph(draft, "void", void_triples(facts, draft.quads), f"<{facts.base}/id/dataset/all>")
    _write_json(draft, "schema.jsonld", data_catalog(facts))
    _write_json(draft, "ckan.json", packages(facts))
    _write_json(draft, "catalog/modified.json", _modified(facts))
    for name in (NAME, ALIAS):
        draft.write_bytes(name, listing(facts))


def _write_pages(draft: Draft, facts: Catalogue) -> None:
    every = pages(facts, facts.publisher.page_size)
    for number in range(1, len(every) + 1):
        for item in GRAPH_FORMATS:
            triples = page_triples(facts, number, every, item.suffix)
            _write_one(draft, page_path(number, item.suffix), item.suffix, triples, f"<{facts.iri}>")


def _write_graph(draft: Draft, stem: str, triples: Sequence[Triple], first: str) -> None:
    for item in GRAPH_FORMATS:
        _write_one(draft, f"{stem}.{item.suffix}", item.suffix, triples, first)


def _write_one(draft: Draft, name: str, suffix: str, triples: Sequence[Triple], first: str) -> None:
    # The data's own context has no terms for catalogues; prefixes say all that is needed.
    context = context_of(dict(PREFIXES))
    draft.write(name, write_graph(suffix, triples, draft.settings, context, first), len(triples))


def _write_json(draft: Draft, name: str, document: Any) -> None:
    draft.write(name, [json.dumps(document, ensure_ascii=False, indent=1), "\n"])


def _modified(facts: Catalogue) -> list[dict[str, Any]]:
    return [
        {
            "id": item.iri,
            "slug": item.slug,
            "title": {"ja": item.title.ja, "en": item.title.en},
            "url": item.landing,
            "modified": item.modified or None,
            "files": [
                {
                    "url": file.url,
                    "modified": file.modified or None,
                    "sha256": file.sha256,
                    "bytes": file.bytes,
                }
                for file in item.distributions
            ],
        }
        for item in facts.datasets
    ]
