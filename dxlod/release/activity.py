"""Changes and tombstones in RDF: Activity Streams 2.0 (https://www.w3.org/TR/activitystreams-vocabulary/) and PROV-O.

A release's changes are a collection of as:Create, as:Update and as:Delete, one for each subject; what is gone is an
as:Tombstone with the class that it was of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dxlod.release.draft import Draft
from dxlod.release.feed import instant
from dxlod.release.subjects import Change
from dxlod.release.terms import RDF_TYPE, XSD, Triple, literal
from dxlod.release.tombstones import Moment, Tombstone
from dxlod.release.words import FIRST, Names, Text, kind_counts, name_of, summary

__all__ = ["change_triples", "tombstone_triples"]

_AS = "https://www.w3.org/ns/activitystreams#"
_DCT = "http://purl.org/dc/terms/"
_PROV = "http://www.w3.org/ns/prov#"
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_COMMENT = "<http://www.w3.org/2000/01/rdf-schema#comment>"
_ACTIVITIES = {"came": "Create", "went": "Delete", "changed": "Update"}
_DONE = {
    "came": Text("追加", "added"),
    "went": Text("削除", "removed"),
    "changed": Text("変更", "changed"),
}


def change_triples(
    draft: Draft, previous: Moment | None, changes: Sequence[Change], names: Names
) -> Iterator[Triple]:
    """The release, the one it follows, and the collection of what came, went and changed in between."""
    release = f"{draft.settings.base}/releases/{draft.version}"
    date = draft.history.date if draft.history.published else ""
    yield Triple(f"<{release}>", RDF_TYPE, f"<{_PROV}Entity>")
    yield Triple(f"<{release}>", f"<{_DCT}identifier>", literal(draft.version))
    if date:
        yield Triple(f"<{release}>", f"<{_DCT}issued>", literal(date, f"{XSD}date"))
    if previous:
        earlier = f"<{draft.settings.base}/releases/{previous.version}>"
        yield Triple(f"<{release}>", f"<{_PROV}wasRevisionOf>", earlier)
    collection = f"<{release}/changes>"
    yield Triple(collection, RDF_TYPE, f"<{_AS}Collection>")
    yield Triple(collection, f"<{_AS}context>", f"<{release}>")
    yield Triple(collection, f"<{_AS}totalItems>", literal(str(len(changes)), f"{XSD}nonNegativeInteger"))
    yield from _texts(
        collection, f"<{_AS}summary>", summary(kind_counts(changes, names)) if previous else FIRST
    )
    for number, change in enumerate(changes, 1):
        yield Triple(collection, f"<{_AS}items>", f"<{release}/changes#{number}>")
        yield from _activity(f"<{release}/changes#{number}>", change, date, names)


def tombstone_triples(draft: Draft, stones: Sequence[Tombstone], names: Names) -> Iterator[Triple]:
    """What is gone. Only the dates of publications are stated."""
    for stone in stones:
        subject, name = f"<{stone.iri}>", name_of(stone.thing.kind, names)
        yield Triple(subject, RDF_TYPE, f"<{_AS}Tombstone>")
        if stone.thing.kind:
            yield Triple(subject, f"<{_AS}formerType>", f"<{stone.thing.kind}>")
        if stone.absent.version != draft.version or draft.history.published:
            yield Triple(subject, f"<{_AS}deleted>", literal(instant(stone.absent.date), f"{XSD}dateTime"))
        yield from _texts(subject, _LABEL, Text(stone.thing.ja, stone.thing.en))
        yield from _texts(subject, _COMMENT, _gone(name, stone.last))
        for other in stone.replaced_by:
            yield Triple(subject, f"<{_DCT}isReplacedBy>", f"<{other}>")


def _activity(subject: str, change: Change, date: str, names: Names) -> Iterator[Triple]:
    yield Triple(subject, RDF_TYPE, f"<{_AS}{_ACTIVITIES[change.what]}>")
    yield Triple(subject, f"<{_AS}object>", f"<{change.iri}>")
    if date:
        yield Triple(subject, f"<{_AS}published>", literal(instant(date), f"{XSD}dateTime"))
    name, done = name_of(change.thing.kind, names), _DONE[change.what]
    ja = f"{name.ja}「{change.thing.ja}」を{done.ja}" if change.thing.ja else f"{name.ja}を{done.ja}"
    en = f"{name.en} “{change.thing.en}” {done.en}" if change.thing.en else f"{name.en} {done.en}"
    yield from _texts(subject, _LABEL, Text(ja, en))


def _gone(name: Text, last: Moment) -> Text:
    return Text(
        f"{name.ja}。{last.date} の公開（{last.version}）を最後に、なくなりました。",
        f"{name.en[:1].upper()}{name.en[1:]}: gone. Last in the release of {last.date} ({last.version}).",
    )


def _texts(subject: str, predicate: str, text: Text) -> Iterator[Triple]:
    for language, value in (("ja", text.ja), ("en", text.en)):
        if value:
            yield Triple(subject, predicate, literal(value, language=language))
