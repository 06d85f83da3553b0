"""The W3C tests of the SPARQL 1.1 Protocol, exchange by exchange, against a running service."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from . import suite
from .exchange import ProtocolCase, perform, protocol_cases

pytestmark = pytest.mark.skipif(
    not suite.ROOT.is_dir(),
    reason=f"W3C tests not found at {suite.ROOT}; set DXLOD_VENDOR to the folder of third-party data",
)
EXCEPTIONS = suite.exceptions()
CASES = protocol_cases() if suite.ROOT.is_dir() else []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.iri.rpartition("#")[2])
def test_w3c(client: httpx.Client, case: ProtocolCase) -> None:
    fault = perform(client, case)
    if case.iri in EXCEPTIONS:
        assert fault is not None, f"{case.iri} passes now: take it out of exceptions.toml"
    else:
        assert fault is None, fault


def test_the_judge_can_find_fault(client: httpx.Client) -> None:
    case = next(case for case in CASES if case.iri.endswith("#query_get"))
    (right,) = case.exchanges
    for wrong in (
        replace(right, statuses=frozenset({"4xx"})),
        replace(right, format="RDF"),
        replace(right, boolean=False),
    ):
        assert perform(client, replace(case, exchanges=(wrong,))) is not None
