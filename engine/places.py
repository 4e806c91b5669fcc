"""Which commune and which desk a situation names, and the zones where offers may cover it."""

from __future__ import annotations

from functools import cache

from engine import territory
from engine.catalogue import Catalogue
from engine.documents import shorten, unknown_name


class UnknownName(ValueError):
    """A desk or a commune that does not exist; `champ` says which key of the situation names it."""

    def __init__(self, champ: str, message: str) -> None:
        super().__init__(message)
        self.champ = champ


def zones_of(commune: str | None, catalogue: Catalogue) -> frozenset[str]:
    """The zones of a commune, or of the whole basin when none was said. Raises UnknownName."""
    basin = catalogue.territoire
    if commune is None:
        home = territory.commune(basin.commune)
        return frozenset(basin.zones) | (home.zones if home else frozenset())
    return resolve_commune(commune, catalogue).zones


def resolve_commune(words: str, catalogue: Catalogue) -> territory.Commune:
    """The commune that an INSEE code or a name designates, near the basin first. Raises UnknownName."""
    found = _find_commune(words, catalogue.territoire.zones)
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(f"{place.nom} ({place.code})" for place in found[:6])
        raise UnknownName("commune", f"plusieurs communes se nomment « {words} » : donnez le code INSEE ({choices}).")
    names = [place.nom for zone in catalogue.territoire.zones for place in territory.communes_of(zone)]
    near = next((name for name in names if territory.fold(name).startswith(territory.fold(words)[:4])), None)
    hint = f" Vouliez-vous dire « {near} » ?" if near and territory.fold(words) else ""
    raise UnknownName(
        "commune", f"commune « {shorten(words)} » inconnue (nom ou code INSEE à 5 chiffres attendu).{hint}"
    )


@cache
def _find_commune(words: str, near: tuple[str, ...]) -> tuple[territory.Commune, ...]:
    return tuple(territory.find(words, near))


def check_desk(desk: str | None, catalogue: Catalogue) -> None:
    """Raises UnknownName for a desk that is not a structure of the catalogue."""
    if desk is not None and desk not in catalogue.structures:
        raise UnknownName("bureau", unknown_name("bureau", desk, catalogue.structures))
