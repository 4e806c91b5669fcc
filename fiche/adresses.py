"""Whether a postcode, an INSEE code and the name of a commune are real and speak of the same place."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine import territory
from engine.documents import closest, shorten
from engine.territory import Commune, fold

Probleme = tuple[str, str]
"""The key of a sheet that is wrong, and the sentence that says what and how to mend it."""

FAR = 40.0
"""Kilometres from the centre of its commune beyond which no address is: the largest communes are about 40 km across."""

_CEDEX = re.compile(r"\s*\bcedex\b.*$", re.IGNORECASE)
_ARRONDISSEMENT = re.compile(r"^(Paris|Lyon|Marseille)\b[ -]+\d+.*$", re.IGNORECASE)


def address_problems(data: Mapping[str, Any]) -> Iterator[Probleme]:
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


def _unreal(postcode: str, code: str, name: str) -> Iterator[Probleme]:
    """What does not exist: a postcode, an INSEE code, a commune."""
    meant = _meant(postcode, code, name)
    place = territory.commune(code)
    if postcode and not re.fullmatch(r"\d{5}", postcode, re.ASCII):
        yield (
            "code_postal",
            f"« {shorten(postcode)} » n'est pas un code postal : 5 chiffres attendus.{_postcodes(meant)}",
        )
    elif postcode and not territory.with_postcode(postcode) and not _CEDEX.search(name):
        hint = _postcodes(meant) or " Pour un code CEDEX, écrivez « Cedex » après le nom de la commune."
        yield "code_postal", f"le code postal « {postcode} » n'existe pas.{hint}"
    if code and place is None:
        yield "code_insee", f"le code INSEE « {shorten(code)} » n'existe pas.{_codes(meant)}"
    if name and place is None and not territory.named(town(name)):
        near = territory.with_postcode(postcode) or territory.communes_of(postcode[:2])
        hint = closest(town(name), [other.nom for other in near]) or _hint(other.nom for other in meant)
        yield "commune", f"commune « {shorten(name)} » inconnue.{hint}"


def _meant(postcode: str, code: str, name: str) -> list[Commune]:
    """The communes that most of the three designate."""
    place = territory.commune(code)
    told = [[place] if place else [], territory.with_postcode(postcode), territory.named(town(name))]
    votes = Counter(place for places in told for place in places)
    return [place for place, count in votes.items() if count == max(votes.values())]


# --- together ---


def _discordant(postcode: str, code: str, name: str) -> Iterator[Probleme]:
    """What speaks of two places."""
    place = territory.commune(code)
    wanted = territory.named(town(name))
    if place and name and fold(town(place.nom)) != fold(town(name)):
        right = [other for other in wanted if postcode in other.codes_postaux] or wanted
        yield "code_insee", f"{code} est le code INSEE de « {place.nom} », pas de « {shorten(name)} ».{_codes(right)}"
        return
    homes = [place] if place else wanted
    if not postcode or not homes:
        return
    if _CEDEX.search(name):
        if not any(postcode.startswith(home.departement.rstrip("AB")) for home in homes):
            yield "code_postal", f"{postcode} n'est pas un code CEDEX du département de « {homes[0].nom} »."
    elif not any(postcode in home.codes_postaux for home in homes):
        near = [home for home in homes if home.departement == postcode[:2]] or homes
        yield "code_postal", f"{postcode} n'est pas un code postal de « {homes[0].nom} ».{_postcodes(near)}"


def _codes(places: Iterable[Commune]) -> str:
    return _hint(f"{place.code} ({place.nom})" for place in places)


def _postcodes(places: Iterable[Commune]) -> str:
    return _hint(f"{postcode} ({place.nom})" for place in places for postcode in place.codes_postaux)


def _hint(choices: Iterable[str]) -> str:
    found = list(dict.fromkeys(choices))
    return f" Vouliez-vous dire {' ou '.join(found)} ?" if 0 < len(found) <= 3 else ""


# --- on a map ---


def _misplaced(latitude: object, longitude: object, code: str, name: str) -> Iterator[Probleme]:
    """Half a position, one that is nowhere, or one far from its commune."""
    known = [value for value in (latitude, longitude) if value is not None]
    if not known:
        return
    if len(known) == 1:
        missing = "longitude" if longitude is None else "latitude"
        yield missing, "la latitude et la longitude vont ensemble : donnez les deux, ou aucune."
        return
    if not isinstance(latitude, (int, float)) or not isinstance(longitude, (int, float)):
        return  # the models say it
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        yield "latitude", "une latitude va de -90 à 90, une longitude de -180 à 180."
        return
    places = [place] if (place := territory.commune(code)) else territory.named(town(name))
    centres = [centre for centre in (territory.point(place.code) for place in places) if centre]
    if len(centres) == len(places) > 0 and min(kilometres((latitude, longitude), centre) for centre in centres) > FAR:
        turned = min(kilometres((longitude, latitude), centre) for centre in centres) <= FAR
        hint = " La latitude et la longitude semblent échangées." if turned else ""
        yield "latitude", f"cette position est à plus de {FAR:.0f} km de « {places[0].nom} ».{hint}"


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance between two places (latitude, longitude in degrees) that are near each other."""
    shrink = math.cos(math.radians((one[0] + other[0]) / 2))
    return 111.2 * math.hypot(one[0] - other[0], (one[1] - other[1]) * shrink)
