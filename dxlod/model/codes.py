"""Codes with check digits: 全国地方公共団体コード and 法人番号."""

from __future__ import annotations

__all__ = ["corporate_number", "is_local_government_code", "local_government_check_digit"]


def local_government_check_digit(five: str) -> int:
    """Check digit of a local government code: ``(11 − (6a+5b+4c+3d+2e) mod 11) mod 10``."""
    total = sum(int(digit) * weight for digit, weight in zip(five, (6, 5, 4, 3, 2), strict=True))
    return (11 - total % 11) % 10


def is_local_government_code(code: str) -> bool:
    """Whether a text is six ASCII digits with a matching check digit."""
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return False
    return local_government_check_digit(code[:5]) == int(code[5])


def corporate_number(code: str) -> str:
    """法人番号 of a local government, computed: check digit + ``000020`` + code."""
    body = f"000020{code}"
    total = sum(int(d) * (1 if n % 2 == 1 else 2) for n, d in enumerate(reversed(body), start=1))
    return f"{9 - total % 9}{body}"
