"""What changed between two versions of a sheet, line by line, in plain French.

Nothing that differs is left unsaid, even in a document that is wrong: two versions without a difference are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from engine.base import Base
from engine.problems import Chemin
from fiche.fields import find, name
from fiche.model import Service, SproService, SproStructure, Structure
from fiche.values import UNSAID, exact, unsaid, value
from fiche.words import CONFIDENCE, capital, day, listed

NO_SERVICE = "ce service n’existait pas"
REMOVED = "service retiré"
ADDED = "service ajouté"
ORDER = "Ordre des services"

_SERVICES, _NETWORK, _PROVENANCE = "services", "spro", "provenance"
_NOTHING: Any = object()
"""Stands for a key that is not there."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of what changed: the path of the value (in the later version, or in the earlier one when it is gone
    from the later), its place in words, and the value before and after, in words."""

    chemin: Chemin
    lieu: str
    avant: str
    apres: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any], base: Base) -> list[Difference]:
    """Every difference, in the order of the sheet; a service that comes or goes is one line."""
    return [*_fields(before, after, _Place((), "", Structure), base), *_services(before, after, base)]


def place_in_words(chemin: Chemin, document: Mapping[str, Any]) -> str:
    """Where a value of a document stands: « Service « … » › Âge maximum »."""
    names, steps = [], chemin
    if chemin[:1] == (_SERVICES,) and len(chemin) > 1:
        try:
            service = document[_SERVICES][chemin[1]]
            names.append(_title(service, str(service.get("id"))))
        except (AttributeError, IndexError, KeyError, TypeError):
            names.append(f"Service {chemin[1]}")
        steps = chemin[2:]
    names += [capital(name(step)) for step in steps if isinstance(step, str) and step != _NETWORK]
    return " › ".join(names) or "La fiche"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a part of the sheet stands: its path, the words before its fields, and the model that orders them."""

    chemin: Chemin
    lieu: str
    modele: type[BaseModel]

    def named(self, key: Any) -> str:
        return f"{self.lieu}{capital(name(key))}"

    @property
    def network(self) -> bool:
        return self.modele in (SproStructure, SproService)

    def inner(self) -> _Place:
        model = SproStructure if self.modele is Structure else SproService
        return _Place((*self.chemin, _NETWORK), self.lieu, model)


def _fields(before: Mapping[Any, Any], after: Mapping[Any, Any], place: _Place, base: Base) -> Iterator[Difference]:
    order = {name: position for position, name in enumerate(place.modele.model_fields)}
    keys = {**dict.fromkeys(before), **dict.fromkeys(after)}
    for key in sorted(keys, key=lambda key: (order.get(key, len(order)), repr(key))):
        if key == _SERVICES and place.modele is Structure:
            continue
        was, now = before.get(key, _NOTHING), after.get(key, _NOTHING)
        if same(was, now):
            continue
        found: list[Difference] = []
        if key == _NETWORK and not place.network and _are(Mapping, was, now):
            found = list(_fields(was, now, place.inner(), base))
        elif key == _PROVENANCE and place.network and _are(Mapping, was, now):
            found = [_sources(was, now, place)]
        yield from found or [_line(key, was, now, place, base)]


def _line(key: Any, was: Any, now: Any, place: _Place, base: Base) -> Difference:
    field = find(key, spro=place.network)
    shown = [unsaid(field) if given is _NOTHING else value(field, given, base.rules) for given in (was, now)]
    if shown[0] == shown[1]:
        shown = [UNSAID if given is _NOTHING else exact(given) for given in (was, now)]
    return Difference((*place.chemin, key), place.named(key), shown[0], shown[1])


def _sources(was: Mapping[Any, Any], now: Mapping[Any, Any], place: _Place) -> Difference:
    """All that changed of where facts come from, on one line."""
    changed = [key for key in {**was, **now} if not same(was.get(key, _NOTHING), now.get(key, _NOTHING))]
    lines = [
        " ; ".join(_source(key, side[key]) for key in sorted(changed, key=repr) if key in side) or UNSAID
        for side in (was, now)
    ]
    if lines[0] == lines[1]:
        lines = [exact({key: side[key] for key in changed if key in side}) for side in (was, now)]
    return Difference((*place.chemin, _PROVENANCE), place.named(_PROVENANCE), lines[0], lines[1])


def _source(fact: Any, found: Any) -> str:
    """Where a fact comes from, in words."""
    label = capital(name(fact))
    try:
        checked = day(date.fromisoformat(found["verifie"]))
        return f"{label} : {found['source']}, vérifié le {checked}, {CONFIDENCE[found['confiance']]}"
    except (KeyError, TypeError, ValueError):
        return f"{label} : {exact(found)}"


# --- services ---


def _services(before: Mapping[str, Any], after: Mapping[str, Any], base: Base) -> Iterator[Difference]:
    was, now = before.get(_SERVICES, _NOTHING), after.get(_SERVICES, _NOTHING)
    if same(was, now):
        return
    earlier, later = _by_id(was), _by_id(now)
    if earlier is None or later is None or not (earlier or later):
        yield _line(_SERVICES, was, now, _Place((), "", Structure), base)
        return
    for identifier, (index, service) in later.items():
        title = _title(service, identifier)
        if identifier in earlier:
            place = _Place((_SERVICES, index), f"{title} › ", Service)
            yield from _fields(earlier[identifier][1], service, place, base)
        else:
            yield Difference((_SERVICES, index), title, NO_SERVICE, _summary(service, base))
    for identifier, (index, service) in earlier.items():
        if identifier not in later:
            yield Difference((_SERVICES, index), _title(service, identifier), _summary(service, base, ""), REMOVED)
    orders = [
        [identifier for identifier in side if identifier in earlier and identifier in later]
        for side in (earlier, later)
    ]
    if orders[0] != orders[1]:
        names = [listed(_name(later[identifier][1], identifier) for identifier in order) for order in orders]
        if names[0] == names[1]:
            names = [listed(order) for order in orders]
        yield Difference((_SERVICES,), ORDER, names[0], names[1])


def _by_id(given: Any) -> dict[str, tuple[int, Mapping[str, Any]]] | None:
    """Services by identifier with their place; None when they cannot be told apart."""
    if given is _NOTHING:
        return {}
    if not isinstance(given, list) or not all(isinstance(service, Mapping) for service in given):
        return None
    found = {service.get("id"): (index, service) for index, service in enumerate(given) if _has_id(service)}
    return found if len(found) == len(given) else None


def _has_id(service: Mapping[str, Any]) -> bool:
    return isinstance(service.get("id"), str)


def _title(service: Mapping[str, Any], identifier: str) -> str:
    return f"Service « {_name(service, identifier)} »"


def _name(service: Mapping[str, Any], identifier: str) -> str:
    name = service.get("nom")
    return name if isinstance(name, str) and name else identifier


def _summary(service: Mapping[str, Any], base: Base, title: str = ADDED) -> str:
    """What a service is, on one line."""
    network = service.get(_NETWORK)
    spro: Mapping[Any, Any] = network if isinstance(network, Mapping) else {}
    told = [key for key in ("besoins", "niveau", "publics") if key in spro]
    parts = [value(find(key, spro=True), spro[key], base.rules) for key in told]
    return " ; ".join(filter(None, (title, *parts))) or "service"


# --- what is the same ---


def same(one: Any, other: Any) -> bool:
    """Whether two values are written alike: 1, 1.0 and true are three values."""
    if _are(Mapping, one, other):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if _are(list, one, other):
        return len(one) == len(other) and all(map(same, one, other))
    return one is other or (type(one) is type(other) and repr(one) == repr(other))


def _are(kind: type, *values: Any) -> bool:
    return all(isinstance(given, kind) for given in values)
