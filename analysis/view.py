"""What matters of an answer when answers are compared by the thousand, and its computation on two cores."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from analysis.space import CORE, Dimensions, coherent, pairs
from engine.base import Base
from engine.deciders import Decide, by_evaluation
from engine.decision import Contexte
from engine.orientation import Visite
from engine.situation import Situation

R = TypeVar("R")
Block = tuple[Situation, ...] | tuple[str, Any, Any]
"""Some situations, or the part of the core that has one age and one set of statuses."""


@dataclass(frozen=True, slots=True)
class Vue:
    """An answer without its words: doors in order, profile, alerts."""

    portes: tuple[tuple[str, str, str], ...]
    cep: str
    operateurs: tuple[str, ...]
    niveau: str
    alertes: tuple[str, ...]

    @property
    def premiere(self) -> str:
        """The structure to see first."""
        return self.portes[0][1]


def view(situation: Situation, base: Base, on: date, decide: Decide = by_evaluation) -> Vue:
    """The answer to a situation at its desk."""
    return view_of(Visite.of(situation, Contexte.of(base.catalogue, base.rules, on), decide=decide))


def view_of(visit: Visite) -> Vue:
    """What matters of the decision of a visitor."""
    profil = visit.profil
    return Vue(
        tuple((role, item.offre.structure.id, item.offre.id) for role, item in visit.portes()),
        profil.cep,
        profil.operateurs,
        profil.niveau,
        tuple(alert.regle for alert in profil.alertes),
    )


@dataclass(frozen=True, slots=True)
class Dossiers:
    """The folders of a base, for another process to load it."""

    regles: Path
    catalogue: Path


def blocks(space: Dimensions, model: type[Situation], extra: Sequence[Situation] = ()) -> list[Block]:
    """The whole sample cut in pieces of work: the core by age and statuses, the covering array, and `extra`."""
    sampled = [*pairs(space, model), *extra]
    pieces = [tuple(sampled[start : start + 200]) for start in range(0, len(sampled), 200)]
    return [*pieces, *(("core", age, statuts) for age, statuts in product(space["age"], space["statuts"]))]


def situations_of(block: Block, space: Dimensions, model: type[Situation]) -> Iterator[Situation]:
    """The situations of a piece of work."""
    if block and block[0] == "core":
        _, age, statuts = block
        for values in product(*(space[field] for field in CORE[2:])):
            situation = coherent(dict(zip(CORE, (age, statuts, *values), strict=True)), model)
            if situation is not None:
                yield situation
    else:
        yield from (item for item in block if isinstance(item, Situation))


def sweep(
    work: Callable[[Block], R], pieces: Sequence[Block], setup: Callable[..., None], arguments: tuple[Any, ...]
) -> Iterable[R]:
    """Does `work` on every piece with every core; each process calls `setup(*arguments)` once, first."""
    workers = max(1, min(os.cpu_count() or 1, len(pieces)))
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), setup, arguments) as pool:
        yield from pool.map(work, pieces, chunksize=4)
