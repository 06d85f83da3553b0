"""The CSV downloads hold the tables, all of them and nothing else, and their CSVW metadata are true."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest

from dxlod.mapping.views import expand
from dxlod.release import Release, open_current
from dxlod.release.editions import Edition, editions, tables_of_edition
from dxlod.release.tables import METADATA, pack
from dxlod.settings import Settings
from dxlod.table.csvfile import read_rows, render
from dxlod.table.csvw import csvw_table
from dxlod.table.dataset import Dataset

from .csvw_reader import Folder

HOME = Path(__file__).resolve().parents[2]
VENV = HOME / "build" / "csvw-venv"
REQUIREMENT = "csvw==4.1.1"


@pytest.fixture(scope="module")
def tables() -> Dataset:
    return Dataset.at(HOME / "data")


@pytest.fixture(scope="module")
def current(releases: Path) -> Release:
    return open_current(Settings(releases=releases))


def folders(release: Release) -> list[Path]:
    return sorted(path for path in (release.path / "dumps" / "csv").iterdir())


def test_every_row_of_every_table_is_in_some_edition(tables: Dataset, current: Release) -> None:
    for code in tables.codes():
        found: dict[str, set[tuple[str, ...]]] = {}
        for edition in (item for item in editions(tables) if item.code == code):
            folder = current.path / "dumps" / "csv" / edition.stem
            for table, path in tables.tables_of(code):
                rows = read_rows(folder / path.name, table)
                found.setdefault(table.name, set()).update(tuple(row.values()) for row in rows)
        for table, _ in tables.tables_of(code):
            rows = [] if table.register else tables.rows(table, code)
            assert found[table.name] == {tuple(row.values()) for row in rows}, (code, table.name)


def test_a_folder_has_the_rows_of_its_edition_alone(tables: Dataset, current: Release) -> None:
    for edition in editions(tables):
        for item in tables_of_edition(tables, edition):
            if item.table.of_edition:
                rows = read_rows(current.path / "dumps" / "csv" / edition.stem / item.file, item.table)
                assert {(row["plan"], row["edition"]) for row in rows} == {(edition.plan, edition.edition)}


def test_organizations_are_those_the_edition_states_or_names(tables: Dataset) -> None:
    by_stem = {edition.stem: edition for edition in editions(tables)}
    units = {stem: unit_rows(tables, by_stem[stem]) for stem in by_stem if stem.startswith("212016")}
    one, two = units["212016-dx-action-2025"], units["212016-it-optimization-2"]
    assert {row["name"] for row in one} == {"行政部", "デジタル戦略課", "デジタル技術活用推進室"}
    assert {row["key"] for row in one}.isdisjoint(row["key"] for row in two)


def unit_rows(tables: Dataset, edition: Edition) -> list[dict[str, str]]:
    return [
        row
        for item in tables_of_edition(tables, edition)
        if item.table.name == "organization"
        for row in item.rows
    ]


def test_a_superior_comes_with_the_unit_that_an_edition_names(tmp_path: Path) -> None:
    shutil.copytree(HOME / "data", tmp_path / "data")
    tables = Dataset.at(tmp_path / "data")
    table = tables.contract["initiative"]
    rows = tables.rows(table, "212016")
    next(row for row in rows if row["plan"] == "it-optimization")["units"] = "2"
    tables.path(table, "212016").write_bytes(render(table, rows))
    edition = next(item for item in editions(tables) if item.plan == "it-optimization")
    assert {"行政部", "デジタル戦略課"} <= {row["name"] for row in unit_rows(tables, edition)}


def test_the_register_and_private_tables_are_not_published(tables: Dataset, current: Release) -> None:
    names = {path.name for folder in folders(current) for path in folder.iterdir()}
    assert "212016_english.csv" in names
    assert "ids.csv" not in names
    assert not [name for name in names if "description" in name]


def test_files_are_as_the_national_standard_has_them(current: Release) -> None:
    for folder in folders(current):
        for path in folder.glob("*.csv"):
            content = path.read_bytes()
            assert content.startswith(b"\xef\xbb\xbf")
            assert content.count(b"\n") == content.count(b"\r\n") > 1
            if folder.name != "shared":
                assert content.decode("utf-8-sig").startswith("全国地方公共団体コード,ID,地方公共団体名,")


def test_metadata_are_true_of_every_cell(current: Release) -> None:
    for folder in folders(current):
        read = Folder(folder / METADATA)
        assert read.faults == []
        assert {*read.rows, METADATA} == {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("212075_indicator_value.csv", ",2025,", ",令和7,", "gYear"),
        ("212075_plan.csv", "adopted", "finished", "is no string"),
        ("212075_policy.csv", "美濃市", "", "required"),
        ("212075_indicator.csv", "dx-2024-1-1-1,", "dx-2024-1-2-1,", "primary key"),
        ("212075_initiative.csv", ",dx-2024-s1,", ",dx-2024-s9,", "in no row of"),
        ("212075_policy.csv", "名称", "名前", "header"),
        ("212075_policy.csv", "\r\n", "\n", "line end"),
    ],
)
def test_the_reader_finds_faults(
    current: Release, tmp_path: Path, file: str, old: str, new: str, fault: str
) -> None:
    shutil.copytree(current.path / "dumps" / "csv" / "212075-dx-2024", tmp_path / "folder")
    path = tmp_path / "folder" / file
    text = path.read_bytes().decode("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new).encode())
    assert [found for found in Folder(tmp_path / "folder" / METADATA).faults if fault in found]


def test_what_a_row_is_about_is_described_in_the_dump(current: Release) -> None:
    described = {
        line.split(" ", 1)[0] for line in (current.path / "dumps" / "all.nt").read_text("utf-8").splitlines()
    }
    for folder in folders(current):
        subjects = set(Folder(folder / METADATA).subjects())
        assert len(subjects) > 5
        assert {f"<{subject}>" for subject in subjects} <= described


def test_metadata_say_licence_origin_and_that_it_is_unofficial(current: Release) -> None:
    group = json.loads((current.path / "dumps/csv/212130-dx-2026" / METADATA).read_text("utf-8"))
    assert group["dcterms:license"]["@id"].startswith("https://creativecommons.org/licenses/by/4.0")
    assert group["dcterms:subject"]["@id"] == "https://w3id.org/dxlod/id/plan/212130/dx/2026"
    texts = {text["@language"]: text["@value"] for text in group["dcterms:description"]}
    assert "非公式" in texts["ja"]
    assert "Unofficial" in texts["en"]
    assert group["prov:wasDerivedFrom"][0]["@id"].startswith("https://w3id.org/dxlod/id/doc/")


def test_no_prefix_is_left_that_csvw_does_not_know(tables: Dataset) -> None:
    table = tables.contract["indicator"]
    described = csvw_table(table, "indicator.csv", tables.contract, expand=expand)
    assert '"dxo:' not in json.dumps(described)


def test_the_archive_holds_the_same_files(current: Release) -> None:
    for folder in folders(current):
        if folder.name == "shared":
            continue
        with zipfile.ZipFile(current.path / "dumps" / f"{folder.name}.csv.zip") as archive:
            names = archive.namelist()
            assert names == sorted(names)
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            for name in names:
                place = folder.parent if name.startswith("shared/") else folder
                assert archive.read(name) == (place / name).read_bytes()
            own = {name for name in names if "/" not in name}
            assert own == {path.name for path in folder.iterdir()}


def test_an_archive_depends_on_its_content_only() -> None:
    files = {"b.csv": b"2", "a.csv": b"1"}
    packed = pack(files)
    assert packed == pack(dict(reversed(files.items())))
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        assert [info.create_system for info in archive.infolist()] == [3, 3]
        assert archive.read("b.csv") == b"2"


def test_files_have_media_types_in_the_manifest(current: Release) -> None:
    kinds = Counter(
        entry.media_type
        for entry in current.manifest.files
        if entry.path.startswith("dumps/csv/") or entry.path.endswith((".zip", ".xlsx"))
    )
    assert kinds["application/csvm+json"] == 6
    assert kinds["application/zip"] == 5
    assert kinds["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] == 5
    assert kinds["text/csv"] > 60
    assert len(kinds) == 4


@pytest.mark.rivals
def test_another_implementation_of_csvw_validates_them(current: Release, tmp_path: Path) -> None:
    # Cells and headers only: for keys, which our own reader follows, it wants the header to be the names of the columns, not their titles.
    check = (
        "import sys, warnings; from csvw import CSVW; warnings.simplefilter('error')\n"
        "for url in sys.argv[1:]:\n"
        "    read = CSVW(url, validate=True)\n"
        "    assert not read.warnings, (url, [str(w.message) for w in read.warnings])\n"
        "    assert all(list(table.iterdicts(strict=False)) for table in read.tables)\n"
    )
    python = environment()
    paths = [str(folder / METADATA) for folder in folders(current)]
    subprocess.run([python, "-c", check, *paths], check=True, cwd=tmp_path)
    shutil.copytree(folders(current)[0], tmp_path / "folder")
    (path,) = (tmp_path / "folder").glob("*_plan.csv")
    path.write_bytes(path.read_bytes().replace(b"adopted", b"finished"))
    spoilt = subprocess.run([python, "-c", check, str(tmp_path / "folder" / METADATA)], capture_output=True)
    assert spoilt.returncode == 1


def environment() -> Path:
    """Python with the other implementation, made on first use."""
    python = VENV / "bin" / "python"
    if not python.exists():
        venv.create(VENV, with_pip=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*command, REQUIREMENT], check=True)
    assert sys.executable != str(python)
    return python
