"""Links of exported pages: one address in, one file out."""

from __future__ import annotations

import pytest

from dxlod.server.export_pages import Site, file_of, links_of, needs_service, relinked

FILES = {
    "/": "index.html",
    "/doc/a": "doc/a.html",
    "/en/doc/a": "en/doc/a.html",
    "/doc/a/b": "doc/a/b.html",
    "/doc/a?page=2": "doc/a.page-2.html",
    "/doc/a.ttl": "doc/a.ttl",
    "/static/x.css": "static/x.css",
    "/doc/市": "doc/市.html",
    "/api/3/action/package_list": "api/3/action/package_list",
}


@pytest.mark.parametrize(
    ("target", "page", "file"),
    [
        ("/", True, "index.html"),
        ("/en/", True, "en/index.html"),
        ("/doc/a", True, "doc/a.html"),
        ("/doc/a.html", True, "doc/a.html"),
        ("/doc/a?page=2", True, "doc/a.page-2.html"),
        ("/doc/%E5%B8%82", True, "doc/市.html"),
        ("/doc/a.ttl", False, "doc/a.ttl"),
        ("/static/x.css?v=123", False, "static/x.css"),
    ],
)
def test_a_place_is_a_file(target: str, page: bool, file: str) -> None:
    assert file_of(target, page=page) == file


@pytest.mark.parametrize(
    ("page", "here", "href", "link"),
    [
        ("/doc/a", "doc/a.html", "/doc/a/b", "a/b.html"),
        ("/doc/a", "doc/a.html", "/doc/a/b#c", "a/b.html#c"),
        ("/doc/a/b", "doc/a/b.html", "/", "../../index.html"),
        ("/doc/a/b", "doc/a/b.html", "/static/x.css?v=1", "../../static/x.css"),
        ("/doc/a", "doc/a.html", "/en/doc/a", "../en/doc/a.html"),
        ("/en/doc/a", "en/doc/a.html", "/ja/doc/a", "../../doc/a.html"),
        ("/doc/a", "doc/a.html", "/doc/a?page=2", "a.page-2.html"),
        ("/doc/a", "doc/a.html", "a.ttl", "a.ttl"),
        ("/doc/a", "doc/a.html", "/doc/%E5%B8%82", "%E5%B8%82.html"),
        ("/doc/a", "doc/a.html", "#main", "#main"),
        ("/doc/a", "doc/a.html", "https://w3id.org/dxlod/id/a", "https://w3id.org/dxlod/id/a"),
        ("/doc/a", "doc/a.html", "mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_a_link_leads_to_the_file(page: str, here: str, href: str, link: str) -> None:
    files = {**FILES, "/doc/%E5%B8%82": "doc/市.html"}
    text, lost = relinked(f'<p><a class="x" href="{href}">t</a></p>', page, here, Site("", files))
    assert text == f'<p><a class="x" href="{link}">t</a></p>'
    assert not lost


def test_the_root_of_the_site_is_taken_off() -> None:
    text, _ = relinked("<a href='/dx/doc/a'>t</a>", "/", "index.html", Site("/dx", FILES))
    assert text == '<a href="doc/a.html">t</a>'


def test_a_link_to_nothing_is_a_text_and_is_told() -> None:
    html = '<link rel="alternate" href="/gone.ttl"><a href="/gone" title="x">t</a><img src="/no.png">'
    text, lost = relinked(html, "/", "index.html", Site("", FILES))
    assert text == '<a title="x">t</a>'
    assert lost == {"/gone.ttl", "/gone", "/no.png"}


def test_signs_are_kept_apart() -> None:
    html = '<a href="/doc/a&#39;&quot;&amp;">t</a>'
    text, lost = relinked(html, "/", "index.html", Site("", {"/doc/a'\"&": "doc/a'\"&.html"}))
    assert text == '<a href="doc/a&#x27;%22%26.html">t</a>'
    assert not lost


def test_forms_and_questions_need_a_service() -> None:
    html = '<form class="f" action="/en/search"><a href="/doc/a">x</a></form><a href="/en/search?q=1">s</a>'
    text, _ = relinked(html, "/", "index.html", Site("", FILES))
    assert text == "<a>s</a>"
    text, _ = relinked(html, "/", "index.html", Site("", FILES, "https://s.example"))
    assert 'action="https://s.example/en/search"' in text
    assert '<a href="https://s.example/en/search?q=1">s</a>' in text


@pytest.mark.parametrize(
    ("path", "needs"),
    [
        ("/sparql", True),
        ("/api/search", True),
        ("/api/3/action/package_list", False),
        ("/searching", False),
        ("/doc/search", False),
    ],
)
def test_what_needs_a_service(path: str, needs: bool) -> None:
    assert needs_service(path) is needs


def test_links_to_follow() -> None:
    html = (
        '<a href="/doc/b">1</a><a href="/tasks?sort=law">2</a><a href="/tasks?sort=law&amp;view=x">3</a>'
        '<a href="/search?q=1">4</a><a href="https://example.org/">5</a><form action="/x"><a href="/y">6</a></form>'
        '<script src="/static/a.js"></script><a href="/en/sparql">7</a><a href="../c">8</a>'
    )
    found = set(links_of(html, "/doc/a", ""))
    assert found == {"/doc/b", "/tasks?sort=law", "/static/a.js", "/c"}
