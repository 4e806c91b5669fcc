"""From what the fields of the form hold to a valid situation: what is refused is said beside its field and kept out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from engine.catalogue import Catalogue
from engine.places import UnknownName, resolve_commune
from engine.questions import NONE_OF_THEM, ChampDeclare
from engine.ruleset import Ruleset
from engine.situation import Situation
from engine.validation import problem_of


@dataclass(frozen=True, slots=True)
class Understood:
    """The situation that the engine gets, and a message for each answer that is kept out of it."""

    situation: Situation
    refused: dict[str, str]


class _Refused(ValueError):
    """An answer that cannot be read; the message says what was expected."""


def understand(answers: Mapping[str, Any], catalogue: Catalogue, rules: Ruleset) -> Understood:
    """Takes the answers in the order they were given; one that contradicts an earlier one is refused."""
    questions = rules.vocabulaire
    accepted: dict[str, Any] = {}
    refused: dict[str, str] = {}
    for field, held in answers.items():
        try:
            value = _read(questions.champs[field], held, catalogue)
        except _Refused as error:
            refused[field] = str(error)
            continue
        for kept in _shorter_and_shorter(value):
            try:
                questions.situation.model_validate(accepted | {field: kept})
            except ValidationError as error:
                refused.setdefault(field, _sentence(error, rules))
            else:
                accepted[field] = kept
                break
    return Understood(questions.situation.model_validate(accepted), refused)


def _read(asked: ChampDeclare, held: Any, catalogue: Catalogue) -> Any:
    if asked.genre == "entier":
        if not re.fullmatch(rf"\d{{1,{len(str(asked.max))}}}", held.strip(), re.ASCII):
            raise _Refused(asked.refus or "Écrivez un nombre entier, en chiffres.")
        return int(held)
    if asked.vide and NONE_OF_THEM in held:
        return ()
    if asked.genre == "lieu":
        try:
            return resolve_commune(held, catalogue).code
        except UnknownName as error:
            raise _Refused(_capital(str(error))) from None
    return held


def _shorter_and_shorter(value: Any) -> list[Any]:
    """A list is tried whole, then without its last items: only the last choice is refused."""
    if not isinstance(value, (list, tuple)) or len(value) < 2:
        return [value]
    return [tuple(value[:length]) for length in range(len(value), 0, -1)]


def _sentence(error: ValidationError, rules: Ruleset) -> str:
    item = error.errors()[0]
    return f"Réponse non prise en compte : {_agent_words(str(problem_of(item, rules.situation)), rules)}"


def _agent_words(message: str, rules: Ruleset) -> str:
    """The names of the engine between « » as the form writes them."""
    fields = rules.vocabulaire.champs
    words = {value: label for field in fields.values() for value, label in field.valeurs.items()}
    words |= {name: field.libelle for name, field in fields.items()}
    words |= {f"{name}: false": f"{fields[name].libelle} : non" for name in fields}

    def translate(found: re.Match[str]) -> str:
        return "« " + ", ".join(words.get(part, part) for part in found.group(1).split(", ")) + " »"

    translated = re.sub(r"« (.*?) »", translate, message)
    return re.sub(r"« (.+?) » \(\1\)", r"« \1 »", translated, flags=re.IGNORECASE)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
