"""What would change the answer: the smallest changes, one fact then two, that make another structure first.

Exact on the answers that the rules can tell apart: values of a question for which every comparison of the base gives
the same result are tried once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from pydantic import ValidationError

from engine.catalogue import Catalogue
from engine.conditions import Evaluer, Test, compile_condition, tests_of
from engine.explanation import answers_to_try, value_in_words
from engine.orientation import (
    Contexte,
    Qualification,
    by_evaluation,
    can_come_first,
    check_desk,
    facts_of,
    judge,
    qualify,
    select,
)
from engine.ruleset import Ruleset
from engine.situation import Situation

Fait = tuple[str, Any]
"""A question and another answer to it."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Facts that, if they were so, would make a structure the first one."""

    structure: str
    faits: tuple[Fait, ...]

    def to_json(self) -> dict[str, Any]:
        """The change as plain data."""
        return {"structure": self.structure, "faits": dict(self.faits)}

    def in_words(self, rules: Ruleset) -> str:
        """The facts as an agent reads them."""
        return " et ".join(
            f"{rules.vocabulaire.champs[field].libelle} : {_said(field, value, rules)}" for field, value in self.faits
        )


def alternatives(
    situation: Situation, catalogue: Catalogue, rules: Ruleset, on: date, desk: str | None = None
) -> tuple[Alternative, ...]:
    """For each other structure that one other fact would make first, the facts that would. Raises UnknownName."""
    desk = desk or situation.bureau
    check_desk(desk, catalogue)
    context = Contexte.of(catalogue, rules, on, by_evaluation)
    now = _first(situation, context, desk)
    found = []
    for fact in _facts(situation, context):
        changed = _changed(situation, (fact,))
        if changed is not None:
            first = _first(changed, context, desk)
            if first != now:
                found.append(Alternative(first, (fact,)))
    return tuple(found)


def to_reach(
    structure: str, situation: Situation, catalogue: Catalogue, rules: Ruleset, on: date, desk: str | None = None
) -> tuple[Alternative, ...]:
    """The smallest changes, of one fact or else of two, that make `structure` first; empty when none does.

    Raises UnknownName for a desk or a commune, KeyError for a structure that does not exist.
    """
    desk = desk or situation.bureau
    check_desk(desk, catalogue)
    if structure not in catalogue.structures:
        raise KeyError(structure)
    context = Contexte.of(catalogue, rules, on, by_evaluation)
    facts = list(_facts(situation, context))
    for size in (1, 2):
        found = tuple(
            Alternative(structure, change)
            for change in combinations(facts, size)
            if _makes_first(structure, change, situation, context, desk)
        )
        if found:
            return found
    return ()


def _makes_first(
    structure: str, change: tuple[Fait, ...], situation: Situation, context: Contexte, desk: str | None
) -> bool:
    changed = _changed(situation, change)
    if changed is None:
        return False
    qualification = qualify(changed, context, desk)
    return _may_lead(structure, qualification, context) and _leader(qualification, context) == structure


def _may_lead(structure: str, qualification: Qualification, context: Contexte) -> bool:
    """A quick look at the structure's own offers, before ranking them among all."""
    need = qualification.profil.besoins[0]
    default = context.rules.vocabulaire.besoin_par_defaut
    offers = context.catalogue.of_structure(structure)
    if any(default in offre.service.spro.besoins for offre in offers):
        return True
    role = context.catalogue.structures[structure].spro.role
    worth = [offre for offre in offers if need in offre.service.spro.besoins or role in qualification.referents]
    worth = worth or [
        offre for offre in offers if set(qualification.profil.besoins_complementaires) & set(offre.service.spro.besoins)
    ]
    kept = judge(worth, qualification, context).retenus if worth else ()
    return any(can_come_first(candidate, qualification, context) for candidate in kept)


def _first(situation: Situation, context: Contexte, desk: str | None) -> str:
    return _leader(qualify(situation, context, desk), context)


def _leader(qualification: Qualification, context: Contexte) -> str:
    return select(qualification, context).retenus[0].offre.structure.id


def _changed(situation: Situation, change: tuple[Fait, ...]) -> Situation | None:
    """The situation with other answers, or None when two answers are to one question or contradict others."""
    answers = dict(change)
    if len(answers) < len(change):
        return None
    try:
        return Situation.model_validate(situation.model_dump(exclude_none=True) | answers)
    except ValidationError:
        return None


def _facts(situation: Situation, context: Contexte) -> Iterator[Fait]:
    """Every other answer to every question, but one for all those that no comparison tells apart."""
    comparisons = _comparisons(context)
    for field in context.rules.vocabulaire.champs:
        if field == "bureau":
            continue
        said = getattr(situation, field)
        seen = {_signature(field, said, comparisons, context)} if said is not None else set()
        for value in _answers(field, said, context):
            signature = _signature(field, value, comparisons, context)
            if value != said and signature not in seen:
                seen.add(signature)
                yield field, value


def _comparisons(context: Contexte) -> dict[str, list[Evaluer]]:
    """What the base compares with constants, by question; a public office is also a status."""
    found: dict[str, dict[Test, None]] = defaultdict(dict)
    for stratum in context.strata.values():
        for condition in stratum.conditions:
            for test in tests_of(condition):
                if test.autre is None:
                    found[test.cle.partition("=")[0]][test] = None
    for field in ("fonction_publique", "categorie"):
        found[field] |= found["statuts"]
    return {field: [compile_condition(test) for test in tests] for field, tests in found.items()}


def _answers(field: str, said: Any, context: Contexte) -> Iterator[Any]:
    yield from answers_to_try(field, context.catalogue, context)
    if field == "freins":
        yield ()
    if field == "statuts" and said:
        for (value,) in answers_to_try(field, context.catalogue, context):
            if value not in said:
                yield (*said, value)


def _signature(field: str, value: Any, comparisons: dict[str, list[Evaluer]], context: Contexte) -> tuple[Any, ...]:
    """What the comparisons of the base, and the index of needs, can tell of an answer."""
    if field in ("besoins", "commune"):
        return (value,)
    facts = facts_of(Situation.model_construct(**{field: value}))
    bounds = sorted(context.catalogue.age_bounds) if field == "age" else []
    return (*(value >= bound for bound in bounds), *(test(facts) for test in comparisons.get(field, ())))


def _said(field: str, value: Any, rules: Ruleset) -> str:
    if isinstance(value, tuple):
        return ", ".join(value_in_words(field, item, rules) for item in value) or "aucune"
    return f"{value} ans" if field == "age" else value_in_words(field, value, rules)
