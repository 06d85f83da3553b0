"""Pages from templates: jinja2, escaped throughout, every text from the catalogue of messages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dxlod.release.terms import is_iri, literal, literal_parts
from dxlod.site.assets import Asset, load_assets
from dxlod.site.messages import Messages, load_messages
from dxlod.site.view import View

__all__ = ["Renderer", "bytes_text", "number_text", "pick"]

Labels = Mapping[str, str]
LONGEST = 100
"""Characters of a text where only its beginning is shown."""


class Renderer:
    """Makes pages. Templates see `view`, `t("section.key", n=3)`, `lang`, the facts given, and the filters below."""

    def __init__(self) -> None:
        self.messages: Messages = load_messages()
        self.assets: Mapping[str, Asset] = load_assets()
        self.digest = _digest()
        self._environment = Environment(
            loader=PackageLoader("dxlod.site", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters.update(
            number=number_text, size=bytes_text, lexical=_lexical, term_lang=_language, shortened=_shortened
        )
        self._environment.tests.update(iri=is_iri)
        self._environment.globals.update(pick=pick)

    def page(self, template: str, view: View, /, **facts: object) -> str:
        """The HTML of a page. `facts` are what the template shows; a name that it lacks is an error."""
        return self._environment.get_template(template).render(
            view=view,
            lang=view.lang,
            t=self.translator(view.lang),
            static=partial(self._static, view),
            **facts,
        )

    def translator(self, lang: str) -> Callable[..., Markup]:
        """The function `t` of a language."""
        return partial(self.messages, lang)

    def _static(self, view: View, name: str) -> str:
        return view.data(self.assets[name].path)


def _digest() -> str:
    """SHA-256 over all that pages are made from: a new template makes new entity tags."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for path in sorted(root.rglob("*")):
        if path.suffix in (".py", ".html", ".xml", ".toml", ".css", ".js", ".svg"):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def pick(labels: Labels, lang: str) -> tuple[str, str]:
    """The best text of several by language, and its language: the one asked for, else ja, en, none, any."""
    for wanted in (lang, "ja", "en", ""):
        if labels.get(wanted):
            return labels[wanted], wanted
    return next(((text, tag) for tag, text in sorted(labels.items())), ("", ""))


def number_text(value: object) -> str:
    """A number with its thousands set apart."""
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def bytes_text(size: int) -> str:
    """A size for people, in steps of 1,000 (as disks and downloads are sold)."""
    if size < 1000:
        return f"{size} B"
    amount, unit = size / 1000, "kB"
    for unit in ("kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if amount >= 100 else f"{amount:.1f} {unit}"


def _lexical(term: str) -> str:
    """The text of a literal term, the IRI of an IRI term."""
    return term[1:-1] if is_iri(term) else literal_parts(term).text


def _shortened(term: str) -> str:
    """A literal term with at most LONGEST characters of its text."""
    parts = literal_parts(term) if not is_iri(term) else None
    if parts is None or len(parts.text) <= LONGEST:
        return term
    return literal(f"{parts.text[:LONGEST]}…", parts.datatype, parts.language)


def _language(term: str) -> str:
    return "" if is_iri(term) else literal_parts(term).language
