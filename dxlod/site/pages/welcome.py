"""The first page as plain text, for those who come with curl."""

from __future__ import annotations

from urllib.parse import quote

__all__ = ["welcome_text"]

_QUERY = (
    "SELECT ?s ?label WHERE {?s a <https://w3id.org/dxlod/ns#Indicator>;"
    " <http://www.w3.org/2000/01/rdf-schema#label> ?label} LIMIT 10"
)


def welcome_text(origin: str, example: str, version: str) -> str:
    """What this is and what to try, in Japanese and English. `origin` has no closing slash, `example` is a path."""
    return f"""自治体DX計画のリンクトオープンデータ（非公式） リリース {version}
Municipal DX plans of Japan as linked open data (unofficial), release {version}

SPARQL で問い合わせる / ask in SPARQL
  curl -s -H 'Accept: text/csv' '{origin}/sparql?query={quote(_QUERY)}'
ひとつのものを見る / look at one thing
  curl -sL -H 'Accept: text/turtle' {origin}{example}
全部を受け取る / take it all
  curl -sO {origin}/dumps/all.ttl        (.jsonld .nt .rdf .trig .nq, + .gz)
語彙 / vocabulary
  curl -s -H 'Accept: text/turtle' {origin}/ns
このリリースのファイルと SHA-256 / files of this release with SHA-256
  curl -s {origin}/manifest.json
検証の結果 / validation report
  curl -s {origin}/report.ttl
使い方の案内（ブラウザーで） / guide (in a browser)
  {origin}/guide
"""
