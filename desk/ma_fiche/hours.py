"""Opening hours on the screen: a table of days for everybody, the expression of OpenStreetMap for who knows it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from desk.ma_fiche import week
from desk.ma_fiche.edit import Edition, give, give_text
from desk.ma_fiche.keys import hold, key_of, let_go, name_of
from desk.ma_fiche.week import DAYS, PlageInvalide, Semaine
from desk.words import plain
from engine.base import Base
from fiche.facts import Place, at
from fiche.horaires import HorairesInvalides, in_words
from fiche.problems import HORAIRES
from fiche.rubrique import Rubrique
from fiche.words import capital

_HALVES = ("matin", "après-midi")
_HOLIDAYS = "fériés"
_WEEKDAYS = ("Tu", "We", "Th", "Fr")


def ask(edit: Edition, place: Place, field: Rubrique, _base: Base) -> None:
    """What the hours say in French, the table that changes them, and the expression behind."""
    expression = str(at(edit.document, place) or "")
    st.markdown(f"**{field.libelle}**")
    st.markdown(plain(_said(expression)))
    fold = st.expander("Modifier jour par jour", key=f"jours-{name_of(edit, place)}", on_change="rerun", type="compact")
    if fold.open:
        with fold:
            _table(edit, place, week.read(expression))
    fold = st.expander(
        "Horaire particulier (écriture OpenStreetMap)",
        key=f"osm-{name_of(edit, place)}",
        on_change="rerun",
        type="compact",
    )
    if fold.open:
        with fold:
            _expression(edit, place, expression)


def _said(expression: str) -> str:
    if not expression:
        return "Pas encore d’horaires."
    try:
        return capital(in_words(expression)) + "."
    except HorairesInvalides:
        return f"« {expression} » ne se lit pas comme un horaire."


# --- the table ---


def _table(edit: Edition, place: Place, known: Semaine | None) -> None:
    with st.container():
        if known is None:
            st.markdown("Cet horaire ne tient pas dans un tableau. Le remplir ici remplace tout ce qu’il dit.")
    held = known or Semaine()
    for day in DAYS:
        _day(edit, place, day, held)
        if day == "Mo":
            st.button(
                "Mêmes horaires du mardi au vendredi",
                key=f"copier-{name_of(edit, place)}",
                on_click=_copy_monday,
                args=(edit, place),
            )
    st.checkbox(
        "Fermé les jours fériés",
        held.feries_fermes,
        key=hold(edit, (*place, _HOLIDAYS)),
        on_change=_take_holidays,
        args=(edit, place),
    )


def _day(edit: Edition, place: Place, day: str, known: Semaine) -> None:
    """The two cells of a day; what is wrong with them is in the same place, so that no other cell moves."""
    if key_of(edit, (*place, day, _HALVES[0])) not in st.session_state:
        edit.refuses.pop((*place, day), None)
    with st.container(key=f"jour-{name_of(edit, (*place, day))}", gap=None):
        with st.container(horizontal=True):
            for half, one in zip(_HALVES, week.in_two(known.jours.get(day, ())) or (None, None), strict=True):
                st.text_input(
                    capital(f"{DAYS[day]} {half}"),
                    week.in_a_cell(one),
                    key=hold(edit, (*place, day, half)),
                    placeholder="fermé",
                    autocomplete="off",
                    width=200,
                    on_change=_take_day,
                    args=(edit, place, day),
                )
        if (*place, day) in edit.refuses:
            st.error(plain(capital(edit.refuses[*place, day])))


def _week(edit: Edition, place: Place) -> Semaine:
    """The week that the draft says; holidays as they are ticked, even when no day is open yet."""
    known = week.read(str(at(edit.document, place) or "")) or Semaine()
    return replace(known, feries_fermes=bool(st.session_state.get(key_of(edit, (*place, _HOLIDAYS)))))


def _take_day(edit: Edition, place: Place, day: str) -> None:
    cells = [str(st.session_state.get(key_of(edit, (*place, day, half))) or "") for half in _HALVES]
    edit.refuses.pop((*place, day), None)
    try:
        ranges = week.of_a_day(*(week.from_a_cell(cell) for cell in cells))
    except PlageInvalide as error:
        edit.refuses[*place, day] = f"{DAYS[day]} : {error}"
        return
    known = _week(edit, place)
    _write(edit, place, replace(known, jours={**known.jours, day: ranges}))


def _copy_monday(edit: Edition, place: Place) -> None:
    _take_day(edit, place, "Mo")  # what was just typed may come after the click
    known = _week(edit, place)
    days = {**known.jours, **dict.fromkeys(_WEEKDAYS, known.jours.get("Mo", ()))}
    _write(edit, place, replace(known, jours=days))
    _fill_again(edit, place, _WEEKDAYS)


def _take_holidays(edit: Edition, place: Place) -> None:
    _write(edit, place, _week(edit, place))


def _write(edit: Edition, place: Place, known: Semaine) -> None:
    give(edit, place, week.write(known) or None)
    let_go(edit, place)


def _fill_again(edit: Edition, place: Place, days: tuple[str, ...]) -> None:
    for day in days:
        edit.refuses.pop((*place, day), None)
        let_go(edit, *((*place, day, half) for half in _HALVES))


# --- the expression ---


def _expression(edit: Edition, place: Place, held: str) -> None:
    key = hold(edit, place)
    st.text_input(
        "Horaires, à la façon d’OpenStreetMap",
        held,
        key=key,
        placeholder=HORAIRES,
        autocomplete="off",
        live="500ms",
        on_change=_take_expression,
        args=(edit, place, key),
    )


def _take_expression(edit: Edition, place: Place, key: str) -> None:
    give_text(edit, place, st.session_state[key] or "")
    _fill_again(edit, place, tuple(DAYS))
    let_go(edit, (*place, _HOLIDAYS))
