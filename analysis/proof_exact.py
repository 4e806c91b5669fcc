"""What is proved of every situation there can be, not only of those that are tried.

Whether an offer is rejected depends on few answers: all of them are decided. An offer that a prohibition names must be
rejected wherever the prohibition holds; an offer of first reception that nothing rejects is an answer for everyone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from analysis.lint_space import Budget, Dependances, Lot, Projection, Recherche
from analysis.space import coherent
from engine.base import Base
from engine.catalogue import Offre
from engine.conditions import Condition, specialise
from engine.ruleset import Interdit
from engine.sets import ONE
from engine.situation import Situation


@dataclass(frozen=True, slots=True)
class Exacte:
    """A property, what it was decided on, and a situation that may break it; `prouvee` when none can, `vide` when it
    holds only because its condition never does."""

    propriete: str
    resume: str
    situations: int
    prouvee: bool
    exemple: Situation | None = None
    vide: bool = False


def prove_exactly(base: Base, on: date) -> tuple[Exacte, ...]:
    """Every property that can be decided without trying whole situations."""
    dependances = Dependances(base, on)
    return (_answered(dependances), *(_forbidden(never, dependances) for never in base.rules.interdits))


def _answered(dependances: Dependances) -> Exacte:
    """Whether an offer of first reception is never rejected; so that one more answer never loses it either."""
    base = dependances.base
    default = base.rules.vocabulaire.besoin_par_defaut
    tried = 0
    for offre in base.catalogue.offres:
        spro = offre.service.spro
        if default in spro.besoins and not (offre.zones or spro.sur_mandat):
            found = _search(offre, (), dependances, lambda _, rejected: rejected)
            tried += found.essais
            if found.cas is None and found.complet:
                resume = f"Toute situation reçoit une réponse : rien n'écarte jamais le service « {offre.id} »."
                return Exacte("toujours-une-reponse", resume, tried, prouvee=True)
    return Exacte("toujours-une-reponse", "Toute situation reçoit une réponse.", tried, prouvee=False)


def _forbidden(never: Interdit, dependances: Dependances) -> Exacte:
    """Whether every offer of a role is rejected wherever a prohibition holds."""
    tried, proved, reached = 0, True, False
    for offre in dependances.base.catalogue.offres:
        if offre.structure.spro.role == never.role:
            if not reached:
                meant = _search(offre, (never.si,), dependances, lambda lot, _: lot.true(never.si))
                reached = meant.cas is not None or not meant.complet
            found = _search(offre, (never.si,), dependances, lambda lot, rejected: lot.true(never.si) & ~rejected)
            tried += found.essais
            if found.cas is not None:
                return Exacte(never.id, never.resume, tried, prouvee=False, exemple=_asking(found.cas, offre))
            proved = proved and found.complet
    return Exacte(never.id, never.resume, tried, prouvee=proved, vide=proved and not reached)


def _search(
    offre: Offre,
    also: tuple[Condition, ...],
    dependances: Dependances,
    wanted: Callable[[Lot, int], int],
) -> Recherche:
    """A situation that is wanted, knowing where the offer is rejected."""
    rejecting = [rule for rule in dependances.regles if rule.alors.exclut]
    folded = [specialise(rule.si, offre.faits) for rule in rejecting]
    left = tuple(part for part in folded if not isinstance(part, bool))
    always = any(part is True for part in folded)

    def found(lot: Lot) -> int:
        return wanted(lot, lot.rows if always else ONE.union(map(lot.true, left)))

    return Projection(dependances, (*left, *also), offre).find(found, Budget())


def _asking(situation: Situation, offre: Offre) -> Situation:
    """The situation with a demand that the offer answers, when it has none."""
    if situation.besoins:
        return situation
    said = situation.model_dump(exclude_none=True) | {"besoins": (offre.service.spro.besoins[0],)}
    return coherent(said, type(situation)) or situation
