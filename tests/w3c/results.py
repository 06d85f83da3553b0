"""Answers to SELECT and ASK read from their four formats, and compared: as bags of rows, up to the names of blank nodes.

Numbers and booleans of one datatype are compared by value, because the store canonicalises literals (`01` is kept as `1`).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree import ElementTree

from rdflib import BNode, Graph, Literal, Namespace
from rdflib.namespace import RDF
from rdflib.term import Node

RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
XSD = "http://www.w3.org/2001/XMLSchema#"
SRX = "{http://www.w3.org/2005/sparql-results#}"
WHOLE = ("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger")
TURTLE = re.compile(
    r'(?:<(?P<iri>[^>]*)>|_:(?P<bnode>\S+)|"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<tag>[\w-]+)|\^\^<(?P<type>[^>]*)>)?'
    r"|(?P<boolean>true|false)|(?P<number>[+-]?[0-9.]+(?P<exponent>[eE][+-]?[0-9]+)?))"
)
ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}

Term = tuple[str, str, str]
"""Kind (uri, bnode, literal), value, datatype or `@language`."""


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT (variables and rows, None where unbound) or to an ASK (`boolean`)."""

    variables: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    boolean: bool | None = None


def read(body: bytes, form: str) -> Table:
    """An answer in `srx`, `srj`, `tsv` or `csv`."""
    return {"srx": _xml, "srj": _json, "tsv": _tsv, "csv": _csv}[form](body)


def same(one: Table, other: Table) -> bool:
    """Whether two answers say the same."""
    if one.boolean is not None or other.boolean is not None:
        return one.boolean is other.boolean
    if set(one.variables) != set(other.variables) or len(one.rows) != len(other.rows):
        return False
    order = [other.variables.index(name) for name in one.variables]
    return _matches(list(one.rows), [tuple(row[place] for place in order) for row in other.rows], {})


Row = tuple[Term | None, ...]


def _matches(left: list[Row], right: list[Row], names: dict[str, str]) -> bool:
    if not left:
        return True
    # Rows without blank nodes decide at once; the others are tried.
    left = sorted(left, key=lambda row: sum(term is not None and term[0] == "bnode" for term in row))
    for place, row in enumerate(right):
        known = _unify(left[0], row, names)
        if known is not None and _matches(left[1:], right[:place] + right[place + 1 :], known):
            return True
    return False


def _unify(one: Row, other: Row, names: dict[str, str]) -> dict[str, str] | None:
    known = dict(names)
    for left, right in zip(one, other, strict=True):
        if left is None or right is None or "bnode" not in (left[0], right[0]):
            if left != right:
                return None
        elif (
            left[0] != right[0]
            or known.setdefault(left[1], right[1]) != right[1]
            or list(known.values()).count(right[1]) > 1
        ):
            return None
    return known


def literal(text: str, datatype: str, language: str = "") -> Term:
    """A literal, its number canonical where it has one."""
    if language:
        return ("literal", text, f"@{language.lower()}")
    local = datatype.removeprefix(XSD)
    if datatype in ("", f"{XSD}string"):
        return ("literal", text, "")
    return ("literal", _number(text, local), datatype)


def read_graph(graph: Graph) -> Table | None:
    """An answer that a graph describes in the vocabulary of the tests; None for a graph that is an answer itself."""
    table = graph.value(None, RDF.type, RS.ResultSet)
    if table is None:
        return None
    names = tuple(str(name) for name in graph.objects(table, RS.resultVariable))
    rows = []
    for solution in graph.objects(table, RS.solution):
        found = {
            str(graph.value(item, RS.variable)): _node(graph.value(item, RS.value))
            for item in graph.objects(solution, RS.binding)
        }
        rows.append(tuple(found.get(name) for name in names))
    return Table(names, tuple(rows))


def _node(node: Node | None) -> Term:
    if isinstance(node, Literal):
        return literal(str(node), str(node.datatype or ""), node.language or "")
    return ("bnode" if isinstance(node, BNode) else "uri", str(node), "")


def difference(one: Table, other: Table) -> str:
    """What each has that the other has not, for people."""
    order = {name: place for place, name in enumerate(other.variables)}
    if set(one.variables) != set(order):
        return f"variables {one.variables} and {other.variables}"
    rows = [tuple(row[order[name]] for name in one.variables) for row in other.rows]
    lacking = [row for row in one.rows if row not in rows]
    return f"{one.boolean} {other.boolean}; lacking {lacking}; too many {[row for row in rows if row not in one.rows]}"


def _number(text: str, local: str) -> str:
    try:
        if local in WHOLE or local == "decimal":
            return f"{Decimal(text).normalize():f}"
        if local == "boolean":
            return {"0": "false", "1": "true"}.get(text, text)
        return repr(float(text)) if local in ("double", "float") else text
    except (InvalidOperation, ValueError):
        return text


def _xml(body: bytes) -> Table:
    root = ElementTree.fromstring(body)
    boolean = root.find(f"{SRX}boolean")
    if boolean is not None:
        return Table(boolean=(boolean.text or "").strip() == "true")
    names = tuple(item.get("name", "") for item in root.findall(f"{SRX}head/{SRX}variable"))
    rows = []
    for result in root.findall(f"{SRX}results/{SRX}result"):
        found = {item.get("name", ""): _xml_term(item[0]) for item in result}
        rows.append(tuple(found.get(name) for name in names))
    return Table(names, tuple(rows))


def _xml_term(item: ElementTree.Element) -> Term:
    kind, text = item.tag.removeprefix(SRX), item.text or ""
    if kind == "literal":
        language = item.get("{http://www.w3.org/XML/1998/namespace}lang", "")
        return literal(text, item.get("datatype", ""), language)
    return (kind, text, "")


def _json(body: bytes) -> Table:
    document = json.loads(body)
    if "boolean" in document:
        return Table(boolean=document["boolean"])
    names = tuple(document["head"]["vars"])
    rows = document["results"]["bindings"]
    return Table(names, tuple(tuple(_json_term(row.get(name)) for name in names) for row in rows))


def _json_term(item: dict[str, Any] | None) -> Term | None:
    if item is None:
        return None
    if item["type"] in ("literal", "typed-literal"):
        return literal(item["value"], item.get("datatype", ""), item.get("xml:lang", ""))
    return (item["type"], item["value"], "")


def _tsv(body: bytes) -> Table:
    head, *lines = body.decode().removesuffix("\n").split("\n")
    names = tuple(name[1:] for name in head.split("\t") if name)
    rows = tuple(tuple(_turtle(cell) for cell in line.split("\t")) if names else () for line in lines)
    return Table(names, rows)


def _turtle(cell: str) -> Term | None:
    if not cell:
        return None
    found = TURTLE.fullmatch(cell)
    assert found is not None, cell
    if found["iri"] is not None:
        return ("uri", found["iri"], "")
    if found["bnode"] is not None:
        return ("bnode", found["bnode"], "")
    if found["text"] is not None:
        text = re.sub(r"\\(.)", lambda sign: ESCAPES.get(sign[1], sign[1]), found["text"])
        return literal(text, found["type"] or "", found["tag"] or "")
    if found["boolean"]:
        return literal(cell, f"{XSD}boolean")
    kind = "double" if found["exponent"] else "decimal" if "." in cell else "integer"
    return literal(cell, f"{XSD}{kind}")


def _csv(body: bytes) -> Table:
    names, *lines = csv.reader(io.StringIO(body.decode(), newline=""))
    return Table(tuple(names), tuple(_csv_row(line) for line in lines))


def _csv_row(line: Sequence[str]) -> Row:
    """CSV keeps the values only: blank nodes and numbers are told by their look."""
    return tuple(
        ("bnode", cell, "") if cell.startswith("_:") else ("text", _number(cell, "double"), "")
        for cell in line
    )
