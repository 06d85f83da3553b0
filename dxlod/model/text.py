"""Text made from PDF: widths, wrap spaces and spaced letters.

Two forms are kept apart. :func:`tidy` is what a table cell shows: half-width letters and digits, no
spaces that only the line wrap made, punctuation as printed. :func:`fold` is what two texts are compared
by: NFKC, no white space at all, one kind of dash and wave.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["fold", "is_wide", "strip_markup", "tidy", "trim_sentence"]

_FULLWIDTH = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_SPACE = r"[ \t\u00a0\u2002-\u200b\u3000]"
_SPACES = re.compile(f"{_SPACE}+")
_SPACED_LETTERS = re.compile(rf"(?<![A-Za-z0-9])([A-Za-z0-9])((?:{_SPACE}[A-Za-z0-9])+)(?![A-Za-z0-9])")
_MARKUP = re.compile(r"</?(?:table|tr|td|th|ul|ol|li|p|br|b|strong)\b[^<>]*>", re.IGNORECASE)
_DASHES = str.maketrans({c: "-" for c in "‐‑‒–—―−ー－ｰ─━"} | {c: "~" for c in "〜～∼˜"})
_ENDINGS = (
    ("を図ります", ""), ("に努めます", ""), ("に努めるます", ""), ("を行います", ""), ("を実施します", ""),
    ("を目指します", ""), ("に取り組みます", ""), ("に取り組めます", ""), ("に取組みます", ""),
    ("します", ""),
)  # fmt: skip


def is_wide(char: str) -> bool:
    """Whether a character belongs to Japanese running text (kana, kanji, full-width punctuation)."""
    return unicodedata.east_asian_width(char) in "WF"


def strip_markup(text: str) -> str:
    """Replace the HTML table and list tags that the conversion left behind by spaces."""
    return _MARKUP.sub(" ", text)


def _join_spaced(match: re.Match[str]) -> str:
    return _SPACES.sub("", match[0])


def tidy(text: str) -> str:
    """What a cell shows: half-width letters and digits, wrap spaces removed, punctuation as printed.

    A space goes when a wide character stands on either side of it, or when it parts single letters
    (``D X`` is ``DX``); it stays between Latin words.
    """
    text = text.translate(_FULLWIDTH).replace("\u200b", "")
    text = _SPACED_LETTERS.sub(_join_spaced, text)
    parts = [part for part in _SPACES.split(text.replace("\n", " ")) if part]
    if not parts:
        return ""
    out = parts[0]
    for part in parts[1:]:
        wide = is_wide(out[-1]) or is_wide(part[0])
        out += part if wide else f" {part}"
    return out


def fold(text: str) -> str:
    """What two texts are compared by: NFKC, lower-case markup gone, no white space, one dash, one wave."""
    folded = unicodedata.normalize("NFKC", text.translate(_DASHES))
    return re.sub(r"\s+", "", folded.translate(_DASHES))


def trim_sentence(text: str) -> str:
    """An item printed as a sentence, as a title: its first sentence without the closing verb.

    Fixed rule, so that the same words always give the same title: cut at the first 「。」, then remove the
    first of the listed endings that fits. What the rule leaves is a substring of the text.
    """
    title = tidy(text).split("。")[0]
    for ending, replacement in _ENDINGS:
        if title.endswith(ending) and len(title) > len(ending) + 1:
            return title[: -len(ending)] + replacement
    return title
