"""The scenarios as the product reads and plays them: by the same definitions as pytest-bdd, and without pytest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from charte.features import BrokenScenarios, UnreadableFeature, read_scenarios
from charte.replay import record
from charte.steps import DEFINITIONS
from engine.base import PROJECT, Base

PRODUCT = sorted(
    ".".join(path.relative_to(PROJECT).with_suffix("").parts)
    for room in ("engine", "fiche", "charte", "analysis", "commands")
    for path in (PROJECT / room).glob("*.py")
    if path.stem != "__init__"
)

WITHOUT_TEST_TOOLS = """
import importlib, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("pytest", "_pytest", "pytest_bdd", "hypothesis", "tests", "features"):
            raise ImportError(name)

sys.meta_path.insert(0, Blocked())
for name in sys.argv[1:]:
    importlib.import_module(name)
from charte.trace import trace
from engine.base import load_base
print(len(trace(load_base()).scenarios))
"""


def test_the_product_needs_no_test_tool_and_runs_no_test_code() -> None:
    assert "charte.trace" in PRODUCT
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TEST_TOOLS, *PRODUCT], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert int(done.stdout) == len(read_scenarios())


def test_a_sentence_is_one_step() -> None:
    sentences = [step for scenario in read_scenarios() for cas in scenario.cas for step in cas.pas]
    assert len(sentences) > 800
    for step in sentences:
        said = step.definition.phrase
        for name, word in step.mots:
            said = said.replace(f"{{{name}}}", word).replace(f"{{{name}:d}}", word)
        assert [other for other in DEFINITIONS if other.read(said) is not None] == [step.definition], said


def written(folder: Path, *steps: str) -> Path:
    lines = ["# language: fr", "Fonctionnalité: Une seule", "  Scénario: Un seul", *(f"    {step}" for step in steps)]
    (folder / "seul.feature").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_a_sentence_that_is_no_step_is_told_with_the_closest(tmp_path: Path) -> None:
    folder = written(tmp_path, "Quand l'agent demande vers qui l'orienté")
    with pytest.raises(UnreadableFeature) as error:
        read_scenarios(folder)
    assert str(error.value) == (
        f"{folder}/seul.feature:4:5 : aucun pas ne correspond à « l'agent demande vers qui l'orienté ». "
        "Vouliez-vous dire « l'agent demande vers qui l'orienter » ?"
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("la personne : pirate", "« pirate » n'est pas dans le vocabulaire des scénarios."),
        ("la personne : demande trouver-emplois", "Vouliez-vous dire « trouver-emploi » ?"),
    ],
)
def test_what_no_person_can_say_is_told_at_its_place(said: str, words: str, tmp_path: Path, base: Base) -> None:
    folder = written(tmp_path, f"Étant donné {said}", "Quand l'agent demande vers qui l'orienter")
    with pytest.raises(BrokenScenarios, match=r"seul\.feature:[45]:5 : ") as error:
        record(base, folder)
    assert words in str(error.value)


def test_a_step_that_looks_at_no_answer_fails(tmp_path: Path, base: Base) -> None:
    folder = written(tmp_path, "Étant donné une personne dont rien n'est dit", "Alors une structure est proposée")
    with pytest.raises(BrokenScenarios, match="Un seul : ce scénario échoue"):
        record(base, folder)
    (folder / "seul.feature").unlink()
    folder.rmdir()
    with pytest.raises(BrokenScenarios, match=r"ce dossier n'existe pas\."):
        record(base, folder)
