"""Open sessions: who is signed in. The browser holds a random token; the store only its fingerprint."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store import tables
from store.accounts import Compte, CompteRefuse, read
from store.database import Store
from store.sheets import written
from store.tables import Connexion

COOKIE = "spro_session"
"""The cookie that holds the token; named `__Host-spro_session` where the public address is https."""

DURATION = timedelta(hours=10)
"""A working day: afterwards one signs in again."""


@dataclass(frozen=True, slots=True)
class Ouverte:
    """An open session: whose it is, and the identity token that the provider wants back when it closes."""

    compte: Compte
    jeton_oidc: str | None

    @property
    def doit_changer(self) -> bool:
        """Whether it was opened with a password that somebody else chose: it gives no right yet."""
        return self.compte.a_changer and self.jeton_oidc is None


def start(store: Store, compte: Compte, now: datetime, jeton_oidc: str | None = None) -> str:
    """Opens a session; returns its token. Erases what has expired. Raises CompteRefuse (closed), Unavailable."""
    token = secrets.token_urlsafe(32)

    def write(session: Session) -> None:
        row = session.get(tables.Compte, compte.identifiant)
        if row is None or row.ferme_le:
            raise CompteRefuse("Ce compte est fermé. Adressez-vous à l'administration du réseau.")
        session.execute(delete(Connexion).where(Connexion.expire_le <= now))
        session.add(
            Connexion(
                jeton=_fingerprint(token),
                compte=row.identifiant,
                ouverte_le=now,
                expire_le=now + DURATION,
                jeton_oidc=jeton_oidc,
            )
        )

    written(store, write)
    return token


def find(store: Store, token: str, now: datetime) -> Ouverte | None:
    """The open session of a token, its account as it is now; None when it ended. One query. Raises Unavailable."""
    query = (
        select(tables.Compte, Connexion.jeton_oidc)
        .join(Connexion, Connexion.compte == tables.Compte.identifiant)
        .where(Connexion.jeton == _fingerprint(token), Connexion.expire_le > now, tables.Compte.ferme_le.is_(None))
    )
    with store.reading() as session:
        found = session.execute(query).first()
    return Ouverte(read(found[0]), found[1]) if found else None


def end(store: Store, token: str) -> None:
    """Closes a session. Raises Unavailable."""
    written(store, lambda session: session.execute(delete(Connexion).where(Connexion.jeton == _fingerprint(token))))


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
