"""Stores: where a release is asked questions. One interface, an embedded engine and remote ones."""

from dxlod.store.base import RESULT_FORMATS, Answer, Dataset, Engine, Form, ResultFormat, Rows, Term
from dxlod.store.guard import Limits, check_query
from dxlod.store.oxigraph import OxigraphEngine, open_engine
from dxlod.store.remote import RemoteEngine

__all__ = [
    "RESULT_FORMATS",
    "Answer",
    "Dataset",
    "Engine",
    "Form",
    "Limits",
    "OxigraphEngine",
    "RemoteEngine",
    "ResultFormat",
    "Rows",
    "Term",
    "check_query",
    "open_engine",
]
