"""The product from a terminal: `spro COMMANDE`; one module of `commands/` each.

Exit codes: 0 done, 1 something to mend was found, 2 the input or the command is wrong.
argparse rather than Typer, whose messages cannot be in French (docs/adr/0006).
"""

from __future__ import annotations

import argparse
import gc
import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence


def _later(name: str) -> None:
    """Lets a module be imported at once and run at its first use: most commands never check an e-mail address."""
    spec = importlib.util.find_spec(name)
    if spec and spec.loader and name not in sys.modules:
        spec.loader = importlib.util.LazyLoader(spec.loader)
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])


# Before pydantic is imported, which is most of a cold start: it looks for plugins among all that is installed, and the
# collector would go again and again through the classes that are being made.
gc.set_threshold(50_000)
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
_later("email_validator")

from commands.common import add_help, speak_french  # noqa: E402

COMMANDS = (
    "orienter",
    "expliquer",
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
