"""RDF terms as N-Quads text: escaping, percent-encoding and the checks that guard them.

Every function here takes the text of a cell and gives back the text of a term, or part of one. A text from
which no valid term can be made raises `TermError`, a data error in the words of RML-Core; the runner turns
it into a `MappingError` that names mapping, triples map, column and row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

__all__ = [
    "RDF_TYPE",
    "TermError",
    "absolute_iri",
    "blank_label",
    "escape_iri",
    "escape_literal",
    "escape_uri",
    "is_absolute_iri",
    "is_absolute_uri",
    "is_language_tag",
    "language_tag",
]

RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

# RFC 3987, section 2.2: ucschar and iprivate.
_UCS: Final = (
    "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd"
    "\U00040000-\U0004fffd\U00050000-\U0005fffd\U00060000-\U0006fffd\U00070000-\U0007fffd"
    "\U00080000-\U0008fffd\U00090000-\U0009fffd\U000a0000-\U000afffd\U000b0000-\U000bfffd"
    "\U000c0000-\U000cfffd\U000d0000-\U000dfffd\U000e1000-\U000efffd"
)
_PRIVATE: Final = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_UNRESERVED: Final = "A-Za-z0-9\\-._~"


def _iri_pattern(beyond_ascii: str, private: str) -> re.Pattern[str]:
    """The absolute form of RFC 3987 (or, without further characters, of RFC 3986) with an optional
    fragment.
    """
    pct = "%[0-9A-Fa-f]{2}"
    name = f"(?:[{_UNRESERVED}!$&'()*+,;={beyond_ascii}]|{pct})"
    pchar = f"(?:[{_UNRESERVED}!$&'()*+,;=:@{beyond_ascii}]|{pct})"
    user = f"(?:(?:{name}|:)*@)?"
    address = r"\[(?:[0-9A-Fa-f:.]+|[vV][0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+)\]"
    authority = f"//{user}(?:{address}|{name}*)(?::[0-9]*)?(?:/{pchar}*)*"
    path = f"(?!//)(?:{pchar}|/)*"
    query = f"(?:\\?(?:{pchar}|[/?{private}])*)?"
    fragment = f"(?:#(?:{pchar}|[/?])*)?"
    return re.compile(f"[A-Za-z][A-Za-z0-9+.\\-]*:(?:{authority}|{path}){query}{fragment}")


_IRI: Final = _iri_pattern(_UCS, _PRIVATE)
_URI: Final = _iri_pattern("", "")
_NOT_IRI_SAFE: Final = re.compile(f"[^{_UNRESERVED}{_UCS}]")
_NOT_URI_SAFE: Final = re.compile(f"[^{_UNRESERVED}]")
_NOT_LABEL: Final = re.compile("[^A-Za-z0-9]")
_NOT_PLAIN: Final = re.compile('[\\x00-\\x1f"\\\\\\x7f\ud800-\udfff]')
_SHORT_ESCAPES: Final = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}

# BCP 47, section 2.1, without the closed list of grandfathered tags.
_LANGUAGE: Final = re.compile(
    r"(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+)"
)


class TermError(ValueError):
    """A text of which no valid RDF term can be made.

    `value` is the text, `column` where it came from (as the mapping writes it), `kind` the term wanted.
    """

    def __init__(self, kind: str, value: str, column: str = "") -> None:
        super().__init__(f"no {kind} from {value!r}")
        self.kind = kind
        self.value = value
        self.column = column


def is_absolute_iri(text: str) -> bool:
    """Whether `text` is an IRI with a scheme (RFC 3987, section 2.2)."""
    return _IRI.fullmatch(text) is not None


def is_absolute_uri(text: str) -> bool:
    """Whether `text` is a URI with a scheme (RFC 3986, section 3)."""
    return _URI.fullmatch(text) is not None


def is_language_tag(text: str) -> bool:
    """Whether `text` is a well-formed language tag (BCP 47), in any case."""
    return text.isascii() and _LANGUAGE.fullmatch(text.lower()) is not None


def escape_literal(text: str) -> str:
    """`text` between the quotes of an N-Quads literal, in the canonical form (N-Triples, section 3)."""
    if _NOT_PLAIN.search(text) is None:
        return text
    return _NOT_PLAIN.sub(_escape_character, text)


def _escape_character(match: re.Match[str]) -> str:
    character = match.group()
    short = _SHORT_ESCAPES.get(character)
    if short is not None:
        return short
    if character >= "\ud800":  # half of a surrogate pair: no text in any encoding
        raise TermError("literal", match.string)
    return f"\\u{ord(character):04X}"


def escape_iri(text: str) -> str:
    """The IRI-safe version of `text` (RML-Core, IRI encoding): all but iunreserved is percent-encoded."""
    if _NOT_IRI_SAFE.search(text) is None:
        return text
    return _NOT_IRI_SAFE.sub(_percent_encode, text)


def escape_uri(text: str) -> str:
    """The URI-safe version of `text`: all but the unreserved characters of RFC 3986 is percent-encoded."""
    if _NOT_URI_SAFE.search(text) is None:
        return text
    return _NOT_URI_SAFE.sub(_percent_encode, text)


def _percent_encode(match: re.Match[str]) -> str:
    try:
        octets = match.group().encode("utf-8")
    except UnicodeEncodeError:
        raise TermError("IRI", match.string) from None
    return "".join(f"%{octet:02X}" for octet in octets)


def blank_label(text: str) -> str:
    """`text` as part of a blank node label, valid after a letter in every RDF syntax; different texts
    differ.
    """
    return _NOT_LABEL.sub(_label_character, text)


def _label_character(match: re.Match[str]) -> str:
    return f"_{ord(match.group()):X}_"


def absolute_iri(text: str, base: str, column: str, valid: Callable[[str], bool] = is_absolute_iri) -> str:
    """`text`, or `base` followed by `text`, whichever is a valid absolute IRI first.

    RML-Core joins by concatenation, not by the resolution of RFC 3986. Raises `TermError` if neither is
    valid.
    """
    if valid(text):
        return text
    joined = base + text
    if valid(joined):
        return joined
    raise TermError("IRI", text, column)


def language_tag(text: str, column: str) -> str:
    """`text` as a language tag in lower case. Raises `TermError` if it is not well-formed."""
    if is_language_tag(text):
        return text.lower()
    raise TermError("language tag", text, column)
