"""The CKAN packages: the fields that harvesters read, ids that stay, dates that move only when a file does."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from dxlod.catalog import Catalogue
from dxlod.catalog.ckan import packages
from dxlod.release import History, Release

from .conftest import CHANGED, FIRST, SECOND, Collect

PACKAGE = {
    "id", "name", "title", "notes", "author", "organization", "metadata_created", "metadata_modified", "license_id",
    "tags", "extras", "resources",
}  # fmt: skip
RESOURCE = {"id", "name", "description", "url", "format", "mimetype", "size", "hash", "last_modified"}


def test_every_field_that_harvesters_read_is_there(published: Catalogue) -> None:
    for package in packages(published):
        assert package.keys() >= PACKAGE
        assert all(package[name] for name in PACKAGE)
        for resource in package["resources"]:
            assert resource.keys() >= RESOURCE
            assert all(resource[name] for name in RESOURCE)


def test_names_are_ours_and_never_the_prefecture_s(published: Catalogue) -> None:
    for package in packages(published):
        assert re.fullmatch(r"dxlod-[a-z0-9-]{1,94}", package["name"])
        assert not re.fullmatch(r"c[0-9]{5,6}-[0-9]{3}", package["name"])
        assert package["organization"]["name"] == "dxlod"
        assert package["author"] == published.publisher.name.ja


def test_tags_are_those_that_ckan_takes(published: Catalogue) -> None:
    """ckan.logic.validators: 2 to 100 letters, digits, spaces, `-`, `_`, `.`; no two alike."""
    for package in packages(published):
        names = [tag["name"] for tag in package["tags"]]
        assert names
        assert all(re.fullmatch(r"[\w \-.]{2,100}", name) for name in names)
        assert len(set(names)) == len(names)
        # BODIK finds standard data sets by this tag, and ours are none.
        assert "自治体標準ODS" not in names


def test_the_licence_is_known_by_id_title_and_iri(published: Catalogue) -> None:
    for package in packages(published):
        found = (package["license_id"], package["license_title"], package["license_url"])
        assert found == (
            "cc-by",
            "Creative Commons Attribution",
            "https://creativecommons.org/licenses/by/4.0/",
        )


def test_ids_stay_when_everything_else_changes(published: Catalogue, collected: Collect) -> None:
    other = replace(collected(History("2030-01-01")), version="2030-01-01-ffffffff")
    ids = [[package["id"], *(item["id"] for item in package["resources"])] for package in packages(published)]
    assert ids == [
        [package["id"], *(item["id"] for item in package["resources"])] for package in packages(other)
    ]


def test_last_modified_moves_only_with_the_file(published: Catalogue) -> None:
    package = next(item for item in packages(published) if item["name"] == "dxlod-212130-dx-2026")
    dates = {item["url"].partition("/dxlod/")[2]: item["last_modified"] for item in package["resources"]}
    assert dates.pop(CHANGED) == f"{SECOND}T00:00:00"
    assert dates.pop("dumps/212130-dx-2026.xlsx") == f"{SECOND}T00:00:00"
    assert set(dates.values()) == {f"{FIRST}T00:00:00"}
    assert package["metadata_modified"] == f"{SECOND}T00:00:00"


def test_what_a_second_publication_of_a_day_changed_is_not_taken_for_the_same(
    collected: Collect, history: History
) -> None:
    (before,) = history.earlier
    package = next(
        item
        for item in packages(collected(History(FIRST, (before,))))
        if item["name"] == "dxlod-212130-dx-2026"
    )
    dates = {item["url"].partition("/dxlod/")[2]: item["last_modified"] for item in package["resources"]}
    assert dates.pop(CHANGED) == dates.pop("dumps/212130-dx-2026.xlsx") == f"{FIRST}T00:00:01"
    assert set(dates.values()) == {f"{FIRST}T00:00:00"}
    assert package["metadata_modified"] == f"{FIRST}T00:00:01"


def test_a_gzipped_file_says_what_is_in_it(published: Catalogue) -> None:
    resources = [item for package in packages(published) for item in package["resources"]]
    packed = [item for item in resources if item["url"].endswith(".ttl.gz")]
    assert packed
    assert {(item["mimetype"], item["mimetype_inner"], item["format"]) for item in packed} == {
        ("application/gzip", "text/turtle", "Turtle")
    }


def test_formats_are_written_as_ckan_writes_them(published: Catalogue) -> None:
    formats = {item["format"] for package in packages(published) for item in package["resources"]}
    assert formats == {"CSV", "ZIP", "XLSX", "Turtle", "JSON-LD", "N-Triples", "RDF", "TriG", "N-Quads"}


def test_the_status_of_the_plan_and_that_it_is_unofficial_are_shown(published: Catalogue) -> None:
    package = next(item for item in packages(published) if item["name"] == "dxlod-362018-dx-2026")
    extras = {item["key"]: item["value"] for item in package["extras"]}
    assert extras["plan_status"] == "素案"
    assert "非公式" in extras["unofficial"]
    assert "非公式" in package["title"]
    assert all(isinstance(value, str) for value in extras.values())


def test_before_any_publication_there_is_no_date(release: Release) -> None:
    found = json.loads((release.path / "ckan.json").read_text("utf-8"))
    assert len(found) == 6
    if release.version.startswith("unpublished"):
        assert {item["last_modified"] for package in found for item in package["resources"]} == {None}
    else:
        assert None not in {item["last_modified"] for package in found for item in package["resources"]}
