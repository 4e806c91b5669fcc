"""`spro tracer`: from the commitments of the charter to the rules, examples and scenarios that keep them, and back."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from charte import trace as tracing
from charte.features import FEATURES, Scenario, UnreadableFeature
from charte.trace import Lien, Trace, TraceEngagement, TraceRegle, many
from charte.trace_markdown import to_markdown
from commands.common import Commands, add_command, fail, load, require_home
from engine.base import Base
from engine.problems import unknown_name

DETAILS = """exemples :
  spro tracer
  spro tracer --engagement obligations-legales
  spro tracer --regle alerte-obligation-formation --json
  spro tracer --markdown > docs/tracabilite.md

Une règle énonce un engagement quand les deux citent une même source. Un scénario montre un engagement par son étiquette
@engagement-<id>, et exerce une règle quand la réponse qu'il demande la cite.
Code de sortie : 0 si chaque engagement a un scénario ou une raison, 1 sinon, 2 si quelque chose ne se lit pas."""

T = TypeVar("T")


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declares the command."""
    command = add_command(commands, "tracer", "relie engagements, règles, exemples et scénarios", DETAILS, run)
    what = command.add_mutually_exclusive_group()
    what.add_argument("--engagement", metavar="ID", help="un seul engagement de rules/engagements.yaml")
    what.add_argument("--regle", metavar="ID", help="une seule règle")
    what.add_argument("--markdown", action="store_true", help="donne la page docs/tracabilite.md")
    command.add_argument("--json", action="store_true", help="répond en JSON")
    command.add_argument(
        "--scenarios",
        metavar="DOSSIER",
        type=Path,
        default=FEATURES,
        help="dossier « features » (celui du projet sinon)",
    )


def run(options: argparse.Namespace) -> int:
    """Prints the trace, or one line of it; 1 when a commitment has neither scenario nor reason."""
    if options.json and options.markdown:
        fail(["--json ne va pas avec --markdown"])
    base = load(options)
    if options.scenarios == FEATURES:
        require_home(options, base)
    found = _trace(base, options.scenarios)
    if options.markdown:
        print(to_markdown(found), end="")
    elif options.engagement is not None:
        commitments = {item.engagement.id: item for item in found.engagements}
        _show_one(_pick("engagement", options.engagement, commitments), options.json)
    elif options.regle is not None:
        rules = {item.regle.id: item for item in found.regles}
        _show_one(_pick("règle", options.regle, rules), options.json)
    elif options.json:
        _print_json(tracing.to_json(found))
    else:
        print(*_summary(found), sep="\n")
    for line in _problems(found):
        print(line, file=sys.stderr)
    return 0 if found.est_complete else 1


def _trace(base: Base, features: Path) -> Trace:
    try:
        return tracing.trace(base, features)
    except UnreadableFeature as error:
        fail([error])


def _pick(what: str, name: str, known: dict[str, T]) -> T:
    if name not in known:
        fail([unknown_name(what, name, known)])
    return known[name]


def _show_one(item: TraceEngagement | TraceRegle, as_json: bool) -> None:
    if isinstance(item, TraceEngagement):
        if as_json:
            _print_json(tracing.commitment_to_json(item))
        else:
            print(*_commitment(item), sep="\n")
    elif as_json:
        _print_json(tracing.rule_to_json(item))
    else:
        print(*_rule(item), sep="\n")


def _print_json(data: object) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


def _problems(found: Trace) -> Iterator[str]:
    for item in found.in_state("sans-scenario"):
        yield f"« {item.engagement.id} » n'a ni scénario ni raison (sans_regle) : {item.engagement.resume}"
    for tag, scenario in found.etiquettes_inconnues:
        yield f"{scenario.place} : l'étiquette @engagement-{tag} ne désigne aucun engagement."


# --- in words ---


def _summary(found: Trace) -> Iterator[str]:
    yield found.chiffre
    yield ""
    for item in found.in_state("evaluable"):
        yield f"  {item.engagement.id} : {_counts(item)}"
    if found.in_state("sans-regle"):
        yield "\nHors de portée d'une règle :"
        for item in found.in_state("sans-regle"):
            yield f"  {item.engagement.id} : {item.engagement.sans_regle}"
    yield ""
    yield from _weak_spots(found)


def _counts(item: TraceEngagement) -> str:
    stated = [many(len(item.regles), "règle")]
    stated += [many(len(item.criteres), "critère")] if item.criteres else []
    return f"{', '.join(stated)}, {many(len(item.scenarios), 'scénario')} ({many(item.visites, 'situation')})"


def _weak_spots(found: Trace) -> Iterator[str]:
    silent, apart = found.sans_scenario, found.sans_engagement
    unshown = [item for item in apart if not item.engagements_montres]
    yield f"{many(len(found.regles), 'règle')} : {len(found.regles) - len(silent)} exercées par un scénario."
    if silent:
        yield "Sans scénario (leurs exemples les essaient) : " + ", ".join(item.regle.id for item in silent) + "."
    yield f"Sans source commune avec un engagement : {len(apart)}, dont {len(unshown)} sans scénario non plus."
    idle = [item.regle.id for item in found.regles if item.regle.strate == "offres" and not item.offres]
    if idle:
        yield "Ne concernent aucune offre du catalogue : " + ", ".join(idle) + "."


def _commitment(item: TraceEngagement) -> Iterator[str]:
    said = item.engagement
    yield f"{said.id} — {said.resume}"
    yield f"Sources : {', '.join(said.sources)}"
    if said.sans_regle:
        yield f"Hors de portée d'une règle : {said.sans_regle}"
    for title, links in (("Règles", item.regles), ("Critères", item.criteres), ("Interdits", item.interdits)):
        yield from _links(title, links)
    yield from _scenarios(item.scenarios)


def _rule(item: TraceRegle) -> Iterator[str]:
    rule = item.regle
    yield f"{rule.id} ({rule.strate}) — {rule.libelle}"
    yield f"{rule.fichier}:{rule.ligne}"
    yield f"Sources : {', '.join(rule.sources)}"
    yield f"Engagements de même source : {', '.join(item.engagements) or 'aucun'}"
    yield f"Engagements dont un scénario l'exerce : {', '.join(item.engagements_montres) or 'aucun'}"
    yield "Exemples : " + ", ".join(f"{count} « {kind} »" for kind, count in item.exemples.items())
    if rule.strate == "offres":
        yield f"Offres concernées ({len(item.offres)}) : {', '.join(item.offres) or 'aucune'}"
    yield from _scenarios(item.scenarios)


def _links(title: str, links: Iterable[Lien]) -> Iterator[str]:
    lines = [f"  {link.id} (par {', '.join(link.sources)})" for link in links]
    if lines:
        yield f"{title} :"
        yield from lines


def _scenarios(scenarios: Iterable[Scenario]) -> Iterator[str]:
    lines = [f"  {item.place} {item.nom} ({many(len(item.cas), 'situation')})" for item in scenarios]
    yield "Scénarios :" if lines else "Scénarios : aucun"
    yield from lines
