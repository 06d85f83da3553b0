"""What every download says of itself: title, status, that it is unofficial, licence, source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dxlod.release.draft import Draft
from dxlod.release.editions import Edition, EditionTable
from dxlod.release.manifest import sha256_of
from dxlod.release.terms import Quad, literal_parts
from dxlod.settings import SHARED

__all__ = ["LICENCE", "LICENCE_NAME", "RIGHTS", "UNOFFICIAL", "Bilingual", "Imprint", "imprint_of"]

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
LICENCE_NAME = "CC BY 4.0"
_PREF_LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"


@dataclass(frozen=True)
class Bilingual:
    """A text in Japanese and English."""

    ja: str
    en: str


UNOFFICIAL = Bilingual(
    "非公式のデータです。公表された計画書をもとに作成しています。自治体の公式データではありません。",
    "Unofficial data derived from the published plan; not official data of the municipality.",
)
RIGHTS = Bilingual(
    "データの選択・構造・英訳は CC BY 4.0 です。計画書そのものの著作権は自治体にあります。英語名は非公式の訳です。",
    "Our selection, structure and translations are under CC BY 4.0. The plan itself belongs to the municipality. "
    "English names are unofficial translations.",
)


@dataclass(frozen=True)
class Imprint:
    """What is said of the files of one plan edition.

    `documents` are IRIs; `terms` what the plan says of its use. `digest` (12 hex digits) and `modified` ('' before any
    publication) name the content and the date since when it is this: a release that leaves a plan alone leaves its files.
    """

    title: Bilingual
    municipality: str
    status: Bilingual
    iri: str
    documents: tuple[str, ...]
    sources: tuple[str, ...]
    terms: str
    digest: str
    modified: str


def imprint_of(draft: Draft, edition: Edition, tables: Sequence[EditionTable]) -> Imprint:
    """The imprint of an edition, whose dumps are written; the label of its status is the code list's."""
    base = draft.settings.base
    dump = f"dumps/{edition.stem}.nq"
    digest = sha256_of(draft.folder / dump)
    rows = {item.table.name: item.rows for item in tables}
    english = [row["english"] for row in rows.get("english", ()) if row["table"] == "plan"]
    title = edition.row["title"]
    sources = rows.get("source", ())
    return Imprint(
        title=Bilingual(title, english[0] if english else title),
        municipality=edition.row["municipality"],
        status=_status(edition.row["status"], draft.quads),
        iri=f"{base}/id/plan/{edition.path}",
        documents=tuple(f"{base}/id/doc/{row['sha256']}" for row in sources),
        sources=tuple(f"{row['title']}（{row['file']}, SHA-256 {row['sha256']}）" for row in sources),
        terms="; ".join(dict.fromkeys(row["rights"] for row in sources if row["rights"])),
        digest=digest[:12],
        modified=draft.history.modified(dump, digest),
    )


def _status(code: str, quads: Iterable[Quad]) -> Bilingual:
    subject = f"<{SHARED}/id/code/plan-status/{code}>"
    labels = [literal_parts(quad.o) for quad in quads if quad.s == subject and quad.p == _PREF_LABEL]
    texts = {label.language: label.text for label in labels}
    return Bilingual(texts.get("ja", code), texts.get("en", code))
