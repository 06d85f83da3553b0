"""What the README shows is what the release answers, and its commands exist."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from click.testing import CliRunner

from dxlod.cli import main

HOME = Path(__file__).resolve().parents[1]
README = HOME / "README.md"
BLOCK = re.compile(r"<!-- query: (?P<file>\S+) -->\n(?P<body>.*?)<!-- /query -->", re.DOTALL)


def rendered(query: str, answer: str) -> str:
    """The query without its prefixes and comments, and its answer as a table."""
    shown = "\n".join(line for line in query.splitlines() if not line.startswith(("PREFIX", "#")))
    rows = list(csv.reader(io.StringIO(answer, newline="")))
    table = [f"| {' | '.join(row)} |" for row in rows]
    table.insert(1, f"|{'---|' * len(rows[0])}")
    text = "\n".join(table).replace("https://w3id.org/dxlod/id/plan/", "…/")
    return f"```sparql\n{shown.strip()}\n```\n\n{text}\n"


def test_answers_are_those_of_the_release(releases: Path) -> None:
    blocks = list(BLOCK.finditer(README.read_text("utf-8")))
    assert len(blocks) == 3
    for block in blocks:
        query = HOME / block["file"]
        asked = ["query", "-f", str(query), "--format", "csv", "--releases", str(releases)]
        result = CliRunner().invoke(main, asked)
        assert result.exit_code == 0, result.output
        assert block["body"] == rendered(query.read_text("utf-8"), result.stdout), block["file"]


def test_every_target_and_command_it_names_exists() -> None:
    text = README.read_text("utf-8")
    makefile = (HOME / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:^|`|フォルダー )make ([a-z][a-z-]*)", text, re.MULTILINE))
    assert {"run", "test"} <= named <= targets
    assert set(re.findall(r"`dxlod ([a-z]+)", text)) <= set(main.commands)


def test_every_file_it_links_exists() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README.read_text("utf-8")):
        assert link.startswith("http") or (HOME / link).exists(), link
