"""The words of the catalogue in Japanese and English: titles, descriptions, keywords.

Every data set says that it is unofficial and shows the plan's status (案, 素案): in its title where the plan's own title
does not say so, always in its description.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dxlod.catalog.facts import Count, DatasetFacts, Topic
from dxlod.catalog.files import FileKind
from dxlod.catalog.publisher import Licence, Text

__all__ = [
    "PROVENANCE", "WHOLE", "dataset_description", "dataset_title", "file_description", "file_title", "keywords",
    "rights", "series_description", "whole_description",
]  # fmt: skip

WHOLE = Text("収録しているすべての計画", "all plans in the catalogue")
PROVENANCE = Text(
    "公表された計画書のテキストから表を作り、人が確かめ、RDF にしました。どの値も原文の行番号をもち、読み取りの直しは理由とともに残しています。",
    "Tables were made from the text of the published plan, reviewed by a person and mapped to RDF. Every value carries "
    "the lines it was read from; corrections of misreadings are kept with their reasons.",
)
_UNOFFICIAL = Text(
    "非公式のデータです。自治体の公式データではありません。",
    "Unofficial data; not official data of the municipality.",
)
_TOGETHER = (
    Text(
        "すべての表のCSVと、列の定義（CSVW）をまとめたファイル。",
        "All tables as CSV with the definitions of their columns (CSVW), in one file.",
    ),
    Text(
        "すべての表と、列の説明を1つにまとめたExcelファイル。",
        "All tables with the explanation of their columns, in one Excel file.",
    ),
)
_GENERAL = (
    Text("自治体DX", "municipal DX"),
    Text("DX推進計画", "DX plan"),
    Text("KPI", "KPI"),
    Text("リンクトオープンデータ", "linked open data"),
    Text("非公式", "unofficial"),
)


def dataset_title(plan: Text, status: Text | None) -> Text:
    """Title of an edition's data set; `status` is shown where the plan's own title does not."""
    ja = f"〔{status.ja}〕" if status and not _says(plan.ja, status.ja) else ""
    en = f" [{status.en}]" if status and not _says(plan.en, status.en) else ""
    return Text(
        f"{plan.ja}{ja}のリンクトオープンデータ（非公式）", f"{plan.en}{en} as linked open data (unofficial)"
    )


def dataset_description(plan: Text, status: Text, city: Text, counts: Sequence[Count]) -> Text:
    """What is in an edition's data set, and whose it is not."""
    return Text(
        f"{city.ja}の「{plan.ja}」（計画の状態: {status.ja}）を、原文の行までたどれるデータにしたものです。"
        f"{_listed(counts).ja}{_UNOFFICIAL.ja}",
        f"“{plan.en}” of {city.en} (status of the plan: {status.en}) as data that lead to the lines of the plan. "
        f"{_listed(counts).en}{_UNOFFICIAL.en}",
    )


def whole_description(parts: Sequence[DatasetFacts], counts: Sequence[Count]) -> Text:
    """What is in the data set of everything."""
    ja = "、".join(part.title_of_plan.ja for part in parts)
    en = "; ".join(part.title_of_plan.en for part in parts)
    return Text(
        f"収録している{len(parts)}の計画（{ja}）と、語彙・コード・会計年度などの共通データのすべてです。"
        f"{_listed(counts).ja}{_UNOFFICIAL.ja}",
        f"All {len(parts)} plans ({en}) with the shared vocabulary, codes and fiscal years. {_listed(counts).en}{_UNOFFICIAL.en}",
    )


def series_description(title: Text, editions: int) -> Text:
    """What a series is: the editions of a plan."""
    plural = "" if editions == 1 else "s"
    return Text(
        f"「{title.ja}」の版ごとのデータセット（{editions}件）をまとめたものです。{_UNOFFICIAL.ja}",
        f"The data sets of “{title.en}”, one for each edition ({editions} edition{plural}). {_UNOFFICIAL.en}",
    )


def file_title(kind: FileKind, gzipped: bool, table: Text | None) -> Text:
    """Title of a file; `table` names what is in a CSV."""
    if table:
        return Text(f"{table.ja}（{kind.label}）", f"{table.en} ({kind.label})")
    if gzipped:
        return Text(f"{kind.name.ja}・gzip圧縮", f"{kind.name.en}, gzipped")
    return kind.name


def file_description(kind: FileKind, gzipped: bool, table: Text | None, triples: int | None) -> Text:
    """One sentence on a file."""
    if table:
        return Text(
            f"「{table.ja}」の表。UTF-8（BOM付き）、改行はCRLF、1行目は見出し。",
            f"The table “{table.en}”. UTF-8 with BOM, CRLF, header row.",
        )
    if triples is None:
        return _TOGETHER[kind.suffix == "xlsx"]
    packed = Text("gzip で圧縮しています。", " Compressed with gzip.") if gzipped else Text("", "")
    return Text(
        f"{kind.standard_name} 形式のRDF（{triples:,}トリプル）。{packed.ja}",
        f"RDF in {kind.standard_name} ({triples:,} triples).{packed.en}",
    )


def keywords(city: Text | None, topics: Iterable[Topic]) -> tuple[Text, ...]:
    """Keywords that CKAN takes as tags as they are: letters, digits, spaces, `-`, `_` and `.`, 2 to 100 of them."""
    own = [*([city] if city else []), *_GENERAL, *(topic.name for topic in topics)]
    return tuple(Text(_tag(word.ja), _tag(word.en)) for word in own)


def rights(licence: Licence, stated: Sequence[str]) -> Text:
    """Whose the data are; `stated` is what the source documents say of their use."""
    source_ja = (
        f"計画書の利用条件: {'; '.join(stated)}。"
        if stated
        else "計画書には利用条件が見当たりません（不明）。"
    )
    source_en = (
        f"Terms stated by the plan: {'; '.join(stated)}."
        if stated
        else "The plan states no terms of use (unknown)."
    )
    return Text(
        f"データの選択・構造・英訳は {licence.name.ja} で使えます。計画書そのものの著作権は自治体にあり、本文は収録していません。{source_ja}",
        f"Our selection, structure and translations are under {licence.name.en}. The plan itself belongs to the "
        f"municipality; its running text is not included. {source_en}",
    )


def _says(title: str, status: str) -> bool:
    """Whether a title gives the status in brackets; 案 is part of other words."""
    return bool(re.search(rf"[（(〔\[]{re.escape(status)}[)）〕\]]", title))


def _listed(counts: Sequence[Count]) -> Text:
    if not counts:
        return Text("", "")
    ja = "、".join(f"{count.name.ja}{count.rows:,}" for count in counts)
    en = ", ".join(f"{count.name.en[:1].lower()}{count.name.en[1:]} {count.rows:,}" for count in counts)
    return Text(f"収録件数: {ja}。", f"Contents: {en}. ")


def _tag(word: str) -> str:
    return " ".join(re.sub(r"[^\w .-]", " ", word).split())[:100]
