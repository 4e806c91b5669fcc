"""One request to the pages of signing in, as they need it: nothing in it is to be trusted."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit

from starlette.requests import Request

SIGN_IN = "/connexion"
BY_PROVIDER = "/connexion/fournisseur"
PASSWORD = "/mot-de-passe"
SIGN_OUT = "/deconnexion"

MAX_FORM = 64 * 1024
"""Bytes of a form; more is refused unread."""

MAX_SUITE = 2000
"""Characters of the address to go on to."""


@dataclass(frozen=True, slots=True)
class Visit:
    """The parameters, cookies and form of a request, and a name for where it comes from."""

    posted: bool
    query: Mapping[str, str]
    cookies: Mapping[str, str]
    form: Mapping[str, str]
    source: str

    @property
    def suite(self) -> str:
        """Where to go on to afterwards."""
        return safe(self.form.get("suite") or self.query.get("suite", ""))


async def read(request: Request) -> Visit | None:
    """The request; None when its form is too large."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM:
            return None
    posted = request.method == "POST"
    return Visit(posted, dict(request.query_params), request.cookies, _fields(body), source(request))


def safe(suite: str) -> str:
    """An address of this site; the first page instead of anything else, and of the pages of signing in."""
    if len(suite) > MAX_SUITE or not (suite.isascii() and suite.isprintable()) or "\\" in suite:
        return "/"
    if not suite.startswith("/") or suite.startswith("//"):
        return "/"
    path = urlsplit(suite).path
    return "/" if path.startswith((SIGN_IN, SIGN_OUT)) else suite


def with_suite(page: str, suite: str) -> str:
    """The address of a page that goes on to another one."""
    return page if suite == "/" else f"{page}?suite={quote(suite)}"


def source(request: Request) -> str:
    """The address of the browser; for the sixth version its network, where one household has many addresses."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host


def _fields(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50))
    except ValueError:
        return {}
