"""One question to the visitor as a field: every one may stay without an answer, and an answer can be taken back."""

from __future__ import annotations

from typing import Any

import streamlit as st

from desk import session
from engine import territory
from engine.base import Base
from engine.catalogue import Catalogue
from engine.places import communes_named, communes_of_code
from engine.questions import NONE_OF_THEM, ChampDeclare

NEEDS = "besoins"
_MORE_NEEDS = "autres-besoins"
_PAUSE = "300ms"
"""What is typed is taken after this pause, without Enter."""

_TYPED = ("entier", "code-postal")


def ask(name: str, base: Base) -> None:
    """The field of a question in the form."""
    key = _key(name)
    if key not in st.session_state:
        visitor = session.current().visitor
        visitor.shown[name] = visitor.answers.get(name)
    if name == NEEDS:
        _needs(base)
    else:
        _widget(name, base, key, one_click=False)


def ask_in_one_click(name: str, base: Base) -> None:
    """The same question next to the answer: one choice answers it."""
    key = f"question-{_key(name)}"
    if name == NEEDS:
        _need(base, key, one_click=True)
    else:
        _widget(name, base, key, one_click=True)


def give(name: str, value: Any) -> None:
    """Keeps an answer as the last one given; an empty one means that the question is open again."""
    answers = session.current().visitor.answers
    before = answers.pop(name, None)
    if isinstance(value, list):
        value = _in_order(value, before or [])
    if value not in (None, "", []):
        answers[name] = value
    _hold(name)


def _in_order(chosen: list[str], before: list[str]) -> list[str]:
    """The choices in the order they were made; « aucun » and the others exclude each other, the last one wins."""
    ordered = [item for item in before if item in chosen] + [item for item in chosen if item not in before]
    if NONE_OF_THEM in ordered:
        return [NONE_OF_THEM] if ordered[-1] == NONE_OF_THEM else [item for item in ordered if item != NONE_OF_THEM]
    return ordered


def _hold(name: str) -> None:
    """Makes the field of the form, if it is on screen, hold the answer, whoever gave it."""
    held = session.current().visitor.answers.get(name)
    wanted = {_key(name): held}
    if name == NEEDS:
        first, *others = held or [None]
        wanted = {_key(NEEDS): first, _key(_MORE_NEEDS): others}
    elif _asked(name).genre in _TYPED:
        wanted = {_key(name): held or ""}
    elif _is_set(name):
        wanted = {_key(name): held or []}
    for key, value in wanted.items():
        if key in st.session_state and st.session_state[key] != value:
            st.session_state[key] = value


def _shown(name: str, one_click: bool = False) -> Any:
    """The default of a field; a question next to the answer has none."""
    return None if one_click else session.current().visitor.shown.get(name)


def _key(name: str) -> str:
    return f"{name}-{session.current().visitor.number}"


def _is_set(name: str) -> bool:
    return _asked(name).genre == "ensemble"


def _asked(name: str) -> ChampDeclare:
    return session.current().base.rules.vocabulaire.champs[name]


# --- callbacks ---


def _take(name: str, key: str, one_click: bool) -> None:
    value = st.session_state[key]
    give(name, [value] if one_click and _is_set(name) and value is not None else value)


def _take_needs() -> None:
    first, others = st.session_state[_key(NEEDS)], st.session_state.get(_key(_MORE_NEEDS), [])
    session.current().visitor.answers.pop(NEEDS, None)
    give(NEEDS, ([first] if first else []) + [need for need in others if need != first])


# --- widgets ---


def _widget(name: str, base: Base, key: str, *, one_click: bool) -> None:
    words = base.rules.vocabulaire.champs[name]
    if words.genre in _TYPED:
        st.text_input(
            words.question,
            value=_shown(name, one_click) or "",
            key=key,
            placeholder=words.indication,
            autocomplete="off",
            live=False if one_click else _PAUSE,
            on_change=_take,
            args=(name, key, one_click),
        )
    elif words.genre == "lieu":
        _commune(base.catalogue, words, key, _shown(name, one_click))
    else:
        _choices(name, words, key, one_click)


def choices(words: ChampDeclare) -> dict[Any, str]:
    """The answers that a question offers as a field holds them, each with its words."""
    if words.genre == "oui-non":
        return {True: "Oui", False: "Non"}
    return words.valeurs | ({NONE_OF_THEM: words.vide} if words.vide else {})


def _choices(name: str, words: ChampDeclare, key: str, one_click: bool) -> None:
    labels = choices(words)
    st.pills(
        words.question,
        list(labels),
        selection_mode="multi" if _is_set(name) and not one_click else "single",
        default=_shown(name, one_click),
        format_func=labels.__getitem__,
        key=key,
        on_change=_take,
        args=(name, key, one_click),
    )


def _commune(catalogue: Catalogue, words: ChampDeclare, key: str, shown: str | None) -> None:
    held = session.current().visitor.answers.get("commune")
    near = _communes(catalogue, session.current().visitor.answers.get("code_postal"))
    options = [*dict.fromkeys(code for code in (shown, held) if code and code not in near), *near]
    st.selectbox(
        words.question,
        list(map(_Listed, options)),
        index=options.index(shown) if shown else None,
        format_func=lambda code: near.get(code) or _commune_label(code),
        placeholder=words.indication,
        filter_mode="contains",
        accept_new_options=True,
        key=key,
        on_change=_take_commune,
        args=(key, catalogue),
    )


class _Listed(str):
    """What the list of communes offers: a number that is typed may be the INSEE code of another commune of the list."""

    __slots__ = ()


def _take_commune(key: str, catalogue: Catalogue) -> None:
    """A number typed here is a postal code: of one commune, it is this one; of several, the choice stays to be made."""
    value = st.session_state[key] or ""
    words, typed = value.strip(), not isinstance(value, _Listed)
    reached = territory.reached_by(words) if typed else []
    found = reached or (communes_named(words, catalogue.territoire) if typed else ())
    several = len(reached) > 1
    give("code_postal", words if several else None)
    give("commune", None if several else found[0].code if len(found) == 1 else words)


def _communes(catalogue: Catalogue, postcode: str | None) -> dict[str, str]:
    """The communes of a postal code, then those of the basin, by code, as they are shown."""
    first = communes_of_code(postcode, catalogue) if postcode and territory.reached_by(postcode) else []
    others = {place for zone in catalogue.territoire.zones for place in territory.communes_of(zone)}
    shown = (*first, *sorted(others, key=lambda place: territory.fold(place.nom)))
    return {place.code: _label(place) for place in shown}


def _commune_label(words: str) -> str:
    place = territory.commune(words)
    return _label(place) if place else words


def _label(place: territory.Commune) -> str:
    return f"{place.nom} ({', '.join(place.codes_postaux)})" if place.codes_postaux else place.nom


def _needs(base: Base) -> None:
    first = _need(base, _key(NEEDS), one_click=False)
    visitor = session.current().visitor
    if first and _key(_MORE_NEEDS) not in st.session_state:
        visitor.shown[_MORE_NEEDS] = [need for need in visitor.answers.get(NEEDS, ()) if need != first]
    if first:
        needs = base.rules.vocabulaire.besoins
        others = [need for need in needs if need != first]
        st.multiselect(
            "Autres demandes",
            others,
            default=[need for need in _shown(_MORE_NEEDS) or () if need in others],
            format_func=lambda need: needs[need].libelle,
            placeholder="Ajouter une demande",
            filter_mode="contains",
            select_all=False,
            key=_key(_MORE_NEEDS),
            on_change=_take_needs,
        )


def _need(base: Base, key: str, *, one_click: bool) -> str | None:
    words = base.rules.vocabulaire
    shown = _shown(NEEDS, one_click)
    chosen: str | None = st.selectbox(
        words.champs[NEEDS].question,
        list(words.besoins),
        index=list(words.besoins).index(shown[0]) if shown else None,
        format_func=lambda need: words.besoins[need].libelle,
        placeholder="Choisir la demande principale",
        filter_mode="contains",
        key=key,
        on_change=_take if one_click else _take_needs,
        args=(NEEDS, key, True) if one_click else (),
    )
    return chosen
