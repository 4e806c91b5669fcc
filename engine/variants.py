"""The answers that a visitor could have given, and what all of them would lead to, decided at once.

An age stands for those between two bounds of the rules and offers, a commune for those that the same offers cover.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine import territory
from engine.catalogue import Catalogue
from engine.deciders import OverSets
from engine.decision import Asked, Contexte, Decision
from engine.places import check_desk
from engine.sets import bits
from engine.situation import Situation

Change = tuple[tuple[str, Any], ...]
"""Questions, each with another answer to it."""

Answers = Mapping[str, Mapping[Any, int]]
"""For each question, the situations in which each answer was given; in the others it was not asked."""


@dataclass(frozen=True, slots=True)
class Together:
    """The decision of many situations, one bit each; the answers of the `coherent` ones contradict nothing."""

    decision: Decision[int]
    coherent: int

    @classmethod
    def of(
        cls,
        changes: Sequence[Change],
        situation: Situation,
        context: Contexte,
        desk: str | None,
        *,
        best_of_alike: bool = True,
    ) -> Together:
        """A situation after each of some changes, at a desk (by default that of the situation). Raises UnknownName."""
        desk = desk or situation.bureau
        check_desk(desk, context.catalogue)
        sets = bits(len(changes))
        given: dict[str, dict[Any, int]] = defaultdict(lambda: defaultdict(int))
        for number, change in enumerate(changes):
            for field, value in change:
                given[field][value] |= 1 << number
        for field, value in situation:
            if value is not None:
                given[field][value] |= sets.all & ~sets.union(given[field].values())
        if desk is not None:
            given["bureau"] = {desk: sets.all}
        return cls.answered(given, OverSets(sets), context, best_of_alike=best_of_alike)

    @classmethod
    def answered(
        cls, given: Answers, facts: OverSets[int], context: Contexte, *, best_of_alike: bool = False
    ) -> Together:
        """Decides of situations by what is answered to each question in which of them."""
        sens, sets = context.rules.situation.sens, facts.sets
        simple = {name: dict(given[name]) for name in sens.simples & given.keys()}
        lists: dict[str, tuple[int, dict[str, int]]] = {}
        for name in sens.ensembles.keys() & given.keys():
            members: dict[str, int] = defaultdict(int)
            for value, where in given[name].items():
                for member in value:
                    members[member] |= where
            lists[name] = sets.union(given[name].values()), members
        wrong = facts.state(simple, lists, sens)
        main: dict[str, int] = defaultdict(int)
        needs = given.get("besoins", {})
        for said, where in needs.items():
            main[said[0]] |= where
        asked = Asked(
            main,
            lists["besoins"][1] if "besoins" in lists else {},
            [(need, where) for said, where in needs.items() for need in said[1:]],
            given.get("commune", {}),
            given.get("bureau", {}),
        )
        return cls(Decision(asked, facts, context, best_of_alike=best_of_alike), sets.all & ~wrong)


# --- the answers worth trying ---


def answers_to_try(field: str, catalogue: Catalogue, context: Contexte) -> list[Any]:
    """The answers to a question that are worth trying: one age an interval, each value of a list alone.

    None when nothing reads the answer.
    """
    asked = context.rules.vocabulaire.champs[field]
    if field not in context.rules.lues:
        return []
    match asked.genre:
        case "oui-non":
            return [True, False]
        case "ensemble":
            return [(value,) for value in asked.valeurs]
        case "choix":
            return list(asked.valeurs)
        case "entier":
            return numbers_to_try(field, catalogue, context)
        case "lieu":
            return communes_to_try(catalogue)
        case "code-postal" | "structure":
            return []


def ages_to_try(catalogue: Catalogue, context: Contexte) -> list[int]:
    """One age for each interval between the bounds of the rules in force and of the offers."""
    return numbers_to_try("age", catalogue, context)


def numbers_to_try(field: str, catalogue: Catalogue, context: Contexte) -> list[int]:
    """One number for each interval between the bounds of the rules in force and of the offers."""
    asked = context.rules.vocabulaire.champs[field]
    low, high = asked.min or 0, asked.max or 0
    bounds = {low}
    for stratum in context.strata.values():
        for test in stratum.comparaisons.get(field, ()):
            if isinstance(test.valeur, int):
                bounds |= {test.valeur, test.valeur + 1} if test.op in ("==", "!=") else set()
                bounds |= {test.valeur} if test.op in (">=", "<") else set()
                bounds |= {test.valeur + 1} if test.op in ("<=", ">") else set()
    bounds |= catalogue.age_bounds if field == "age" else frozenset()
    return sorted(number for number in bounds if low <= number <= high)


def communes_to_try(catalogue: Catalogue) -> list[str]:
    """The main commune of the basin, and one of its communes in another department, where there is one."""
    basin = catalogue.territoire
    home = territory.commune(basin.commune)
    others = (
        place.code
        for zone in basin.zones
        if len(zone) == 9
        for place in territory.communes_of(zone)
        if home and place.departement != home.departement
    )
    return [basin.commune, *list(others)[:1]]


def communes_unlike(catalogue: Catalogue) -> list[str]:
    """A commune for each set of zones that the offers can tell apart, the main one of the basin first."""
    zones = frozenset[str]().union(*(offre.zones for offre in catalogue.offres))
    return [place.code for place in territory.unlike(zones, catalogue.territoire.commune)]
