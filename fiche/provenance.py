"""Where the facts of a changed sheet come from: who changed a fact says so, the others keep what they rest on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from fiche.facts import SERVICES, Place, at, facts, holder, service_place, services, with_fact
from fiche.words import SURE


def declared(source: str, on: date) -> dict[str, Any]:
    """The provenance of what somebody states on a day."""
    return {"source": source, "verifie": on.isoformat(), "confiance": SURE}


def stamped(before: Mapping[str, Any], after: Mapping[str, Any], source: str, on: date) -> dict[str, Any]:
    """`after` as it is submitted: changed facts come from `source`, those taken away lose their provenance.

    The dates of the sheet and of the services that changed become `on`; the other services keep theirs. A sheet in
    which nothing changed is given back as it is.
    """
    was, now = facts(before), facts(after)
    touched: dict[Place, set[str]] = {}
    for place in [*now, *(place for place in was if place not in now)]:
        if was.get(place) != now.get(place):
            touched.setdefault(holder(place), set()).add(place[-1])
    known = {(), *map(service_place, services(after))}
    stated = {place for place in known if _provenance(before, place) != _provenance(after, place)}
    if not touched and not stated and list(services(before)) == list(services(after)):
        return dict(after)
    stamp = declared(source, on)
    for place in known & touched.keys():
        after = with_fact(after, (*place, "spro", "provenance"), _stamped(after, place, touched[place], stamp))
    return _dated(before, after, {*touched, *stated}, on)


def _stamped(after: Mapping[str, Any], place: Place, names: set[str], stamp: Mapping[str, Any]) -> dict[str, Any]:
    present = {found[-1] for found in facts(after) if holder(found) == place}
    kept = {name: entry for name, entry in _provenance(after, place).items() if name not in names}
    return kept | {name: dict(stamp) for name in sorted(names & present)}


def _provenance(document: Mapping[str, Any], place: Place) -> Mapping[str, Any]:
    found = at(document, (*place, "spro", "provenance"))
    return found if isinstance(found, Mapping) else {}


def _dated(before: Mapping[str, Any], after: Mapping[str, Any], changed: set[Place], on: date) -> dict[str, Any]:
    """A service without a date is as old as its sheet: it is given the date that the sheet had."""
    day, old = on.isoformat(), before.get("date_maj")
    dated = []
    for identifier, service in services(after).items():
        if service_place(identifier) in changed:
            dated.append({**service, "date_maj": day})
        elif "date_maj" in service or old in (None, day):
            dated.append(dict(service))
        else:
            dated.append({**service, "date_maj": old})
    return {**after, "date_maj": day} | ({SERVICES: dated} if dated else {})
