"""The catalogue of a release: DCAT, VoID, schema.org, CKAN packages, オープンデータ一覧. Facts in, files out."""

from dxlod.catalog.collect import collect
from dxlod.catalog.facts import Area, Catalogue, DatasetFacts, Distribution, Series, Source
from dxlod.catalog.part import catalog_part, publisher_digest
from dxlod.catalog.publisher import Publisher, Text, load_publisher

__all__ = [
    "Area",
    "Catalogue",
    "DatasetFacts",
    "Distribution",
    "Publisher",
    "Series",
    "Source",
    "Text",
    "catalog_part",
    "collect",
    "load_publisher",
    "publisher_digest",
]
