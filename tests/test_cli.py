"""The command line as a user meets it: real processes, real files, exit codes, and nothing half-done."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.base import CATALOGUE, PROJECT, REGLES

KEYS = ["date", "versions", "avertissements", "profil", "recommandations", "parcours", "ecartees", "questions"]


def spro(*arguments: str, stdin: str | bytes = "", cwd: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    """Runs `spro` in a process of its own."""
    done = subprocess.run(
        [sys.executable, str(PROJECT / "cli.py"), *arguments],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8"},
        check=False,
        timeout=120,
    )
    return subprocess.CompletedProcess(arguments, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_situation_on_standard_input_is_answered_in_text() -> None:
    done = spro("orienter", "-", stdin="age: 17\nstatuts: [sans-activite]\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Mission locale de Dreux\n")
    assert "Obligation de formation" in done.stdout
    assert "\033" not in done.stdout


def test_json_has_the_keys_of_the_contract() -> None:
    done = spro("orienter", "-", "--json", "--date", "2026-11-23", stdin="besoins: [creer-entreprise]")
    answer = json.loads(done.stdout)
    assert list(answer) == KEYS
    assert answer["date"] == "2026-11-23"
    assert answer["recommandations"][0]["structure"] == "bge-28"


def test_several_files_and_a_desk(tmp_path: Path) -> None:
    first, second = tmp_path / "un.yaml", tmp_path / "deux.json"
    first.write_text("besoins: [s-engager]\n", encoding="utf-8")
    second.write_text('{"besoins": ["creer-entreprise"]}', encoding="utf-8")
    done = spro("orienter", str(first), str(second), "--bureau", "bge-28")
    assert done.returncode == 0
    assert done.stdout.index("un.yaml") < done.stdout.index("deux.json") < done.stdout.index("c'est chez vous")


def test_lines_in_lines_out(tmp_path: Path) -> None:
    lines = tmp_path / "situations.jsonl"
    lines.write_text('{}\n\n{"age": 20}\n{"statuts": ["salarie-prive"], "cadre": true}\n', encoding="utf-8")
    done = spro("orienter", str(lines))
    first = [json.loads(line)["recommandations"][0]["structure"] for line in done.stdout.splitlines()]
    assert first == ["m2end", "mission-locale-dreux", "apec-cvl"]


def test_one_wrong_line_answers_nothing_and_says_which(tmp_path: Path) -> None:
    lines = tmp_path / "situations.jsonl"
    lines.write_text('{}\n{"age": "vieux"}\n{"agee": 3}\n', encoding="utf-8")
    done = spro("orienter", str(lines))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{lines}:2:" in done.stderr
    assert f"{lines}:3:" in done.stderr


def test_the_rules_of_another_date() -> None:
    said = "age: 66\nstatuts: [retraite]\ncherche_emploi: true\nhandicap: false\n"
    before = json.loads(spro("orienter", "-", "--json", "--date", "2018-01-01", stdin=said).stdout)
    after = json.loads(spro("orienter", "-", "--json", "--date", "2019-03-29", stdin=said).stdout)
    assert (before["profil"]["cep"]["eligible"], after["profil"]["cep"]["eligible"]) == ("non", "oui")


def test_what_would_change_the_answer() -> None:
    said = "age: 40\nstatuts: [demandeur-emploi]\nbesoins: [trouver-emploi]\n"
    some = json.loads(spro("orienter", "-", "--json", "--et-si", stdin=said).stdout)
    assert {"structure": "apec-cvl", "faits": {"cadre": True}} in some["et_si"]
    towards = spro("orienter", "-", "--et-si", "transitions-pro-cvl", stdin=said)
    words = " ".join(towards.stdout.split())
    assert "« Financer une formation » et la réponse à « Quelle est sa situation actuelle ? » était « Salarié" in words
    assert spro("orienter", "-", "--et-si", "gip-alfa", stdin=said).stdout.endswith("n'y conduit.\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "vide"),
        ("agee: 3", "Vouliez-vous dire « age »"),
        ("age: -1", "au moins 0"),
        ("age: 121", "au plus 120"),
        ("age: vieux", "nombre entier"),
        ("age: true", "nombre entier"),
        ("statuts: salarie-prive", "liste"),
        ("statuts: [salarie]", "Vouliez-vous dire « salarie-prive »"),
        ("statuts: [sans-activite, salarie-prive]", "contredit"),
        ("commune: Dreuxx", "Vouliez-vous dire « Dreux »"),
        ("commune: Saint-Denis", "plusieurs communes"),
        ("bureau: bij", "Vouliez-vous dire « bij-dreux »"),
        ("age: 3\nage: 4", "deux fois"),
        ("a: &a [1]\nb: *a", "ancre"),
        ("statuts:\n\t- etudiant", "espace"),
        ("- age", "clé: valeur"),
        (b"nom: \xe9t\xe9", "UTF-8"),
        ("{" * 200, ""),
        ("[" * 5000, ""),
    ],
)
def test_bad_input_is_said_in_french_without_a_trace(content: str | bytes, words: str) -> None:
    done = spro("orienter", "-", stdin=content)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert done.stderr.startswith("entrée standard")
    assert "Traceback" not in done.stderr


def test_all_errors_at_once() -> None:
    done = spro("orienter", "-", stdin="age: vieux\nbureau: nulle-part\nstatutss: []\n")
    assert len(done.stderr.splitlines()) >= 2


def test_a_huge_file_is_refused_quickly(tmp_path: Path) -> None:
    for name in ("gros.yaml", "gros.json", "gros.jsonl"):
        path = tmp_path / name
        with path.open("wb") as file:
            file.truncate(100 * 1024 * 1024)
        done = spro("orienter", str(path))
        assert done.returncode == 2
        assert "trop gros" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["orienter"],
        ["orienter", "absent.yaml"],
        ["orienter", "-", "--date", "hier"],
        ["orienter", "-", "--bureau", "nulle-part"],
        ["orienter", "-", "--et-si", "nulle-part"],
        ["orienter", "-", "--regles", "absent"],
        ["verifier", "--catalogue", "absent"],
        ["serve", "--port", "0"],
        ["impact", "absent", "."],
        ["inconnue"],
        [],
    ],
)
def test_wrong_commands_exit_2_in_french(arguments: list[str]) -> None:
    done = spro(*arguments, stdin="{}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr
    assert not {"error", "usage:", "invalid", "required", "Traceback"} & set(done.stderr.lower().split())


@pytest.mark.parametrize("command", ["orienter", "verifier", "prouver", "impact", "serve"])
def test_help_is_in_french_with_examples(command: str) -> None:
    done = spro(command, "--help")
    assert done.returncode == 0
    assert "exemples :" in done.stdout
    assert "montre cette aide" in done.stdout


def test_the_shipped_base_verifies() -> None:
    done = spro("verifier")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_wrong_base_is_listed_and_nothing_is_answered(tmp_path: Path) -> None:
    shutil.copytree(REGLES, tmp_path / "rules")
    shutil.copytree(CATALOGUE, tmp_path / "catalogue")
    sheet = tmp_path / "catalogue" / "bge-28.yaml"
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("role: bge", "role: bgee"), encoding="utf-8")
    folders = ["--regles", str(tmp_path / "rules"), "--catalogue", str(tmp_path / "catalogue")]
    checked = spro("verifier", *folders)
    assert checked.returncode == 1
    assert f"{sheet}:" in checked.stdout
    assert "Vouliez-vous dire « bge »" in checked.stdout
    answered = spro("orienter", "-", *folders, stdin="{}")
    assert (answered.returncode, answered.stdout) == (2, "")


def test_a_reader_that_stops_early_is_not_an_error(tmp_path: Path) -> None:
    lines = tmp_path / "situations.jsonl"
    lines.write_text("{}\n" * 300, encoding="utf-8")
    command = f"'{sys.executable}' '{PROJECT / 'cli.py'}' orienter '{lines}' | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, cwd=PROJECT, check=False, timeout=120)
    assert json.loads(done.stdout)["recommandations"]
    assert b"Traceback" not in done.stderr
