"""Whether the answer to a question can change what is shown, and whether a criterion can decide: proved, or not known.

A question matters only through a rule whose verdict it changes. Every rule that reads it, straight or through earlier
conclusions, is decided on all the situations that the rule reads, with and without the answer. A rule that only places
an offer changes nothing when no other offer can stand beside it and differ. A criterion decides when two offers, equal
for every criterion before it, can stand side by side and differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice, zip_longest

from analysis.lint_space import Budget, Dependances, Lot, Projection
from analysis.space import coherent
from engine.catalogue import Offre
from engine.conditions import Condition, Test, specialise
from engine.decision import turn
from engine.ruleset import Regle
from engine.sets import numbers
from engine.situation import Situation

MAX_WITNESSES = 40
"""Situations shown to the engine for a rule whose verdict changes."""

Shows = Callable[[str, Situation], bool]
"""Whether the answer that a situation gives to a question changes what is shown."""

_CONCLUDING = ("cep", "besoins", "niveau", "alertes")
"""The strata of which a changed verdict may be shown by itself; a public is shown through what reads it."""


@dataclass(frozen=True)
class Independance:
    """The rules in force, and how much may still be tried."""

    dependances: Dependances
    compte: Budget

    # --- questions ---

    def question(self, name: str, shows: Shows) -> bool | None:
        """Whether the answer can matter: True with a situation that shows it, False when none can, None if unknown."""
        known = True
        for rule in self.dependances.regles:
            if rule.strate in _CONCLUDING or rule.strate == "offres":
                for offre, si, sauf in self._applied(rule):
                    found = self._moved(name, si, sauf, offre)
                    if found is None:
                        known = False
                        continue
                    if any(shows(name, situation) for situation in found):
                        return True
                    known = known and (not found or self._is_harmless(rule, offre))
        return False if known else None

    def _applied(self, rule: Regle) -> Iterator[tuple[Offre | None, Condition, Condition | None]]:
        """The rule alone or, for a rule about offers, what is left of it for each."""
        if rule.strate != "offres":
            yield None, rule.si, rule.sauf
            return
        for offre in self.dependances.base.catalogue.offres:
            si = specialise(rule.si, offre.faits)
            sauf = False if rule.sauf is None else specialise(rule.sauf, offre.faits)
            if not isinstance(si, bool) and sauf is not True:
                yield offre, si, None if isinstance(sauf, bool) else sauf

    def _moved(self, name: str, si: Condition, sauf: Condition | None, offre: Offre | None) -> list[Situation] | None:
        """Situations whose answer to a question changes a verdict; empty when none does, None when it is not known."""
        raised = self.dependances.base.rules.posees_si.get(name)
        unless = self.dependances.base.rules.posees_sauf.get(name)
        read = [part for part in (si, sauf) if part is not None]
        if name not in Projection(self.dependances, tuple(read), offre).domaines:
            return []
        conditions = (*read, *(part for part in (raised, unless) if part is not None))
        projection = Projection(self.dependances, conditions, offre, seule=name)
        if not self.compte.take(projection.cout) or not projection.complet:
            return None
        lot, row = projection.lot()
        excepted = lot.true(sauf) if sauf is not None else 0
        true, false = lot.verdict(si)
        values = len(projection.domaines[name])
        size = lot.rows.bit_length() // values
        first = (1 << size) - 1
        asked = first if raised is None else lot.true(raised) & first
        asked &= -1 if unless is None else ~lot.true(unless)
        sides = (true & ~excepted, false | excepted)
        changed = 0
        for place in range(1, values):
            moved = (((side >> place * size) ^ side) & asked for side in sides)
            for rows in moved:
                changed |= rows << place * size
        changed &= ~projection.contradictory(lot)
        return list(self._witnesses(changed, row, offre))

    def _witnesses(
        self, rows: int, row: Callable[[int], dict[str, object]], offre: Offre | None
    ) -> Iterator[Situation]:
        """Some of the situations; those of an offer ask for it when they ask for nothing."""
        for number in islice(numbers(rows), MAX_WITNESSES):
            questions = self.dependances.base.rules.vocabulaire
            said = {key: value for key, value in row(number).items() if key in questions.champs}
            if offre is not None and not said.get("besoins"):
                said["besoins"] = (offre.service.spro.besoins[0],)
            situation = coherent(said, questions.situation)
            if situation is not None:
                yield situation

    def _is_harmless(self, rule: Regle, offre: Offre | None) -> bool:
        """Whether a changed place of an offer can be seen nowhere: no offer that may stand beside it differs there."""
        criterion = rule.alors.priorise
        if offre is None or criterion is None:
            return False
        order = [item.id for item in self.dependances.base.rules.criteres]
        place = order.index(criterion)
        others = (other for other in self.dependances.base.catalogue.offres if other.id != offre.id)
        return all(
            self._is_separated(offre, other, place)
            or self._always_alike(offre, other, criterion)
            or self._decides(offre, other, place) is False
            for other in others
        )

    def _always_alike(self, one: Offre, other: Offre, criterion: str) -> bool:
        """Whether two offers always meet a criterion together."""
        rules = [rule for rule in self._placing if rule.alors.priorise == criterion]
        conditions = tuple(part for offre in (one, other) for rule in rules for part in _left(rule, offre))
        if not conditions:
            return self._constant(one, criterion) == self._constant(other, criterion)

        def differ(lot: Lot) -> int:
            met = [lot.judge(offre).avis.met.get(criterion, 0) for offre in (one, other)]
            return met[0] ^ met[1]

        found = self._pair(conditions, one, other).find(differ, self.compte)
        return found.cas is None and found.complet

    # --- criteria ---

    def criterion(self, place: int) -> bool | None:
        """Whether a criterion, by its place, can decide between two offers; None when it is not known."""
        known = True
        for one, other in combinations(self.dependances.base.catalogue.offres, 2):
            decides = self._decides(one, other, place)
            if decides:
                return True
            known = known and decides is False
        return False if known else None

    def _decides(self, one: Offre, other: Offre, place: int) -> bool | None:
        """Whether two offers can stand side by side, equal before a criterion, and differ there."""
        criteria = [item.id for item in self.dependances.base.rules.criteres[: place + 1]]
        here = self._constant(one, criteria[-1])
        if self._is_separated(one, other, place) or (here is not None and here == self._constant(other, criteria[-1])):
            return False
        projection = self._pair(self._read_until(place, one, other), one, other)
        found = projection.find(lambda lot: self._decided(lot, one, other, place), self.compte)
        return True if found.cas is not None else False if found.complet else None

    def _decided(self, lot: Lot, one: Offre, other: Offre, place: int) -> int:
        """Where two offers stand side by side and only the last of some criteria tells them apart."""
        first, second = lot.judge(one), lot.judge(other)
        found = lot.rows & ~(first.avis.rejected | second.avis.rejected)
        for judged in (first, second):
            found &= judged.avis.candidate | (lot.rows if self._welcomes(judged.offre) else 0)
        *before, last = (
            _differ(*ranks) for ranks in zip(first.rank[: place + 1], second.rank[: place + 1], strict=True)
        )
        for rows in before:
            found &= ~rows
        return found & last

    def _read_until(self, place: int, one: Offre, other: Offre) -> tuple[Condition, ...]:
        """All that the standing and the rank of two offers read, up to a criterion."""
        wanted = {item.id for item in self.dependances.base.rules.criteres[: place + 1]}
        rules = [rule for rule in self._placing if rule.alors.exclut or rule.alors.priorise in wanted]
        conditions: list[Condition] = []
        for offre in (one, other):
            conditions += [part for rule in rules for part in _left(rule, offre)]
            conditions += [Test(f"besoins_retenus={need}", "==", True) for need in offre.service.spro.besoins]
            conditions.append(Test(f"referents={offre.structure.spro.role}", "==", True))
        return tuple(dict.fromkeys(conditions))

    # --- pairs of offers ---

    @cached_property
    def _placing(self) -> list[Regle]:
        return [rule for rule in self.dependances.regles if rule.strate == "offres"]

    def _pair(self, conditions: tuple[Condition, ...], one: Offre, other: Offre) -> Projection:
        bureaux = tuple(dict.fromkeys((one.structure.id, other.structure.id)))
        return Projection(self.dependances, conditions, bureaux=bureaux, avec=tuple(rule.id for rule in self._placing))

    def _is_separated(self, one: Offre, other: Offre, place: int) -> bool:
        """Whether a criterion before a place always tells two offers apart."""
        before = (item.id for item in self.dependances.base.rules.criteres[:place])
        values = ((self._constant(one, name), self._constant(other, name)) for name in before)
        return any(None not in pair and pair[0] != pair[1] for pair in values)

    def _constant(self, offre: Offre, criterion: str) -> bool | int | str | None:
        """What an offer always is for a criterion; None when it depends on the visitor."""
        if criterion == "tour-de-role":
            return turn(offre.structure.id, self.dependances.on)
        rules = [
            rule for rule in self._placing if criterion in (rule.alors.priorise, _CHECKS.get(bool(rule.alors.exclut)))
        ]
        if any(_left(rule, offre) for rule in rules):
            return None
        if criterion == "verifications":
            return int(offre.service.spro.a_verifier is not None)
        return any(specialise(rule.si, offre.faits) is True for rule in rules)

    def _welcomes(self, offre: Offre) -> bool:
        """Whether an offer may be the first reception, which needs no other demand."""
        return self.dependances.base.rules.vocabulaire.besoin_par_defaut in offre.service.spro.besoins


_CHECKS = {True: "verifications"}
"""A rule that may reject an offer makes something to check."""


def _differ(one: tuple[int, ...] | str, other: tuple[int, ...] | str) -> int:
    """Where two offers stand differently for a criterion."""
    if isinstance(one, str) or isinstance(other, str):
        return -1 if one != other else 0
    found = 0
    for first, second in zip_longest(one, other, fillvalue=0):
        found |= first ^ second
    return found


def _left(rule: Regle, offre: Offre) -> list[Condition]:
    """What is left of a rule once the facts of an offer are known; nothing when it is always or never true."""
    si = specialise(rule.si, offre.faits)
    sauf = False if rule.sauf is None else specialise(rule.sauf, offre.faits)
    if si is False or sauf is True:
        return []
    return [part for part in (si, sauf) if not isinstance(part, bool)]
