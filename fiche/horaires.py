"""Opening hours as data.inclusion writes them (OpenStreetMap `opening_hours`): checked, and said in plain French.

Evaluated by opening-hours-py (https://github.com/remi-dupre/opening-hours-rs), which carries the French holidays. Times
are those of Paris. What the library cannot know (school holidays, the sun, an end left open, an appointment) is said to
be unknown, never guessed. `fiche/ouverture.py` says whether a place is open at a moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache

from opening_hours import OpeningHours, ParserError, State, validate  # type: ignore[attr-defined]  # not in the stub

from engine.dates import PARIS
from engine.problems import Probleme
from fiche.horaires_refus import refusal
from fiche.problems import FauteContact
from fiche.words import listed

MAX_CHARACTERS = 1000

DAY = timedelta(days=1)

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
TO_CHECK = "à vérifier"

_COUNTRY = "FR"
_ALL_DAY = "toute la journée"
_WEEK = date(2026, 9, 14)
"""A Monday: no public holiday and no change of time around the seven days that follow."""

_PERIODS = (
    (r"\bweek", "variable selon le numéro de la semaine"),
    (
        r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|easter|days?)\b|\[|(?<![:\d])\d{4}",
        "variable selon la date",
    ),
)
"""What makes one week differ from another, in an expression as the library writes it."""

_UNSURE = (
    (r"\bSH\b", "variable selon les vacances scolaires"),
    (r"\b(?:sunrise|sunset|dawn|dusk)\b", "variable selon le soleil"),
)
"""What only the structure knows, in rules that stand apart from the others."""

_UNREADABLE = (
    (r":\d\d\+", "heure de fin non précisée"),
    (r"\|\||:\d\d/|\b[PS]H (?:Mo|Tu|We|Th|Fr|Sa|Su)\b", "horaire trop particulier pour être résumé"),
)
"""What the library reads otherwise than it is meant: nothing is said of the other rules either."""


class HorairesInvalides(ValueError):
    """An expression that is not of the format; its problem says what is wrong and gives a right example."""

    def __init__(self, probleme: Probleme) -> None:
        super().__init__(str(probleme))
        self.probleme = probleme


def check(expression: str) -> None:
    """Raises HorairesInvalides for what is not an opening_hours expression."""
    read(expression)


def canonical(expression: str) -> str:
    """The expression as the library writes it (« mo-fr 9:00-12:00 » is Mo-Fr 09:00-12:00). Raises HorairesInvalides."""
    return read(expression).ecrit


@lru_cache(maxsize=4096)
def in_words(expression: str) -> str:
    """The expression in plain French; the expression itself is shown where a sentence cannot say all of it.

    Raises HorairesInvalides.
    """
    hours = read(expression)
    if not hours.reserves:
        return _usual(hours)
    usual, why = hours.usual(), ", ".join(hours.reserves)
    told = f"{_usual(usual)} ; avec des exceptions ({why})" if usual else why
    return f"{told} : voir l'horaire écrit « {hours.ecrit} »"


# --- reading ---


@dataclass(frozen=True, slots=True)
class Plage:
    """A span of time in one state; `ouvert` is None when only the structure knows."""

    debut: datetime
    fin: datetime
    ouvert: bool | None
    note: str


@dataclass(frozen=True, slots=True)
class Horaires:
    """An expression that was read: as the library writes it, without its comments, and what cannot be summed up."""

    heures: OpeningHours
    ecrit: str
    nu: str
    reserves: tuple[str, ...]
    incertain: bool

    @property
    def tells_holidays(self) -> bool:
        """Whether it says what happens on public holidays."""
        return "PH" in self.nu or self.nu == "24/7"

    def spans(self, start: datetime, end: datetime) -> Iterator[Plage]:
        """The spans from one moment to another, cut at neither midnight nor holiday."""
        for begin, finish, state, note in self.heures.intervals(start, end):
            if begin < finish:
                known = not note and state != State.UNKNOWN
                yield Plage(begin, finish, state == State.OPEN if known or state == State.CLOSED else None, note)

    def usual(self) -> Horaires | None:
        """What remains without the rules that hold only at some times; None when that would mean something else."""
        if ", " in self.nu or any(words in self.reserves for _, words in _UNREADABLE):
            return None
        rules = re.split(r'; (?=(?:[^"]*"[^"]*")*[^"]*$)', self.ecrit)
        kept = [rule for rule in rules if not _matching(_PERIODS + _UNSURE, _bare(rule))]
        return read("; ".join(kept)) if kept else None


@lru_cache(maxsize=4096)
def read(expression: str) -> Horaires:
    """What an expression says, to be asked at any moment. Raises HorairesInvalides."""
    text = " ".join(expression.split())
    if not text:
        raise HorairesInvalides(FauteContact.HORAIRES_VIDES())
    if len(text) > MAX_CHARACTERS:
        raise HorairesInvalides(FauteContact.HORAIRES_LONGS(nombre=MAX_CHARACTERS))
    try:
        hours = OpeningHours(text, timezone=PARIS, country=_COUNTRY)
    except UnicodeEncodeError:
        raise HorairesInvalides(FauteContact.HORAIRES_CARACTERE()) from None
    except ParserError as error:
        place = re.search(r"--> 1:(\d+)", str(error))
        raise HorairesInvalides(refusal(text, int(place[1]) if place else 1, validate)) from None
    written = str(hours)
    bare = _bare(written)
    unsure = _matching(_UNSURE, bare) + _matching(_UNREADABLE, f"{bare} {_bare(text)}")
    return Horaires(hours, written, bare, (*_matching(_PERIODS, bare), *unsure), bool(unsure))


def _bare(text: str) -> str:
    return re.sub(r'"[^"]*"', '""', text)


def _matching(reasons: tuple[tuple[str, str], ...], text: str) -> tuple[str, ...]:
    return tuple(words for pattern, words in reasons if re.search(pattern, text))


# --- a usual week, in words ---

_Jour = list[tuple[int, int, bool | None, str]]
"""The spans that begin on a day: minutes from its midnight, open or not, note."""


def _usual(hours: Horaires) -> str:
    week = [_day_in_words(spans) for spans in _days_from(hours, _WEEK, 7)]
    days_by_words: dict[str, list[int]] = {}
    for index, words in enumerate(week):
        if words:
            days_by_words.setdefault(words, []).append(index)
    parts = [_days_with(words, days) for words, days in days_by_words.items()] or ["aucun jour d'ouverture indiqué"]
    return " ; ".join(filter(None, (*parts, _on_holidays(hours, week))))


def _days_with(words: str, days: list[int]) -> str:
    if len(days) < 7:
        return f"{_days(days)} : {words}"
    if words == _ALL_DAY:
        return "tous les jours, 24 h sur 24"
    return f"tous les jours : {words}" if re.search(r"\d h", words) else words


def _days(indexes: list[int]) -> str:
    first, last = indexes[0], indexes[-1]
    if len(indexes) > 2 and last - first == len(indexes) - 1:
        return f"du {DAYS[first]} au {DAYS[last]}"
    return listed([DAYS[index] for index in indexes])


def _days_from(hours: Horaires, first: date, count: int) -> list[_Jour]:
    """The spans of some days, those that go past midnight with the day on which they begin.

    Closed without a note is left out; a span longer than a day is cut at each midnight.
    """
    start = datetime.combine(first, time())
    days: list[_Jour] = [[] for _ in range(count)]
    for span in hours.spans(start - 2 * DAY, start + (count + 2) * DAY):
        if span.ouvert is False and not span.note:
            continue
        for begin, end in _cut(span.debut.replace(tzinfo=None), span.fin.replace(tzinfo=None)):
            index = (begin.date() - first).days
            if 0 <= index < count:
                midnight = datetime.combine(begin.date(), time())
                days[index].append((_minutes(begin - midnight), _minutes(end - midnight), span.ouvert, span.note))
    return days


def _minutes(span: timedelta) -> int:
    return int(span / timedelta(minutes=1))


def _cut(begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    whole = end - begin <= DAY and begin.time() != time()
    while begin < end:
        midnight = datetime.combine(begin.date() + DAY, time())
        stop = end if whole else min(end, midnight)
        yield begin, stop
        begin = stop


def _day_in_words(spans: _Jour) -> str:
    return listed([_span_in_words(*span) for span in spans])


def _span_in_words(begin: int, end: int, is_open: bool | None, note: str) -> str:
    if (begin, end) == (0, 24 * 60):
        if is_open is False:
            return f"fermé ({note})"
        return note or (_ALL_DAY if is_open else TO_CHECK)
    hours = f"{hour(begin)} – {hour(end)}" + (" le lendemain" if end > 24 * 60 else "")
    note = note or ("" if is_open else TO_CHECK)
    return ("fermé " if is_open is False else "") + hours + (f" ({note})" if note else "")


def hour(minutes: int) -> str:
    """« 9 h 30 »; the end of a day is « minuit »."""
    if minutes == 24 * 60:
        return "minuit"
    hours, rest = divmod(minutes % (24 * 60), 60)
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


# --- public holidays ---


@cache
def _holidays() -> tuple[date, ...]:
    """A French public holiday for each day of the week, from Monday, according to the library."""
    found: dict[int, date] = {}
    for span in read("PH").spans(datetime(2024, 1, 1), datetime(2034, 1, 1)):
        if span.ouvert and span.fin - span.debut == DAY:
            found.setdefault(span.debut.weekday(), span.debut.date())
    return tuple(found[weekday] for weekday in sorted(found))


def is_holiday(day: date) -> bool:
    """Whether a day is a French public holiday, according to the library."""
    return next(read("PH").spans(datetime.combine(day, time()), datetime.combine(day, time(1)))).ouvert is True


def _on_holidays(hours: Horaires, week: list[str]) -> str:
    if "PH" not in hours.nu:
        return ""
    found = [_day_in_words(_days_from(hours, holiday, 1)[0]) for holiday in _holidays()]
    if len(set(found)) == 1:
        return f"jours fériés : {found[0]}" if found[0] else "fermé les jours fériés"
    return "" if found == week else f"jours fériés : voir l'horaire écrit « {hours.ecrit} »"
