"""The schemas: up to date, right about every shipped document, and of one mind with the loader."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from analysis.schemas import SCHEMAS, modeline, schema_name, schemas, texts
from commands import schemas as command
from engine import documents
from engine.base import CATALOGUE, REGLES, Base
from engine.conditions import parse_condition
from engine.documents import Signaler
from engine.vocabulary import STRATES, Strate, champs_of
from tests.situations import SITUATION

DOCUMENTS = sorted([*REGLES.glob("*.yaml"), *CATALOGUE.glob("*.yaml")])


@pytest.fixture(scope="module")
def validators(base: Base) -> dict[str, Any]:
    checker = Draft7Validator.FORMAT_CHECKER
    return {name: Draft7Validator(schema, format_checker=checker) for name, schema in schemas(base.rules).items()}


def test_the_files_are_up_to_date(base: Base) -> None:
    wanted = texts(base.rules)
    assert {path.name for path in SCHEMAS.glob("*.json")} == set(wanted)
    stale = [name for name, text in wanted.items() if (SCHEMAS / name).read_text(encoding="utf-8") != text]
    assert stale == [], "lancez : spro schemas"


def test_they_are_schemas(validators: dict[str, Any]) -> None:
    for validator in validators.values():
        Draft7Validator.check_schema(validator.schema)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_document_is_right_and_names_its_schema(path: Path, validators: dict[str, Any]) -> None:
    errors = [error.message for error in validators[schema_name(path)].iter_errors(documents.read_file(path).donnees)]
    assert errors == []
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == modeline(path)
    assert (path.parent / first.partition("$schema=")[2]).is_file()


def _set(*path: str | int, to: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        data[path[-1]] = to

    return change


WRONG: list[tuple[str, Callable[[Any], None]]] = [
    ("rules/publics.yaml", _set("regles", 0, "si", to={"statut": "retraite"})),
    ("rules/publics.yaml", _set("regles", 0, "si", to={"age": {"minimum": 16}})),
    ("rules/publics.yaml", _set("regles", 0, "si", to={"statuts": "retraites"})),
    ("rules/publics.yaml", _set("regles", 0, "si", to={"publics": "cadre"})),
    ("rules/publics.yaml", _set("regles", 0, "sources", to=["charte-droit-pour-tou"])),
    ("rules/publics.yaml", _set("regles", 0, "sources", to=[])),
    ("rules/publics.yaml", _set("regles", 0, "alors", to={"niveau": "conseil"})),
    ("rules/publics.yaml", _set("regles", 0, "alors", to={})),
    ("rules/publics.yaml", _set("regles", 0, "sauf", to={"cadre": "oui"})),
    ("rules/publics.yaml", _set("regles", 0, "exemples", "oui", 0, to={"age": "vingt"})),
    ("rules/publics.yaml", _set("regles", 0, "texte", to=None)),
    ("rules/offres.yaml", _set("regles", 0, "sauf", to={"cadre": "oui"})),
    ("rules/offres.yaml", _set("regles", 0, "exemples", "oui", 0, to={"age": 20})),
    ("rules/offres.yaml", _set("regles", 0, "alors", to={"priorise": "tour-de-role"})),
    ("rules/cep.yaml", _set("regles", 0, "alors", to={"operateur": "pole-emploi"})),
    ("rules/sources.yaml", _set("l6111-3", "reference", to="4")),
    ("rules/engagements.yaml", _set("engagements", 0, "sources", to=["ailleurs"])),
    ("rules/interdits.yaml", _set("interdits", 0, "role", to="pole-emploi")),
    ("rules/vocabulaire.yaml", _set("besoin_par_defaut", to="tout")),
    ("catalogue/bge-28.yaml", _set("spro", "role", to="bg")),
    ("catalogue/bge-28.yaml", _set("services", 0, "spro", "besoins", to=["creer"])),
    ("catalogue/bge-28.yaml", _set("services", 0, "spro", "provenance", "prix", to={})),
    ("catalogue/bge-28.yaml", _set("services", 0, "tarif", to="gratuit")),
    ("catalogue/territoire.yaml", _set("zones", to=[])),
]


@pytest.mark.parametrize(("name", "change"), WRONG)
def test_what_is_wrong_is_underlined(name: str, change: Callable[[Any], None], validators: dict[str, Any]) -> None:
    path = REGLES.parent / name
    data = documents.read_file(path).donnees
    validator = validators[schema_name(path)]
    assert validator.is_valid(data)
    change(data)
    assert not validator.is_valid(data)


def _into(problems: list[str]) -> Signaler:
    return lambda _, problem: problems.append(str(problem))


@pytest.mark.parametrize("strate", STRATES)
def test_conditions_as_the_loader_reads_them(strate: Strate, base: Base, validators: dict[str, Any]) -> None:
    """Every field of a stratum with right and wrong values: the schema refuses what `parse_condition` reports."""
    champs = champs_of(strate, base.rules.vocabulaire)
    schema = validators[strate].schema
    validator = Draft7Validator({"$ref": "#/$defs/condition", "$defs": schema["$defs"]})
    crossed = [{"croise": name} for name in (*champs, "inconnu", 3)]
    for name, champ in champs.items():
        member = champ.valeurs[0] if champ.valeurs else "x"
        leaves: list[Any] = [3, -1, True, "oui", "non", "peut-être", None, 1.5, [], {}, member, [member], [member, "x"]]
        leaves += [{"min": 1}, {"max": 2, "min": 1}, {"plus_que": "age"}, {"moins_que": member}, {"au_moins": 1}]
        for leaf in [*leaves, *crossed, {"croise": name, "min": 1}]:
            for tree in ({name: leaf}, {"un_de": [{"aucun": [{name: leaf}]}]}):
                problems: list[str] = []
                parse_condition(tree, champs, (), _into(problems))
                assert validator.is_valid(tree) == (not problems), (tree, problems)


@pytest.mark.parametrize("tree", [{}, [], None, "age", {"tous": []}, {"tous": {"age": 3}}, {"ou": [{"age": 3}]}])
def test_a_tree_that_is_not_one(tree: Any, validators: dict[str, Any]) -> None:
    schema = validators["publics"].schema
    assert not Draft7Validator({"$ref": "#/$defs/condition", "$defs": schema["$defs"]}).is_valid(tree)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"age": 17, "statuts": ["etudiant"], "cadre": "non", "rsa": True, "commune": 28134, "freins": []},
        {"age": 17.5},
        {"age": 130},
        {"cadre": "peut-être"},
        {"statuts": "etudiant"},
        {"statuts": ["etudiant", "etudiant"]},
        {"ages": 17},
        {"besoins": ["emploi"]},
        {"commune": [28134]},
    ],
)
def test_situations_as_the_engine_reads_them(said: dict[str, Any], validators: dict[str, Any]) -> None:
    try:
        SITUATION.model_validate(said)
        right = True
    except ValueError:
        right = False
    assert validators["situation"].is_valid(said) == right


def test_values_have_their_words(validators: dict[str, Any], base: Base) -> None:
    text = json.dumps(validators["publics"].schema, ensure_ascii=False)
    assert "Inscrit à France Travail" in text
    assert base.rules.vocabulaire.champs["age"].question in text
    for name, validator in validators.items():
        assert "What a visitor" not in json.dumps(validator.schema), name


def test_the_command_writes_only_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    command.add(parser.add_subparsers())
    folder = str(tmp_path / "schemas")
    assert command.run(parser.parse_args(["schemas", "--dossier", folder, "--verifier"])) == 1
    assert command.run(parser.parse_args(["schemas", "--dossier", folder])) == 0
    assert command.run(parser.parse_args(["schemas", "--dossier", folder, "--verifier"])) == 0
    capsys.readouterr()
    command.run(parser.parse_args(["schemas", "--dossier", folder]))
    assert capsys.readouterr().out.startswith("0 schémas")
