"""What commands share: French argparse, the folders, and how a command fails."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import NoReturn

from commands.kept import load_kept
from engine.base import CATALOGUE, REGLES, Base, load_rules_of
from engine.documents import InvalidDocuments
from engine.reading import MAX_SITUATION_BYTES

Commands = argparse._SubParsersAction
Run = Callable[[argparse.Namespace], int]

_FRENCH = {
    "usage: ": "utilisation : ",
    "positional arguments": "arguments",
    "the following arguments are required: %s": "il manque : %s",
    "unrecognized arguments: %s": "option ou argument inconnu : %s",
    "expected one argument": "une valeur est attendue",
    "expected at least one argument": "au moins une valeur est attendue",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s\n",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r n'existe pas (permis : %(choices)s)",
    "not allowed with argument %s": "ne va pas avec %s",
}


def speak_french() -> None:
    """Gives argparse its French: it calls its module's `_` for every message."""
    argparse._ = lambda message: _FRENCH.get(message, message)  # type: ignore[attr-defined]


def add_command(
    commands: Commands[argparse.ArgumentParser], name: str, summary: str, details: str, run: Run
) -> argparse.ArgumentParser:
    """A command with its help, its examples in `details`, and the options for the two folders."""
    command = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=details,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    add_help(command)
    for option in ("regles", "catalogue"):
        command.add_argument(
            f"--{option}", metavar="DOSSIER", type=Path, help=f"dossier « {option} » (celui du projet sinon)"
        )
    command.set_defaults(run=run)
    return command


def add_reception(command: argparse.ArgumentParser) -> None:
    """The options that say where and when a person is received."""
    command.add_argument("--bureau", metavar="ID", help="le bureau qui reçoit (identifiant d'une structure)")
    command.add_argument("--date", metavar="AAAA-MM-JJ", type=read_date, help="date de la réponse (aujourd'hui sinon)")


def standard_input(name: str) -> bytes | None:
    """What standard input gives when it stands for a file of situations; None for the name of a file."""
    if name != "-":
        return None
    return sys.stdin.buffer.read(MAX_SITUATION_BYTES + 1) if sys.stdin else b""


def add_help(command: argparse.ArgumentParser) -> None:
    """The help option, in French."""
    command.add_argument("-h", "--help", action="help", help="montre cette aide")


def read_date(text: str) -> date:
    """A date option."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"une date AAAA-MM-JJ est attendue, pas « {text} »") from None


def folders(options: argparse.Namespace) -> tuple[Path, Path]:
    """The folders of rules and catalogue that a command works on."""
    return options.regles or REGLES, options.catalogue or CATALOGUE


def load(options: argparse.Namespace) -> Base:
    """The base of the folders, or the end of the command with every problem listed."""
    try:
        return load_kept(*folders(options))
    except InvalidDocuments as error:
        fail(error.diagnostics)


def load_published(options: argparse.Namespace) -> Base:
    """The rules of the folders and the sheets that are published, or the end of the command with what is wrong."""
    from store.database import Store, Unavailable
    from store.live import StoredSheets, basin_folder

    basin: Path = options.catalogue or basin_folder()
    try:
        rules = load_rules_of(options.regles or REGLES, basin)
        catalogue, _ = StoredSheets(Store(), basin).read(rules)
    except InvalidDocuments as error:
        fail(error.diagnostics)
    except Unavailable as error:
        fail([f"--publie : {error}"])
    return Base(rules, catalogue)


def require_home(options: argparse.Namespace, base: Base) -> None:
    """Ends a command about the examples and scenarios of the rules when the catalogue is that of another basin."""
    from analysis.lint import home_of, is_basin_of

    home = home_of(folders(options)[0])
    if home and not is_basin_of(home, base):
        name = base.catalogue.territoire.nom
        fail(
            [
                f"ce catalogue est celui d'un autre bassin ({name}) que les exemples et les scénarios des règles "
                "partagées : relancez sans « --catalogue ». « spro verifier » joue aussi les exemples d'un bassin."
            ]
        )


def fail(messages: Iterable[object]) -> NoReturn:
    """Ends the command: wrong input, nothing done."""
    print(*messages, sep="\n", file=sys.stderr)
    raise SystemExit(2)


def show_progress(done: int, total: int) -> None:
    """How far a long work is, on one line of the error output when it is a terminal."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{done * 100 // total} %", end=end, file=sys.stderr, flush=True)


def spaced(number: int) -> str:
    """A number as it is written in French: 96 642."""
    return f"{number:,}".replace(",", " ")
