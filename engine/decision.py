"""How a referral is decided, said once: publics, CEP, needs, level, referents, offers, ranking, fallback, doors, path.

Over an abstract set of situations (`engine.sets`): every conclusion is the set in which it holds. One visitor at the
desk, all the answers that a question could get, and every situation there can be are three carriers of this statement;
who says where the conditions of the rules are true is a decider (`engine.deciders`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any, Generic, Literal, NamedTuple

from engine.catalogue import Catalogue, Offre, Specialisation
from engine.deciders import Decider, Own, Rulings
from engine.places import zones_of
from engine.reach import Reach
from engine.ruleset import Etape, Regle, Ruleset, StrateCompilee
from engine.sets import S
from engine.situation import Niveau
from engine.vocabulary import Strate

Role = Literal["principale", "relais", "complement"]
PREMIER_ACCUEIL: Niveau = "premier-accueil"


@dataclass(frozen=True, slots=True)
class Contexte:
    """What stays the same for every visitor: catalogue, rules in force, date."""

    catalogue: Catalogue
    rules: Ruleset
    on: date
    strata: Mapping[Strate, StrateCompilee]

    @classmethod
    def of(cls, catalogue: Catalogue, rules: Ruleset, on: date) -> Contexte:
        """The context of a date, with the rules in force on it."""
        return cls(catalogue, rules, on, rules.in_force(on))


@dataclass(frozen=True, slots=True)
class Asked(Generic[S]):
    """What the engine matches instead of comparing: the needs, the place and the desk of each situation.

    `main` and `kept` are the situations that state each need, first and at all; `further`, in order, those that state
    it after another; a place is its commune, and a situation of no place is anywhere in the basin.
    """

    main: Mapping[str, S]
    kept: Mapping[str, S]
    further: Sequence[tuple[str, S]]
    places: Mapping[str, S]
    desks: Mapping[str, S]


class Conclusion(NamedTuple, Generic[S]):
    """A rule, and the situations in which it concludes."""

    regle: Regle
    numero: int
    oui: S


class Conclusions(Generic[S]):
    """What the rules of a stratum conclude: those whose condition is true, unless their exception is."""

    def __init__(self, stratum: StrateCompilee, decider: Decider[S]) -> None:
        self._stratum = stratum
        self._sets = decider.sets
        self._rulings = decider.rules(stratum)
        self._excepted = {rule: self._rulings.true(number) for number, rule in stratum.excepted_by.items()}
        true = self._rulings.true
        self.all = [Conclusion(rule, n, self._free(n, true(n))) for n, rule in enumerate(stratum.regles)]

    def _free(self, number: int, where: S) -> S:
        excepted = self._excepted.get(number)
        found: S = where if excepted is None else where & ~excepted & self._sets.all
        return found

    def of(self, effect: str) -> Iterator[tuple[Any, Conclusion[S]]]:
        """The rules that have an effect, with its value."""
        for number, value in self._stratum.par_effet.get(effect, ()):
            yield value, self.all[number]

    def true(self, found: Conclusion[S]) -> S:
        """Where the condition of a rule is true, be it lifted by its exception or not."""
        return self._rulings.true(found.numero)

    def may(self, found: Conclusion[S]) -> S:
        """Where an answer may make a rule conclude."""
        return self._free(found.numero, self._rulings.unknown(found.numero))

    def in_order(self, effect: str) -> Iterator[tuple[Any, S]]:
        """The values of an effect, each situation once a value, in the order of the rules."""
        said: dict[Any, S] = {}
        for value, found in self.of(effect):
            where = found.oui if value not in said else found.oui & ~said[value]
            said[value] = found.oui if value not in said else said[value] | found.oui
            yield value, where

    def first(self, effect: str, where: S, default: Any) -> Iterator[tuple[Any, S]]:
        """What the first rule that concludes says, and the default where none does."""
        for value, found in self.of(effect):
            yield value, where & found.oui
            where = where & ~found.oui
        yield default, where


@dataclass(frozen=True, slots=True)
class Avis(Generic[S]):
    """What the rules say of the offers that are alike for them.

    `covered`: where they are within reach; `candidate`: where they are, and answer a need or are a referent's;
    `rejected`; `held` back: they stay, and lead only where the law designates them; `unchecked` (at position n, where
    more than n things are left to check), `met` by ranking criterion; `answers` the main need; `leads`: where they may
    come first.
    """

    reste: Specialisation
    rulings: Rulings[S]
    own: Own[S]
    excepted: Mapping[int, S]
    covered: S
    candidate: S
    rejected: S
    held: S
    unchecked: tuple[S, ...]
    answers: S
    leads: S
    met: Mapping[str, S]


@dataclass(frozen=True, slots=True, eq=False)
class Judged(Generic[S]):
    """An offer, what the rules say of it, and its rank: for each criterion the sets in which it stands one step lower,
    or a word that is the same for every situation."""

    offre: Offre
    avis: Avis[S]
    rank: tuple[tuple[S, ...] | str, ...]


Pool = Iterable[tuple[Judged[S], S]]
"""Offers, each with the situations in which it runs."""


@dataclass(frozen=True, slots=True)
class Door(Generic[S]):
    """An offer that is shown, as what, and where."""

    role: Role
    judged: Judged[S]
    where: S


@dataclass(frozen=True, slots=True)
class Step(Generic[S]):
    """A later step of a path, the rule and the plan behind it, and where."""

    regle: Regle
    plan: Etape
    judged: Judged[S]
    where: S


class Decision(Generic[S]):
    """What is decided of some situations, whose own facts the decider already knows.

    `best_of_alike`: of offers that are alike for the rules only the first of the day is looked at; the first structure
    is the same, and a search over many answers is faster. Raises UnknownName for a commune that does not exist.
    """

    def __init__(self, asked: Asked[S], decider: Decider[S], context: Contexte, *, best_of_alike: bool = False) -> None:
        self.sets = decider.sets
        self.asked = asked
        self.context = context
        self.decider = decider
        self._words = context.rules.vocabulaire
        self._best_of_alike = best_of_alike
        self._places = self._places_of(asked.places)
        self._decide_profile()

    # --- profile ---

    def _decide_profile(self) -> None:
        roles = self._words.roles
        self.publics = self.conclude("publics")
        self._add_members("publics", "public", self.publics, self._words.publics, self.sets.none)
        self.cep = self.conclude("cep")
        opening = [found for value, found in self.cep.of("cep") if value == "oui"]
        self.opened = self.sets.union(found.oui for found in opening)
        closing = self.sets.union(found.oui for value, found in self.cep.of("cep") if value == "non")
        never = ~self.sets.union(map(self.cep.may, opening))
        self.closed: S = self.sets.all & ~self.opened & (closing | never)
        self.decider.add("cep", "oui", self.opened)
        self.decider.add("cep", "non", self.closed)
        self._add_members("operateurs", "operateur", self.cep, roles, self.closed)
        self.besoins = self.conclude("besoins")
        self._add_needs()
        self.niveau = self.conclude("niveau")
        self.levels = list(self.niveau.first("niveau", self.sets.all, PREMIER_ACCUEIL))
        for level, where in self.levels:
            self.decider.add("niveau", level, where)
        self.alertes = self.conclude("alertes")
        self.referents = self._add_members("referents", "referent", self.alertes, roles, self.sets.none)

    def conclude(self, name: Strate) -> Conclusions[S]:
        """What a stratum concludes."""
        return Conclusions(self.context.strata[name], self.decider)

    def _add_members(
        self, name: str, effect: str, conclusions: Conclusions[S], universe: Iterable[str], closed: S
    ) -> dict[str, S]:
        """The facts of a concluded set, empty where it is closed: a member is out where no rule may conclude it."""
        none, every = self.sets.none, self.sets.all
        holds = dict.fromkeys(universe, none)
        may = dict.fromkeys(universe, none)
        for member, found in conclusions.of(effect):
            holds[member] = holds[member] | (found.oui & ~closed)
            may[member] = may[member] | (conclusions.may(found) & ~closed)
        for member, where in holds.items():
            self.decider.add(f"{name}={member}", True, where)
            self.decider.add(f"{name}={member}", False, every & ~(where | may[member]))
        return holds

    def _add_needs(self) -> None:
        """The needs that were said; else the one that the rules presume; and those that they add."""
        none, every = self.sets.none, self.sets.all
        self.main = dict.fromkeys(self._words.besoins, none) | dict(self.asked.main)
        self.kept = dict.fromkeys(self._words.besoins, none) | dict(self.asked.kept)
        unsaid: S = every & ~self.sets.union(self.asked.main.values())
        if unsaid != none:
            for need, where in self.besoins.first("besoin_presume", unsaid, self._words.besoin_par_defaut):
                self.main[need] = self.main[need] | where
                self.kept[need] = self.kept[need] | where
        self.further = list(self.asked.further)
        for need, where in self.besoins.in_order("besoin_complementaire"):
            added = where & ~self.kept[need]
            self.further.append((need, added))
            self.kept[need] = self.kept[need] | added
        for need, where in self.kept.items():
            self.decider.add("besoin_principal", need, self.main[need])
            self.decider.add(f"besoins_retenus={need}", True, where)
            self.decider.add(f"besoins_retenus={need}", False, every & ~where)

    @cached_property
    def operators(self) -> list[tuple[str, S]]:
        """The structures that operate the CEP, in order, each situation once a structure."""
        found: list[tuple[str, S]] = []
        said: dict[str, S] = {}
        for role, concluded in self.cep.in_order("operateur"):
            where = concluded & ~self.closed
            offers = self.context.catalogue.of_roles((role,), self._zones) if where != self.sets.none else []
            for offre in offers:
                name, here = offre.structure.id, where & self._covering(offre)
                found.append((name, here & ~said[name] if name in said else here))
                said[name] = said[name] | here if name in said else here
        return found

    # --- places ---

    def _places_of(self, said: Mapping[str, S]) -> list[tuple[frozenset[str], S]]:
        """The zones of each place, and its situations; the last ones said nothing."""
        catalogue = self.context.catalogue
        found = [(zones_of(commune, catalogue), where) for commune, where in said.items()]
        unsaid: S = self.sets.all & ~self.sets.union(said.values())
        return [*found, (zones_of(None, catalogue), unsaid)]

    @cached_property
    def _zones(self) -> frozenset[str]:
        return frozenset[str]().union(*(zones for zones, where in self._places if where != self.sets.none))

    def _covering(self, offre: Offre) -> S:
        if not offre.zones:
            return self.sets.all
        return self.sets.union(where for zones, where in self._places if offre.zones & zones)

    # --- offers ---

    @cached_property
    def judged(self) -> list[Judged[S]]:
        """The offers that answer a need or belong to a referent, somewhere, ranked or rejected."""
        none = self.sets.none
        catalogue = self.context.catalogue
        found = catalogue.candidates([need for need, where in self.kept.items() if where != none], self._zones)
        known = {offre.id for offre in found}
        following = catalogue.of_roles([role for role, where in self.referents.items() if where != none], self._zones)
        return self.judge([*found, *(offre for offre in following if offre.id not in known)])

    def judge(self, offres: Iterable[Offre]) -> list[Judged[S]]:
        """What the rules say of some offers; of those that are alike, once."""
        alike: dict[tuple[Any, ...], list[Offre]] = {}
        for offre in offres:
            covered = self._covering(offre)
            here = self.asked.desks.get(offre.structure.id, self.sets.none)
            doubtful = offre.service.spro.a_verifier is not None
            alike.setdefault((id(offre.faits), covered, here, doubtful), []).append(offre)
        stratum = self.context.strata["offres"]
        left_of = self.context.catalogue.left_to_decide
        about = [(left_of(group[0], stratum), self.meeting(group[0])) for group in alike.values()]
        found: list[Judged[S]] = []
        rulings = self.decider.offers(stratum, about) if about else []
        for group, (left, own), ruling in zip(alike.values(), about, rulings, strict=True):
            avis = self._avis(group[0], left, own, ruling, stratum)
            kept = [min(group, key=self._turn_of)] if self._best_of_alike else group
            found += [Judged(offre, avis, self._rank(offre, avis)) for offre in kept]
        return found

    def meeting(self, offre: Offre) -> Own[S]:
        """The facts of an offer that depend on the visitor; whether it covers a place that was not said is unknown."""
        every, covered = self.sets.all, self._covering(offre)
        here = self.asked.desks.get(offre.structure.id, self.sets.none)
        answered = self.sets.union(self.main[need] for need in offre.service.spro.besoins)
        return {
            "offre.repond_au_besoin": {True: answered, False: every & ~answered},
            "offre.bureau": {True: here, False: every & ~here},
            "offre.couvre": {True: covered, False: every & ~covered & ~self._places[-1][1]},
        }

    def _avis(
        self, offre: Offre, left: Specialisation, own: Own[S], rulings: Rulings[S], stratum: StrateCompilee
    ) -> Avis[S]:
        sets, spro = self.sets, offre.service.spro
        excepted = {
            rule: rulings.true(number)
            for number, rule in stratum.excepted_by.items()
            if number in left.reste or number in left.toujours
        }
        rejected = held = sets.none
        doubts = [sets.all] if spro.a_verifier is not None else []
        met: dict[str, S] = {}
        for number in (*left.reste, *left.toujours):
            effect = stratum.regles[number].alors if number < len(stratum.regles) else None
            if effect is None:
                continue
            true = rulings.true(number)
            if effect.exclut:
                rejected = rejected | (true & ~excepted[number] if number in excepted else true)
                doubts.append(rulings.unknown(number))
                held = held | doubts[-1] if effect.retient else held
            elif effect.retient:
                held = held | (true & ~excepted[number] if number in excepted else true)
            elif effect.priorise and true != sets.none:
                free = true & ~excepted[number] if number in excepted else true
                met[effect.priorise] = met[effect.priorise] | free if effect.priorise in met else free
        covered, answers = own["offre.couvre"][True], own["offre.repond_au_besoin"][True]
        asked = sets.none if spro.sur_mandat else sets.union(self.kept[need] for need in spro.besoins)
        candidate = covered & (asked | self.referents[offre.structure.spro.role])
        leads = (answers & ~held) | sets.union(met[name] for name in self._above_the_need if name in met)
        return Avis(
            left,
            rulings,
            own,
            excepted,
            covered,
            candidate,
            rejected,
            held,
            sets.more_than(doubts),
            answers,
            leads,
            met,
        )

    def rejecting(self, numbers: Iterable[int]) -> list[tuple[int, Regle]]:
        """Of some conditions of the offers' stratum, those of the rules that reject."""
        rules = self.context.strata["offres"].regles
        return [(n, rules[n]) for n in numbers if n < len(rules) and rules[n].alors.exclut]

    @cached_property
    def _above_the_need(self) -> list[str]:
        order = [criterion.id for criterion in self.context.rules.criteres]
        return order[: order.index("besoin")] if "besoin" in order else []

    # --- ranking ---

    def _rank(self, offre: Offre, avis: Avis[S]) -> tuple[tuple[S, ...] | str, ...]:
        found: list[tuple[S, ...] | str] = []
        for criterion in self.context.rules.criteres:
            if criterion.id == "premier-plan":
                found.append((avis.held,))
            elif criterion.id == "verifications":
                found.append(avis.unchecked)
            elif criterion.id == "tour-de-role":
                found.append(turn(offre.structure.id, self.context.on))
            else:
                met = avis.met.get(criterion.id)
                found.append((self.sets.all if met is None else self.sets.all & ~met,))
        return tuple(found)

    def _turn_of(self, offre: Offre) -> tuple[str, str]:
        """All that tells apart offers that are alike for the rules."""
        return turn(offre.structure.id, self.context.on), offre.id

    def ranked(self, pool: Pool[S]) -> list[tuple[Judged[S], S]]:
        """Offers in an order that, in each situation, is that of the criteria, then of the identifiers."""
        none = self.sets.none
        equals = [[(item, where) for item, where in pool if where != none]]
        for place in range(len(self.context.rules.criteres)):
            split: list[list[tuple[Judged[S], S]]] = []
            for some in equals:
                first = some[0][0].rank[place] if some else ()
                if len(some) < 2 or all(item.rank[place] == first for item, _ in some):
                    split.append(some)
                    continue
                parts: dict[Any, list[tuple[Judged[S], S]]] = {}
                for item, where in some:
                    for step, part in self._steps(item.rank[place], where):
                        parts.setdefault(step, []).append((item, part))
                split += [parts[step] for step in sorted(parts)]
            equals = split
        return [found for some in equals for found in sorted(some, key=_name_of)]

    def _steps(self, rank: tuple[S, ...] | str, where: S) -> Iterator[tuple[Any, S]]:
        """How low an offer stands for a criterion, and where."""
        if isinstance(rank, str):
            yield rank, where
            return
        for step, lower in enumerate(rank):
            here = where & ~lower
            if here != self.sets.none:
                yield step, here
            where = where & lower
            if where == self.sets.none:
                return
        yield len(rank), where

    def best(self, pool: Pool[S]) -> Iterator[tuple[Judged[S], S]]:
        """Each offer with the situations in which it is the first of those that run: the head of `ranked`, alone."""
        sets = self.sets
        running = {item: where for item, where in pool if where != sets.none}
        for place in range(len(self.context.rules.criteres)):
            ranks = [item.rank[place] for item in running]
            if len(running) < 2 or all(rank == ranks[0] for rank in ranks):
                continue
            by_step: dict[Any, list[tuple[Judged[S], S]]] = {}
            for item, where in running.items():
                for step, part in self._steps(item.rank[place], where):
                    by_step.setdefault(step, []).append((item, part))
            running, decided = {}, sets.none
            for step in sorted(by_step):
                here = sets.none
                for item, where in by_step[step]:
                    part = where & ~decided
                    if part != sets.none:
                        running[item] = running[item] | part if item in running else part
                        here = here | part
                decided = decided | here
        taken = sets.none
        for item, where in sorted(running.items(), key=_name_of):
            yield item, where & ~taken
            taken = taken | where

    # --- who comes first ---

    @cached_property
    def _standing(self) -> tuple[list[tuple[Judged[S], S]], list[tuple[Judged[S], S]]]:
        """The offers that stay, and after them those that a first reception comes before.

        Where no offer may come first, everyone is due a first reception, even if a rule rejects all that there is.
        """
        sets = self.sets
        kept = [(item, item.avis.candidate & ~item.avis.rejected) for item in self.judged]
        led = sets.union(where & item.avis.leads for item, where in kept)
        alone: S = sets.all & ~led
        if alone == sets.none:
            return kept, []
        default = self._words.besoin_par_defaut
        known = {item.offre.id: item for item in self.judged}
        offres = self.context.catalogue.candidates((default,), self._zones)
        judged = [
            *(known[offre.id] for offre in offres if offre.id in known),
            *self.judge(offre for offre in offres if offre.id not in known),
        ]
        near = [(item, item.avis.covered & alone) for item in judged]
        some = sets.union(covered & ~item.avis.rejected for item, covered in near)
        free = sets.union(covered & ~item.avis.rejected & ~item.avis.held for item, covered in near)
        welcome = {item: covered & ~(item.avis.rejected & some) & ~(item.avis.held & free) for item, covered in near}
        stay = {item: where & led for item, where in kept}
        for item, where in welcome.items():
            stay[item] = stay[item] | where if item in stay else where
        return list(stay.items()), [
            (item, where & ~led & ~welcome[item] if item in welcome else where & ~led) for item, where in kept
        ]

    def gives_way(self, item: Judged[S]) -> S:
        """Where an offer comes after a first reception, since no offer of the demand may come first."""
        return self.sets.union(where for other, where in self._standing[1] if other is item)

    def ordered(self, within: S) -> list[tuple[Judged[S], S]]:
        """Every offer that stays, in the order in which it is proposed, in some of the situations."""
        return [found for part in self._standing for found in self.ranked((item, some & within) for item, some in part)]

    @cached_property
    def first(self) -> list[tuple[Judged[S], S]]:
        """The offers that come first somewhere, and where."""
        before, after = self._standing
        found = [(item, where) for item, where in self.best(before) if where != self.sets.none]
        left = self.sets.all & ~self.sets.union(where for _, where in found)
        if left != self.sets.none:
            rest = self.best((item, where & left) for item, where in after)
            found += [(item, where) for item, where in rest if where != self.sets.none]
        return found

    @property
    def first_structures(self) -> dict[str, S]:
        """For each structure, the situations in which it comes first."""
        found: dict[str, S] = {}
        for item, where in self.first:
            name = item.offre.structure.id
            found[name] = found[name] | where if name in found else where
        return found

    # --- doors and path ---

    def doors(self, within: S) -> list[Door[S]]:
        """What is shown, in order: one door by structure for the main need, then one by further need.

        A door that is held back is shown after the first only where one question that can be asked now may open it.
        """
        sets = self.sets
        ordered = self.ordered(within)
        found: list[Door[S]] = []
        started = sets.none
        structures: dict[str, S] = {}
        shown: dict[Judged[S], S] = {}
        first: dict[Judged[S], S] = {}
        covered: dict[str, S] = {}

        def show(role: Role, item: Judged[S], where: S) -> None:
            if where != sets.none:
                found.append(Door(role, item, where))
                shown[item] = shown[item] | where if item in shown else where

        for item, where in ordered:
            head = where & ~started
            started = started | where
            if head != sets.none:
                first[item] = first[item] | head if item in first else head
                for need in item.offre.service.spro.besoins:
                    covered[need] = covered[need] | head if need in covered else head
            name = item.offre.structure.id
            new = where & (head | self._within_reach(item))
            if name in structures:
                new = new & ~structures[name]
            other = new & ~head
            if other != sets.none:
                bare = ~sets.union(self.kept[need] for need in item.offre.service.spro.besoins)
                other = other & (item.avis.answers | bare)
            show("principale", item, head)
            show("relais", item, other)
            structures[name] = structures.get(name, sets.none) | head | other
        for need, asking in self.further:
            where = asking & within & ~covered.get(need, sets.none)
            if where == sets.none:
                continue
            answering = [
                (item, some & where & self._within_reach(item) & ~first.get(item, sets.none))
                for item, some in ordered
                if need in item.offre.service.spro.besoins
            ]
            sure = [(i, w & ~i.avis.unchecked[0] if i.avis.unchecked else w) for i, w in answering]
            free = sets.union(some for _, some in sure)
            taken = sets.none
            for item, some in [*sure, *((item, some & ~free) for item, some in answering)]:
                chosen = some & ~taken
                taken = taken | some
                chosen = chosen & ~shown.get(item, sets.none)
                show("complement", item, chosen)
                for other_need in item.offre.service.spro.besoins:
                    covered[other_need] = covered.get(other_need, sets.none) | chosen
        return found

    def _within_reach(self, item: Judged[S]) -> S:
        """Where an offer is open, or one question away."""
        if item.avis.held == self.sets.none:
            return self.sets.all
        reste = item.avis.reste.reste
        holding = [reste[number] for number, rule in self.rejecting(reste) if rule.alors.retient]
        return self._reach.of(holding, item.avis.own)

    @cached_property
    def _reach(self) -> Reach[S]:
        return Reach(self.decider, self.context.rules)

    def path(self) -> list[Step[S]]:
        """The steps after the first, each the best offer of the role that is planned, each structure once."""
        sets = self.sets
        been = self.first_structures
        for item, where in self.first:
            self.decider.add("premiere", item.offre.structure.spro.role, where)
        found: list[Step[S]] = []
        for concluded in self.conclude("parcours").all:
            for plan in concluded.regle.alors.etapes or () if concluded.oui != sets.none else ():
                offers = (
                    offre
                    for offre in self.context.catalogue.of_roles((plan.role,), self._zones)
                    if plan.besoin is None or plan.besoin in offre.service.spro.besoins
                )
                pool = [(item, concluded.oui & item.avis.covered & ~item.avis.rejected) for item in self.judge(offers)]
                for item, where in self.best(pool):
                    name = item.offre.structure.id
                    new = where & ~been[name] if name in been else where
                    if new != sets.none:
                        been[name] = been.get(name, sets.none) | new
                        found.append(Step(concluded.regle, plan, item, new))
        return found


def _name_of(entry: tuple[Judged[Any], Any]) -> str:
    return entry[0].offre.id


@cache
def turn(structure: str, on: date) -> str:
    """The place of a structure in the day's rotation: a hash of both, that nobody chooses and that changes daily."""
    return hashlib.sha256(f"{on.isoformat()} {structure}".encode()).hexdigest()
