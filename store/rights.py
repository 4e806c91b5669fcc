"""Who may do what. Every write of the store asks here; a screen only hides what would be refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Role = Literal["agent", "partenaire", "coordination", "administration"]
ROLES: tuple[Role, ...] = get_args(Role)
ROLE_NAMES: dict[Role, str] = {
    "agent": "agent d'accueil",
    "partenaire": "partenaire",
    "coordination": "coordination du réseau",
    "administration": "administration",
}


class Interdit(Exception):
    """Somebody asked for what is not theirs to do. In French."""


@dataclass(frozen=True, slots=True)
class Acteur:
    """Who acts: an account and its right. A partner acts for one structure."""

    identifiant: str
    nom: str
    role: Role
    structure: str | None = None


AGENT = Acteur("", "", "agent")
"""Anybody: reading needs no account."""

MACHINE = Acteur("ligne-de-commande", "Ligne de commande", "administration")
"""Who runs a command on the machine can already read and write the database."""


def decides(acteur: Acteur) -> bool:
    """Whether somebody publishes, refuses, restores and archives."""
    return acteur.role in ("coordination", "administration")


def edits(acteur: Acteur, fiche: str) -> bool:
    """Whether somebody may propose a change of a sheet."""
    return decides(acteur) or (acteur.role == "partenaire" and acteur.structure == fiche)


def require_edit(acteur: Acteur, fiche: str) -> None:
    """Raises Interdit."""
    if not edits(acteur, fiche):
        raise Interdit("Cette fiche n'est pas celle de votre structure : vous ne pouvez pas la modifier.")


def require_decide(acteur: Acteur) -> None:
    """Raises Interdit."""
    if not decides(acteur):
        raise Interdit("Seule la coordination du réseau publie, refuse, restaure ou archive une fiche.")


def require_administer(acteur: Acteur) -> None:
    """Raises Interdit."""
    if acteur.role != "administration":
        raise Interdit("Seule l'administration gère les comptes.")


# --- what a partner does not decide alone: no partner can tune its place in the answers ---

_OF_STRUCTURE = ("id", "source", ("spro", "role"), ("spro", "reseau"), ("spro", "recoit_public"))
_OF_SERVICE = (("spro", "cep"), ("spro", "sur_mandat"))
RESERVED_WORDS = {
    "id": "l'identifiant",
    "source": "la source",
    "role": "le rôle dans le réseau",
    "reseau": "la place dans le réseau",
    "recoit_public": "l'accueil du public",
    "cep": "le conseil en évolution professionnelle",
    "sur_mandat": "la décision de justice",
}


def reserved_changes(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What changed that only the coordination may change: where, and in words."""
    for field in _OF_STRUCTURE:
        path = field if isinstance(field, tuple) else (field,)
        if _at(before, path) != _at(after, path):
            yield path, RESERVED_WORDS[path[-1]]
    known = {service.get("id"): service for service in _services(before)}
    for index, service in enumerate(_services(after)):
        for path in _OF_SERVICE:
            if bool(_at(known.get(service.get("id"), {}), path)) != bool(_at(service, path)):
                yield ("services", index, *path), RESERVED_WORDS[path[-1]]


def _services(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = document.get("services")
    return [service for service in found if isinstance(service, dict)] if isinstance(found, list) else []


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data
