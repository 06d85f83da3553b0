"""Publications as an Atom feed (RFC 4287). Identifiers and dates are the ledger's, so the same feed has the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from dxlod.release.tombstones import Moment
from dxlod.release.words import Counts, Text

__all__ = ["Publication", "atom", "instant"]

_NEVER = "1970-01-01T00:00:00Z"


@dataclass(frozen=True)
class Publication:
    """One publication: numbers of triples, subjects and plan editions, and what it changed."""

    moment: Moment
    triples: int
    subjects: int
    datasets: int
    counts: Counts
    summary: Text


def instant(date: str) -> str:
    """A date as the instant at which it begins in Japan, in the form of RFC 3339."""
    return f"{date}T00:00:00+09:00"


def atom(base: str, title: str, author: str, publications: Sequence[Publication]) -> str:
    """The feed of publications, newest first. `updated` must be there, so it is 1970 before the first."""
    updated = instant(publications[0].moment.date) if publications else _NEVER
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ja">',
        f" <id>{escape(base)}/feed.atom</id>",
        f" <title>{escape(title)}</title>",
        f" <updated>{updated}</updated>",
        f" <author><name>{escape(author)}</name></author>",
        _link("self", "application/atom+xml", f"{base}/feed.atom"),
        _link("alternate", "text/html", f"{base}/releases-list"),
        *(line for item in publications for line in _entry(base, item)),
        "</feed>",
    ]
    return "\n".join(lines) + "\n"


def _entry(base: str, item: Publication) -> Iterator[str]:
    version, date = item.moment.version, item.moment.date
    yield " <entry>"
    yield f"  <id>{escape(base)}/releases/{escape(version)}</id>"
    yield f"  <title>{date} の公開 / Release of {date}</title>"
    yield f"  <published>{instant(date)}</published>"
    yield f"  <updated>{instant(date)}</updated>"
    yield " " + _link("alternate", "text/html", f"{base}/releases-list#{version}")
    yield " " + _link("related", "application/json", f"{base}/releases/{version}/changes.json")
    yield f"  <summary>{escape(f'{item.summary.ja} / {item.summary.en}')}</summary>"
    yield " </entry>"


def _link(relation: str, media_type: str, href: str) -> str:
    return f' <link rel="{relation}" type="{media_type}" href={quoteattr(href)}/>'
