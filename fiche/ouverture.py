"""Whether a place is open at a moment, and when it next opens or closes, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from engine.dates import MONTHS, PARIS
from fiche.horaires import DAY, DAYS, TO_CHECK, Plage, hour, is_holiday, read

_HORIZON = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Ouverture:
    """Whether a place is open (None: only the structure knows), and the sentence that says it."""

    ouvert: bool | None
    phrase: str


def status(expression: str, at: datetime) -> Ouverture:
    """What an opening_hours expression gives at a moment; without a time zone, the moment is that of Paris.

    Raises HorairesInvalides.
    """
    hours = read(expression)
    at = in_paris(at)
    if hours.incertain:
        return Ouverture(None, "Ouverture à vérifier")
    later = hours.spans(at, at + _HORIZON)
    now = next(later)
    if now.ouvert is None:
        return Ouverture(None, f"Ouverture à vérifier : {now.note}" if now.note else "Ouverture à vérifier")
    silent = not hours.tells_holidays
    if now.ouvert:
        if silent and is_holiday(at.date()):
            return Ouverture(None, "Jour férié : ouverture à vérifier")
        return Ouverture(True, f"Ouvert{_closing(later, at)}")
    closed = f"Fermé ({now.note})" if now.note else "Fermé"
    return Ouverture(False, f"{closed}{_opening(later, at, silent)}")


def in_paris(at: datetime) -> datetime:
    """A moment on the clocks of Paris; one without a time zone is already there."""
    return at.astimezone(PARIS) if at.tzinfo else at.replace(tzinfo=PARIS)


def _closing(later: Iterator[Plage], at: datetime) -> str:
    following = next((span for span in later if span.ouvert is not True), None)
    if following is None:
        return " en permanence"
    when = _moment(following.debut, at, is_end=True)
    if following.ouvert is False:
        return f", ferme {when}"
    return f", puis {when} : {following.note or TO_CHECK}"


def _opening(later: Iterator[Plage], at: datetime, silent: bool) -> str:
    following = next((span for span in later if span.ouvert is not False), None)
    if following is None:
        return ", aucune ouverture indiquée dans les douze mois"
    when = _moment(following.debut, at)
    if following.ouvert is None:
        return f", {when.removesuffix(' à 0 h')} : {following.note or TO_CHECK}"
    doubt = " (jour férié, à vérifier)" if silent and is_holiday(following.debut.date()) else ""
    return f", ouvre {when}{doubt}"


def _moment(moment: datetime, at: datetime, *, is_end: bool = False) -> str:
    """« à 17 h », « demain à 9 h », « lundi 30 novembre à 9 h »; a day ends at « minuit », the next begins at 0 h."""
    midnight = is_end and moment.time() == time()
    day = moment.date() - DAY if midnight else moment.date()
    clock = "minuit" if midnight else hour(moment.hour * 60 + moment.minute)
    ahead = (day - at.date()).days
    if ahead == 0:
        return f"à {clock}"
    if ahead == 1:
        return f"demain à {clock}"
    number = "1er" if day.day == 1 else str(day.day)
    year = "" if day.year == at.year else f" {day.year}"
    return f"{DAYS[day.weekday()]} {number} {MONTHS[day.month - 1]}{year} à {clock}"
