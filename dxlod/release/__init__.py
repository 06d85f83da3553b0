"""Releases: immutable folders of dumps, report and manifest, of which one is current."""

from dxlod.release.build import Progress, build_release, code_digest, release_version, write_graph
from dxlod.release.draft import Draft, Part
from dxlod.release.files import held
from dxlod.release.formats import DATASET_FORMATS, GRAPH_FORMATS, PREFIXES, GraphFormat
from dxlod.release.jsonld import Context, load_context
from dxlod.release.ledger import Entry, History, read_ledger
from dxlod.release.manifest import Damage, FileEntry, Manifest, Release, open_current, open_release, verify
from dxlod.release.report import Locate, Location, Place, Violation
from dxlod.release.reuse import Cache, Work

__all__ = [
    "DATASET_FORMATS",
    "GRAPH_FORMATS",
    "PREFIXES",
    "Cache",
    "Context",
    "Damage",
    "Draft",
    "Entry",
    "FileEntry",
    "GraphFormat",
    "History",
    "Locate",
    "Location",
    "Manifest",
    "Part",
    "Place",
    "Progress",
    "Release",
    "Violation",
    "Work",
    "build_release",
    "code_digest",
    "held",
    "load_context",
    "open_current",
    "open_release",
    "read_ledger",
    "release_version",
    "verify",
    "write_graph",
]
