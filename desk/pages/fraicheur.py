"""The screen of the coordination: which sheets are old, incomplete or unsure, and the message to send about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode
from zlib import crc32

import streamlit as st

from desk import header, links, quality_view, reminder, tables
from desk.base import in_service
from desk.relecture import coordination
from desk.words import plain
from engine.base import Base
from engine.territory import fold
from fiche.fields import NETWORKS
from fiche.freshness import ETATS, Bilan, Fraicheur, overview
from fiche.quality import mean, score
from fiche.words import day

PAGE, DIRECTORY, EDITING = "fraicheur", "annuaire", "ma-fiche"
AT_ONCE = 40

STATES: dict[Fraicheur, str] = {"depasse": "Dépassée", "bientot": "Bientôt", "a-jour": "À jour"}
TO_FILL, TO_CONFIRM = "À compléter", "À confirmer"


def main() -> None:
    """The sheets that the filters keep, the first due first."""
    base = in_service()
    st.html(tables.STYLES)
    header.show("Fraîcheur", base)
    if coordination.enter() is None:
        return
    today = date.today()
    found, notes = _overview(base.rules.version, base.catalogue.version, today, base)
    kept = _filtered(found)
    _show_counts(kept, notes)
    for bilan in kept[: st.session_state.get(f"{PAGE}-combien", AT_ONCE)]:
        _show_one(bilan, base, today)
    if len(kept) > st.session_state.get(f"{PAGE}-combien", AT_ONCE):
        st.button("Voir plus de fiches", key=f"{PAGE}-plus", on_click=_more)
    links.show({})


Notes = Mapping[str, Sequence[float]]  # the quality scores of the services of each structure


@st.cache_resource(max_entries=1, show_spinner=False)
def _overview(rules: str, catalogue: str, on: date, _base: Base) -> tuple[list[Bilan], Notes]:  # noqa: ARG001  # its key
    notes = {
        structure.id: [score(service, on).note for service in structure.services]
        for structure in _base.catalogue.structures.values()
    }
    return overview(_base.catalogue.structures.values(), on), notes


def _more() -> None:
    st.session_state[f"{PAGE}-combien"] = st.session_state.get(f"{PAGE}-combien", AT_ONCE) + AT_ONCE


def _filtered(found: list[Bilan]) -> list[Bilan]:
    with st.container(key="filtres", horizontal=True):
        words = st.text_input("Chercher une structure", key=f"{PAGE}-mots", type="search", live=True, placeholder="Nom")
        states = st.pills(
            "Date de relecture",
            list(STATES),
            selection_mode="multi",
            format_func=STATES.__getitem__,
            key=f"{PAGE}-etats",
        )
        gaps = st.pills("À voir", [TO_FILL, TO_CONFIRM], selection_mode="multi", key=f"{PAGE}-manques")
        networks = st.pills(
            "Réseau",
            list(NETWORKS),
            selection_mode="multi",
            format_func=NETWORKS.__getitem__,
            key=f"{PAGE}-reseaux",
        )
    wanted = fold(words or "").split()
    return [
        bilan
        for bilan in found
        if all(word in fold(bilan.structure.nom) for word in wanted)
        and (not states or bilan.etat in states)
        and (TO_FILL not in gaps or bilan.manques)
        and (TO_CONFIRM not in gaps or _doubts(bilan))
        and (not networks or bilan.structure.spro.reseau in networks)
    ]


def _doubts(bilan: Bilan) -> int:
    return len(bilan.doutes) + bool(bilan.a_confirmer)


def _show_counts(kept: Sequence[Bilan], quality: Notes) -> None:
    plural = "s" if len(kept) > 1 else ""
    st.header(f"{len(kept) or 'Aucune'} fiche{plural}", anchor=False)
    if not kept:
        return
    states = [f"{sum(bilan.etat == state for bilan in kept)} {STATES[state].lower()}" for state in ETATS]
    notes = [note for bilan in kept for note in quality[bilan.structure.id]]
    st.markdown(
        f"Date de relecture : {', '.join(states)}.  \n"
        f"À compléter : {sum(bool(bilan.manques) for bilan in kept)}. "
        f"À confirmer : {sum(bool(_doubts(bilan)) for bilan in kept)}. "
        f"Rien à revoir : {sum(bilan.parfaite for bilan in kept)}."
        + (f"  \nQualité moyenne de {len(notes)} services : {quality_view.percent(mean(notes))}." if notes else "")
    )


def _show_one(bilan: Bilan, base: Base, on: date) -> None:
    structure = bilan.structure
    parts = [
        f"à relire avant le {day(bilan.due_le)}",
        f"{len(bilan.manques)} à compléter",
        f"{_doubts(bilan)} à confirmer",
    ]
    label = f"{plain(structure.nom)} — {STATES[bilan.etat].lower()}, {', '.join(parts)}"
    opened = st.expander(label, key=f"{PAGE}-{structure.id}", on_change="rerun")
    if not opened.open:
        return
    with opened:
        st.page_link("desk/pages/annuaire.py", label="Voir la fiche", query_params={"structure": structure.id})
        st.page_link("desk/pages/relecture.py", label="Voir son historique", query_params={"structure": structure.id})
        _show_lines("À relire", {"": [reminder.due_in_words(found) for found in bilan.echeances]})
        _show_lines("À compléter", reminder.missing_in_words(bilan))
        _show_lines("À confirmer", reminder.doubts_in_words(bilan, base))
        _show_message(bilan, base)
        st.subheader("Qualité", anchor=False)
        quality_view.show(structure, on)


def _show_lines(title: str, found: reminder.Lines) -> None:
    if not any(found.values()):
        return
    st.subheader(title, anchor=False)
    for holder, lines in found.items():
        listed = "\n".join(f"- {plain(' '.join(line.split()))}" for line in lines)
        st.markdown(f"**{plain(holder)}**\n\n{listed}" if holder else listed)


def _show_message(bilan: Bilan, base: Base) -> None:
    """Nothing is sent from here: the coordination copies the message where it writes to its partners."""
    st.subheader("Message de rappel", anchor=False)
    identifier = bilan.structure.id
    text = reminder.reminder(bilan, base, _address(DIRECTORY, identifier), _address(EDITING, identifier))
    with st.container(key=f"copier-texte-{identifier}"):
        st.text_area("Message prêt à envoyer", text, key=f"rappel-{identifier}-{crc32(text.encode())}", height=240)
        if st.button("Copier le message", key=f"copier-{identifier}"):  # static/accueil.js copies
            st.caption("Message copié.")


def _address(page: str, structure: str) -> str:
    """The full link of a page about a structure."""
    start = (st.context.url or "").partition("?")[0].rstrip("/").removesuffix(f"/{PAGE}")
    return f"{start}/{page}?{urlencode({'structure': structure})}"


main()
