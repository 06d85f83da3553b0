"""The catalogue of messages: every text of the pages in Japanese and English, by `section.key`.

The files are `dxlod/site/messages/*.toml`: `[section]` and `key = {ja = "…", en = "…"}`. `{name}` stands for a value;
`en_one` is the English text where `n` is 1.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from string import Formatter
from typing import NamedTuple

from markupsafe import Markup, escape

from dxlod.errors import SettingsError

__all__ = ["Message", "Messages", "load_messages", "read_messages"]


@dataclass(frozen=True)
class Message:
    """One message; `en_one` is '' where English has no form of its own for one."""

    ja: str
    en: str
    en_one: str = ""

    def text(self, lang: str, values: Mapping[str, object]) -> str:
        """The text in a language, not filled in yet."""
        if lang == "ja":
            return self.ja
        return self.en_one if self.en_one and values.get("n") == 1 else self.en


class _Ready(NamedTuple):
    """A text as it is when nothing fills it, and its pieces: what stands before a place, and the name of the place."""

    text: Markup
    pieces: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Messages:
    """All messages by `section.key`."""

    messages: Mapping[str, Message]
    _ready: dict[tuple[str, str, bool], _Ready] = field(default_factory=dict, init=False, compare=False)

    def __call__(self, lang: str, key: str, /, **values: object) -> Markup:
        """The message, filled in, safe in HTML: values that are not markup are escaped. SettingsError if unknown."""
        one = bool(values) and values.get("n") == 1
        ready = self._ready.get((lang, key, one))
        if ready is None:
            ready = self._ready[lang, key, one] = self._prepare(lang, key, values)
        if not values:
            return ready.text
        return Markup("".join([f"{text}{_filled(values, name)}" for text, name in ready.pieces]))

    def _prepare(self, lang: str, key: str, values: Mapping[str, object]) -> _Ready:
        message = self.messages.get(key)
        if message is None:
            raise SettingsError(f"文言「{key}」がありません。", f"There is no message {key!r}.")
        text = escape(message.text(lang, values))
        return _Ready(text, tuple((before, name) for before, name, _, _ in Formatter().parse(text)))

    def has(self, key: str) -> bool:
        """Whether there is such a message."""
        return key in self.messages


def _filled(values: Mapping[str, object], name: str | None) -> str:
    """What stands in a place of a message; '' after its last piece."""
    if name is None:
        return ""
    value = values[name]
    return str(value) if type(value) is int else escape(value)


def load_messages() -> Messages:
    """The catalogue; SettingsError for a message that is not whole or stands in two files."""
    found = sorted(files(__name__).iterdir(), key=lambda item: item.name)
    return read_messages(
        (file.name, file.read_text("utf-8")) for file in found if file.name.endswith(".toml")
    )


def read_messages(texts: Iterable[tuple[str, str]]) -> Messages:
    """The catalogue made of TOML texts, each with the name of its file."""
    messages: dict[str, Message] = {}
    for name, text in texts:
        for section, keys in tomllib.loads(text).items():
            for key, fields in keys.items():
                full = f"{section}.{key}"
                if full in messages or not _whole(fields):
                    raise SettingsError(
                        f"{name} の文言「{full}」が重複しているか、ja と en がそろっていません。",
                        f"Message {full!r} in {name} is there twice or lacks ja or en.",
                    )
                messages[full] = Message(**fields)
    return Messages(messages)


def _whole(fields: object) -> bool:
    return (
        isinstance(fields, dict)
        and set(fields) in ({"ja", "en"}, {"ja", "en", "en_one"})
        and all(isinstance(text, str) and text.strip() for text in fields.values())
    )
