"""What every page of signing in works with: the store, the settings, the clock, and the cookies of the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from starlette.responses import RedirectResponse, Response

from desk.access import pages, tokens
from desk.access.oidc import Provider
from desk.access.settings import Reglages
from desk.access.visits import PASSWORD, SIGN_IN, Visit, with_suite
from store import logins
from store.accounts import Compte
from store.database import Store
from store.limits import TropSouvent
from store.logins import Ouverte
from store.settings import shared_secret

FLOW, END = "spro_connexion", "spro_deconnexion"
"""Cookies of a sign-in and of a sign-out under way at the provider."""

STALE = "Ce formulaire n’est plus valable. Recommencez."
AGAIN = {"Se connecter": SIGN_IN, "Revenir à l’accueil": "/"}

_BROWSER = "spro_formulaire"
"""The cookie that says to which browser a form was given."""

_FLOW_LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Context:
    """One installation, and what a page does with the cookies of a visit."""

    store: Store
    settings: Reglages
    provider: Provider | None
    clock: Callable[[], datetime]

    # --- sessions ---

    def opened(self, visit: Visit) -> Ouverte | None:
        """The session of the browser, if it is still open."""
        token = visit.cookies.get(self.settings.session_cookie)
        return logins.find(self.store, token, self.clock()) if token else None

    def enter(self, visit: Visit, compte: Compte, suite: str, jeton_oidc: str | None = None) -> Response:
        """Opens a session under a new token; the one that the browser had, if any, ends. Raises CompteRefuse."""
        token = logins.start(self.store, compte, self.clock(), jeton_oidc)
        self.end_session(visit)
        return self.remember(self.go_on(Ouverte(compte, jeton_oidc), suite), logins.COOKIE, token)

    def go_on(self, opened: Ouverte, suite: str) -> Response:
        """Goes on in an open session, by way of the password when it must be changed first."""
        return go(with_suite(PASSWORD, suite) if opened.doit_changer else suite)

    def end_session(self, visit: Visit) -> None:
        """Ends the session that the browser had."""
        token = visit.cookies.get(self.settings.session_cookie)
        if token:
            logins.end(self.store, token)

    # --- forms ---

    def form_token(self, visit: Visit) -> tuple[str, str]:
        """The mark of the browser, to be remembered, and the token of a form given to it."""
        browser = visit.cookies.get(self.settings.cookie(_BROWSER)) or tokens.random()
        return browser, tokens.of_form(shared_secret(self.store), browser, self._session(visit))

    def is_ours(self, visit: Visit) -> bool:
        """Whether a form comes from a page that was given to this browser, in this session."""
        browser, given = visit.cookies.get(self.settings.cookie(_BROWSER), ""), visit.form.get(pages.CSRF, "")
        return tokens.is_of_form(given, shared_secret(self.store), browser, self._session(visit))

    def with_form(self, answer: Response, browser: str) -> Response:
        """A page with a form, sent to the browser that it was made for."""
        return self.remember(answer, _BROWSER, browser)

    def _session(self, visit: Visit) -> str:
        return visit.cookies.get(self.settings.session_cookie, "")

    # --- cookies ---

    def remember(self, answer: Response, name: str, value: str) -> Response:
        """A cookie that ends with the browser, that no script reads and that no other site sends with a form."""
        secure = self.settings.secure
        answer.set_cookie(self.settings.cookie(name), value, secure=secure, httponly=True, samesite="lax")
        return answer

    def forget(self, answer: Response, name: str) -> Response:
        """Takes a cookie back."""
        secure = self.settings.secure
        answer.delete_cookie(self.settings.cookie(name), secure=secure, httponly=True, samesite="lax")
        return answer

    def sign(self, answer: Response, name: str, values: Mapping[str, str]) -> Response:
        """A cookie that the browser cannot change, for ten minutes."""
        signed = tokens.sign(shared_secret(self.store), name, values, self.clock(), _FLOW_LASTS)
        return self.remember(answer, name, signed)

    def signed(self, visit: Visit, name: str) -> dict[str, Any] | None:
        """What such a cookie holds; None when it is missing, changed or too old."""
        given = visit.cookies.get(self.settings.cookie(name))
        return tokens.read(shared_secret(self.store), name, given, self.clock()) if given else None

    # --- answers ---

    def too_often(self, error: TropSouvent) -> tuple[str, dict[str, str]]:
        """What to say, and the header that tells programs how long to wait."""
        wait = error.quand - self.clock()
        seconds = max(1, -(-wait // timedelta(seconds=1)))
        return f"{error} Recommencez dans {_in_words(wait)}.", {"retry-after": str(seconds)}


def go(address: str) -> Response:
    """Sends the browser on."""
    return RedirectResponse(address, HTTPStatus.SEE_OTHER, headers={"cache-control": "no-store"})


def refuse(heading: str, words: str, status: HTTPStatus, headers: Mapping[str, str] | None = None) -> Response:
    """A page that says what did not succeed."""
    return pages.message(heading, words, AGAIN, wrong=True).answer(status, headers)


def _in_words(wait: timedelta) -> str:
    """A wait, rounded up."""
    minutes = max(1, -(-wait // timedelta(minutes=1)))
    if minutes < 60:
        return f"{minutes} minute{'s' if minutes > 1 else ''}"
    hours = -(-minutes // 60)
    return f"{hours} heure{'s' if hours > 1 else ''}"
