"""Questions whose answer never matters, and criteria of the ranking that never decide.

Each is tried on the examples of the rules and on a covering array of every two answers: one situation clears it. What
none clears is decided on the situations that the rules read (`lint_independence`), and said only when it is proved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from analysis.examples import situation_of
from analysis.lint_independence import Independance
from analysis.lint_rules import Regles
from analysis.lint_space import Budget
from analysis.problems import FauteBase
from analysis.space import coherent, dimensions, pairs
from analysis.view import view_of
from engine.base import Base
from engine.conditions import keys_of
from engine.decision import Contexte
from engine.documents import Diagnostic
from engine.orientation import CONDITION_DITE, Visite
from engine.places import UnknownName
from engine.problems import Probleme
from engine.situation import Situation, facts_of

MAX_WORK = 400_000
"""Situations times rules of the trial; beyond it what is not cleared is left to the proof."""

NOT_TRIED = frozenset({"code-postal", "structure"})
"""A postal code says what its commune says; the desk is known by the desk itself."""


@dataclass(frozen=True)
class Essais:
    """The questions and the criteria under trial."""

    regles: Regles
    compte: Budget

    @property
    def base(self) -> Base:
        """The rules and the catalogue."""
        return self.regles.base

    def check(self) -> Iterator[Diagnostic]:
        """Every question and criterion that is proved to be of no use, and those of which it is not known."""
        read = self._fields_read()
        questions = [name for name, asked in self.base.rules.vocabulaire.champs.items() if asked.genre not in NOT_TRIED]
        open_questions = {name for name in questions if name in read}
        criteria = [criterion.id for criterion in self.base.rules.criteres]
        left = set(range(len(criteria)))
        tried = 0
        for situation in self._sample():
            if not (open_questions or left) or tried * len(self.base.rules.regles) > MAX_WORK:
                break
            tried += 1
            left -= self._deciding(situation)
            open_questions -= {name for name in sorted(open_questions) if self._matters(name, situation)}
        proof = Independance(self.regles.dependances(self.regles.on), self.compte)
        matter = {name: proof.question(name, self._matters) for name in questions if name in open_questions}
        decide = {position: proof.criterion(position) for position in sorted(left)}
        for name in questions:
            if name not in read:
                yield self._question(name, FauteBase.QUESTION_NON_LUE(champ=name))
            elif matter.get(name, True) is False:
                yield self._question(name, FauteBase.QUESTION_INUTILE(champ=name))
        for position, decides in decide.items():
            if decides is False:
                yield self._idle(position)
        unsure = [name for name, found in matter.items() if found is None]
        unsure += [criteria[position] for position, found in decide.items() if found is None]
        if unsure:
            yield self.regles.places.criterion(0, FauteBase.SANS_EFFET_VU(essais=tried, noms=unsure))

    def _question(self, name: str, probleme: Probleme) -> Diagnostic:
        return self.regles.places.entry("vocabulaire.yaml", ("champs", name), probleme)

    def _idle(self, position: int) -> Diagnostic:
        name = self.base.rules.criteres[position].id
        return self.regles.places.criterion(position, FauteBase.CRITERE_SANS_EFFET(critere=name))

    def _fields_read(self) -> frozenset[str]:
        """The questions that some rule in force looks at, the place and the needs being looked at by the index too."""
        found = {"besoins", "commune"}
        for rule in self.regles.dependances(self.regles.on).regles:
            for condition in (rule.si, rule.sauf):
                found |= {key.partition("=")[0] for key in keys_of(condition)} if condition is not None else set()
        return frozenset(found)

    # --- the sample ---

    def _sample(self) -> Iterator[Situation]:
        seen: set[str] = set()
        for situation in self._raw_sample():
            key = situation.model_dump_json(exclude_none=True)
            if key not in seen:
                seen.add(key)
                yield situation

    def _raw_sample(self) -> Iterator[Situation]:
        yield self.base.rules.situation()
        for rule in reversed(self.regles.dependances(self.regles.on).regles):
            for example in rule.joues:
                yield situation_of(example.dit, self.base)
        desks = sorted({offre.structure.id for offre in self.base.catalogue.offres})
        for number, situation in enumerate(pairs(dimensions(self.base, self.regles.on), self.base.rules.situation)):
            yield situation
            if number % 4 == 0:
                yield situation.model_copy(update={"bureau": desks[number // 4 % len(desks)]})

    @cached_property
    def _context(self) -> Contexte:
        return Contexte.of(self.base.catalogue, self.base.rules, self.regles.on)

    def _visit(self, situation: Situation) -> Visite | None:
        try:
            visit = Visite.of(situation, self._context)
        except UnknownName:
            return None
        return visit if visit.decision.first else None

    def _deciding(self, situation: Situation) -> set[int]:
        """The positions of the criteria that decide between two neighbours of the ranking."""
        visit = self._visit(situation)
        ranks = [visit.rang(item) for item, _ in visit.decision.ordered(1)] if visit else []
        return {
            next(place for place, (one, two) in enumerate(zip(first, second, strict=True)) if one != two)
            for first, second in pairwise(ranks)
            if first != second
        }

    def _matters(self, name: str, situation: Situation) -> bool:
        """Whether the answer changes what is shown, where the question is raised."""
        said = situation.model_dump(exclude_none=True)
        if name not in said:
            return False
        without = coherent({key: value for key, value in said.items() if key != name}, type(situation))
        if without is None:
            return False
        if not self.base.rules.is_raised(name, facts_of(without)):
            return False
        before, after = self._visit(without), self._visit(situation)
        if before is None or after is None:
            return before is not after
        return view_of(before) != view_of(after) or _doubts(before) != _doubts(after)


def _doubts(visit: Visite) -> tuple[str, ...]:
    return tuple(doubt.regle for doubt in visit.verifications(visit.premiere) if doubt.regle != CONDITION_DITE)
