"""The quality score of data.inclusion, explained: it helps to fill in a sheet, and never changes an answer."""

from __future__ import annotations

from datetime import date

import streamlit as st

from desk import tables, who
from fiche.model import Structure
from fiche.quality import SOURCE, Critere, score
from store.rights import edits

EXPLAINED = (
    "Indice calculé par la méthode publiée de data.inclusion, pour savoir quoi compléter. Il ne change jamais l’ordre "
    f"des réponses. [Lire la méthode]({SOURCE})"
)


def show_to_editors(structure: Structure) -> None:
    """A fold under the sheet, for those who may change it."""
    if not edits(who.current(), structure.id):
        return
    fold = st.expander("Qualité de la fiche", key=f"qualite-{structure.id}", on_change="rerun")
    if fold.open:
        st.html(tables.STYLES)
        with fold:
            show(structure, date.today())


def show(structure: Structure, on: date) -> None:
    """One table for each service, criterion by criterion."""
    st.markdown(EXPLAINED)
    for service in structure.services:
        found = score(service, on)
        caption = f"{service.nom} : {percent(found.note)}"
        tables.table(caption, ("Critère", "Note", "Ce qui est attendu"), map(_row, found.criteres))
    if not structure.services:
        st.markdown("L’indice porte sur les services ; cette fiche n’en a pas.")


def percent(note: float) -> str:
    """A score from 0 to 1 as people read it."""
    return f"{round(note * 100)} sur 100"


def _row(found: Critere) -> tuple[str, str, str]:
    return found.nom, "sans objet" if found.note is None else percent(found.note), found.regle
