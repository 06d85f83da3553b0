"""From tables to what RML can map: RML-Core maps one cell to one term, so lists become rows of their own.

Every table gives a main view (``initiative``) and, for each list column, a view of one row per value
(``initiative.units``); the source lines become ``initiative.lines`` with start and end, and the two columns
that say what is none or unknown become ``initiative.stated_none`` and ``initiative.unknown`` with the property.
Derived columns (a period, a unit's IRI, the IRI of a provision) are computed here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dxlod.mapping.provisions import provision_rows, target_of
from dxlod.model.lines import Lines
from dxlod.table.contract import Contract, Table
from dxlod.table.dataset import Dataset

__all__ = ["PREFIXES", "SHARED", "View", "build_views", "expand"]

Record = dict[str, str]
SHARED = "https://w3id.org/dxlod/"
PREFIXES = {
    "dxo": "https://w3id.org/dxlod/ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "dcterms": "http://purl.org/dc/terms/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "org": "http://www.w3.org/ns/org#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "qb": "http://purl.org/linked-data/cube#",
    "qudt": "http://qudt.org/schema/qudt/",
    "foaf": "http://xmlns.com/foaf/0.1/",
}
_IDENTITY = ("code", "plan", "edition", "key")
_BASIS_SUBJECTS = ("administrative_task", "initiative", "policy_measure", "policy")
_OBSERVATION = f"{PREFIXES['qb']}Observation"


@dataclass(frozen=True)
class View:
    """One logical source: its columns and rows."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Record]


def expand(curie: str) -> str:
    """The IRI of a prefixed name of the contract."""
    prefix, _, name = curie.partition(":")
    return f"{PREFIXES[prefix]}{name}"


class _Context:
    """What derived columns need to look up."""

    def __init__(self, tables: Dataset) -> None:
        self.contract: Contract = tables.contract
        self.units = {row["label"]: row["iri"] for row in tables.rows("unit")}
        self.sources: dict[tuple[str, str], Record] = {}
        self.plans: dict[tuple[str, str, str], Record] = {}
        for code in tables.codes():
            self.sources.update({(code, row["id"]): row for row in tables.rows("source", code)})
            for row in tables.rows("plan", code):
                self.plans[code, row["plan"], row["edition"]] = row

    def sha256(self, row: Record) -> str:
        """Digest of the document that a row cites."""
        if row.get("sha256"):
            return row["sha256"]
        return self.sources.get((row.get("code", ""), row.get("source", "")), {}).get("sha256", "")

    def asof(self, row: Record) -> str:
        """The date a provision is cited as of: the issue date, else the first fiscal year, else the edition key."""
        plan = self.plans.get((row["code"], row.get("plan", ""), row.get("edition", "")), {})
        return plan.get("issued") or plan.get("start_fy") or row.get("edition", "")


def _value_columns(row: Record, units: Mapping[str, str]) -> None:
    number = row["status"] == "number"
    row["unit_iri"] = units.get(row["unit"], "")
    row["period"] = f"FY{row['fiscal_year']}" if row.get("fiscal_year") else "unknown"
    observed = number and (bool(row.get("fiscal_year")) or "table" in row)
    row["observation"] = _OBSERVATION if observed else ""
    row["cube_edition"] = row["edition"] if observed else ""
    row["cube_table"] = row.get("table", "") if observed else ""


def _derive(table: Table, row: Record, context: _Context) -> Record:
    row = dict(row)
    row["sha256"] = context.sha256(row)
    if table.name in ("indicator_value", "statistical_cell"):
        _value_columns(row, context.units)
    if table.name in ("indicator", "statistical_table"):
        row["unit_iri"] = context.units.get(row["unit"], "")
    if table.name == "indicator":
        row["in_initiative"] = row["initiative"]
        row["in_measure"] = "" if row["initiative"] else row["measure"]
        row["in_policy"] = "" if row["initiative"] or row["measure"] else row["policy"]
        row["in_edition"] = "" if row["initiative"] or row["measure"] or row["policy"] else row["edition"]
    if table.name == "initiative":
        row["in_measure"] = row["measure"]
        row["in_policy"] = "" if row["measure"] else row["policy"]
    if table.name == "phase":
        row["in_action"] = row["action"]
        row["in_initiative"] = "" if row["action"] else row["initiative"]
    if table.name in ("plan", "source"):
        row["issued_year"], row["issued_month"], row["issued_date"] = _by_precision(row["issued"])
    if table.name == "plan":
        for name in ("period_start", "period_end"):
            row[f"{name}_year"], row[f"{name}_month"], row[f"{name}_date"] = _by_precision(row[name])
    if table.name == "organization":
        kind = "OrganizationalCollaboration" if row["kind"] == "collective" else "OrganizationalUnit"
        row["unit_class"] = f"{PREFIXES['org']}{kind}" if row["code"] else ""
        row["unit_of"] = "" if row["parent"] or row["kind"] == "collective" else row["code"]
        row["part_of"] = row["code"] if row["kind"] == "collective" else ""
    if table.name == "work":
        row["iri"] = f"{SHARED}id/law/{row['law_id']}" if row["law_id"] else f"{SHARED}id/work/{row['key']}"
        is_law = row["kind"] in ("law", "ordinance")
        row["work_class"] = f"{PREFIXES['eli']}LegalResource" if is_law else f"{PREFIXES['dxo']}CitedWork"
    if table.name == "legal_basis":
        for name in _BASIS_SUBJECTS:
            row[f"subject_{name}"] = row["subject"] if row["subject_table"] == name else ""
    if table.name == "link":
        row["subject"] = _subject(table, row, context)
        row["predicate"] = expand(row["property"]) if row["property"] else ""
    if table.name in ("legal_basis", "citation"):
        row["target"] = target_of(row, context.asof(row))
    if table.name == "citation":
        row["upper_target"] = row["target"] if row["relation"] == "upper" else ""
        row["own_work"] = row["key"] if row["target"].startswith("id/plan/") else ""
    return row


def _subject(table: Table, row: Record, context: _Context) -> str:
    """IRI of the element that a curated link starts from; a blank table means the municipality."""
    if not row["table"]:
        return f"{SHARED}id/lg/{row['code']}"
    segment = context.contract[row["table"]].segment
    if row["plan"]:
        return "/".join(("id/plan", row["code"], row["plan"], row["edition"], segment, row["key"]))
    return f"id/lg/{row['code']}/{segment}/{row['key']}"


def _by_precision(date: str) -> tuple[str, str, str]:
    """A date as year, year-month or full date: exactly one of the three is filled."""
    return (date if len(date) == 4 else "", date if len(date) == 7 else "", date if len(date) == 10 else "")


def _identity(row: Record) -> Record:
    return {name: row.get(name, "") for name in _IDENTITY}


def _lines(rows: Iterable[Record]) -> list[Record]:
    result = []
    for row in rows:
        for first, last in Lines.parse(row["lines"]).ranges if row["lines"] else ():
            span = {
                "sha256": row["sha256"],
                "start": str(first),
                "end": str(last),
                "rfc5147": f"line={first - 1},{last}",
            }
            result.append({**_identity(row), **_extra(row), **span})
    return result


_EXTRA = ("indicator", "kind", "period", "table", "iri")


def _extra(row: Record) -> Record:
    """Columns that the IRI of a value needs besides the identity."""
    return {name: row[name] for name in _EXTRA if name in row}


def _exploded(rows: Iterable[Record], column: str) -> list[Record]:
    return [
        {**_identity(row), **_extra(row), "value": value}
        for row in rows
        for value in row[column].split(";")
        if value
    ]


def _marks(rows: Iterable[Record], table: Table, column: str) -> list[Record]:
    marks = []
    for row in rows:
        for name in row[column].split(";"):
            if name and table.has(name) and table.column(name).term:
                term = expand(table.column(name).term)
                marks.append({**_identity(row), **_extra(row), "sha256": row["sha256"], "property": term})
    return marks


def _table_views(table: Table, rows: Sequence[Record], derived: Sequence[str]) -> list[View]:
    """``derived``: the names of a derived row, so that an empty table has all its columns too."""
    views = [View(table.name, tuple(derived), rows)]
    leading = (*_IDENTITY, *(name for name in _EXTRA if name in derived))
    for column in table.columns:
        name = f"{table.name}.{column.name}"
        if column.name in ("stated_none", "unknown"):
            views.append(View(name, (*leading, "sha256", "property"), _marks(rows, table, column.name)))
        elif column.many:
            views.append(View(name, (*leading, "value"), _exploded(rows, column.name)))
        elif column.type == "lines":
            views.append(View(name, (*leading, "sha256", "start", "end", "rfc5147"), _lines(rows)))
    return views


def _all_rows(tables: Dataset, table: Table) -> list[Record]:
    if table.shared:
        return tables.rows(table)
    return [row for code in tables.codes() for row in tables.rows(table, code)]


def _curated(name: str, rows: Sequence[Record], contract: Contract, columns: Sequence[str]) -> list[View]:
    """Curated rows by the table they speak of: ``english.initiative``, ``topic.initiative``."""
    parts: dict[str, list[Record]] = {table: [] for table in contract.lists["table_name"]}
    for row in rows:
        parts.setdefault(row["table"], []).append(row)
    return [View(f"{name}.{table}", tuple(columns), part) for table, part in sorted(parts.items())]


_PROVISION = ("iri", "parent", "law", "label", "number", "local_id", "asof_year", "shared", "code")


def build_views(tables: Dataset) -> dict[str, View]:
    """All views by name."""
    context = _Context(tables)
    views: list[View] = []
    everything: dict[str, list[Record]] = {}
    for table in tables.contract:
        if table.private:
            continue
        rows = [_derive(table, row, context) for row in _all_rows(tables, table)]
        everything[table.name] = rows
        blank = _derive(table, {column.name: "" for column in table.columns}, context)
        views.extend(_table_views(table, rows, list(blank)))
    english, topic = everything["english"], everything["topic"]
    views.extend(_curated("english", english, tables.contract, (*_IDENTITY, "table", "label", "english")))
    topics = [{**row, "value": v} for row in topic for v in row["topics"].split(";") if v]
    views.extend(_curated("topic", topics, tables.contract, (*_IDENTITY, "table", "value")))
    provisions = provision_rows([*everything["legal_basis"], *everything["citation"]], context.asof)
    views.append(View("provision", _PROVISION, provisions))
    return {view.name: view for view in views}
