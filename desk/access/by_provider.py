"""Signing in through the identity provider. It says who somebody is; what they may do comes from their account here."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from starlette.responses import Response

from desk.access import pages, tokens
from desk.access.context import AGAIN, END, FLOW, Context, go, refuse
from desk.access.oidc import Demande, Identite, Injoignable, Provider, Refusee
from desk.access.visits import SIGN_IN, Visit, safe
from store import accounts, limits
from store.accounts import CompteRefuse
from store.limits import Limite
from store.sheets import written

_ONCE = Limite(1, timedelta(days=1), "Cette connexion a déjà servi.")
_TOO_OLD = "Cette connexion a été interrompue, ou a trop duré. Recommencez."


def depart(context: Context, visit: Visit) -> Response:
    """Sends the browser to the provider; a signed cookie keeps what must come back."""
    if context.provider is None:
        return go(SIGN_IN)
    demande = Demande(tokens.random(), tokens.random(), tokens.random())
    try:
        address = context.provider.authorization(demande)
    except Refusee as error:
        return _refused(error)
    values = {"state": demande.state, "nonce": demande.nonce, "verifier": demande.verifier, "suite": visit.suite}
    return context.sign(go(address), FLOW, values)


def come_back(context: Context, visit: Visit) -> Response:
    """Opens the session of the account that has the e-mail of whoever comes back."""
    if context.provider is None:
        return go(SIGN_IN)
    return context.forget(_arrival(context, visit, context.provider), FLOW)


def _arrival(context: Context, visit: Visit, provider: Provider) -> Response:
    kept, state = context.signed(visit, FLOW), visit.query.get("state", "")
    if kept is None or kept["state"] != state:
        return refuse("Connexion interrompue", _TOO_OLD, HTTPStatus.BAD_REQUEST)
    written(context.store, lambda session: limits.spend(session, {f"retour {state}": _ONCE}, context.clock()))
    code = visit.query.get("code")
    if not code:
        words = f"La connexion a été interrompue chez {provider.settings.nom}."
        return refuse("Connexion interrompue", words, HTTPStatus.BAD_REQUEST)
    try:
        identity = provider.identity(code, Demande(state, kept["nonce"], kept["verifier"]))
    except Refusee as error:
        return _refused(error)
    compte = accounts.find_by_email(context.store, identity.courriel)
    if compte is None:
        return _without_account(context, provider, identity, "n’existe pas")
    try:
        return context.enter(visit, compte, safe(kept["suite"]), identity.id_token)
    except CompteRefuse:
        return _without_account(context, provider, identity, "est fermé")


def _without_account(context: Context, provider: Provider, identity: Identite, about: str) -> Response:
    """Being known elsewhere gives no right here. The way out of the provider lets another identity be tried."""
    words = f"Le compte de l’adresse {identity.courriel} {about}. L’administration du réseau ouvre les comptes."
    state = tokens.random()
    address = provider.sign_out(identity.id_token, state)
    links = {f"Se déconnecter de {provider.settings.nom}": address} if address else {}
    page = pages.message("Pas de compte", words, {**links, **AGAIN}, wrong=True)
    return context.sign(page.answer(HTTPStatus.FORBIDDEN), END, {"state": state})


def _refused(error: Refusee) -> Response:
    status = HTTPStatus.BAD_GATEWAY if isinstance(error, Injoignable) else HTTPStatus.BAD_REQUEST
    return refuse("Connexion refusée", str(error), status)
