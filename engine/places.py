"""Which commune and which desk a situation names, and the zones where offers may cover it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from engine import territory
from engine.base_problems import FauteSituation
from engine.catalogue import HORS_BASSIN, Catalogue, Territoire
from engine.problems import Probleme, shorten, unknown_name


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
    zones = resolve_commune(commune, catalogue).zones
    return zones if zones & basin.habitants else zones | {HORS_BASSIN}


@dataclass(frozen=True, slots=True)
class Lieu:
    """Where a person lives."""

    commune: str
    nom: str
    dans_le_bassin: bool


def lieu_of(commune: str | None, catalogue: Catalogue) -> Lieu | None:
    """The place that was said. Raises UnknownName."""
    if commune is None:
        return None
    place = resolve_commune(commune, catalogue)
    return Lieu(place.code, place.nom, bool(place.zones & catalogue.territoire.habitants))


def commune_said(commune: str | None, code_postal: str | None, catalogue: Catalogue) -> str | None:
    """The commune that a situation names, itself or by its postal code; None when nothing was said, or when the code
    covers several communes of which none is chosen: never a guess. Raises UnknownName."""
    if commune is not None or code_postal is None:
        return commune
    found = communes_of_code(code_postal, catalogue)
    return found[0].code if len(found) == 1 else None


def communes_of_code(code_postal: str, catalogue: Catalogue) -> list[territory.Commune]:
    """The communes of a postal code, those of the basin first. Raises UnknownName when there is none."""
    basin = catalogue.territoire.habitants
    found = sorted(territory.reached_by(code_postal), key=lambda place: (not place.zones & basin, place.nom))
    if not found:
        raise UnknownName("code_postal", FauteSituation.CODE_POSTAL_INCONNU(mot=code_postal))
    return found


def ambiguities(commune: str | None, code_postal: str | None, catalogue: Catalogue) -> Iterator[str]:
    """What to say of an INSEE code that is also a postal code of the basin, of a name that was written otherwise or is
    of the past, or of a postal code of several communes. Raises UnknownName."""
    exact = territory.commune(commune) if commune else None
    if exact is not None and exact.code == commune:
        basin = catalogue.territoire.habitants
        others = [place for place in territory.with_postcode(commune) if place.zones & basin and place != exact]
        if others:
            yield (
                f"« {commune} » est lu comme le code INSEE de {exact.nom} ; c'est aussi le code postal de "
                f"{_listed(others)}. Pour le code postal, écrivez « code_postal: {commune} »."
            )
    elif commune is not None:
        place = resolve_commune(commune, catalogue)
        if not territory.is_called(place, commune):
            yield f"« {shorten(commune)} » est lu comme {place.nom} ({place.code})."
    if commune is None and code_postal is not None:
        found = communes_of_code(code_postal, catalogue)
        if len(found) > 1:
            yield f"Le code postal {code_postal} couvre plusieurs communes ({_listed(found)}) : demandez laquelle."


def _listed(places: Sequence[territory.Commune]) -> str:
    return ", ".join(place.nom for place in places[:4]) + (", …" if len(places) > 4 else "")


def resolve_commune(words: str, catalogue: Catalogue) -> territory.Commune:
    """The commune that an INSEE code or a name designates, near the basin first. Raises UnknownName."""
    basin = catalogue.territoire.habitants
    found = communes_named(words, catalogue.territoire)
    if len(found) == 1:
        return found[0]
    if found:
        found = tuple(dict.fromkeys((*territory.beginning(words, basin), *found)))
        choices = [f"{place.nom} ({place.code})" for place in found[:6]]
        alike = all(territory.is_called(place, words) for place in found)
        several = FauteSituation.COMMUNES_HOMONYMES if alike else FauteSituation.COMMUNES_POSSIBLES
        raise UnknownName("commune", several(mot=words, choix=choices))
    raise UnknownName("commune", FauteSituation.COMMUNE_INCONNUE(mot=words, proche=_near(words[:MAX_NAME], catalogue)))


def _near(words: str, catalogue: Catalogue) -> str:
    """The name that was perhaps meant, of the basin first; empty when none is near."""
    basin = catalogue.territoire.habitants
    start = territory.fold(words)[:4]
    names = (place.nom for place in territory.communes_in(basin))
    begins = (name for name in names if start and territory.fold(name).startswith(start))
    others = territory.alike(words, basin, heard=SHORT)
    best = max(others, key=lambda place: territory.inhabitants(place.code), default=None)
    return next(begins, best.nom if best else "")


SHORT = 4
"""Letters heard from which a name may be proposed, if not taken (see territory.ROUGH)."""

MAX_NAME = 100
"""Characters of the name of a commune; the longest has 45."""


def communes_named(words: str, territoire: Territoire) -> tuple[territory.Commune, ...]:
    """The communes that words may designate: where the basin's people live, else in the zones that it covers, else
    anywhere; none for a text longer than any name."""
    return _named(words, territoire.habitants, frozenset(territoire.zones)) if len(words) <= MAX_NAME else ()


@lru_cache(maxsize=10_000)
def _named(words: str, basin: frozenset[str], zones: frozenset[str]) -> tuple[territory.Commune, ...]:
    found = territory.find(words, basin)
    return tuple(found if found and found[0].zones & basin else territory.find(words, zones))


def check_desk(desk: str | None, catalogue: Catalogue) -> None:
    """Raises UnknownName for a desk that is not a structure of the catalogue."""
    if desk is not None and desk not in catalogue.structures:
        raise UnknownName("bureau", unknown_name("bureau", desk, catalogue.structures))
