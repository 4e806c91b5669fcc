"""What somebody was writing and has not submitted: one draft by person and sheet, right or wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete

from store.database import Store
from store.rights import Acteur, require_edit
from store.sheets import Refus, written
from store.tables import Brouillon

MAX_CHARACTERS = 4 * 1024 * 1024
"""Of a draft: more than any sheet that could be submitted."""


@dataclass(frozen=True, slots=True)
class Ebauche:
    """What somebody was writing, from which version of the sheet, and when it was kept."""

    document: dict[str, Any]
    lue: int | None
    quand: datetime


def find(store: Store, acteur: Acteur, fiche: str) -> Ebauche | None:
    """What somebody left unfinished on a sheet. Raises Unavailable."""
    with store.reading() as session:
        found = session.get(Brouillon, (fiche, acteur.identifiant))
        return Ebauche(json.loads(found.document), found.lue, found.quand) if found else None


def keep(store: Store, acteur: Acteur, fiche: str, document: Mapping[str, Any], lue: int | None) -> datetime:
    """Keeps what somebody is writing; returns when. Raises Interdit, Refus (too large), Unavailable."""
    require_edit(acteur, fiche)
    text = json.dumps(dict(document), sort_keys=True)  # escaped, so that any character of a form can be kept
    if len(text) > MAX_CHARACTERS:
        raise Refus("Ce brouillon est trop gros pour être gardé.")
    now = datetime.now(UTC)
    row = {"fiche": fiche, "auteur": acteur.identifiant, "lue": lue, "document": text, "quand": now}
    written(store, lambda session: session.merge(Brouillon(**row)))
    return now


def drop(store: Store, acteur: Acteur, fiche: str) -> None:
    """Forgets what somebody left unfinished. Raises Unavailable."""
    whose = delete(Brouillon).where(Brouillon.fiche == fiche, Brouillon.auteur == acteur.identifiant)
    written(store, lambda session: session.execute(whose))
