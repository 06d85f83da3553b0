"""`dxlod verify`: in people's words, and with what to do."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from dxlod.cli import main
from dxlod.release import build_release
from dxlod.settings import Settings

SAMPLE = Path(__file__).parents[1] / "release" / "sample"


def test_a_flipped_byte_is_told_of(tmp_path: Path) -> None:
    settings = Settings(home=SAMPLE, data=tmp_path / "data", releases=tmp_path / "releases")
    with (SAMPLE / "quads.nq").open(encoding="utf-8") as lines:
        release = build_release(settings, lines, {"quads.nq": "0"}, lambda *_: None)
    arguments = ["verify", "--releases", str(settings.releases)]
    whole = CliRunner().invoke(main, arguments)
    assert (whole.exit_code, whole.stdout) == (0, "")
    dump = release.path / "dumps" / "all.nt"
    content = bytearray(dump.read_bytes())
    content[100] ^= 1
    dump.write_bytes(content)
    damaged = CliRunner().invoke(main, arguments)
    assert damaged.exit_code == 1
    assert damaged.stdout == "dumps/all.nt: 内容が目録と違います。 / Its SHA-256 is not the manifest's.\n"
    assert "Build it again with dxlod build." in damaged.stderr
