"""Situations as they are written and sent: what is understood, and what is refused with its place."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from engine.base import Base
from engine.documents import InvalidDocuments
from engine.reading import read_situations
from engine.situation import contradictions, facts_of
from tests.situations import SITUATION, STATUTS, VOCABULARY, visitor

GOOD, BAD = (Path(__file__).parent / name for name in ("good", "bad"))
GOOD_CASES, BAD_CASES = (
    sorted(path for path in (folder / "situations").iterdir() if path.suffix != ".txt") for folder in (GOOD, BAD)
)


def refused(read: Callable[[], object]) -> str:
    with pytest.raises(InvalidDocuments) as error:
        read()
    return "".join(f"{diagnostic}\n" for diagnostic in error.value.diagnostics)


@pytest.mark.parametrize("case", GOOD_CASES, ids=lambda case: case.name)
def test_understood(case: Path, expected: Callable[[Path], str], base: Base) -> None:
    read = read_situations(case, None, base)
    said = [json.dumps(found.situation.said(), ensure_ascii=False) + "\n" for found in read]
    assert "".join(said) == expected(case)


@pytest.mark.parametrize("case", BAD_CASES, ids=lambda case: case.name)
def test_refused(case: Path, expected: Callable[[Path], str], base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD)
    assert refused(lambda: read_situations(case.relative_to(BAD), None, base)) == expected(case)


# --- where they come from ---


def test_standard_input_is_named_as_such(base: Base) -> None:
    assert read_situations(Path("-"), b"age: 20\n", base)[0].situation == visitor(age=20)
    message = refused(lambda: read_situations(Path("-"), b"age: 121\n", base))
    assert message == "entrée standard:1:6: au plus 120 est attendu, pas « 121 ».\n"


def test_large_file_of_lines_is_refused(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("grand.jsonl").touch()
    os.truncate("grand.jsonl", 100 * 1024 * 1024)
    message = refused(lambda: read_situations(Path("grand.jsonl"), None, base))
    assert message == "grand.jsonl: fichier trop gros : 20480 Kio au plus.\n"


def test_one_wrong_line_among_many_stops_all(base: Base) -> None:
    lines = [b'{"age": 20}'] * 500 + [b'{"age": 200}'] + [b'{"age": 20}'] * 500
    message = refused(lambda: read_situations(Path("x.jsonl"), b"\n".join(lines), base))
    assert message == "entrée standard:501:9: au plus 120 est attendu, pas « 200 ».\n"


def test_missing_file(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (
        refused(lambda: read_situations(Path("absent.yaml"), None, base)) == "absent.yaml: ce fichier n'existe pas.\n"
    )


# --- what cannot be true together ---


@pytest.mark.parametrize("statut", [statut for statut in STATUTS if statut != "sans-activite"])
def test_sans_activite_contradicts_what_is_an_activity(statut: str) -> None:
    together = SITUATION.model_construct(**dict[str, Any](statuts=("sans-activite", statut)))
    compatible = statut in ("retraite", "benevole")
    assert (contradictions(together) == []) is compatible


@pytest.mark.parametrize(
    "said",
    [
        {"statuts": ["etudiant", "salarie-prive"]},
        {"statuts": ["retraite", "salarie-prive"], "cherche_emploi": True},
        {"statuts": ["demandeur-emploi"], "cherche_emploi": True},
        {"statuts": ["sans-activite"], "cherche_emploi": False},
        {"statuts": ["agent-public", "salarie-prive"], "fonction_publique": "etat"},
        {"fonction_publique": "hospitaliere"},
        {"statuts": ["sans-activite", "benevole"]},
    ],
)
def test_what_goes_together(said: dict[str, Any]) -> None:
    assert contradictions(SITUATION.model_validate(said)) == []


@pytest.mark.parametrize(
    "said",
    [
        {"besoins": ["trouver-emploi"], "cherche_emploi": False},
        {"statuts": ["retraite"], "categorie": "a"},
        {"statuts": ["sans-activite", "apprenti"]},
        {"statuts": ["etudiant", "etudiant"]},
        {"age": 121},
        {"age": True},
        {"rsa": "peut-être"},
        {"nom": "Dupont"},
        {"sexe": "f"},
    ],
)
def test_what_a_situation_never_holds(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SITUATION.model_validate(said)


# --- what it says and does not say ---


def test_nothing_identifies_nobody_and_nothing_discriminates() -> None:
    asked = set(SITUATION.model_fields)
    assert not asked & {"nom", "prenom", "sexe", "genre", "nationalite", "origine", "religion", "telephone", "courriel"}
    never_kept = {name for name, asked in VOCABULARY.champs.items() if not asked.conserve}
    assert never_kept >= {"handicap", "suivi_par"}
    assert never_kept == {name for name, asked in VOCABULARY.champs.items() if asked.sensible}


def test_a_situation_does_not_change() -> None:
    situation = visitor(age=20)
    with pytest.raises(ValidationError):
        setattr(situation, "age", 21)  # noqa: B010  # mypy already refuses the assignment
    assert situation == visitor(age=20)


def test_what_is_not_asked_is_no_fact() -> None:
    assert facts_of(visitor()) == {}
    facts = facts_of(visitor(age=0, rsa=False, freins=(), statuts=("etudiant", "benevole")))
    assert (facts["age"], facts["rsa"]) == (0, False)
    assert {key for key, value in facts.items() if key.startswith("freins=") and value is False} == {
        f"freins={frein}"
        for frein in (
            "logement", "sante", "mobilite", "garde-enfants", "finances", "numerique", "francais", "administratif",
            "famille",
        )
    }  # fmt: skip
    assert {key for key, value in facts.items() if value is True} == {"statuts=etudiant", "statuts=benevole"}
    assert not any(key.startswith("besoins=") for key in facts)


def test_a_public_function_tells_a_public_agent() -> None:
    assert facts_of(visitor(fonction_publique="etat"))["statuts=agent-public"] is True
    assert facts_of(visitor(categorie="b"))["statuts=agent-public"] is True
