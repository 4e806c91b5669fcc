"""What is remembered between decisions: bounded, exact, and given back with what owns it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import durable_rules_engine
import pytest

from engine.base import Base, load_base
from engine.conditions import Test
from engine.memory import Memory
from engine.orientation import recommend
from engine.rete import GrowingRete, Rete

ON = date(2026, 11, 23)


def test_an_answer_is_worked_out_once() -> None:
    memory: Memory[str, int] = Memory(10)
    asked: list[list[int]] = []

    def lengths(words: list[str]) -> list[int]:
        def answer(positions: list[int]) -> list[int]:
            asked.append(positions)
            return [len(words[position]) for position in positions]

        return memory.answers(words, answer)

    assert lengths(["a", "bb"]) == [1, 2]
    assert lengths(["bb", "ccc", "a"]) == [2, 3, 1]
    assert lengths(["a"]) == [1]
    assert asked == [[0, 1], [1]]
    assert (memory.hits, memory.misses) == (3, 3)


def test_the_least_recently_used_is_forgotten() -> None:
    memory: Memory[int, int] = Memory(2)
    for number in (1, 2, 1, 3):
        memory.answers([number], lambda _: [0])
    before = memory.misses
    memory.answers([1, 3], lambda _: [])
    assert memory.misses == before
    assert len(memory) == 2


def test_memory_stays_bounded_in_one_call_and_between_threads() -> None:
    memory: Memory[int, int] = Memory(50)

    def double(first: int) -> list[int]:
        return memory.answers(range(first, first + 200), lambda missing: [2 * (first + place) for place in missing])

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(double, range(0, 4000, 100)))
    assert found == [[2 * number for number in range(first, first + 200)] for first in range(0, 4000, 100)]
    assert len(memory) == 50


def test_a_fact_of_another_type_is_refused_after_an_equal_one() -> None:
    engine = Rete([Test("age", "==", 1), Test("rsa", "==", True)])
    assert engine.fired([{"age": 1, "rsa": True}]) == [{0, 1}]
    with pytest.raises(TypeError, match="age: int expected, not True"):
        engine.fired([{"age": True, "rsa": True}])
    with pytest.raises(TypeError, match="rsa: bool expected, not 1"):
        engine.fired([{"age": 1, "rsa": 1}])


def test_what_a_caller_does_to_an_answer_is_not_remembered() -> None:
    engine = Rete([Test("age", ">", 3)])
    engine.fired([{"age": 4}])[0].clear()
    assert engine.fired([{"age": 4}]) == [{0}]


def test_only_the_facts_that_conditions_read_tell_decisions_apart() -> None:
    engine = Rete([Test("age", ">", 3)])
    for mode in ("presentiel", "a-distance"):
        assert engine.fired([{"age": 4, "mode": mode}]) == [{0}]
    assert (engine.remembered.hits, engine.remembered.misses) == (1, 1)


# --- rulesets of the library ---


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[int]]:
    """The handles of the rulesets made since the test began and not given back."""
    handles: set[int] = set()
    create, delete = durable_rules_engine.create_ruleset, durable_rules_engine.delete_ruleset

    def created(*arguments: Any) -> int:
        handle: int = create(*arguments)
        assert handle not in handles
        handles.add(handle)
        return handle

    def deleted(handle: int) -> None:
        handles.remove(handle)
        delete(handle)

    monkeypatch.setattr(durable_rules_engine, "create_ruleset", created)
    monkeypatch.setattr(durable_rules_engine, "delete_ruleset", deleted)
    gc.collect()
    yield handles
    gc.collect()


def test_rulesets_are_given_back_with_the_conditions(live: set[int]) -> None:
    engine, growing = Rete([Test("age", ">", 3)]), GrowingRete()
    growing.number(Test("age", ">", 5))
    assert engine.fired([{"age": 4}]) == [{0}]
    assert growing.fired([{"age": 4}]) == [set()]
    assert len(live) == 2
    del engine, growing
    assert live == set()


def test_rulesets_stay_while_a_thread_decides_with_them(live: set[int]) -> None:
    def decide(age: int) -> list[set[int]]:
        return Rete([Test("age", ">", bound) for bound in range(30)]).fired(
            [{"age": age + shift} for shift in range(40)]
        )

    expected = [[set(range(min(30, age + shift))) for shift in range(40)] for age in range(60)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(decide, range(60))) == expected
    gc.collect()
    assert live == set()


def test_publications_do_not_add_up(live: set[int]) -> None:
    base: Base | None = load_base()
    assert base
    said = {"age": 22, "besoins": ["trouver-emploi"], "commune": "28134"}
    situation = base.rules.situation.model_validate(said)
    expected = recommend(situation, base.catalogue, base.rules, ON)
    counts = []
    for _ in range(6):
        base = base.with_sheet("mission-locale-dreux", base.catalogue.structures["mission-locale-dreux"])
        answer = recommend(situation, base.catalogue, base.rules, ON)
        assert answer.recommandations == expected.recommandations
        gc.collect()
        counts.append(len(live))
    assert counts[0] > 0
    assert counts == counts[:1] * 6
    base = None
    gc.collect()
    assert live == set()
