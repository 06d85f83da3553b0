"""Questions by theme: a long list that nobody reads becomes a few short ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dxlod.release.queries import Question

__all__ = ["THEMES", "Theme", "by_theme"]

THEMES: tuple[tuple[str, frozenset[str]], ...] = (
    ("words", frozenset({"search", "text search", "full text"})),
    ("tasks", frozenset({"task", "information system"})),
    ("laws", frozenset({"law", "upper plan", "national plan", "citation"})),
    ("departments", frozenset({"department", "collective"})),
    (
        "indicators",
        frozenset(
            {
                "KPI",
                "baseline",
                "target",
                "indicator",
                "falling target",
                "unit",
                "direction",
                "bound",
                "percent",
            }
        ),
    ),
    ("indicators", frozenset({"cumulative", "text target", "no indicator", "desired direction"})),
    (
        "schedule",
        frozenset({"phase", "schedule", "start", "start year", "fiscal year", "end", "long-running", "new"}),
    ),
    (
        "quality",
        frozenset({"correction", "provenance", "source line", "unknown", "quality", "inconsistency"}),
    ),
    ("topics", frozenset({"topic", "SDG", "comparison of cities"})),
    ("plans", frozenset()),
)
"""Themes by the last part of the message that heads them, with keywords of their questions; the first that fits counts."""


@dataclass(frozen=True)
class Theme:
    """Questions of one theme, in their order."""

    name: str
    questions: Sequence[Question]

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self.questions)


def by_theme(questions: Iterable[Question]) -> list[Theme]:
    """All questions, each in one theme, in the order of the first question of each theme."""
    found: dict[str, list[Question]] = {}
    for question in questions:
        found.setdefault(_theme(question), []).append(question)
    return [Theme(name, items) for name, items in found.items()]


def _theme(question: Question) -> str:
    return next(name for name, words in THEMES if not words or words.intersection(question.keywords))
