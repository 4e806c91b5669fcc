"""A situation as a link: only what is not sensitive, and nothing that identifies the visitor."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from pydantic import ValidationError

from desk import session
from desk.session import DESK, MAX_SHOWN
from desk.words import plain
from engine import territory
from engine.questions import NONE_OF_THEM, Questionnaire
from engine.situation import Situation

MAX_PARAMETERS = 100
"""Answers that are read in a link; the form has fewer questions."""

MAX_WRITTEN = 2_000
"""Characters of an answer in a link: every need, one after the other, takes about half."""


def parameters(situation: Situation, questions: Questionnaire) -> dict[str, str]:
    """The parameters that write a situation."""
    said = dict(situation)
    return {name: _written(said[name]) for name in _kept(questions) if said[name] is not None}


def _kept(questions: Questionnaire) -> list[str]:
    return [name for name, asked in questions.champs.items() if asked.conserve and name != DESK]


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, tuple):
        return ",".join(value) or NONE_OF_THEM
    return str(value)


def read(given: Mapping[str, str], questions: Questionnaire) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The answers that a link writes, as the form holds them, and a sentence for each parameter that is ignored."""
    answers: dict[str, Any] = {}
    problems: list[str] = []
    for name, written in islice(given.items(), MAX_PARAMETERS):
        if name == DESK:
            continue
        if name not in questions.champs:
            problems.append(f"« {name[:MAX_SHOWN]} » n'est pas une question du formulaire.")
        elif not questions.champs[name].conserve:
            problems.append(f"« {name} » n'est jamais repris d'un lien.")
        elif len(written) > MAX_WRITTEN or (answer := _answer(name, written, questions)) is None:
            problems.append(f"« {name} » ne peut pas valoir « {written[:MAX_SHOWN]} ».")
        else:
            answers[name] = answer
    more = len(given) - MAX_PARAMETERS
    return answers, (*problems, *([f"{more} autres réponses n'ont pas été lues."] if more > 0 else ()))


def _answer(name: str, written: str, questions: Questionnaire) -> Any:
    """The answer as the form holds it; None when it is not one."""
    asked = questions.champs[name]
    if asked.genre == "lieu":
        return written if territory.commune(written) else None
    held: Any = written
    if asked.genre == "oui-non":
        held = {"oui": True, "non": False}.get(written)
    elif asked.genre == "ensemble":
        held = written.split(",")
        if asked.vide and held == [NONE_OF_THEM]:
            return held
    try:
        questions.situation.model_validate({name: int(written) if asked.genre == "entier" else held})
    except (ValidationError, ValueError):
        return None
    return held


def read_once() -> None:
    """Takes the situation of the address when a session opens; afterwards the form is what counts."""
    visit = session.current()
    if not visit.link_read:
        visit.link_read = True
        visit.visitor.answers, problems = read(st.query_params.to_dict(), visit.base.rules.vocabulaire)
        visit.link_problems += problems


def show_problems() -> None:
    """Says what of the link was ignored."""
    problems = session.current().link_problems
    if problems:
        st.warning("Une partie du lien a été ignorée. " + plain(" ".join(problems)))


def show(own: Mapping[str, str]) -> None:
    """Makes the address of the page say `own` and the desk."""
    desk = session.current().desk
    wanted = dict(own) | ({DESK: desk} if desk else {})
    if desk is None and DESK in st.context.cookies:
        wanted[DESK] = ""  # tells the browser to forget the desk
    st.query_params.from_dict(wanted)


def address(own: Mapping[str, str]) -> str:
    """The full link of the first page with parameters."""
    page = (st.context.url or "").partition("?")[0].rstrip("/")
    return f"{page}/?{urlencode(own)}" if own else f"{page}/"
