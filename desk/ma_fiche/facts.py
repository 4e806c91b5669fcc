"""The facts of a sheet that agents rely on most, and « Toujours à jour » once they were read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import streamlit as st

from desk import base as bases
from desk import session, who
from desk.ma_fiche import steps as sheet_steps
from desk.ma_fiche.edit import Edition, finished
from desk.ma_fiche.steps import MODIFY
from desk.values import unsaid, value
from desk.words import plain
from engine.base import Base
from engine.documents import InvalidDocuments
from fiche.facts import at, services
from fiche.words import UNKNOWN, capital, day, listed
from store import sheets
from store.database import Unavailable
from store.rights import Interdit
from store.sheets import Conflit, Refus
from store.versions import Version

_CONTACTS = {
    "telephone": "Téléphone",
    "courriel": "Courriel",
    "site_web": "Site",
    "horaires_accueil": "Horaires",
    "lien_mobilisation": "Lien de rendez-vous",
}
_ADDRESS = ("adresse", "complement_adresse", "code_postal", "commune")


def show(edit: Edition, published: Version | None, base: Base) -> None:
    """What agents see, then what to do about it."""
    if published is None:
        st.markdown("Cette fiche n’est pas encore publiée : les agents ne la voient pas.")
        return
    read = _day(published.document)
    st.subheader("Ce que disent les agents aux personnes", anchor=False)
    st.markdown(f"Fiche mise à jour le {read}. Relisez ces points : sont-ils encore vrais ?")
    with st.container(key="contacts-cles"):
        st.markdown(_lines(_contacts(published.document, base, whole=True)))
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


def _contacts(holder: Mapping[str, Any], base: Base, *, whole: bool) -> Iterator[tuple[str, str]]:
    """The ways to reach a structure, missing ones too (`whole`), or those that a service has of its own."""
    address = ", ".join(str(holder[field]) for field in _ADDRESS if holder.get(field))
    if address or whole:
        yield "Adresse", address or UNKNOWN
    for field, name in _CONTACTS.items():
        given = holder.get(field)
        if given or (whole and field != "lien_mobilisation"):
            yield name, value(field, given, base) if given else UNKNOWN


def _of_service(service: Mapping[str, Any], base: Base) -> Iterator[tuple[str, str]]:
    yield "Répond à", _said(service, "besoins", base)
    yield "Âge", _ages(service)
    yield "Publics", _said(service, "publics", base)
    if at(service, ("spro", "statuts")):
        yield "Situations", _said(service, "statuts", base)
    zones = service.get("zone_eligibilite")
    yield "Territoire", value("zone_eligibilite", zones, base) if zones else unsaid("zone_eligibilite")
    yield from _contacts(service, base, whole=False)


def _said(service: Mapping[str, Any], field: str, base: Base) -> str:
    given = at(service, ("spro", field))
    return value(field, given, base, network=True) if given else unsaid(field, network=True)


def _ages(service: Mapping[str, Any]) -> str:
    youngest, oldest = at(service, ("spro", "age_min")), at(service, ("spro", "age_max"))
    parts = [f"à partir de {youngest} ans"] if youngest is not None else []
    parts += [f"jusqu’à {oldest} ans"] if oldest is not None else []
    return listed(parts) or "sans limite"


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
        store = bases.store()
        if store is None:
            return
        head = sheets.confirm(store, who.current(), edit.fiche, read, today, session.current().base)
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
