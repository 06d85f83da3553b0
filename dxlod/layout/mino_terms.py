"""Glossary headings: a term, and its reading where the bracket holds one and not an expansion."""

from __future__ import annotations

import re

__all__ = ["read_term"]

_BRACKET = re.compile(r"(.+?)\s*[（(]([ァ-ヶーぁ-ゖ・･\s]+)[)）]")
_LETTER_NAMES = (
    "エー|ビー|シー|ディー|デー|イー|エフ|ジー|エイチ|エッチ|アイ|ジェー|ジェイ|ケー|ケイ|エル|エム|エヌ|オー|ピー|キュー"
    "|アール|エス|ティー|ユー|ブイ|ヴイ|ダブリュー|エックス|ワイ|ゼット"
)
_SPELLED = re.compile(rf"(?:(?:{_LETTER_NAMES})[・･]?)+")


def read_term(text: str) -> tuple[str, str | None]:
    """Term and reading of a printed heading.

    ``Wi-Fi (ワイファイ)`` has a reading: kana of about the length of the Latin letters, or the names of the
    letters; kanji take hiragana. ``RPA（ロボティック・プロセス・…）`` is an expansion and stays in the term.
    """
    match = _BRACKET.fullmatch(text)
    if match is None:
        return text, None
    base, kana = match[1], match[2].strip()
    if re.search(r"[一-龠々]", base):
        is_reading = bool(re.fullmatch(r"[ぁ-ゖー\s]+", kana))
    elif re.fullmatch(r"[A-Za-z0-9.&/+-]+", base):
        letters = len(re.sub(r"[^A-Za-z0-9]", "", base))
        is_reading = bool(_SPELLED.fullmatch(kana)) or ("・" not in kana and len(kana) <= 2 * letters + 2)
    else:
        is_reading = False
    return (base, kana) if is_reading else (text, None)
