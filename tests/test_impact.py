"""What a change does to the answers: exactly those that it should, grouped, with examples; and wrong versions."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from analysis.impact import Impact, UnknownVersion, compare, differences, version
from analysis.space import coherent
from analysis.view import Dossiers
from cli import parser
from engine.base import CATALOGUE, PROJECT, REGLES, Base, load_base
from engine.deciders import by_evaluation
from engine.examples import ESSAIS
from engine.orientation import Orientation, recommend
from engine.situation import Situation
from tests.situations import BESOINS, SITUATION, STATUTS, visitor

TODAY = date(2026, 11, 23)
SHIPPED = Dossiers(REGLES, CATALOGUE)
Change = Callable[[str, str, str], Dossiers]


def silent(done: int, total: int) -> None:
    assert 0 < done <= total


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """The shipped base with one text of a file of rules replaced."""

    def change(file: str, old: str, new: str) -> Dossiers:
        rules = Path(shutil.copytree(REGLES, tmp_path / "rules", dirs_exist_ok=True))
        text = (rules / file).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (rules / file).write_text(text.replace(old, new), encoding="utf-8")
        shutil.copytree(CATALOGUE, tmp_path / "catalogue", dirs_exist_ok=True)
        return Dossiers(rules, tmp_path / "catalogue")

    return change


def answered(situation: Situation, base: Base) -> Orientation:
    found = recommend(situation, base.catalogue, base.rules, TODAY, decide=by_evaluation)
    return replace(found, versions={})


def one_year_more(changed: Change) -> Dossiers:
    """The mission locale until the 27th birthday."""
    rule = "    si: {{age: {{min: 16, max: {}}}}}\n    alors: {{public: jeune-16-25}}"
    dossiers = changed("publics.yaml", rule.format(25), rule.format(26))
    path = dossiers.regles / ESSAIS / "publics.yaml"
    text = path.read_text(encoding="utf-8")
    before = "public-jeune-16-25:\n  oui: [{age: 25}]\n  non: [{age: 26}]\n"
    assert before in text
    path.write_text(text.replace(before, before.replace("26", "27")), encoding="utf-8")
    return dossiers


def around_the_bound() -> list[Situation]:
    """Everyone near the upper age of the mission locale, of each status, for each need, with and without a handicap."""
    rows = product((25, 26, 27), STATUTS, BESOINS, (None, True, False))
    found = (
        coherent({"age": age, "statuts": (status,), "besoins": (need,), "handicap": handicap}, SITUATION)
        for age, status, need, handicap in rows
    )
    return [situation for situation in found if situation is not None]


def test_one_year_more_for_the_mission_locale_changes_exactly_the_answers_at_that_age(changed: Change) -> None:
    dossiers = one_year_more(changed)
    past = around_the_bound()
    before, after = load_base(), load_base(dossiers.regles, dossiers.catalogue)
    expected = [situation for situation in past if answered(situation, before) != answered(situation, after)]
    impact = compare(SHIPPED, dossiers, past, TODAY, silent)
    assert (impact.situations, impact.changees) == (len(past), len(expected))
    listed = [situation for situation in past if list(differences(situation, before, after, TODAY))]
    assert listed == expected
    assert {situation.age for situation in expected} == {26}
    assert len(expected) == sum(situation.age == 26 for situation in past), "the public itself changes for all of them"
    kinds = {change.quoi: change for change in impact.changements}
    assert kinds["public ajouté : jeune-16-25"].nombre == len(expected)
    to_the_mission_locale = "première structure : france-travail-dreux → mission-locale-dreux"
    for change in impact.changements:
        assert change.quoi in list(differences(change.exemple, before, after, TODAY))
        assert change.exemple.age == 26
    moved = [s for s in past if answered(s, before).recommandations[0].structure == "france-travail-dreux"
             and answered(s, after).recommandations[0].structure == "mission-locale-dreux"]  # fmt: skip
    assert kinds[to_the_mission_locale].nombre == len(moved) > 0


@pytest.mark.parametrize(
    ("file", "old", "new", "situation", "said"),
    [
        (
            "parcours.yaml",
            "- role: initiative\n          besoin: financer-creation",
            "- role: cci\n          besoin: creer-entreprise",
            visitor(besoins=("creer-entreprise",)),
            ["étape ajoutée : cci-28", "étape retirée : initiative-eure-et-loir"],
        ),
        (
            "alertes.yaml",
            "La VAE est ouverte à tous, sans",
            "La VAE est ouverte à toutes et à tous, sans",
            visitor(besoins=("valider-acquis",)),
            ["raisons, offres écartées ou phrases seulement"],
        ),
        (
            "niveau.yaml",
            "    si: {souhait: information}\n    alors: {niveau: information}",
            "    si: {souhait: information}\n    alors: {niveau: conseil}",
            visitor(souhait="information"),
            ["niveau : information → conseil"],
        ),
    ],
)
def test_each_part_of_an_answer_is_compared(
    changed: Change, file: str, old: str, new: str, situation: Situation, said: list[str]
) -> None:
    dossiers = changed(file, old, new)
    found = list(differences(situation, load_base(), load_base(dossiers.regles, dossiers.catalogue), TODAY))
    assert set(said) <= set(found)


def test_nothing_changes_between_a_version_and_itself() -> None:
    assert compare(SHIPPED, SHIPPED, around_the_bound()[:50], TODAY, silent) == Impact(50, 0, ())


# --- versions ---


def test_a_revision_of_the_project_is_a_version() -> None:
    revision = subprocess.run(
        ["git", "-C", str(PROJECT), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    )
    if revision.returncode:
        pytest.skip("not a git checkout")
    with version(revision.stdout.strip(), PROJECT) as found:
        assert (found.regles / "publics.yaml").is_file()
        assert (found.catalogue / "territoire.yaml").is_file()
    assert not found.regles.exists()


@pytest.mark.parametrize("name", ["0000000", "absente", "--output=ailleurs", "", "HEAD:rules"])
def test_a_revision_that_does_not_exist_is_said(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vide").mkdir()
    with pytest.raises(UnknownVersion, match="« "), version(name or "vide", PROJECT):
        raise AssertionError("never reached")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["vide"]


# --- the command ---


def run(*arguments: str) -> int:
    line = ["impact", "--date", "2026-11-23", *arguments]
    options = parser(line).parse_args(line)
    code: int = options.run(options)
    return code


@pytest.fixture
def situations(tmp_path: Path) -> str:
    """A file of past situations."""
    path = tmp_path / "passees.jsonl"
    lines = [json.dumps(situation.said()) for situation in (visitor(age=26), visitor(age=40), visitor())]
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def test_text_json_and_markdown(changed: Change, situations: str, capsys: pytest.CaptureFixture[str]) -> None:
    one_year_more(changed)
    after = str(Path(situations).parent)
    assert run(str(PROJECT), after, "--situations", situations) == 0
    text = capsys.readouterr().out
    assert text.startswith("1 réponse change sur 3 situations.\n")
    assert "public ajouté : jeune-16-25\n    par exemple {age: 26}" in text
    run(str(PROJECT), after, "--situations", situations, "--json")
    data = json.loads(capsys.readouterr().out)
    assert (data["situations"], data["changees"]) == (3, 1)
    assert {"quoi": "public ajouté : jeune-16-25", "nombre": 1, "exemple": {"age": 26}} in data["changements"]
    run(str(PROJECT), after, "--situations", situations, "--markdown")
    page = capsys.readouterr().out
    assert page.startswith("# Effet du changement : ")
    assert "| 1 | public ajouté : jeune-16-25 | `{age: 26}` |" in page


@pytest.mark.parametrize("after", ["absente", "."])
def test_a_wrong_version_ends_with_2(
    after: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        run(str(PROJECT), after)
    assert stopped.value.code == 2
    assert f"« {after} »" in capsys.readouterr().err


def test_a_version_that_does_not_load_ends_with_2(
    changed: Change, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed("publics.yaml", "si: {rsa: oui}", "si: {rssa: oui}")
    with pytest.raises(SystemExit) as stopped:
        run(str(PROJECT), str(tmp_path))
    assert stopped.value.code == 2
    assert "Vouliez-vous dire « rsa »" in capsys.readouterr().err
