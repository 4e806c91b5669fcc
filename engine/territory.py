"""Communes, departments and groups of communes (EPCI): which codes are real, what a zone covers, where communes are.

Data: engine/territoire/communes.tsv, made from the npm package @etalab/decoupage-administratif 6.0.0 (MIT),
anciennes.tsv, made from it and from its older versions, and points.tsv, made from GeoNames (CC BY 4.0).
Beware that 28 and 24 are also codes of regions: a two-digit code is always read as a department here, as
data.inclusion does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from engine import spelling

WHOLE_COUNTRY = frozenset({"france", "99100"})
COMMUNES = Path(__file__).parent / "territoire" / "communes.tsv"
FORMER = COMMUNES.with_name("anciennes.tsv")
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
def _text(path: Path = COMMUNES) -> str:
    return "\n" + path.read_text(encoding="utf-8")


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


def reached_by(postcode: str) -> list[Commune]:
    """The communes that a postcode may designate: of Paris, Lyon and Marseille, the arrondissement alone."""
    found = with_postcode(postcode)
    parts = {place.nom.partition(" ")[0] for place in found if place.nom.endswith(" Arrondissement")}
    return [place for place in found if place.nom not in parts]


@lru_cache(maxsize=50_000)
def named(name: str) -> tuple[Commune, ...]:
    """The communes that have a name, however it is written, by code."""
    folded = fold(name)
    found = _holding(f"\t{folded}\t") if folded else ()
    return tuple(place for place in found if fold(place.nom) == folded)


@lru_cache(maxsize=50_000)
def formerly(words: str) -> tuple[Commune, ...]:
    """The communes of today that had, or whose parts had, an INSEE code or a name, by code."""
    folded = fold(words)
    lines = (*_lines(f"{words}\t", FORMER), *_lines(f"\t{folded}\t", FORMER)) if folded else ()
    cells = (line.split("\t") for line in lines)
    found = {commune(today) for code, _, name, today in cells if words == code or folded == name}
    return tuple(sorted((place for place in found if place), key=lambda place: place.code))


def _holding(words: str) -> Iterator[Commune]:
    """The communes whose line holds some words of one line."""
    return map(_read, _lines(words))


def _lines(words: str, path: Path = COMMUNES) -> Iterator[str]:
    """The lines of a file that hold some words of one line."""
    text = _text(path)
    place = text.find(words)
    while place >= 0:
        end = text.index("\n", place)
        yield text[text.rindex("\n", 0, place) + 1 : end]
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
    """The communes of a department or an EPCI, by name."""
    found = (place for place in _holding(f"\t{zone}\t") if zone and zone in (place.departement, place.epci))
    return tuple(sorted(found, key=lambda place: fold(place.nom)))


def find(words: str, near: Iterable[str] = ()) -> list[Commune]:
    """The communes that an INSEE code, a postcode or a name designates; those of the zones `near` first and alone.

    Codes and names of the past count. A name that nobody has is looked for as people may have written it: see `alike`.
    """
    words, zones = words.strip(), frozenset(near)
    if re.fullmatch(r"\d{5}|2[ABab]\d{3}", words):
        exact = commune(words.upper())
        return [exact] if exact else _nearest_of((*reached_by(words), *formerly(words.upper())), zones)
    coded = re.fullmatch(r"(\d{5})\s+(.+)|(.+?)\s*\(?(\d{5})\)?", words)
    if coded:
        postcode, name = coded[1] or coded[4], coded[2] or coded[3]
        return [place for place in find(name) if postcode in (place.code, *place.codes_postaux)]
    today, past = named(spelling.official(fold(words))), formerly(words)
    if today:
        return _nearest_of(today, zones)
    within = [place for place in past if place.zones & zones]
    return within or beginning(words, zones) or list(past) or alike(words, zones)


def _nearest_of(places: Iterable[Commune], zones: frozenset[str]) -> list[Commune]:
    """Those of the zones alone, else all; each once."""
    found = list(dict.fromkeys(places))
    return [place for place in found if place.zones & zones] or found


# --- names as people write them ---

ROUGH = 6
"""Letters heard from which a name is known with one of them wrong: shorter ones are too near those of other places."""


@cache
def _index() -> dict[str, str]:
    """The forms of names of today and of the past by what is heard: `form␉code`, one a line (a text weighs little)."""
    today = (line.split("\t")[2::-2] for line in _text().split("\n") if line)
    past = (line.split("\t")[2:] for line in _text(FORMER).split("\n") if line)
    index: dict[str, str] = {}
    for folded, code in (*today, *past):
        for form in spelling.forms(folded):
            sound = spelling.sound(form)
            index[sound] = f"{index[sound]}\n{form}\t{code}" if sound in index else f"{form}\t{code}"
    return index


def _heard(sounds: Iterable[str]) -> list[tuple[str, str]]:
    """The form and the code of each commune that is heard so."""
    lines = (line.partition("\t") for sound in sorted(sounds) for line in _index().get(sound, "").splitlines())
    return [(form, code) for form, _, code in lines]


def alike(words: str, zones: frozenset[str] = frozenset(), heard: int = ROUGH) -> list[Commune]:
    """The communes whose name is nearly `words`: but for articles and link words; else, when so many letters are heard,
    as it is heard; else with one letter wrong; else, in `zones` only, heard with one wrong. The best kind alone, and of
    these, those of `zones` if there are any."""
    for codes, anywhere in _nearly(spelling.forms(fold(words)) - {""}, heard):
        places = (commune(code) for code in codes)
        found = _nearest_of((place for place in places if place), zones)
        if found and (anywhere or found[0].zones & zones):
            return found
    return []


def _nearly(forms: set[str], heard: int) -> Iterator[tuple[list[str], bool]]:
    """The codes of the communes whose name is nearly this one, by kind, the best first; whether it counts anywhere."""
    sounds = {spelling.sound(form) for form in forms}
    same = _heard(sounds)
    yield [code for form, code in same if form in forms], True
    clear = {form for form in forms if form.isalpha() and len(spelling.sound(form)) >= heard}
    if clear:
        yield [code for _, code in same], True
        near = [wrong for form in clear for wrong in spelling.one_wrong(spelling.sound(form)) & _index().keys()]
        other = _heard(set(near))
        written = {wrong for form in clear for wrong in spelling.one_wrong(form)} if other else ()
        yield [code for form, code in other if form in written], True
        yield [code for _, code in other], False


def is_called(place: Commune, words: str) -> bool:
    """Whether words are the code or the name of a commune, but for accents, articles and link words."""
    return words == place.code or spelling.words(spelling.official(fold(words))) == spelling.words(fold(place.nom))


@lru_cache(maxsize=16)
def communes_in(zones: frozenset[str]) -> tuple[Commune, ...]:
    """The communes of some zones, each once."""
    alone = ((place,) if (place := commune(zone)) else communes_of(zone) for zone in sorted(zones))
    return tuple(dict.fromkeys(place for places in alone for place in places))


def beginning(words: str, zones: frozenset[str]) -> list[Commune]:
    """The communes of some zones whose name begins with these words and goes on."""
    start = spelling.words(fold(words))
    longer = ((spelling.words(fold(place.nom)), place) for place in (communes_in(zones) if start else ()))
    return [place for name, place in longer if len(name) > len(start) and name[: len(start)] == start]


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
