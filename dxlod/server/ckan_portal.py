"""The packages of a release as a portal has them: found by name or id, dated, and ready to be searched.

When a record was last changed is, to a harvester, when it was changed *here*: it asks only for what is newer than its
last visit. A publication that is dated today and arrives tomorrow would be missed for ever, so no record is dated
earlier than it came to be here as it is, which the releases kept beside the current one tell. Files keep their
published dates.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from dxlod.errors import RequestError
from dxlod.release import Release
from dxlod.release.manifest import MANIFEST
from dxlod.server.ckan_query import Found, plain

__all__ = ["Portal", "Record", "arrivals"]

Record = dict[str, Any]

_PACKAGES = "ckan.json"
_LOOKED_AT = 12
_PLAIN_FIELDS = (
    "id", "name", "title", "notes", "url", "version", "author", "maintainer", "license_id", "license_title",
    "owner_org", "type", "state", "metadata_created", "metadata_modified",
)  # fmt: skip
_SEARCHED = (
    "name",
    "title",
    "notes",
    "tags",
    "organization",
    "author",
    "res_name",
    "title_en",
    "spatial_text",
)


class Portal:
    """What the actions work with; read when it is first asked for. RequestError 503 where a release has no catalogue."""

    def __init__(self, release: Release) -> None:
        self._release = release

    @cached_property
    def packages(self) -> Sequence[Record]:
        """The packages in the order of the catalogue."""
        if self._release.entry(_PACKAGES) is None:
            # An empty list would make harvesters delete what they have.
            raise RequestError(
                503,
                f"リリース {self._release.version} には目録がありません。",
                f"Release {self._release.version} has no catalogue.",
            )
        return [_dated(*item) for item in arrivals(self._release.path)]

    @cached_property
    def by_key(self) -> Mapping[str, Record]:
        """Packages by id and by name."""
        return {package[key]: package for package in self.packages for key in ("id", "name")}

    @cached_property
    def resources(self) -> Mapping[str, Record]:
        """Resources by id."""
        return {item["id"]: item for package in self.packages for item in package["resources"]}

    @cached_property
    def organizations(self) -> Mapping[str, Record]:
        """Organizations by name, each with the number of its packages."""
        found: dict[str, Record] = {}
        for package in self.packages:
            own = package["organization"]
            counted = found.setdefault(own["name"], {**own, "display_name": own["title"], "package_count": 0})
            counted["package_count"] += 1
        return found

    @cached_property
    def indexed(self) -> Sequence[tuple[Record, Found]]:
        """Each package with what a search looks at."""
        return [(package, _fields(package)) for package in self.packages]


def arrivals(current: Path) -> list[tuple[Record, datetime]]:
    """The packages of a release, and since when each is on this server as it is (UTC, whole seconds, rounded up).

    Looks back through the releases beside it, the latest first, as far as a package is the same; not beyond a few, for
    a date that is too late only makes harvesters look once more.
    """
    others = sorted(
        (
            (_written(path), path)
            for path in current.parent.iterdir()
            if not path.is_symlink() and path != current and (path / MANIFEST).is_file()
        ),
        reverse=True,
    )
    found = {package["id"]: (package, _begun(current, others)) for package in _read(current)}
    same = set(found)
    for moment, path in others[:_LOOKED_AT]:
        before = {package["id"]: package for package in _read_if_there(path)}
        same = {key for key in same if before.get(key) == found[key][0]}
        found |= {key: (found[key][0], min(moment, found[key][1])) for key in same}
    return list(found.values())


def _begun(current: Path, others: Sequence[tuple[datetime, Path]]) -> datetime:
    """Since when a release is the current one: since it was written, or since it was gone back to."""
    link = current.parent / "current"
    if others and others[0][0] > _written(current) and link.is_symlink():
        return _moment(link.lstat().st_mtime)
    return _written(current)


def _written(release: Path) -> datetime:
    return _moment((release / MANIFEST).stat().st_mtime)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds) + 1, UTC).replace(tzinfo=None)


def _read(release: Path) -> list[Record]:
    packages: list[Record] = json.loads((release / _PACKAGES).read_text(encoding="utf-8"))
    return packages


def _read_if_there(release: Path) -> list[Record]:
    """The packages of an earlier release; none where it has none, or is being cleared away."""
    try:
        return _read(release)
    except (OSError, ValueError):
        return []


def _dated(package: Record, came: datetime) -> Record:
    """The package with the dates of its record here; before any publication, when it came to be here."""
    here, changed, made = came.isoformat(), package["metadata_modified"], package["metadata_created"]
    resources = [
        {**item, "created": item["created"] or here, "metadata_modified": item["metadata_modified"] or here}
        for item in package["resources"]
    ]
    dates = {"metadata_created": made or here, "metadata_modified": max(changed or here, here)}
    organization = {**package["organization"], "created": package["organization"]["created"] or here}
    return {**package, **dates, "resources": resources, "organization": organization}


def _fields(package: Record) -> Found:
    """Values by field, under the names that CKAN has in its index."""
    resources: list[Record] = package["resources"]
    found: dict[str, list[str]] = {name: [package[name] or ""] for name in _PLAIN_FIELDS}
    for extra in package["extras"]:
        found.setdefault(extra["key"], []).append(extra["value"])
        found[f"extras_{extra['key']}"] = [extra["value"]]
    found |= {
        "tags": [tag["name"] for tag in package["tags"]],
        "groups": [group["name"] for group in package["groups"]],
        "organization": [package["organization"]["name"], package["organization"]["title"]],
        "dataset_type": [package["type"]],
        "entity_type": ["package"],
        "capacity": ["public"],
        "private": ["false"],
        "res_format": list(dict.fromkeys(item["format"] for item in resources)),
        "res_name": [item["name"] for item in resources],
        "res_description": [item["description"] for item in resources],
        "res_url": [item["url"] for item in resources],
    }
    fields = {name: [plain(value) for value in values] for name, values in found.items()}
    return {**fields, "text": ["\n".join(_everything(fields))]}


def _everything(fields: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name in _SEARCHED:
        yield from fields.get(name, ())
