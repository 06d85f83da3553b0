"""Links and texts of one page, made in Python: a page has hundreds of them, and macros cost ten times as much."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from dxlod.release.terms import is_iri, literal_parts
from dxlod.site.iris import local_name
from dxlod.site.view import View

__all__ = ["Links", "best_name"]

_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"


def best_name(names: Mapping[str, str], lang: str) -> tuple[str, str]:
    """The best of some names by language, and its language: the one wanted, else ja, en, none; ('', '') of none."""
    return next(((names[tag], tag) for tag in (lang, "ja", "en", "") if names.get(tag)), ("", ""))


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
        self._made: dict[str, Markup] = {}

    def __call__(self, iri: str) -> Markup:
        """A link to the page of a thing of ours or to the thing itself; plain text where it is nothing of the web."""
        made = self._made.get(iri)
        if made is None:
            made = self._made[iri] = self._link(iri)
        return made

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

    def _link(self, iri: str) -> Markup:
        if not self._view.linkable(iri):
            return self.name(iri)
        text, tag = best_name(self._labels.get(iri, {}), self._view.lang)
        lang = f' lang="{escape(tag)}"' if tag and tag != self._view.lang else ""
        return Markup(f'<a href="{escape(self._view.href(iri))}"{lang}>{escape(text or local_name(iri))}</a>')


def _marked(text: str, tag: str, lang: str) -> Markup:
    if tag and tag != lang:
        return Markup(f'<span lang="{escape(tag)}">{escape(text)}</span>')
    return escape(text)
