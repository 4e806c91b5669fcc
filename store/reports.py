"""« Signaler une erreur »: what a reader found wrong on a sheet, without an account, and what was done about it.

Nothing says who reported: where it came from only counts, as a fingerprint, against a limit. E-mail addresses and
telephone numbers are taken out of the text, unless the report is about those of the structure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.checks import FauteFiche, can_be_kept
from store.database import Store
from store.limits import Limite, spend
from store.rights import Acteur, Interdit, decides, require_edit
from store.sheets import Refus, written
from store.tables import Signalement
from store.versions import MAX_NUMERO, published_in

Motif = Literal["coordonnees", "horaires", "fermee", "conditions", "accueil", "lien", "autre"]
MOTIFS: dict[Motif, str] = {
    "coordonnees": "L’adresse, le téléphone ou le courriel est faux",
    "horaires": "Les horaires sont faux",
    "fermee": "La structure ou le service n’existe plus",
    "conditions": "Les conditions ou le public sont faux",
    "accueil": "La structure n’accueille pas cette personne",
    "lien": "Un lien ne marche pas",
    "autre": "Autre chose",
}

MAX_TEXTE = 1000
"""Characters of a report, and of the answer to it."""

PAR_SOURCE = Limite(10, timedelta(hours=1), "Beaucoup de signalements sont déjà partis d'ici.")
PAR_FICHE = Limite(
    20, timedelta(days=1), "Cette fiche a déjà reçu beaucoup de signalements aujourd'hui : ils vont être lus."
)

_TAKEN_OUT = "[retiré]"
_MAIL = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+\.[^\s<>()\[\],;:\"]+")
_TELEPHONE = re.compile(r"(?<!\d)(?:(?:\+|00)33[ .\-]?(?:\(0\))?|0)[ .\-]?[1-9](?:[ .\-]?\d{2}){4}(?!\d)")
_SOCIAL_SECURITY = re.compile(
    r"(?<!\d)[12][ .]?\d{2}[ .]?[01]\d[ .]?(?:\d{2}|2[AB])[ .]?\d{3}[ .]?\d{3}(?:[ .]?\d{2})?(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Rapport:
    """An error that a reader reported on a sheet, or on one of its services; `reponse` once it was dealt with."""

    id: int
    fiche: str
    service: str | None
    motif: Motif
    texte: str
    quand: datetime
    traite_par: str | None = None
    traite_le: datetime | None = None
    reponse: str | None = None


def report(store: Store, fiche: str, service: str | None, motif: str, texte: str, source: str, now: datetime) -> None:
    """Keeps what a reader reports; the same report twice is one. `source` is where it comes from, kept by nobody.

    Raises Refus (unknown reason, sheet or service, text missing or too long), TropSouvent, Unavailable.
    """
    if motif not in MOTIFS:
        raise Refus(f"Choisissez une raison : {', '.join(MOTIFS.values())}.")
    words = _text(texte)
    if motif == "autre" and not words:
        raise Refus("Dites en quelques mots ce qui est faux.")
    wanted = {"fiche": fiche, "service": service, "raison": motif, "texte": without_persons(words, motif)}

    def write(session: Session) -> None:
        _check_exists(session, fiche, service)
        if session.scalar(select(Signalement.id).filter_by(**wanted, traite_le=None).limit(1)) is None:
            spend(session, {f"signalement de {source}": PAR_SOURCE, f"signalement sur {fiche}": PAR_FICHE}, now)
            session.add(Signalement(**wanted, quand=now))

    written(store, write)


def open_reports(store: Store, acteur: Acteur) -> list[Rapport]:
    """What waits, the oldest first: all of it for the coordination, that of their own structure for a partner.

    Raises Interdit, Unavailable.
    """
    query = select(Signalement).where(Signalement.traite_le.is_(None)).order_by(Signalement.quand, Signalement.id)
    if not decides(acteur):
        require_edit(acteur, acteur.structure or "")
        query = query.where(Signalement.fiche == acteur.structure)
    with store.reading() as session:
        return [_read(row) for row in session.scalars(query)]


def close(store: Store, acteur: Acteur, number: int, reponse: str) -> Rapport:
    """Says what was done about a report. Raises Interdit, Refus (unknown, already closed, no answer), Unavailable."""
    answer = _text(reponse)
    if not answer:
        raise Refus("Dites en quelques mots ce qui a été fait.")

    def write(session: Session) -> Rapport:
        found = session.get(Signalement, number) if 0 < number <= MAX_NUMERO else None
        if found is None or not (decides(acteur) or acteur.structure == found.fiche):
            raise Interdit("Ce signalement n'est pas à vous : vous ne pouvez pas y répondre.")
        require_edit(acteur, found.fiche)
        if found.traite_le:
            raise Refus(f"Ce signalement a déjà été traité par {found.traite_par}.")
        found.traite_par, found.traite_le, found.reponse = acteur.nom, datetime.now(UTC), answer
        session.flush()
        return _read(found)

    return written(store, write)


def counts(store: Store) -> Mapping[str, int]:
    """How many reports wait, by sheet that has any. Raises Unavailable."""
    query = select(Signalement.fiche, func.count()).where(Signalement.traite_le.is_(None)).group_by(Signalement.fiche)
    with store.reading() as session:
        return dict(session.execute(query).all())


def _text(words: str) -> str:
    text = words.replace("\r\n", "\n").strip()
    if len(text) > MAX_TEXTE:
        raise Refus(f"Ce texte est trop long : {MAX_TEXTE} caractères au plus.")
    if not can_be_kept(text):
        raise Refus(str(FauteFiche.CARACTERE()).capitalize())
    return text


def without_persons(text: str, motif: str) -> str:
    """The text without what would reach or identify a person; the contacts of the structure may be what is wrong."""
    text = _SOCIAL_SECURITY.sub(_TAKEN_OUT, text)
    return text if motif == "coordonnees" else _TELEPHONE.sub(_TAKEN_OUT, _MAIL.sub(_TAKEN_OUT, text))


def _check_exists(session: Session, fiche: str, service: str | None) -> None:
    found = published_in(session, fiche)
    services: list[Any] = found.document.get("services", []) if found and not found.archivee else []
    if found is None or found.archivee or (service and service not in [one.get("id") for one in services]):
        raise Refus("Cette fiche ou ce service n'est plus proposé : il n'y a rien à signaler.")


def _read(row: Signalement) -> Rapport:
    return Rapport(
        row.id,
        row.fiche,
        row.service,
        row.raison,  # type: ignore[arg-type]  # one of MOTIFS: `report` refuses the rest
        row.texte,
        row.quand,
        row.traite_par,
        row.traite_le,
        row.reponse,
    )
