"""Where the time goes: the functions that take the largest share of it, by cProfile."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.timing import Task

PROJECT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Spot:
    """A function: the share of the time spent in it, and in it with what it calls."""

    name: str
    own: float
    total: float


def hottest(tasks: Sequence[Task], count: int = 8, repeat: int = 2) -> list[Spot]:
    """The functions in which most time is spent, themselves alone."""
    profile = cProfile.Profile()
    for _ in range(repeat):
        for task in tasks:
            profile.runcall(task)
    stats: dict[tuple[str, int, str], tuple[Any, Any, float, float, Any]] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    whole = sum(own for _, _, own, _, _ in stats.values())
    found = [Spot(_name(key), own / whole, min(1.0, total / whole)) for key, (_, _, own, total, _) in stats.items()]
    return sorted(found, key=lambda spot: -spot.own)[:count]


def _name(key: tuple[str, int, str]) -> str:
    """`file.py:function` for the project, the function alone for a library or the interpreter."""
    path, _, function = key
    if path == "~":
        return function.strip("<>").removeprefix("built-in method ").removeprefix("method ").replace("'", "")
    file = Path(path)
    return f"{file.name}:{function}" if file.is_relative_to(PROJECT / "engine") else f"{file.stem}.{function}"
