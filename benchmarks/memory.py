"""`python -m benchmarks.memory CALLS`: what the process holds once loaded, and after many orientations."""

from __future__ import annotations

import json
import sys

from benchmarks.process import resident_bytes
from benchmarks.situations import load_situations
from benchmarks.workload import ON
from engine.base import load_base
from engine.orientation import recommend

WARM_UP = 500


def main(calls: int) -> dict[str, int]:
    """Resident bytes before and after `calls` orientations, once the caches are warm."""
    base = load_base()
    loaded = resident_bytes()
    situations = load_situations(base.rules.vocabulaire)
    for number in range(WARM_UP):
        recommend(situations[number % len(situations)], base.catalogue, base.rules, ON)
    before = resident_bytes()
    for number in range(calls):
        recommend(situations[number % len(situations)], base.catalogue, base.rules, ON)
    return {"loaded": loaded, "before": before, "after": resident_bytes(), "calls": calls}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
