"""The top of every page: its title, and the desk that receives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st

from desk import links, session
from desk.words import plain
from engine.base import Base
from engine.documents import Diagnostic

_ORDER = {"local": 0, "regional": 1, "hors-reseau": 2}
_KEY = "bureau"
_LINK = "adresse-du-lien"
_WHAT_A_LINK_KEEPS = "Le handicap et le suivi en cours n’y figurent jamais."


def show(title: str, base: Base, actions: Callable[[], None] | None = None) -> None:
    """The title of the page, what can be done with it, and the desk."""
    with st.container(key="entete", horizontal=True, vertical_alignment="bottom"):
        st.title(title, anchor=False)
        if actions:
            actions()
        _choose_desk(base)


def actions(own: Mapping[str, str]) -> None:
    """What is done between two visitors."""
    st.button("Nouveau visiteur", key="nouveau", type="primary", on_click=session.welcome_next)
    with st.popover("Copier le lien", key="lien"):
        st.session_state[_LINK] = links.address(own)
        st.text_input("Lien qui rouvre cette situation", key=_LINK, help=_WHAT_A_LINK_KEEPS)
        if st.button("Copier", key="copier"):  # static/accueil.js copies
            st.caption("Lien copié.")


def _choose_desk(base: Base) -> None:
    """Where the agent is; asked once, then remembered by the address and by the browser."""
    structures = base.catalogue.structures
    desks = [found for found in structures.values() if found.spro.recoit_public and not found.hors_reseau]
    desks.sort(key=lambda found: (_ORDER[found.spro.reseau], found.nom))
    if _KEY not in st.session_state or st.session_state[_KEY] != session.current().desk:
        st.session_state[_KEY] = session.current().desk
    st.selectbox(
        "Vous êtes à",
        [found.id for found in desks],
        index=None,
        format_func=lambda identifier: structures[identifier].nom,
        placeholder="Choisir votre structure",
        filter_mode="contains",
        key=_KEY,
        on_change=_remember,
    )


def _remember() -> None:
    session.current().desk = st.session_state[_KEY]


def warn(problems: tuple[Diagnostic, ...], unavailable: str = "") -> None:
    """Says that the rules or sheets as they are now are wrong, or out of reach, and that an earlier version answers."""
    if unavailable:
        st.warning(f"Les fiches affichées sont les dernières lues : {unavailable}")
    if problems:
        st.warning(
            "Les règles ou les fiches modifiées contiennent des erreurs ; la dernière version valable reste en service."
        )
        with st.expander(f"Erreurs à corriger ({len(problems)})"):
            show_problems(problems)


def show_problems(problems: tuple[Diagnostic, ...]) -> None:
    """Where each error is and what to do."""
    st.markdown("\n".join(f"- {_place(problem)} : {plain(problem.message)}" for problem in problems))


def _place(problem: Diagnostic) -> str:
    name = f"**{plain(Path(problem.fichier).name)}**"
    return f"{name}, ligne {problem.ligne}, colonne {problem.colonne}" if problem.ligne else name
