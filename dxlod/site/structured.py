"""Facts for search engines, in schema.org (https://schema.org/) as JSON-LD: only what its terms truly mean."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from dxlod.namespaces import DXO
from dxlod.release.terms import RDF_TYPE, Triple, is_iri, literal_parts
from dxlod.site.iris import DCAT, DCTERMS, ELI, ORG, SKOS
from dxlod.site.view import View

__all__ = ["json_ld", "structured_data"]

_TYPES = {
    DXO.Municipality: "GovernmentOrganization",
    f"{ORG}OrganizationalUnit": "GovernmentOrganization",
    DXO.PlanEdition: "CreativeWork",
    DXO.SourceDocument: "DigitalDocument",
    DXO.Indicator: "StatisticalVariable",
    DXO.GlossaryTerm: "DefinedTerm",
    f"{SKOS}Concept": "DefinedTerm",
    f"{ELI}LegalResource": "Legislation",
    DXO.LegalProvision: "Legislation",
    f"{DCAT}Dataset": "Dataset",
}
"""Classes of ours that are one of schema.org's. An initiative is none of them: schema:Project is an organization."""

_PROPERTIES = {
    f"{ORG}unitOf": "parentOrganization",
    f"{ORG}subOrganizationOf": "parentOrganization",
    f"{ELI}is_part_of": "isPartOf",
    f"{DCTERMS}publisher": "publisher",
    f"{DCTERMS}issued": "datePublished",
    f"{DCTERMS}license": "license",
    f"{DCTERMS}description": "description",
    f"{SKOS}altLabel": "alternateName",
    f"{SKOS}definition": "description",
    f"{SKOS}notation": "termCode",
    f"{SKOS}inScheme": "inDefinedTermSet",
    DXO.lawId: "legislationIdentifier",
    DXO.localGovernmentCode: "identifier",
}
_ONLY = {"termCode": "DefinedTerm", "inDefinedTermSet": "DefinedTerm", "legislationIdentifier": "Legislation"}


def structured_data(
    iri: str,
    view: View,
    labels: Mapping[str, Mapping[str, str]],
    triples: Sequence[Triple],
    crumbs: Sequence[tuple[str, str | None]],
) -> Markup:
    """The page, what it is about, and its breadcrumbs, safe inside a script element."""
    document = {
        "@context": "https://schema.org/",
        "@type": "WebPage",
        "@id": view.canonical,
        "inLanguage": view.lang,
        "name": crumbs[-1][0] if crumbs else iri,
        "about": _thing(iri, labels, triples),
        "breadcrumb": {
            "@type": "BreadcrumbList",
            "itemListElement": [_crumb(at, label, url, view) for at, (label, url) in enumerate(crumbs, 1)],
        },
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    # Nothing in a string may end the element or begin a comment.
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _crumb(at: int, label: str, url: str | None, view: View) -> dict[str, object]:
    item: dict[str, object] = {"@type": "ListItem", "position": at, "name": label}
    return {**item, "item": f"{view.site}{url}"} if url else item


def _thing(iri: str, labels: Mapping[str, Mapping[str, str]], triples: Sequence[Triple]) -> dict[str, object]:
    kinds = [triple.o[1:-1] for triple in triples if triple.p == RDF_TYPE]
    kind = next((_TYPES[name] for name in kinds if name in _TYPES), "")
    thing: dict[str, object] = {"@id": iri, **({"@type": kind} if kind else {})}
    names = labels.get(iri, {})
    if names:
        thing["name"] = [_text(text, tag) for tag, text in sorted(names.items())]
    for triple in triples if kind else ():
        name = _PROPERTIES.get(triple.p[1:-1], "")
        if name and _ONLY.get(name, kind) == kind:
            value: object = {"@id": triple.o[1:-1]} if is_iri(triple.o) else _literal(triple.o)
            found = thing.setdefault(name, [])
            if isinstance(found, list):
                found.append(value)
    return thing


def _literal(term: str) -> object:
    parts = literal_parts(term)
    return _text(parts.text, parts.language)


def _text(text: str, language: str) -> object:
    return {"@value": text, "@language": language} if language else text


def json_ld(nodes: Sequence[Mapping[str, object]]) -> Markup:
    """Things in schema.org, safe inside a script element; '' of none."""
    if not nodes:
        return Markup("")
    text = json.dumps({"@context": "https://schema.org/", "@graph": nodes}, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
