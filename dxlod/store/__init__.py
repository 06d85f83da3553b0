"""Stores: where a release is asked questions. One interface, an embedded engine and remote ones."""

from dxlod.store.base import (
    BOOLEAN_FORMATS,
    RESULT_FORMATS,
    Answer,
    Dataset,
    Engine,
    Form,
    ResultFormat,
    Rows,
    Term,
)
from dxlod.store.guard import SEARCH, Call, Checked, Limits, check_query
from dxlod.store.oxigraph import OxigraphEngine, open_engine
from dxlod.store.remote import RemoteEngine

__all__ = [
    "BOOLEAN_FORMATS",
    "RESULT_FORMATS",
    "SEARCH",
    "Answer",
    "Call",
    "Checked",
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
