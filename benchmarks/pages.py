"""Time of entity pages and searches over a million triples, beside the same document asked of the SPARQL engine.

    python benchmarks/pages.py [--triples 1000000] [--pages 500] [--seed 1]

The data are the plans of this repository, copied under other codes until there are enough. Pages are made one after
the other in one process, without the cache of whole pages and without HTTP: reading the index, facts, template; each
once before it is timed. The
SPARQL side is what the same document took before: CONSTRUCT of it, the labels of what it names, and what links to it,
in an Oxigraph store in memory, without making any page of it. Times are wall-clock; the processor's stand beside.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from dxlod.namespaces import DXO  # noqa: E402
from dxlod.pipeline import data_quads  # noqa: E402
from dxlod.release.reference import reference_files, reference_quads  # noqa: E402
from dxlod.settings import SHARED, Settings  # noqa: E402
from dxlod.site.entities import entity_page  # noqa: E402
from dxlod.site.index import write_index  # noqa: E402
from dxlod.site.iris import ELI, ORG, SKOS  # noqa: E402
from dxlod.site.reader import SiteReader  # noqa: E402
from dxlod.site.render import Renderer  # noqa: E402
from dxlod.site.search import search  # noqa: E402
from dxlod.site.view import View  # noqa: E402
from dxlod.store import Limits, OxigraphEngine  # noqa: E402
from dxlod.table.dataset import Dataset  # noqa: E402

KINDS = {
    "city": DXO.Municipality,
    "plan": DXO.Plan,
    "plan edition": DXO.PlanEdition,
    "policy": DXO.Policy,
    "measure": DXO.PolicyMeasure,
    "initiative": DXO.Initiative,
    "action": DXO.Action,
    "phase": DXO.SchedulePhase,
    "indicator": DXO.Indicator,
    "topic": f"{SKOS}Concept",
    "department": f"{ORG}OrganizationalUnit",
    "departments": f"{ORG}OrganizationalCollaboration",
    "law": f"{ELI}LegalResource",
    "cited work": DXO.CitedWork,
    "provision": DXO.LegalProvision,
    "task": DXO.AdministrativeTask,
    "system": DXO.InformationSystem,
    "table": DXO.StatisticalTable,
    "glossary term": DXO.GlossaryTerm,
    "citation": DXO.Citation,
    "correction": DXO.Correction,
    "document": DXO.SourceDocument,
    "fragment": DXO.SourceFragment,
    "fiscal year": DXO.FiscalYear,
    "list of codes": f"{SKOS}ConceptScheme",
}
"""The classes whose pages are timed, by the names in the table."""
SHARED_KINDS = ("topic", "law", "cited work", "provision", "fiscal year", "list of codes")
"""Those that plans of many cities point at: the busiest of them are timed."""
TOPIC = re.compile(f"{re.escape(SHARED)}/id/topic/[^/]+")
OWN = re.compile(r"/(id/plan|id/lg|id/doc|id/cube|graph/plan|graph/org)/")
PARTS = "|".join(
    f"<{name}>" for name in (DXO.indicatorValue, DXO.baseline, DXO.target, DXO.actual, DXO.hasPhase)
)
SELECTOR = "<http://www.w3.org/ns/oa#hasSelector>?/<http://www.w3.org/ns/oa#refinedBy>?"
REACH = f"({PARTS}|^<{DXO.indicator}>)?/(<{DXO.sourceFragment}>/{SELECTOR})?"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>|<http://www.w3.org/2004/02/skos/core#prefLabel>"
QUERIES = (
    "CONSTRUCT {{?s ?p ?o}} WHERE {{<{iri}> {reach} ?s . ?s ?p ?o}}",
    "SELECT DISTINCT ?x ?label WHERE {{ {{<{iri}> {reach} ?s . ?s ?x ?y}} UNION {{<{iri}> {reach} ?s . ?s ?y ?x}}"
    " UNION {{?x ?y <{iri}>}} FILTER(isIRI(?x)) ?x {label} ?label }}",
    "SELECT ?s ?p WHERE {{?s ?p <{iri}>}} ORDER BY ?p ?s LIMIT 50",
)
WORDS = (
    "オンライン申請",
    "税",
    "ＤＸ",
    "online applications",
    "マイナンバーカード",
    "it",
    "岐阜市 防災",
    "業務システム",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints sizes, times of making the index, medians by class, and the ratio to the SPARQL side."""
    parser = argparse.ArgumentParser(description="Speed of entity pages at a million triples.")
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--pages", type=int, default=500, help="pages in all, as many of each class")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        nquads, index = Path(folder) / "all.nq", Path(folder) / "site.sqlite"
        count = write_data(nquads, chosen.triples)
        begin, cpu = time.perf_counter(), time.process_time()
        write_index(nquads, index)
        took, cpu = time.perf_counter() - begin, time.process_time() - cpu
        write(
            f"Python {sys.version.split()[0]}, {count} quads; index: {took:.1f} s ({cpu:.1f} s processor), {index.stat().st_size >> 20} MiB"
        )
        reader = SiteReader.open(index)
        iris = sample(reader, chosen.pages, random.Random(chosen.seed))
        pages(reader, iris)
        searches(reader)
        engine = OxigraphEngine.load(nquads, Limits.of(Settings(home=ROOT)))
        compare(reader, engine, iris)
        reader.close()
    return 0


def write_data(target: Path, wanted: int) -> int:
    """Write the plans as N-Quads over and over under other codes, at least `wanted` lines; how many there are."""
    settings = Settings(home=ROOT, data=ROOT / "data")
    own = sorted(set(data_quads(settings, Dataset.at(settings.data))))
    shared = sorted(
        {quad.line for path in reference_files(settings.ontology) for quad in reference_quads(path)}
    )
    count = 0
    with target.open("w", encoding="utf-8") as out:
        for line in [*shared, *copies(own, wanted - len(shared))]:
            out.write(f"{line}\n")
            count += 1
    return count


def copies(lines: Sequence[str], wanted: int) -> Iterator[str]:
    """The lines under codes of their own for each copy; laws, topics and years are those of all."""
    for copy in range(-(-wanted // len(lines))):
        for line in lines:
            yield OWN.sub(rf"/\1/x{copy}-", line) if copy else line


def sample(reader: SiteReader, size: int, rng: random.Random) -> dict[str, list[str]]:
    """Some things of each class that people look at; of those that all plans share, the ones with the most links."""
    each = max(1, size // len(KINDS))
    found = {name: rng.sample(things, min(each, len(things))) for name, things in classes(reader)}
    for name in SHARED_KINDS:
        if name in found:
            every = dict(classes(reader))[name]
            found[name] = sorted(every, key=lambda iri: (-reader.backlink_count(iri), iri))[:each]
    return found


def classes(reader: SiteReader) -> Iterator[tuple[str, list[str]]]:
    """The things of each class of KINDS, where there are any; topics are the lasting ones."""
    for name, kind in KINDS.items():
        things = reader.instances(kind)
        if name == "topic":
            things = [iri for iri in things if TOPIC.fullmatch(iri)]
        if things:
            yield name, things


def pages(reader: SiteReader, iris: dict[str, list[str]]) -> None:
    """Prints the medians of making pages."""
    renderer, every = Renderer(), [iri for some in iris.values() for iri in some]

    def page(iri: str) -> int:
        view = View(path=f"/doc/{iri.partition('/id/')[2]}")
        return len(entity_page(renderer, reader, view, iri, reader.closure(iri)).encode())

    timed(page, every)
    write("| page | n | p50 ms | p95 ms | p50 processor ms | largest kB |\n|---|---:|---:|---:|---:|---:|")
    for kind, some in {**iris, "all": every}.items():
        wall, cpu, sizes = timed(page, some)
        far = sorted(wall)[int(len(wall) * 0.95)] if len(wall) > 1 else wall[0]
        write(
            f"| {kind} | {len(some)} | {1000 * statistics.median(wall):.2f} | {1000 * far:.2f} |"
            f" {1000 * statistics.median(cpu):.2f} | {max(sizes) / 1000:.0f} |"
        )


def searches(reader: SiteReader) -> None:
    """Prints the medians of searches, each run five times after a first."""
    reader.facet_sets()
    write("| search | hits | p50 ms |\n|---|---:|---:|")
    for words in ("", *WORDS):
        wall, _, sizes = timed(lambda text: search(reader, text).total, [words] * 6)
        write(f"| {words or '(all)'} | {sizes[0]} | {1000 * statistics.median(wall[1:]):.1f} |")


def compare(reader: SiteReader, engine: OxigraphEngine, iris: dict[str, list[str]]) -> None:
    """Prints page against query for each class, both sides in turn on the same things."""
    renderer = Renderer()

    def page(iri: str) -> int:
        view = View(path=f"/doc/{iri.partition('/id/')[2]}")
        return len(entity_page(renderer, reader, view, iri, reader.closure(iri)))

    def ask(iri: str) -> int:
        return sum(len(engine.query(text.format(iri=iri, reach=REACH, label=LABEL)).body) for text in QUERIES)

    write("| page beside queries | page p50 ms | queries p50 ms | ratio |\n|---|---:|---:|---:|")
    for kind, some in iris.items():
        few = some[:5]
        ours, theirs = (statistics.median(timed(what, few)[0]) for what in (page, ask))
        write(f"| {kind} | {1000 * ours:.2f} | {1000 * theirs:.2f} | {ours / theirs:.3f} |")


def timed(what: Callable[[str], int], each: Sequence[str]) -> tuple[list[float], list[float], list[int]]:
    """Wall and processor seconds of each call, and what it gave."""
    wall, cpu, given = [], [], []
    for one in each:
        begin, begin_cpu = time.perf_counter(), time.process_time()
        given.append(what(one))
        wall.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - begin_cpu)
    return wall, cpu, given


def write(line: str) -> None:
    """Prints a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
