"""`spro schemas`: makes the JSON Schemas by which editors complete and underline the YAML documents."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from analysis.schemas import SCHEMAS, texts
from commands.common import Commands, add_command, fail, folders
from engine.base import load_rules_of
from engine.documents import InvalidDocuments

DETAILS = """exemples :
  spro schemas
  spro schemas --verifier

À refaire quand une source, un public, un rôle, un critère ou une clé change : les schémas en donnent la liste.
Code de sortie : 0 si c'est fait (ou à jour), 1 si --verifier en trouve à refaire, 2 si les règles sont fausses."""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declares the command."""
    command = add_command(commands, "schemas", "refait les schémas JSON des fichiers YAML", DETAILS, run)
    command.add_argument("--dossier", metavar="DOSSIER", type=Path, default=SCHEMAS, help="où les écrire")
    command.add_argument("--verifier", action="store_true", help="dit seulement lesquels sont à refaire")


def run(options: argparse.Namespace) -> int:
    """Writes what changed, or lists it."""
    try:
        wanted = texts(load_rules_of(*folders(options)))
    except InvalidDocuments as error:
        fail(error.diagnostics)
    stale = [name for name, text in wanted.items() if _content(options.dossier / name) != text]
    if options.verifier:
        for name in stale:
            print(f"{options.dossier / name} : à refaire (spro schemas).")
        print(f"{len(wanted) - len(stale)} schémas à jour sur {len(wanted)}.", file=sys.stderr)
        return 1 if stale else 0
    options.dossier.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (options.dossier / name).write_text(wanted[name], encoding="utf-8")
    print(f"{len(stale)} schémas refaits sur {len(wanted)}.")
    return 0


def _content(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
