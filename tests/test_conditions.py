"""Conditions: their three truth values, what is left once some facts are known, and durable_rules against both."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.conditions import (
    NEGATED,
    TOUJOURS,
    Aucun,
    Champ,
    Condition,
    Faits,
    Operateur,
    Test,
    Tous,
    UnDe,
    Valeur,
    Verdict,
    criteria_of,
    evaluate,
    keys_of,
    parse_condition,
    specialise,
)
from engine.rete import MAX_ATOM, Rete

# --- random conditions ---

INTEGERS = ("age", "offre.age_min", "offre.age_max")
BOOLEANS = ("rsa", "handicap", *(f"statuts={letter}" for letter in "abcde"))
CHOICES = {"niveau": ("conseil", "accompagnement", "à l'« été »\n\\"), "mode": ("presentiel", "")}
OPERATORS: tuple[Operateur, ...] = ("==", "!=", "<", "<=", ">", ">=")
EQUALITY: tuple[Operateur, ...] = ("==", "!=")
ORDER: tuple[Operateur, ...] = ("<", "<=", ">", ">=")

numbers = st.integers(-1, 3)
tests = st.one_of(
    st.builds(Test, st.sampled_from(INTEGERS), st.sampled_from(OPERATORS), numbers),
    st.builds(Test, st.sampled_from(BOOLEANS), st.sampled_from(EQUALITY), st.booleans()),
    *(st.builds(Test, st.just(name), st.sampled_from(EQUALITY), st.sampled_from(of)) for name, of in CHOICES.items()),
    st.builds(
        lambda pair, op: Test(pair[0], op, autre=pair[1]),
        st.permutations(INTEGERS),
        st.sampled_from(ORDER),
    ),
)


def memberships(letters: list[str]) -> list[Condition]:
    """What « croise » stands for: both sets hold the same value."""
    return [Tous((Test(f"statuts={one}", "==", True), Test(f"offre.statuts={one}", "==", True))) for one in letters]


LETTERS = [f"valeur-{number}" for number in range(20)]
overlaps = st.lists(st.sampled_from(LETTERS), min_size=MAX_ATOM - 3, unique=True).map(
    lambda letters: UnDe(tuple(memberships(letters)))
)
large = st.one_of(overlaps, overlaps.map(lambda overlap: Aucun((overlap,))), overlaps.map(lambda o: Aucun(o.parties)))


def groups(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    some = st.lists(parts, max_size=5).map(tuple)
    return st.one_of(some.map(Tous), some.map(UnDe), some.map(Aucun))


conditions: st.SearchStrategy[Condition] = st.recursive(st.one_of(tests, tests, large), groups, max_leaves=15)


def known(values: dict[str, st.SearchStrategy[Valeur]]) -> st.SearchStrategy[dict[str, Valeur]]:
    return st.fixed_dictionaries({}, optional=values)


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Valeur]:
    """Facts of which any may be missing; those of large overlaps are mostly false, as they are for an offer."""
    found = draw(known({**dict.fromkeys(INTEGERS, numbers), **dict.fromkeys(BOOLEANS, st.booleans())}))
    found |= draw(known({name: st.sampled_from(members) for name, members in CHOICES.items()}))
    for name in ("statuts", "offre.statuts"):
        true = draw(st.sets(st.sampled_from(LETTERS), max_size=6))
        unknown = draw(st.sets(st.sampled_from(LETTERS), max_size=3))
        found |= {f"{name}={letter}": letter in true for letter in LETTERS if letter not in unknown}
    return found


@given(st.lists(conditions, min_size=1, max_size=4), st.lists(facts(), min_size=1, max_size=4))
def test_durable_rules_and_the_evaluator_agree(trees: list[Condition], rows: list[dict[str, Valeur]]) -> None:
    expected = [{number for number, tree in enumerate(trees) if evaluate(tree, row) is True} for row in rows]
    assert Rete(trees).fired(rows) == expected


@given(conditions, facts(), st.data())
def test_specialised_condition_decides_the_same(tree: Condition, row: dict[str, Valeur], data: st.DataObject) -> None:
    names = data.draw(st.sets(st.sampled_from(sorted(row))) if row else st.just(set[str]()))
    first = {key: value for key, value in row.items() if key in names}
    rest = {key: value for key, value in row.items() if key not in names}
    left = specialise(tree, first)
    verdict: Verdict = left if isinstance(left, bool) else evaluate(left, rest)
    assert verdict is evaluate(tree, row)
    if not isinstance(left, bool):
        assert set(keys_of(left)) <= set(keys_of(tree)) - set(first)


def test_a_comparison_with_a_known_fact_is_turned_round() -> None:
    older = Test("offre.age_min", ">", autre="age")
    assert specialise(older, {"offre.age_min": 16}) == Test("age", "<", 16)
    assert specialise(older, {"age": 16}) == Test("offre.age_min", ">", 16)
    assert specialise(older, {"age": 16, "offre.age_min": 17}) is True


@given(conditions, facts(), st.data())
def test_what_is_decided_stays_decided_when_more_is_known(
    tree: Condition, row: dict[str, Valeur], data: st.DataObject
) -> None:
    names = data.draw(st.sets(st.sampled_from(sorted(row))) if row else st.just(set[str]()))
    before = evaluate(tree, {key: value for key, value in row.items() if key not in names})
    assert before is None or before is evaluate(tree, row)


@given(conditions, facts())
def test_negation_turns_the_verdict(tree: Condition, row: dict[str, Valeur]) -> None:
    verdict = evaluate(tree, row)
    assert evaluate(Aucun((tree,)), row) is (None if verdict is None else not verdict)


@given(st.sampled_from(INTEGERS), st.sampled_from(OPERATORS), numbers, facts())
def test_negated_operators(key: str, op: Operateur, bound: int, row: dict[str, Valeur]) -> None:
    direct, negated = evaluate(Test(key, op, bound), row), evaluate(Test(key, NEGATED[op], bound), row)
    assert (direct, negated) in ((True, False), (False, True), (None, None))


# --- Kleene's tables ---

VERDICTS: dict[str, Verdict] = {"oui": True, "non": False, "inconnu": None}


def fact(name: str, verdict: Verdict) -> Faits:
    return {} if verdict is None else {name: verdict}


@pytest.mark.parametrize(
    ("left", "right", "both", "either", "neither"),
    [
        ("oui", "oui", "oui", "oui", "non"),
        ("oui", "non", "non", "oui", "non"),
        ("oui", "inconnu", "inconnu", "oui", "non"),
        ("non", "oui", "non", "oui", "non"),
        ("non", "non", "non", "non", "oui"),
        ("non", "inconnu", "non", "inconnu", "inconnu"),
        ("inconnu", "oui", "inconnu", "oui", "non"),
        ("inconnu", "non", "non", "inconnu", "inconnu"),
        ("inconnu", "inconnu", "inconnu", "inconnu", "inconnu"),
    ],
)
def test_three_truth_values(left: str, right: str, both: str, either: str, neither: str) -> None:
    row = {**fact("gauche", VERDICTS[left]), **fact("droite", VERDICTS[right])}
    parts = (Test("gauche", "==", True), Test("droite", "==", True))
    found = tuple(evaluate(group(parts), row) for group in (Tous, UnDe, Aucun))
    assert found == (VERDICTS[both], VERDICTS[either], VERDICTS[neither])


def test_empty_groups() -> None:
    assert evaluate(TOUJOURS, {}) is True
    assert evaluate(UnDe(()), {}) is False
    assert evaluate(Aucun(()), {}) is True
    assert (specialise(Tous(()), {}), specialise(UnDe(()), {}), specialise(Aucun(()), {})) == (True, False, True)


# --- what is written and what it means ---

CHAMPS = {
    champ.nom: champ
    for champ in (
        Champ("age", "entier"),
        Champ("offre.age_max", "entier"),
        Champ("rsa", "oui-non"),
        Champ("mode", "choix", ("presentiel", "a-distance")),
        Champ("statuts", "ensemble", ("etudiant", "retraite", "benevole")),
        Champ("offre.statuts", "ensemble", ("etudiant", "benevole", "apprenti")),
    )
}


def read(written: Any) -> tuple[Condition, list[tuple[tuple[str | int, ...], str]]]:
    found: list[tuple[tuple[str | int, ...], str]] = []
    return parse_condition(written, CHAMPS, ("si",), lambda place, problem: found.append((place, str(problem)))), found


@pytest.mark.parametrize(
    ("written", "yes", "no", "unknown"),
    [
        ({"age": 16}, {"age": 16}, {"age": 17}, {}),
        ({"age": {"min": 16, "max": 25}}, {"age": 25}, {"age": 26}, {}),
        ({"age": {"plus_que": 16}}, {"age": 17}, {"age": 16}, {}),
        ({"age": {"moins_que": 16}}, {"age": 15}, {"age": 16}, {}),
        (
            {"age": {"max": "offre.age_max"}},
            {"age": 25, "offre.age_max": 25},
            {"age": 26, "offre.age_max": 25},
            {"age": 26},
        ),
        ({"rsa": "oui"}, {"rsa": True}, {"rsa": False}, {}),
        ({"rsa": "non"}, {"rsa": False}, {"rsa": True}, {}),
        ({"rsa": False}, {"rsa": False}, {"rsa": True}, {}),
        ({"mode": "presentiel"}, {"mode": "presentiel"}, {"mode": "a-distance"}, {}),
        ({"mode": ["presentiel", "a-distance"]}, {"mode": "a-distance"}, {"mode": "autre"}, {}),
        (
            {"statuts": ["etudiant", "retraite"]},
            {"statuts=retraite": True},
            {"statuts=etudiant": False, "statuts=retraite": False},
            {"statuts=etudiant": False},
        ),
        (
            {"statuts": {"croise": "offre.statuts"}},
            {"statuts=etudiant": True, "offre.statuts=etudiant": True},
            {"statuts=etudiant": False, "offre.statuts=benevole": False},
            {"statuts=etudiant": True},
        ),
        ({"age": {"min": 16}, "rsa": "oui"}, {"age": 16, "rsa": True}, {"age": 15}, {"rsa": True}),
        ({"un_de": [{"age": 3}, {"rsa": "oui"}]}, {"rsa": True}, {"age": 4, "rsa": False}, {"age": 4}),
        ({"aucun": [{"age": 3}, {"rsa": "oui"}]}, {"age": 4, "rsa": False}, {"rsa": True}, {"age": 4}),
        ({"tous": [{"age": 3}, {"rsa": "oui"}]}, {"age": 3, "rsa": True}, {"age": 4}, {"age": 3}),
    ],
)
def test_what_conditions_mean(written: Any, yes: Faits, no: Faits, unknown: Faits) -> None:
    condition, problems = read(written)
    assert problems == []
    assert [evaluate(condition, row) for row in (yes, no, unknown)] == [True, False, None]


def test_leaves_keep_the_order_in_which_they_are_written() -> None:
    condition, problems = read({"un_de": [{"age": 3}, {"mode": "presentiel"}], "rsa": "non"})
    assert problems == []
    assert [leaf.champ.nom for leaf in criteria_of(condition)] == ["age", "mode", "rsa"]
    assert list(keys_of(condition)) == ["age", "mode", "rsa"]


def test_every_problem_of_a_condition_is_reported_at_its_place() -> None:
    _, problems = read(
        {"age": {"min": 5, "max": 4}, "rsa": "peut-être", "un_de": [{"mod": "presentiel"}, {"tous": []}], "mode": []}
    )
    assert problems == [
        (("si", "age"), "intervalle vide : min 5 dépasse max 4."),
        (("si", "rsa"), "« oui » ou « non » est attendu, pas « peut-être »."),
        (
            ("si", "un_de", 0, "mod"),
            "« mod » n'existe pas (champ). Vouliez-vous dire « mode » ? "
            "Permis : age, aucun, mode, offre.age_max, offre.statuts, rsa, statuts, tous, un_de.",
        ),
        (("si", "un_de", 1, "tous"), "« tous » attend une liste d'au moins une condition."),
        (("si", "mode"), "la liste est vide : au moins une valeur est attendue."),
    ]


@pytest.mark.parametrize(
    ("written", "place", "message"),
    [
        (None, (), "une condition est attendue : « tous », « un_de », « aucun » ou « champ: valeur »."),
        ([], (), "une condition est attendue : « tous », « un_de », « aucun » ou « champ: valeur »."),
        ({}, (), "une condition est attendue : « tous », « un_de », « aucun » ou « champ: valeur »."),
        ({"tous": {"age": 3}}, ("tous",), "« tous » attend une liste d'au moins une condition."),
        ({"age": "16"}, ("age",), "un nombre entier, ou min, max, moins_que, plus_que, est attendu."),
        ({"age": True}, ("age",), "un nombre entier, ou min, max, moins_que, plus_que, est attendu."),
        ({"age": {}}, ("age",), "un nombre entier, ou min, max, moins_que, plus_que, est attendu."),
        (
            {"age": {"minimum": 16}},
            ("age",),
            "« minimum » n'existe pas (comparaison). Vouliez-vous dire « min » ? "
            "Permis : max, min, moins_que, plus_que.",
        ),
        (
            {"age": {"min": "rsa"}},
            ("age",),
            "« min » se compare à un nombre entier ou à un champ (age, offre.age_max), pas à « rsa ».",
        ),
        ({"age": {"plus_que": 25, "moins_que": 16}}, ("age",), "intervalle vide : aucun nombre ne convient."),
        ({"rsa": 1}, ("rsa",), "« oui » ou « non » est attendu, pas « 1 »."),
        (
            {"mode": "distance"},
            ("mode",),
            "« distance » n'existe pas (valeur de « mode »). Vouliez-vous dire « a-distance » ? "
            "Permis : a-distance, presentiel.",
        ),
        ({"statuts": []}, ("statuts",), "la liste est vide : au moins une valeur est attendue."),
        (
            {"statuts": {"parmi": "offre.statuts"}},
            ("statuts",),
            "une valeur, une liste de valeurs, ou « croise: champ » est attendu.",
        ),
        (
            {"statuts": {"croise": "age"}},
            ("statuts",),
            "« age » n'existe pas (champ). Permis : mode, offre.statuts, statuts.",
        ),
        ({"statuts": {"croise": "mode"}}, ("statuts",), "« statuts » et « mode » n'ont aucune valeur commune."),
    ],
)
def test_unreadable_conditions(written: Any, place: tuple[str, ...], message: str) -> None:
    condition, problems = read(written)
    assert problems == [(("si", *place), message)]
    assert condition == TOUJOURS
