"""The SQL of the reader of the index (tables: schema.sql); everything asked is a parameter."""

from __future__ import annotations

__all__ = [
    "BACKLINKS",
    "COUNT",
    "COUNT_WITHIN",
    "EXISTS",
    "GRAPHS",
    "INSTANCES",
    "OBJECTS",
    "SPAN",
    "SUBJECTS",
    "TERM",
    "WITHIN",
]

TERM = "(SELECT id FROM term WHERE text = ?)"
OBJECTS = (
    "SELECT DISTINCT o.text FROM quad q JOIN term o ON o.id = q.o WHERE q.s = (SELECT id FROM term WHERE text = ?)"
    " AND q.p = (SELECT id FROM term WHERE text = ?) ORDER BY q.o"
)
SUBJECTS = (
    "SELECT t.text FROM (SELECT DISTINCT s FROM quad WHERE o = (SELECT id FROM term WHERE text = ?)"
    " AND p = (SELECT id FROM term WHERE text = ?) ORDER BY s LIMIT ? OFFSET ?) f JOIN term t ON t.id = f.s ORDER BY f.s"
)
WITHIN = (
    "SELECT t.text FROM (SELECT DISTINCT s FROM quad WHERE o = (SELECT id FROM term WHERE text = ?)"
    " AND p = (SELECT id FROM term WHERE text = ?) AND s BETWEEN ? AND ? ORDER BY s LIMIT ? OFFSET ?) f"
    " JOIN term t ON t.id = f.s ORDER BY f.s"
)
COUNT = (
    "SELECT COUNT(DISTINCT s) FROM quad WHERE o = (SELECT id FROM term WHERE text = ?)"
    " AND p = (SELECT id FROM term WHERE text = ?)"
)
COUNT_WITHIN = (
    "SELECT COUNT(DISTINCT s) FROM quad WHERE o = (SELECT id FROM term WHERE text = ?)"
    " AND p = (SELECT id FROM term WHERE text = ?) AND s BETWEEN ? AND ?"
)
GRAPHS = (
    "SELECT g.text, n FROM (SELECT g, COUNT(*) n FROM quad WHERE o = (SELECT id FROM term WHERE text = ?)"
    " AND p = (SELECT id FROM term WHERE text = ?) GROUP BY g) f JOIN term g ON g.id = f.g ORDER BY f.g"
)
SPAN = "SELECT MIN(id), MAX(id) FROM term WHERE text > ? AND text < ?"
INSTANCES = (
    "SELECT t.text FROM quad q JOIN term t ON t.id = q.s WHERE q.o = (SELECT id FROM term WHERE text = ?)"
    " AND q.p = (SELECT id FROM term WHERE text = ?) AND q.g = (SELECT id FROM term WHERE text = ?) ORDER BY q.s"
)
BACKLINKS = (
    "SELECT p.text, s.text FROM (SELECT DISTINCT p, s FROM quad WHERE o = ? AND (p, s) >= (?, ?) ORDER BY p, s"
    " LIMIT ? OFFSET ?) f JOIN term p ON p.id = f.p JOIN term s ON s.id = f.s ORDER BY f.p, f.s"
)
EXISTS = "SELECT 1 FROM quad WHERE s = (SELECT id FROM term WHERE text = ?) LIMIT 1"
