"""Why one offer stands before another, and the whole trace of a decision: every rule, what it read, what it concluded.

Read out of one decision of the visitor (`engine.orientation.Visite`), decided by durable_rules as at the desk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from analysis.problems import FauteBase
from engine.base import Base
from engine.conditions import Faits, evaluate
from engine.deciders import by_rete
from engine.decision import Contexte, Judged
from engine.explanation import Ligne, in_words
from engine.orientation import Raison, Visite
from engine.places import UnknownName
from engine.problems import unknown_name
from engine.ruleset import Regle
from engine.situation import Situation

Sort = Literal["vraie", "levée", "inconnue", "fausse"]
"""What became of a rule: true, true but lifted by its exception, undecided for want of an answer, false."""

NOT_PROPOSED = "non-proposee"
"""Stands for a criterion when there are not two proposed offers to compare."""

Place = Literal["proposée", "gardée", "écartée", "sans rapport"]
"""Whether an offer is a door that is shown, stays without being shown, is rejected by a rule, or does not answer what
was asked where the person is."""

NOT_SHOWN = Raison(
    "porte-non-montree",
    "L'offre reste possible sans être montrée : sa structure a déjà une porte, plus d'une réponse manque encore, ou "
    "elle ne répond pas au premier besoin.",
    ("charte-1-orienter",),
)
NO_ANSWER = Raison("besoin-principal", "Cette offre ne répond pas à la demande.", ("charte-1-orienter",))


@dataclass(frozen=True, slots=True)
class RegleLue:
    """A rule as it was met: what became of it, and its condition with the verdict of each line."""

    regle: Regle
    sort: Sort
    si: tuple[Ligne, ...]
    sauf: tuple[Ligne, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        lines = {"si": self.si, "sauf": self.sauf}
        return {"regle": self.regle.id, "libelle": self.regle.libelle, "verdict": self.sort} | {
            name: [{"texte": line.texte, "profondeur": line.profondeur, "verdict": line.verdict} for line in some]
            for name, some in lines.items()
            if some
        }


@dataclass(frozen=True, slots=True)
class OffreLue:
    """An offer as it was met: its place, its rank by criterion (smaller is better), and the rules about it."""

    structure: str
    service: str
    place: Place
    rangs: tuple[int | str, ...]
    regles: tuple[RegleLue, ...]
    pourquoi_pas: tuple[Raison, ...]


@dataclass(frozen=True, slots=True)
class Explication:
    """Two offers compared, and the trace of the decision by stratum.

    `devant`: the service that comes first of the two, None when neither is proposed; `critere` decides.
    """

    une: OffreLue
    autre: OffreLue
    devant: str | None
    critere: str
    texte: str
    criteres: tuple[tuple[str, str], ...]
    strates: tuple[tuple[str, tuple[RegleLue, ...]], ...]

    def to_json(self) -> dict[str, Any]:
        """As plain data; `critere` is the identifier of what decides."""
        ranks = zip(self.criteres, self.une.rangs, self.autre.rangs, strict=True)
        return {
            "pourquoi": {"structure": self.une.structure, "service": self.une.service, "place": self.une.place},
            "plutot_que": {"structure": self.autre.structure, "service": self.autre.service, "place": self.autre.place},
            "devant": self.devant,
            "critere": self.critere,
            "texte": self.texte,
            "criteres": [
                {"id": name, "libelle": label, "pourquoi": one, "plutot_que": two} for (name, label), one, two in ranks
            ],
            "strates": [{"strate": name, "regles": [rule.to_json() for rule in rules]} for name, rules in self.strates],
            "offres": {offer.service: [rule.to_json() for rule in offer.regles] for offer in (self.une, self.autre)},
        }


def explain(one: str, other: str, situation: Situation, base: Base, on: date, desk: str | None = None) -> Explication:
    """Compares two structures or services for a visitor.

    Raises UnknownName for a structure, a service, a desk or a commune that does not exist, or has no offer.
    """
    visit = Visite.of(situation, Contexte.of(base.catalogue, base.rules, on), desk, by_rete)
    doors = {item: role for role, item in visit.portes()}
    shown = list(doors)
    found = [_find(name, visit, shown, base) for name in (one, other)]
    une, autre = (_offer(item, visit, shown) for item in found)
    named = {item: _named(item, name, base) for item, name in zip(found, (one, other), strict=True)}
    placed = sorted((item for item in found if item in doors), key=shown.index)
    critere = NOT_PROPOSED
    if found[0].offre.id == found[1].offre.id:
        texte = f"C'est la même offre : {named[found[0]]}."
    elif not placed:
        texte = f"Ni {named[found[0]]} ni {named[found[1]]} ne sont parmi les portes de cette demande."
    elif len(placed) == 1:
        missing = found[1] if placed[0] is found[0] else found[0]
        texte = f"{named[placed[0]]} est parmi les portes de cette demande, {named[missing]} n'y est pas."
    else:
        ahead, behind = placed
        after = visit.apres(ahead, behind, doors[behind])
        critere, texte = after.critere, f"{named[behind]} : {after.texte[:1].lower()}{after.texte[1:]}"
    return Explication(
        une,
        autre,
        placed[0].offre.id if placed else None,
        critere,
        texte,
        tuple((criterion.id, criterion.libelle) for criterion in base.rules.criteres),
        tuple(_strata(visit)),
    )


def _find(name: str, visit: Visite, shown: Sequence[Judged[int]], base: Base) -> Judged[int]:
    """A service, or that of a structure by which it is shown to this visitor, else the best one."""
    catalogue = base.catalogue
    wanted = [catalogue.offre_by_id[name]] if name in catalogue.offre_by_id else catalogue.of_structure(name)
    if not wanted and name in catalogue.structures:
        raise UnknownName("structure", FauteBase.SANS_OFFRE_A_COMPARER(structure=name))
    if not wanted:
        known = {*catalogue.offre_by_id, *(offre.structure.id for offre in catalogue.offres)}
        raise UnknownName("structure", unknown_name("structure ou service", name, known))
    met = {item.offre.id: item for item in (*visit.decision.judged, *shown)}
    judged = [met.get(offre.id) or visit.decision.judge([offre])[0] for offre in wanted]
    first = next((item for item in shown if item in judged), None)
    return first or visit.decision.ranked((item, 1) for item in judged)[0][0]


def _named(item: Judged[int], name: str, base: Base) -> str:
    """The structure, with the service when it is the service that was asked about."""
    service = f" (« {item.offre.service.nom} »)" if name in base.catalogue.offre_by_id else ""
    return f"{item.offre.structure.nom}{service}"


def _offer(item: Judged[int], visit: Visite, shown: Sequence[Judged[int]]) -> OffreLue:
    structure, service, avis = item.offre.structure.id, item.offre.id, item.avis
    facts = visit.faits_de(item.offre)
    rules = tuple(
        _rule(rule, bool(avis.rulings.true(number)), bool(avis.excepted.get(number)), facts, visit)
        for number, rule in visit.regles_lues(item)
    )
    reasons: tuple[Raison, ...] = ()
    if item in shown:
        place: Place = "proposée"
    elif avis.candidate & ~avis.rejected:
        place, reasons = "gardée", (NOT_SHOWN,)
    else:
        place = "écartée" if avis.candidate else "sans rapport"
        why = visit.pourquoi_pas(structure)
        reasons = next((found.raisons for found in why if found.service in (service, "")), (NO_ANSWER,))
    return OffreLue(structure, service, place, visit.rang(item), rules, reasons)


def _strata(visit: Visite) -> Iterator[tuple[str, tuple[RegleLue, ...]]]:
    decided = visit.decision
    parts = {
        "publics": decided.publics,
        "cep": decided.cep,
        "besoins": decided.besoins,
        "niveau": decided.niveau,
        "alertes": decided.alertes,
    }
    decided.path()  # says which structure comes first, which the last stratum reads
    parts["parcours"] = decided.conclude("parcours")
    facts = visit.seul.faits
    for name, concluded in parts.items():
        rules = (
            _rule(found.regle, bool(concluded.true(found)), not found.oui, facts, visit) for found in concluded.all
        )
        yield name, tuple(rules)


def _rule(rule: Regle, true: bool, lifted: bool, facts: Faits, visit: Visite) -> RegleLue:
    rules = visit.decision.context.rules
    unknown = not true and evaluate(rule.si, facts) is None
    sort: Sort = ("levée" if lifted else "vraie") if true else "inconnue" if unknown else "fausse"
    unless = tuple(in_words(rule.sauf, rules, facts)) if rule.sauf else ()
    return RegleLue(rule, sort, tuple(in_words(rule.si, rules, facts)), unless)
