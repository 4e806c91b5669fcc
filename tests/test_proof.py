"""What `spro prouver` proves of every situation, tries on the others, and shows when something does not hold."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

from analysis import proof
from analysis.proof import ContreExemple, Preuve, broken, prove
from analysis.proof_exact import prove_exactly
from analysis.space import CORE, dimensions, pairs
from analysis.view import Dossiers, blocks
from cli import parser
from engine.base import CATALOGUE, PROJECT, REGLES, Base, load_base
from engine.situation import facts_of
from tests.situations import SITUATION, visitor

TODAY = date(2026, 11, 23)


@pytest.fixture
def copied(tmp_path: Path) -> Dossiers:
    """The shipped base, that a test may change."""
    shutil.copytree(CATALOGUE, tmp_path / "catalogue")
    return Dossiers(Path(shutil.copytree(REGLES, tmp_path / "rules")), tmp_path / "catalogue")


def without(dossiers: Dossiers, file: str, identifier: str) -> None:
    """Takes a rule away."""
    path = dossiers.regles / file
    text = path.read_text(encoding="utf-8")
    start = text.index(f"  - id: {identifier}\n")
    following = re.search(r"^  (- id|#)", text[start + 5 :], re.MULTILINE)
    assert following
    path.write_text(text[:start] + text[start + 5 + following.start() :], encoding="utf-8")
    trials = dossiers.regles / "essais" / file
    kept = re.sub(rf"^{identifier}:\n(?:  .*\n)*\n?", "", trials.read_text(encoding="utf-8"), flags=re.MULTILINE)
    trials.write_text(kept, encoding="utf-8")


def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first pieces of the sample are tried: the whole takes a minute."""
    monkeypatch.setattr(proof, "blocks", lambda *space: [*blocks(*space)[:2], *blocks(*space)[-2:]])


def silent(done: int, total: int) -> None:
    assert 0 < done <= total


# --- for every situation ---


def test_of_every_situation_that_there_can_be(base: Base) -> None:
    found = prove_exactly(base, TODAY)
    assert [item.propriete for item in found] == ["toujours-une-reponse", *(item.id for item in base.rules.interdits)]
    assert all(item.prouvee and item.situations for item in found)


@pytest.mark.parametrize(
    ("file", "rule", "property_broken", "said"),
    [
        ("offres.yaml", "agent-public-jamais-avenir-actifs", "agent-public-avenir-actifs", "agent-public"),
    ],
)
def test_a_rule_taken_away_is_missed(copied: Dossiers, file: str, rule: str, property_broken: str, said: str) -> None:
    without(copied, file, rule)
    base = load_base(copied.regles, copied.catalogue)
    by_name = {item.propriete: item for item in prove_exactly(base, TODAY)}
    failing = by_name.pop(property_broken)
    assert all(item.prouvee for item in by_name.values())
    assert not failing.prouvee
    assert failing.exemple
    assert facts_of(failing.exemple)[f"statuts={said}"] is True
    assert property_broken in [name for name, _ in broken(failing.exemple, base, TODAY)]


def test_without_an_offer_open_to_all_the_answer_is_not_proved(copied: Dossiers) -> None:
    path = copied.regles / "offres.yaml"
    text = path.read_text(encoding="utf-8").replace("    si: {offre.couvre: non}\n", "    si: {age: {min: 90}}\n")
    path.write_text(text, encoding="utf-8")
    first = prove_exactly(load_base(copied.regles, copied.catalogue), TODAY)[0]
    assert (first.propriete, first.prouvee) == ("toujours-une-reponse", False)


# --- the sample ---


def test_the_pairs_are_covered(base: Base) -> None:
    space = dimensions(base, TODAY)
    sample = [situation.model_dump() for situation in pairs(space, SITUATION)]
    assert set(CORE) <= set(space)
    for first, second in (("rsa", "suivi_par"), ("freins", "secteur"), ("cadre", "commune")):
        met = {(row[first], row[second]) for row in sample}
        assert met >= {(one, other) for one in space[first] for other in space[second]}


def test_a_counter_example_is_made_small(copied: Dossiers, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    without(copied, "offres.yaml", "agent-public-jamais-avenir-actifs")
    found = prove(copied, TODAY, silent)
    (failure,) = found.contre_exemples
    assert failure.propriete == "agent-public-avenir-actifs"
    base = load_base(copied.regles, copied.catalogue)
    said = failure.situation.model_dump(exclude_none=True)
    for field in said:
        less = SITUATION.model_validate({key: value for key, value in said.items() if key != field})
        assert failure.propriete not in [name for name, _ in broken(less, base, TODAY)]


def test_the_shipped_base_holds_on_part_of_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    found = prove(Dossiers(REGLES, CATALOGUE), TODAY, silent)
    assert found.coeur > 100
    assert found.paires == 400
    assert found.contre_exemples == ()
    lines = {line["propriete"]: line for line in found.to_json()}
    assert all(line.keys() == {"propriete", "verdict", "situations", "contre_exemple"} for line in lines.values())
    assert lines["toujours-une-reponse"]["verdict"] == "prouvée"
    assert lines["deux-evaluateurs"] == {
        "propriete": "deux-evaluateurs", "verdict": "non décidée", "situations": 400, "contre_exemple": None
    }  # fmt: skip


def test_what_holds_because_nothing_reaches_it_is_said(copied: Dossiers) -> None:
    with (copied.regles / "interdits.yaml").open("a", encoding="utf-8") as file:
        file.write(
            """
  - id: jamais-atteint
    resume: Un mineur de moins de 5 ans et de plus de 10 ans.
    si: {tous: [{age: {max: 4}}, {age: {min: 11}}]}
    role: mission-locale
    sources: [charte-1-orienter]
"""
        )
    by_name = {item.propriete: item for item in prove_exactly(load_base(copied.regles, copied.catalogue), TODAY)}
    assert (by_name["jamais-atteint"].prouvee, by_name["jamais-atteint"].vide) == (True, True)
    assert not by_name["agent-public-avenir-actifs"].vide


# --- the command ---


def test_what_is_printed_is_a_situation_that_orienter_takes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    situation = visitor(age=30, statuts=("demandeur-emploi",), handicap=False)
    failure = ContreExemple("essai", "Rien ne va.", situation)
    monkeypatch.setattr("commands.prouver.prove", lambda *_: Preuve((), 12, 3, (failure,)))
    options = parser(["prouver"]).parse_args(["prouver"])
    assert options.run(options) == 1
    shown = capsys.readouterr().out.split("# Rien ne va. [essai]\n")[1]
    assert SITUATION.model_validate(yaml.safe_load(shown)) == situation
    answered = subprocess.run(
        [sys.executable, str(PROJECT / "cli.py"), "orienter", "-"],
        input=shown,
        text=True,
        capture_output=True,
        check=False,
    )
    assert answered.returncode == 0
