"""Whether a postcode, an INSEE code and the name of a commune are real and speak of the same place."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine import territory
from engine.problems import MAX_MEANT, Probleme, nearest
from engine.territory import Commune, fold
from fiche.problems import FauteLieu

FAR = 40.0
"""Kilometres from the centre of its commune beyond which no address is: the largest communes are about 40 km across."""

_CEDEX = re.compile(r"\s*\bcedex\b.*$", re.IGNORECASE)
_ARRONDISSEMENT = re.compile(r"^(Paris|Lyon|Marseille)\b[ -]+\d+.*$", re.IGNORECASE)


def address_problems(data: Mapping[str, Any]) -> Iterator[tuple[str, Probleme]]:
    """What is wrong in `code_postal`, `code_insee`, `commune`, `latitude` and `longitude` of plain data.

    A CEDEX code is in no list: it is accepted beside « Cedex », in the department of its commune.
    """
    postcode, code, name = (_text(data, key) for key in ("code_postal", "code_insee", "commune"))
    unreal = list(_unreal(postcode, code, name))
    yield from unreal or _discordant(postcode, code, name)
    yield from _misplaced(data.get("latitude"), data.get("longitude"), code, name)


def town(name: str) -> str:
    """The name of a commune without « Cedex 2 » or the number of an arrondissement."""
    return _ARRONDISSEMENT.sub(r"\1", _CEDEX.sub("", name)).strip()


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value.strip() if isinstance(value, str) else ""


# --- each alone ---


def _unreal(postcode: str, code: str, name: str) -> Iterator[tuple[str, Probleme]]:
    """What does not exist: a postcode, an INSEE code, a commune."""
    meant = _meant(postcode, code, name)
    place = territory.commune(code)
    if postcode and not re.fullmatch(r"\d{5}", postcode, re.ASCII):
        yield "code_postal", FauteLieu.CODE_POSTAL(valeur=postcode, proches=_postcodes(meant))
    elif postcode and not territory.with_postcode(postcode) and not _CEDEX.search(name):
        near = _postcodes(meant)
        known = FauteLieu.CODE_POSTAL_INCONNU(valeur=postcode, proches=near) if 0 < len(near) <= MAX_MEANT else None
        yield "code_postal", known or FauteLieu.CODE_CEDEX_SEUL(valeur=postcode)
    if code and place is None:
        yield "code_insee", FauteLieu.CODE_INSEE_INCONNU(valeur=code, proches=_codes(meant))
    if name and place is None and not territory.named(town(name)):
        around = territory.with_postcode(postcode) or territory.communes_of(postcode[:2])
        alike = nearest(town(name), [other.nom for other in around])
        unknown = FauteLieu.COMMUNE_INCONNUE(valeur=name, proches=alike or _once(other.nom for other in meant))
        yield "commune", unknown


def _meant(postcode: str, code: str, name: str) -> list[Commune]:
    """The communes that most of the three designate."""
    place = territory.commune(code)
    told = [[place] if place else [], territory.with_postcode(postcode), territory.named(town(name))]
    votes = Counter(place for places in told for place in places)
    return [place for place, count in votes.items() if count == max(votes.values())]


# --- together ---


def _discordant(postcode: str, code: str, name: str) -> Iterator[tuple[str, Probleme]]:
    """What speaks of two places."""
    place = territory.commune(code)
    wanted = territory.named(town(name))
    if place and name and fold(town(place.nom)) != fold(town(name)):
        right = [other for other in wanted if postcode in other.codes_postaux] or wanted
        wrong = FauteLieu.AUTRE_COMMUNE(valeur=code, commune=place.nom, ecrite=name, proches=_codes(right))
        yield "code_insee", wrong
        return
    homes = [place] if place else wanted
    if not postcode or not homes:
        return
    if _CEDEX.search(name):
        if not any(postcode.startswith(home.departement.rstrip("AB")) for home in homes):
            yield "code_postal", FauteLieu.CEDEX_AILLEURS(valeur=postcode, commune=homes[0].nom)
    elif not any(postcode in home.codes_postaux for home in homes):
        near = [home for home in homes if home.departement == postcode[:2]] or homes
        wrong = FauteLieu.CODE_POSTAL_AILLEURS(valeur=postcode, commune=homes[0].nom, proches=_postcodes(near))
        yield "code_postal", wrong


def _codes(places: Iterable[Commune]) -> list[str]:
    return _once(f"{place.code} ({place.nom})" for place in places)


def _postcodes(places: Iterable[Commune]) -> list[str]:
    return _once(f"{postcode} ({place.nom})" for place in places for postcode in place.codes_postaux)


def _once(choices: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(choices))


# --- on a map ---


def _misplaced(latitude: object, longitude: object, code: str, name: str) -> Iterator[tuple[str, Probleme]]:
    """Half a position, one that is nowhere, or one far from its commune."""
    known = [value for value in (latitude, longitude) if value is not None]
    if not known:
        return
    if len(known) == 1:
        missing = "longitude" if longitude is None else "latitude"
        yield missing, FauteLieu.DEMI_POSITION()
        return
    if not isinstance(latitude, (int, float)) or not isinstance(longitude, (int, float)):
        return  # the models say it
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        yield "latitude", FauteLieu.POSITION()
        return
    places = [place] if (place := territory.commune(code)) else territory.named(town(name))
    centres = [centre for centre in (territory.point(place.code) for place in places) if centre]
    if len(centres) == len(places) > 0 and min(kilometres((latitude, longitude), centre) for centre in centres) > FAR:
        turned = min(kilometres((longitude, latitude), centre) for centre in centres) <= FAR
        espece = FauteLieu.POSITION_ECHANGEE if turned else FauteLieu.POSITION_LOIN
        yield "latitude", espece(km=int(FAR), commune=places[0].nom)


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance between two places (latitude, longitude in degrees) that are near each other."""
    shrink = math.cos(math.radians((one[0] + other[0]) / 2))
    return 111.2 * math.hypot(one[0] - other[0], (one[1] - other[1]) * shrink)
