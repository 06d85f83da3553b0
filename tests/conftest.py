"""The release of the committed tables, built once for all tests (and all test processes) that ask it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from dxlod.cli import main

HOME = Path(__file__).resolve().parents[1]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With DXLOD_NO_SKIPS (``make test-all``) a skipped test fails the run: nothing passes by not being run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("DXLOD_NO_SKIPS") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("DXLOD_NO_SKIPS: some tests were skipped", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder with the current release. Test processes share it: a build that is there is not built again."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "releases-of-the-tables"
    result = CliRunner().invoke(main, ["build", "--data", str(HOME / "data"), "--releases", str(folder)])
    assert result.exit_code == 0, result.output
    return folder
