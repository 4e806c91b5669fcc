"""The map of a basin as an SVG image: communes as dots, signs whose shape and colour say the network, numbers, a scale.

Drawn here, without tiles: nothing is asked of another server. No outline of communes exists in a package that may be
used, so what gives the shape of the basin is the dots of its communes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise

from desk.annuaire.places import Lieu, Position
from engine import territory
from fiche.adresses import kilometres

WIDTH = 400
_HEIGHTS = (260.0, 600.0)
_MARGIN = 32.0
_SIGN = 15.0
"""Half the size of a sign: a number is read inside, also on a small screen."""

_RING = _SIGN + 6
"""Radius of the dashed circle around a sign."""

_TOWNS = 9
_CITIES = 2
"""How many of the largest towns are named even when a sign hides their dot."""

_LETTER = 8.6
"""Width of a letter of a label, at most, in the unit of the image."""

DOT = "#7d8aa0"
"""The colour of a commune that is only there to show where things are."""

SIGNS = {
    "local": ("●", "#1f4e8c"),
    "regional": ("■", "#6a2c91"),
    "hors-reseau": ("◆", "#8a4200"),
    "": ("⬢", "#333a45"),
}
"""The sign and the colour of each network, then of several at one place."""


@dataclass(frozen=True, slots=True)
class Repere:
    """A sign of the map: the places that stand too near one another to be told apart."""

    numero: int
    lieux: tuple[Lieu, ...]
    x: float
    y: float

    @property
    def reseau(self) -> str:
        """The network of all of them, else nothing."""
        networks = {lieu.structure.spro.reseau for lieu in self.lieux}
        return networks.pop() if len(networks) == 1 else ""

    @property
    def communes(self) -> tuple[str, ...]:
        """Their communes, each once."""
        return tuple(dict.fromkeys(lieu.commune for lieu in self.lieux if lieu.commune))


@dataclass(frozen=True, slots=True)
class Cadre:
    """The part of the world that the image shows: its north-west corner, units for a degree, and its height."""

    nord: float
    ouest: float
    par_latitude: float
    par_longitude: float
    hauteur: float

    def place(self, position: Position) -> tuple[float, float]:
        """Where a position is on the image."""
        latitude, longitude = position
        return (
            _MARGIN + (longitude - self.ouest) * self.par_longitude,
            _MARGIN + (self.nord - latitude) * self.par_latitude,
        )

    def holds(self, position: Position) -> bool:
        """Whether a sign at a position is whole on the image."""
        x, y = self.place(position)
        return _RING <= x <= WIDTH - _RING and _RING <= y <= self.hauteur - _RING


@cache
def frame(zones: tuple[str, ...]) -> Cadre | None:
    """The frame that holds the communes of some zones; None when the centre of none is known."""
    centres = [centre for _, centre in _dots(zones)]
    if not centres:
        return None
    north, south = max(lat for lat, _ in centres), min(lat for lat, _ in centres)
    west, east = min(lon for _, lon in centres), max(lon for _, lon in centres)
    shrink = math.cos(math.radians((north + south) / 2))
    wide, high = max((east - west) * shrink, 0.05), max(north - south, 0.05)
    scale = min((WIDTH - 2 * _MARGIN) / wide, (_HEIGHTS[1] - 2 * _MARGIN) / high)
    height = min(max(high * scale + 2 * _MARGIN, _HEIGHTS[0]), _HEIGHTS[1])
    spare_x = (WIDTH - 2 * _MARGIN - wide * scale) / 2 / scale / shrink
    spare_y = (height - 2 * _MARGIN - high * scale) / 2 / scale
    return Cadre(north + spare_y, west - spare_x, scale, scale * shrink, height)


@cache
def _dots(zones: tuple[str, ...]) -> tuple[tuple[str, Position], ...]:
    """The communes of some zones whose centre is known, the most inhabited first."""
    places = {place.code: place for zone in zones for place in territory.communes_of(zone)}
    known = ((place, territory.point(place.code)) for place in places.values())
    ordered = sorted(known, key=lambda found: -territory.inhabitants(found[0].code))
    return tuple((place.nom, centre) for place, centre in ordered if centre)


def group(lieux: Iterable[Lieu], cadre: Cadre) -> list[Repere]:
    """The signs of some places, numbered in their order: a place joins the first sign that it would touch."""
    found: list[tuple[float, float, list[Lieu]]] = []
    for lieu in lieux:
        x, y = cadre.place(lieu.position)
        near = next((sign for sign in found if math.hypot(sign[0] - x, sign[1] - y) < 2.4 * _SIGN), None)
        if near:
            near[2].append(lieu)
        else:
            found.append((x, y, [lieu]))
    return [Repere(number, tuple(members), x, y) for number, (x, y, members) in enumerate(found, 1)]


# --- drawing ---


@dataclass(frozen=True, slots=True)
class _Boite:
    gauche: float
    haut: float
    droite: float
    bas: float

    def touches(self, other: _Boite) -> bool:
        return (
            self.gauche < other.droite
            and other.gauche < self.droite
            and self.haut < other.bas
            and other.haut < self.bas
        )


def draw(reperes: Sequence[Repere], zones: tuple[str, ...], cadre: Cadre) -> str:
    """The image, as text."""
    size = f'width="{WIDTH}" height="{cadre.hauteur:.0f}" viewBox="0 0 {WIDTH} {cadre.hauteur:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">',
        '<rect width="100%" height="100%" rx="6" fill="#f4f6fa" stroke="#8a94a6"/>',
        *(_dot(*cadre.place(centre)) for _, centre in _dots(zones)),
        *_labels(reperes, zones, cadre),
        *map(_sign, reperes),
        *_scale(cadre),
        "</svg>",
    ]
    return "".join(parts)


def _dot(x: float, y: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{DOT}"/>'


def _sign(repere: Repere) -> str:
    x, y, size = repere.x, repere.y, _SIGN
    color = SIGNS[repere.reseau][1]
    corners = {"regional": (4, 45), "hors-reseau": (4, 0), "": (6, 0)}.get(repere.reseau)
    if corners is None:
        shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}"'
    else:
        shape = f'<polygon points="{_polygon(x, y, size * 1.25, *corners)}"'
    around = "" if all(lieu.precis for lieu in repere.lieux) else _ring(x, y)
    number = f'<text x="{x:.1f}" y="{y + 5:.1f}" font-size="15" font-weight="700" fill="#fff" text-anchor="middle">'
    return f'{around}{shape} fill="{color}" stroke="#fff" stroke-width="1.5"/>{number}{repere.numero}</text>'


def _ring(x: float, y: float) -> str:
    """The dashed circle of what stands at the centre of a commune."""
    look = 'fill="none" stroke="#1b1b1b" stroke-width="1.5" stroke-dasharray="4 3"'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_RING}" {look}/>'


def _polygon(x: float, y: float, radius: float, corners: int, turned: float) -> str:
    angles = (math.radians(turned + 360 * corner / corners - 90) for corner in range(corners))
    return " ".join(f"{x + radius * math.cos(angle):.1f},{y + radius * math.sin(angle):.1f}" for angle in angles)


def _labels(reperes: Sequence[Repere], zones: tuple[str, ...], cadre: Cadre) -> Iterable[str]:
    """Names beside the signs, then those of the largest towns, as long as none covers another."""
    ring = _RING + 2
    taken = [_Boite(sign.x - ring, sign.y - ring, sign.x + ring, sign.y + ring) for sign in reperes]
    taken += [_Boite(0, cadre.hauteur - 40, 140, cadre.hauteur), _Boite(WIDTH - 80, 0, WIDTH, 36)]
    named = {commune for sign in reperes for commune in sign.communes}
    for sign in sorted(reperes, key=lambda repere: -len(repere.lieux)):
        if sign.communes:
            count = f" ({len(sign.lieux)})" if len(sign.lieux) > 1 else ""
            yield from _label(f"{_around(sign.communes)}{count}", sign.x, sign.y, (ring + 3,), taken, bold=True)
    for rank, (name, centre) in enumerate(_dots(zones)[:_TOWNS]):
        if name not in named:
            distances = (7, 2 * _SIGN) if rank < _CITIES else (7,)
            yield from _label(name, *cadre.place(centre), distances, taken, bold=False)


def _around(communes: Sequence[str]) -> str:
    return f"{communes[0]} et autour" if len(communes) > 2 else ", ".join(communes)


def _label(
    text: str, x: float, y: float, distances: Sequence[float], taken: list[_Boite], *, bold: bool
) -> Iterable[str]:
    """A name on the first side that is free, the nearest first; nowhere when none is."""
    wide = len(text) * _LETTER
    sides = (
        side
        for away in distances
        for side in (
            ("start", x + away, y + 5),
            ("end", x - away, y + 5),
            ("middle", x, y + away + 12),
            ("middle", x, y - away),
        )
    )
    for anchor, at_x, at_y in sides:
        left = at_x - {"start": 0, "end": wide, "middle": wide / 2}[anchor]
        box = _Boite(left, at_y - 14, left + wide, at_y + 4)
        if left > 2 and left + wide < WIDTH - 2 and not any(box.touches(other) for other in taken):
            taken.append(box)
            look = 'font-weight="700" fill="#1b1b1b"' if bold else 'fill="#4a5160"'
            halo = 'stroke="#f4f6fa" stroke-width="3" paint-order="stroke"'
            where = f'x="{at_x:.1f}" y="{at_y:.1f}" text-anchor="{anchor}"'
            return [f'<text {where} font-size="15" {look} {halo}>{escape(text)}</text>']
    return []


def _scale(cadre: Cadre) -> Iterable[str]:
    """A bar of a round number of kilometres."""
    a_degree = kilometres((cadre.nord, cadre.ouest), (cadre.nord - 1, cadre.ouest))
    choices = (1, 2, 5, 10, 20, 50, 100, 200)
    length = next(
        (small for small, large in pairwise(choices) if large * cadre.par_latitude / a_degree > WIDTH / 3), choices[-1]
    )
    wide, y = length * cadre.par_latitude / a_degree, cadre.hauteur - 14
    yield f'<path d="M14 {y - 6:.1f} v6 h{wide:.1f} v-6" fill="none" stroke="#1b1b1b" stroke-width="1.5"/>'
    yield f'<text x="{14 + wide / 2:.1f}" y="{y - 6:.1f}" font-size="14" text-anchor="middle">{length} km</text>'
    yield f'<text x="{WIDTH - 14}" y="26" font-size="14" text-anchor="end">Nord ↑</text>'
