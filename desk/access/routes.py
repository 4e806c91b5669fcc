"""The routes of signing in and out. The database and the provider are asked in threads: pages stay quick meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.access import by_password, by_provider, leaving, visits
from desk.access.context import Context, refuse
from desk.access.oidc import RETURN, SIGNED_OUT, Provider
from desk.access.settings import Reglages
from store.database import Store, Unavailable
from store.limits import TropSouvent

Work = Callable[[Context, visits.Visit], Response]


def now() -> datetime:
    """The clock of the server."""
    return datetime.now(UTC)


def routes(store: Callable[[], Store | None], settings: Reglages, clock: Callable[[], datetime] = now) -> list[Route]:
    """Every route. `store` gives None where there are no accounts."""
    provider = Provider(settings.fournisseur, settings.adresse) if settings.fournisseur and settings.adresse else None

    def answering(work: Work) -> Callable[[Request], Awaitable[Response]]:
        def answer(visit: visits.Visit) -> Response:
            found = store()
            if found is None:
                words = "Cet accueil répond d’après un dossier de fiches, sans base : personne ne s’y connecte."
                return refuse("Pas de comptes ici", words, HTTPStatus.NOT_FOUND)
            context = Context(found, settings, provider, clock)
            try:
                return work(context, visit)
            except TropSouvent as error:
                words, headers = context.too_often(error)
                return refuse("Trop d’essais", words, HTTPStatus.TOO_MANY_REQUESTS, headers)

        async def endpoint(request: Request) -> Response:
            visit = await visits.read(request)
            if visit is None:
                return refuse("Formulaire refusé", "Ce formulaire est trop gros.", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            try:
                return await run_in_threadpool(answer, visit)
            except Unavailable as error:
                return refuse("Connexion impossible", f"{error}".capitalize(), HTTPStatus.SERVICE_UNAVAILABLE)

        return endpoint

    both, get = ["GET", "POST"], ["GET"]
    return [
        Route(visits.SIGN_IN, answering(by_password.sign_in), methods=both),
        Route(visits.PASSWORD, answering(by_password.password), methods=both),
        Route(visits.BY_PROVIDER, answering(by_provider.depart), methods=get),
        Route(RETURN, answering(by_provider.come_back), methods=get),
        Route(visits.SIGN_OUT, answering(leaving.sign_out), methods=both),
        Route(SIGNED_OUT, answering(leaving.signed_out), methods=get),
    ]
