"""Another day than today, typed in figures: date pickers are hard to use without a mouse."""

from __future__ import annotations

import re
from datetime import date

import streamlit as st

KEY = "regles-date"
DAY = "le"
"""The parameter of the address that names the day."""

_FIGURES = re.compile(r"(?P<day>\d{1,2})[/. -](?P<month>\d{1,2})[/. -](?P<year>\d{4})", re.ASCII)


def read(words: str) -> date | None:
    """The day that figures write, as in « 01/01/2018 » or « 2018-01-01 »; None when they write none."""
    found = _FIGURES.fullmatch(words.strip())
    try:
        if found:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
        return date.fromisoformat(words.strip())
    except ValueError:
        return None


def written(on: date) -> str:
    """A day as the field holds it."""
    return f"{on:%d/%m/%Y}"


def choose() -> date:
    """The field; today when it is empty or cannot be read."""
    if KEY not in st.session_state:
        st.session_state[KEY] = written(read(st.query_params.get(DAY, "")) or date.today())
    words = st.text_input(
        "À la date du", key=KEY, placeholder="jj/mm/aaaa", autocomplete="off", width=240, persist_state="session"
    )
    on = read(words or "")
    if words and on is None:
        st.error("Écrivez une date, par exemple 01/01/2018. En attendant, la page montre aujourd’hui.")
    return on or date.today()


def parameters(on: date) -> dict[str, str]:
    """How the address says the day, unless it is today."""
    return {} if on == date.today() else {DAY: on.isoformat()}
