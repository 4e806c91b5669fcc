"""What to ask next, and what would change the answer: two searches over the answers that could have been given.

Computed from the engine, never from a list: every other answer is tried, all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, pairwise
from typing import Any

from engine.catalogue import Catalogue
from engine.decision import Contexte, Decision
from engine.explanation import age_ranges, value_in_words
from engine.orientation import Orientation, Question, recommend
from engine.ruleset import Ruleset
from engine.sets import numbers
from engine.situation import AGE_MAX, Situation, facts_of
from engine.variants import Change, Together, ages_to_try, answers_to_try, communes_unlike


def orient(
    situation: Situation, catalogue: Catalogue, rules: Ruleset, on: date, desk: str | None = None
) -> Orientation:
    """The full answer: the orientation and the questions that can still change it. Raises UnknownName."""
    answer = recommend(situation, catalogue, rules, on, desk)
    return replace(answer, questions=questions(situation, catalogue, rules, on, desk))


# --- what to ask next ---


def questions(
    situation: Situation, catalogue: Catalogue, rules: Ruleset, on: date, desk: str | None = None
) -> tuple[Question, ...]:
    """The open questions that can change the answer, those that can change the first structure most often first.

    Sensitive questions come last: they are for the agent to hear, not to ask. Raises UnknownName.
    """
    context = Contexte.of(catalogue, rules, on)
    facts = facts_of(situation)
    changes: list[Change] = [()]
    tried: dict[str, int] = {}
    for field in rules.vocabulaire.champs:
        if getattr(situation, field) is None and rules.is_raised(field, facts):
            start = len(changes)
            changes += [((field, value),) for value in answers_to_try(field, catalogue, context)]
            tried[field] = (1 << len(changes)) - (1 << start)
    seen = Together.of(changes, situation, context, desk)
    firsts = [(name, where) for name, where in seen.decision.first_structures.items() if not where & 1]
    moved = seen.coherent & ~_same_as_now(seen.decision)
    found: list[tuple[tuple[Any, ...], Question]] = []
    for order, (field, rows) in enumerate(tried.items()):
        possible = rows & seen.coherent
        if moved & rows:
            values = [changes[number][0][1] for number in numbers(possible)]
            outcomes = {
                name: [changes[number][0][1] for number in numbers(where & possible)]
                for name, where in firsts
                if where & possible
            }
            changed = sum(map(len, outcomes.values()))
            words = rules.vocabulaire.champs[field]
            weight = (words.sensible, -changed / len(values), -(moved & rows).bit_count() / len(values), order)
            effect = _effect(field, outcomes, values, catalogue, rules)
            found.append((weight, Question(field, words.question, effect, bool(outcomes))))
    return tuple(question for _, question in sorted(found, key=lambda pair: pair[0]))


def _same_as_now(decided: Decision[int]) -> int:
    """The situations in which an agent sees the same as in the first one: doors, profile, alerts, what to check."""
    first, where = next((item, where) for item, where in decided.first if where & 1)
    now = next(level for level, some in decided.levels if some & 1)
    same = where & decided.sets.union(some for level, some in decided.levels if level == now)
    unsure = [first.avis.rulings.unknown(number) for number, _ in decided.rejecting(first.avis.reste.reste)]
    for some in (
        decided.opened,
        decided.closed,
        *(found.oui for _, found in decided.alertes.of("alerte")),
        *unsure,
    ):
        same &= some if some & 1 else ~some
    same = _in_same_order(decided.operators, same)
    doors = decided.doors(same)
    return _in_same_order((((door.role, door.judged), door.where) for door in doors), same)


def _in_same_order(entries: Iterable[tuple[Hashable, int]], among: int) -> int:
    """Of some situations, those that go through the same entries as the first one, in the same order."""
    entries = list(entries)
    expected = [value for value, where in entries if where & 1]
    met = [among, *(0 for _ in expected)]
    for value, where in entries:
        here = [(place, met[place] & where) for place in range(len(met))]
        for place, some in here:
            met[place] &= ~some
            if place < len(expected) and expected[place] == value:
                met[place + 1] |= some
    return met[-1]


def _effect(
    field: str, outcomes: Mapping[str, list[Any]], tried: list[Any], catalogue: Catalogue, rules: Ruleset
) -> str:
    if not outcomes:
        return "Peut préciser les autres portes, le niveau ou ce qui reste à vérifier."
    ordered = sorted(outcomes.items(), key=lambda item: (-len(item[1]), item[0]))
    parts = [
        f"{catalogue.structures[structure].nom} ({_values_in_words(field, values, tried, rules)})"
        for structure, values in ordered[:3]
    ]
    return "Peut changer la réponse : " + " ; ".join(parts) + (" ; …" if len(ordered) > 3 else ".")


def _values_in_words(field: str, values: list[Any], tried: list[Any], rules: Ruleset) -> str:
    if field == "age":
        return ", ".join(age_ranges(values, tried))
    shown = [value_in_words(field, value[0] if isinstance(value, tuple) else value, rules) for value in values]
    return ", ".join(shown[:3]) + (", …" if len(shown) > 3 else "")


# --- what would change the answer ---

SIZES = (1, 2)
"""How many facts are changed at once: the first size that finds something is enough."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Facts that, if they were so, would make a structure the first one; `ages` are those that would do as well."""

    structure: str
    faits: Change
    ages: tuple[int, int] | None = None

    def to_json(self) -> dict[str, Any]:
        """The change as plain data."""
        return {"structure": self.structure, "faits": dict(self.faits)} | ({"ages": self.ages} if self.ages else {})


def alternatives(
    situation: Situation, catalogue: Catalogue, rules: Ruleset, on: date, desk: str | None = None
) -> tuple[Alternative, ...]:
    """The smallest changes that make another structure first: of one fact or, when none does, of two.

    Raises UnknownName for a desk or a commune that does not exist.
    """
    return _search(situation, catalogue, rules, on, desk, lambda first, now: first != now)


def to_reach(
    structure: str, situation: Situation, catalogue: Catalogue, rules: Ruleset, on: date, desk: str | None = None
) -> tuple[Alternative, ...]:
    """The smallest changes, of one fact or else of two, that make `structure` first; empty when none does or it is.

    Raises UnknownName for a desk or a commune, KeyError for a structure that does not exist.
    """
    if structure not in catalogue.structures:
        raise KeyError(structure)
    return _search(situation, catalogue, rules, on, desk, lambda first, now: first == structure != now)


def _search(
    situation: Situation,
    catalogue: Catalogue,
    rules: Ruleset,
    on: date,
    desk: str | None,
    wanted: Callable[[str, str], bool],
) -> tuple[Alternative, ...]:
    context = Contexte.of(catalogue, rules, on)
    facts = list(_facts(situation, context))
    ages = ages_to_try(catalogue, context)
    ends = {start: following - 1 for start, following in pairwise([*ages, AGE_MAX + 1])}
    for size in SIZES:
        changes: list[Change] = [(), *filter(_is_possible, combinations(facts, size))]
        seen = Together.of(changes, situation, context, desk)
        firsts = seen.decision.first_structures
        now = next(name for name, where in firsts.items() if where & 1)
        reached = {
            number: name
            for name, where in firsts.items()
            if wanted(name, now)
            for number in numbers(where & seen.coherent)
        }
        if reached:
            return tuple(_alternative(reached[number], changes[number], ends) for number in sorted(reached))
    return ()


def _alternative(structure: str, change: Change, ends: Mapping[int, int]) -> Alternative:
    return Alternative(structure, change, next(((age, ends[age]) for field, age in change if field == "age"), None))


def _is_possible(change: Change) -> bool:
    """Whether the answers are to different questions."""
    return len({field for field, _ in change}) == len(change)


def _facts(situation: Situation, context: Contexte) -> Iterator[tuple[str, Any]]:
    """Every other answer to every question, each once."""
    for field in context.rules.vocabulaire.champs:
        said = getattr(situation, field)
        for value in dict.fromkeys(_values(field, said, context)):
            if value != said:
                yield field, value


def _values(field: str, said: Any, context: Contexte) -> Iterator[Any]:
    if field == "commune":
        yield from communes_unlike(context.catalogue)
        return
    values = answers_to_try(field, context.catalogue, context)
    yield from values
    asked = context.rules.vocabulaire.champs[field]
    if asked.vide:
        yield ()
    if isinstance(said, tuple) and said:
        for (member,) in values:
            others = tuple(item for item in said if item != member)
            if asked.ordonne:
                yield (member, *others)
            elif member not in said:
                yield (*said, member)
            if member in said and others:
                yield others
