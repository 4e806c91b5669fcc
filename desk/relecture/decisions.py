"""What the coordination decides, in the name of whoever is there, and how each decision is undone.

Nothing is ever erased: undoing publishes again what was published before, or proposes again what was refused. What
somebody else has changed since is never undone with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from desk import session, who
from desk.differences import place_in_words
from engine.documents import InvalidDocuments
from store import sheets, versions
from store.database import Store
from store.sheets import Conflit, Redaction, Refus

UNDONE = "Annulation de la version {numero}."
CHANGED_SINCE = "La fiche a changé depuis cette décision : regardez son historique."


@dataclass(frozen=True, slots=True)
class Fait:
    """What was done, in words, and what undoes it, if anything does."""

    texte: str
    annuler: Callable[[], Fait] | None = None


def publish(store: Store, fiche: str, numero: int, motif: str) -> Fait:
    """Publishes a proposal. Raises Interdit, Refus, Unavailable."""
    before = _in_service(store, fiche)
    with _said_in_words(_document(store, fiche, numero)):
        found = sheets.publish(store, who.current(), fiche, numero, motif, session.current().base)
    text = f"La version {numero} de « {found.nom} » est publiée : les agents la voient."
    return Fait(text, partial(_undo_publication, store, fiche, numero, before))


def refuse(store: Store, fiche: str, numero: int, motif: str) -> Fait:
    """Refuses a proposal. Raises Interdit, Refus, Unavailable."""
    found = sheets.refuse(store, who.current(), fiche, numero, motif)
    return Fait(f"La version {numero} de « {found.nom} » est refusée.", partial(propose_again, store, fiche, numero))


def restore(store: Store, fiche: str, numero: int, lue: int, motif: str) -> Fait:
    """Publishes again what a version said; `lue` is the head that was seen.

    Raises Interdit, Conflit, Refus, Unavailable.
    """
    before = _in_service(store, fiche)
    with _said_in_words(_document(store, fiche, numero)):
        found = sheets.restore(store, who.current(), fiche, numero, lue, motif, session.current().base)
    state = "La fiche est de nouveau archivée" if found.archivee else "Les agents la voient"
    text = f"La version {numero} de « {found.nom} » est restaurée, sous le numéro {found.numero}. {state}."
    return Fait(text, partial(_undo_publication, store, fiche, found.numero, before))


def archive(store: Store, fiche: str, lue: int, motif: str) -> Fait:
    """Takes a sheet out of service; `lue` is the head that was seen. Raises Interdit, Conflit, Refus, Unavailable."""
    before = _in_service(store, fiche)
    with _said_in_words({}):
        found = sheets.archive(store, who.current(), fiche, lue, motif, session.current().base)
    text = f"La fiche « {found.nom} » est archivée : les agents ne la voient plus."
    return Fait(text, partial(_undo_publication, store, fiche, found.numero, before))


def propose_again(store: Store, fiche: str, numero: int) -> Fait:
    """Puts a refused proposal back in the queue, under a new number. Raises Interdit, Conflit, Refus, Unavailable."""
    refused = versions.version(store, fiche, numero)
    if refused is None:
        raise Refus(f"La version {numero} de cette fiche n'existe pas.")
    head = versions.head(store, fiche)
    if head and head.etat == "proposee":
        raise Refus("Une autre modification de cette fiche attend déjà une relecture.")
    reason = f"Proposition de {refused.auteur} remise à relire : {refused.motif}"[: sheets.MAX_MOTIF]
    wanted = Redaction(fiche, refused.document, head.numero if head else None, reason, refused.origine)
    with _said_in_words(refused.document):
        again = sheets.propose(store, who.current(), wanted, session.current().base)
    return Fait(f"La proposition attend de nouveau une relecture, sous le numéro {again.numero}.")


def _undo_publication(store: Store, fiche: str, made: int, before: int | None) -> Fait:
    """Publishes again the version that was in service `before`; archives a sheet that had none."""
    reason = UNDONE.format(numero=made)
    try:
        done = archive(store, fiche, made, reason) if before is None else restore(store, fiche, before, made, reason)
    except Conflit:
        raise Refus(CHANGED_SINCE) from None
    return Fait(done.texte)


def _in_service(store: Store, fiche: str) -> int | None:
    found = versions.published(store, fiche)
    return found.numero if found else None


def _document(store: Store, fiche: str, numero: int) -> Mapping[str, Any]:
    found = versions.version(store, fiche, numero)
    return found.document if found else {}


@contextmanager
def _said_in_words(document: Mapping[str, Any]) -> Iterator[None]:
    """A document that does not hold is refused, each problem with its place."""
    try:
        yield
    except InvalidDocuments as error:
        lines = [f"{place_in_words(found.chemin, document)} : {found.message}" for found in error.diagnostics]
        raise Refus("Cette version ne peut pas être en service. " + " ".join(lines)) from None
