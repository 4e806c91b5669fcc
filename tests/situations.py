"""Situations of the shipped vocabulary, for tests."""

from __future__ import annotations

from typing import Any

from engine.base import REGLES
from engine.loading import load_vocabulary
from engine.situation import Situation

VOCABULARY = load_vocabulary(REGLES)
SITUATION = VOCABULARY.situation
BESOINS = tuple(VOCABULARY.besoins)
STATUTS = tuple(VOCABULARY.champs["statuts"].valeurs)


def visitor(**said: Any) -> Situation:
    """A visitor who said this. Raises ValidationError."""
    return SITUATION(**said)
