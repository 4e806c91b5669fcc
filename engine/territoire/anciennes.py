r"""Rebuild anciennes.tsv, the codes and names that communes had or that are now parts of one, from the packages
@etalab/decoupage-administratif (code MIT, data Licence Ouverte): 6.0.0 (2026) says what each code has become, and the
older ones give the names that it no longer holds.

Usage: for v in 6.0.0 5.3.0 4.1.0 3.1.1 2.3.1 1.1.1 0.7.0 0.3.0; do
         npm pack @etalab/decoupage-administratif@$v && mkdir -p $v && tar xzf etalab-*-$v.tgz -C $v; done
       python engine/territoire/anciennes.py {6.0.0,5.3.0,4.1.0,3.1.1,2.3.1,1.1.1,0.7.0,0.3.0}/package/data \
         > engine/territoire/anciennes.tsv
"""

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from engine.territoire.construire import CURRENT
from engine.territory import fold

PARTS = {"commune-deleguee", "commune-associee"}


def main(folders: list[Path]) -> None:
    """Prints the lines; the newest package is the first."""
    newest, *older = map(_communes, folders)
    current = {commune["code"]: commune["nom"] for commune in newest if commune["type"] in CURRENT}
    today = {old: commune["code"] for commune in newest for old in commune.get("anciensCodes", ())}
    # Where the two disagree (55273, 60455), a commune has since left the one that it had joined.
    today |= {part["code"]: part["chefLieu"] for part in newest if part["type"] in PARTS}
    today |= {code: code for code in current}
    names = {
        (commune["code"], fold(commune["nom"])): commune["nom"]
        for communes in (*reversed(older), newest)
        for commune in communes
        if commune["code"] in today and fold(commune["nom"]) != fold(current.get(commune["code"], ""))
    }
    named = {code for code, _ in names}
    names |= {(code, ""): "" for code in today if code not in named and code not in current}
    for (code, folded), name in sorted(names.items()):
        print(code, name, folded, today[code], sep="\t")


def _communes(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "communes.json").read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    main([Path(folder) for folder in sys.argv[1:]])
