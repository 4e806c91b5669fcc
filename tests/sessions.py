"""Accounts and open sessions for the tests of other screens, without going through the login page."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import BrowserContext

from store import accounts, logins
from store.accounts import Compte
from store.database import Store
from store.rights import MACHINE, Role

PASSWORD = "un-mot-de-passe-pour-essayer"


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
    created = accounts.create(store, MACHINE, wanted, "provisoire-a-changer-vite")
    accounts.change_own_password(store, created, "provisoire-a-changer-vite", PASSWORD, datetime.now(UTC))
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
