"""What is wrong between rules: unreachable, contrary, included in one another, ill-dated.

Rules are compared inside one effect only. Their own examples are tried first: they settle nearly every pair. What they
leave is searched on the situations that the rules read (`lint_space`); a fault is said only when it is proved there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from analysis.examples import facts_of_example
from analysis.lint_places import Places
from analysis.lint_space import Budget, Dependances, Lot, Projection, Recherche, in_words
from analysis.problems import FauteBase
from engine.base import Base
from engine.catalogue import Offre
from engine.conditions import (
    TOUJOURS,
    Aucun,
    Condition,
    Critere,
    Faits,
    Tous,
    UnDe,
    compile_condition,
    specialise,
)
from engine.documents import Diagnostic
from engine.places import UnknownName
from engine.ruleset import Regle
from engine.situation import Situation

MAX_PAIRS = 300_000
"""Pairs of rules of a same effect that are compared; beyond it the rest is not, which is said."""

FIRST_WINS = ("niveau", "besoin_presume")
"""Effects of which the first rule alone counts: their order is the declared exception."""


class Sujet:
    """A rule on one offer, or on no offer: when it concludes."""

    def __init__(self, si: Condition, sauf: Condition | None, offre: Offre | None = None) -> None:
        self.si, self.sauf, self.offre = si, sauf, offre
        self._si = compile_condition(si)
        self._sauf = compile_condition(sauf) if sauf is not None else None

    def concludes(self, facts: Faits) -> bool:
        """Whether the rule concludes on facts, its dates left aside."""
        return self._si(facts) is True and not (self._sauf is not None and self._sauf(facts) is True)

    def where(self, lot: Lot) -> int:
        """The situations in which it concludes, among some."""
        return lot.true(self.si) & ~(lot.true(self.sauf) if self.sauf is not None else 0)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What it reads."""
        return (self.si,) if self.sauf is None else (self.si, self.sauf)


@dataclass(frozen=True)
class Regles:
    """The rules under analysis, and what is computed once about them."""

    base: Base
    on: date
    places: Places
    incertains: frozenset[str]
    compte: Budget

    def check(self) -> Iterator[Diagnostic]:
        """Every fault between rules."""
        rules = [rule for rule in self.base.rules.regles if self.is_certain(rule)]
        for rule in rules:
            yield from self._check_reachable(rule)
        yield from self._check_cep(rules)
        yield from self._check_always_rejected(rules)
        yield from self._check_included(rules)

    # --- what is computed once ---

    @cached_property
    def _dependances(self) -> dict[date, Dependances]:
        return {}

    def dependances(self, on: date) -> Dependances:
        """The rules in force on a date, by what they conclude."""
        return self._dependances.setdefault(on, Dependances(self.base, on))

    @cached_property
    def _subjects(self) -> dict[str, dict[str | None, Sujet]]:
        return {}

    def subjects(self, rule: Regle) -> dict[str | None, Sujet]:
        """The rule alone (None), or on each offer that it may be about."""
        if rule.id not in self._subjects:
            built = self._build_subjects(rule)
            self._subjects[rule.id] = {sujet.offre.id if sujet.offre else None: sujet for sujet in built}
        return self._subjects[rule.id]

    def _build_subjects(self, rule: Regle) -> Iterator[Sujet]:
        if rule.strate != "offres":
            yield Sujet(rule.si, rule.sauf)
            return
        for offre in self.base.catalogue.offres:
            si = specialise(rule.si, offre.faits)
            sauf = False if rule.sauf is None else specialise(rule.sauf, offre.faits)
            if si is not False and sauf is not True:
                yield Sujet(TOUJOURS if si is True else si, None if sauf is False else sauf, offre)

    @cached_property
    def _examples(self) -> dict[str, list[tuple[str | None, Faits]]]:
        return {}

    def examples(self, rule: Regle) -> list[tuple[str | None, Faits]]:
        """The facts of the examples that fire a rule, each with its offer."""
        if rule.id not in self._examples:
            self._examples[rule.id] = list(self._read_examples(rule))
        return self._examples[rule.id]

    def _read_examples(self, rule: Regle) -> Iterator[tuple[str | None, Faits]]:
        by_offer = self.subjects(rule)
        when = self.date_of(rule)
        for example in (one.dit for one in rule.joues if one.attendu == "oui"):
            if "avec" in example:
                continue  # an offer that the catalogue does not have
            try:
                facts = facts_of_example(rule, example, self.base, when)
            except (KeyError, UnknownName, ValueError):
                continue
            offre = example.get("offre") if rule.strate == "offres" else None
            sujet = by_offer.get(offre)
            if sujet is not None and sujet.concludes(facts):
                yield offre, facts

    def date_of(self, *rules: Regle) -> date:
        """A date on which rules are looked at: the date of the check when they hold on it, else when they do."""
        if all(rule.holds_on(self.on) for rule in rules):
            return self.on
        starts = [rule.depuis for rule in rules if rule.depuis is not None]
        ends = [rule.jusqu_a for rule in rules if rule.jusqu_a is not None]
        if starts and max(starts) > self.on:
            return max(starts)
        return min(ends) - timedelta(days=1) if ends else self.on

    def is_certain(self, rule: Regle) -> bool:
        """Whether nothing that the rule reads is concluded by a rule that could not be read."""
        if not self.incertains:
            return True
        conditions = (rule.si,) if rule.sauf is None else (rule.si, rule.sauf)
        keys = Projection(self.dependances(self.date_of(rule)), conditions).faits_lus
        return not any(key in self.incertains or key.partition("=")[0] in self.incertains for key in keys)

    # --- reachable ---

    def _check_reachable(self, rule: Regle) -> Iterator[Diagnostic]:
        if self.examples(rule):
            return
        tried, whole = 0, True
        for sujet in self.subjects(rule).values() or (Sujet(rule.si, rule.sauf),):
            found = self._search(sujet, None, self.date_of(rule), free=not self.subjects(rule))
            if found.cas is not None:
                return
            tried, whole = tried + found.essais, whole and found.complet
        if self.compte.epuise:
            return  # said once, for the whole base
        espece = FauteBase.INATTEIGNABLE if whole else FauteBase.JAMAIS_VUE
        yield self.places.rule(rule, "si", espece(regle=rule.id, essais=tried))

    def _search(self, sujet: Sujet, other: Sujet | None, on: date, *, free: bool = False) -> Recherche:
        """A case in which a rule concludes, and another does not when there is one; `free`: for any possible offer."""
        conditions = sujet.conditions + (other.conditions if other else ())
        projection = Projection(self.dependances(on), conditions, sujet.offre, libre=free)

        def wanted(lot: Lot) -> int:
            return sujet.where(lot) & ~(other.where(lot) if other else 0)

        return projection.find(wanted, self.compte)

    # --- contrary ---

    def _check_cep(self, rules: list[Regle]) -> Iterator[Diagnostic]:
        opening = [rule for rule in rules if rule.alors.cep == "oui"]
        closing = [rule for rule in rules if rule.alors.cep == "non"]
        for closed in closing:
            for opened in opening:
                if not _meet(opened, closed):
                    continue
                case = self._both(opened, closed)
                if case is not None:
                    both = FauteBase.CEP_CONTRAIRES(regle=closed.id, autre=opened.id, situation=in_words(case))
                    yield self.places.rule(closed, "alors", both)

    def _both(self, first: Regle, second: Regle) -> Situation | None:
        one, two = self.subjects(first)[None], self.subjects(second)[None]
        projection = Projection(self.dependances(self.date_of(first, second)), one.conditions + two.conditions)
        return projection.find(lambda lot: one.where(lot) & two.where(lot), self.compte).cas

    def _check_always_rejected(self, rules: list[Regle]) -> Iterator[Diagnostic]:
        rejecting = [rule for rule in rules if rule.alors.exclut]
        for rule in rules:
            if rule.alors.priorise:
                for other in rejecting:
                    if _within(rule, other) and self._implied(rule, other):
                        always = FauteBase.TOUJOURS_ECARTEE(regle=rule.id, autre=other.id)
                        yield self.places.rule(rule, "alors", always)
                        break

    # --- included ---

    def _check_included(self, rules: list[Regle]) -> Iterator[Diagnostic]:
        order = {rule.id: place for place, rule in enumerate(rules)}
        groups = _by_effect(rules)
        compared = 0
        for rule in rules:
            effects = _effects(rule)
            if not effects or not self.subjects(rule):
                continue
            for other in groups[effects[0]]:
                compared += 1
                if compared > MAX_PAIRS:
                    self.compte.epuise = True
                    return
                found = self._compare(rule, other, order)
                if found is not None:
                    yield found
                    break

    def _compare(self, rule: Regle, other: Regle, order: dict[str, int]) -> Diagnostic | None:
        """What is wrong of a rule because of another that concludes as much (or, first wins, before it)."""
        if rule.id == other.id:
            return None
        effect = next((name for name in FIRST_WINS if getattr(rule.alors, name)), None)
        alone = effect is not None and rule.alors.model_fields_set == {effect}
        earlier = order[other.id] < order[rule.id]
        same = set(_effects(rule)) <= set(_effects(other))
        masked = alone and earlier
        if not (masked or same) or (alone and not earlier) or (effect and not alone):
            return None
        if not self._implied(rule, other):
            return None
        if _within(rule, other):
            if not earlier and _within(other, rule) and self._implied(other, rule):
                return None  # the same twice: said once, of the second
            espece = FauteBase.MASQUEE if masked else FauteBase.INCLUSE
            found = espece(regle=rule.id, autre=other.id, place=f"{other.fichier}:{other.ligne}")
            return self.places.rule(rule, "si", found)
        return self._dates(rule, other) if same else None

    def _dates(self, rule: Regle, other: Regle) -> Diagnostic | None:
        """Two versions of a rule, of which neither is in force only with the other: do they follow each other?"""
        before, after = sorted((rule, other), key=lambda item: (item.depuis or date.min, item.id))
        if _meet(rule, other):
            start = after.depuis
            both = FauteBase.CHEVAUCHEMENT(regle=before.id, autre=after.id, debut=start)
            return self.places.rule(before, "en_vigueur", both)
        end, start = before.jusqu_a, after.depuis
        if end is None or start is None or end >= start or self._is_covered(before, end, start):
            return None
        none = FauteBase.TROU(regle=before.id, fin=end, autre=after.id, debut=start)
        return self.places.rule(before, "en_vigueur", none)

    def _is_covered(self, rule: Regle, start: date, end: date) -> bool:
        """Whether rules that conclude each time that this one did are in force from one date to another."""
        same = (other for other in self.base.rules.regles if _effects(other) == _effects(rule) and other is not rule)
        group = [other for other in same if self._implied(rule, other)]
        reached = start
        for opened, closed in sorted((other.depuis or date.min, other.jusqu_a or date.max) for other in group):
            if opened <= reached:
                reached = max(reached, closed)
        return reached >= end

    def _implied(self, rule: Regle, other: Regle) -> bool:
        """Whether a rule never concludes without another, proved; their dates left aside."""
        subjects, others = self.subjects(rule), self.subjects(other)
        if not subjects or not subjects.keys() <= others.keys():
            return False
        if not all(others[offre].concludes(facts) for offre, facts in self.examples(rule)):
            return False
        if entails(rule.si, other.si) and other.sauf in (None, rule.sauf):
            return True
        on = self.date_of(rule, other)
        for offre, sujet in subjects.items():
            found = self._search(sujet, others[offre], on)
            if found.cas is not None or not found.complet:
                return False
        if rule.strate != "offres":
            return True
        found = self._search(Sujet(rule.si, rule.sauf), Sujet(other.si, other.sauf), on, free=True)
        return found.cas is None and found.complet


def entails(first: Condition, second: Condition) -> bool:
    """Whether the form alone of two conditions shows that the first is never true without the second."""
    if isinstance(first, Critere):
        return entails(first.sens, second)
    if isinstance(second, Critere):
        return entails(first, second.sens)
    if first == second:
        return True
    if isinstance(first, UnDe):
        return bool(first.parties) and all(entails(part, second) for part in first.parties)
    if isinstance(second, Tous):
        return all(entails(first, part) for part in second.parties)
    if isinstance(first, Aucun) and isinstance(second, Aucun):
        return entails(UnDe(second.parties), UnDe(first.parties))
    if isinstance(second, UnDe) and any(entails(first, part) for part in second.parties):
        return True
    return isinstance(first, Tous) and any(entails(part, second) for part in first.parties)


def _effects(rule: Regle) -> list[tuple[str, object]]:
    """What a rule concludes, as comparable pairs, in a stable order."""
    return [(name, getattr(rule.alors, name)) for name in sorted(rule.alors.model_fields_set)]


def _by_effect(rules: list[Regle]) -> dict[tuple[str, object], list[Regle]]:
    """The rules that may make each effect useless: those that have it, or any of a first-wins effect."""
    groups: dict[tuple[str, object], list[Regle]] = defaultdict(list)
    for rule in rules:
        for effect in _effects(rule):
            groups[effect].append(rule)
    for name in FIRST_WINS:
        every = [rule for rule in rules if getattr(rule.alors, name)]
        for rule in every:
            groups[(name, getattr(rule.alors, name))] = every
    return groups


def _within(rule: Regle, other: Regle) -> bool:
    """Whether a rule is in force only when another is."""
    starts = (other.depuis or date.min) <= (rule.depuis or date.min)
    return starts and (rule.jusqu_a or date.max) <= (other.jusqu_a or date.max)


def _meet(rule: Regle, other: Regle) -> bool:
    """Whether two rules are in force on a same date."""
    start = max(rule.depuis or date.min, other.depuis or date.min)
    return start < min(rule.jusqu_a or date.max, other.jusqu_a or date.max)
