"""The situations that every measure plays: written ones, and others drawn by a declared law with a fixed seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from engine.questions import ChampDeclare, Questionnaire
from engine.situation import Situation

WRITTEN = Path(__file__).parent / "situations.yaml"
LAW = Path(__file__).parent / "loi.yaml"


class LoiDeQuestion(BaseModel):
    """How often a question is answered, and among which answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    dite: float | None = None
    entre: tuple[int, int] | None = None
    valeurs: tuple[str, ...] | None = None


class Loi(BaseModel):
    """The law of the situations that are drawn."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    graine: int
    dite: float
    ensemble: tuple[int, ...]
    questions: dict[str, LoiDeQuestion]


def law() -> Loi:
    """The declared law."""
    return Loi.model_validate(yaml.safe_load(LAW.read_text(encoding="utf-8")))


def load_situations(questions: Questionnaire, drawn: int = 12) -> list[Situation]:
    """The written situations, then `drawn` others that are the same at each run."""
    written = [questions.situation.model_validate(item) for item in yaml.safe_load(WRITTEN.read_text(encoding="utf-8"))]
    return written + list(islice(stream(questions), drawn))


def stream(questions: Questionnaire) -> Iterator[Situation]:
    """Situations drawn by the law without end, each once, in the same order at each run."""
    declared = law()
    generator = random.Random(declared.graine)
    seen: set[Situation] = set()
    while True:
        try:
            situation = questions.situation.model_validate(_draw(generator, declared, questions))
        except ValidationError:  # answers that contradict each other
            continue
        if situation not in seen:
            seen.add(situation)
            yield situation


def _draw(generator: random.Random, declared: Loi, questions: Questionnaire) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, asked in questions.champs.items():
        of_question = declared.questions.get(name, LoiDeQuestion())
        if generator.random() < (declared.dite if of_question.dite is None else of_question.dite):
            answer = _answer(generator, declared, of_question, asked)
            if answer is not None:
                said[name] = answer
    return said


def _answer(generator: random.Random, declared: Loi, of_question: LoiDeQuestion, asked: ChampDeclare) -> Any:
    values = of_question.valeurs or tuple(asked.valeurs)
    match asked.genre:
        case "entier":
            return generator.randint(*(of_question.entre or (asked.min or 0, asked.max or 100)))
        case "oui-non":
            return generator.random() < 0.5
        case "ensemble":
            return generator.sample(values, generator.choice(declared.ensemble))
        case _:
            return generator.choice(values) if values else None
