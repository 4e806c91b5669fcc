"""What each engine has to decide: for every situation, the facts of the visitor and of the candidate offers.

The facts are recorded from the engine itself, so that all decide the same thing; the peers are given them for free.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from benchmarks.normal_form import is_of_offer
from engine.base import Base
from engine.conditions import Condition, Faits
from engine.deciders import by_rete
from engine.orientation import recommend
from engine.ruleset import StrateCompilee
from engine.situation import Situation
from engine.vocabulary import Strate

ON = date(2026, 11, 23)
VISITOR: tuple[Strate, ...] = ("publics", "cep", "besoins", "niveau", "alertes")
"""The strata that look at the visitor alone; that of the offers comes after them."""
OFFERS: Strate = "offres"

Fired = set[tuple[Strate, int]]
"""The conditions that are true: the stratum and the number of the condition."""


Asked = tuple[StrateCompilee, Sequence[Faits], tuple[Any, ...]]
"""One decision that the engine asks for: the stratum, the facts, and what else it hands to the one who decides."""


@dataclass(frozen=True)
class Case:
    """One situation: the final facts of the visitor, those of each candidate, and what our engine concludes."""

    situation: Situation
    visitor: Faits
    offers: tuple[Faits, ...]
    fired: Fired
    fired_offers: tuple[frozenset[int], ...]
    asked: tuple[Asked, ...]


class _Recorder:
    """Decides as the engine does, and keeps what was decided on which facts."""

    def __init__(self, names: Mapping[int, Strate]) -> None:
        self.names = names
        self.visitor: Faits = {}
        self.fired: Fired = set()
        self.offers: tuple[Faits, ...] | None = None
        self.fired_offers: tuple[frozenset[int], ...] = ()
        self.asked: list[Asked] = []

    def __call__(self, stratum: StrateCompilee, facts: Sequence[Faits], *rest: Any) -> list[set[int]]:
        found = by_rete(stratum, facts, *rest)
        name = self.names[id(stratum)]
        copied = [dict(fact) for fact in facts]  # the engine goes on adding to its own
        if name in VISITOR:
            self.visitor = copied[0]
            self.fired |= {(name, number) for number in found[0]}
            self.asked.append((stratum, copied, rest))
        elif name == OFFERS and self.offers is None:
            self.offers = tuple(copied)
            self.fired_offers = tuple(map(frozenset, found))
            self.asked.append((stratum, copied, rest))
        return found


def record(situation: Situation, base: Base) -> Case:
    """The decisions that one orientation takes about eligibility, before any fallback and any further step."""
    recorder = _Recorder({id(stratum): name for name, stratum in base.rules.in_force(ON).items()})
    recommend(situation, base.catalogue, base.rules, ON, decide=recorder)
    offers = recorder.offers or ()
    # What the last stratum concludes of the visitor is only seen in the facts about the offers.
    visitor = {key: value for key, value in offers[0].items() if not is_of_offer(key)} if offers else recorder.visitor
    return Case(situation, visitor, offers, recorder.fired, recorder.fired_offers, tuple(recorder.asked))


def conditions(base: Base) -> dict[Strate, tuple[Condition, ...]]:
    """The conditions to decide, by stratum."""
    strata = base.rules.in_force(ON)
    return {name: strata[name].conditions for name in (*VISITOR, OFFERS)}
