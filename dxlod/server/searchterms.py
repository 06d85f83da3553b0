"""The words of a search within SPARQL as RDF, which is what their IRIs lead to: facts in, triples out.

They name parts of a question and not of the data, so they are in a namespace of their own beside the ontology's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dxlod.release.terms import RDF_TYPE, Triple, literal
from dxlod.store import SEARCH

__all__ = ["search_feature", "search_terms"]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SD = "http://www.w3.org/ns/sparql-service-description#"
_XSD = "http://www.w3.org/2001/XMLSchema#"


class _Word(NamedTuple):
    """A property of the namespace: name, range, label and description in ja and en."""

    name: str
    range: str
    ja: str
    en: str
    text_ja: str
    text_en: str


_WORDS = (
    _Word(
        "matches",
        f"{_XSD}string",
        "含む文字列",
        "matches",
        "探す文字列。これを含むリテラルをもつものが主語になります。全角と半角、大文字と小文字、空白、長音とハイフンの違いは問いません。"
        "言語タグを付けると、その言語のリテラルだけを探します。必須で、1つだけです。",
        "The text to look for; the subject is what has a literal with it. Width, case, white space and kinds of dash do not "
        "matter. With a language tag only literals of that language are searched. Required, once.",
    ),
    _Word(
        "property",
        f"{_RDF}Property",
        "プロパティ",
        "property",
        "IRI を書くと、そのプロパティの値だけを探します（いくつでも）。変数を書くと、見つかったプロパティが入ります。",
        "An IRI: only values of this property are searched (any number of them). A variable: the property that was found.",
    ),
    _Word(
        "literal",
        f"{_RDFS}Literal",
        "リテラル",
        "literal",
        "変数を書くと、見つかったリテラルが入ります。書くと、1つのものが一致するリテラルの数だけ現れます。",
        "A variable: the literal that was found. With it a thing appears once for each of its literals that match.",
    ),
    _Word(
        "rank",
        f"{_XSD}integer",
        "順位",
        "rank",
        "変数を書くと、1から始まる順位が入ります。全体の一致、前からの一致、その他の順で、短いリテラルが先です。",
        "A variable: the place in the list, from 1. Whole literals first, then beginnings, then the rest; short ones first.",
    ),
    _Word(
        "limit",
        f"{_XSD}integer",
        "件数",
        "limit",
        "順位の上からいくつまでを求めるか。書かないとすべてで、上限を超えると誤りになります。",
        "How many of the first are wanted. Without it all are, and more than the service gives at once are an error.",
    ),
)


def search_terms() -> list[Triple]:
    """The namespace, its properties and the feature, with labels and descriptions in Japanese and English."""
    space = f"<{SEARCH}#>"
    found = [
        Triple(space, RDF_TYPE, "<http://www.w3.org/2002/07/owl#Ontology>"),
        *_said(space, "label", "SPARQL の中の検索のことば", "Words of a search within SPARQL"),
        Triple(space, f"<{_RDFS}seeAlso>", f"<{SEARCH}>"),
        *search_feature(),
    ]
    for word in _WORDS:
        subject = f"<{SEARCH}#{word.name}>"
        found += [
            Triple(subject, RDF_TYPE, f"<{_RDF}Property>"),
            Triple(subject, f"<{_RDFS}isDefinedBy>", space),
            Triple(subject, f"<{_RDFS}range>", f"<{word.range}>"),
            *_said(subject, "label", word.ja, word.en),
            *_said(subject, "comment", word.text_ja, word.text_en),
        ]
    return found


def search_feature() -> list[Triple]:
    """The search as a feature of an endpoint (sd:Feature of SPARQL 1.1 Service Description), with an example."""
    example = f'SERVICE <{SEARCH}> {{ ?thing <{SEARCH}#matches> "防災" ; <{SEARCH}#literal> ?text }}'
    return [
        Triple(f"<{SEARCH}>", RDF_TYPE, f"<{_SD}Feature>"),
        *_said(
            f"<{SEARCH}>",
            "comment",
            f"文字列を含むリテラルを、索引で探します。例: {example}",
            f"Finds literals that have a text within them, by an index. Example: {example}",
        ),
    ]


def _said(subject: str, predicate: str, ja: str, en: str) -> Iterator[Triple]:
    for text, language in ((ja, "ja"), (en, "en")):
        yield Triple(subject, f"<{_RDFS}{predicate}>", literal(text, language=language))
