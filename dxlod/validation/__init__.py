"""Validation: does a graph conform to the shapes?"""

from dxlod.validation.shacl import Result, Severity, Shapes, load_shapes, validate

__all__ = ["Result", "Severity", "Shapes", "load_shapes", "validate"]
