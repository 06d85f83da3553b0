"""An export is the site: served by the plainest of servers, it says what the service says, and every link leads somewhere."""

from __future__ import annotations

import asyncio
import http.server
import json
import re
import threading
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import httpx
import pyoxigraph as ox
import pytest
from starlette.types import Receive, Send

from dxlod.errors import ReleaseError
from dxlod.release import GRAPH_FORMATS, Release
from dxlod.server.export import Exported, export
from dxlod.server.export_folder import LIST, exporting
from dxlod.server.inside import Inside
from dxlod.settings import Settings

BASE = "https://w3id.org/dxlod"
KPI = "doc/plan/212016/dx/2025/kpi/1-1-1"


class Page(HTMLParser):
    """The links, the forms and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[str] = []
        self.ids: set[str] = set()
        self.words: list[str] = []
        self._hidden = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        self.ids.add(facts.get("id") or "")
        self.links += [value for name in ("href", "src") if (value := facts.get(name)) is not None]
        if tag == "form":
            self.forms.append(facts.get("action") or "")
        self._hidden += tag in ("form", "script")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("form", "script")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words += data.split()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("export") / "site"


@pytest.fixture(scope="module")
def exported(release: Release, settings: Settings, target: Path) -> Exported:
    return export(release, settings, target)


@pytest.fixture
def static(exported: Exported, target: Path) -> Iterator[httpx.Client]:
    """A client of Python's own file server over the export."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=target)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{server.server_port}", timeout=30) as client:
            yield client
        server.shutdown()
        thread.join()


def paths(release: Release) -> set[str]:
    """`doc/…` of everything that the release describes."""
    quads = ox.parse(path=str(release.quads), format=ox.RdfFormat.N_QUADS)
    subjects = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    return {f"doc/{iri[len(BASE) + 4 :]}" for iri in subjects if iri.startswith(f"{BASE}/id/")}


def test_everything_is_there_in_every_format_and_language(
    release: Release, exported: Exported, target: Path
) -> None:
    found = paths(release)
    assert len(found) > 20
    for path in found:
        for suffix in ("html", *(item.suffix for item in GRAPH_FORMATS)):
            assert (target / f"{path}.{suffix}").is_file()
        assert 'lang="en"' in (target / "en" / f"{path}.html").read_text("utf-8")[:100]


def test_the_files_are_what_the_list_says(exported: Exported, target: Path) -> None:
    fields = json.loads((target / LIST).read_text("utf-8"))
    found = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert set(fields["files"]) == found
    assert exported.files == len(found)
    assert [path for path in target.parent.iterdir() if path != target] == []


def test_the_service_and_the_files_say_the_same(
    release: Release, static: httpx.Client, client: httpx.Client
) -> None:
    sample = sorted(paths(release))[::7]
    for path in sample:
        for suffix in (item.suffix for item in GRAPH_FORMATS):
            place = f"/{quote(path)}.{suffix}"
            assert static.get(place).content == client.get(place).content, place
        for prefix in ("", "/en"):
            there = client.get(
                f"{prefix}/{quote(path)}", headers={"Accept": "text/html", "Accept-Language": "ja"}
            )
            here = static.get(f"{prefix}/{quote(path)}.html")
            assert Page(here.text).words == Page(there.text).words, path


def test_the_files_of_the_release_are_those_of_the_service(
    release: Release, static: httpx.Client, client: httpx.Client
) -> None:
    served = [
        entry.path
        for entry in release.manifest.files
        if client.get(f"/{quote(entry.path)}").status_code == 200
    ]
    assert len(served) > 25
    for path in [*served, "manifest.json"]:
        assert static.get(f"/{quote(path)}").content == (release.path / path).read_bytes()


def whole_links(target: Path) -> int:
    """How many links of an export lead to its own files; AssertionError for one that does not."""
    checked = 0
    for path in target.rglob("*.html"):
        for link in () if path.name == "404.html" else Page(path.read_text("utf-8")).links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or not parts.path:
                continue
            assert not link.startswith("/"), (path, link)
            assert (path.parent / unquote(parts.path)).resolve().is_file(), (path, link)
            checked += 1
    return checked


class Server:
    """An application that sends what it is told to, as long as the client is there."""

    def __init__(self, *messages: dict[str, object]) -> None:
        self._messages = messages

    async def __call__(self, scope: object, receive: Receive, send: Send) -> None:
        """Send, and stop early where the client goes."""
        await receive()
        gone = asyncio.ensure_future(receive())
        for message in self._messages:
            await asyncio.sleep(0)
            if not gone.done():
                await send(message)
        gone.cancel()


START = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"6")]}


def body(text: bytes, more: bool) -> dict[str, object]:
    return {"type": "http.response.body", "body": text, "more_body": more}


def test_an_answer_in_pieces_is_read_to_its_end() -> None:
    app = Server(START, body(b"abc", True), body(b"def", False))
    answer = asyncio.run(Inside(app, "https://data.example.jp/dx").get("/x"))
    assert (answer.status, answer.body) == (200, b"abcdef")


@pytest.mark.parametrize("last", [body(b"", False), body(b"de", True)])
def test_an_answer_that_breaks_off_is_an_error(last: dict[str, object]) -> None:
    with pytest.raises(ReleaseError, match="broke off"):
        asyncio.run(Inside(Server(START, body(b"abc", True), last), "https://data.example.jp").get("/x"))


def test_every_link_of_every_page_leads_to_a_file(exported: Exported, target: Path) -> None:
    assert whole_links(target) > 1000


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<a href='b.html'>b</a>")
    with pytest.raises(AssertionError):
        whole_links(tmp_path)


def test_what_leads_nowhere_does_so_on_the_service_too(exported: Exported, client: httpx.Client) -> None:
    assert "/doc/topic/frontyard" in exported.broken  # The sample has no topics.
    assert {client.get(place).status_code for place in exported.broken} == {404}


def test_what_needs_a_service_is_left_out(exported: Exported, target: Path) -> None:
    page = Page((target / "about.html").read_text("utf-8"))
    assert page.forms == []
    assert not [link for link in page.links if "search" in link or "sparql" in link]
    names = {path.name for path in target.iterdir()}
    assert not names & {"search.html", "query.html", "sparql.ttl", "healthz", "metrics", "api"}


def test_with_a_service_search_leads_there(release: Release, settings: Settings, tmp_path: Path) -> None:
    export(release, settings, tmp_path / "site", service="https://live.example.org/dx/")
    page = Page((tmp_path / "site" / "en" / "about.html").read_text("utf-8"))
    assert page.forms[0] == "https://live.example.org/dx/en/search"
    assert "https://live.example.org/dx/en/search" in page.links


def test_things_keep_their_names(exported: Exported, target: Path) -> None:
    text = (target / f"{KPI}.html").read_text("utf-8")
    assert f'href="{BASE}/id/{KPI[4:]}"' in text


def test_the_page_for_what_is_not_there_works_at_any_depth(static: httpx.Client) -> None:
    page = static.get("/404.html").text
    assert page.index('<base href="/">') < page.index("<link")
    for link in Page(page).links:
        parts = urlsplit(link)
        if not parts.scheme and parts.path and parts.path != "/":
            assert static.get(f"/{parts.path}").status_code == 200, link


def test_the_site_says_where_it_is_reached(release: Release, settings: Settings, tmp_path: Path) -> None:
    there = Settings(
        home=settings.home, data=settings.data, releases=settings.releases, site="https://data.example.jp"
    )
    export(release, there, tmp_path / "site")
    assert "https://data.example.jp/sitemap.xml" in (tmp_path / "site" / "robots.txt").read_text("utf-8")


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def fill(target: Path, files: dict[str, bytes], *, force: bool = False) -> None:
    with exporting(target, "2026-10-01-00000000", force=force) as folder:
        for name, content in files.items():
            folder.write(name, content)


def test_an_older_export_is_replaced_and_other_files_stay(tmp_path: Path) -> None:
    target = tmp_path / "site"
    fill(target, {"a.html": b"1", "old/b.html": b"2"})
    (target / "CNAME").write_text("data.example.jp")
    (target / ".git").mkdir()
    (target / ".git" / "HEAD").write_text("ref")
    fill(target, {"a.html": b"3"})
    found = tree(target)
    del found[LIST]
    assert found == {"a.html": b"3", "CNAME": b"data.example.jp", ".git/HEAD": b"ref"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_file_of_a_person_in_the_way_is_not_lost(tmp_path: Path) -> None:
    target = tmp_path / "site"
    fill(target, {"a.html": b"1"})
    (target / "new.html").write_text("mine")
    before = tree(target)
    with pytest.raises(ReleaseError, match=r"new\.html"):
        fill(target, {"a.html": b"2", "new.html": b"ours"})
    assert tree(target) == before
    fill(target, {"a.html": b"2", "new.html": b"ours"}, force=True)
    assert tree(target)["new.html"] == b"ours"


@pytest.mark.parametrize("content", ["file", "folder", "broken list"])
def test_a_folder_that_is_no_export_is_refused(tmp_path: Path, content: str) -> None:
    target = tmp_path / "site"
    if content == "file":
        target.write_text("mine")
    else:
        target.mkdir()
        (target / ("thesis.txt" if content == "folder" else LIST)).write_text("mine")
    with pytest.raises(ReleaseError, match="earlier export"):
        fill(target, {"a.html": b"1"})
    assert "mine" in (target if content == "file" else next(target.iterdir())).read_text()
    fill(target, {"a.html": b"1"}, force=True)
    assert set(tree(target)) == {"a.html", LIST}


def test_what_fails_half_way_leaves_the_target_and_no_rest(tmp_path: Path) -> None:
    target = tmp_path / "site"
    fill(target, {"a.html": b"1"})
    before = tree(target)
    with pytest.raises(ZeroDivisionError), exporting(target, "2") as folder:  # noqa: PT012
        folder.write("b.html", b"2")
        raise ZeroDivisionError
    assert tree(target) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_the_rest_of_a_killed_export_is_swept_away(tmp_path: Path) -> None:
    (tmp_path / ".site.new-abc").mkdir()
    (tmp_path / ".site.new-abc" / "x.html").write_text("half")
    fill(tmp_path / "site", {"a.html": b"1"})
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_disk_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReleaseError, match="cannot be written"):
        fill(tmp_path / "file" / "site", {"a.html": b"1"})


def test_media_types_of_all_files_are_told_to_hosts(exported: Exported, target: Path) -> None:
    told = set(re.findall(r"^/\*\.(\w+)$", (target / "_headers").read_text("utf-8"), re.MULTILINE))
    found = {path.suffix[1:] for path in target.rglob("*") if path.is_file() and path.suffix}
    assert found - told <= {"htaccess", "conf"}
    for name in ("hosting/nginx.conf", ".htaccess"):
        text = (target / name).read_text("utf-8")
        assert all(
            re.search(rf"[ .]{suffix}[;\n]", text) for suffix in ("ttl", "jsonld", "nt", "rdf", "html")
        )
