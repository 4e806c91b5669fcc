"""Measures taken in turn, so that whatever else the machine does falls on all alike."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Task = Callable[[], Any]


@dataclass(frozen=True)
class Times:
    """Durations in seconds."""

    samples: tuple[float, ...]

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.samples)

    @property
    def p99(self) -> float:
        """The duration that one sample in a hundred exceeds."""
        ordered = sorted(self.samples)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def measure(
    tasks: Mapping[str, Sequence[Task]], rounds: int, *, warm_up: int = 2, budget: float = math.inf
) -> dict[str, Times]:
    """The durations of each list of tasks: at each round, the first task of each list, then the second of each…

    The garbage collector runs between rounds, never during a measure. Past `budget` seconds of warm-up, then
    of measures, no further task starts.
    """
    found: dict[str, list[float]] = {name: [] for name in tasks}
    end = time.perf_counter() + budget
    for _ in range(warm_up):
        for _ in _one_round(tasks):
            if time.perf_counter() > end:
                break
    end = time.perf_counter() + budget
    for _ in range(rounds):
        gc.collect()
        gc.disable()
        try:
            for durations in _one_round(tasks):
                for name, duration in durations.items():
                    found[name].append(duration)
                if time.perf_counter() > end:
                    break
        finally:
            gc.enable()
        if time.perf_counter() > end:
            break
    return {name: Times(tuple(durations)) for name, durations in found.items()}


def _one_round(tasks: Mapping[str, Sequence[Task]]) -> Iterator[dict[str, float]]:
    for together in zip(*tasks.values(), strict=True):
        durations = {}
        for name, task in zip(tasks, together, strict=True):
            start = time.perf_counter_ns()
            task()
            durations[name] = (time.perf_counter_ns() - start) / 1e9
        yield durations
