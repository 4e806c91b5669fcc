"""The values of a sheet in plain French, as people read them in what changed, the directory and the messages.

Documents are plain data that may be wrong: what cannot be said in words is written as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, get_args

from data_inclusion.schema.base import EnhancedEnum
from pydantic_core import to_jsonable_python

from engine import territory, zones
from engine.ruleset import Ruleset
from fiche.coordonnees import telephone_in_words
from fiche.fields import ADDRESS, RECEPTION, fields_of
from fiche.horaires import in_words
from fiche.model import Service, Structure
from fiche.rubrique import Genre, Lecture, Rubrique
from fiche.words import ages, day, listed, within

UNSAID = "non renseigné"
"""What stands for a value that the sheet does not give."""

EMPTY = "vide"


# --- one value ---


def value(field: Rubrique | None, given: Any, rules: Ruleset) -> str:
    """A value of a field in words."""
    say = _SAID.get(field.genre) if field else None
    try:
        return (say(field, given, rules) if field and say else as_it_is(given)) or EMPTY
    except (AttributeError, KeyError, TypeError, ValueError):
        return as_it_is(given) or EMPTY


def unsaid(field: Rubrique | None) -> str:
    """What the absence of a field means."""
    return (field.absent if field else "") or UNSAID


def exact(given: Any) -> str:
    """A value as it is written, when words would hide a difference."""
    return repr(given)


def as_it_is(given: Any) -> str:
    """A value that has no other words."""
    if isinstance(given, bool):
        return "oui" if given else "non"
    if isinstance(given, list) and all(isinstance(item, str) for item in given):
        return listed(given)
    return given if isinstance(given, str) else exact(given)


def choices(field: Rubrique, rules: Ruleset) -> Mapping[str, str]:
    """The choices of a field and their words."""
    return field.choix(rules) if field.choix else _national(field.cle)


def names(field: Rubrique, rules: Ruleset) -> Mapping[str, str]:
    """The words of its choices for who compares sheets: those of the national format where it has some."""
    return (not field.spro and _national(field.cle)) or choices(field, rules)


def as_data(found: Any) -> Any:
    """A value of the models as plain data; what has no order is sorted, so that it is always said alike."""
    data = to_jsonable_python(found)
    return sorted(data) if isinstance(found, (set, frozenset)) else data


@cache
def _national(cle: str) -> Mapping[str, str]:
    """The closed list of the national format for a key, in its words; nothing when it has none."""
    for model in (Structure, Service):
        info = model.model_fields.get(cle)
        for kind in _inside(info.annotation) if info else ():
            if isinstance(kind, type) and issubclass(kind, EnhancedEnum):
                return {member.value: member.label for member in kind}
    return {}


def _inside(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _inside(part)


def _named(field: Rubrique, given: Any, rules: Ruleset) -> str:
    """One name or a list of names; a name that is unknown stays as it is."""
    words = names(field, rules)
    if isinstance(given, str):
        return words.get(given, given)
    return listed(words.get(item, str(item)) for item in _items(given))


def _items(given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise TypeError(given)
    return given


def reception(field: Rubrique, given: Any, rules: Ruleset) -> str:
    """« réservé : jeunes de 16 à 25 ans », the policies in the order of the sheet."""
    words = choices(field, rules)
    grouped: dict[str, list[str]] = {}
    for entry in _items(given):
        grouped.setdefault(entry["accueil"], []).append(words.get(entry["public"], entry["public"]))
    return " ; ".join(f"{RECEPTION[way]} : {listed(names)}" for way, names in grouped.items())  # type: ignore[index]


def _commune(_field: Rubrique, given: Any, _rules: Ruleset) -> str:
    place = territory.commune(given)
    return f"{given} ({place.nom})" if place else str(given)


def _counted(words: str) -> Callable[[Rubrique, Any, Ruleset], str]:
    return lambda _field, given, _rules: words.format(given) if type(given) is int else exact(given)


_SAID: Mapping[Genre, Callable[[Rubrique, Any, Ruleset], str]] = {
    "accueil": reception,
    "age": _counted("{} ans"),
    "choix": _named,
    "choix-mois": _counted("tous les {} mois"),
    "code-insee": _commune,
    "date": lambda _field, given, _rules: day(date.fromisoformat(given)),
    "horaires": lambda _field, given, _rules: in_words(given),
    "plusieurs": _named,
    "telephone": lambda _field, given, _rules: telephone_in_words(given),
    "zones": lambda _field, given, _rules: listed(zones.label(code) for code in _items(given)),
}


# --- what is read of a sheet, line by line ---


@dataclass(frozen=True, slots=True)
class Ligne:
    """Fields that are read together."""

    rubriques: tuple[Rubrique, ...]

    @property
    def entete(self) -> str:
        """Their heading."""
        return self.premiere.entete

    @property
    def premiere(self) -> Rubrique:
        """The one that says the most of them all."""
        return self.rubriques[0]


Say = Callable[[Rubrique, Any, Ruleset], str]


def lines(whole: tuple[str, ...], *where: Lecture) -> list[Ligne]:
    """What is read there of the structure (the empty place) or of a service: what is short, long texts, then what only
    the workbook has."""
    together: dict[str, list[Rubrique]] = {}
    for field in fields_of(whole):
        if field.lecture in where:
            together.setdefault(field.entete, []).append(field)
    found = [Ligne(tuple(fields)) for fields in together.values()]
    return sorted(found, key=lambda line: (line.premiere.lecture == "classeur", line.premiere.genre == "texte-long"))


def given_by(holder: Structure | Service, field: Rubrique) -> Any:
    """What a structure or a service says of a field, as plain data; None when it says nothing."""
    found = getattr(holder.spro if field.spro else holder, field.cle, None)
    return as_data(found) if isinstance(found, (bool, int)) or found else None


def holder_of(field: Rubrique, structure: Structure, service: Service | None) -> Structure | Service:
    """Whose word counts for who comes to a service: its own, else for contacts that of its structure; an address is
    never mixed."""
    if service is None:
        return structure
    if field.cle in ADDRESS:
        return service if service.adresse or service.commune else structure
    of_structure = field.lecture == "contact" and given_by(service, field) is None
    return structure if of_structure and given_by(structure, field) is not None else service


def read(field: Rubrique, given: Any, rules: Ruleset) -> str:
    """A value within a sentence, in the words that people choose it by."""
    if field.genre not in ("choix", "plusieurs"):
        return value(field, given, rules)
    words = choices(field, rules)
    chosen = given if isinstance(given, list) else [given]
    if not field.spro:  # a set: in the order in which the choices are offered
        chosen = sorted(chosen, key=list(words).index)
    found = [words.get(name, name) for name in chosen]
    return listed(found if field.titres else map(within, found))


def said(line: Ligne, given: Callable[[Rubrique], Any], rules: Ruleset, say: Say = read) -> str:
    """What a line says, of what is given of each of its fields; empty when nothing of it is known."""
    known = {field: given(field) for field in line.rubriques}
    if line.premiere.genre == "age":
        return ages(*known.values())
    return ", ".join(say(field, found, rules) for field, found in known.items() if found is not None)
