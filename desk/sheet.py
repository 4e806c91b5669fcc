"""The sheet of a structure: contacts, services, and where each fact comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from desk import reporting
from desk.annuaire.directory import NETWORKS
from desk.annuaire.places import NO_PUBLIC
from desk.contacts import contacts, in_markdown, own_contacts
from desk.labels import LABELS, RECEPTION
from desk.words import plain
from engine import zones
from engine.base import Base
from fiche.model import Provenance, Service, Structure
from fiche.words import CONFIDENCE, TO_CONFIRM, UNKNOWN, capital, day, listed

_MODES = {"en-presentiel": "sur place", "a-distance": "à distance"}


def badges(structure: Structure) -> str:
    """Where the structure stands, and whether it receives the public."""
    color = "orange" if structure.hors_reseau else "blue"
    found = [f":{color}-badge[{NETWORKS[structure.spro.reseau]}]"]
    if not structure.spro.recoit_public:
        found.append(f":gray-badge[{NO_PUBLIC}]")
    return " ".join(found)


def show(structure: Structure, base: Base) -> None:
    """The whole sheet."""
    st.header(plain(structure.nom), anchor=False)
    st.markdown(f"{badges(structure)} {plain(base.rules.vocabulaire.roles[structure.spro.role])}")
    st.markdown(plain(structure.description or f"Description {UNKNOWN}."))
    if structure.spro.a_confirmer:
        st.markdown(f":orange-badge[{TO_CONFIRM}] {plain(structure.spro.a_confirmer)}")
    st.markdown(in_markdown(contacts(structure)))
    _provenance(structure.spro.provenance, f"fiche mise à jour le {day(structure.date_maj)}")
    reporting.offer(structure, structure.services, structure.id)
    for service in structure.services:
        with st.container(border=True, key=f"service-{service.id}"):
            _service(structure, service, base)


def _service(structure: Structure, service: Service, base: Base) -> None:
    st.subheader(plain(service.nom), anchor=False)
    st.markdown(plain(service.description))
    own = own_contacts(structure, service)
    if own:
        st.markdown(in_markdown(own))
    st.markdown("  \n".join(f"**{name} :** {plain(text)}" for name, text in _facts(service, base)))
    _provenance(service.spro.provenance, f"service mis à jour le {day(service.date_maj)}")


def _facts(service: Service, base: Base) -> Iterable[tuple[str, str]]:
    spro, vocabulary = service.spro, base.rules.vocabulaire
    yield "Répond à", listed(vocabulary.besoins[need].libelle for need in spro.besoins)
    yield "Niveau", vocabulary.niveaux[spro.niveau]
    if spro.age_min is not None or spro.age_max is not None:
        yield "Âge", base.catalogue.offre_by_id[service.id].textes["ages"]
    yield "Publics", _publics(service, base)
    if spro.statuts:
        yield "Situations", listed(vocabulary.champs["statuts"].valeurs[statut] for statut in spro.statuts)
    if spro.secteurs:
        yield "Secteurs", listed(vocabulary.champs["secteur"].valeurs[secteur] for secteur in spro.secteurs)
    yield "Territoire", _zone(service, base)
    modes = {mode.value for mode in service.modes_accueil or ()}
    yield "Accueil", listed(words for mode, words in _MODES.items() if mode in modes) or UNKNOWN
    yield "Frais", str(service.frais.value) if service.frais else UNKNOWN
    optional = (
        ("Précisions", service.publics_precisions),
        ("Conditions", service.conditions_acces),
        ("Comment y aller", service.mobilisation_precisions),
        ("À vérifier", spro.a_verifier),
        ("À dire", spro.a_dire),
        ("À apporter", spro.a_apporter),
    )
    yield from ((name, text) for name, text in optional if text)


def _publics(service: Service, base: Base) -> str:
    if service.spro.sur_mandat:
        return "sur décision de justice"
    labels = base.rules.vocabulaire.publics
    grouped: dict[str, list[str]] = {}
    for entry in service.spro.publics:
        grouped.setdefault(entry.accueil, []).append(labels[entry.public].libelle)
    return " ; ".join(f"{RECEPTION[way]} : {listed(names)}" for way, names in grouped.items()) or "tous"


def _zone(service: Service, base: Base) -> str:
    codes = [str(zone) for zone in service.zone_eligibilite or ()]
    basin = base.catalogue.territoire
    if not codes:
        return "partout"
    return basin.nom if set(codes) == set(basin.zones) else listed(map(zones.label, codes))


def _provenance(provenance: Mapping[str, Provenance], freshness: str) -> None:
    with st.expander(f"D’où vient l’information ({freshness})", type="compact"):
        st.markdown("\n".join(f"- {_one_provenance(name, found)}" for name, found in provenance.items()))


def _one_provenance(name: str, found: Provenance) -> str:
    label = plain(capital(LABELS.get(name, name)))
    return f"**{label}** : {plain(found.source)}, vérifié le {day(found.verifie)}, {CONFIDENCE[found.confiance]}"
