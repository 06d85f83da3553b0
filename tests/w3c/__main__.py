"""Writes the table of results to the standard output."""

from __future__ import annotations

import sys

from .table import table

sys.stdout.write(table())
