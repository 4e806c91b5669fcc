"""What all the processes of one installation share: the secret from which signatures and fingerprints are made."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable

from sqlalchemy.orm import Session

from store.database import Store
from store.sheets import written
from store.tables import Reglage

ENV_SECRET = "SPRO_SECRET"

SECRET_LENGTH = 32
"""Characters of the secret, at least."""

_SECRET = "secret"


def shared_secret(store: Store) -> bytes:
    """The secret of the environment, else one made at random the first time and kept. Raises Unavailable."""
    given = os.environ.get(ENV_SECRET) or made_once(store, _SECRET, lambda: secrets.token_urlsafe(SECRET_LENGTH))
    return given.encode()


def made_once(store: Store, key: str, make: Callable[[], str]) -> str:
    """A setting, made the first time that any process asks for it. Raises Unavailable."""

    def keep(session: Session) -> str:
        kept = session.get(Reglage, key)  # another process may have made it meanwhile
        if kept is None:
            kept = Reglage(cle=key, valeur=make())
            session.add(kept)
        return kept.valeur

    with store.reading() as session:
        found = session.get(Reglage, key)
    return found.valeur if found else written(store, keep)
