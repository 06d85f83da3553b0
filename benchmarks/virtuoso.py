"""Virtuoso as Debian has it, with room for the data, on loopback; its store is filled once and used again."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path
from shutil import which
from typing import Final

from benchmarks.servers import VIRTUOSO, Recipe

__all__ = ["virtuoso_recipe"]

SERVER, CLIENT = "virtuoso-t", "isql-vt"
INI: Final = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
MaxCheckpointRemap = {remap}
CheckpointInterval = 0
ServerThreads = 30
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 20
MaxKeepAlives = 20
KeepAliveTimeout = 60
[SPARQL]
ResultSetMaxRows = 10000000
MaxQueryExecutionTime = {deadline}
"""
# Pages of 8 KiB: its makers ask for some 85,000 a gibibyte; a million quads fit in a quarter of that.
PAGES_PER_MILLION: Final = 40_000


def virtuoso_recipe(folder: Path, nquads: Path, triples: int) -> Recipe | None:
    """How to start it, or None where it is not installed."""
    if which(SERVER) is None or which(CLIENT) is None:
        return None
    home = folder / "virtuoso"
    home.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        sql = int(free.getsockname()[1])
    buffers = max(40_000, PAGES_PER_MILLION * triples // 1_000_000)

    def command(port: int, deadline: float) -> list[str]:
        text = INI.format(
            sql=sql, http=port, buffers=buffers, dirty=buffers * 3 // 4, remap=buffers // 4, folder=nquads.parent,
            deadline=int(deadline),
        )  # fmt: skip
        (home / "virtuoso.ini").write_text(text, encoding="utf-8")
        return [SERVER, "+configfile", "virtuoso.ini", "+foreground"]

    def fill(_port: int) -> None:
        done = home / ".filled"
        if not done.exists():
            _load(sql, nquads)
            done.touch()

    return Recipe(VIRTUOSO, "/sparql", command, home, after=fill)


def _load(sql: int, nquads: Path) -> None:
    text = f"ld_add('{nquads}', 'urn:unnamed'); rdf_loader_run(); checkpoint;"
    found = subprocess.run(
        [CLIENT, f"127.0.0.1:{sql}", "dba", "dba", f"exec={text}"],
        capture_output=True,
        text=True,
        check=False,
    )
    errors = "SELECT ll_error FROM DB.DBA.load_list WHERE ll_error IS NOT NULL;"
    checked = subprocess.run(
        [CLIENT, f"127.0.0.1:{sql}", "dba", "dba", "banner=off", f"exec={errors}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode or "Error" in found.stderr or "\n0 Rows" not in checked.stdout:
        raise SystemExit(
            f"Virtuoso did not take the data: {found.stderr or checked.stdout or checked.stderr}"
        )
