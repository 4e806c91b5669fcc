"""A proposal to complete a sheet with an imported one: what it lacks is filled in, nothing that it says is changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from engine.territory import fold
from fiche.exchange.national import FIELDS, LISTS
from fiche.fields import ADDRESS

_OF_ONE_PLACE = (*ADDRESS, "code_insee", "longitude", "latitude")
"""Facts of one place: they are filled in together, and never into an address that says something else."""

_KEPT = frozenset({"id", "source", "structure_id", "nom", "date_maj", "zone_eligibilite"})
"""Never filled in: what names a sheet, its date, and the zone, whose absence means everywhere."""


@dataclass(frozen=True, slots=True)
class Fait:
    """A fact of a structure, or of one of its services (None for the structure itself)."""

    service: str | None
    cle: str
    existant: Any
    importe: Any


@dataclass(frozen=True, slots=True)
class Fusion:
    """A proposed sheet; what was filled in, what both say differently, and the services that only the import has."""

    document: dict[str, Any]
    remplis: tuple[Fait, ...]
    differences: tuple[Fait, ...]
    services_absents: tuple[dict[str, Any], ...]
    """They are not added: without the reception policy that only the structure knows, they would be open to all."""


def merge(existing: Mapping[str, Any], imported: Mapping[str, Any]) -> Fusion:
    """The existing sheet with what it lacks, each fact with where it comes from. Neither argument is changed."""
    document = deepcopy(dict(existing))
    filled: list[Fait] = []
    differences = [*_complete(document, imported, None, FIELDS["structure"], filled)]
    if fold(existing["nom"]) != fold(imported["nom"]):
        differences.insert(0, Fait(None, "nom", existing["nom"], imported["nom"]))
    known = {fold(service["nom"]): service for service in document.get("services", ())}
    absent = []
    for service in imported.get("services", ()):
        same = known.get(fold(service["nom"]))
        if same is None:
            absent.append(deepcopy(service))
        else:
            differences += _complete(same, service, same["id"], FIELDS["service"], filled)
    return Fusion(document, tuple(filled), tuple(differences), tuple(absent))


def _complete(
    target: dict[str, Any],
    source: Mapping[str, Any],
    service: str | None,
    fields: Iterable[str],
    filled: list[Fait],
) -> Iterator[Fait]:
    """Fills `target` in, and gives what both say differently."""
    elsewhere = not _same_place(target, source)
    for key in fields:
        if key in _KEPT or not _told(source, key):
            continue
        if _told(target, key):
            if not _same(key, target[key], source[key]):
                yield Fait(service, key, target[key], source[key])
        elif key in _OF_ONE_PLACE and elsewhere:
            yield Fait(service, key, None, source[key])
        else:
            target[key] = deepcopy(source[key])
            target["spro"]["provenance"][key] = deepcopy(source["spro"]["provenance"][key])
            filled.append(Fait(service, key, None, source[key]))


def _same_place(target: Mapping[str, Any], source: Mapping[str, Any]) -> bool:
    """Whether what both say of the address agrees, and they say something of it unless `target` says nothing."""
    both = [key for key in _OF_ONE_PLACE if _told(target, key) and _told(source, key)]
    compared = all(_same(key, target[key], source[key]) for key in both)
    return compared if both else not any(_told(target, key) for key in _OF_ONE_PLACE)


def _told(sheet: Mapping[str, Any], key: str) -> bool:
    return sheet.get(key) not in (None, "", [])


def _same(key: str, first: Any, second: Any) -> bool:
    """Whether two values say the same: the order of a list, spaces, capitals, accents, +33 or 0 do not count."""
    if key in LISTS:
        return sorted(first) == sorted(second)
    if key == "telephone":
        return _digits(first) == _digits(second)
    return first == second or (isinstance(first, str) and isinstance(second, str) and fold(first) == fold(second) != "")


def _digits(number: str) -> str:
    return re.sub(r"^(?:00|\+)33|^0|\D", "", re.sub(r"[^\d+]", "", number))
