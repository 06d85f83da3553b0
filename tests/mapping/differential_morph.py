"""Compares the mapping engine with morph-kgc, another implementation of RML, quad by quad.

    python tests/mapping/differential_morph.py [--mappings FILE ... --tables FOLDER] [--rows N] [--seed N]

Without mappings it makes a data set of its own. morph-kgc lives in `build/morph-venv`, made on first use.
Exit code 0 where both give the same quads, 1 with the differing lines where they do not.

morph-kgc departs from RML-Core in three things, which are evened out so that all else is compared: it knows
no `rml:RelativePathSource`, puts no base before relative templates, and percent-encodes letters beyond
ASCII in IRIs. Its literals are compared as the triple store gives them back, ours as they were written.
"""

from __future__ import annotations

import argparse
import csv
import fcntl
import random
import re
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import pyoxigraph
from rdflib import RDF, Graph, Literal, URIRef

from dxlod.mapping import map_tables

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / "build" / "morph-venv"
REQUIREMENT = "morph-kgc==2.10.0"
BASE = "https://example.org/base/"
NQUADS = pyoxigraph.RdfFormat.N_QUADS
RML = "http://w3id.org/rml/"

MAPPING = """
@prefix rml: <http://w3id.org/rml/> .
@prefix ex: <https://example.org/ns#> .
@prefix map: <https://example.org/map#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

map:item a rml:TriplesMap ;
  rml:logicalSource [ rml:referenceFormulation rml:CSV ;
    rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "item.csv" ] ] ;
  rml:subjectMap [ rml:template "id/{plan}/item/{id}" ; rml:class ex:Item, ex:Element ;
    rml:graphMap [ rml:template "graph/{plan}" ] ] ;
  rml:predicateObjectMap
    [ rml:predicate rdfs:label ; rml:objectMap [ rml:reference "title" ; rml:language "ja" ] ] ,
    [ rml:predicate ex:note, ex:remark ; rml:objectMap [ rml:reference "note" ] ] ,
    [ rml:predicate ex:order ; rml:objectMap [ rml:reference "order" ; rml:datatype xsd:integer ] ] ,
    [ rml:predicate ex:value ; rml:objectMap [ rml:reference "value" ; rml:datatype xsd:decimal ] ] ,
    [ rml:predicate ex:text ; rml:objectMap [ rml:template "{value} ({unit})" ; rml:termType rml:Literal ] ] ,
    [ rml:predicate ex:topic ; rml:objectMap [ rml:template "https://example.org/topic/{topic}" ] ] ,
    [ rml:predicate ex:page ; rml:objectMap [ rml:reference "page" ; rml:termType rml:IRI ] ] ,
    [ rml:predicate ex:unit ; rml:objectMap [ rml:parentTriplesMap map:unit ;
        rml:joinCondition [ rml:child "unit" ; rml:parent "code" ] ] ] ,
    [ rml:predicate ex:kind ; rml:object ex:Planned, "計画" ] .

map:unit a rml:TriplesMap ;
  rml:logicalSource [ rml:referenceFormulation rml:CSV ;
    rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "unit.csv" ] ] ;
  rml:subjectMap [ rml:template "id/unit/{number}" ] ;
  rml:predicateObjectMap
    [ rml:predicate rdfs:label ; rml:objectMap [ rml:reference "name" ; rml:language "ja" ] ] .
"""
LETTERS = "abcXYZ012 岐阜市計画ＤＸ、。・%/?#&=+:;@()[]{}<>'\"\\\n\t~-_.é𠮷"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the differing lines, at most twenty of each side."""
    parser = argparse.ArgumentParser(description="Compare the mapping engine with morph-kgc.")
    parser.add_argument("--mappings", type=Path, nargs="+")
    parser.add_argument("--tables", type=Path)
    parser.add_argument("--base", default=BASE)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        mappings, tables = chosen.mappings, chosen.tables
        if not mappings or not tables:
            mappings, tables = generate(Path(folder), chosen.rows, chosen.seed)
        quads, only_ours, only_morph = compare(mappings, tables, chosen.base, Path(folder))
    for sign, lines in (("dxlod only", only_ours), ("morph-kgc only", only_morph)):
        for line in lines[:20]:
            sys.stdout.write(f"{sign}: {line}\n")
    only = f"{len(only_ours)} only in dxlod, {len(only_morph)} only in morph-kgc"
    sys.stdout.write(f"{quads} quads, {only}\n")
    return 1 if only_ours or only_morph else 0


def compare(
    mappings: Iterable[Path], tables: Path, base: str, work: Path
) -> tuple[int, list[str], list[str]]:
    """(quads of ours, sorted lines only in ours, sorted lines only in morph-kgc's)."""
    paths = sorted(mappings)
    ours = comparable(pyoxigraph.parse("\n".join(map_tables(paths, tables, base)).encode(), format=NQUADS))
    store = pyoxigraph.Store()
    store.load(path=run_morph(paths, tables, base, work), format=NQUADS)
    morph = comparable(store)
    return len(ours), sorted(ours - morph), sorted(morph - ours)


def comparable(quads: Iterable[pyoxigraph.Quad]) -> set[str]:
    """The quads in one spelling, with URIs for IRIs."""
    return {re.sub(r"<[^>]*>", _as_uri, str(quad)) for quad in quads}


def _as_uri(match: re.Match[str]) -> str:
    return quote(match.group(), safe="<>%:/?#[]@!$&'()*+,;=~")


# ── morph-kgc ──


def install() -> Path:
    """The Python of an environment of its own with morph-kgc."""
    python = VENV / "bin" / "python"
    VENV.parent.mkdir(parents=True, exist_ok=True)
    # Two tests may want it at the same time.
    with (VENV.parent / "morph-venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not python.exists():
            venv.create(VENV, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", REQUIREMENT], check=True)
    return python


def prepare_morph(mappings: Iterable[Path], tables: Path, base: str, work: Path) -> tuple[Path, Path]:
    """(configuration, output file) for morph-kgc, with mappings that it understands."""
    adapted = []
    for path in mappings:
        target = work / f"morph-{path.stem}.ttl"
        target.write_text(adapt(path, tables, base), encoding="utf-8")
        adapted.append(str(target))
    output, config = work / "morph.nq", work / "morph.ini"
    options = (
        f"output_file={output}\noutput_format=N-QUADS\nna_values=\nnumber_of_processes=1\nlogging_level=ERROR"
    )
    config.write_text(
        f"[CONFIGURATION]\n{options}\n[Source]\nmappings={','.join(adapted)}\n", encoding="utf-8"
    )
    return config, output


def run_morph(mappings: Iterable[Path], tables: Path, base: str, work: Path) -> Path:
    """The N-Quads file that morph-kgc writes. Raises CalledProcessError where it fails."""
    config, output = prepare_morph(mappings, tables, base, work)
    subprocess.run([install(), "-m", "morph_kgc", config], check=True, cwd=work)
    return output


def adapt(path: Path, tables: Path, base: str) -> str:
    """The mapping with plain file names as sources and absolute templates."""
    graph = Graph().parse(path, format="turtle", publicID=base)
    for holder, source in list(graph.subject_objects(URIRef(RML + "source"))):
        name = graph.value(source, URIRef(RML + "path"), default=source)
        graph.set((holder, URIRef(RML + "source"), Literal(str((tables / str(name)).resolve()))))
        graph.set((holder, RDF.type, URIRef(RML + "LogicalSource")))
    for holder, template in list(graph.subject_objects(URIRef(RML + "template"))):
        kind = graph.value(holder, URIRef(RML + "termType"))
        if ":" not in str(template) and kind in (None, URIRef(RML + "IRI")):
            graph.set((holder, URIRef(RML + "template"), Literal(base + str(template))))
    return str(graph.serialize(format="turtle"))


# ── a data set ──


def generate(folder: Path, rows: int, seed: int) -> tuple[list[Path], Path]:
    """(mappings, folder of tables): the same for the same seed, with empty cells, quotes, line ends and
    repeats.
    """
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    mapping = folder / "item.ttl"
    mapping.write_text(MAPPING, encoding="utf-8")
    units = [{"code": f"u{n % 40}", "number": str(n), "name": _words(chance)} for n in range(50)]
    write_table(folder / "unit.csv", units)
    write_table(folder / "item.csv", [_item(chance, number) for number in range(rows)])
    return [mapping], folder


def _item(chance: random.Random, number: int) -> Mapping[str, str]:
    def sometimes(text: str) -> str:
        return text if chance.random() < 0.8 else ""

    return {
        "plan": chance.choice(["dx-2025", "it-2", "計画"]),
        "id": str(number - number % 50 if chance.random() < 0.1 else number),
        "title": _words(chance),
        "note": sometimes(_words(chance)),
        "order": sometimes(f"{chance.randrange(999):03d}"),
        "value": sometimes(f"{chance.randrange(10**6) / 100:.2f}"),
        "unit": sometimes(f"u{chance.randrange(60)}"),
        "topic": sometimes(_words(chance)),
        "page": sometimes(f"https://example.org/{chance.randrange(99)}?q=1#p"),
    }


def _words(chance: random.Random) -> str:
    # A letter at both ends: whether blanks around a cell count is a matter of the reader of the table.
    return "x" + "".join(chance.choices(LETTERS, k=chance.randrange(1, 30))) + "x"


def write_table(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """A CSV file in UTF-8 with the columns of the first row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
