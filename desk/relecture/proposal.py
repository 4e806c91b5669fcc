"""One proposal: who, when, why, what changes, what it does to referrals; and the decision."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from desk import sheet
from desk.relecture import decisions, diff_table, effect_view
from desk.relecture.coordination import Poste, act, show_outcome
from desk.words import moment, plain
from engine.base import Base
from engine.documents import InvalidDocuments
from fiche.model import Structure
from store import checks, versions
from store.sheets import MAX_MOTIF
from store.versions import ETATS, Version


def told(found: Version) -> str:
    """Who wrote a version, when, why, from which other one; and what was decided of it."""
    source = f"à partir de la version {found.lue}" if found.lue else "nouvelle fiche"
    lines = [
        f"Écrite par **{plain(found.auteur)}** le {moment(found.quand)}, {source}.",
        f"Motif : {plain(found.motif)}",
    ]
    if found.avis:
        notice = found.avis
        line = f"{ETATS[notice.etat].capitalize()} par **{plain(notice.auteur)}** le {moment(notice.quand)}"
        lines.append(line + (f" : {plain(notice.motif)}" if notice.motif else "."))
    return "  \n".join(lines)


def counted(number: int) -> str:
    """How many proposals wait."""
    plural = "s" if number > 1 else ""
    return f"{number or 'Aucune'} proposition{plural} à relire"


def show(found: Version, poste: Poste, base: Base) -> None:
    """The whole proposal, or what became of it."""
    place = f"proposition-{found.fiche}"
    st.header(f"{plain(found.nom)} — version {found.numero}", anchor=False)
    show_outcome(place)
    st.markdown(told(found))
    current = versions.published(poste.store, found.fiche)
    if found.avis:
        show_outcome(_reason_key(found))
        st.info(
            "Cette proposition n’attend plus de décision. L’historique permet de revenir à n’importe quelle version."
        )
        return
    structure, problems = _checked(found, base)
    st.subheader("Ce qui change", anchor=False)
    if current and current.archivee:
        st.markdown("La fiche est archivée : la publier la remettrait en service.")
    caption = (
        f"Version {current.numero} en service, et version {found.numero} proposée" if current else "Nouvelle fiche"
    )
    if problems:
        st.error(f"À corriger avant de publier : {len(problems)} erreur{'s' if len(problems) > 1 else ''}.")
    before = current.document if current and not current.archivee else {}
    if not diff_table.show(caption, before, found.document, base, problems):
        st.markdown(diff_table.SAME)
    if structure:
        _show_effect(found, structure, base)
    _decide(found, poste, place)


def _checked(found: Version, base: Base) -> tuple[Structure | None, diff_table.Problems]:
    """What the version describes, and what would stop it from being published today."""
    try:
        structure = checks.checked(found.fiche, found.document, base)
        checks.check_whole(found.fiche, structure, base)
    except InvalidDocuments as error:
        return None, error.diagnostics
    return structure, ()


def _show_effect(found: Version, structure: Structure, base: Base) -> None:
    st.subheader("Effet sur les orientations", anchor=False)
    effect_view.show(found.fiche, structure, base, f"{found.fiche}-{found.numero}")
    fold = st.expander("La fiche telle qu’elle serait publiée", key=f"apercu-{found.fiche}", on_change="rerun")
    if fold.open:
        with fold:
            sheet.show(structure, base.with_sheet(found.fiche, structure))


def _decide(found: Version, poste: Poste, place: str) -> None:
    st.subheader("Décision", anchor=False)
    key = _reason_key(found)
    st.text_area("Motif de la décision", key=key, max_chars=MAX_MOTIF)
    st.caption("Demandé pour refuser, facultatif pour publier. L’historique de la fiche le garde.")
    show_outcome(key)
    with st.container(horizontal=True, key="decider"):
        publish = partial(decisions.publish, poste.store, found.fiche, found.numero)
        st.button("Publier", type="primary", key="publier", on_click=_with_reason, args=(place, key, publish))
        refuse = partial(decisions.refuse, poste.store, found.fiche, found.numero)
        st.button("Refuser", key="refuser", on_click=_with_reason, args=(place, key, refuse))


def _reason_key(found: Version) -> str:
    return f"motif-{found.fiche}-{found.numero}"


def _with_reason(place: str, key: str, action: Callable[[str], decisions.Fait]) -> None:
    act(place, partial(action, st.session_state[key]), form=key)
