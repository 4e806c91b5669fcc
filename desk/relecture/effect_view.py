"""The effect of a version on referrals: computed when asked, because it takes a few seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import streamlit as st

from analysis.effect import Effet, Groupe, effect
from desk.words import plain
from engine.base import Base
from fiche.model import Structure

WAIT = "Calcul de l’effet sur les orientations…"

_OF_A_STRUCTURE = ("Iraient d’abord vers cette structure", "N’iraient plus d’abord vers cette structure")
_YOURS = ("Ces situations vous seraient envoyées d’abord", "Ces situations ne vous seraient plus envoyées d’abord")

_KEY = "effet-calcule"
_AT_MOST = 12
"""Lines shown at first on each side."""


def show(fiche: str, after: Structure | None, base: Base, key: str, *, yours: bool = False) -> None:
    """A button, then what the version (None: an archive) would change; `key` tells one version from another.

    `yours` when it is told to the structure itself.
    """
    question = (key, base.rules.version, base.catalogue.version)
    kept: tuple[object, Effet] | None = st.session_state.get(_KEY)
    if st.button("Calculer l’effet sur les orientations", key=f"effet-{key}"):
        kept = st.session_state[_KEY] = question, _computed(fiche, after, base)
    if kept and kept[0] == question:
        st.markdown(in_markdown(kept[1], base, yours=yours))


def _computed(fiche: str, after: Structure | None, base: Base) -> Effet:
    bar = st.progress(0.0, WAIT)

    def advance(done: int, total: int) -> None:
        bar.progress(done / total, WAIT)

    found = effect(fiche, after, base, date.today(), advance)
    bar.empty()
    return found


def in_markdown(found: Effet, base: Base, *, yours: bool = False) -> str:
    """The effect in words: what the structure would gain and lose, and how many other answers change."""
    tried = f"{_situations(found.situations)} essayées, parmi celles que cette fiche peut toucher."
    if not (found.gagnees or found.perdues or found.autres):
        return f"Aucune orientation ne change. {tried}"
    gained, lost = _YOURS if yours else _OF_A_STRUCTURE
    parts = [
        *_side(gained, "au lieu de", found.gagnees, base),
        *_side(lost, "mais vers", found.perdues, base),
    ]
    if not parts:
        parts = ["La première structure proposée ne change pour personne."]
    if found.autres:
        parts.append(f"Autres réponses dont une structure proposée change : {found.autres}.")
    return "\n\n".join([*parts, tried])


def _side(what: str, instead: str, groups: Sequence[Groupe], base: Base) -> Iterator[str]:
    if not groups:
        return
    total = sum(group.nombre for group in groups)
    lines = [
        f"- {plain(group.texte)} ({_situations(group.nombre)}), {instead} {plain(_name(group.autre, base))}"
        for group in groups[:_AT_MOST]
    ]
    if len(groups) > _AT_MOST:
        lines.append(f"- et {len(groups) - _AT_MOST} autres groupes de situations")
    yield f"**{what} ({_situations(total)}) :**\n" + "\n".join(lines)


def _situations(number: int) -> str:
    return f"{number:,} situation".replace(",", " ") + ("s" if number > 1 else "")


def _name(structure: str, base: Base) -> str:
    known = base.catalogue.structures.get(structure)
    return known.nom if known else structure
