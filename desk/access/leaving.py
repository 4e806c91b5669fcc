"""Signing out: here at once, then at the identity provider when the session came from it."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import Response

from desk.access import pages, tokens
from desk.access.context import END, Context, go
from desk.access.visits import SIGN_IN, Visit
from store.logins import COOKIE


def sign_out(context: Context, visit: Visit) -> Response:
    """The confirmation, then the end of the session."""
    opened = context.opened(visit)
    if opened is None:
        return context.forget(go(SIGN_IN), COOKIE)
    if not visit.posted or not context.is_ours(visit):
        browser, csrf = context.form_token(visit)
        page = pages.sign_out(csrf, opened.compte.nom, opened.compte.a_mot_de_passe)
        return context.with_form(page.answer(HTTPStatus.FORBIDDEN if visit.posted else HTTPStatus.OK), browser)
    context.end_session(visit)
    if context.provider and opened.jeton_oidc:
        state = tokens.random()
        address = context.provider.sign_out(opened.jeton_oidc, state)
        if address:
            answer = pages.leave(address, context.provider.settings.nom).answer()
            return context.sign(context.forget(answer, COOKIE), END, {"state": state})
    return context.forget(_goodbye(), COOKIE)


def signed_out(context: Context, visit: Visit) -> Response:
    """Where the provider sends the browser once its own session is closed."""
    kept = context.signed(visit, END)
    known = kept is not None and kept["state"] == visit.query.get("state")
    return context.forget(_goodbye() if known else go("/"), END)


def _goodbye() -> Response:
    links = {"Revenir à l’accueil": "/", "Se connecter": SIGN_IN}
    return pages.message("Déconnexion", "Vous êtes déconnecté.", links).answer()
