"""A megabyte of bad input: what is bounded before it is compared, read or shown. Counted, never timed."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from analysis.lint import lint
from desk import links
from desk.words import plain
from engine import documents, places, problems, reading, territory
from engine.base import CATALOGUE, REGLES, Base
from engine.documents import MAX_ENTRIES, MAX_PROBLEMS, Diagnostic, Document, InvalidDocuments, first_repeated
from engine.problems import Faute, unknown_name
from engine.questions import MAX_VALUES
from engine.validation import explain, validate

HUGE = 95_000
TODAY = date(2026, 11, 23)


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words whose nearest name is looked for."""
    seen: list[str] = []
    nearest = problems.nearest

    def watched(word: str, allowed: Any) -> str:
        seen.append(word)
        return nearest(word, allowed)

    monkeypatch.setattr(problems, "nearest", watched)
    return seen


def refused(base: Base, said: dict[str, Any]) -> list[Diagnostic]:
    with pytest.raises(ValidationError) as error:
        base.rules.situation.model_validate(said)
    return explain(error.value, base.rules.situation, Document("essai", said, documents.NOWHERE))


# --- situations ---


@pytest.mark.parametrize("item", ["numerique", "besoin-{}"])
def test_too_many_values_are_counted_not_compared(item: str, base: Base, compared: list[str]) -> None:
    (found,) = refused(base, {"besoins": [item.format(number) for number in range(HUGE)]})
    assert found.probleme == Faute.TROP_DE_VALEURS(nombre=MAX_VALUES, lues=HUGE)
    assert str(found)
    assert compared == []


def test_unknown_keys_are_told_up_to_a_bound(base: Base, compared: list[str]) -> None:
    found = refused(base, {f"cle-{number}": 1 for number in range(HUGE)})
    assert len(found) == MAX_PROBLEMS + 1
    assert found[-1].probleme == Faute.AUTRES(nombre=HUGE - MAX_PROBLEMS)
    assert compared == []
    assert str(InvalidDocuments(found)).endswith("… et 94 800 autres problèmes.")
    assert len(compared) <= 2 * MAX_PROBLEMS  # to sort them, and to tell them


def test_looking_for_a_repeat_does_not_compare_each_with_each() -> None:
    compared = 0

    class Name(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return str.__eq__(self, other) is True

        __hash__ = str.__hash__

    names = [Name(f"nom-{number}") for number in range(5_000)]
    assert first_repeated(names) is None
    assert first_repeated([*names, Name("nom-4999")]) == "nom-4999"
    assert compared < len(names)


def test_a_situation_has_a_size(base: Base, tmp_path: Path) -> None:
    path = tmp_path / "grande.yaml"
    text = "age: 20\n#"
    path.write_text(text + "x" * (reading.MAX_SITUATION_BYTES - len(text)), encoding="utf-8")
    assert reading.read_situations(path, None, base)[0].situation.age == 20
    path.write_text(text + "x" * (reading.MAX_SITUATION_BYTES - len(text) + 1), encoding="utf-8")
    with pytest.raises(InvalidDocuments, match="trop gros : 64 Kio"):
        reading.read_situations(path, None, base)


def test_lines_are_not_read_beyond_what_is_told(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def watched(*arguments: Any) -> Any:
        read.append(1)
        return validate(*arguments)

    monkeypatch.setattr(reading, "validate", watched)
    with pytest.raises(InvalidDocuments) as error:
        reading.read_situations(Path("lignes.jsonl"), b'{"age": -1}\n' * 10_000, base)
    assert len(read) == MAX_PROBLEMS
    assert error.value.diagnostics[-1].probleme.espece is Faute.SUITE
    assert len(error.value.diagnostics) == MAX_PROBLEMS


def test_a_name_longer_than_any_commune_is_not_looked_for(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    folded: list[int] = []
    fold = territory.fold

    def watched(text: str) -> str:
        folded.append(len(text))
        return fold(text)

    monkeypatch.setattr(territory, "fold", watched)
    with pytest.raises(places.UnknownName, match=r"commune « saint .*… » inconnue"):
        places.resolve_commune("saint " * 170_000, base.catalogue)
    assert max(folded) <= places.MAX_NAME


@pytest.mark.parametrize(
    "given",
    [
        {"besoins": ",".join(["numerique"] * HUGE)},
        {"commune": "x" * 200_000},
        {f"cle-{number}": "x" for number in range(HUGE)},
        {"x" * 200_000: "x"},
    ],
    ids=["values", "commune", "keys", "key"],
)
def test_a_link_is_read_up_to_a_bound(given: dict[str, str], base: Base) -> None:
    answers, told = links.read(given, base.rules.vocabulaire)
    assert answers == {}
    assert 0 < len(told) <= links.MAX_PARAMETERS + 1
    assert max(map(len, told)) < 200


# --- documents ---


@pytest.mark.parametrize("write", [lambda n: "- x\n" * n, lambda n: "".join(f"c{i}: x\n" for i in range(n))])
def test_a_list_or_a_mapping_has_a_length(write: Callable[[int], str]) -> None:
    assert len(documents.read_bytes(write(MAX_ENTRIES).encode(), "essai").donnees) == MAX_ENTRIES
    with pytest.raises(InvalidDocuments, match="trop d'entrées ici : au plus 10 000, pas 10 001"):
        documents.read_bytes(write(MAX_ENTRIES + 1).encode(), "essai")


def test_many_problems_are_sorted_cut_and_counted_once() -> None:
    many = [Diagnostic("a", line, 1, unknown_name("nom", line, ["x"])) for line in range(1000, 0, -1)]
    others = Diagnostic("a", 1, 1, Faute.AUTRES(nombre=5))
    told = InvalidDocuments([others, *many]).diagnostics
    assert [item.ligne for item in told[:-1]] == list(range(1, MAX_PROBLEMS + 1))
    assert told[-1].probleme == Faute.AUTRES(nombre=1000 - MAX_PROBLEMS + 5)
    assert InvalidDocuments(told).diagnostics == told


def test_a_late_repeated_key_is_found() -> None:
    text = "{" + ",".join(f'"c{number}": 1' for number in range(9_000)) + ', "c8999": 2}'
    with pytest.raises(InvalidDocuments, match="la clé « c8999 » est écrite deux fois"):
        documents.read_bytes(text.encode(), "essai.json", is_json=True)
    assert json.loads(text)["c8999"] == 2


# --- sheets ---


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("latitude", "latitude: 999\nlongitude: 1.3\n", "une latitude va de -90 à 90"),
        ("siret", 'siret: "11111111111111"\n', "la clé de contrôle est fausse"),
        ("siret", 'siret: "１３００３０１３３０００１６"\n', "14 chiffres attendus"),
        ("code_postal", 'code_postal: "２８１００"\n', "5 chiffres attendus"),
    ],
)
def test_the_verifier_refuses_what_no_place_or_number_is(key: str, value: str, told: str, copy_of_base: Path) -> None:
    path = copy_of_base / "catalogue" / "bge-28.yaml"
    text = re.sub(rf"^{key}: .*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    path.write_text(value + text, encoding="utf-8")
    found = lint(copy_of_base / "rules", copy_of_base / "catalogue", TODAY, analyse=False).diagnostics
    assert [item.ligne for item in found if told in item.message] == [1], found


@pytest.fixture
def copy_of_base(tmp_path: Path) -> Path:
    shutil.copytree(REGLES, tmp_path / "rules")
    shutil.copytree(CATALOGUE, tmp_path / "catalogue")
    return tmp_path


# --- screens ---


@pytest.mark.parametrize("text", [":100:", "a :+1: b", ":8ball:", ":smile:", ":material/home:"])
def test_no_word_between_colons_becomes_a_picture(text: str) -> None:
    assert "\u200c" in plain(text)
    assert re.sub(r"[\\\u200c]", "", plain(text)) == text


@pytest.mark.parametrize("text", ["9:30", "Mo-Fr 09:00-12:00,14:00-17:00; PH off", "à noter : 12 : 30", "12:30:45"])
def test_hours_are_left_as_they_are(text: str) -> None:
    assert "\u200c" not in plain(text)


def test_a_line_of_equals_signs_makes_no_heading() -> None:
    assert plain("Titre\n===") == "Titre\n\\==="
    assert plain("a = b") == "a = b"
