"""What researchers ask, in plain SPARQL 1.1: twelve queries, each of which can be asked again and again in new words.

A text is new to every server when its variables have names that were not used before: nothing else changes, no cache
of answers knows it, and it costs nobody more. Constants (a city, a plan, a word) vary from round to round as well.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks import words
from benchmarks.generate import BASE, Made

__all__ = ["ASK", "JSON", "NTRIPLES", "PREFIXES", "Pool", "Query", "pool_of", "researcher_queries"]

JSON: Final = "application/sparql-results+json"
NTRIPLES: Final = "application/n-triples"
ASK: Final = "ASK {}"
PREFIXES: Final = (
    "PREFIX dxo: <https://w3id.org/dxlod/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX org: <http://www.w3.org/ns/org#> "
)
_VARIABLE = re.compile(r"\?([a-z]+)")


@dataclass(frozen=True)
class Pool:
    """Constants that queries are made with: in an order of their own, the same for a seed."""

    indicators: Sequence[str]
    editions: Sequence[Made]
    cities: Sequence[str]
    prefectures: Sequence[str]
    needles: Sequence[str]


@dataclass(frozen=True)
class Query:
    """A query: its names, how its text comes from a number, and the media type to ask for."""

    ja: str
    en: str
    text: Callable[[int], str]
    accept: str = JSON

    def new(self, number: int, nonce: int) -> str:
        """The text with constants by `number`, in variables that end in `nonce`."""
        return PREFIXES + _VARIABLE.sub(rf"?\g<1>{nonce}", self.text(number))

    def same(self, number: int) -> str:
        """The text with constants by `number`, always in the same words."""
        return PREFIXES + self.text(number)


def pool_of(made: Sequence[Made], seed: int = 1) -> Pool:
    """Constants from the plans that were generated."""
    rng = random.Random(f"pool/{seed}")
    indicators = sorted({iri for plan in made for iri in plan.indicators})
    editions = list(made)
    cities = sorted({plan.place.iri for plan in made})
    prefectures = sorted({plan.place.prefecture for plan in made})
    needles = [ja for ja, _ in (*words.MEANS, *words.SUBJECTS)]
    for some in (indicators, editions, cities, prefectures, needles):
        rng.shuffle(some)
    return Pool(indicators[:2000], editions, cities, prefectures, needles)


def researcher_queries(pool: Pool) -> list[Query]:
    """The twelve, in a fixed order; the first two are a look-up and the list of a city."""

    def of(some: Sequence[str], template: str) -> Callable[[int], str]:
        return lambda number: template.replace("$", some[number % len(some)])

    topics = [f"{BASE}/topic/{slug}" for slug in words.TOPICS]
    units = [iri for iri, _ in words.UNITS]
    graphs = [plan.graph for plan in pool.editions]
    return [
        Query("一つの指標を引く", "look-up", of(pool.indicators, LOOK_UP)),
        Query("市の取組の一覧", "list by city", of(pool.cities, LIST)),
        Query("市ごとの件数", "count by city", lambda _: COUNT),
        Query("分野の比較", "topic comparison", of(topics, TOPIC)),
        Query("組織をたどる経路", "path over organizations", of(pool.prefectures, PATH)),
        Query("日本語の部分一致", "Japanese substring", of(pool.needles, SUBSTRING)),
        Query("任意項目の多い指標の表", "optional-heavy KPI table", of(pool.cities, TABLE)),
        Query("並べて一頁", "order and page", lambda number: PAGE.replace("$", str(number % 20 * 50))),
        Query("異なる名称の数", "count distinct", lambda _: DISTINCT),
        Query("一つの計画の全体", "construct one plan", of(graphs, CONSTRUCT), NTRIPLES),
        Query("全件の走査", "full scan", lambda number: SCAN.replace("$", str(20 + number % 10))),
        Query("年度ごとの目標の平均", "average target by year", of(units, AVERAGE)),
    ]


LOOK_UP: Final = "SELECT ?p ?o { <$> ?p ?o }"
LIST: Final = """SELECT ?i ?label { ?e dcterms:publisher <$> . ?i dxo:inEdition ?e ; a dxo:Initiative ; rdfs:label ?label
 FILTER(LANG(?label) = "ja") }"""
COUNT: Final = """SELECT ?city (COUNT(?i) AS ?n) { ?e dcterms:publisher ?city . ?i dxo:inEdition ?e ; a dxo:Initiative }
 GROUP BY ?city"""
TOPIC: Final = f"""SELECT ?city ?topic (COUNT(DISTINCT ?i) AS ?n) {{ VALUES ?topic {{ <$> <{BASE}/topic/digital-divide> }}
 ?i dxo:topic ?topic ; dxo:inEdition ?e . ?e dcterms:publisher ?city }} GROUP BY ?city ?topic"""
PATH: Final = """SELECT ?unit (COUNT(?i) AS ?n) { ?unit (org:subOrganizationOf|org:unitOf)+ <$> .
 ?i dxo:responsibleUnit ?unit } GROUP BY ?unit"""
SUBSTRING: Final = """SELECT ?thing ?label { ?thing rdfs:label ?label FILTER(CONTAINS(STR(?label), "$")) }"""
TABLE: Final = """SELECT ?k ?label ?unit ?way ?base ?year ?goal { ?e dcterms:publisher <$> .
 ?k dxo:inEdition ?e ; a dxo:Indicator ; rdfs:label ?label FILTER(LANG(?label) = "ja")
 OPTIONAL { ?k dxo:unit ?unit } OPTIONAL { ?k dxo:desiredDirection ?way }
 OPTIONAL { ?k dxo:baseline ?b . ?b dxo:value ?base }
 OPTIONAL { ?k dxo:target ?t . ?t dxo:fiscalYear ?year OPTIONAL { ?t dxo:value ?goal } } }"""
PAGE: Final = """SELECT ?i ?label { ?i a dxo:Initiative ; rdfs:label ?label FILTER(LANG(?label) = "ja") }
 ORDER BY ?label ?i LIMIT 50 OFFSET $"""
DISTINCT: Final = """SELECT (COUNT(DISTINCT ?label) AS ?n) { ?x dxo:inEdition ?e ; rdfs:label ?label }"""
CONSTRUCT: Final = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <$> { ?s ?p ?o } }"
SCAN: Final = """SELECT (COUNT(?o) AS ?n) { ?s ?p ?o FILTER(LANG(?o) = "ja" && STRLEN(STR(?o)) > $) }"""
AVERAGE: Final = f"""SELECT ?year (AVG(?v) AS ?mean) (COUNT(?v) AS ?n) {{
 ?t dxo:valueKind <{BASE}/code/value-kind/target> ; dxo:unit <$> ; dxo:fiscalYear ?year ; dxo:value ?v }} GROUP BY ?year"""
