"""The situations on which a few rules can differ: the product of only the answers that they read, straight or through
what earlier strata conclude.

Ages are cut where the conditions cut them. A list (statuses, needs, difficulties) is tried as every set of the members
that the conditions name, as large as they can ask for together. Nothing else can matter to the engine, so that a whole
product is a proof; beyond MAX_ROWS a part of it is drawn, always the same, and the search says that it is partial.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import combinations, product
from typing import Any

from analysis.space import coherent
from engine.base import Base
from engine.catalogue import Offre
from engine.conditions import Aucun, Condition, Critere, Faits, Test, Tous, UnDe, tests_of
from engine.explanation import communes_to_try
from engine.orientation import Contexte, Qualification, by_evaluation, offer_facts, qualify
from engine.ruleset import Regle, situation_champs
from engine.situation import AGE_MAX, Situation

MAX_ROWS = 20_000
"""Situations tried whole for one question; beyond it, MAX_DRAWN of them are drawn."""

MAX_DRAWN = 2_000
MAX_FIRST = 150
"""Situations drawn before the whole product is tried."""

MAX_SETS = 600
"""Sets of members tried for one list."""

BUDGET = 60_000
"""Situations tried in all by one run, a search counting for COST of them. What is left untried is said."""

COST = 10

FAR_COMMUNES = ("75056", "97411")

_CHAMPS = situation_champs()
_FILLERS = {"statuts": ("benevole", "retraite")}
"""Members that contradict no other answer, to stand for those that no condition names."""


@dataclass(frozen=True, slots=True)
class Cas:
    """One situation, and what the engine concludes of it."""

    situation: Situation
    qualification: Qualification
    faits: Faits


@dataclass(slots=True)
class Compte:
    """How many situations may still be tried in this run."""

    reste: int = BUDGET
    epuise: bool = False

    def take(self, count: int = 1) -> bool:
        """Takes some; False when there is none left."""
        if self.reste <= 0:
            self.epuise = True
            return False
        self.reste -= count
        return True


@dataclass(frozen=True, slots=True)
class Recherche:
    """What a search found: a case or none, how many were tried, and whether these are all there are."""

    cas: Cas | None
    essais: int
    complet: bool


@dataclass(frozen=True)
class Dependances:
    """Who concludes what, among the rules in force on a date."""

    base: Base
    on: date

    @cached_property
    def regles(self) -> tuple[Regle, ...]:
        """The rules in force."""
        return tuple(rule for rule in self.base.rules.regles if rule.holds_on(self.on))

    @cached_property
    def _by_effect(self) -> dict[str, list[Regle]]:
        found: dict[str, list[Regle]] = defaultdict(list)
        for rule in self.regles:
            for name in rule.alors.model_fields_set:
                found[name].append(rule)
                found[f"{name}={getattr(rule.alors, name)}"].append(rule)
        return found

    @cached_property
    def _contexts(self) -> dict[frozenset[str], Contexte]:
        return {}

    def context(self, kept: frozenset[str]) -> Contexte:
        """The engine with some of the rules only."""
        if kept not in self._contexts:
            fewer = tuple(rule for rule in self.regles if rule.id in kept)
            reduced = self.base.rules.with_rules(fewer)
            self._contexts[kept] = Contexte.of(self.base.catalogue, reduced, self.on, by_evaluation)
        return self._contexts[kept]

    def behind(self, key: str) -> list[Regle]:
        """The rules that decide a fact."""
        name, _, value = key.partition("=")
        match name:
            case "publics":
                names = [f"public={value}"]
            case "cep":
                names = ["cep"]
            case "operateurs":
                names = [f"operateur={value}", "cep"]
            case "besoin_principal" | "offre.repond_au_besoin":
                names = ["besoin_presume"]
            case "besoins_retenus":
                names = ["besoin_presume", f"besoin_complementaire={value}"]
            case "niveau":
                names = ["niveau"]
            case "referents":
                names = [f"referent={value}"]
            case _:
                names = []
        return [rule for name in names for rule in self._by_effect.get(name, ())]


@dataclass(frozen=True)
class Projection:
    """The situations that matter to some conditions, for an offer when they are about one.

    `libre`: for any offer that a catalogue may hold, its facts being answers like the others.
    """

    dependances: Dependances
    conditions: tuple[Condition, ...]
    offre: Offre | None = None
    communes: tuple[str, ...] = ()
    libre: bool = False
    _closed: dict[str, Any] = field(default_factory=dict, compare=False)

    @cached_property
    def _closure(self) -> tuple[tuple[Regle, ...], tuple[Condition, ...], frozenset[str]]:
        """The rules behind the conditions, all the conditions, and the facts that they look at."""
        rules: dict[str, Regle] = {}
        conditions = list(self.conditions)
        keys: set[str] = set()
        for condition in conditions:
            for test in tests_of(condition):
                for key in filter(None, (test.cle, test.autre)):
                    if key not in keys:
                        keys.add(key)
                        for rule in self.dependances.behind(key):
                            if rule.id not in rules:
                                rules[rule.id] = rule
                                conditions += [part for part in (rule.si, rule.sauf) if part is not None]
        return tuple(rules.values()), tuple(conditions), frozenset(keys)

    @property
    def faits_lus(self) -> frozenset[str]:
        """Every fact that is looked at, straight or not."""
        return self._closure[2]

    @cached_property
    def domaines(self) -> dict[str, list[Any]]:
        """The values to try of each answer that matters; `premiere` is the role of the first structure."""
        _, conditions, keys = self._closure
        names = {key.partition("=")[0] for key in keys}
        if names & {"besoin_principal", "besoins_retenus", "offre.repond_au_besoin"}:
            names.add("besoins")
        found: dict[str, list[Any]] = {}
        for name, champ in _CHAMPS.items():
            if name in names:
                match champ.genre:
                    case "entier":
                        found[name] = [None, *_ages(conditions)]
                    case "booleen":
                        found[name] = [None, True, False]
                    case "choix":
                        found[name] = [None, *_choices(name, champ.valeurs, conditions)]
                    case "ensemble":
                        found[name] = self._sets(name, champ.valeurs, names)
        if self.libre:
            return found | self._offer_domains()
        if "offre.couvre" in names:
            basin = communes_to_try(self.dependances.base.catalogue)
            found["commune"] = [None, *dict.fromkeys([*self.communes, *basin, *FAR_COMMUNES])]
        if "offre.bureau" in names and self.offre is not None:
            others = (item for item in self.dependances.base.catalogue.structures if item != self.offre.structure.id)
            found["bureau"] = [None, self.offre.structure.id, *list(others)[:1]]
        if "premiere" in names:
            found["premiere"] = ["", *_compared("premiere", conditions)]
        return found

    def _offer_domains(self) -> dict[str, list[Any]]:
        """The facts to try of an offer of no catalogue: every set of values alone, none, or all of them."""
        _, conditions, keys = self._closure
        found: dict[str, list[Any]] = {}
        members: dict[str, list[str]] = defaultdict(list)
        for key in sorted(key for key in keys if key.startswith("offre.")):
            name, _, value = key.partition("=")
            champ = self.dependances.base.rules.offre_champs[name]
            if champ.genre == "ensemble":
                members[name].append(value)
            elif champ.genre == "entier":
                found[key] = [0, 16, 60, AGE_MAX]
            elif champ.genre == "booleen":
                found[key] = [True, False]
            else:
                found[key] = _choices(key, champ.valeurs, conditions)
        for name, values in members.items():
            found[name] = [(), tuple(values), *((value,) for value in values)]
            if len(values) > 2:
                self._closed["cut"] = True
        return found

    def _offer_row(self, row: dict[str, Any]) -> dict[str, Any] | None:
        """The facts of the offer of a row, taken out of it; None when no offer can have them."""
        said = {key: row.pop(key) for key in list(row) if key.startswith("offre.")}
        facts: dict[str, Any] = {key: value for key, value in said.items() if not isinstance(value, tuple)}
        named = {key.partition("=")[0]: key for key in self.faits_lus}
        for key in self.faits_lus:
            name, _, value = key.partition("=")
            if isinstance(said.get(name), tuple):
                facts[key] = value in said[name]
        for flag, name in (("offre.reservee", "offre.publics_reserves"), ("offre.statuts_requis", "offre.statuts")):
            if flag in said and name in named and said[flag] != bool(said[name]):
                return None
        bounds = said.get("offre.age_min", 0), said.get("offre.age_max", AGE_MAX)
        if bounds[0] > bounds[1] or (said.get("offre.age_borne") is False and bounds != (0, AGE_MAX)):
            return None
        return facts

    def _sets(self, name: str, values: Sequence[str], fields: set[str]) -> list[Any]:
        _, conditions, keys = self._closure
        prefixes = [f"{name}="] + (["besoins_retenus="] if name == "besoins" else [])
        named = {key.removeprefix(prefix) for key in keys for prefix in prefixes if key.startswith(prefix)}
        if name == "besoins":
            named |= {str(value) for value in _compared("besoin_principal", conditions)}
            named |= set(self.offre.service.spro.besoins) if self.offre and "offre.repond_au_besoin" in keys else set()
        if name == "statuts":
            named |= {"agent-public"} if fields & {"fonction_publique", "categorie"} else set()
            named |= {"demandeur-emploi"} if "cherche_emploi" in fields else set()
        members = [value for value in values if value in named]
        fillers = [value for value in (*_FILLERS.get(name, ()), *values) if value not in named][:1]
        width = max(1, min(len(members), _width(name, conditions)))
        found = _subsets(members, fillers, width, ordered=name == "besoins")
        kept = found[:MAX_SETS]
        if len(found) > len(kept):
            self._closed["cut"] = True
        empty: list[Any] = [()] if name == "freins" else []
        return [None, *empty, *kept]

    @property
    def taille(self) -> int:
        """How many rows the product has."""
        return math.prod(map(len, self.domaines.values()))

    @property
    def complet(self) -> bool:
        """Whether the whole product is tried."""
        return self.taille <= MAX_ROWS and not self._closed.get("cut")

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        """A few drawn rows, which often suffice, then all of them when they are not too many."""
        domains = list(self.domaines.values())
        chance = random.Random(1)
        whole = self.taille <= MAX_ROWS
        for _ in range(min(self.taille // 2, MAX_FIRST) if whole else MAX_DRAWN):
            yield tuple(chance.choice(domain) for domain in domains)
        if whole:
            yield from product(*domains)

    def cases(self, count: Compte) -> Iterator[Cas]:
        """Every coherent situation of the product, or the part that is drawn, with what the engine concludes of it."""
        names = list(self.domaines)
        context = self._context
        for values in self._rows():
            if not count.take():
                return
            row = dict(zip(names, values, strict=True))
            first = row.pop("premiere", None)
            extra = self._offer_row(row) if self.libre else {}
            situation = coherent(row) if extra is not None else None
            if situation is not None and extra is not None:
                qualification = qualify(situation, context, situation.bureau)
                facts = qualification.faits if self.offre is None else offer_facts(self.offre, qualification)
                extra |= {} if first is None else {"premiere": first}
                yield Cas(situation, qualification, facts | extra)

    @cached_property
    def _context(self) -> Contexte:
        """The engine with only the rules behind the conditions: the facts that they look at are the same."""
        return self.dependances.context(frozenset(rule.id for rule in self._closure[0]))

    def find(self, wanted: Callable[[Cas], bool], count: Compte) -> Recherche:
        """The first case that is wanted."""
        tried = 0
        if not count.take(COST):
            return Recherche(None, 0, False)
        for case in self.cases(count):
            tried += 1
            if wanted(case):
                return Recherche(case, tried, True)
        return Recherche(None, tried, self.complet and not count.epuise)


def _compared(key: str, conditions: Iterable[Condition]) -> list[Any]:
    found = {test.valeur for condition in conditions for test in tests_of(condition) if test.cle == key}
    return sorted(found, key=str)


def _ages(conditions: Iterable[Condition]) -> list[int]:
    """One age for each interval in which every comparison gives the same verdict."""
    bounds = {0}
    for condition in conditions:
        for test in tests_of(condition):
            if test.cle == "age" and isinstance(test.valeur, int):
                bounds |= {test.valeur, test.valeur + 1}
    return sorted(age for age in bounds if 0 <= age <= AGE_MAX)


def _choices(name: str, values: Sequence[str], conditions: Iterable[Condition]) -> list[Any]:
    """The values that are compared, and one of the others."""
    compared = set(_compared(name, conditions))
    others = [value for value in values if value not in compared]
    return [*(value for value in values if value in compared), *others[:1]]


def _width(name: str, conditions: Iterable[Condition]) -> int:
    """How many members of a list the conditions may need at once: no more than they have leaves about it."""
    counts: Counter[str] = Counter()
    for condition in conditions:
        _count_leaves(condition, counts)
    if name == "besoins":
        return sum(counts[key] for key in ("besoins", "besoin_principal", "besoins_retenus", "offre.repond_au_besoin"))
    return counts[name]


def _count_leaves(condition: Condition, counts: Counter[str]) -> None:
    match condition:
        case Test(cle):
            counts[cle.partition("=")[0]] += 1
        case Critere(sens=sens):
            counts.update({test.cle.partition("=")[0] for test in tests_of(sens)})
        case UnDe(parties) if parties and all(isinstance(part, Test) for part in parties):
            counts.update({test.cle.partition("=")[0] for test in tests_of(condition)})
        case Tous(parties) | UnDe(parties) | Aucun(parties):
            for part in parties:
                _count_leaves(part, counts)


def _subsets(members: Sequence[str], fillers: Sequence[str], width: int, *, ordered: bool) -> list[tuple[str, ...]]:
    """The sets of up to `width` members, and one of a member that is not named; when ordered, with each one first."""
    found: list[tuple[str, ...]] = [tuple(fillers)] if fillers else []
    for size in range(1, width + 1):
        for chosen in combinations(members, size):
            if not ordered:
                found.append(chosen)
                continue
            found += [(first, *(item for item in chosen if item != first)) for first in chosen]
            found += [(filler, *chosen) for filler in fillers]
            if len(found) > MAX_SETS:
                return found
    return found


def in_words(situation: Situation, extra: Mapping[str, Any] | None = None) -> str:
    """A situation on one line, as it is written in a file."""
    said = {**situation.said(), **(extra or {})}
    shown = (f"{key}: {_word(value)}" for key, value in said.items())
    return ", ".join(shown) or "situation vide"


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return f"[{', '.join(map(str, value))}]" if isinstance(value, (list, tuple)) else str(value)
