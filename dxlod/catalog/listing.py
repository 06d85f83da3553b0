"""オープンデータ一覧 of the 自治体標準オープンデータセット: one row for each file, 45 columns.

UTF-8 with BOM, CRLF; dates `YYYY-MM-DD`, a period `YYYY-MM-DD/YYYY-MM-DD`, lists joined by `;`, blank where nothing is
known. Municipalities and portals (SHIRASAGI) register data sets by importing this file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from dxlod.catalog.codes import frequency_name
from dxlod.catalog.facts import Catalogue, DatasetFacts, Distribution
from dxlod.catalog.words import PROVENANCE, rights

__all__ = ["ALIAS", "COLUMNS", "NAME", "listing", "listing_rows"]

NAME = "オープンデータ一覧.csv"
ALIAS = "opendata-list.csv"
"""The same file under a name that survives every downloader."""

_OF_DATASET = (
    "タイトル", "サブタイトル", "概要", "キーワード", "分類", "ユニバーサルメニュー", "公開日", "最終更新日",
    "バージョン", "言語", "URL", "更新頻度", "準拠する標準", "関連ドキュメント", "来歴情報", "対象地域", "対象期間",
    "作成者", "連絡先名称", "連絡先メールアドレス", "連絡先電話番号", "連絡先内線番号", "連絡先FormURL",
    "連絡先備考（その他、SNSなど）", "備考",
)  # fmt: skip
_OF_FILE = (
    "ID", "タイトル", "アクセスURL", "ダウンロードURL", "説明", "形式", "ライセンス", "ステータス", "サイズ", "公開日",
    "最終更新日", "利用規約", "関連ドキュメント", "言語", "準拠する標準", "API対応有無", "著作権表記",
)  # fmt: skip
COLUMNS = (
    "データセット_ID", "全国地方公共団体コード", "地方公共団体名",
    *(f"データセット_{name}" for name in _OF_DATASET), *(f"ファイル_{name}" for name in _OF_FILE),
)  # fmt: skip
_LANGUAGES = "ja;en"


def listing(facts: Catalogue) -> bytes:
    """The file."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(listing_rows(facts))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def listing_rows(facts: Catalogue) -> Iterator[dict[str, str]]:
    """The rows by column, in the order of the catalogue."""
    for dataset in facts.datasets:
        about = _dataset(dataset, facts)
        for item in dataset.distributions:
            yield {**about, **_file(item, dataset, facts)}


def _dataset(dataset: DatasetFacts, facts: Catalogue) -> dict[str, str]:
    values = {**_what(dataset), **_terms(dataset, facts), **_contact(facts)}
    return {
        "データセット_ID": dataset.slug,
        "全国地方公共団体コード": ";".join(area.code for area in dataset.areas),
        "地方公共団体名": ";".join(area.name.ja for area in dataset.areas),
        **{f"データセット_{name}": values.get(name, "") for name in _OF_DATASET},
    }


def _what(dataset: DatasetFacts) -> Mapping[str, str]:
    return {
        "タイトル": dataset.title.ja,
        "サブタイトル": dataset.title.en,
        "概要": dataset.description.ja,
        "キーワード": ";".join(dict.fromkeys(word.ja for word in dataset.keywords)),
        "分類": "行財政;情報通信・科学技術",
        "公開日": dataset.issued,
        "最終更新日": dataset.modified,
        "バージョン": dataset.version,
        "言語": _LANGUAGES,
        "URL": dataset.landing,
        "対象地域": ";".join(area.name.ja for area in dataset.areas),
        "対象期間": f"{dataset.start}/{dataset.end}" if dataset.start or dataset.end else "",
    }


def _terms(dataset: DatasetFacts, facts: Catalogue) -> Mapping[str, str]:
    documents = ";".join(dict.fromkeys(source.title for source in dataset.sources))
    status = f"計画の状態: {dataset.status.ja}。" if dataset.status.ja else ""
    stated = list(dict.fromkeys(source.rights for source in dataset.sources if source.rights))
    return {
        "更新頻度": frequency_name(facts.publisher.frequency).ja,
        "準拠する標準": "https://w3id.org/dxlod/ns",
        "関連ドキュメント": documents,
        "来歴情報": PROVENANCE.ja,
        "作成者": facts.publisher.name.ja,
        "備考": f"非公式のデータ。{status}{rights(facts.publisher.licence, stated).ja}",
    }


def _contact(facts: Catalogue) -> Mapping[str, str]:
    contact = facts.publisher.contact
    return {
        "連絡先名称": contact.name.ja,
        "連絡先メールアドレス": contact.email,
        "連絡先電話番号": contact.phone,
        "連絡先内線番号": contact.extension,
        "連絡先FormURL": contact.form,
        "連絡先備考（その他、SNSなど）": contact.note,
    }


def _file(item: Distribution, dataset: DatasetFacts, facts: Catalogue) -> dict[str, str]:
    licence = facts.publisher.licence
    values = {
        "ID": item.uuid,
        "タイトル": item.title.ja,
        "アクセスURL": dataset.landing,
        "ダウンロードURL": item.url,
        "説明": item.description.ja,
        "形式": f"{item.kind.label} (gzip)" if item.gzipped else item.kind.label,
        "ライセンス": licence.name.ja,
        "ステータス": "公開",
        "サイズ": str(item.bytes),
        "公開日": item.issued,
        "最終更新日": item.modified,
        "利用規約": licence.iri,
        "関連ドキュメント": item.described_by,
        "言語": _LANGUAGES,
        "準拠する標準": item.kind.standard,
        "API対応有無": "有" if item.triples is not None else "無",
        "著作権表記": f"{facts.publisher.name.ja} / {licence.name.ja}",
    }
    return {f"ファイル_{name}": values[name] for name in _OF_FILE}
