"""Around the answer: what to know, what comes next, why not another structure, and what was understood."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import streamlit as st

from desk import session
from desk.base import LARGE
from desk.orientation.cards import MANY, title
from desk.reasons import show, why
from desk.words import plain
from engine.base import Base
from engine.orientation import Ecartee, Orientation, why_not
from engine.situation import Situation
from fiche.words import listed

_CEP = {
    "oui": "conseil en évolution professionnelle : la personne y a droit",
    "non": "conseil en évolution professionnelle : pas de droit d’après les réponses",
    "inconnu": "conseil en évolution professionnelle : à préciser",
}


def show_alerts(answer: Orientation) -> None:
    """What the agent must know or say."""
    texts = [plain(text) for text in (*answer.avertissements, *(alert.texte for alert in answer.profil.alertes))]
    if texts:
        st.warning("**À savoir**\n" + "\n".join(f"- {text}" for text in texts))


def show_next_steps(answer: Orientation, base: Base) -> None:
    """What comes after the first structure."""
    if len(answer.parcours) < 2:
        return
    st.header("Étapes suivantes", anchor=False)
    for step in answer.parcours[1:]:
        with st.container(border=True, key=f"etape-{step.etape}"):
            name = base.catalogue.structures[step.structure].nom
            title(f"{step.etape}. {name}", step.structure, f"etape-{step.etape}")
            st.markdown(plain(step.objet))
            why(step.raisons, base, f"etape-{step.etape}")


def show_understood(answer: Orientation, base: Base) -> None:
    """What the engine concluded of the visitor, and from which rules."""
    st.header("Ce que le moteur a compris", anchor=False)
    st.markdown(" · ".join(_profile(answer, base)))
    if answer.profil.raisons:
        why(answer.profil.raisons, base, "profil", "D’où cela vient")


def _profile(answer: Orientation, base: Base) -> Iterable[str]:
    profil, words = answer.profil, base.rules.vocabulaire
    if profil.lieu:
        yield f"habite : **{plain(profil.lieu.nom)}**" + ("" if profil.lieu.dans_le_bassin else " (hors du bassin)")
    publics = listed(words.publics[public].libelle for public in profil.publics)
    yield f"public : **{plain(publics or 'à préciser')}**"
    yield f"demande : **{plain(listed(words.besoins[need].libelle for need in profil.besoins))}**"
    if profil.besoins_complementaires:
        yield f"besoin en plus : **{plain(listed(words.besoins[n].libelle for n in profil.besoins_complementaires))}**"
    yield f"niveau : **{plain(words.niveaux[profil.niveau].lower())}**"
    operators = listed((base.catalogue.structures[found].nom for found in profil.operateurs), "ou")
    yield plain(_CEP[profil.cep]) + (f" ; opérateur : **{plain(operators)}**" if operators else "")


def show_why_not(situation: Situation, answer: Orientation, base: Base) -> None:
    """The structures that were not kept, and the reason for any other one that the agent names."""
    st.header("Pourquoi pas… ?", anchor=False)
    structures = base.catalogue.structures
    chosen = st.selectbox(
        "Une structure qui n’est pas proposée",
        sorted(worth_naming(answer, base), key=lambda identifier: structures[identifier].nom),
        index=None,
        format_func=lambda identifier: structures[identifier].nom,
        placeholder="Choisir une structure",
        filter_mode="contains",
        key=f"pourquoi-pas-{session.current().visitor.number}",
    )
    if chosen:
        _show_one(chosen, situation, answer, base)
    if answer.ecartees:
        fold = st.expander(
            f"Offres écartées d’après les réponses ({len(answer.ecartees)})",
            key=f"ecartees-{session.current().visitor.number}",
            on_change="rerun",
        )
        if fold.open:
            with fold:
                _show_rejected(answer.ecartees[:MANY], base, "ecartee")
                if len(answer.ecartees) > MANY:
                    st.markdown(f"Et {len(answer.ecartees) - MANY} autres.")


def worth_naming(answer: Orientation, base: Base) -> Iterable[str]:
    """Every structure, or in a catalogue too large for a list the members of the network and what was rejected."""
    structures = base.catalogue.structures
    if len(structures) <= LARGE:
        return structures
    members = {found.id for found in structures.values() if not found.hors_reseau}
    return members | {rejected.structure for rejected in answer.ecartees[:MANY]}


def _show_one(structure: str, situation: Situation, answer: Orientation, base: Base) -> None:
    rejected = why_not(structure, situation, base.catalogue, base.rules, date.today(), session.current().desk)
    if rejected:
        _show_rejected(rejected, base, "pourquoi-pas")
    elif any(door.structure == structure for door in answer.recommandations):
        st.markdown("Cette structure est proposée plus haut.")
    else:
        st.markdown("Rien ne l’écarte : son offre répond à un besoin déjà couvert plus haut.")


def _show_rejected(rejected: Iterable[Ecartee], base: Base, key: str) -> None:
    for found in rejected:
        service = base.catalogue.offre_by_id[found.service].service.nom if found.service else ""
        st.markdown(plain(" — ".join(filter(None, (base.catalogue.structures[found.structure].nom, service)))))
        show(found.raisons, base, f"{key}-{found.service or found.structure}")
