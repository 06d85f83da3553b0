"""What a page of a class is made from, and what it adds to the page of any thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from dxlod.site.entities.things import Things
from dxlod.site.reader import SiteReader
from dxlod.site.view import View

__all__ = ["Facts", "Look", "Section"]


@dataclass(frozen=True)
class Look:
    """One look at one thing: the index, the view, the thing, the facts of the generic page, its messages."""

    reader: SiteReader
    view: View
    iri: str
    generic: Mapping[str, object]
    translate: Callable[..., Markup]
    things: Things = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "things", Things(self.reader))


Facts = Callable[[Look], Mapping[str, object]]
"""What a template shows beside the facts of the generic page."""


@dataclass(frozen=True)
class Section:
    """The page of a class: its template, its facts, and the properties that the template itself shows.

    What is in none of these stands at the end of the page as on the generic page, so that nothing is lost. `when` says
    whether a thing of the class has this page, by its IRI; `backlinks` whether its first page lists what points at it.
    """

    kind: str
    template: str
    facts: Facts
    shown: frozenset[str]
    when: Callable[[str], bool] = bool
    backlinks: bool = True
