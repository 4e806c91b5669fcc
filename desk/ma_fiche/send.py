"""Sending a changed sheet: what changes, what is still wrong, what it does to referrals, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from hashlib import sha256

import streamlit as st

from desk import base as bases
from desk import session, who
from desk.differences import place_in_words
from desk.ma_fiche import conflict as sheet_conflict
from desk.ma_fiche.edit import Edition, finished, opened_store
from desk.ma_fiche.problems import Controle, control, in_order
from desk.relecture import diff_table, effect_view
from desk.words import plain
from engine.base import Base
from engine.documents import InvalidDocuments
from fiche.provenance import stamped
from fiche.words import capital
from store import checks, sheets
from store.database import Store, Unavailable
from store.rights import Acteur, Interdit, decides
from store.sheets import Conflit, Redaction, Refus
from store.versions import Version

_SOURCE = "source-de-la-coordination"


def checked(edit: Edition, base: Base) -> Controle:
    """What is written, as its structure would send it today, and what is wrong with it."""
    return control(edit.fiche, edit.lue.document, edit.document, base, _name(edit), date.today())


def show(edit: Edition, base: Base) -> None:
    """The whole step."""
    if edit.conflit:
        sheet_conflict.show(edit, base)
        return
    found = checked(edit, base)
    st.subheader("Ce que vous changez", anchor=False)
    if not edit.changee:
        st.markdown("Rien pour l’instant : cette fiche dit ce qu’elle disait.")
        return
    diff_table.show("La fiche avant et après", edit.lue.document, edit.document, base)
    wrong = list(_wrong(edit, found))
    if wrong:
        st.subheader("À corriger avant d’envoyer", anchor=False)
        st.error("\n".join(wrong))
        return
    st.subheader("Effet sur les orientations", anchor=False)
    st.markdown("Voyez qui vous serait envoyé, ou ne le serait plus. Le calcul prend quelques secondes.")
    effect_view.show(edit.fiche, found.structure, base, _fingerprint(found), yours=not decides(edit.acteur))
    _ask(edit)


def _wrong(edit: Edition, found: Controle) -> Iterator[str]:
    """What is to be corrected before it is sent, in Markdown."""
    for place, sentence in (*in_order(found), *edit.refuses.items()):
        yield f"- **{plain(_where(edit, place))}** : {plain(sentence)}"


def _where(edit: Edition, place: tuple[str, ...]) -> str:
    document = edit.document
    names = [service.get("id") for service in document.get("services", ())]
    if place[:1] == ("services",) and place[1] in names:
        return place_in_words(("services", names.index(place[1]), *place[2:]), document)
    return place_in_words(place, document) if place else "La fiche"


def _fingerprint(found: Controle) -> str:
    return sha256(checks.canonical(found.document).encode()).hexdigest()[:16]


# --- sending ---


def _ask(edit: Edition) -> None:
    st.subheader("Envoyer", anchor=False)
    reader = decides(edit.acteur)
    if reader:
        st.text_input(
            "D’où viennent ces informations ?",
            key=_SOURCE,
            placeholder="Par exemple : appel à la structure, son site",
            autocomplete="off",
            max_chars=200,
        )
    st.text_area("Pourquoi ce changement ?", key=_reason_key(edit), height="content")
    st.caption("Quelques mots, pour qui relit : « nouveaux horaires depuis septembre ».")
    with st.container(key="envoyer", horizontal=True):
        label = "Proposer à la relecture" if reader else "Envoyer à la coordination"
        st.button(label, key="proposer", type="primary", on_click=_send, args=(edit, False))
        if reader:
            st.button("Publier maintenant", key="publier", on_click=_send, args=(edit, True))
    if edit.erreur:
        st.error(plain(edit.erreur))


def _reason_key(edit: Edition) -> str:
    return f"motif-{edit.fiche}"


def _send(edit: Edition, at_once: bool) -> None:
    acteur = who.current()
    source = (st.session_state.get(_SOURCE) or "").strip() if decides(acteur) else _name(edit)
    reason = st.session_state.get(_reason_key(edit)) or ""
    edit.erreur = ""
    if not source:
        edit.erreur = "Dites d’où viennent ces informations : la fiche le montrera."
        return
    if any(_wrong(edit, checked(edit, session.current().base))):
        edit.erreur = "La fiche vient de changer : corrigez d’abord ce qui est signalé."
        return
    wanted = Redaction(edit.fiche, _document(edit, source), edit.lue.numero, reason)
    try:
        head = _write(opened_store(), acteur, wanted, session.current().base, at_once, edit.tete)
        _thank(edit, head)
    except Conflit as error:
        edit.tete = error.actuelle or edit.tete
    except InvalidDocuments as error:
        lines = (f"{place_in_words(found.chemin, edit.document)} : {found.message}" for found in error.diagnostics)
        edit.erreur = "Cette fiche ne peut pas être envoyée. " + " ".join(lines)
    except (Interdit, Refus, Unavailable) as error:
        edit.erreur = capital(str(error))


def _write(store: Store, acteur: Acteur, wanted: Redaction, base: Base, at_once: bool, head: Version) -> Version:
    """Proposes, or publishes; over a proposal that waits, the new one takes its place first."""
    if at_once and head.etat != "proposee":
        return sheets.put(store, acteur, wanted, base)
    proposed = sheets.propose(store, acteur, wanted, base)
    if not at_once:
        return proposed
    return sheets.publish(store, acteur, wanted.fiche, proposed.numero, wanted.motif, base)


def _thank(edit: Edition, head: Version) -> None:
    st.session_state[_reason_key(edit)] = ""
    if head.etat == "publiee":
        finished(edit, head, "C’est publié : les agents voient la nouvelle version.")
        bases.live().refresh()
    else:
        finished(edit, head, "Merci. La coordination va relire votre proposition ; les agents la verront ensuite.")


def _document(edit: Edition, source: str) -> dict[str, object]:
    return stamped(edit.lue.document, edit.document, source, date.today())


def _name(edit: Edition) -> str:
    """The structure that states the facts, as it was called before this change."""
    return str(edit.lue.document.get("nom", edit.fiche))
