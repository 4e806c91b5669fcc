"""A stream of distinct situations: what an answer costs the first time and warm, beside zen-engine's bare decision.

One situation is answered by us, then decided by zen-engine, before the next one: what the machine does falls on both.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.process import PROJECT
from benchmarks.situations import stream
from benchmarks.timing import Times
from benchmarks.workload import ON, Case, conditions, record
from benchmarks.zen_peer import ZenPeer
from engine.asking import questions
from engine.base import Base, load_base
from engine.orientation import recommend
from engine.situation import Situation

QUESTIONS_ASKED = 1000
"""Situations of the stream whose questions are looked for as well."""


@dataclass
class Pass:
    """One pass over the stream: our answers, zen-engine's bare decisions, and what was remembered."""

    ours: Times
    zen: Times
    hits: int
    misses: int


@dataclass
class Flux:
    """What the stream told."""

    situations: int
    passes: list[Pass] = field(default_factory=list)
    questions: Times | None = None
    lines: int = 0
    lines_seconds: float = 0.0


def measure_stream(count: int, say: Callable[[str], None]) -> Flux:
    """Both passes over `count` distinct situations, the questions of some, and the throughput of lines."""
    base, other = load_base(), load_base()  # the second one records what zen-engine is asked: it warms nothing of ours
    situations = list(islice(stream(base.rules.vocabulaire), count))
    zen = ZenPeer(conditions(other))
    recommend(base.rules.situation(), base.catalogue, base.rules, ON)  # compiled once, whatever the situations
    found = Flux(count)
    for name in ("première fois", "à chaud"):
        say(f"flux, {name}…")
        found.passes.append(_pass(situations, base, other, zen))
    say("flux, questions…")
    asked = situations[:QUESTIONS_ASKED]
    found.questions = Times(tuple(_timed(lambda one: questions(one, base.catalogue, base.rules, ON), asked)))
    say("flux, JSONL…")
    found.lines = min(count, 2000)
    found.lines_seconds = _lines(situations[: found.lines])
    return found


def _pass(situations: list[Situation], base: Base, other: Base, zen: ZenPeer) -> Pass:
    ours: list[float] = []
    theirs: list[float] = []
    hits, misses = _remembered(base)
    gc.collect()
    gc.disable()
    try:
        for number, situation in enumerate(situations):
            ours += _timed(lambda one: recommend(one, base.catalogue, base.rules, ON), [situation])
            case: Case = record(situation, other)
            theirs += _timed(lambda ask: ask(), [zen.ask_loaded(case)])
            if number % 500 == 0:
                gc.collect()
    finally:
        gc.enable()
    after_hits, after_misses = _remembered(base)
    return Pass(Times(tuple(ours)), Times(tuple(theirs)), after_hits - hits, after_misses - misses)


def _timed(work: Callable[[Any], Any], items: list[Any]) -> Iterator[float]:
    for item in items:
        start = time.perf_counter_ns()
        work(item)
        yield (time.perf_counter_ns() - start) / 1e9


def _remembered(base: Base) -> tuple[int, int]:
    """Decisions that were remembered, and that durable_rules had to take."""
    strata = base.rules.in_force(ON)
    residues = {base.catalogue.left_to_decide(offre, strata["offres"]).residus for offre in base.catalogue.offres}
    memories = [stratum.rete.remembered for name, stratum in strata.items() if name != "offres"]
    memories += [memory for residue in residues for memory in residue.memories]
    return sum(memory.hits for memory in memories), sum(memory.misses for memory in memories)


def _lines(situations: list[Situation]) -> float:
    """Seconds that `spro orienter` takes for lines, its start aside."""
    with tempfile.TemporaryDirectory() as folder:
        one, all_of_them = Path(folder) / "une.jsonl", Path(folder) / "toutes.jsonl"
        lines = [json.dumps(situation.said()) + "\n" for situation in situations]
        one.write_text(lines[0], encoding="utf-8")
        all_of_them.write_text("".join(lines), encoding="utf-8")
        start, whole = (min(_run(path) for _ in range(2)) for path in (one, all_of_them))
    return whole - start


def _run(path: Path) -> float:
    command = [str(Path(sys.executable).parent / "spro"), "orienter", str(path), "--date", ON.isoformat()]
    start = time.perf_counter()
    subprocess.run(command, cwd=PROJECT, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start
