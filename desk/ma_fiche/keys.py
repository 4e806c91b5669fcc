"""The keys of the fields of a sheet in the session.

A field starts with what the draft says, as its default: a value pushed through the session could be lost when two
clicks follow each other closely, and the browser would then give back an empty field as if somebody had emptied it. To
show something else than what was typed in it, a field gets another key.
"""

from __future__ import annotations

import streamlit as st

from desk.ma_fiche.edit import Edition
from fiche.facts import Place


def name_of(edit: Edition, place: Place) -> str:
    """What stands around a field is called so, whatever becomes of the field: a fold stays open."""
    return "-".join((edit.fiche, *place))


def key_of(edit: Edition, place: Place) -> str:
    """The key of the field of a place; another one once the draft is replaced as a whole."""
    return "-".join(("saisie", edit.fiche, str(edit.numero), str(edit.reprises.get(place, 0)), *place))


def hold(edit: Edition, place: Place) -> str:
    """The key of a field; one that comes on the screen again has nothing left of what was refused in it."""
    key = key_of(edit, place)
    if key not in st.session_state:
        edit.refuses.pop(place, None)
    return key


def let_go(edit: Edition, *places: Place) -> None:
    """Makes fields show again what the draft says."""
    for place in places:
        edit.reprises[place] = edit.reprises.get(place, 0) + 1
