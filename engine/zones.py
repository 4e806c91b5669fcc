"""The names of departments and of groups of communes (EPCI): how people say the zone of a service.

Data: engine/territoire/zones.tsv, made from the npm package @etalab/decoupage-administratif 6.0.0 (MIT).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine import territory

ZONES = Path(__file__).parent / "territoire" / "zones.tsv"
FRANCE = "france"


@cache
def names() -> dict[str, str]:
    """The whole country, then departments, then groups of communes: their names by code."""
    lines = ZONES.read_text(encoding="utf-8").splitlines()
    return {FRANCE: "Toute la France"} | dict(line.split("\t", 1) for line in lines)


def label(code: str) -> str:
    """A zone by name, with what tells it from another one of the same name; a code that is no zone stays as it is."""
    found = names().get(FRANCE if code in territory.WHOLE_COUNTRY else code)
    if found:
        return f"{found} (département {code})" if len(code) <= 3 else found
    place = territory.commune(code)
    if place is None:
        return code
    return f"{place.nom} ({', '.join(place.codes_postaux) or code})"


def within(code: str) -> str:
    """A zone as within a sentence."""
    if code in territory.WHOLE_COUNTRY:
        return "toute la France"
    place = territory.commune(code)
    return place.nom if place else label(code)
