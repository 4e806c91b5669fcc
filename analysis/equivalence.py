"""Whether a mutant says the same as its rule in every situation, for every offer: a proof, or none."""

from __future__ import annotations

from datetime import date

from analysis.lint_space import Cas, Compte, Dependances, Projection
from engine.base import Base
from engine.catalogue import Offre
from engine.conditions import Condition, Evaluer, Faits, Verdict, compile_condition
from engine.ruleset import Regle


def decider(rule: Regle) -> Evaluer:
    """What a rule answers to facts, its exception included."""
    si, sauf = compile_condition(rule.si), compile_condition(rule.sauf) if rule.sauf else None

    def decide(facts: Faits) -> Verdict:
        return False if sauf is not None and sauf(facts) is True else si(facts)

    return decide


def are_equivalent(first: Regle, second: Regle, base: Base, on: date) -> bool:
    """Whether two versions of a rule have the same verdict, unknown included, wherever they can differ.

    False when a situation tells them apart, and when there are too many to try them all.
    """
    conditions = tuple(part for rule in (first, second) for part in (rule.si, rule.sauf) if part is not None)
    dependances = Dependances(base, on)
    offers: list[Offre | None] = [*base.catalogue.offres] if first.strate == "offres" else [None]
    if first.strate == "offres" and not _agree(first, second, conditions, dependances, None, free=True):
        return False
    return all(_agree(first, second, conditions, dependances, offre, free=False) for offre in offers)


def _agree(
    first: Regle,
    second: Regle,
    conditions: tuple[Condition, ...],
    dependances: Dependances,
    offre: Offre | None,
    *,
    free: bool,
) -> bool:
    one, two = decider(first), decider(second)

    def differs(case: Cas) -> bool:
        return one(case.faits) is not two(case.faits)

    found = Projection(dependances, conditions, offre, libre=free).find(differs, Compte())
    return found.cas is None and found.complet
