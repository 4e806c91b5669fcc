"""The sheets through time, as they are read: every version, who wrote it and why, what was decided, which is published.

A sheet has one line of versions. Its head is the last one that is published or proposed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from store.database import Store
from store.rights import Role
from store.tables import Decision, EtatProposition, Origine, Revision

ETATS: dict[EtatProposition, str] = {
    "proposee": "proposée",
    "publiee": "publiée",
    "refusee": "refusée",
    "retiree": "retirée",
}

MAX_NUMERO = 2**31 - 1
"""What the column of a number holds."""


@dataclass(frozen=True, slots=True)
class Avis:
    """What was decided of a version: by whom, when, why; `rang` is its place among the publications of all sheets."""

    etat: EtatProposition
    auteur: str
    quand: datetime
    motif: str
    rang: int | None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a sheet. `lue` is the number of the version that it was made from."""

    fiche: str
    numero: int
    lue: int | None
    document: dict[str, Any]
    archivee: bool
    origine: Origine
    auteur: str
    role: Role
    quand: datetime
    motif: str
    avis: Avis | None

    @property
    def etat(self) -> EtatProposition:
        """What became of it."""
        return self.avis.etat if self.avis else "proposee"

    @property
    def nom(self) -> str:
        """The name of the structure."""
        return str(self.document.get("nom", self.fiche))


def head(store: Store, fiche: str) -> Version | None:
    """The last version published or proposed; None for a sheet that never was."""
    with store.reading() as session:
        return head_in(session, fiche)


def published(store: Store, fiche: str) -> Version | None:
    """The last version published; an archived one says so."""
    with store.reading() as session:
        return published_in(session, fiche)


def version(store: Store, fiche: str, numero: int) -> Version | None:
    """One version."""
    with store.reading() as session:
        return version_in(session, fiche, numero)


def history(store: Store, fiche: str) -> list[Version]:
    """Every version of a sheet, the last one first."""
    with store.reading() as session:
        return _all(session, _VERSIONS.where(Revision.fiche == fiche).order_by(Revision.numero.desc()))


def pending(store: Store, limit: int | None = None) -> list[Version]:
    """What waits for a decision, the oldest first."""
    query = _VERSIONS.where(Decision.numero.is_(None)).order_by(Revision.quand, Revision.fiche).limit(limit)
    with store.reading() as session:
        return _all(session, query)


def waiting(store: Store) -> int:
    """How many versions wait for a decision."""
    undecided = _VERSIONS.where(Decision.numero.is_(None)).with_only_columns(func.count())
    with store.reading() as session:
        return session.scalar(undecided) or 0


def every_sheet(store: Store) -> list[str]:
    """Every sheet that was ever written, archived ones too, by identifier."""
    with store.reading() as session:
        return list(session.scalars(select(Revision.fiche).distinct().order_by(Revision.fiche)))


def publications(store: Store, limit: int, before: int | None = None) -> list[Version]:
    """What was published, the last one first; `before` is the rank after which to go on."""
    query = _VERSIONS.where(Decision.rang.is_not(None)).order_by(Decision.rang.desc()).limit(limit)
    with store.reading() as session:
        return _all(session, query if before is None else query.where(Decision.rang < before))


def stamp(store: Store) -> int:
    """The rank of the last publication (0 without any): it changes whenever what is published changes."""
    with store.reading() as session:
        return session.scalar(select(func.max(Decision.rang))) or 0


def in_service(store: Store) -> dict[str, int]:
    """The number of the published version of each sheet that is not archived, by sheet."""
    with store.reading() as session:
        return {row.fiche: row.numero for row in session.execute(_in_service(Revision.fiche, Revision.numero))}


def _in_service(*columns: Any) -> Any:
    last = (
        select(Decision.fiche, func.max(Decision.numero).label("numero"))
        .where(Decision.etat == "publiee")
        .group_by(Decision.fiche)
        .subquery()
    )
    same = and_(Revision.fiche == last.c.fiche, Revision.numero == last.c.numero)
    return select(*columns).join(last, same).where(~Revision.archivee)


def documents(store: Store, wanted: Mapping[str, int], at_once: int = 500) -> Iterator[tuple[str, dict[str, Any]]]:
    """The documents of some versions, `at_once` at a time so that memory stays bounded, by sheet."""
    names = sorted(wanted)
    for start in range(0, len(names), at_once):
        part = names[start : start + at_once]
        query = select(Revision.fiche, Revision.numero, Revision.document).where(Revision.fiche.in_(part))
        with store.reading() as session:
            found = {row.fiche: row.document for row in session.execute(query) if wanted[row.fiche] == row.numero}
        for name in part:
            yield name, json.loads(found[name])


# --- inside a transaction ---

_VERSIONS = select(Revision, Decision).outerjoin(
    Decision, and_(Decision.fiche == Revision.fiche, Decision.numero == Revision.numero)
)
_ALIVE = Decision.etat.is_(None) | (Decision.etat == "publiee")


def head_in(session: Session, fiche: str) -> Version | None:
    """As `head`."""
    return _last(session, fiche, _ALIVE)


def published_in(session: Session, fiche: str) -> Version | None:
    """As `published`."""
    return _last(session, fiche, Decision.etat == "publiee")


def naming_in(session: Session, words: Iterable[str], but: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The documents in service, except that of `but`, in which one of the words is written whole."""
    written = or_(*(Revision.document.contains(json.dumps(word), autoescape=True) for word in words))
    query = _in_service(Revision.fiche, Revision.document).where(Revision.fiche != but, written)
    for row in session.execute(query.order_by(Revision.fiche)):
        yield row.fiche, json.loads(row.document)


def version_in(session: Session, fiche: str, numero: int) -> Version | None:
    """As `version`; a number that no version can have is one that does not exist."""
    if not 0 < numero <= MAX_NUMERO:
        return None
    return _last(session, fiche, Revision.numero == numero)


def _last(session: Session, fiche: str, condition: Any) -> Version | None:
    query = _VERSIONS.where(Revision.fiche == fiche, condition).order_by(Revision.numero.desc()).limit(1)
    return next(iter(_all(session, query)), None)


def _all(session: Session, query: Any) -> list[Version]:
    return [read(revision, decision) for revision, decision in session.execute(query)]


def read(row: Revision, decision: Decision | None) -> Version:
    """The version of two rows."""
    avis = None
    if decision:
        avis = Avis(decision.etat, decision.auteur, decision.quand, decision.motif, decision.rang)
    return Version(
        row.fiche,
        row.numero,
        row.lue,
        json.loads(row.document),
        row.archivee,
        row.origine,
        row.auteur,
        row.role,
        row.quand,
        row.motif,
        avis,
    )
