"""Validation: does a graph conform to the shapes?"""

from dxlod.validation.parts import validate_each, validate_parts
from dxlod.validation.report import Result, Severity, Shapes, load_shapes, sort_results
from dxlod.validation.shacl import validate

__all__ = [
    "Result",
    "Severity",
    "Shapes",
    "load_shapes",
    "sort_results",
    "validate",
    "validate_each",
    "validate_parts",
]
