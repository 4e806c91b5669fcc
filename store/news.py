"""What was published, told as news: one piece a change, and one for all that a folder or an import brought together.

Nobody is named: a piece says whether it comes from the structure or from the coordination, and the reasons that people
gave one another stay between them.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from store.database import Store
from store.rights import Role
from store.settings import made_once
from store.tables import Decision, Origine, Revision
from store.versions import Version, version_in

Nature = Literal["arrivee", "changement", "confirmation", "restauration", "archivage", "retour", "lot"]
Auteur = Literal["structure", "coordination"]

TOGETHER: tuple[Origine, ...] = ("dossier", "data-inclusion")
"""Origins that bring many sheets at once."""

FEW = 5
"""Sheets brought together that are still told one by one."""

_FEED = "flux"


@dataclass(frozen=True, slots=True)
class Nouvelle:
    """One piece of news; `rang` and `depuis` are the ranks of its last and first publication.

    `apres` is the version published and `avant` the one that it follows. Several sheets (`lot`) have neither: `nombre`
    says how many, `arrivees` how many of them were new.
    """

    nature: Nature
    rang: int
    depuis: int
    quand: datetime
    auteur: Auteur
    origine: Origine
    nombre: int = 1
    arrivees: int = 0
    avant: Version | None = None
    apres: Version | None = None


def news(store: Store, limit: int, before: int | None = None) -> list[Nouvelle]:
    """The last pieces of news, the last one first; `before` is the rank (`depuis`) after which to go on.

    Raises Unavailable.
    """
    with store.reading() as session, closing(session.execute(_publications(before))) as rows:
        runs = groupby((_Line(*row) for row in rows), _together)
        found = (piece for _, run in runs for piece in _pieces(session, list(run)))
        return list(islice(found, limit))


def feed_identifier(store: Store) -> str:
    """What names the news of this installation, whatever its address: made the first time. Raises Unavailable."""
    return made_once(store, _FEED, lambda: str(uuid4()))


# --- inside a transaction ---


@dataclass(frozen=True, slots=True)
class _Line:
    """A publication, without its document."""

    fiche: str
    numero: int
    origine: Origine
    motif: str
    role: Role
    rang: int
    quand: datetime


def _publications(before: int | None) -> Any:
    """The lines of all publications, the last first, read little by little."""
    query = (
        select(
            Revision.fiche,
            Revision.numero,
            Revision.origine,
            Revision.motif,
            Revision.role,
            Decision.rang,
            Decision.quand,
        )
        .join(Decision, and_(Decision.fiche == Revision.fiche, Decision.numero == Revision.numero))
        .where(Decision.rang.is_not(None))
        .order_by(Decision.rang.desc())
        .execution_options(yield_per=500)
    )
    return query if before is None else query.where(Decision.rang < before)


def _together(line: _Line) -> object:
    return (line.origine, line.motif, line.role) if line.origine in TOGETHER else line.rang


def _pieces(session: Session, run: list[_Line]) -> Iterable[Nouvelle]:
    if len(run) <= FEW:
        return (_one(session, line) for line in run)
    last, author = run[0], _author(run[0].role)
    fiches = {line.fiche for line in run}
    new = {line.fiche for line in run if line.numero == 1}
    return [Nouvelle("lot", last.rang, run[-1].rang, last.quand, author, last.origine, len(fiches), len(new))]


def _one(session: Session, line: _Line) -> Nouvelle:
    after = version_in(session, line.fiche, line.numero)
    assert after is not None
    earlier = select(func.max(Decision.numero)).where(
        Decision.fiche == line.fiche, Decision.numero < line.numero, Decision.etat == "publiee"
    )
    before = version_in(session, line.fiche, session.scalar(earlier) or 0)
    nature = _nature(before, after)
    return Nouvelle(
        nature, line.rang, line.rang, line.quand, _author(line.role), line.origine, avant=before, apres=after
    )


def _nature(before: Version | None, after: Version) -> Nature:
    if after.archivee:
        return "archivage"
    if before is None:
        return "arrivee"
    if before.archivee:
        return "retour"
    return "changement" if after.origine not in ("confirmation", "restauration") else after.origine


def _author(role: Role) -> Auteur:
    """A partner only ever writes the sheet of their own structure."""
    return "structure" if role == "partenaire" else "coordination"
