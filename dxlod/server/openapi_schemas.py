"""The shapes of JSON that the service answers in, as JSON Schema (OpenAPI 3.1); those of /api/search are pydantic's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["JSON_LD", "SCHEMAS"]

_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
_NAMES: dict[str, Any] = {"type": "object", "additionalProperties": _TEXT}
JSON_LD: dict[str, Any] = {"type": ["object", "array"]}


def _object(required: Mapping[str, Any], optional: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
    }


def _list(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(item)}


_TERM = _object(
    {"type": {"enum": ["uri", "literal", "bnode"]}, "value": _TEXT}, {"xml:lang": _TEXT, "datatype": _TEXT}
)
_BINDINGS = _object({"bindings": _list({"type": "object", "additionalProperties": _TERM})})
_HEAD = {"type": "object", "properties": {"vars": _list(_TEXT)}}

SCHEMAS: Mapping[str, dict[str, Any]] = {
    "Problem": {
        **_object(
            {
                "type": _TEXT,
                "status": {"type": "integer", "minimum": 400, "maximum": 599},
                "title": _TEXT,
                "detail": _TEXT,
            },
            {"line": _NUMBER, "column": _NUMBER, "near": _list(_TEXT), "tombstone": {"type": "object"}},
        ),
        "description": "RFC 9457. title: English, detail: 日本語; line and column of a syntax error",
    },
    "State": _object({"status": {"enum": ["ok", "down"]}, "release": _TEXT}),
    "SparqlResults": {
        "description": "SPARQL 1.1 Query Results JSON Format",
        "type": "object",
        "required": ["head"],
        "properties": {"head": _HEAD, "results": _BINDINGS, "boolean": {"type": "boolean"}},
        "oneOf": [{"required": ["results"]}, {"required": ["boolean"]}],
    },
    "Manifest": _object(
        {
            "version": _TEXT,
            "base": _TEXT,
            "tool": _TEXT,
            "seal": _TEXT,
            "triples": _NUMBER,
            "graphs": {"type": "object", "additionalProperties": _NUMBER},
            "inputs": _NAMES,
            "files": _list(
                _object(
                    {
                        "path": _TEXT,
                        "sha256": _TEXT,
                        "bytes": _NUMBER,
                        "media_type": _TEXT,
                        "triples": {"type": ["integer", "null"]},
                    }
                )
            ),
        }
    ),
    "CatalogueChanges": _object(
        {
            "note": _NAMES,
            "for_harvesting": {"const": False},
            "harvest": _TEXT,
            "since": {"type": "string", "format": "date"},
            "release": _TEXT,
            "datasets": _list({"type": "object"}),
            "removed": _list({"type": "object"}),
        }
    ),
    "Queries": _object(
        {
            "queries": _list(
                _object(
                    {
                        "name": _TEXT,
                        "ja": _TEXT,
                        "en": _TEXT,
                        "keywords": _list(_TEXT),
                        "parameters": _list(
                            _object(
                                {"name": _TEXT, "kind": _TEXT, "default": _TEXT, "ja": _TEXT, "en": _TEXT}
                            )
                        ),
                        "url": _TEXT,
                        "sparql": _TEXT,
                    }
                )
            )
        }
    ),
    "QueryAnswer": _object(
        {
            "name": _TEXT,
            "question": _NAMES,
            "parameters": _NAMES,
            "release": _TEXT,
            "columns": _list(_TEXT),
            "count": _NUMBER,
            "rows": _list({"type": "object"}),
        }
    ),
    "Terms": _object(
        {
            "prefixes": _NAMES,
            "terms": _list(
                _object(
                    {"iri": _TEXT, "kind": {"enum": ["class", "property"]}, "label": _TEXT, "uses": _NUMBER}
                )
            ),
        }
    ),
    "CkanVersion": _object({"version": {"const": 3}}),
    "CkanAnswer": _object({"help": _TEXT, "success": {"const": True}, "result": {}}),
    "CkanError": {
        "description": "CKAN's envelope, or a text where CKAN answers with a text",
        "oneOf": [
            _TEXT,
            _object({"help": _TEXT, "success": {"const": False}, "error": _object({"__type": _TEXT})}),
        ],
    },
}
"""By name."""
