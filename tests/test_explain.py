"""Why one door comes before another: what decides is what the ranking used, in words, and nothing is decided again."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings

from analysis.explain import NOT_PROPOSED, explain
from engine.base import Base
from engine.decision import Contexte
from engine.orientation import FURTHER_NEED, Visite, recommend
from engine.places import UnknownName
from engine.situation import Situation
from tests.test_cli import spro
from tests.test_properties import situations

TODAY = date(2026, 11, 27)
SEEKER = {"age": 40, "statuts": ["demandeur-emploi"], "besoins": ["se-reconvertir", "numerique"]}


@given(situations)
def test_each_door_says_what_puts_the_one_before_it_there(base: Base, situation: Situation) -> None:
    visit = Visite.of(situation, Contexte.of(base.catalogue, base.rules, TODAY))
    rank = {item.offre.id: visit.rang(item) for _, item in visit.portes()}
    doors = recommend(situation, base.catalogue, base.rules, TODAY).recommandations
    criteria = [criterion.id for criterion in base.rules.criteres]
    assert doors[0].apres is None
    for before, door in pairwise(doors):
        assert door.apres is not None
        assert door.apres.structure == before.structure
        if door.apres.critere == FURTHER_NEED:
            assert door.role == "complement"
        elif door.apres.critere in criteria:
            place = criteria.index(door.apres.critere)
            assert rank[before.service][:place] == rank[door.service][:place]
            assert rank[before.service][: place + 1] < rank[door.service][: place + 1]


@settings(max_examples=40)
@given(situations)
def test_the_order_that_is_explained_is_the_order_that_is_shown(base: Base, situation: Situation) -> None:
    doors = recommend(situation, base.catalogue, base.rules, TODAY).recommandations
    first = {door.structure: door for door in reversed(doors)}
    shown = sorted(first.values(), key=lambda door: door.rang)
    for before, door in pairwise(shown):
        found = explain(door.structure, before.structure, situation, base, TODAY)
        assert (found.une.place, found.autre.place) == ("proposée", "proposée")
        assert found.devant == before.service


def test_what_is_not_shown_is_never_said_to_be(base: Base) -> None:
    said = {"age": 17, "statuts": ["collegien-lyceen"], "besoins": ["apprentissage"]}
    situation = base.rules.situation.model_validate(said)
    found = explain("cma-cvl-28", "cio-dreux-eleves", situation, base, TODAY)
    assert found.autre.place != "proposée"
    assert found.autre.pourquoi_pas
    assert found.texte.endswith(" n'y est pas.")


def test_the_same_whichever_is_named_first(base: Base) -> None:
    situation = base.rules.situation.model_validate(SEEKER)
    one = explain("france-travail-dreux", "apec-cvl", situation, base, TODAY)
    two = explain("apec-cvl", "france-travail-dreux", situation, base, TODAY)
    assert (one.devant, one.critere, one.texte) == (two.devant, two.critere, two.texte)
    assert one.devant == "france-travail-dreux-accompagnement"
    assert one.critere == "premier-plan"
    assert (one.une, one.autre) == (two.autre, two.une)


def test_what_is_set_aside_is_said_with_its_rule(base: Base) -> None:
    situation = base.rules.situation.model_validate({"age": 40, "statuts": ["demandeur-emploi"]})
    found = explain("mission-locale-dreux", "france-travail-dreux", situation, base, TODAY)
    assert found.critere == NOT_PROPOSED
    assert found.devant == found.autre.service
    assert found.une.place != "proposée"
    assert found.une.pourquoi_pas


def test_a_rule_is_told_with_what_it_waits_for(base: Base) -> None:
    situation = base.rules.situation.model_validate(SEEKER)
    found = explain("france-travail-dreux", "apec-cvl", situation, base, TODAY)
    rules = {rule.regle.id: rule for _, rules in found.strates for rule in rules}
    assert rules["public-demandeur-emploi"].sort == "vraie"
    assert rules["public-cadre"].sort == "inconnue"
    assert [line.verdict for line in rules["public-cadre"].si] == [None]
    met = {rule.regle.id for rules in dict(found.strates).values() for rule in rules}
    expected = {rule.id for rule in base.rules.regles if rule.holds_on(TODAY) and rule.strate != "offres"}
    assert met == expected


def test_a_name_that_does_not_exist(base: Base) -> None:
    with pytest.raises(UnknownName, match="Vouliez-vous dire « apec-cvl »"):
        explain("apec-cv", "cio-dreux", base.rules.situation(), base, TODAY)


def test_a_structure_without_an_offer_is_not_said_to_be_unknown(base: Base) -> None:
    with pytest.raises(UnknownName, match="« gip-alfa » n'a aucune offre déclarée"):
        explain("gip-alfa", "cio-dreux", base.rules.situation(), base, TODAY)


@pytest.mark.parametrize("name", ["m2end", "france-travail-dreux"])
def test_an_offer_beside_itself(name: str, base: Base) -> None:
    found = explain(name, name, base.rules.situation.model_validate(SEEKER), base, TODAY)
    assert found.critere == NOT_PROPOSED
    assert found.texte.startswith("C'est la même offre : ")


def test_the_command(tmp_path: Path) -> None:
    path = tmp_path / "situation.json"
    path.write_text(json.dumps(SEEKER), encoding="utf-8")
    asked = ("expliquer", str(path), "--pourquoi", "france-travail-dreux", "--plutot-que", "apec-cvl")
    done = spro(*asked, "--json", "--date", "2026-11-27")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found["critere"] == "premier-plan"
    assert found["devant"] == "france-travail-dreux-accompagnement"
    text = spro(*asked, "--date", "2026-11-27").stdout
    assert text.startswith("Apec Centre-Val de Loire : après France Travail Dreux, que rien ne met en retrait")
    assert "← décide" in text
    assert spro("expliquer", "-", *asked[2:], "--date", "2026-11-27", stdin=json.dumps(SEEKER)).stdout == text
    wrong = spro("expliquer", str(path), "--pourquoi", "apec", "--plutot-que", "cio-dreux")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "« apec » n'existe pas (structure ou service)." in wrong.stderr
