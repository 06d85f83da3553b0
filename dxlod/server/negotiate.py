"""Which format to answer in (RFC 9110, 12.5.1): a pure function of what is offered and what is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

from starlette.datastructures import Headers
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

__all__ = ["HTML", "PLAIN", "Offer", "Page", "accept_of", "by_name", "choose"]


class Offer(Protocol):
    """One format: its media type, other media types that ask for it, and names for `format=`."""

    @property
    def suffix(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def also(self) -> tuple[str, ...]: ...
    @property
    def names(self) -> tuple[str, ...]: ...


class Page:
    """A format for people."""

    def __init__(self, suffix: str, media_type: str, *names: str) -> None:
        self.suffix = suffix
        self.media_type = media_type
        self.also: tuple[str, ...] = ()
        self.names = names


HTML = Page("html", "text/html", "html")
PLAIN = Page("txt", "text/plain", "text", "txt")

_PARAMETER = re.compile(r";\s*(?!q\s*=)[^;,=]+=(?:\"[^\"]*\"|[^;,]*)", re.IGNORECASE)
"""A charset or a profile: all our text is UTF-8 and no format has profiles, so it does not matter which is asked."""

_RANGE = re.compile(r"\*/\*|[\w.+!#$&^-]+/(?:[\w.+!#$&^-]+|\*)", re.ASCII)
"""A media range that can be read."""

_Format = TypeVar("_Format", bound=Offer)


def choose(accept: str | None, offers: Sequence[_Format]) -> _Format | None:
    """The offer the client likes best, the first of equals; None when it accepts none.

    No header accepts all, and so does one in which nothing can be read (RFC 9110, 12.5.1, lets a server disregard it).
    An offer's other media types count only where they are named: `text/*` does not mean RDF/XML by way of text/xml.
    """
    read = parse_accept_header(_PARAMETER.sub("", accept or "*/*"), MIMEAccept)
    wishes = MIMEAccept([(wish, quality) for wish, quality in read if _RANGE.fullmatch(wish)] or [("*/*", 1)])
    best, quality = None, 0.0
    for offer in offers:
        wish = max(wishes.quality(offer.media_type), _named(wishes, offer.also))
        if wish > quality:
            best, quality = offer, wish
    return best


def accept_of(headers: Headers) -> str | None:
    """The Accept header, several lines of it taken as one list (RFC 9110, 5.3); None without."""
    return ", ".join(headers.getlist("accept")) or None


def by_name(name: str, offers: Sequence[_Format]) -> _Format | None:
    """The offer that a `format=` parameter or a file suffix asks for."""
    wanted = name.strip().lower()
    for offer in offers:
        if wanted in (*offer.names, offer.suffix, offer.media_type, *offer.also):
            return offer
    return None


def _named(wishes: MIMEAccept, media_types: Sequence[str]) -> float:
    return max((float(quality) for wish, quality in wishes if wish in media_types), default=0.0)
