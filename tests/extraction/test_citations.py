"""Laws and plans named in a text: known works, quoted names, the city's own plans, abbreviations, provisions."""

from __future__ import annotations

import hashlib

from dxlod.document import Document
from dxlod.extraction.citations import cite_works
from dxlod.layout.draft import Draft
from dxlod.layout.reference import Reference, Work
from dxlod.model.lines import Lines

WORKS = (
    Work("data-act", "官民データ活用推進基本法", ("官民データ活用推進基本法",), "law", "428AC1000000103"),
    Work("municipal-dx-plan", "自治体DX推進計画", ("自治体DX推進計画",), "plan"),
)


def drafted(*lines: str) -> Draft:
    text = "\n".join(lines)
    document = Document("x.txt", hashlib.sha256(text.encode()).hexdigest(), tuple(lines))
    draft = Draft(document, Reference({"緑川市": "212016"}, WORKS))
    draft.identify(
        municipality="緑川市",
        plan="dx",
        edition="1",
        lines=Lines.of(1),
        title="緑川市DX計画",
        plan_title="緑川市DX計画",
    )
    return draft


def cited(*lines: str) -> list[tuple[str, str, str, str, str, str]]:
    draft = drafted(*lines)
    cite_works(draft)
    names = ("name", "kind", "relation", "article", "paragraph")
    return [(*(str(row.cells[n]) for n in names), str(row.lines)) for row in draft.of("citation")]  # type: ignore[misc]


def test_a_known_law_with_its_provision() -> None:
    assert cited("緑川市DX計画", "官民データ活用推進基本法（平成28年）第9条第3項に位置付ける。") == [
        ("官民データ活用推進基本法", "law", "cites", "9", "3", "2")
    ]


def test_a_quoted_plan_over_two_wrapped_lines_is_one_citation() -> None:
    found = cited(
        "緑川市DX計画",
        "国は平成三十年に自治体の取組を支える「地方のデジタル",
        "活用推進戦略」を決定し、これを推進してきたところである。",
    )
    assert found == [("地方のデジタル活用推進戦略", "strategy", "cites", "", "", "2-3")]


def test_the_upper_plan_and_its_abbreviation() -> None:
    found = cited(
        "緑川市DX計画",
        "本市の最上位計画である「緑川市総合計画2030」（以下「総合計画」という。）を策定しました。",
        "本計画は総合計画を支える計画です。",
    )
    assert found == [("緑川市総合計画2030", "plan", "upper", "", "", "2-3")]


def test_the_plan_itself_and_ordinary_quotes_are_no_citations() -> None:
    assert cited("緑川市DX計画", "「緑川市DX計画」は「書かない窓口」を進めます。") == []


def test_a_version_of_a_known_plan_keeps_its_printed_name() -> None:
    found = cited("緑川市DX計画", "総務省の「自治体DX推進計画【第9.0版】」が示された。")
    assert found == [("自治体DX推進計画【第9.0版】", "plan", "cites", "", "", "2")]


def test_a_division_is_no_strategy() -> None:
    assert cited("緑川市DX計画", "編集 緑川市総務部未来戦略課") == []


def test_the_later_part_of_a_plan_is_another_work() -> None:
    found = cited(
        "緑川市DX計画",
        "平成29年に「緑川市第3次ICT基本計画」を策定しました。",
        "第3次ICT基本計画後期計画では、3つの柱を立てました。",
    )
    assert [(row[0], row[5]) for row in found] == [
        ("緑川市第3次ICT基本計画", "2"),
        ("第3次ICT基本計画後期計画", "3"),
    ]


def test_an_abbreviation_in_brackets_belongs_to_the_name() -> None:
    found = cited("緑川市DX計画", "緑川市ICT部門の業務継続計画（ICT-BCP）に基づき対応する。")
    assert [row[:2] for row in found] == [("緑川市ICT部門の業務継続計画（ICT-BCP）", "plan")]


def test_the_citys_own_security_policy_and_the_national_guideline() -> None:
    found = cited(
        "緑川市DX計画",
        "「情報セキュリティポリシーのガイドライン」に基づき、本市の情報セキュリティポリシーを見直します。",
    )
    assert {row[:2] for row in found} == {
        ("情報セキュリティポリシーのガイドライン", "guideline"),
        ("情報セキュリティポリシー", "guideline"),
    }


def test_a_law_within_the_name_of_an_ordinance_is_not_cited() -> None:
    name = "緑川市官民データ活用推進基本法に基づく条例"
    draft = drafted("緑川市DX計画", name)
    draft.add("ordinance", Lines.of(2), name=name)
    cite_works(draft)
    assert draft.of("citation") == []
