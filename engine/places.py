"""Which commune and which desk a situation names, and the zones where offers may cover it."""

from __future__ import annotations

from functools import lru_cache

from engine import territory
from engine.base_problems import FauteSituation
from engine.catalogue import Catalogue
from engine.problems import Probleme, unknown_name


class UnknownName(ValueError):
    """A desk or a commune that does not exist; `champ` says which key of the situation names it."""

    def __init__(self, champ: str, probleme: Probleme) -> None:
        super().__init__(str(probleme))
        self.champ = champ
        self.probleme = probleme


def zones_of(commune: str | None, catalogue: Catalogue) -> frozenset[str]:
    """The zones of a commune, or of the whole basin when none was said. Raises UnknownName."""
    basin = catalogue.territoire
    if commune is None:
        home = territory.commune(basin.commune)
        return frozenset(basin.zones) | (home.zones if home else frozenset())
    return resolve_commune(commune, catalogue).zones


def resolve_commune(words: str, catalogue: Catalogue) -> territory.Commune:
    """The commune that an INSEE code or a name designates, near the basin first. Raises UnknownName."""
    found = _find_commune(words, catalogue.territoire.zones) if len(words) <= MAX_NAME else ()
    if len(found) == 1:
        return found[0]
    if found:
        choices = [f"{place.nom} ({place.code})" for place in found[:6]]
        raise UnknownName("commune", FauteSituation.COMMUNES_HOMONYMES(mot=words, choix=choices))
    names = [place.nom for zone in catalogue.territoire.zones for place in territory.communes_of(zone)]
    start = territory.fold(words[:MAX_NAME])[:4]
    near = (name for name in names if start and territory.fold(name).startswith(start))
    raise UnknownName("commune", FauteSituation.COMMUNE_INCONNUE(mot=words, proche=next(near, "")))


MAX_NAME = 100
"""Characters of the name of a commune; the longest has 45."""


@lru_cache(maxsize=10_000)
def _find_commune(words: str, near: tuple[str, ...]) -> tuple[territory.Commune, ...]:
    return tuple(territory.find(words, near))


def check_desk(desk: str | None, catalogue: Catalogue) -> None:
    """Raises UnknownName for a desk that is not a structure of the catalogue."""
    if desk is not None and desk not in catalogue.structures:
        raise UnknownName("bureau", unknown_name("bureau", desk, catalogue.structures))
