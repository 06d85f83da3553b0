"""JSON-LD 1.1, flattened and compacted with the project's own context, one node a line.

The context is read once and never fetched: a document carries, inline, those of its lines that it uses, and names
the version they are of. Numbers other than small integers are written as strings, because JSON-LD turns a JSON
number into a double. Terms with a context of their own, `@reverse`, `@nest`, lists, indexes and graphs are left
unused: what they would say is said by the plain key, and expands to the same triples.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dxlod.errors import ReleaseError
from dxlod.release.formats import PREFIXES
from dxlod.release.terms import (
    RDF_TYPE,
    XSD,
    Triple,
    iri_of,
    is_iri,
    literal_parts,
    triples_by_subject,
)

__all__ = ["VERSION", "Context", "context_of", "jsonld", "load_context", "used_context"]

VERSION = "context"
"""The term of a context whose IRI is that of the context's own version; nothing is ever said with it."""

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
_DELIMITERS = tuple(":/?#[]@")
_UNUSABLE = ("@context", "@reverse", "@nest", "@index", "@direction")
_STRING, _PLAIN_INTEGER, _BOOLEAN = f"{XSD}string", f"{XSD}integer", f"{XSD}boolean"


@dataclass(frozen=True)
class _Term:
    """One property term: its key, coercion ('' none), fixed language (None unset) and containers."""

    key: str
    coercion: str
    language: str | None
    containers: frozenset[str]


@dataclass(frozen=True)
class Context:
    """A JSON-LD context: its document form and what compaction needs of it."""

    document: Mapping[str, Any]
    prefixes: tuple[tuple[str, str], ...]
    terms: Mapping[str, tuple[_Term, ...]]
    types: Mapping[str, str]
    aliases: Mapping[str, str]
    type_set: bool
    language: str | None
    keys: dict[str, str] = field(default_factory=dict, compare=False)


def load_context(path: Path) -> Context:
    """The context of a file `{"@context": {…}}`, or one of prefixes only where there is no such file."""
    if not path.is_file():
        return context_of(dict(PREFIXES))
    try:
        document = json.loads(path.read_text(encoding="utf-8"))["@context"]
    except (ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"{path.name} は JSON-LD のコンテキストとして読めません。",
            f"{path.name} is no JSON-LD context: {error}",
        ) from error
    if not isinstance(document, dict):
        raise ReleaseError(
            f"{path.name} の @context はオブジェクトにしてください。",
            f"The @context of {path.name} must be one object: nothing is fetched.",
        )
    return context_of(document)


def jsonld(triples: Iterable[Triple], context: Context, first: str = "") -> Iterator[str]:
    """One JSON-LD document in pieces, the subject `first` first: `{"@context": …, "@graph": […]}`."""
    nodes = [_node(subject, group, context) for subject, group in triples_by_subject(triples, first)]
    used = used_context(nodes, context)
    lines = (f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in used.items())
    yield '{"@context": {\n' + ",\n".join(lines) + '\n},\n"@graph": [\n'
    for at, node in enumerate(nodes):
        yield (",\n" if at else "") + json.dumps(node, ensure_ascii=False)
    yield "\n]}\n"


def context_of(document: Mapping[str, Any]) -> Context:
    """What compaction needs of a context given as an object."""
    definitions = {key: value for key, value in document.items() if not key.startswith("@")}
    expand = _expander(definitions, document.get("@vocab", ""))
    terms: dict[str, list[_Term]] = {}
    types: dict[str, str] = {}
    aliases = {"@id": "@id", "@type": "@type"}
    for key, value in definitions.items():
        meaning = _meaning(key, value)
        if meaning in aliases:
            aliases[meaning] = key
            continue
        if value is None or (isinstance(value, dict) and any(name in value for name in _UNUSABLE)):
            continue
        term = _term(key, value if isinstance(value, dict) else {}, expand)
        if term is not None:
            terms.setdefault(expand(meaning), []).append(term)
            types.setdefault(expand(meaning), key)
    return Context(
        document,
        tuple(sorted(_usable_prefixes(definitions, expand), key=lambda pair: (-len(pair[1]), pair[0]))),
        {iri: tuple(found) for iri, found in terms.items()},
        types,
        aliases,
        "@set" in _containers(document.get(aliases["@type"])),
        document.get("@language"),
    )


def _meaning(key: str, definition: Any) -> str:
    """What a term stands for, as the context writes it."""
    return definition if isinstance(definition, str) else str((definition or {}).get("@id", key))


def _containers(definition: Any) -> frozenset[str]:
    container = definition.get("@container", []) if isinstance(definition, dict) else []
    return frozenset([container] if isinstance(container, str) else container)


def used_context(nodes: Iterable[Mapping[str, Any]], context: Context) -> dict[str, Any]:
    """The part of the context that these nodes may use, in its own order. Too much does no harm, too little would."""
    document = context.document
    fixed = {
        key for key, value in document.items() if key.startswith("@") or _meaning(key, value).startswith("@")
    }
    found = {VERSION, *fixed, *(name for node in nodes for name in _names(node))}
    used: set[str] = set()
    while new := (found & document.keys()) - used:
        used |= new
        found.update(name for key in new for name in _names([key, document[key]]))
    return {key: value for key, value in document.items() if key in used}


def _names(value: Any) -> Iterator[str]:
    """Every string of a JSON value, keys among them, and what stands before its first colon."""
    for text in _strings(value):
        yield text
        yield text.partition(":")[0]


def _strings(value: Any) -> Iterator[str]:
    """Every string of a JSON value, keys among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _term(key: str, value: Mapping[str, Any], expand: Any) -> _Term | None:
    containers = _containers(value)
    if not containers <= {"@set", "@language"}:
        return None
    coercion = value.get("@type", "")
    if coercion in ("@json", "@none"):
        return None
    return _Term(
        key, coercion if coercion.startswith("@") else expand(coercion), value.get("@language"), containers
    )


def _expander(definitions: Mapping[str, Any], vocab: str) -> Any:
    def expand(name: str) -> str:
        prefix, colon, local = name.partition(":")
        if not colon:
            value = definitions.get(name)
            meaning = value if isinstance(value, str) else (value or {}).get("@id")
            return expand(meaning) if meaning and meaning != name else (vocab + name if name else "")
        if local.startswith("//") or prefix not in definitions:
            return name
        return str(expand(prefix)) + local

    return expand


def _usable_prefixes(definitions: Mapping[str, Any], expand: Any) -> Iterator[tuple[str, str]]:
    """Simple terms that end in a delimiter, and terms marked `@prefix` (JSON-LD 1.1, 4.2.2, step 14)."""
    for key, value in definitions.items():
        marked = isinstance(value, dict) and value.get("@prefix") is True
        simple = isinstance(value, str) and not value.startswith("@") and expand(value).endswith(_DELIMITERS)
        if marked or simple:
            yield key, expand(key)


def _node(subject: str, group: Sequence[Triple], context: Context) -> dict[str, Any]:
    node: dict[str, Any] = {context.aliases["@id"]: _compact(iri_of(subject), context, {})}
    types = [
        _compact(iri_of(triple.o), context, context.types) for triple in sorted(group) if triple.p == RDF_TYPE
    ]
    if types:
        node[context.aliases["@type"]] = _one_or_all(types, context.type_set)
    values: dict[str, list[Any]] = {}
    maps: dict[str, dict[str, list[str]]] = {}
    sets: set[str] = set()
    for triple in sorted(group):
        if triple.p == RDF_TYPE:
            continue
        term, value = _value(triple, context)
        key = term.key if term else _compact(iri_of(triple.p), context, {})
        if term is not None and "@set" in term.containers:
            sets.add(key)
        if term is not None and "@language" in term.containers:
            parts = literal_parts(triple.o)
            maps.setdefault(key, {}).setdefault(parts.language or "@none", []).append(parts.text)
        else:
            values.setdefault(key, []).append(value)
    for key, languages in maps.items():
        node[key] = {tag: _one_or_all(texts, key in sets) for tag, texts in sorted(languages.items())}
    for key, found in values.items():
        node[key] = _one_or_all(found, key in sets)
    return node


def _one_or_all(found: list[Any], always: bool) -> Any:
    return found if always or len(found) > 1 else found[0]


def _value(triple: Triple, context: Context) -> tuple[_Term | None, Any]:
    """The term that carries this object, None for the plain key, and the object as JSON."""
    terms = context.terms.get(iri_of(triple.p), ())
    if is_iri(triple.o):
        return _iri_value(_compact(iri_of(triple.o), context, {}), terms)
    parts = literal_parts(triple.o)
    mapped = next((term for term in terms if "@language" in term.containers and not term.coercion), None)
    if parts.language and mapped is not None:
        return mapped, None
    for term in terms:
        if "@language" in term.containers:
            continue
        if term.coercion and term.coercion == parts.datatype:
            return term, _native(parts.text, parts.datatype)
        if parts.language and term.language == parts.language and not term.coercion:
            return term, parts.text
    plain = _plain(terms)
    if plain is None and mapped is not None and parts.datatype == _STRING:
        return mapped, None
    return plain, _literal(parts.text, parts.datatype, parts.language, _default_language(plain, context))


def _native(text: str, datatype: str) -> Any:
    """A JSON number for a short canonical xsd:integer, true or false for an xsd:boolean, else the text."""
    if datatype == _PLAIN_INTEGER and _INTEGER.fullmatch(text):
        return int(text)
    if datatype == _BOOLEAN and text in ("true", "false"):
        return text == "true"
    return text


def _iri_value(iri: str, terms: Iterable[_Term]) -> tuple[_Term | None, Any]:
    for term in terms:
        if term.coercion in ("@id", "@vocab") and "@language" not in term.containers:
            return term, iri
    return _plain(terms), {"@id": iri}


def _plain(terms: Iterable[_Term]) -> _Term | None:
    return next((term for term in terms if not term.coercion and "@language" not in term.containers), None)


def _default_language(term: _Term | None, context: Context) -> str | None:
    return term.language if term is not None and term.language is not None else context.language


def _literal(text: str, datatype: str, language: str, default: str | None) -> Any:
    if language:
        return {"@value": text, "@language": language}
    if datatype == _STRING:
        return {"@value": text} if default else text
    value = _native(text, datatype)
    return {"@value": text, "@type": datatype} if isinstance(value, str) else value


def _compact(iri: str, context: Context, terms: Mapping[str, str]) -> str:
    """A term where one is given for the IRI, else prefix and local part, else the IRI."""
    if iri in terms:
        return terms[iri]
    if iri not in context.keys:
        context.keys[iri] = _prefixed(iri, context)
    return context.keys[iri]


def _prefixed(iri: str, context: Context) -> str:
    for prefix, namespace in context.prefixes:
        local = iri[len(namespace) :]
        name = f"{prefix}:{local}"
        if (
            iri.startswith(namespace)
            and local
            and not local.startswith("//")
            and name not in context.document
        ):
            return name
    scheme, _, rest = iri.partition(":")
    if not rest.startswith("//") and any(scheme == prefix for prefix, _ in context.prefixes):
        raise ReleaseError(
            f"{iri} のスキーム「{scheme}」は、JSON-LD のコンテキストの接頭辞と同じで、区別できません。",
            f"The scheme of {iri} is a prefix of the JSON-LD context; the two cannot be told apart.",
            mend_ja="ontology/context.jsonld の接頭辞の名を変えてください。",
            mend_en="Give the prefix in ontology/context.jsonld another name.",
        )
    return iri
