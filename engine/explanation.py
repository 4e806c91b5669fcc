"""Ages, values and conditions in plain French."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from engine import territory
from engine.conditions import Aucun, Condition, Critere, Faits, Test, Tous, UnDe, Verdict, evaluate, keys_of
from engine.ruleset import Ruleset
from engine.situation import AGE_MAX


def age_ranges(ages: list[int], tried: list[int]) -> Iterator[str]:
    """Ages that were tried, as ranges in words: each stands for all the ages up to the next one that was tried."""
    ends = {age: following - 1 for age, following in pairwise([*tried, AGE_MAX + 1])}
    start = end = -1
    for age in [*ages, None]:
        if age is not None and age == end + 1 and start >= 0:
            end = ends[age]
            continue
        if start >= 0:
            yield age_range(start, end)
        if age is not None:
            start, end = age, ends[age]


def age_range(start: int, end: int) -> str:
    """The ages from one to another, in words."""
    if start == end:
        return f"{start} ans"
    if start == 0:
        return f"jusqu'à {end} ans"
    return f"{start} ans et plus" if end == AGE_MAX else f"de {start} à {end} ans"


def value_in_words(field: str, value: Any, rules: Ruleset) -> str:
    """One value of a question of the situation, as an agent reads it."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if field == "besoins":
        return rules.vocabulaire.besoins[value].libelle
    if field == "commune":
        place = territory.commune(str(value))
        return place.nom if place else str(value)
    return rules.vocabulaire.champs[field].valeurs.get(str(value), str(value))


# --- conditions in plain French ---


@dataclass(frozen=True, slots=True)
class Ligne:
    """One line of a condition in words, its depth in the tree, and its verdict when facts were given."""

    texte: str
    profondeur: int
    verdict: Verdict = None


_GROUPS = {Tous: "toutes ces conditions", UnDe: "au moins une de ces conditions", Aucun: "aucune de ces conditions"}


def in_words(condition: Condition, rules: Ruleset, facts: Faits | None = None, depth: int = 0) -> list[Ligne]:
    """A condition as lines that a person who does not code can read."""
    verdict = None if facts is None else evaluate(condition, facts)
    match condition:
        case Critere():
            return [Ligne(_criterion_in_words(condition, rules), depth, verdict)]
        case Tous(parties) | UnDe(parties) | Aucun(parties):
            if not parties:
                return [Ligne("toujours", depth, True)]
            lines = [Ligne(_GROUPS[type(condition)] + " :", depth, verdict)]
            return lines + [line for part in parties for line in in_words(part, rules, facts, depth + 1)]
        case Test():
            return [Ligne(", ".join(keys_of(condition)), depth, verdict)]


def _criterion_in_words(criterion: Critere, rules: Ruleset) -> str:
    name, expected = criterion.champ.nom, criterion.attendu
    label = _label(name, rules)
    if isinstance(expected, dict) and "croise" in expected:
        return f"{label} : en commun avec {_label(expected['croise'], rules)}"
    if isinstance(expected, dict):
        words = {"min": "au moins", "max": "au plus", "moins_que": "moins que", "plus_que": "plus que"}
        parts = (
            f"{words[key]} {bound if isinstance(bound, int) else _label(bound, rules)}"
            for key, bound in expected.items()
        )
        return f"{label} : " + " et ".join(parts)
    values = expected if isinstance(expected, list) else [expected]
    return f"{label} : " + " ou ".join(_value(name, value, rules) for value in values)


_LABELS = {
    "publics": "public",
    "cep": "droit au CEP",
    "operateurs": "opérateur du CEP",
    "besoin_principal": "besoin principal",
    "besoins_retenus": "besoins, dits ou déduits",
    "niveau": "niveau",
    "referents": "référent",
    "premiere": "première structure",
    "offre.role": "structure de l'offre",
    "offre.niveau": "niveau de l'offre",
    "offre.reseau": "place de la structure",
    "offre.age_min": "âge minimum de l'offre",
    "offre.age_max": "âge maximum de l'offre",
    "offre.statuts": "situations demandées par l'offre",
    "offre.publics_reserves": "publics réservés de l'offre",
    "offre.publics_prioritaires": "publics prioritaires de l'offre",
    "offre.secteurs": "secteurs de l'offre",
    "offre.modes": "modes de rendez-vous de l'offre",
    "offre.besoins": "besoins auxquels l'offre répond",
    "offre.age_borne": "l'offre fixe un âge",
    "offre.statuts_requis": "l'offre demande une situation",
    "offre.reservee": "l'offre est réservée à un public",
    "offre.couvre": "l'offre couvre la commune",
    "offre.recoit_public": "la structure reçoit le public",
    "offre.cep": "l'offre est un conseil en évolution professionnelle",
    "offre.repond_au_besoin": "l'offre répond au besoin principal",
    "offre.bureau": "la structure est le bureau qui reçoit",
    "offre.sur_mandat": "l'offre est sur décision de justice",
}


def _label(name: str, rules: Ruleset) -> str:
    return rules.vocabulaire.champs[name].libelle if name in rules.vocabulaire.champs else _LABELS[name]


def _value(name: str, value: Any, rules: Ruleset) -> str:
    words = rules.vocabulaire
    if isinstance(value, bool):
        return "oui" if value else "non"
    if not isinstance(value, str):
        return str(value)
    match name:
        case "publics":
            return words.publics[value].libelle
        case "operateurs" | "referents" | "premiere" | "offre.role":
            return words.roles[value]
        case "niveau" | "offre.niveau":
            return words.niveaux[value].lower()
        case "besoins" | "besoin_principal" | "besoins_retenus" | "offre.besoins":
            return words.besoins[value].libelle
    return words.champs[name].valeurs.get(value, value) if name in words.champs else value
