"""Passwords: what they must be, and the fingerprint that is kept instead of them (argon2id, the library's profile)."""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200
"""Characters of a password."""

_SHORTEST_WORD = 4
"""Letters from which a word about the account is looked for in the password."""

_DIFFERENT = 5
"""Different characters in a password, at least."""

_TRIVIAL = (
    "motdepasse",
    "password",
    "azertyuiop",
    "qwertyuiop",
    "qwertyazerty",
    "0123456789",
    "1234567890",
    "9876543210",
    "abcdefghij",
    "administrateur",
    "administration",
    "bienvenue",
    "changezmoi",
    "letmein",
)
"""A password made of one of these and little else is the first that is tried."""

_MOST_AROUND = 5
"""Characters around a trivial word that do not make it a password."""

_HASHER = PasswordHasher()
_AT_ONCE = threading.BoundedSemaphore(2)  # each takes 64 MiB and every core


def problems(password: str, about: Iterable[str] = ()) -> list[str]:
    """Why a password is refused, in French; `about` are the words that others know of the account."""
    found = []
    if len(password) < SHORTEST:
        found.append(f"Il faut au moins {SHORTEST} caractères ; une courte phrase convient bien.")
    if len(password) > LONGEST:
        found.append(f"{LONGEST} caractères au plus.")
    folded = _folded(password)
    if password and (len(set(password)) < _DIFFERENT or any(_is_mostly(word, folded) for word in _TRIVIAL)):
        found.append("Ce mot de passe est trop facile à deviner.")
    known = [word for word in about if len(_folded(word)) >= _SHORTEST_WORD and _folded(word) in folded]
    if known:
        found.append(f"Un mot de passe ne reprend pas ce que tout le monde connaît de vous (« {known[0]} »).")
    return found


def fingerprint(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether a password is the one. Takes as long when there is none, so that nobody learns which accounts exist."""
    compared = kept or _nobody()
    try:
        with _AT_ONCE:
            return _HASHER.verify(compared, _normal(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether a fingerprint was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(kept)


def generate() -> str:
    """A password to give once: four groups that can be read aloud, about 79 bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


@cache
def _nobody() -> str:
    return fingerprint(secrets.token_urlsafe())


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _is_mostly(word: str, folded: str) -> bool:
    return word in folded and len(folded) - len(word) <= _MOST_AROUND


def _folded(text: str) -> str:
    """Letters and digits only, without case or accents."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]", "", "".join(char for char in spread if not unicodedata.combining(char)))
