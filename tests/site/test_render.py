"""Templates, views and the style: escaping, languages, links, contrast."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
import pytest
from markup import Markup, faults

from dxlod.site.assets import load_assets
from dxlod.site.render import Renderer, bytes_text, number_text, pick
from dxlod.site.view import View

TEMPLATES = Path(__file__).parents[2] / "dxlod" / "site" / "templates"
HOSTILE = "\"><script>alert('x')</script>"


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def macro(renderer: Renderer, call: str, view: View | None = None, **facts: object) -> str:
    view = view or View()
    environment = renderer._environment
    template = environment.from_string(f'{{% import "macros.html" as m with context %}}{{{{ {call} }}}}')
    return template.render(view=view, lang=view.lang, t=renderer.translator(view.lang), **facts).strip()


def test_links_of_a_view() -> None:
    view = View(
        lang="en",
        root="/dxlod",
        prefix="/en",
        path="/plans",
        query="a=1",
        bases=("https://x.jp/b", "https://w3id.org/dxlod"),
    )
    assert view.url("/topics") == "/dxlod/en/topics"
    assert view.data("/dumps/all.ttl") == "/dxlod/dumps/all.ttl"
    assert view.here == "/dxlod/en/plans?a=1"
    assert view.switch("ja") == "/dxlod/ja/plans?a=1"
    assert view.canonical == "/dxlod/en/plans"
    assert View(path="/plans", query="a=1", site="https://x.jp").canonical == "https://x.jp/plans"
    assert view.others == ("ja",)
    assert view.href("https://x.jp/b/id/plan/1/2") == "/dxlod/en/doc/plan/1/2"
    assert view.href("https://w3id.org/dxlod/id/law/1") == "/dxlod/en/doc/law/1"
    assert view.href("https://w3id.org/dxlod/ns#Plan") == "/dxlod/en/ns#Plan"
    assert view.href("https://w3id.org/dxlod/nsx") == "https://w3id.org/dxlod/nsx"
    assert view.local("https://x.jp/b/id/a%2Fb") == "/doc/a%2Fb"


def test_hostile_texts_are_escaped_everywhere(renderer: Renderer) -> None:
    view = View(path=f"/{HOSTILE}", query=HOSTILE, release=HOSTILE)
    html = renderer.page("error.html", view, status=404, lines=[HOSTILE], crumbs=[(HOSTILE, HOSTILE)])
    assert "<script>alert" not in html
    assert faults(html) == []


def test_only_addresses_of_the_web_become_links(renderer: Renderer) -> None:
    assert macro(renderer, "m.link(iri, {})", iri="javascript:alert(1)") == "javascript:alert(1)"
    assert macro(renderer, "m.link(iri, {})", iri="urn:x:y") == "urn:x:y"
    text = macro(renderer, "m.link(iri, labels)", iri="https://e.jp/?a=1&b=2", labels={"ja": HOSTILE})
    assert text.startswith('<a href="https://e.jp/?a=1&amp;b=2">&#34;&gt;&lt;script&gt;')


def test_a_text_in_another_language_is_marked(renderer: Renderer) -> None:
    labels = {"ja": "取組", "en": "Initiative"}
    assert macro(renderer, "m.text(labels)", labels=labels) == "取組"
    assert macro(renderer, "m.text(labels)", View(lang="en"), labels=labels) == "Initiative"
    assert (
        macro(renderer, "m.text(labels)", View(lang="en"), labels={"ja": "取組"})
        == '<span lang="ja">取組</span>'
    )
    assert macro(
        renderer,
        "m.link(iri, labels)",
        View(lang="en"),
        iri="https://w3id.org/dxlod/id/a",
        labels={"ja": "取組"},
    ) == ('<a href="/doc/a" lang="ja">取組</a>')
    assert (
        macro(renderer, "m.term(value, {})", View(lang="en"), value='"60%以上"@ja')
        == '<span lang="ja">60%以上</span>'
    )


def test_facts_without_a_value_are_left_out(renderer: Renderer) -> None:
    html = macro(
        renderer,
        "m.fact_table(rows)",
        rows=[("a", "1"), ("b", ""), ("c", None), ("d", ["x", "y"]), ("e", [])],
    )
    assert re.findall(r'<th scope="row">(\w)</th>', html) == ["a", "d"]
    assert "<li>x</li><li>y</li>" in html


def test_lines_and_status(renderer: Renderer) -> None:
    assert macro(renderer, "m.line_range(5, 5)") == "5 行目"
    assert macro(renderer, "m.line_range(5, 9)", View(lang="en")) == "lines 5–9"
    assert "素案" in macro(renderer, "m.status_badge('preliminary-draft')")
    assert "Status unknown" in macro(renderer, "m.status_badge('')", View(lang="en"))
    pager = macro(renderer, "m.pager(2, 3, '/x?page=')")
    assert 'rel="prev" href="/x?page=1"' in pager
    assert 'rel="next" href="/x?page=3"' in pager
    assert macro(renderer, "m.pager(1, 1, '/x?page=')") == ""


def test_a_fact_that_a_template_lacks_is_an_error(renderer: Renderer) -> None:
    with pytest.raises(jinja2.UndefinedError):
        renderer.page("error.html", View(), status=404)


def test_numbers_sizes_and_languages() -> None:
    assert [bytes_text(size) for size in (0, 999, 1000, 123_456, 9_876_543, 12_345_678_901)] == [
        "0 B",
        "999 B",
        "1.0 kB",
        "123 kB",
        "9.9 MB",
        "12.3 GB",
    ]
    assert number_text(1234567) == "1,234,567"
    assert number_text("x") == "x"
    assert pick({"en": "a", "ja": "あ"}, "en") == ("a", "en")
    assert pick({"": "x", "fr": "y"}, "en") == ("x", "")
    assert pick({"fr": "y"}, "en") == ("y", "fr")
    assert pick({}, "ja") == ("", "")


def test_every_page_says_its_language_and_its_twin(renderer: Renderer) -> None:
    html = renderer.page(
        "error.html", View(lang="en", prefix="/en", path="/x"), status=404, lines=[], crumbs=[]
    )
    links = {
        (e.attributes.get("hreflang"), e.attributes.get("href"))
        for e in Markup(html).elements
        if e.tag == "link"
    }
    assert {("ja", "/ja/x"), ("en", "/en/x"), ("x-default", "/x")} <= links
    assert '<html lang="en">' in html


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_templates_have_nothing_that_the_policy_refuses(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert all("src=" in tag or 'type="application/ld+json"' in tag for tag in scripts)
    assert not re.search(r"""(src|action)=["'](https?:)?//""", text)


def test_assets_carry_the_digest_of_their_bytes() -> None:
    assets = load_assets()
    assert {"site.css", "site.js", "icon.svg"} <= set(assets)
    for name, asset in assets.items():
        assert asset.path == f"/static/{name}?v={asset.digest[:12]}"
    for name in ("site.css", "site.js"):
        assert not re.search(
            rb"""url\(|@import|https?://|["']//""", assets[name].content.replace(b"http://www.w3.org", b"")
        )


def palettes() -> list[tuple[str, dict[str, str]]]:
    css = load_assets()["site.css"].content.decode()
    light = _colours(css[css.index(":root {") : css.index("}")])
    start = css.index("@media screen and (prefers-color-scheme: dark)")
    dark = {**light, **_colours(css[start : css.index("}", start)])}
    return [("light", light), ("dark", dark)]


def _colours(text: str) -> dict[str, str]:
    found = re.findall(r"--([\w-]+): #([0-9a-f]{3,6})\b", text)
    return {
        name: value if len(value) == 6 else "".join(2 * digit for digit in value) for name, value in found
    }


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


TEXTS = (
    *((ink, ground) for ink in ("ink", "quiet", "link", "visited") for ground in ("paper", "panel")),
    *((f"c{n}", "paper") for n in range(1, 7)),
    ("on-accent", "accent"),
    ("accent", "paper"),
    ("link", "mark"),
    ("ink", "mark"),
    ("warn", "warn-panel"),
    ("ink", "warn-panel"),
    ("good", "good-panel"),
    ("bad", "bad-panel"),
)


@pytest.mark.parametrize(("scheme", "colours"), palettes(), ids=["light", "dark"])
def test_contrast_is_enough(scheme: str, colours: dict[str, str]) -> None:
    """WCAG 2.2: 4.5 for texts (1.4.3), 3 for the borders of fields and the sign of focus (1.4.11)."""
    for ink, ground in TEXTS:
        assert contrast(colours[ink], colours[ground]) >= 4.5, (scheme, ink, ground)
    for line, ground in (("line-strong", "paper"), ("line-strong", "panel"), ("c2", "paper")):
        assert contrast(colours[line], colours[ground]) >= 3, (scheme, line, ground)


def test_the_measure_of_contrast_is_right() -> None:
    assert round(contrast("000000", "ffffff"), 2) == 21
    assert round(contrast("777777", "ffffff"), 2) == 4.48
