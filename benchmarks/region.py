"""`python -m benchmarks.region SERVICES`: a made-up regional file in the national format, and what importing it takes.

Nothing in it is a fact: structures and services are numbered, the codes of communes are real.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from data_inclusion.schema.v1 import Public, Thematique, TypeService

from engine.base import REGLES
from engine.loading import load_rules
from engine.territory import Commune, communes_of
from fiche.exchange import import_di

DEPARTMENTS = ("18", "28", "36", "37", "41", "45")
PER_STRUCTURE = 4
ON = date(2026, 11, 25)

_SENTENCE = (
    "Sur rendez-vous, après un premier entretien ; apporter une pièce d'identité et un justificatif de domicile. "
)


def write_region(folder: Path, services: int) -> None:
    """Writes `structures.json` and `services.json`: the same bytes for the same number of services."""
    draw = random.Random(services)
    communes = [place for code in DEPARTMENTS for place in communes_of(code)]
    structures = max(1, services // PER_STRUCTURE)
    _write(folder / "structures.json", (_structure(number, draw, communes) for number in range(structures)))
    _write(folder / "services.json", (_service(number, draw, structures) for number in range(services)))


def _write(path: Path, records: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        before = "[\n"
        for record in records:
            file.write(before + json.dumps(record, ensure_ascii=False))
            before = ",\n"
        file.write("\n]\n")


def _structure(number: int, draw: random.Random, communes: list[Commune]) -> dict[str, Any]:
    place = draw.choice(communes)
    return {
        "source": "essai",
        "id": f"essai--{number}",
        "nom": f"Structure d'essai {number % 3000}",
        "date_maj": _day(draw),
        "siret": f"{draw.randrange(10**14):014}" if draw.random() < 0.7 else None,
        "commune": place.nom,
        "code_insee": place.code,
        "code_postal": place.codes_postaux[0] if place.codes_postaux else None,
        "description": _SENTENCE * draw.randrange(1, 5),
        "telephone": None,
    }


def _service(number: int, draw: random.Random, structures: int) -> dict[str, Any]:
    themes = draw.sample([theme.value for theme in Thematique], k=draw.randrange(1, 4))
    publics = draw.sample([public.value for public in Public if public is not Public.TOUS_PUBLICS], k=2)
    return {
        "source": "essai",
        "structure_id": f"essai--{draw.randrange(structures)}",
        "id": f"essai--s{number}",
        "nom": f"Service d'essai {number % 50}",
        "description": _SENTENCE * draw.randrange(1, 12),
        "date_maj": _day(draw),
        "type": draw.choice([kind.value for kind in TypeService]),
        "thematiques": themes,
        "publics": publics if draw.random() < 0.6 else ["tous-publics"],
        "conditions_acces": _SENTENCE if draw.random() < 0.5 else None,
        "zone_eligibilite": [draw.choice(DEPARTMENTS)] if draw.random() < 0.7 else None,
        "score_qualite": round(draw.random(), 2),
    }


def _day(draw: random.Random) -> str:
    return (ON - timedelta(days=draw.randrange(1500))).isoformat()


def main(services: int) -> dict[str, float]:
    """Seconds to read the file and to make its sheets, and the most that the process held, in MiB, before and after."""
    rules = load_rules(REGLES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_region(folder, services)
        size = sum(path.stat().st_size for path in folder.iterdir())
        before, start = _peak(), time.perf_counter()
        with import_di.read(folder, rules, ON) as found:
            read = time.perf_counter()
            sheets = sum(1 for _ in found.sheets())
            end = time.perf_counter()
            kept, wrong = found.services, found.erreurs
    measures = {"file_mib": size / 2**20, "read_s": read - start, "sheets_s": end - read}
    counts = {"sheets": sheets, "services": kept, "wrong": wrong}
    peaks = {"peak_before_mib": before, "peak_after_mib": _peak()}
    return {name: round(value, 1) for name, value in (measures | counts | peaks).items()}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
