"""Two people changed one sheet: where their versions differ, and the sheet that keeps what was chosen. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fiche.facts import Place, at, facts, holder, service_place, services, with_fact

Cote = Literal["la-mienne", "l-autre"]


@dataclass(frozen=True, slots=True)
class Ecart:
    """A place where two versions differ; `avant` is what both were made from. None is nothing."""

    place: Place
    avant: Any
    la_mienne: Any
    l_autre: Any

    @property
    def evident(self) -> Cote | None:
        """The side that changed it when the other did not; None when both did."""
        if self.l_autre == self.avant:
            return "la-mienne"
        return "l-autre" if self.la_mienne == self.avant else None


def gaps(before: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Ecart]:
    """Every place where two versions differ, in the order of the sheet; a service that only one has is one place."""
    holders: list[Place] = [(), *map(service_place, {**services(theirs), **services(mine)})]
    alone = [whole for whole in holders if whole and (at(mine, whole) is None) != (at(theirs, whole) is None)]
    known = [place for place in {**facts(theirs), **facts(mine)} if holder(place) not in alone]
    places = sorted((*known, *alone), key=lambda place: holders.index(holder(place)))
    found = (Ecart(place, at(before, place), at(mine, place), at(theirs, place)) for place in places)
    return [gap for gap in found if gap.la_mienne != gap.l_autre]


def merged(
    before: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], of_mine: Collection[Place]
) -> dict[str, Any]:
    """Their version, with mine at the places `of_mine`, and with the facts that I only confirmed."""
    result = dict(theirs)
    for place in of_mine:
        result = with_fact(result, place, at(mine, place))
    for place, value in facts(mine).items():
        stated = (*holder(place), "spro", "provenance", place[-1])
        confirmed = at(mine, stated) != at(before, stated) and at(before, place) == value
        if confirmed and at(result, place) == value:
            result = with_fact(result, stated, at(mine, stated))
    return result
