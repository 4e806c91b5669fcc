"""The screen of what is new: every change published, by day, in plain words, and the feed to follow it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import streamlit as st

from desk import base as bases
from desk import header, links, news
from desk.base import in_service
from desk.feed import PATH
from desk.words import plain
from engine.base import Base
from engine.dates import PARIS
from fiche.words import day
from store.database import Unavailable
from store.news import Nouvelle
from store.news import news as last_news

AT_ONCE = 20
FEW_CHANGES = 6
DIRECTORY = "desk/pages/annuaire.py"
FROM_A_FOLDER = "Ici, les fiches viennent directement d’un dossier : leurs changements ne sont pas suivis."

_SHOWN = "nouveautes-combien"


def main() -> None:
    """The last news first; more when asked."""
    base = in_service()
    header.show("Quoi de neuf", base)
    try:
        store = bases.store()
        if store is None:
            st.info(FROM_A_FOLDER)
        else:
            wanted = st.session_state.get(_SHOWN, AT_ONCE)
            found = last_news(store, wanted + 1)
            _show(found[:wanted], more=len(found) > wanted, base=base)
    except Unavailable as error:
        st.error(plain(str(error)))
    links.show({})


def _show(found: list[Nouvelle], *, more: bool, base: Base) -> None:
    st.markdown(f"Les derniers changements publiés des fiches. [Suivre ces nouvelles (flux Atom)](.{PATH})")
    if not found:
        st.markdown("Rien n’a encore été publié.")
    for on, pieces in groupby(found, lambda piece: piece.quand.astimezone(PARIS).date()):
        st.header(day(on), anchor=False)
        for piece in pieces:
            with st.container(border=True, key=f"nouvelle-{piece.rang}", gap=None):
                _show_one(piece, base)
    if more:
        st.button("Voir plus", key="nouveautes-plus", on_click=_more)


def _more() -> None:
    st.session_state[_SHOWN] = st.session_state.get(_SHOWN, AT_ONCE) + AT_ONCE


def _show_one(piece: Nouvelle, base: Base) -> None:
    st.subheader(plain(news.name(piece)), anchor=False)
    hour = piece.quand.astimezone(PARIS)
    st.markdown(f"**{plain(news.sentence(piece))}** {plain(news.by(piece))}, à {hour.hour} h {hour.minute:02}.")
    told = list(news.changes(piece, base))
    if told:
        st.markdown(_listed(told[:FEW_CHANGES]))
    if len(told) > FEW_CHANGES:
        with st.expander(f"Voir les {len(told) - FEW_CHANGES} autres changements", type="compact"):
            st.markdown(_listed(told[FEW_CHANGES:]))
    if piece.apres and piece.apres.fiche in base.catalogue.structures:
        st.page_link(DIRECTORY, label="Voir la fiche", query_params={"structure": piece.apres.fiche})


def _listed(changes: Iterable[news.Changement]) -> str:
    return "\n".join(f"- {_in_markdown(change)}" for change in changes)


def _in_markdown(change: news.Changement) -> str:
    place = f"**{plain(change.lieu)}**"
    return f"{place} : {plain(change.quoi)}" if change.quoi else place


main()
