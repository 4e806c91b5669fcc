"""The facts of a sheet that agents rely on most, and « Toujours à jour » once they were read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import streamlit as st

from desk import base as bases
from desk import session, who
from desk.ma_fiche import steps as sheet_steps
from desk.ma_fiche.edit import Edition, finished, opened_store
from desk.ma_fiche.steps import MODIFY
from desk.words import plain
from engine.base import Base
from engine.documents import InvalidDocuments
from fiche.facts import Place, at, services
from fiche.fields import ADDRESS, ANY_SERVICE, fields_of
from fiche.values import lines, said, unsaid, value
from fiche.words import UNKNOWN, capital, day
from store import sheets
from store.database import Unavailable
from store.rights import Interdit
from store.sheets import Conflit, Refus
from store.versions import Version


def show(edit: Edition, published: Version | None, base: Base) -> None:
    """What agents see, then what to do about it."""
    if published is None:
        st.markdown("Cette fiche n’est pas encore publiée : les agents ne la voient pas.")
        return
    read = _day(published.document)
    st.subheader("Ce que disent les agents aux personnes", anchor=False)
    st.markdown(f"Fiche mise à jour le {read}. Relisez ces points : sont-ils encore vrais ?")
    with st.container(key="contacts-cles"):
        st.markdown(_lines(_contacts(published.document, (), base)))
    for identifier, service in services(published.document).items():
        with st.container(border=True, key=f"cle-{identifier}"):
            st.markdown(f"**{plain(service.get('nom', identifier))}**")
            st.markdown(_lines(_of_service(service, base)))
    _decide(edit, published)


def _day(document: Mapping[str, Any]) -> str:
    try:
        return day(date.fromisoformat(str(document.get("date_maj"))))
    except ValueError:
        return "une date inconnue"


def _lines(found: Iterator[tuple[str, str]]) -> str:
    return "  \n".join(f"**{name} :** {plain(text)}" for name, text in found)


def _contacts(holder: Mapping[str, Any], whole: Place, base: Base) -> Iterator[tuple[str, str]]:
    """The ways to reach a structure, missing ones too, or those that a service has of its own."""
    address = ", ".join(str(holder[field]) for field in ADDRESS if holder.get(field))
    if address or not whole:
        yield "Adresse", address or UNKNOWN
    for field in fields_of(whole):
        given = at(holder, field.place)
        if field.lecture == "contact" and field.cle not in ADDRESS and (given or not whole):
            yield capital(field.nom), value(field, given, base.rules) if given else UNKNOWN


def _of_service(service: Mapping[str, Any], base: Base) -> Iterator[tuple[str, str]]:
    for line in lines(ANY_SERVICE, "ligne"):
        if line.premiere.relu:
            text = said(line, lambda field: at(service, field.place), base.rules)
            yield line.entete, text or unsaid(line.premiere)
    yield from _contacts(service, ANY_SERVICE, base)


# --- what to do ---


def _decide(edit: Edition, published: Version) -> None:
    why_not = ""
    if edit.changee:
        why_not = "Vous avez un brouillon : envoyez-le, ou abandonnez-le, avant de confirmer la fiche."
    elif edit.tete.etat == "proposee":
        why_not = "Une modification attend la relecture : la fiche se confirmera après."
    elif published.archivee:
        why_not = "Cette fiche est archivée : les agents ne la voient plus."
    with st.container(key="decider", horizontal=True):
        st.button(
            "Tout est toujours à jour",
            key="toujours-a-jour",
            type="primary",
            disabled=bool(why_not),
            on_click=_confirm,
            args=(edit, published.numero),
        )
        st.button("Quelque chose a changé", key="a-changer", on_click=sheet_steps.go, args=(MODIFY,))
    if why_not:
        st.caption(why_not)


def _confirm(edit: Edition, read: int) -> None:
    """Confirms the version that was shown, and no other one."""
    today = date.today()
    try:
        head = sheets.confirm(opened_store(), who.current(), edit.fiche, read, today, session.current().base)
    except Conflit:
        edit.erreur = "Cette fiche vient de changer : relisez les points ci-dessous, puis confirmez."
    except Refus as error:
        already = str(error).startswith("Rien n'a changé")
        edit.erreur = "Cette fiche est déjà confirmée à la date d’aujourd’hui." if already else str(error)
    except InvalidDocuments:
        edit.erreur = f"Cette fiche contient une erreur à corriger d’abord : voyez « {MODIFY} »."
    except (Interdit, Unavailable) as error:
        edit.erreur = capital(str(error))
    else:
        finished(edit, head, f"Merci. La fiche est confirmée à la date du {day(today)}.")
        bases.live().refresh()
