"""The mutants of a rule: the same rule with one thing changed, as a small mistake in the file would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal, get_args

from engine.conditions import (
    NEGATED,
    TOUJOURS,
    Aucun,
    Champ,
    Condition,
    Critere,
    Operateur,
    Test,
    Tous,
    UnDe,
    parse_condition,
)
from engine.problems import Chemin, Probleme
from engine.ruleset import Effet, Regle

Mutation = Literal[
    "comparaison inversée",
    "borne décalée",
    "valeur retirée",
    "valeur ajoutée",
    "condition retirée",
    "aucun ↔ un_de",
    "exception retirée",
    "effet retiré",
    "date retirée",
    "date décalée",
]
MUTATIONS: tuple[Mutation, ...] = get_args(Mutation)

DAY = timedelta(days=1)
_OPS: dict[str, Operateur] = {"min": ">=", "max": "<=", "moins_que": "<", "plus_que": ">"}
_NAMES = {op: name for name, op in _OPS.items()}
_LOOSENED = {"min": "plus_que", "plus_que": "min", "max": "moins_que", "moins_que": "max"}
"""The comparison that differs only at the bound."""

Variante = tuple[Mutation, str, Condition]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one thing changed; `mutee` is None when nothing is left of it."""

    origine: Regle
    mutation: Mutation
    detail: str
    mutee: Regle | None

    @property
    def decides(self) -> bool:
        """Whether what changes is when the rule concludes, not what it concludes or how long it holds."""
        return self.mutee is not None and (self.mutee.si, self.mutee.sauf) != (self.origine.si, self.origine.sauf)


def mutants_of(rule: Regle, rules: Iterable[Regle]) -> Iterator[Mutant]:
    """Every mutant of a rule; the other rules tell which of its dates matter."""
    for mutation, detail, condition in _whole(rule.si):
        yield Mutant(rule, mutation, detail, replace(rule, si=condition))
    if rule.sauf is not None:
        yield Mutant(rule, "exception retirée", "sauf", replace(rule, sauf=None))
        for mutation, detail, condition in variants(rule.sauf):
            yield Mutant(rule, mutation, f"sauf : {detail}", replace(rule, sauf=condition))
    yield from _effects(rule)
    yield from _dates(rule, rules)


# --- conditions ---


def _whole(condition: Condition) -> Iterator[Variante]:
    """The variants of a condition, and the condition dropped when it is made of one part only."""
    yield from variants(condition)
    if not isinstance(condition, Tous):
        yield "condition retirée", _words(condition), TOUJOURS


def variants(condition: Condition) -> Iterator[Variante]:
    """The condition with one thing changed, for each thing that can be."""
    match condition:
        case Critere():
            yield from _leaf(condition)
        case Tous(parties) | UnDe(parties) | Aucun(parties):
            yield from _group(type(condition), parties)


def _group(group: type[Tous] | type[UnDe] | type[Aucun], parts: tuple[Condition, ...]) -> Iterator[Variante]:
    for place, part in enumerate(parts):
        before, after = parts[:place], parts[place + 1 :]
        for mutation, detail, changed in variants(part):
            yield mutation, detail, group((*before, changed, *after))
        if len(parts) > 1:
            yield "condition retirée", _words(part), group((*before, *after))
    if group is Aucun:
        yield "aucun ↔ un_de", f"aucun → un_de : {_listed(parts)}", UnDe(parts)
    elif group is UnDe:
        yield "aucun ↔ un_de", f"un_de → aucun : {_listed(parts)}", Aucun(parts)


def _leaf(leaf: Critere) -> Iterator[Variante]:
    match leaf.champ.genre:
        case "entier":
            yield from _integer(leaf)
        case "oui-non":
            assert isinstance(leaf.sens, Test)
            turned = not leaf.sens.valeur
            yield _changed("comparaison inversée", leaf, turned, Test(leaf.champ.nom, "==", turned))
        case _:
            yield "comparaison inversée", f"{_words(leaf)} → autre chose", Aucun((leaf,))
            if not isinstance(leaf.attendu, dict):
                yield from _values(leaf)


def _integer(leaf: Critere) -> Iterator[Variante]:
    name, wanted = leaf.champ.nom, leaf.attendu
    if not isinstance(wanted, dict):
        yield "comparaison inversée", f"{_words(leaf)} → autre chose", Test(name, "!=", wanted)
        for moved in (wanted - 1, wanted + 1):
            yield _changed("borne décalée", leaf, moved, Test(name, "==", moved))
        return
    for word, bound in wanted.items():
        turned = _NAMES[NEGATED[_OPS[word]]]
        yield _bounds("comparaison inversée", leaf, word, turned, bound)
        if isinstance(bound, int):
            for moved in (bound - 1, bound + 1):
                yield _bounds("borne décalée", leaf, word, word, moved)
        else:
            yield _bounds("borne décalée", leaf, word, _LOOSENED[word], bound)


def _bounds(mutation: Mutation, leaf: Critere, word: str, changed: str, bound: Any) -> Variante:
    pairs = [(changed, bound) if key == word else (key, value) for key, value in leaf.attendu.items()]
    name = leaf.champ.nom
    tests = (
        Test(name, _OPS[key], value) if isinstance(value, int) else Test(name, _OPS[key], autre=value)
        for key, value in pairs
    )
    return _changed(mutation, leaf, dict(pairs), Tous(tuple(tests)))


def _values(leaf: Critere) -> Iterator[Variante]:
    """One value less; one value more: a neighbour of the list in the order of the vocabulary."""
    champ = leaf.champ
    values = leaf.attendu if isinstance(leaf.attendu, list) else [leaf.attendu]
    for gone in values if len(values) > 1 else ():
        left = [value for value in values if value != gone]
        yield "valeur retirée", f"{champ.nom} : {gone}", _reread(champ, left)
    places = [champ.valeurs.index(value) for value in values]
    for place in (min(places) - 1, max(places) + 1):
        if 0 <= place < len(champ.valeurs):
            added = champ.valeurs[place]
            yield "valeur ajoutée", f"{champ.nom} : {_shown(leaf.attendu)} ou {added}", _reread(champ, [*values, added])


def _reread(champ: Champ, wanted: Any) -> Condition:
    def refuse(place: Chemin, probleme: Probleme) -> None:
        raise AssertionError(f"{place}: {probleme}")

    return parse_condition({champ.nom: wanted}, {champ.nom: champ}, (), refuse)


def _changed(mutation: Mutation, leaf: Critere, wanted: Any, meaning: Condition) -> Variante:
    return mutation, f"{_words(leaf)} → {_shown(wanted)}", Critere(leaf.champ, wanted, meaning)


def _words(condition: Condition) -> str:
    match condition:
        case Critere(champ, attendu):
            return f"{champ.nom} : {_shown(attendu)}"
        case Tous(parties):
            return f"({_listed(parties)})"
        case UnDe(parties):
            return f"un_de ({_listed(parties)})"
        case Aucun(parties):
            return f"aucun ({_listed(parties)})"
        case Test(cle):
            return cle


def _listed(parts: tuple[Condition, ...]) -> str:
    return ", ".join(map(_words, parts))


def _shown(wanted: Any) -> str:
    if isinstance(wanted, bool):
        return "oui" if wanted else "non"
    if isinstance(wanted, list):
        return f"[{', '.join(wanted if len(wanted) < 4 else [*wanted[:2], '…'])}]"
    if isinstance(wanted, Mapping):
        return " et ".join(f"{word} {_shown(bound)}" for word, bound in wanted.items())
    return str(wanted)


# --- effects and dates ---


def _effects(rule: Regle) -> Iterator[Mutant]:
    """The rule without one of its effects, or without one of its steps."""
    effects = [name for name in Effet.model_fields if getattr(rule.alors, name) is not None]
    steps = rule.alors.etapes or ()
    for name in effects:
        if name == "etapes" and len(steps) > 1:
            for step in steps:
                left = tuple(other for other in steps if other != step)
                changed = replace(rule, alors=rule.alors.model_copy(update={"etapes": left}))
                yield Mutant(rule, "effet retiré", f"étape : {step.role}", changed)
        else:
            changed = replace(rule, alors=rule.alors.model_copy(update={name: None}))
            yield Mutant(rule, "effet retiré", _effect_words(rule, name), changed if len(effects) > 1 else None)


def _effect_words(rule: Regle, name: str) -> str:
    value = getattr(rule.alors, name)
    return f"{name} : {_shown(value)}" if name not in ("alerte", "etapes") else name


def _dates(rule: Regle, rules: Iterable[Regle]) -> Iterator[Mutant]:
    """Changes of the dates at which rules of a stratum follow one another; the others are only when the law began."""
    peers = [other for other in rules if other.strate == rule.strate and other.id != rule.id]
    if rule.jusqu_a is not None:
        yield from _moved(rule, "jusqu_a", rule.jusqu_a)
    if rule.depuis is not None and any(other.jusqu_a == rule.depuis for other in peers):
        yield from _moved(rule, "depuis", rule.depuis)


def _moved(rule: Regle, name: str, day: date) -> Iterator[Mutant]:
    changes: dict[str, Any] = {name: None}
    yield Mutant(rule, "date retirée", f"{name} : {day}", replace(rule, **changes))
    for moved in (day - DAY, day + DAY):
        changes = {name: moved}
        yield Mutant(rule, "date décalée", f"{name} : {day} → {moved}", replace(rule, **changes))
