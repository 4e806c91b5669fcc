"""Steps of the scenarios, in the words of the scenarios."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from pytest_bdd import given, parsers, then, when

from engine.asking import orient
from engine.base import REGLES, Base, load_base
from engine.orientation import Orientation, Recommandation, why_not
from engine.questions import read_person

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def base() -> Base:
    """The shipped rules and catalogue."""
    return load_base()


@pytest.fixture
def person() -> dict[str, Any]:
    """What the person said so far."""
    return {}


@pytest.fixture
def outcome() -> dict[str, Orientation]:
    """The answer, once asked for."""
    return {}


@given("une personne dont rien n'est dit")
def nothing_said(person: dict[str, Any]) -> None:
    person.clear()


@given(parsers.parse("la personne : {words}"))
def a_person(person: dict[str, Any], base: Base, words: str) -> None:
    person.update(read_person(words, base.rules.vocabulaire))


@given(parsers.parse("le bureau qui reçoit : {desk}"))
def a_desk(person: dict[str, Any], desk: str) -> None:
    person["bureau"] = desk


@when("l'agent demande vers qui l'orienter")
def ask(person: dict[str, Any], outcome: dict[str, Orientation], base: Base) -> None:
    outcome["answer"] = orient(base.rules.situation.model_validate(person), base.catalogue, base.rules, TODAY)


@when(parsers.parse("l'agent demande vers qui l'orienter, le {on}"))
def ask_on(person: dict[str, Any], outcome: dict[str, Orientation], base: Base, on: str) -> None:
    day = date.fromisoformat(on)
    outcome["answer"] = orient(base.rules.situation.model_validate(person), base.catalogue, base.rules, day)


def doors(outcome: dict[str, Orientation]) -> dict[str, Recommandation]:
    """The proposed structures, each with its best place."""
    found: dict[str, Recommandation] = {}
    for item in outcome["answer"].recommandations:
        found.setdefault(item.structure, item)
    return found


@then(parsers.parse("la première structure est {structure}"))
def first_is(outcome: dict[str, Orientation], structure: str) -> None:
    assert outcome["answer"].recommandations[0].structure == structure


@then(parsers.parse("le premier service est {service}"))
def first_service_is(outcome: dict[str, Orientation], service: str) -> None:
    assert outcome["answer"].recommandations[0].service == service


@then("une structure est proposée")
def somebody(outcome: dict[str, Orientation]) -> None:
    assert outcome["answer"].recommandations[0].role == "principale"


@then(parsers.parse("{structure} est aussi proposée"))
def also(outcome: dict[str, Orientation], structure: str) -> None:
    assert structure in doors(outcome)
    assert doors(outcome)[structure].rang > 1


@then(parsers.parse("{structure} est proposée en complément pour {need}"))
def complement(outcome: dict[str, Orientation], structure: str, need: str) -> None:
    found = [item for item in outcome["answer"].recommandations if item.role == "complement"]
    assert any(item.structure == structure and need in item.besoins for item in found)


@then(parsers.parse("{structure} n'est pas proposée"))
def absent(outcome: dict[str, Orientation], structure: str) -> None:
    assert structure not in doors(outcome)


@then(parsers.parse("{structure} est écartée par la règle {rule}"))
def rejected(outcome: dict[str, Orientation], structure: str, rule: str) -> None:
    found = [item for item in outcome["answer"].ecartees if item.structure == structure]
    assert found
    assert any(reason.regle == rule and reason.sources for item in found for reason in item.raisons)


@then(parsers.parse("la règle {rule} met {structure} en avant"))
def put_forward(outcome: dict[str, Orientation], rule: str, structure: str) -> None:
    assert rule in [reason.regle for reason in doors(outcome)[structure].raisons]


@then(parsers.parse("pour {structure} il reste à vérifier : {field}"))
def to_check(outcome: dict[str, Orientation], structure: str, field: str) -> None:
    doubts = doors(outcome)[structure].a_verifier
    assert any(field in doubt.champs for doubt in doubts)


@then(parsers.parse("pour {structure} il ne reste à demander que : {fields}"))
def only_to_check(outcome: dict[str, Orientation], structure: str, fields: str) -> None:
    doubts = doors(outcome)[structure].a_verifier
    assert {field for doubt in doubts for field in doubt.champs} == set(fields.split(" et "))


@then(parsers.parse("rien n'est à vérifier pour {structure}"))
def nothing_to_check(outcome: dict[str, Orientation], structure: str) -> None:
    assert doors(outcome)[structure].a_verifier == ()


@then(parsers.parse("le droit au CEP est : {eligible}"))
def eligibility(outcome: dict[str, Orientation], eligible: str) -> None:
    assert outcome["answer"].profil.cep == eligible


@then(parsers.parse("les opérateurs du CEP sont : {operators}"))
def operators(outcome: dict[str, Orientation], operators: str) -> None:
    expected = set() if operators == "aucun" else set(operators.split(" et "))
    assert set(outcome["answer"].profil.operateurs) == expected


@then(parsers.parse("la personne fait partie du public {public}"))
def of_public(outcome: dict[str, Orientation], public: str) -> None:
    assert public in outcome["answer"].profil.publics


@then(parsers.parse("la règle {rule} décrit la personne"))
def concluded(outcome: dict[str, Orientation], rule: str) -> None:
    assert rule in [reason.regle for reason in outcome["answer"].profil.raisons]


@then(parsers.parse("la règle {rule} ne décrit pas la personne"))
def not_concluded(outcome: dict[str, Orientation], rule: str) -> None:
    assert rule not in [reason.regle for reason in outcome["answer"].profil.raisons]


@then(parsers.parse("le niveau est : {level}"))
def level(outcome: dict[str, Orientation], level: str) -> None:
    assert outcome["answer"].profil.niveau == level


@then(parsers.parse("l'agent est alerté par la règle {rule}"))
def alerted(outcome: dict[str, Orientation], rule: str) -> None:
    assert rule in [alert.regle for alert in outcome["answer"].profil.alertes]


@then(parsers.parse("l'agent n'est pas alerté par la règle {rule}"))
def not_alerted(outcome: dict[str, Orientation], rule: str) -> None:
    assert rule not in [alert.regle for alert in outcome["answer"].profil.alertes]


@then(parsers.parse("l'étape {number:d} est {structure}"))
def step(outcome: dict[str, Orientation], number: int, structure: str) -> None:
    assert outcome["answer"].parcours[number - 1].structure == structure


@then(parsers.parse("{structure} n'est pas une étape"))
def not_a_step(outcome: dict[str, Orientation], structure: str) -> None:
    assert structure not in [step.structure for step in outcome["answer"].parcours]


@then("c'est chez vous")
def at_your_place(outcome: dict[str, Orientation], person: dict[str, Any]) -> None:
    first = outcome["answer"].recommandations[0]
    assert first.chez_vous
    assert first.structure == person["bureau"]


@then("ce n'est pas chez vous")
def not_at_your_place(outcome: dict[str, Orientation]) -> None:
    assert not outcome["answer"].recommandations[0].chez_vous


@then(parsers.parse("la question {field} peut changer la réponse"))
def question(outcome: dict[str, Orientation], field: str) -> None:
    assert field in [item.champ for item in outcome["answer"].questions]


@then(parsers.parse("la première question est : {field}"))
def first_question(outcome: dict[str, Orientation], field: str) -> None:
    assert outcome["answer"].questions[0].champ == field


@then(parsers.parse("la question {field} n'est pas posée"))
def no_question(outcome: dict[str, Orientation], field: str) -> None:
    assert field not in [item.champ for item in outcome["answer"].questions]


@then("chaque raison cite une règle et une source")
def reasons_are_sourced(outcome: dict[str, Orientation], base: Base) -> None:
    for item in outcome["answer"].recommandations:
        assert item.raisons
        for reason in item.raisons:
            assert reason.regle in base.rules.by_id
            assert all(source in base.rules.sources for source in reason.sources)


@then(parsers.parse("à la demande « pourquoi pas {structure} ? » on répond : {words}"))
def why_not_is(person: dict[str, Any], base: Base, structure: str, words: str) -> None:
    answers = why_not(structure, base.rules.situation.model_validate(person), base.catalogue, base.rules, TODAY)
    assert any(words in reason.texte for answer in answers for reason in answer.raisons)


def pytest_configure(config: pytest.Config) -> None:
    """Each commitment of the charter is a tag of the scenarios."""
    content = yaml.safe_load((Path(REGLES) / "engagements.yaml").read_text(encoding="utf-8"))
    for item in content["engagements"]:
        config.addinivalue_line("markers", f"engagement-{item['id']}: {item['resume']}")
