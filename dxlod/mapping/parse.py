"""RML-Core mappings in Turtle → the values of `dxlod.mapping.model`.

The subset: CSV logical sources (`rml:path`), subject, predicate, object and graph maps with their
shortcuts, classes, language and datatype maps, referencing object maps with and without joins, base IRIs.
Any other term of the RML namespace is refused, never skipped, so that a misspelt property cannot lose data
silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import quote

from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.exceptions import ParserError
from rdflib.term import Node

from dxlod.errors import MappingError
from dxlod.mapping.model import (
    RML,
    Constant,
    Expression,
    IriConstant,
    Join,
    LiteralConstant,
    LogicalSource,
    ObjectMap,
    PredicateObjectMap,
    Reference,
    RefObjectMap,
    Template,
    TermMap,
    TermType,
    TriplesMap,
)
from dxlod.mapping.terms import is_absolute_iri, is_language_tag

__all__ = ["parse_mapping", "parse_mappings", "parse_template"]

# What stands for the folder of a mapping without @base; no term of the output may begin with it.
_NO_BASE: Final = "x-mapping://none/"
_IRI_TYPES: Final = frozenset({TermType.IRI, TermType.URI, TermType.UNSAFE_IRI, TermType.UNSAFE_URI})
_NODE_TYPES: Final = _IRI_TYPES | {TermType.BLANK_NODE}
_EXPRESSION: Final = ("constant", "reference", "template")
_TERM_MAP: Final = (*_EXPRESSION, "termType")
_OBJECT_MAP: Final = (*_TERM_MAP, "language", "languageMap", "datatype", "datatypeMap")
_TRIPLES_MAP: Final = ("logicalSource", "subject", "subjectMap", "predicateObjectMap", "baseIRI")

# A string of Turtle, or what may hold a quote and is no string.
_TURTLE_TOKEN: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
    r"|<[^<>\s]*>|#[^\n]*",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)


def parse_mappings(paths: Iterable[Path]) -> tuple[TriplesMap, ...]:
    """All triples maps of the files, sorted by name. Raises `MappingError`, also where two share a name."""
    maps = sorted((found for path in paths for found in parse_mapping(path)), key=lambda found: found.name)
    for first, second in pairwise(maps):
        if first.name == second.name:
            raise MappingError(
                f"トリプルズマップ <{first.name}> が {first.file.name} と {second.file.name} にあります。",
                f"Triples map <{first.name}> stands in both {first.file.name} and {second.file.name}.",
            )
    return tuple(maps)


def parse_mapping(path: Path) -> tuple[TriplesMap, ...]:
    """The triples maps of one Turtle file. Raises `MappingError` where it is outside the subset."""
    maps = _Reader(path, _load(path)).triples_maps()
    if not maps:
        raise MappingError(
            f"マッピング {path.name} にトリプルズマップがありません。",
            f"The mapping {path.name} has no triples map.",
        )
    return maps


def _load(path: Path) -> Graph:
    graph = Graph(bind_namespaces="none")
    try:
        text = path.read_text(encoding="utf-8-sig")
        graph.parse(data=_keep_unknown_escapes(text), format="turtle", publicID=_NO_BASE + quote(path.name))
    except OSError as error:
        raise MappingError(
            f"マッピング {path.name} を読めません: {error.strerror}",
            f"The mapping {path.name} cannot be read: {error.strerror}",
        ) from error
    # The parser reads past the end of a text cut short; UnicodeDecodeError is a ValueError.
    except (SyntaxError, ValueError, IndexError, AssertionError, ParserError) as error:
        raise MappingError(
            f"マッピング {path.name} は正しい Turtle ではありません: {error}",
            f"The mapping {path.name} is not well-formed Turtle: {error}",
        ) from error
    return graph


def _keep_unknown_escapes(text: str) -> str:
    """An escape that Turtle does not define (`\\a`) stands for itself, so that the template syntax judges
    it.

    The RML-Core test case 0024f is written so; rdflib would read a BEL.
    """

    def keep(match: re.Match[str]) -> str:
        return match.group() if match.group(1) in "tbnrf\"'\\uU" else "\\\\" + match.group(1)

    def token(match: re.Match[str]) -> str:
        found = match.group()
        return _ESCAPE.sub(keep, found) if found[0] in "\"'" else found

    return _TURTLE_TOKEN.sub(token, text)


def parse_template(text: str) -> tuple[str | Reference, ...]:
    """The parts of an RML string template. Raises ValueError (position, counted from 1) where it is not
    valid.
    """
    parts: list[str | Reference] = []
    buffer: list[str] = []
    inside = False
    characters = enumerate(text, 1)
    for position, character in characters:
        if character == "\\":
            _, escaped = next(characters, (position, ""))
            if escaped not in ("{", "}", "\\"):
                raise ValueError(position)
            buffer.append(escaped)
        elif character not in "{}":
            buffer.append(character)
        elif (character == "}") != inside or (inside and not buffer):
            raise ValueError(position)
        else:
            if buffer:
                parts.append(Reference("".join(buffer)) if inside else "".join(buffer))
            buffer = []
            inside = not inside
    if inside:
        raise ValueError(len(text))
    return (*parts, "".join(buffer)) if buffer else tuple(parts)


class _Reader:
    """Reads one mapping graph; `name` is the triples map at hand, for messages."""

    def __init__(self, path: Path, graph: Graph) -> None:
        self.path = path
        self.graph = graph
        self.name = ""

    def triples_maps(self) -> tuple[TriplesMap, ...]:
        marks = ("logicalSource", "subjectMap", "subject", "predicateObjectMap")
        nodes = set(self.graph.subjects(RDF.type, URIRef(RML + "TriplesMap")))
        for mark in marks:
            nodes.update(self.graph.subjects(URIRef(RML + mark)))
        return tuple(self._triples_map(node) for node in sorted(nodes, key=str))

    def _triples_map(self, node: Node) -> TriplesMap:
        self.name = str(node) if isinstance(node, URIRef) else ""
        if not self.name:
            self._fail("名前 (IRI) のないトリプルズマップがあります。", "A triples map has no name (IRI).")
        self._only(node, _TRIPLES_MAP)
        source = self._source(self._one(node, "logicalSource"))
        subject = self._one_of(node, "subject", "subjectMap")
        base = self._optional(node, "baseIRI")
        return TriplesMap(
            name=self.name,
            file=self.path,
            source=source,
            subject=self._subject(subject),
            classes=() if subject[0] == "subject" else self._classes(subject[1]),
            graphs=() if subject[0] == "subject" else self._graphs(subject[1]),
            predicate_objects=tuple(
                sorted(map(self._predicate_object, self._all(node, "predicateObjectMap")), key=repr)
            ),
            base=None if base is None else self._iri(base),
        )

    # ── sources ──

    def _source(self, node: Node) -> LogicalSource:
        self._only(node, ("source", "referenceFormulation"))
        formulation = self._optional(node, "referenceFormulation")
        if formulation not in (None, URIRef(RML + "CSV")):
            self._fail(f"CSV 以外のデータ源です: {formulation}", f"The source is not CSV: {formulation}")
        source = self._one(node, "source")
        if isinstance(source, Literal):
            return LogicalSource(str(source), self.path.parent)
        self._only(source, ("path", "root"))
        root = self._optional(source, "root")
        if root not in (None, URIRef(RML + "MappingDirectory"), URIRef(RML + "CurrentWorkingDirectory")):
            self._fail(f"使えない rml:root です: {root}", f"This rml:root cannot be used: {root}")
        here = Path() if root == URIRef(RML + "CurrentWorkingDirectory") else self.path.parent
        return LogicalSource(self._text(self._one(source, "path")), here)

    # ── term maps ──

    def _subject(self, found: tuple[str, Node]) -> TermMap:
        shortcut, node = found
        if shortcut == "subject":
            return self._constant_iri(node)
        self._only(node, (*_TERM_MAP, "class", "graph", "graphMap"))
        return self._term_map(node, _NODE_TYPES, TermType.IRI)

    def _classes(self, node: Node) -> tuple[str, ...]:
        return tuple(sorted(self._iri(found) for found in self._all(node, "class")))

    def _graphs(self, node: Node) -> tuple[TermMap, ...]:
        return self._resource_maps(node, "graph", "graphMap", _NODE_TYPES)

    def _predicate_object(self, node: Node) -> PredicateObjectMap:
        self._only(node, ("predicate", "predicateMap", "object", "objectMap", "graph", "graphMap"))
        predicates = self._resource_maps(node, "predicate", "predicateMap", _IRI_TYPES)
        constants: list[ObjectMap] = [TermMap(self._constant(found)) for found in self._all(node, "object")]
        objects = constants + [self._object(found) for found in self._all(node, "objectMap")]
        if not predicates or not objects:
            self._fail(
                "述語またはオブジェクトのない rml:predicateObjectMap があります。",
                "An rml:predicateObjectMap has no predicate or no object.",
            )
        return PredicateObjectMap(predicates, tuple(sorted(objects, key=repr)), self._graphs(node))

    def _resource_maps(
        self, node: Node, shortcut: str, full: str, allowed: frozenset[TermType]
    ) -> tuple[TermMap, ...]:
        maps = [self._constant_iri(found) for found in self._all(node, shortcut)]
        for found in self._all(node, full):
            self._only(found, _TERM_MAP)
            maps.append(self._term_map(found, allowed, TermType.IRI))
        return tuple(sorted(maps, key=repr))

    def _object(self, node: Node) -> ObjectMap:
        parent = self._optional(node, "parentTriplesMap")
        if parent is not None:
            self._only(node, ("parentTriplesMap", "joinCondition"))
            joins = sorted(map(self._join, self._all(node, "joinCondition")), key=repr)
            return RefObjectMap(str(parent), tuple(joins))
        self._only(node, _OBJECT_MAP)
        language, datatype = self._language(node), self._datatype(node)
        if language is not None and datatype is not None:
            self._fail("言語とデータ型の両方があります。", "A term map has both a language and a datatype.")
        typed = language is not None or datatype is not None
        literal = typed or self._optional(node, "reference") is not None
        term = self._term_map(node, frozenset(TermType), TermType.LITERAL if literal else TermType.IRI)
        if typed and (term.term_type is not TermType.LITERAL or isinstance(term.expression, Constant)):
            self._fail(
                "言語やデータ型はリテラルだけに付けられます。",
                "Only a literal can have a language or a datatype.",
            )
        return TermMap(term.expression, term.term_type, language, datatype)

    def _term_map(self, node: Node, allowed: frozenset[TermType], default: TermType) -> TermMap:
        expression = self._expression(node)
        stated = self._optional(node, "termType")
        known = {kind.value: kind for kind in TermType}
        kind = default if stated is None else known.get(str(stated))
        literal = isinstance(expression, LiteralConstant) and TermType.LITERAL not in allowed
        if kind is None or kind not in allowed or literal:
            what = "literal" if literal else f"<{stated}>"
            self._fail(f"ここに置けない項の種類です: {what}", f"This kind of term cannot stand here: {what}")
        return TermMap(expression, kind)

    def _language(self, node: Node) -> Expression | None:
        found = self._shortcut(node, "language", "languageMap")
        if isinstance(found, Constant) and not is_language_tag(found.value):
            self._fail(
                f"正しい言語タグではありません: {found.value}", f"This is no language tag: {found.value}"
            )
        return found

    def _datatype(self, node: Node) -> Expression | None:
        found = self._shortcut(node, "datatype", "datatypeMap")
        if isinstance(found, LiteralConstant) or found == IriConstant(str(RDF.langString)):
            self._fail(f"使えないデータ型です: {found.value}", f"This cannot be a datatype: {found.value}")
        return found

    def _shortcut(self, node: Node, shortcut: str, full: str) -> Expression | None:
        constant, found = self._optional(node, shortcut), self._optional(node, full)
        if constant is not None and found is not None:
            self._fail(f"rml:{shortcut} が重なっています。", f"rml:{shortcut} is stated twice.")
        if constant is not None:
            return self._constant(constant)
        if found is None:
            return None
        self._only(found, _TERM_MAP)
        return self._expression(found)

    def _join(self, node: Node) -> Join:
        self._only(node, ("child", "childMap", "parent", "parentMap"))
        return Join(self._side(node, "child"), self._side(node, "parent"))

    def _side(self, node: Node, name: str) -> Expression:
        kind, found = self._one_of(node, name, name + "Map")
        if kind == name:
            return Reference(self._text(found))
        self._only(found, _EXPRESSION)
        return self._expression(found)

    def _expression(self, node: Node) -> Expression:
        kind, found = self._one_of(node, *_EXPRESSION)
        if kind == "constant":
            return self._constant(found)
        text = self._text(found)
        if kind == "reference":
            return Reference(text)
        try:
            return Template(parse_template(text))
        except ValueError as error:
            self._fail(
                f"テンプレート {text} の {error} 文字目が正しくありません。",
                f"The template {text} is not valid at character {error}.",
            )

    # ── nodes ──

    def _constant_iri(self, node: Node) -> TermMap:
        return TermMap(IriConstant(self._iri(node)))

    def _constant(self, node: Node) -> Constant:
        if isinstance(node, Literal):
            return LiteralConstant(str(node), (node.language or "").lower(), str(node.datatype or ""))
        return IriConstant(self._iri(node))

    def _iri(self, node: Node) -> str:
        text = str(node)
        if not isinstance(node, URIRef) or text.startswith(_NO_BASE) or not is_absolute_iri(text):
            shown = text.removeprefix(_NO_BASE)
            self._fail(
                f"絶対 IRI ではありません: {shown}（相対 IRI には @base が要ります）",
                f"This is no absolute IRI: {shown} (a relative one needs @base)",
            )
        return text

    def _text(self, node: Node) -> str:
        if not isinstance(node, Literal) or not str(node):
            self._fail(f"文字列が要ります: {node}", f"A string is wanted here: {node}")
        return str(node)

    def _all(self, node: Node, name: str) -> Sequence[Node]:
        return list(self.graph.objects(node, URIRef(RML + name)))

    def _optional(self, node: Node, name: str) -> Node | None:
        found = self._all(node, name)
        if len(found) > 1:
            self._fail(f"rml:{name} が {len(found)} 個あります。", f"There are {len(found)} of rml:{name}.")
        return found[0] if found else None

    def _one(self, node: Node, name: str) -> Node:
        return self._one_of(node, name)[1]

    def _one_of(self, node: Node, *names: str) -> tuple[str, Node]:
        found = [(name, value) for name in names for value in self._all(node, name)]
        if len(found) != 1:
            wanted = ", ".join("rml:" + name for name in names)
            self._fail(
                f"{wanted} がちょうど 1 個要りますが、{len(found)} 個あります。",
                f"Exactly one of {wanted} is wanted; there are {len(found)}.",
            )
        return found[0]

    def _only(self, node: Node, names: Sequence[str]) -> None:
        if not isinstance(node, (URIRef, BNode)):
            self._fail(f"資源が要ります: {node}", f"A resource is wanted here: {node}")
        for predicate in sorted(set(self.graph.predicates(node)), key=str):
            name = str(predicate).removeprefix(RML)
            if name != str(predicate) and name not in names:
                self._fail(f"ここに使えない rml:{name} です。", f"rml:{name} cannot be used here.")

    def _fail(self, ja: str, en: str) -> NoReturn:
        name = self.name.removeprefix(_NO_BASE)
        raise MappingError(
            f"マッピング {self.path.name}、トリプルズマップ <{name}>: {ja}",
            f"Mapping {self.path.name}, triples map <{name}>: {en}",
        )
