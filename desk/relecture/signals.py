"""The errors that readers reported, and what is answered to them."""

from __future__ import annotations

from functools import partial

import streamlit as st

from desk import who
from desk.relecture.coordination import Poste, act, show_outcome
from desk.relecture.decisions import Fait
from desk.words import moment, plain
from engine.base import Base
from store import reports
from store.database import Store
from store.reports import MAX_TEXTE, MOTIFS, Rapport

DIRECTORY = "desk/pages/annuaire.py"
_PLACE = "signalements"


def show(poste: Poste, base: Base) -> None:
    """Every report that waits, the oldest first."""
    found = reports.open_reports(poste.store, poste.acteur)
    plural = "s" if len(found) > 1 else ""
    st.header(f"{len(found) or 'Aucune'} erreur{plural} signalée{plural}", anchor=False)
    show_outcome(_PLACE)
    for report in found:
        with st.container(border=True, key=f"signalement-{report.id}"):
            _show_one(report, poste, base)


def _show_one(report: Rapport, poste: Poste, base: Base) -> None:
    structure = base.catalogue.structures.get(report.fiche)
    st.subheader(plain(structure.nom if structure else report.fiche), anchor=False)
    offre = base.catalogue.offre_by_id.get(report.service or "")
    lines = [f"**{MOTIFS[report.motif]}**", *([f"Service : {plain(offre.service.nom)}"] if offre else [])]
    lines += [plain(line) for line in report.texte.splitlines()]
    st.markdown("  \n".join([*lines, f"Signalé le {moment(report.quand)}."]))
    if structure:
        st.page_link(DIRECTORY, label="Voir la fiche", query_params={"structure": structure.id})
    key = f"reponse-{report.id}"
    st.text_area("Ce qui a été fait", key=key, max_chars=MAX_TEXTE)
    show_outcome(key)
    st.button("Clore ce signalement", key=f"clore-{report.id}", on_click=_close, args=(poste.store, report.id, key))


def _close(store: Store, number: int, key: str) -> None:
    act(_PLACE, partial(_closed, store, number, st.session_state[key]), form=key)


def _closed(store: Store, number: int, answer: str) -> Fait:
    reports.close(store, who.current(), number, answer)
    return Fait("Le signalement est clos.")
