"""`spro verifier`: every problem of the rules and the catalogue, with its place."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from analysis.examples import check_base
from commands.common import Commands, add_command, fail, folders
from engine.base import load_base
from engine.documents import InvalidDocuments

DETAILS = """exemples :
  spro verifier
  spro verifier --regles rules --catalogue catalogue

Code de sortie : 0 si tout est juste, 1 s'il y a quelque chose à corriger, 2 si un dossier manque."""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declares the command."""
    add_command(commands, "verifier", "vérifie les règles et le catalogue", DETAILS, run)


def run(options: argparse.Namespace) -> int:
    """Lists every problem; 1 when there is any."""
    paths = folders(options)
    missing = [f"{folder}: ce dossier n'existe pas." for folder in paths if not folder.is_dir()]
    if missing:
        fail(missing)
    try:
        base = load_base(*paths)
        found = check_base(base, date.today())
    except InvalidDocuments as error:
        found = error.diagnostics
    if found:
        print(*found, sep="\n")
        print(f"\n{len(found)} problème{'s' if len(found) > 1 else ''} à corriger.", file=sys.stderr)
        return 1
    sizes = f"{len(base.rules.regles)} règles, {len(base.catalogue.structures)} structures"
    print(f"Tout est juste : {sizes}, {len(base.catalogue.offres)} services.")
    return 0
