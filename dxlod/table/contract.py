"""The table contract (``contract.toml``): one definition of every table and column."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

__all__ = ["Column", "Contract", "Table", "load_contract"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. The fields are explained at the head of ``contract.toml`` (``many`` = list, ``term`` = property)."""

    name: str
    ja: str
    en: str
    type: str
    level: str = ""
    many: bool = False
    codes: str = ""
    ref: str = ""
    pattern: str = ""
    evidence: str = ""
    term: str = ""
    imi: str = ""

    @property
    def required(self) -> bool:
        """Whether a blank cell is an error (◎)."""
        return self.level == "◎"


@dataclass(frozen=True, slots=True)
class Table:
    """One table: names, RDF class, IRI segment of its rows, columns in the official order."""

    name: str
    ja: str
    en: str
    rdf_class: str
    segment: str
    groups: tuple[str, ...]
    columns: tuple[Column, ...]
    file: str
    curated: bool
    shared: bool
    register: bool
    private: bool = False

    def file_name(self, code: str) -> str:
        """File name: ``{団体コード}_{physical name}.csv``; shared tables and the register have no code."""
        if self.file:
            return self.file
        return f"{self.name}.csv" if self.shared else f"{code}_{self.name}.csv"

    @property
    def extracted(self) -> bool:
        """Whether extraction writes it (curated and shared tables are a person's work)."""
        return not (self.curated or self.shared or self.register or self.private)

    @property
    def of_edition(self) -> bool:
        """Whether its rows belong to one plan edition."""
        return "edition" in self.groups

    def column(self, name: str) -> Column:
        """The column with this physical name. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    def has(self, name: str) -> bool:
        """Whether there is a column with this physical name."""
        return any(column.name == name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Contract:
    """All tables by physical name, in the order of the contract, and the lists local to it."""

    version: str
    tables: Mapping[str, Table]
    lists: Mapping[str, tuple[str, ...]]

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables.values())


def _column(spec: Mapping[str, Any]) -> Column:
    names = {"list": "many", "property": "term"}
    return Column(**{names.get(name, name): value for name, value in spec.items()})


def _columns(spec: Mapping[str, Any], groups: Mapping[str, list[dict[str, Any]]]) -> tuple[Column, ...]:
    own = [_column(column) for column in spec["columns"]]
    leading: list[Column] = []
    trailing: list[Column] = []
    for group in spec["groups"]:
        place = trailing if group.isupper() else leading
        place.extend(_column(column) for column in groups[group.lower()])
    return (*leading, *own, *trailing)


def _table(spec: Mapping[str, Any], groups: Mapping[str, list[dict[str, Any]]]) -> Table:
    return Table(
        name=spec["name"],
        ja=spec["ja"],
        en=spec["en"],
        rdf_class=spec.get("class", ""),
        segment=spec.get("segment", ""),
        groups=tuple(group.lower() for group in spec["groups"]),
        columns=_columns(spec, groups),
        file=spec.get("file", ""),
        curated=spec.get("curated", False),
        shared=spec.get("shared", False),
        register=spec.get("register", False),
        private=spec.get("private", False),
    )


@cache
def load_contract() -> Contract:
    """The contract that ships with the package (read once; frozen)."""
    data = tomllib.loads(resources.files(__package__).joinpath("contract.toml").read_text("utf-8"))
    tables = {spec["name"]: _table(spec, data["groups"]) for spec in data["tables"]}
    return Contract(data["version"], tables, {name: tuple(items) for name, items in data["lists"].items()})
