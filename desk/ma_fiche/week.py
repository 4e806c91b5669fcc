"""Opening hours as a table of days, for people who do not know how OpenStreetMap writes them. Pure.

Only what is the same every week fits in the table: two ranges a day, none after midnight, public holidays closed or not
said. Anything else stays an expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time

Plage = tuple[time, time]
"""From when to when, on one day."""

DAYS = {
    "Mo": "lundi",
    "Tu": "mardi",
    "We": "mercredi",
    "Th": "jeudi",
    "Fr": "vendredi",
    "Sa": "samedi",
    "Su": "dimanche",
}
_NAMES = list(DAYS)
_NOON = time(12)

_DAY = "(?:" + "|".join(DAYS) + ")"
_RULE = re.compile(rf"({_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*|PH) (off|closed|[\d:,-]+)")
_RANGE = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_HOUR = r"(\d{1,2}) ?(?:h|:|heures?)? ?(\d{2})?"
_SPOKEN = re.compile(rf"(?:de )?{_HOUR} ?(?:-|–|à|a) ?{_HOUR}")


class PlageInvalide(ValueError):
    """A range that cannot be read; its text says how to write one."""


@dataclass(frozen=True, slots=True)
class Semaine:
    """The usual week: the ranges of each day that has any, and whether public holidays are closed."""

    jours: Mapping[str, tuple[Plage, ...]] = field(default_factory=dict)
    feries_fermes: bool = False


# --- the expression ---


def read(expression: str) -> Semaine | None:
    """The week that an expression writes; None when the table cannot hold all that it says."""
    days: dict[str, tuple[Plage, ...]] = {}
    closed = False
    for rule in filter(None, (part.strip() for part in expression.split(";"))):
        found = _RULE.fullmatch(re.sub(r"\s*([,-])\s*", r"\1", rule))
        ranges = _ranges(found[2]) if found else None
        if found is None or ranges is None:
            return None
        if found[1] == "PH":
            if ranges:
                return None
            closed = True
            continue
        days |= dict.fromkeys(_days(found[1]), ranges)
    return Semaine({day: days[day] for day in _NAMES if days.get(day)}, closed)


def write(week: Semaine) -> str:
    """The expression of a week; empty when nothing is said of any day."""
    by_hours: dict[tuple[Plage, ...], list[str]] = {}
    for day in _NAMES:
        ranges = week.jours.get(day)
        if ranges:
            by_hours.setdefault(ranges, []).append(day)
    rules = [f"{_together(days)} {','.join(map(_written, ranges))}" for ranges, days in by_hours.items()]
    return "; ".join([*rules, "PH off"] if week.feries_fermes and rules else rules)


def _days(words: str) -> Iterable[str]:
    for part in words.split(","):
        first, _, last = part.partition("-")
        start, end = _NAMES.index(first), _NAMES.index(last or first)
        yield from _NAMES[start : end + 1] if start <= end else _NAMES[start:] + _NAMES[: end + 1]


def _together(days: list[str]) -> str:
    """« Mo-Fr,Su » for days in their order."""
    runs: list[list[str]] = []
    for day in days:
        if runs and _NAMES.index(day) == _NAMES.index(runs[-1][-1]) + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _ranges(words: str) -> tuple[Plage, ...] | None:
    """The ranges of one day; None when there are more than two, when they overlap, or when they are not ranges."""
    if words in ("off", "closed"):
        return ()
    found = [_RANGE.fullmatch(part) for part in words.split(",")]
    try:
        ranges = tuple((time(int(m[1]), int(m[2])), time(int(m[3]), int(m[4]))) for m in found if m)
    except ValueError:
        return None
    moments = [moment for one in ranges for moment in one]
    whole = len(ranges) == len(found) <= 2 and moments == sorted(set(moments))
    return ranges if whole and in_two(ranges) else None


def _written(one: Plage) -> str:
    return f"{one[0]:%H:%M}-{one[1]:%H:%M}"


# --- the cells of the table ---


def in_two(ranges: tuple[Plage, ...]) -> tuple[Plage | None, Plage | None] | None:
    """The morning and the afternoon of a day; a day without a pause is in the half where it starts.

    None when both start in the afternoon.
    """
    if len(ranges) == 2:
        return (ranges[0], ranges[1]) if ranges[0][0] < _NOON else None
    if not ranges:
        return (None, None)
    return (ranges[0], None) if ranges[0][0] < _NOON else (None, ranges[0])


def in_a_cell(one: Plage | None) -> str:
    """A range as people write it: « 9h-12h30 »."""
    return "" if one is None else "-".join(f"{moment.hour}h{moment:%M}".removesuffix("00") for moment in one)


def from_a_cell(words: str) -> Plage | None:
    """The range that somebody wrote, in any usual way; None for nothing or « fermé ». Raises PlageInvalide."""
    text = " ".join(words.lower().split())
    if text in ("", "-", "fermé", "ferme", "fermée"):
        return None
    found = _SPOKEN.fullmatch(text)
    try:
        one = found and (time(int(found[1]), int(found[2] or 0)), time(int(found[3]), int(found[4] or 0)))
    except ValueError:
        one = None
    if not one:
        raise PlageInvalide("écrivez par exemple « 9h-12h » ou « 13h30-17h », ou laissez vide si c'est fermé.")
    if one[0] >= one[1]:
        raise PlageInvalide("l'heure de fin doit être après l'heure de début.")
    return one


def of_a_day(morning: Plage | None, afternoon: Plage | None) -> tuple[Plage, ...]:
    """The ranges of a day from its two cells. Raises PlageInvalide when they overlap."""
    ranges = tuple(one for one in (morning, afternoon) if one)
    if len(ranges) == 2 and ranges[0][1] >= ranges[1][0]:
        raise PlageInvalide("l'après-midi doit commencer après la fin du matin.")
    return ranges
