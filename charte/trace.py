"""From a commitment to what shows that it is kept, and back: commitments, rules, examples, scenarios, offers.

A rule states a commitment when both cite a same source. A scenario shows a commitment by its tag, and exercises a
rule when an answer that it asks for cites the rule. Nothing here is declared by hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from charte.features import FEATURES, Cas, Scenario, read_scenarios
from charte.replay import Rejoue
from charte.steps import AUJOURDHUI
from engine.base import Base
from engine.conditions import specialise
from engine.examples import Attendu
from engine.orientation import Orientation
from engine.ruleset import Engagement, Regle

EtatEngagement = Literal["evaluable", "sans-regle", "sans-scenario"]
"""A commitment is shown by scenarios, or says why no rule can state it, or is missing both: to be mended."""


def exercised_by(scenarios: Iterable[Scenario], base: Base) -> dict[str, tuple[Scenario, ...]]:
    """For each rule, the scenarios of which an answer cites it."""
    found: dict[str, dict[Scenario, None]] = defaultdict(dict)
    for scenario in scenarios:
        for cas in scenario.cas:
            for rule in _cited_in(cas, base):
                found[rule][scenario] = None
    return {rule: tuple(cited) for rule, cited in found.items()}


def _cited_in(cas: Cas, base: Base) -> set[str]:
    entretien = Rejoue(base)
    for step in cas.pas:
        with suppress(AssertionError, LookupError):
            step.play(entretien)
    if not entretien.demandes:  # « pourquoi pas » is about an answer, asked for or not
        entretien.demander(AUJOURDHUI)
    found = {reason.regle for item in entretien.ecartees for reason in item.raisons}
    return found.union(*(cited_rules(asked.reponse) for asked in entretien.demandes))


def cited_rules(answer: Orientation) -> set[str]:
    """The rules that an answer cites: reasons, alerts, what is to be checked, rejections, steps."""
    found = {reason.regle for reason in answer.profil.raisons} | {alert.regle for alert in answer.profil.alertes}
    for item in answer.recommandations:
        found |= {reason.regle for reason in item.raisons} | {doubt.regle for doubt in item.a_verifier}
    found |= {reason.regle for item in answer.ecartees for reason in item.raisons}
    return found | {reason.regle for step in answer.parcours for reason in step.raisons}


# --- the trace ---


@dataclass(frozen=True, slots=True)
class Lien:
    """What states a commitment (a rule, a criterion, a prohibition), and the sources that both cite."""

    id: str
    libelle: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TraceEngagement:
    """A commitment, what states it and what shows it."""

    engagement: Engagement
    etat: EtatEngagement
    regles: tuple[Lien, ...]
    criteres: tuple[Lien, ...]
    interdits: tuple[Lien, ...]
    scenarios: tuple[Scenario, ...]

    @property
    def visites(self) -> int:
        """How many situations its scenarios try."""
        return sum(len(scenario.cas) for scenario in self.scenarios)


@dataclass(frozen=True, slots=True)
class TraceRegle:
    """A rule, what it states, what shows it, and the offers that it may keep, place or reject."""

    regle: Regle
    engagements: tuple[str, ...]
    exemples: Mapping[str, int]
    scenarios: tuple[Scenario, ...]
    offres: tuple[str, ...]

    @property
    def engagements_montres(self) -> tuple[str, ...]:
        """The commitments of the scenarios that exercise the rule, whether or not they share a source with it."""
        return tuple(dict.fromkeys(name for scenario in self.scenarios for name in scenario.engagements))


@dataclass(frozen=True, slots=True)
class Trace:
    """Both ways: by commitment and by rule."""

    engagements: tuple[TraceEngagement, ...]
    regles: tuple[TraceRegle, ...]
    scenarios: tuple[Scenario, ...]
    etiquettes_inconnues: tuple[tuple[str, Scenario], ...]

    def in_state(self, etat: EtatEngagement) -> tuple[TraceEngagement, ...]:
        """The commitments in a state."""
        return tuple(item for item in self.engagements if item.etat == etat)

    @property
    def sans_engagement(self) -> tuple[TraceRegle, ...]:
        """The rules that share no source with a commitment."""
        return tuple(item for item in self.regles if not item.engagements)

    @property
    def sans_scenario(self) -> tuple[TraceRegle, ...]:
        """The rules that no scenario makes speak: only their own examples try them."""
        return tuple(item for item in self.regles if not item.scenarios)

    @property
    def est_complete(self) -> bool:
        """Whether every commitment has a scenario or a reason, and every tag a commitment."""
        return not self.in_state("sans-scenario") and not self.etiquettes_inconnues

    @property
    def chiffre(self) -> str:
        """The honest figure, in one sentence."""
        total, shown = len(self.engagements), len(self.in_state("evaluable"))
        rest = [(len(self.in_state("sans-regle")), "sont hors de portée d'une règle, chacun avec sa raison")]
        rest += [(len(self.in_state("sans-scenario")), "n'ont encore ni scénario ni raison")]
        said = "".join(f" ; {count} {words}" for count, words in rest if count)
        return f"{shown} engagements sur {total} sont évaluables{said}."


def trace(base: Base, features: Path = FEATURES) -> Trace:
    """The trace of a base. Raises UnreadableFeature."""
    scenarios = read_scenarios(features)
    return build_trace(base, scenarios, exercised_by(scenarios, base))


def build_trace(base: Base, scenarios: Sequence[Scenario], exercised: Mapping[str, tuple[Scenario, ...]]) -> Trace:
    """The trace, from the scenarios and from the rules that each of them exercises."""
    commitments = tuple(_of_commitment(item, base, scenarios) for item in base.rules.engagements)
    stated: dict[str, list[str]] = defaultdict(list)
    for item in commitments:
        for link in item.regles:
            stated[link.id].append(item.engagement.id)
    known = {item.id for item in base.rules.engagements}
    return Trace(
        commitments,
        tuple(
            TraceRegle(
                rule,
                tuple(stated[rule.id]),
                {kind: sum(example.attendu == kind for example in rule.joues) for kind in get_args(Attendu)},
                exercised.get(rule.id, ()),
                touched_offers(rule, base),
            )
            for rule in base.rules.regles
        ),
        tuple(scenarios),
        tuple((tag, scenario) for scenario in scenarios for tag in scenario.engagements if tag not in known),
    )


def _of_commitment(commitment: Engagement, base: Base, scenarios: Iterable[Scenario]) -> TraceEngagement:
    shown = tuple(scenario for scenario in scenarios if commitment.id in scenario.engagements and scenario.cas)
    etat: EtatEngagement = "evaluable" if shown else "sans-regle" if commitment.sans_regle else "sans-scenario"
    rules = base.rules
    return TraceEngagement(
        commitment,
        etat,
        _links(commitment, ((rule.id, rule.libelle, rule.sources) for rule in rules.regles)),
        _links(commitment, ((item.id, item.libelle, item.sources) for item in rules.criteres)),
        _links(commitment, ((item.id, item.resume, item.sources) for item in rules.interdits)),
        shown,
    )


def _links(commitment: Engagement, items: Iterable[tuple[str, str, tuple[str, ...]]]) -> tuple[Lien, ...]:
    shared = ((name, label, tuple(s for s in sources if s in commitment.sources)) for name, label, sources in items)
    return tuple(Lien(*link) for link in shared if link[2])


def touched_offers(rule: Regle, base: Base) -> tuple[str, ...]:
    """The offers for which a rule of the offers stratum can be true of some visitor."""
    if rule.strate != "offres":
        return ()
    return tuple(offre.id for offre in base.catalogue.offres if specialise(rule.si, offre.faits) is not False)


# --- in words, and as data ---


def many(number: int, word: str) -> str:
    """« 1 règle », « 2 règles »."""
    return f"{number} {word}{'s' if number > 1 else ''}"


def to_json(found: Trace) -> dict[str, Any]:
    """The whole trace as data, with the names in French."""
    return {
        "chiffre": found.chiffre,
        "complete": found.est_complete,
        "engagements": [commitment_to_json(item) for item in found.engagements],
        "regles": [rule_to_json(item) for item in found.regles],
        "etiquettes_inconnues": [
            {"etiquette": tag, "scenario": item.place} for tag, item in found.etiquettes_inconnues
        ],
    }


def commitment_to_json(item: TraceEngagement) -> dict[str, Any]:
    """A commitment as data."""
    return {
        "id": item.engagement.id,
        "resume": item.engagement.resume,
        "etat": item.etat,
        "raison": item.engagement.sans_regle,
        "sources": list(item.engagement.sources),
        "regles": [{"id": link.id, "sources": list(link.sources)} for link in item.regles],
        "criteres": [{"id": link.id, "sources": list(link.sources)} for link in item.criteres],
        "interdits": [{"id": link.id, "sources": list(link.sources)} for link in item.interdits],
        "scenarios": [_scenario_to_json(scenario) for scenario in item.scenarios],
    }


def rule_to_json(item: TraceRegle) -> dict[str, Any]:
    """A rule as data."""
    return {
        "id": item.regle.id,
        "strate": item.regle.strate,
        "libelle": item.regle.libelle,
        "sources": list(item.regle.sources),
        "engagements": list(item.engagements),
        "engagements_montres": list(item.engagements_montres),
        "exemples": dict(item.exemples),
        "scenarios": [_scenario_to_json(scenario) for scenario in item.scenarios],
        "offres": list(item.offres),
    }


def _scenario_to_json(scenario: Scenario) -> dict[str, Any]:
    return {"place": scenario.place, "regle": scenario.regle, "nom": scenario.nom, "situations": len(scenario.cas)}
