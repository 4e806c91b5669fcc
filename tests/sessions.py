"""Accounts and open sessions for the tests of other screens, without going through the login page."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from unittest import mock

from argon2 import PasswordHasher
from playwright.sync_api import BrowserContext

from store import accounts, logins, passwords
from store.accounts import Compte
from store.database import Store
from store.rights import MACHINE, Role

PASSWORD = "un-mot-de-passe-pour-essayer"

_GIVEN = "provisoire-a-changer-vite"


def quick_passwords() -> AbstractContextManager[object]:
    """Fingerprints of passwords that take no time, for tests that make many; the server reads them all the same."""
    return mock.patch.object(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def account(
    store: Store,
    role: Role,
    structure: str | None = None,
    identifiant: str | None = None,
    courriel: str | None = None,
) -> Compte:
    """An account ready to use with PASSWORD, as its owner left it after the first sign-in.

    A partner's structure must be a published sheet of the store (`store.folder.fill`).
    """
    name = identifiant or (f"{role}-{structure}" if structure else role)
    address = courriel or f"{name}@exemple.fr"
    wanted = Compte(name, f"Compte {name}", role, structure, address)
    with quick_passwords():
        created = accounts.create(store, MACHINE, wanted, _GIVEN)
        accounts.change_own_password(store, created, _GIVEN, PASSWORD, datetime.now(UTC))
    found = accounts.find(store, name)
    assert found is not None
    return found


def token(store: Store, compte: Compte) -> str:
    """The token of a session just opened: the value of the cookie `logins.COOKIE`."""
    return logins.start(store, compte, datetime.now(UTC))


def sign_in(context: BrowserContext, store: Store, compte: Compte) -> None:
    """Opens a session of the account in a browser; pages loaded from now on are this person's.

    The server must use the same database (`serving(tmp)` uses `tmp / "spro.sqlite3"`).
    """
    context.add_cookies(
        [
            {
                "name": logins.COOKIE,
                "value": token(store, compte),
                "domain": "127.0.0.1",
                "path": "/",
                "httpOnly": True,
                "sameSite": "Lax",
            }
        ]
    )
