"""A text is found again in its printed widths, wherever white space and dashes stand."""

from __future__ import annotations

import pytest

from dxlod.model.text import as_printed, fold


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("2 業務改革（BPR）の推進", "業務改革(BPR)の推進", "業務改革（BPR）の推進"),
        ("4 DX推進体制", "DX推進体制", "DX推進体制"),
        ("「ＤＸ計画」とサーバー", "サ-バ-", "サーバー"),
        ("㌔の計画", "計画", "計画"),
        ("業務改革", "別の名称", ""),
    ],
)
def test_the_characters_that_fold_to_it(text: str, wanted: str, found: str) -> None:
    assert as_printed(text, fold(wanted)) == found
