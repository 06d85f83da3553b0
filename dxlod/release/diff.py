"""The full difference of two releases, quad by quad, by merging their sorted N-Quads; neither is read into memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from dxlod.errors import ReleaseError
from dxlod.release.manifest import MANIFEST, Release, open_current, open_folder, open_release
from dxlod.release.subjects import Change, What, subjects_of
from dxlod.release.terms import Quad, parse_quads
from dxlod.release.values import ValueChange, property_names, value_changes
from dxlod.release.words import Names, Text, kind_names
from dxlod.settings import SHARED, Settings

__all__ = ["Difference", "class_names", "differences", "named_release", "patch", "quads_of", "value_names"]


@dataclass(frozen=True)
class Difference:
    """A subject of which the two releases say different things, and the quads that only the one or the other has."""

    change: Change
    removed: Sequence[Quad]
    added: Sequence[Quad]

    @property
    def values(self) -> tuple[ValueChange, ...]:
        """Its properties whose values differ, the old ones beside the new ones."""
        return value_changes(self.removed, self.added)


def named_release(settings: Settings, name: str) -> Release:
    """A release by its version, as `current`, or by its folder; ReleaseError where there is none."""
    if name == "current":
        return open_current(settings)
    folder = Path(name)
    return open_folder(folder) if (folder / MANIFEST).is_file() else open_release(settings, name)


def differences(before: Release, now: Release) -> Iterator[Difference]:
    """Every subject of which the releases say different things, by IRI; ReleaseError for a dump that is not sorted."""
    old, new = _groups(before), _groups(now)
    one, other = next(old, None), next(new, None)
    while one or other:
        if other is None or (one is not None and one[0] < other[0]):
            yield _difference(one[1] if one else [], [])
            one = next(old, None)
        elif one is None or other[0] < one[0]:
            yield _difference([], other[1])
            other = next(new, None)
        else:
            if one[1] != other[1]:
                yield _difference(one[1], other[1])
            one, other = next(old, None), next(new, None)


def patch(base: str, before: Release, now: Release, found: Iterable[Difference]) -> Iterator[str]:
    """Lines of an RDF Patch (https://afs.github.io/rdf-delta/rdf-patch.html) that makes the second of the first."""
    yield f"H id <{base}/releases/{now.version}> ."
    yield f"H prev <{base}/releases/{before.version}> ."
    yield "TX ."
    for difference in found:
        yield from (f"D {quad.line}" for quad in difference.removed)
        yield from (f"A {quad.line}" for quad in difference.added)
    yield "TC ."


def class_names(release: Release) -> Names:
    """What the release's own ontology calls its classes."""
    return kind_names(_ontology(release))


def value_names(release: Release) -> dict[str, Text]:
    """What the release's own ontology calls its properties."""
    return property_names(_ontology(release))


def _ontology(release: Release) -> list[Quad]:
    return [quad for quad in quads_of(release) if quad.g == f"<{SHARED}/graph/ontology>"]


def quads_of(release: Release) -> Iterator[Quad]:
    """The quads of a release in their order."""
    try:
        with release.quads.open(encoding="utf-8") as lines:
            yield from parse_quads(lines)
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(
            f"リリース {release.version} の dumps/all.nq を読めません。",
            f"dumps/all.nq of release {release.version} cannot be read: {error}",
            mend_ja="dxlod verify で確かめ、dxlod build で作り直してください。",
            mend_en="Look with dxlod verify, and build it again with dxlod build.",
        ) from error


def _groups(release: Release) -> Iterator[tuple[str, list[Quad]]]:
    """The quads of each subject, with a key in whose order the subjects come."""
    last = ""
    for subject, group in groupby(quads_of(release), key=lambda quad: quad.s):
        # As whole lines are sorted, so that `<a>` comes after `<a/b>` where the lines do.
        key = f"{subject} "
        if key <= last:
            raise ReleaseError(
                f"リリース {release.version} の dumps/all.nq は並べ替えられていません。",
                f"dumps/all.nq of release {release.version} is not sorted.",
                mend_ja="dxlod build で作り直してください。",
                mend_en="Build it again with dxlod build.",
            )
        last = key
        yield key, list(group)


def _difference(before: Sequence[Quad], now: Sequence[Quad]) -> Difference:
    old, new = set(before), set(now)
    removed, added = [quad for quad in before if quad not in new], [quad for quad in now if quad not in old]
    (_, iri), thing = next(iter(subjects_of(now or before, bare=True).items()))
    graphs = tuple(sorted({quad.g[1:-1] for quad in (*removed, *added)}))
    what: What = "changed" if before and now else "came" if now else "went"
    return Difference(Change(iri, what, thing, graphs), removed, added)
