"""The screen of the coordination: what waits for a decision, the errors reported, and the history of any sheet."""

from __future__ import annotations

import streamlit as st

from desk import header, links, tables
from desk.base import in_service
from desk.relecture import coordination, history, proposal, signals
from desk.relecture.coordination import Poste
from desk.words import plain
from engine.base import Base
from store import versions
from store.database import Unavailable
from store.versions import Version

PAGE = "desk/pages/relecture.py"
STRUCTURE, VERSION = "structure", "version"
AT_ONCE = 50
_CHOICE = "relecture-fiche"


def main() -> None:
    """One version or one sheet when the address names it, else the queue."""
    base = in_service()
    st.html(tables.STYLES)
    header.show("Relecture", base)
    poste = coordination.enter()
    if poste is None:
        return
    try:
        links.show(_show(poste, base))
    except Unavailable as error:
        st.error(plain(str(error)))


def _show(poste: Poste, base: Base) -> dict[str, str]:
    """Shows what the address asks for; what the address must say."""
    asked, number = st.query_params.get(STRUCTURE), st.query_params.get(VERSION, "")
    found = versions.history(poste.store, asked) if asked else []
    if asked and found:
        st.page_link(PAGE, label="Toutes les propositions")
        return _show_sheet(found, number, poste, base)
    if asked:
        st.warning(f"Aucune fiche ne porte l’identifiant « {plain(asked[:80])} ».")
    _show_queue(poste, base)
    return {}


def _show_sheet(found: list[Version], number: str, poste: Poste, base: Base) -> dict[str, str]:
    fiche = found[0].fiche
    version = next((one for one in found if str(one.numero) == number), None)
    if version:
        proposal.show(version, poste, base)
        st.page_link(PAGE, label="Historique de cette fiche", query_params={STRUCTURE: fiche})
        return {STRUCTURE: fiche, VERSION: number}
    if number:
        st.warning(f"La version « {plain(number[:20])} » de cette fiche n’existe pas.")
    history.show(found, poste, base)
    return {STRUCTURE: fiche}


def _show_queue(poste: Poste, base: Base) -> None:
    waiting = versions.waiting(poste.store)
    st.header(proposal.counted(waiting), anchor=False)
    if waiting > AT_ONCE:
        st.markdown(f"Voici les {AT_ONCE} plus anciennes.")
    for version in versions.pending(poste.store, AT_ONCE):
        with st.container(key=f"fiche-attente-{version.fiche}-{version.numero}"):
            address = {STRUCTURE: version.fiche, VERSION: str(version.numero)}
            st.page_link(PAGE, label=f"{plain(version.nom)} — version {version.numero}", query_params=address)
            st.markdown(proposal.told(version))
    signals.show(poste, base)
    _choose_history(poste, base)


def _choose_history(poste: Poste, base: Base) -> None:
    st.header("Historique d’une fiche", anchor=False)
    names = {
        **dict.fromkeys(versions.every_sheet(poste.store)),
        **{s.id: s.nom for s in base.catalogue.structures.values()},
    }
    st.selectbox(
        "Fiche",
        sorted(names, key=lambda fiche: names[fiche] or fiche),
        index=None,
        format_func=lambda fiche: names[fiche] or f"{fiche} (archivée ou jamais publiée)",
        placeholder="Choisir une fiche",
        filter_mode="contains",
        key=_CHOICE,
        on_change=_open_history,
    )


def _open_history() -> None:
    if st.session_state[_CHOICE]:
        st.query_params[STRUCTURE] = st.session_state[_CHOICE]


main()
