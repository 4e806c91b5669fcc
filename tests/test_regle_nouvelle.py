"""`spro regle nouvelle`: a skeleton that is refused until it is filled in, and the guide that fills one in."""

from __future__ import annotations

import argparse
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from analysis.examples import check_base
from analysis.skeleton import rule_skeleton, scenario_skeleton
from commands import regle
from commands.common import speak_french
from engine.base import CATALOGUE, PROJECT, REGLES, Base, load_base
from engine.documents import InvalidDocuments
from engine.loading import load_rules
from engine.vocabulary import STRATES, Strate
from tests.situations import VOCABULARY

KEYS = ("libelle", "texte", "sources", "en_vigueur", "alors", "oui", "non", "inconnu")
GUIDE = (PROJECT / "docs" / "ecrire-une-regle.md").read_text(encoding="utf-8")
NEW = "regle-de-test"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped rules, to write in."""
    return Path(shutil.copytree(REGLES, tmp_path / "regles"))


def run(*words: str) -> int:
    speak_french()
    parser = argparse.ArgumentParser()
    regle.add(parser.add_subparsers())
    return regle.run(parser.parse_args(["regle", "nouvelle", *words]))


def refused(folder: Path) -> list[tuple[int, str]]:
    with pytest.raises(InvalidDocuments) as error:
        load_rules(folder)
    return [(item.ligne, item.message) for item in error.value.diagnostics]


@pytest.mark.parametrize("strate", STRATES)
def test_every_blank_is_told_at_its_line(strate: Strate, folder: Path) -> None:
    path = folder / f"{strate}.yaml"
    before = path.read_bytes()
    assert run(NEW, "--strate", strate, "--ecrire", "--regles", str(folder)) == 0
    assert path.read_bytes().startswith(before.rstrip(b"\n"))
    assert [item.name for item in folder.iterdir() if item.suffix == ".part"] == []
    lines = path.read_text(encoding="utf-8").splitlines()
    told = [lines[line - 1].strip() for line, _ in refused(folder)]
    assert told == [f"{key}:" for key in KEYS]


def test_the_condition_is_told_once_the_rest_is_filled_in(folder: Path) -> None:
    run(NEW, "--strate", "alertes", "--ecrire", "--regles", str(folder))
    path = folder / "alertes.yaml"
    shipped, mark, text = path.read_text(encoding="utf-8").partition("  # À remplir")
    words = {"libelle": "Essai", "texte": "Une phrase.", "sources": "[l6111-3]", "en_vigueur": "{}"}
    words |= {"alors": "{alerte: Un texte.}", "oui": "[{age: 17}]", "non": "[]", "inconnu": "[]"}
    for key, value in words.items():
        text = re.sub(rf"^( +{key}:)$", rf"\1 {value}", text, flags=re.MULTILINE)
    path.write_text(shipped + mark + text, encoding="utf-8")
    assert [message.startswith("« a-completer » n'existe pas (champ).") for _, message in refused(folder)] == [True]
    path.write_text(shipped + mark + text.replace("{a-completer: oui}", "{age: 17}"), encoding="utf-8")
    assert NEW in load_rules(folder).by_id


@pytest.mark.parametrize("strate", STRATES)
def test_a_skeleton_is_short_lines_and_all_keys(strate: Strate) -> None:
    text = rule_skeleton(NEW, strate, VOCABULARY)
    assert max(map(len, text.splitlines())) <= 120
    (rule,) = yaml.safe_load(f"regles:\n{text}")["regles"]
    assert rule["id"] == NEW
    assert set(rule) == {"id", "libelle", "texte", "sources", "en_vigueur", "si", "alors", "exemples"}
    assert "Plan du scénario" in scenario_skeleton(NEW, strate)


def test_nothing_is_written_without_being_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in folder.glob("*.yaml")}
    assert run(NEW, "--strate", "offres", "--regles", str(folder)) == 0
    assert {path: path.read_bytes() for path in folder.glob("*.yaml")} == before
    assert rule_skeleton(NEW, "offres", VOCABULARY) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("public-cadre", "existe déjà"),
        ("Élève décrocheur", "Par exemple : « eleve-decrocheur »."),
        ("deux--tirets", "Par exemple : « deux-tirets »."),
        ("", "n'est pas un identifiant"),
        ("a" * 81, "80 signes au plus"),
    ],
)
def test_an_identifier_that_cannot_be(
    identifier: str, words: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "alertes.yaml").read_bytes()
    with pytest.raises(SystemExit) as stopped:
        run(identifier, "--strate", "alertes", "--ecrire", "--regles", str(folder))
    assert stopped.value.code == 2
    assert words in capsys.readouterr().err
    assert (folder / "alertes.yaml").read_bytes() == before


def test_twice_the_same_is_refused_even_when_not_filled_in(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(NEW, "--strate", "alertes", "--ecrire", "--regles", str(folder))
    with pytest.raises(SystemExit):
        run(NEW, "--strate", "publics", "--ecrire", "--regles", str(folder))
    assert "existe déjà" in capsys.readouterr().err


def test_a_failed_write_leaves_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in folder.glob("*.yaml")}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SystemExit) as stopped:
        run(NEW, "--strate", "alertes", "--ecrire", "--regles", str(folder))
    assert stopped.value.code == 2
    assert "ne peut pas être écrit" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in folder.glob("*.yaml")} == before


def test_the_rule_of_the_guide_is_right(folder: Path, base: Base) -> None:
    """What the guide shows is added to the base as the guide says, or is in it already."""
    source, rule = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    (name,) = yaml.safe_load(source)
    (shown,) = yaml.safe_load(rule)
    catalogue = CATALOGUE
    if name not in base.rules.sources:
        with (folder / "sources.yaml").open("a", encoding="utf-8") as file:
            file.write(source)
    if shown["id"] not in base.rules.by_id:
        with (folder / "alertes.yaml").open("a", encoding="utf-8") as file:
            file.write(f"\n{rule}")
    checked = load_base(folder, catalogue)
    assert checked.rules.by_id[shown["id"]].libelle == shown["libelle"]
    assert check_base(checked, date(2026, 11, 23)) == []
