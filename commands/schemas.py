"""`spro schemas`: makes what follows from the vocabulary: JSON Schemas for editors, the table of the agents' guide."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from analysis.guide import GUIDE, with_table
from analysis.schemas import SCHEMAS, texts
from commands.common import Commands, add_command, fail, folders
from engine.base import load_rules_of
from engine.documents import InvalidDocuments

DETAILS = """exemples :
  spro schemas
  spro schemas --verifier

À refaire quand une question, une source, un public, un rôle, un critère ou une clé change : les schémas en donnent la
liste, et le guide de l'agent celle des questions.
Code de sortie : 0 si c'est fait (ou à jour), 1 si --verifier en trouve à refaire, 2 si les règles sont fausses."""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declares the command."""
    command = add_command(commands, "schemas", "refait les schémas JSON des fichiers YAML", DETAILS, run)
    command.add_argument("--dossier", metavar="DOSSIER", type=Path, default=SCHEMAS, help="où les écrire")
    command.add_argument("--verifier", action="store_true", help="dit seulement lesquels sont à refaire")


def run(options: argparse.Namespace) -> int:
    """Writes what changed, or lists it."""
    try:
        rules = load_rules_of(*folders(options))
    except InvalidDocuments as error:
        fail(error.diagnostics)
    wanted = {options.dossier / name: text for name, text in texts(rules).items()}
    if options.dossier == SCHEMAS:
        wanted[GUIDE] = with_table(GUIDE.read_text(encoding="utf-8"), rules.vocabulaire)
    stale = [path for path, text in wanted.items() if _content(path) != text]
    if options.verifier:
        for path in stale:
            print(f"{path} : à refaire (spro schemas).")
        print(f"{len(wanted) - len(stale)} schémas et guide à jour sur {len(wanted)}.", file=sys.stderr)
        return 1 if stale else 0
    options.dossier.mkdir(parents=True, exist_ok=True)
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
    print(f"{len(stale)} schémas ou guides refaits sur {len(wanted)}.")
    return 0


def _content(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
