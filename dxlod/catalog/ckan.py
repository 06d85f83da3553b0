"""The data sets as CKAN packages (https://docs.ckan.org/en/2.11/api/, package_show), for the CKAN-shaped API.

`ckan.json` is a list of packages in the order of the catalogue, each with its organization and resources as
`package_show` answers them. Ids are UUIDs of the IRIs, so they stay. Dates are `YYYY-MM-DDT00:00:00` or null before the
first publication: a harvester skips a resource whose `last_modified` is the one it knows, so this changes only when the
file does. What a second publication on the same day changed is a second later, so that it is not skipped.
"""

from __future__ import annotations

from typing import Any

from dxlod.catalog.facts import Catalogue, DatasetFacts, Distribution, uuid_of
from dxlod.catalog.words import rights

__all__ = ["organization", "packages"]

_Record = dict[str, Any]


def packages(facts: Catalogue) -> list[_Record]:
    """One package for each data set."""
    return [_package(dataset, facts) for dataset in facts.datasets]


def organization(facts: Catalogue) -> _Record:
    """The operator as CKAN organization."""
    who = facts.publisher
    return {
        "id": uuid_of(facts.agent),
        "name": who.id,
        "title": who.name.ja,
        "description": who.description.ja,
        "type": "organization",
        "image_url": "",
        "created": _moment(facts.issued),
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
    }


def _package(dataset: DatasetFacts, facts: Catalogue) -> _Record:
    who, licence = facts.publisher, facts.publisher.licence
    owner = organization(facts)
    words = dict.fromkeys(word.ja for word in dataset.keywords)
    resources = [_resource(item, at, dataset) for at, item in enumerate(dataset.distributions)]
    return {
        "id": dataset.uuid,
        "name": dataset.slug,
        "title": dataset.title.ja,
        "notes": f"{dataset.description.ja}\n\n{dataset.description.en}",
        "url": dataset.landing,
        "version": dataset.version,
        "author": who.name.ja,
        "author_email": who.contact.email or None,
        "maintainer": who.contact.name.ja,
        "maintainer_email": who.contact.email or None,
        "license_id": licence.id,
        "license_title": licence.title,
        "license_url": licence.iri,
        "isopen": True,
        "private": False,
        "state": "active",
        "type": "dataset",
        "metadata_created": _moment(dataset.issued),
        "metadata_modified": max((_changed(item) or "" for item in dataset.distributions), default="")
        or None,
        "owner_org": owner["id"],
        "organization": owner,
        "groups": [],
        "tags": [{"name": word, "display_name": word, "state": "active"} for word in words],
        "num_tags": len(words),
        "resources": resources,
        "num_resources": len(resources),
        "extras": _extras(dataset, facts),
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def _extras(dataset: DatasetFacts, facts: Catalogue) -> list[_Record]:
    stated = list(dict.fromkeys(source.rights for source in dataset.sources if source.rights))
    values = {
        "uri": dataset.iri,
        "identifier": dataset.slug,
        "title_en": dataset.title.en,
        "notes_en": dataset.description.en,
        "unofficial": "非公式のデータ / unofficial data",
        "plan_status": dataset.status.ja,
        "plan": dataset.edition,
        "series": dataset.series,
        "local_government_code": ";".join(area.code for area in dataset.areas),
        "spatial_text": ";".join(area.name.ja for area in dataset.areas),
        "spatial_uri": next((place for area in dataset.areas for place in area.places), ""),
        "temporal_start": dataset.start,
        "temporal_end": dataset.end,
        "issued": dataset.issued,
        "modified": dataset.modified,
        "language": "ja;en",
        "frequency": facts.publisher.frequency,
        "publisher_name": facts.publisher.name.ja,
        "publisher_uri": facts.agent,
        "source_documents": ";".join(dict.fromkeys(source.title for source in dataset.sources)),
        "rights": rights(facts.publisher.licence, stated).ja,
    }
    return [{"key": key, "value": value} for key, value in values.items() if value]


def _resource(item: Distribution, position: int, dataset: DatasetFacts) -> _Record:
    return {
        "id": item.uuid,
        "package_id": dataset.uuid,
        "position": position,
        "name": item.title.ja,
        "description": f"{item.description.ja} / {item.title.en}: {item.description.en}",
        "url": item.url,
        "url_type": None,
        "resource_type": "file",
        "format": item.kind.label,
        "mimetype": item.media_type,
        "mimetype_inner": item.kind.media_type if item.gzipped else None,
        "size": item.bytes,
        "hash": item.sha256,
        "hash_algorithm": "sha256",
        "created": _moment(item.issued),
        "last_modified": _changed(item),
        "metadata_modified": _changed(item),
        "state": "active",
        "uri": item.iri,
    }


def _changed(item: Distribution) -> str | None:
    return _moment(item.modified, item.turn)


def _moment(date: str, turn: int = 0) -> str | None:
    """Midnight of a date as CKAN writes it, a second later for each `turn`; None where there is no date."""
    return f"{date}T00:{turn // 60:02}:{turn % 60:02}" if date else None
