"""durable_rules kept on a short lead: each of its known faults, and what we do about it."""

from __future__ import annotations

import ast
import itertools
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine import rete
from engine.conditions import NEGATED, Aucun, Condition, Faits, Operateur, Test, Tous, UnDe, evaluate
from engine.rete import MAX_ATOM, MAX_TESTS, GrowingRete, Rete, ReteError

PROJECT = Path(__file__).parent.parent
LIVE_SESSIONS = 1024


def expected(conditions: Sequence[Condition], rows: Sequence[Faits]) -> list[set[int]]:
    return [{number for number, condition in enumerate(conditions) if evaluate(condition, row) is True} for row in rows]


def agrees(conditions: Sequence[Condition], rows: Sequence[Faits]) -> bool:
    return Rete(conditions).fired(rows) == expected(conditions, rows)


# --- types: the library compares texts with numbers, and 1 with true ---


@pytest.mark.parametrize(
    ("condition", "row", "message"),
    [
        (Test("age", ">=", 26), {"age": "abc"}, "age: int expected, not 'abc'"),
        (Test("age", ">=", 26), {"age": ""}, "age: int expected, not ''"),
        (Test("age", ">=", 26), {"age": "30"}, "age: int expected, not '30'"),
        (Test("age", "==", 1), {"age": True}, "age: int expected, not True"),
        (Test("rsa", "==", True), {"rsa": 1}, "rsa: bool expected, not 1"),
        (Test("rsa", "==", True), {"rsa": "true"}, "rsa: bool expected, not 'true'"),
        (Test("mode", "==", "1"), {"mode": 1}, "mode: str expected, not 1"),
        (Test("age", "<", autre="age_max"), {"age": 3, "age_max": "4"}, "age_max: int expected, not '4'"),
    ],
)
def test_fact_of_another_type_is_refused(condition: Condition, row: Faits, message: str) -> None:
    with pytest.raises(TypeError) as refused:
        Rete([condition]).fired([row])
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("first", "second"), [(True, 1), (1, "1"), ("true", True)], ids=["bool-int", "int-text", "text-bool"]
)
def test_constants_of_two_types_for_one_fact_are_refused(first: bool | int | str, second: bool | int | str) -> None:
    with pytest.raises(ReteError, match="cle is compared both as"):
        Rete([Test("cle", "==", first), Test("cle", "==", second)])


def test_facts_that_no_condition_looks_at_may_be_anything() -> None:
    assert Rete([Test("age", ">", 3)]).fired([{"age": 4, "autre": "x", "rsa": True, "nombre": -7}]) == [{0}]


def test_falsy_values_are_known() -> None:
    conditions = [
        Test("age", "==", 0),
        Test("age", "!=", 0),
        Test("mode", "==", ""),
        Test("mode", "!=", ""),
        Test("rsa", "==", False),
        Test("rsa", "!=", True),
    ]
    rows: list[Faits] = [{"age": 0, "mode": "", "rsa": False}, {"age": 1, "mode": "x", "rsa": True}, {}]
    assert Rete(conditions).fired(rows) == [{0, 2, 4, 5}, {1, 3}, set()]


# --- what is absent ---


@pytest.mark.parametrize("op", ["<", "<=", ">", ">="])
def test_comparison_with_an_absent_fact_does_not_hold(op: Operateur) -> None:
    conditions: list[Condition] = [Test("age", op, autre="age_max"), Aucun((Test("age", op, autre="age_max"),))]
    rows: list[Faits] = [{"age": 30}, {"age_max": 25}, {}]
    assert Rete(conditions).fired(rows) == [set(), set(), set()]
    known: list[Faits] = [{"age": left, "age_max": right} for left in (24, 25, 26) for right in (24, 25, 26)]
    assert agrees(conditions, known)


def test_negation_of_what_is_unknown_does_not_hold() -> None:
    memberships = tuple(Test(f"statuts={letter}", "==", True) for letter in "abcdefghijklmnop")
    conditions: list[Condition] = [
        Aucun(memberships[:1]),
        Aucun(memberships[:3]),
        Aucun(memberships),
        Test("age", "!=", 3),
    ]
    every = {f"statuts={letter}": False for letter in "abcdefghijklmnop"}
    rows: list[Faits] = [{}, every, {**every, "statuts=b": True}, dict.fromkeys(list(every)[1:], False)]
    assert Rete([*conditions, Test("age", "!=", 3)]).fired(rows) == [set(), {0, 1, 2}, {0}, set()]


# --- sessions ---


def test_sessions_in_which_nothing_fires() -> None:
    engine = Rete([Test("age", ">", 100)])
    assert engine.fired([]) == []
    assert all(engine.fired([{}, {"age": 3}]) == [set(), set()] for _ in range(200))


def test_more_evaluations_than_live_sessions() -> None:
    engine = Rete([Test("age", ">=", 26)])
    found = [engine.fired([{"age": age}]) for age in itertools.islice(itertools.cycle((25, 26)), 3 * LIVE_SESSIONS + 2)]
    assert found == [[set()], [{0}]] * (len(found) // 2)


def test_refused_facts_leave_no_session_behind() -> None:
    engine = Rete([Test("age", ">=", 26)])
    for _ in range(LIVE_SESSIONS + 1):
        with pytest.raises(TypeError):
            engine.fired([{"age": 30}, {"age": "abc"}])
    assert engine.fired([{"age": 30}]) == [{0}]


def test_threads_share_an_engine() -> None:
    conditions = [Test("age", ">=", bound) for bound in range(0, 60, 7)] + [Test("nom", "==", "é")]
    engine = Rete(conditions)

    def run(start: int) -> bool:
        rows: list[Faits] = [{"age": start + extra, "nom": "é" if extra % 3 else "e"} for extra in range(7)]
        return all(engine.fired(rows) == expected(conditions, rows) for _ in range(300))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(run, range(0, 64, 8))) == [True] * 8


def test_facts_whose_hash_is_the_same_are_all_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library names a fact by a 32-bit hash: in session 225, two of these 4,000 have the same."""
    engine = Rete([Test("age", ">=", 2)])
    monkeypatch.setattr(rete, "_sessions", itertools.count(225))
    rows = [{"age": number} for number in range(4000)]
    assert engine.fired(rows) == [set(), set()] + [{0}] * 3998


def test_equal_facts_are_all_answered() -> None:
    assert Rete([Test("age", ">", 3)]).fired([{"age": 4}, {"age": 4}, {"age": 3}, {"age": 4}]) == [{0}, {0}, set(), {0}]


# --- conditions that come as they are needed ---


def test_conditions_that_come_later_keep_the_numbers_of_the_first() -> None:
    engine = GrowingRete()
    first = [engine.number(Test("age", ">=", bound)) for bound in (16, 26, 16)]
    assert first == [0, 1, 0]
    assert engine.fired([{"age": 20}, {}]) == [{0}, set()]
    assert engine.number(UnDe((Test("age", "<", 16), Test("rsa", "==", True)))) == 2
    assert engine.number(Test("age", ">=", 26)) == 1
    assert engine.fired([{"age": 30}, {"age": 15}, {"rsa": True}, {}]) == [{0, 1}, {2}, {2}, set()]
    assert engine.fired([]) == []


def test_threads_add_conditions_to_the_same_engine() -> None:
    engine = GrowingRete()

    def run(start: int) -> bool:
        for bound in range(start, start + 40):
            numbers = {engine.number(Test("age", ">=", each)): each for each in range(bound, bound + 5)}
            (fired,) = engine.fired([{"age": bound + 2}])
            if {numbers[number] for number in fired if number in numbers} != {bound, bound + 1, bound + 2}:
                return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(run, range(0, 80, 10))) == [True] * 8


# --- sizes ---


@pytest.mark.parametrize("size", [1, MAX_ATOM, MAX_ATOM + 1, 31, 32, 60, 120])
def test_large_conditions_are_cut(size: int) -> None:
    booleans = tuple(Test(f"b{number}", "==", True) for number in range(size))
    integers = tuple(Test("age", "!=", number) for number in range(size))
    conditions = [group(parts) for group in (Tous, UnDe, Aucun) for parts in (booleans, integers)]
    mixed = Tous((UnDe(booleans), Aucun((Tous(integers), UnDe((Test("age", "<", 0), *booleans[1:]))))))
    last = f"b{size - 1}"
    rows: list[Faits] = [
        {},
        {"b0": True, "age": 0},
        {last: True, "age": size - 1},
        {**{f"b{number}": False for number in range(size)}, "age": size},
        {**{f"b{number}": False for number in range(size)}, last: True, "age": 0},
    ]
    assert agrees([*conditions, mixed], rows)


@pytest.mark.parametrize("count", [MAX_TESTS - 1, MAX_TESTS, MAX_TESTS + 1, 511, 512, 513, 1200])
def test_many_conditions_are_split_into_rulesets(count: int) -> None:
    conditions = [Test("mode", "==", f"mode-{number}") for number in range(count)]
    assert Rete(conditions).fired([{"mode": f"mode-{count - 1}"}, {"mode": "mode-0"}, {}]) == [{count - 1}, {0}, set()]


@pytest.mark.parametrize("count", [50, 64, 100, 200])
def test_many_conditions_may_be_true_at_once(count: int) -> None:
    """The library keeps at most 64 matches of one fact at a time (error 303)."""
    conditions = [Test("age", ">=", number) for number in range(count)]
    assert Rete(conditions).fired([{"age": count}, {"age": 0}, {}]) == [set(range(count)), {0}, set()]


@pytest.mark.parametrize("count", [50, 240, 260, 600])
def test_many_facts_may_be_known_at_once(count: int) -> None:
    """The library holds 252 properties a fact, and crashes beyond: hence another process."""
    program = f"""
from engine.conditions import Test
from engine.rete import Rete
conditions = [Test(f"f{{number}}", "==", number) for number in range({count})]
facts = {{f"f{{number}}": 0 for number in range({count})}}
assert Rete(conditions).fired([facts]) == [{{0}}]
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("depth", [5, 15, 16, 40, 100])
def test_deep_conditions(depth: int) -> None:
    conditions: list[Condition] = [Test("age", "==", 1), Test("age", "==", 1), Test("age", "==", 1)]
    for level in range(depth):
        other = Test(f"b{level % 5}", "==", True)
        groups = (Tous, UnDe) if level % 2 else (UnDe, Tous)
        conditions = [
            groups[0]((conditions[0], other)),
            groups[1]((other, conditions[1])),
            Aucun((conditions[2], other)),
        ]
    rows: list[Faits] = [
        {"age": age, **{f"b{number}": number in true for number in range(5)}}
        for age in (1, 2)
        for true in ((), (0, 2, 4), (1, 3), (0, 1, 2, 3, 4))
    ]
    assert agrees(conditions, [*rows, {}, {"age": 1}])


# --- texts and numbers as they are written ---

TEXTS = [
    "é", "e\u0301", "L'été « à Dreux »", '"', "\\", '\\"', "\n", "\r", "\t", "{", "}", "{}", "[]", ",", ":",
    '"rang": 7', '","rang":1,"', '{"sentinel"', "\x00", "a\x00b", "\x7f", "😀", "\u2028", "$m", "%s%d", "r1", "p0",
    "null", "true", "1", "1.0", "", " ", "  a", "\\u00e9", "x" * 20_000, "é" * 10_000, "é" * 9_999 + "x",
]  # fmt: skip


def test_texts_are_compared_exactly() -> None:
    conditions = [Test("texte", "==", text) for text in TEXTS] + [Test("texte", "!=", text) for text in TEXTS]
    assert agrees(conditions, [{"texte": text} for text in TEXTS] + [{"texte": text + " "} for text in TEXTS])


@pytest.mark.parametrize("number", [-(2**40), -1, 0, 2**31 - 1, 2**31, 2**53 + 1])
def test_integers_are_compared_exactly(number: int) -> None:
    conditions = [Test("age", op, number) for op in NEGATED]
    assert agrees(conditions, [{"age": number - 1}, {"age": number}, {"age": number + 1}])


@pytest.mark.parametrize("number", [2**63, -(2**63), 10**30])
def test_integers_that_the_library_cannot_hold_are_refused(number: int) -> None:
    with pytest.raises(ReteError, match="out of range"):
        Rete([Test("age", ">", number)])
    with pytest.raises(TypeError, match="out of range"):
        Rete([Test("age", ">", 3)]).fired([{"age": number}])


@pytest.mark.parametrize("text", ["x" * 65_536, "é" * 10_923], ids=["plain", "escaped"])
def test_texts_that_the_library_cannot_hold_are_refused(text: str) -> None:
    """It counts the bytes of the JSON, where « é » takes six, modulo 65,536."""
    with pytest.raises(ReteError, match="too long"):
        Rete([Test("texte", "==", text)])
    with pytest.raises(TypeError, match="too long"):
        Rete([Test("texte", "==", "x")]).fired([{"texte": text}])


# --- one door ---


def test_only_one_module_knows_the_library() -> None:
    """And it never starts the threads of `durable.lang`."""
    imported = {
        path.relative_to(PROJECT).as_posix(): name
        for path in [*PROJECT.glob("*.py"), *PROJECT.glob("engine/*.py"), *PROJECT.glob("desk/pages/*.py")]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in names_imported(node)
        if name.startswith("durable")
    }
    assert imported == {"engine/rete.py": "durable_rules_engine"}


def names_imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module):
            return [module or ""]
    return []
