"""What one browser session remembers: the answers under way, and the desk. Nothing of it is written on disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import streamlit as st

from engine.base import Base
from engine.catalogue import Catalogue
from engine.orientation import Orientation

DESK = "bureau"
"""The parameter of the address that names the desk, and the cookie that remembers it (see static/accueil.js)."""

MAX_SHOWN = 80
"""Characters of what a link says that are repeated in a message."""

_KEY = "accueil"


@dataclass
class Visitor:
    """The answers given so far, in the order they were given, as the fields of the form hold them."""

    number: int = 0
    answers: dict[str, Any] = field(default_factory=dict)
    below: set[str] = field(default_factory=set)
    """Fields shown among the further details: an answer does not make its field move under the agent's hand."""
    shown: dict[str, Any] = field(default_factory=dict)
    """What each field held when it came on screen: its default, said again at each run so that a browser that is still
    drawing when the page runs again does not take it for empty, and empty the answer."""


@dataclass
class Session:
    """The session of one browser tab."""

    base: Base
    """The base that answers the run under way."""
    visitor: Visitor = field(default_factory=Visitor)
    desk: str | None = None
    link_read: bool = False
    link_problems: tuple[str, ...] = ()
    answered: tuple[object, Orientation] | None = None
    """The last question put to the engine, and its answer."""


def current() -> Session:
    """The session of this run."""
    return cast(Session, st.session_state[_KEY])


def start(base: Base) -> None:
    """Finds the desk of a new session: the one that the address names, else the one that the browser remembers.

    A desk that the catalogue no longer has is forgotten.
    """
    if _KEY in st.session_state:
        session = current()
        session.base, session.desk = base, _desk(session.desk, base.catalogue)
        return
    session = st.session_state[_KEY] = Session(base)
    named = st.query_params.get(DESK)
    session.desk = _desk(named or st.context.cookies.get(DESK), base.catalogue)
    if named and session.desk != named:
        session.link_problems = (f"« {DESK} » ne peut pas valoir « {named[:MAX_SHOWN]} ».",)


def _desk(name: str | None, catalogue: Catalogue) -> str | None:
    known = catalogue.structures.get(name or "")
    return known.id if known and known.spro.recoit_public and not known.hors_reseau else None


def welcome_next() -> None:
    """Forgets everything about the visitor; the desk stays."""
    session = current()
    session.visitor = Visitor(session.visitor.number + 1)
    session.link_problems = ()
    session.answered = None
