"""Python with CKAN and its harvesters, in an environment of its own below `build/`, made on first use."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

__all__ = ["ckan"]

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / "build" / "ckan-venv"
# What one needs of the others is not always said by their own metadata.
REQUIREMENTS = ("ckan[requirements]==2.12.0", "ckanext-dcat==2.4.4", "ckanext-harvest==1.6.3")
SIDE = Path(__file__).with_name("ckan_side.py")


def ckan(*arguments: str, given: object = None) -> Any:
    """What `ckan_side.py` prints."""
    python = _python()
    run = subprocess.run(
        [python, SIDE, *arguments],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=VENV,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout)


def _python() -> Path:
    """The interpreter; test processes that come at once wait for the one that makes it."""
    python, done = VENV / "bin" / "python", VENV / "complete"
    assert str(python) != sys.executable
    VENV.parent.mkdir(exist_ok=True)
    with (VENV.parent / "ckan-venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists() or done.read_text("utf-8") != "\n".join(REQUIREMENTS):
            venv.create(VENV, with_pip=True, clear=True)
            command = [
                str(python),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                *REQUIREMENTS,
            ]
            subprocess.run(command, check=True, capture_output=True)
            done.write_text("\n".join(REQUIREMENTS), "utf-8")
    return python
