"""The sheets, as they are written: proposed, published, refused, withdrawn, archived, restored.

Whoever writes says which head of the sheet they read; a write made from another one is a Conflit: nobody overwrites
what they have not seen. Rights and rules are checked here, whatever the screen has checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from engine.base import Base
from fiche.model import Structure
from store.checks import (
    FauteFiche,
    can_be_kept,
    canonical,
    check_beside,
    check_contacts,
    check_reserved,
    checked,
    tidied,
)
from store.database import Store
from store.rights import Acteur, Interdit, decides, require_decide, require_edit
from store.tables import Brouillon, Decision, EtatProposition, Origine, Revision
from store.versions import ETATS, Version, head, head_in, naming_in, published_in, read, version, version_in

MAX_MOTIF = 2000
"""Characters of a reason."""


class Conflit(Exception):
    """Somebody else changed the sheet meanwhile: `lue` is the version that was read, `actuelle` the present head."""

    def __init__(self, lue: Version | None, actuelle: Version | None) -> None:
        super().__init__("Cette fiche a changé pendant que vous la modifiiez : comparez les deux versions.")
        self.lue, self.actuelle = lue, actuelle


class Refus(Exception):
    """What was asked cannot be done on this version. In French."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What somebody wants a sheet to say: the version they read (None for a new sheet), and why they change it."""

    fiche: str
    document: Mapping[str, Any]
    lue: int | None
    motif: str
    origine: Origine = "ecran"
    archivee: bool = False


# --- one sheet ---


def propose(store: Store, acteur: Acteur, wanted: Redaction, base: Base) -> Version:
    """Proposes a version, for the coordination to read. A proposal that was waiting is withdrawn in its favour.

    Raises Interdit, InvalidDocuments, Conflit, Refus (nothing changed, no reason), Unavailable.
    """
    require_edit(acteur, wanted.fiche)
    wanted = replace(wanted, archivee=False, origine=wanted.origine if decides(acteur) else "ecran")
    data = tidied(wanted.fiche, wanted.document)
    checked(wanted.fiche, data, base)
    _check_typed(wanted, data)
    reason = _reason(wanted.motif)

    def write(session: Session) -> Version:
        current = _expected(session, wanted)
        if current is None and not decides(acteur):
            raise Interdit("Une nouvelle fiche est créée par la coordination du réseau.")
        _refuse_same(current, data, archived=False)
        in_force = published_in(session, wanted.fiche)
        check_reserved(acteur, wanted.fiche, in_force.document if in_force else {}, data)
        added = _add(session, acteur, wanted, data, reason)
        if current and current.etat == "proposee":
            _decide(session, acteur, current, "retiree", f"Remplacée par la version {added.numero}.")
        session.execute(_draft_of(acteur, wanted.fiche))
        return added

    return written(store, write)


def _check_typed(wanted: Redaction, data: Mapping[str, Any]) -> None:
    """Contacts are checked where somebody typed them; what comes from elsewhere is not its reader's to mend."""
    if wanted.origine == "ecran" and not wanted.archivee:
        check_contacts(wanted.fiche, data)


def publish(store: Store, acteur: Acteur, fiche: str, numero: int, motif: str, base: Base) -> Version:
    """Publishes a proposal. Raises Interdit, InvalidDocuments, Refus (already decided), Unavailable."""
    require_decide(acteur)
    words = _words(motif)

    def write(session: Session) -> Version:
        found = _waiting(session, fiche, numero)
        _check_now(session, fiche, checked(fiche, found.document, base), base)
        return _decide(session, acteur, found, "publiee", words)

    return written(store, write)


def refuse(store: Store, acteur: Acteur, fiche: str, numero: int, motif: str) -> Version:
    """Refuses a proposal, with a reason for its author. Raises Interdit, Refus, Unavailable."""
    require_decide(acteur)
    reason = _reason(motif)
    return written(store, lambda session: _decide(session, acteur, _waiting(session, fiche, numero), "refusee", reason))


def withdraw(store: Store, acteur: Acteur, fiche: str, numero: int) -> Version:
    """Takes a proposal back. Raises Interdit, Refus, Unavailable."""
    require_edit(acteur, fiche)
    reason = "Retirée avant d'être relue."
    return written(store, lambda session: _decide(session, acteur, _waiting(session, fiche, numero), "retiree", reason))


def put(store: Store, acteur: Acteur, wanted: Redaction, base: Base) -> Version:
    """Writes and publishes at once, for the coordination. Raises as `propose`, and Refus when a proposal waits."""
    require_decide(acteur)
    data = tidied(wanted.fiche, wanted.document)
    structure = checked(wanted.fiche, data, base)
    _check_typed(wanted, data)

    def write(session: Session) -> Version:
        added = _put(session, acteur, wanted, data)
        _check_now(session, wanted.fiche, None if wanted.archivee else structure, base)
        return added

    return written(store, write)


def restore(store: Store, acteur: Acteur, fiche: str, numero: int, lue: int, motif: str, base: Base) -> Version:
    """Publishes again what version `numero` said, as a new version. Raises as `put`."""
    require_decide(acteur)
    found = version(store, fiche, numero)
    if found is None:
        raise Refus(f"La version {numero} de cette fiche n'existe pas.")
    wanted = Redaction(fiche, found.document, lue, motif, "restauration", found.archivee)
    return put(store, acteur, wanted, base)


def archive(store: Store, acteur: Acteur, fiche: str, lue: int, motif: str, base: Base) -> Version:
    """Takes a sheet out of service; it can be restored. Raises as `put`."""
    require_decide(acteur)
    current = head(store, fiche)
    if current is None:
        raise Refus(f"La fiche « {fiche} » n'existe pas.")
    return put(store, acteur, Redaction(fiche, current.document, lue, motif, archivee=True), base)


def confirm(store: Store, acteur: Acteur, fiche: str, lue: int, on: date, base: Base) -> Version:
    """« Toujours à jour »: the structure looked at its sheet again on a day; only the sheet's dates move.

    Raises Interdit, Conflit, Refus (a proposal waits, already confirmed), InvalidDocuments, Unavailable.
    """
    require_edit(acteur, fiche)

    def write(session: Session) -> Version:
        current = head_in(session, fiche)
        if current is None or current.archivee:
            raise Refus("Cette fiche n'est pas en service.")
        wanted = Redaction(fiche, dated(current.document, on), lue, "Toujours à jour.", "confirmation")
        checked(fiche, wanted.document, base)
        return _put(session, acteur, wanted, dict(wanted.document))

    return written(store, write)


def dated(document: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The same sheet, looked at again on a day. What a fact rests on keeps its own date."""
    day = on.isoformat()
    services = [
        {**service, "date_maj": day} if "date_maj" in service else service for service in document.get("services", ())
    ]
    return {**document, "date_maj": day} | ({"services": services} if services else {})


# --- many sheets ---


def put_all(
    store: Store, acteur: Acteur, wanted: Callable[[], Iterable[Redaction]], *, proposed: frozenset[str] = frozenset()
) -> int:
    """Writes and publishes sheets that were checked together, all or nothing; those of `proposed` only wait.

    `wanted` gives them, one at a time so that memory stays bounded. Returns how many were written. Raises Interdit,
    InvalidDocuments, Conflit, Refus, Unavailable.
    """
    require_decide(acteur)

    def write(session: Session) -> int:
        count, rank = 0, _last_rank(session)
        for entry in wanted():
            data = tidied(entry.fiche, entry.document)
            if entry.fiche in proposed:
                _expected(session, entry)
                _add(session, acteur, entry, data, _reason(entry.motif))
            else:
                rank += 1
                _put(session, acteur, entry, data, rank)
            count += 1
            session.expunge_all()
        return count

    return written(store, write)


# --- inside a transaction ---

T = TypeVar("T")


def written(store: Store, work: Callable[[Session], T]) -> T:
    """Does a write: all of it, or nothing when it raises."""
    with store.writing() as session:
        done = work(session)
        session.flush()
    return done


def _check_now(session: Session, fiche: str, structure: Structure | None, base: Base) -> None:
    """Checks a publication against what is published in this transaction, not only what its author's screen showed."""
    services = [service.id for service in structure.services] if structure else []
    words = (base.rules.vocabulaire.besoin_par_defaut, *services)
    check_beside(fiche, structure, naming_in(session, words, fiche), base)


def _put(session: Session, acteur: Acteur, wanted: Redaction, data: dict[str, Any], rank: int | None = None) -> Version:
    current = _expected(session, wanted)
    if current and current.etat == "proposee":
        raise Refus("Une modification de cette fiche attend une relecture : publiez-la ou refusez-la d'abord.")
    _refuse_same(current, data, archived=wanted.archivee)
    reason = _reason(wanted.motif)
    return _decide(session, acteur, _add(session, acteur, wanted, data, reason), "publiee", reason, rank)


def _reason(motif: str) -> str:
    reason = _words(motif)
    if not reason:
        raise Refus("Dites en quelques mots pourquoi.")
    return reason


def _words(motif: str) -> str:
    words = motif.strip()
    if len(words) > MAX_MOTIF:
        raise Refus(f"Le motif est trop long : {MAX_MOTIF} caractères au plus.")
    if not can_be_kept(words):
        raise Refus(f"Motif : {FauteFiche.CARACTERE()}")
    return words


def _refuse_same(current: Version | None, data: dict[str, Any], *, archived: bool) -> None:
    if current and current.document == data and current.archivee == archived:
        raise Refus("Rien n'a changé dans cette fiche.")


def _expected(session: Session, wanted: Redaction) -> Version | None:
    """The head, when it is the version that was read. Raises Conflit."""
    current = head_in(session, wanted.fiche)
    if (current.numero if current else None) != wanted.lue:
        raise Conflit(None if wanted.lue is None else version_in(session, wanted.fiche, wanted.lue), current)
    return current


def _waiting(session: Session, fiche: str, numero: int) -> Version:
    found = version_in(session, fiche, numero)
    if found is None:
        raise Refus(f"La version {numero} de cette fiche n'existe pas.")
    if found.avis:
        raise Refus(f"Cette proposition n'attend plus : elle est {ETATS[found.etat]} depuis.")
    return found


def _last_rank(session: Session) -> int:
    return session.scalar(select(func.max(Decision.rang))) or 0


def _add(session: Session, acteur: Acteur, wanted: Redaction, data: dict[str, Any], reason: str) -> Version:
    last = session.scalar(select(func.max(Revision.numero)).where(Revision.fiche == wanted.fiche)) or 0
    row = Revision(
        fiche=wanted.fiche,
        numero=last + 1,
        lue=wanted.lue,
        document=canonical(data),
        archivee=wanted.archivee,
        origine=wanted.origine,
        auteur=acteur.nom,
        role=acteur.role,
        quand=datetime.now(UTC),
        motif=reason,
    )
    session.add(row)
    session.flush()
    return read(row, None)


def _decide(
    session: Session, acteur: Acteur, found: Version, etat: EtatProposition, motif: str, rank: int | None = None
) -> Version:
    if etat == "publiee" and rank is None:
        rank = _last_rank(session) + 1
    row = Decision(
        fiche=found.fiche,
        numero=found.numero,
        etat=etat,
        rang=rank,
        auteur=acteur.nom,
        quand=datetime.now(UTC),
        motif=motif,
    )
    session.add(row)
    session.flush()
    decided = version_in(session, found.fiche, found.numero)
    assert decided is not None
    return decided


def _draft_of(acteur: Acteur, fiche: str) -> Any:
    return delete(Brouillon).where(Brouillon.fiche == fiche, Brouillon.auteur == acteur.identifiant)
