"""Rebuild zones.tsv, the names of departments and of groups of communes, from @etalab/decoupage-administratif (MIT).

Usage: npm pack @etalab/decoupage-administratif && tar xzf etalab-*.tgz
       python engine/territoire/zones.py package/data > engine/territoire/zones.tsv
"""

import json
import sys
from pathlib import Path


def main(folder: Path) -> None:
    for name in ("departements.json", "epci.json"):
        zones = json.loads((folder / name).read_text(encoding="utf-8"))
        for zone in sorted(zones, key=lambda zone: zone["code"]):
            print(zone["code"], " ".join(zone["nom"].split()), sep="\t")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
