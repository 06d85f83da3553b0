"""オープンデータ一覧: its 45 columns, one row for each file, the value rules."""

from __future__ import annotations

import csv
import io
import re

from dxlod.catalog import Catalogue
from dxlod.catalog.listing import ALIAS, NAME, listing
from dxlod.release import Release

HEADER = (
    "データセット_ID,全国地方公共団体コード,地方公共団体名,データセット_タイトル,データセット_サブタイトル,データセット_概要,"
    "データセット_キーワード,データセット_分類,データセット_ユニバーサルメニュー,データセット_公開日,データセット_最終更新日,"
    "データセット_バージョン,データセット_言語,データセット_URL,データセット_更新頻度,データセット_準拠する標準,"
    "データセット_関連ドキュメント,データセット_来歴情報,データセット_対象地域,データセット_対象期間,データセット_作成者,"
    "データセット_連絡先名称,データセット_連絡先メールアドレス,データセット_連絡先電話番号,データセット_連絡先内線番号,"
    "データセット_連絡先FormURL,データセット_連絡先備考（その他、SNSなど）,データセット_備考,ファイル_ID,ファイル_タイトル,"
    "ファイル_アクセスURL,ファイル_ダウンロードURL,ファイル_説明,ファイル_形式,ファイル_ライセンス,ファイル_ステータス,"
    "ファイル_サイズ,ファイル_公開日,ファイル_最終更新日,ファイル_利用規約,ファイル_関連ドキュメント,ファイル_言語,"
    "ファイル_準拠する標準,ファイル_API対応有無,ファイル_著作権表記"
)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def test_the_header_is_the_standard_s() -> None:
    assert len(HEADER.split(",")) == 45


def test_the_file_has_bom_crlf_and_the_header(published: Catalogue) -> None:
    content = listing(published)
    assert content.startswith(b"\xef\xbb\xbf" + HEADER.encode() + b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == 1 + len(rows(content))


def test_one_row_for_each_file(published: Catalogue) -> None:
    found = rows(listing(published))
    files = [file for item in published.datasets for file in item.distributions]
    assert [row["ファイル_ダウンロードURL"] for row in found] == [file.url for file in files]
    assert [int(row["ファイル_サイズ"]) for row in found] == [file.bytes for file in files]
    assert len({row["ファイル_ID"] for row in found}) == len(found)


def test_the_values_follow_the_rules(published: Catalogue) -> None:
    for row in rows(listing(published)):
        assert all(re.fullmatch(r"[0-9]{6}", code) for code in row["全国地方公共団体コード"].split(";"))
        for name, value in row.items():
            if name.endswith("日"):
                assert re.fullmatch(r"\d{4}-\d\d-\d\d", value), (name, value)
            assert value == value.strip()
            assert "\n" not in value
        assert re.fullmatch(r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d", row["データセット_対象期間"])
        assert row["ファイル_利用規約"] == "https://creativecommons.org/licenses/by/4.0/"


def test_a_row_says_status_and_that_it_is_unofficial(published: Catalogue) -> None:
    row = next(row for row in rows(listing(published)) if row["データセット_ID"] == "dxlod-362018-dx-2026")
    assert "計画の状態: 素案" in row["データセット_備考"]
    assert row["データセット_備考"].startswith("非公式のデータ。")
    assert row["地方公共団体名"] == "徳島市"
    assert row["データセット_更新頻度"] == "不定期"


def test_what_is_unknown_is_blank(published: Catalogue) -> None:
    first = rows(listing(published))[0]
    blank = {name for name, value in first.items() if not value}
    assert {
        "データセット_連絡先メールアドレス",
        "データセット_連絡先電話番号",
        "データセット_連絡先FormURL",
    } <= blank


def test_both_names_are_the_same_file(release: Release) -> None:
    one, other = release.entry(NAME), release.entry(ALIAS)
    assert one is not None
    assert other is not None
    assert one.sha256 == other.sha256
    assert one.media_type == "text/csv"
