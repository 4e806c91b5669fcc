"""Which questions are shown: a few at first, then those already answered or whose answer can change something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from desk import session
from desk.orientation.fields import ask, ask_in_one_click
from desk.words import plain
from engine.base import Base
from engine.orientation import Question

FIRST = ("besoins", "age", "statuts")
"""The questions that are always there."""

_AT_ONCE = 3
"""Questions shown next to the answer."""


def show(base: Base, questions: Sequence[Question], refused: Mapping[str, str]) -> None:
    """The form."""
    _fields(FIRST, base, refused)
    visitor = session.current().visitor
    if not visitor.answers:
        return
    words = base.rules.vocabulaire.champs
    open_ones = {question.champ: question.decisive for question in questions}
    useful = [name for name in words if name not in FIRST and (name in visitor.answers or name in open_ones)]
    for name in set(open_ones) - set(visitor.answers):
        (visitor.below.discard if open_ones[name] else visitor.below.add)(name)
    if "code_postal" in visitor.answers:
        visitor.below.discard("commune")  # a code of several communes leaves this choice to be made
    ordinary = [name for name in useful if not words[name].sensible]
    _fields([name for name in ordinary if name not in visitor.below], base, refused)
    _group("Autres précisions", "precisions", [name for name in ordinary if name in visitor.below], base, refused)
    sensitive = [name for name in useful if words[name].sensible]
    _group("Si la personne en parle d’elle-même", "sensible", sensitive, base, refused)


def _group(title: str, key: str, names: Sequence[str], base: Base, refused: Mapping[str, str]) -> None:
    if names:
        with st.expander(title, key=f"{key}-{session.current().visitor.number}"):
            _fields(names, base, refused)


def _fields(names: Sequence[str], base: Base, refused: Mapping[str, str]) -> None:
    for name in names:
        words = base.rules.vocabulaire.champs[name]
        with st.container(key=f"{_shape(name, base)}-{name}", gap=None):
            ask(name, base)
            if words.aide and (words.sensible or name not in FIRST):
                st.caption(plain(words.aide))
            if name in refused:
                st.error(plain(refused[name]))


def _shape(name: str, base: Base) -> str:
    """How the style sheet lays a question out: a yes-or-no question fits on one line."""
    return "oui-non" if base.rules.vocabulaire.champs[name].genre == "oui-non" else "champ"


def show_open_questions(base: Base, questions: Sequence[Question]) -> None:
    """The questions most likely to change the answer, each answered in one click; sensitive ones are never asked.

    At the very start they would only repeat the form.
    """
    if not session.current().visitor.answers:
        return
    words = base.rules.vocabulaire.champs
    asked = [question for question in questions if not words[question.champ].sensible][:_AT_ONCE]
    if asked:
        st.header("Questions qui peuvent changer la réponse", anchor=False)
    for question in asked:
        with st.container(key=f"ouverte-{question.champ}", gap=None):
            with st.container(key=f"{_shape(question.champ, base)}-{question.champ}-ouverte", gap=None):
                ask_in_one_click(question.champ, base)
            st.caption(plain(question.effet))
