"""Who may open the connection of a screen: a page of this desk, and no other site's."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

REFUSED = 1008
"""Code of a connection closed because it breaks a rule (RFC 6455, 7.4.1)."""


class SameOrigin:
    """ASGI middleware: refuses a connection that another site asks for.

    Left to itself, Streamlit looks for the outside address of the machine over the network when it does not know an
    origin, which stops every visitor. `address` is what people type in their browser, when a proxy hides it.
    """

    def __init__(self, app: ASGIApp, address: str | None) -> None:
        self._app = app
        self._own = urlsplit(address).netloc.lower() if address else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and not self._is_ours(Headers(scope=scope)):
            await receive()  # what asks for the connection
            await send({"type": "websocket.close", "code": REFUSED})
            return
        await self._app(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None:  # not a browser: nobody's session is borrowed
            return True
        try:
            place = urlsplit(origin).netloc.lower()
        except ValueError:
            return False
        return bool(place) and place in {headers.get("host", "").lower(), self._own}
