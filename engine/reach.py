"""How far a held back offer is: where it is open already, and where one question that can be asked now may open it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Generic

from engine.conditions import Aucun, Condition, Critere, Test, Tous, UnDe
from engine.deciders import Decider, Own
from engine.ruleset import Ruleset
from engine.sets import S

Ways = Mapping[str, S]
"""By question, the situations in which its answer alone can give a condition its wanted verdict; by `NOTHING`, those in
which it has it. Elsewhere more than one answer is needed, or none will do."""

NOTHING = ""


class Reach(Generic[S]):
    """The fewest questions behind conditions, in the situations of a decider."""

    def __init__(self, decider: Decider[S], rules: Ruleset) -> None:
        self._decider, self._rules, self._sets = decider, rules, decider.sets

    def of(self, conditions: Iterable[Condition], own: Own[S]) -> S:
        """Where every condition is false, or can be made so by one question that what was said allows to ask."""
        ways = self._together(self._ways(condition, own, wanted=False) for condition in conditions)
        return self._sets.union(
            where if field == NOTHING else where & self._raised(field) for field, where in ways.items()
        )

    def _raised(self, field: str) -> S:
        asked, unless = self._rules.posees_si.get(field), self._rules.posees_sauf.get(field)
        found: S = self._sets.all if asked is None else self._decider.verdict(asked, {})[0]
        return found if unless is None else found & ~self._decider.verdict(unless, {})[0]

    def _ways(self, condition: Condition, own: Own[S], *, wanted: bool) -> Ways[S]:
        match condition:
            case Test(cle):
                return self._of_test(condition, cle, own, wanted=wanted)
            case Critere(sens=sens):
                return self._ways(sens, own, wanted=wanted)
            case Aucun(parties):
                return self._ways(UnDe(parties), own, wanted=not wanted)
            case Tous(parties) | UnDe(parties):
                parts = [self._ways(part, own, wanted=wanted) for part in parties]
                return self._together(parts) if isinstance(condition, Tous) is wanted else self._any(parts)

    def _of_test(self, test: Test, key: str, own: Own[S], *, wanted: bool) -> Ways[S]:
        true, false = self._decider.verdict(test, own)
        had = true if wanted else false
        name, _, member = key.partition("=")
        if name == "publics":
            behind = [self._ways(rule.si, {}, wanted=wanted) for rule in self._rules.concluding(member)]
            return self._any([{NOTHING: had}, self._any(behind) if wanted else self._together(behind)])
        field = "commune" if key == "offre.couvre" else name
        return {NOTHING: had, field: self._sets.all & ~(true | false)}

    def _any(self, parts: Iterable[Ways[S]]) -> Ways[S]:
        found: dict[str, S] = {}
        for ways in parts:
            for field, where in ways.items():
                found[field] = found[field] | where if field in found else where
        return found

    def _together(self, parts: Iterable[Ways[S]]) -> Ways[S]:
        none = self._sets.none
        found: dict[str, S] = {NOTHING: self._sets.all}
        for ways in parts:
            had, free = found.get(NOTHING, none), ways.get(NOTHING, none)
            made: dict[str, S] = {NOTHING: had & free}
            for field in (found.keys() | ways.keys()) - {NOTHING}:
                before, here = found.get(field, none), ways.get(field, none)
                made[field] = (before & (free | here)) | (had & here)
            found = {field: where for field, where in made.items() if where != none}
        return found
