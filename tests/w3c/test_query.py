"""The W3C tests of SPARQL 1.1 Query, its result formats and federated query, against a running service.

The tests are third-party data outside this repository (`DXLOD_VENDOR`). What fails is listed with its reason in
exceptions.toml; what is listed there and passes fails too.
"""

from __future__ import annotations

import httpx
import pytest

from . import suite
from .runner import KINDS, run
from .table import table

pytestmark = pytest.mark.skipif(
    not suite.ROOT.is_dir(),
    reason=f"W3C tests not found at {suite.ROOT}; set DXLOD_VENDOR to the folder of third-party data",
)
EXCEPTIONS = suite.exceptions()
CASES = [case for case in suite.cases() if case.kind in KINDS]
OTHERS = ("ProtocolTest", "ServiceDescriptionTest")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.iri.rpartition("data-sparql11/")[2])
def test_w3c(client: httpx.Client, case: suite.Case) -> None:
    fault = run(client, case)
    if case.iri in EXCEPTIONS:
        assert fault is not None, f"{case.iri} passes now: take it out of exceptions.toml"
    else:
        assert fault is None, fault


def test_no_test_is_left_out() -> None:
    every = list(suite.cases())
    assert {case.kind for case in every} == {*KINDS, *OTHERS}
    assert len(every) == len({case.iri for case in every})
    assert set(EXCEPTIONS) <= {case.iri for case in every}, "an exception that names no test"


def test_the_published_table_is_this_one() -> None:
    """`python -m tests.w3c > docs/w3c.md` writes it."""
    assert (suite.HERE.parents[1] / "docs" / "w3c.md").read_text("utf-8") == table()


def test_no_suite_is_left_out() -> None:
    run_here = {case.folder for case in suite.cases()}
    assert run_here | set(suite.not_applicable()) == suite.named_suites()
    assert not run_here & set(suite.not_applicable())
