"""From the committed tables to answers: build, query, serve, ask over HTTP; the same bytes twice; bad tables stop it."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from dxlod.cli import main
from dxlod.release import Release, open_current, verify
from dxlod.settings import Settings
from dxlod.store import RemoteEngine

HOME = Path(__file__).resolve().parents[1]
KPIS = """
PREFIX dxo: <https://w3id.org/dxlod/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?kpi ?name ?baseline ?target WHERE {
  ?kpi a dxo:Indicator ; rdfs:label ?name ; dxo:inEdition <https://w3id.org/dxlod/id/plan/212075/dx/2024> ;
    dxo:baseline/dxo:valueText ?baseline ; dxo:target/dxo:valueText ?target .
  FILTER(LANG(?name) = "ja")
} ORDER BY ?kpi
"""


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.stdout_bytes.decode("utf-8"), result.stderr


def current(releases: Path) -> Release:
    return open_current(Settings.load({}, data=HOME / "data", releases=releases))


def test_the_release_is_whole_and_names_its_inputs(releases: Path) -> None:
    release = current(releases)
    assert not verify(release)
    inputs = json.loads((releases / release.version / "manifest.json").read_text("utf-8"))["inputs"]
    assert "data/212075/212075_indicator.csv" in inputs
    assert "mappings/indicator.ttl" in inputs


def test_mino_has_seventeen_indicators_without_a_server(releases: Path) -> None:
    code, out, err = run("query", "--releases", str(releases), "--format", "csv", KPIS)
    assert code == 0, err
    assert out.startswith("kpi,name,baseline,target\r\n")
    rows = list(csv.reader(io.StringIO(out, newline="")))[1:]
    assert len(rows) == 17
    assert rows[0][1:] == ["マイナンバーカード普及率", "80.6%", "100%"]
    assert ["テレワーク制度の導入", "—", "制度の導入"] in [row[1:] for row in rows]


@contextmanager
def served(releases: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "dxlod.cli", "serve", "--port", "0", "--releases", str(releases)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HOME) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            yield line.split("http://")[1].split("/")[0]
        finally:
            process.terminate()


def fetch(url: str, accept: str) -> str:
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(answer.read().decode("utf-8"))


def test_over_http_the_answers_are_the_same(releases: Path) -> None:
    with served(releases) as host:
        rows = RemoteEngine(f"http://{host}/sparql", Settings.load({})).select(KPIS)
        assert len(rows.rows) == 17
        kpi = rows.rows[0][0]
        assert kpi is not None
        path = kpi.text.removeprefix("https://w3id.org/dxlod")
        turtle = fetch(f"http://{host}{path}", "text/turtle")
        assert "dxo:sourceFragment" in turtle
        assert "L249-249" in turtle
        assert "マイナンバーカード普及率" in fetch(f"http://{host}{path}", "text/html")


def test_two_builds_give_the_same_bytes(releases: Path, tmp_path: Path) -> None:
    assert run("build", "--data", str(HOME / "data"), "--releases", str(tmp_path))[0] == 0
    one, two = current(releases), current(tmp_path)
    assert one.version == two.version
    files = {
        p.relative_to(releases / one.version) for p in (releases / one.version).rglob("*") if p.is_file()
    }
    assert files == {
        p.relative_to(tmp_path / two.version) for p in (tmp_path / two.version).rglob("*") if p.is_file()
    }
    for name in files:
        assert (releases / one.version / name).read_bytes() == (tmp_path / two.version / name).read_bytes(), (
            name
        )


def test_a_fault_in_a_table_stops_the_build_and_the_old_release_stays(releases: Path, tmp_path: Path) -> None:
    before = current(releases).version
    data = tmp_path / "data"
    shutil.copytree(HOME / "data", data)
    path = data / "212075" / "212075_indicator_value.csv"
    path.write_bytes(
        path.read_bytes().replace(b",2025,number,100,", "、2025,number,百,".replace("、", ",").encode(), 1)
    )
    code, _, err = run("build", "--data", str(data), "--releases", str(releases))
    assert code == 1
    assert "212075_indicator_value.csv" in err
    assert "値" in err
    assert current(releases).version == before


@pytest.mark.thorough
def test_another_base_moves_the_publishers_things_and_leaves_the_shared(tmp_path: Path) -> None:
    base = "https://data.example.jp/dx"
    assert run("build", "--data", str(HOME / "data"), "--releases", str(tmp_path), "--base", base)[0] == 0
    ask = f"ASK {{ <{base}/id/plan/212075/dx/2024> <http://purl.org/dc/terms/publisher> <https://w3id.org/dxlod/id/lg/212075> }}"
    code, out, _ = run("query", "--releases", str(tmp_path), "--base", base, "--format", "json", ask)
    assert code == 0
    assert json.loads(out)["boolean"] is True


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["query", "--releases", "{tmp}", "SELECT * WHERE { ?s ?p ?o }"], 2, "dxlod build"),
        (["extract", "nowhere.txt", "--layout", "mino"], 2, "nowhere.txt"),
        (["extract", "nowhere.txt"], 2, "mino"),
        (["build", "--base", "not an iri"], 2, "IRI"),
        (["check", "--data", "{tmp}/nowhere"], 2, "--data"),
    ],
)
def test_a_wrong_call_says_what_to_do(tmp_path: Path, arguments: list[str], code: int, says: str) -> None:
    found, _, err = run(*(argument.replace("{tmp}", str(tmp_path)) for argument in arguments))
    assert found == code
    assert says in err
    assert "Traceback" not in err
