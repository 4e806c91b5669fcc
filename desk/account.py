"""The account, on every page: the way in, or the name of who is there and the way out."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode, urlsplit

import streamlit as st

from desk import who
from desk.access import settings
from desk.access.visits import PASSWORD, SIGN_IN, SIGN_OUT, with_suite
from desk.base import store
from desk.words import plain
from store.database import Unavailable
from store.rights import ROLE_NAMES

HOME = "/"


def is_missing() -> bool:
    """Whether reading needs an account, and nobody is signed in."""
    return settings.current().compte_obligatoire and not who.visit().connecte


def ask() -> None:
    """The whole page of whoever has no account."""
    st.title("Connectez-vous", anchor=False)
    st.markdown(plain(who.visit().note or "Il faut un compte pour consulter cet accueil."))
    _show(_link("Se connecter", with_suite(SIGN_IN, _here())))


def show() -> None:
    """The link to sign in, or who is there and the link to sign out; why a session is no longer open."""
    if not _has_accounts():
        return
    visit = who.visit()
    if visit.connecte:
        role = ROLE_NAMES[visit.acteur.role]
        name = f'<span title="{escape(visit.acteur.nom)}, {escape(role)}">{escape(visit.acteur.nom)}</span>'
        _show(f"{name} {_link('Se déconnecter', SIGN_OUT)}")
    elif visit.doit_changer:
        _show(_link("Changer le mot de passe", with_suite(PASSWORD, _here())))
    else:
        _show(_link("Se connecter", with_suite(SIGN_IN, _here())))
    if visit.note:
        st.warning(plain(visit.note))


def _has_accounts() -> bool:
    try:
        return store() is not None
    except Unavailable:
        return False  # said at the top of the page already


def _here() -> str:
    """The page to come back to. What a visitor said is not repeated in an address."""
    path = urlsplit(st.context.url or "").path or HOME
    query = urlencode(st.query_params.to_dict())
    return path if path == HOME or not query else f"{path}?{query}"


def _link(label: str, address: str) -> str:
    """A link that leaves the application: its cookies are read when it opens again."""
    return f'<a href="{escape(address)}" target="_self">{escape(label)}</a>'


def _show(html: str) -> None:
    with st.container(key="compte"):
        st.html(html)
