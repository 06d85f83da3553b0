"""IDs are allotted once: a correction never renumbers, a vanished row's ID is retired."""

from __future__ import annotations

from dxlod.table.register import Claim, Register

SCOPE = ("dx", "2024", "initiative")


def again(register: Register) -> Register:
    return Register.load(register.code, register.rows())


def test_printed_numbers_are_keys_and_others_are_counted() -> None:
    register = Register("212075")
    assert register.allot(SCOPE, "1-2", [Claim("", "窓口"), Claim("7", "申請"), Claim("", "決済")]) == [
        "1-2-1",
        "1-2-7",
        "1-2-2",
    ]


def test_the_same_rows_get_the_same_keys_in_any_order() -> None:
    register = Register("212075")
    register.allot(SCOPE, "1", [Claim("", "窓口"), Claim("", "申請"), Claim("", "決済")])
    assert again(register).allot(SCOPE, "1", [Claim("", "決済"), Claim("", "窓口")]) == ["1-3", "1-1"]


def test_a_corrected_title_keeps_its_key() -> None:
    register = Register("212075")
    register.allot(SCOPE, "1", [Claim("", "デジタルデバインド対策の講座"), Claim("", "決済")])
    assert again(register).allot(
        SCOPE, "1", [Claim("", "デジタルデバイド対策の講座"), Claim("", "決済")]
    ) == ["1-1", "1-2"]


def test_a_vanished_row_is_retired_and_its_key_not_given_again() -> None:
    register = Register("212075")
    register.allot(SCOPE, "1", [Claim("", "窓口"), Claim("", "申請")])
    second = again(register)
    second.allot(SCOPE, "1", [Claim("", "申請")])
    assert [entry.key for entry in second.retire_unclaimed("dx", "2024", ["initiative"])] == ["1-1"]
    third = again(second)
    assert third.allot(SCOPE, "1", [Claim("", "申請"), Claim("", "まったく別の話題")]) == ["1-2", "1-3"]


def test_two_rows_with_one_number_are_both_rows() -> None:
    register = Register("212016")
    keys = register.allot(SCOPE, "", [Claim("37", "奨学金"), Claim("37", "奨学金")])
    assert keys == ["37", "37_2"]
    assert again(register).allot(SCOPE, "", [Claim("37", "奨学金"), Claim("37", "奨学金")]) == keys
