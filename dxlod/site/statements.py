"""The SQL of the reader of the index (tables: schema.sql); everything asked is a parameter."""

from __future__ import annotations

__all__ = [
    "BACKLINKS",
    "BRIEFS",
    "COUNT",
    "COUNT_WITHIN",
    "DOCUMENT",
    "EXISTS",
    "GRAPHS",
    "INLINKS",
    "INSTANCES",
    "LABELS",
    "NAMES",
    "NUMBER",
    "NUMBERED",
    "NUMBERS",
    "OBJECTS",
    "PASSAGES",
    "SAID",
    "SAID_OF",
    "SPAN",
    "SUBJECTS",
    "TERM",
    "TEXTS",
    "WITHIN",
    "WITHIN_ANY",
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
INLINKS = "SELECT n FROM inlink WHERE o = (SELECT id FROM term WHERE text = ?)"

# Of many things at once: their terms or numbers are a list in JSON, so that the text of the statement stays the same.
_LIST = "(SELECT value FROM json_each(?))"
NUMBER = "SELECT id FROM term WHERE text = ?"
NUMBERS = f"SELECT id FROM term WHERE text IN {_LIST} ORDER BY id"
NUMBERED = f"SELECT text, id FROM term WHERE text IN {_LIST}"
TEXTS = f"SELECT id, text FROM term WHERE id IN {_LIST}"
SAID = (
    "SELECT q.s, q.p, q.o, o.text FROM quad q JOIN term o ON o.id = q.o"
    f" WHERE q.s IN {_LIST} ORDER BY q.s, q.p, q.o"
)
SAID_OF = (
    "SELECT q.s, q.p, q.o, o.text FROM quad q JOIN term o ON o.id = q.o"
    f" WHERE q.s IN {_LIST} AND q.p IN {_LIST} ORDER BY q.s, q.p, q.o"
)
WITHIN_ANY = (
    "SELECT t.text FROM (SELECT DISTINCT s FROM quad"
    f" WHERE o IN (SELECT id FROM term WHERE text IN {_LIST}) AND p = {TERM} AND s BETWEEN ? AND ?) f"
    " JOIN term t ON t.id = f.s ORDER BY f.s"
)
NAMES = f"SELECT id, lang, text FROM label WHERE id IN {_LIST}"
LABELS = f"SELECT t.text, l.lang, l.text FROM term t JOIN label l ON l.id = t.id WHERE t.text IN {_LIST}"
BRIEFS = f"SELECT id, text FROM brief WHERE id IN {_LIST}"
PASSAGES = (
    "SELECT q.s, t.text, f.document, f.first, f.last FROM quad q JOIN passage f ON f.id = q.o"
    f" JOIN term t ON t.id = f.id WHERE q.s IN {_LIST} AND q.p = {TERM} ORDER BY q.s, q.o"
)
DOCUMENT = """
WITH part (id) AS (
  SELECT ?1
  UNION SELECT o FROM quad WHERE s = ?1 AND p IN (SELECT value FROM json_each(?2))
  UNION SELECT s FROM quad WHERE o = ?1 AND p = ?3
), fragment (id) AS (SELECT o FROM quad WHERE s IN (SELECT id FROM part) AND p = ?4),
selector (id) AS (
  SELECT id FROM fragment UNION SELECT o FROM quad WHERE s IN (SELECT id FROM fragment) AND p = ?5
), refined (id) AS (
  SELECT id FROM selector UNION SELECT o FROM quad WHERE s IN (SELECT id FROM selector) AND p = ?6
)
SELECT id, text FROM term WHERE id IN (SELECT id FROM part UNION SELECT id FROM refined)
"""
"""A thing, what makes no sense without it, and the fragments of all of these with their selectors."""
