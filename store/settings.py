"""What all the processes of one installation share: the secret from which signatures and fingerprints are made."""

from __future__ import annotations

import os
import secrets

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
    given = os.environ.get(ENV_SECRET)
    if given:
        return given.encode()
    with store.reading() as session:
        kept = session.get(Reglage, _SECRET)
    return (kept.valeur if kept else written(store, _make)).encode()


def _make(session: Session) -> str:
    kept = session.get(Reglage, _SECRET)  # another process may have made it meanwhile
    if kept is None:
        kept = Reglage(cle=_SECRET, valeur=secrets.token_urlsafe(SECRET_LENGTH))
        session.add(kept)
    return kept.valeur
