"""Where reading needs an account: whoever has none is shown the way in, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from desk.access.context import go
from desk.access.routes import now
from desk.access.settings import Reglages
from desk.access.visits import PASSWORD, SIGN_IN, SIGN_OUT, safe, with_suite
from store import logins
from store.database import Store, Unavailable

_OPEN = (SIGN_IN, SIGN_OUT, PASSWORD, "/sante", "/app/static/", "/static/", "/_stcore/")
"""The pages of signing in, what they are made of, and the connection of the screens, which check by themselves."""


class Guard:
    """ASGI middleware of the pages and files that are not open to everyone."""

    def __init__(
        self,
        app: ASGIApp,
        store: Callable[[], Store | None],
        settings: Reglages,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._app, self._store, self._settings, self._clock = app, store, settings, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._settings.compte_obligatoire or scope["type"] != "http" or scope["path"].startswith(_OPEN):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if await run_in_threadpool(self._is_known, request.cookies.get(self._settings.session_cookie)):
            await self._app(scope, receive, send)
        else:
            await _refusal(request)(scope, receive, send)

    def _is_known(self, token: str | None) -> bool:
        try:
            store = self._store() if token else None
            opened = logins.find(store, token, self._clock()) if store and token else None
        except Unavailable:
            return False
        return opened is not None and not opened.doit_changer


def _refusal(request: Request) -> Response:
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse("Il faut un compte pour consulter cet accueil.", 401)
    query = f"?{request.url.query}" if request.url.query else ""
    return go(with_suite(SIGN_IN, safe(request.url.path + query)))
