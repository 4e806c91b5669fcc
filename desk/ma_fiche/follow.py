"""What became of the versions of a sheet: what waits can be taken back, what was refused can be taken up again."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from desk import who
from desk.ma_fiche import steps as sheet_steps
from desk.ma_fiche.edit import Edition, opened_store, start_from
from desk.ma_fiche.steps import MODIFY
from desk.relecture import diff_table
from desk.relecture.proposal import told
from desk.words import moment
from engine.base import Base
from fiche.words import capital
from store import sheets, versions
from store.database import Store, Unavailable
from store.rights import Interdit
from store.sheets import Refus
from store.versions import ETATS, Version

_AT_ONCE = 10


def last_word(store: Store, head: Version) -> Version | None:
    """The last proposal, when it was refused and nothing came after it."""
    last, following = None, versions.version(store, head.fiche, head.numero + 1)
    while following is not None:
        last, following = following, versions.version(store, head.fiche, following.numero + 1)
    return last if last and last.etat == "refusee" else None


def show(edit: Edition, store: Store, base: Base) -> None:
    """The versions of the sheet, the last one first. Raises Unavailable."""
    st.subheader("Ce que sont devenues les propositions", anchor=False)
    found = versions.history(store, edit.fiche)
    for version in found[:_AT_ONCE]:
        _show_one(edit, version, found, base)
    if len(found) > _AT_ONCE:
        st.caption(f"Et {len(found) - _AT_ONCE} versions plus anciennes, que la coordination garde toutes.")


def _show_one(edit: Edition, version: Version, found: Sequence[Version], base: Base) -> None:
    state = "attend une relecture" if version.etat == "proposee" else ETATS[version.etat]
    title = f"Version {version.numero} — {state} — {moment(version.quand)}"
    fold = st.expander(title, key=f"suivi-{version.fiche}-{version.numero}", on_change="rerun")
    if not fold.open:
        return
    with fold:
        st.markdown(told(version))
        before = next((other for other in found if other.numero == version.lue), None)
        if before:
            caption = f"De la version {before.numero} à la version {version.numero}"
            diff_table.show(caption, before.document, version.document, base)
        if version.etat == "proposee":
            st.button("Retirer cette proposition", key="retirer", on_click=_withdraw, args=(edit, version))
        elif version.etat in ("refusee", "retiree") and before:
            st.button(
                "Reprendre cette proposition",
                key=f"reprendre-{version.numero}",
                on_click=_take_up,
                args=(edit, version, before),
            )


def _withdraw(edit: Edition, version: Version) -> None:
    try:
        sheets.withdraw(opened_store(), who.current(), version.fiche, version.numero)
        edit.dit = f"La version {version.numero} est retirée : elle reste ici, et vous pouvez la reprendre."
    except (Interdit, Refus, Unavailable) as error:
        edit.erreur = capital(str(error))


def _take_up(edit: Edition, version: Version, before: Version) -> None:
    """Goes on from a version as if it had just been written: what others changed since is then compared with it."""
    start_from(edit, version.document, before, f"La version {version.numero} est reprise dans votre brouillon.")
    sheet_steps.go(MODIFY)
