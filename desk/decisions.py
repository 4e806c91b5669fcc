"""What the coordination decides, in the name of whoever is there, and how each decision is undone.

Nothing is ever erased: undoing publishes again what was published before, or proposes again what was refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from desk import session, who
from desk.differences import place_in_words
from engine.documents import InvalidDocuments
from store import sheets, versions
from store.database import Store
from store.sheets import Redaction, Refus
from store.versions import Version

UNDONE = "Annulation de la version {numero}."


def publish(store: Store, fiche: str, numero: int, motif: str) -> str:
    """Publishes a proposal; what was done, in words. Raises Interdit, Refus, Unavailable."""
    with _said_in_words(_document(store, fiche, numero)):
        found = sheets.publish(store, who.current(), fiche, numero, motif, session.current().base)
    return f"La version {numero} de « {found.nom} » est publiée : les agents la voient."


def refuse(store: Store, fiche: str, numero: int, motif: str) -> str:
    """Refuses a proposal. Raises Interdit, Refus, Unavailable."""
    found = sheets.refuse(store, who.current(), fiche, numero, motif)
    return f"La version {numero} de « {found.nom} » est refusée."


def restore(store: Store, fiche: str, numero: int, lue: int, motif: str) -> str:
    """Publishes again what a version said; `lue` is the head that was seen.

    Raises Interdit, Conflit, Refus, Unavailable.
    """
    with _said_in_words(_document(store, fiche, numero)):
        found = sheets.restore(store, who.current(), fiche, numero, lue, motif, session.current().base)
    state = "La fiche est de nouveau archivée" if found.archivee else "Les agents la voient"
    return f"La version {numero} de « {found.nom} » est restaurée, sous le numéro {found.numero}. {state}."


def archive(store: Store, fiche: str, lue: int, motif: str) -> str:
    """Takes a sheet out of service. Raises Interdit, Conflit, Refus, Unavailable."""
    with _said_in_words({}):
        found = sheets.archive(store, who.current(), fiche, lue, motif, session.current().base)
    return f"La fiche « {found.nom} » est archivée : les agents ne la voient plus."


# --- undoing ---


def undo_publication(store: Store, fiche: str, before: int | None) -> str:
    """Publishes again the version that was in service `before`; archives a sheet that had none.

    Raises Interdit, Conflit, Refus, Unavailable.
    """
    current = _head(store, fiche)
    reason = UNDONE.format(numero=current.numero)
    if before is None:
        return archive(store, fiche, current.numero, reason)
    return restore(store, fiche, before, current.numero, reason)


def undo_refusal(store: Store, fiche: str, numero: int) -> str:
    """Puts a refused proposal back in the queue, under a new number. Raises Interdit, Conflit, Refus, Unavailable."""
    refused = versions.version(store, fiche, numero)
    if refused is None:
        raise Refus(f"La version {numero} de cette fiche n'existe pas.")
    head = versions.head(store, fiche)
    reason = f"Proposition de {refused.auteur} remise à relire : {refused.motif}"[: sheets.MAX_MOTIF]
    wanted = Redaction(fiche, refused.document, head.numero if head else None, reason, refused.origine)
    with _said_in_words(refused.document):
        again = sheets.propose(store, who.current(), wanted, session.current().base)
    return f"La proposition attend de nouveau une relecture, sous le numéro {again.numero}."


def in_service_before(store: Store, fiche: str) -> int | None:
    """The number of the version in service now, to come back to after a publication."""
    found = versions.published(store, fiche)
    return found.numero if found else None


def _head(store: Store, fiche: str) -> Version:
    found = versions.head(store, fiche)
    if found is None:
        raise Refus(f"La fiche « {fiche} » n'existe pas.")
    return found


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
