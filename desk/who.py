"""Who is in front of the screen: the account whose session the browser's cookie opens, else any agent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from desk import base
from desk.access import settings
from store import logins
from store.database import Unavailable
from store.rights import AGENT, Acteur

_KEY = "visite"


@dataclass(frozen=True, slots=True)
class Visite:
    """Who is there: an account or anybody, and a sentence when a session gives no right (any more)."""

    acteur: Acteur = AGENT
    note: str = ""
    doit_changer: bool = False

    @property
    def connecte(self) -> bool:
        """Whether an account is signed in."""
        return bool(self.acteur.identifiant)


def current() -> Acteur:
    """The person of this run. Screens ask here; the store checks again what they may do."""
    return visit().acteur


def visit() -> Visite:
    """As the store says now: asked once in each run, callbacks included, so that a right withdrawn is lost at once.

    The cookies are those of the connection of the tab, which outlives a sign-out made elsewhere.
    """
    context = get_script_run_ctx()
    run = context.cursors if context else None  # another object in every run
    kept = st.session_state.get(_KEY)
    if kept is not None and run is not None and kept[0] is run:
        return cast(Visite, kept[1])
    found = _asked()
    st.session_state[_KEY] = run, found
    return found


def _asked() -> Visite:
    token = st.context.cookies.get(settings.current().session_cookie)
    if not token:
        return Visite()
    try:
        store = base.store()
        found = logins.find(store, token, datetime.now(UTC)) if store else None
    except Unavailable as error:
        return Visite(note=f"Votre session ne peut pas être vérifiée : {error}")
    if found is None:
        return Visite(note="Votre session a pris fin.")
    if found.doit_changer:
        return Visite(note="Changez d’abord votre mot de passe.", doit_changer=True)
    return Visite(found.compte.acteur)
