"""The product from a terminal: `spro COMMANDE`; one module of `commands/` each.

Exit codes: 0 done, 1 something to mend was found, 2 the input or the command is wrong.
argparse rather than Typer, whose messages cannot be in French (docs/adr/0006).
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from commands.common import add_help, speak_french

COMMANDS = (
    "orienter",
    "catalogue",
    "compte",
    "verifier",
    "prouver",
    "impact",
    "muter",
    "tracer",
    "regle",
    "bassin",
    "schemas",
    "serve",
)


def parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The commands and their options, with help and examples in French; only the command that is called is imported."""
    speak_french()
    top = argparse.ArgumentParser(
        prog="spro",
        description="Oriente une personne dans le réseau SPRO-EP : vers qui, pour quoi, pourquoi.",
        epilog="« spro COMMANDE --help » donne les options et des exemples.",
        add_help=False,
        allow_abbrev=False,
    )
    add_help(top)
    commands = top.add_subparsers(title="commandes", metavar="COMMANDE", dest="commande", required=True)
    called = [name for name in COMMANDS if [name] == list(arguments[:1])]
    for name in called or COMMANDS:
        importlib.import_module(f"commands.{name}").add(commands)
    return top


def main() -> None:
    """Runs the command; an interrupt or a reader that closes the pipe ends it quietly."""
    options = parser(sys.argv[1:]).parse_args()
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
