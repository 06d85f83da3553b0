"""The example queries by theme."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dxlod.release.queries import Question, saved_questions
from dxlod.site.messages import load_messages
from dxlod.site.themes import THEMES, by_theme

FOLDER = Path(__file__).parents[1] / "competency"


def test_every_question_is_in_one_theme_that_has_a_name() -> None:
    questions = saved_questions(FOLDER)
    themes = by_theme(questions)
    assert sorted(q.name for theme in themes for q in theme.questions) == sorted(q.name for q in questions)
    assert sum(theme.size for theme in themes) == len(questions)
    assert {theme.name for theme in themes} == {name for name, _ in THEMES}
    assert all(f"query.theme_{theme.name}" in load_messages().messages for theme in themes)
    assert max(theme.size for theme in themes) <= 20


def test_the_first_theme_that_fits_counts_and_the_last_takes_the_rest() -> None:
    question = Question("q", "問", "Q", ("task", "law"), "ASK {}")
    plain = replace(question, name="r", keywords=("nothing",))
    assert [(theme.name, theme.questions) for theme in by_theme([question, plain])] == [
        ("tasks", [question]),
        ("plans", [plain]),
    ]
