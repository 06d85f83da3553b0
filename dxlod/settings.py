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

_ENDPOINT = re.compile(r"https?://[^\s/?#@<>\"{}|\\^`]+(/[^\s#<>\"{}|\\^`]*)?")
_BASE = re.compile(r"https?://[^\s/?#<>\"{}|\\^`]+(/[^\s/?#<>\"{}|\\^`]+)*")

_POSITIVE = (
    "query_timeout",
    "queue_timeout",
    "query_workers",
    "query_memory",
    "query_queue",
    "slow_after",
    "spool_bytes",
    "max_answer_bytes",
    "search_rows",
    "max_connections",
    "max_url_bytes",
    "max_head_bytes",
    "head_timeout",
    "body_timeout",
    "send_timeout",
    "keep_alive",
    "drain_timeout",
    "endpoint_bytes",
)


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
    keep_releases: int = field(
        default=5,
        metadata={"sentence": "unpublished builds that are kept (0: all); published ones always are"},
    )
    query_timeout: float = field(
        default=20.0, metadata={"sentence": "seconds after which a query is stopped"}
    )
    queue_timeout: float = field(
        default=5.0, metadata={"sentence": "seconds that a query waits for a free worker"}
    )
    query_workers: int = field(
        default=4,
        metadata={"sentence": "quick queries answered at the same time, each by a process that has the data"},
    )
    query_memory: int = field(
        default=1 << 30, metadata={"sentence": "bytes that one query may use beyond the loaded data"}
    )
    max_query_chars: int = field(default=131_072, metadata={"sentence": "longest query accepted"})
    max_query_tokens: int = field(default=5_000, metadata={"sentence": "most words and signs in a query"})
    max_query_depth: int = field(default=64, metadata={"sentence": "deepest nesting of brackets in a query"})
    max_rows: int = field(
        default=0,
        metadata={"sentence": "most rows or triples in one answer; more are an error; 0 is no limit"},
    )
    service_endpoints: str = field(
        default="",
        metadata={
            "sentence": "URLs, separated by spaces, of SPARQL endpoints that SERVICE may ask; none at first"
        },
    )
    search_rows: int = field(
        default=2_000,
        metadata={"sentence": "most rows that the text searches of one query find; more are an error"},
    )
    endpoint: str = field(
        default="",
        metadata={
            "sentence": "URL of a SPARQL 1.1 endpoint that answers queries instead of the embedded engine"
        },
    )
    endpoint_user: str = field(default="", metadata={"sentence": "user name at that endpoint"})
    endpoint_password: str = field(
        default="", repr=False, metadata={"sentence": "password at that endpoint; from the environment only"}
    )
    endpoint_graphs: str = field(
        default="named",
        metadata={
            "sentence": "default graph there: named (our graphs are named with each query) or own (its own)"
        },
    )
    endpoint_bytes: int = field(
        default=64 << 20, metadata={"sentence": "largest answer taken from that endpoint"}
    )
    cache_bytes: int = field(default=64 << 20, metadata={"sentence": "memory for whole answers to queries"})
    page_cache_bytes: int = field(
        default=32 << 20, metadata={"sentence": "memory for whole pages and documents"}
    )
    slow_after: float = field(
        default=0.05, metadata={"sentence": "seconds after which a query counts as slow"}
    )
    slow_queries: int = field(
        default=0, metadata={"sentence": "slow queries that run at the same time (0: one per processor)"}
    )
    query_queue: int = field(
        default=64, metadata={"sentence": "queries that may wait for a worker before others are turned away"}
    )
    spool_bytes: int = field(
        default=8 << 20, metadata={"sentence": "answers larger than this go through a temporary file"}
    )
    max_answer_bytes: int = field(default=1 << 30, metadata={"sentence": "largest answer to a query"})
    memory_store_limit: int = field(
        default=4 << 30,
        metadata={
            "sentence": "bytes of N-Quads above which queries are answered from disk instead of memory, "
            "as they are in any case where the workers' copies would take half of the machine's memory"
        },
    )
    warm_bytes: int = field(
        default=1 << 30,
        metadata={
            "sentence": "largest store in memory of which each query worker makes a copy of its own while idle"
        },
    )
    site: str = field(
        default="",
        metadata={"sentence": "where the site is reached, such as https://data.example.jp (else by Host)"},
    )
    access_log: str = field(
        default="off", metadata={"sentence": "where requests are logged: stderr, stdout or off"}
    )
    max_connections: int = field(default=1_000, metadata={"sentence": "connections open at the same time"})
    max_url_bytes: int = field(default=65_536, metadata={"sentence": "longest request target"})
    max_head_bytes: int = field(
        default=98_304, metadata={"sentence": "most bytes of a request before its body"}
    )
    head_timeout: float = field(
        default=10.0, metadata={"sentence": "seconds in which a request must have come, without its body"}
    )
    body_timeout: float = field(
        default=30.0, metadata={"sentence": "seconds in which the body of a request must have come"}
    )
    send_timeout: float = field(
        default=30.0, metadata={"sentence": "seconds without progress after which a reader is dropped"}
    )
    keep_alive: float = field(
        default=15.0, metadata={"sentence": "seconds that an unused connection stays open"}
    )
    drain_timeout: float = field(
        default=30.0, metadata={"sentence": "seconds that requests under way have to finish when stopping"}
    )
    reload_seconds: float = field(
        default=1.0, metadata={"sentence": "seconds between looks for a new release (0: only on SIGHUP)"}
    )

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
        for endpoint in self.endpoints:
            if not _ENDPOINT.fullmatch(endpoint):
                raise SettingsError(
                    f"service_endpoints の「{endpoint}」は使えません。http(s) の URL を空白で区切って並べてください。",
                    f"{endpoint!r} in service_endpoints cannot be used; give http(s) URLs separated by spaces.",
                )
        if self.endpoint and not _ENDPOINT.fullmatch(self.endpoint):
            raise SettingsError(
                f"endpoint「{self.endpoint}」は使えません。例: http://127.0.0.1:7878/query",
                f"endpoint {self.endpoint!r} cannot be used; give a URL such as http://127.0.0.1:7878/query",
            )
        if self.endpoint_graphs not in ("named", "own"):
            raise SettingsError(
                "endpoint_graphs は named か own にしてください。", "endpoint_graphs must be named or own."
            )
        if self.access_log not in ("off", "stderr", "stdout"):
            raise SettingsError(
                "access_log は stderr か stdout か off にしてください。",
                "access_log must be stderr, stdout or off.",
            )
        if self.site and not _BASE.fullmatch(self.site):
            raise SettingsError(
                f"site「{self.site}」は使えません。例: https://data.example.jp",
                f"site {self.site!r} cannot be used; give a URL such as https://data.example.jp",
            )
        for name in _POSITIVE:
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
    def endpoints(self) -> tuple[str, ...]:
        """The SPARQL endpoints that SERVICE may ask."""
        return tuple(self.service_endpoints.split())

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
    kinds: dict[str, type] = {kind.__name__: kind for kind in (Path, str, float, int)}
    kind = kinds[next(str(item.type) for item in fields(Settings) if item.name == name)]
    try:
        converted: object = kind(value)
    except (TypeError, ValueError) as error:
        raise SettingsError(
            f"設定「{name}」の値「{value}」は使えません。", f"{value!r} cannot be used for setting {name!r}."
        ) from error
    if name == "endpoint_password":
        return converted
    return converted.rstrip("/") if isinstance(converted, str) else converted
