"""`spro orienter`: from situations in files to referrals."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from commands.common import Commands, add_command, add_reception, fail, load, load_published, standard_input
from commands.pool import Stopped, in_order
from engine.asking import Alternative, alternatives, orient, to_reach
from engine.base import Base
from engine.documents import InvalidDocuments
from engine.places import UnknownName, check_desk
from engine.problems import unknown_name
from engine.reading import Lue, read_situations
from engine.situation import Situation

DETAILS = """exemples :
  spro orienter situation.yaml
  spro orienter situation.yaml --bureau bij-dreux --json
  spro orienter situations.jsonl > reponses.jsonl
  echo 'besoins: [creer-entreprise]' | spro orienter -
  spro orienter situation.yaml --et-si mission-locale-dreux
  spro orienter situation.yaml --publie

Un fichier YAML ou JSON contient une situation. Un fichier .jsonl en contient une par ligne et donne une ligne de JSON
par situation. « - » lit l'entrée standard. En cas d'erreur, toutes sont listées et rien n'est fait (code 2).
La réponse vient du dossier des fiches, ou avec « --publie » des fiches publiées dans la base.
Les clés et les valeurs permises d'une situation : docs/guide-agent.md."""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declares the command."""
    command = add_command(commands, "orienter", "dit vers qui orienter une ou plusieurs personnes", DETAILS, run)
    command.add_argument("fichiers", metavar="FICHIER", nargs="+", help="une situation (YAML, JSON, JSONL), ou « - »")
    add_reception(command)
    command.add_argument("--json", action="store_true", help="répond en JSON")
    command.add_argument("--publie", action="store_true", help="répond d'après les fiches publiées, comme l'accueil")
    command.add_argument(
        "--et-si",
        metavar="ID",
        nargs="?",
        const="",
        help="ajoute ce qui changerait la première structure, ou ce qu'il faudrait pour que ce soit ID",
    )


def run(options: argparse.Namespace) -> int:
    """Answers every situation of every file, or none when anything is wrong."""
    base = load_published(options) if options.publie else load(options)
    try:
        check_desk(options.bureau, base.catalogue)
    except UnknownName as error:
        fail([f"--bureau : {error}"])
    if options.et_si and options.et_si not in base.catalogue.structures:
        fail([f"--et-si : {unknown_name('structure', options.et_si, base.catalogue.structures)}"])
    situations = _read(options.fichiers, base)
    on = options.date or date.today()

    def in_json(number: int) -> str:
        path, read = situations[number]
        answer = orient(read.situation, base.catalogue, base.rules, on, options.bureau)
        content = answer.to_json()
        if options.et_si is not None:
            content["et_si"] = [item.to_json() for item in _changes(read.situation, base, on, options)]
        return json.dumps(content, ensure_ascii=False, indent=None if _is_lines(path) else 2)

    if options.json or all(_is_lines(path) for path, _ in situations):
        try:
            for text in in_order(in_json, len(situations)):
                print(text)
        except Stopped:
            fail(["un des processus de calcul a été arrêté (mémoire pleine ?) : les réponses suivantes manquent."])
        return 0
    for number, (path, read) in enumerate(situations):
        if _is_lines(path):
            print(in_json(number))
        else:
            _print(read, base, on, options, alone=len(situations) == 1)
    return 0


def _is_lines(path: Path) -> bool:
    return path.suffix == ".jsonl"


def _print(read: Lue, base: Base, on: date, options: argparse.Namespace, *, alone: bool) -> None:
    from desk.terminal import print_alternatives, print_orientation

    answer = orient(read.situation, base.catalogue, base.rules, on, options.bureau)
    print_orientation(answer, base, None if alone else read.nom)
    if options.et_si is not None:
        print_alternatives(_changes(read.situation, base, on, options), options.et_si, base)


def _changes(situation: Situation, base: Base, on: date, options: argparse.Namespace) -> tuple[Alternative, ...]:
    if options.et_si:
        return to_reach(options.et_si, situation, base.catalogue, base.rules, on, options.bureau)
    return alternatives(situation, base.catalogue, base.rules, on, options.bureau)


def _read(names: Sequence[str], base: Base) -> list[tuple[Path, Lue]]:
    """Every situation of every file; all errors of all files are shown before anything is answered."""
    found: list[tuple[Path, Lue]] = []
    wrong: list[object] = []
    for name in names:
        path = Path(name)
        try:
            found += [(path, read) for read in read_situations(path, standard_input(name), base)]
        except InvalidDocuments as error:
            wrong += error.diagnostics
    if wrong:
        fail(wrong)
    return found
