"""What is wrong with a sheet that somebody is writing, field by field, in words for that field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.base import Base
from engine.documents import InvalidDocuments
from engine.problems import Chemin, Faute, Probleme
from fiche import coordonnees
from fiche.facts import SERVICES, Place, holder, service_place, services
from fiche.fields import asked_of
from fiche.model import Structure
from fiche.provenance import stamped
from store import checks

TO_FILL = "à remplir."


@dataclass(frozen=True, slots=True)
class Controle:
    """A sheet as it would be submitted, what it describes when it is right, and what is wrong, by place.

    What concerns no field is at the place of what holds it: a service, or the structure (the empty place).
    """

    document: dict[str, Any]
    structure: Structure | None
    problemes: Mapping[Place, tuple[str, ...]]

    def count(self, places: Iterable[Place]) -> int:
        """How many things are wrong at some places."""
        return sum(len(self.problemes.get(place, ())) for place in places)

    def of_service(self, identifier: str) -> int:
        """How many things are wrong in a service."""
        whole = service_place(identifier)
        return self.count(place for place in self.problemes if place[:2] == whole)


def control(
    fiche: str, before: Mapping[str, Any], after: Mapping[str, Any], base: Base, source: str, on: date
) -> Controle:
    """What the store would say of `after`, made from `before` and stated by `source`.

    What knows the format of a contact says it better than the models, which only know how many characters it has.
    """
    document = checks.pruned(stamped(before, after, source, on))
    names = list(services(document))
    structure, told = None, []
    try:
        structure = checks.checked(fiche, document, base)
    except InvalidDocuments as error:
        told = [_placed(found.chemin, found.probleme, names) for found in error.diagnostics]
    known = [_placed(chemin, wrong, names) for chemin, wrong in coordonnees.sheet_problems(document)]
    better = {place for place, _ in known}
    found: dict[Place, list[str]] = {}
    for place, sentence in (*(one for one in told if one[0] not in better), *known):
        found.setdefault(place, []).append(sentence)
    return Controle(document, structure, {place: tuple(dict.fromkeys(lines)) for place, lines in found.items()})


def in_order(control: Controle) -> Iterator[tuple[Place, str]]:
    """Everything that is wrong, the structure first, then the services as they stand."""
    holders = [(), *map(service_place, services(control.document))]
    for place in sorted(control.problemes, key=lambda found: holders.index(holder(found))):
        for sentence in control.problemes[place]:
            yield place, sentence


def _placed(chemin: Chemin, probleme: Probleme, names: list[str]) -> tuple[Place, str]:
    """The place of the field that a problem is about, and its sentence there."""
    whole: Place = ()
    rest = tuple(step for step in chemin if isinstance(step, str))
    if len(chemin) > 1 and chemin[0] == SERVICES and isinstance(chemin[1], int):
        whole = service_place(names[chemin[1]]) if chemin[1] < len(names) else ()
        rest = rest[1:]
    message = str(probleme)
    if probleme.espece is Faute.CLE_MANQUANTE:
        rest, message = (*rest, probleme.valeurs["cle"]), TO_FILL
    for field in asked_of(whole):
        if rest[: len(field.place)] == field.place:
            return (*whole, *field.place), message
    if rest == ("code_insee",):
        return (*whole, "commune"), message
    return whole, f"{', '.join(rest)} : {message}" if rest else message
