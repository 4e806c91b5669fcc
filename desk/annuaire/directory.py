"""The directory: which structures a search keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.base import Base
from engine.territory import fold
from fiche.fields import ANY_SERVICE, NETWORKS, fields_of
from fiche.model import Service, Structure
from fiche.values import given_by, value


@dataclass(frozen=True, slots=True)
class Search:
    """What an agent looks for; empty means anything."""

    mots: str = ""
    besoin: str | None = None
    public: str | None = None
    reseaux: tuple[str, ...] = ()


def find(search: Search, base: Base) -> list[Structure]:
    """The structures that match: those of the basin first, those that do not receive the public last."""
    kept = (structure for structure in base.catalogue.structures.values() if _matches(structure, search, base))
    networks = list(NETWORKS)
    return sorted(kept, key=lambda s: (not s.spro.recoit_public, networks.index(s.spro.reseau), fold(s.nom)))


def _matches(structure: Structure, search: Search, base: Base) -> bool:
    if search.reseaux and structure.spro.reseau not in search.reseaux:
        return False
    if (search.besoin or search.public) and not any(_answers(service, search) for service in structure.services):
        return False
    words = fold(search.mots).split()
    if not words:
        return True
    text = _folded(structure, base)
    return all(word in text for word in words)


_known: dict[str, tuple[Structure, str]] = {}


def _folded(structure: Structure, base: Base) -> str:
    """What is searched of a structure, folded once for all the searches that read the same sheet."""
    kept = _known.get(structure.id)
    if kept is None or kept[0] is not structure:
        kept = _known[structure.id] = structure, fold(" ".join(_texts(structure, base)))
    return kept[1]


def _answers(service: Service, search: Search) -> bool:
    return (search.besoin is None or search.besoin in service.spro.besoins) and (
        search.public is None or receives(service, search.public)
    )


def receives(service: Service, public: str) -> bool:
    """Whether a service is open to a public: named among its publics, or reserved to nobody."""
    named = {entry.public for entry in service.spro.publics}
    return public in named or not any(entry.accueil == "reserve-a" for entry in service.spro.publics)


def _texts(structure: Structure, base: Base) -> Iterable[str]:
    holders: list[tuple[Structure | Service, tuple[str, ...]]] = [(structure, ())]
    for holder, whole in [*holders, *((service, ANY_SERVICE) for service in structure.services)]:
        for field in fields_of(whole):
            if field.cherche and (given := given_by(holder, field)) is not None:
                yield value(field, given, base.rules)
