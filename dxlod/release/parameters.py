"""Parameters of the example queries: which term of the query each stands for, and what may take its place.

Declared in the head of a query's file, after its keywords, as ``# param: NAME KIND TERM``: TERM is written in the
query exactly so, and is what is asked when nothing is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dxlod.errors import QueryError
from dxlod.settings import SHARED

__all__ = ["KINDS", "Exists", "Kind", "Parameter", "bind", "read_parameter"]

Exists = Callable[[str], bool]
"""Whether the release describes this IRI."""


@dataclass(frozen=True)
class Kind:
    """A kind of parameter: what its values look like, an example, a sentence in ja and en, where its IRIs are."""

    pattern: str
    example: str
    ja: str
    en: str
    place: str = ""

    def iri(self, value: str, base: str) -> str:
        """The IRI that a value names; '' for kinds whose values are plain text or numbers."""
        if not self.place:
            return ""
        if self.place == "/id/plan/":
            return f"{base}{self.place}{_plan_path(value)}"
        return f"{SHARED}{self.place}{value}"


KINDS: Mapping[str, Kind] = {
    "city": Kind(
        r"\d{6}", "362018", "全国地方公共団体コード（6桁）", "local government code, 6 digits", "/id/lg/"
    ),
    "plan": Kind(
        r"\d{6}-[0-9a-z]+(?:-[0-9a-z]+)+",
        "212075-dx-2024",
        "計画の版（団体コード-計画-版）",
        "plan edition: code-plan-edition",
        "/id/plan/",
    ),
    "year": Kind(r"\d{4}", "2026", "年度（西暦4桁）", "fiscal year, 4 digits", "/id/fy/"),
    "topic": Kind(r"[0-9a-z-]+", "digital-divide", "DX分野のキー", "key of a DX topic", "/id/topic/"),
    "phase": Kind(r"[a-z]+", "consider", "工程区分", "phase", "/id/code/phase/"),
    "law": Kind(
        r"[0-9A-Z]{15}", "425AC0000000027", "法令ID（e-Gov）", "law id of the e-Gov law search", "/id/law/"
    ),
    "number": Kind(r"\d{1,7}", "527", "数", "a whole number"),
    "text": Kind(r"[^\x00-\x1f\x7f]{1,100}", "窓口", "ことば（100字まで）", "words, up to 100 characters"),
}


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name, its kind (a key of KINDS), and the term of the query that it replaces."""

    name: str
    kind: str
    term: str

    @property
    def default(self) -> str:
        """The value that the query asks for as it stands."""
        if self.term.startswith('"'):
            return self.term[1 : self.term.rindex('"')]
        if self.term.startswith("<"):
            return self.term[1:-1].partition(self.of.place)[2].replace("/", "-")
        return self.term.rpartition(":")[2]

    @property
    def of(self) -> Kind:
        """What is known of its kind."""
        return KINDS[self.kind]


def read_parameter(text: str) -> Parameter | None:
    """The parameter of one declaration, without its ``# param:``; None where it is none."""
    match = re.fullmatch(r"([a-z_]+) ([a-z]+) (\S.*)", text.strip())
    return Parameter(*match.groups()) if match and match[2] in KINDS else None


def bind(
    query: str, parameters: tuple[Parameter, ...], given: Mapping[str, str], exists: Exists, base: str
) -> str:
    """The query with the given values in place of its terms. QueryError for a value that cannot be used.

    A value is checked against its kind and written as a whole term, so it cannot become anything else.
    """
    terms = {
        item.term: _term(item, given[item.name], exists, base) for item in parameters if given.get(item.name)
    }
    if not terms:
        return query
    # All at once, so that what one value brings is not replaced by another.
    pattern = re.compile("|".join(_whole(term) for term in sorted(terms, key=len, reverse=True)))
    return pattern.sub(lambda found: terms[found.group()], query)


def _whole(term: str) -> str:
    return rf"(?<![\w:\"@]){re.escape(term)}(?![\w-])"


def _term(parameter: Parameter, value: str, exists: Exists, base: str) -> str:
    kind = parameter.of
    said = "".join(sign if sign.isprintable() else " " for sign in value[:60])
    if not re.fullmatch(kind.pattern, value, re.ASCII):
        raise QueryError(
            f"{parameter.name} の値「{said}」は使えません。{kind.ja}を指定してください。例: {kind.example}",
            f"{said!r} cannot be used for {parameter.name} ({kind.en}). An example: {kind.example}",
        )
    iri = kind.iri(value, base)
    if iri and not exists(iri):
        raise QueryError(
            f"{parameter.name} の値「{value}」に当たるデータはありません。例: {kind.example}",
            f"There is no data for {parameter.name} {value!r}; there is, for example, for {kind.example}.",
        )
    if iri:
        return f"<{iri}>"
    if parameter.kind == "number":
        return str(int(value))
    language = parameter.term[parameter.term.rindex('"') + 1 :]
    return f'"{_escaped(value)}"{language}'


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _plan_path(value: str) -> str:
    """`212016-dx-action-2025` as `212016/dx-action/2025`: the edition is what follows the last hyphen."""
    code, _, rest = value.partition("-")
    plan, _, edition = rest.rpartition("-")
    return f"{code}/{plan}/{edition}"
