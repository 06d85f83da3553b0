"""Static files of the pages (style, scripts, icon), each by its name and the digest of its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

__all__ = ["Asset", "load_assets"]

_TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "svg": "image/svg+xml",
    "json": "application/json",
    "txt": "text/plain",
    "png": "image/png",
    "woff2": "font/woff2",
    "map": "application/json",
}


@dataclass(frozen=True)
class Asset:
    """One static file: path below `static/`, bytes, media type, digest (SHA-256 in hex)."""

    name: str
    content: bytes
    media_type: str
    digest: str

    @property
    def path(self) -> str:
        """Where it is served, with the digest that makes it cacheable for ever."""
        return f"/static/{self.name}?v={self.digest[:12]}"


def load_assets() -> Mapping[str, Asset]:
    """Every file below `dxlod/site/static/`, by its path there."""
    root = files("dxlod.site") / "static"
    assets: dict[str, Asset] = {}
    folders = [("", root)]
    while folders:
        prefix, folder = folders.pop()
        for item in folder.iterdir():
            if item.is_dir():
                folders.append((f"{prefix}{item.name}/", item))
            elif (kind := item.name.rpartition(".")[2]) in _TYPES:
                content = item.read_bytes()
                name = f"{prefix}{item.name}"
                assets[name] = Asset(name, content, _TYPES[kind], hashlib.sha256(content).hexdigest())
    return assets
