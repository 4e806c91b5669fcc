"""Communes, departments and groups of communes (EPCI): which codes are real, and what a zone covers.

Data: territoire/communes.tsv, made from the npm package @etalab/decoupage-administratif 6.0.0 (MIT). Beware that 28
and 24 are also codes of regions: a two-digit code is always read as a department here, as data.inclusion does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WHOLE_COUNTRY = frozenset({"france", "99100"})
COMMUNES = Path(__file__).parent.parent / "territoire" / "communes.tsv"


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


def _lines(pattern: str) -> list[Commune]:
    return [_read(match.group()) for match in re.finditer(pattern, _text(), re.MULTILINE)]


@cache
def commune(code: str) -> Commune | None:
    """The commune of an INSEE code, or None."""
    start = _text().find(f"\n{code}\t") + 1 if re.fullmatch(r"\w{5}", code, re.ASCII) else 0
    return _read(_text()[start : _text().index("\n", start)]) if start else None


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
    field = r"[^\t\n]*\t"
    before = field * (4 if len(zone) == 9 else 3)
    return tuple(sorted(_lines(rf"^{before}{re.escape(zone)}\t.*$"), key=lambda found: fold(found.nom)))


def find(words: str, near: Iterable[str] = ()) -> list[Commune]:
    """The communes that an INSEE code, a postcode or a name designates; those of the zones `near` first and alone."""
    words = words.strip()
    if re.fullmatch(r"\d{5}|2[ABab]\d{3}", words):
        exact = commune(words.upper())
        found = [exact] if exact else _lines(rf"^.*\t(?:\d{{5}},)*{words}(?:,\d{{5}})*$")
    else:
        found = _lines(rf"^[^\t\n]*\t[^\t\n]*\t{re.escape(fold(words))}\t.*$")
    zones = frozenset(near)
    return [place for place in found if place.zones & zones] or found
