from __future__ import annotations

from pathlib import Path

import pytest

from dxlod.errors import SettingsError
from dxlod.settings import Settings


@pytest.mark.parametrize(
    "base",
    ["", "w3id.org/dxlod", "ftp://x.jp", "https://", "https://x.jp/#", "https://x.jp/a b", "https://x.jp?q"],
)
def test_a_base_that_is_none_is_refused(base: str) -> None:
    with pytest.raises(SettingsError, match="cannot be used"):
        Settings(base=base)


def test_arguments_win_over_environment_over_defaults() -> None:
    environ = {"DXLOD_BASE": "https://a.jp/", "DXLOD_QUERY_TIMEOUT": "3", "DXLOD_DATA": "d"}
    settings = Settings.load(environ, base="https://b.jp", data=None)
    assert (settings.base, settings.query_timeout, settings.data) == ("https://b.jp", 3.0, Path("d"))
    assert settings.query_workers == Settings().query_workers


@pytest.mark.parametrize("environ", [{"DXLOD_QUERY_TIMEOUT": "soon"}, {"DXLOD_QUERY_WORKERS": "0"}])
def test_what_is_no_number_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        Settings.load(environ)


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(SettingsError, match="no setting 'colour'"):
        Settings.load({}, colour="red")
