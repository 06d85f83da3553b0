"""HTML, plain for now: no script, nothing from elsewhere, Japanese first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dxlod.release.terms import Triple, is_iri, literal_parts, triples_by_subject

__all__ = ["Backlink", "EntityPage", "entity_page", "home_page", "home_text", "query_page"]

_STYLE = (
    "body{font-family:system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;line-height:1.7;"
    "color:#1b1b1b;background:#fff}table{border-collapse:collapse;width:100%;margin:1rem 0}"
    "th,td{border:1px solid #ccc;padding:.35rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "th{width:32%;background:#f5f5f5;font-weight:600}small{color:#595959;font-weight:400}a{color:#0b57a4}"
    "textarea{width:100%;min-height:14rem;font-family:monospace}.notice{border-left:.3rem solid #b35900;"
    "padding:.3rem .8rem;background:#fff6e9}"
)
_NOTICE = (
    '<p class="notice">非公式のデータです。公表された計画書をもとに作成しています。'
    '<span lang="en"> Unofficial data, derived from the published plans.</span></p>'
)


@dataclass(frozen=True)
class Backlink:
    """Something that refers to the entity, and by which property."""

    subject: str
    predicate: str


@dataclass(frozen=True)
class EntityPage:
    """What an entity's page shows. `labels` maps IRIs to texts by language, `links` IRIs to paths on this server."""

    iri: str
    path: str
    triples: Sequence[Triple]
    labels: Mapping[str, Mapping[str, str]]
    links: Mapping[str, str]
    backlinks: Sequence[Backlink]


def entity_page(page: EntityPage) -> str:
    """The HTML document of one entity: its own table, then those of its values and source fragments."""
    names = page.labels.get(page.iri, {})
    title = names.get("ja") or names.get("en") or names.get("") or page.iri.rpartition("/")[2]
    groups = dict(triples_by_subject(page.triples))
    own = groups.pop(f"<{page.iri}>", [])
    formats = " · ".join(
        f'<a href="{escape(page.path)}.{suffix}" rel="alternate">{name}</a>'
        for suffix, name in (
            ("ttl", "Turtle"),
            ("jsonld", "JSON-LD"),
            ("nt", "N-Triples"),
            ("rdf", "RDF/XML"),
        )
    )
    english = f'<p lang="en">{escape(names["en"])}</p>' if names.get("en") and names["en"] != title else ""
    parts = [
        f"<h1>{escape(title)}</h1>{english}",
        f"<p><code>{escape(page.iri)}</code><br>{formats}</p>",
        _NOTICE,
    ]
    parts.append(_table(own, page))
    for subject, group in groups.items():
        parts.append(f"<h2>{_link(subject[1:-1], page)}</h2>{_table(group, page)}")
    if page.backlinks:
        rows = [
            f"<tr><th>{_name(b.predicate, page)}</th><td>{_link(b.subject, page)}</td></tr>"
            for b in page.backlinks
        ]
        parts.append('<h2>ここを参照しているもの <small lang="en">referred to by</small></h2>')
        parts.append(f"<table>{''.join(rows)}</table>")
    return _document(title, "".join(parts))


def home_text(origin: str, example: str, version: str) -> str:
    """What this is and what to try, as plain text in Japanese and English."""
    query = "SELECT%20%3Fs%20%3Flabel%20WHERE%20%7B%3Fs%20a%20%3Chttps%3A%2F%2Fw3id.org%2Fdxlod%2Fns%23Indicator%3E%3B"
    query += "%20%3Chttp%3A%2F%2Fwww.w3.org%2F2000%2F01%2Frdf-schema%23label%3E%20%3Flabel%7D%20LIMIT%2010"
    return f"""自治体DX計画のリンクトオープンデータ（非公式） リリース {version}
Municipal DX plans of Japan as linked open data (unofficial), release {version}

SPARQL で問い合わせる / ask in SPARQL
  curl -s -H 'Accept: text/csv' '{origin}/sparql?query={query}'
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
"""


def home_page(origin: str, example: str, version: str, plans: Sequence[str]) -> str:
    """The same for browsers, with the dumps of each plan."""
    links = (
        ("/sparql", "SPARQL で問い合わせる", "ask in SPARQL"),
        (example, "例: ひとつの指標を見る", "an example: one indicator"),
        ("/ns", "語彙", "vocabulary"),
        ("/dumps/all.ttl", "全データ（Turtle）", "all data in Turtle"),
        ("/dumps/all.jsonld", "全データ（JSON-LD）", "all data in JSON-LD"),
        ("/manifest.json", "ファイルの一覧と SHA-256", "files and their SHA-256"),
        ("/report.ttl", "検証の結果", "validation report"),
    )
    items = "".join(
        f'<li><a href="{escape(origin + path)}">{ja}</a> <small lang="en">{en}</small></li>'
        for path, ja, en in links
    )
    dumps = "".join(
        f'<li><a href="{escape(f"{origin}/dumps/{plan}.ttl")}">{escape(plan)}</a></li>' for plan in plans
    )
    body = (
        f"<h1>自治体DX計画のリンクトオープンデータ</h1>{_NOTICE}"
        '<p lang="en">DX plans of Japanese municipalities as linked open data.</p>'
        f"<p>リリース <code>{escape(version)}</code></p><ul>{items}</ul>"
        f'<h2>計画ごとのデータ <small lang="en">by plan</small></h2><ul>{dumps}</ul>'
        f"<h2>コマンドで試す</h2><pre>{escape(home_text(origin, example, version))}</pre>"
    )
    return _document("自治体DX計画のリンクトオープンデータ", body)


def query_page(query: str) -> str:
    """A form to ask in SPARQL."""
    options = "".join(
        f"<option>{name}</option>" for name in ("csv", "json", "xml", "tsv", "turtle", "jsonld")
    )
    body = (
        '<h1>SPARQL</h1><form method="get" action=""><p><label for="query">問い合わせ '
        f'<small lang="en">query</small></label><br><textarea id="query" name="query">{escape(query)}</textarea></p>'
        f'<p><label>形式 <select name="format">{options}</select></label> <button>実行 / run</button></p></form>'
    )
    return _document("SPARQL", body)


def _table(triples: Sequence[Triple], page: EntityPage) -> str:
    values: dict[str, list[str]] = {}
    for triple in triples:
        values.setdefault(triple.p[1:-1], []).append(_value(triple.o, page))
    rows = [
        f"<tr><th>{_name(name, page)}</th><td>{'<br>'.join(found)}</td></tr>"
        for name, found in values.items()
    ]
    return f"<table>{''.join(rows)}</table>"


def _value(term: str, page: EntityPage) -> str:
    if is_iri(term):
        return _link(term[1:-1], page)
    parts = literal_parts(term)
    if parts.language:
        return f'<span lang="{escape(parts.language)}">{escape(parts.text)}</span>'
    return escape(parts.text)


def _name(iri: str, page: EntityPage) -> str:
    names = page.labels.get(iri, {})
    short = iri.replace("#", "/").rpartition("/")[2]
    english = f' <small lang="en">{escape(names["en"])}</small>' if names.get("en") else ""
    return f'<span title="{escape(iri)}">{escape(names.get("ja") or names.get("") or short)}</span>{english}'


def _link(iri: str, page: EntityPage) -> str:
    names = page.labels.get(iri, {})
    text = names.get("ja") or names.get("") or names.get("en") or iri
    target = page.links.get(iri, iri)
    if not target.startswith(("/", "http://", "https://")):
        return escape(text)
    return f'<a href="{escape(target)}">{escape(text)}</a>'


def _document(title: str, body: str) -> str:
    return (
        f'<!doctype html>\n<html lang="ja"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )
