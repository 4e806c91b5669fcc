"""The front desk from a terminal: `spro orienter`, `spro verifier`, `spro serve`.

Exit codes: 0 done, 1 something to mend was found (`verifier`), 2 the input or the command is wrong.
argparse rather than Typer, whose messages cannot be in French (docs/adr/0006).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from engine.base import Base
    from engine.reading import Lue

_FRENCH = {
    "usage: ": "utilisation : ",
    "positional arguments": "arguments",
    "options": "options",
    "the following arguments are required: %s": "il manque : %s",
    "unrecognized arguments: %s": "option ou argument inconnu : %s",
    "expected one argument": "une valeur est attendue",
    "expected at least one argument": "au moins une valeur est attendue",
    "invalid %(type)s value: %(value)r": "valeur refusée : %(value)r",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s\n",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r n'existe pas (permis : %(choices)s)",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s est ambigu : %(matches)s",
}
argparse._ = lambda message: _FRENCH.get(message, message)  # type: ignore[attr-defined]  # its gettext, without a .mo

ORIENTER_EXAMPLES = """exemples :
  spro orienter situation.yaml
  spro orienter situation.yaml --bureau bij-dreux --json
  spro orienter situations.jsonl > reponses.jsonl
  echo 'besoins: [creer-entreprise]' | spro orienter -

Un fichier YAML ou JSON contient une situation. Un fichier .jsonl en contient une par ligne et donne une ligne de JSON
par situation. « - » lit l'entrée standard. En cas d'erreur, toutes sont listées et rien n'est fait (code 2).
Les clés et les valeurs permises d'une situation : docs/guide-agent.md."""

VERIFIER_EXAMPLES = """exemples :
  spro verifier
  spro verifier --regles rules --catalogue catalogue

Code de sortie : 0 si tout est juste, 1 s'il y a quelque chose à corriger, 2 si un dossier manque."""

SERVE_EXAMPLES = """exemples :
  spro serve
  spro serve --port 8600

Ouvrez ensuite l'adresse affichée dans un navigateur ; Ctrl+C arrête l'accueil."""


def parser() -> argparse.ArgumentParser:
    """The commands and their options, with help and examples in French."""
    top = argparse.ArgumentParser(
        prog="spro",
        description="Oriente une personne dans le réseau SPRO-EP : vers qui, pour quoi, pourquoi.",
        epilog="« spro COMMANDE --help » donne les options et des exemples.",
        add_help=False,
        allow_abbrev=False,
    )
    _add_help(top)
    commands = top.add_subparsers(title="commandes", metavar="COMMANDE", dest="commande", required=True)

    orienter = _command(commands, "orienter", "dit vers qui orienter une ou plusieurs personnes", ORIENTER_EXAMPLES)
    orienter.add_argument("fichiers", metavar="FICHIER", nargs="+", help="une situation (YAML, JSON, JSONL), ou « - »")
    orienter.add_argument("--bureau", metavar="ID", help="le bureau qui reçoit (identifiant d'une structure)")
    orienter.add_argument("--date", metavar="AAAA-MM-JJ", type=_date, help="date de la réponse (aujourd'hui sinon)")
    orienter.add_argument("--json", action="store_true", help="répond en JSON")
    orienter.set_defaults(run=run_orienter)

    verifier = _command(commands, "verifier", "vérifie les règles et le catalogue", VERIFIER_EXAMPLES)
    verifier.set_defaults(run=run_verifier)

    serve = _command(commands, "serve", "démarre l'accueil dans le navigateur", SERVE_EXAMPLES)
    serve.add_argument("--port", metavar="N", type=_port, default=8501, help="port d'écoute (8501 sinon)")
    serve.add_argument("--hote", metavar="ADRESSE", default="127.0.0.1", help="adresse d'écoute (127.0.0.1 sinon)")
    serve.set_defaults(run=run_serve)
    return top


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, summary: str, examples: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=summary,
        description=summary.capitalize() + ".",
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    _add_help(command)
    for option in ("regles", "catalogue"):
        command.add_argument(
            f"--{option}", metavar="DOSSIER", type=Path, help=f"dossier « {option} » (celui du projet sinon)"
        )
    return command


def _add_help(command: argparse.ArgumentParser) -> None:
    command.add_argument("-h", "--help", action="help", help="montre cette aide")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"une date AAAA-MM-JJ est attendue, pas « {text} »") from None


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"un nombre de 1 à 65535 est attendu, pas « {text} »")
    return int(text)


def run_orienter(options: argparse.Namespace) -> int:
    """Answers every situation of every file, or none when anything is wrong."""
    from engine.explanation import orient
    from engine.orientation import UnknownName, check_desk

    base = _load(options)
    try:
        check_desk(options.bureau, base.catalogue)
    except UnknownName as error:
        _fail([f"--bureau : {error}"])
    situations = _read(options.fichiers, base)
    on = options.date or date.today()
    for path, read in situations:
        answer = orient(read.situation, base.catalogue, base.rules, on, options.bureau)
        if path.suffix == ".jsonl":
            print(json.dumps(answer.to_json(), ensure_ascii=False))
        elif options.json:
            print(json.dumps(answer.to_json(), ensure_ascii=False, indent=2))
        else:
            from desk.terminal import print_orientation

            print_orientation(answer, base, read.nom if len(situations) > 1 else None)
    return 0


def run_verifier(options: argparse.Namespace) -> int:
    """Lists every problem of the rules and the catalogue; 1 when there is any."""
    from engine.base import load_base
    from engine.documents import InvalidDocuments
    from engine.verification import check_base

    folders = _folders(options)
    for folder in folders:
        if not folder.is_dir():
            _fail([f"{folder}: ce dossier n'existe pas."])
    try:
        base = load_base(*folders)
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


def run_serve(options: argparse.Namespace) -> int:
    """Starts the front desk; returns when it stops."""
    from desk.server import serve

    regles, catalogue = _folders(options)
    serve(host=options.hote, port=options.port, regles=regles, catalogue=catalogue)
    return 0


def _folders(options: argparse.Namespace) -> tuple[Path, Path]:
    from engine.base import CATALOGUE, REGLES

    return options.regles or REGLES, options.catalogue or CATALOGUE


def _load(options: argparse.Namespace) -> Base:
    from engine.base import load_base
    from engine.documents import InvalidDocuments

    try:
        return load_base(*_folders(options))
    except InvalidDocuments as error:
        _fail(error.diagnostics)


def _read(names: Sequence[str], base: Base) -> list[tuple[Path, Lue]]:
    """Every situation of every file; all errors of all files are shown before anything is answered."""
    from engine.documents import MAX_DOCUMENT_BYTES, InvalidDocuments
    from engine.reading import read_situations

    found: list[tuple[Path, Lue]] = []
    wrong: list[object] = []
    for name in names:
        path = Path(name)
        raw = sys.stdin.buffer.read(MAX_DOCUMENT_BYTES + 1) if name == "-" else None
        try:
            found += [(path, read) for read in read_situations(path, raw, base)]
        except InvalidDocuments as error:
            wrong += error.diagnostics
    if wrong:
        _fail(wrong)
    return found


def _fail(messages: Iterable[object]) -> NoReturn:
    print(*messages, sep="\n", file=sys.stderr)
    raise SystemExit(2)


def main() -> None:
    """Runs the command; an interrupt or a reader that closes the pipe ends it quietly."""
    options = parser().parse_args()
    try:
        code = options.run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


if __name__ == "__main__":
    main()
