"""A release as it lies on disk: its manifest, opening it, and proving that it is whole."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from dxlod.errors import ReleaseError
from dxlod.settings import Settings

__all__ = [
    "MANIFEST",
    "VERSION",
    "Damage",
    "FileEntry",
    "Manifest",
    "Release",
    "open_current",
    "open_folder",
    "open_release",
    "sha256_of",
    "verify",
    "write_manifest",
]

MANIFEST = "manifest.json"
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*-[0-9a-f]{8}")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class FileEntry:
    """One file of a release: path within it, SHA-256 in hex, size in bytes, media type, triples (None if not RDF)."""

    path: str
    sha256: str
    bytes: int
    media_type: str
    triples: int | None


@dataclass(frozen=True)
class Manifest:
    """What a release says about itself. `graphs` counts the triples of each named graph by IRI."""

    version: str
    tool: str
    base: str
    inputs: Mapping[str, str]
    graphs: Mapping[str, int]
    triples: int
    files: tuple[FileEntry, ...]


@dataclass(frozen=True)
class Release:
    """An immutable folder, its manifest, and the SHA-256 that the manifest states of itself."""

    path: Path
    manifest: Manifest
    seal: str

    @property
    def version(self) -> str:
        """Name of the release, `<date>-<8 hex>`."""
        return self.manifest.version

    @property
    def quads(self) -> Path:
        """The whole as sorted N-Quads, which engines load."""
        return self.path / "dumps" / "all.nq"

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of all files: equal for equal releases."""
        text = "\n".join(f"{entry.sha256} {entry.path}" for entry in self.manifest.files)
        return hashlib.sha256(text.encode()).hexdigest()

    def entry(self, path: str) -> FileEntry | None:
        """The manifest's entry of a file, or None when the release has no such file."""
        return next((entry for entry in self.manifest.files if entry.path == path), None)


@dataclass(frozen=True)
class Damage:
    """One thing wrong with a release on disk."""

    path: str
    ja: str
    en: str


def write_manifest(manifest: Manifest) -> str:
    """The manifest as JSON text, with the SHA-256 of all the rest as `seal`."""
    fields = asdict(manifest)
    return _json({**fields, "seal": _seal(fields)})


def open_current(settings: Settings) -> Release:
    """The release that `current` points at; ReleaseError when there is none."""
    link = settings.releases / "current"
    if not link.exists():
        raise ReleaseError(
            f"{settings.releases} に公開中のリリースがありません。",
            f"There is no current release in {settings.releases}.",
            mend_ja="dxlod build を実行してください。",
            mend_en="Run dxlod build.",
        )
    return open_folder(link.resolve())


def open_release(settings: Settings, version: str) -> Release:
    """A release by its version; ReleaseError when there is none of that name."""
    folder = settings.releases / version
    if not VERSION.fullmatch(version) or not folder.is_dir():
        raise _unknown(settings.releases, version)
    return open_folder(folder)


def _unknown(releases: Path, version: str) -> ReleaseError:
    """The error for a version that is not there, with those that are."""
    found = sorted(
        path.parent.name for path in releases.glob(f"*/{MANIFEST}") if not path.parent.is_symlink()
    )
    there = " ".join(name for name in found if VERSION.fullmatch(name))
    return ReleaseError(
        f"リリース {version} はありません。",
        f"There is no release {version}.",
        mend_ja=f"あるもの: {there}" if there else "dxlod build を実行してください。",
        mend_en=f"There are: {there}" if there else "Run dxlod build.",
    )


def open_folder(folder: Path) -> Release:
    """The release in a folder; ReleaseError when its manifest cannot be read."""
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
        fields = json.loads(text)
        seal = fields.pop("seal")
        fields["files"] = tuple(FileEntry(**entry) for entry in fields["files"])
        return Release(folder, Manifest(**fields), seal)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"リリース {folder.name} の目録を読めません。",
            f"The manifest of release {folder.name} cannot be read: {error}",
            mend_ja="dxlod build で作り直してください。",
            mend_en="Build it again with dxlod build.",
        ) from error


def verify(release: Release) -> tuple[Damage, ...]:
    """Everything that is missing from a release, changed in it or added to it; empty when it is whole."""
    damages = [damage for entry in release.manifest.files if (damage := _check(release.path, entry))]
    if _seal(asdict(release.manifest)) != release.seal or release.version != release.path.name:
        damages.insert(
            0, Damage(MANIFEST, "目録そのものが書き換わっています。", "The manifest itself was altered.")
        )
    listed = {entry.path for entry in release.manifest.files} | {MANIFEST}
    for path in sorted(release.path.rglob("*")):
        name = path.relative_to(release.path).as_posix()
        if path.is_file() and name not in listed and not name.startswith("store/"):
            damages.append(Damage(name, "目録にないファイルです。", "This file is not in the manifest."))
    return tuple(damages)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _json(fields: Mapping[str, object]) -> str:
    return json.dumps(fields, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _seal(fields: Mapping[str, object]) -> str:
    return hashlib.sha256(_json(fields).encode()).hexdigest()


def _check(folder: Path, entry: FileEntry) -> Damage | None:
    path = folder / entry.path
    if not path.is_file():
        return Damage(entry.path, "ファイルがありません。", "The file is missing.")
    if path.stat().st_size != entry.bytes:
        return Damage(entry.path, "大きさが目録と違います。", "Its size is not the manifest's.")
    if sha256_of(path) != entry.sha256:
        return Damage(entry.path, "内容が目録と違います。", "Its SHA-256 is not the manifest's.")
    return None
