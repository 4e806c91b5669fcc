"""The scenarios of `features/`, run on any base without pytest: their own steps, on answers recorded once.

A step looks `orient` and `why_not` up in its module; here they are answered by evaluation, and questions are looked for
only when a step reads them. A scenario that reads nothing else than answers is run again only when an answer changes.
"""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from engine.asking import questions
from engine.base import PROJECT, Base
from engine.catalogue import Catalogue
from engine.deciders import by_evaluation
from engine.orientation import Ecartee, Orientation, Question, recommend, why_not
from engine.ruleset import Ruleset
from engine.situation import Situation

FEATURES = PROJECT / "features"


class BrokenScenarios(ValueError):
    """Scenarios that cannot be run, or that fail before anything is changed."""


@dataclass(frozen=True, slots=True)
class Pas:
    """A step: the function that does it, and the arguments read in its sentence."""

    fonction: Callable[..., object]
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario with one row of its examples."""

    nom: str
    pas: tuple[Pas, ...]


@dataclass(frozen=True, slots=True)
class Demande:
    """An answer that a scenario asked for, as it was before any change."""

    situation: Situation
    on: date
    reponse: Orientation


@dataclass(slots=True)
class Trace:
    """What a scenario asked for; `entier` when it reads more than answers, so that it must always be run."""

    scenario: Scenario
    demandes: list[Demande]
    entier: bool = False


class _Answer:
    """An orientation whose questions are looked for when they are read."""

    def __init__(self, asked: Demande, base: Base, trace: Trace) -> None:
        self._asked, self._base, self._trace = asked, base, trace

    def __getattr__(self, name: str) -> Any:
        return getattr(self._asked.reponse, name)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        self._trace.entier = True
        return questions(self._asked.situation, self._base.catalogue, self._base.rules, self._asked.on)


class Scenarios:
    """Every scenario of a folder, ready to run."""

    def __init__(self, folder: Path = FEATURES) -> None:
        self._steps = _load_steps(folder / "conftest.py")
        vars(self._steps).update(orient=self._orient, why_not=self._why_not)
        self._trace = Trace(Scenario("", ()), [])
        self.scenarios = tuple(_read(folder, self._steps))

    def record(self, base: Base) -> list[Trace]:
        """What every scenario asks of a base. Raises BrokenScenarios when some fail on it."""
        traces, broken = [], []
        for scenario in self.scenarios:
            if not self.passes(scenario, base):
                broken.append(f"{scenario.nom} : ce scénario échoue sur la base telle qu'elle est.")
            trace = self._trace
            trace.entier = trace.entier or not trace.demandes
            traces.append(trace)
        if broken:
            raise BrokenScenarios("\n".join(broken))
        return traces

    def killer(self, traces: list[Trace], base: Base) -> str | None:
        """The first scenario that does not pass any more on a changed base; those quick to decide come first."""
        for trace in sorted(traces, key=lambda found: found.entier):
            if (trace.entier or any(_differs(asked, base) for asked in trace.demandes)) and not self.passes(
                trace.scenario, base
            ):
                return trace.scenario.nom
        return None

    def passes(self, scenario: Scenario, base: Base) -> bool:
        """Whether every step of a scenario holds on a base."""
        self._trace = Trace(scenario, [])
        fixtures: dict[str, Any] = {"base": base, "person": {}, "outcome": {}}
        try:
            for step in scenario.pas:
                wanted = [name for name in inspect.signature(step.fonction).parameters if name in fixtures]
                step.fonction(**step.arguments, **{name: fixtures[name] for name in wanted})
        except (AssertionError, LookupError):
            return False
        return True

    def _orient(self, situation: Situation, catalogue: Catalogue, rules: Ruleset, on: date) -> _Answer:
        asked = Demande(situation, on, recommend(situation, catalogue, rules, on, decide=by_evaluation))
        self._trace.demandes.append(asked)
        return _Answer(asked, Base(rules, catalogue), self._trace)

    def _why_not(self, *asked: Any) -> tuple[Ecartee, ...]:
        self._trace.entier = True
        return why_not(*asked)


def _differs(asked: Demande, base: Base) -> bool:
    return answer(asked.situation, base, asked.on) != asked.reponse


def answer(situation: Situation, base: Base, on: date) -> Orientation:
    """The answer to a situation at its desk, without its questions."""
    return recommend(situation, base.catalogue, base.rules, on, decide=by_evaluation)


def _load_steps(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("spro_scenarios_steps", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise BrokenScenarios(f"{path} : ce fichier n'existe pas.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _read(folder: Path, steps: ModuleType) -> Iterator[Scenario]:
    from pytest_bdd.parser import FeatureParser
    from pytest_bdd.steps import step_function_context_registry

    every = list(step_function_context_registry.values())
    known = [found for found in every if inspect.unwrap(found.step_func).__globals__ is vars(steps)]
    for path in sorted(folder.glob("*.feature")):
        for template in FeatureParser(str(folder), path.name).parse().scenarios.values():
            rows = [row for examples in template.examples for row in examples.as_contexts()] or [{}]
            for row in rows:
                rendered = template.render(row)
                name = " · ".join([f"{path.name}:{template.line_number} {template.name}", *list(row.values())[:1]])
                yield Scenario(name, tuple(_step(step, known, name) for step in rendered.steps))


def _step(step: Any, known: list[Any], scenario: str) -> Pas:
    for found in known:
        if found.type in (None, step.type) and found.parser.is_matching(step.name):
            read = found.parser.parse_arguments(step.name) or {}
            return Pas(found.step_func, {key: found.converters.get(key, _same)(value) for key, value in read.items()})
    raise BrokenScenarios(f"{scenario} : aucun pas ne correspond à « {step.name} ».")


def _same(value: Any) -> Any:
    return value
