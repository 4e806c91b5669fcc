"""A sheet as facts, each at its place: what comparing, merging and dating a sheet have in common. Pure.

A place names a service by its identifier, so that it stays the same when services are added, removed or moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Place = tuple[str, ...]
"""Of a fact: `("telephone",)`, `("spro", "role")`, `("services", identifier, "spro", "besoins")`; `("services",
identifier)` is a whole service."""

SERVICES = "services"
_NOT_FACTS = frozenset({"id", "source", "structure_id", "date_maj", "spro", "services", "provenance"})


def facts(document: Mapping[str, Any]) -> dict[Place, Any]:
    """Every fact of a sheet and of its services."""
    found = dict(_own(document))
    for identifier, service in services(document).items():
        found |= {(*service_place(identifier), *place): value for place, value in _own(service)}
    return found


def services(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The services of a sheet by identifier, in their order."""
    found = document.get(SERVICES)
    known = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
    return {str(service.get("id", "")): service for service in known}


def service_place(identifier: str) -> Place:
    """The place of a whole service."""
    return (SERVICES, identifier)


def holder(place: Place) -> Place:
    """The place of what holds a fact: a service, or the structure (the empty place)."""
    return place[:2] if place[:1] == (SERVICES,) else ()


def at(document: Mapping[str, Any], place: Place) -> Any:
    """What is at a place; None for nothing."""
    data: Any = document
    if place[:1] == (SERVICES,) and len(place) > 1:
        data, place = services(document).get(place[1]), place[2:]
    for step in place:
        data = data.get(step) if isinstance(data, Mapping) else None
    return data


def with_fact(document: Mapping[str, Any], place: Place, value: Any) -> dict[str, Any]:
    """The same sheet with another value at a place; None takes it away. A new service comes last."""
    if place[:1] != (SERVICES,):
        return _with(document, place, value)
    known = services(document)
    identifier, inside = place[1], place[2:]
    new = _with(known.get(identifier, {"id": identifier}), inside, value) if inside else value
    changed = [new if name == identifier else service for name, service in known.items()]
    if identifier not in known:
        changed.append(new)
    return _with(document, (SERVICES,), [service for service in changed if service is not None] or None)


def _own(data: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    for name, value in data.items():
        if name not in _NOT_FACTS:
            yield (name,), value
    spro = data.get("spro")
    for name, value in spro.items() if isinstance(spro, Mapping) else ():
        if name not in _NOT_FACTS:
            yield ("spro", name), value


def _with(data: Mapping[str, Any], path: Place, value: Any) -> dict[str, Any]:
    first, *rest = path
    if rest:
        inner = data.get(first)
        value = _with(inner if isinstance(inner, Mapping) else {}, tuple(rest), value)
    if value is None or value == {}:
        return {name: item for name, item in data.items() if name != first}
    return {**data, first: value}
