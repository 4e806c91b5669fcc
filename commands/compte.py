"""`spro compte`: the accounts of the members, from the machine itself."""

from __future__ import annotations

import argparse
import getpass
import sys
from contextlib import closing
from dataclasses import replace

from commands.common import Commands, add_command, add_help, fail
from engine.base import REGLES, load_rules_of
from engine.documents import InvalidDocuments
from store import accounts, folder, passwords
from store.accounts import Compte, CompteRefuse
from store.database import Store, Unavailable
from store.live import basin_folder
from store.rights import MACHINE, ROLE_NAMES, ROLES

DETAILS = """exemples :
  spro compte creer camille.durand --nom "Camille Durand" --role administration --generer
  spro compte creer bij --nom "BIJ de Dreux" --role partenaire --structure bij-dreux --generer
  spro compte creer alex.petit --nom "Alex Petit" --role agent --courriel alex.petit@exemple.fr --sans-mot-de-passe
  spro compte lister
  spro compte modifier alex.petit --role administration
  spro compte mot-de-passe bij --generer
  spro compte fermer bij

Le mot de passe ne s'écrit jamais dans la commande : il est demandé deux fois, ou lu sur l'entrée standard (une ligne),
ou tiré au hasard et montré une seule fois avec « --generer ». La personne le change à sa première connexion. Avec
« --sans-mot-de-passe », le compte s'ouvre par le fournisseur d'identité (ProConnect…), d'après le courriel.
Code de sortie : 0 fait, 2 rien n'a été fait."""

_ACTIONS = {
    "creer": "ouvre un compte",
    "lister": "montre les comptes",
    "modifier": "change le nom, le rôle, la structure ou le courriel d'un compte",
    "fermer": "ferme un compte ; ses sessions s'arrêtent aussitôt",
    "rouvrir": "rouvre un compte fermé, tel qu'il était",
    "mot-de-passe": "donne un nouveau mot de passe, à changer à la prochaine connexion",
}


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declares the command and its actions."""
    command = add_command(commands, "compte", "gère les comptes des membres du réseau", DETAILS, run)
    actions = command.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)
    for name, summary in _ACTIONS.items():
        action = actions.add_parser(name, help=summary, description=summary, add_help=False, allow_abbrev=False)
        add_help(action)
        if name != "lister":
            action.add_argument("identifiant", metavar="IDENTIFIANT", help="prenom.nom, par exemple")
        if name in ("creer", "modifier"):
            _add_description(action, required=name == "creer")
        if name in ("creer", "mot-de-passe"):
            action.add_argument("--generer", action="store_true", help="tire le mot de passe au hasard et le montre")
        if name == "creer":
            action.add_argument("--sans-mot-de-passe", action="store_true", help="par le fournisseur d'identité seul")


def _add_description(action: argparse.ArgumentParser, *, required: bool) -> None:
    action.add_argument("--nom", metavar="TEXTE", required=required, help="le nom que les autres liront")
    roles = ", ".join(f"{role} ({words})" for role, words in ROLE_NAMES.items())
    action.add_argument("--role", choices=ROLES, metavar="ROLE", required=required, help=roles)
    action.add_argument("--structure", metavar="ID", help="la structure d'un partenaire, par exemple bij-dreux")
    action.add_argument(
        "--courriel", metavar="ADRESSE", help="pour se connecter avec, ou par le fournisseur d'identité"
    )


def run(options: argparse.Namespace) -> int:
    """Does the action, or says everything that prevents it."""
    try:
        with closing(Store()) as store:
            _DO[options.action](store, options)
    except InvalidDocuments as error:
        fail(error.diagnostics)
    except (CompteRefuse, Unavailable) as error:
        fail(f"spro compte {options.action} : {line}" for line in str(error).splitlines())
    return 0


def _list(store: Store, _options: argparse.Namespace) -> None:
    found = accounts.everyone(store)
    for compte in found:
        about = [compte.nom, ROLE_NAMES[compte.role], compte.structure, compte.courriel, _state(compte)]
        print(f"{compte.identifiant} : {' · '.join(part for part in about if part)}")
    if not found:
        print("Aucun compte.")


def _state(compte: Compte) -> str:
    if compte.ferme_le:
        return f"fermé le {compte.ferme_le:%d/%m/%Y}"
    if not compte.a_mot_de_passe:
        return "sans mot de passe"
    return "mot de passe à changer" if compte.a_changer else ""


def _create(store: Store, options: argparse.Namespace) -> None:
    if options.structure:  # a partner's structure is a published sheet: a new database has none yet
        basin = options.catalogue or basin_folder()
        folder.fill(store, basin, load_rules_of(options.regles or REGLES, basin))
    wanted = Compte(options.identifiant, options.nom, options.role, options.structure, options.courriel)
    password = None if options.sans_mot_de_passe else _password(options)
    created = accounts.create(store, MACHINE, wanted, password)
    _show_once(options, password)
    print(f"Compte ouvert : {created.identifiant}.")


def _change(store: Store, options: argparse.Namespace) -> None:
    accounts.change(store, MACHINE, _changed(store, options))
    print("Compte modifié.")


def _give_password(store: Store, options: argparse.Namespace) -> None:
    password = _password(options)
    accounts.give_password(store, MACHINE, options.identifiant, password)
    _show_once(options, password)
    print("Mot de passe changé ; les sessions ouvertes sont fermées.")


def _close(store: Store, options: argparse.Namespace) -> None:
    accounts.close(store, MACHINE, options.identifiant)
    print("Compte fermé, ainsi que ses sessions.")


def _reopen(store: Store, options: argparse.Namespace) -> None:
    accounts.reopen(store, MACHINE, options.identifiant)
    print("Compte rouvert.")


_DO = {
    "creer": _create,
    "lister": _list,
    "modifier": _change,
    "fermer": _close,
    "rouvrir": _reopen,
    "mot-de-passe": _give_password,
}


def _changed(store: Store, options: argparse.Namespace) -> Compte:
    known = accounts.find(store, options.identifiant) or Compte(options.identifiant, "", "agent")
    role = options.role or known.role
    structure = options.structure or (known.structure if role == "partenaire" else None)
    courriel = known.courriel if options.courriel is None else options.courriel
    return replace(known, nom=options.nom or known.nom, role=role, structure=structure, courriel=courriel)


def _password(options: argparse.Namespace) -> str:
    """Made at random, typed twice, or the first line of the standard input. Raises CompteRefuse."""
    if options.generer:
        return passwords.generate()
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed = getpass.getpass("Mot de passe : ")
    if typed != getpass.getpass("Une seconde fois : "):
        raise CompteRefuse("Les deux mots de passe sont différents.")
    return typed


def _show_once(options: argparse.Namespace, password: str | None) -> None:
    if options.generer:
        print(f"Mot de passe, montré cette seule fois : {password}")
