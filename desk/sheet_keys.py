"""The keys of the fields of a sheet in the session: a field shows what the draft says, and nothing else for long."""

from __future__ import annotations

from typing import Any

import streamlit as st

from desk.sheet_edit import Edition
from store.facts import Place


def key_of(edit: Edition, place: Place) -> str:
    """The key of the field of a place; another one once the draft is replaced as a whole."""
    return "-".join(("saisie", edit.fiche, str(edit.numero), *place))


def hold(edit: Edition, place: Place, value: Any) -> str:
    """Makes a field that was not on the screen show a value of the draft. Returns its key."""
    key = key_of(edit, place)
    if key not in st.session_state:
        st.session_state[key] = value
        edit.refuses.pop(place, None)
    return key


def let_go(edit: Edition, place: Place) -> None:
    """Makes a field show again what the draft says."""
    st.session_state.pop(key_of(edit, place), None)
