"""`spro bassin nouveau`: the working folder of another basin."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from analysis.basin import SHEETS, plan, write
from analysis.basin_request import Demande, read_names
from commands.common import Commands, add_command, fail, folders, load, read_date
from engine.documents import InvalidDocuments
from engine.loading import load_rules

DETAILS = """exemple :
  spro bassin nouveau tours --nom "Bassin de Tours (Indre-et-Loire)" --commune 37261 --zones 37 243700754 \\
    --dossier bassins/tours

Le dossier contient le territoire, les fiches des membres régionaux (avec leurs sources), une fiche vide par rôle
local, et un mode d'emploi. Les règles de la charte ne sont pas recopiées : elles sont partagées.
« --structures » nomme les structures déjà connues, dans un fichier YAML :
  structures:
    - {role: cio, nom: CIO de Joué-lès-Tours}
Rien n'est écrasé ; en cas d'erreur, toutes sont listées et rien n'est écrit (code 2). Guide : docs/autre-bassin.md."""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declares the command."""
    command = add_command(commands, "bassin", "crée le dossier de travail d'un autre bassin", DETAILS, run)
    command.add_argument("action", metavar="nouveau", choices=("nouveau",), help="la seule action")
    command.add_argument("id", metavar="ID", help="l'identifiant du bassin, par exemple tours")
    command.add_argument("--nom", required=True, metavar="NOM", help="le nom du bassin")
    command.add_argument("--commune", required=True, metavar="CODE", help="code INSEE de la commune centre")
    command.add_argument(
        "--zones", required=True, nargs="+", metavar="CODE", help="départements (37) et intercommunalités (SIREN)"
    )
    command.add_argument("--dossier", required=True, type=Path, metavar="DOSSIER", help="le dossier à créer")
    command.add_argument("--structures", type=Path, metavar="FICHIER", help="les structures locales déjà connues")
    command.add_argument("--date", metavar="AAAA-MM-JJ", type=read_date, help="date des fiches (aujourd'hui sinon)")


def run(options: argparse.Namespace) -> int:
    """Writes the folder, or says everything that is wrong."""
    start = load(options)
    regles, catalogue = folders(options)
    asked = Demande(options.id, options.nom, options.commune, tuple(dict.fromkeys(options.zones)), options.dossier)
    wrong: list[object] = list(asked.problems(start.catalogue.territoire))
    try:
        rules = load_rules(regles)
        names = read_names(options.structures, rules) if options.structures else ()
        if not wrong:
            basin = plan(asked, names, start, catalogue, rules, options.date or date.today())
            write(basin, rules)
    except InvalidDocuments as error:
        wrong += error.diagnostics
    except OSError as error:
        wrong.append(f"{asked.dossier} : ce dossier ne peut pas être écrit ({error.strerror}).")
    if wrong:
        fail(wrong)
    print(f"{asked.dossier} : {len(basin.reprises)} fiches reprises, {len(basin.vides)} fiches vides à compléter.")
    print(f"Ensuite : spro verifier --catalogue {asked.dossier / SHEETS}")
    return 0
