"""Signing in with a name and a password, and changing the password."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import Response

from desk.access import pages
from desk.access.context import STALE, Context, go
from desk.access.visits import PASSWORD, SIGN_IN, Visit, with_suite
from store import accounts
from store.accounts import CompteRefuse, Incorrect
from store.limits import TropSouvent
from store.logins import Ouverte


def sign_in(context: Context, visit: Visit) -> Response:
    """The page, then the session that its form opens."""
    if not visit.posted:
        opened = context.opened(visit)
        return context.go_on(opened, visit.suite) if opened else _ask(context, visit)
    if not context.is_ours(visit):
        return _ask(context, visit, STALE, HTTPStatus.FORBIDDEN)
    name, password = visit.form.get("identifiant", ""), visit.form.get("mot-de-passe", "")
    try:
        compte = accounts.authenticate(context.store, name, password, context.clock(), visit.source)
        return context.enter(visit, compte, visit.suite)
    except Incorrect as error:
        return _ask(context, visit, str(error), HTTPStatus.UNAUTHORIZED)
    except CompteRefuse as error:
        return _ask(context, visit, str(error), HTTPStatus.FORBIDDEN)
    except TropSouvent as error:
        words, headers = context.too_often(error)
        return _ask(context, visit, words, HTTPStatus.TOO_MANY_REQUESTS, headers)


def _ask(
    context: Context,
    visit: Visit,
    error: str = "",
    status: int = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> Response:
    browser, csrf = context.form_token(visit)
    provider = context.provider.settings.nom if context.provider else None
    note = "Il faut un compte pour consulter cet accueil." if context.settings.compte_obligatoire else ""
    name = visit.form.get("identifiant", "")[:200]
    page = pages.sign_in(csrf, visit.suite, provider, name, [error] if error else [], note)
    return context.with_form(page.answer(status, headers), browser)


# --- the password ---

Problems = Mapping[str, list[str]]
"""What is wrong, by field."""


def password(context: Context, visit: Visit) -> Response:
    """The page, then the new password; every session of the account ends but this one, which gets a new token."""
    opened = context.opened(visit)
    if opened is None:
        return go(with_suite(SIGN_IN, with_suite(PASSWORD, visit.suite)))
    if not opened.compte.a_mot_de_passe:
        words = "Ce compte n’a pas de mot de passe : il s’ouvre par votre fournisseur d’identité."
        return pages.message("Pas de mot de passe", words, {"Revenir à l’accueil": "/"}).answer()
    if not visit.posted:
        return _ask_password(context, visit, opened, {})
    try:
        problems = _change(context, visit, opened)
    except TropSouvent as error:
        words, headers = context.too_often(error)
        return _ask_password(context, visit, opened, {pages.OLD: [words]}, HTTPStatus.TOO_MANY_REQUESTS, headers)
    if problems:
        return _ask_password(context, visit, opened, problems, HTTPStatus.UNPROCESSABLE_ENTITY)
    compte = accounts.find(context.store, opened.compte.identifiant) or opened.compte
    return context.enter(visit, compte, visit.suite, opened.jeton_oidc)


def _change(context: Context, visit: Visit, opened: Ouverte) -> Problems:
    old, new, again = (visit.form.get(name, "") for name in (pages.OLD, pages.NEW, pages.AGAIN))
    if not context.is_ours(visit):
        return {pages.OLD: [STALE]}
    if new != again:
        return {pages.AGAIN: ["Les deux mots de passe sont différents."]}
    try:
        accounts.change_own_password(context.store, opened.compte, old, new, context.clock())
    except Incorrect:
        return {pages.OLD: ["Ce n’est pas le mot de passe actuel."]}
    except CompteRefuse as error:
        return {pages.NEW: list(error.problems)}
    return {}


def _ask_password(
    context: Context,
    visit: Visit,
    opened: Ouverte,
    problems: Problems,
    status: int = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> Response:
    browser, csrf = context.form_token(visit)
    compte = opened.compte
    page = pages.change_password(csrf, visit.suite, compte.nom, opened.doit_changer, problems)
    return context.with_form(page.answer(status, headers), browser)
