"""Rebuild communes.tsv from the data of the npm package @etalab/decoupage-administratif (MIT).

Usage: npm pack @etalab/decoupage-administratif && tar xzf etalab-*.tgz
       python engine/territoire/construire.py package/data > engine/territoire/communes.tsv
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from engine.territory import fold

CURRENT = {"commune-actuelle", "arrondissement-municipal"}


def main(folder: Path) -> None:
    communes = json.loads((folder / "communes.json").read_text(encoding="utf-8"))
    groups = json.loads((folder / "epci.json").read_text(encoding="utf-8"))
    group_of = {member["code"]: group["code"] for group in groups for member in group["membres"]}
    for commune in sorted(communes, key=lambda commune: commune["code"]):
        if commune["type"] in CURRENT:
            code, name = commune["code"], commune["nom"]
            group = group_of.get(code) or group_of.get(commune.get("commune", ""), "")
            postcodes = ",".join(commune.get("codesPostaux", []))
            print(code, name, fold(name), commune["departement"], group, postcodes, sep="\t")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
