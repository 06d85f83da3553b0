"""How to cite the data: a sentence, BibTeX, and CSL-JSON for reference managers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from dxlod.release.manifest import Manifest

__all__ = ["Citation", "bibtex", "citation_of", "csl_json"]

_TITLE_JA = "dxlod: 自治体DX計画リンクトオープンデータ"
_TITLE_EN = "dxlod: DX plans of Japanese municipalities as linked open data"
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})-[0-9a-f]{8}")


@dataclass(frozen=True)
class Citation:
    """What a citation says. `date` is (year, month, day) of the publication, () for a build that is not published."""

    version: str
    url: str
    date: tuple[int, ...]

    @property
    def title_ja(self) -> str:
        """The title in Japanese."""
        return _TITLE_JA

    @property
    def title_en(self) -> str:
        """The title in English."""
        return _TITLE_EN


def citation_of(manifest: Manifest) -> Citation:
    """The citation of a release: cited by its version, so that a reader gets the same bytes."""
    found = _DATE.fullmatch(manifest.version)
    date = tuple(int(part) for part in found.groups()) if found else ()
    return Citation(manifest.version, f"{manifest.base}/releases/{manifest.version}/manifest.json", date)


def bibtex(citation: Citation) -> str:
    """An entry for BibTeX; ASCII braces keep the capitals."""
    key = re.sub(r"[^0-9A-Za-z]", "", citation.version)
    year = [f"  year = {{{citation.date[0]}}},"] if citation.date else []
    lines = [
        f"@misc{{dxlod-{key},",
        "  author = {{The dxlod authors}},",
        f"  title = {{{{{citation.title_en}}}}},",
        *year,
        f"  version = {{{citation.version}}},",
        f"  howpublished = {{\\url{{{citation.url}}}}},",
        "  note = {Unofficial data derived from published plans. CC BY 4.0},",
        "}",
    ]
    return "\n".join(lines) + "\n"


def csl_json(citation: Citation) -> str:
    """An entry in CSL-JSON, as Zotero and others read it."""
    item: dict[str, object] = {
        "id": f"dxlod-{citation.version}",
        "type": "dataset",
        "title": citation.title_ja,
        "title-short": "dxlod",
        "author": [{"literal": "The dxlod authors"}],
        "version": citation.version,
        "URL": citation.url,
        "language": "ja",
        "note": citation.title_en,
    }
    if citation.date:
        item["issued"] = {"date-parts": [list(citation.date)]}
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"
