"""`spro expliquer`: why one structure stands before another, and the whole trace of the decision."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from analysis.explain import Explication, OffreLue, RegleLue, explain
from commands.common import Commands, add_command, add_reception, fail, load, standard_input
from engine.base import Base
from engine.documents import InvalidDocuments
from engine.explanation import Ligne
from engine.orientation import WELCOME
from engine.places import UnknownName
from engine.reading import read_situations

DETAILS = """exemples :
  spro expliquer situation.yaml --pourquoi france-travail-dreux --plutot-que apec-cvl
  spro expliquer situation.yaml --pourquoi cio-dreux --plutot-que mission-locale-dreux --tout

La première phrase dit laquelle vient devant, et le critère qui en décide. Suivent le rang des deux offres critère par
critère, puis chaque règle rencontrée : ✔ vraie, ✘ fausse, ? en attente d'une réponse, ~ levée par son exception.
Sans « --tout », les règles fausses sont seulement comptées. Code de sortie : 0, ou 2 si une entrée est fausse."""

_MARKS = {"vraie": "✔", "fausse": "✘", "inconnue": "?", "levée": "~"}
_VERDICTS = {True: "✔", False: "✘", None: "?"}


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declares the command."""
    command = add_command(commands, "expliquer", "dit pourquoi une structure vient avant une autre", DETAILS, run)
    command.add_argument(
        "fichier", metavar="FICHIER", help="une situation (YAML ou JSON) ; « - » est l'entrée standard"
    )
    command.add_argument("--pourquoi", metavar="ID", required=True, help="une structure ou un service")
    command.add_argument("--plutot-que", metavar="ID", required=True, help="celle ou celui à comparer")
    add_reception(command)
    command.add_argument("--tout", action="store_true", help="montre aussi les règles fausses, avec leurs conditions")
    command.add_argument("--json", action="store_true", help="répond en JSON, trace entière comprise")


def run(options: argparse.Namespace) -> int:
    """Explains, or says what is wrong in the input."""
    base = load(options)
    try:
        read = read_situations(Path(options.fichier), standard_input(options.fichier), base)
        if len(read) != 1:
            fail([f"{options.fichier} : une seule situation est attendue, pas {len(read)}."])
        on = options.date or date.today()
        found = explain(options.pourquoi, options.plutot_que, read[0].situation, base, on, options.bureau)
    except InvalidDocuments as error:
        fail(error.diagnostics)
    except UnknownName as error:
        fail([error])
    if options.json:
        print(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(found, base, whole=options.tout)))
    return 0


def _lines(found: Explication, base: Base, *, whole: bool) -> Iterator[str]:
    yield found.texte
    for offer in {item.service: item for item in (found.une, found.autre)}.values():
        for reason in offer.pourquoi_pas:
            yield f"  {base.catalogue.structures[offer.structure].nom} : {reason.texte} [{reason.regle}]"
    yield "\nCritères, dans l'ordre (0 : le mieux placé)"
    width = max(len(label) for _, label in found.criteres)
    yield f"  {'':{width}}  {_name(found.une)} | {_name(found.autre)}"
    if found.critere == WELCOME[0]:
        yield f"  {'Avant tout critère, un premier accueil':{width}}  ← décide"
    for (name, label), one, two in zip(found.criteres, found.une.rangs, found.autre.rangs, strict=True):
        ranks = "tirage du jour" if isinstance(one, str) else f"{one} | {two}"
        yield f"  {label:{width}}  {ranks}{'  ← décide' if name == found.critere else ''}"
    for name, rules in found.strates:
        yield from _stratum(name.capitalize(), rules, whole=whole)
    for offer in (found.une, found.autre):
        yield from _stratum(f"Offre {_name(offer)}", offer.regles, whole=whole)


def _name(offer: OffreLue) -> str:
    return f"{offer.service} ({offer.place})"


def _stratum(title: str, rules: tuple[RegleLue, ...], *, whole: bool) -> Iterator[str]:
    yield f"\n{title}"
    for rule in rules:
        if whole or rule.sort != "fausse":
            yield f"  {_MARKS[rule.sort]} {rule.regle.libelle} [{rule.regle.id}]"
            yield from _condition(rule.si, 3)
            if rule.sauf:
                yield "      sauf :"
                yield from _condition(rule.sauf, 4)
    false = sum(rule.sort == "fausse" for rule in rules)
    if false and not whole:
        yield f"  ✘ {false} règle{'s' if false > 1 else ''} fausse{'s' if false > 1 else ''}"


def _condition(lines: Sequence[Ligne], depth: int) -> Iterator[str]:
    return (f"{'  ' * (depth + line.profondeur)}{_VERDICTS[line.verdict]} {line.texte}" for line in lines)
