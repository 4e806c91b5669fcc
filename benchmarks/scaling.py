"""`python -m benchmarks.scaling SIZE`: the cost of an orientation when the catalogue is that of a country.

The network of Dreux is copied into the other groups of communes (EPCI) of France, one after the other, so that a
visitor of Dreux has the same candidates at every size. The smallest size is measured in the same process, in turn.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle
from typing import Any

from benchmarks.process import resident_bytes
from benchmarks.situations import law, load_situations
from benchmarks.timing import Times, measure
from benchmarks.workload import ON
from engine import territory
from engine.asking import questions
from engine.base import Base, load_base
from engine.catalogue import Catalogue, build_catalogue
from engine.orientation import recommend
from engine.situation import Situation
from fiche.model import Structure

SIZES = (100, 1_000, 10_000, 100_000)
ROUNDS = 10
BUDGET = 8.0
"""Seconds to warm up, then to measure, one comparison."""
ONE_QUESTION_IN = 6
"""Questions are asked for one situation in so many: each of them tries dozens of answers."""


def grow(base: Base, size: int) -> Catalogue:
    """The catalogue of the basin with copies of its network elsewhere, up to `size` services."""
    structures = list(base.catalogue.structures.values())
    missing = size - sum(len(structure.services) for structure in structures)
    for copy in _copies(base):
        if missing <= 0:
            break
        kept = copy.services[:missing]
        structures.append(copy if len(kept) == len(copy.services) else copy.model_copy(update={"services": kept}))
        missing -= len(kept)
    return build_catalogue(structures, base.catalogue.territoire, f"{size}", base.rules)


def _copies(base: Base) -> Iterator[Structure]:
    models = [structure for structure in base.catalogue.structures.values() if structure.services]
    for number, (group, commune) in enumerate(cycle(_places_elsewhere(base.catalogue))):
        for model in models:
            yield _copy(model, f"{model.id}-{number}", group, commune)


def _copy(model: Structure, identifier: str, group: str, commune: str) -> Structure:
    services = tuple(
        service.model_copy(
            update={
                "id": f"{identifier}-{position}",
                "structure_id": identifier,
                "code_insee": commune,
                "zone_eligibilite": [group],
            }
        )
        for position, service in enumerate(model.services)
    )
    return model.model_copy(update={"id": identifier, "code_insee": commune, "services": services})


def _places_elsewhere(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Every group of communes that has nothing in common with the basin, with one of its communes; shuffled once."""
    home = territory.commune(catalogue.territoire.commune)
    near = {*catalogue.territoire.zones, *(home.zones if home else ())}
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in territory.COMMUNES.read_text(encoding="utf-8").splitlines():
        code, _, _, department, group, *_ = line.split("\t")
        groups[group].append((code, department))
    found = [
        (group, members[0][0])
        for group, members in sorted(groups.items())
        if group.isdigit() and group not in near and not near & {department for _, department in members}
    ]
    random.Random(law().graine).shuffle(found)
    return found


def _of_the_basin(situation: Situation, base: Base) -> bool:
    place = territory.commune(situation.commune) if situation.commune else None
    return place is None or bool(place.zones & set(base.catalogue.territoire.zones))


def main(size: int) -> dict[str, Any]:
    """The times of a visitor of the basin at `size` services and at the smallest size; what building it costs."""
    base = load_base()
    small = grow(base, SIZES[0])
    before, start = resident_bytes(), time.perf_counter()
    large = grow(base, size)
    candidates = large.candidates(("faire-le-point", "trouver-emploi"), frozenset(large.territoire.zones))
    built, after = time.perf_counter() - start, resident_bytes()
    situations = [situation for situation in load_situations(base.rules.vocabulaire) if _of_the_basin(situation, base)]
    random.Random(law().graine).shuffle(situations)  # so that a budget that runs out leaves a fair sample

    def compare(ask: Callable[..., Any], among: Sequence[Situation], rounds: int) -> dict[str, float]:
        tasks = {
            name: [partial(ask, situation, catalogue, base.rules, ON) for situation in among]
            for name, catalogue in (("small", small), ("large", large))
        }
        return _figures(measure(tasks, rounds, warm_up=1, budget=BUDGET))

    return {
        "size": len(large.offres),
        "structures": len(large.structures),
        "candidates": len(candidates),
        "build": built,
        "bytes": max(0, after - before),
        "recommend": compare(recommend, situations, ROUNDS),
        "questions": compare(questions, situations[::ONE_QUESTION_IN], ROUNDS),
    }


def _figures(found: dict[str, Times]) -> dict[str, float]:
    small, large = found["small"], found["large"]
    return {
        "p50": large.p50,
        "p99": large.p99,
        "ratio": large.p50 / small.p50,
        "ratio_p99": large.p99 / small.p99,
    }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
