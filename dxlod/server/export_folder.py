"""The folder an export goes to: written aside, then put in place; what a person put there is never lost unasked."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dxlod.errors import ReleaseError

__all__ = ["LIST", "ExportFolder", "exporting"]

LIST = "export.json"
"""The list of what an export consists of; it marks the folder as one of ours."""


@dataclass
class ExportFolder:
    """An export being written aside. `files` are its paths, '/' between names."""

    aside: Path
    files: set[str] = field(default_factory=set)

    def write(self, name: str, content: bytes) -> None:
        """Add a file, or replace it."""
        path = self.aside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.files.add(name)

    def read(self, name: str) -> bytes:
        """A file that was written."""
        return (self.aside / name).read_bytes()


@contextmanager
def exporting(target: Path, version: str, *, force: bool = False) -> Iterator[ExportFolder]:
    """A folder aside that takes the target's place at the end, whole; the target stays as it is until then.

    What an earlier export left goes; files beside it that a person added stay, unless `force`. ReleaseError for a target
    that is no export and not empty (unless `force`), for a person's file in the way of ours, and for a disk that fails.
    """
    target = Path(os.path.realpath(target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _locked(target.parent):
            yield from _exporting(target, version, force)
    except OSError as error:
        raise ReleaseError(
            f"{target} に書き出せません: {error.strerror}",
            f"{target} cannot be written: {error}",
            mend_ja="空き容量と書き込み権限を確かめてください。前の内容はそのままです。",
            mend_en="Check free space and permissions. What was there before is untouched.",
        ) from error


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Be the only export into a folder; a second one waits. The kernel lets go when the process ends, however it ends."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _exporting(target: Path, version: str, force: bool) -> Iterator[ExportFolder]:
    ours = _listed(target)
    if ours is None and not force:
        raise _not_ours(target)
    for left in target.parent.glob(f".{target.name}.new-*"):
        shutil.rmtree(left)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
    aside.chmod(0o755)
    try:
        folder = ExportFolder(aside)
        yield folder
        folder.write(LIST, _list(version, folder.files))
        if not force:
            _keep(target, aside, set(_foreign(target, ours or set())), folder.files)
        os.sync()
        _swap(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _listed(target: Path) -> set[str] | None:
    """What an earlier export consists of; nothing for a folder that is not there or empty, None for a foreign one."""
    if not target.exists():
        return set()
    if not target.is_dir():
        return None
    if not any(target.iterdir()):
        return set()
    try:
        fields = json.loads((target / LIST).read_text(encoding="utf-8"))
        return {str(name) for name in fields["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _list(version: str, files: Iterable[str]) -> bytes:
    fields = {"release": version, "files": sorted({*files, LIST})}
    return (json.dumps(fields, ensure_ascii=False, indent=1) + "\n").encode()


def _foreign(target: Path, ours: set[str]) -> Iterator[str]:
    """Files in the target that are not of an earlier export."""
    for place, _, names in os.walk(target):
        for name in names:
            path = (Path(place) / name).relative_to(target).as_posix()
            if path not in ours:
                yield path


def _keep(target: Path, aside: Path, foreign: set[str], ours: set[str]) -> None:
    """Bring a person's files over. They are copied: the target stays whole until the last step."""
    clash = sorted(name for name in foreign if name in ours or (aside / name).is_dir())
    if clash:
        raise ReleaseError(
            f"{target} に、書き出しが作るものと同じ名前の別のファイルがあります: {clash[0]}",
            f"{target} has a file of its own where the export writes one: {clash[0]}",
            mend_ja="別の場所に移すか、--force を付けてください（フォルダーの中身は置き換わります）。",
            mend_en="Move it elsewhere, or say --force (which replaces the folder's content).",
        )
    for name in sorted(foreign):
        (aside / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(target / name, aside / name, follow_symlinks=False)


def _swap(aside: Path, target: Path) -> None:
    old = aside.with_name(f"{aside.name}.old")
    if target.exists():
        os.rename(target, old)
    os.rename(aside, target)
    if old.is_dir():
        shutil.rmtree(old)
    else:
        old.unlink(missing_ok=True)


def _not_ours(target: Path) -> ReleaseError:
    return ReleaseError(
        f"{target} は空ではなく、前の書き出しでもありません。",
        f"{target} is neither empty nor an earlier export.",
        mend_ja="空のフォルダーを指定するか、中身を消してよければ --force を付けてください。",
        mend_en="Name an empty folder, or say --force if its content may go.",
    )
