"""`spro regle nouvelle`: the commented skeleton of a rule, with its examples and its scenario."""

from __future__ import annotations

import argparse

from analysis.skeleton import TO_FILL, append_rule, check_new_id, rule_skeleton, scenario_skeleton
from commands.common import Commands, add_command, fail, folders
from engine.documents import InvalidDocuments
from engine.loading import load_vocabulary
from engine.vocabulary import STRATES

DETAILS = """exemples :
  spro regle nouvelle alerte-conge-formation --strate alertes
  spro regle nouvelle alerte-conge-formation --strate alertes --ecrire

Sans --ecrire, rien n'est modifié. Avec --ecrire, le squelette est ajouté à la fin du fichier de la strate ; tant qu'il
n'est pas rempli, « spro verifier » dit ce qui manque, et un accueil en marche garde ses règles d'avant.
De l'idée à la règle vérifiée : docs/ecrire-une-regle.md."""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declares the command."""
    command = add_command(commands, "regle", "donne le squelette d'une nouvelle règle", DETAILS, run)
    command.add_argument("action", metavar="nouvelle", choices=("nouvelle",), help="la seule action")
    command.add_argument("id", metavar="ID", help="l'identifiant de la règle, par exemple alerte-conge-formation")
    command.add_argument(
        "--strate", required=True, choices=STRATES, metavar="STRATE", help=f"une de : {', '.join(STRATES)}"
    )
    command.add_argument("--ecrire", action="store_true", help="ajoute le squelette au fichier de la strate")


def run(options: argparse.Namespace) -> int:
    """Prints the skeleton and the scenario, or writes the first and prints the second."""
    dossier = folders(options)[0]
    path = dossier / f"{options.strate}.yaml"
    try:
        skeleton = rule_skeleton(options.id, options.strate, load_vocabulary(dossier))
        problem = check_new_id(options.id, dossier)
        if problem:
            fail([problem])
        if options.ecrire:
            line = append_rule(skeleton, path)
            print(f"Squelette ajouté : {path}:{line}. À remplir : {TO_FILL}.")
            print("Puis lancez « spro verifier ».")
        else:
            print(f"# À ajouter à la fin de {path} (ou : --ecrire)\n\n{skeleton}", end="")
    except InvalidDocuments as error:
        fail(error.diagnostics)
    except OSError as error:
        fail([f"{path} : ce fichier ne peut pas être écrit ({error.strerror})."])
    print(f"\n# À coller dans un fichier de features/\n\n{scenario_skeleton(options.id, options.strate)}", end="")
    return 0
