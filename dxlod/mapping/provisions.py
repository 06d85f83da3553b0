"""IRIs of laws, ordinances and their provisions, as of the date of the document that cites them.

``id/law/425AC0000000027/asof/2017/AppdxTable_1/Row_30``: a provision is named with the date it was cited at,
because laws are renumbered (vocabulary.md, "Law"). e-Gov laws are shared; ordinances belong to the publisher.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

__all__ = ["provision_rows", "target_of"]

Record = dict[str, str]
_SHARED = "https://w3id.org/dxlod/"
_SEGMENTS = (
    ("article", "At_", "第{}条"),
    ("paragraph", "Pr_", "第{}項"),
    ("item", "It_", "第{}号"),
    ("annex", "AppdxTable_", "別表第{}"),
    ("annex_row", "Row_", "の{}の項"),
)


def _resource(row: Record) -> str:
    """IRI of the law, ordinance or other work that a row names."""
    if row.get("law_id"):
        return f"{_SHARED}id/law/{row['law_id']}"
    if row.get("ordinance"):
        return f"id/lg/{row['code']}/ordinance/{row['ordinance']}"
    if row.get("work"):
        return f"{_SHARED}id/work/{row['work']}"
    return f"id/plan/{row['code']}/{row['plan']}/{row['edition']}/work/{row['key']}"


def _steps(row: Record) -> list[tuple[str, str, str]]:
    """The path below the law: (IRI segment, label part, number) for each step that the row names."""
    steps = []
    for name, segment, label in _SEGMENTS:
        number = row.get(name, "")
        if number:
            steps.append((f"{segment}{number}", label.format(number.replace("_", "の")), number))
    return steps


def target_of(row: Record, asof: str) -> str:
    """IRI of what a citation or legal basis points at: the provision, or the whole work."""
    steps = _steps(row)
    if not steps:
        return _resource(row)
    return "/".join([_resource(row), "asof", asof, *(segment for segment, _, _ in steps)])


def provision_rows(rows: Iterable[Record], asof: Callable[[Record], str]) -> list[Record]:
    """One row per provision and per step above it: iri, parent, law, label, number, date cited at."""
    found: dict[str, Record] = {}
    for row in rows:
        law = _resource(row)
        date = asof(row)
        parent, path, label = law, f"{law}/asof/{date}", row.get("law_name") or row.get("name", "")
        label = label.split("(*")[0]
        for segment, part, number in _steps(row):
            path, label = f"{path}/{segment}", f"{label}{part}"
            found.setdefault(
                path,
                {"iri": path, "parent": parent, "law": law, "label": label, "number": number, "local_id": segment,
                 "asof_year": date[:4] if date[:4].isdigit() else "", "shared": law if law.startswith(_SHARED) else "", "code": row["code"]},
            )  # fmt: skip
            parent = path
    return [found[iri] for iri in sorted(found)]
