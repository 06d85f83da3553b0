"""Every attack of tests/server/attacks.py on a running service, and what came of it as a table.

    python benchmarks/abuse.py [--releases FOLDER] [--write]

The service runs on loopback over the current release of FOLDER, or over one that is built for it. After each attack it is
asked for all its data again. `--write` writes docs/abuse.md. The table states no times of this machine, only whether what
is promised was kept.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402
from click.testing import CliRunner  # noqa: E402

from dxlod.cli import main as dxlod  # noqa: E402
from dxlod.settings import Settings  # noqa: E402
from tests.server.attacks import ATTACKS, Attack, Outcome  # noqa: E402
from tests.server.hostile import ASK, DUMP, LIMITS, settle  # noqa: E402
from tests.server.live import Live, live  # noqa: E402

PAGE = ROOT / "docs" / "abuse.md"
MOST_LATE = 0.2
QUEUE = float(str(LIMITS["queue_timeout"]))
HEAD = """# 攻撃とその結果 / Abuse table

`python benchmarks/abuse.py --write` が書いたものです。動いているサービスに攻撃をひとつずつ行い、そのつど、すべてのデータを問い合わせ直して
前と比べます（「データ」は答え全体の SHA-256 が同じこと、「その後」は軽い問い合わせ・ページ・ファイルに前と同じ答えが返ること）。同じ攻撃を
`tests/server/test_abuse.py` が試験します（名前は `tests/server/attacks.py` と一致しなければなりません）。約束の全体は
[threat-model.md](threat-model.md) にあります。

Written by `python benchmarks/abuse.py --write`: each attack is made on a running service, which is then asked for all its
data again (“data”: the SHA-256 of the whole answer is the same; “afterwards”: a cheap query, a page and a file are answered
as before). The same attacks are tests (`tests/server/test_abuse.py`; the names must be those of `tests/server/attacks.py`).
What the service promises as a whole is in [threat-model.md](threat-model.md).

締切 / deadline: {timeout} s。「遅れ」は、答えが締切を {late} s より過ぎなかったか。待ち行列に並ぶ攻撃では、並ぶ時間（{queue} s まで）を除く。
“Late”: whether every answer came within {late} s after the deadline; where requests must queue, the time in the queue
(at most {queue} s) does not count.

| 攻撃 / Attack | 送ったもの / Sent | 約束 / Promise | 答え / Answers | 遅れ / Late | 守られた / Kept | その後 / Afterwards | データ / Data |
|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class State:
    """What the service answers: digest and entity tag of all data, and statuses of simple things."""

    data: tuple[int, str, str]
    simple: tuple[tuple[str, int, str], ...]


def state_of(client: httpx.Client) -> State:
    settle(client)
    answer = client.get("/sparql", params=DUMP)
    digest = hashlib.sha256(answer.content).hexdigest()
    simple = []
    for path, params in (("/sparql", ASK), ("/", {}), ("/dumps/all.nt", {})):
        found = client.get(path, params=params)
        simple.append((path, found.status_code, found.headers.get("etag", "")))
    return State((answer.status_code, digest, answer.headers.get("etag", "")), tuple(simple))


def row(attack: Attack, outcome: Outcome, before: State, after: State) -> str:
    """One line of the table; raises where the service does not answer all its data at all."""
    assert before.data[0] == 200
    statuses = ", ".join(str(status) for status, count in sorted(outcome.statuses.items()) if count)
    allowed = MOST_LATE + (QUEUE if attack.name == "200 at once" else 0)
    cells = (
        f"{attack.ja}<br>{attack.name}",
        "<br>".join(attack.sent),
        "<br>".join(attack.promise),
        statuses or "–",
        "–" if outcome.late is None else yes(outcome.late <= allowed, "以内 / within", "超過 / past it"),
        yes(not outcome.broken),
        yes(after.simple == before.simple, "前と同じ / as before", "違う / differs"),
        yes(after.data == before.data, "前と同じ / unchanged", "違う / differs"),
    )
    return f"| {' | '.join(cells)} |\n"


def yes(fine: bool, good: str = "はい / yes", bad: str = "いいえ / NO") -> str:
    return good if fine else f"**{bad}**"


def table(service: Live) -> Iterator[str]:
    with service.client() as client:
        before = state_of(client)
        for attack in ATTACKS:
            outcome = attack.run(service)
            late = "" if outcome.late is None else f", {outcome.late:+.2f} s"
            sys.stderr.write(f"{attack.name}: {dict(outcome.statuses)}{late} {outcome.broken or ''}\n")
            yield row(attack, outcome, before, state_of(client))


@contextmanager
def serving(releases: Path | None, folder: Path) -> Iterator[Live]:
    if releases is None:
        releases = folder / "releases"
        built = CliRunner().invoke(
            dxlod, ["build", "--data", str(ROOT / "data"), "--releases", str(releases)]
        )
        assert built.exit_code == 0, built.output
    with live(Settings(releases=releases), folder, **LIMITS) as service:
        yield service


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--releases", type=Path, help="folder with a current release")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, serving(asked.releases, Path(name)) as service:
        head = HEAD.format(timeout=LIMITS["query_timeout"], late=MOST_LATE, queue=f"{QUEUE:g}")
        text = head + "".join(table(service))
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
