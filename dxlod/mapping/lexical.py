"""Canonical lexical forms of numbers and truth values, the same that the triple store gives back.

The store keeps values, not spellings: `"0.50"^^xsd:decimal` put in comes out as `"0.5"`, and
`"5"^^xsd:positiveInteger` as `"5"^^xsd:integer`. So that dumps
(written from the mapped lines) and the endpoint (read from the store) are the same graph, the mapping
writes what the store would return. A text that is no value of its datatype, or lies beyond the store's
range, is left as it is, as the store does.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from dxlod.mapping import temporal

__all__ = ["XSD", "canonical", "canonicaliser", "changes_datatype"]

XSD: Final = "http://www.w3.org/2001/XMLSchema#"

_INTEGER: Final = re.compile(r"([+-]?)0*([0-9]+)")
_DECIMAL: Final = re.compile(r"([+-]?)(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))")
_DOUBLE: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SPECIAL: Final = re.compile(r"([+-]?)(inf|infinity|nan)", re.IGNORECASE)
_LARGEST_DECIMAL: Final = 2**127 - 1  # in units of 10**-18
_EXACT: Final = Context(prec=1100)  # the digits of any 64-bit number
_INTEGERS: Final = (
    "integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
    "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
)  # fmt: skip


def integer(text: str) -> str | None:
    """`+05` → `5`; within 64 bits."""
    match = _INTEGER.fullmatch(text)
    if match is None:
        return None
    sign, digits = match.groups()
    number = int(digits) if sign != "-" else -int(digits)
    return str(number) if -(2**63) <= number < 2**63 else None


def decimal(text: str) -> str | None:
    """`007.10` → `7.1`, `3.0` → `3`; up to 18 places, within 128 bits."""
    match = _DECIMAL.fullmatch(text)
    if match is None:
        return None
    sign, whole, places, only_places = match.groups()
    fraction = (places or only_places or "").rstrip("0")
    whole = (whole or "").lstrip("0") or "0"
    if len(fraction) > 18 or int(whole + fraction.ljust(18, "0")) > _LARGEST_DECIMAL:
        return None
    minus = "-" if sign == "-" and (whole != "0" or fraction) else ""
    return f"{minus}{whole}.{fraction}" if fraction else minus + whole


def boolean(text: str) -> str | None:
    """`1` → `true`, `0` → `false`."""
    return {"1": "true", "true": "true", "0": "false", "false": "false"}.get(text)


def double(text: str) -> str | None:
    """The shortest digits that name the same 64-bit number, without exponent."""
    if _DOUBLE.fullmatch(text) is None:
        return _special(text)
    number = float(text)
    return _plain(number, repr(number), float)


def single(text: str) -> str | None:
    """The shortest digits that name the same 32-bit number, without exponent."""
    if _DOUBLE.fullmatch(text) is None:
        return _special(text)
    number = _nearest_single(text)
    candidates = (f"{number:.{digits}g}" for digits in range(1, 10))
    shortest = next(digits for digits in candidates if _nearest_single(digits) == number)
    return _plain(number, shortest, _nearest_single)


def _to_single(number: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def _nearest_single(text: str) -> float:
    """Rounding to 64 and then to 32 bits errs where the 64-bit number is the very middle of two 32-bit
    ones.
    """
    wide = float(text)
    number = _to_single(wide)
    if wide == number:
        return number
    other = _next_single(number, up=wide > number)
    if Fraction(wide) * 2 != _exact(number) + _exact(other):
        return number
    exact, middle = Fraction(Decimal(text)), Fraction(wide)
    return number if exact == middle else (max if exact > middle else min)(number, other)


def _exact(number: float) -> Fraction:
    """For rounding, infinity stands where the next 32-bit number would."""
    return Fraction(math.copysign(2.0**128, number) if math.isinf(number) else number)


def _next_single(number: float, *, up: bool) -> float:
    if number == 0:
        return 2.0**-149 if up else -(2.0**-149)
    bits: int = struct.unpack("<i", struct.pack("<f", number))[0]
    return float(struct.unpack("<f", struct.pack("<i", bits + (1 if up == (number > 0) else -1)))[0])


def _special(text: str) -> str | None:
    match = _SPECIAL.fullmatch(text)
    if match is None:
        return None
    sign, word = match.groups()
    return "NaN" if word.lower() == "nan" else _infinity(sign == "-")


def _infinity(negative: bool) -> str:
    return "-INF" if negative else "INF"


def _plain(number: float, shortest: str, parse: Callable[[str], float]) -> str:
    """`1e+21` → `1000000000000000000000`, `2.50` → `2.5`; of two equally near digits the one further from
    zero.
    """
    if math.isinf(number):
        return _infinity(number < 0)
    short = Decimal(shortest).normalize()
    away = Decimal(number).quantize(short, ROUND_HALF_UP, _EXACT)
    digits = format(away if parse(str(away)) == number else short, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


_CANONICALISERS: Final[Mapping[str, Callable[[str], str | None]]] = MappingProxyType(
    {
        **{XSD + name: integer for name in _INTEGERS},
        XSD + "decimal": decimal,
        XSD + "boolean": boolean,
        XSD + "double": double,
        XSD + "float": single,
        **{XSD + name: function for name, function in temporal.CANONICALISERS.items()},
    }
)
_STORED_AS: Final[Mapping[str, str]] = MappingProxyType(
    {**{XSD + name: XSD + "integer" for name in _INTEGERS}, XSD + "dateTimeStamp": XSD + "dateTime"}
)


def canonical(text: str, datatype: str) -> tuple[str, str]:
    """(lexical form, datatype) as the store gives the literal back; both IRIs of datatypes are whole."""
    function = _CANONICALISERS.get(datatype)
    value = None if function is None else function(text)
    return (text, datatype) if value is None else (value, _STORED_AS.get(datatype, datatype))


def changes_datatype(datatype: str) -> bool:
    """Whether the store keeps values of `datatype` as values of a wider one (`xsd:int` as `xsd:integer`)."""
    return _STORED_AS.get(datatype, datatype) != datatype


def canonicaliser(datatype: str) -> Callable[[str], str] | None:
    """Text → canonical text for `datatype` (an IRI), or None where the store changes no text of it."""
    function = _CANONICALISERS.get(datatype)
    if function is None:
        return None

    def canonicalise(text: str) -> str:
        value = function(text)
        return text if value is None else value

    return canonicalise
