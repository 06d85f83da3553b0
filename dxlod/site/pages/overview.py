"""What the overview pages show, read once per release and kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from dxlod.namespaces import DXO
from dxlod.release.manifest import FileEntry, Release
from dxlod.release.values import ValueChange
from dxlod.site.iris import ELI, ORG
from dxlod.site.pages.cite import Citation, citation_of
from dxlod.site.pages.editions import Edition, editions, totals
from dxlod.site.pages.example import Example, example_of
from dxlod.site.pages.files import FileGroup, file_groups
from dxlod.site.pages.history import Publications, changed_values, publications
from dxlod.site.pages.method import Correction, Gap, corrections, gaps, methods
from dxlod.site.pages.tasks import Task, read_tasks
from dxlod.site.pages.topics import Scheme, TopicGroup, schemes, topic_groups
from dxlod.site.reader import SiteReader

__all__ = ["Overview"]


class Overview:
    """The facts of the overview pages over one release; each is read when it is first asked for."""

    def __init__(self, reader: SiteReader, release: Release) -> None:
        self.reader = reader
        self.release = release

    @cached_property
    def editions(self) -> Sequence[Edition]:
        """All plan editions."""
        return editions(self.reader)

    @cached_property
    def cities(self) -> Sequence[tuple[Edition, Sequence[Edition]]]:
        """The editions by city; the first of each stands for the city."""
        groups: dict[str, list[Edition]] = {}
        for edition in self.editions:
            groups.setdefault(edition.city, []).append(edition)
        return [(found[0], found) for found in groups.values()]

    @cached_property
    def totals(self) -> dict[str, int]:
        """Numbers of things in all plans, of departments and laws, and of triples."""
        return {
            **totals(self.reader),
            "plans": len(self.editions),
            "cities": len(self.cities),
            "departments": len(self.reader.instances(f"{ORG}OrganizationalUnit")),
            "laws": len(self.reader.instances(f"{ELI}LegalResource")),
            "fragments": len(self.reader.instances(DXO.SourceFragment)),
            "triples": self.release.manifest.triples,
        }

    @cached_property
    def topics(self) -> Sequence[TopicGroup]:
        """The topics by group."""
        return topic_groups(self.reader)

    @cached_property
    def schemes(self) -> Sequence[Scheme]:
        """Other lists of topics."""
        return schemes(self.reader)

    @cached_property
    def tasks(self) -> Sequence[Task]:
        """All administrative tasks."""
        return read_tasks(self.reader)

    @cached_property
    def example(self) -> Example | None:
        """One fact with its lines."""
        return example_of(self.reader)

    @cached_property
    def files(self) -> tuple[Sequence[FileGroup], Sequence[FileEntry]]:
        """The dumps by plan, and the other files."""
        return file_groups(self.release.manifest)

    @cached_property
    def publications(self) -> Publications:
        """The releases and the last changes."""
        return publications(self.release.path)

    @cached_property
    def changed_values(self) -> dict[str, tuple[ValueChange, ...]]:
        """What the things that changed last were and are, where the earlier release is still at hand."""
        previous = self.publications.changes.get("previous")
        if not previous:
            return {}
        folder = self.release.path.parent / str(previous["version"])
        return changed_values(folder, self.reader, self.publications.subjects)

    @cached_property
    def citation(self) -> Citation:
        """How to cite this release."""
        return citation_of(self.release.manifest)

    def methods(self, edition: Edition) -> dict[str, int]:
        """Numbers of corrections by method."""
        return methods(self.reader, edition.graph)

    def corrections(self, edition: Edition) -> list[Correction]:
        """The corrections of a plan."""
        return corrections(self.reader, edition.iri)

    def unknown(self, edition: Edition) -> list[Gap]:
        """What cannot be read in a plan."""
        return gaps(self.reader, edition.graph, unknown=True)

    def none(self, edition: Edition) -> list[Gap]:
        """What a plan states as none."""
        return gaps(self.reader, edition.graph, unknown=False)
