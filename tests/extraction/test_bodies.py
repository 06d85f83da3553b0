"""Bodies that a plan says it sets up or runs become organizations; others named in passing do not."""

from __future__ import annotations

import pytest

from dxlod.document import Document
from dxlod.extraction.bodies import name_bodies
from dxlod.layout.draft import Draft
from dxlod.model.lines import Lines


def named(*lines: str) -> list[tuple[str, str, str]]:
    draft = Draft(Document("x.txt", "", ("緑川市DX計画", *lines)))
    draft.identify(municipality="緑川市", plan="dx", edition="1", lines=Lines.of(1), title="緑川市DX計画")
    name_bodies(draft)
    return [(row.title, str(row.cells["kind"]), str(row.lines)) for row in draft.of("organization")]


@pytest.mark.parametrize(
    ("line", "name", "kind"),
    [
        ("方針を決める「緑川市DX委員会」（市長を長とする）を設置しています。", "緑川市DX委員会", "committee"),
        ("「DX推進本部」を設置し、", "DX推進本部", "committee"),
        ("取組計画\t(4) 緑川市C S I R Tの運営", "緑川市CSIRT", "other"),
        ("- CSIRT設置による迅速な対応", "CSIRT", "other"),
        ("12\tデジタル活用推進室の設置\t2021", "デジタル活用推進室", "office"),
    ],
)
def test_what_is_set_up_is_an_organization(line: str, name: str, kind: str) -> None:
    assert named(line) == [(name, kind, "2")]


@pytest.mark.parametrize(
    "line",
    [
        "災害対策本部を設置した場合に備える。",
        "県は「DX推進協議会」と連携する。",
        "CSIRT\tシーサート\t情報セキュリティ事故に対応する組織",
        "会議室の設置場所を見直す。",
    ],
)
def test_what_is_only_named_is_none(line: str) -> None:
    assert named(line) == []
