"""Examples and trials of the rules: where they are written, how, and what is said when they are wrong."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml

from analysis.examples import check_base
from engine.base import CATALOGUE, PROJECT, REGLES, Base, load_base
from engine.documents import InvalidDocuments
from engine.examples import ESSAIS
from engine.loading import LOCALES, load_rules
from engine.vocabulary import STRATES
from tests.test_ruleset import TODAY

BASINS = (CATALOGUE / LOCALES, PROJECT / "bassins" / "tours" / "catalogue" / LOCALES)
WRITTEN = sorted(
    [path for folder in (REGLES, *BASINS) for path in [*folder.glob("*.yaml"), *(folder / ESSAIS).glob("*.yaml")]]
)


def named(path: Path) -> str:
    return str(path.relative_to(PROJECT))


# --- as they are shipped ---


def test_a_rule_is_taught_by_at_most_three_examples(base: Base) -> None:
    assert [rule.id for rule in base.rules.regles if len(rule.exemples) > 3] == []
    assert sum(len(rule.essais) for rule in base.rules.regles) > 400


def test_no_example_is_written_twice_for_a_rule(base: Base) -> None:
    for rule in base.rules.regles:
        twice = [said for said, times in Counter(repr(one.dit) for one in rule.joues).items() if times > 1]
        assert twice == [], rule.id


@pytest.mark.parametrize("path", WRITTEN, ids=named)
def test_lines_are_short_and_references_lead_somewhere(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > 120] == []
    known = set(re.findall(r"S\d{2}b?\b", (PROJECT / "docs" / "sources.md").read_text(encoding="utf-8")))
    cited = set(re.findall(r"\b[A-Z]\d{1,2}b?\b", "\n".join(lines)))
    assert cited - known == set()


@pytest.mark.parametrize("path", [*WRITTEN, PROJECT / "benchmarks" / "situations.yaml"], ids=named)
def test_yes_and_no_have_one_writing(path: Path) -> None:
    tokens = yaml.scan(path.read_text(encoding="utf-8"))
    plain = [token for token in tokens if isinstance(token, yaml.ScalarToken) and token.plain]
    assert [token.start_mark.line + 1 for token in plain if token.value.lower() in ("true", "false")] == []


# --- wrong ---


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REGLES, tmp_path / "rules"))


def told(folder: Path) -> list[str]:
    with pytest.raises(InvalidDocuments) as error:
        load_rules(folder, CATALOGUE / LOCALES)
    return [str(found).removeprefix(f"{folder}/") for found in error.value.diagnostics]


def test_trials_that_cannot_be_played_are_told_at_their_place(folder: Path) -> None:
    (folder / ESSAIS / "publics.yaml").write_text(
        "public-apprentit:\n  oui: [{statuts: [apprenti]}]\n"
        "public-apprenti:\n  oui: [{statuts: [aprenti]}]\n  nom: []\n"
        "public-retraite:\n  non:\n    - {le: demain}\n    - {agee: 12}\n",
        encoding="utf-8",
    )
    unknown, key, day, field = told(folder)
    assert unknown.startswith("essais/publics.yaml:1:1: « public-apprentit » n'existe pas (règle de publics.yaml).")
    assert "Vouliez-vous dire « public-apprenti » ?" in unknown
    assert key.startswith("essais/publics.yaml:5:3: « nom » n'existe pas (clé). Vouliez-vous dire « non » ?")
    assert day.startswith("essais/publics.yaml:8:12: une date AAAA-MM-JJ est attendue")
    assert field.startswith("essais/publics.yaml:9:8: « agee » n'existe pas (clé). Vouliez-vous dire « age » ?")


def test_a_file_of_trials_that_nothing_plays_is_told(folder: Path) -> None:
    (folder / ESSAIS / "alerte.yaml").write_text("alerte: {}\n", encoding="utf-8")
    (folder / ESSAIS / "cep.yaml").write_text("- cep\n", encoding="utf-8")
    one, other = told(folder)
    assert one.startswith("essais/alerte.yaml: « alerte.yaml » n'existe pas (fichier d'essais). Vouliez-vous")
    assert other.startswith("essais/cep.yaml:1:1: « règle: essais » est attendu")


def test_a_rule_that_is_wrong_does_not_make_its_trials_wrong(folder: Path) -> None:
    path = folder / "offres.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("exclut: oui", "exclut: peut-être", 2), encoding="utf-8")
    assert "offre-age:" in (folder / ESSAIS / "offres.yaml").read_text(encoding="utf-8")
    wrong = told(folder)
    assert len(wrong) == 2
    assert all("« peut-être » n'existe pas (valeur). Permis : oui." in message for message in wrong)


def test_a_trial_that_does_not_hold_is_told_at_its_place(folder: Path) -> None:
    path = folder / ESSAIS / "offres.yaml"
    text = path.read_text(encoding="utf-8")
    before = "avec: {age_min: 16, age_max: 25}, age: 26}"
    assert before in text
    path.write_text(text.replace(before, before.replace("26", "25")), encoding="utf-8")
    (found,) = check_base(load_base(folder, CATALOGUE), TODAY)
    line = text[: text.index(before)].count("\n") + 1
    assert (found.fichier, found.ligne, found.code) == (str(path), line, "exemple")
    assert "à son exemple « oui »" in found.message


def test_both_writings_of_yes_are_read(folder: Path, base: Base) -> None:
    for path in [folder / "offres.yaml", *(folder / ESSAIS).glob("*.yaml")]:
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"\b(handicap|cadre|rsa|exclut): oui", r"\1: true", text), encoding="utf-8")
    read = load_rules(folder, CATALOGUE / LOCALES)
    assert [rule.alors for rule in read.regles] == [rule.alors for rule in base.rules.regles]
    assert check_base(Base(read, base.catalogue), TODAY) == []


def test_every_stratum_may_have_trials() -> None:
    assert {path.stem for path in (REGLES / ESSAIS).glob("*.yaml")} <= set(STRATES)
