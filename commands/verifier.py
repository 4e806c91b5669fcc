"""`spro verifier`: every problem of the rules and the catalogue, with its code and its place."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from analysis.lint import Rapport, lint, rulesets
from analysis.report import as_json, as_sarif, as_text
from commands.common import Commands, add_command, fail, folders, read_date
from engine.documents import InvalidDocuments

DETAILS = """exemples :
  spro verifier
  spro verifier --regles rules --catalogue catalogue
  spro verifier --sarif > spro.sarif

Chaque problème a un code, expliqué avec un exemple dans docs/diagnostics.md.
Code de sortie : 0 si tout est juste (des avertissements sont permis, sauf avec --strict), 1 s'il y a quelque chose à
corriger, 2 si un dossier manque ou est vide."""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declares the command."""
    command = add_command(commands, "verifier", "vérifie les règles et le catalogue", DETAILS, run)
    output = command.add_mutually_exclusive_group()
    output.add_argument("--json", action="store_true", help="répond en JSON")
    output.add_argument("--sarif", action="store_true", help="répond en SARIF 2.1.0, pour les forges logicielles")
    command.add_argument("--strict", action="store_true", help="un avertissement suffit à échouer")
    command.add_argument("--sans-analyse", action="store_true", help="lit et joue les exemples, sans analyser la base")
    command.add_argument("--date", metavar="AAAA-MM-JJ", type=read_date, help="date de la vérification (ce jour sinon)")


def run(options: argparse.Namespace) -> int:
    """Lists every problem; 1 when there is an error, or with --strict a warning."""
    try:
        report = lint(*folders(options), options.date or date.today(), analyse=not options.sans_analyse)
    except InvalidDocuments as error:
        fail(error.diagnostics)
    if options.json:
        print(as_json(report.diagnostics))
    elif options.sarif:
        print(as_sarif(report.diagnostics))
    else:
        _print_text(report, options.date or date.today())
    return 1 if report.erreurs or (options.strict and report.avertissements) else 0


def _print_text(report: Rapport, on: date) -> None:
    for line in as_text(report.diagnostics):
        print(line)
    to_mend = report.erreurs + report.avertissements
    if to_mend:
        count = f"{to_mend} problème{'s' if to_mend > 1 else ''} à corriger"
        detail = f", dont {report.avertissements} avertissement(s)" if report.avertissements else ""
        print(f"\n{count}{detail}.", file=sys.stderr)
    elif report.base is not None:
        base = report.base
        sizes = f"{len(base.rules.regles)} règles, {len(base.catalogue.structures)} structures"
        print(f"Tout est juste : {sizes}, {len(base.catalogue.offres)} services.")
        print(f"Pour rester sous les limites de durable_rules, les règles sont compilées en {rulesets(base, on)} jeux.")
