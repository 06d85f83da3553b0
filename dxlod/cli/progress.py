"""Progress: a bar on a terminal, one line per stage elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

__all__ = ["Reporter"]

_NAMES = {
    "check": "表の点検 / check",
    "map": "変換 / map",
    "validate": "検証 / validate",
    "write": "書き出し / write",
    "install": "公開 / install",
}


class Reporter:
    """Told of a stage, how much is done and of how much (None: not known)."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream, highlight=False)
        self._bar = (
            Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=self._console,
            )
            if self._console.is_terminal
            else None
        )
        self._tasks: dict[str, TaskID] = {}
        self._seen: set[str] = set()

    def __enter__(self) -> Reporter:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        name = _NAMES.get(stage, stage)
        if self._bar is None:
            if stage not in self._seen:
                self._seen.add(stage)
                self._console.print(f"{name} …")
            return
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(name, total=total)
        self._bar.update(self._tasks[stage], completed=done, total=total)
