"""The rule base: what is read of its files, what is refused, and the examples that every rule carries."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.examples import check_base, verdict_of
from engine.base import CATALOGUE, REGLES, Base, load_base
from engine.conditions import Condition, criteria_of
from engine.documents import InvalidDocuments
from engine.examples import Attendu, Exemple
from engine.explanation import in_words
from engine.loading import LOCALES, load_rules
from engine.orientation import recommend
from engine.problems import Invalide
from engine.ruleset import Regle, Ruleset
from engine.vocabulary import STRATES
from tests.situations import visitor

TODAY = date(2026, 11, 23)
TESTS = Path(__file__).parent
GOOD_CASES, BAD_CASES = (
    sorted(path for path in (TESTS / kind / "regles").iterdir() if path.is_dir()) for kind in ("good", "bad")
)
Folders = Callable[[Path], tuple[Path, Path]]
Expected = Callable[[Path], str]


def problems(folders: tuple[Path, Path]) -> str:
    """All that is wrong with a base, as `spro verifier` says it."""
    try:
        found = check_base(load_base(*folders), TODAY)
    except InvalidDocuments as error:
        found = error.diagnostics
    return "".join(f"{diagnostic}\n" for diagnostic in found)


@pytest.mark.parametrize("case", BAD_CASES, ids=lambda case: case.name)
def test_refused(case: Path, case_folders: Folders, expected: Expected) -> None:
    assert problems(case_folders(case)) == expected(case)


@pytest.mark.parametrize("case", GOOD_CASES, ids=lambda case: case.name)
def test_accepted(case: Path, case_folders: Folders, expected: Expected) -> None:
    base = load_base(*case_folders(case))
    assert check_base(base, TODAY) == []
    written = {path.name for path in case.iterdir()}
    read = [rule for rule in base.rules.regles if Path(rule.fichier).name in written]
    assert "".join(f"{line}\n" for rule in read for line in described(rule, base.rules)) == expected(case)


def described(rule: Regle, rules: Ruleset) -> list[str]:
    def lines(condition: Condition) -> list[str]:
        return ["  " * (line.profondeur + 1) + line.texte for line in in_words(condition, rules)]

    head = f"{rule.id}, du {rule.depuis or 'toujours'} au {rule.jusqu_a or 'toujours'} (exclu) :"
    return [head, *lines(rule.si), *(["  sauf", *("  " + line for line in lines(rule.sauf))] if rule.sauf else [])]


# --- files ---


def test_every_missing_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path("regles")
    folder.mkdir()
    shutil.copy(REGLES / "cep.yaml", folder)
    with pytest.raises(InvalidDocuments) as error:
        load_rules(folder)
    missing = sorted(path.name for path in REGLES.glob("*.yaml") if path.name != "cep.yaml")
    assert {f"{strate}.yaml" for strate in STRATES} <= {*missing, "cep.yaml"}
    assert [str(found) for found in error.value.diagnostics] == [
        f"regles/{name}: ce fichier n'existe pas." for name in missing
    ]


def test_missing_folder() -> None:
    with pytest.raises(InvalidDocuments) as error:
        load_rules(Path("absent"))
    assert str(error.value) == "absent: ce dossier n'existe pas."


def test_version_follows_the_content(tmp_path: Path, base: Base) -> None:
    folder = tmp_path / "regles"
    shutil.copytree(REGLES, folder)
    assert load_rules(folder, CATALOGUE / LOCALES).version == base.rules.version
    with (folder / "sources.yaml").open("a", encoding="utf-8") as file:
        file.write("# une remarque\n")
    assert load_rules(folder, CATALOGUE / LOCALES).version != base.rules.version


# --- examples ---


def test_every_rule_has_examples_that_fire_it_and_that_do_not(base: Base) -> None:
    assert [rule.id for rule in base.rules.regles if "oui" not in {one.attendu for one in rule.exemples}] == []
    assert [rule.id for rule in base.rules.regles if "non" not in {one.attendu for one in rule.exemples}] == []


@pytest.mark.parametrize(
    ("spro", "words"),
    [
        ({"age_minn": 16}, "Vouliez-vous dire « age_min » ?"),
        ({"age_min": "seize"}, "nombre entier"),
        ({"age_min": 30, "age_max": 20}, "dépasse l'âge maximum"),
        ({"publics": [{"public": "jeunes", "accueil": "recoit"}]}, "« jeunes » n'existe pas (public)"),
    ],
)
def test_an_example_about_an_offer_that_no_sheet_could_describe(base: Base, spro: dict[str, Any], words: str) -> None:
    example = {"offre": "m2end-premier-accueil", "avec": spro}
    with pytest.raises(Invalide) as error:
        verdict_of(base.rules.by_id["offre-age"], example, base, TODAY)
    assert words in str(error.value)
    assert all(place[0] == "avec" for place, _ in error.value.problemes)


def test_an_offer_with_an_age_would_make_the_age_rule_fire(case_folders: Folders) -> None:
    """An example `avec` another block says what a sheet that holds it would."""
    found = load_base(*case_folders(TESTS / "good" / "catalogue" / "fiches"))
    rule = found.rules.by_id["offre-age"]
    verdicts = [
        verdict_of(rule, {"offre": "essai-28-tout", **said}, found, TODAY)
        for said in ({"age": 15}, {"age": 16}, {"age": 29}, {"age": 30}, {})
    ]
    assert verdicts == [True, False, False, True, None]
    answer = recommend(visitor(age=15, besoins=("apprentissage",)), found.catalogue, found.rules, TODAY)
    rejected = {item.service: [reason.regle for reason in item.raisons] for item in answer.ecartees}
    assert "offre-age" in rejected["essai-28-tout"]


@pytest.mark.parametrize(("kind", "other"), [("oui", "non"), ("non", "oui"), ("inconnu", "oui")])
def test_every_example_is_really_tried(kind: Attendu, other: Attendu, base: Base) -> None:
    """Announced as another kind, each example of each rule is told: at its rule, a trial at its own place."""

    def announced(rule: Regle) -> tuple[Exemple, ...]:
        return tuple(replace(one, attendu=other) for one in rule.joues if one.attendu == kind)

    moved = [replace(rule, exemples=announced(rule), essais=()) for rule in base.rules.regles]
    found = check_base(Base(base.rules.with_rules(tuple(moved)), base.catalogue), TODAY)
    told = Counter((item.fichier, item.ligne, item.colonne) for item in found)
    assert told == Counter((one.fichier, one.ligne, one.colonne) for rule in moved for one in rule.exemples)
    assert len([rule for rule in moved if rule.exemples]) > 60


# --- dates ---


def test_a_rule_holds_from_its_first_day_to_the_eve_of_its_last(base: Base) -> None:
    rule = base.rules.by_id["cep-recherche-avant-2019"]
    assert (rule.depuis, rule.jusqu_a) == (date(2014, 7, 16), date(2019, 3, 29))
    days = [date(2014, 7, 15), date(2014, 7, 16), date(2019, 3, 28), date(2019, 3, 29)]
    assert [rule.holds_on(day) for day in days] == [False, True, True, False]
    assert [rule in base.rules.in_force(day)["cep"].regles for day in days] == [False, True, True, False]


def test_strata_are_compiled_once_for_the_same_rules(base: Base) -> None:
    assert base.rules.in_force(TODAY) is base.rules.in_force(TODAY + timedelta(days=1))
    assert base.rules.in_force(TODAY) is not base.rules.in_force(date(2018, 1, 1))


def test_a_retired_job_seeker_before_and_after_2019(base: Base) -> None:
    situation = visitor(age=64, statuts=("retraite",), cherche_emploi=True, handicap=False)
    found = [
        recommend(situation, base.catalogue, base.rules, day).profil.cep
        for day in (date(2019, 3, 28), date(2019, 3, 29))
    ]
    assert found == ["non", "oui"]


# --- what every rule says ---


def test_every_rule_is_sourced_and_can_be_read(base: Base) -> None:
    for rule in base.rules.regles:
        assert set(rule.sources) <= set(base.rules.sources), rule.id
        assert rule.texte.rstrip().endswith("."), rule.id
        for condition in (rule.si, *([rule.sauf] if rule.sauf else [])):
            assert all(line.texte.strip() for line in in_words(condition, base.rules)), rule.id
            for leaf in criteria_of(condition):
                shown = in_words(leaf, base.rules)[0].texte
                assert not re.search(r"[_=]|offre\.|True|False|\['", shown), f"{rule.id}: {shown}"


def test_what_excludes_has_no_exception(base: Base) -> None:
    assert [rule.id for rule in base.rules.regles if rule.sauf and (rule.alors.exclut or rule.alors.public)] == []


def test_every_public_and_every_criterion_is_concluded(base: Base) -> None:
    assert {rule.alors.public for rule in base.rules.regles} - {None} == set(base.rules.vocabulaire.publics)
    used = {rule.alors.priorise for rule in base.rules.regles} - {None}
    assert {criterion.id for criterion in base.rules.criteres} == used | {
        "premier-plan",
        "verifications",
        "tour-de-role",
    }
