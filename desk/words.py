"""Small pieces of French, and data made safe to show."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from engine.dates import MONTHS, PARIS
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


def plain(text: object) -> str:
    """Text from data, so that no character of it is read as Markdown, an emoji or an icon; addresses are read whole."""
    escaped = re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~$&]|:(?=//))", r"\\\1", str(text))
    return re.sub(r":(?=[a-z_][\w/\\+-]*:)", ":\u200c", escaped)


def day(on: date) -> str:
    """A date in words."""
    return f"{on.day}{'er' if on.day == 1 else ''} {MONTHS[on.month - 1]} {on.year}"


def moment(when: datetime) -> str:
    """« 25 novembre 2026 à 14 h 05 », in Paris."""
    local = when.astimezone(PARIS)
    return f"{day(local.date())} à {local.hour} h {local.minute:02}"


def listed(parts: Iterable[str], last: str = "et") -> str:
    """« a, b et c »."""
    found = list(parts)
    return f"{', '.join(found[:-1])} {last} {found[-1]}" if len(found) > 1 else "".join(found)


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
