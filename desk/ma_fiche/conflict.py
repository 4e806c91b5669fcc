"""Two versions of a sheet side by side: whoever comes second chooses, point by point, and loses nothing."""

from __future__ import annotations

import streamlit as st

from desk.differences import differences
from desk.ma_fiche.edit import Edition, start_from
from desk.ma_fiche.keys import key_of, name_of
from desk.words import plain
from engine.base import Base
from fiche.facts import Place, with_fact
from fiche.merge import Cote, Ecart, gaps, merged

_SIDES: tuple[Cote, ...] = ("la-mienne", "l-autre")


def show(edit: Edition, base: Base) -> None:
    """Every point where the versions differ, a choice for each, and what comes of it."""
    st.subheader("Deux versions de la fiche", anchor=False)
    st.markdown(
        "Pour chaque point, choisissez ce qui est juste. Ce que l’un des deux seulement a changé est déjà choisi."
    )
    found = gaps(edit.lue.document, edit.document, edit.tete.document)
    with st.container(key="tout-choisir", horizontal=True):
        for side, label in zip(_SIDES, ("Tout prendre de ma version", "Tout prendre de l’autre"), strict=True):
            st.button(label, key=f"tout-{side}", on_click=_choose_all, args=(edit, side))
    for gap in found:
        _ask(edit, gap, base)
    left = [gap for gap in found if st.session_state.get(_key(edit, gap.place)) is None]
    if left:
        st.caption(f"Il reste {len(left)} choix à faire." if len(left) > 1 else "Il reste un choix à faire.")
    st.button(
        "Continuer avec ces choix",
        key="fusionner",
        type="primary",
        disabled=bool(left),
        on_click=_merge,
        args=(edit, found),
    )


def _ask(edit: Edition, gap: Ecart, base: Base) -> None:
    where, mine, theirs = _in_words(edit, gap, base)
    key = _key(edit, gap.place)
    side = _all_of(edit)[1] or gap.evident
    shown = {"la-mienne": f"Ma version : {plain(mine)}", "l-autre": f"L’autre version : {plain(theirs)}"}
    with st.container(border=True, key=f"ecart-{name_of(edit, gap.place)}", gap=None):
        start = None if side is None else _SIDES.index(side)
        st.radio(plain(where), _SIDES, index=start, format_func=shown.__getitem__, key=key)
        if gap.evident is None:
            st.caption("Changé des deux côtés.")


def _in_words(edit: Edition, gap: Ecart, base: Base) -> tuple[str, str, str]:
    """Where the versions differ, what mine says, and what the other says."""
    theirs = edit.tete.document
    lines = differences(theirs, with_fact(theirs, gap.place, gap.la_mienne), base)
    if not lines:
        return gap.place[-1], str(gap.la_mienne), str(gap.l_autre)
    return lines[0].lieu, lines[0].apres, lines[0].avant


def _key(edit: Edition, place: Place) -> str:
    return f"choix-{edit.tete.numero}-{_all_of(edit)[0]}-{key_of(edit, place)}"


def _all_of(edit: Edition) -> tuple[int, Cote | None]:
    """How many times one side was taken whole, and which one the last time."""
    found: tuple[int, Cote | None] = st.session_state.get(f"tout-{edit.fiche}-{edit.tete.numero}", (0, None))
    return found


def _choose_all(edit: Edition, side: Cote) -> None:
    st.session_state[f"tout-{edit.fiche}-{edit.tete.numero}"] = _all_of(edit)[0] + 1, side


def _merge(edit: Edition, found: list[Ecart]) -> None:
    of_mine = [gap.place for gap in found if st.session_state.get(_key(edit, gap.place)) == "la-mienne"]
    chosen = merged(edit.lue.document, edit.document, edit.tete.document, of_mine)
    start_from(edit, chosen, edit.tete, "Les deux versions sont réunies.")
