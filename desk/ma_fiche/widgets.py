"""One field of a sheet on the screen: what it holds, what is wrong with it, and whether it is still to be confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from desk.ma_fiche import hours as sheet_hours
from desk.ma_fiche import places as sheet_places
from desk.ma_fiche.edit import Edition, give, give_text, kept_first
from desk.ma_fiche.keys import hold, let_go, name_of
from desk.ma_fiche.problems import Controle
from desk.words import plain
from engine.base import Base
from fiche.facts import Place, at
from fiche.fields import RECEPTION
from fiche.provenance import declared
from fiche.rubrique import Genre, Rubrique
from fiche.values import choices, value
from fiche.words import CONFIDENCE, SURE, TO_CONFIRM, capital, within

_PAUSE = "500ms"
"""A text is taken after this pause in typing, without Enter."""

_FEW = 6
"""Choices that are all shown at once."""

_ANSWERS: dict[Any, str] = {True: "Oui", False: "Non"}


def ask(edit: Edition, whole: Place, field: Rubrique, control: Controle, base: Base) -> None:
    """The field `field` of the structure (the empty place) or of a service."""
    place = (*whole, *field.place)
    shape = "oui-non" if field.genre == "oui-non" else "champ"
    with st.container(key=f"{shape}-{name_of(edit, place)}", gap=None):
        _WIDGETS.get(field.genre, _line)(edit, place, field, base)
        if field.aide:
            st.caption(plain(field.aide))
        refused = (edit.refuses[place],) if place in edit.refuses else ()
        for sentence in (*refused, *control.problemes.get(place, ())):
            st.error(plain(capital(sentence)))
        _confirm(edit, whole, field, place)


# --- texts and numbers ---


def _line(edit: Edition, place: Place, field: Rubrique, _base: Base) -> None:
    key, held = hold(edit, place), at(edit.document, place)
    number = field.genre in ("nombre", "age")
    st.text_input(
        field.libelle,
        "" if held is None else str(held),
        key=key,
        placeholder=field.exemple,
        autocomplete="off",
        live=_PAUSE,
        width=240 if number else "stretch",
        on_change=_take_number if number else _take_text,
        args=(edit, place, key),
    )


def _long_text(edit: Edition, place: Place, field: Rubrique, _base: Base) -> None:
    key, held = hold(edit, place), str(at(edit.document, place) or "")
    st.text_area(field.libelle, held, key=key, height="content", on_change=_take_text, args=(edit, place, key))


def _take_text(edit: Edition, place: Place, key: str) -> None:
    give_text(edit, place, st.session_state[key] or "")


def _take_number(edit: Edition, place: Place, key: str) -> None:
    words = (st.session_state[key] or "").strip().removesuffix("ans").strip()
    if words.isascii() and words.isdigit() and len(words) < 6:
        give(edit, place, int(words))
    else:
        give_text(edit, place, words)


# --- choices ---


def _words(field: Rubrique, held: Iterable[Any], base: Base) -> dict[str, str]:
    """The choices, with what the sheet says that is none of them."""
    words = dict(choices(field, base.rules))
    return words | {str(item): value(field, item, base.rules) for item in held if str(item) not in words}


def _one(edit: Edition, place: Place, field: Rubrique, base: Base) -> None:
    key, given = hold(edit, place), at(edit.document, place)
    words, held = _words(field, () if given is None else (given,), base), None if given is None else str(given)
    months = field.genre == "choix-mois"
    if len(words) <= _FEW or months:
        _pill(field.libelle, words, held, key, _take_one, (edit, place, key, months))
    else:
        st.selectbox(
            field.libelle,
            list(words),
            index=None if held is None else list(words).index(held),
            format_func=words.__getitem__,
            placeholder="Choisir",
            filter_mode="contains",
            key=key,
            on_change=_take_one,
            args=(edit, place, key),
        )


def _pill(label: str, words: Mapping[Any, str], held: Any, key: str, take: Callable[..., None], args: Any) -> None:
    st.pills(label, list(words), default=held, format_func=words.__getitem__, key=key, on_change=take, args=args)


def _take_one(edit: Edition, place: Place, key: str, as_number: bool = False) -> None:
    chosen = st.session_state[key]
    give(edit, place, int(chosen) if chosen and as_number else chosen)


def _yes_or_no(edit: Edition, place: Place, field: Rubrique, _base: Base) -> None:
    key, held = hold(edit, place), bool(at(edit.document, place))
    _pill(field.libelle, _ANSWERS, held, key, _take_yes_or_no, (edit, place, key, bool(field.absent)))


def _take_yes_or_no(edit: Edition, place: Place, key: str, false_unless_said: bool) -> None:
    said = bool(st.session_state[key])
    give(edit, place, None if not said and false_unless_said else said)


def _several(edit: Edition, place: Place, field: Rubrique, base: Base) -> None:
    key, held = hold(edit, place), [str(item) for item in at(edit.document, place) or ()]
    words = _words(field, held, base)
    if len(words) <= _FEW:
        st.pills(
            field.libelle,
            list(words),
            selection_mode="multi",
            default=held,
            format_func=words.__getitem__,
            key=key,
            on_change=_take_several,
            args=(edit, place, key),
        )
    else:
        _list(field.libelle, words, held, key, _take_several, (edit, place, key))


def _take_several(edit: Edition, place: Place, key: str) -> None:
    before = [str(item) for item in at(edit.document, place) or ()]
    give(edit, place, kept_first(st.session_state[key], before) or None)


def _list(
    label: str, words: Mapping[str, str], held: list[str], key: str, take: Callable[..., None], args: Any
) -> None:
    st.multiselect(
        label,
        list(words),
        default=held,
        format_func=words.__getitem__,
        placeholder="Ajouter",
        filter_mode="contains",
        select_all=False,
        key=key,
        on_change=take,
        args=args,
    )


# --- the reception policy towards publics ---


def _reception(edit: Edition, place: Place, field: Rubrique, base: Base) -> None:
    for policy, said in RECEPTION.items():
        key, held = hold(edit, (*place, policy)), _with_policy(edit, place, policy)
        label = f"{field.libelle} : {said}" + (" à" if policy == "reserve-a" else "")
        _list(label, _words(field, held, base), held, key, _take_reception, (edit, place, policy, key))
    st.caption("Vide : tous les publics. « Réservé à » écarte les autres ; « reçoit en priorité » n’écarte personne.")


def _with_policy(edit: Edition, place: Place, policy: str) -> list[str]:
    return [entry["public"] for entry in at(edit.document, place) or () if entry["accueil"] == policy]


def _take_reception(edit: Edition, place: Place, policy: str, key: str) -> None:
    """A public has one policy: the last one chosen."""
    before = {entry["public"]: entry["accueil"] for entry in at(edit.document, place) or ()}
    chosen = list(st.session_state[key])
    kept = {public: way for public, way in before.items() if public in chosen or way != policy}
    after = kept | dict.fromkeys(chosen, policy)
    give(edit, place, [{"public": public, "accueil": way} for public, way in after.items()] or None)
    let_go(edit, *((*place, other) for other in RECEPTION if other != policy))


# --- facts to confirm ---


def _confirm(edit: Edition, whole: Place, field: Rubrique, place: Place) -> None:
    """A fact that nobody has read in its source: its structure says in one click that it is right."""
    stated = (*whole, "spro", "provenance", field.cle)
    read, value = at(edit.lue.document, stated), at(edit.lue.document, place)
    unsure = isinstance(read, dict) and read.get("confiance") not in (None, SURE)
    if not unsure or value is None or at(edit.document, place) != value:
        return
    key = hold(edit, stated)
    st.checkbox(
        f":orange-badge[{TO_CONFIRM}] C’est exact — {within(field.libelle)}",
        at(edit.document, stated) != read,
        key=key,
        help=plain(f"{capital(CONFIDENCE.get(read['confiance'], TO_CONFIRM))} ({read.get('source', '')})."),
        on_change=_take_confirmation,
        args=(edit, stated, key),
    )


def _take_confirmation(edit: Edition, stated: Place, key: str) -> None:
    source = str(edit.lue.document.get("nom", edit.fiche))
    give(edit, stated, declared(source, date.today()) if st.session_state[key] else at(edit.lue.document, stated))


_WIDGETS: dict[Genre, Callable[[Edition, Place, Rubrique, Base], None]] = {
    "texte-long": _long_text,
    "choix": _one,
    "choix-mois": _one,
    "plusieurs": _several,
    "oui-non": _yes_or_no,
    "accueil": _reception,
    "commune": sheet_places.ask_commune,
    "zones": sheet_places.ask_zones,
    "horaires": sheet_hours.ask,
}
"""The others are typed on one line."""
