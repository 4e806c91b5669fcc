"""Who may edit which sheet: the screen says it, the store checks it again at each write."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from desk import who
from desk.ma_fiche.edit import unsaved
from desk.relecture import diff_table
from desk.words import plain
from engine.base import Base
from store.rights import Acteur, decides, edits

STRUCTURE = "structure"
"""The parameter of the address that names the sheet."""

PAGE = "desk/pages/ma_fiche.py"
STYLES = Path(__file__).parent.parent.parent / "static" / "fiche.css"
"""What this screen needs beyond the style sheet of every page."""

_NOBODY = (
    "Cette page est celle des partenaires, qui tiennent à jour la fiche de leur structure. "
    "Connectez-vous avec le compte de votre structure."
)
_ENDED = "Connectez-vous de nouveau : votre brouillon vous attend, tel qu’il a été gardé."
_WITHOUT_STRUCTURE = (
    "Votre compte n’est rattaché à aucune structure : demandez à l’administration du réseau de le compléter."
)


def page() -> StreamlitPage:
    """The screen: anybody reaches it by its address, and is told who may use it."""
    acteur = who.current()
    visible = decides(acteur) or acteur.role == "partenaire"
    return st.Page(PAGE, title=title(acteur), url_path="ma-fiche", visibility="visible" if visible else "hidden")


def title(acteur: Acteur) -> str:
    """What the screen is called: a partner has one sheet, the coordination all of them."""
    return "Fiches à modifier" if decides(acteur) else "Ma fiche"


def chosen(acteur: Acteur, base: Base) -> str | None:
    """The sheet that whoever is there edits; None once it was said why there is none."""
    asked = st.query_params.get(STRUCTURE)
    if decides(acteur):
        return _of_coordination(asked, base)
    if acteur.role != "partenaire":
        _refuse(base)
        return None
    if acteur.structure is None:
        st.error(_WITHOUT_STRUCTURE)
        return None
    if asked and not edits(acteur, asked):
        st.error(
            f"La fiche « {plain(asked[:80])} » n’est pas celle de votre structure : vous ne pouvez pas la modifier."
        )
        st.page_link(PAGE, label="Aller à ma fiche", query_params={STRUCTURE: acteur.structure})
        return None
    return acteur.structure


def _of_coordination(asked: str | None, base: Base) -> str | None:
    structures = base.catalogue.structures
    names = sorted(structures, key=lambda identifier: structures[identifier].nom)
    known = names if not asked or asked in structures else [asked, *names]
    found: str | None = st.selectbox(
        "Fiche",
        known,
        index=known.index(asked) if asked else None,
        format_func=lambda identifier: structures[identifier].nom if identifier in structures else identifier,
        placeholder="Choisir une structure",
        filter_mode="contains",
        key="fiche-a-modifier",
    )
    return found


def _refuse(base: Base) -> None:
    """Nobody is signed in; what was being written here when a session ended is still shown, to be copied."""
    left = unsaved()
    if not left:
        st.info(_NOBODY)
        return
    st.warning(_ENDED)
    for edit in left:
        st.markdown("Votre dernière saisie n’a pas pu être gardée : copiez-la avant de vous reconnecter.")
        diff_table.show("Ce que vous aviez écrit", edit.lue.document, edit.document, base)
