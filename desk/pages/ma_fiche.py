"""The screen where a partner keeps the sheet of its structure true, in two minutes, twice a year."""

from __future__ import annotations

import streamlit as st

from desk import base as bases
from desk import links, tables, who
from desk.ma_fiche import access as sheet_access
from desk.ma_fiche import edit as sheet_edit
from desk.ma_fiche import facts as sheet_facts
from desk.ma_fiche import follow as sheet_follow
from desk.ma_fiche import form as sheet_form
from desk.ma_fiche import preview as sheet_preview
from desk.ma_fiche import send as sheet_send
from desk.ma_fiche import steps as sheet_steps
from desk.ma_fiche import top as sheet_top
from desk.ma_fiche.edit import Edition
from desk.words import plain
from engine.base import Base
from fiche.words import capital
from store import versions
from store.database import Store, Unavailable

FROM_A_FOLDER = "Ici, les fiches viennent directement d’un dossier : elles ne se modifient pas à l’écran."


def main() -> None:
    """One sheet, for whoever may edit it."""
    base = bases.in_service()
    st.html(tables.STYLES)
    st.html(sheet_access.STYLES)
    acteur = who.current()
    with st.container(key="entete", horizontal=True, vertical_alignment="bottom"):
        st.title(sheet_access.title(acteur), anchor=False)
    fiche = sheet_access.chosen(acteur, base)
    links.show({sheet_access.STRUCTURE: fiche} if fiche else {})
    if fiche is None:
        return
    try:
        store = bases.store()
        if store is None:
            st.info(FROM_A_FOLDER)
            return
        edit = sheet_edit.opened(acteur, fiche)
        if edit is None:
            st.warning(f"Aucune fiche ne porte l’identifiant « {plain(fiche[:80])} ».")
            return
    except Unavailable as error:
        st.error(f"{plain(capital(str(error)))} La fiche ne peut pas être ouverte pour l’instant.")
        return
    st.header(plain(edit.document.get("nom", fiche)), anchor=False)
    try:
        published, last_word = versions.published(store, fiche), sheet_follow.last_word(store, edit.tete)
    except Unavailable:
        published, last_word = None, None  # said with the draft: what is typed is kept in this window
    sheet_top.show(edit, last_word)
    sheet_steps.show(
        {
            sheet_steps.VERIFY: lambda: sheet_facts.show(edit, published, base),
            sheet_steps.MODIFY: lambda: sheet_form.show(edit, sheet_send.checked(edit, base), base),
            sheet_steps.PREVIEW: lambda: sheet_preview.show(sheet_send.checked(edit, base), base),
            sheet_steps.SEND: lambda: sheet_send.show(edit, base),
            sheet_steps.FOLLOW: lambda: _follow(edit, store, base),
        }
    )


def _follow(edit: Edition, store: Store, base: Base) -> None:
    try:
        sheet_follow.show(edit, store, base)
    except Unavailable as error:
        st.error(plain(capital(str(error))))


main()
