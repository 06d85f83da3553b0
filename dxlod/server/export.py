"""The whole site as plain files for any web server (`dxlod export`): asked of the application itself, so both agree.

Exported are the pages in Japanese (`about.html`) and English (`en/about.html`), every entity as a page and in every
RDF format, every file of the release that is served, the catalogue and the CKAN-shaped answers. What is there is read
from the release, from the table of routes and from the links of the pages.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from fastapi import FastAPI

from dxlod.release import GRAPH_FORMATS, Release
from dxlod.server.app import create_app
from dxlod.server.ckan_actions import ACTIONS
from dxlod.server.export_folder import ExportFolder, exporting
from dxlod.server.export_hosts import HostFiles, host_files
from dxlod.server.export_pages import Site, file_of, links_of, local_target, needs_service, relinked
from dxlod.server.export_routes import fixed_paths, numbered, suffixed
from dxlod.server.inside import Answer, Inside
from dxlod.settings import SHARED, Settings

__all__ = ["Exported", "export"]

Progress = Callable[[str, int, int | None], None]

_HTML = "text/html,*/*;q=0.5"
_AT_ONCE = 4
_STEP = 50
_SAFE = "/:@!$'()*+,;=~-._"
_MEDIA = {item.media_type: item.suffix for item in GRAPH_FORMATS} | {"application/json": "json"}
_MOST = 1000
"""Most packages that one answer of CKAN's search has."""
_ACTIONS = "api/3/action"
_PACKAGES = "ckan.json"
_NOWHERE = "/there-is-no-such-page"


@dataclass(frozen=True)
class Exported:
    """What was written: number of files, their bytes, and links of the service that led nowhere."""

    files: int
    bytes: int
    broken: tuple[str, ...]


@dataclass
class _Export:
    """An export under way. `files` gives the file of each target taken, `pages` the path of each page by its file."""

    inside: Inside
    folder: ExportFolder
    tell: Progress
    queue: deque[str] = field(default_factory=deque)
    known: set[str] = field(default_factory=set)
    files: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    done: int = 0

    def want(self, targets: Iterable[str]) -> None:
        """Have these targets fetched, each once."""
        for target in targets:
            if target not in self.known:
                self.known.add(target)
                self.queue.append(target)

    async def run(self) -> None:
        """Fetch what is wanted, and what that leads to, until there is no more."""
        while self.queue:
            some = [self.queue.popleft() for _ in range(min(_AT_ONCE, len(self.queue)))]
            await asyncio.gather(*(self._take(target) for target in some))
            self.done += len(some)
            if self.done % _STEP < _AT_ONCE or not self.queue:
                self.tell("export", self.done, self.done + len(self.queue))

    async def _take(self, target: str) -> None:
        answer = await self.inside.get(target, _HTML)
        place = answer.headers.get("location", "")
        if answer.status in (301, 302, 303, 307, 308) and place:
            self._follow(target, place)
        elif answer.status == 200 and "no-store" not in answer.headers.get("cache-control", ""):
            self._keep(target, answer)

    def _follow(self, target: str, place: str) -> None:
        aim = local_target(self.inside.path_of(place), target.partition("?")[0], self.inside.root)
        if aim is not None and not needs_service(aim.partition("?")[0]):
            self.moved[target] = aim
            self.want([aim])

    def _keep(self, target: str, answer: Answer) -> None:
        page = answer.media_type == "text/html"
        file = file_of(target, page=page) if page else _data_file(target, answer)
        self.files[target] = file
        self.media[file] = answer.media_type or "application/octet-stream"
        self.folder.write(file, answer.body)
        if page:
            path = target.partition("?")[0]
            self.pages[file] = path
            self.want(links_of(answer.body.decode(), path, self.inside.root))

    def settle(self) -> None:
        """Give redirected targets the file they lead to; where a host may not redirect, there is a copy."""
        for target in self.moved:
            aim = self.moved[target]
            file = self.files.get(aim)
            if file is None:
                continue
            self.files[target] = file
            if target.startswith("/.well-known/"):
                self.media[target[1:]] = self.media[file]
                self.folder.write(target[1:], self.folder.read(file))

    def relink(self, service: str) -> set[str]:
        """Make the links of all pages lead to files; the targets of those that lead nowhere."""
        site = Site(self.inside.root, self.files, service)
        broken: set[str] = set()
        for file, path in sorted(self.pages.items()):
            text, lost = relinked(self.folder.read(file).decode(), path, file, site)
            self.folder.write(file, text.encode())
            broken |= {target for target in lost if not _left_out(target)}
        return broken


def export(
    release: Release,
    settings: Settings,
    target: Path,
    *,
    service: str = "",
    force: bool = False,
    progress: Progress | None = None,
) -> Exported:
    """Write the site of this release to a folder, in place of an earlier export.

    `service` is the URL of a running service, to which search and SPARQL lead; without it they are left out. `force`
    lets a folder that is no export be replaced. ReleaseError for what `exporting` refuses.
    """
    with exporting(target, release.version, force=force) as folder:
        broken = asyncio.run(_export(release, settings, folder, service.rstrip("/"), progress or _silent))
    sizes = [(target / name).stat().st_size for name in folder.files]
    return Exported(len(sizes), sum(sizes), tuple(sorted(broken)))


async def _export(
    release: Release, settings: Settings, folder: ExportFolder, service: str, tell: Progress
) -> set[str]:
    app = create_app(release, settings)
    async with app.router.lifespan_context(app):
        run = _Export(Inside(app, _place(settings)), folder, tell)
        run.want(_beginnings(app, release, settings))
        await run.run()
        await _numbered(app, run)
        if release.entry(_PACKAGES):
            await _actions(run)
        run.settle()
        nowhere = await run.inside.get(_NOWHERE, _HTML)
        broken = run.relink(service)
        folder.write("404.html", _not_found(nowhere, run, service))
    for name, text in host_files(_facts(run)).items():
        folder.write(name, text.encode())
    return broken


def _place(settings: Settings) -> str:
    """The URL the site is made for: where it is said to be reached, else the base; the shared one stands at the top of
    whatever host its redirects lead to."""
    if settings.site or settings.base != SHARED:
        return settings.site or settings.base
    return "{0.scheme}://{0.netloc}".format(urlsplit(SHARED))


def _beginnings(app: FastAPI, release: Release, settings: Settings) -> Iterator[str]:
    """Where to begin: fixed routes in both languages, files of the release, entities in every format."""
    for path in fixed_paths(app):
        if not needs_service(path):
            yield path
            yield f"/en{path}"
    yield from suffixed(app, ("html", "json", *(item.suffix for item in GRAPH_FORMATS)))
    yield "/manifest.json"
    yield from (f"/{quote(entry.path, safe=_SAFE)}" for entry in release.manifest.files)
    yield from _entities(release, settings)


def _entities(release: Release, settings: Settings) -> Iterator[str]:
    for path in _paths(release, (settings.base, SHARED)):
        place = f"/doc/{quote(path, safe=_SAFE)}"
        yield place
        yield f"/en{place}"
        yield from (f"{place}.{item.suffix}" for item in GRAPH_FORMATS)


def _paths(release: Release, bases: Iterable[str]) -> list[str]:
    """What follows /id/ in the IRIs of everything that is described, sorted."""
    starts = tuple(f"<{base}/id/" for base in bases)
    found: set[str] = set()
    with release.quads.open(encoding="utf-8") as lines:
        for line in lines:
            start = next((start for start in starts if line.startswith(start)), "")
            if start:
                found.add(line[len(start) : line.index(">")])
    return sorted(found)


async def _numbered(app: FastAPI, run: _Export) -> None:
    """Routes that take a number: from 1 on, as long as there is something."""
    for path_of in numbered(app):
        number = 1
        while (await run.inside.get(path_of(number), _HTML)).status == 200:
            run.want([path_of(number), f"/en{path_of(number)}"])
            number += 1
    await run.run()


async def _actions(run: _Export) -> None:
    """CKAN's answers: a file for each action that can be asked without parameters; where they are about one thing,
    asked for by `?id=`, a file for each, named by its id."""
    for action in sorted(ACTIONS):
        await _action(run, action, action)
    await _action(run, "package_search", f"package_search?rows={_MOST}")
    for kind, names in _named(run).items():
        for name in sorted(names):
            await _action(run, f"{kind}_show/{name}", f"{kind}_show?id={quote(name)}")
            run.want([f"/dataset/{quote(name)}"] if kind == "package" else [])
    await run.run()


async def _action(run: _Export, name: str, target: str) -> None:
    answer = await run.inside.get(f"/{_ACTIONS}/{target}")
    if answer.status == 200:
        file = f"{_ACTIONS}/{name}"
        run.files[f"/{file}"], run.media[file] = file, answer.media_type
        run.folder.write(file, answer.body)


def _named(run: _Export) -> dict[str, set[str]]:
    """Names and ids of all packages, their resources and organizations."""
    found: dict[str, set[str]] = {"organization": set(), "package": set(), "resource": set()}
    search = run.files.get(f"/{_ACTIONS}/package_search")
    for package in json.loads(run.folder.read(search))["result"]["results"] if search else ():
        found["package"] |= {package["name"], package["id"]}
        found["organization"] |= {package["organization"]["name"], package["organization"]["id"]}
        found["resource"] |= {item["id"] for item in package["resources"]}
    return found


def _data_file(target: str, answer: Answer) -> str:
    """The file of data: with the suffix of its format where its address has none, except where software wants none."""
    name = file_of(target, page=False)
    if name.startswith((".well-known/", "api/")) or _suffix(name):
        return name
    suffix = _MEDIA.get(answer.media_type)
    return f"{name}.{suffix}" if suffix else name


def _left_out(target: str) -> bool:
    """Whether a target is without a file because it needs a service, or is one of too many variants of a page."""
    path, _, query = target.partition("?")
    return bool(query) or needs_service(path.removeprefix("/en") if path.startswith("/en/") else path)


def _not_found(answer: Answer, run: _Export, service: str) -> bytes:
    """The page for what is not there: it is shown at any depth, so its links start at the top of the host."""
    site = Site(run.inside.root, run.files, service)
    text, _ = relinked(answer.body.decode(), _NOWHERE, "404.html", site)
    return text.replace("<head>", '<head>\n<base href="/">', 1).encode()


def _facts(run: _Export) -> HostFiles:
    """What hosts have to be told: the media types as the service gave them, the commonest of a suffix for the suffix."""
    kinds: dict[str, Counter[str]] = {}
    for file, kind in run.media.items():
        kinds.setdefault(_suffix(file), Counter())[kind] += 1
    usual = {suffix: max(sorted(found), key=found.__getitem__) for suffix, found in kinds.items() if suffix}
    odd = {file: kind for file, kind in sorted(run.media.items()) if usual.get(_suffix(file)) != kind}
    shown = {name.rpartition("/")[0] for name in run.folder.files if name.startswith(f"{_ACTIONS}/")}
    moved = {path: aim for path, aim in run.moved.items() if path.startswith("/dataset")}
    return HostFiles(usual, odd, tuple(sorted(shown - {_ACTIONS})), moved)


def _suffix(file: str) -> str:
    """The suffix of a file's name; '' where what follows the last dot is none, as in a version."""
    suffix = file.rpartition("/")[2].rpartition(".")[2]
    return suffix if "." in file.rpartition("/")[2] and suffix.isalpha() else ""


def _silent(stage: str, done: int, total: int | None) -> None:
    """Progress nobody watches."""
