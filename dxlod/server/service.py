"""What every route needs, made once per release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from dxlod.release import Context, Release, load_context
from dxlod.server.metrics import Metrics
from dxlod.server.pool import QueryPool
from dxlod.server.remote import RemotePool
from dxlod.settings import SHARED, Settings
from dxlod.site.place import open_index
from dxlod.site.reader import SiteReader
from dxlod.site.render import Renderer

__all__ = ["Service", "example_path", "make_service"]

_INDICATOR = "<https://w3id.org/dxlod/ns#Indicator>"


@dataclass(frozen=True)
class Service:
    """One release being served. `example` is the path of one entity worth looking at, such as `/id/plan/…`."""

    release: Release
    settings: Settings
    pool: QueryPool | RemotePool
    context: Context
    example: str
    digest: str
    reader: SiteReader
    bases: tuple[str, ...] = field(default=())
    renderer: Renderer = field(default_factory=Renderer)

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Paths of the bases, which the server strips; the longest first."""
        paths = {urlsplit(base).path for base in self.bases} - {""}
        return tuple(sorted(paths, key=lambda path: (-len(path), path)))

    def candidates(self, path: str) -> tuple[str, ...]:
        """The IRIs that `/path` may stand for: the publisher's own first, then the shared one."""
        return tuple(f"{base}/{path}" for base in self.bases)

    def local(self, iri: str) -> str | None:
        """Path of an IRI on this server, None when it is not one of ours."""
        for base in self.bases:
            for place in ("id", "ns"):
                if iri.startswith((f"{base}/{place}/", f"{base}/{place}#")) or iri == f"{base}/{place}":
                    return iri[len(base) :]
        return None


def make_service(release: Release, settings: Settings, metrics: Metrics) -> Service:
    """The service over a release; its pool is not started yet."""
    return Service(
        release=release,
        settings=settings,
        pool=(RemotePool if settings.endpoint else QueryPool)(release, settings, metrics.query),
        context=load_context(settings.ontology / "context.jsonld"),
        example=example_path(release, settings),
        digest=release.digest,
        reader=open_index(release),
        bases=tuple(dict.fromkeys((settings.base, SHARED))),
    )


def example_path(release: Release, settings: Settings) -> str:
    """Path of the first indicator, or of the first thing of the publisher's own where there is none."""
    first = next(_subjects(release, _INDICATOR), None) or next(_subjects(release, ""), "")
    for base in (settings.base, SHARED):
        if first.startswith(f"{base}/id/"):
            return first[len(base) :]
    return "/id/fy/2025"


def _subjects(release: Release, type_term: str) -> Iterator[str]:
    wanted = f"#type> {type_term}"
    with release.quads.open(encoding="utf-8") as lines:
        for line in lines:
            if wanted in line and "/id/" in line.split(" ", 1)[0]:
                yield line[1 : line.index(">")]
