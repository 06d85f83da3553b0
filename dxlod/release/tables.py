"""The tables as CSV, per plan edition and shared, each folder with CSVW metadata; and all of an edition as one zip."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

from dxlod.mapping.views import expand
from dxlod.release.draft import Draft, Part
from dxlod.release.editions import EditionTable, editions, shared_tables, tables_of_edition
from dxlod.release.imprint import LICENCE, RIGHTS, UNOFFICIAL, Bilingual, Imprint, imprint_of
from dxlod.settings import SHARED
from dxlod.table.contract import Contract
from dxlod.table.csvfile import render
from dxlod.table.csvw import csvw_group, csvw_table, subject_template
from dxlod.table.dataset import Dataset

__all__ = ["METADATA", "csv_part", "pack"]

METADATA = "csv-metadata.json"
_FOLDER = "dumps/csv"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_Files = Mapping[str, bytes]


def csv_part(tables: Dataset) -> Part:
    """The part that writes `dumps/csv/{code}-{plan}-{edition}/`, `dumps/csv/shared/` and `dumps/….csv.zip`."""

    def write(draft: Draft) -> None:
        shared = _folder(shared_tables(tables), _shared_facts(), tables.contract, draft.settings.base)
        _write(draft, "shared", shared)
        for edition in editions(tables):
            own = tables_of_edition(tables, edition)
            imprint = imprint_of(draft, edition, own)
            facts = _facts(imprint, f"{draft.settings.base}/dumps/{edition.stem}.ttl")
            files = _folder(own, facts, tables.contract, draft.settings.base)
            _write(draft, edition.stem, files)
            together = {**files, **{f"shared/{name}": content for name, content in shared.items()}}
            draft.write_bytes(f"dumps/{edition.stem}.csv.zip", pack(together))

    return write


def pack(files: _Files) -> bytes:
    """A zip archive in which nothing depends on when or where it was made: sorted, of 1980, for Unix."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name])
    return out.getvalue()


def _write(draft: Draft, name: str, files: _Files) -> None:
    for file, content in files.items():
        draft.write_bytes(f"{_FOLDER}/{name}/{file}", content)


def _folder(
    own: Sequence[EditionTable], facts: Mapping[str, object], contract: Contract, base: str
) -> dict[str, bytes]:
    """The files of one folder by name: its tables and what describes them."""
    names = {item.table.name: item.file for item in own}
    described = [
        csvw_table(
            item.table,
            item.file,
            contract,
            files=names,
            expand=expand,
            subject=subject_template(item.table, base, SHARED),
            body=f"{SHARED}/id/lg/{{code}}",
        )
        for item in own
    ]
    metadata = json.dumps(csvw_group(described, facts), ensure_ascii=False, indent=1) + "\n"
    files = {item.file: render(item.table, item.rows) for item in own}
    return {**files, METADATA: metadata.encode()}


def _facts(imprint: Imprint, graph: str) -> dict[str, object]:
    return {
        **_common(imprint.title),
        "dcterms:subject": {"@id": imprint.iri},
        "prov:wasDerivedFrom": [{"@id": iri} for iri in imprint.documents],
        "rdfs:seeAlso": {"@id": graph},
    }


def _shared_facts() -> dict[str, object]:
    return _common(Bilingual("共通の表（自治体・文献・単位）", "Shared tables: municipalities, works, units"))


def _common(title: Bilingual) -> dict[str, object]:
    note = Bilingual(f"{UNOFFICIAL.ja}{RIGHTS.ja}", f"{UNOFFICIAL.en} {RIGHTS.en}")
    return {
        "dcterms:title": _texts(title),
        "dcterms:description": _texts(note),
        "dcterms:license": {"@id": LICENCE},
        "dcterms:language": "ja",
    }


def _texts(text: Bilingual) -> list[dict[str, str]]:
    return [{"@value": text.ja, "@language": "ja"}, {"@value": text.en, "@language": "en"}]
