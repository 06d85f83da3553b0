"""Runs a build that is killed (SIGKILL) as it is about to touch the file system for the n-th time.

    python deadly.py LIMIT COUNT-FILE FOLDER[:FOLDER…] data ARGUMENT…          dxlod ARGUMENT…
    python deadly.py LIMIT COUNT-FILE FOLDER[:FOLDER…] quads HOME NAME DATE    the quads of a sample

Counted are files opened for writing, renames, links, removals and folders made, below the folders. A run that is not
killed (LIMIT 0) writes the number of times to the count file.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

_EVENTS = (
    "os.rename",
    "os.link",
    "os.symlink",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "shutil.rmtree",
    "sqlite3.connect",
)
_WRITING = os.O_WRONLY | os.O_RDWR


class Death:
    """Counts what a process does to files, and ends it at the limit."""

    def __init__(self, limit: int, folders: list[str]) -> None:
        self.limit = limit
        self.folders = tuple(folders)
        self.count = 0

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in _EVENTS or (event == "open" and self._writes(*arguments[1:3])):
            places = (
                os.fsdecode(item) for item in arguments[:2] if isinstance(item, str | bytes | os.PathLike)
            )
            if any(place.startswith(self.folders) for place in places):
                self.count += 1
                if self.count == self.limit:
                    os.kill(os.getpid(), signal.SIGKILL)

    @staticmethod
    def _writes(mode: object, flags: object) -> bool:
        return bool(set(str(mode or "")) & set("wax+")) or (isinstance(flags, int) and bool(flags & _WRITING))


def _build(home: Path, name: str, date: str) -> None:
    from dxlod.release import build_release
    from dxlod.settings import Settings

    settings = Settings(home=home, data=home.parent / "data", releases=home.parent / "releases")
    with (home / "quads.nq").open(encoding="utf-8") as lines:
        build_release(settings, lines, {"quads.nq": name}, lambda *_: None, publish=date)


def _main(limit: str, count: str, folders: str, kind: str, *arguments: str) -> None:
    death = Death(int(limit), folders.split(":"))
    sys.addaudithook(death)
    if kind == "data":
        from dxlod.cli import main

        main(arguments, standalone_mode=False)
    else:
        _build(Path(arguments[0]), *arguments[1:])
    Path(count).write_text(f"{death.count}", "utf-8")


if __name__ == "__main__":
    _main(*sys.argv[1:])
