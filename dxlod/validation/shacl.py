"""SHACL validation by pySHACL, the judge (https://www.w3.org/TR/shacl/). The one place that knows pySHACL."""

from __future__ import annotations

from collections.abc import Iterable

import pyshacl
from pyshacl.errors import ReportableRuntimeError, ValidationFailure
from rdflib import Graph

from dxlod.validation.report import Result, Shapes, read_report, unusable

__all__ = ["validate"]


def validate(ntriples: Iterable[str], shapes: Shapes) -> tuple[Result, ...]:
    """Results of validating N-Triples lines, sorted, each once; empty when the data conform entirely.

    ValidationError when the shapes cannot be used.
    """
    data = Graph()
    data.parse(data="\n".join(ntriples) + "\n", format="nt")
    try:
        _, report, text = pyshacl.validate(data, shacl_graph=shapes.graph, inference="none", meta_shacl=False)
    except (ReportableRuntimeError, ValidationFailure) as error:
        raise unusable(str(error)) from error
    if not isinstance(report, Graph):
        raise unusable(str(text))
    return read_report(report, shapes)
