"""Builds on a disk that gets full, and says what came of it as JSON: [[room, exit code, old release whole, leftovers], …].

    unshare --user --map-root-user --mount python full_disk.py tmpfs RELEASES BEFORE AFTER [SHARE…]  a file system of a few megabytes
    python full_disk.py limit RELEASES BEFORE AFTER [SHARE…]  files of limited length instead

BEFORE and AFTER are folders of tables. The first line is of a build with room, the last as well; the others have room
for these shares of what the first release takes.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

_PLENTY = 256 << 20


def _run(command: str, data: str, releases: str, longest: int = 0) -> int:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (longest, resource.RLIM_INFINITY))

    arguments = [sys.executable, "-m", "dxlod.cli", command, "--data", data, "--releases", releases]
    return subprocess.run(
        arguments, check=False, stdout=subprocess.DEVNULL, preexec_fn=limit if longest else None
    ).returncode


def _mount(releases: str, size: int, how: str = "") -> None:
    options = f"{how}size={size}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", releases], check=True)


def _main(means: str, releases: str, before: str, data: str, *shares: str) -> list[list[object]]:
    Path(releases).mkdir()
    if means == "tmpfs":
        _mount(releases, _PLENTY)
    told: list[list[object]] = [
        [_PLENTY, _run("build", before, releases), _run("verify", data, releases) == 0, []]
    ]
    used = sum(path.stat().st_blocks * 512 for path in Path(releases).rglob("*"))
    largest = max(path.stat().st_size for path in Path(releases).rglob("*"))
    for share in shares:
        room = int(float(share) * (used if means == "tmpfs" else largest)) + 4096
        if means == "tmpfs":
            _mount(releases, used + room, "remount,")
        code = _run("build", data, releases, 0 if means == "tmpfs" else room)
        left = sorted(path.name for path in Path(releases).glob(".building*"))
        told.append([room, code, _run("verify", data, releases) == 0, left])
    if means == "tmpfs":
        _mount(releases, _PLENTY, "remount,")
    told.append([_PLENTY, _run("build", data, releases), _run("verify", data, releases) == 0, []])
    return told


if __name__ == "__main__":
    print(json.dumps(_main(*sys.argv[1:])))  # noqa: T201
