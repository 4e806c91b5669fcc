"""What is said above the form: what was just done, what waits or was refused, and the draft of whoever is there."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from desk.ma_fiche import steps as sheet_steps
from desk.ma_fiche.edit import Edition, abandon, keep_this_one, take_back, take_elsewhere
from desk.ma_fiche.steps import SEND
from desk.words import plain
from engine.dates import PARIS
from fiche.words import day
from store.versions import Version


def show(edit: Edition, last_word: Version | None) -> None:
    """The lines above the form; `last_word` is the last proposal, when it was refused and nothing came after it.

    They are in one place, so that a line that comes does not move the field in which somebody types.
    """
    with st.container(key="haut"):
        if edit.erreur and sheet_steps.current() != SEND:  # there, it is said beside the button
            st.error(plain(edit.erreur))
        if edit.dit:
            st.success(plain(edit.dit))
        _conflict(edit)
        _waiting(edit, last_word)
        _elsewhere(edit)
        _draft(edit)


def at_hour(when: datetime, now: datetime) -> str:
    """« à 10 h 42 », with the day when it is not today, in Paris."""
    local = when.astimezone(PARIS)
    hour = f"à {local.hour} h {local.minute:02}"
    return hour if local.date() == now.astimezone(PARIS).date() else f"le {day(local.date())} {hour}"


def _conflict(edit: Edition) -> None:
    if not edit.conflit:
        return
    st.warning(
        f"**Cette fiche a changé pendant que vous la modifiiez** (version {edit.tete.numero}, par "
        f"{plain(edit.tete.auteur)}). Rien n’est perdu : choisissez, point par point, ce qui est juste."
    )
    st.button("Comparer les deux versions", key="comparer", on_click=sheet_steps.go, args=(SEND,))


def _waiting(edit: Edition, last_word: Version | None) -> None:
    if edit.tete.etat == "proposee":
        st.info(
            f"Une modification attend la relecture de la coordination (version {edit.tete.numero}, "
            f"{plain(edit.tete.auteur)}). Vous pouvez la reprendre : la nouvelle la remplacera."
        )
    elif last_word is not None and last_word.avis is not None:
        st.warning(
            f"**Votre proposition a été refusée** par {plain(last_word.avis.auteur)} : "
            f"{plain(last_word.avis.motif)} — elle reste dans « {sheet_steps.FOLLOW} », d’où vous pouvez la reprendre."
        )


def _elsewhere(edit: Edition) -> None:
    if edit.ailleurs is None:
        return
    when = at_hour(edit.ailleurs.quand, datetime.now(PARIS))
    st.warning(f"Vous avez aussi modifié cette fiche dans une autre fenêtre, {when}. Quel brouillon gardez-vous ?")
    with st.container(key="autre-fenetre", horizontal=True):
        st.button("Garder celui-ci", key="garder-ici", on_click=keep_this_one, args=(edit,))
        st.button("Prendre l’autre", key="prendre-autre", on_click=take_elsewhere, args=(edit,))


def _draft(edit: Edition) -> None:
    if edit.perdue:
        st.warning(
            f"Votre dernière saisie n’est gardée que dans cette page : {plain(edit.perdue)} "
            "Laissez la page ouverte ; elle sera gardée à la prochaine saisie."
        )
    if edit.retour is not None:
        with st.container(key="retour", horizontal=True, vertical_alignment="center"):
            st.markdown(plain(edit.retour.phrase))
            st.button("Reprendre ce que j’avais écrit", key="reprendre-retour", on_click=take_back, args=(edit,))
    if not edit.changee:
        return
    with st.container(key="brouillon", horizontal=True, vertical_alignment="center"):
        kept = at_hour(edit.gardee, datetime.now(PARIS)) if edit.gardee and not edit.perdue else ""
        st.markdown(f"Brouillon gardé {kept}. Il n’est pas encore envoyé." if kept else "Brouillon pas encore envoyé.")
        st.button("Abandonner le brouillon", key="abandonner", on_click=abandon, args=(edit,))
