"""Hostile clients, all against one running service: others are served, nothing is broken or left behind."""

from __future__ import annotations

import asyncio
import os
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from dxlod.release import Release
from dxlod.settings import Settings

from .attacks import ATTACKS, Attack, Outcome
from .hostile import BOMBS, DUMP, ENDLESS, LIMITS, MEMORY, Watch, settle, throw, until
from .live import Live, descendants, live, open_files


@pytest.fixture(scope="module")
def service(settings: Settings, release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(settings, tmp_path_factory.mktemp("abuse"), **LIMITS) as started:
        yield started


@pytest.fixture
def attacked(service: Live) -> Iterator[Live]:
    """Afterwards the service answers as before, from processes that are all alive, with no file left open."""
    with service.client() as client:
        before = client.get("/sparql", params=DUMP)
        settle(client)
        processes, files = len(descendants(service.process.pid)), open_files(service.process.pid)
        yield service
        settle(client)
        after = client.get("/sparql", params=DUMP)
        assert (after.status_code, after.content, after.headers["etag"]) == (
            200,
            before.content,
            before.headers["etag"],
        )
        until(lambda: len(descendants(service.process.pid)) <= processes + 2)
        until(lambda: open_files(service.process.pid) <= files + 8)
    until(lambda: "Z" not in {state_of(pid) for pid in descendants(service.process.pid)})
    assert "Traceback" not in service.errors.read_text()


def state_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "gone"


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_meets_what_is_promised(attacked: Live, attack: Attack) -> None:
    outcome = attack.run(attacked)
    assert outcome.broken == []


def test_an_outcome_knows_what_breaks_a_promise() -> None:
    outcome = Outcome()
    cut = httpx.Response(200, headers={"Content-Length": "9", "Content-Type": "text/plain"}, content=b"short")
    for answer in (httpx.Response(500), httpx.Response(504), cut):
        outcome.take(answer, (200, 504), "x")
    assert outcome.broken == ["x: 500", "x: no Retry-After", "x: a 200 that is cut off"]
    assert outcome.statuses == {500: 1, 504: 1, 200: 1}


def test_the_table_has_every_attack_and_no_other() -> None:
    text = (Path(__file__).parents[2] / "docs" / "abuse.md").read_text(encoding="utf-8")
    rows = [row.split(" | ") for row in re.findall(r"^\| (.*) \|$", text, re.MULTILINE)]
    told = [row[0].partition("<br>")[2] for row in rows if "<br>" in row[0]]
    assert told == [attack.name for attack in ATTACKS]
    assert not re.search(
        "いいえ|no", " ".join(" ".join(row[4:]) for row in rows if row[0].partition("<br>")[2] in told)
    )


def test_bombs_of_every_kind_at_once(attacked: Live) -> None:
    bombs = {f"{group}, {name}": text for group, texts in BOMBS.items() for name, text in texts.items()}
    outcome = Outcome()
    with Watch(attacked) as watch:
        for name, (answer, _) in zip(bombs, throw(attacked, list(bombs.values()), 8), strict=True):
            outcome.take(answer, ENDLESS, name)
            assert answer.status_code not in (503, 504) or len(answer.text.splitlines()) == 2, name
    assert outcome.broken == []
    assert outcome.statuses[503] + outcome.statuses[504] >= len(bombs) - 4
    assert set(watch.asked) == {200}
    # Two slow ones, eight held that had hardly begun, and what the service needs itself.
    assert watch.most < 10 * MEMORY


async def _flood(service: Live, requests: list[bytes], seconds: float) -> Counter[int]:
    """Eight clients with kept connections, each in its own order."""
    statuses: Counter[int] = Counter()
    end = time.monotonic() + seconds

    async def client(seed: int) -> None:
        chosen = random.Random(seed)
        while time.monotonic() < end:
            async with httpx.AsyncClient(base_url=service.origin, timeout=60) as http:
                for _ in range(200):
                    query = chosen.choice(requests).decode()
                    statuses[(await http.post("/sparql", data={"query": query})).status_code] += 1
                    if time.monotonic() > end:
                        return

    await asyncio.gather(*(client(seed) for seed in range(8)))
    return statuses


@pytest.mark.soak
def test_minutes_of_everything_leave_no_trace_in_memory(attacked: Live) -> None:
    """Ten minutes (DXLOD_SOAK_SECONDS) of bombs and small queries; the web process may grow by 30 MB at most."""
    seconds = float(os.environ.get("DXLOD_SOAK_SECONDS", "600"))
    small = [f"SELECT * {{?s ?p ?o}} LIMIT {n}".encode() for n in range(1, 60)] * 5
    mix = small + [query.encode() for texts in BOMBS.values() for query in texts.values()]
    asyncio.run(_flood(attacked, mix, min(seconds / 5, 60)))
    before = rss(attacked.process.pid)
    with Watch(attacked) as watch:
        statuses = asyncio.run(_flood(attacked, mix, seconds))
    assert set(statuses) <= {200, 400, 503, 504}
    assert statuses[200] > 1000
    assert watch.asked[200] > 0.98 * watch.asked.total()
    assert watch.most < 10 * MEMORY
    assert rss(attacked.process.pid) < before + (30 << 20)


def rss(pid: int) -> int:
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) * 1024  # type: ignore[union-attr]
