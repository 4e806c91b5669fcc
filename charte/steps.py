"""The steps of the scenarios: each sentence that a scenario may write, and what it does to a visit.

A « Alors » step asserts. Whoever plays scenarios reads these definitions: pytest-bdd, the trace, the mutation of rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Literal, TypeVar

from engine.asking import orient
from engine.base import Base
from engine.documents import NOWHERE, Document
from engine.orientation import Ecartee, Orientation, Question, Recommandation, why_not
from engine.questions import read_person
from engine.situation import Situation
from engine.validation import validate

AUJOURDHUI = date(2026, 11, 23)
"""The day of a visit that names none: a scenario holds whatever the day on which it is played."""

Sorte = Literal["Context", "Action", "Outcome"]
"""« Étant donné », « Quand », « Alors », as Gherkin calls them: « Et » is that of the step before."""


@dataclass(frozen=True, slots=True)
class Demande:
    """A question that an agent asked, and its answer."""

    situation: Situation
    le: date
    reponse: Orientation


class Entretien:
    """A visit under way: what the person said, then what was asked for and answered."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.dit: dict[str, Any] = {}
        self.demandes: list[Demande] = []
        self.ecartees: list[Ecartee] = []

    @property
    def situation(self) -> Situation:
        """What the person said. Raises InvalidDocuments for what nobody can say."""
        return validate(self.base.rules.situation, Document("", self.dit, NOWHERE))

    def demander(self, le: date) -> None:
        """The agent asks where to send the person, on a date."""
        situation = self.situation
        self.demandes.append(Demande(situation, le, self.repondre(situation, le)))

    @property
    def reponse(self) -> Orientation:
        """The last answer. Raises IndexError when nothing was asked for."""
        return self.demandes[-1].reponse

    @property
    def portes(self) -> dict[str, Recommandation]:
        """The proposed structures, each with its best place."""
        return {item.structure: item for item in reversed(self.reponse.recommandations)}

    # What a player may do otherwise.

    def repondre(self, situation: Situation, le: date) -> Orientation:
        """The answer to a situation on a date."""
        return orient(situation, self.base.catalogue, self.base.rules, le)

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions that the last answer still asks."""
        return self.reponse.questions

    def pourquoi_pas(self, structure: str) -> tuple[Ecartee, ...]:
        """Why a structure was not the answer."""
        le = self.demandes[-1].le if self.demandes else AUJOURDHUI
        found = why_not(structure, self.situation, self.base.catalogue, self.base.rules, le)
        self.ecartees += found
        return found


@dataclass(frozen=True, slots=True)
class Definition:
    """A sentence, in which `{name}` stands for any words, `{name:d}` for a whole number; what it does."""

    sorte: Sorte
    phrase: str
    motif: re.Pattern[str]
    fonction: Callable[..., None]

    def read(self, sentence: str) -> dict[str, str] | None:
        """What a sentence says where this one has names; None when it is another sentence."""
        found = self.motif.fullmatch(sentence)
        return None if found is None else found.groupdict()


DEFINITIONS: list[Definition] = []
_READ = {None: ".+", ":d": r"\d+"}
F = TypeVar("F", bound=Callable[..., None])


def _step(sorte: Sorte, phrase: str) -> Callable[[F], F]:
    motif = re.sub(r"\\{(\w+)(:d)?\\}", lambda name: rf"(?P<{name[1]}>{_READ[name[2]]})", re.escape(phrase))

    def declare(fonction: F) -> F:
        DEFINITIONS.append(Definition(sorte, phrase, re.compile(motif), fonction))
        return fonction

    return declare


given, when, then = partial(_step, "Context"), partial(_step, "Action"), partial(_step, "Outcome")


@given("une personne dont rien n'est dit")
def nothing_said(entretien: Entretien) -> None:
    entretien.dit.clear()


@given("la personne : {words}")
def a_person(entretien: Entretien, words: str) -> None:
    entretien.dit.update(read_person(words, entretien.base.rules.vocabulaire))


@given("le bureau qui reçoit : {desk}")
def a_desk(entretien: Entretien, desk: str) -> None:
    entretien.dit["bureau"] = desk


@when("l'agent demande vers qui l'orienter")
def ask(entretien: Entretien) -> None:
    entretien.demander(AUJOURDHUI)


@when("l'agent demande vers qui l'orienter, le {on}")
def ask_on(entretien: Entretien, on: str) -> None:
    entretien.demander(date.fromisoformat(on))


@then("la première structure est {structure}")
def first_is(entretien: Entretien, structure: str) -> None:
    assert entretien.reponse.recommandations[0].structure == structure


@then("le premier service est {service}")
def first_service_is(entretien: Entretien, service: str) -> None:
    assert entretien.reponse.recommandations[0].service == service


@then("une structure est proposée")
def somebody(entretien: Entretien) -> None:
    assert entretien.reponse.recommandations[0].role == "principale"


@then("{structure} est aussi proposée")
def also(entretien: Entretien, structure: str) -> None:
    assert structure in entretien.portes
    assert entretien.portes[structure].rang > 1


@then("{structure} est proposée en complément pour {need}")
def complement(entretien: Entretien, structure: str, need: str) -> None:
    found = [item for item in entretien.reponse.recommandations if item.role == "complement"]
    assert any(item.structure == structure and need in item.besoins for item in found)


@then("{structure} n'est pas proposée")
def absent(entretien: Entretien, structure: str) -> None:
    assert structure not in entretien.portes


@then("{structure} est écartée par la règle {rule}")
def rejected(entretien: Entretien, structure: str, rule: str) -> None:
    found = [item for item in entretien.reponse.ecartees if item.structure == structure]
    assert found
    assert any(reason.regle == rule and reason.sources for item in found for reason in item.raisons)


@then("la règle {rule} met {structure} en avant")
def put_forward(entretien: Entretien, rule: str, structure: str) -> None:
    assert rule in [reason.regle for reason in entretien.portes[structure].raisons]


@then("pour {structure} il reste à vérifier : {field}")
def to_check(entretien: Entretien, structure: str, field: str) -> None:
    doubts = entretien.portes[structure].a_verifier
    assert any(field in doubt.champs for doubt in doubts)


@then("pour {structure} il ne reste à demander que : {fields}")
def only_to_check(entretien: Entretien, structure: str, fields: str) -> None:
    doubts = entretien.portes[structure].a_verifier
    assert {field for doubt in doubts for field in doubt.champs} == set(fields.split(" et "))


@then("rien n'est à vérifier pour {structure}")
def nothing_to_check(entretien: Entretien, structure: str) -> None:
    assert entretien.portes[structure].a_verifier == ()


@then("le droit au CEP est : {eligible}")
def eligibility(entretien: Entretien, eligible: str) -> None:
    assert entretien.reponse.profil.cep == eligible


@then("les opérateurs du CEP sont : {operators}")
def operators(entretien: Entretien, operators: str) -> None:
    expected = set() if operators == "aucun" else set(operators.split(" et "))
    assert set(entretien.reponse.profil.operateurs) == expected


@then("la personne fait partie du public {public}")
def of_public(entretien: Entretien, public: str) -> None:
    assert public in entretien.reponse.profil.publics


@then("la règle {rule} décrit la personne")
def concluded(entretien: Entretien, rule: str) -> None:
    assert rule in [reason.regle for reason in entretien.reponse.profil.raisons]


@then("la règle {rule} ne décrit pas la personne")
def not_concluded(entretien: Entretien, rule: str) -> None:
    assert rule not in [reason.regle for reason in entretien.reponse.profil.raisons]


@then("le niveau est : {level}")
def level(entretien: Entretien, level: str) -> None:
    assert entretien.reponse.profil.niveau == level


@then("l'agent est alerté par la règle {rule}")
def alerted(entretien: Entretien, rule: str) -> None:
    assert rule in [alert.regle for alert in entretien.reponse.profil.alertes]


@then("l'agent n'est pas alerté par la règle {rule}")
def not_alerted(entretien: Entretien, rule: str) -> None:
    assert rule not in [alert.regle for alert in entretien.reponse.profil.alertes]


@then("l'étape {number:d} est {structure}")
def step(entretien: Entretien, number: str, structure: str) -> None:
    assert entretien.reponse.parcours[int(number) - 1].structure == structure


@then("{structure} n'est pas une étape")
def not_a_step(entretien: Entretien, structure: str) -> None:
    assert structure not in [step.structure for step in entretien.reponse.parcours]


@then("c'est chez vous")
def at_your_place(entretien: Entretien) -> None:
    first = entretien.reponse.recommandations[0]
    assert first.chez_vous
    assert first.structure == entretien.dit["bureau"]


@then("ce n'est pas chez vous")
def not_at_your_place(entretien: Entretien) -> None:
    assert not entretien.reponse.recommandations[0].chez_vous


@then("la question {field} peut changer la réponse")
def question(entretien: Entretien, field: str) -> None:
    assert field in [item.champ for item in entretien.questions]


@then("la première question est : {field}")
def first_question(entretien: Entretien, field: str) -> None:
    assert entretien.questions[0].champ == field


@then("la question {field} n'est pas posée")
def no_question(entretien: Entretien, field: str) -> None:
    assert field not in [item.champ for item in entretien.questions]


@then("chaque raison cite une règle et une source")
def reasons_are_sourced(entretien: Entretien) -> None:
    for item in entretien.reponse.recommandations:
        assert item.raisons
        for reason in item.raisons:
            assert reason.regle in entretien.base.rules.by_id
            assert all(source in entretien.base.rules.sources for source in reason.sources)


@then("à la demande « pourquoi pas {structure} ? » on répond : {words}")
def why_not_is(entretien: Entretien, structure: str, words: str) -> None:
    answers = entretien.pourquoi_pas(structure)
    assert any(words in reason.texte for answer in answers for reason in answer.raisons)
