"""The values of a sheet in plain French, as the coordination and the partners read them.

Documents are plain data that may be wrong: what cannot be said in words is written as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from data_inclusion.schema.v1 import (
    Frais,
    ModeAccueil,
    ModeMobilisation,
    PersonneMobilisatrice,
    Public,
    ReseauPorteur,
    Thematique,
    TypeService,
)

from desk.annuaire.directory import NETWORKS
from desk.labels import LABELS, RECEPTION
from engine import territory, zones
from engine.base import Base
from fiche.coordonnees import telephone_in_words
from fiche.horaires import in_words
from fiche.model import SproService
from fiche.words import CONFIDENCE, capital, day, listed

UNSAID = "non renseigné"
"""What stands for a value that the sheet does not give."""

EMPTY = "vide"


def value(field: str, given: Any, base: Base, *, network: bool = False) -> str:
    """A value of a field in words; `network` tells the fields of `spro` from those of data.inclusion."""
    show = _SHOWN_IN_NETWORK.get(field) if network else None
    try:
        return (show or _SHOWN.get(field) or _as_it_is)(given, base) or EMPTY
    except (AttributeError, KeyError, TypeError, ValueError):
        return _as_it_is(given, base) or EMPTY


def unsaid(field: str, *, network: bool = False) -> str:
    """What the absence of a field means."""
    return _UNSAID.get(field, UNSAID) if network or field == "zone_eligibilite" else UNSAID


def provenance(fact: str, found: Any) -> str:
    """Where a fact comes from, in words."""
    label = capital(LABELS.get(fact, str(fact)))
    try:
        checked = day(date.fromisoformat(found["verifie"]))
        return f"{label} : {found['source']}, vérifié le {checked}, {CONFIDENCE[found['confiance']]}"
    except (KeyError, TypeError, ValueError):
        return f"{label} : {exact(found)}"


def exact(given: Any) -> str:
    """A value as it is written, when words would hide a difference."""
    return repr(given)


def _as_it_is(given: Any, _base: Base) -> str:
    if isinstance(given, bool):
        return "oui" if given else "non"
    if isinstance(given, list) and all(isinstance(item, str) for item in given):
        return listed(given)
    return given if isinstance(given, str) else exact(given)


def _choices(names: Mapping[str, str]) -> Callable[[Any, Base], str]:
    return lambda given, _base: _named(given, names)


def _named(given: Any, names: Mapping[str, str]) -> str:
    """One name or a list of names; a name that is unknown stays as it is."""
    if isinstance(given, str):
        return names.get(given, given)
    return listed(names.get(item, str(item)) for item in _items(given))


def _items(given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise TypeError(given)
    return given


def _labels(members: Iterable[Any]) -> Mapping[str, str]:
    return {member.value: member.label for member in members}


def _needs(given: Any, base: Base) -> str:
    return _named(given, {name: need.libelle for name, need in base.rules.vocabulaire.besoins.items()})


def _answers(field: str) -> Callable[[Any, Base], str]:
    return lambda given, base: _named(given, base.rules.vocabulaire.champs[field].valeurs)


def _reception(given: Any, base: Base) -> str:
    """« réservé : jeunes de 16 à 25 ans », the policies in the order of the sheet."""
    words = base.rules.vocabulaire.publics
    grouped: dict[str, list[str]] = {}
    for entry in _items(given):
        public = entry["public"]
        grouped.setdefault(entry["accueil"], []).append(words[public].libelle if public in words else public)
    return " ; ".join(f"{RECEPTION[way]} : {listed(names)}" for way, names in grouped.items())


def _commune(given: Any, _base: Base) -> str:
    place = territory.commune(given)
    return f"{given} ({place.nom})" if place else str(given)


def _counted(words: str) -> Callable[[Any, Base], str]:
    return lambda given, _base: words.format(given) if type(given) is int else exact(given)


_SHOWN: Mapping[str, Callable[[Any, Base], str]] = {
    "age_max": _counted("{} ans"),
    "age_min": _counted("{} ans"),
    "besoins": _needs,
    "code_insee": _commune,
    "date_maj": lambda given, _base: day(date.fromisoformat(given)),
    "frais": _choices(_labels(Frais)),
    "frequence_mois": _counted("tous les {} mois"),
    "horaires_accueil": lambda given, _base: in_words(given),
    "mobilisable_par": _choices(_labels(PersonneMobilisatrice)),
    "modes_accueil": _choices(_labels(ModeAccueil)),
    "modes_mobilisation": _choices(_labels(ModeMobilisation)),
    "niveau": lambda given, base: _named(given, base.rules.vocabulaire.niveaux),
    "publics": _choices(_labels(Public)),
    "reseau": _choices({str(name): words for name, words in NETWORKS.items()}),
    "reseaux_porteurs": _choices(_labels(ReseauPorteur)),
    "role": lambda given, base: _named(given, base.rules.vocabulaire.roles),
    "secteurs": _answers("secteur"),
    "statuts": _answers("statuts"),
    "thematiques": _choices(_labels(Thematique)),
    "type": _choices(_labels(TypeService)),
    "telephone": lambda given, _base: telephone_in_words(given),
    "zone_eligibilite": lambda given, _base: listed(zones.label(code) for code in _items(given)),
}
_SHOWN_IN_NETWORK: Mapping[str, Callable[[Any, Base], str]] = {"publics": _reception}

_UNSAID = {
    "age_max": "sans limite",
    "age_min": "sans limite",
    "cep": "non",
    "frequence_mois": f"tous les {SproService.model_fields['frequence_mois'].default} mois",
    "publics": "tous",
    "secteurs": "tous",
    "statuts": "toutes",
    "sur_mandat": "non",
    "zone_eligibilite": "partout",
}
