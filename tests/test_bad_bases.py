"""Bases that go in circles, contradict themselves, hold nothing or two thousand rules: said, answered, no hang."""

from __future__ import annotations

import json
import random
import re
import shutil
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from analysis.lint import rulesets
from cli import parser
from engine.base import CATALOGUE, REGLES, Base, load_base
from engine.deciders import by_evaluation, by_rete
from engine.orientation import recommend
from tests.situations import SITUATION, visitor
from tests.test_lint import a_rule

TODAY = date(2026, 11, 23)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with a copy of the rules and of the catalogue."""
    shutil.copytree(REGLES, tmp_path / "rules")
    shutil.copytree(CATALOGUE, tmp_path / "catalogue")
    return tmp_path


def run(folder: Path, *arguments: str) -> int:
    """A command on the base of a folder."""
    line = [*arguments, "--regles", str(folder / "rules"), "--catalogue", str(folder / "catalogue")]
    options = parser(line).parse_args(line)
    code: int = options.run(options)
    return code


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# --- in circles ---

CYCLES = {
    "publics.yaml": ("si: {statuts: retraite}", "si: {statuts: retraite, operateurs: apec}"),
    "cep.yaml": ("si: {publics: agent-etat}", "si: {publics: agent-etat, cep: oui}"),
    "besoins.yaml": ("si: {freins: numerique}", "si: {besoins_retenus: numerique}"),
    "niveau.yaml": ("si: {souhait: information}", "si: {niveau: information}"),
    "alertes.yaml": ("si: {handicap: oui}", "si: {referents: apec}"),
}


@pytest.mark.parametrize("file", CYCLES)
@pytest.mark.parametrize("command", ["orienter", "prouver", "muter", "tracer"])
def test_a_rule_that_reads_its_own_conclusion_is_refused(
    file: str, command: str, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(copy / "rules" / file, *CYCLES[file])
    with pytest.raises(SystemExit) as stopped:
        run(copy, command, *(["-"] if command == "orienter" else []))
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert f"{copy / 'rules' / file}:" in said


@pytest.mark.parametrize("file", CYCLES)
def test_the_linter_says_that_it_would_go_round(file: str, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(copy / "rules" / file, *CYCLES[file])
    assert run(copy, "verifier") == 1
    said = capsys.readouterr().out
    assert "[erreur : strate]" in said
    assert "tournerait en rond" in said


# --- contradictions ---


def test_a_base_that_contradicts_itself_is_said_and_still_answers(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = copy / "rules" / "cep.yaml"
    closing = a_rule("cep-ferme", "{cep: non}", si="{statuts: salarie-prive}", oui="[{statuts: [salarie-prive]}]")
    path.write_text(path.read_text(encoding="utf-8") + closing, encoding="utf-8")
    assert run(copy, "verifier", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    contrary = [item for item in found if item["code"] == "conclusions-contraires"]
    assert {item["ligne"] for item in contrary} == {len(path.read_text(encoding="utf-8").splitlines()) - 1}
    assert any("« cep-salarie » ouvre le CEP et « cep-ferme » le ferme" in item["message"] for item in contrary)
    base = load_base(copy / "rules", copy / "catalogue")
    answers = [
        recommend(visitor(statuts=("salarie-prive",)), base.catalogue, base.rules, TODAY, decide=decide)
        for decide in (by_rete, by_evaluation)
    ]
    assert answers[0] == answers[1]
    assert answers[0].profil.cep == "oui"


# --- nothing ---


@pytest.mark.parametrize(
    ("command", "part"),
    [
        *product(("orienter -", "verifier", "prouver", "muter", "tracer"), ("rules", "catalogue")),
        ("regle nouvelle essai --strate alertes", "rules"),
    ],
)
def test_an_empty_folder_is_said(command: str, part: str, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(copy / part)
    (copy / part).mkdir()
    words = command.split()
    with pytest.raises(SystemExit) as stopped:
        run(copy, *words)
    assert stopped.value.code == 2
    assert str(copy / part) in capsys.readouterr().err


# --- two thousand rules ---


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped base with two thousand rules more: alerts, and places of the offers of the Apec."""
    folder = tmp_path_factory.mktemp("grande")
    shutil.copytree(REGLES, folder / "rules")
    shutil.copytree(CATALOGUE, folder / "catalogue")
    for file, effect, offer in (
        ("alertes", "{alerte: Alerte essayée par un test.}", ""),
        ("offres", "{priorise: departage}", ", offre.role: apec"),
    ):
        path = folder / "rules" / f"{file}.yaml"
        text = path.read_text(encoding="utf-8")
        for number in range(1000):
            rsa = "oui" if number % 2 else "non"
            si = f"{{age: {number % 121}, diplome: {DIPLOMES[number % 6]}, rsa: {rsa}{offer}}}"
            text += a_rule(f"essai-{number}-{file}", effect, si=si)
        path.write_text(text, encoding="utf-8")
    return folder


DIPLOMES = ("aucun", "cap-bep", "bac", "bac+2", "bac+3", "bac+5")


@pytest.fixture(scope="module")
def large_base(large: Path) -> Base:
    """The base of these rules."""
    return load_base(large / "rules", large / "catalogue")


def test_two_thousand_rules_answer_as_they_say(large_base: Base) -> None:
    chance = random.Random(1)
    for _ in range(40):
        age, diploma, rsa = chance.randrange(121), chance.choice(DIPLOMES), chance.random() < 0.5
        situation = SITUATION.model_validate(
            {"age": age, "diplome": diploma, "rsa": rsa, "besoins": ["faire-le-point"]}
        )
        answers = [
            recommend(situation, large_base.catalogue, large_base.rules, TODAY, decide=decide)
            for decide in (by_rete, by_evaluation)
        ]
        assert answers[0] == answers[1]
        expected = {
            f"essai-{number}"
            for number in range(1000)
            if (number % 121, DIPLOMES[number % 6], bool(number % 2)) == (age, diploma, rsa)
        }
        alerts = {alert.regle for alert in answers[0].profil.alertes if alert.regle.startswith("essai-")}
        assert alerts == {f"{name}-alertes" for name in expected}
        apec = [door for door in answers[0].recommandations if door.structure == "apec-cvl"]
        placed = {reason.regle for door in apec for reason in door.raisons if reason.regle.startswith("essai-")}
        assert placed == ({f"{name}-offres" for name in expected} if apec else set())


def test_two_thousand_rules_are_split_and_it_is_said(
    large: Path, large_base: Base, base: Base, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(large, "verifier", "--sans-analyse", "--date", TODAY.isoformat()) == 0
    said = capsys.readouterr().out
    assert f"{len(large_base.rules.regles)} règles" in said
    (count,) = re.findall(r"compilées en (\d+) jeux\.", said)
    assert int(count) == rulesets(load_base(large / "rules", large / "catalogue"), TODAY) > rulesets(base, TODAY)
