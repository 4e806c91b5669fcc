"""The map of the basin beside the directory: where structures are, and those that are not on it, with why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from desk.annuaire.map_drawing import DOT, SIGNS, Cadre, Repere, draw, frame, group
from desk.annuaire.places import OUTSIDE, Absence, Lieu, places
from desk.words import plain
from engine.catalogue import Territoire
from fiche.fields import NETWORKS
from fiche.model import Structure

ANCHOR = "carte"
AT_CENTRE = "au centre de la commune"
AT_ONCE = 12
"""How many places are written without being asked for."""

NAMED = 40
"""How many structures of one place, or absent for one reason, are named."""

CREDIT = "Centres des communes : GeoNames, licence CC BY 4.0."


def show(structures: Iterable[Structure], territoire: Territoire) -> None:
    """The map of what the directory lists, its key, the places in words, and what has no position."""
    zones = tuple(map(str, territoire.zones))
    cadre = frame(zones)
    found, absent = places(structures, territoire)
    inside: list[Lieu] = []
    for lieu in found:
        if cadre and cadre.holds(lieu.position):
            inside.append(lieu)
        else:
            absent.append(Absence(lieu.structure, lieu.nom, lieu.commune, OUTSIDE))
    st.header("Carte", anchor=ANCHOR)
    if cadre and inside:
        _show_map(group(inside, cadre), zones, cadre, territoire)
    else:
        st.markdown("Aucune de ces structures n’a de position connue dans le bassin.")
    if absent:
        st.subheader(f"Pas sur la carte ({len(absent)})", anchor=False)
        st.markdown("\n".join(f"- {line}" for line in _absences(absent)))


def _show_map(reperes: Sequence[Repere], zones: tuple[str, ...], cadre: Cadre, territoire: Territoire) -> None:
    with st.container(key="carte"):
        st.image(draw(reperes, zones, cadre), width="stretch", alt=_alternative(reperes, territoire))
        st.html(f'<p class="cle">{_key(reperes)}</p>')
        many = len(reperes) > AT_ONCE
        with st.expander(f"Les {len(reperes)} endroits", key="endroits") if many else st.container():
            st.markdown("\n".join(f"{repere.numero}. {_in_words(repere)}" for repere in reperes))
        st.caption(CREDIT)


def _alternative(reperes: Sequence[Repere], territoire: Territoire) -> str:
    count = sum(len(repere.lieux) for repere in reperes)
    return (
        f"Carte : {territoire.nom}, {count} structure{'s' if count > 1 else ''} en {len(reperes)} "
        f"endroit{'s' if len(reperes) > 1 else ''}. Les endroits sont écrits sous la carte, "
        "et la liste des structures dit tout ce que la carte montre."
    )


def _key(reperes: Sequence[Repere]) -> str:
    """What each sign means, those of this map only."""
    used = {repere.reseau for repere in reperes}
    words = {str(network): name for network, name in NETWORKS.items()} | {"": "plusieurs réseaux"}
    signs = [
        f'<span style="color:{color}" aria-hidden="true">{sign}</span> {words[network]}'
        for network, (sign, color) in SIGNS.items()
        if network in used
    ]
    if not all(lieu.precis for repere in reperes for lieu in repere.lieux):
        signs.append(f'<span aria-hidden="true">◌</span> {AT_CENTRE}, faute de position exacte')
    return " · ".join((*signs, f'<span style="color:{DOT}" aria-hidden="true">•</span> autres communes'))


def _in_words(repere: Repere) -> str:
    told = [lieu.nom for lieu in repere.lieux if lieu.precis]
    centred = [lieu.nom for lieu in repere.lieux if not lieu.precis]
    if centred:
        told.append(f"{AT_CENTRE} : {_some(centred)}")
    return f"**{plain(', '.join(repere.communes) or 'Ici')}** — {plain(_some(told))}"


def _some(names: Sequence[str]) -> str:
    """Names in one line; of a long list, the first ones and how many there are besides."""
    more = f" ; et {len(names) - NAMED} autres" if len(names) > NAMED else ""
    return " ; ".join(names[:NAMED]) + more


def _absences(absent: Sequence[Absence]) -> Iterable[str]:
    """One line for each reason, the structures it concerns."""
    for reason in dict.fromkeys(absence.raison for absence in absent):
        named = [_named(absence) for absence in absent if absence.raison == reason]
        yield f"**{reason} ({len(named)})** : {plain(_some(named))}"


def _named(absence: Absence) -> str:
    return f"{absence.nom} ({absence.commune})" if absence.commune else absence.nom
