"""The situations on which a few rules can differ: the product of only the answers that they read, straight or through
what earlier strata conclude.

Ages are cut where the conditions cut them. A list (statuses, needs, difficulties) is tried as every set of the members
that the conditions name, as large as they can ask for together. Nothing else can matter to the engine, so that a whole
product, decided at once (`engine.sets`), is a proof. Beyond MAX_ROWS a part of it is drawn, always the same; if that
finds nothing, the search is made again with what the strata after the publics conclude left free, which is more than
can be: finding nothing is then a proof too, else the search says that it is partial.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import combinations, product
from typing import Any

from analysis.cube import Columns, Cube, Part, columns_of
from analysis.space import coherent
from engine.base import Base
from engine.catalogue import Offre
from engine.conditions import Aucun, Condition, Critere, Test, Tous, UnDe, tests_of
from engine.deciders import OverSets
from engine.decision import PREMIER_ACCUEIL, Contexte, Judged
from engine.questions import Questionnaire
from engine.ruleset import Regle
from engine.sets import bits
from engine.situation import AGE_MAX, Situation, contradictions
from engine.variants import Together, communes_to_try

MAX_ROWS = 1 << 19
"""Situations decided whole for one question; beyond it, MAX_DRAWN of them are drawn."""

MAX_DRAWN = 2_000

MAX_SETS = 2_100
"""Sets of members tried for one list."""

MAX_LINKED = 30_000
"""Combinations of the answers that may contradict one another."""

BUDGET = 60_000_000
"""Situations decided in all by one run, a search counting for COST of them. What is left untried is said."""

COST = 20_000

_CONCLUDED = ("cep", "operateurs", "besoin_principal", "besoins_retenus", "niveau", "referents")
"""What the strata after the publics conclude."""

_EFFECTS = {"operateurs": "operateur", "referents": "referent"}
"""The effects that alone put a member in a set."""

FAR_COMMUNES = ("75056", "97411")

_FREE_BOUNDS = (0, 16, 60, AGE_MAX)
"""Ages that an offer of no catalogue may set."""


Domains = tuple[tuple[str, tuple[Any, ...]], ...]
"""Names, each with the values that it may have."""


class Lot:
    """Situations that were decided together, for an offer when they are about one."""

    def __init__(self, columns: Columns, size: int, context: Contexte, offre: Offre | None) -> None:
        self.rows = (1 << size) - 1
        self.columns = columns
        asked = context.rules.vocabulaire.champs
        self._facts = OverSets(bits(size))
        answers = {name: columns[name] for name in asked if name in columns}
        self.decision = Together.answered(answers, self._facts, context).decision
        for name in columns.keys() - asked.keys():
            self._facts.columns[name] = dict(columns[name])
        self._facts.forget()
        self._own = {} if offre is None else self.decision.meeting(offre)

    def verdict(self, condition: Condition) -> tuple[int, int]:
        """Where a condition is true, and where it is false."""
        return self._facts.verdict(condition, self._own)

    def judge(self, offre: Offre) -> Judged[int]:
        """What the rules say of an offer."""
        (judged,) = self.decision.judge([offre])
        return judged

    def true(self, condition: Condition) -> int:
        """Where a condition is true."""
        return self.verdict(condition)[0]


@dataclass(slots=True)
class Budget:
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
    """What a search found: a situation or none, how many were tried, and whether these are all there are."""

    cas: Situation | None
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
            self._contexts[kept] = Contexte.of(self.base.catalogue, reduced, self.on)
        return self._contexts[kept]

    def concludes(self, effect: str, value: str) -> bool:
        """Whether a rule has an effect."""
        return f"{effect}={value}" in self._by_effect

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

    `libre`: for any offer that a catalogue may hold, its facts being answers like the others. `abstraite`: for any
    conclusion of the strata after the publics, whether or not a situation leads to it. `seule`: a question that is an
    axis of its own, the slowest, "not asked" first. `bureaux`: desks that count. `avec`: rules that are kept as well.
    """

    dependances: Dependances
    conditions: tuple[Condition, ...]
    offre: Offre | None = None
    communes: tuple[str, ...] = ()
    libre: bool = False
    abstraite: bool = False
    seule: str = ""
    bureaux: tuple[str, ...] = ()
    avec: tuple[str, ...] = ()
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
                        for rule in self.dependances.behind(key) if not self._is_free(key) else ():
                            if rule.id not in rules:
                                rules[rule.id] = rule
                                conditions += [part for part in (rule.si, rule.sauf) if part is not None]
        return tuple(rules.values()), tuple(conditions), frozenset(keys)

    @property
    def _questions(self) -> Questionnaire:
        return self.dependances.base.rules.vocabulaire

    @property
    def _linked(self) -> tuple[str, ...]:
        """Questions of which two answers may contradict each other: they are combined first, without contradictions."""
        return self._questions.situation.sens.liees

    def _is_free(self, key: str) -> bool:
        name = key.partition("=")[0]
        return (self.abstraite and name in _CONCLUDED) or (self.libre and name.startswith("offre."))

    @property
    def faits_lus(self) -> frozenset[str]:
        """Every fact that is looked at, straight or not."""
        return self._closure[2]

    @cached_property
    def domaines(self) -> dict[str, list[Any]]:
        """The values to try of each answer that matters; `premiere` is the role of the first structure."""
        _, conditions, keys = self._closure
        names = {key.partition("=")[0] for key in keys if not self._is_free(key)}
        if names & {"besoin_principal", "besoins_retenus", "offre.repond_au_besoin"}:
            names.add("besoins")
        found: dict[str, list[Any]] = {}
        for name, champ in self._questions.compares.items():
            if name in names:
                match champ.genre:
                    case "entier":
                        found[name] = [None, *_ages(conditions, _FREE_BOUNDS if self.libre else ())]
                    case "oui-non":
                        found[name] = [None, True, False]
                    case "choix":
                        found[name] = [None, *_choices(name, champ.valeurs, conditions)]
                    case "ensemble":
                        found[name] = self._sets(name, champ.valeurs, names)
        if self.abstraite:
            found |= {key: self._free_values(key) for key in sorted(keys) if key.partition("=")[0] in _CONCLUDED}
        if self.libre:
            return found | self._offer_domains()
        if "offre.couvre" in names:
            basin = communes_to_try(self.dependances.base.catalogue)
            found["commune"] = [None, *dict.fromkeys([*self.communes, *basin, *FAR_COMMUNES])]
        if "offre.bureau" in names:
            here = self.bureaux or ((self.offre.structure.id,) if self.offre is not None else ())
            others = (item for item in self.dependances.base.catalogue.structures if item not in here)
            found["bureau"] = [None, *here, *list(others)[:1]]
        if "premiere" in names:
            found["premiere"] = [None, *_compared("premiere", conditions)]
        return found

    def _free_values(self, key: str) -> list[Any]:
        """What a conclusion may be."""
        name, _, member = key.partition("=")
        if member:
            concluded = name not in _EFFECTS or self.dependances.concludes(_EFFECTS[name], member)
            return [None, True, False] if concluded else [False]
        values = self.dependances.base.rules.champs[key].valeurs
        return [None, *_choices(key, values, self._closure[1])]

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
                found[key] = list(_FREE_BOUNDS)
            elif champ.genre == "oui-non":
                found[key] = [True, False]
            else:
                found[key] = [value for value in _choices(key, champ.valeurs, conditions) if value != PREMIER_ACCUEIL]
        for name, values in members.items():
            found[name] = [(), tuple(values), *((value,) for value in values)]
            if len(values) > 2:
                self._closed["cut"] = True
        return found

    def _offer_part(self, said: dict[str, Any]) -> Part | None:
        """The facts of an offer, from a value or a list of members by name; None when no offer can have them."""
        facts = {key: value for key, value in said.items() if not isinstance(value, tuple)}
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
        contradicted: set[str] = set()
        for one in self._questions.situation.sens.incompatibles:
            own = {key.removeprefix(f"{name}=") for key in one.lit if key.startswith(f"{name}=")}
            contradicted |= own
            if {key.partition("=")[0] for key in one.lit} & (fields - {name}):
                named |= own
        members = [value for value in values if value in named]
        fillers = [value for value in sorted(values, key=contradicted.__contains__) if value not in named][:1]
        width = max(1, min(len(members), _width(name, conditions)))
        found = _subsets(members, fillers, width, ordered=self._questions.champs[name].ordonne)
        kept = found[:MAX_SETS]
        if len(found) > len(kept):
            self._closed["cut"] = True
        empty: list[Any] = [()] if self._questions.champs[name].vide else []
        return [None, *empty, *kept]

    @cached_property
    def _cube(self) -> Cube:
        """What the answers may be: those that may contradict one another, each of the others, and the offer's facts."""
        domains = self.domaines
        linked = [name for name in self._linked if name in domains and name != self.seule]
        offer = [name for name in domains if name.startswith("offre.")]
        axes: list[list[Part]] = [
            [{name: value} for value in domains[name]] for name in domains if name not in (*linked, *offer)
        ]
        for names, combine in ((linked, self._coherent_parts), (offer, self._offer_parts)):
            some = tuple((name, tuple(domains[name])) for name in names)
            if math.prod(len(values) for _, values in some) > MAX_LINKED:
                self._closed["cut"] = True
            elif some:
                axes.insert(0, combine(some))
        return Cube([*([[{self.seule: value} for value in domains[self.seule]]] if self.seule else []), *axes])

    def _coherent_parts(self, domains: Domains) -> list[Part]:
        return _coherent_parts(domains, self._questions.situation)

    def _is_coherent(self, answers: Part) -> bool:
        return not contradictions(self._questions.situation.model_construct(**answers))

    def _offer_parts(self, domains: Domains) -> list[Part]:
        """The facts that an offer may have together."""
        names = [name for name, _ in domains]
        parts = (
            self._offer_part(dict(zip(names, values, strict=True)))
            for values in product(*(some for _, some in domains))
        )
        return [part for part in parts if part is not None]

    @property
    def taille(self) -> int:
        """How many rows the product has."""
        return self._cube.size

    @property
    def complet(self) -> bool:
        """Whether the whole product is decided."""
        return self.taille <= MAX_ROWS and not self._closed.get("cut")

    @property
    def cout(self) -> int:
        """What deciding it takes of the budget."""
        return COST + min(self.taille, MAX_ROWS)

    def contradictory(self, lot: Lot) -> int:
        """The situations of a lot in which the answer to `seule` contradicts another."""
        found = 0
        for name in self._linked if self.seule in self._linked else ():
            for value, where in lot.columns.get(name, {}).items():
                for own, here in lot.columns[self.seule].items():
                    if name != self.seule and not self._is_coherent({name: value, self.seule: own}):
                        found |= where & here
        return found

    def lot(self) -> tuple[Lot, Callable[[int], dict[str, Any]]]:
        """The whole product, or rows that are drawn from it; and the answers of each row by its number."""
        if self.complet:
            return Lot(self._cube.columns, self.taille, self._context, self.offre), self._cube.row
        rows = list(self._drawn())
        return Lot(columns_of(rows), len(rows), self._context, self.offre), rows.__getitem__

    def _drawn(self) -> Iterator[dict[str, Any]]:
        """int drawn from the axes, and from the answers that were too many to combine."""
        chance = random.Random(1)
        combined = {name for axis in self._cube.axes for name in axis[0]}
        apart = [name for name in self._linked if name in self.domaines and name not in combined]
        for _ in range(MAX_DRAWN):
            row = {name: chance.choice(self.domaines[name]) for name in apart}
            if self._is_coherent(row):
                for axis in self._cube.axes:
                    row |= chance.choice(axis)
                yield row

    @cached_property
    def _context(self) -> Contexte:
        """The engine with only the rules behind the conditions: the facts that they look at are the same."""
        return self.dependances.context(frozenset((*(rule.id for rule in self._closure[0]), *self.avec)))

    def find(self, wanted: Callable[[Lot], int], count: Budget) -> Recherche:
        """The first situation of those that are wanted."""
        if not count.take(self.cout):
            return Recherche(None, 0, False)
        lot, row = self.lot()
        found = wanted(lot)
        tried = lot.rows.bit_count()
        if not found:
            return Recherche(None, tried, self.complet or self._is_proved_freely(wanted, count))
        said = row((found & -found).bit_length() - 1)
        questions = self._questions
        return Recherche(
            coherent({name: said.get(name) for name in questions.champs}, questions.situation), tried, True
        )

    def _is_proved_freely(self, wanted: Callable[[Lot], int], count: Budget) -> bool:
        """Whether nothing is wanted even when the conclusions of the later strata are free."""
        if self.abstraite:
            return False
        freer = replace(self, abstraite=True, _closed={})
        return freer.complet and count.take(freer.cout) and not wanted(freer.lot()[0])


@lru_cache(maxsize=256)
def _coherent_parts(domains: Domains, model: type[Situation]) -> list[Part]:
    """The combinations of answers that do not contradict one another."""
    names = [name for name, _ in domains]
    rows = (dict(zip(names, values, strict=True)) for values in product(*(some for _, some in domains)))
    return [row for row in rows if not contradictions(model.model_construct(**row))]


def _compared(key: str, conditions: Iterable[Condition]) -> list[Any]:
    found = {test.valeur for condition in conditions for test in tests_of(condition) if test.cle == key}
    return sorted(found, key=str)


def _ages(conditions: Iterable[Condition], free: Iterable[int]) -> list[int]:
    """One age for each interval in which every comparison gives the same verdict, also with bounds that are free."""
    bounds = {0, *free, *(bound + 1 for bound in free)}
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
