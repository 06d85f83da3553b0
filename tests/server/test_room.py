"""Whether a store is held in memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dxlod.server.room import fits_memory, memory_bytes
from dxlod.settings import Settings


def test_a_store_is_held_in_memory_only_where_the_copies_of_all_workers_fit() -> None:
    few = replace(Settings(), query_workers=1, memory_store_limit=1 << 60)
    many = replace(few, query_workers=1000)
    large = memory_bytes() // 100
    assert fits_memory(large, few)
    assert not fits_memory(large, many)
    assert not fits_memory(memory_bytes(), few)


def test_a_limit_that_is_set_holds_in_any_case() -> None:
    settings = replace(Settings(), memory_store_limit=1000)
    assert fits_memory(1000, settings)
    assert not fits_memory(1001, settings)


def test_a_container_may_have_less_memory_than_the_machine(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text("1000000\n", encoding="ascii")
    assert memory_bytes(limit) == 1_000_000
    limit.write_text("max\n", encoding="ascii")
    assert memory_bytes(limit) == memory_bytes(tmp_path / "none") > 1_000_000
