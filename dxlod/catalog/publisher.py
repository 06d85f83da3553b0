"""The operator who publishes a release, from `data/publisher.toml`.

The file is an input of a release: what the catalogue says of publisher, contact, licence and site comes from here and
from nowhere else. Every text is required to be there; those that may be unknown may be empty.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dxlod.errors import SettingsError

__all__ = ["FILE", "FREQUENCIES", "KINDS", "Contact", "Licence", "Publisher", "Text", "load_publisher"]

FILE = "publisher.toml"
FREQUENCIES = (
    "ANNUAL", "ANNUAL_2", "ANNUAL_3", "AS_NEEDED", "BIENNIAL", "BIMONTHLY", "BIWEEKLY", "CONT", "DAILY", "DAILY_2",
    "IRREG", "MONTHLY", "MONTHLY_2", "MONTHLY_3", "NEVER", "NOT_PLANNED", "OTHER", "QUARTERLY", "TRIENNIAL", "UNKNOWN",
    "UPDATE_CONT", "WEEKLY", "WEEKLY_2", "WEEKLY_3",
)  # fmt: skip
"""Codes of http://publications.europa.eu/resource/authority/frequency."""
KINDS = (
    "Academia-ScientificOrganisation", "Company", "IndustryConsortium", "LocalAuthority", "NationalAuthority",
    "NonGovernmentalOrganisation", "NonProfitOrganisation", "PrivateIndividual(s)", "RegionalAuthority",
    "StandardisationBody", "SupraNationalAuthority",
)  # fmt: skip
"""Codes of http://purl.org/adms/publishertype/1.0."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,98}")
_URL = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")
_TOP = ("id", "iri", "homepage", "site", "kind")
_TABLES: Mapping[str, tuple[str, ...]] = {
    "name": ("ja", "en"),
    "contact": ("name_ja", "name_en", "email", "phone", "extension", "form", "note"),
    "licence": ("iri", "authority", "id", "title", "name_ja", "name_en"),
    "catalogue": ("title_ja", "title_en", "description_ja", "description_en", "frequency", "page_size"),
}
_MAY_BE_EMPTY = {
    "iri", "homepage", "site", "kind", "contact.email", "contact.phone", "contact.extension", "contact.form",
    "contact.note", "licence.authority",
}  # fmt: skip
_URLS = ("iri", "homepage", "site", "contact.form", "licence.iri", "licence.authority")


@dataclass(frozen=True)
class Text:
    """A text in Japanese and English."""

    ja: str
    en: str


@dataclass(frozen=True)
class Contact:
    """Where questions go. All but the name may be '' (unknown)."""

    name: Text
    email: str = ""
    phone: str = ""
    extension: str = ""
    form: str = ""
    note: str = ""


@dataclass(frozen=True)
class Licence:
    """`authority`: its IRI in the EU vocabulary or ''; `id` and `title`: as CKAN's register has them."""

    iri: str
    authority: str
    id: str
    title: str
    name: Text


@dataclass(frozen=True)
class Publisher:
    """The operator. `iri`, `homepage` and `site` may be '': they follow from the base IRI then."""

    id: str
    iri: str
    homepage: str
    site: str
    kind: str
    name: Text
    contact: Contact
    licence: Licence
    title: Text
    description: Text
    frequency: str
    page_size: int


def load_publisher(path: Path) -> Publisher:
    """The publisher of this file; SettingsError names the line to mend."""
    try:
        source = path.read_text(encoding="utf-8")
        fields = tomllib.loads(source)
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"{path.name} を読めません: {error}",
            f"{path.name} cannot be read: {error}",
            mend_ja="表のフォルダーに publisher.toml（公開する人・連絡先・利用条件）を置くか、示された行を直してください。",
            mend_en="Put publisher.toml (who publishes, contact, licence) into the folder of tables, or mend the line named.",
        ) from error
    values = _values(fields, source, path.name)
    _check(values, source, path.name)
    return _publisher(values)


def _values(fields: Mapping[str, Any], source: str, file: str) -> dict[str, str]:
    """Every field by its dotted name; an unknown one, or one that is no text, is an error."""
    known = [*_TOP, *(f"{table}.{key}" for table, keys in _TABLES.items() for key in keys)]
    found: dict[str, Any] = {}
    for key, value in fields.items():
        found |= (
            {f"{key}.{name}": item for name, item in value.items()}
            if isinstance(value, dict)
            else {key: value}
        )
    for name, value in found.items():
        if name not in known or not isinstance(value, str):
            raise _wrong(name, source, file, f"使えるのは {', '.join(known)} で、値は \"…\" の文字列です。",
                         f"The fields are {', '.join(known)}, and each is a string \"…\".")  # fmt: skip
    for name in known:
        if not found.get(name, "").strip() and name not in _MAY_BE_EMPTY:
            raise _wrong(name, source, file, "値を書いてください。", "Give it a value.")
    return {name: found.get(name, "").strip() for name in known}


def _check(values: Mapping[str, str], source: str, file: str) -> None:
    def require(name: str, fits: bool, ja: str, en: str) -> None:
        if values[name] and not fits:
            raise _wrong(name, source, file, ja, en)

    for name in ("id", "licence.id"):
        slug = bool(_SLUG.fullmatch(values[name].lower()))
        require(
            name, slug, "半角の英数字とハイフン2字以上にしてください。", "Use two or more of a-z, 0-9 and -."
        )
    require("id", values["id"] == values["id"].lower(), "小文字にしてください。", "Use lower case.")
    for name in _URLS:
        url = bool(_URL.fullmatch(values[name]))
        require(name, url, "http(s) の URL にしてください。", "Give an http(s) URL.")
    email = bool(_EMAIL.fullmatch(values["contact.email"]))
    require("contact.email", email, "メールアドレスにしてください。", "Give an e-mail address.")
    counted = bool(re.fullmatch(r"[1-9][0-9]{0,5}", values["catalogue.page_size"]))
    require("catalogue.page_size", counted, "1以上の数にしてください。", "Give a number from 1.")
    names = ", ".join(FREQUENCIES)
    require(
        "catalogue.frequency",
        values["catalogue.frequency"] in FREQUENCIES,
        f"次のどれかです: {names}",
        f"One of: {names}",
    )
    names = ", ".join(KINDS)
    require("kind", values["kind"] in KINDS, f"次のどれかです: {names}", f"One of: {names}")


def _wrong(name: str, source: str, file: str, ja: str, en: str) -> SettingsError:
    place = f"{file}:{line}" if (line := _line(name, source)) else file
    return SettingsError(
        f"{place}: 「{name}」は使えません。", f"{place}: {name!r} cannot be used.", mend_ja=ja, mend_en=en
    )


def _line(name: str, source: str) -> int:
    """Number of the line that sets a field, counted from 1; of its table where it is not set; 0 for neither."""
    table, _, key = name.rpartition(".")
    inside, heading = "", 0
    for number, line in enumerate(source.splitlines(), 1):
        if match := re.fullmatch(r"\s*\[\s*([\w-]+)\s*\]\s*(#.*)?", line):
            inside = match.group(1)
            heading = number if inside == table else heading
        elif inside == table and re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number
    return heading


def _publisher(values: Mapping[str, str]) -> Publisher:
    def text(table: str, key: str) -> Text:
        return Text(values[f"{table}.{key}_ja"], values[f"{table}.{key}_en"])

    def part(table: str, *keys: str) -> dict[str, str]:
        return {key: values[f"{table}.{key}"] for key in keys}

    return Publisher(
        **{key: values[key].rstrip("/") if key == "site" else values[key] for key in _TOP},
        name=Text(values["name.ja"], values["name.en"]),
        contact=Contact(
            text("contact", "name"), **part("contact", "email", "phone", "extension", "form", "note")
        ),
        licence=Licence(**part("licence", "iri", "authority", "id", "title"), name=text("licence", "name")),
        title=text("catalogue", "title"),
        description=text("catalogue", "description"),
        frequency=values["catalogue.frequency"],
        page_size=int(values["catalogue.page_size"]),
    )
