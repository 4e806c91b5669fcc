"""Whether a mutant says the same as its rule in every situation, for every offer: a proof, or none."""

from __future__ import annotations

from datetime import date

from analysis.lint_space import Budget, Dependances, Lot, Projection, Recherche
from engine.base import Base
from engine.catalogue import Offre
from engine.conditions import Condition, Evaluer, Faits, Verdict, compile_condition, specialise
from engine.ruleset import Regle


def decider(rule: Regle) -> Evaluer:
    """What a rule answers to facts, its exception included."""
    si, sauf = compile_condition(rule.si), compile_condition(rule.sauf) if rule.sauf else None

    def decide(facts: Faits) -> Verdict:
        return False if sauf is not None and sauf(facts) is True else si(facts)

    return decide


def are_equivalent(first: Regle, second: Regle, base: Base, on: date) -> bool:
    """Whether two versions of a rule have the same verdict, unknown included, wherever they can differ.

    For a rule about offers: for any that a sheet may declare or, when these are too many, for each of the catalogue.
    False when a situation tells the versions apart, and when there are too many to decide them all.
    """
    dependances = Dependances(base, on)
    if first.strate != "offres":
        return _is_proved(_difference(first, second, dependances, None))
    any_offer = _difference(first, second, dependances, None, libre=True)
    if any_offer.cas is not None or any_offer.complet:
        return any_offer.cas is None
    return all(_is_proved(_difference(first, second, dependances, offre)) for offre in base.catalogue.offres)


def _is_proved(found: Recherche) -> bool:
    return found.cas is None and found.complet


def _difference(
    first: Regle, second: Regle, dependances: Dependances, offre: Offre | None, *, libre: bool = False
) -> Recherche:
    one, two = _left(first, offre), _left(second, offre)
    read = tuple(part for part in (*one, *two) if not isinstance(part, bool))

    def differs(lot: Lot) -> int:
        (true, false), (also_true, also_false) = _verdict(one, lot), _verdict(two, lot)
        return (true ^ also_true) | (false ^ also_false)

    return Projection(dependances, read, offre, libre=libre).find(differs, Budget())


def _left(rule: Regle, offre: Offre | None) -> tuple[Condition | bool, Condition | bool]:
    """The condition and the exception of a rule, once the facts of an offer are known."""
    facts = offre.faits if offre else {}
    return specialise(rule.si, facts), specialise(rule.sauf, facts) if rule.sauf is not None else False


def _verdict(parts: tuple[Condition | bool, Condition | bool], lot: Lot) -> tuple[int, int]:
    si, sauf = (
        ((lot.rows, 0) if part else (0, lot.rows)) if isinstance(part, bool) else lot.verdict(part) for part in parts
    )
    return si[0] & ~sauf[0], si[1] | sauf[0]
