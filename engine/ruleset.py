"""The rule base: rules by stratum, ranking criteria, commitments, prohibitions; what stays of it once read.

A rule is data. Each stratum sees the situation and what earlier strata concluded, never its own conclusions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from engine.conditions import (
    Champ,
    Condition,
    Evaluer,
    Faits,
    Test,
    compile_condition,
    evaluate,
    keys_of,
    tests_of,
)
from engine.examples import Exemple
from engine.questions import RECONNUES
from engine.rete import Rete
from engine.situation import Niveau, Situation, yes_no
from engine.vocabulary import STRATES, Id, Phrase, Strate, _Modele, _Vocabulaire, champs_of, offre_champs

Confiance = Literal["V", "V-date", "V-ailleurs", "INF", "CG"]
"""How sure a fact is: read in its source; read in an old one; true elsewhere; deduced; general knowledge."""


EFFETS: dict[Strate, frozenset[str]] = {
    "publics": frozenset({"public"}),
    "cep": frozenset({"cep", "operateur"}),
    "besoins": frozenset({"besoin_presume", "besoin_complementaire"}),
    "niveau": frozenset({"niveau"}),
    "alertes": frozenset({"alerte", "referent"}),
    "offres": frozenset({"exclut", "priorise", "retient"}),
    "parcours": frozenset({"etapes"}),
}
"""What a rule of each stratum may conclude."""


CRITERES_DU_MOTEUR = frozenset({"premier-plan", "verifications", "tour-de-role"})
"""Ranking criteria that the engine counts itself; the others are decided by rules that `priorise` them."""


class Source(_Modele):
    """A document that rules and facts may cite: where it says it, and our own summary of what it says."""

    document: Phrase
    partie: str | None = None
    paragraphe: str | None = None
    resume: Phrase
    reference: Annotated[str, StringConstraints(pattern=r"^S\d{2,3}b?$")] | None = None
    adresse: str | None = None
    date: str | None = None


class Etape(_Modele):
    """A later step of a path: the kind of structure, and what for."""

    role: Id
    objet: Phrase
    besoin: str | None = None


class Effet(_Modele):
    """What a rule concludes; which keys are allowed depends on the stratum (EFFETS).

    `retient` keeps an offer from coming first, unless the law designates it: when the rule is true or, for a rule that
    excludes, as long as an answer is missing.
    """

    public: Id | None = None
    cep: Literal["oui", "non"] | None = None
    operateur: Id | None = None
    besoin_presume: str | None = None
    besoin_complementaire: str | None = None
    niveau: Niveau | None = None
    alerte: Phrase | None = None
    referent: Id | None = None
    exclut: Annotated[Literal[True], BeforeValidator(yes_no)] | None = None
    retient: Annotated[Literal[True], BeforeValidator(yes_no)] | None = None
    priorise: Id | None = None
    etapes: tuple[Etape, ...] | None = None


class EnVigueur(_Modele):
    """Dates between which a rule holds: from `depuis` included to `jusqu_a` excluded."""

    depuis: date | None = None
    jusqu_a: date | None = None


class Critere(_Modele):
    """A ranking criterion: its words, and why it comes where it does; `qui` is said of the structure that it puts
    first, as in « après la mission locale, qui … »; without it the criterion is named."""

    id: Id
    libelle: Phrase
    phrase: Phrase
    qui: Phrase | None = None
    sources: Annotated[tuple[Id, ...], Field(min_length=1)]


class Engagement(_Modele):
    """A commitment of the charter or the law: covered by tagged scenarios, or the reason why no rule can state it."""

    id: Id
    resume: Phrase
    sources: Annotated[tuple[Id, ...], Field(min_length=1)]
    sans_regle: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Interdit:
    """What must never be proposed, whatever the rules: a condition on the situation, and a role."""

    id: str
    resume: str
    si: Condition
    role: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Regle:
    """A rule, ready to decide: it concludes `alors` when `si` is true, unless `sauf` is known to be true."""

    id: str
    strate: Strate
    libelle: str
    texte: str
    sources: tuple[str, ...]
    confiance: Confiance
    depuis: date | None
    jusqu_a: date | None
    si: Condition
    sauf: Condition | None
    alors: Effet
    exemples: tuple[Exemple, ...]
    """Those written with it, which teach."""
    essais: tuple[Exemple, ...]
    """Those written apart, which hold it in place."""
    fichier: str
    ligne: int
    locale: bool = False
    """Whether it is a rule of the basin, added to the shared ones."""

    @property
    def joues(self) -> tuple[Exemple, ...]:
        """Every example that is played: those that teach, then the trials."""
        return (*self.exemples, *self.essais)

    def holds_on(self, on: date) -> bool:
        """Whether the rule is in force on a date."""
        return (self.depuis is None or self.depuis <= on) and (self.jusqu_a is None or on < self.jusqu_a)


@dataclass(frozen=True, eq=False)
class StrateCompilee:
    """The rules of one stratum in force on a date, ready for both evaluators.

    Conditions are numbered: those of the rules first, then those of their exceptions.
    """

    regles: tuple[Regle, ...]

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition by its number."""
        return (*(rule.si for rule in self.regles), *(rule.sauf for rule in self.regles if rule.sauf))

    @cached_property
    def tests(self) -> tuple[Evaluer, ...]:
        """The three-valued evaluator of each condition."""
        return tuple(map(compile_condition, self.conditions))

    @cached_property
    def comparaisons(self) -> dict[str, tuple[Test, ...]]:
        """The comparisons of the conditions with constants, by the fact that they read, each once."""
        found: dict[str, dict[Test, None]] = {}
        for condition in self.conditions:
            for test in tests_of(condition):
                if test.autre is None:
                    found.setdefault(test.cle, {})[test] = None
        return {key: tuple(tests) for key, tests in found.items()}

    @cached_property
    def par_effet(self) -> dict[str, tuple[tuple[int, Any], ...]]:
        """For each effect, the numbers of the rules that have it and what they conclude."""
        found: dict[str, list[tuple[int, Any]]] = {}
        for number, rule in enumerate(self.regles):
            for effect, value in rule.alors:
                if value is not None:
                    found.setdefault(effect, []).append((number, value))
        return {effect: tuple(rules) for effect, rules in found.items()}

    @cached_property
    def excepted_by(self) -> dict[int, int]:
        """The number of each exception, and that of its rule."""
        with_exception = (index for index, rule in enumerate(self.regles) if rule.sauf)
        return dict(enumerate(with_exception, len(self.regles)))

    @cached_property
    def rete(self) -> Rete:
        """Every condition in durable_rules."""
        return Rete(self.conditions)


@dataclass(frozen=True)
class Ruleset:
    """The whole rule base. Immutable; what it compiles is cached by the set of rules in force."""

    regles: tuple[Regle, ...]
    sources: Mapping[str, Source]
    vocabulaire: _Vocabulaire
    posees_si: Mapping[str, Condition]
    posees_sauf: Mapping[str, Condition]
    criteres: tuple[Critere, ...]
    engagements: tuple[Engagement, ...]
    interdits: tuple[Interdit, ...]
    version: str
    _compiled: dict[tuple[str, ...], dict[Strate, StrateCompilee]] = field(default_factory=dict, compare=False)
    _by_date: dict[date, dict[Strate, StrateCompilee]] = field(default_factory=dict, compare=False)
    _lock: Lock = field(default_factory=Lock, compare=False, repr=False)

    def with_rules(self, regles: tuple[Regle, ...]) -> Ruleset:
        """The same base with other rules; nothing that was compiled is shared."""
        return replace(self, regles=regles, _compiled={}, _by_date={}, _lock=Lock())

    def in_force(self, on: date) -> dict[Strate, StrateCompilee]:
        """The strata as they stand on a date, compiled once for all the dates on which the same rules hold."""
        found = self._by_date.get(on)
        if found is None:
            rules = tuple(rule for rule in self.regles if rule.holds_on(on))
            with self._lock:
                found = self._compiled.setdefault(tuple(rule.id for rule in rules), _compile(rules))
                self._by_date[on] = found
        return found

    @property
    def situation(self) -> type[Situation]:
        """The class of situations that its vocabulary makes."""
        return self.vocabulaire.situation

    @cached_property
    def by_id(self) -> dict[str, Regle]:
        """Rules by identifier."""
        return {rule.id: rule for rule in self.regles}

    def is_raised(self, field: str, facts: Faits) -> bool:
        """Whether what was said calls for a question (the category of an agent, not of everyone)."""
        asked, unless = self.posees_si.get(field), self.posees_sauf.get(field)
        if asked is not None and evaluate(asked, facts) is not True:
            return False
        return unless is None or evaluate(unless, facts) is not True

    def concluding(self, public: str) -> list[Regle]:
        """The rules that conclude a public."""
        return self._by_public.get(public, [])

    @cached_property
    def _by_public(self) -> dict[str, list[Regle]]:
        found: dict[str, list[Regle]] = {}
        for rule in self.regles:
            if rule.alors.public:
                found.setdefault(rule.alors.public, []).append(rule)
        return found

    @cached_property
    def behind_public(self) -> dict[str, frozenset[str]]:
        """The questions of the situation on which each public depends."""
        found: dict[str, set[str]] = {public: set() for public in self.vocabulaire.publics}
        for rule in self.regles:
            if rule.alors.public:
                found[rule.alors.public] |= {key.partition("=")[0] for key in keys_of(rule.si)}
        return {public: frozenset(fields) for public, fields in found.items()}

    @cached_property
    def lues(self) -> frozenset[str]:
        """The questions whose answer a rule or the engine reads, straight or by what it implies: no other can change
        anything."""
        conditions = [part for rule in self.regles for part in (rule.si, rule.sauf) if part is not None]
        conditions += [never.si for never in self.interdits]
        read = {key.partition("=")[0] for condition in conditions for key in keys_of(condition)} | RECONNUES.keys()
        implied = self.situation.sens.implications
        behind = {one.question for one in implied if {key.partition("=")[0] for key in one.faits} & read}
        return frozenset((read | behind) & self.vocabulaire.champs.keys())

    @cached_property
    def champs(self) -> dict[str, Champ]:
        """Every name that a condition of the last stratum may use."""
        return champs_of("parcours", self.vocabulaire) | self.offre_champs

    @cached_property
    def offre_champs(self) -> dict[str, Champ]:
        """The fields of an offer."""
        return {champ.nom: champ for champ in offre_champs(self.vocabulaire)}

    @cached_property
    def offre_cles(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """The values of each set that an offer has, with the fact that says whether it holds the value."""
        return {
            name: tuple((valeur, champ.cle(valeur)) for valeur in champ.valeurs)
            for name, champ in self.offre_champs.items()
        }


def _compile(rules: tuple[Regle, ...]) -> dict[Strate, StrateCompilee]:
    return {strate: StrateCompilee(tuple(rule for rule in rules if rule.strate == strate)) for strate in STRATES}
