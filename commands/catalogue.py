"""`spro catalogue`: sheets between a folder, the store and the national format."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from commands import catalogue_national
from commands.common import Commands, add_command, add_help, fail
from engine.base import REGLES, load_rules_of
from engine.catalogue import TERRITOIRE
from engine.documents import InvalidDocuments
from engine.ruleset import Ruleset
from store import folder
from store.database import Store, Unavailable
from store.folder import Comparaison, Conflits, EtatDossier
from store.live import basin_folder
from store.sheets import Conflit, Refus

DETAILS = """exemples :
  spro catalogue comparer
  spro catalogue exporter                      (réécrit les fiches du dossier « catalogue » qui ont changé en ligne)
  spro catalogue importer --motif "Relecture de printemps"
  spro catalogue exporter --format data-inclusion --dossier sortie
  spro catalogue exporter --format xlsx --dossier sortie
  spro catalogue importer --format data-inclusion --dossier structures-et-services

La base est celle du projet, ou celle de SPRO_DATABASE_URL ; à sa création, elle prend les fiches du bassin.
Une fiche modifiée des deux côtés est un conflit : il est montré, rien n'est écrit. Le format national
(data.inclusion v1) et le classeur pour tableur : docs/format-national.md. Code de sortie : 0 fait, 1 des différences
(comparer), 2 rien n'a été fait."""

FORMATS = ("yaml", "data-inclusion", "xlsx")

_WHERE: dict[EtatDossier, str] = {
    "identique": "identique",
    "dossier": "modifiée dans le dossier",
    "base": "modifiée en ligne",
    "conflit": "modifiée des deux côtés",
}


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declares the command and its three actions."""
    command = add_command(commands, "catalogue", "échange les fiches avec un dossier", DETAILS, run)
    actions = command.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)
    for name, summary in (
        ("comparer", "dit quelles fiches diffèrent entre le dossier et la base"),
        ("importer", "publie les fiches que le dossier a changées"),
        ("exporter", "écrit dans le dossier les fiches publiées"),
    ):
        action = actions.add_parser(name, help=summary, description=summary, add_help=False, allow_abbrev=False)
        add_help(action)
        action.add_argument("--dossier", metavar="DOSSIER", type=Path, default=None, help="celui du bassin sinon")
        if name != "comparer":
            formats = FORMATS if name == "exporter" else FORMATS[:2]
            action.add_argument("--format", choices=formats, default="yaml", help=", ".join(formats) + " (yaml sinon)")
        if name == "importer":
            action.add_argument(
                "--partiel", action="store_true", help="data-inclusion : prendre ce qui est juste, laisser le reste"
            )
            action.add_argument("--motif", metavar="TEXTE", default="Reprise du dossier.", help="pourquoi, en un mot")


def run(options: argparse.Namespace) -> int:
    """Does the action; nothing is written when anything is wrong."""
    basin: Path = options.catalogue or basin_folder()
    dossier: Path = options.dossier or basin
    try:
        store, rules = Store(), load_rules_of(options.regles or REGLES, basin)
        from_folder = options.action == "importer" and options.format == "yaml"
        if folder.fill(store, dossier if from_folder else basin, rules):
            print("La base était vide : elle publie les fiches du dossier.", file=sys.stderr)
        if getattr(options, "format", "yaml") != "yaml":
            return catalogue_national.run(store, basin, rules, options)
        if options.action == "exporter" and not (dossier / TERRITOIRE).exists():
            dossier.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(basin / TERRITOIRE, dossier / TERRITOIRE)
        return _ACTIONS[options.action](store, dossier, rules, options)
    except InvalidDocuments as error:
        fail(error.diagnostics)
    except (Unavailable, Conflits, Conflit, Refus) as error:
        fail([f"spro catalogue {options.action} : {error}"])
    except OSError as error:
        fail([f"spro catalogue {options.action} : {error.filename or dossier} : {error.strerror}."])


def _compare(store: Store, dossier: Path, rules: Ruleset, _options: argparse.Namespace) -> int:
    differing = [item for item in folder.compare(store, dossier, rules) if item.ecart != "identique"]
    for item in differing:
        where = "absente du dossier" if item.dossier is None else _WHERE[item.ecart]
        print(f"{item.fiche} : {where}{_version(item)}")
    print(f"{len(differing)} différence(s)." if differing else "Le dossier et la base disent la même chose.")
    return 1 if differing else 0


def _import(store: Store, dossier: Path, rules: Ruleset, options: argparse.Namespace) -> int:
    _say("publiée", folder.take(store, dossier, options.motif, rules))
    return 0


def _export(store: Store, dossier: Path, rules: Ruleset, _options: argparse.Namespace) -> int:
    _say("écrite", folder.write_out(store, dossier, rules))
    return 0


_ACTIONS = {"comparer": _compare, "importer": _import, "exporter": _export}


def _version(item: Comparaison) -> str:
    if item.base is None:
        return ", absente de la base"
    waits = ", une proposition attend une relecture" if item.attend else ""
    return f" (version {item.base.numero} en ligne{', archivée' if item.base.archivee else ''}{waits})"


def _say(done: str, found: Sequence[Comparaison]) -> None:
    for item in found:
        print(item.fiche)
    plural = "s" if len(found) > 1 else ""
    print(f"{len(found)} fiche{plural} {done}{plural}.", file=sys.stderr)
