"""Queries that end the process of the embedded engine elsewhere: each is refused or answered here, and life goes on.

The numbers are those at which the engine, or a server made of it, was seen to abort; then the most that our own limits
let through, so that what gets past them is known not to abort either.
"""

from __future__ import annotations

import httpx
import pytest

X = "https://w3id.org/dxlod/ns#value"
DEADLY = {
    "2,200 groups": "ASK " + "{" * 2_200 + "}" * 2_200,
    "4,700 brackets": "ASK {FILTER(" + "(" * 4_700 + "1" + ")" * 4_700 + ")}",
    "6,600 branches of UNION": "ASK {{?s ?p ?o}" + "UNION{?s ?p ?o}" * 6_600 + "}",
    "7,000 terms of a sum": "ASK {FILTER(1" + "+1" * 7_000 + ">0)}",
    "8,400 patterns": "ASK {" + "?s ?p ?o." * 8_400 + "}",
    "8,400 steps of a path": f"ASK {{?s <{X}>" + "/<a:b>" * 8_400 + " ?o}",
    "9,400 negations": "ASK {FILTER(" + "!" * 9_400 + "true)}",
    "1,000 nested subselects": "ASK {" + "{SELECT*{" * 1_000 + "}}" * 1_000 + "}",
    "500 nested calls": "ASK {FILTER(" + "CONCAT('a'," * 500 + "'b'" + ")" * 500 + "!='')}",
    "a list of 20,000 items": "ASK {?s ?p (" + "1 " * 20_000 + ")}",
    "IN with 20,000 items": "ASK {FILTER(1 IN (" + ",".join(["2"] * 20_000) + "))}",
    "1 MB": "ASK {}" + "#" * 1_000_000,
    "65,000 dots, each after what may be a prefix": "ASK {" + "a." * 65_000,
    "40,000 signs that may open a comment or an IRI": "ASK {" + "<a#>" * 32_000,
    "5,000 optional groups": "ASK {" + "OPTIONAL{?s ?p ?o}" * 5_000 + "}",
    "3,000 alternatives of a path": f"ASK {{?s <{X}>" + "|<a:b>" * 3_000 + " ?o}",
    "3,000 inverses of a path": "ASK {?s " + "^" * 3_000 + f"<{X}> ?o}}",
}
# At the limits of depth (64) and of tokens (5,000).
ALLOWED = {
    "nested groups": "ASK " + "{" * 64 + "}" * 64,
    "brackets": "ASK {FILTER(" + "(" * 62 + "1" + ")" * 62 + ")}",
    "branches of UNION": "ASK {{?s ?p ?o}" + "UNION{?s ?p ?o}" * 825 + "}",
    "empty branches of UNION": "ASK {{}" + "UNION{}" * 1_660 + "}",
    "a sum": "ASK {FILTER(1" + "+1" * 2_490 + ">0)}",
    "a conjunction": "ASK {FILTER(1" + "&&1" * 1_660 + ")}",
    "patterns": "ASK {" + "?s ?p ?o." * 1_240 + "}",
    "objects": "ASK {?s ?p 1" + ",1" * 2_490 + "}",
    "steps of a path": f"ASK {{?s <{X}>" + "/<a:b>" * 2_490 + " ?o}",
    "alternatives of a path": f"ASK {{?s <{X}>" + "|<a:b>" * 2_490 + " ?o}",
    "inverses of a path": "ASK {?s " + "^" * 4_990 + f"<{X}> ?o}}",
    "negations": "ASK {FILTER(" + "!" * 4_990 + "true)}",
    "signs": "ASK {FILTER(1=" + "- " * 4_980 + "1)}",
    "subselects": "ASK {" + "{SELECT*{" * 31 + "}}" * 31 + "}",
    "calls": "ASK {FILTER(" + "CONCAT('a'," * 61 + "'b'" + ")" * 61 + "!='')}",
    "a list": "ASK {?s ?p (" + "1 " * 4_980 + ")}",
    "IN": "ASK {FILTER(1 IN (" + ",".join(["2"] * 2_480) + "))}",
    "values": "ASK {VALUES ?x {" + "1 " * 4_980 + "}}",
    "optional groups": "ASK {" + "OPTIONAL{?s ?p ?o}" * 820 + "}",
    "MINUS": "ASK {?s ?p ?o " + "MINUS{?s ?p ?o}" * 820 + "}",
    "filters": "ASK {?s ?p ?o " + "FILTER(?s!=1)" * 700 + "}",
    "variables": "SELECT " + " ".join(f"?v{number}" for number in range(4_990)) + " {}",
}
COSTLY = {"a list"}
"""The engine plans the joins of a list in more than quadratic time and memory."""


@pytest.mark.parametrize("name", DEADLY)
def test_what_ends_the_process_elsewhere_is_refused_here(client: httpx.Client, name: str) -> None:
    answer = client.post("/sparql", data={"query": DEADLY[name]})
    assert answer.status_code in (400, 413), answer.text
    assert alive(client)


@pytest.mark.parametrize("name", ALLOWED)
def test_what_the_limits_let_through_is_answered_or_stopped(client: httpx.Client, name: str) -> None:
    answer = client.post("/sparql", data={"query": ALLOWED[name]})
    # 504: stopped at the deadline. 503: its worker was ended, and replaced.
    most = (200, 400, 503, 504) if name in COSTLY else (200, 400, 504)
    assert answer.status_code in most, answer.text
    assert "not run" not in answer.text, "refused by our limits: this test shows nothing"
    assert alive(client)


def test_one_more_is_refused(client: httpx.Client) -> None:
    for query, said in (("ASK " + "{" * 65, "64 deep"), ("ASK {" + "?s ?p ?o." * 1_251 + "}", "5000 words")):
        answer = client.post("/sparql", data={"query": query})
        assert (answer.status_code, said in answer.text) == (400, True)


def alive(client: httpx.Client) -> bool:
    return client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True
