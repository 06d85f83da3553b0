"""The tour shows each of its pictures, and none is heavy."""

from __future__ import annotations

import re
from pathlib import Path

from browser.tour import LARGEST, SHOTS, TARGET

TOUR = Path(__file__).resolve().parents[1] / "docs" / "tour.md"


def test_every_picture_is_taken_shown_and_light() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(tour/(\w+)\.png\)", TOUR.read_text("utf-8"))
    assert shown == [shot.name for shot in SHOTS]
    assert len(shown) <= 8
    assert {path.stem for path in TARGET.iterdir()} == set(shown)
    assert all(path.stat().st_size <= LARGEST for path in TARGET.iterdir())
