"""The catalogue as schema.org DataCatalog and Dataset, in JSON-LD for search engines.

What cannot be said truthfully is left out: nothing is said of review or completeness of the plans.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxlod.catalog.facts import Area, Catalogue, DatasetFacts, Distribution, Indicator, Source
from dxlod.catalog.publisher import Text
from dxlod.catalog.words import rights

__all__ = ["data_catalog", "schema_dataset"]

_Record = dict[str, Any]


def data_catalog(facts: Catalogue) -> _Record:
    """The document `schema.jsonld`: the catalogue and its data sets."""
    who = facts.publisher
    catalog = {
        "@id": facts.iri,
        "@type": "DataCatalog",
        "name": _texts(who.title),
        "description": _texts(who.description),
        "url": f"{facts.site}/",
        "inLanguage": ["ja", "en"],
        "license": who.licence.iri,
        "publisher": {"@id": facts.agent},
        "version": facts.version,
        "datePublished": facts.issued,
        "dateModified": facts.modified,
        "dataset": [{"@id": item.iri} for item in facts.datasets],
    }
    agent = {
        "@id": facts.agent,
        "@type": "Organization",
        "name": _texts(who.name),
        "url": who.homepage or f"{facts.site}/",
    }
    graph = [_filled(catalog), agent, *(schema_dataset(item, facts) for item in facts.datasets)]
    return {"@context": "https://schema.org/", "@graph": graph}


def schema_dataset(dataset: DatasetFacts, facts: Catalogue) -> _Record:
    """One data set, without `@context`."""
    stated = list(dict.fromkeys(source.rights for source in dataset.sources if source.rights))
    record = {
        "@id": dataset.iri,
        "@type": "Dataset",
        "name": _texts(dataset.title),
        "description": _texts(dataset.description),
        "identifier": [dataset.slug, f"urn:uuid:{dataset.uuid}"],
        "url": dataset.landing,
        "keywords": [*dict.fromkeys(word for pair in dataset.keywords for word in (pair.ja, pair.en))],
        "about": [
            {"@id": topic.iri, "@type": "DefinedTerm", "name": _texts(topic.name)} for topic in dataset.topics
        ],
        "license": facts.publisher.licence.iri,
        "usageInfo": _texts(rights(facts.publisher.licence, stated)),
        "isAccessibleForFree": True,
        "inLanguage": ["ja", "en"],
        "creator": {"@id": facts.agent},
        "publisher": {"@id": facts.agent},
        "spatialCoverage": [_place(area) for area in dataset.areas],
        "temporalCoverage": f"{dataset.start}/{dataset.end}" if dataset.start and dataset.end else "",
        "datePublished": dataset.issued,
        "dateModified": dataset.modified,
        "version": dataset.version,
        "creativeWorkStatus": f"計画の状態: {dataset.status.ja}" if dataset.status.ja else "",
        "isBasedOn": [_source(source) for source in dataset.sources],
        "variableMeasured": [_variable(indicator) for indicator in dataset.indicators],
        "includedInDataCatalog": {"@id": facts.iri},
        "isPartOf": None if dataset.whole else {"@id": f"{facts.base}/id/dataset/all"},
        "hasPart": [{"@id": item.iri} for item in facts.editions] if dataset.whole else [],
        "distribution": [_download(item) for item in dataset.distributions],
    }
    return _filled(record)


def _filled(record: Mapping[str, Any]) -> _Record:
    return {key: value for key, value in record.items() if value not in ("", None, [])}


def _texts(text: Text) -> list[_Record]:
    return [{"@value": text.ja, "@language": "ja"}, {"@value": text.en, "@language": "en"}]


def _place(area: Area) -> _Record:
    return _filled(
        {"@type": "Place", "name": _texts(area.name), "identifier": area.code, "sameAs": list(area.places)}
    )


def _source(source: Source) -> _Record:
    publisher = {"@type": "GovernmentOrganization", "name": source.publisher} if source.publisher else None
    record = {"@id": source.iri, "@type": "CreativeWork", "name": source.title, "inLanguage": "ja"}
    return _filled({**record, "publisher": publisher, "datePublished": source.issued})


def _variable(indicator: Indicator) -> _Record:
    record = {
        "@type": "PropertyValue",
        "name": indicator.name,
        "url": indicator.iri,
        "unitText": indicator.unit,
    }
    return _filled(record)


def _download(item: Distribution) -> _Record:
    return _filled(
        {
            "@id": item.iri,
            "@type": "DataDownload",
            "name": _texts(item.title),
            "contentUrl": item.url,
            "encodingFormat": item.media_type,
            "contentSize": f"{item.bytes} B",
            "sha256": item.sha256,
            "dateModified": item.modified,
        }
    )
