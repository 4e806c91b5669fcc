"""Forward chaining with durable_rules: the only module that knows the library.

The library is unmaintained, so its known faults are kept out by construction (docs/adr/0002):
- facts and constants are type-checked here, because it compares texts with numbers (`'abc' >= 26` holds for it);
- conditions are put in negation normal form, so that no rule tests an absence (which is unsafe and can loop);
- a rule set sees one visitor's facts under a fresh session, deleted afterwards: nothing derived survives;
- a sentinel rule fires for every fact, because deleting a session in which nothing fired crashes the process;
- "none of these memberships" is decided as "no rule fires on what is possible": one pair for each value would fire
  dozens of times for every offer;
- a comparison of two facts also asks that both are there, because it holds for the library when one is absent;
- a condition of more than MAX_ATOM comparisons is decided in pieces, each its own durable_rules rule, because it
  refuses mixed and/or expressions of more than 31 elements (error 113); rulesets hold at most MAX_TESTS comparisons,
  because it hangs at 512 under one node, and are cut in two when more than 63 comparisons hold for one fact;
- two facts with the same 32-bit hash are taken for one: the batch is then asserted in halves, in other sessions;
- a ruleset is never freed by itself (1 to 2 MiB each): it is when the conditions that it was made of are;
- its C functions are called without its Python `Host`, which starts threads that can take an action away, swallows
  exceptions, and costs 25 µs per firing instead of 1 µs.
"""

from __future__ import annotations

import itertools
import json
import marshal
import re
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import durable_rules_engine

from engine.conditions import NEGATED, Aucun, Condition, Critere, Faits, Test, Tous, UnDe
from engine.memory import Memory

MAX_ATOM = 10
"""Comparisons in one durable_rules rule; 12 pairs of and/or still load, 20 do not."""

MAX_TESTS = 300
"""Comparisons in one durable_rules ruleset; the library hangs at 512."""

MAX_PROPERTIES = 200
"""Properties of a fact in one ruleset; the library crashes beyond 252."""

MAX_REMEMBERED = 4096
"""Decisions remembered for one set of conditions: about 1 MiB when full."""

MAX_INTEGER = 2**62
MAX_TEXT_BYTES = 2**16 - 1
"""What a fact or a constant may hold; the library crashes or answers wrongly on far larger values."""

_ALREADY_SEEN = 2
"""What it answers to a fact whose 32-bit hash it has seen: another session gives another hash."""

_STACK_IS_FULL = "303"
"""Its error when more than 63 comparisons hold for one fact."""

_POSSIBLE = "?"
_SENTINEL = "presence"
_INDEX = "rang"
_FIRED = re.compile(r'^\{\s*"(\w+)".*?"rang":\s*(\d+)')
_OPS = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
_rulesets = itertools.count()
_sessions = itertools.count()


class ReteError(RuntimeError):
    """durable_rules refused something that our checks let through: a defect of ours, never of the visitor's data."""


Expression = dict[str, Any]
"""A condition in the library's own form."""


@dataclass(frozen=True, slots=True)
class _Pieces:
    """A condition too large for one durable_rules rule: true when all, any or none of its parts are."""

    joined_by: str
    parts: tuple[Plan, ...]


Plan = int | _Pieces
"""How the verdict of a condition is read: the position of its durable_rules rule, or pieces."""


class Rete:
    """Conditions compiled once, then decided for many facts; safe to share between threads.

    A decision is remembered by the values of the facts that the conditions read.
    """

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self._properties: dict[str, str] = {}
        self._types: dict[str, type] = {}
        self._tested_false: set[str] = set()
        self._possible: dict[str, str] = {}
        self._atoms: list[Expression] = []
        self._plans = [self._plan(condition) for condition in conditions]
        self._parts = [_Part(rules) for rules in _split(self._atoms)]
        self._composed = [(i, plan) for i, plan in enumerate(self._plans) if isinstance(plan, _Pieces)]
        self._simple = {plan: i for i, plan in enumerate(self._plans) if isinstance(plan, int)}
        self._keys = tuple(self._properties.keys() | self._possible.keys())
        self.remembered: Memory[bytes, frozenset[int]] = Memory(MAX_REMEMBERED)

    def fired(self, facts: Sequence[Faits]) -> list[set[int]]:
        """For each of `facts`, the positions of the conditions that are true of it (known, not merely possible).

        Raises TypeError for a fact whose type is not the one that the conditions compare it with.
        """
        # Bytes tell 1 from true, which a tuple does not, and take a tenth of its memory; version 2 writes equal values
        # in the same way.
        read = [marshal.dumps(tuple(map(fact.get, self._keys)), 2) for fact in facts]
        found = self.remembered.answers(read, lambda missing: self._decide([facts[position] for position in missing]))
        return list(map(set, found))

    def _decide(self, facts: Sequence[Faits]) -> list[frozenset[int]]:
        atoms: list[set[int]] = [set() for _ in facts]
        rows = [self._row(index, fact) for index, fact in enumerate(facts)]
        for part in self._parts:
            for atom, index in part.run(rows):
                atoms[index].add(atom)
        return [self._verdicts(found) for found in atoms]

    @property
    def rulesets(self) -> int:
        """How many rulesets of the library its limits make of the conditions."""
        return len(self._parts)

    def _verdicts(self, atoms: set[int]) -> frozenset[int]:
        simple = {self._simple[atom] for atom in atoms if atom in self._simple}
        return frozenset(simple.union(position for position, plan in self._composed if _holds(plan, atoms)))

    def _row(self, index: int, facts: Faits) -> dict[str, Any]:
        row: dict[str, Any] = {_INDEX: index, _SENTINEL: True}
        for key, name in self._properties.items():
            value = facts.get(key)
            if value is not None:
                if type(value) is not self._types[key]:
                    raise TypeError(f"{key}: {self._types[key].__name__} expected, not {value!r}")
                if value is True:
                    row[name] = value
                elif value is not False:
                    _check_size(value, TypeError)
                    row[name] = value
                elif key in self._tested_false:
                    row[name] = value
        for key, name in self._possible.items():
            if facts.get(key) is not False:
                row[name] = True
        return row

    def _property(self, key: str, kind: type) -> str:
        if self._types.setdefault(key, kind) is not kind:
            raise ReteError(f"{key} is compared both as {self._types[key].__name__} and as {kind.__name__}")
        return self._properties.setdefault(key, f"p{len(self._properties)}")

    def _plan(self, condition: Condition) -> Plan:
        match condition:
            case Critere(sens=sens):
                return self._plan(sens)
            case Aucun(parties) if _count(condition) > MAX_ATOM and all(map(_is_membership, parties)):
                possible = UnDe(tuple(map(_as_possible, parties)))
                return _Pieces("none", (self._cut(self._expression(possible, positive=True)),))
            case Tous(parties) if _count(condition) > MAX_ATOM:
                return _Pieces("$and", tuple(map(self._plan, parties)))
        return self._cut(self._expression(condition, positive=True))

    def _cut(self, expression: Expression) -> Plan:
        if _size(expression) <= MAX_ATOM:
            self._atoms.append(expression)
            return len(self._atoms) - 1
        ((word, parts),) = expression.items()
        return _Pieces(word, tuple(self._cut(part) for part in _gather(word, parts)))

    def _expression(self, condition: Condition, *, positive: bool) -> Expression:
        match condition:
            case Test():
                return self._comparison(condition, positive)
            case Critere(sens=sens):
                return self._expression(sens, positive=positive)
            case Aucun(parties):
                return self._group("$or", parties, positive=not positive)
            case Tous(parties):
                return self._group("$and", parties, positive=positive)
            case UnDe(parties):
                return self._group("$or", parties, positive=positive)

    def _group(self, word: str, parts: tuple[Condition, ...], *, positive: bool) -> Expression:
        if len(parts) == 1:
            return self._expression(parts[0], positive=positive)
        if not parts:
            return {_SENTINEL: (word == "$and") == positive}
        word = word if positive else {"$and": "$or", "$or": "$and"}[word]
        return {word: [self._expression(part, positive=positive) for part in parts]}

    def _comparison(self, test: Test, positive: bool) -> Expression:
        op = test.op if positive else NEGATED[test.op]
        if test.autre is not None:
            left, right = self._property(test.cle, int), self._property(test.autre, int)
            return {"$and": [{"$ex": {left: 1}}, {"$ex": {right: 1}}, {_OPS[op]: {left: {"$m": right}}}]}
        if test.cle.startswith(_POSSIBLE):
            return {self._possible.setdefault(test.cle.removeprefix(_POSSIBLE), f"q{len(self._possible)}"): True}
        name = self._property(test.cle, type(test.valeur))
        _check_size(test.valeur, ReteError)
        if isinstance(test.valeur, bool):
            expected = test.valeur == (op == "==")
            if not expected:
                self._tested_false.add(test.cle)
            return {name: expected}
        return {name: test.valeur} if op == "==" else {_OPS[op]: {name: test.valeur}}


class GrowingRete:
    """Conditions numbered as they come, each once, compiled together at the next decision; safe between threads."""

    def __init__(self) -> None:
        self._numbers: dict[Condition, int] = {}
        self._pending: list[Condition] = []
        self._compiled: list[tuple[int, Rete]] = []
        self._lock = Lock()

    def number(self, condition: Condition) -> int:
        """The number of a condition, the same for equal conditions."""
        with self._lock:
            if condition not in self._numbers:
                self._numbers[condition] = len(self._numbers)
                self._pending.append(condition)
            return self._numbers[condition]

    @property
    def rulesets(self) -> int:
        """How many rulesets of the library the conditions take so far."""
        return sum(rete.rulesets for _, rete in self._compile())

    @property
    def memories(self) -> list[Memory[bytes, frozenset[int]]]:
        """What is remembered of the conditions so far."""
        return [rete.remembered for _, rete in self._compile()]

    def _compile(self) -> tuple[tuple[int, Rete], ...]:
        with self._lock:
            if self._pending:
                first = len(self._numbers) - len(self._pending)
                # Small ones are made again with the new ones, so that they stay few: each costs a call.
                while self._compiled and first - self._compiled[-1][0] <= 2 * (len(self._numbers) - first):
                    first, _ = self._compiled.pop()
                self._compiled.append((first, Rete(list(self._numbers)[first:])))
                self._pending = []
            return tuple(self._compiled)

    def fired(self, facts: Sequence[Faits]) -> list[set[int]]:
        """For each of `facts`, the numbers of the conditions that are true of it."""
        compiled = self._compile()
        found: list[set[int]] = [set() for _ in facts]
        for first, rete in compiled:
            for numbers, fired in zip(found, rete.fired(facts), strict=True):
                numbers.update(first + position for position in fired)
        return found


def _holds(plan: Plan, atoms: set[int]) -> bool:
    if isinstance(plan, int):
        return plan in atoms
    parts = (_holds(part, atoms) for part in plan.parts)
    if plan.joined_by == "$and":
        return all(parts)
    return any(parts) == (plan.joined_by == "$or")


def _is_membership(condition: Condition) -> bool:
    """Whether a condition only asks that boolean facts be true."""
    match condition:
        case Test(_, op, valeur, autre):
            return op == "==" and valeur is True and autre is None
        case Critere(sens=sens):
            return _is_membership(sens)
        case Tous(parties) | UnDe(parties):
            return all(map(_is_membership, parties))
        case Aucun():
            return False


def _as_possible(condition: Condition) -> Condition:
    """The same condition on what may be true: known to be, or not known."""
    match condition:
        case Test(cle):
            return Test(_POSSIBLE + cle, "==", True)
        case Critere(sens=sens):
            return _as_possible(sens)
        case Tous(parties) | UnDe(parties):
            return type(condition)(tuple(map(_as_possible, parties)))
    raise AssertionError("only memberships have a possible form")


def _count(condition: Condition) -> int:
    match condition:
        case Test():
            return 1
        case Critere(sens=sens):
            return _count(sens)
        case Tous(parties) | UnDe(parties) | Aucun(parties):
            return sum(map(_count, parties))


def _gather(word: str, parts: list[Expression]) -> Iterable[Expression]:
    """Small neighbours put together, so that a large condition needs few rules."""
    group: list[Expression] = []
    for part in parts:
        if group and sum(map(_size, group)) + _size(part) > MAX_ATOM:
            yield group[0] if len(group) == 1 else {word: group}
            group = []
        group.append(part)
    if group:
        yield group[0] if len(group) == 1 else {word: group}


def _split(atoms: Sequence[Expression]) -> Iterable[dict[int, Expression]]:
    """Atoms by position, in sets that stay under MAX_TESTS and MAX_PROPERTIES."""
    rules: dict[int, Expression] = {}
    names: set[str] = set()
    room = MAX_TESTS
    for position, atom in enumerate(atoms):
        if _size(atom) > room or len(names | _names(atom)) > MAX_PROPERTIES:
            yield rules
            rules, names, room = {}, set(), MAX_TESTS
        rules[position] = atom
        names |= _names(atom)
        room -= _size(atom)
    yield rules


def _names(expression: Expression) -> set[str]:
    """The properties that an expression looks at."""
    found: set[str] = set()
    for key, value in expression.items():
        if key in ("$and", "$or"):
            found.update(*map(_names, value))
        elif key.startswith("$"):
            found |= set(value) | {inner["$m"] for inner in value.values() if isinstance(inner, dict)}
        else:
            found.add(key)
    return found


def _check_size(value: object, error: type[Exception]) -> None:
    if isinstance(value, int) and not -MAX_INTEGER <= value <= MAX_INTEGER:
        raise error("integer out of range")
    if isinstance(value, str) and len(value) > MAX_TEXT_BYTES // 12 and len(json.dumps(value)) > MAX_TEXT_BYTES:
        raise error("text too long")  # a character takes twelve bytes at most


def _size(expression: Expression) -> int:
    parts = expression.get("$and") or expression.get("$or")
    return sum(map(_size, parts)) if parts else 1


class _Part:
    """Some atoms in one ruleset of the library; cut in two for good when it cannot hold all that matches one fact."""

    def __init__(self, rules: dict[int, Expression]) -> None:
        self._rules = rules
        self._names = {_INDEX, _SENTINEL}.union(*map(_names, rules.values()))
        self._halves: tuple[_Part, _Part] | None = None
        definition = {f"r{position}": {"all": [{"m": expression}]} for position, expression in rules.items()}
        definition["sentinel"] = {"all": [{"m": {_SENTINEL: True}}]}
        try:
            self._handle = durable_rules_engine.create_ruleset(f"spro{next(_rulesets)}", json.dumps(definition))
        except durable_rules_engine.error as error:
            raise ReteError(f"durable_rules refused a ruleset: {error}") from error
        # Called once nobody holds this part, thus never while a thread is in `run`.
        weakref.finalize(self, durable_rules_engine.delete_ruleset, self._handle).atexit = False

    def run(self, rows: list[dict[str, Any]]) -> Iterable[tuple[int, int]]:
        """The atoms that fire, each with the index of its fact."""
        if self._halves is None:
            names = self._names
            mine = [{name: value for name, value in row.items() if name in names} for row in rows]
            try:
                return _run(self._handle, mine)
            except durable_rules_engine.error as error:
                if _STACK_IS_FULL not in str(error) or len(self._rules) == 1:
                    raise ReteError(str(error)) from error
            rules = list(self._rules.items())
            middle = len(rules) // 2
            self._halves = _Part(dict(rules[:middle])), _Part(dict(rules[middle:]))
        return [found for half in self._halves for found in half.run(rows)]


def _run(handle: Any, rows: list[dict[str, Any]]) -> list[tuple[int, int]]:
    session = str(next(_sessions))
    text = json.dumps([{"sid": session, **row} for row in rows], separators=(",", ":"))
    error, state = durable_rules_engine.assert_facts(handle, text)
    if error == _ALREADY_SEEN and len(rows) > 1:
        middle = len(rows) // 2
        return [*_run(handle, rows[:middle]), *_run(handle, rows[middle:])]
    if error:
        raise ReteError(f"durable_rules answered {error} to {len(rows)} facts")
    found = []
    try:
        _, message = durable_rules_engine.start_action_for_state(handle, state)
        while message:
            match = _FIRED.match(message)
            if match is None:
                raise ReteError("unreadable firing")
            if match[1] != "sentinel":
                found.append((int(match[1][1:]), int(match[2])))
            message = durable_rules_engine.complete_and_start_action(handle, state)
    finally:
        durable_rules_engine.delete_state(handle, session)
    return found
