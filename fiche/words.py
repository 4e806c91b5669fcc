"""Small pieces of French, and the words of what is not sure or not known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine.dates import MONTHS
from engine.ruleset import Confiance

SURE: Confiance = "V"

CONFIDENCE: dict[Confiance, str] = {
    "V": "lu dans la source",
    "V-date": "lu dans une source ancienne, à confirmer",
    "V-ailleurs": "constaté ailleurs, à confirmer ici",
    "INF": "déduit, à confirmer",
    "CG": "connaissance générale, à confirmer",
}

UNKNOWN = "à compléter par la structure"
TO_CONFIRM = "à confirmer"


def day(on: date) -> str:
    """A date in words."""
    return f"{on.day}{'er' if on.day == 1 else ''} {MONTHS[on.month - 1]} {on.year}"


def listed(parts: Iterable[str], last: str = "et") -> str:
    """« a, b et c »."""
    found = list(parts)
    return f"{', '.join(found[:-1])} {last} {found[-1]}" if len(found) > 1 else "".join(found)


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def within(text: str) -> str:
    """The text without a capital first letter, as within a sentence."""
    return text[:1].lower() + text[1:]


def ages(youngest: int | None, oldest: int | None) -> str:
    """« de 16 à 25 ans »; empty without bounds."""
    if youngest is None:
        return "" if oldest is None else f"jusqu'à {oldest} ans"
    return f"à partir de {youngest} ans" if oldest is None else f"de {youngest} à {oldest} ans"
