"""Where the index of a release is: beside its files, else in a cache where it is made when it is not there."""

from __future__ import annotations

import tempfile
from pathlib import Path

from dxlod.errors import StoreError
from dxlod.release.manifest import Release
from dxlod.site.index import INDEX, extra_files, index_key, write_index
from dxlod.site.reader import SiteReader

__all__ = ["open_index"]


def open_index(release: Release) -> SiteReader:
    """The index of this release and no other, made now if need be (a second for each 30,000 triples or so).

    It is looked for in the release and in `.cache/site` beside the releases; made there, or where that cannot be written
    to, in a folder of its own that goes when the reader is closed. StoreError when there is no room for it anywhere.
    """
    key = index_key(release)
    cached = release.path.parent / ".cache" / "site" / f"{key[:16]}.sqlite"
    for path in (release.path / INDEX, cached):
        reader = _open(path, key)
        if reader is not None:
            return reader
    try:
        write_index(release.quads, cached, extra_files(release.path))
        return SiteReader.open(cached)
    except OSError:
        return _temporary(release)


def _temporary(release: Release) -> SiteReader:
    folder = tempfile.TemporaryDirectory(prefix="dxlod-")
    try:
        path = Path(folder.name) / "site.sqlite"
        write_index(release.quads, path, extra_files(release.path))
    except OSError as error:
        folder.cleanup()
        raise StoreError(
            "ページの索引を書き込む場所がありません。",
            f"There is nowhere to write the index of the pages: {error}",
            mend_ja="リリースのフォルダの空き容量と書き込み権限を確かめてください。",
            mend_en="Check free space and permissions of the folder of releases.",
        ) from error
    return SiteReader(path, folder)


def _open(path: Path, key: str) -> SiteReader | None:
    try:
        reader = SiteReader.open(path)
    except StoreError:
        return None
    if reader.key == key and reader.is_whole():
        return reader
    reader.close()
    return None
