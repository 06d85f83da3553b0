"""RML-Core mappings from CSV tables to N-Quads.

    run ── compile ── parse     Turtle → model → functions → lines
             └─ terms, lexical, temporal, model

`map_tables` is the whole of it; `compile_mappings` and `run` are its two halves, for a mapping used more
than once.
"""

from __future__ import annotations

from dxlod.mapping.compile import Options, Program, compile_mappings
from dxlod.mapping.run import OpenTable, map_tables, run

__all__ = ["OpenTable", "Options", "Program", "compile_mappings", "map_tables", "run"]
