"""`python -m benchmarks.publications COUNT`: what the process holds while sheets are published, one after the other."""

from __future__ import annotations

import json
import sys

from benchmarks.process import resident_bytes
from benchmarks.situations import load_situations
from benchmarks.workload import ON
from engine.base import load_base
from engine.orientation import recommend

WARM_UP = 100


def main(count: int) -> dict[str, int]:
    """Resident bytes after a warm-up, then after `count` more publications, each followed by an answer."""
    base = load_base()
    situations = load_situations(base.rules.vocabulaire)
    sheets = [structure for structure in base.catalogue.structures.values() if structure.services]
    before = 0
    for number in range(WARM_UP + count):
        if number == WARM_UP:
            before = resident_bytes()
        sheet = sheets[number % len(sheets)]
        base = base.with_sheet(sheet.id, sheet)
        recommend(situations[number % len(situations)], base.catalogue, base.rules, ON)
    return {"before": before, "after": resident_bytes(), "publications": count}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
