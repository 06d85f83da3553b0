"""Text made from PDF: widths, wrap spaces and spaced letters.

Two forms are kept apart. :func:`tidy` is what a table cell shows: half-width letters and digits, no
spaces that only the line wrap made, punctuation as printed. :func:`fold` is what two texts are compared
by: NFKC, no white space at all, one kind of dash and wave.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

__all__ = ["as_printed", "fold", "is_wide", "strip_markup", "tidy", "trim_sentence"]

_FULLWIDTH = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_SPACE = r"[ \t\u00a0\u2002-\u200b\u3000]"
_SPACES = re.compile(f"{_SPACE}+")
_SPACED_LETTERS = re.compile(rf"(?<![A-Za-z0-9])([A-Za-z0-9])((?:{_SPACE}[A-Za-z0-9])+)(?![A-Za-z0-9])")
_MARKUP = re.compile(r"</?(?:table|tr|td|th|ul|ol|li|p|br|b|strong)\b[^<>]*>", re.IGNORECASE)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー－ｰ─━", "-") | dict.fromkeys("〜～∼˜", "~"))
_GO_ON = r"(?:ていき|でいき|てまいり|てい)?"
_WORK = rf"取り?組(?:[みめ]|ん)?{_GO_ON}"
_PHRASES = re.compile(
    rf"(?:を(?:図|はか)[りっ]{_GO_ON}|[にへ](?:努|つと)め(?:る)?{_GO_ON}|を(?:行|おこな)[いっ]{_GO_ON}"
    rf"|を実施し{_GO_ON}|(?:こと)?を目指し{_GO_ON}|に(?:向けて?|関して)?{_WORK}|して{_WORK}|ように(?:いた)?し{_GO_ON}"
    r")ます$"
)
_SURU = re.compile(rf"(?<=[一-龠々ァ-ヶーA-Za-z0-9])(?:いた)?し{_GO_ON}ます$")
_GODAN = re.compile(
    r"(?:(?<![一-龠々ァ-ヶーA-Za-z0-9])[一-龠々]|見直|目指|見渡|見通|見出|貸出|取出|呼出|引渡|繰返|洗出|掘起|取戻)しま?す$"
)
_AUXILIARY = re.compile(r"(?:でき|なり|あり|おり|い|れ|せ|(?:使|行|もら|扱|言|会)え)ます$")


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
    text = text.translate(_FULLWIDTH).replace("\u200b", "").replace("\n", " ")
    text = _SPACED_LETTERS.sub(_join_spaced, text)
    parts = [part for part in _SPACES.split(text) if part]
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


def as_printed(text: str, folded: str) -> str:
    """The characters of a text that fold to `folded` where it first occurs; '' where it does not."""
    position, starts = 0, []
    for char in text:
        starts.append(position)
        position += len(fold(char))
    at = "".join(map(fold, text)).find(folded)
    if at < 0:
        return ""
    return text[bisect_right(starts, at) - 1 : bisect_right(starts, at + len(folded) - 1)]


def trim_sentence(text: str) -> str:
    """An item printed as a sentence, as a title: its first sentence without the closing verb.

    Fixed rule, so that the same words always give the same title. Cut at the first 「。」; remove a closing
    phrase (を図ります, に努めます, に取り組みます …), else the します of a verbal noun (推進します), else the
    ます of another verb (見直します → 見直し). A sentence about what can be or is (できます, なります) stays whole.
    What the rule leaves is a substring of the tidied text.
    """
    title = tidy(text).split("。")[0]
    for short in (_without(_PHRASES, title), "" if _GODAN.search(title) else _without(_SURU, title)):
        if len(short) > 1:
            return short
    if title.endswith("ます") and len(title) > 3 and not _AUXILIARY.search(title):
        return title[:-2]
    return title


def _without(ending: re.Pattern[str], title: str) -> str:
    """The title up to where the ending begins; empty where it does not end so."""
    match = ending.search(title)
    return title[: match.start()] if match else ""
