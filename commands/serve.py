"""`spro serve`: the front desk in a browser."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from commands.common import Commands, add_command

DETAILS = """exemples :
  spro serve
  spro serve --port 8600

Les fiches sont celles de la base, remplie au premier démarrage depuis le dossier « catalogue » du projet. Avec
« --catalogue DOSSIER », l'accueil répond d'après ce dossier, sans base : personne ne modifie les fiches à l'écran.
« --bassin DOSSIER » sert un autre bassin (territoire, règles locales, fiches du premier démarrage) ; donnez-lui sa base
avec SPRO_DATABASE_URL.

Au-delà de cette machine (--hote 0.0.0.0), il faut qu'au moins un compte existe ou que la connexion par OpenID Connect
soit réglée : docs/comptes-et-connexion.md.

Ouvrez ensuite l'adresse affichée dans un navigateur ; Ctrl+C arrête l'accueil."""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declares the command."""
    command = add_command(commands, "serve", "démarre l'accueil dans le navigateur", DETAILS, run)
    command.add_argument("--bassin", metavar="DOSSIER", type=Path, help="le dossier du bassin (celui du projet sinon)")
    command.add_argument("--port", metavar="N", type=_port, default=8501, help="port d'écoute (8501 sinon)")
    command.add_argument("--hote", metavar="ADRESSE", default="127.0.0.1", help="adresse d'écoute (127.0.0.1 sinon)")
    command.add_argument(
        "--sans-authentification",
        action="store_true",
        help="écoute au-delà de cette machine même si personne ne peut se connecter",
    )


def run(options: argparse.Namespace) -> int:
    """Serves until it is stopped."""
    from desk.server import serve
    from store.live import ENV_BASSIN

    if options.bassin:
        os.environ[ENV_BASSIN] = str(options.bassin.resolve())
    serve(
        host=options.hote,
        port=options.port,
        regles=options.regles,
        catalogue=options.catalogue,
        open_to_all=options.sans_authentification,
    )
    return 0


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"un nombre de 1 à 65535 est attendu, pas « {text} »")
    return int(text)
