"""Terms as fragments of Python source, for the functions that `dxlod.mapping.compile` writes.

A `Piece` is a part of a line: adjacent Python string literals such as `'<https://example.org/' f'{e0}'
'>'`, and the names of the cells without which there is no such part. Texts of the mapping enter it as
`repr` or as functions bound outside the source, never as code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dxlod.errors import MappingError
from dxlod.mapping import terms
from dxlod.mapping.lexical import XSD, canonical, canonicaliser, changes_datatype
from dxlod.mapping.model import (
    Constant,
    Expression,
    IriConstant,
    LiteralConstant,
    Reference,
    Template,
    TermMap,
    TermType,
    TriplesMap,
    columns_of,
)

__all__ = ["Options", "Piece", "TermWriter", "joined", "mapping_error", "text"]

# A first part that ends the authority, so that what a row adds can only be path, query or fragment.
_SAFE_START: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?://[^/?#]*[/?#]|[^/])")
_URI_TYPES: Final = frozenset({TermType.URI, TermType.UNSAFE_URI})
_UNSAFE_TYPES: Final = frozenset({TermType.UNSAFE_IRI, TermType.UNSAFE_URI})


@dataclass(frozen=True, slots=True)
class Options:
    """How rows become terms.

    `base` is put before relative IRIs; `empty_is_null`: an empty cell makes no term (RML-Core, term
    generation rules); `canonical_literals`: typed literals are written as the triple store gives them back
    (see `lexical`).
    """

    base: str
    empty_is_null: bool = True
    canonical_literals: bool = True


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a line: adjacent Python string literals, and the cells without which there is no such part."""

    source: str
    needs: tuple[str, ...] = ()


def text(constant: str) -> Piece:
    """Text that is the same in every row."""
    return Piece(repr(constant))


class TermWriter:
    """Writes the terms of one function; `columns`, `encoded` and `bound` gather what the function must
    define first.

    `columns`: column → name of the cell (`v0`); `encoded`: (cell, encoder) → name (`e0`); `bound`: name →
    helper.
    """

    def __init__(self, triples_map: TriplesMap, options: Options) -> None:
        self.map = triples_map
        self.options = options
        self.base = triples_map.base if triples_map.base is not None else options.base
        self.columns: dict[str, str] = {}
        self.encoded: dict[tuple[str, str], str] = {}
        self.bound: dict[str, object] = {
            "iri": terms.escape_iri,
            "uri": terms.escape_uri,
            "lit": terms.escape_literal,
            "label": terms.blank_label,
        }
        if not terms.is_absolute_iri(self.base):
            raise mapping_error(
                triples_map, f"基準 IRI が正しくありません: {self.base}", f"The base is no IRI: {self.base}"
            )

    # ── terms ──

    def term(self, term: TermMap) -> Piece:
        """An N-Quads term. Raises `MappingError` where no row could make a valid one."""
        if isinstance(term.expression, Constant):
            return text(self._constant(term.expression))
        if term.term_type is TermType.LITERAL:
            return self._literal(term)
        if term.term_type is TermType.BLANK_NODE:
            return joined(text("_:b"), self._inline(term.expression, terms.blank_label, "label"))
        return self._iri(term.expression, term.term_type)

    def _constant(self, constant: Constant) -> str:
        if isinstance(constant, IriConstant):
            return f"<{constant.value}>"
        if constant.language:
            return f'"{terms.escape_literal(constant.value)}"@{constant.language.lower()}'
        return _typed(constant.value, constant.datatype, self.options.canonical_literals)

    def _literal(self, term: TermMap) -> Piece:
        language, datatype = term.language, term.datatype
        if isinstance(language, Reference | Template):
            return self._tagged(term.expression, language)
        if isinstance(datatype, Reference | Template):
            return self._dynamically_typed(term.expression, datatype)
        if isinstance(datatype, IriConstant):
            return self._statically_typed(term.expression, datatype.value)
        end = f'"@{language.value.lower()}' if isinstance(language, LiteralConstant) else '"'
        inline = self._inline(term.expression, terms.escape_literal, "lit")
        return joined(text('"'), inline, text(end))

    def _statically_typed(self, expression: Expression, datatype: str) -> Piece:
        if self.options.canonical_literals and changes_datatype(datatype):
            return self._wholly_typed(expression, datatype)
        end = '"' if datatype == XSD + "string" else f'"^^<{datatype}>'
        function = canonicaliser(datatype) if self.options.canonical_literals else None
        if function is None:
            inline = self._inline(expression, terms.escape_literal, "lit")
        else:
            value = self.value(expression)
            inline = Piece(f"f'{{lit({self._bind(function)}({value.source}))}}'", value.needs)
        return joined(text('"'), inline, text(end))

    def _wholly_typed(self, expression: Expression, datatype: str) -> Piece:
        def typed(value: str) -> str:
            return _typed(value, datatype, canonical_literals=True)

        value = self.value(expression)
        return Piece(f"f'{{{self._bind(typed)}({value.source})}}'", value.needs)

    def _tagged(self, expression: Expression, language: Expression) -> Piece:
        label = _label(language)

        def tag(text: str) -> str:
            return terms.language_tag(text, label)

        value, found = self._inline(expression, terms.escape_literal, "lit"), self.value(language)
        made = Piece(f"f'{{{self._bind(tag)}({found.source})}}'", found.needs)
        return joined(text('"'), value, text('"@'), made)

    def _dynamically_typed(self, expression: Expression, datatype: Expression) -> Piece:
        resolve = self._resolver(_label(datatype), TermType.IRI)
        canonical_literals = self.options.canonical_literals

        def typed(text: str, type_text: str) -> str:
            return _typed(text, resolve(type_text), canonical_literals)

        value, kind = self.value(expression), self.value(datatype, terms.escape_iri)
        return Piece(f"f'{{{self._bind(typed)}({value.source}, {kind.source})}}'", value.needs + kind.needs)

    def _iri(self, expression: Expression, kind: TermType) -> Piece:
        encode, name = (terms.escape_uri, "uri") if kind in _URI_TYPES else (terms.escape_iri, "iri")
        if isinstance(expression, Template) and kind not in _UNSAFE_TYPES:
            whole = self._whole(expression)
            if self._is_safe(whole, kind):
                return joined(text("<"), self._inline(whole, encode, name), text(">"))
        value = self.value(expression, None if kind in _UNSAFE_TYPES else encode)
        resolver = self._bind(self._resolver(_label(expression), kind))
        return joined(text("<"), Piece(f"f'{{{resolver}({value.source})}}'", value.needs), text(">"))

    def _whole(self, template: Template) -> Template:
        """With the base before it where it is relative for certain: encoded values contain no colon."""
        if any(":" in part for part in template.parts if isinstance(part, str)):
            return template
        return Template((self.base, *template.parts))

    def _is_safe(self, template: Template, kind: TermType) -> bool:
        """Whether every value makes a valid IRI, so that no row need be checked. Raises where none does."""
        first = template.parts[0] if template.parts else ""
        while isinstance(first, str) and len(template.parts) > 1 and isinstance(template.parts[1], str):
            template = Template((first + template.parts[1], *template.parts[2:]))
            first = template.parts[0]
        if not isinstance(first, str) or _SAFE_START.match(first) is None:
            return False
        sample = "".join(part if isinstance(part, str) else "0" for part in template.parts)
        if not (terms.is_absolute_uri if kind in _URI_TYPES else terms.is_absolute_iri)(sample):
            raise mapping_error(
                self.map,
                f"テンプレートから正しい IRI が作れません: {_label(template)}",
                f"The template makes no valid IRI: {_label(template)}",
            )
        return True

    def _resolver(self, label: str, kind: TermType) -> Callable[[str], str]:
        base = self.base
        valid = terms.is_absolute_uri if kind in _URI_TYPES else terms.is_absolute_iri

        def resolve(text: str) -> str:
            return terms.absolute_iri(text, base, label, valid)

        return resolve

    # ── cells ──

    def _cell(self, column: str) -> str:
        return self.columns.setdefault(column, f"v{len(self.columns)}")

    def _encoded(self, column: str, function: str) -> str:
        return self.encoded.setdefault((self._cell(column), function), f"e{len(self.encoded)}")

    def _bind(self, function: object) -> str:
        name = f"k{len(self.bound)}"
        self.bound[name] = function
        return name

    def _needs(self, expression: Expression) -> tuple[str, ...]:
        return tuple(self._cell(column) for column in columns_of(expression))

    def _inline(self, expression: Expression, encode: Callable[[str], str], name: str) -> Piece:
        """The encoded value as string literals; IRI encodings, often wanted again, are kept in a variable."""
        fragments = []
        for part in _parts(expression):
            if isinstance(part, str):
                fragments.append(repr(part if name in ("iri", "uri") else encode(part)))
            elif name in ("iri", "uri"):
                fragments.append(f"f'{{{self._encoded(part.column, name)}}}'")
            else:
                fragments.append(f"f'{{{name}({self._cell(part.column)})}}'")
        return Piece(" ".join(fragments) or "''", self._needs(expression))

    def value(self, expression: Expression, encode: Callable[[str], str] | None = None) -> Piece:
        """The value as a Python expression without quotes, so that it may stand within an f-string.

        `encode` applies to the columns of a template only (RML-Core, reference value transforming
        function).
        """
        needs = self._needs(expression)
        if isinstance(expression, Reference):
            return Piece(needs[0], needs)
        return Piece(f"{self._bind(_joiner(_parts(expression), encode))}({', '.join(needs)})", needs)


def mapping_error(triples_map: TriplesMap, ja: str, en: str) -> MappingError:
    """A `MappingError` that names mapping file and triples map."""
    return MappingError(
        f"マッピング {triples_map.file.name}、トリプルズマップ <{triples_map.name}>: {ja}",
        f"Mapping {triples_map.file.name}, triples map <{triples_map.name}>: {en}",
    )


def joined(*pieces: Piece) -> Piece:
    """The pieces side by side, with the cells that any of them needs."""
    needs = tuple(dict.fromkeys(name for piece in pieces for name in piece.needs))
    return Piece(" ".join(piece.source for piece in pieces), needs)


def _parts(expression: Expression) -> tuple[str | Reference, ...]:
    if isinstance(expression, Template):
        return expression.parts
    return (expression,) if isinstance(expression, Reference) else (expression.value,)


def _joiner(parts: tuple[str | Reference, ...], encode: Callable[[str], str] | None) -> Callable[..., str]:
    """A function of the columns' values, in the order of `columns_of`, that gives the template's text."""
    columns = columns_of(Template(parts))

    def join(*values: str) -> str:
        found = {column: encode(v) if encode else v for column, v in zip(columns, values, strict=True)}
        return "".join(part if isinstance(part, str) else found[part.column] for part in parts)

    return join


def _typed(text: str, datatype: str, canonical_literals: bool) -> str:
    if datatype in ("", XSD + "string"):
        return f'"{terms.escape_literal(text)}"'
    if canonical_literals:
        text, datatype = canonical(text, datatype)
    return f'"{terms.escape_literal(text)}"^^<{datatype}>'


def _label(expression: Expression) -> str:
    """The expression as a message shows it."""
    if isinstance(expression, Reference):
        return expression.column
    return "".join(part if isinstance(part, str) else f"{{{part.column}}}" for part in _parts(expression))
