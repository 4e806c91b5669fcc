"""What the browser carries for us and cannot change: signed values that expire, and the token of a form."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

_ALGORITHM = "HS256"


def random() -> str:
    """43 characters that nobody guesses."""
    return secrets.token_urlsafe(32)


def sign(secret: bytes, purpose: str, values: Mapping[str, str], now: datetime, lasts: timedelta) -> str:
    """Values that only this installation can have written, for one purpose, until they expire."""
    claims = {**values, "exp": int((now + lasts).timestamp())}
    return jwt.encode({"alg": _ALGORITHM}, claims, _key(secret, purpose))


def read(secret: bytes, purpose: str, signed: str, now: datetime) -> dict[str, Any] | None:
    """The values, if they were signed here for this purpose and have not expired."""
    try:
        token = jwt.decode(signed, _key(secret, purpose), algorithms=[_ALGORITHM])
        jwt.JWTClaimsRegistry(now=int(now.timestamp()), exp={"essential": True}).validate(token.claims)
    except (JoseError, ValueError):
        return None
    return token.claims


def of_form(secret: bytes, browser: str, session: str) -> str:
    """The token that a form must send back: only this browser, in this session, was given it."""
    return hmac.new(_derived(secret, "formulaire"), f"{browser}\n{session}".encode(), hashlib.sha256).hexdigest()


def is_of_form(given: str, secret: bytes, browser: str, session: str) -> bool:
    """Whether a form came from a page given to this browser."""
    return bool(browser) and hmac.compare_digest(of_form(secret, browser, session).encode(), given.encode())


def _key(secret: bytes, purpose: str) -> OctKey:
    return OctKey.import_key(_derived(secret, purpose))


def _derived(secret: bytes, purpose: str) -> bytes:
    return hmac.new(secret, purpose.encode(), hashlib.sha256).digest()
