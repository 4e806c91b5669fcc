"""The doors of the answer: the first one, readable at arm's length, then the others, shorter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from desk import reporting, session
from desk.contacts import contacts, doubt, in_markdown
from desk.reasons import why
from desk.words import plain
from engine.base import Base
from engine.orientation import Orientation, Recommandation, Verification
from fiche.model import Service, Structure
from fiche.words import TO_CONFIRM, listed

DIRECTORY_PAGE = "desk/pages/annuaire.py"
ANCHOR = "reponse"
_NOTES = {
    "Comment s’y prendre": "mobilisation_precisions",
    "Conditions": "conditions_acces",
    "À dire": "a_dire",
    "À apporter": "a_apporter",
}
_TO_CHECK = "À vérifier : "
FEW, MANY = 8, 40
"""Doors of a kind that are shown at once, and behind a fold."""


def show_first(door: Recommandation, base: Base) -> None:
    """The answer: where, for what, how to get there, what to say, what to check, and why."""
    structure = base.catalogue.structures[door.structure]
    service = base.catalogue.offre_by_id[door.service].service
    with st.container(border=True, key="reponse"):
        st.header("Orientez d’abord vers", anchor=ANCHOR)
        title(structure.nom, structure.id, door.service)
        st.markdown(f"{_badges(door, base)} {_what_for(door, base)}{_for_needs(door, base)}")
        if not structure.est_un_type:
            st.markdown(in_markdown(contacts(structure, service)))
        if structure.spro.a_confirmer:
            st.markdown(f":small[:orange-badge[{TO_CONFIRM}] {plain(structure.spro.a_confirmer)}]")
        for note in _notes(service):
            st.markdown(note)
        _to_check(door.a_verifier)
        _folds(door, structure, service, base)


def show_way_to_answer(door: Recommandation, base: Base) -> None:
    """On a small screen the answer is below the questions: its name stays in sight and leads to it."""
    with st.container(key="lien-reponse"):
        st.markdown(f"[Réponse : {plain(base.catalogue.structures[door.structure].nom)}](#{ANCHOR})")


def show_others(answer: Orientation, base: Base) -> None:
    """The doors that can take over, those that depend on something to check, and those for another need."""
    relays = [door for door in answer.recommandations if door.role == "relais"]
    groups = (
        ("Autres portes", [door for door in relays if not door.a_verifier]),
        ("Sous condition", [door for door in relays if door.a_verifier]),
        ("Pour un autre besoin", [door for door in answer.recommandations if door.role == "complement"]),
    )
    for heading, doors in groups:
        if doors:
            st.header(heading, anchor=False)
            for door in doors[:FEW]:
                _show_short(door, base)
            _show_rest(doors[FEW:], heading, base)


def _show_rest(doors: Sequence[Recommandation], heading: str, base: Base) -> None:
    """What a large catalogue adds: behind a fold, and named only beyond what anybody would read."""
    if not doors:
        return
    key = f"suite-{heading}-{session.current().visitor.number}"
    fold = st.expander(f"Encore {len(doors)} dans « {heading} »", key=key, on_change="rerun")
    if fold.open:
        with fold:
            for door in doors[:MANY]:
                _show_short(door, base)
            if len(doors) > MANY:
                st.markdown(f"Et {len(doors) - MANY} autres : précisez la situation, ou cherchez dans l’annuaire.")


def _show_short(door: Recommandation, base: Base) -> None:
    structure = base.catalogue.structures[door.structure]
    service = base.catalogue.offre_by_id[door.service].service
    known = [contact for contact in contacts(structure, service) if contact.texte]
    with st.container(border=True, key=f"porte-{door.service}"):
        title(structure.nom, structure.id, door.service)
        needs = _for_needs(door, base) if door.role == "complement" else ""
        st.markdown(f"{_badges(door, base)} {_what_for(door, base)}{needs}")
        if known:
            st.markdown(in_markdown(known))
        _to_check(door.a_verifier)
        if door.apres and door.role == "relais":
            st.caption(plain(door.apres.texte))
        _folds(door, structure, service, base)


def title(text: str, structure: str, key: str) -> None:
    """The name of a door, and the way to the sheet of its structure."""
    with st.container(key=f"titre-{key}", horizontal=True, vertical_alignment="center"):
        st.subheader(plain(text), anchor=False)
        st.page_link(DIRECTORY_PAGE, label="Voir la fiche", query_params={"structure": structure})


def _folds(door: Recommandation, structure: Structure, service: Service, base: Base) -> None:
    """Why this door, and what is wrong on its sheet: side by side until one of them opens."""
    with st.container(key=f"replis-{door.service}", horizontal=True):
        why((*door.raisons, *door.a_verifier), base, door.service)
        reporting.offer(structure, [service], door.service)


def _notes(service: Service) -> Iterable[str]:
    """What the agent should know before sending somebody, where the sheet says it."""
    for heading, field in _NOTES.items():
        text = getattr(service, field, None) or getattr(service.spro, field, None)
        if text:
            yield f"**{heading} :** {plain(text)}{doubt(service.spro.provenance.get(field))}"


def _badges(door: Recommandation, base: Base) -> str:
    found = [f":blue-badge[{base.rules.vocabulaire.niveaux[door.niveau]}]"]
    if door.chez_vous:
        found.insert(0, ":green-badge[C’est chez vous]")
    if door.hors_reseau:
        found.append(":orange-badge[Hors réseau]")
    return " ".join(found)


def _what_for(door: Recommandation, base: Base) -> str:
    return f"**{plain(base.catalogue.offre_by_id[door.service].service.nom)}**"


def _for_needs(door: Recommandation, base: Base) -> str:
    needs = listed(base.rules.vocabulaire.besoins[need].libelle for need in door.besoins)
    return f" — pour : {plain(needs)}" if needs else ""


def _to_check(conditions: Sequence[Verification]) -> None:
    texts = [plain(condition.texte.removeprefix(_TO_CHECK)) for condition in conditions]
    if len(texts) == 1:
        st.markdown(f"**À vérifier :** {texts[0]}")
    elif texts:
        st.markdown("**À vérifier :**\n" + "\n".join(f"- {text}" for text in texts))
