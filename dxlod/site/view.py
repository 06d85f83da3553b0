"""How one page is being looked at: its language, its place, and where its links lead."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import quote

from dxlod.settings import SHARED

__all__ = ["LANGUAGES", "View"]

LANGUAGES = ("ja", "en")
"""Languages of the pages, the default one first."""

_SAFE = "/:?#[]@!$&'()*+,;=%-._~"
_PLAIN = re.compile(r"[A-Za-z0-9/:?#\[\]@!$&'()*+,;=%._~-]*")
"""What needs no quoting, which is nearly everything."""


@dataclass(frozen=True)
class View:
    """One look at one page.

    `root` is the path the site lives under ('' or '/dxlod'), `prefix` the language asked for by the path ('', '/ja',
    '/en'), `path` the page without both, `query` its query string without '?'. `site` is the origin that the operator
    announces ('' when unknown), `release` the version shown.
    """

    lang: str = LANGUAGES[0]
    root: str = ""
    prefix: str = ""
    path: str = "/"
    query: str = ""
    bases: tuple[str, ...] = (SHARED,)
    site: str = ""
    release: str = ""

    def url(self, path: str) -> str:
        """Link to a page, in the language being read."""
        return f"{self.root}{self.prefix}{path}"

    def data(self, path: str) -> str:
        """Link to data, which has no language."""
        return f"{self.root}{path}"

    def local(self, iri: str) -> str | None:
        """Path of the page about an IRI of ours (no root, no language); None for those of others."""
        for base in self.bases:
            if iri.startswith(f"{base}/id/"):
                rest = iri[len(base) + 4 :]
                return f"/doc/{rest if _PLAIN.fullmatch(rest) else quote(rest, safe=_SAFE)}"
            if iri == f"{base}/ns" or iri.startswith((f"{base}/ns#", f"{base}/ns/")):
                return iri[len(base) :]
        return None

    def href(self, iri: str) -> str:
        """Local page of one of our IRIs, or the IRI itself."""
        path = self.local(iri)
        return iri if path is None else self.url(path)

    def linkable(self, iri: str) -> bool:
        """Whether an IRI may be a link: ours, or one of the web."""
        return iri.startswith(("https://", "http://"))

    def switch(self, lang: str) -> str:
        """The same page in a language that is named in the path."""
        return self.in_language(lang).here

    def in_language(self, lang: str) -> View:
        """The same look in another language, named in the path."""
        return replace(self, lang=lang, prefix=f"/{lang}")

    @property
    def here(self) -> str:
        """This page, with its query."""
        return self.url(self.path) + (f"?{self.query}" if self.query else "")

    @property
    def canonical(self) -> str:
        """The address to cite the page by: without a prefix in the default language, without a query."""
        prefix = "" if self.lang == LANGUAGES[0] else f"/{self.lang}"
        return f"{self.site}{self.root}{prefix}{self.path}"

    @property
    def others(self) -> tuple[str, ...]:
        """The other languages of the page."""
        return tuple(lang for lang in LANGUAGES if lang != self.lang)
