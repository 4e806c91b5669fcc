"""The situations that every measure plays: written ones, and others drawn with a fixed seed."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from engine.questions import Questionnaire
from engine.situation import Situation

SEED = 20261123
WRITTEN = Path(__file__).parent / "situations.yaml"
COMMUNES = ("28134", "28085", "27229", "75056", None)
SAID = 0.35
"""The share of the questions that a drawn situation answers."""


def load_situations(questions: Questionnaire, drawn: int = 12) -> list[Situation]:
    """The written situations, then `drawn` others that are the same at each run."""
    written = [questions.situation.model_validate(item) for item in yaml.safe_load(WRITTEN.read_text(encoding="utf-8"))]
    generator = random.Random(SEED)
    others: list[Situation] = []
    while len(others) < drawn:
        try:
            others.append(questions.situation.model_validate(_draw(generator, questions)))
        except ValidationError:  # answers that contradict each other
            continue
    return written + others


def _draw(generator: random.Random, questions: Questionnaire) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, champ in questions.compares.items():
        if generator.random() > SAID:
            continue
        match champ.genre:
            case "entier":
                said[name] = generator.randint(14, 67)
            case "oui-non":
                said[name] = generator.random() < 0.5
            case "ensemble":
                said[name] = generator.sample(champ.valeurs, generator.randint(1, 3))
            case "choix":
                said[name] = generator.choice(champ.valeurs)
    commune = generator.choice(COMMUNES)
    return said | ({"commune": commune} if commune else {})
