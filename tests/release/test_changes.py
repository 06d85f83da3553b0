"""What came, went and changed from one publication to the next, in words, JSON, RDF and Atom; tombstones."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS

from dxlod.release import Release, build_release
from dxlod.release.changes import changes_part
from dxlod.settings import Settings

AS = Namespace("https://www.w3.org/ns/activitystreams#")
XSD = "http://www.w3.org/2001/XMLSchema#"
ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "https://w3id.org/dxlod"
EDITION = f"{BASE}/id/plan/212016/dx/2025"
INITIATIVE = f"{EDITION}/initiative/1-1"
POLICY = f"{EDITION}/policy/1"
KPI = f"{EDITION}/kpi/1-1-1"
GRAPH = f"{BASE}/graph/plan/212016/dx/2025"
SLUG = "212016-dx-2025"
ADDED = f"<{EDITION}/initiative/1-2> <{RDF.type}> <{BASE}/ns#Initiative> <{GRAPH}> ."
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


class History:
    """Publishes lines under a date, or builds in between, and keeps what was released."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.number = 0

    def build(self, lines: list[str], publish: str = "") -> Release:
        self.number += 1
        return build_release(
            self.settings,
            lines,
            {"quads.nq": f"{self.number}"},
            lambda *_: None,
            parts=(changes_part("見出し & <題>", "運営者"),),
            publish=publish,
        )


@pytest.fixture
def history(settings: Settings) -> History:
    return History(settings)


def without(lines: list[str], *subjects: str) -> list[str]:
    return [line for line in lines if not line.startswith(tuple(f"<{subject}> " for subject in subjects))]


def plan_gone(lines: list[str]) -> list[str]:
    return [line for line in lines if f"<{GRAPH}>" not in line]


def told(release: Release, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((release.path / name).read_text("utf-8"))
    assert (found["version"], found["date"]) == (
        release.version,
        "" if release.version.startswith("unpub") else release.version[:10],
    )
    return found


def graph(release: Release, stem: str) -> Graph:
    one, other = Graph().parse(release.path / f"{stem}.ttl"), Graph().parse(release.path / f"{stem}.nt")
    assert set(one) == set(other)
    entry = release.entry(f"{stem}.ttl")
    assert entry is not None
    assert entry.triples == len(one)
    return one


def changed(lines: list[str]) -> list[str]:
    """One initiative more, one policy less, one indicator called otherwise."""
    renamed = [
        line.replace('"@ja', '（新）"@ja') if line.startswith(f"<{KPI}> ") else line
        for line in without(lines, POLICY)
    ]
    assert renamed != without(lines, POLICY)
    return [*renamed, ADDED]


def test_the_first_publication_is_compared_with_nothing(history: History, lines: list[str]) -> None:
    release = history.build(lines, "2026-04-01")
    found = told(release, "changes.json")
    assert found["previous"] is None
    assert found["summary"] == {"ja": "最初の公開です。", "en": "The first publication."}
    assert (found["published"], found["subjects"], found["datasets"], found["kinds"]) == (True, [], [], [])
    assert told(release, "tombstones.json")["tombstones"] == {}


def test_what_came_went_and_changed(history: History, lines: list[str]) -> None:
    first = history.build(lines, "2026-04-01")
    release = history.build(changed(lines), "2026-10-01")
    found = told(release, "changes.json")
    assert found["previous"] == {"version": first.version, "date": "2026-04-01"}
    assert found["counts"] == {"came": 1, "went": 1, "changed": 1}
    assert {(item["iri"], item["what"]) for item in found["subjects"]} == {
        (f"{EDITION}/initiative/1-2", "came"),
        (POLICY, "went"),
        (KPI, "changed"),
    }
    assert "取組 1件追加" in found["summary"]["ja"]
    assert "initiative: 1 added" in found["summary"]["en"]
    assert "指標（KPI） 1件変更" in found["summary"]["ja"]
    assert all(item["datasets"] == [SLUG] for item in found["subjects"])
    (kpi,) = (item for item in found["subjects"] if item["iri"] == KPI)
    assert kpi["label"]["ja"].endswith("（新）")


def test_each_plan_edition_is_told_of(history: History, lines: list[str]) -> None:
    later = [line.replace("/dx/2025", "/dx/2026") for line in lines if f"<{GRAPH}>" in line]
    other = [line.replace("/212016/dx/2025", "/212016/it/1") for line in lines if f"<{GRAPH}>" in line]
    history.build(lines + other, "2026-04-01")
    release = history.build(without(lines, POLICY) + later, "2026-10-01")
    found = {item["slug"]: item for item in told(release, "changes.json")["datasets"]}
    assert {slug: item["what"] for slug, item in found.items()} == {
        SLUG: "changed",
        "212016-dx-2026": "came",
        "212016-it-1": "went",
    }
    assert found[SLUG]["counts"] == {"came": 0, "went": 1, "changed": 0}
    assert found[SLUG]["iri"] == f"{BASE}/id/dataset/{SLUG}"
    assert found[SLUG]["edition"] == EDITION
    assert found["212016-it-1"]["title"]["ja"] != ""
    assert found["212016-it-1"]["counts"]["went"] > 0


def test_an_unchanged_plan_is_the_same(history: History, lines: list[str]) -> None:
    history.build(lines, "2026-04-01")
    release = history.build(lines, "2026-10-01")
    found = told(release, "changes.json")
    assert [item["what"] for item in found["datasets"]] == ["same"]
    assert found["summary"] == {"ja": "変わったところはありません。", "en": "Nothing changed."}


def test_what_went_stays_listed_for_ever(history: History, lines: list[str]) -> None:
    first = history.build(lines, "2026-04-01")
    second = history.build(without(lines, POLICY), "2026-10-01")
    third = history.build([*without(lines, POLICY), ADDED], "2027-04-01")
    for release in (second, third):
        stone = told(release, "tombstones.json")["tombstones"][POLICY]
        assert stone["last"] == {"version": first.version, "date": "2026-04-01"}
        assert stone["absent"] == {"version": second.version, "date": "2026-10-01"}
        assert stone["label"]["ja"] != ""
        assert stone["kind"] == f"{BASE}/ns#Policy"
        assert stone["datasets"] == [SLUG]
        assert stone["replaced_by"] == []


def test_what_comes_back_is_no_longer_listed(history: History, lines: list[str]) -> None:
    history.build(lines, "2026-04-01")
    history.build(without(lines, POLICY), "2026-10-01")
    back = history.build(lines, "2027-04-01")
    assert told(back, "tombstones.json")["tombstones"] == {}
    gone = history.build(without(lines, POLICY), "2027-10-01")
    assert told(gone, "tombstones.json")["tombstones"][POLICY]["last"]["version"] == back.version


def test_a_data_set_leaves_a_tombstone_with_its_files(history: History, lines: list[str]) -> None:
    history.build(lines, "2026-04-01")
    gone = history.build(plan_gone(lines), "2026-10-01")
    stones = told(gone, "tombstones.json")["tombstones"]
    stone = stones[f"{BASE}/id/dataset/{SLUG}"]
    assert stone["kind"] == "http://www.w3.org/ns/dcat#Dataset"
    assert stone["kind_label"] == {"ja": "データセット", "en": "data set"}
    assert stone["label"] == stones[EDITION]["label"] != {"ja": "", "en": ""}
    assert f"dumps/{SLUG}.ttl" in stone["files"]
    assert f"dumps/{SLUG}.nq.gz" in stone["files"]
    assert {INITIATIVE, EDITION, KPI, POLICY} <= stones.keys()


def test_what_replaces_a_thing_is_curated(history: History, lines: list[str]) -> None:
    history.build(lines, "2026-04-01")
    note = f"<{POLICY}> <{DCTERMS.isReplacedBy}> <{INITIATIVE}> <{GRAPH}> ."
    release = history.build([*without(lines, POLICY), note], "2026-10-01")
    assert told(release, "tombstones.json")["tombstones"][POLICY]["replaced_by"] == [INITIATIVE]
    assert (URIRef(POLICY), DCTERMS.isReplacedBy, URIRef(INITIATIVE)) in graph(release, "tombstones")


def test_a_build_in_between_tells_what_changed_since_the_last_publication(
    history: History, lines: list[str]
) -> None:
    first = history.build(lines, "2026-04-01")
    between = history.build(without(lines, POLICY))
    found = told(between, "changes.json")
    assert (found["published"], found["previous"]["version"]) == (False, first.version)
    assert found["counts"]["went"] == 1
    assert told(between, "tombstones.json")["tombstones"][POLICY]["absent"]["version"] == between.version
    assert [item["version"] for item in told(between, "releases.json")["releases"]] == [first.version]
    assert (URIRef(POLICY), AS.deleted, None) not in graph(between, "tombstones")


def test_before_any_publication_there_is_nothing_to_tell(history: History, lines: list[str]) -> None:
    release = history.build(lines)
    assert told(release, "releases.json")["releases"] == []
    assert told(release, "changes.json")["previous"] is None
    feed = ElementTree.parse(release.path / "feed.atom").getroot()
    assert feed.findall(f"{ATOM}entry") == []
    assert RFC3339.fullmatch(feed.findtext(f"{ATOM}updated") or "")


def test_the_list_of_releases(history: History, lines: list[str]) -> None:
    first = history.build(lines, "2026-04-01")
    second = history.build(without(lines, POLICY), "2026-10-01")
    found = told(second, "releases.json")
    assert found["published"] is True
    newest, oldest = found["releases"]
    assert (newest["version"], newest["date"]) == (second.version, "2026-10-01")
    assert newest["counts"] == {"came": 0, "went": 1, "changed": 0}
    assert newest["triples"] == second.manifest.triples
    assert newest["datasets"] == 1
    assert oldest["version"] == first.version
    assert oldest["triples"] == first.manifest.triples
    assert oldest["subjects"] == newest["subjects"] + 1
    assert oldest["summary"]["en"] == "The first publication."


def test_changes_in_rdf_say_what_the_json_says(history: History, lines: list[str]) -> None:
    first = history.build(lines, "2026-04-01")
    release = history.build(changed(lines), "2026-10-01")
    found, rdf = told(release, "changes.json"), graph(release, "changes")
    kinds = {"came": AS.Create, "went": AS.Delete, "changed": AS.Update}
    stated = {
        (str(rdf.value(node, AS.object)), kind)
        for kind in kinds.values()
        for node in rdf.subjects(RDF.type, kind)
    }
    assert stated == {(item["iri"], kinds[item["what"]]) for item in found["subjects"]}
    node = URIRef(f"{BASE}/releases/{release.version}")
    assert rdf.value(node, PROV.wasRevisionOf) == URIRef(f"{BASE}/releases/{first.version}")
    collection = URIRef(f"{node}/changes")
    assert rdf.value(collection, AS.totalItems) == Literal(3, datatype=URIRef(f"{XSD}nonNegativeInteger"))
    assert len(set(rdf.objects(collection, AS.items))) == 3
    assert Literal(found["summary"]["ja"], lang="ja") in set(rdf.objects(collection, AS.summary))


def test_tombstones_in_rdf(history: History, lines: list[str]) -> None:
    history.build(lines, "2026-04-01")
    release = history.build(without(lines, POLICY), "2026-10-01")
    rdf, node = graph(release, "tombstones"), URIRef(POLICY)
    assert set(rdf.subjects(RDF.type, AS.Tombstone)) == {node}
    assert rdf.value(node, AS.formerType) == URIRef(f"{BASE}/ns#Policy")
    assert str(rdf.value(node, AS.deleted)) == "2026-10-01T00:00:00+09:00"
    assert {label.language for label in rdf.objects(node, RDFS.label) if isinstance(label, Literal)} >= {"ja"}
    comments = {
        text.language: str(text) for text in rdf.objects(node, RDFS.comment) if isinstance(text, Literal)
    }
    assert comments.keys() == {"ja", "en"}
    assert comments["en"].startswith("Policy: gone. Last in the release of 2026-04-01 (")


def test_the_feed_is_atom(history: History, lines: list[str]) -> None:
    """RFC 4287, 4.1.1 and 4.1.2: what a feed and an entry must have, and have once."""
    first = history.build(lines, "2026-04-01")
    release = history.build(without(lines, POLICY), "2026-10-01")
    entry = release.entry("feed.atom")
    assert entry is not None
    assert entry.media_type == "application/atom+xml"
    feed = ElementTree.parse(release.path / "feed.atom").getroot()
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}title") == "見出し & <題>"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "運営者"
    entries = feed.findall(f"{ATOM}entry")
    for node in (feed, *entries):
        for name in ("id", "title", "updated"):
            (text,) = (child.text or "" for child in node.findall(f"{ATOM}{name}"))
            assert text
        assert RFC3339.fullmatch(node.findtext(f"{ATOM}updated") or "")
    ids = [item.findtext(f"{ATOM}id") for item in entries]
    assert ids == [f"{BASE}/releases/{version}" for version in (release.version, first.version)]
    assert (
        feed.findtext(f"{ATOM}updated")
        == entries[0].findtext(f"{ATOM}updated")
        == "2026-10-01T00:00:00+09:00"
    )
    links = [(link.get("rel"), link.get("href")) for link in feed.findall(f"{ATOM}link")]
    assert ("self", f"{BASE}/feed.atom") in links
    for item in entries:
        alternates = [link for link in item.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len(alternates) == 1
        assert item.findtext(f"{ATOM}summary")
