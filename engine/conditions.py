"""The condition tree of the rules, and its three-valued evaluation: true, false, or unknown (None).

Facts are a flat mapping `cle → value`; a set such as `statuts` is one boolean fact per member (`statuts=etudiant`), so
that each membership is known or unknown on its own. A fact that is absent is unknown. The logic is Kleene's strong
three-valued logic (S. C. Kleene, Introduction to Metamathematics, 1952, §64).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from engine.base_problems import FauteCondition
from engine.documents import Signaler
from engine.problems import Chemin, Faute, Probleme, shown, unknown_name

Valeur = bool | int | str
Faits = Mapping[str, Valeur]
Verdict = bool | None
"""True, False, or None where something needed is not known."""

Operateur = Literal["==", "!=", "<", "<=", ">", ">="]

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
NEGATED: dict[Operateur, Operateur] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


MIRRORED: dict[Operateur, Operateur] = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""The same comparison with its sides exchanged."""


GenreCompare = Literal["entier", "oui-non", "choix", "ensemble"]


@dataclass(frozen=True, slots=True)
class Champ:
    """A name that a condition may use: its kind, and for a choice or a set the values it can take."""

    nom: str
    genre: GenreCompare
    valeurs: tuple[str, ...] = ()

    def cle(self, valeur: str) -> str:
        """The fact that says whether the set holds `valeur`."""
        return f"{self.nom}={valeur}"


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of a fact with a constant, or with another fact when `autre` is given."""

    __test__ = False
    cle: str
    op: Operateur
    valeur: Valeur | None = None
    autre: str | None = None


@lru_cache(maxsize=1 << 16, typed=True)
def one_test(cle: str, op: Operateur, valeur: Valeur | None = None, autre: str | None = None) -> Test:
    """The comparison, the same object each time: what is remembered of it is found by identity."""
    return Test(cle, op, valeur, autre)


@dataclass(frozen=True, slots=True)
class Tous:
    """All of the parts."""

    parties: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class UnDe:
    """At least one of the parts."""

    parties: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Aucun:
    """None of the parts."""

    parties: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Critere:
    """A leaf as it is written: one field, what is asked of it, and the comparisons it stands for."""

    champ: Champ
    attendu: Any
    sens: Condition


Condition = Test | Tous | UnDe | Aucun | Critere
TOUJOURS = Tous(())
Evaluer = Callable[[Faits], Verdict]


# --- evaluation ---


def compile_condition(condition: Condition) -> Evaluer:
    """A function from facts to True, False or None (unknown)."""
    match condition:
        case Test(cle, op, valeur, None):
            return _constant_test(cle, op, valeur)
        case Test(cle, op, _, autre):
            return _facts_test(cle, op, autre or "")
        case Critere(sens=sens):
            return compile_condition(sens)
        case Tous(parties):
            return _all([compile_condition(part) for part in parties])
        case UnDe(parties):
            return _any([compile_condition(part) for part in parties])
        case Aucun(parties):
            return _none(_any([compile_condition(part) for part in parties]))


def evaluate(condition: Condition, facts: Faits) -> Verdict:
    """The verdict of one condition on facts; to evaluate often, compile it once."""
    return compile_condition(condition)(facts)


def _constant_test(key: str, op: Operateur, value: Valeur | None) -> Evaluer:
    if value is True and op == "==":
        return lambda facts: facts.get(key)  # type: ignore[return-value]  # a boolean fact is its own verdict
    compare = COMPARE[op]

    def test(facts: Faits) -> Verdict:
        found = facts.get(key)
        return None if found is None else compare(found, value)

    return test


def _facts_test(key: str, op: Operateur, other: str) -> Evaluer:
    compare = COMPARE[op]

    def test(facts: Faits) -> Verdict:
        left, right = facts.get(key), facts.get(other)
        return None if left is None or right is None else compare(left, right)

    return test


def _all(parts: list[Evaluer]) -> Evaluer:
    if len(parts) == 1:
        return parts[0]

    def test(facts: Faits) -> Verdict:
        result: Verdict = True
        for part in parts:
            verdict = part(facts)
            if verdict is False:
                return False
            if verdict is None:
                result = None
        return result

    return test


def _any(parts: list[Evaluer]) -> Evaluer:
    if len(parts) == 1:
        return parts[0]

    def test(facts: Faits) -> Verdict:
        result: Verdict = False
        for part in parts:
            verdict = part(facts)
            if verdict:
                return True
            if verdict is None:
                result = None
        return result

    return test


def _none(part: Evaluer) -> Evaluer:
    def test(facts: Faits) -> Verdict:
        verdict = part(facts)
        return None if verdict is None else not verdict

    return test


def specialise(condition: Condition, facts: Faits) -> Condition | bool:
    """The condition once `facts` are known for good: True, False, or what is left to decide."""
    match condition:
        case Test():
            verdict = compile_condition(condition)(facts)
            if verdict is None and condition.autre is not None:
                return _fold_known_side(condition, facts)
            return condition if verdict is None else verdict
        case Critere(sens=sens):
            return specialise(sens, facts)
        case Tous(parties):
            return _fold(parties, facts, Tous, absorbing=False)
        case UnDe(parties):
            return _fold(parties, facts, UnDe, absorbing=True)
        case Aucun(parties):
            left = _fold(parties, facts, UnDe, absorbing=True)
            return not left if isinstance(left, bool) else Aucun((left,))


def _fold_known_side(test: Test, facts: Faits) -> Test:
    """A comparison of two facts of which one is known, as a comparison of the other with a constant."""
    left, right = facts.get(test.cle), facts.get(test.autre or "")
    if right is not None:
        return one_test(test.cle, test.op, right)
    return test if left is None or test.autre is None else one_test(test.autre, MIRRORED[test.op], left)


def _fold(
    parts: tuple[Condition, ...], facts: Faits, group: type[Tous] | type[UnDe], *, absorbing: bool
) -> Condition | bool:
    left: list[Condition] = []
    for part in parts:
        folded = specialise(part, facts)
        if folded is absorbing:
            return absorbing
        if not isinstance(folded, bool):
            left.append(folded)
    return (left[0] if len(left) == 1 else group(tuple(left))) if left else not absorbing


def keys_of(condition: Condition) -> Iterator[str]:
    """The facts that a condition looks at."""
    match condition:
        case Test(cle, _, _, autre):
            yield cle
            if autre:
                yield autre
        case Critere(sens=sens):
            yield from keys_of(sens)
        case Tous(parties) | UnDe(parties) | Aucun(parties):
            for part in parties:
                yield from keys_of(part)


def tests_of(condition: Condition) -> Iterator[Test]:
    """The comparisons of a condition."""
    match condition:
        case Test():
            yield condition
        case Critere(sens=sens):
            yield from tests_of(sens)
        case Tous(parties) | UnDe(parties) | Aucun(parties):
            for part in parties:
                yield from tests_of(part)


def criteria_of(condition: Condition) -> Iterator[Critere]:
    """The leaves of a condition, in the order in which they are written."""
    match condition:
        case Critere():
            yield condition
        case Tous(parties) | UnDe(parties) | Aucun(parties):
            for part in parties:
                yield from criteria_of(part)


# --- reading ---

GROUPES: dict[str, type[Tous] | type[UnDe] | type[Aucun]] = {"tous": Tous, "un_de": UnDe, "aucun": Aucun}


class _Unreadable(Exception):
    def __init__(self, probleme: Probleme) -> None:
        super().__init__(probleme)
        self.probleme = probleme


def parse_condition(data: Any, champs: Mapping[str, Champ], chemin: Chemin, signaler: Signaler) -> Condition:
    """The condition written in `data`; what is wrong is reported, all of it, and replaced by "always"."""
    if not isinstance(data, dict) or not data:
        signaler(chemin, FauteCondition.ATTENDUE())
        return TOUJOURS
    parts = [_parse_entry(key, value, champs, (*chemin, key), signaler) for key, value in data.items()]
    return parts[0] if len(parts) == 1 else Tous(tuple(parts))


def _parse_entry(key: str, value: Any, champs: Mapping[str, Champ], chemin: Chemin, signaler: Signaler) -> Condition:
    if key in GROUPES:
        if not isinstance(value, list) or not value:
            signaler(chemin, FauteCondition.GROUPE(groupe=key))
            return TOUJOURS
        parts = (parse_condition(item, champs, (*chemin, i), signaler) for i, item in enumerate(value))
        return GROUPES[key](tuple(parts))
    if key not in champs:
        signaler(chemin, FauteCondition.CHAMP_INCONNU(mot=key, permis={*champs, *GROUPES}))
        return TOUJOURS
    try:
        return Critere(champs[key], value, _parse_leaf(champs[key], value, champs))
    except _Unreadable as error:
        signaler(chemin, error.probleme)
        return TOUJOURS


def _parse_leaf(champ: Champ, value: Any, champs: Mapping[str, Champ]) -> Condition:
    match champ.genre:
        case "entier":
            return _parse_integer(champ, value, champs)
        case "oui-non":
            return one_test(champ.nom, "==", _boolean(value))
        case "choix":
            return UnDe(tuple(one_test(champ.nom, "==", item) for item in _values(champ, value)))
        case "ensemble":
            if isinstance(value, dict):
                return _parse_overlap(champ, value, champs)
            return UnDe(tuple(one_test(champ.cle(item), "==", True) for item in _values(champ, value)))


_INTEGER_TESTS: dict[str, Operateur] = {"min": ">=", "max": "<=", "moins_que": "<", "plus_que": ">"}


def _parse_integer(champ: Champ, value: Any, champs: Mapping[str, Champ]) -> Condition:
    if isinstance(value, int) and not isinstance(value, bool):
        return one_test(champ.nom, "==", value)
    if not isinstance(value, dict) or not value:
        raise _Unreadable(FauteCondition.ENTIER())
    tests = []
    for name, bound in value.items():
        if name not in _INTEGER_TESTS:
            raise _Unreadable(FauteCondition.COMPARAISON_INCONNUE(mot=name, permis=_INTEGER_TESTS))
        op = _INTEGER_TESTS[name]
        if isinstance(bound, int) and not isinstance(bound, bool):
            tests.append(one_test(champ.nom, op, bound))
        elif isinstance(bound, str) and getattr(champs.get(bound), "genre", None) == "entier":
            tests.append(one_test(champ.nom, op, autre=bound))
        else:
            numbers = [other.nom for other in champs.values() if other.genre == "entier"]
            raise _Unreadable(FauteCondition.COMPARE_A(nom=name, champs=numbers, valeur=str(bound)))
    if isinstance(value.get("min"), int) and isinstance(value.get("max"), int) and value["min"] > value["max"]:
        raise _Unreadable(FauteCondition.INTERVALLE(min=value["min"], max=value["max"]))
    floors = [value[name] + (name == "plus_que") for name in ("min", "plus_que") if isinstance(value.get(name), int)]
    ceilings = [
        value[name] - (name == "moins_que") for name in ("max", "moins_que") if isinstance(value.get(name), int)
    ]
    if floors and ceilings and max(floors) > min(ceilings):
        raise _Unreadable(FauteCondition.INTERVALLE_VIDE())
    return Tous(tuple(tests))


def _parse_overlap(champ: Champ, value: dict[str, Any], champs: Mapping[str, Champ]) -> Condition:
    if set(value) != {"croise"}:
        raise _Unreadable(FauteCondition.CROISE())
    other = champs.get(value["croise"]) if isinstance(value["croise"], str) else None
    if other is None or other.genre not in ("choix", "ensemble"):
        names = [known.nom for known in champs.values() if known.genre in ("choix", "ensemble")]
        raise _Unreadable(unknown_name("champ", shown(value["croise"]), names))
    shared = [item for item in champ.valeurs if item in other.valeurs]
    if not shared:
        raise _Unreadable(FauteCondition.SANS_VALEUR_COMMUNE(champ=champ.nom, autre=other.nom))
    pairs = (Tous((one_test(champ.cle(item), "==", True), _membership(other, item))) for item in shared)
    return UnDe(tuple(pairs))


def _membership(champ: Champ, item: str) -> Test:
    return one_test(champ.nom, "==", item) if champ.genre == "choix" else one_test(champ.cle(item), "==", True)


def _boolean(value: Any) -> bool:
    known = {"oui": True, "non": False} | {True: True, False: False}
    if not isinstance(value, (bool, str)) or value not in known:
        raise _Unreadable(Faute.ATTENDU(attendu="« oui » ou « non » est attendu", recu=f"« {shown(value)} »"))
    return known[value]


def _values(champ: Champ, value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    if not items:
        raise _Unreadable(Faute.LISTE_VIDE())
    for item in items:
        if not isinstance(item, str) or item not in champ.valeurs:
            raise _Unreadable(unknown_name(f"valeur de « {champ.nom} »", shown(item), champ.valeurs))
    return items
