"""Writing that survives a crash: everything is synced before it is renamed, and a rename is the last step."""

from __future__ import annotations

import fcntl
import gzip
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dxlod.errors import ReleaseError

__all__ = ["building", "flip", "install", "write_bytes", "write_gzip", "write_text"]

_ASIDE = ".building-"
_CHUNK = 1 << 20


def write_text(path: Path, pieces: Iterable[str]) -> None:
    """Write UTF-8 text with line feeds as they are and sync it to disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="", buffering=_CHUNK) as out:
        out.writelines(pieces)
        out.flush()
        os.fsync(out.fileno())


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes and sync them to disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def write_gzip(path: Path) -> Path:
    """Write `path`.gz beside a file, without time and name in its header, and sync it to disk."""
    target = path.with_name(f"{path.name}.gz")
    with path.open("rb") as source, target.open("wb") as out:
        with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=out, mtime=0) as packed:
            shutil.copyfileobj(source, packed, _CHUNK)
        out.flush()
        os.fsync(out.fileno())
    return target


@contextmanager
def building(releases: Path) -> Iterator[Path]:
    """A folder to build in, alone: a second build waits. Leftovers of killed builds are swept away.

    What is still in the folder at the end is removed; `install` moves it away first.
    """
    releases.mkdir(parents=True, exist_ok=True)
    with (releases / ".lock").open("w", encoding="utf-8") as lock:
        # The kernel lets go of the lock when the process ends, however it ends.
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in releases.glob(f"{_ASIDE}*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=releases))
        folder.chmod(0o755)
        try:
            yield folder
        except OSError as error:
            raise ReleaseError(
                f"リリースを書き込めません: {error.strerror}",
                f"The release cannot be written: {error}",
                mend_ja="空き容量と書き込み権限を確かめてください。公開中のリリースはそのままです。",
                mend_en="Check free space and permissions. The release being served is untouched.",
            ) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def install(folder: Path, target: Path) -> None:
    """Rename a finished folder into place; a damaged folder of that name is moved out of the way first."""
    for place, _, _ in os.walk(folder):
        _sync_folder(Path(place))
    damaged = target.with_name(f"{_ASIDE}damaged-{target.name}")
    if target.exists():
        os.rename(target, damaged)
    os.rename(folder, target)
    _sync_folder(target.parent)
    shutil.rmtree(damaged, ignore_errors=True)


def flip(releases: Path, version: str) -> None:
    """Point `current` at a version in one step."""
    link = releases / "current"
    if link.is_symlink() and os.readlink(link) == version:
        return
    fresh = releases / f"{_ASIDE}current"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(version)
    os.replace(fresh, link)
    _sync_folder(releases)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
