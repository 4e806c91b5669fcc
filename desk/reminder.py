"""The message that asks a structure to look at its sheet again: plain text, ready to send by other means. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from engine.base import Base
from fiche.fields import ANY_SERVICE, fields_of, name
from fiche.freshness import BIENTOT, Bilan, Doute, Echeance
from fiche.model import Service, Structure
from fiche.values import given_by, value
from fiche.words import CONFIDENCE, capital, day

SUBJECT = "Votre fiche dans le réseau d’orientation : à relire"
NO_SOURCE = "sans source, à confirmer"

URGENCY = {
    "depasse": "date dépassée",
    "bientot": f"dans moins de {BIENTOT.days} jours",
    "a-jour": "à jour",
}

Lines = dict[str, list[str]]
"""What to look at, under the structure (an empty title) and under each of its services."""


def reminder(bilan: Bilan, base: Base, address: str, editing: str) -> str:
    """The whole message; the sheet is read at `address`, and its structure edits it at `editing`."""
    due = [due_in_words(found) for found in bilan.echeances if found.etat != "a-jour"]
    parts = [
        f"Objet : {SUBJECT}",
        "Bonjour,",
        f"Les agents d’accueil du réseau s’appuient sur la fiche « {_line(bilan.structure.nom)} » pour orienter le "
        "public. Pouvez-vous la relire ?",
        _section("À relire", {"": due}),
        _section("À compléter", missing_in_words(bilan)),
        _section("À confirmer ou à corriger", doubts_in_words(bilan, base)),
        f"La fiche telle que les agents la voient :\n{address}",
        "Pour la corriger, ou pour dire en un clic qu’elle est toujours à jour, avec le compte de votre structure :\n"
        f"{editing}",
        "Merci,\nLa coordination du réseau",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def due_in_words(found: Echeance) -> str:
    """When a service was last looked at, and when it is due again."""
    what = _title(found.service) or "La fiche"
    seen = f"mise à jour du {day(found.vue_le)}, à relire tous les {found.frequence_mois} mois"
    return f"{what} : {seen}, donc avant le {day(found.due_le)} ({URGENCY[found.etat]})"


def missing_in_words(bilan: Bilan) -> Lines:
    """What nobody gave."""
    return _grouped((found.service, capital(name(found.champ))) for found in bilan.manques)


def doubts_in_words(bilan: Bilan, base: Base) -> Lines:
    """What is not sure: what the sheet says now, and why it is doubted."""
    told = [(None, bilan.a_confirmer)] if bilan.a_confirmer else []
    return _grouped([*told, *((found.service, _doubt(found, bilan.structure, base)) for found in bilan.doutes)])


def _doubt(found: Doute, structure: Structure, base: Base) -> str:
    why = CONFIDENCE[found.confiance] if found.confiance else NO_SOURCE
    holder = found.service or structure
    fields = [field for field in fields_of(ANY_SERVICE if found.service else ()) if field.cle == found.champ]
    field, given = next((field, given) for field in fields if (given := given_by(holder, field)) is not None)
    return f"{capital(field.nom)} : {value(field, given, base.rules)} ({why})"


def _grouped(found: Iterable[tuple[Service | None, str]]) -> Lines:
    lines: Lines = {}
    for service, words in found:
        lines.setdefault(_title(service), []).append(words)
    return lines


def _title(service: Service | None) -> str:
    return f"Service « {service.nom} »" if service else ""


def _section(title: str, found: Lines) -> str:
    blocks = [f"{title} :"] if any(found.values()) else []
    for holder, lines in found.items():
        blocks += [f"{_line(holder)} :"] if holder else []
        blocks += [f"- {_line(words)}" for words in lines]
    return "\n".join(blocks)


def _line(text: str) -> str:
    """The text on one line, so that nothing in a sheet passes for a part of the message."""
    return " ".join(text.split())
