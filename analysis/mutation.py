"""Mutation testing of the rule base: each rule is changed a little, and an example or a scenario must notice.

A mutant is killed by an example of its rule, by one of another rule, or by a scenario. One that nothing kills is a
survivor, shown with a small situation that tells it apart. When no situation of the sample does (every example, every
change of one or two answers of the rule's own examples, the covering array of all pairs), it is equivalent if that is
proved of every situation (`equivalence`), and otherwise not told apart.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, product
from pathlib import Path
from typing import Any, Literal

from analysis.equivalence import are_equivalent, decider
from analysis.examples import EXPECTED, check_base, situation_of, verdict_of
from analysis.mutants import DAY, Mutant, Mutation, mutants_of
from analysis.space import coherent, dimensions, pairs, shrink
from analysis.view import Dossiers
from charte.features import FEATURES
from charte.replay import Enregistrement, answer, killer, record
from engine.base import Base, load_base
from engine.conditions import Condition, Critere, Faits, Test, Verdict
from engine.decision import Contexte
from engine.documents import InvalidDocuments
from engine.orientation import Visite
from engine.ruleset import Regle, StrateCompilee
from engine.situation import Situation
from engine.vocabulary import STRATES

EtatMutant = Literal["tué", "survivant", "équivalent", "non distingué"]
Progress = Callable[[int, int], None]

SHOWN: dict[Verdict, str] = {True: "oui", False: "non", None: "inconnu"}


@dataclass(frozen=True, slots=True)
class CasDistinctif:
    """What tells a mutant apart: a situation, for an offer and on a date if need be, and what differs."""

    situation: Situation
    offre: str | None
    le: date | None
    sens: str


@dataclass(frozen=True, slots=True)
class Resultat:
    """What became of a mutant: `par` says what killed it, `ecart` what tells a survivor apart."""

    regle: str
    lieu: str
    mutation: Mutation
    detail: str
    etat: EtatMutant
    par: str = ""
    ecart: CasDistinctif | None = None

    def to_json(self) -> dict[str, Any]:
        """The result as plain data."""
        found: dict[str, Any] = {
            "regle": self.regle,
            "mutation": self.mutation,
            "detail": self.detail,
            "etat": self.etat,
        }
        if self.par:
            found["par"] = self.par
        if self.ecart:
            on = self.ecart.le.isoformat() if self.ecart.le else None
            found |= {"situation": self.ecart.situation.said(), "offre": self.ecart.offre, "le": on}
            found["ecart"] = self.ecart.sens
        return found


# --- the whole run ---


@dataclass(frozen=True, slots=True)
class _State:
    base: Base
    on: date
    visites: list[Enregistrement]
    space: Mapping[str, Sequence[Any]]
    pairs: tuple[Situation, ...]


_state: _State | None = None


def _set_up(folders: Dossiers, on: date, features: Path) -> None:
    global _state  # noqa: PLW0603  # one base a process, loaded once
    base = load_base(folders.regles, folders.catalogue)
    space = dimensions(base, on)
    sampled = tuple(pairs(space, base.rules.situation))
    space["bureau"] = [None, *(found.id for found in base.catalogue.structures.values() if found.services)]
    _state = _State(base, on, record(base, features), space, sampled)


def mutate(
    folders: Dossiers, on: date, only: Sequence[str], progress: Progress, features: Path = FEATURES
) -> list[Resultat]:
    """What becomes of every mutant of every rule, or of the rules of `only`, in their order.

    Raises InvalidDocuments for a base that is wrong or whose examples fail, BrokenScenarios when scenarios do.
    """
    base = load_base(folders.regles, folders.catalogue)
    wrong = check_base(base, on)
    if wrong:
        raise InvalidDocuments(wrong)
    record(base, features)
    rules = list(only) or [rule.id for rule in base.rules.regles]
    workers = max(1, min(os.cpu_count() or 1, len(rules)))
    results: list[Resultat] = []
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, spawn, _set_up, (folders, on, features)) as pool:
        for done, found in enumerate(pool.map(_try_rule, rules), 1):
            results += found
            progress(done, len(rules))
    return results


def _try_rule(identifier: str) -> list[Resultat]:
    assert _state is not None
    base = _state.base
    rule = base.rules.by_id[identifier]
    results: list[Resultat | None] = []
    left: dict[int, Mutant] = {}
    for place, mutant in enumerate(mutants_of(rule, base.rules.regles)):
        killer = _killer(mutant, _state)
        results.append(_result(mutant, "tué", killer) if killer else None)
        if not killer:
            left[place] = mutant
    gaps = _gaps(rule, left, _state)
    for place, mutant in left.items():
        gap = gaps.get(place)
        results[place] = _result(mutant, "survivant" if gap else _unnoticed(mutant, _state), "", gap)
    return [result for result in results if result is not None]


def _unnoticed(mutant: Mutant, state: _State) -> EtatMutant:
    """What is known of a mutant that nothing tells apart."""
    rule, changed = mutant.origine, mutant.mutee
    if not mutant.decides or changed is None:
        return "non distingué"
    on = _day_of(rule, state.on)
    return "équivalent" if are_equivalent(rule, changed, state.base, on) else "non distingué"


def _result(mutant: Mutant, etat: EtatMutant, par: str, ecart: CasDistinctif | None = None) -> Resultat:
    rule = mutant.origine
    return Resultat(rule.id, f"{rule.fichier}:{rule.ligne}", mutant.mutation, mutant.detail, etat, par, ecart)


# --- killing ---


def _killer(mutant: Mutant, state: _State) -> str | None:
    """What notices the mutant, the quickest to try first."""
    if mutant.decides and mutant.mutee is not None and _notices(mutant.mutee, state.base, state.on):
        return "exemple de la règle"
    dates = {state.on, *(asked.le for visite in state.visites for asked in visite.demandes)}
    changed = mutated(state.base, mutant, dates)
    scenario = killer(state.visites, changed)
    if scenario:
        return f"scénario {scenario}"
    first = STRATES.index(mutant.origine.strate)
    for rule in state.base.rules.regles:
        if STRATES.index(rule.strate) > first and _notices(rule, changed, state.on):
            return f"exemple de {rule.id}"
    return None


def _notices(rule: Regle, base: Base, on: date) -> bool:
    return any(verdict_of(rule, example.dit, base, on) != EXPECTED[example.attendu] for example in rule.joues)


def mutated(base: Base, mutant: Mutant, dates: set[date]) -> Base:
    """The base with the mutant in place of its rule; strata that it leaves alone stay compiled for some dates."""
    origin, changed = mutant.origine, mutant.mutee
    rules = tuple(changed if rule is origin else rule for rule in base.rules.regles)
    kept = tuple(rule for rule in rules if rule is not None)
    found = base.rules.with_rules(kept)
    for on in dates:
        touched = tuple(rule for rule in kept if rule.strate == origin.strate and rule.holds_on(on))
        found._by_date[on] = {**base.rules.in_force(on), origin.strate: StrateCompilee(touched)}
    catalogue = base.catalogue
    if origin.strate == "offres":  # what is left to decide of the offers is remembered by stratum: not for a mutant
        catalogue = replace(catalogue, _specialised={})
    return Base(found, catalogue)


# --- what tells a survivor apart ---


def _gaps(rule: Regle, left: Mapping[int, Mutant], state: _State) -> dict[int, CasDistinctif]:
    """For each mutant that nothing killed, what tells it apart; none when nothing of the sample does."""
    on = _day_of(rule, state.on)
    found: dict[int, CasDistinctif] = {}
    deciding = {place: mutant for place, mutant in left.items() if mutant.decides}
    for place, (situation, offer) in _verdict_gaps(rule, deciding, on, state).items():
        found[place] = _smallest_verdict_gap(deciding[place], situation, offer, on, state)
    for place, mutant in left.items():
        gap = _answer_gap(mutant, on, state) if place not in found and _may_show(mutant) else None
        if gap:
            found[place] = gap
    return found


def _may_show(mutant: Mutant) -> bool:
    """Whether a mutant whose verdicts are the same may still change an answer.

    An answer depends on the condition of a rule by its verdict only, except for the questions behind what is left to
    check: those of a rule that rejects an offer, and of a public on which such a rule depends.
    """
    effect = mutant.origine.alors
    return not mutant.decides or effect.exclut is not None or effect.public is not None


def _day_of(rule: Regle, on: date) -> date:
    """The date asked for, or one on which the rule holds."""
    if rule.holds_on(on):
        return on
    return rule.jusqu_a - DAY if rule.jusqu_a else rule.depuis or on


def _verdict_gaps(
    rule: Regle, mutants: Mapping[int, Mutant], on: date, state: _State
) -> dict[int, tuple[Situation, str | None]]:
    found: dict[int, tuple[Situation, str | None]] = {}
    if not mutants:
        return found
    origin = decider(rule)
    deciders = {place: decider(mutant.mutee) for place, mutant in mutants.items() if mutant.mutee}
    offers = _unlike_offers([rule, *(mutant.mutee for mutant in mutants.values() if mutant.mutee)], state.base)
    for situation, offer in sample(rule, state, far=True):
        for seen, facts in facts_for(rule, situation, [offer] if offer else offers, state.base, on):
            expected = origin(facts)
            for place in [place for place, decide in deciders.items() if decide(facts) != expected]:
                found[place] = (situation, seen)
                del deciders[place]
        if not deciders:
            break
    return found


def _unlike_offers(rules: Sequence[Regle], base: Base) -> list[str]:
    """One offer of each kind that the rules can tell apart."""
    keys = {key for rule in rules for test in _tests(rule) for key in (test.cle, test.autre) if key}
    kinds: dict[Any, str] = {}
    for offer in base.catalogue.offres:
        met = offer.id if keys & _MET else ""
        kinds.setdefault((met, *(offer.faits.get(key) for key in sorted(keys))), offer.id)
    return list(kinds.values())


_MET = {"offre.repond_au_besoin", "offre.bureau", "offre.couvre"}
"""What is only known once an offer meets a visitor."""


def facts_for(
    rule: Regle, situation: Situation, offers: Sequence[str], base: Base, on: date
) -> Iterator[tuple[str | None, Faits]]:
    """The facts that a rule sees of a situation, with each offer for a rule about offers."""
    visit = Visite.of(situation, Contexte.of(base.catalogue, base.rules, on))
    if rule.strate == "offres":
        for seen in offers:
            yield seen, visit.faits_de(base.catalogue.offre_by_id[seen])
    elif rule.strate == "parcours":
        first = visit.premiere.offre.structure.spro.role
        yield None, {**visit.seul.faits, "premiere": first}
    else:
        yield None, visit.seul.faits


def _smallest_verdict_gap(
    mutant: Mutant, situation: Situation, offer: str | None, on: date, state: _State
) -> CasDistinctif:
    assert mutant.mutee is not None
    origin, changed = decider(mutant.origine), decider(mutant.mutee)

    def verdicts(candidate: Situation) -> tuple[Verdict, Verdict]:
        _, facts = next(facts_for(mutant.origine, candidate, [offer or ""], state.base, on))
        return origin(facts), changed(facts)

    def differs(candidate: Situation) -> bool:
        before, after = verdicts(candidate)
        return before is not after

    smallest = shrink(situation, differs)
    before, after = verdicts(smallest)
    meaning = f"la règle répond « {SHOWN[before]} », le mutant « {SHOWN[after]} »"
    return CasDistinctif(smallest, offer, on if on != state.on else None, meaning)


def _answer_gap(mutant: Mutant, on: date, state: _State) -> CasDistinctif | None:
    """A situation to which the mutated base answers something else, reasons included."""
    rule, changed = mutant.origine, mutant.mutee
    bounds = {rule.depuis, rule.jusqu_a} ^ ({changed.depuis, changed.jusqu_a} if changed else set())
    days = sorted({on} if mutant.decides or not bounds or changed is None else _around(bounds))
    after = mutated(state.base, mutant, set(days))
    seen = set()
    for situation, _ in sample(rule, state, far=False):
        if situation in seen:
            continue
        seen.add(situation)
        for day in days:
            if answer(situation, after, day) != answer(situation, state.base, day):
                return _smallest_answer_gap(situation, after, day, state)
    return None


def _around(bounds: set[date | None]) -> set[date]:
    return {near for day in bounds if day for near in (day - DAY, day, day + DAY)}


def _smallest_answer_gap(situation: Situation, after: Base, day: date, state: _State) -> CasDistinctif:
    def differs(candidate: Situation) -> bool:
        return answer(candidate, after, day) != answer(candidate, state.base, day)

    smallest = shrink(situation, differs)
    before, now = answer(smallest, state.base, day), answer(smallest, after, day)
    meaning = f"la réponse change : {', '.join(_parts(before, now))}"
    return CasDistinctif(smallest, None, day if day != state.on else None, meaning)


def _parts(before: Any, after: Any) -> Iterator[str]:
    """The parts of an answer that are not the same."""
    if before.recommandations[0].service != after.recommandations[0].service:
        yield "première structure ou premier service"
    elif [door.service for door in before.recommandations] != [door.service for door in after.recommandations]:
        yield "autres portes"
    elif before.recommandations != after.recommandations:
        yield "raisons ou vérifications des portes"
    for name in ("cep", "operateurs", "niveau", "publics", "besoins", "besoins_complementaires", "alertes", "raisons"):
        if getattr(before.profil, name) != getattr(after.profil, name):
            yield f"profil ({name.replace('_', ' ')})"
    for name in ("parcours", "ecartees"):
        if getattr(before, name) != getattr(after, name):
            yield name


# --- the sample ---


def sample(rule: Regle, state: _State, *, far: bool) -> Iterator[tuple[Situation, str | None]]:
    """Situations to try on a rule, with an offer when only that one is worth it; `far`: two answers changed as well."""
    own = [example.dit for example in rule.joues]
    every = [example.dit for other in state.base.rules.regles for example in other.joues]
    space = {**state.space, "age": _ages(rule, state.space["age"])}
    for example in own:
        yield situation_of(example, state.base), example.get("offre")
    for example in own:
        yield from _neighbours(example, [(field,) for field in space], space, state.base)
    for example in every:
        yield situation_of(example, state.base), None
    for situation in state.pairs:
        yield situation, None
    if not far:
        return
    read = [field for field in space if field in fields_behind(rule, state.base)]
    for example in own or [{}]:
        yield from _neighbours(example, list(combinations(read, 2)), space, state.base)


def _neighbours(
    example: dict[str, Any], changes: Sequence[tuple[str, ...]], space: Mapping[str, Sequence[Any]], base: Base
) -> Iterator[tuple[Situation, str | None]]:
    said = situation_of(example, base).model_dump(exclude_none=True)
    for fields in changes:
        for values in product(*(space[field] for field in fields)):
            situation = coherent({**said, **dict(zip(fields, values, strict=True))}, base.rules.situation)
            if situation is not None:
                yield situation, example.get("offre")


def _ages(rule: Regle, ages: Sequence[int | None]) -> list[int | None]:
    """The ages of the space, and those around the bounds of the rule."""
    bounds = [test.valeur for test in _tests(rule) if test.cle == "age" and isinstance(test.valeur, int)]
    near = {bound + step for bound in bounds for step in (-1, 0, 1)}
    return [None, *sorted({age for age in ages if age is not None} | near)]


def _tests(rule: Regle) -> Iterator[Test]:
    def walk(condition: Condition) -> Iterator[Test]:
        if isinstance(condition, Test):
            yield condition
        elif isinstance(condition, Critere):
            yield from walk(condition.sens)
        else:
            for part in condition.parties:
                yield from walk(part)

    for condition in (rule.si, rule.sauf):
        if condition is not None:
            yield from walk(condition)


_CONCLUDED = {
    "cep": ("cep", "cep"),
    "operateurs": ("cep", "operateur"),
    "besoin_principal": ("besoins", "besoin_presume"),
    "besoins_retenus": ("besoins", "besoin_complementaire"),
    "niveau": ("niveau", "niveau"),
    "referents": ("alertes", "referent"),
}
"""For each conclusion that a condition may read: the stratum and the effect that it comes from."""
_ASKED = {
    "besoin_principal": "besoins",
    "besoins_retenus": "besoins",
    "offre.repond_au_besoin": "besoins",
    "offre.bureau": "bureau",
    "offre.couvre": "commune",
}


def fields_behind(rule: Regle, base: Base) -> set[str]:
    """The questions of the situation on which a rule depends; of conclusions read by value, only the rules of it."""
    found: set[str] = set()
    waiting, seen = [rule], {rule.id}
    while waiting:
        current = waiting.pop()
        for test in _tests(current):
            for key in filter(None, (test.cle, test.autre)):
                name, _, value = key.partition("=")
                found.add(_ASKED.get(name, name))
                behind = [other for other in _behind(name, value, base) if other.id not in seen]
                seen.update(other.id for other in behind)
                waiting += behind
    return found


def _behind(name: str, value: str, base: Base) -> list[Regle]:
    if name == "publics":
        return [rule for rule in base.rules.regles if rule.alors.public == value]
    stratum, effect = _CONCLUDED.get(name, ("", ""))
    concluding = ((rule, getattr(rule.alors, effect)) for rule in base.rules.regles if rule.strate == stratum)
    return [rule for rule, concluded in concluding if concluded is not None and value in ("", concluded)]
