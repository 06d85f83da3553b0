"""What tests ask of an HTML page: its outline, links, fields, and the language of each of its texts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

__all__ = ["Markup", "faults"]

_VOID = {"meta", "link", "input", "br", "hr", "img", "source", "wbr", "col"}
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SPOKEN = ("aria-label", "title", "alt", "placeholder")


@dataclass
class _Element:
    tag: str
    attributes: dict[str, str]


@dataclass
class Markup(HTMLParser):
    """A page taken apart."""

    html: str
    headings: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    elements: list[_Element] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    """(language, text) of each text node and spoken attribute."""
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[_Element] = []
        self.feed(self.html)
        if self._open:
            self.problems.append(f"not closed: {[element.tag for element in self._open]}")

    @property
    def language(self) -> str:
        """The language where the parser is."""
        return next((e.attributes["lang"] for e in reversed(self._open) if "lang" in e.attributes), "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, {name: value or "" for name, value in attrs})
        self._open.append(element)
        self.elements.append(element)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in element.attributes:
            self.ids.append(element.attributes["id"])
        if tag == "a" and "href" in element.attributes:
            self.links.append(element.attributes["href"])
        self.texts += [
            (self.language, element.attributes[name]) for name in _SPOKEN if name in element.attributes
        ]
        if tag in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self._open or self._open[-1].tag != tag:
            self.problems.append(f"</{tag}> closes {self._open[-1].tag if self._open else 'nothing'}")
        if self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and (not self._open or self._open[-1].tag not in ("script", "style")):
            self.texts.append((self.language, data.strip()))


def faults(html: str) -> list[str]:
    """What is wrong with a page that a person with a screen reader, or a strict browser, would notice."""
    page = Markup(html)
    found = list(page.problems)
    found += [f"id {name} twice" for name in sorted(set(page.ids)) if page.ids.count(name) > 1]
    if page.headings.count(1) != 1:
        found.append(f"{page.headings.count(1)} h1")
    steps = zip([1, *page.headings], page.headings, strict=False)
    found += [f"h{after} after h{before}" for before, after in steps if after > before + 1]
    found += list(_unlabelled(page)) + list(_against_policy(page))
    found += [f"no lang=ja: {text}" for lang, text in page.texts if lang != "ja" and _JAPANESE.search(text)]
    return found


def _unlabelled(page: Markup) -> list[str]:
    labels = {e.attributes.get("for") for e in page.elements if e.tag == "label"}
    wrapped = set(
        re.findall(
            r"<label[^>]*>(?:(?!</label>).)*?<(?:input|select|textarea)[^>]*name=\"(\w+)\"", page.html, re.S
        )
    )
    return [
        f"no label: {e.attributes}"
        for e in page.elements
        if e.tag in ("input", "select", "textarea") and e.attributes.get("type") not in ("hidden", "submit")
        if e.attributes.get("id") not in labels and e.attributes.get("name") not in wrapped
        if "aria-label" not in e.attributes
    ]


def _against_policy(page: Markup) -> list[str]:
    """What the content security policy (only files of this site) would refuse."""
    found = []
    for element in page.elements:
        source = element.attributes.get(
            "src", element.attributes.get("href", "") if element.tag == "link" else ""
        )
        loads = element.tag != "link" or element.attributes.get("rel") in ("stylesheet", "icon", "preload")
        inline = element.tag == "style" or "style" in element.attributes
        inline |= (
            element.tag == "script" and not source and element.attributes.get("type") != "application/ld+json"
        )
        inline |= any(name.startswith("on") for name in element.attributes)
        if inline or (loads and source and not source.startswith("/")):
            found.append(f"against the policy: {element}")
    return found
