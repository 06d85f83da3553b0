"""Who judges which part, in how many processes, and in what order the results come."""

from __future__ import annotations

from pathlib import Path

import pytest

from dxlod.errors import SettingsError, ValidationError
from dxlod.settings import Settings
from dxlod.validation import Shapes, load_shapes, shacl, validate, validate_each, validate_parts

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix e: <urn:e:> .\n"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
GOOD = [f"<urn:e:good> {TYPE} <urn:e:C> .", '<urn:e:good> <urn:e:p> "x" .', '<urn:e:good> <urn:e:q> "x" .']
WARNED = [f"<urn:e:warned> {TYPE} <urn:e:C> .", '<urn:e:warned> <urn:e:p> "x" .']
BAD = [f"<urn:e:bad> {TYPE} <urn:e:C> ."]
MANY = [f"<urn:e:n{number}> <urn:e:r> <urn:e:o> ." for number in range(2000)]


@pytest.fixture
def shapes(tmp_path: Path) -> Shapes:
    return loaded(
        tmp_path,
        "e:S a sh:NodeShape ; sh:targetClass e:C ;"
        ' sh:property [ sh:path e:p ; sh:minCount 1 ; sh:message "要"@ja , "Needed"@en ] ,'
        ' [ sh:path e:q ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "望"@ja , "Wanted"@en ] .',
    )


def loaded(folder: Path, text: str) -> Shapes:
    path = folder / "shapes.ttl"
    path.write_text(PREFIXES + text, encoding="utf-8")
    return load_shapes([path])


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What pySHACL was given, in this process."""
    seen: list[list[str]] = []

    def watched(ntriples: list[str], shapes: Shapes) -> object:
        seen.append(list(ntriples))
        return validate(ntriples, shapes)

    monkeypatch.setattr(shacl, "validate", watched)
    return seen


def test_only_a_part_with_a_violation_goes_to_the_judge(shapes: Shapes, judged: list[list[str]]) -> None:
    told: list[int] = []
    results = validate_parts(
        [GOOD, BAD, WARNED], ["<urn:e:s> <urn:e:r> <urn:e:o> ."], shapes, "fast", told.append
    )
    assert judged == [["<urn:e:s> <urn:e:r> <urn:e:o> .", *BAD]]
    assert told == [1, 2, 3]
    assert results == validate(GOOD + BAD + WARNED, shapes)
    assert [result.focus for result in results] == ["urn:e:bad", "urn:e:bad", "urn:e:warned"]


def test_what_the_fast_engine_cannot_use_goes_to_the_judge(tmp_path: Path, judged: list[list[str]]) -> None:
    ask = '[ sh:select "SELECT $this ?value WHERE { $this <urn:e:p> ?value FILTER (?value - 1 - 1 = 3) }" ]'
    nested = loaded(
        tmp_path,
        "e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:node e:T ."
        f" e:T a sh:NodeShape ; sh:severity sh:Warning ; sh:sparql {ask} .",
    )
    five = ['<urn:e:a> <urn:e:p> "5"^^<http://www.w3.org/2001/XMLSchema#integer> .']
    assert validate_parts([five], [], nested, "fast", lambda _: None) == validate(five, nested) != ()
    assert judged == [five]


def test_pyshacl_judges_everything_where_it_is_asked_to(shapes: Shapes, judged: list[list[str]]) -> None:
    assert validate_parts([GOOD, WARNED], [], shapes, "pyshacl", lambda _: None) == validate(
        GOOD + WARNED, shapes
    )
    assert judged == [GOOD, WARNED]


def test_two_processes_give_what_one_gives(shapes: Shapes, judged: list[list[str]]) -> None:
    told: list[int] = []
    results = validate_parts([GOOD, BAD, WARNED], MANY, shapes, "pyshacl", told.append)
    assert judged == []
    assert told[-1] == 3
    assert results == validate(GOOD + BAD + WARNED, shapes)


def test_an_error_of_another_process_keeps_both_languages(tmp_path: Path) -> None:
    spoilt = loaded(tmp_path, 'e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:minLength "x" .')
    with pytest.raises(ValidationError) as raised:
        validate_parts([GOOD, WARNED], MANY, spoilt, "pyshacl", lambda _: None)
    assert "シェイプ" in raised.value.ja
    assert "cannot be used" in raised.value.en


def test_the_validator_is_a_setting() -> None:
    assert Settings.load({}).validator == "fast"
    assert Settings.load({"DXLOD_VALIDATOR": "pyshacl"}).validator == "pyshacl"
    with pytest.raises(SettingsError, match="validator must be fast or pyshacl"):
        Settings.load({"DXLOD_VALIDATOR": "shifty"})


def test_each_part_has_its_own_results(shapes: Shapes) -> None:
    good, bad, warned = validate_each([GOOD, BAD, WARNED], [], shapes, "fast", lambda _: None)
    assert good == ()
    assert bad == validate(BAD, shapes) != ()
    assert warned == validate(WARNED, shapes) != ()


def test_the_fast_engine_in_two_processes_gives_what_it_gives_in_one(
    shapes: Shapes, monkeypatch: pytest.MonkeyPatch, judged: list[list[str]]
) -> None:
    alone = validate_each([GOOD, BAD, WARNED], [], shapes, "fast", lambda _: None)
    judged.clear()
    monkeypatch.setattr("dxlod.validation.parts._ENOUGH", 1)
    told: list[int] = []
    assert validate_each([GOOD, BAD, WARNED], [], shapes, "fast", told.append) == alone
    assert judged == [BAD]
    assert told == [1, 2, 3]
