"""The scenarios played by evaluation, on answers recorded once: which of them a changed base does not pass any more.

Questions are looked for only when a step reads them. A scenario that reads nothing else than answers is played again
only when an answer changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from charte.features import FEATURES, BrokenScenarios, Cas, read_scenarios
from charte.steps import Demande, Entretien
from engine.asking import questions
from engine.base import Base
from engine.deciders import by_evaluation
from engine.orientation import Ecartee, Orientation, Question, recommend
from engine.situation import Situation


def answer(situation: Situation, base: Base, on: date) -> Orientation:
    """The answer to a situation at its desk, without its questions."""
    return recommend(situation, base.catalogue, base.rules, on, decide=by_evaluation)


class Rejoue(Entretien):
    """A visit answered by evaluation; `entier` once a step read more than the answer."""

    def __init__(self, base: Base) -> None:
        super().__init__(base)
        self.entier = False

    def repondre(self, situation: Situation, le: date) -> Orientation:
        return answer(situation, self.base, le)

    @property
    def questions(self) -> tuple[Question, ...]:
        self.entier = True
        asked = self.demandes[-1]
        return questions(asked.situation, self.base.catalogue, self.base.rules, asked.le)

    def pourquoi_pas(self, structure: str) -> tuple[Ecartee, ...]:
        self.entier = True
        return super().pourquoi_pas(structure)

    def passes(self, cas: Cas) -> bool:
        """Whether every step holds."""
        try:
            for step in cas.pas:
                step.play(self)
        except (AssertionError, LookupError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Enregistrement:
    """What a visit asked for, as it was answered before any change; `entier`: it must always be played again."""

    nom: str
    cas: Cas
    demandes: tuple[Demande, ...]
    entier: bool


def record(base: Base, folder: Path = FEATURES) -> list[Enregistrement]:
    """What every visit of the scenarios of a folder asks of a base.

    Raises BrokenScenarios for what cannot be read or does not pass.
    """
    found, broken = [], []
    for scenario in read_scenarios(folder):
        for cas in scenario.cas:
            nom = " · ".join(filter(None, [f"{scenario.place} {scenario.nom}", cas.rangee]))
            entretien = Rejoue(base)
            if not entretien.passes(cas):
                broken.append(f"{nom} : ce scénario échoue sur la base telle qu'elle est.")
            found.append(
                Enregistrement(nom, cas, tuple(entretien.demandes), entretien.entier or not entretien.demandes)
            )
    if broken:
        raise BrokenScenarios("\n".join(broken))
    return found


def killer(recorded: Sequence[Enregistrement], base: Base) -> str | None:
    """The first visit that does not pass any more on a changed base; those quick to decide come first."""
    for found in sorted(recorded, key=lambda item: item.entier):
        changed = found.entier or any(answer(one.situation, base, one.le) != one.reponse for one in found.demandes)
        if changed and not Rejoue(base).passes(found.cas):
            return found.nom
    return None
