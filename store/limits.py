"""How often something may be done. Who did it is only kept as a fingerprint that nobody can turn back, for a day."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from store.tables import Reglage, Tentative

KEPT = timedelta(days=1)
"""How long a use is remembered: no limit looks further back."""

_SECRET = "secret-des-limites"


class TropSouvent(Exception):
    """Something was done too many times; the message is the limit's. `quand` is when it can be done again."""

    def __init__(self, message: str, quand: datetime) -> None:
        super().__init__(message)
        self.quand = quand


@dataclass(frozen=True, slots=True)
class Limite:
    """At most `nombre` uses over `pendant` (a day at most), and what to say (in French) to who goes beyond."""

    nombre: int
    pendant: timedelta
    message: str


def spend(session: Session, wanted: Mapping[str, Limite], now: datetime) -> None:
    """Counts one use of each name of `wanted`, or of none of them. Raises TropSouvent.

    Processes that count at the same time wait for each other, so that a limit is exact.
    """
    secret = _locked_secret(session)
    session.execute(delete(Tentative).where(Tentative.quand <= now - KEPT))
    keys = {hmac.digest(secret, name.encode(), "sha256").hex(): limit for name, limit in wanted.items()}
    for key, limit in keys.items():
        since = now - limit.pendant
        recent = select(Tentative.quand).where(Tentative.cle == key, Tentative.quand > since)
        used = session.scalar(select(func.count()).select_from(recent.subquery())) or 0
        if used >= limit.nombre:
            leaves = session.scalars(recent.order_by(Tentative.quand).offset(used - limit.nombre).limit(1)).one()
            raise TropSouvent(limit.message, leaves + limit.pendant)
    session.add_all(Tentative(cle=key, quand=now) for key in keys)
    session.flush()


def forget(session: Session, names: Iterable[str]) -> None:
    """Gives back every use of some names."""
    secret = _locked_secret(session)
    keys = [hmac.digest(secret, name.encode(), "sha256").hex() for name in names]
    session.execute(delete(Tentative).where(Tentative.cle.in_(keys)))


def _locked_secret(session: Session) -> bytes:
    """The secret that all processes share, made the first time; its row is the turnstile of those that count."""
    found = session.get(Reglage, _SECRET, with_for_update=True)
    if found is None:
        found = Reglage(cle=_SECRET, valeur=secrets.token_hex(32))
        session.add(found)
        session.flush()
    return found.valeur.encode()
