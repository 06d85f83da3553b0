"""The ID register: IDs are allotted once. A correction never renumbers; a vanished row's ID is retired."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from dxlod.model.text import fold

__all__ = ["Claim", "Entry", "Register"]

_SIMILAR = 0.6
_FEW = 40  # similarity is quadratic: it is tried only where few rows are left over
Scope = tuple[str, str, str]  # plan, edition, table


@dataclass
class Entry:
    """One allotted key."""

    scope: Scope
    key: str
    parent: str
    number: str
    title: str
    retired: bool
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """One row that asks for a key: the key part its printed number gives (or blank) and its title."""

    part: str
    title: str


Rule = Callable[[str, str], Hashable]
_RULES: tuple[Rule, ...] = (
    lambda number, title: (number, fold(title)),
    lambda number, title: number or None,
    lambda number, title: None if number else fold(title),
)


@dataclass
class Register:
    """All keys of one body, in the order in which they were allotted."""

    code: str
    entries: list[Entry] = field(default_factory=list)
    _siblings: dict[tuple[Scope, str], list[Entry]] = field(default_factory=lambda: defaultdict(list))
    _taken: dict[Scope, set[str]] = field(default_factory=lambda: defaultdict(set))
    _next: dict[tuple[Scope, str], int] = field(default_factory=dict)

    @classmethod
    def load(cls, code: str, rows: Sequence[dict[str, str]]) -> Register:
        """From the rows of ``ids.csv``."""
        register = cls(code)
        for r in rows:
            scope = (r["plan"], r["edition"], r["table"])
            register._keep(
                Entry(scope, r["key"], r["parent"], r["number"], r["title"], r["retired"] == "true")
            )
        return register

    def rows(self) -> list[dict[str, str]]:
        """The rows of ``ids.csv``."""
        return [
            {
                "code": self.code,
                "plan": e.scope[0],
                "edition": e.scope[1],
                "table": e.scope[2],
                "key": e.key,
                "parent": e.parent,
                "number": e.number,
                "title": e.title,
                "retired": "true" if e.retired else "false",
            }
            for e in self.entries
        ]

    def allot(self, scope: Scope, parent: str, claims: Sequence[Claim]) -> list[str]:
        """Keys for all siblings under one parent, in order: known ones again, new ones next free."""
        known = [e for e in self._siblings[scope, parent] if not e.claimed]
        found: dict[int, Entry] = {}
        for rule in _RULES:
            self._match(known, claims, found, rule)
        self._match_similar(known, claims, found)
        return [
            found[n].key if n in found else self._new(scope, parent, claim) for n, claim in enumerate(claims)
        ]

    def retire_unclaimed(self, plan: str, edition: str, tables: Sequence[str]) -> list[Entry]:
        """Mark the keys of an edition that no row claimed any more. Returns those newly retired."""
        gone = [
            e
            for e in self.entries
            if e.scope[:2] == (plan, edition) and e.scope[2] in tables and not e.claimed and not e.retired
        ]
        for entry in gone:
            entry.retired = True
        return gone

    def _keep(self, entry: Entry) -> None:
        self.entries.append(entry)
        self._siblings[entry.scope, entry.parent].append(entry)
        self._taken[entry.scope].add(entry.key)

    @staticmethod
    def _take(entry: Entry, index: int, found: dict[int, Entry]) -> None:
        entry.claimed = True
        entry.retired = False
        found[index] = entry

    def _match(
        self, known: Sequence[Entry], claims: Sequence[Claim], found: dict[int, Entry], rule: Rule
    ) -> None:
        waiting: dict[Hashable, deque[Entry]] = defaultdict(deque)
        for entry in known:
            if not entry.claimed:
                waiting[rule(entry.number, entry.title)].append(entry)
        for index, claim in enumerate(claims):
            signature = rule(claim.part, claim.title)
            if index not in found and signature is not None and waiting.get(signature):
                self._take(waiting[signature].popleft(), index, found)

    def _match_similar(
        self, known: Sequence[Entry], claims: Sequence[Claim], found: dict[int, Entry]
    ) -> None:
        left = [e for e in known if not (e.claimed or e.retired or e.number)]
        open_claims = [(n, c) for n, c in enumerate(claims) if n not in found and not c.part]
        if not left or len(left) > _FEW or len(open_claims) > _FEW:
            return
        for index, claim in open_claims:
            for entry in left:
                if not entry.claimed and _similar(entry.title, claim.title):
                    self._take(entry, index, found)
                    break

    def _new(self, scope: Scope, parent: str, claim: Claim) -> str:
        taken = self._taken[scope]
        prefix = f"{parent}-" if parent else ""
        key = f"{prefix}{claim.part}"
        if not claim.part or key in taken:
            stem = f"{key}_" if claim.part else prefix
            number = self._next.get((scope, stem), 2 if claim.part else 1)
            while f"{stem}{number}" in taken:
                number += 1
            self._next[scope, stem] = number + 1
            key = f"{stem}{number}"
        self._keep(Entry(scope, key, parent, claim.part, claim.title, retired=False, claimed=True))
        return key


def _similar(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, fold(one), fold(other), autojunk=False)
    return matcher.quick_ratio() >= _SIMILAR and matcher.ratio() >= _SIMILAR
