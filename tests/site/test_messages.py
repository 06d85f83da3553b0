"""The catalogue of messages: whole, said once, used, and what is used is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import dxlod
from dxlod.errors import SettingsError
from dxlod.site.messages import load_messages, read_messages

PACKAGE = Path(dxlod.__file__).parent
TEMPLATES = sorted(path for path in (PACKAGE / "site" / "templates").rglob("*") if path.is_file())
SOURCES = [
    *TEMPLATES,
    PACKAGE / "namespaces.py",
    *(PACKAGE / "site").rglob("*.py"),
    *(PACKAGE / "server").rglob("*.py"),
]
TEXT = "\n".join(path.read_text("utf-8") for path in SOURCES)
LITERAL = re.compile(r"""\bt\(\s*["']([a-z0-9_]+\.[A-Za-z0-9_]+)["']\s*[,)]""")
BEGINNING = re.compile(r"""\bt\(\s*\(?["']([a-z0-9_]+\.[a-z0-9_]*)["']\s*~""")
PLACE = re.compile(r"\{(\w*)")


def used_literally() -> set[str]:
    return set(LITERAL.findall("\n".join(path.read_text("utf-8") for path in TEMPLATES)))


def test_every_key_that_templates_use_is_there() -> None:
    messages = load_messages()
    assert not {key for key in used_literally() if not messages.has(key)}
    for beginning in set(BEGINNING.findall(TEXT)):
        assert [key for key in messages.messages if key.startswith(beginning)], beginning


def test_no_message_is_unused() -> None:
    """A key made from a value must have its beginning, the value and its end written somewhere."""
    made = [key for key in load_messages().messages if not re.search(rf"""["']{re.escape(key)}["']""", TEXT)]
    beginnings = {*BEGINNING.findall(TEXT), *re.findall(r'f"(\w+\.\w*)\{', TEXT)}
    endings = {"", *re.findall(r"""~ ["'](_\w+)["']""", TEXT), *re.findall(r'\}(\.?_?\w+)"', TEXT)}
    values = {re.sub(r"\W", "_", value).lower() for value in re.findall(r"[A-Za-z0-9][\w.-]*", TEXT)}
    keys = {f"{a}{value}".lower() for a in beginnings for value in values}
    assert not [key for key in made if not any(key.removesuffix(end).lower() in keys for end in endings)]


def test_both_languages_have_the_same_values_to_fill_in() -> None:
    for key, message in load_messages().messages.items():
        places = set(PLACE.findall(message.ja))
        assert places == set(PLACE.findall(message.en)), key
        assert not message.en_one or set(PLACE.findall(message.en_one)) <= places | {"n"}, key


def test_values_are_escaped_and_markup_is_not() -> None:
    messages = read_messages([("x.toml", '[a]\nb = {ja = "<{x}>", en = "{n} things", en_one = "a thing"}')])
    assert messages("ja", "a.b", x="<script>") == "&lt;&lt;script&gt;&gt;"
    assert messages("en", "a.b", n=1) == "a thing"
    assert messages("en", "a.b", n=2) == "2 things"


@pytest.mark.parametrize(
    "texts",
    [
        ['[a]\nb = {ja = "あ", en = "a"}', '[a]\nb = {ja = "い", en = "b"}'],
        ['[a]\nb = {ja = "あ"}'],
        ['[a]\nb = {ja = "あ", en = " "}'],
        ['[a]\nb = {ja = "あ", en = "a", fr = "a"}'],
        ['[a]\nb = "あ"'],
    ],
)
def test_a_catalogue_that_is_not_whole_is_refused(texts: list[str]) -> None:
    with pytest.raises(SettingsError):
        read_messages((f"{at}.toml", text) for at, text in enumerate(texts))


def test_a_message_that_is_not_there_is_an_error() -> None:
    with pytest.raises(SettingsError):
        load_messages()("ja", "no.such")
