"""`spro muter`: each rule is changed a little, and an example or a scenario must notice."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import get_args

import yaml

from analysis.mutants import MUTATIONS
from analysis.mutation import EtatMutant, Resultat, mutate
from analysis.view import Dossiers
from charte.features import BrokenScenarios
from commands.common import (
    Commands,
    add_command,
    fail,
    folders,
    load,
    read_date,
    require_home,
    show_progress,
    spaced,
)
from engine.documents import InvalidDocuments
from engine.problems import unknown_name

DETAILS = """exemples :
  spro muter
  spro muter --regle public-mineur-sans-solution --regle offre-reservee
  spro muter --json > mutants.json

Change chaque règle, une chose à la fois (comparaison, borne, valeur, condition, exception, effet, date), et vérifie
qu'un exemple des règles ou un scénario de features/ le remarque. Un mutant que rien ne remarque est un survivant : il
est donné avec une situation qui le distingue, que « spro orienter » sait lire. Un mutant équivalent dit la même chose
que la règle dans toute situation : c'est prouvé, ou il est donné comme non distingué. Voir docs/mutation.md.
Code de sortie : 0 sans survivant, 1 s'il y en a, 2 si la base, ses exemples ou les scénarios sont faux."""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declares the command."""
    command = add_command(commands, "muter", "change chaque règle et vérifie qu'on le remarque", DETAILS, run)
    command.add_argument("--regle", metavar="ID", action="append", default=[], help="ne muter que cette règle")
    command.add_argument("--date", metavar="AAAA-MM-JJ", type=read_date, help="date des règles (aujourd'hui sinon)")
    command.add_argument("--json", action="store_true", help="donne chaque mutant en JSON")


def run(options: argparse.Namespace) -> int:
    """Tries every mutant; prints the survivors and the score."""
    base = load(options)
    require_home(options, base)
    known = base.rules.by_id
    wrong = [f"--regle : {unknown_name('règle', name, known)}" for name in options.regle if name not in known]
    if wrong:
        fail(wrong)
    try:
        on = options.date or date.today()
        results = mutate(Dossiers(*folders(options)), on, list(dict.fromkeys(options.regle)), show_progress)
    except InvalidDocuments as error:
        fail(error.diagnostics)
    except BrokenScenarios as error:
        fail([error])
    if options.json:
        print(json.dumps([result.to_json() for result in results], ensure_ascii=False, indent=2))
    else:
        print("\n".join(_text(results)))
    return int(any(result.etat == "survivant" for result in results))


def _text(results: Sequence[Resultat]) -> Iterator[str]:
    for result in results:
        if result.etat == "survivant":
            yield from _survivor(result)
    for result in results:
        if result.etat == "non distingué":
            what = f"{result.mutation} : {result.detail}"
            yield f"# {result.regle} ({result.lieu}) — {what}. Ni distingué, ni prouvé équivalent."
    yield from table(results)
    tried = [result for result in results if result.etat in ("tué", "survivant")]
    killed = sum(result.etat == "tué" for result in tried)
    left = len(tried) - killed
    yield f"\n{spaced(killed)} mutants tués sur {spaced(len(tried))} : " + (
        "aucun survivant." if not left else f"{spaced(left)} survivant{'s' if left > 1 else ''}."
    )


def _survivor(result: Resultat) -> Iterator[str]:
    yield f"# {result.regle} ({result.lieu})\n# {result.mutation} : {result.detail}"
    gap = result.ecart
    if gap is not None:
        places = [f"offre {gap.offre}"] if gap.offre else []
        places += [f"le {gap.le}"] if gap.le else []
        yield f"# {gap.sens}" + (f" ({', '.join(places)})" if places else "")
        yield yaml.safe_dump(gap.situation.said(), allow_unicode=True, sort_keys=False)


def table(results: Sequence[Resultat]) -> Iterator[str]:
    """The score by mutation, as a Markdown table."""
    yield "| Mutation | Mutants | Tués | Survivants | Équivalents | Non distingués |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    rows = [(name, [result for result in results if result.mutation == name]) for name in MUTATIONS]
    for name, found in [*((name, found) for name, found in rows if found), ("total", results)]:
        states = [sum(result.etat == state for result in found) for state in get_args(EtatMutant)]
        yield f"| {name} | {len(found)} | {' | '.join(map(str, states))} |"
