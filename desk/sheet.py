"""The sheet of a structure: contacts, services, and where each fact comes from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from desk import reporting
from desk.annuaire.places import NO_PUBLIC
from desk.contacts import contacts, in_markdown, own_contacts
from desk.words import plain
from engine.base import Base
from engine.ruleset import Ruleset
from fiche.facts import Place
from fiche.fields import ANY_SERVICE, NETWORKS, name
from fiche.model import Provenance, Service, Structure
from fiche.rubrique import Rubrique
from fiche.values import given_by, lines, read, said, unsaid
from fiche.words import CONFIDENCE, TO_CONFIRM, UNKNOWN, capital, day

ON_MANDATE = "sur décision de justice"


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
    _facts(structure, (), base)
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
    _facts(service, ANY_SERVICE, base)
    _provenance(service.spro.provenance, f"service mis à jour le {day(service.date_maj)}")


def _facts(holder: Structure | Service, whole: Place, base: Base) -> None:
    """A line for each thing that is known, or whose absence means something."""
    found = []
    for line in lines(whole, "ligne"):
        field = line.premiere
        text = said(line, lambda field: given_by(holder, field), base.rules, partial(_read, base))
        if field.genre == "accueil" and isinstance(holder, Service) and holder.spro.sur_mandat:
            text = ON_MANDATE
        if text or field.toujours or field.attendu:
            found.append(f"**{line.entete} :** {plain(text or (UNKNOWN if field.attendu else unsaid(field)))}")
    if found:
        st.markdown("  \n".join(found))


def _read(base: Base, field: Rubrique, given: Any, rules: Ruleset) -> str:
    """The whole basin is called by its name."""
    basin = base.catalogue.territoire
    return basin.nom if field.genre == "zones" and set(given) == set(basin.zones) else read(field, given, rules)


def _provenance(provenance: Mapping[str, Provenance], freshness: str) -> None:
    with st.expander(f"D’où vient l’information ({freshness})", type="compact"):
        st.markdown("\n".join(f"- {_one_provenance(fact, found)}" for fact, found in provenance.items()))


def _one_provenance(fact: str, found: Provenance) -> str:
    label = plain(capital(name(fact)))
    return f"**{label}** : {plain(found.source)}, vérifié le {day(found.verifie)}, {CONFIDENCE[found.confiance]}"
