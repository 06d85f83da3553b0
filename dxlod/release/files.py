"""Writing that survives a crash: everything is synced before it is renamed, and a rename is the last step."""

from __future__ import annotations

import fcntl
import filecmp
import gzip
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dxlod.errors import ReleaseError

__all__ = [
    "alone",
    "building",
    "discard",
    "flip",
    "held",
    "install",
    "mend",
    "replace_text",
    "reuse_file",
    "write_bytes",
    "write_gzip",
    "write_text",
]

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


def replace_text(path: Path, text: str) -> None:
    """Put a text in a file's place in one step: whoever reads it sees the old or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{_ASIDE}{os.getpid()}-{path.name}.part")
    try:
        write_text(aside, [text])
        os.replace(aside, path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def reuse_file(source: Path, target: Path) -> None:
    """The same file under another name: a second name for it where the file system has those, else a copy."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        write_bytes(target, source.read_bytes())


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep a release from being discarded for as long as this lasts."""
    with _locked(folder, fcntl.LOCK_SH):
        yield


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only one to write to a folder, which is made if there is none; others wait."""
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder, fcntl.LOCK_EX):
        for left in folder.glob(f"{_ASIDE}*.part"):
            left.unlink(missing_ok=True)
        yield


def discard(folder: Path) -> bool:
    """Remove a folder, in one step, unless somebody holds it; True when it is gone."""
    aside = folder.with_name(f"{_ASIDE}old-{folder.name}")
    try:
        with _locked(folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
            os.rename(folder, aside)
    except BlockingIOError:
        return False
    _remove(aside)
    return True


@contextmanager
def building(releases: Path) -> Iterator[Path]:
    """A folder to build in, alone: a second build waits. Leftovers of killed builds are swept away.

    What is still in the folder at the end is removed; `install` moves it away first. ReleaseError where the disk is
    full or may not be written to.
    """
    try:
        releases.mkdir(parents=True, exist_ok=True)
        with (releases / ".lock").open("w", encoding="utf-8") as lock:
            # The kernel lets go of the lock when the process ends, however it ends.
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left in releases.glob(f"{_ASIDE}*"):
                _remove(left)
            yield from _aside(releases)
    except OSError as error:
        raise ReleaseError(
            f"リリースを書き込めません: {error.strerror}",
            f"The release cannot be written: {error}",
            mend_ja="空き容量と書き込み権限を確かめてください。公開中のリリースはそのままです。",
            mend_en="Check free space and permissions. The release being served is untouched.",
        ) from error


def _aside(releases: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=releases))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def install(folder: Path, target: Path) -> None:
    """Rename a finished folder into place, where there is none yet."""
    _sync_tree(folder)
    os.rename(folder, target)
    _sync_folder(target.parent)


def mend(folder: Path, target: Path) -> None:
    """Make a damaged folder equal to `folder`, file by file: it is always there and never less whole than before."""
    names = {
        path.relative_to(root)
        for root in (folder, target)
        for path in root.rglob("*")
        if not _is_folder(path)
    }
    for name in sorted(names):
        if not _is_file(folder / name):
            _remove(target / name)
        elif not _is_file(target / name) or not filecmp.cmp(folder / name, target / name, shallow=False):
            _make_way(target, name)
            os.replace(folder / name, target / name)
    _sync_tree(target)


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


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _make_way(root: Path, name: Path) -> None:
    """Let a file of this name be put below the root, whatever is in its way."""
    for above in [root / parent for parent in reversed(name.parents)]:
        if not _is_folder(above):
            _remove(above)
            above.mkdir()
    if _is_folder(root / name):
        _remove(root / name)


def _remove(path: Path) -> None:
    """Remove whatever is there; a folder as far as it can be."""
    if _is_folder(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    """The kernel lets go of the lock when the process ends, however it ends."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def _sync_tree(folder: Path) -> None:
    for place, _, _ in os.walk(folder):
        _sync_folder(Path(place))


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
