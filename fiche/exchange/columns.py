"""The columns of the workbook: what is read of a structure or a service, in words, with its doubt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from engine import zones
from engine.ruleset import Ruleset
from fiche.model import Accueil, Service, Structure
from fiche.rubrique import Genre, Rubrique
from fiche.values import Ligne, as_it_is, choices, given_by, holder_of, lines, names, said
from fiche.words import SURE, TO_CONFIRM, UNKNOWN, within

Columns = tuple[tuple[str, int], ...]
"""Headings, and widths in characters."""

_POLICIES: dict[Accueil, str] = {"recoit": "reçoit", "priorise": "en priorité", "reserve-a": "réservé"}
_NO_DOUBT = ("id", "nom", "a_confirmer")
"""What names a sheet, and what is itself a doubt."""

_WIDTHS: dict[Genre, int] = {"texte-long": 50, "plusieurs": 36, "accueil": 40, "telephone": 18, "siret": 18, "date": 12}
_WIDTH, _OF_A_NAME = 28, 36


def columns(whole: tuple[str, ...]) -> list[Ligne]:
    """What has a column, of the structure (the empty place) or of a service."""
    return lines(whole, "tete", "ligne", "contact", "classeur")


def headings(whole: tuple[str, ...]) -> Columns:
    """The first line; a service begins with the name of its structure."""
    found = [(line.premiere.colonne or line.entete, _width(line.premiere)) for line in columns(whole)]
    return (*([("Structure", _OF_A_NAME)] if whole else []), *found)


def _width(field: Rubrique) -> int:
    return _OF_A_NAME if field.cle == "nom" else _WIDTHS.get(field.genre, _WIDTH)


def cells(
    structure: Structure, service: Service | None, table: list[Ligne], rules: Ruleset
) -> Iterator[str | date | None]:
    """A line under the headings; what a service does not say of how to reach it is said by its structure."""
    if service:
        yield structure.nom
    for line in table:
        yield _cell(line, holder_of(line.premiere, structure, service), rules)


def _cell(line: Ligne, holder: Structure | Service, rules: Ruleset) -> str | date | None:
    field = line.premiere
    if field.genre == "date":
        found: date = getattr(holder, field.cle)
        return found
    text = said(line, lambda field: given_by(holder, field), rules, _say)
    if not text:
        return UNKNOWN if field.attendu else None
    if field.cle in _NO_DOUBT:
        return text
    sources = [holder.spro.provenance.get(each.cle) for each in line.rubriques if given_by(holder, each) is not None]
    sure = all(source and source.confiance == SURE for source in sources)
    return text if sure else f"{text} ({TO_CONFIRM})"


def _say(field: Rubrique, given: Any, rules: Ruleset) -> str:
    """Figures as they are typed, lists with commas: what can be sorted, filtered and copied."""
    match field.genre:
        case "accueil":
            words = choices(field, rules)
            return ", ".join(f"{words[entry['public']]} ({_POLICIES[entry['accueil']]})" for entry in given)
        case "zones":
            return ", ".join(map(zones.within, given))
        case "choix" | "plusieurs":
            words = names(field, rules)
            found = [words.get(name, name) for name in (given if isinstance(given, list) else [given])]
            shown = found if field.titres else [within(word) for word in found]
            return ", ".join(shown if field.spro else sorted(shown))
        case _:
            return as_it_is(given)
