"""Opening hours as a table of days: what fits in it comes out the same, what does not is left alone."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.ma_fiche.week import (
    DAYS,
    Plage,
    PlageInvalide,
    Semaine,
    from_a_cell,
    in_a_cell,
    in_two,
    of_a_day,
    read,
    write,
)
from fiche.horaires import canonical
from fiche.ouverture import status

MORNINGS = st.tuples(st.integers(0, 11 * 60), st.integers(1, 59)).map(lambda pair: _range(*pair))
AFTERNOONS = st.tuples(st.integers(12 * 60, 22 * 60), st.integers(1, 100)).map(lambda pair: _range(*pair))
HALVES = st.tuples(st.one_of(st.none(), MORNINGS), st.one_of(st.none(), AFTERNOONS))
WEEKS = st.dictionaries(st.sampled_from(list(DAYS)), HALVES, min_size=1)


def _range(start: int, length: int) -> Plage:
    end = start + length
    return time(*divmod(start, 60)), time(*divmod(end, 60))


@given(WEEKS, st.booleans())
def test_a_week_is_written_and_read_back(halves: dict[str, tuple[Plage | None, Plage | None]], closed: bool) -> None:
    days = {day: of_a_day(*halves[day]) for day in DAYS if day in halves and any(halves[day])}
    week = Semaine(days, closed and bool(days))
    expression = write(week)
    assert read(expression) == week
    assert {day: in_two(ranges) for day, ranges in days.items()} == {day: halves[day] for day in days}
    if expression:
        assert canonical(expression)


@given(WEEKS)
def test_the_table_says_what_the_library_reads(halves: dict[str, tuple[Plage | None, Plage | None]]) -> None:
    days = {day: ranges for day in DAYS if (ranges := of_a_day(*halves.get(day, (None, None))))}
    expression = write(Semaine(days))
    if not expression:
        return
    monday = datetime(2026, 9, 14)  # a week without a public holiday
    for offset, day in enumerate(DAYS):
        for opening, _ in days.get(day, ()):
            at = datetime.combine(monday + timedelta(days=offset), opening)
            assert status(expression, at).ouvert
            assert not status(expression, at - timedelta(minutes=1)).ouvert or opening == time(0)


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("Mo-Fr 09:00-12:00,14:00-17:00; PH off", "Mo-Fr 09:00-12:00,14:00-17:00; PH off"),
        ("Mo-Fr 9:00-17:00 ; Sa 09:00-12:00", "Mo-Fr 09:00-17:00; Sa 09:00-12:00"),
        ("Mo,We 09:00-12:00", "Mo,We 09:00-12:00"),
        ("Mo-Fr 09:00-12:00; We off", "Mo-Tu,Th-Fr 09:00-12:00"),
        ("Sa-Mo 10:00-11:00", "Mo,Sa-Su 10:00-11:00"),
        ("", ""),
    ],
)
def test_expressions_that_fit(expression: str, written: str) -> None:
    week = read(expression)
    assert week is not None
    assert write(week) == written


@pytest.mark.parametrize(
    "expression",
    [
        "24/7",
        "Mo 22:00-02:00",
        "Jan-Mar Mo 09:00-12:00",
        "Mo 09:00-10:00,11:00-12:00,14:00-15:00",
        "Mo 13:00-14:00,15:00-16:00",
        "PH 09:00-12:00",
        "SH off",
        'Mo 09:00-12:00 "sur rendez-vous"',
        "Mo 09:00-12:00,11:00-13:00",
        "Mo 09:00-12:00, Tu 10:00-11:00",
        "week 1-10 Mo 09:00-12:00",
        "Mo 25:00-26:00",
        "n'importe quoi",
    ],
)
def test_expressions_that_do_not_fit(expression: str) -> None:
    assert read(expression) is None


@pytest.mark.parametrize(
    "words",
    ["9h-12h30", "9 h – 12 h 30", "09:00-12:30", "de 9h à 12h30", "9:00 à 12:30", "9 heures à 12h30", "9H00 - 12H30"],
)
def test_every_usual_way_to_write_a_range(words: str) -> None:
    assert from_a_cell(words) == (time(9), time(12, 30))
    assert in_a_cell(from_a_cell(words)) == "9h-12h30"


@pytest.mark.parametrize("words", ["", " ", "fermé", "Fermée", "-"])
def test_nothing_is_closed(words: str) -> None:
    assert from_a_cell(words) is None
    assert in_a_cell(None) == ""


@pytest.mark.parametrize(
    "words", ["le matin", "9h", "25h-26h", "9h-12h et 14h-17h", "9h60-12h", "<b>9h</b>", "9" * 500]
)
def test_what_is_no_range_is_refused_with_an_example(words: str) -> None:
    with pytest.raises(PlageInvalide, match="9h-12h"):
        from_a_cell(words)


def test_ranges_out_of_order_are_refused() -> None:
    with pytest.raises(PlageInvalide, match="après l'heure de début"):
        from_a_cell("12h-9h")
    with pytest.raises(PlageInvalide, match="après la fin du matin"):
        of_a_day((time(9), time(15)), (time(14), time(17)))
