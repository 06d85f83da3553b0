"""RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/): one rdf:Description per subject, streamed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from dxlod.errors import ReleaseError
from dxlod.release.formats import PREFIXES
from dxlod.release.terms import XSD, Triple, is_iri, literal_parts, triples_by_subject

__all__ = ["rdfxml"]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*$")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def rdfxml(triples: Iterable[Triple]) -> Iterator[str]:
    """One RDF/XML document in pieces; ReleaseError for a property or text that XML cannot hold."""
    groups = triples_by_subject(triples)
    names = _names({triple.p for _, group in groups for triple in group})
    prefixes = {prefix: namespace for prefix, namespace, _ in names.values()} | {"rdf": _RDF}
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF'
    for prefix in sorted(prefixes):
        yield f"\n    xmlns:{prefix}={quoteattr(prefixes[prefix])}"
    yield ">\n"
    for subject, group in groups:
        yield f"<rdf:Description rdf:about={quoteattr(subject[1:-1])}>\n"
        for triple in sorted(group):
            prefix, _, local = names[triple.p]
            yield f"  {_property(f'{prefix}:{local}', triple.o)}\n"
        yield "</rdf:Description>\n"
    yield "</rdf:RDF>\n"


def _property(name: str, value: str) -> str:
    if is_iri(value):
        return f"<{name} rdf:resource={quoteattr(value[1:-1])}/>"
    parts = literal_parts(value)
    if _FORBIDDEN.search(parts.text):
        raise ReleaseError(
            f"XML に書けない制御文字があります: {value[:100]}",
            f"A control character that XML cannot hold: {value[:100]}",
        )
    # A bare carriage return or a tab would be normalised by XML parsers.
    text = escape(parts.text, {"\r": "&#13;"})
    if parts.language:
        return f"<{name} xml:lang={quoteattr(parts.language)}>{text}</{name}>"
    if parts.datatype == f"{XSD}string":
        return f"<{name}>{text}</{name}>"
    return f"<{name} rdf:datatype={quoteattr(parts.datatype)}>{text}</{name}>"


def _names(predicates: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    """Prefix, namespace and local name of each predicate; unknown namespaces get ns1, ns2 … in sorted order."""
    known = {namespace: prefix for prefix, namespace in PREFIXES}
    names: dict[str, tuple[str, str, str]] = {}
    for predicate in sorted(predicates):
        iri = predicate[1:-1]
        match = _LOCAL.search(iri)
        if match is None:
            raise ReleaseError(
                f"プロパティ {iri} は RDF/XML に書けません。", f"Property {iri} cannot be written in RDF/XML."
            )
        namespace = iri[: match.start()]
        prefix = known.setdefault(namespace, f"ns{len(known) - len(PREFIXES) + 1}")
        names[predicate] = (prefix, namespace, match.group())
    return names
