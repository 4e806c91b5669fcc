"""Another site may not open the connection of a screen; pages of the desk may, and what is not a browser."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from desk.origin import REFUSED, SameOrigin


def opened(origin: str | None, host: str, address: str | None = None, kind: str = "websocket") -> bool:
    """Whether the connection reaches the application; a refused one is closed with its code."""
    reached: list[Scope] = []
    sent: list[Message] = []

    async def inside(scope: Scope, _receive: Receive, _send: Send) -> None:
        reached.append(scope)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers: list[Any] = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin is not None else [])
    asyncio.run(SameOrigin(inside, address)({"type": kind, "headers": headers}, receive, send))
    assert sent == ([] if reached else [{"type": "websocket.close", "code": REFUSED}])
    return bool(reached)


def test_a_page_of_the_desk() -> None:
    assert opened("http://accueil.example:8501", "accueil.example:8501")
    assert opened("http://Accueil.example:8501", "accueil.EXAMPLE:8501")


def test_behind_a_proxy_that_changes_the_name() -> None:
    assert opened("https://orientation.example", "127.0.0.1:8501", "https://orientation.example")
    assert not opened("https://orientation.example", "127.0.0.1:8501")


@pytest.mark.parametrize(
    "origin", ["https://ailleurs.example", "http://accueil.example", "null", "", "http://[", "accueil.example:8501"]
)
def test_another_site(origin: str) -> None:
    assert not opened(origin, "accueil.example:8501")


def test_what_is_not_a_browser_and_what_is_not_a_connection() -> None:
    assert opened(None, "accueil.example:8501")
    assert opened("https://ailleurs.example", "accueil.example:8501", kind="http")
