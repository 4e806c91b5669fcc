"""The screen of a new orientation: the questions on one side, the answer on the other."""

from __future__ import annotations

from datetime import date

import streamlit as st

from desk import header, links, session
from desk.base import in_service
from desk.orientation import alternatives, cards, details, form
from desk.orientation.answers import understand
from engine.asking import orient
from engine.base import Base
from engine.orientation import Orientation
from engine.situation import Situation


def main() -> None:
    """One answer to what is known so far."""
    base = in_service()
    visit = session.current()
    links.read_once()
    understood = understand(visit.visitor.answers, base.catalogue, base.rules)
    answer = _answer(understood.situation, base)
    own = links.parameters(understood.situation, base.rules.vocabulaire)

    header.show("Nouvelle orientation", base, lambda: header.actions(own))
    links.show_problems()
    left, right = st.columns([5, 7], gap="medium")
    with left, st.container(key="personne"):
        st.header("La personne", anchor=False)
        form.show(base, answer.questions, understood.refused)
        cards.show_way_to_answer(answer.recommandations[0], base)
    with right:
        cards.show_first(answer.recommandations[0], base)
        details.show_alerts(answer)
        form.show_open_questions(base, answer.questions)
        details.show_next_steps(answer, base)
        cards.show_others(answer, base)
        details.show_understood(answer, base)
        details.show_why_not(understood.situation, answer, base)
        alternatives.show(understood.situation, answer, base)
    links.show(own)


def _answer(situation: Situation, base: Base) -> Orientation:
    """The answer; kept until something changes it, because opening a fold also runs this page again."""
    visit, today = session.current(), date.today()
    question = (situation, visit.desk, today, base.rules.version, base.catalogue.version)
    if visit.answered is None or visit.answered[0] != question:
        visit.answered = question, orient(situation, base.catalogue, base.rules, today, visit.desk)
    return visit.answered[1]


main()
