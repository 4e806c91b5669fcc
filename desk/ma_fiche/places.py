"""The commune of an address, and the zone of a service: chosen by name or postcode, from the real list."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from desk.ma_fiche.edit import Edition, give, give_all, kept_first
from desk.ma_fiche.keys import hold, let_go
from desk.words import plain
from engine import territory, zones
from engine.base import Base
from engine.problems import shorten
from engine.territory import Commune
from fiche.facts import Place, at
from fiche.rubrique import Rubrique

_NONE = ""
"""The choice of no commune: a list that starts with a choice cannot be emptied otherwise."""

_AT_MOST = 5
"""Communes named in a message."""


def ask_commune(edit: Edition, place: Place, field: Rubrique, base: Base) -> None:
    """One commune; its INSEE code goes with it, and its postcode when it has only one."""
    code, name = at(edit.document, _beside(place, "code_insee")), at(edit.document, place)
    held = code or name
    near = [found.code for found in _of_basin(base)]
    options = [_NONE, *(() if held is None or held in near else (held,)), *near]
    key = hold(edit, place)
    st.selectbox(
        field.libelle,
        options,
        index=None if held is None else options.index(held),
        format_func=lambda code: zones.label(code) if code else "Pas de commune",
        placeholder="Nom ou code postal",
        filter_mode="contains",
        accept_new_options=True,
        key=key,
        on_change=_take_commune,
        args=(edit, place, key, base),
    )
    if code:
        st.caption(f"Code INSEE : {plain(code)}")


def _take_commune(edit: Edition, place: Place, key: str, base: Base) -> None:
    words = st.session_state[key]
    if not words:
        give_all(edit, {place: None, _beside(place, "code_insee"): None})
        return
    found = typed_commune(words, base)
    if isinstance(found, str):
        edit.refuses[place] = found
        return
    told = {place: found.nom, _beside(place, "code_insee"): found.code}
    if len(found.codes_postaux) == 1:
        told[_beside(place, "code_postal")] = found.codes_postaux[0]
        let_go(edit, _beside(place, "code_postal"))
    give_all(edit, told)
    st.session_state[key] = found.code


def ask_zones(edit: Edition, place: Place, field: Rubrique, base: Base) -> None:
    """Communes, departments and groups of communes, by name; a commune far away is typed."""
    held = [str(code) for code in at(edit.document, place) or ()]
    key = hold(edit, place)
    known = [*base.catalogue.territoire.zones, *zones.names(), *(found.code for found in _of_basin(base))]
    st.multiselect(
        field.libelle,
        list(dict.fromkeys([*held, *known])),
        default=held,
        format_func=zones.label,
        placeholder="Ajouter une commune, un département…",
        filter_mode="contains",
        accept_new_options=True,
        select_all=False,
        key=key,
        on_change=_take_zones,
        args=(edit, place, key, base),
    )


def _take_zones(edit: Edition, place: Place, key: str, base: Base) -> None:
    before = [str(code) for code in at(edit.document, place) or ()]
    chosen: list[str] = []
    refused = ""
    for words in st.session_state[key]:
        found = words if words in before or territory.is_zone(words) else typed_commune(words, base)
        if isinstance(found, Commune):
            chosen.append(found.code)
        elif found == words:
            chosen.append(words)
        else:
            refused = found
    after = kept_first(chosen, before)
    give(edit, place, after or None)
    st.session_state[key] = after
    if refused:
        edit.refuses[place] = refused


def _beside(place: Place, name: str) -> Place:
    return (*place[:-1], name)


def _of_basin(base: Base) -> list[Commune]:
    places = {found for zone in base.catalogue.territoire.zones for found in territory.communes_of(zone)}
    return sorted(places, key=lambda found: territory.fold(found.nom))


def typed_commune(words: str, base: Base) -> Commune | str:
    """The commune that somebody typed, or why it is not known."""
    found = territory.find(words[:200], base.catalogue.territoire.zones)
    if len(found) == 1:
        return found[0]
    if not found:
        return f"Aucune commune ne s’appelle « {shorten(words)} ». Écrivez son nom entier ou son code postal."
    return f"Plusieurs communes répondent à « {shorten(words)} » : {_named(found)}. Écrivez le code INSEE de la bonne."


def _named(found: Iterable[Commune]) -> str:
    names = [f"{place.nom} ({place.departement}, code INSEE {place.code})" for place in found]
    return ", ".join(names[:_AT_MOST]) + (", …" if len(names) > _AT_MOST else "")
