"""`spro prouver`: properties of the base, tried on the whole space of situations."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date

import yaml

from analysis.proof import prove
from analysis.view import Dossiers
from commands.common import Commands, add_command, fail, folders, read_date, show_progress, spaced
from engine.documents import InvalidDocuments

DETAILS = """exemples :
  spro prouver
  spro prouver --date 2018-01-01
  spro prouver --json

Prouve d'abord pour toute situation possible : toujours une réponse (donc aussi après une réponse de plus) ; rien de
ce que rules/interdits.yaml interdit. Puis essaie toutes les combinaisons d'âge, de situations (seules ou par deux), de
besoin, de cadre et de handicap, et toutes les paires de valeurs des autres questions : les mêmes propriétés, aucun
effet de l'ordre des fiches, accord des deux évaluateurs. Un contre-exemple est réduit et donné en YAML.
Code de sortie : 0 si tout tient, 1 s'il y a un contre-exemple, 2 si la base est fausse."""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declares the command."""
    command = add_command(commands, "prouver", "essaie la base sur tout l'espace des situations", DETAILS, run)
    command.add_argument("--json", action="store_true", help="un objet JSON par propriété, un par ligne")
    command.add_argument("--date", metavar="AAAA-MM-JJ", type=read_date, help="date des règles (aujourd'hui sinon)")


def run(options: argparse.Namespace) -> int:
    """Prints what was tried and the counter-examples."""
    try:
        proof = prove(Dossiers(*folders(options)), options.date or date.today(), show_progress)
    except InvalidDocuments as error:
        fail(error.diagnostics)
    if options.json:
        for line in proof.to_json():
            print(json.dumps(line, ensure_ascii=False))
        return 1 if proof.contre_exemples else 0
    for found in proof.exactes:
        said = "Prouvé" if found.prouvee else "Non prouvé"
        empty = " ; rien n'y conduit aujourd'hui" if found.vide else ""
        print(f"{said} : {found.resume} ({spaced(found.situations)} cas décidés{empty})")
    print(f"{spaced(proof.coeur)} situations essayées en entier, {spaced(proof.paires)} par paires.")
    if not proof.contre_exemples:
        print("Tout tient : toujours une réponse, rien d'interdit, aucun effet de l'ordre, évaluateurs d'accord.")
        return 0
    for failure in proof.contre_exemples:
        print(f"\n# {failure.resume} [{failure.propriete}]")
        print(yaml.safe_dump(failure.situation.said(), allow_unicode=True, sort_keys=False).strip())
    print(f"\n{len(proof.contre_exemples)} propriété(s) en défaut.", file=sys.stderr)
    return 1
