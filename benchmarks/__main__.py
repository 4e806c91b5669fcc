"""`python -m benchmarks`: measures the engine beside zen-engine and clipspy, and prints the report."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from benchmarks import report
from benchmarks.hot import Spot, hottest
from benchmarks.process import PROJECT, cold_starts, run_module
from benchmarks.report import Results
from benchmarks.scaling import SIZES
from benchmarks.situations import load_situations
from benchmarks.stream import measure_stream
from benchmarks.timing import Task, Times, measure
from benchmarks.workload import ON, Case, conditions, record
from engine.asking import questions
from engine.base import Base, load_base
from engine.deciders import by_evaluation, by_rete
from engine.orientation import recommend

REPORT = PROJECT / "docs" / "performances.md"
MEMORY_CALLS = 20_000
STREAM = 10_000
PUBLICATIONS = 2_000


def main() -> int:
    """Runs every measure; 1 when a peer does not decide as the engine does."""
    options = _options()
    base = load_base()
    cases = [record(situation, base) for situation in load_situations(base.rules.vocabulaire)]
    try:
        asks, agreement = _peers(base, cases)
    except ImportError as error:
        print(
            f"Les pairs manquent ({error.name}) : ils sont dans le groupe « bench » de pyproject.toml.", file=sys.stderr
        )
        return 1
    for name, count in agreement.items():
        _say(f"{name} : mêmes décisions que le moteur sur {count} situations sur {len(cases)}")
    if any(count != len(cases) for count in agreement.values()):
        _say("Un pair ne décide pas comme le moteur : sa traduction est à corriger.")
        return 1
    results = _measure(base, cases, asks, agreement, quick=options.rapide)
    text = report.render(results)
    print(text)
    if options.ecrire:
        REPORT.write_text(text, encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Bancs d'essai du moteur.")
    parser.add_argument("--ecrire", action="store_true", help="récrit docs/performances.md")
    parser.add_argument("--rapide", action="store_true", help="moins de passages, sans les grands catalogues")
    return parser.parse_args()


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


Ask = Callable[[Case], Task]


def _peers(base: Base, cases: list[Case]) -> tuple[dict[str, Ask], dict[str, int]]:
    """How to ask each peer, and on how many situations it decides as the engine does."""
    from benchmarks.clips_peer import ClipsPeer
    from benchmarks.zen_peer import ZenPeer

    rules = conditions(base)
    zen, clips = ZenPeer(rules), ClipsPeer(rules)
    asks: dict[str, Ask] = {
        report.ZEN_AT_ONCE: zen.ask_at_once,
        report.ZEN_LOADED: zen.ask_loaded,
        report.ZEN_CREATED: zen.ask_created,
        report.CLIPS: clips.ask,
    }
    decided = {"zen-engine": zen.decided, "clipspy": clips.decided}
    return asks, {
        name: sum(decide(case) == (case.fired, case.fired_offers) for case in cases) for name, decide in decided.items()
    }


def _measure(base: Base, cases: list[Case], asks: dict[str, Ask], agreement: dict[str, int], *, quick: bool) -> Results:
    ours = _ours(base)
    load = os.getloadavg()[0]
    _say("durées…")
    tasks = {name: [ask(case) for case in cases] for name, ask in (ours | asks).items()}
    times = measure(tasks, 3 if quick else 20)
    flux = measure_stream(1_000 if quick else STREAM, _say)
    _say("démarrage à froid…")
    cold, problem = cold_starts(3 if quick else 10)
    _say("mémoire…")
    memory = run_module("memory", str(MEMORY_CALLS // (10 if quick else 1)))
    _say("publications…")
    publications = run_module("publications", str(PUBLICATIONS // (10 if quick else 1)))
    _say("profil…")
    hot = _hot(tasks)
    scaling = []
    for size in SIZES[: 2 if quick else None]:
        _say(f"{size} services…")
        scaling.append(run_module("scaling", str(size)))
    return Results(
        on=date.today(),
        processors=os.cpu_count() or 1,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        situations=len(cases),
        services=len(base.catalogue.offres),
        rules=sum(rule.holds_on(ON) for rule in base.rules.regles),
        candidates=sum(len(case.offers) for case in cases) / len(cases),
        agreement=agreement,
        times=_ordered(times),
        flux=flux,
        load=load,
        cold=cold,
        cold_problem=problem,
        scaling=scaling,
        memory=memory,
        publications=publications,
        hot=hot,
    )


def _ordered(times: dict[str, Times]) -> dict[str, Times]:
    return {name: times[name] for name in report.WHAT}


def _ours(base: Base) -> dict[str, Ask]:
    catalogue, rules = base.catalogue, base.rules
    return {
        report.ORIENTATION: lambda case: partial(recommend, case.situation, catalogue, rules, ON),
        report.DECISION: lambda case: partial(_decide, by_rete, case),
        report.EVALUATION: lambda case: partial(_decide, by_evaluation, case),
        report.QUESTIONS: lambda case: partial(questions, case.situation, catalogue, rules, ON),
    }


def _decide(decide: Callable[..., Any], case: Case) -> list[Any]:
    return [decide(stratum, facts, *rest) for stratum, facts, rest in case.asked]


def _hot(tasks: dict[str, list[Task]]) -> dict[str, list[Spot]]:
    return {name: hottest(tasks[name]) for name in (report.ORIENTATION, report.QUESTIONS)}


if __name__ == "__main__":
    sys.exit(main())
