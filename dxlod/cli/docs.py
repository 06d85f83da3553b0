"""``dxlod docs``: generated documentation, and whether it is stale."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from dxlod.pipeline import data_quads
from dxlod.release.origins import origins
from dxlod.release.queries import queries_page
from dxlod.release.reference import reference_files, reference_quads
from dxlod.release.shapelist import list_shapes
from dxlod.release.terms import Triple, parse_quads
from dxlod.release.usage import count_usage
from dxlod.settings import Settings, default_home
from dxlod.site.reference import read_cases, shapes_markdown, terms_markdown
from dxlod.site.vocabulary import read_vocabulary
from dxlod.table.contract import load_contract
from dxlod.table.dataset import Dataset
from dxlod.table.docs import tables_page
from dxlod.table.quality import quality_page

__all__ = ["generated", "run_docs"]


def generated() -> dict[str, str]:
    """Generated pages by their path below the repository."""
    questions = default_home() / "tests" / "competency"
    data = Dataset.at(Path(default_home()) / "data")
    return {
        "docs/quality.md": quality_page(data),
        "docs/tables.md": tables_page(load_contract()),
        "docs/queries.md": queries_page(questions),
        **_reference_pages(Settings(home=default_home(), data=default_home() / "data")),
    }


def _reference_pages(settings: Settings) -> dict[str, str]:
    """The pages of shapes and terms, counted from the tables as a release of them would be."""
    tables = Dataset.at(settings.data)
    quads = list(parse_quads(data_quads(settings, tables)))
    for path in reference_files(settings.ontology):
        quads += reference_quads(path)
    shapes = list_shapes(sorted(settings.shapes.glob("*.ttl")))
    triples = sorted({Triple(quad.s, quad.p, quad.o) for quad in quads})
    tests = settings.home / "tests"
    cases = read_cases(tests / "shapes", tests / "ontology" / "shapes", shapes)
    vocabulary = read_vocabulary(triples, {"usage": {**asdict(count_usage(quads)), "links": ()}})
    places = origins(sorted(settings.mappings.glob("*.ttl")), tables.contract)
    return {
        "docs/shapes.md": shapes_markdown(shapes, triples, cases),
        "docs/terms.md": terms_markdown(vocabulary, shapes, places),
    }


def run_docs(check_only: bool) -> int:
    """Write the pages, or return 1 where one is stale."""
    stale = 0
    for name, text in generated().items():
        path = Path(default_home()) / name
        old = path.read_text("utf-8") if path.exists() else ""
        if old == text:
            continue
        stale += 1
        if check_only:
            click.echo(f"{name}: 古くなっています / stale（dxlod docs）", err=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            click.echo(f"{name}: 書き直しました / written", err=True)
    return 1 if check_only and stale else 0
