"""The machine and the versions that numbers were measured with."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import time
from pathlib import Path

from dxlod import __version__

__all__ = ["facts"]


def facts(rivals: Path) -> dict[str, str]:
    """Names and values, and how busy the machine was with other things just before."""
    memory = int(Path("/proc/meminfo").read_text().split()[1]) >> 20
    return {
        "machine / 機械": f"{os.cpu_count()} cores, {_processor()}, {memory + 1} GiB, Linux {platform.release()}",
        "versions / 版": f"dxlod {__version__}, Python {platform.python_version()}, {_others(rivals)}, {_virtuoso()}",
        "others' use of the processors before the run / 測る前の、ほかの仕事による利用": f"{_busy():.0%}",
    }


def _processor() -> str:
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return found[1].strip() if found else platform.machine()


def _others(rivals: Path) -> str:
    command = [str(rivals / "bin" / "python"), "-m", "pip", "list", "--format=freeze"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    names = ("oxigraph", "rdflib", "rdflib-endpoint", "uvicorn")
    return ", ".join(line.replace("==", " ") for line in listed if line.split("==")[0] in names)


def _virtuoso() -> str:
    try:
        said = subprocess.run(["virtuoso-t", "--version"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "no Virtuoso"
    found = re.search(r"Version ([\d.]+)", said.stdout + said.stderr)
    return f"Virtuoso {found[1]}" if found else "Virtuoso"


def _busy() -> float:
    """Share of all processors that was in use over a second."""
    idle, total = _ticks()
    time.sleep(1)
    idle_then, total_then = _ticks()
    return 1 - (idle_then - idle) / max(1, total_then - total)


def _ticks() -> tuple[int, int]:
    ticks = [int(number) for number in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    return ticks[3] + ticks[4], sum(ticks[:8])
