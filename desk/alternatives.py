"""« Et si… ? » : the smallest changes that make another structure the first one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from desk import session
from desk.words import listed, plain
from engine.alternatives import Alternative, Fait, alternatives, to_reach
from engine.base import Base
from engine.explanation import value_in_words
from engine.orientation import Orientation
from engine.ruleset import Ruleset
from engine.situation import Situation

_KEY = "et-si"
_AT_MOST = 8
"""Lines shown at first for a structure that the agent names."""


def show(situation: Situation, answer: Orientation, base: Base) -> None:
    """A fold; the changes are searched once it is open, and forgotten once it is closed."""
    number = session.current().visitor.number
    fold = st.expander("Et si… ?", key=f"{_KEY}-{number}", on_change="rerun")
    if not fold.open:
        st.session_state.pop(_KEY, None)
        return
    with fold:
        st.markdown("Une seule réponse différente mettrait une autre structure en premier :")
        found = _searched(None, situation, base)
        st.markdown(in_markdown(found, base) or "Aucune réponse, à elle seule, ne change la première structure.")
        _show_target(situation, answer, base, number)


def _show_target(situation: Situation, answer: Orientation, base: Base, number: int) -> None:
    structures = base.catalogue.structures
    first = answer.recommandations[0].structure
    reachable = [found for found in structures.values() if found.spro.recoit_public and found.id != first]
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
        lines = changes_in_words(found, base.rules)
        more = f"\n- et {len(lines) - _AT_MOST} autres façons." if len(lines) > _AT_MOST else ""
        said = "\n".join(f"- {plain(line)}" for line in lines[:_AT_MOST]) + more
        st.markdown(said if lines else "Changer une ou deux réponses n’y conduit pas.")


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


# --- in words ---


def in_markdown(found: Iterable[Alternative], base: Base) -> str:
    """For each structure, the answers that would make it first; what only a sensitive answer changes comes last."""
    by_structure: dict[str, list[Alternative]] = {}
    for change in sorted(found, key=lambda change: _weight(change, base.rules)):
        by_structure.setdefault(change.structure, []).append(change)
    parts = []
    for structure, changes in by_structure.items():
        lines = "\n".join(f"    - {plain(line)}" for line in changes_in_words(changes, base.rules))
        parts.append(f"- **{plain(base.catalogue.structures[structure].nom)}**\n{lines}")
    return "\n".join(parts)


Answers = list[tuple[str, list[Any]]]
"""Questions, each with the answers that will do."""


def changes_in_words(found: Iterable[Alternative], rules: Ruleset) -> list[str]:
    """The changes; those to the same questions on one line when any mix of their answers will do."""
    lines = _together(sorted(found, key=lambda change: _weight(change, rules)))
    return ["si " + " et ".join(_answer(field, values, rules) for field, values in line) for line in lines]


def _together(found: Iterable[Alternative]) -> list[Answers]:
    by_last: dict[tuple[tuple[Fait, ...], str], list[Any]] = {}
    for change in found:
        *before, (field, value) = change.faits
        by_last.setdefault((tuple(before), field), []).append(value)
    lines: list[Answers] = []
    for (facts, field), values in by_last.items():
        line: Answers = [*((name, [value]) for name, value in facts), (field, values)]
        same = next((kept for kept in lines if _differ_by_first(kept, line)), None)
        if same:
            same[0][1].extend(line[0][1])
        else:
            lines.append(line)
    return lines


def _differ_by_first(one: Answers, other: Answers) -> bool:
    return len(one) > 1 and one[1:] == other[1:] and one[0][0] == other[0][0]


def _answer(field: str, values: Sequence[Any], rules: Ruleset) -> str:
    shown = listed((f"« {_said(field, value, rules)} »" for value in values), "ou")
    return f"la réponse à « {rules.vocabulaire.champs[field].question} » était {shown}"


def _said(field: str, value: Any, rules: Ruleset) -> str:
    if isinstance(value, tuple):
        return listed(value_in_words(field, item, rules) for item in value) or "aucune"
    return f"{value} ans" if field == "age" else value_in_words(field, value, rules)


def _weight(change: Alternative, rules: Ruleset) -> tuple[bool, bool]:
    """What is sensitive last; before it, another demand, which the agent would have heard."""
    fields = [field for field, _ in change.faits]
    return any(rules.vocabulaire.champs[field].sensible for field in fields), "besoins" in fields
