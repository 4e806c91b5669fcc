"""Checks that need the rules and the catalogue together: the examples of the rules, and the roles they lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from pydantic import ValidationError

from analysis.problems import FauteBase
from engine.base import Base
from engine.catalogue import Offre, build_offre, unknown_words
from engine.conditions import Faits, Verdict, evaluate
from engine.decision import Contexte
from engine.documents import NOWHERE, Diagnostic, Document
from engine.examples import Attendu, Exemple
from engine.orientation import Visite
from engine.places import UnknownName
from engine.problems import Invalide, Probleme, shown, unknown_name
from engine.ruleset import Regle
from engine.situation import Situation
from engine.validation import explain
from fiche.model import SproService

EXPECTED: dict[Attendu, Verdict] = {"oui": True, "non": False, "inconnu": None}
_SHOWN = {verdict: word for word, verdict in EXPECTED.items()}
_NOT_SAID = {"offre", "avec", "le", "premiere"}


def check_base(base: Base, on: date) -> list[Diagnostic]:
    """What is wrong between rules and catalogue: examples that do not hold on a date, roles that nobody has."""
    return sorted([*check_examples(base.rules.regles, base, on), *check_roles(base)])


def verdict_of(rule: Regle, example: dict[str, Any], base: Base, on: date) -> Verdict:
    """What a rule says of an example: a situation, for an offer if `offre` names one, on the date `le` if given.

    Raises KeyError for an offer that is not in the catalogue, UnknownName for a commune or a desk that does not exist,
    ValueError for an offer that no sheet could describe.
    """
    facts = facts_of_example(rule, example, base, on)
    if rule.sauf is not None and evaluate(rule.sauf, facts) is True:
        return False
    return evaluate(rule.si, facts)


def facts_of_example(rule: Regle, example: dict[str, Any], base: Base, on: date) -> Faits:
    """What a rule sees of an example. Raises as `verdict_of`."""
    situation = situation_of(example, base)
    on = date.fromisoformat(str(example["le"])) if "le" in example else on
    visit = Visite.of(situation, Contexte.of(base.catalogue, base.rules, on))
    if rule.strate == "offres":
        return visit.faits_de(offer_of(example, base))
    if rule.strate == "parcours":
        if "premiere" in example and example["premiere"] not in base.rules.vocabulaire.roles:
            raise UnknownName("premiere", unknown_name("rôle", example["premiere"], base.rules.vocabulaire.roles))
        first = example.get("premiere") or visit.premiere.offre.structure.spro.role
        return visit.seul.faits | {"premiere": first}
    return visit.seul.faits


def offer_of(example: dict[str, Any], base: Base) -> Offre:
    """The offer of an example, as it would be `avec` another `spro` block. Raises KeyError, ValueError."""
    offre = base.catalogue.offre_by_id[example["offre"]]
    other = example.get("avec")
    if not other:
        return offre
    try:
        spro = SproService.model_validate(offre.service.spro.model_dump() | other)
    except ValidationError as error:
        found = explain(error, SproService, Document("", other, NOWHERE))
        raise Invalide(*((("avec", *item.chemin), item.probleme) for item in found)) from None
    wrong = [(("avec", *place), probleme) for place, probleme in unknown_words(spro, base.rules)]
    if wrong:
        raise Invalide(*wrong)
    return build_offre(offre.structure, offre.service.model_copy(update={"spro": spro}), base.rules)


def situation_of(example: dict[str, Any], base: Base) -> Situation:
    """The situation of an example."""
    said = {key: value for key, value in example.items() if key not in _NOT_SAID}
    return base.rules.situation.model_validate(said)


def check_examples(rules: Iterable[Regle], base: Base, on: date) -> Iterator[Diagnostic]:
    """The examples of some rules that do not hold on a date."""
    for rule in rules:
        for example in rule.joues:
            for lieu, found in _check_example(rule, example, base, on):
                yield Diagnostic(example.fichier, example.ligne, example.colonne, found, lieu)


def _check_example(rule: Regle, example: Exemple, base: Base, on: date) -> Iterator[tuple[str, Probleme]]:
    """What is wrong, and where in words when the sentence does not say it."""
    lieu = f"exemple de « {rule.id} »"
    offers = base.catalogue.offre_by_id
    if rule.strate == "offres" and example.dit["offre"] not in offers:
        yield lieu, unknown_name("offre", shown(example.dit["offre"]), offers)
        return
    try:
        verdict = verdict_of(rule, example.dit, base, on)
    except UnknownName as error:
        yield lieu, error.probleme
    except Invalide as error:
        yield from ((f"{lieu} : {place[0]}", found) for place, found in error.problemes)
    else:
        if verdict != EXPECTED[example.attendu]:
            said = ", ".join(f"{key}: {_in_yaml(value)}" for key, value in example.dit.items()) or "situation vide"
            answer = _SHOWN[verdict]
            wrong = FauteBase.EXEMPLE(regle=rule.id, reponse=answer, attendu=example.attendu, situation=said)
            yield "", wrong


def _in_yaml(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def check_roles(base: Base) -> Iterator[Diagnostic]:
    """The roles to which rules lead and that no structure has."""
    present = base.catalogue.structures_by_role
    for rule in base.rules.regles:
        steps = [step.role for step in rule.alors.etapes or ()]
        for role in filter(None, [rule.alors.operateur, rule.alors.referent, *steps]):
            if role not in present:
                wrong = FauteBase.ROLE_SANS_STRUCTURE(regle=rule.id, role=role)
                yield Diagnostic(rule.fichier, rule.ligne, 1, wrong)
