"""The actions of the CKAN-shaped API: pure functions of a portal and the parameters asked with.

Parameters are as they come from a URL (text) or from JSON. ActionError says what CKAN would: 404 `Not Found Error`, 409
`Validation Error` with the reasons by parameter, 400 `Search Query Error`. See https://docs.ckan.org/en/2.11/api/.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from dxlod import __version__
from dxlod.errors import ActionError
from dxlod.server.ckan_portal import Portal, Record

__all__ = ["ACTIONS", "SEARCH", "SITE", "Params", "boolean", "invalid", "missing", "natural", "text_of"]

Params = Mapping[str, Any]
Action = Callable[[Portal, Params], Any]
_Value = TypeVar("_Value")
_SEARCH_HELP = (
    "Data sets that fit `q` and every `fq` (words, field:value, field:[from TO to], AND, OR, NOT, brackets), from "
    "`start` on, `rows` of them in the order of `sort`; counted by the fields in `facet.field`."
)
_SAY = {
    "number": ("0 以上の整数です", "Must be a natural number"),
    "missing": ("値がありません", "Missing value"),
    "text": ("文字列です", "Must be text"),
}


def package_list(portal: Portal, params: Params) -> list[str]:
    """Names of all data sets, sorted; of a part with `limit` and `offset`."""
    names = sorted(package["name"] for package in portal.packages)
    return _part(names, params)


def package_show(portal: Portal, params: Params) -> Record:
    """A data set by `id`, which is its id or its name. One that is gone is not found."""
    return _one(portal.by_key, text_of(params, "id", "name_or_id"))


def current_package_list_with_resources(portal: Portal, params: Params) -> list[Record]:
    """All data sets whole, those changed last first; of a part with `limit` and `offset`."""
    packages = sorted(portal.packages, key=lambda package: str(package["metadata_modified"]), reverse=True)
    return _part(packages, params)


def resource_show(portal: Portal, params: Params) -> Record:
    """A file by `id`."""
    return _one(portal.resources, text_of(params, "id"))


def organization_list(portal: Portal, params: Params) -> list[str] | list[Record]:
    """Names of the organizations; whole ones with `all_fields`."""
    names = _part(sorted(portal.organizations), params)
    return [_organization(portal, name) for name in names] if boolean(params, "all_fields") else names


def organization_show(portal: Portal, params: Params) -> Record:
    """An organization by `id`, which is its id or its name; with its data sets where `include_datasets` is true."""
    by_key = {own[key]: own["name"] for own in portal.organizations.values() for key in ("id", "name")}
    name = str(_one(by_key, text_of(params, "id")))
    shown = {**_organization(portal, name), "users": [], "tags": [], "groups": [], "extras": []}
    if boolean(params, "include_datasets"):
        shown["packages"] = [item for item in portal.packages if item["organization"]["name"] == name]
    return shown


def group_list(portal: Portal, params: Params) -> list[str]:
    """Names of the groups: there are none."""
    return []


def tag_list(portal: Portal, params: Params) -> list[str]:
    """All tags, sorted; those that hold `query`, where it is given."""
    tags = {tag["name"] for package in portal.packages for tag in package["tags"]}
    wanted = str(params.get("query") or "").casefold()
    return sorted(tag for tag in tags if wanted in tag.casefold())


def license_list(portal: Portal, params: Params) -> list[Record]:
    """The licences of the data sets."""
    found = {
        package["license_id"]: {
            "id": package["license_id"],
            "title": package["license_title"],
            "url": package["license_url"],
            "status": "active",
            "domain_content": True,
            "domain_data": True,
            "domain_software": False,
            "od_conformance": "approved" if package["isopen"] else "not reviewed",
            "osd_conformance": "not reviewed",
        }
        for package in portal.packages
    }
    return [found[key] for key in sorted(found)]


def status_show(portal: Portal, params: Params) -> Record:
    """What answers here: not a CKAN, but what reads like one of the version named."""
    title = next(iter(portal.organizations.values()), {"title": "", "description": ""})
    return {
        "site_title": title["title"],
        "site_description": title["description"],
        "site_url": params[SITE],
        "error_emails_to": None,
        "locale_default": "ja",
        "extensions": ["dxlod"],
        "ckan_version": "2.11.0",
        "software": f"dxlod {__version__} (CKAN-shaped, read-only)",
    }


def site_read(portal: Portal, params: Params) -> bool:
    """Whether the site may be read: it may."""
    return True


def help_show(portal: Portal, params: Params) -> str:
    """What an action, given as `name`, does."""
    texts = {SEARCH: _SEARCH_HELP, **{name: str(action.__doc__) for name, action in ACTIONS.items()}}
    return _one(texts, text_of(params, "name"))


SEARCH = "package_search"
"""The action that is not among these: see ckan_search.py."""

SITE = "\0site"
"""Under this name, which nobody can ask with, the parameters hold the URL of the site."""

ACTIONS: Mapping[str, Action] = {
    action.__name__: action
    for action in (
        package_list,
        package_show,
        current_package_list_with_resources,
        resource_show,
        organization_list,
        organization_show,
        group_list,
        tag_list,
        license_list,
        status_show,
        site_read,
        help_show,
    )
}
"""All actions but `SEARCH`, by name."""


def text_of(params: Params, *names: str) -> str:
    """The parameter of the first of these names that is given."""
    value = next((params[name] for name in names if params.get(name) not in (None, "")), None)
    if value is None:
        raise invalid(names[0], "missing")
    if not isinstance(value, str):
        raise invalid(names[0], "text")
    return value


def natural(params: Params, name: str, default: int, most: int | None = None) -> int:
    """A number from 0; `most` where it is greater, as CKAN does it."""
    value = params.get(name)
    if value in (None, ""):
        return default
    text = str(value).strip()
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) < 10):
        raise invalid(name, "number")
    return int(text) if most is None else min(int(text), most)


def boolean(params: Params, name: str, default: bool = False) -> bool:
    """True for what CKAN takes as such: true, yes, on, y, t, 1."""
    value = params.get(name)
    if value in (None, ""):
        return default
    return str(value).strip().lower() in ("true", "yes", "on", "y", "t", "1")


def invalid(name: str, why: str) -> ActionError:
    """409 that says what is wrong with a parameter."""
    ja, en = _SAY[why]
    return ActionError(
        409, "Validation Error", "", f"{name}: {ja}。", f"{name}: {en}.", {name: [f"{ja} / {en}"]}
    )


def missing() -> ActionError:
    """404."""
    return ActionError(404, "Not Found Error", "Not found", "見つかりません。", "Not found.")


def _one(found: Mapping[str, _Value], key: str) -> _Value:
    if key not in found:
        raise missing()
    return found[key]


def _part(items: Sequence[_Value], params: Params) -> list[_Value]:
    limit, offset = natural(params, "limit", 0), natural(params, "offset", 0)
    return list(items[offset : offset + limit] if limit else items[offset:])


def _organization(portal: Portal, name: str) -> Record:
    return {**portal.organizations[name], "image_display_url": "", "num_followers": 0}
