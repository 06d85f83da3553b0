from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from dxlod.errors import ReleaseError, SettingsError
from dxlod.release import Release
from dxlod.server import serve
from dxlod.settings import Settings


def test_a_port_in_use_is_an_error_of_ours(settings: Settings, release: Release) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SettingsError, match="--port"):
        serve(settings, "127.0.0.1", taken.getsockname()[1])


def test_no_release_is_an_error_of_ours(settings: Settings) -> None:
    with pytest.raises(ReleaseError, match="dxlod build"):
        serve(replace(settings, releases=settings.releases / "none"))
