"""Who says where the conditions of a stratum are true: durable_rules for one visitor, three-valued logic over sets.

The statement of a decision (`engine.decision`) is the same for all of them; tests hold one against the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Generic, Protocol

from engine.catalogue import Specialisation
from engine.conditions import Condition, Evaluer, Faits, Valeur, evaluate
from engine.ruleset import StrateCompilee
from engine.sets import ONE, Column, Facts, S, S_co, Sets, Verdicts
from engine.situation import Sens

Own = Mapping[str, Column[S]]
"""The facts of an offer that depend on the visitor."""

MEETING = ("offre.couvre", "offre.repond_au_besoin", "offre.bureau")
"""Their names; the other facts of an offer are known when the catalogue is loaded."""

Decide = Callable[[StrateCompilee, Sequence[Faits], Sequence[Specialisation]], list[set[int]]]
"""The numbers of the conditions of a stratum that are true of each of the facts; for facts about offers, what is left
to decide of each is given too."""


class Rulings(Protocol[S_co]):
    """The verdicts of the conditions of a stratum, by their numbers."""

    def true(self, number: int) -> S_co:
        """Where a condition is known to be true."""

    def unknown(self, number: int) -> S_co:
        """Where an answer that was not given could make it true or false."""


class Decider(Protocol[S]):
    """Facts, and the verdicts of strata on them."""

    @property
    def sets(self) -> Sets[S]:
        """The algebra."""

    def add(self, key: str, value: Valeur, where: S) -> None:
        """Says that a fact has a value in some situations."""

    def rules(self, stratum: StrateCompilee) -> Rulings[S]:
        """The verdicts of a stratum about the visitor."""

    def verdict(self, condition: Condition, own: Own[S], /) -> Verdicts[S]:
        """Where any condition is true and where it is false, by three-valued logic."""

    def offers(
        self, stratum: StrateCompilee, offers: Sequence[tuple[Specialisation, Own[S]]], /
    ) -> Iterable[Rulings[S]]:
        """The verdicts of a stratum about each offer."""


# --- one situation ---


def by_rete(stratum: StrateCompilee, facts: Sequence[Faits], offers: Sequence[Specialisation] = ()) -> list[set[int]]:
    """durable_rules decides; about offers, once for all those that meet the visitor in the same way."""
    if not offers:
        return stratum.rete.fired(facts)
    meetings = [tuple(fact.get(key) for key in MEETING) for fact in facts]
    one_of_each = dict(zip(meetings, facts, strict=True))
    fired = dict(zip(one_of_each, offers[0].residus.fired(list(one_of_each.values())), strict=True))
    return [
        {index for index, number in offer.numeros.items() if number in fired[meeting]} | offer.toujours
        for offer, meeting in zip(offers, meetings, strict=True)
    ]


def by_evaluation(
    stratum: StrateCompilee, facts: Sequence[Faits], offers: Sequence[Specialisation] = ()
) -> list[set[int]]:
    """The three-valued evaluator decides, on what is left to decide."""
    if not offers:
        return [{index for index, test in enumerate(stratum.tests) if test(fact) is True} for fact in facts]
    return [
        {index for index, test in offer.tests.items() if test(fact) is True} | offer.toujours
        for fact, offer in zip(facts, offers, strict=True)
    ]


class _OfOne:
    """What was decided of one situation; the evaluator of the same conditions tells the unknown from the false."""

    __slots__ = ("_facts", "_fired", "_tests")

    def __init__(self, fired: set[int], tests: Mapping[int, Evaluer] | Sequence[Evaluer], facts: Faits) -> None:
        self._fired, self._tests, self._facts = fired, tests, facts

    def true(self, number: int) -> int:
        return 1 if number in self._fired else 0

    def unknown(self, number: int) -> int:
        return 1 if number not in self._fired and self._tests[number](self._facts) is None else 0


class OfOne:
    """One situation, the rules that fire being decided by a function."""

    sets = ONE

    def __init__(self, decide: Decide) -> None:
        self.faits: dict[str, Valeur] = {}
        self._decide = decide

    def add(self, key: str, value: Valeur, where: int) -> None:
        """As `Decider`."""
        if where:
            self.faits[key] = value

    def verdict(self, condition: Condition, own: Own[int]) -> Verdicts[int]:
        """As `Decider`."""
        found = evaluate(condition, self.facts_about({}, own))
        return int(found is True), int(found is False)

    def rules(self, stratum: StrateCompilee) -> Rulings[int]:
        """As `Decider`."""
        return _OfOne(self._decide(stratum, [self.faits], ())[0], stratum.tests, self.faits)

    def offers(
        self, stratum: StrateCompilee, offers: Sequence[tuple[Specialisation, Own[int]]]
    ) -> Iterable[Rulings[int]]:
        """As `Decider`."""
        left = [specialised for specialised, _ in offers]
        facts = [self.facts_about(specialised.faits, own) for specialised, own in offers]
        fired = self._decide(stratum, facts, left)
        return [_OfOne(some, one.tests, fact) for some, one, fact in zip(fired, left, facts, strict=True)]

    def facts_about(self, offer: Faits, own: Own[int]) -> dict[str, Valeur]:
        """The facts that the rules about offers see: the visitor's, the offer's, and how the two meet."""
        met = {key: value for key, column in own.items() for value, where in column.items() if where}
        return {**self.faits, **offer, **met}


# --- sets of situations ---


class _OverSets(Generic[S]):
    """What the three-valued evaluation says of numbered conditions."""

    __slots__ = ("_always", "_sets", "_verdict")

    def __init__(self, sets: Sets[S], verdict: Callable[[int], Verdicts[S]], always: frozenset[int]) -> None:
        self._sets, self._verdict, self._always = sets, verdict, always

    def true(self, number: int) -> S:
        return self._sets.all if number in self._always else self._verdict(number)[0]

    def unknown(self, number: int) -> S:
        if number in self._always:
            return self._sets.none
        true, false = self._verdict(number)
        found: S = self._sets.all & ~(true | false)
        return found


class OverSets(Facts[S]):
    """Many situations at once; what is left of a rule is decided once for all the offers that it is left of."""

    def __init__(self, sets: Sets[S]) -> None:
        super().__init__(sets)
        self._left: dict[int, Verdicts[S]] = {}

    def state(self, simple: Mapping[str, Column[S]], lists: Mapping[str, tuple[S, Mapping[str, S]]], sens: Sens) -> S:
        """The facts that answers state or imply: those to simple questions by value, those to lists by what was
        answered at all and by member. Returns the situations in which two answers contradict each other."""
        for name, column in simple.items():
            for value, where in column.items():
                self.add(name, value, where)
        for name, (asked, members) in lists.items():
            for member, key in sens.ensembles[name].items():
                where = members.get(member, self.sets.none)
                self.add(key, True, where)
                self.add(key, False, asked & ~where)
        wrong = self.sets.union(self.verdict(one.condition, {})[0] for one in sens.incompatibles)
        implied = [(self.verdict(one.condition, {})[0], one.faits) for one in sens.implications]
        for where, facts in implied:
            for key, value in facts.items():
                column = self.columns.get(key, {})
                column.update({other: some & ~where for other, some in column.items() if other != value})
                self.add(key, value, where)
        self.forget()
        return wrong

    def forget(self) -> None:
        """Forgets the verdicts, when facts changed."""
        self._verdicts.clear()
        self._left.clear()

    def rules(self, stratum: StrateCompilee) -> Rulings[S]:
        """As `Decider`."""
        conditions = stratum.conditions
        return _OverSets(self.sets, cache(lambda number: self.verdict(conditions[number], {})), frozenset())

    def offers(self, _: StrateCompilee, offers: Sequence[tuple[Specialisation, Own[S]]]) -> Iterable[Rulings[S]]:
        """As `Decider`."""
        return [_OverSets(self.sets, self._about(left, own), left.toujours) for left, own in offers]

    def _about(self, offer: Specialisation, own: Own[S]) -> Callable[[int], Verdicts[S]]:
        met: dict[int, Verdicts[S]] = {}

        def verdict(number: int) -> Verdicts[S]:
            known, place = (met, number) if number in offer.rencontre else (self._left, offer.numeros[number])
            if place not in known:
                known[place] = self.verdict(offer.reste[number], own)
            return known[place]

        return verdict
