"""« Et si… ? » : the smallest changes that make another structure the first one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import streamlit as st

from desk import session
from desk.orientation.changes import by_structure, changes_in_words
from desk.orientation.details import worth_naming
from desk.words import plain
from engine.asking import Alternative, alternatives, to_reach
from engine.base import Base
from engine.orientation import Orientation
from engine.situation import Situation

_KEY = "et-si"
_AT_MOST = 8
"""Lines shown for a structure."""

_HEADINGS = (
    "Changer une ou deux réponses ne mettrait aucune autre structure en premier.",
    "Une seule réponse différente mettrait une autre structure en premier :",
    "Aucune réponse, à elle seule, ne change la première structure ; deux réponses différentes le feraient :",
)
"""By how many answers are changed."""


def show(situation: Situation, answer: Orientation, base: Base) -> None:
    """A fold; the changes are searched once it is open, and forgotten once it is closed."""
    number = session.current().visitor.number
    fold = st.expander("Et si… ?", key=f"{_KEY}-{number}", on_change="rerun")
    if not fold.open:
        st.session_state.pop(_KEY, None)
        return
    with fold:
        found = _searched(None, situation, base)
        st.markdown(_HEADINGS[len(found[0].faits) if found else 0])
        st.markdown(in_markdown(found, base))
        _show_target(situation, answer, base, number)


def _show_target(situation: Situation, answer: Orientation, base: Base, number: int) -> None:
    structures = base.catalogue.structures
    first = answer.recommandations[0].structure
    named = map(structures.__getitem__, worth_naming(answer, base))
    reachable = [found for found in named if found.spro.recoit_public and found.id != first]
    target = st.selectbox(
        "Et pour aller à… ?",
        [found.id for found in sorted(reachable, key=lambda found: found.nom)],
        index=None,
        format_func=lambda identifier: structures[identifier].nom,
        placeholder="Choisir une structure",
        filter_mode="contains",
        key=f"{_KEY}-vers-{number}",
    )
    if target:
        found = _searched(target, situation, base)
        lines = _listed(changes_in_words(found, base.rules), "")
        st.markdown(lines or "Changer une ou deux réponses n’y conduit pas.")


def _searched(target: str | None, situation: Situation, base: Base) -> tuple[Alternative, ...]:
    """The changes; kept for this answer only, because opening another fold also runs the page again."""
    desk, today = session.current().desk, date.today()
    question = (situation, desk, today, base.rules.version, base.catalogue.version)
    kept = st.session_state.get(_KEY)
    if kept is None or kept[0] != question:
        kept = st.session_state[_KEY] = question, {}
    found: dict[str | None, tuple[Alternative, ...]] = kept[1]
    if target not in found:
        where = (situation, base.catalogue, base.rules, today, desk)
        found[target] = alternatives(*where) if target is None else to_reach(target, *where)
    return found[target]


def in_markdown(found: Iterable[Alternative], base: Base) -> str:
    """For each structure, the answers that would make it first."""
    structures = base.catalogue.structures
    return "\n".join(
        f"- **{plain(structures[name].nom)}**\n{_listed(changes, '    ')}"
        for name, changes in by_structure(found, base.rules).items()
    )


def _listed(lines: Sequence[str], margin: str) -> str:
    shown = [f"{margin}- {plain(line)}" for line in lines[:_AT_MOST]]
    left = len(lines) - len(shown)
    return "\n".join(
        [
            *shown,
            *([f"{margin}- et {left} autre{'s' if left > 1 else ''} façon{'s' if left > 1 else ''}."] if left else []),
        ]
    )
