-- The index of the pages. Terms are in N-Triples syntax; their numbers follow natural order.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE term (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE quad (
  s INTEGER NOT NULL, p INTEGER NOT NULL, o INTEGER NOT NULL, g INTEGER NOT NULL,
  PRIMARY KEY (s, p, o, g)
) WITHOUT ROWID;
-- How much points at a thing, and where every thousandth of it stands: a far page is as near as the first.
CREATE TABLE inlink (o INTEGER PRIMARY KEY, n INTEGER NOT NULL);
CREATE TABLE milestone (
  o INTEGER NOT NULL, n INTEGER NOT NULL, p INTEGER NOT NULL, s INTEGER NOT NULL,
  PRIMARY KEY (o, n)
) WITHOUT ROWID;
CREATE TABLE label (
  id INTEGER NOT NULL, lang TEXT NOT NULL, text TEXT NOT NULL, derived INTEGER NOT NULL,
  PRIMARY KEY (id, lang)
) WITHOUT ROWID;
-- Lines of source documents: a fragment, its document (0 = none said), its first and last line.
CREATE TABLE passage (
  id INTEGER PRIMARY KEY, document INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL
);
-- What lists show of an initiative, an action, an indicator or a table, as JSON (briefs.py).
CREATE TABLE brief (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
-- What can be searched, in the order of a list without a question; folded. `near`: names of what it belongs to.
CREATE TABLE entry (
  id INTEGER PRIMARY KEY, term INTEGER NOT NULL, kind TEXT NOT NULL, weight INTEGER NOT NULL,
  ja TEXT NOT NULL, en TEXT NOT NULL, body TEXT NOT NULL, near TEXT NOT NULL,
  plan INTEGER NOT NULL, city INTEGER NOT NULL
);
-- Any three letters or more in a row; English also by the forms of its words.
CREATE VIRTUAL TABLE piece USING fts5 (own, near, content='', tokenize='trigram');
CREATE VIRTUAL TABLE word USING fts5 (own, near, content='', tokenize='porter unicode61');
-- Every text that is the value of something, for searches within SPARQL: folded, and by any three characters in a row.
CREATE TABLE literal (id INTEGER PRIMARY KEY, lang TEXT NOT NULL, folded TEXT NOT NULL);
CREATE TABLE property (id INTEGER PRIMARY KEY);
CREATE VIRTUAL TABLE gram USING fts5 (folded, content='', detail=none, tokenize='trigram');
-- One value of one facet: which entries have it, as a little-endian set of bits by entry.
CREATE TABLE facet (
  name TEXT NOT NULL, value TEXT NOT NULL, term INTEGER NOT NULL, n INTEGER NOT NULL, bits BLOB NOT NULL,
  PRIMARY KEY (name, value)
) WITHOUT ROWID;
