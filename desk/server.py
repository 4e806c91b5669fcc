"""The web server of the front desk: Streamlit behind our middleware, a health route, and what happens on an error."""

from __future__ import annotations

import gc
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from desk import feed
from desk.access import opening, settings
from desk.access.guard import Guard
from desk.access.routes import routes
from desk.base import ENV_CATALOGUE, ENV_REGLES, live, store
from desk.origin import SameOrigin
from desk.shell import FrenchShell
from engine.asking import orient

SCRIPT = Path(__file__).parent.parent / "app.py"

_log = logging.getLogger("spro")


def health(_request: Request) -> JSONResponse:
    """For a supervisor: `ok`, `degrade` (the last valid version answers), or `en-panne` (nothing can be answered).

    Beside the event loop, since the store may make it wait.
    """
    state = live().current()
    if state.base is None:
        return JSONResponse({"statut": "en-panne"}, status_code=503)
    versions = {"regles": state.base.rules.version, "catalogue": state.base.catalogue.version}
    degraded = state.problems or state.unavailable
    return JSONResponse({"statut": "degrade" if degraded else "ok", "versions": versions})


def on_error(error: Exception) -> bool:
    """A plain message; the log says where it broke, never what the visitor said."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    _log.error("%s at %s", type(error).__name__, place)
    st.error("Une erreur est survenue. Rechargez la page ; si elle revient, prévenez la coordination du réseau.")
    return True


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Loads and compiles the base before the first visitor, then keeps what was loaded out of garbage collection."""
    base = live().current().base
    if base is not None:
        orient(base.rules.situation(), base.catalogue, base.rules, date.today())
    gc.collect()
    gc.freeze()
    yield {}


def create_app() -> st.App:
    """The ASGI application."""
    # Left to itself, Streamlit runs a page without app.py until app.py has run: a first visit to a sheet would fail.
    PagesManager.uses_pages_directory = False
    return st.App(
        SCRIPT,
        routes=[Route("/sante", health), Route(feed.PATH, feed.answer), *routes(store, settings.current())],
        middleware=[
            Middleware(SameOrigin, settings.current().adresse),
            Middleware(Guard, store, settings.current()),
            Middleware(FrenchShell),
        ],
        lifespan=lifespan,
        on_script_error=on_error,
    )


def serve(
    host: str = "127.0.0.1",
    port: int = 8501,
    regles: Path | None = None,
    catalogue: Path | None = None,
    *,
    open_to_all: bool = False,
) -> None:
    """Serves the front desk until stopped. Exits with 2 when it must not open so, or the address cannot be used."""
    for name, folder in ((ENV_REGLES, regles), (ENV_CATALOGUE, catalogue)):
        if folder is not None:
            os.environ[name] = str(folder.resolve())
    notices = _check_access(host, open_to_all=open_to_all)
    try:
        _check_free(host, port)
    except OSError:
        print(f"spro : l'adresse {host}:{port} est déjà prise ou interdite ; choisissez-en une autre.", file=sys.stderr)
        sys.exit(2)
    print(f"Accueil ouvert : http://{host}:{port} (Ctrl+C pour l'arrêter)", flush=True)
    for notice in notices:
        print(notice, flush=True)
    sys.argv = [str(SCRIPT)]  # where Streamlit looks for its configuration
    create_app().run(config={"server.address": host, "server.port": port})


def _check_access(host: str, *, open_to_all: bool) -> list[str]:
    """What to tell whoever opens the desk. Exits with 2 when the settings are wrong, or nobody could sign in."""
    try:
        return opening.check(host, store, settings.current(), open_to_all=open_to_all)
    except settings.ReglagesFaux as error:
        print(*error.problems, sep="\n", file=sys.stderr)
        sys.exit(2)


def _check_free(host: str, port: int) -> None:
    with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
        pass
