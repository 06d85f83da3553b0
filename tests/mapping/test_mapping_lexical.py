"""Canonical lexical forms are those that the store gives back."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dxlod.mapping.lexical import XSD, canonical

DIGITS = r"[+-]?[0-9]{0,24}(\.[0-9]{0,24})?"
ZONE = r"(Z|[+-](00|09|13|14|15):[0-6][0-9])?"
YEAR = r"-?(0000|0004|1900|2000|2023|2024|[0-9]{3,12})"
MONTH = r"(0[0-9]|1[0-3])"
DAY = r"([012][0-9]|3[0-2])"
CLOCK = r"(24:00:0[01]|([01][0-9]|2[0-5]):[0-6][0-9]:[0-6][0-9])(\.[0-9]{0,20})?"
SECONDS = r"([0-9]{1,6}(\.[0-9]{0,20})?S)?"
DURATION = (
    rf"-?P([0-9]{{1,6}}Y)?([0-9]{{1,6}}M)?([0-9]{{1,6}}D)?(T([0-9]{{1,6}}H)?([0-9]{{1,6}}M)?{SECONDS})?"
)
PATTERNS = {
    "decimal": DIGITS,
    "integer": r"[+-]?[0-9]{0,21}",
    "unsignedByte": r"[+-]?[0-9]{0,4}",
    "boolean": r"[01]|true|false|TRUE| 1",
    "double": DIGITS + r"([eE][+-]?[0-9]{0,3})?|[+-]?(INF|inf|infinity|NaN|nan)",
    "float": DIGITS + r"([eE][+-]?[0-9]{0,2})?|[+-]?(INF|inf|infinity|NaN|nan)",
    "negativeInteger": r"[+-]?[0-9]{0,4}",
    "dateTimeStamp": f"{YEAR}-{MONTH}-{DAY}T{CLOCK}{ZONE}",
    "date": f"{YEAR}-{MONTH}-{DAY}{ZONE}",
    "dateTime": f"{YEAR}-{MONTH}-{DAY}T{CLOCK}{ZONE}",
    "time": CLOCK + ZONE,
    "gYear": YEAR + ZONE,
    "gYearMonth": f"{YEAR}-{MONTH}{ZONE}",
    "gMonth": f"--{MONTH}{ZONE}",
    "gDay": f"---{DAY}{ZONE}",
    "gMonthDay": f"--{MONTH}-{DAY}{ZONE}",
    "duration": DURATION,
    "yearMonthDuration": DURATION,
    "dayTimeDuration": DURATION,
}


def from_store(text: str, datatype: str) -> tuple[str, str]:
    node = pyoxigraph.NamedNode("https://example.org/")
    store = pyoxigraph.Store()
    store.add(pyoxigraph.Quad(node, node, pyoxigraph.Literal(text, datatype=pyoxigraph.NamedNode(datatype))))
    found = next(iter(store)).object
    assert isinstance(found, pyoxigraph.Literal)
    return found.value, found.datatype.value


@pytest.mark.parametrize("name", PATTERNS)
@settings(max_examples=300)
@given(data=st.data())
def test_equals_the_store(name: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(PATTERNS[name], fullmatch=True))
    assert canonical(text, XSD + name) == from_store(text, XSD + name)


@given(text=st.text(max_size=8), name=st.sampled_from(sorted({*PATTERNS, "string", "anyURI", "hexBinary"})))
@example(text="１２", name="decimal")
@example(text="1_0", name="double")
@example(text=" 1", name="integer")
def test_other_texts_stay(text: str, name: str) -> None:
    assert canonical(text, XSD + name) == from_store(text, XSD + name)


@given(number=st.floats(), name=st.sampled_from(["double", "float"]))
@example(number=593860005835839.25, name="double")
@example(number=-1429278.25, name="float")
@example(number=1e23, name="double")
@example(number=7e-46, name="float")
@example(number=3.4028235677973366e38, name="float")
def test_floating_point_numbers(number: float, name: str) -> None:
    assert canonical(repr(number), XSD + name) == from_store(repr(number), XSD + name)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("0.50", "decimal", "0.5"), ("3.0", "decimal", "3"), ("100", "decimal", "100"),
        ("-0", "decimal", "0"),
        (".5", "decimal", "0.5"), ("0.0000000000000000001", "decimal", "0.0000000000000000001"),
        ("01", "integer", "1"), ("9223372036854775808", "integer", "9223372036854775808"),
        ("1", "boolean", "true"), ("0", "boolean", "false"),
        ("30.0E0", "double", "30"), ("16777217.00000000000000000001", "float", "16777218"),
        ("2024-12-31T24:00:00", "dateTime", "2025-01-01T00:00:00"), ("PT3600S", "duration", "PT1H"),
        ("約3", "decimal", "約3"),
    ],
)  # fmt: skip
def test_examples(text: str, name: str, expected: str) -> None:
    assert canonical(text, XSD + name)[0] == expected


def test_wider_datatypes() -> None:
    assert canonical("05", XSD + "positiveInteger") == ("5", XSD + "integer")
    assert canonical("約5", XSD + "positiveInteger") == ("約5", XSD + "positiveInteger")
    assert canonical("2025-01-01T00:00:00Z", XSD + "dateTimeStamp")[1] == XSD + "dateTime"
