"""What the screens of the coordination share: who may enter, and what came of an action, said where it was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from desk import base, who
from desk.relecture.decisions import Fait
from desk.words import plain
from store import versions
from store.database import Store, Unavailable
from store.rights import Acteur, Interdit, decides
from store.sheets import Conflit, Refus

NOT_YOURS = "Cette page est réservée à la coordination du réseau. Connectez-vous avec un compte de la coordination."
FROM_A_FOLDER = "Ici, les fiches viennent directement d’un dossier : elles ne se relisent pas à l’écran."

_KEY = "coordination-avis"


@dataclass(frozen=True, slots=True)
class Poste:
    """Somebody who decides, and the store where they do."""

    acteur: Acteur
    store: Store


@dataclass(frozen=True, slots=True)
class Avis:
    """What came of the last action, and what would undo it."""

    lieu: str
    reussi: bool
    texte: str
    annuler: Callable[[], Fait] | None = None


def pages() -> list[StreamlitPage]:
    """The screens of the coordination: anybody reaches them by their address, and is told who may use them."""
    visible = decides(who.current())
    waiting = _waiting() if visible else 0
    return [
        st.Page(
            "desk/pages/relecture.py",
            title=f"Relecture ({waiting})" if waiting else "Relecture",
            url_path="relecture",
            visibility="visible" if visible else "hidden",
        ),
        st.Page(
            "desk/pages/fraicheur.py",
            title="Fraîcheur",
            url_path="fraicheur",
            visibility="visible" if visible else "hidden",
        ),
    ]


def _waiting() -> int:
    try:
        store = base.store()
        return versions.waiting(store) if store else 0
    except Unavailable:
        return 0  # said at the top of the page already


def enter() -> Poste | None:
    """Who decides and where; None once it was said why this page is not for whoever is there."""
    acteur = who.current()
    if not decides(acteur):
        st.error(NOT_YOURS)
        return None
    try:
        store = base.store()
    except Unavailable as error:
        st.error(plain(str(error)))
        return None
    if store is None:
        st.info(FROM_A_FOLDER)
        return None
    return Poste(acteur, store)


def act(lieu: str, action: Callable[[], Fait], form: str = "") -> None:
    """Does something and remembers what to say of it at `lieu`, or at the `form` that asked when it was refused.

    What is published is in service at once.
    """
    try:
        done = action()
        st.session_state[_KEY] = Avis(lieu, True, done.texte, done.annuler)
    except (Conflit, Refus, Interdit, Unavailable) as error:
        st.session_state[_KEY] = Avis(form or lieu, False, str(error))
    base.live().refresh()


def fail(lieu: str, words: str) -> None:
    """Remembers why nothing was done."""
    st.session_state[_KEY] = Avis(lieu, False, words)


def show_outcome(lieu: str) -> None:
    """What came of the last action asked there, with a button to undo it."""
    found: Avis | None = st.session_state.get(_KEY)
    if found is None or found.lieu != lieu:
        return
    if not found.reussi:
        st.error(plain(found.texte))
        return
    st.success(plain(found.texte))
    if found.annuler:
        st.button("Annuler cette décision", key=f"annuler-{lieu}", on_click=act, args=(lieu, found.annuler))
