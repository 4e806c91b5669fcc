"""The sheet that somebody is writing, as agents would see it."""

from __future__ import annotations

import streamlit as st

from desk import sheet
from desk.ma_fiche.problems import Controle
from desk.ma_fiche.steps import SEND
from desk.orientation import cards
from desk.words import plain
from engine.base import Base
from engine.orientation import Recommandation
from fiche.model import Service, Structure

_SHEET, _CARD = "La fiche de l’annuaire", "La carte d’une réponse"


def show(control: Controle, base: Base) -> None:
    """The public sheet, or the card of one of its services."""
    structure = control.structure
    if structure is None:
        st.markdown(f"L’aperçu attend des champs justes : voyez ce qui est à corriger dans « {SEND} ».")
        return
    edited = base.with_sheet(structure.id, structure)
    views = [_SHEET, _CARD] if structure.services else [_SHEET]
    view = st.radio("Voir", views, horizontal=True, key="apercu-vue", persist_state="page")
    if view == _CARD:
        _card(structure, edited)
    else:
        sheet.show(structure, edited)


def _card(structure: Structure, edited: Base) -> None:
    services = {service.id: service for service in structure.services}
    chosen = st.selectbox(
        "Service",
        list(services),
        format_func=lambda identifier: services[identifier].nom,
        filter_mode="contains",
        key="apercu-service",
    )
    if chosen in services:
        st.caption(
            plain("Les raisons et ce qui est à vérifier dépendent de chaque personne : ils ne sont pas montrés ici.")
        )
        cards.show_first(_door(structure, services[chosen]), edited)


def _door(structure: Structure, service: Service) -> Recommandation:
    return Recommandation(
        rang=1,
        role="principale",
        structure=structure.id,
        service=service.id,
        hors_reseau=structure.hors_reseau,
        chez_vous=False,
        niveau=service.spro.niveau,
        besoins=tuple(service.spro.besoins),
        raisons=(),
        a_verifier=(),
    )
