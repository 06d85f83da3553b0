"""What answers with data say of themselves in their headers: the licence, where they are described, that they are unofficial.

The data themselves are left as they are: a dump has the bytes that the manifest states.
"""

from __future__ import annotations

from collections import OrderedDict

from dxlod.release import Release

__all__ = ["NOTICE", "Imprints", "licence_of"]

NOTICE = "unofficial data derived from published plans; not official data of the municipality"
"""Headers are ASCII; in Japanese it stands in the title of every data set (/void) and on every page."""

_VOID = "void.nt"
_LICENCE = "<http://purl.org/dc/terms/license>"
_WHOLE = "/id/dataset/all>"
_KEPT = 16


class Imprints:
    """The headers for data of a release, kept for the last few releases."""

    def __init__(self) -> None:
        self._links: OrderedDict[str, str] = OrderedDict()

    def links(self, release: Release, root: str = "") -> str:
        """Value of a `Link` header (RFC 8288): licence (RFC 4946) and description; '' where the release has neither."""
        if release.version not in self._links:
            self._links[release.version] = licence_of(release)
            if len(self._links) > _KEPT:
                self._links.popitem(last=False)
        licence = self._links[release.version]
        found = [f'<{licence}>; rel="license"'] if licence else []
        if release.entry(_VOID) is not None:
            found.append(f'<{root}/void>; rel="describedby"')
        return ", ".join(found)

    def headers(self, release: Release, root: str = "") -> dict[str, str]:
        """`Link`, where there is something to link to, and the notice."""
        links = self.links(release, root)
        return {"X-Dxlod-Notice": NOTICE, **({"Link": links} if links else {})}


def licence_of(release: Release) -> str:
    """IRI of the licence that a release states for the whole of its data; '' where it states none."""
    if release.entry(_VOID) is None or not (release.path / _VOID).is_file():
        return ""
    with (release.path / _VOID).open(encoding="utf-8") as lines:
        for line in lines:
            subject, predicate, licence = line.split(" ", 2)
            if predicate == _LICENCE and subject.endswith(_WHOLE):
                return licence[1 : licence.index(">")]
    return ""
