"""Commands of the guide, each ready to be copied and run. A test runs them all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

__all__ = ["QUERY", "Command", "Section", "guide_sections"]

QUERY = """PREFIX dxo: <https://w3id.org/dxlod/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?plan ?label WHERE {
  ?plan a dxo:PlanEdition ; rdfs:label ?label .
  FILTER(LANG(?label) = "ja")
} ORDER BY ?plan"""


@dataclass(frozen=True)
class Command:
    """One command: key of its label, language it is written in (sh, python, r), text."""

    key: str
    language: str
    code: str


@dataclass(frozen=True)
class Section:
    """One part of the guide: key of its messages, and its commands."""

    key: str
    commands: Sequence[Command]


def guide_sections(
    origin: str, example: str, dataset: str, places: Collection[str], saved: str = ""
) -> list[Section]:
    """The guide of a service at `origin`; only of what it has: `places` are the paths of its routes.

    `example` is the path of an entity (`/id/…`), `dataset` the name of a data set in CKAN's way, `saved` the name of
    a saved query ('' for none).
    """
    document = example.replace("/id/", "/doc/", 1)
    sections = [
        _section(
            "one",
            ("turtle", f"curl -sL -H 'Accept: text/turtle' {origin}{example}"),
            ("jsonld", f"curl -s {origin}{document}.jsonld"),
        ),
        _section(
            "search",
            ("search", f"curl -sG {origin}/api/search --data-urlencode q=窓口 -d kind=initiative -d limit=5"),
        ),
        _section("saved", ("saved", f"curl -s '{origin}/api/queries/{saved}?format=csv'")),
        Section("sparql", _sparql(origin)),
        _section("matching", ("matching", _MATCHING.replace("ORIGIN", origin))),
        _section("dump", ("dump", f"curl -sO {origin}/dumps/all.ttl.gz"), ("verify", _verify(origin))),
        _section("dcat", ("dcat", f"curl -sH 'Accept: text/turtle' {origin}/catalog")),
        _section(
            "ckan",
            ("ckan_list", f"curl -s {origin}/api/3/action/package_list"),
            ("ckan_show", f"curl -s '{origin}/api/3/action/package_show?id={dataset}'"),
        ),
        _section("vocabulary", ("ns", f"curl -sH 'Accept: text/turtle' {origin}/ns")),
    ]
    return [section for section in sections if _is_there(section.key, places, saved)]


def _is_there(key: str, places: Collection[str], saved: str) -> bool:
    needs = {"search": "/api/search", "dcat": "/catalog", "ckan": "/api/3/action", "saved": "/api/queries"}
    there = key not in needs or any(path.startswith(needs[key]) for path in places)
    return there and (key != "saved" or bool(saved))


def _section(key: str, *commands: tuple[str, str]) -> Section:
    return Section(key, [Command(name, "sh", code) for name, code in commands])


def _verify(origin: str) -> str:
    return (
        f'curl -s {origin}/manifest.json | python3 -c "import json,sys; '
        "print(*(f['sha256'] + '  ' + f['path'].split('/')[-1] for f in json.load(sys.stdin)['files'] "
        "if f['path'] == 'dumps/all.ttl.gz'))\" | sha256sum -c"
    )


def _sparql(origin: str) -> list[Command]:
    commands = (("curl", "sh", _CURL), ("python", "python", _PYTHON), ("r", "r", _R))
    return [
        Command(key, language, code.replace("QUERY", QUERY).replace("ORIGIN", origin))
        for key, language, code in commands
    ]


_CURL = """curl -sG ORIGIN/sparql -H 'Accept: text/csv' --data-urlencode query='
QUERY'"""

_MATCHING = """curl -sG ORIGIN/sparql -H 'Accept: text/csv' --data-urlencode query='
PREFIX dxs: <https://w3id.org/dxlod/search#>
SELECT ?thing ?text WHERE {
  SERVICE <https://w3id.org/dxlod/search> {
    ?thing dxs:matches "申請" ; dxs:literal ?text ; dxs:rank ?rank ; dxs:limit 20
  }
} ORDER BY ?rank'"""

_PYTHON = '''import csv, io, urllib.parse, urllib.request

query = """QUERY"""
url = "ORIGIN/sparql?" + urllib.parse.urlencode({"query": query})
request = urllib.request.Request(url, headers={"Accept": "text/csv"})
with urllib.request.urlopen(request) as answer:
    for row in csv.DictReader(io.TextIOWrapper(answer, "utf-8")):
        print(row["plan"], row["label"])'''

_R = """query <- 'QUERY'
url <- paste0("ORIGIN/sparql?format=csv&query=", utils::URLencode(query, reserved = TRUE))
plans <- read.csv(url, encoding = "UTF-8")
print(plans)"""
