"""A rule as a page that a person who does not code can read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import streamlit as st

from desk import tracing
from desk.reasons import sources_in_markdown
from desk.regles import effects, tryout
from desk.regles.parts import STRATA
from desk.words import plain
from engine.base import Base
from engine.conditions import Condition
from engine.explanation import in_words
from engine.ruleset import Regle
from fiche.words import CONFIDENCE, capital, day

STYLES = Path(__file__).parent.parent.parent / "static" / "regles.css"
"""What these screens need beyond the style sheet of every page."""

_EXAMPLES = {"oui": "Elle s’applique", "non": "Elle ne s’applique pas", "inconnu": "Il manque une réponse"}


def show(rule: Regle, base: Base, on: date) -> None:
    """The whole rule on one side, and on the other a situation to try it on."""
    left, right = st.columns([7, 5], gap="medium")
    with left:
        st.header(plain(rule.libelle), anchor=False)
        st.markdown(f"**{plain(capital(effects.sentence(rule)))}**")
        st.markdown("  \n".join(_identity(rule, on)))
        _show_logic(rule, base)
        st.subheader("Sources", anchor=False)
        st.markdown("\n".join(f"- {line}" for line in sources_in_markdown(rule.sources, base)))
        _show_examples(rule, base)
        tracing.show_rule(rule.id, base)
    with right:
        tryout.show(rule, base, on)


def _identity(rule: Regle, on: date) -> Iterable[str]:
    yield f"Identifiant : {plain(rule.id)}"
    yield f"Étape du raisonnement : {STRATA[rule.strate]}"
    start = f"depuis le {day(rule.depuis)}" if rule.depuis else "sans date de début"
    end = f", jusqu’au {day(rule.jusqu_a)} exclu" if rule.jusqu_a else ", sans date de fin"
    badge = ":green-badge[en vigueur]" if rule.holds_on(on) else ":orange-badge[pas en vigueur]"
    yield f"En vigueur : {start}{end}. Le {day(on)} : {badge}"
    yield f"Confiance : {CONFIDENCE[rule.confiance]}"


def _show_logic(rule: Regle, base: Base) -> None:
    st.subheader("Conditions", anchor=False)
    st.markdown(_condition(rule.si, base))
    if rule.sauf:
        st.markdown(f"Sauf si :\n\n{_condition(rule.sauf, base)}")
    st.subheader("Ce qu’elle conclut", anchor=False)
    st.markdown("\n".join(f"- {plain(capital(line))}" for line in effects.conclusions(rule, base)))


def _condition(condition: Condition, base: Base) -> str:
    lines = in_words(condition, base.rules)
    return "\n".join(f"{'    ' * line.profondeur}- {plain(line.texte)}" for line in lines)


def _show_examples(rule: Regle, base: Base) -> None:
    st.subheader("Exemples", anchor=False)
    if not rule.exemples:
        st.markdown("Aucun exemple dans le fichier de la règle.")
    for name, title in _EXAMPLES.items():
        situations = [example.dit for example in rule.exemples if example.attendu == name]
        if situations:
            lines = [f"- {plain(effects.situation_in_words(said, base))}" for said in situations]
            st.markdown(f"{title} :\n" + "\n".join(lines))
