"""« Signaler une erreur »: on any card or sheet, without an account."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from desk import base
from desk.words import moment, plain
from fiche.model import Service, Structure
from store import reports
from store.database import Unavailable
from store.limits import TropSouvent
from store.reports import MAX_TEXTE, MOTIFS
from store.sheets import Refus

THANKS = "Merci. La structure et la coordination du réseau vont lire votre signalement."
NOT_POSSIBLE = "Un signalement ne peut pas être enregistré ici."
DISCREET = (
    "N’écrivez rien qui permette de reconnaître la personne reçue, ni vous-même. Les adresses électroniques et les "
    "numéros de téléphone sont retirés, sauf pour corriger ceux de la structure."
)

_WHOLE = "La structure entière"


@dataclass(frozen=True, slots=True)
class _Suite:
    """What came of a report."""

    reussi: bool
    texte: str


def offer(structure: Structure, services: Sequence[Service], key: str) -> None:
    """A fold that opens on the form; `services` are those that may be wrong.

    Nothing on a sheet that is not the one in service, such as a preview, nor where sheets come from a folder.
    """
    if base.in_service().catalogue.structures.get(structure.id) is not structure or not _can_report():
        return
    with st.container(key=f"signaler-{key}"):
        fold = st.expander("Signaler une erreur", type="compact", key=f"signaler-ouvrir-{key}", on_change="rerun")
    if fold.open:
        with fold:
            _show(structure, services, key)


def _can_report() -> bool:
    try:
        return base.store() is not None
    except Unavailable:
        return False


def _show(structure: Structure, services: Sequence[Service], key: str) -> None:
    done: _Suite | None = st.session_state.get(_done(key))
    if done and done.reussi:
        st.success(done.texte)
        st.button("Signaler une autre erreur", key=f"signaler-encore-{key}", on_click=_again, args=(key,))
        return
    with st.form(f"signaler-formulaire-{key}", border=False, enter_to_submit=False):
        if len(services) > 1:
            names = {"": _WHOLE} | {service.id: service.nom for service in services}
            st.selectbox("De quoi s’agit-il ?", list(names), format_func=names.__getitem__, key=f"{key}-objet")
        st.radio(
            "Qu’est-ce qui est faux ?", list(MOTIFS), index=None, format_func=MOTIFS.__getitem__, key=f"{key}-motif"
        )
        st.text_area("Ce qu’il faudrait lire, si vous le savez", key=f"{key}-texte", max_chars=MAX_TEXTE)
        st.caption(DISCREET)
        if done:
            st.error(plain(done.texte))
        only = services[0].id if len(services) == 1 else None
        st.form_submit_button("Envoyer", type="primary", on_click=_send, args=(structure.id, only, key))


def _send(structure: str, only: str | None, key: str) -> None:
    state = st.session_state
    service = only or state.get(f"{key}-objet") or None
    state[_done(key)] = _sent(structure, service, state[f"{key}-motif"] or "", state[f"{key}-texte"] or "")


def _sent(structure: str, service: str | None, motif: str, words: str) -> _Suite:
    try:
        store = base.store()
        if store is None:
            return _Suite(False, NOT_POSSIBLE)
        reports.report(store, structure, service, motif, words, _source(), datetime.now(UTC))
    except TropSouvent as error:
        return _Suite(False, f"{error} Vous pourrez recommencer le {moment(error.quand)}.")
    except (Refus, Unavailable) as error:
        return _Suite(False, str(error))
    return _Suite(True, THANKS)


def _again(key: str) -> None:
    del st.session_state[_done(key)]


def _done(key: str) -> str:
    return f"signaler-suite-{key}"


def _source() -> str:
    """Where the browser is; for the sixth version its network, where one household has many addresses."""
    host = st.context.ip_address or "cette machine"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host
