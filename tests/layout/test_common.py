"""Recognisers that several layouts share."""

from __future__ import annotations

import pytest

from dxlod.layout.common import accumulation_of


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("相談件数（累計）", "cumulative"),
        ("アクセス件数（年間）", "annual"),
        ("バスの年間利用者数", "annual"),
        ("年間の累計利用者数", "cumulative"),
        ("5年間の削減額", ""),
        ("3か年間の件数", ""),
        ("利用者数", ""),
    ],
)
def test_accumulation_is_what_the_name_prints(name: str, code: str) -> None:
    assert accumulation_of(name) == code
