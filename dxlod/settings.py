"""Settings: read once, frozen, passed inward as a value.

Each may be given as an argument, as an environment variable (`DXLOD_BASE`, `DXLOD_RELEASES` …) or left at its
default, in this order of precedence.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from dxlod.errors import SettingsError

__all__ = ["SHARED", "Settings", "default_home"]

SHARED = "https://w3id.org/dxlod"
"""Where ontology, codes, topics, fiscal years, municipalities and laws live, whoever publishes."""

_BASE = re.compile(r"https?://[^\s/?#<>\"{}|\\^`]+(/[^\s/?#<>\"{}|\\^`]+)*")


def default_home() -> Path:
    """The folder that holds ontology/, mappings/ and shapes/: the repository, or the package's own copy."""
    package = Path(__file__).resolve().parent
    if (package.parent / "ontology").is_dir():
        return package.parent
    return package / "_assets"


@dataclass(frozen=True)
class Settings:
    """Everything that can be set. Seconds, bytes and counts are positive numbers."""

    home: Path = field(
        default_factory=default_home,
        metadata={"sentence": "folder that holds ontology/, mappings/ and shapes/"},
    )
    data: Path = field(default=Path("data"), metadata={"sentence": "folder of the tables and of the ledger"})
    releases: Path = field(
        default=Path("releases"), metadata={"sentence": "folder that releases are written to"}
    )
    base: str = field(default=SHARED, metadata={"sentence": "base IRI of the publisher's own things"})
    validator: str = field(
        default="fast",
        metadata={
            "sentence": "what validates a release: fast (pySHACL where a violation is found) or pyshacl"
        },
    )
    query_timeout: float = field(
        default=20.0, metadata={"sentence": "seconds after which a query is stopped"}
    )
    queue_timeout: float = field(
        default=5.0, metadata={"sentence": "seconds that a query waits for a free worker"}
    )
    query_workers: int = field(default=2, metadata={"sentence": "processes that answer queries"})
    query_memory: int = field(
        default=1 << 30, metadata={"sentence": "bytes that one query may use beyond the loaded data"}
    )
    max_query_chars: int = field(default=131_072, metadata={"sentence": "longest query accepted"})
    max_query_tokens: int = field(default=5_000, metadata={"sentence": "most words and signs in a query"})
    max_query_depth: int = field(default=64, metadata={"sentence": "deepest nesting of brackets in a query"})
    cache_bytes: int = field(default=64 << 20, metadata={"sentence": "memory for whole answers to queries"})

    def __post_init__(self) -> None:
        if not _BASE.fullmatch(self.base) or not urlsplit(self.base).netloc:
            raise SettingsError(
                f"base「{self.base}」は使えません。",
                f"base {self.base!r} cannot be used.",
                mend_ja="末尾に / # ? のない http(s) の IRI にしてください。例: https://data.example.jp/dx",
                mend_en="Give an http(s) IRI that does not end in / # or ?, such as https://data.example.jp/dx",
            )
        if self.validator not in ("fast", "pyshacl"):
            raise SettingsError(
                "validator は fast か pyshacl にしてください。", "validator must be fast or pyshacl."
            )
        for name in ("query_timeout", "queue_timeout", "query_workers", "query_memory"):
            if getattr(self, name) <= 0:
                raise SettingsError(f"{name} は正の数にしてください。", f"{name} must be greater than 0.")

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, **given: object) -> Settings:
        """Arguments that are not None win over `DXLOD_…` variables, which win over the defaults."""
        environ = os.environ if environ is None else environ
        known = {item.name: item for item in fields(cls)}
        values: dict[str, object] = {}
        for name in known:
            text = environ.get(f"DXLOD_{name.upper()}")
            if text:
                values[name] = _convert(name, text)
        for name, value in given.items():
            if name not in known:
                raise SettingsError(f"設定「{name}」はありません。", f"There is no setting {name!r}.")
            if value is not None:
                values[name] = _convert(name, value)
        return cls(**values)  # type: ignore[arg-type]

    @property
    def ontology(self) -> Path:
        """Folder of the ontology and of the reference data."""
        return self.home / "ontology"

    @property
    def mappings(self) -> Path:
        """Folder of the RML mappings."""
        return self.home / "mappings"

    @property
    def shapes(self) -> Path:
        """Folder of the SHACL shapes."""
        return self.home / "shapes"

    @property
    def queries(self) -> Path:
        """Folder of the example queries: the competency questions, or the package's own copy of them."""
        ours = self.home / "tests" / "competency"
        return ours if ours.is_dir() else self.home / "queries"

    @property
    def ledger(self) -> Path:
        """Folder of the ledger of published releases."""
        return self.data / "releases"

    @property
    def plan_graphs(self) -> str:
        """What the IRIs of the plan editions' graphs begin with."""
        return f"{self.base}/graph/plan/"


def _convert(name: str, value: object) -> object:
    kinds: dict[str, type] = {"home": Path, "data": Path, "releases": Path, "base": str, "validator": str}
    floats = ("query_timeout", "queue_timeout")
    kind = kinds.get(name, float if name in floats else int)
    try:
        converted: object = kind(value)
    except (TypeError, ValueError) as error:
        raise SettingsError(
            f"設定「{name}」の値「{value}」は使えません。", f"{value!r} cannot be used for setting {name!r}."
        ) from error
    return converted.rstrip("/") if isinstance(converted, str) else converted
