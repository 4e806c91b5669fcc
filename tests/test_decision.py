"""Many situations decided at once: the same verdicts and the same first structure as one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base import Base
from engine.catalogue import build_catalogue
from engine.conditions import Aucun, Condition, Test, Tous, UnDe, evaluate
from engine.deciders import OverSets
from engine.decision import Contexte
from engine.orientation import Visite
from engine.sets import Facts, bits, numbers
from engine.situation import Situation
from engine.variants import Together
from tests.situations import visitor
from tests.test_properties import DATES, dates, situations

KEYS = ("a", "b", "age")
leaves = st.one_of(
    st.builds(Test, st.sampled_from(("a", "b")), st.sampled_from(("==", "!=")), st.booleans()),
    st.builds(Test, st.just("age"), st.sampled_from(("<", "<=", ">", ">=", "==")), st.integers(0, 3)),
    st.builds(Test, st.just("age"), st.sampled_from(("<", ">=")), st.none(), st.just("age")),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda inner: st.builds(
        lambda kind, parts: kind(tuple(parts)), st.sampled_from((Tous, UnDe, Aucun)), st.lists(inner, max_size=3)
    ),
    max_leaves=8,
)
facts = st.fixed_dictionaries({}, optional={"a": st.booleans(), "b": st.booleans(), "age": st.integers(0, 3)})


@given(conditions, st.lists(facts, min_size=1, max_size=20))
def test_a_condition_has_the_verdicts_of_the_evaluator(condition: Condition, rows: list[dict[str, Any]]) -> None:
    batch = Facts(bits(len(rows)))
    for number, row in enumerate(rows):
        for key, value in row.items():
            batch.add(key, value, 1 << number)
    true, false = batch.verdict(condition, {})
    found = [True if true >> n & 1 else False if false >> n & 1 else None for n in range(len(rows))]
    assert found == [evaluate(condition, row) for row in rows]
    assert not true & false


@given(st.lists(st.integers(0, 255)))
def test_counting(parts: list[int]) -> None:
    counted = bits(8).more_than(parts)
    for number in range(8):
        count = sum(part >> number & 1 for part in parts)
        assert [rows >> number & 1 for rows in counted] == [count > place for place in range(len(counted))]
        assert count <= len(counted)


def test_numbers_of_a_set() -> None:
    assert numbers(0) == []
    assert numbers(0b10110) == [1, 2, 4]


def firsts(some: Sequence[Situation], base: Base, on: date, desk: str | None = None) -> list[str | None]:
    answers: dict[str, dict[Any, int]] = defaultdict(lambda: defaultdict(int))
    for number, situation in enumerate(some):
        for field, value in situation.model_dump(exclude_none=True).items():
            answers[field][value] |= 1 << number
    if desk:
        answers["bureau"] = {desk: (1 << len(some)) - 1}
    context = Contexte.of(base.catalogue, base.rules, on)
    together = Together.answered(answers, OverSets(bits(len(some))), context)
    assert together.coherent == (1 << len(some)) - 1
    found: list[str | None] = [None] * len(some)
    for structure, rows in together.decision.first_structures.items():
        for number in numbers(rows):
            assert found[number] is None
            found[number] = structure
    return found


def one_by_one(some: Iterable[Situation], base: Base, on: date, desk: str | None = None) -> list[str]:
    context = Contexte.of(base.catalogue, base.rules, on)
    return [Visite.of(found, context, desk).premiere.offre.structure.id for found in some]


@given(st.lists(situations, min_size=1, max_size=12), dates)
def test_the_first_structure_is_the_same_as_one_by_one(base: Base, some: list[Situation], on: date) -> None:
    assert firsts(some, base, on) == one_by_one(some, base, on)


@pytest.mark.parametrize("on", DATES)
def test_nothing_said_at_every_desk(base: Base, on: date) -> None:
    nobody = [visitor()]
    for desk in base.catalogue.structures:
        assert firsts(nobody, base, on, desk) == one_by_one(nobody, base, on, desk)


@pytest.fixture(scope="module")
def doubtful(base: Base) -> Base:
    """The shipped base, half of its services with a condition that only words can say."""
    structures = []
    for structure in base.catalogue.structures.values():
        services = [
            service.model_copy(update={"spro": service.spro.model_copy(update={"a_verifier": "Sous condition."})})
            if number % 2
            else service
            for number, service in enumerate(structure.services)
        ]
        structures.append(structure.model_copy(update={"services": tuple(services)}))
    found = build_catalogue(structures, base.catalogue.territoire, "essai", base.rules)
    return type(base)(base.rules, found)


@given(some=st.lists(situations, min_size=1, max_size=12), on=dates)
def test_a_condition_said_in_words_counts_as_one_more_thing_to_check(
    doubtful: Base, some: list[Situation], on: date
) -> None:
    assert firsts(some, doubtful, on) == one_by_one(some, doubtful, on)
