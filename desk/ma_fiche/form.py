"""The form of a sheet: the structure, then its services, in groups that are only drawn once they are open."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from desk.ma_fiche.edit import Edition, add_service, put_back, remove_service, removed_services
from desk.ma_fiche.keys import key_of, name_of
from desk.ma_fiche.problems import Controle
from desk.ma_fiche.widgets import ask
from desk.words import plain
from engine.base import Base
from fiche.facts import Place, at, facts, service_place, services
from fiche.fields import RESERVE, WHY_RESERVED, groups_of
from fiche.rubrique import Groupe, Rubrique
from fiche.values import unsaid, value
from fiche.words import capital
from store.rights import decides

_NAME = "nom-du-nouveau-service"


def show(edit: Edition, control: Controle, base: Base) -> None:
    """The whole form."""
    st.subheader("La structure", anchor=False)
    _groups(edit, (), control, base)
    st.subheader("Les services", anchor=False)
    _problems((), control)
    for identifier in services(edit.document):
        _service(edit, identifier, control, base)
    _removed(edit)
    _add(edit, base)


def _groups(edit: Edition, whole: Place, control: Controle, base: Base) -> None:
    for group in groups_of(whole):
        if not group.titre:
            continue
        places = [(*whole, *field.place) for field in group.rubriques]
        name = "reserve" if group.titre == RESERVE else group.titre
        fold = _fold(edit, (*whole, name), group.titre, control.count(places), _touched(edit, places))
        if fold.open:
            with fold:
                _group(edit, whole, group, control, base)


def _group(edit: Edition, whole: Place, group: Groupe, control: Controle, base: Base) -> None:
    if group.aide:
        st.caption(group.aide)
    reserved = [field for field in group.rubriques if field.reserve and not decides(edit.acteur)]
    for field in group.rubriques:
        if field not in reserved:
            ask(edit, whole, field, control, base)
    if reserved:
        st.markdown("  \n".join(_read_only(edit, whole, field, base) for field in reserved))
        st.caption(WHY_RESERVED)


def _read_only(edit: Edition, whole: Place, field: Rubrique, base: Base) -> str:
    given = at(edit.document, (*whole, *field.place))
    return f"**{field.libelle} :** {plain(unsaid(field) if given is None else value(field, given, base.rules))}"


def _problems(whole: Place, control: Controle) -> None:
    """What is wrong with the whole of something; in one place, so that nothing below moves."""
    with st.container():
        for sentence in control.problemes.get(whole, ()):
            st.error(plain(capital(sentence)))


def _fold(edit: Edition, place: Place, title: str, wrong: int, touched: bool) -> ExpanderContainer:
    """A fold, with what there is to know of it under its title: another title would make it another fold, closed."""
    marks = [f":orange-badge[{wrong} à corriger]"] if wrong else []
    marks += [":blue-badge[modifié]"] if touched else []
    with st.container(key=f"pli-{_fold_key(edit, place)}", gap=None):
        fold = st.expander(plain(title), key=_fold_key(edit, place), on_change="rerun")
        if marks:
            st.markdown(" ".join(marks))
    return fold


def _fold_key(edit: Edition, place: Place) -> str:
    return f"groupe-{name_of(edit, place)}"


def _touched(edit: Edition, places: Iterable[Place]) -> bool:
    return any(at(edit.document, place) != at(edit.lue.document, place) for place in places)


# --- services ---


def _service(edit: Edition, identifier: str, control: Controle, base: Base) -> None:
    whole = service_place(identifier)
    title = st.session_state.setdefault(
        f"titre-{key_of(edit, whole)}", at(edit.document, (*whole, "nom")) or identifier
    )
    inside = [place for place in {**facts(edit.document), **facts(edit.lue.document)} if place[:2] == whole]
    fold = _fold(edit, whole, str(title), control.of_service(identifier), _touched(edit, inside))
    if not fold.open:
        return
    with fold:
        _problems(whole, control)
        _groups(edit, whole, control, base)
        st.button(
            "Retirer ce service",
            key=f"retirer-{name_of(edit, whole)}",
            on_click=remove_service,
            args=(edit, identifier),
        )


def _removed(edit: Edition) -> None:
    for identifier, service in removed_services(edit).items():
        with st.container(key=f"retire-{name_of(edit, service_place(identifier))}", horizontal=True):
            st.markdown(f"Service retiré : **{plain(service.get('nom', identifier))}**")
            st.button(
                "Remettre ce service",
                key=f"remettre-{name_of(edit, service_place(identifier))}",
                on_click=put_back,
                args=(edit, identifier),
            )


def _add(edit: Edition, base: Base) -> None:
    with st.container(key="ajouter", horizontal=True, vertical_alignment="bottom"):
        st.text_input("Nom du nouveau service", key=_NAME, autocomplete="off")
        st.button("Ajouter un service", key="ajouter-service", on_click=_take_new, args=(edit, base))
    if st.session_state.get("ajouter-sans-nom"):
        st.error("Donnez d’abord un nom au nouveau service.")


def _take_new(edit: Edition, base: Base) -> None:
    name = (st.session_state[_NAME] or "").strip()[:150]
    st.session_state["ajouter-sans-nom"] = not name
    if name:
        identifier = add_service(edit, name, base.catalogue.offre_by_id)
        st.session_state[_NAME] = ""
        st.session_state[_fold_key(edit, service_place(identifier))] = True
