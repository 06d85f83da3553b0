"""The pages over HTTP: languages, validators, static files, failures for people, and the commands of the guide."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from markup import Markup, faults

from dxlod.site.pages.guide import Command, guide_sections

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = (
    "/",
    "/plans",
    "/topics",
    "/tasks",
    "/tasks?view=matrix",
    "/downloads",
    "/releases-list",
    "/about",
    "/guide",
)
LACKING = ("/catalog", "/api/3/action")
"""What the sample has no files for."""
PLAN = "/about/212016-dx-2025"
KPI = "/id/plan/212016/dx/2025/kpi/1-1-1"


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("path", [*PAGES, PLAN])
def test_a_page_in_both_languages(client: httpx.Client, path: str, lang: str) -> None:
    answer = client.get(f"/{lang}{path}", headers=BROWSER)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == lang
    assert f'<html lang="{lang}">' in answer.text
    assert [fault for fault in faults(answer.text) if not fault.startswith("no lang=ja")] == []
    assert ("非公式" if lang == "ja" else "Unofficial") in answer.text


def test_accept_language_chooses_where_the_path_does_not(client: httpx.Client) -> None:
    def language(wish: str) -> str:
        answer = client.get("/plans", headers={"Accept-Language": wish})
        assert "Accept-Language" in answer.headers["vary"]
        return answer.headers["content-language"]

    wishes = (
        "",
        "*",
        "fr",
        "en",
        "en-GB,en;q=0.9,ja;q=0.1",
        "ja,en;q=0.5",
        "fr, en;q=0.2",
        "en;q=0",
        "x;;;=",
    )
    assert [language(wish) for wish in wishes] == ["ja", "ja", "ja", "en", "en", "ja", "en", "ja", "ja"]
    named = client.get("/en/plans", headers={"Accept-Language": "ja"})
    assert named.headers["content-language"] == "en"
    assert "Accept-Language" not in named.headers.get("vary", "")


def test_validators_tell_languages_and_places_apart(client: httpx.Client) -> None:
    paths = ("/plans", "/ja/plans", "/en/plans", "/dxlod/plans", "/dxlod/en/plans", "/topics")
    tags = [client.get(path).headers["etag"] for path in paths]
    assert len(set(tags)) == len(paths)
    assert client.get("/plans", headers={"Accept-Language": "en"}).headers["etag"] not in tags
    again = client.get("/plans", headers={"If-None-Match": tags[0]})
    assert (again.status_code, again.content) == (304, b"")
    assert "Accept-Language" in again.headers["vary"]


def test_links_keep_the_language_and_the_path_of_the_base(client: httpx.Client) -> None:
    markup = Markup(client.get("/dxlod/en/tasks?q=a", headers=BROWSER).text)
    inside = [link for link in markup.links if link.startswith("/")]
    assert all(link.startswith("/dxlod/") for link in inside)
    assert "/dxlod/ja/tasks?q=a" in inside
    assert "/dxlod/en/plans" in inside
    assert client.get("/en", follow_redirects=False).headers["location"] == "/en/"
    assert client.get("/dxlod/en").headers["location"] == "/dxlod/en/"
    assert client.get("/english").status_code == 404


def test_every_link_of_the_overview_pages_leads_somewhere(client: httpx.Client) -> None:
    # The page of queries is not built yet, and the sample has no feed.
    later = {"/feed.atom"}
    links = {link for path in PAGES for link in Markup(client.get(path, headers=BROWSER).text).links}
    inside = sorted({link.partition("#")[0] for link in links if link.startswith("/")} - {""})
    broken = [
        link
        for link in inside
        if client.get(link, headers=BROWSER, follow_redirects=True).status_code != 200
        and link.removeprefix("/en").removeprefix("/ja").partition("?")[0] not in later
    ]
    assert len(inside) > 40
    assert broken == []


def test_the_first_page_as_text(client: httpx.Client, origin: str) -> None:
    plain = client.get("/")
    assert plain.headers["content-type"] == "text/plain; charset=utf-8"
    assert f"{origin}{KPI}" in plain.text
    assert "非公式" in plain.text
    example = next(line for line in plain.text.splitlines() if "/sparql?query=" in line).split("'")[-2]
    assert client.get(example, headers={"Accept": "text/csv"}).text.count("\r\n") == 3
    assert "DX推進計画" in client.get("/", headers=BROWSER).text


def test_static_files_are_kept_for_ever_by_their_digest(client: httpx.Client) -> None:
    markup = Markup(client.get("/", headers=BROWSER).text)
    assets = [
        e.attributes.get("href", e.attributes.get("src", ""))
        for e in markup.elements
        if e.attributes.get("rel") in ("stylesheet", "icon") or e.tag == "script"
    ]
    assert len(assets) == 3
    for path in assets:
        answer = client.get(path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
        assert "immutable" not in client.get(path.partition("?")[0]).headers["cache-control"]
        assert "immutable" not in client.get(f"{path.partition('?')[0]}?v=0").headers["cache-control"]
    assert client.get("/static/site.css").headers["content-type"] == "text/css; charset=utf-8"
    for path in ("/static/no.css", "/static/../render.py", "/static/%2e%2e/render.py", "/static/"):
        assert client.get(path).status_code == 404


def test_robots_icon_and_site_map(client: httpx.Client, origin: str) -> None:
    assert f"Sitemap: {origin}/sitemap.xml" in client.get("/robots.txt").text
    assert client.get("/favicon.ico").headers["content-type"].startswith("image/svg+xml")
    answer = client.get("/sitemap.xml")
    assert answer.headers["content-type"].startswith("application/xml")
    places = [
        item.text for item in ElementTree.fromstring(answer.content).iter() if item.tag.endswith("}loc")
    ]
    assert f"{origin}/plans" in places
    assert f"{origin}{KPI.replace('/id/', '/doc/')}" in places
    assert client.get("/sitemap-2.xml").status_code == 404
    assert client.get("/sitemap-x.xml").status_code == 404


def test_files_of_the_history(client: httpx.Client) -> None:
    for name in ("feed.atom", "releases.json", "changes.json", "tombstones.json"):
        answer = client.get(f"/{name}")
        assert answer.status_code in (200, 404)
        assert "text/html" not in answer.headers["content-type"]


def test_citations_are_read_by_machines(client: httpx.Client) -> None:
    assert client.get("/cite.bib").text.startswith("@misc{dxlod")
    answer = client.get("/cite.json")
    assert answer.headers["content-type"].startswith("application/vnd.citationstyles.csl+json")
    assert json.loads(answer.text)[0]["type"] == "dataset"


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        ("/nothing", "text/html", 404),
        ("/releases/2020-01-01-00000000/manifest.json", "text/html", 404),
        ("/about/nothing", "text/html", 404),
        ("/sparql?query=nonsense", "text/html;q=0.1, application/x-nothing", 400),
    ],
)
def test_people_get_a_failure_as_a_page(client: httpx.Client, path: str, accept: str, status: int) -> None:
    for lang in ("ja", "en"):
        answer = client.get(f"/{lang}{path}", headers={"Accept": accept, "Accept-Encoding": "identity"})
        assert answer.status_code == status
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["content-language"] == lang
        assert int(answer.headers["content-length"]) == len(answer.content)
        assert 'role="search"' in answer.text
        assert faults(answer.text) == []
    plain = client.get(path, headers={"Accept": "*/*"})
    assert plain.status_code == status
    assert "<html" not in plain.text
    json_body = client.get(path, headers={"Accept": "application/json, text/html;q=0.5"})
    assert json_body.headers["content-type"] == "application/problem+json"


def test_a_hostile_question_is_only_text(client: httpx.Client) -> None:
    hostile = "\"><script>alert(1)</script>' OR 1=1 -- \x00"
    for name in ("q", "city", "system", "law", "sort", "view"):
        answer = client.get("/tasks", params={name: hostile}, headers=BROWSER)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
    assert client.get("/tasks", params={"q": "あ" * 5_000}, headers=BROWSER).status_code in (200, 414)


def commands(client: httpx.Client, origin: str) -> list[Command]:
    """The commands of the guide of this service; the page must show each."""
    places = [path for path in client.get("/openapi.json").json()["paths"] if not path.startswith(LACKING)]
    sections = guide_sections(origin, KPI, "dxlod-212016-dx-2025", places)
    found = [command for section in sections for command in section.commands]
    shown = unescape(client.get("/guide", headers=BROWSER).text)
    for command in found:
        assert command.code in shown
    return found


def ask(client: httpx.Client, code: str) -> httpx.Response:
    """What curl would be answered: the options that the guide uses, and no other."""
    words = iter(shlex.split(code.partition(" | ")[0])[1:])
    headers, fields, url = {"Accept": "*/*"}, {}, ""
    for word in words:
        if word == "--data-urlencode" or word == "-d":
            name, _, value = next(words).partition("=")
            fields[name] = value
        elif word.startswith("-"):
            assert set(word[1:]) <= set("sLGOH")
            if word.endswith("H"):
                name, _, value = next(words).partition(": ")
                headers[name] = value
        else:
            url = word
    return client.get(url, headers=headers, params=fields or None, follow_redirects=True)


def test_every_curl_of_the_guide_is_answered(client: httpx.Client, origin: str) -> None:
    asked = [command for command in commands(client, origin) if command.language == "sh"]
    assert len(asked) >= 5
    for command in asked:
        answer = ask(client, command.code)
        assert answer.status_code == 200, command
        assert len(answer.content) > 60, command


def test_the_python_of_the_guide_runs(client: httpx.Client, origin: str) -> None:
    code = next(command.code for command in commands(client, origin) if command.language == "python")
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert "https://w3id.org/dxlod/id/plan/212016/dx/2025" in run.stdout


@pytest.mark.rivals
def test_the_commands_of_the_guide_run_in_a_shell(client: httpx.Client, origin: str, tmp_path: Path) -> None:
    for command in commands(client, origin):
        program = {"sh": ["bash", "-c"], "python": [sys.executable, "-c"], "r": ["Rscript", "-e"]}[
            command.language
        ]
        run = subprocess.run([*program, command.code], cwd=tmp_path, capture_output=True, check=True)
        assert run.stdout or (tmp_path / "all.ttl.gz").exists(), command
