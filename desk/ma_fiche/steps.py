"""The steps of the screen of a sheet, in the order in which most people need them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

VERIFY, MODIFY, PREVIEW, SEND, FOLLOW = "Vérifier", "Modifier", "Aperçu", "Envoyer", "Suivi"

_KEY = "ma-fiche-etape"


def show(steps: Mapping[str, Callable[[], None]]) -> None:
    """The steps as tabs; only the one that is open is drawn."""
    tabs = st.tabs(list(steps), key=_KEY, on_change="rerun")
    for tab, draw in zip(tabs, steps.values(), strict=True):
        if tab.open:
            with tab:
                draw()


def current() -> str:
    """The step that is open."""
    return str(st.session_state.get(_KEY, VERIFY))


def go(step: str) -> None:
    """Opens another step; for a callback."""
    st.session_state[_KEY] = step
