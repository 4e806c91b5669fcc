"""Who may do what. Every write of the store asks here; a screen only hides what would be refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from fiche.facts import SERVICES, at, services
from fiche.fields import fields_of

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


def reserved_changes(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What changed that only the coordination may change: where, and in words. To say nothing is to say no."""
    known = services(before)
    pairs: list[tuple[tuple[str | int, ...], Any, Any]] = [((), before, after)]
    inside = after.get(SERVICES)
    for index, service in enumerate(inside if isinstance(inside, list) else ()):
        if isinstance(service, dict):
            pairs.append(((SERVICES, index), known.get(str(service.get("id", "")), {}), service))
    for chemin, was, now in pairs:
        for field in fields_of(tuple(map(str, chemin))):
            if field.reserve and (at(was, field.place) or None) != (at(now, field.place) or None):
                yield (*chemin, *field.place), field.reserve
