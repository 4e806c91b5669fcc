"""The mutants of a rule, what kills them, and the situation that tells a survivor apart."""

from __future__ import annotations

import argparse
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis.equivalence import are_equivalent, decider
from analysis.mutants import Mutant, mutants_of
from analysis.mutation import Resultat, facts_for, mutate, mutated
from analysis.view import Dossiers
from charte.features import BrokenScenarios
from charte.replay import answer, killer, record
from commands import muter
from engine.base import CATALOGUE, REGLES, Base, load_base
from engine.conditions import evaluate, parse_condition
from engine.documents import InvalidDocuments
from engine.examples import ESSAIS
from engine.ruleset import Effet, Regle
from tests.situations import VOCABULARY

TODAY = date(2026, 11, 23)


def condition(data: dict[str, Any]) -> Any:
    def refuse(place: object, message: object) -> None:
        raise AssertionError(f"{place}: {message}")

    return parse_condition(data, VOCABULARY.compares, (), refuse)


def rule_of(base: Base, **changes: Any) -> Regle:
    plain = replace(base.rules.by_id["public-benevole"], depuis=None, jusqu_a=None)
    return replace(plain, **changes)


def found(rule: Regle, mutation: str, others: tuple[Regle, ...] = ()) -> list[Mutant]:
    return [mutant for mutant in mutants_of(rule, (rule, *others)) if mutant.mutation == mutation]


def details(rule: Regle, mutation: str, others: tuple[Regle, ...] = ()) -> list[str]:
    return [mutant.detail for mutant in found(rule, mutation, others)]


def silent(done: int, total: int) -> None:
    assert 0 < done <= total


# --- the mutants ---


def test_a_bound_moves_by_one_and_its_comparison_turns(base: Base) -> None:
    rule = rule_of(base, si=condition({"age": {"min": 16, "max": 25}}))
    assert details(rule, "borne décalée") == [
        "age : min 16 et max 25 → min 15 et max 25",
        "age : min 16 et max 25 → min 17 et max 25",
        "age : min 16 et max 25 → min 16 et max 24",
        "age : min 16 et max 25 → min 16 et max 26",
    ]
    assert details(rule, "comparaison inversée") == [
        "age : min 16 et max 25 → moins_que 16 et max 25",
        "age : min 16 et max 25 → min 16 et plus_que 25",
    ]
    verdicts = [[evaluate(mutant.mutee.si, {"age": age}) for age in (15, 16, 25, 26)]
                for mutant in found(rule, "borne décalée") if mutant.mutee]  # fmt: skip
    assert verdicts == [
        [True, True, True, False],
        [False, False, True, False],
        [False, True, False, False],
        [False, True, True, True],
    ]


def test_an_exact_age_moves_and_turns(base: Base) -> None:
    rule = rule_of(base, si=condition({"age": 25}))
    assert details(rule, "borne décalée") == ["age : 25 → 24", "age : 25 → 26"]
    (turned,) = found(rule, "comparaison inversée")
    assert turned.mutee
    assert [evaluate(turned.mutee.si, {"age": age}) for age in (24, 25)] == [True, False]


def test_a_yes_or_no_is_turned(base: Base) -> None:
    (turned,) = found(rule_of(base, si=condition({"cadre": True})), "comparaison inversée")
    assert turned.detail == "cadre : oui → non"
    assert turned.mutee
    assert evaluate(turned.mutee.si, {"cadre": False}) is True


def test_a_list_loses_each_value_and_gains_its_neighbours(base: Base) -> None:
    rule = rule_of(base, si=condition({"diplome": ["bac+2", "bac+3"]}))
    assert details(rule, "valeur retirée") == ["diplome : bac+2", "diplome : bac+3"]
    assert details(rule, "valeur ajoutée") == [
        "diplome : [bac+2, bac+3] ou bac",
        "diplome : [bac+2, bac+3] ou bac+5",
    ]
    alone = rule_of(base, si=condition({"diplome": "aucun"}))
    assert details(alone, "valeur retirée") == []
    assert details(alone, "valeur ajoutée") == ["diplome : aucun ou cap-bep"]


def test_parts_are_dropped_and_groups_swapped(base: Base) -> None:
    rule = rule_of(base, si=condition({"cadre": True, "un_de": [{"rsa": True}, {"age": 25}]}))
    assert details(rule, "condition retirée") == [
        "cadre : oui",
        "rsa : oui",
        "age : 25",
        "un_de (rsa : oui, age : 25)",
    ]
    assert details(rule, "aucun ↔ un_de") == ["un_de → aucun : rsa : oui, age : 25"]
    swapped = rule_of(base, si=condition({"aucun": [{"rsa": True}]}))
    assert details(swapped, "aucun ↔ un_de") == ["aucun → un_de : rsa : oui"]
    assert details(swapped, "condition retirée") == ["aucun (rsa : oui)"]


def test_an_exception_is_dropped_and_mutated(base: Base) -> None:
    rule = rule_of(base, si=condition({"rsa": True}), sauf=condition({"cadre": True}))
    (dropped,) = found(rule, "exception retirée")
    assert dropped.mutee
    assert dropped.mutee.sauf is None
    assert details(rule, "comparaison inversée") == ["rsa : oui → non", "sauf : cadre : oui → non"]


def test_an_only_effect_takes_the_rule_away_and_others_go_one_by_one(base: Base) -> None:
    (only,) = found(rule_of(base), "effet retiré")
    assert only.mutee is None
    assert not only.decides
    several = rule_of(base, alors=Effet(referent="departement", alerte="Demandez si un référent est désigné."))
    assert [mutant.mutee.alors.model_dump(exclude_none=True) for mutant in found(several, "effet retiré")
            if mutant.mutee] == [
        {"referent": "departement"},
        {"alerte": "Demandez si un référent est désigné."},
    ]  # fmt: skip
    steps = base.rules.by_id["parcours-vae-academie"]
    assert details(steps, "effet retiré") == ["étape : dava", "étape : universite"]


def test_only_the_dates_at_which_rules_follow_one_another_move(base: Base) -> None:
    change = date(2019, 3, 29)
    before, after = rule_of(base, id="avant", jusqu_a=change), rule_of(base, id="apres", depuis=change)
    assert details(before, "date retirée", (after,)) == ["jusqu_a : 2019-03-29"]
    assert details(after, "date décalée", (before,)) == [
        "depuis : 2019-03-29 → 2019-03-28",
        "depuis : 2019-03-29 → 2019-03-30",
    ]
    assert details(after, "date retirée") == []


def test_every_mutant_of_the_base_changes_something(base: Base) -> None:
    for rule in base.rules.regles:
        for mutant in mutants_of(rule, base.rules.regles):
            assert mutant.mutee != rule, f"{rule.id} : {mutant.mutation} {mutant.detail}"


def test_the_mutant_alone_stands_in_the_mutated_base(base: Base) -> None:
    rule = base.rules.by_id["public-cadre"]
    turned = found(rule, "comparaison inversée")[0]
    gone = found(rule, "effet retiré")[0]
    changed, without = mutated(base, turned, {TODAY}), mutated(base, gone, {TODAY})
    assert changed.rules.by_id["public-cadre"] is turned.mutee
    assert "public-cadre" not in without.rules.by_id
    assert len(without.rules.regles) == len(base.rules.regles) - 1
    assert base.rules.by_id["public-cadre"] is rule
    assert changed.rules.in_force(TODAY)["offres"] is base.rules.in_force(TODAY)["offres"]


# --- the scenarios ---


def test_the_scenarios_pass_without_pytest_and_notice_a_lost_rule(base: Base) -> None:
    traces = record(base)
    assert len(traces) > 200
    assert killer(traces, base) is None
    lost = found(base.rules.by_id["alerte-confidentialite-employeur"], "effet retiré")[0]
    lost_to = killer(traces, mutated(base, lost, {TODAY}))
    assert lost_to
    assert ".feature:" in lost_to


@pytest.fixture
def features(tmp_path: Path) -> Callable[[str], Path]:
    """A folder of features with one scenario."""

    def written(steps: str) -> Path:
        folder = tmp_path / "features"
        folder.mkdir()
        heading = "# language: fr\nFonctionnalité: Une seule\n\n  Scénario: Un seul\n"
        (folder / "seul.feature").write_text(heading + steps, encoding="utf-8")
        return folder

    return written


def test_a_scenario_that_fails_already_is_said(base: Base, features: Callable[[str], Path]) -> None:
    folder = features(
        "    Étant donné une personne dont rien n'est dit\n"
        "    Quand l'agent demande vers qui l'orienter\n"
        "    Alors la première structure est bge-28\n"
    )
    with pytest.raises(BrokenScenarios, match=r"seul\.feature:4 Un seul : ce scénario échoue"):
        record(base, folder)


def test_a_step_that_nobody_wrote_is_said(base: Base, features: Callable[[str], Path]) -> None:
    with pytest.raises(BrokenScenarios, match="aucun pas ne correspond à « il pleut »"):
        record(base, features("    Étant donné il pleut\n"))


# --- survivors ---


def without_examples(folder: Path, identifier: str) -> None:
    """Takes away the examples of a rule; the rest of its files stays as it is."""
    for path in folder.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        block = re.compile(rf"(  - id: {identifier}\n(?:    .*\n)*?    exemples:).*\n(?:      .*\n)*")
        path.write_text(block.sub(r"\1 {oui: []}\n", text), encoding="utf-8")
    for path in (folder / ESSAIS).glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(rf"^{identifier}:\n(?:  .*\n)*", "", text, flags=re.MULTILINE), encoding="utf-8")


@pytest.fixture
def copied(tmp_path: Path) -> Dossiers:
    """The shipped base, with rules that a test may change."""
    return Dossiers(Path(shutil.copytree(REGLES, tmp_path / "regles")), CATALOGUE)


def survivors(results: list[Resultat]) -> list[Resultat]:
    return [result for result in results if result.etat == "survivant"]


def test_a_rule_without_examples_has_survivors_that_their_situation_tells_apart(copied: Dossiers) -> None:
    without_examples(copied.regles, "public-candidat-agricole")
    base = load_base(copied.regles, copied.catalogue)
    rule = base.rules.by_id["public-candidat-agricole"]
    assert rule.joues == ()
    alive = survivors(mutate(copied, TODAY, [rule.id], silent))
    assert "diplome : [bac+2, bac+3, bac+5] ou bac" in [result.detail for result in alive]
    by_name = {(mutant.mutation, mutant.detail): mutant.mutee for mutant in mutants_of(rule, base.rules.regles)}
    for result in alive:
        changed, gap = by_name[result.mutation, result.detail], result.ecart
        assert changed
        assert gap
        ((_, facts),) = facts_for(rule, gap.situation, [], base, TODAY)
        assert decider(rule)(facts) is not decider(changed)(facts), result.detail


def test_a_lost_effect_that_no_scenario_sees_changes_the_answer(features: Callable[[str], Path], base: Base) -> None:
    folder = features("    Étant donné une personne dont rien n'est dit\n")
    rule = base.rules.by_id["alerte-vae-ouverte"]
    (alive,) = survivors(mutate(Dossiers(REGLES, CATALOGUE), TODAY, [rule.id], silent, folder))
    assert alive.mutation == "effet retiré"
    assert alive.ecart
    assert alive.ecart.sens == "la réponse change : profil (alertes)"
    after = mutated(base, found(rule, "effet retiré")[0], {TODAY})
    assert answer(alive.ecart.situation, after, TODAY) != answer(alive.ecart.situation, base, TODAY)


def test_no_mutant_of_five_rules_survives() -> None:
    rules = ["public-jeune-16-25", "cep-handicap", "niveau-souhait-conseil", "referent-apec", "offre-reservee"]
    results = mutate(Dossiers(REGLES, CATALOGUE), TODAY, rules, silent)
    assert [result.regle for result in results] == sorted((r.regle for r in results), key=rules.index)
    assert survivors(results) == []
    assert {result.etat for result in results} == {"tué"}
    assert all(result.par for result in results)


def test_wrong_examples_stop_the_run(copied: Dossiers) -> None:
    text = (copied.regles / "publics.yaml").read_text(encoding="utf-8")
    wrong = text.replace("oui: [{statuts: [benevole]}]", "oui: [{statuts: [retraite]}]")
    (copied.regles / "publics.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(InvalidDocuments, match="public-benevole"):
        mutate(copied, TODAY, [], silent)


# --- equivalence ---


def mutant(base: Base, identifier: str, detail: str) -> tuple[Regle, Regle]:
    rule = base.rules.by_id[identifier]
    changed = next(found.mutee for found in mutants_of(rule, base.rules.regles) if found.detail == detail)
    assert changed
    return rule, changed


@pytest.mark.parametrize(
    ("rule", "detail"),
    [
        ("cep-agent-public", "publics : agent-public ou agent-etat"),  # an agent of the State is a public agent
        ("departage-salarie-handicap", "publics : agent-public ou agent-etat"),  # too many situations, but free ones do
        ("departage-jeune-diplome", "operateurs : apec ou apecita"),  # no rule makes Apecita an operator
        ("niveau-attendu", "offre.niveau : information ou premier-accueil"),  # no sheet can say so
    ],
)
def test_the_same_in_every_situation_is_proved(base: Base, rule: str, detail: str) -> None:
    assert are_equivalent(*mutant(base, rule, detail), base, TODAY)


@pytest.mark.parametrize(
    ("rule", "detail"),
    [
        ("public-cadre", "cadre : oui → non"),
        ("offre-age", "age : plus_que offre.age_max"),  # no sheet sets an age today, one may
        ("obligation-cio", "offre.role : cio ou coordination"),
        ("parcours-financement-cep", "premiere : transitions-pro ou cci"),
    ],
)
def test_what_a_situation_or_a_sheet_may_tell_apart_is_not_equivalent(base: Base, rule: str, detail: str) -> None:
    assert not are_equivalent(*mutant(base, rule, detail), base, TODAY)


# --- the command ---


def spro(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    muter.add(parser.add_subparsers())
    return muter.run(parser.parse_args(["muter", *arguments]))


def test_the_command_gives_every_mutant_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert spro("--regle", "public-cadre", "--json") == 0
    results = json.loads(capsys.readouterr().out)
    assert [result["mutation"] for result in results] == ["comparaison inversée", "condition retirée", "effet retiré"]
    assert {result["etat"] for result in results} == {"tué"}


def test_the_command_shows_survivors_and_ends_with_one(copied: Dossiers, capsys: pytest.CaptureFixture[str]) -> None:
    without_examples(copied.regles, "public-candidat-agricole")
    folder = str(copied.regles)
    assert spro("--regle", "public-candidat-agricole", "--date", "2026-11-23", "--regles", folder) == 1
    shown = capsys.readouterr().out
    assert f"# public-candidat-agricole ({folder}/publics.yaml:" in shown
    assert "# la règle répond « " in shown
    assert "| valeur ajoutée | 2 | 0 | 2 | 0 | 0 |" in shown


def test_the_command_refuses_an_unknown_rule(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        spro("--regle", "public-cadr")
    assert stopped.value.code == 2
    assert "public-cadre" in capsys.readouterr().err
