"""Sets of situations: the algebra that the statement of a decision asks for, and conditions decided over it.

The carrier is a whole number, one bit a situation: a comparison costs a few operations whatever their count, and one
situation is a width of 1. Nothing here needs more than `&`, `|` and `~`, so that another carrier can be given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar

from engine.conditions import COMPARE, Condition, Critere, Test, Tous, UnDe, Valeur


class Subset(Protocol):
    """What a carrier gives to its sets. A complement may hold more than the situations: it is always met with some."""

    def __and__(self, other: Any, /) -> Any: ...
    def __or__(self, other: Any, /) -> Any: ...
    def __invert__(self) -> Any: ...


S = TypeVar("S", bound=Subset)
S_co = TypeVar("S_co", bound=Subset, covariant=True)


@dataclass(frozen=True, slots=True)
class Sets(Generic[S]):
    """A Boolean algebra: no situation, and all of them."""

    none: S
    all: S

    def union(self, parts: Iterable[S]) -> S:
        """The situations of any of the sets."""
        found = self.none
        for part in parts:
            found = found | part
        return found

    def more_than(self, parts: Iterable[S]) -> tuple[S, ...]:
        """At position n, the situations in more than n of the sets."""
        counted: list[S] = []
        for part in parts:
            carried = part
            for place, some in enumerate(counted):
                counted[place], carried = some | carried, some & carried
            if carried != self.none:
                counted.append(carried)
        return tuple(counted)


def bits(count: int) -> Sets[int]:
    """The algebra of whole numbers over `count` situations."""
    return Sets(0, (1 << count) - 1)


ONE = bits(1)
"""The algebra over one situation."""


def numbers(rows: int) -> list[int]:
    """The numbers of the situations of a set, in order."""
    return [number for number, bit in enumerate(bin(rows)[:1:-1]) if bit == "1"]


Column = dict[Valeur, S]
"""For each value of a fact, the situations in which it has it; in the others it is unknown."""

Verdicts = tuple[S, S]
"""The situations in which a condition is true, and those in which it is false; in the others it is unknown."""


class Facts(Generic[S]):
    """What is known of each situation, and the verdicts of conditions on it: the three values of `conditions`."""

    def __init__(self, sets: Sets[S]) -> None:
        self.sets = sets
        self.columns: dict[str, Column[S]] = {}
        self._verdicts: dict[int, tuple[Test, Verdicts[S]]] = {}  # by identity; the test is held, so that none takes it

    def add(self, key: str, value: Valeur, where: S) -> None:
        """Says that a fact has a value in some situations; before anything reads it."""
        if where != self.sets.none:
            column = self.columns.setdefault(key, {})
            column[value] = column[value] | where if value in column else where

    def where(self, key: str, value: Valeur = True) -> S:
        """The situations in which a fact has a value."""
        return self.columns.get(key, {}).get(value, self.sets.none)

    def verdict(self, condition: Condition, own: Mapping[str, Column[S]]) -> Verdicts[S]:
        """Where a condition is true and where it is false; `own` holds the facts of the offer that it is about."""
        kind = type(condition)
        if kind is Test:
            return self._test(condition, own)  # type: ignore[arg-type]  # as its type says; `match` is four times slower
        if kind is Critere:
            return self.verdict(condition.sens, own)  # type: ignore[union-attr]
        parts: tuple[Condition, ...] = condition.parties  # type: ignore[union-attr]
        if kind is Tous:
            false, true = self._any(parts, own, 1)
            return true, false
        true, false = self._any(parts, own, 0)
        return (true, false) if kind is UnDe else (false, true)

    def _any(self, parts: Iterable[Condition], own: Mapping[str, Column[S]], side: Literal[0, 1]) -> Verdicts[S]:
        """Where a side of the verdict, true or false, holds of some part, and where the other holds of all."""
        found, refuted, every = self.sets.none, self.sets.all, self.sets.all
        for part in parts:
            verdict = self._test(part, own) if type(part) is Test else self.verdict(part, own)
            found = found | verdict[side]
            refuted = refuted & verdict[1 - side]
            if found == every:
                break
        return found, refuted

    def _test(self, test: Test, own: Mapping[str, Column[S]]) -> Verdicts[S]:
        if own and (test.cle in own or test.autre in own):
            return self._compare(test, own)
        known = self._verdicts.get(id(test))
        if known is None:
            known = self._verdicts[id(test)] = test, self._compare(test, own)
        return known[1]

    def _compare(self, test: Test, own: Mapping[str, Column[S]]) -> Verdicts[S]:
        none = self.sets.none
        left = own.get(test.cle) or self.columns.get(test.cle)
        if not left:
            return none, none
        if test.valeur is True and test.op == "==":
            return left.get(True, none), left.get(False, none)
        if test.op == "==" and test.valeur is not None:
            return left.get(test.valeur, none), self.sets.union(w for value, w in left.items() if value != test.valeur)
        compare = COMPARE[test.op]
        right: Column[S] = {}
        if test.autre is not None:
            right = own.get(test.autre) or self.columns.get(test.autre) or {}
        elif test.valeur is not None:
            right = {test.valeur: self.sets.all}
        true = false = none
        for value, some in left.items():
            for other, others in right.items():
                if compare(value, other):
                    true = true | (some & others)
                else:
                    false = false | (some & others)
        return true, false
