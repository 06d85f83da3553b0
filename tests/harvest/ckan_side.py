"""Run by the Python that has CKAN and its harvesters (see environment.py): prints as JSON what they make of us.

    python ckan_side.py dcat LANGUAGE URL…        each feed read by ckanext-dcat's harvester, all its pages
    python ckan_side.py search URL [SINCE]        the packages that ckanext-harvest's CKAN harvester finds
    python ckan_side.py check < PACKAGES          what CKAN's own validators say of names, tags, licences

Fetching, parsing and paging are the harvesters' own; only their database is not there.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from ckan import model  # type: ignore[import-not-found]
from ckan.common import config  # type: ignore[import-not-found]
from ckan.logic import validators  # type: ignore[import-not-found]
from ckan.plugins.toolkit import Invalid  # type: ignore[import-not-found]
from ckanext.dcat.harvesters.rdf import DCATRDFHarvester  # type: ignore[import-not-found]
from ckanext.dcat.processors import RDFParser  # type: ignore[import-not-found]
from ckanext.harvest.harvesters.ckanharvester import CKANHarvester  # type: ignore[import-not-found]


class Dcat(DCATRDFHarvester):  # type: ignore[misc]
    """The harvester of DCAT feeds; what it would note as an error ends the run."""

    def _save_gather_error(self, message: str, _: object) -> None:
        raise SystemExit(f"ckanext-dcat: {message}")

    def feed(self, url: str) -> dict[str, Any]:
        """All pages of a feed, as its gather stage goes through them."""
        pages: list[str] = []
        datasets: list[dict[str, Any]] = []
        kind, following = None, url
        while following:
            pages.append(following)
            content, kind = self._get_content_and_type(following, None, 1, content_type=kind)
            parser = RDFParser()
            parser.parse(content, _format=kind)
            found = list(parser.datasets())
            datasets += [{**item, "guid": self._get_guid(item, source_url=url)} for item in found]
            following = parser.next_page()
        return {"format": kind, "pages": pages, "datasets": datasets}


def search(url: str, since: str = "") -> list[dict[str, Any]]:
    """The packages; all of them where no time is given."""
    harvester = CKANHarvester()
    harvester._set_config("")
    found: list[dict[str, Any]] = harvester._search_for_datasets(
        url, [f"metadata_modified:[{since}Z TO *]"] if since else []
    )
    return found


def check(packages: list[dict[str, Any]]) -> list[str]:
    """Complaints; the licence must be one that CKAN knows, and open."""
    complaints = []
    register = model.Package.get_license_register()
    for package in packages:
        values = [(validators.name_validator, package["name"])]
        for tag in package["tags"]:
            values += [
                (validators.tag_name_validator, tag["name"]),
                (validators.tag_length_validator, tag["name"]),
            ]
        for validate, value in values:
            try:
                validate(value, {})
            except Invalid as error:
                complaints.append(f"{package['name']}: {error}")
        licence = register.get(package["license_id"])
        if licence is None or not licence.isopen() or licence.title != package["license_title"]:
            complaints.append(f"{package['name']}: licence {package['license_id']}")
    return complaints


def main(command: str, *arguments: str) -> object:
    """What is printed."""
    if command == "dcat":
        config["ckan.locale_default"] = arguments[0]
        return [Dcat().feed(url) for url in arguments[1:]]
    if command == "search":
        return search(*arguments)
    return check(json.load(sys.stdin))


if __name__ == "__main__":
    json.dump(main(*sys.argv[1:]), sys.stdout, ensure_ascii=False)
