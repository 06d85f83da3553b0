from __future__ import annotations

from pathlib import Path

import pytest

from dxlod.catalog.publisher import load_publisher
from dxlod.errors import SettingsError

COMMITTED = Path(__file__).resolve().parents[2] / "data" / "publisher.toml"


def test_the_committed_publisher_speaks_for_the_project_and_invents_nothing() -> None:
    publisher = load_publisher(COMMITTED)
    assert publisher.id == "dxlod"
    assert "非公式" in publisher.title.ja
    assert "unofficial" in publisher.title.en
    contact = publisher.contact
    assert (contact.email, contact.phone, contact.extension, contact.form) == ("", "", "", "")
    assert publisher.licence.iri == "https://creativecommons.org/licenses/by/4.0/"
    # The one title by which CKAN finds the licence.
    assert publisher.licence.title == "Creative Commons Attribution"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "dxlod"', 'id = "岐阜 市"', "publisher.toml:5:"),
        ('id = "dxlod"', 'id = "Dxlod"', "小文字"),
        ('id = "dxlod"', 'id = ""', "値を書いてください"),
        ('id = "dxlod"', "id = 7", "文字列"),
        ('id = "dxlod"', 'id = "dxlod"\ncolour = "red"', "publisher.toml:6:"),
        ('site = ""', 'site = "data.example.jp"', "publisher.toml:8:"),
        ('kind = ""', 'kind = "City"', "LocalAuthority"),
        ('email = ""', 'email = "nobody"', "contact.email"),
        ('form = ""', 'form = "mail us"', "http(s)"),
        ('ja = "dxlod（自治体DX計画リンクトオープンデータ）"', "", "publisher.toml:11:"),
        ('frequency = "IRREG"', 'frequency = "sometimes"', "ANNUAL"),
        ('page_size = "100"', 'page_size = "0"', "1以上"),
        ('iri = "https://creativecommons.org/licenses/by/4.0/"', 'iri = "CC BY 4.0"', "licence.iri"),
        ('id = "dxlod"', 'id = "dxlod', "line 5"),
    ],
)
def test_a_wrong_field_is_named_with_its_line_and_how_to_mend_it(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = tmp_path / "publisher.toml"
    text = COMMITTED.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_publisher(path)
    assert said in str(caught.value)
    assert caught.value.mend_ja
    assert caught.value.mend_en


def test_a_folder_without_publisher_is_told_to_have_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"Put publisher\.toml"):
        load_publisher(tmp_path / "publisher.toml")
