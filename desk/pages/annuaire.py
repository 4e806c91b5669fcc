"""The screen of the directory: every structure and its services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import streamlit as st

from desk import header, links, quality_view, sheet
from desk.annuaire import map as basin_map
from desk.annuaire.directory import Search, find
from desk.base import in_service
from desk.contacts import in_markdown, open_at
from desk.words import plain
from engine.base import Base
from engine.dates import PARIS
from fiche.fields import NETWORKS
from fiche.model import Structure

STRUCTURE = "structure"
PAGE = "desk/pages/annuaire.py"
AT_ONCE = 60  # structures: the whole of a basin, the beginning of a region (a page would show a docstring here)

_LIST, _SHOWN = "annuaire-liste", "annuaire-montrees"


def main() -> None:
    """One sheet when the address names it, else the search."""
    base = in_service()
    header.show("Annuaire", base)
    asked = st.query_params.get(STRUCTURE)
    structure = base.catalogue.structures.get(asked or "")
    if structure:
        st.page_link(PAGE, label="Toutes les structures")
        sheet.show(structure, base)
        quality_view.show_to_editors(structure)
    else:
        if asked:
            st.warning(f"Aucune structure ne porte l’identifiant « {plain(asked[:80])} ».")
        found = find(_search(base), base)
        in_list, on_map = st.columns([3, 2], gap="large")
        with in_list:
            _show_list(found, base)
        with on_map:
            basin_map.show(found, base.catalogue.territoire)
    links.show({STRUCTURE: structure.id} if structure else {})


def _search(base: Base) -> Search:
    words = base.rules.vocabulaire
    with st.container(key="filtres", horizontal=True):
        text = st.text_input(
            "Chercher",
            key="annuaire-mots",
            type="search",
            live=True,
            placeholder="Nom, service, ville…",
            persist_state="session",
        )
        need = _choice("Besoin", list(words.besoins), lambda need: words.besoins[need].libelle, "annuaire-besoin")
        public = _choice("Public", list(words.publics), lambda name: words.publics[name].libelle, "annuaire-public")
        networks = st.pills(
            "Réseau",
            list(NETWORKS),
            selection_mode="multi",
            format_func=NETWORKS.__getitem__,
            key="annuaire-reseaux",
            persist_state="session",
        )
    return Search(text or "", need, public, tuple(networks))


def _choice(label: str, options: list[Any], words: Callable[[Any], str], key: str) -> str | None:
    chosen: str | None = st.selectbox(
        label,
        options,
        index=None,
        format_func=words,
        placeholder="Tous",
        filter_mode="contains",
        key=key,
        persist_state="session",
    )
    return chosen


def _show_list(found: list[Structure], base: Base) -> None:
    count = len(found)
    st.header(f"{count} structure{'s' if count > 1 else ''}" if count else "Aucune structure", anchor=False)
    with st.container(key="lien-carte"):
        st.markdown(f"[Aller à la carte](#{basin_map.ANCHOR})")
    now = datetime.now(PARIS)
    shown = _how_many(found)
    for structure in found[:shown]:
        with st.container(key=f"fiche-{structure.id}", gap=None):
            st.page_link(PAGE, label=plain(structure.nom), query_params={STRUCTURE: structure.id})
            services = " · ".join(service.nom for service in structure.services)
            role = base.rules.vocabulaire.roles[structure.spro.role]
            st.markdown(f"{sheet.badges(structure)} {plain(services or role)}")
            state = open_at(structure, now)
            if state:
                st.markdown(in_markdown([state]))
    if shown < count:
        st.markdown(f"{count - shown} autres structures : précisez la recherche, ou")
        st.button(f"Voir les {min(AT_ONCE, count - shown)} suivantes", key="annuaire-suite", on_click=_see_more)


def _how_many(found: list[Structure]) -> int:
    """How many structures of this list are shown: more when asked, the first ones again when the search changes."""
    key = tuple(structure.id for structure in found[:AT_ONCE])
    if st.session_state.get(_LIST) != key:
        st.session_state[_LIST], st.session_state[_SHOWN] = key, AT_ONCE
    return int(st.session_state[_SHOWN])


def _see_more() -> None:
    st.session_state[_SHOWN] += AT_ONCE


main()
