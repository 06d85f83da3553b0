"""What each operation takes and gives, for the OpenAPI document: by path and method.

Every documented route stands here; a test compares this table with the application's routes, and another asks the
running service whether it is true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dxlod.release import Release
from dxlod.server.ckan_actions import ACTIONS, SEARCH
from dxlod.server.openapi_parts import (
    GRAPHS,
    HTML,
    JSON,
    RDF,
    RESULTS,
    Json,
    cached,
    content,
    failures,
    file_responses,
    json_of,
    operation,
    parameter,
    ref,
    see,
    suffix,
)
from dxlod.server.protocol import DIRECT, FORM
from dxlod.site.view import LANGUAGES

__all__ = ["TAGS", "Facts", "operations"]

TAGS: Mapping[str, tuple[str, str]] = {
    "sparql": ("SPARQL 1.1 による問い合わせ", "queries in SPARQL 1.1"),
    "entities": ("ひとつひとつのもの", "single things"),
    "search": ("検索と、登録された問い合わせ", "search, and saved queries"),
    "files": ("ファイル", "files of releases"),
    "catalogue": ("目録 (DCAT, VoID)", "the catalogue (DCAT, VoID)"),
    "vocabulary": ("語彙、シェイプ、文脈", "vocabulary, shapes, JSON-LD context"),
    "ckan": ("CKAN と同じ形の API", "an API shaped like CKAN's, for reading"),
    "operation": ("運用", "running the service"),
}

_TEXT = {"type": "string"}
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_ASKED = (
    f"SELECT ?plan ?name WHERE {{ ?plan a <https://w3id.org/dxlod/ns#Plan> ; {_LABEL} ?name }} ORDER BY ?plan ?name LIMIT 10",
    "ASK { ?thing a <https://w3id.org/dxlod/ns#Indicator> }",
    f"CONSTRUCT {{ ?plan {_LABEL} ?name }} WHERE {{ ?plan a <https://w3id.org/dxlod/ns#Plan> ; {_LABEL} ?name }}",
)
_RDF_SUFFIXES = ("ttl", "jsonld", "nt", "rdf")
_LIST = {"type": "array", "items": {"type": "string", "format": "iri"}}


@dataclass(frozen=True)
class Facts:
    """What examples are made of: the release, and the path of an entity such as `/id/plan/…`."""

    release: Release
    example: str

    def kinds(self, *starts: str) -> tuple[str, ...]:
        """Media types of the release's files below these folders, or of all."""
        files = self.release.manifest.files
        return tuple(sorted({item.media_type for item in files if item.path.startswith(starts or "")}))


def operations(facts: Facts) -> dict[str, dict[str, Json]]:
    """Operation Objects by path and method."""
    found: dict[str, dict[str, Json]] = {}
    for part in (_sparql, _entities, _search, _files, _catalogue, _vocabulary, _ckan, _operation):
        found |= part(facts)
    return found


def _get(*told: Any, **more: Any) -> dict[str, Json]:
    return {"get": operation(*told, **more)}


def _sparql(_: Facts) -> dict[str, dict[str, Json]]:
    query = {"type": "string", "minLength": 1}
    asked = [
        parameter("query", "query", "問い合わせ。なければサービス記述", "the query; without it the service description", {**query, "examples": [*_ASKED]}),
        parameter("default-graph-uri", "query", "既定グラフ", "graphs that make the default graph", _LIST),
        parameter("named-graph-uri", "query", "名前付きグラフ", "the named graphs", _LIST),
        *(
            parameter(name, "query", "形式。なければ Accept", "format; without it Accept decides", {"type": "string", "examples": ["json", "csv", "turtle"]})
            for name in ("format", "output")
        ),
    ]  # fmt: skip
    form = {
        "type": "object",
        "required": ["query"],
        "properties": {"query": query, "default-graph-uri": _LIST, "named-graph-uri": _LIST, "format": _TEXT},
    }
    body = {
        FORM: {"schema": form, "example": {"query": _ASKED[0]}},
        DIRECT: {"schema": {**_TEXT, "examples": [*_ASKED]}},
    }
    answers = {
        **cached(content(*RESULTS, *GRAPHS), "結果 / solutions, a truth value or a graph"),
        **failures(400, 403, 406, 413, 414, 415, 503, 504),
    }
    asking = {name: answer for name, answer in answers.items() if name != "415"}
    methods = {
        "204": {
            "description": "Allow",
            "headers": {"Allow": {"schema": _TEXT}, "Accept-Post": {"schema": _TEXT}},
        }
    }
    return {
        "/sparql": {
            "get": operation(
                "sparql",
                "問い合わせ、またはサービス記述",
                "a query, or the service description",
                {**asking, **see(303, "ブラウザーを /query へ", "browsers, without a query, to /query")},
                asked,
            ),
            "post": operation(
                "sparql",
                "問い合わせ（フォームまたは本文）",
                "a query in a form, or as it is",
                answers,
                asked[1:],
                body,
            ),
            "options": operation("sparql", "使える方法", "the methods", methods),
        }
    }


def _entities(facts: Facts) -> dict[str, dict[str, Json]]:
    path = parameter(
        "path", "path", "IRI の /id/ の後", "what follows /id/ in the IRI", _TEXT, facts.example[4:]
    )
    page = parameter("page", "query", "被参照の一覧のページ（HTML）", "page of what points here (HTML)",
                     {"type": "integer", "minimum": 1, "maximum": 999_999_999, "default": 1})  # fmt: skip
    wanted = parameter("format", "query", "形式。なければ Accept", "format; without it Accept decides",
                       {"type": "string", "enum": [*_RDF_SUFFIXES, "html"]})  # fmt: skip
    problem = {"application/problem+json": {"schema": ref("schemas", "Problem")}}
    gone = {
        "description": "なくなった。墓標を返す / gone; its tombstone",
        "content": {**content(*RDF, HTML, "text/plain"), **problem},
    }
    return {
        "/id/{path}": _get(
            "entities",
            "もの。文書へ",
            "a thing; see its document",
            see(303, "文書へ", "its document"),
            [path],
        ),
        "/doc/{path}": _get(
            "entities",
            "ものについての文書。末尾に .ttl .jsonld .nt .rdf .html を付けてもよい",
            "what is known of a thing; may end in .ttl, .jsonld, .nt, .rdf or .html",
            {**cached(content(*RDF, HTML)), **failures(400, 404, 406), "410": gone},
            [path, wanted, page],
        ),
    }


def _search(_: Facts) -> dict[str, dict[str, Json]]:
    lang = parameter(
        "lang", "query", "名称の言語", "language of the labels", {"type": "string", "enum": list(LANGUAGES)}
    )
    return {
        "/api/search": _get("search", "検索", "search", {**cached(json_of("SearchAnswer")), **failures(400)}),
        "/api/terms": _get("search", "使われている語", "classes, properties and prefixes in use",
                           cached(json_of("Terms")), [lang]),
        "/api/queries": _get("search", "登録された問い合わせ", "the saved queries", cached(json_of("Queries"))),
    }  # fmt: skip


def _files(facts: Facts) -> dict[str, dict[str, Json]]:
    version = parameter("version", "path", "リリース", "version of a release", _TEXT, facts.release.version)
    name = parameter(
        "name", "path", "ファイル", "name of a file; /manifest.json lists them", _TEXT, "all.ttl"
    )
    kept = parameter("name", "path", "ファイル", "path of a file in the release", _TEXT, "dumps/all.nt")
    gone = {"410": {**failures(404)["404"]}}
    every = tuple(dict.fromkeys((*facts.kinds(), JSON)))
    return {
        "/dumps/{name}": _get("files", "現在のリリースのファイル", "a dump of the current release",
                              {**file_responses(*facts.kinds("dumps/")), **failures(404, 503), **gone}, [name]),
        "/report.{suffix}": _get("files", "検証の報告", "the validation report",
                                 {**file_responses("text/turtle", JSON, HTML), **failures(404, 503)},
                                 [suffix("json", "ttl", "html")]),
        "/manifest.json": _get("files", "ファイルの一覧とダイジェスト", "files and their digests",
                               {**file_responses(JSON), **cached(json_of("Manifest")), **failures(503)}),
        "/releases/{version}": _get("files", "リリース", "a release",
                                    {**see(303, "manifest.json へ", "its manifest"), **failures(404)}, [version]),
        "/releases/{version}/changes": _get("files", "変わったところ", "what changed with a release",
                                            {**see(303, "Accept による形式へ", "in the format of Accept"), **failures(404)},
                                            [version]),
        "/releases/{version}/{name}": _get("files", "リリースのファイル（変わらない）", "a file of a release, which never changes",
                                           {**file_responses(*every), **failures(404, 503)}, [version, kept]),
    }  # fmt: skip


def _catalogue(_: Facts) -> dict[str, dict[str, Json]]:
    rdf, wrong = cached(content(*RDF)), failures(404, 406)
    page = parameter("page", "path", "ページ。形式を付けてもよい", "number, with a suffix or without",
                     {"type": "string", "pattern": r"^[1-9][0-9]{0,6}(\.(ttl|jsonld|rdf|nt))?$"}, "1.ttl")  # fmt: skip
    since = parameter(
        "since",
        "query",
        "この日以後",
        "on this day or later",
        {"type": "string", "format": "date"},
        "2026-04-01",
    )
    table = _get(
        "catalogue",
        "オープンデータ一覧",
        "list of open data",
        {**cached(content("text/csv")), **failures(404)},
    )
    return {
        "/catalog": _get("catalogue", "DCAT の目録（複数ページなら最初）", "the DCAT catalogue, its first page",
                         {**rdf, **wrong, **see(303, "ブラウザーを /downloads へ", "browsers to /downloads")}),
        "/catalog.{suffix}": _get("catalogue", "目録の全体", "the whole catalogue", {**rdf, **failures(404)}, [suffix(*_RDF_SUFFIXES)]),
        "/catalog/page/{page}": _get("catalogue", "目録の1ページ", "a page of the catalogue", {**rdf, **wrong}, [page]),
        "/catalog/changes": _get("catalogue", "変わったデータセット（ハーベスト用ではない）", "data sets changed since a day; not for harvesting",
                                 {**cached(json_of("CatalogueChanges")), **failures(400, 404)}, [{**since, "required": True}]),
        "/void": _get("catalogue", "VoID", "VoID description", {**rdf, **wrong}),
        "/void.{suffix}": _get("catalogue", "VoID", "VoID description", {**rdf, **failures(404)}, [suffix(*_RDF_SUFFIXES)]),
        "/.well-known/void": _get("catalogue", "VoID の場所", "where the VoID description is", see(302, "/void へ", "to /void")),
        "/schema.jsonld": _get("catalogue", "schema.org の DataCatalog", "a schema.org DataCatalog",
                               {**cached(content("application/ld+json")), **failures(404)}),
        "/opendata-list.csv": table,
        "/オープンデータ一覧.csv": table,
    }  # fmt: skip


def _vocabulary(_: Facts) -> dict[str, dict[str, Json]]:
    every, shapes, linked = (
        cached(content(*kinds)) for kinds in ((*RDF, HTML), ("text/turtle", HTML), ("application/ld+json",))
    )
    name = parameter(
        "name", "path", "版。形式を付けてもよい", "version, with a suffix or without", _TEXT, "0.1.0.ttl"
    )
    frame = parameter("name", "path", "フレーム", "name of a frame", _TEXT, "plan.jsonld")
    version = parameter("version", "path", "版", "version of the context", _TEXT)
    by_shape = _get(
        "vocabulary", "シェイプ", "the shapes that every release satisfies", {**shapes, **failures(404, 406)}
    )
    return {
        "/ns": _get("vocabulary", "オントロジー", "the ontology", {**every, **failures(404, 406)}),
        "/ns.{suffix}": _get("vocabulary", "オントロジー", "the ontology", {**every, **failures(404)}, [suffix(*_RDF_SUFFIXES, "html")]),
        "/ns/{name}": _get("vocabulary", "オントロジーの版", "a version of the ontology", {**every, **failures(404, 406)}, [name]),
        "/shapes": by_shape,
        "/shapes/ontology": by_shape,
        "/shapes.{suffix}": _get("vocabulary", "シェイプ", "the shapes", {**shapes, **failures(404)}, [suffix("ttl", "html")]),
        "/queries.{suffix}": _get("vocabulary", "問い合わせの例 (SHACL)", "the example queries as sh:SPARQLExecutable",
                                  {**cached(content(*RDF)), **failures(404)}, [suffix(*_RDF_SUFFIXES)]),
        "/context.jsonld": _get("vocabulary", "JSON-LD の文脈", "the JSON-LD context", {**linked, **failures(404)}),
        "/context/{version}": _get("vocabulary", "文脈の版（変わらない）", "a version of the context, which never changes",
                                   {**linked, **failures(404)}, [version]),
        "/context": _get("vocabulary", "文脈", "the context", see(303, "/context.jsonld へ", "to /context.jsonld")),
        "/frames/{name}": _get("vocabulary", "JSON-LD のフレーム", "a JSON-LD frame", {**linked, **failures(404)}, [frame]),
    }  # fmt: skip


def _ckan(_: Facts) -> dict[str, dict[str, Json]]:
    name = parameter("name", "path", "操作", "action", {"type": "string", "enum": [SEARCH, *ACTIONS]}, SEARCH)
    known = [parameter(key, "query", ja, en, schema) for key, ja, en, schema in (
        ("id", "ID または名前", "id or name", _TEXT),
        ("q", "検索式", "words and field:value", _TEXT),
        ("fq", "絞り込み", "filter", _TEXT),
        ("rows", "件数", "most data sets", {"type": "integer", "minimum": 0, "maximum": 1000}),
        ("start", "読み飛ばす件数", "data sets to pass over", {"type": "integer", "minimum": 0}),
    )]  # fmt: skip
    wrong = {"description": "CKAN の形の誤り / an error in CKAN's shape", "content": json_of("CkanError")}
    answers = {
        **cached(json_of("CkanAnswer")),
        **dict.fromkeys(("400", "404", "409"), wrong),
        **failures(503),
    }
    posted = {name: answer for name, answer in answers.items() if name != "304"}
    fields = {"type": "object", "additionalProperties": True}
    dataset = parameter(
        "name", "path", "名前。形式を付けてもよい", "name or id, with a suffix or without", _TEXT, "dxlod-all"
    )
    resource = parameter("resource", "path", "ファイルの ID", "id of a file", _TEXT)
    file = {**see(302, "ファイルへ", "the file"), **failures(404, 503)}
    return {
        "/api/3": _get("ckan", "API の版", "version of the API", cached(json_of("CkanVersion"))),
        "/api/3/action/{name}": {
            "get": operation(
                "ckan", "操作（URL で）", "an action, asked by the URL", answers, [name, *known]
            ),
            "post": operation(
                "ckan",
                "操作（本文で）",
                "an action, asked with JSON or a form",
                {**posted, **failures(413)},
                [name],
                {JSON: {"schema": fields, "example": {}}, FORM: {"schema": fields}},
            ),
        },
        "/dataset/{name}": _get(
            "ckan",
            "データセット",
            "a data set",
            {**see(303, "文書へ", "its document"), **failures(404, 503)},
            [dataset],
        ),
        "/dataset/{name}/resource/{resource}": _get("ckan", "ファイル", "a file", file, [dataset, resource]),
    }


def _operation(_: Facts) -> dict[str, dict[str, Json]]:
    def state(ja: str, en: str) -> Json:
        answers = {
            status: {"description": what, "content": json_of("State")}
            for status, what in (("200", "はい / yes"), ("503", "いいえ / no"))
        }
        return operation("operation", ja, en, answers)

    figures = {"200": {"description": "Prometheus", "content": content("text/plain")}}
    return {
        "/healthz": {"get": state("問い合わせに答えられるか", "whether queries can be answered")},
        "/readyz": {"get": state("さらに要求を受けられるか", "whether more requests may be sent here")},
        "/metrics": _get("operation", "測定値", "figures for Prometheus", figures),
        "/openapi.json": _get("operation", "この文書", "this document", cached(content(JSON))),
    }
