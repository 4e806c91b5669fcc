"""What the coordination asks a structure to look at again: what is old, what is missing, what is not sure.

Each service says how often it is looked at again (`spro.frequence_mois`, six months unless it says otherwise).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from typing import Literal, get_args

from pydantic import BaseModel

from engine.ruleset import Confiance
from fiche.facts import Place
from fiche.fields import ADDRESS, ANY_SERVICE, FREQUENCE, fields_of
from fiche.model import Service, Structure
from fiche.rubrique import Rubrique
from fiche.values import given_by
from fiche.words import SURE

Fraicheur = Literal["depasse", "bientot", "a-jour"]
ETATS: tuple[Fraicheur, ...] = get_args(Fraicheur)
"""From the most urgent to the least."""

BIENTOT = timedelta(days=30)
"""How long before its date a sheet is said to be due soon."""

CONTACTS = tuple(field.cle for field in fields_of(()) if field.attendu and field.lecture == "contact")
"""What an agent needs to send somebody there; a service may have its own, else those of its structure serve."""


@dataclass(frozen=True, slots=True)
class Echeance:
    """When a service (None: the sheet of a structure without service) was last looked at, and is due again."""

    service: Service | None
    vue_le: date
    frequence_mois: int
    due_le: date
    etat: Fraicheur


@dataclass(frozen=True, slots=True)
class Manque:
    """A fact that nobody gave, of a structure or of one of its services."""

    champ: str
    service: Service | None


@dataclass(frozen=True, slots=True)
class Doute:
    """A fact that was not read in its source; `confiance` is None when nothing says where it comes from."""

    champ: str
    service: Service | None
    confiance: Confiance | None


@dataclass(frozen=True, slots=True)
class Bilan:
    """All there is to look at again in one sheet; `a_confirmer` is what the sheet itself says to confirm."""

    structure: Structure
    echeances: tuple[Echeance, ...]
    manques: tuple[Manque, ...]
    doutes: tuple[Doute, ...]
    a_confirmer: str | None

    @property
    def etat(self) -> Fraicheur:
        """How urgent its most urgent service is."""
        return min((found.etat for found in self.echeances), key=ETATS.index)

    @property
    def due_le(self) -> date:
        """When its first service is due."""
        return min(found.due_le for found in self.echeances)

    @property
    def parfaite(self) -> bool:
        """Whether nothing is to be looked at again."""
        return self.etat == "a-jour" and not (self.manques or self.doutes or self.a_confirmer)


def look(structure: Structure, on: date) -> Bilan:
    """What is to be looked at again in a sheet on a day."""
    due = [_due(service, service.date_maj, service.spro.frequence_mois, on) for service in structure.services]
    return Bilan(
        structure,
        tuple(due or [_due(None, structure.date_maj, FREQUENCE, on)]),
        tuple(_missing(structure)),
        tuple(_doubts(structure)),
        structure.spro.a_confirmer,
    )


def overview(structures: Iterable[Structure], on: date) -> list[Bilan]:
    """Every sheet, the first due first."""
    found = (look(structure, on) for structure in structures)
    return sorted(found, key=lambda bilan: (bilan.due_le, bilan.structure.nom, bilan.structure.id))


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or the last one of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > MAXYEAR:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _due(service: Service | None, seen: date, months: int, on: date) -> Echeance:
    due = add_months(seen, months)
    state: Fraicheur = "depasse" if on > due else "bientot" if due - on <= BIENTOT else "a-jour"
    return Echeance(service, seen, months, due, state)


def _missing(structure: Structure) -> Iterator[Manque]:
    """A contact is missing when an agent would read so for one of the services at least; nobody is sent to a
    structure that does not receive the public."""
    expected = CONTACTS if structure.spro.recoit_public else ()
    contacts = [name for name in expected if not getattr(structure, name) and not _each_service_has(structure, name)]
    yield from (Manque(field, None) for field in _merged(contacts))
    yield from (Manque(field.cle, None) for field in _expected(()) if given_by(structure, field) is None)
    for service in structure.services:
        yield from (Manque(field.cle, service) for field in _expected(ANY_SERVICE) if given_by(service, field) is None)


def _expected(whole: Place) -> Iterator[Rubrique]:
    """What is asked for besides contacts."""
    return (field for field in fields_of(whole) if field.attendu and field.lecture != "contact")


def _each_service_has(structure: Structure, field: str) -> bool:
    return bool(structure.services) and all(getattr(service, field, None) for service in structure.services)


def _merged(fields: Iterable[str]) -> list[str]:
    """The parts of an address count for one."""
    return list(dict.fromkeys("adresse" if field in ADDRESS else field for field in fields))


def _doubts(structure: Structure) -> Iterator[Doute]:
    yield from _doubts_of(structure, None)
    for service in structure.services:
        yield from _doubts_of(service, service)


def _doubts_of(holder: Structure | Service, service: Service | None) -> Iterator[Doute]:
    """Facts that are given and whose source is not sure; a contact without any source is not sure either."""
    provenance = holder.spro.provenance
    for field in dict.fromkeys([*type(holder).model_fields, *type(holder.spro).model_fields]):
        if not (_given(holder, field) or _given(holder.spro, field)):
            continue
        if field in provenance:
            if provenance[field].confiance != SURE:
                yield Doute(field, service, provenance[field].confiance)
        elif field in CONTACTS:
            yield Doute(field, service, None)


def _given(holder: BaseModel, field: str) -> bool:
    """Whether something is said; « no » and zero are facts."""
    value = getattr(holder, field, None)
    return value is not None and (isinstance(value, (bool, int)) or bool(value))
