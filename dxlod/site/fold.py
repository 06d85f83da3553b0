"""The form in which a question and a text are compared: width, case, kinds of dash and spaces do not matter."""

from __future__ import annotations

from dxlod.model.text import fold

__all__ = ["key_of", "tokens_of", "words_of"]

_CONTROLS = dict.fromkeys([*range(0x09), *range(0x0E, 0x20), 0x7F], None)


def key_of(text: str) -> str:
    """NFKC, small letters, no white space, no control characters, one kind of dash (the long vowel is one too)."""
    return fold(text.translate(_CONTROLS)).casefold()


def words_of(text: str) -> str:
    """The same with single spaces between words."""
    return " ".join(tokens_of(text))


def tokens_of(text: str) -> list[str]:
    """The words of a question or an English text, folded one by one."""
    return [word for part in text.split() if (word := key_of(part))]
