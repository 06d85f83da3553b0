"""Links and texts of one page, made in Python: a page has hundreds of them, and macros cost ten times as much."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

from dxlod.release.terms import is_iri, literal_parts
from dxlod.site.iris import local_name
from dxlod.site.view import View

__all__ = ["Links", "best_name", "escaped"]

_SPECIAL = re.compile("[&<>\"']")
_PLAIN = re.compile(r"[A-Za-z0-9/:?#@!$()*+,;=%._~-]*")
"""Of an IRI what needs neither quoting in an address nor escaping in HTML, which is nearly all of them."""
_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"


def best_name(names: Mapping[str, str], lang: str) -> tuple[str, str]:
    """The best of some names by language, and its language: the one wanted, else ja, en, none; ('', '') of none."""
    for tag in (lang, "ja", "en", ""):
        if text := names.get(tag):
            return text, tag
    return "", ""


def escaped(text: str) -> str:
    """The text as HTML, with nothing to do for nearly all of them."""
    return str(escape(text)) if _SPECIAL.search(text) else text


class Links:
    """How the page of a view names and links things; `labels` are names by language, by IRI.

    `yes` and `no` are shown for booleans.
    """

    def __init__(
        self, view: View, labels: Mapping[str, Mapping[str, str]], yes: str = "✓", no: str = "–"
    ) -> None:
        self._view = view
        self._labels = labels
        self._booleans = {"true": yes, "1": yes, "false": no, "0": no}
        self._made: dict[str, str] = {}
        self._page = view.url("/doc/")
        self._starts = tuple(f"{base}/id/" for base in view.bases)

    def __call__(self, iri: str) -> Markup:
        """A link to the page of a thing of ours or to the thing itself; plain text where it is nothing of the web."""
        return Markup(self.html(iri))

    def html(self, iri: str) -> str:
        """The same as HTML that is no markup yet, for what is made of many pieces."""
        made = self._made.get(iri)
        if made is None:
            made = self._made[iri] = self._link(iri)
        return made

    def every(self, iris: Iterable[str]) -> Markup:
        """Links one after the other, separated as the language does."""
        return Markup(("、" if self._view.lang == "ja" else ", ").join(map(self.html, iris)))

    def items(self, iris: Iterable[str]) -> Markup:
        """Links as the items of a list."""
        return Markup("".join(f"<li>{self.html(iri)}</li>" for iri in iris))

    def to(self, iri: str, text: str, *, marks: str = "") -> str:
        """A link under another text, both of which are escaped; `marks` are further attributes."""
        return f'<a href="{self._href(iri)}"{marks}>{escaped(text)}</a>'

    def name(self, iri: str) -> Markup:
        """The name of a thing, marked with its language where it is not the page's."""
        text, tag = best_name(self._labels.get(iri, {}), self._view.lang)
        return _marked(text or local_name(iri), tag, self._view.lang)

    def plain(self, iri: str) -> str:
        """The name of a thing as it is."""
        return best_name(self._labels.get(iri, {}), self._view.lang)[0] or local_name(iri)

    def term(self, term: str) -> Markup:
        """A value in N-Triples syntax: a link, or the text of a literal with its language."""
        if is_iri(term):
            return self(term[1:-1])
        parts = literal_parts(term)
        text = self._booleans.get(parts.text, parts.text) if parts.datatype == _BOOLEAN else parts.text
        return _marked(text, parts.language, self._view.lang)

    def _href(self, iri: str) -> str:
        """As `View.href`, safe in an attribute."""
        for start in self._starts:
            if iri.startswith(start) and _PLAIN.fullmatch(iri, len(start)):
                return self._page + iri[len(start) :]
        return escaped(self._view.href(iri))

    def _link(self, iri: str) -> str:
        if not self._view.linkable(iri):
            return self.name(iri)
        text, tag = best_name(self._labels.get(iri, {}), self._view.lang)
        lang = f' lang="{escaped(tag)}"' if tag and tag != self._view.lang else ""
        return self.to(iri, text or local_name(iri), marks=lang)


def _marked(text: str, tag: str, lang: str) -> Markup:
    if tag and tag != lang:
        return Markup(f'<span lang="{escaped(tag)}">{escaped(text)}</span>')
    return Markup(escaped(text))
