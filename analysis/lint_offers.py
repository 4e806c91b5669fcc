"""What is wrong between the rules and the catalogue: offers, needs, questions and criteria that serve nobody.

An offer and a need are decided on every answer that the rejecting rules read. A question or a criterion is tried on
the examples of the rules and on a covering array of every two answers: one situation is enough to clear it, and what is
said of the others tells how many were tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from analysis.examples import situation_of
from analysis.lint_places import Places
from analysis.lint_rules import Regles
from analysis.lint_space import Cas, Compte, Projection
from analysis.space import coherent, dimensions, pairs
from analysis.view import Vue
from engine import territory
from engine.base import Base
from engine.catalogue import Offre
from engine.conditions import Condition, Test, UnDe, compile_condition, evaluate, keys_of, specialise
from engine.documents import Diagnostic
from engine.orientation import (
    Contexte,
    Selection,
    UnknownName,
    by_evaluation,
    facts_of,
    qualify,
    roles_of,
    select,
)
from engine.ruleset import Regle
from engine.situation import Situation

MAX_WORK = 400_000
"""Situations times rules, for the trial of questions and criteria; beyond it nothing is concluded, which is said."""

NEVER_ASKED = frozenset({"bureau"})
"""The desk is known by the desk itself: it is not a question to the visitor."""


@dataclass(frozen=True)
class Offres:
    """The catalogue under analysis."""

    regles: Regles
    besoins_incertains: frozenset[str] | None
    """Needs that sheets left out may serve; None when they cannot be known."""
    compte: Compte

    @property
    def base(self) -> Base:
        """The rules and the catalogue."""
        return self.regles.base

    @property
    def places(self) -> Places:
        """Where things are written."""
        return self.regles.places

    def check(self, *, whole: bool) -> Iterator[Diagnostic]:
        """Every fault of offers and needs; of questions and criteria too when the base was read whole."""
        unreachable = set()
        for offre in self.base.catalogue.offres:
            found = self._check_offer(offre)
            if found is not None:
                yield found
                unreachable |= {offre.id} if found.code == "offre-inatteignable" else set()
        yield from self._check_needs(frozenset(unreachable))
        if whole:
            yield from self._check_by_trial()

    # --- offers ---

    @cached_property
    def _basin(self) -> frozenset[territory.Commune]:
        basin = self.base.catalogue.territoire
        found = {place for zone in basin.zones for place in territory.communes_of(zone)}
        home = territory.commune(basin.commune)
        return frozenset(found | ({home} if home else set()))

    def _commune_in(self, offre: Offre) -> str | None:
        """A commune of the basin that an offer covers."""
        covered = (place.code for place in self._basin if place.zones & offre.zones)
        return min(covered, default=None)

    def _check_offer(self, offre: Offre) -> Diagnostic | None:
        commune = self._commune_in(offre)
        if offre.zones and commune is None:
            message = f"le service « {offre.id} » ne couvre aucune commune du bassin : personne n'y sera orienté."
            return self.places.service(offre.id, message, "offre-inatteignable", "Corrigez « zone_eligibilite ».")
        in_force = self.regles.dependances(self.regles.on).regles
        rejecting = [rule for rule in in_force if rule.alors.exclut]
        folded = [(rule, specialise(rule.si, offre.faits)) for rule in rejecting]
        left = [part for _, part in folded if not isinstance(part, bool)]
        always = next((rule for rule, part in folded if part is True), None)
        hint = "Corrigez ses âges, statuts, publics ou zones, ou la règle qui l'écarte."
        if always is not None:
            message = f"le service « {offre.id} » est toujours écarté par la règle « {always.id} »."
            return self.places.service(offre.id, message, "offre-inatteignable", hint)
        return self._search_offer(offre, left, commune, hint)

    def _search_offer(self, offre: Offre, left: list[Condition], commune: str | None, hint: str) -> Diagnostic | None:
        spro = offre.service.spro
        role = offre.structure.spro.role
        needs = UnDe(tuple(Test(f"besoins={need}", "==", True) for need in spro.besoins))
        wanted = Test(f"referents={role}", "==", True) if spro.sur_mandat else needs
        dependances = self.regles.dependances(self.regles.on)
        projection = Projection(dependances, (*left, wanted), offre, (commune,) if commune else ())
        if any(key in self.regles.incertains or _name(key) in self.regles.incertains for key in projection.faits_lus):
            return None
        tests = [compile_condition(part) for part in left]

        def reached(case: Cas) -> bool:
            found = case.qualification
            asked = (
                role in found.referents
                if spro.sur_mandat
                else not set(spro.besoins).isdisjoint((*found.profil.besoins, *found.profil.besoins_complementaires))
            )
            return asked and all(test(case.faits) is False for test in tests)

        search = projection.find(reached, self.compte)
        if search.cas is not None or not search.essais:
            return None
        if not search.complet:
            message = f"aucune des {search.essais} situations essayées ne mène au service « {offre.id} »."
            return self.places.service(offre.id, message, "analyse-partielle", "Ce n'est pas une preuve : vérifiez-le.")
        message = (
            f"aucune personne du bassin ne peut recevoir le service « {offre.id} » "
            f"({search.essais} situations essayées, toutes celles qui comptent)."
        )
        return self.places.service(offre.id, message, "offre-inatteignable", hint)

    # --- needs ---

    def _check_needs(self, unreachable: frozenset[str]) -> Iterator[Diagnostic]:
        if self.besoins_incertains is None:
            return
        served = {
            need
            for offre in self.base.catalogue.offres
            if not offre.service.spro.sur_mandat and offre.id not in unreachable
            for need in offre.service.spro.besoins
        }
        explained = self.base.catalogue.territoire.sans_offre
        for need in self.base.rules.vocabulaire.besoins:
            if need in served and need in explained:
                message = f"le besoin « {need} » est dit sans offre, mais une offre du bassin y répond."
                hint = "Retirez-le de « sans_offre »."
            elif need not in served | self.besoins_incertains and need not in explained:
                message = f"aucune offre du bassin ne répond au besoin « {need} »."
                hint = "Complétez une fiche, ou dites pourquoi avec « sans_offre » dans territoire.yaml."
            else:
                continue
            place = ("sans_offre", need) if need in explained else ("sans_offre",)
            yield self.places.basin(place, message, "besoin-sans-offre", hint)

    # --- questions and criteria ---

    def _check_by_trial(self) -> Iterator[Diagnostic]:
        read = self._fields_read()
        questions = [name for name in self.base.rules.vocabulaire.champs if name not in NEVER_ASKED]
        open_questions = {name for name in questions if name in read}
        criteria = [criterion.id for criterion in self.base.rules.criteres]
        left = set(range(len(criteria)))
        tried = 0
        for situation in self._sample():
            if not (open_questions or left):
                break
            if tried * len(self.base.rules.regles) > MAX_WORK:
                names = [*sorted(open_questions), *(criteria[position] for position in sorted(left))]
                message = f"{tried} situations essayées sans voir d'effet à : {', '.join(names)} ; ce n'est pas conclu."
                yield self.places.criterion(
                    0, message, "analyse-partielle", "La base est trop grande pour tout essayer."
                )
                open_questions, left = set(), set()
                break
            tried += 1
            left -= self._deciding(situation)
            open_questions -= {name for name in sorted(open_questions) if self._matters(name, situation)}
        for name in questions:
            if name not in read:
                yield self._useless(name, "aucune règle en vigueur ne lit la réponse")
            elif name in open_questions:
                yield self._useless(name, f"{tried} situations essayées, avec et sans la réponse")
        for position in sorted(left):
            message = (
                f"le critère « {criteria[position]} » ne départage jamais deux offres ({tried} situations essayées)."
            )
            hint = "Un critère placé avant décide toujours, ou ses règles visent toutes les offres : changez l'ordre."
            yield self.places.criterion(position, message, "critere-sans-effet", hint)

    def _useless(self, name: str, why: str) -> Diagnostic:
        message = f"la question « {name} » ne change jamais l'orientation ({why})."
        hint = "Ne la posez pas : retirez la question, ou la règle qui devait la lire est à écrire."
        return self.places.entry("vocabulaire.yaml", ("champs", name), message, "question-inutile", hint)

    def _fields_read(self) -> frozenset[str]:
        """The questions that some rule in force looks at, the place and the needs being looked at by the index too."""
        found = {"besoins", "commune"}
        for rule in self.regles.dependances(self.regles.on).regles:
            for condition in (rule.si, rule.sauf):
                found |= {_name(key) for key in keys_of(condition)} if condition is not None else set()
        return frozenset(found)

    def _sample(self) -> Iterator[Situation]:
        seen: set[str] = set()
        for situation in self._raw_sample():
            key = situation.model_dump_json(exclude_none=True)
            if key not in seen:
                seen.add(key)
                yield situation

    def _raw_sample(self) -> Iterator[Situation]:
        yield Situation()
        for rule in reversed(self.regles.dependances(self.regles.on).regles):
            for example in _examples(rule):
                yield situation_of(example)
        desks = sorted({offre.structure.id for offre in self.base.catalogue.offres})
        for number, situation in enumerate(pairs(dimensions(self.base, self.regles.on))):
            yield situation
            if number % 4 == 0:
                yield situation.model_copy(update={"bureau": desks[number // 4 % len(desks)]})

    @cached_property
    def _context(self) -> Contexte:
        return Contexte.of(self.base.catalogue, self.base.rules, self.regles.on, by_evaluation)

    def _select(self, situation: Situation) -> tuple[Vue, Selection] | None:
        try:
            qualification = qualify(situation, self._context, situation.bureau)
        except UnknownName:
            return None
        selection = select(qualification, self._context)
        if not selection.retenus:
            return None
        doors = roles_of(selection, qualification)
        shown = tuple((role, found.offre.structure.id, found.offre.id) for role, found in doors)
        profil = qualification.profil
        alerts = tuple(alert.regle for alert in profil.alertes)
        return Vue(shown, profil.cep, profil.operateurs, profil.niveau, alerts), selection

    def _deciding(self, situation: Situation) -> set[int]:
        """The positions of the criteria that decide between two neighbours of the ranking."""
        found = self._select(situation)
        return {
            next(place for place, (one, two) in enumerate(zip(first.cle, second.cle, strict=True)) if one != two)
            for first, second in pairwise(found[1].retenus if found else ())
            if first.cle != second.cle
        }

    def _matters(self, name: str, situation: Situation) -> bool:
        """Whether the answer changes what is shown, where the question is raised."""
        said = situation.model_dump(exclude_none=True)
        if name not in said:
            return False
        without = coherent({key: value for key, value in said.items() if key != name})
        if without is None:
            return False
        raised = self.base.rules.posees_si.get(name)
        if raised is not None and evaluate(raised, facts_of(without)) is not True:
            return False
        before, after = self._select(without), self._select(situation)
        if before is None or after is None:
            return before is not after
        return before[0] != after[0] or _doubts(before[1]) != _doubts(after[1])


def _doubts(selection: Selection) -> tuple[str, ...]:
    return tuple(rule.id for rule, _ in selection.retenus[0].indecises)


def _examples(rule: Regle) -> Iterable[dict[str, object]]:
    return (*rule.exemples.oui, *rule.exemples.non, *rule.exemples.inconnu)


def _name(key: str) -> str:
    return key.partition("=")[0]
