"""Where structures are on the map of the basin, and why some are not on it. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine import territory
from engine.catalogue import Territoire
from engine.territory import Commune
from fiche.adresses import kilometres, town
from fiche.model import Service, Structure
from fiche.words import UNKNOWN

NO_ADDRESS = f"Adresse {UNKNOWN}"
NO_PUBLIC = "Ne reçoit pas le public"
NO_POINT = "Centre de la commune non connu"
SEVERAL = "Plusieurs communes de ce nom"
NOT_A_COMMUNE = "Commune inconnue"
OUTSIDE = "Hors de la carte"

Position = tuple[float, float]
"""Latitude and longitude, in degrees."""


@dataclass(frozen=True, slots=True)
class Lieu:
    """A structure, or one of its services held elsewhere, at a place; `precis` is false at the centre of a commune."""

    structure: Structure
    nom: str
    commune: str
    position: Position
    precis: bool


@dataclass(frozen=True, slots=True)
class Absence:
    """What is not on the map, and why; `commune` is empty when it is not known."""

    structure: Structure
    nom: str
    commune: str
    raison: str


def places(structures: Iterable[Structure], territoire: Territoire) -> tuple[list[Lieu], list[Absence]]:
    """Where the structures are, the nearest to the basin's seat first, and those that have no position."""
    found = [place for structure in structures for place in _of(structure, territoire)]
    seat = territory.point(territoire.commune)
    known = [place for place in found if isinstance(place, Lieu)]
    known.sort(key=lambda lieu: (kilometres(seat, lieu.position) if seat else 0, lieu.commune))
    return known, [place for place in found if isinstance(place, Absence)]


def _of(structure: Structure, territoire: Territoire) -> Iterator[Lieu | Absence]:
    """The place of a structure, then those of its services that have another."""
    own = _place(structure, structure, territoire)
    elsewhere = {
        (place.position, place.precis): place
        for place in (_place(service, structure, territoire) for service in structure.services)
        if isinstance(place, Lieu) and not (isinstance(own, Lieu) and place.position == own.position)
    }
    if isinstance(own, Lieu) or not elsewhere:
        yield own
    yield from elsewhere.values()


def _place(holder: Structure | Service, structure: Structure, territoire: Territoire) -> Lieu | Absence:
    name = structure.nom if holder is structure else f"{structure.nom} ({holder.nom})"
    communes = _communes(holder, territoire)
    shown = communes[0].nom if len(communes) == 1 else holder.commune or ""
    if holder.latitude is not None and holder.longitude is not None:
        return Lieu(structure, name, shown, (holder.latitude, holder.longitude), True)
    if not communes:
        unknown = NO_ADDRESS if structure.spro.recoit_public else NO_PUBLIC
        reason = NOT_A_COMMUNE if holder.commune else unknown
    elif len(communes) > 1:
        reason = SEVERAL
    else:
        centre = territory.point(communes[0].code)
        if centre:
            return Lieu(structure, name, shown, centre, False)
        reason = NO_POINT
    return Absence(structure, name, shown, reason)


def _communes(holder: Structure | Service, territoire: Territoire) -> list[Commune]:
    """The communes that a code, else a name, designates; those of the postcode, else of the basin, before others."""
    if holder.code_insee:
        exact = territory.commune(str(holder.code_insee))
        return [exact] if exact else []
    named = list(territory.named(town(holder.commune or "")))
    postcode = str(holder.code_postal or "")
    zones = frozenset(territoire.zones)
    for near in (
        [place for place in named if postcode in place.codes_postaux],
        [place for place in named if postcode and postcode.startswith(place.departement.rstrip("AB"))],
        [place for place in named if not postcode and place.zones & zones],
    ):
        if near:
            return near
    return named
