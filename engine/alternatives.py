"""What would change the answer: the smallest changes, one fact then two, that make another structure first.

Exact: every other answer to every question is tried, alone then with every answer to every other question. An age
stands for those between two bounds of the rules and offers, a commune for those that the same offers cover; of a list,
each member is tried alone, added and taken away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from typing import Any

from pydantic import ValidationError

from engine import territory
from engine.batch import Answers, Batch
from engine.catalogue import Catalogue
from engine.explanation import ages_to_try, answers_to_try
from engine.orientation import Contexte, by_evaluation, check_desk
from engine.rows import Rows, numbers, union
from engine.ruleset import Ruleset
from engine.situation import AGE_MAX, Situation

Fait = tuple[str, Any]
"""A question and another answer to it."""

Change = tuple[Fait, ...]

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
    desk = desk or situation.bureau
    check_desk(desk, catalogue)
    context = Contexte.of(catalogue, rules, on, by_evaluation)
    facts = list(_facts(situation, context))
    ages = ages_to_try(catalogue, context)
    ends = {start: following - 1 for start, following in pairwise([*ages, AGE_MAX + 1])}
    for size in SIZES:
        changes = [(), *filter(_is_possible, combinations(facts, size))]
        now, *firsts = _first_structures(changes, situation, context, desk)
        found = tuple(
            Alternative(first, change, next(((age, ends[age]) for field, age in change if field == "age"), None))
            for change, first in zip(changes[1:], firsts, strict=True)
            if wanted(first, now) and _is_coherent(situation, change)
        )
        if found:
            return found
    return ()


def _is_possible(change: Change) -> bool:
    """Whether the answers are to different questions."""
    return len({field for field, _ in change}) == len(change)


def _is_coherent(situation: Situation, change: Change) -> bool:
    """Whether the answers contradict none of the others."""
    try:
        type(situation).model_validate(situation.model_dump(exclude_none=True) | dict(change))
    except ValidationError:
        return False
    return True


def _first_structures(
    changes: Sequence[Change], situation: Situation, context: Contexte, desk: str | None
) -> list[str]:
    """The first structure after each change."""
    rows = (1 << len(changes)) - 1
    found = [""] * len(changes)
    for structure, where in Batch(_answers(changes, situation, rows), rows, context, desk).first_structures().items():
        for number in numbers(where):
            found[number] = structure
    return found


def _answers(changes: Sequence[Change], situation: Situation, rows: Rows) -> Answers:
    """What is answered after each change, by question."""
    given: dict[str, dict[Any, Rows]] = defaultdict(lambda: defaultdict(int))
    for number, change in enumerate(changes):
        for field, value in change:
            given[field][value] |= 1 << number
    for field, value in situation.model_dump(exclude_none=True).items():
        given[field][value] |= rows & ~union(given[field].values())
    return given


# --- the facts to try ---


def _facts(situation: Situation, context: Contexte) -> Iterator[Fait]:
    """Every other answer to every question, each once."""
    for field in context.rules.vocabulaire.champs:
        said = getattr(situation, field)
        for value in dict.fromkeys(_values(field, said, context)):
            if value != said:
                yield field, value


def _values(field: str, said: Any, context: Contexte) -> Iterator[Any]:
    if field == "commune":
        yield from _communes(context.catalogue)
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


def _communes(catalogue: Catalogue) -> list[str]:
    """A commune for each set of zones that the offers can tell apart, the main one of the basin first."""
    zones = frozenset[str]().union(*(offre.zones for offre in catalogue.offres))
    return [place.code for place in territory.unlike(zones, catalogue.territoire.commune)]
