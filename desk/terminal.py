"""An orientation as short, coloured text for a terminal; without colour when the output is not one (no-color.org)."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from desk.orientation.changes import by_structure, changes_in_words
from engine.asking import Alternative
from engine.base import Base
from engine.orientation import Orientation, Raison, Recommandation

UNKNOWN = "à compléter par la structure"
UNSURE = " (à confirmer)"
_BOLD, _DIM, _GREEN, _YELLOW, _RESET = "\033[1m", "\033[2m", "\033[32m", "\033[33m", "\033[0m"
_SHOWN_REASONS = 4


def print_orientation(answer: Orientation, base: Base, title: str | None) -> None:
    """Prints the answer on standard output; `title` names the situation when there are several."""
    _print(_lines(answer, base, title))


def print_alternatives(changes: Sequence[Alternative], wanted: str, base: Base) -> None:
    """Prints what would make another structure first, or `wanted` first when it names one."""
    structures = base.catalogue.structures
    if wanted:
        heading = f"Ce qu'il faudrait pour que ce soit {structures[wanted].nom}"
        items = changes_in_words(changes, base.rules)
        items = items or ["Aucun changement d'une ou de deux réponses n'y conduit."]
    else:
        heading = "Ce qui changerait la réponse"
        found = by_structure(changes, base.rules)
        items = [f"{structures[name].nom} {', ou '.join(lines)}" for name, lines in found.items()]
        items = items or ["Changer une ou deux réponses ne mettrait aucune autre structure en premier."]
    _print(_section(heading, items))


def _print(lines: Iterable[str]) -> None:
    text = "\n".join(lines)
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    print(text if coloured else _plain(text))


def _plain(text: str) -> str:
    for code in (_BOLD, _DIM, _GREEN, _YELLOW, _RESET):
        text = text.replace(code, "")
    return text


def _lines(answer: Orientation, base: Base, title: str | None) -> Iterator[str]:
    if title:
        yield f"\n{_DIM}── {title} ──{_RESET}"
    first, *others = answer.recommandations
    yield from _first(first, base)
    place = answer.profil.lieu
    if place:
        yield f"Habite : {place.nom}" + ("" if place.dans_le_bassin else " (hors du bassin)")
    yield from _section("À savoir", (*answer.avertissements, *(alert.texte for alert in answer.profil.alertes)))
    names = {"relais": "Autres portes", "complement": "En complément"}
    for role, heading in names.items():
        doors = [_door(item, base) for item in others if item.role == role]
        yield from _section(heading, doors)
    steps = (
        f"{step.etape}. {base.catalogue.structures[step.structure].nom} : {step.objet}" for step in answer.parcours
    )
    yield from _section("Étapes", steps if len(answer.parcours) > 1 else ())
    rejected = (
        f"{base.catalogue.structures[item.structure].nom} : {_joined(item.raisons)}" for item in answer.ecartees
    )
    yield from _section("Pourquoi pas…", rejected)
    asked = (f"{question.question} {_DIM}{question.effet}{_RESET}" for question in answer.questions[:3])
    yield from _section("Questions qui peuvent changer la réponse", asked)


def _first(item: Recommandation, base: Base) -> Iterator[str]:
    structure = base.catalogue.structures[item.structure]
    service = base.catalogue.offre_by_id[item.service].service
    yield f"{_BOLD}{_GREEN}{structure.nom}{_RESET}" + (f" {_BOLD}· c'est chez vous{_RESET}" if item.chez_vous else "")
    yield f"  {service.nom} ({base.rules.vocabulaire.niveaux[item.niveau].lower()})"
    if item.hors_reseau:
        yield f"  {_YELLOW}Hors du réseau SPRO-EP.{_RESET}"
    if not structure.est_un_type:
        yield from _contacts(item, base)
    if structure.spro.a_confirmer:
        yield from _wrapped(f"{_YELLOW}À confirmer : {structure.spro.a_confirmer}{_RESET}", "  ")
    for doubt in item.a_verifier:
        yield from _wrapped(f"{_YELLOW}{doubt.texte}{_RESET}", "  ")
    yield "  Pourquoi :"
    for reason in item.raisons[:_SHOWN_REASONS]:
        yield from _wrapped(f"{reason.texte} {_DIM}[{reason.regle}]{_RESET}", "  · ")


def _contacts(item: Recommandation, base: Base) -> Iterator[str]:
    structure = base.catalogue.structures[item.structure]
    service = base.catalogue.offre_by_id[item.service].service
    fields = {"adresse": "Adresse", "telephone": "Téléphone", "courriel": "Courriel", "site_web": "Site"}
    fields |= {"horaires_accueil": "Horaires"}
    missing = []
    for field, label in fields.items():
        owner = service if getattr(service, field, None) else structure
        value = getattr(owner, field, None)
        if value is None:
            missing.append(label.lower())
            continue
        place = f", {owner.code_postal or ''} {owner.commune or ''}".rstrip(" ,") if field == "adresse" else ""
        provenance = owner.spro.provenance.get(field)
        sure = provenance is not None and provenance.confiance == "V"
        yield f"  {label} : {value}{place}{'' if sure else UNSURE}"
    if missing:
        yield f"  {_DIM}{', '.join(missing).capitalize()} : {UNKNOWN}.{_RESET}"


def _door(item: Recommandation, base: Base) -> str:
    name = base.catalogue.structures[item.structure].nom
    service = base.catalogue.offre_by_id[item.service].service.nom
    notes = [service, *(["hors réseau"] if item.hors_reseau else []), *(["c'est chez vous"] if item.chez_vous else [])]
    doubts = " ".join(doubt.texte for doubt in item.a_verifier)
    after = f" {_DIM}{item.apres.texte}{_RESET}" if item.apres and item.role == "relais" else ""
    return f"{name} ({', '.join(notes)}){after}" + (f" {_YELLOW}{doubts}{_RESET}" if doubts else "")


def _joined(reasons: Iterable[Raison]) -> str:
    return " ".join(f"{reason.texte} {_DIM}[{reason.regle}]{_RESET}" for reason in reasons)


def _section(heading: str, items: Iterable[str]) -> Iterator[str]:
    shown = list(items)
    if shown:
        yield f"\n{_BOLD}{heading}{_RESET}"
        for item in shown:
            yield from _wrapped(item, "  · ")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, 110, initial_indent=indent, subsequent_indent=" " * len(indent))
