"""A piece of news in plain French: the same words on the screen and in the feed, without the name of anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.differences import NO_SERVICE, REMOVED, Difference, differences
from engine.base import Base
from fiche.fields import find
from fiche.values import UNSAID
from fiche.words import capital
from store.news import Auteur, Nature, Nouvelle
from store.tables import Origine

MAX_VALUE = 160
"""Characters of a value that are told; the sheet has the rest."""

_SENTENCES: dict[Nature, str] = {
    "arrivee": "Nouvelle fiche.",
    "changement": "Fiche modifiée.",
    "confirmation": "Fiche relue : toujours à jour.",
    "restauration": "Retour à une version antérieure.",
    "archivage": "Fiche archivée : cette structure n’est plus proposée.",
    "retour": "Fiche de nouveau en service.",
}
_TITLES: dict[Nature, str] = {
    "arrivee": "nouvelle fiche",
    "changement": "fiche modifiée",
    "confirmation": "fiche toujours à jour",
    "restauration": "retour à une version antérieure",
    "archivage": "fiche archivée",
    "retour": "fiche de nouveau en service",
}
_AUTHORS: dict[Auteur, str] = {"structure": "la structure", "coordination": "la coordination du réseau"}
_ORIGINS: dict[Origine, str] = {"dossier": "depuis le dossier des fiches", "data-inclusion": "par un import"}
_OTHER = "Autres précisions de la fiche"


@dataclass(frozen=True, slots=True)
class Changement:
    """One line of what changed: where, and what; nothing more when the place says it all."""

    lieu: str
    quoi: str = ""

    def __str__(self) -> str:
        return f"{self.lieu} : {self.quoi}" if self.quoi else self.lieu


def name(piece: Nouvelle) -> str:
    """What it is about: a structure, or how many sheets."""
    if piece.apres:
        return piece.apres.nom
    if piece.arrivees == piece.nombre:
        return f"{piece.nombre} nouvelles fiches"
    return f"{piece.nombre} fiches modifiées"


def title(piece: Nouvelle) -> str:
    """On one line."""
    return f"{name(piece)} : {_TITLES[piece.nature]}" if piece.apres else name(piece)


def sentence(piece: Nouvelle) -> str:
    """What happened to the sheet, or to the sheets."""
    if piece.apres:
        return _SENTENCES[piece.nature]
    new = f", dont {piece.arrivees} nouvelles" if 0 < piece.arrivees < piece.nombre else ""
    return f"Mises en service ensemble {_ORIGINS.get(piece.origine, '')}{new}."


def author(piece: Nouvelle) -> str:
    """Who, never a person: accounts are named, but readers only need to know whom to ask."""
    return _AUTHORS[piece.auteur]


def changes(piece: Nouvelle, base: Base) -> Sequence[Changement]:
    """What changed on the sheet. Dates and sources go without saying, and the name of a person is not told."""
    if not piece.avant or not piece.apres or piece.nature in ("archivage", "confirmation"):
        return ()
    found = differences(piece.avant.document, piece.apres.document, base)
    told = []
    for line in found:
        field = find(line.chemin[-1], spro="spro" in line.chemin)
        how = field.nouvelle if field else "dite"
        if how != "tue":
            told.append(Changement(line.lieu, _what(line)) if how == "dite" else Changement(f"{line.lieu} modifié"))
    return told or [Changement(_OTHER)] * bool(found)


def _what(line: Difference) -> str:
    was, now = f"« {_short(line.avant)} »", f"« {_short(line.apres)} »"
    if line.apres == REMOVED:
        return REMOVED
    if line.avant == NO_SERVICE:
        return _short(line.apres)
    if line.avant == UNSAID:
        return now
    return f"{was} retiré" if line.apres == UNSAID else f"{was} devient {now}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_VALUE else f"{line[:MAX_VALUE].rsplit(' ', 1)[0]}…"


def by(piece: Nouvelle) -> str:
    """« Par la structure »."""
    return capital(f"par {author(piece)}")
