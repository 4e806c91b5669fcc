"""Conditions decided for many situations at once: a fact is the set of situations in which it has each value.

A set of situations is a whole number, one bit a situation, so that a comparison costs a few operations whatever their
count. Same three values as `conditions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.conditions import COMPARE, Aucun, Condition, Critere, Test, Tous, UnDe, Valeur

Rows = int
"""A set of situations, by their numbers."""

Column = dict[Valeur, Rows]
Verdicts = tuple[Rows, Rows]
"""The situations in which a condition is true, and those in which it is false; in the others it is unknown."""


_NONE: Mapping[str, Column] = {}


class Facts:
    """What is known of each situation, and the verdicts of conditions on it."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.columns: dict[str, Column] = {}
        self._verdicts: dict[Test, Verdicts] = {}

    def add(self, key: str, value: Valeur, rows: Rows) -> None:
        """Says that a fact has a value in some situations."""
        if rows:
            column = self.columns.setdefault(key, {})
            column[value] = column.get(value, 0) | rows

    def verdict(self, condition: Condition, own: Mapping[str, Column] = _NONE) -> Verdicts:
        """Where a condition is true and where it is false; `own` holds the facts of the offer that it is about."""
        match condition:
            case Test():
                return self._test(condition, own)
            case Critere(sens=sens):
                return self.verdict(sens, own)
            case Tous(parties):
                false, true = self._any(self.verdict(part, own)[::-1] for part in parties)
                return true, false
            case UnDe(parties):
                return self._any(self.verdict(part, own) for part in parties)
            case Aucun(parties):
                true, false = self._any(self.verdict(part, own) for part in parties)
                return false, true

    def _any(self, parts: Iterable[Verdicts]) -> Verdicts:
        found, refuted = 0, self.rows
        for true, false in parts:
            found |= true
            refuted &= false
            if found == self.rows:
                break
        return found, refuted

    def _test(self, test: Test, own: Mapping[str, Column]) -> Verdicts:
        if test.cle in own or test.autre in own:
            return self._compare(test, own)
        found = self._verdicts.get(test)
        if found is None:
            found = self._verdicts[test] = self._compare(test, own)
        return found

    def _compare(self, test: Test, own: Mapping[str, Column]) -> Verdicts:
        compare = COMPARE[test.op]
        left = own.get(test.cle) or self.columns.get(test.cle) or {}
        right = {test.valeur: self.rows} if test.autre is None else own.get(test.autre) or self.columns.get(test.autre)
        true = false = 0
        for value, some in left.items():
            for other, others in (right or {}).items():
                if compare(value, other):
                    true |= some & others
                else:
                    false |= some & others
        return true, false


def union(parts: Iterable[Rows]) -> Rows:
    """The situations of any of the sets."""
    found = 0
    for part in parts:
        found |= part
    return found


def more_than(parts: Iterable[Rows]) -> tuple[Rows, ...]:
    """At position n, the situations in more than n of the sets."""
    counted: list[Rows] = []
    for part in parts:
        carried = part
        for place, some in enumerate(counted):
            counted[place], carried = some | carried, some & carried
        if carried:
            counted.append(carried)
    return tuple(counted)


def numbers(rows: Rows) -> list[int]:
    """The numbers of the situations of a set, in order."""
    return [number for number, bit in enumerate(bin(rows)[:1:-1]) if bit == "1"]
