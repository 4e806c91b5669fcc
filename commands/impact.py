"""`spro impact AVANT APRES`: which answers a change of rules or catalogue touches."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import yaml

from analysis.impact import Changement, Impact, UnknownVersion, compare, version
from commands.common import Commands, add_command, fail, read_date, show_progress, spaced
from engine.base import PROJECT, load_base
from engine.documents import InvalidDocuments
from engine.reading import read_situations

DETAILS = """exemples :
  spro impact HEAD .
  spro impact ancienne-version nouvelle-version --markdown > revue.md
  spro impact HEAD~1 HEAD --situations passees.jsonl

AVANT et APRES sont des dossiers qui contiennent « rules » et « catalogue », ou des révisions git du projet.
Sans « --situations », tout l'espace des situations est comparé. Code de sortie : 0, ou 2 si une version est fausse."""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declares the command."""
    command = add_command(commands, "impact", "montre ce qu'un changement fait aux réponses", DETAILS, run)
    command.add_argument("avant", metavar="AVANT", help="version d'avant")
    command.add_argument("apres", metavar="APRES", help="version d'après")
    command.add_argument("--situations", metavar="FICHIER", type=Path, help="comparer ces situations seulement")
    command.add_argument("--date", metavar="AAAA-MM-JJ", type=read_date, help="date des règles (aujourd'hui sinon)")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="répond en JSON")
    form.add_argument("--markdown", action="store_true", help="répond en Markdown, pour une relecture")


def run(options: argparse.Namespace) -> int:
    """Compares the two versions and prints what changes."""
    try:
        with version(options.avant, PROJECT) as before, version(options.apres, PROJECT) as after:
            past = []
            if options.situations:
                base = load_base(before.regles, before.catalogue)
                past = [read.situation for read in read_situations(options.situations, None, base)]
            impact = compare(before, after, past, options.date or date.today(), show_progress)
    except UnknownVersion as error:
        fail([error])
    except InvalidDocuments as error:
        fail(error.diagnostics)
    if options.json:
        print(json.dumps(impact.to_json(), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_markdown(impact, options) if options.markdown else _text(impact)))
    return 0


def _summary(impact: Impact) -> str:
    tried = f"sur {spaced(impact.situations)} situation{'s' if impact.situations > 1 else ''}"
    if not impact.changees:
        return f"Aucune réponse ne change {tried}."
    many = impact.changees > 1
    return f"{spaced(impact.changees)} réponse{'s' if many else ''} change{'nt' if many else ''} {tried}."


def _example(change: Changement) -> str:
    shown = yaml.safe_dump(
        change.exemple.said(), allow_unicode=True, sort_keys=False, default_flow_style=True, width=999
    )
    return shown.strip()


def _text(impact: Impact) -> Iterator[str]:
    yield _summary(impact)
    for change in impact.changements:
        yield f"\n{spaced(change.nombre)} × {change.quoi}\n    par exemple {_example(change)}"


def _markdown(impact: Impact, options: argparse.Namespace) -> Iterator[str]:
    yield f"# Effet du changement : {options.avant} → {options.apres}\n\n{_summary(impact)}\n"
    if impact.changements:
        yield "| Réponses | Ce qui change | Exemple |\n| ---: | --- | --- |"
    for change in impact.changements:
        yield f"| {spaced(change.nombre)} | {change.quoi} | `{_example(change)}` |"
