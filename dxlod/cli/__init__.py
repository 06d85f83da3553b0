"""The command line: parses and prints only; each command is one call of the library."""

from dxlod.cli.main import main

__all__ = ["main"]
