"""Communes, departments and groups of communes (EPCI): which codes are real, what a zone covers, where communes are.

Data: engine/territoire/communes.tsv, made from the npm package @etalab/decoupage-administratif 6.0.0 (MIT), and
territoire/points.tsv, made from GeoNames (CC BY 4.0). Beware that 28 and 24 are also codes of regions: a two-digit code
is always read as a department here, as data.inclusion does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

WHOLE_COUNTRY = frozenset({"france", "99100"})
COMMUNES = Path(__file__).parent / "territoire" / "communes.tsv"
POINTS = COMMUNES.with_name("points.tsv")


def fold(text: str) -> str:
    """Lower case, no accent, words separated by one space: how names are compared."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"\bst(e?)\b", r"saint\1", plain)).strip()


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune (Code officiel géographique)."""

    code: str
    nom: str
    departement: str
    epci: str
    codes_postaux: tuple[str, ...]

    @property
    def zones(self) -> frozenset[str]:
        """Every zone code that covers this commune."""
        return WHOLE_COUNTRY | {self.code, self.departement, self.epci}


@cache
def _text() -> str:
    return "\n" + COMMUNES.read_text(encoding="utf-8")


def _read(line: str) -> Commune:
    code, name, _, department, group, postcodes = line.split("\t")
    return Commune(code, name, department, group, tuple(postcodes.split(",")) if postcodes else ())


@cache
def commune(code: str) -> Commune | None:
    """The commune of an INSEE code, or None."""
    start = _text().find(f"\n{code}\t") + 1 if re.fullmatch(r"\w{5}", code, re.ASCII) else 0
    return _read(_text()[start : _text().index("\n", start)]) if start else None


@cache
def with_postcode(postcode: str) -> tuple[Commune, ...]:
    """The communes that have a postcode, by code."""
    found = _holding(postcode) if re.fullmatch(r"\d{5}", postcode, re.ASCII) else ()
    return tuple(place for place in found if postcode in place.codes_postaux)


@lru_cache(maxsize=50_000)
def named(name: str) -> tuple[Commune, ...]:
    """The communes that have a name, however it is written, by code."""
    folded = fold(name)
    found = _holding(f"\t{folded}\t") if folded else ()
    return tuple(place for place in found if fold(place.nom) == folded)


def _holding(words: str) -> Iterator[Commune]:
    """The communes whose line holds some words of one line."""
    text = _text()
    place = text.find(words)
    while place >= 0:
        end = text.index("\n", place)
        yield _read(text[text.rindex("\n", 0, place) + 1 : end])
        place = text.find(words, end)


@cache
def is_zone(code: str) -> bool:
    """Whether `code` is a real commune, department or EPCI code, or the whole country."""
    if code in WHOLE_COUNTRY:
        return True
    if re.fullmatch(r"\w{5}", code, re.ASCII):
        return commune(code) is not None
    return re.fullmatch(r"\d[\dAB]\d?|\d{9}", code, re.ASCII) is not None and f"\t{code}\t" in _text()


@cache
def communes_of(zone: str) -> tuple[Commune, ...]:
    """The communes of a department or an EPCI, by name; of a commune, itself."""
    alone = commune(zone)
    if alone is not None:
        return (alone,)
    found = (place for place in _holding(f"\t{zone}\t") if zone and zone in (place.departement, place.epci))
    return tuple(sorted(found, key=lambda place: fold(place.nom)))


def find(words: str, near: Iterable[str] = ()) -> list[Commune]:
    """The communes that an INSEE code, a postcode or a name designates; those of the zones `near` first and alone."""
    words = words.strip()
    if re.fullmatch(r"\d{5}|2[ABab]\d{3}", words):
        exact = commune(words.upper())
        found = [exact] if exact else list(with_postcode(words))
    else:
        found = list(named(words))
    zones = frozenset(near)
    return [place for place in found if place.zones & zones] or found


@cache
def unlike(zones: frozenset[str], home: str) -> tuple[Commune, ...]:
    """One commune for each way of being in the zones: `home` (a code) for those like it, else the one that has the most
    postcodes, which is the best known."""
    kinds: dict[frozenset[str], list[str]] = {}
    for line in _text().split("\n")[1:]:
        if line:
            code, _, _, department, group, postcodes = line.split("\t")
            kind = zones & {code, department, group}
            if kind not in kinds or (kinds[kind][0] != home and (code == home or len(postcodes) > len(kinds[kind][1]))):
                kinds[kind] = [code, postcodes, line]
    return tuple(_read(line) for *_, line in kinds.values())


@cache
def _points() -> dict[str, str]:
    lines = POINTS.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if not line.startswith("#"))


@cache
def point(code: str) -> tuple[float, float] | None:
    """Latitude and longitude (degrees, WGS 84) of the centre of a commune, or None: GeoNames knows about two in five,
    those of 500 inhabitants and more."""
    match _points().get(code, "").split("\t"):
        case [latitude, longitude, _]:
            return float(latitude), float(longitude)
    return None


def inhabitants(code: str) -> int:
    """How many people live in a commune according to GeoNames, to tell a town from a village; 0 when not known."""
    return int(_points().get(code, "0").rpartition("\t")[2])
