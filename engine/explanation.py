"""What to ask next, why not, and conditions in plain French. Computed from the engine, never from a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from engine import territory
from engine.catalogue import Catalogue
from engine.conditions import (
    Aucun,
    Condition,
    Critere,
    Faits,
    Test,
    Tous,
    UnDe,
    Verdict,
    evaluate,
    keys_of,
    tests_of,
)
from engine.orientation import (
    Candidat,
    Contexte,
    Ecartee,
    Orientation,
    Question,
    Raison,
    by_evaluation,
    check_desk,
    judge,
    qualify,
    recommend,
    rejections,
    roles_of,
    select,
    verifications,
)
from engine.ruleset import Ruleset
from engine.situation import AGE_MAX, Situation, facts_of


def orient(
    situation: Situation, catalogue: Catalogue, rules: Ruleset, on: date, desk: str | None = None
) -> Orientation:
    """The full answer: the orientation and the questions that can still change it. Raises UnknownName."""
    answer = recommend(situation, catalogue, rules, on, desk)
    return replace(answer, questions=questions(situation, catalogue, rules, on, desk))


# --- what to ask next ---


@dataclass(frozen=True, slots=True)
class _Apercu:
    """What an agent sees first of an answer."""

    premiere: str
    autres: tuple[Any, ...]


def questions(
    situation: Situation, catalogue: Catalogue, rules: Ruleset, on: date, desk: str | None = None
) -> tuple[Question, ...]:
    """The open questions that can change the answer, those that can change the first structure most often first.

    Each possible answer is tried on the engine (ages are cut where the rules and offers cut them). Sensitive questions
    come last: they are for the agent to hear, not to ask. Raises UnknownName.
    """
    desk = desk or situation.bureau
    check_desk(desk, catalogue)
    context = Contexte.of(catalogue, rules, on, by_evaluation)
    now = _glance(situation, context, desk)
    said = situation.model_dump(exclude_none=True)
    facts = facts_of(situation)
    found: list[tuple[tuple[Any, ...], Question]] = []
    for order, (field, words) in enumerate(rules.vocabulaire.champs.items()):
        if field in said or not _is_raised(field, facts, rules):
            continue
        outcomes: dict[str, list[Any]] = {}
        moved = 0
        variants = [(value, _with(said, field, value, rules)) for value in answers_to_try(field, catalogue, context)]
        possible = [(value, variant) for value, variant in variants if variant is not None]
        for value, variant in possible:
            seen = _glance(variant, context, desk)
            if seen != now:
                moved += 1
            if seen.premiere != now.premiere:
                outcomes.setdefault(seen.premiere, []).append(value)
        if moved:
            changes = sum(map(len, outcomes.values()))
            weight = (words.sensible, -changes / len(possible), -moved / len(possible), order)
            effect = _effect(field, outcomes, [value for value, _ in possible], catalogue, rules)
            found.append((weight, Question(field, words.question, effect, bool(outcomes))))
    return tuple(question for _, question in sorted(found, key=lambda pair: pair[0]))


def _is_raised(field: str, facts: Faits, rules: Ruleset) -> bool:
    """Whether what was said calls for the question (the category of an agent, not of everyone)."""
    return field not in rules.posees_si or evaluate(rules.posees_si[field], facts) is True


def _glance(situation: Situation, context: Contexte, desk: str | None) -> _Apercu:
    qualification = qualify(situation, context, desk)
    selection = select(qualification, context, best_of_alike=True)
    shown = [(role, candidate.offre.id) for role, candidate in roles_of(selection, qualification)]
    profil = qualification.profil
    doubts = tuple(rule.id for rule, _ in selection.retenus[0].indecises)
    alerts = tuple(alert.regle for alert in profil.alertes)
    return _Apercu(
        selection.retenus[0].offre.structure.id, (shown, profil.cep, profil.operateurs, profil.niveau, doubts, alerts)
    )


def _with(said: dict[str, Any], field: str, value: Any, rules: Ruleset) -> Situation | None:
    try:
        return rules.situation.model_validate({**said, field: value})
    except ValidationError:
        return None


def answers_to_try(field: str, catalogue: Catalogue, context: Contexte) -> list[Any]:
    """The answers to a question that are worth trying: one age an interval, each value of a list alone.

    None when nothing reads the answer.
    """
    asked = context.rules.vocabulaire.champs[field]
    if field not in context.rules.lues:
        return []
    match asked.genre:
        case "oui-non":
            return [True, False]
        case "ensemble":
            return [(value,) for value in asked.valeurs]
        case "choix":
            return list(asked.valeurs)
        case "entier":
            return numbers_to_try(field, catalogue, context)
        case "lieu":
            return communes_to_try(catalogue)
        case "code-postal" | "structure":
            return []


def ages_to_try(catalogue: Catalogue, context: Contexte) -> list[int]:
    """One age for each interval between the bounds of the rules in force and of the offers."""
    return numbers_to_try("age", catalogue, context)


def numbers_to_try(field: str, catalogue: Catalogue, context: Contexte) -> list[int]:
    """One number for each interval between the bounds of the rules in force and of the offers."""
    asked = context.rules.vocabulaire.champs[field]
    low, high = asked.min or 0, asked.max or 0
    bounds = {low}
    for stratum in context.strata.values():
        for condition in stratum.conditions:
            for test in tests_of(condition):
                if test.cle == field and isinstance(test.valeur, int):
                    bounds |= {test.valeur, test.valeur + 1} if test.op in ("==", "!=") else set()
                    bounds |= {test.valeur} if test.op in (">=", "<") else set()
                    bounds |= {test.valeur + 1} if test.op in ("<=", ">") else set()
    bounds |= catalogue.age_bounds if field == "age" else frozenset()
    return sorted(number for number in bounds if low <= number <= high)


def communes_to_try(catalogue: Catalogue) -> list[str]:
    """The main commune of the basin, and one of its communes in another department, where there is one."""
    basin = catalogue.territoire
    home = territory.commune(basin.commune)
    others = (
        place.code
        for zone in basin.zones
        if len(zone) == 9
        for place in territory.communes_of(zone)
        if home and place.departement != home.departement
    )
    return [basin.commune, *list(others)[:1]]


def _effect(
    field: str, outcomes: Mapping[str, list[Any]], tried: list[Any], catalogue: Catalogue, rules: Ruleset
) -> str:
    if not outcomes:
        return "Peut préciser les autres portes, le niveau ou ce qui reste à vérifier."
    ordered = sorted(outcomes.items(), key=lambda item: (-len(item[1]), item[0]))
    parts = [
        f"{catalogue.structures[structure].nom} ({_values_in_words(field, values, tried, rules)})"
        for structure, values in ordered[:3]
    ]
    return "Peut changer la réponse : " + " ; ".join(parts) + (" ; …" if len(ordered) > 3 else ".")


def _values_in_words(field: str, values: list[Any], tried: list[Any], rules: Ruleset) -> str:
    if field == "age":
        return ", ".join(age_ranges(values, tried))
    shown = [value_in_words(field, value[0] if isinstance(value, tuple) else value, rules) for value in values]
    return ", ".join(shown[:3]) + (", …" if len(shown) > 3 else "")


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


# --- why not ---

NO_PUBLIC = "Cette structure est une tête de réseau : elle ne reçoit pas le public."
OTHER_NEEDS = "Aucune de ses offres déclarées ne répond à ce besoin : {besoin}."


def why_not(
    structure: str, situation: Situation, catalogue: Catalogue, rules: Ruleset, on: date, desk: str | None = None
) -> tuple[Ecartee, ...]:
    """Why each offer of a structure is not proposed; empty for the offers that are. Raises UnknownName, KeyError.

    A structure that declares no offer for the need gets one line that says so, with the source of the duty to refer.
    """
    desk = desk or situation.bureau
    context = Contexte.of(catalogue, rules, on, by_evaluation)
    qualification = qualify(situation, context, desk)
    offers = catalogue.of_structure(structure)
    if not catalogue.structures[structure].spro.recoit_public or not offers:
        return (Ecartee(structure, "", (Raison("accueil-du-public", NO_PUBLIC, ("charte-1-prestations",)),)),)
    profil = qualification.profil
    needs = {*profil.besoins, *profil.besoins_complementaires}
    is_referent = catalogue.structures[structure].spro.role in qualification.referents
    answering = [offre for offre in offers if is_referent or needs & set(offre.service.spro.besoins)]
    if not answering:
        text = OTHER_NEEDS.format(besoin=rules.vocabulaire.besoins[profil.besoins[0]].libelle)
        return (Ecartee(structure, "", (Raison("besoin-principal", text, ("charte-1-orienter",)),)),)
    judged = judge(answering, qualification, context)
    on_mandate = [found for found in judged.retenus if found.offre.service.spro.sur_mandat and found.indecises]
    return (
        *(Ecartee(structure, found.offre.id, rejections(found)) for found in judged.ecartes),
        *(Ecartee(structure, found.offre.id, _doubts(found, rules)) for found in on_mandate),
    )


def _doubts(candidate: Candidat, rules: Ruleset) -> tuple[Raison, ...]:
    return tuple(Raison(doubt.regle, doubt.texte, doubt.sources) for doubt in verifications(candidate, rules))


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
