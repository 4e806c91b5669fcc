"""Every version of a sheet: who, when, why, what was decided, what changed; and going back to any of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from desk.relecture import decisions, diff_table
from desk.relecture.coordination import Poste, act, fail, show_outcome
from desk.relecture.proposal import told
from desk.words import moment, plain
from engine.base import Base
from store.sheets import MAX_MOTIF
from store.versions import ETATS, Version

AT_ONCE = 20
"""Versions listed at first."""

CONFIRM = "Je confirme {what} : les agents verront le changement tout de suite."
NOT_CONFIRMED = "Cochez la case de confirmation, puis recommencez."

_COMPARED = {"depart": "à celle dont elle part", "service": "à celle en service"}


def show(found: Sequence[Version], poste: Poste, base: Base) -> None:
    """All versions of one sheet, the last one first; `found` is not empty."""
    fiche = found[0].fiche
    current = next((version for version in found if version.etat == "publiee"), None)
    st.header(f"Historique de « {plain(found[0].nom)} »", anchor=False)
    show_outcome(f"historique-{fiche}")
    if current is None:
        st.markdown("Cette fiche n’a jamais été publiée.")
    elif current.archivee:
        st.markdown(f"Fiche archivée depuis le {moment(current.quand)} : les agents ne la voient pas.")
    else:
        st.markdown(f"Version {current.numero} en service.")
        _show_archive(found, poste)
    shown = found if st.session_state.get(f"tout-{fiche}") else found[:AT_ONCE]
    for version in shown:
        _show_one(version, found, current, poste, base)
    if len(shown) < len(found):
        st.button(
            f"Voir les {len(found) - AT_ONCE} versions plus anciennes",
            key=f"plus-{fiche}",
            on_click=_all_of,
            args=(fiche,),
        )


def _all_of(fiche: str) -> None:
    st.session_state[f"tout-{fiche}"] = True


def _show_one(version: Version, found: Sequence[Version], current: Version | None, poste: Poste, base: Base) -> None:
    state = "en service" if version == current and not version.archivee else _state(version)
    title = f"Version {version.numero} — {state} — {moment(version.quand)}"
    fold = st.expander(title, key=f"version-{version.fiche}-{version.numero}", on_change="rerun")
    if not fold.open:
        return
    with fold:
        st.markdown(told(version))
        _compare(version, found, current, base)
        if version.etat == "refusee":
            again = partial(decisions.propose_again, poste.store, version.fiche, version.numero)
            place = f"historique-{version.fiche}"
            st.button("Remettre à relire", key=f"relire-{version.numero}", on_click=act, args=(place, again))
        if version != current and version.etat != "proposee" and current:
            _show_restore(version, found, poste)


def _state(version: Version) -> str:
    return "archivage" if version.archivee and version.etat == "publiee" else ETATS[version.etat]


def _compare(version: Version, found: Sequence[Version], current: Version | None, base: Base) -> None:
    start = next((other for other in found if other.numero == version.lue), None)
    others = {"depart": start, "service": current if current != start else None}
    offered = {name: other for name, other in others.items() if other is not None and other != version}
    if len(offered) > 1:
        name = st.radio(
            "Comparer cette version",
            list(offered),
            format_func=_COMPARED.__getitem__,
            horizontal=True,
            key=f"comparer-{version.fiche}-{version.numero}",
        )
        offered = {name: offered[name]}
    for other in offered.values():
        before, after = sorted((other, version), key=lambda one: one.numero)
        caption = f"De la version {before.numero} à la version {after.numero}"
        if not diff_table.show(caption, before.document, after.document, base):
            st.markdown(diff_table.SAME if before.archivee == after.archivee else "Seul l’archivage diffère.")


# --- going back ---


def _show_restore(version: Version, found: Sequence[Version], poste: Poste) -> None:
    number = version.numero
    restore = partial(decisions.restore, poste.store, version.fiche, number, _head(found))
    _form(
        f"Restaurer la version {number}",
        "la restauration",
        f"restaurer-{number}-{version.fiche}",
        restore,
        version.fiche,
    )


def _show_archive(found: Sequence[Version], poste: Poste) -> None:
    fiche = found[0].fiche
    fold = st.expander("Archiver cette fiche", key=f"archiver-{fiche}", on_change="rerun")
    if fold.open:
        with fold:
            st.markdown("Une fiche archivée n’est plus proposée à personne. Toutes ses versions restent ici.")
            archive = partial(decisions.archive, poste.store, fiche, _head(found))
            _form("Archiver la fiche", "l’archivage", f"archivage-{fiche}", archive, fiche)


def _head(found: Sequence[Version]) -> int:
    """The version that whoever writes must have seen; there is one, since the sheet was published."""
    return next(version.numero for version in found if version.etat in ("publiee", "proposee"))


def _form(label: str, what: str, key: str, action: Callable[[str], decisions.Fait], fiche: str) -> None:
    """A reason, a confirmation, and the button; what came of it is said at the top of the history."""
    st.text_area(f"Motif de {what}", key=f"motif-{key}", max_chars=MAX_MOTIF)
    st.checkbox(CONFIRM.format(what=what), key=f"confirmer-{key}")
    show_outcome(key)
    st.button(label, key=f"bouton-{key}", on_click=_confirmed, args=(key, fiche, action))


def _confirmed(key: str, fiche: str, action: Callable[[str], decisions.Fait]) -> None:
    if st.session_state[f"confirmer-{key}"]:
        act(f"historique-{fiche}", partial(action, st.session_state[f"motif-{key}"]), form=key)
    else:
        fail(key, NOT_CONFIRMED)
