"""A question is declared once: three made-up ones, in YAML alone, work wherever a visitor's answer is read."""

from __future__ import annotations

import argparse
import ast
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from streamlit.testing.v1 import AppTest

from analysis.guide import GUIDE, with_table
from analysis.proof_exact import prove_exactly
from analysis.schemas import schemas
from analysis.space import dimensions, pairs
from charte.replay import record
from commands import orienter
from commands.common import speak_french
from desk import base as desk_base
from desk import links
from engine.asking import orient, questions, to_reach
from engine.base import CATALOGUE, PROJECT, REGLES, Base, load_base
from engine.deciders import OverSets, by_evaluation, by_rete
from engine.decision import Contexte
from engine.documents import InvalidDocuments
from engine.loading import load_rules
from engine.orientation import recommend
from engine.questions import RECONNUES, read_person
from engine.sets import bits, numbers
from engine.variants import Together
from tests.coordinators import words
from tests.situations import VOCABULARY

TODAY = date(2026, 11, 23)

QUESTIONS = """\
  jardine:
    genre: oui-non
    libelle: jardinage
    question: Jardine-t-elle ?
    scenario: {oui: jardine, non: ne jardine pas}
  couleur:
    genre: choix
    libelle: couleur
    question: Quelle couleur préfère-t-elle ?
    posee_si: {jardine: oui}
    valeurs: {bleu-nuit: Bleu nuit, vert: Vert}
    scenario: {"…": aime le …}
  outils:
    genre: ensemble
    libelle: outils
    question: Quels outils a-t-elle ?
    conserve: non
    valeurs: {beche: Une bêche, rateau: Un râteau}
    vide: Aucun outil
    scenario: {"…": a une …, aucun: sans outil}
"""
CONTRADICTION = """\
  - champ: outils
    si: {jardine: non}
    avec: {outils: [beche, rateau]}
    texte: "« {avec} » ne sert qu'à qui jardine."
"""
RULE = """
  - id: {id}
    libelle: Règle inventée
    texte: Une règle inventée.
    sources: [l6111-3]
    en_vigueur: {{}}
    si: {si}
    alors: {alors}
    exemples: {exemples}
"""
RULES = {
    "besoins": ("{jardine: oui}", "{besoin_presume: creer-entreprise}", "{oui: [{jardine: oui}], inconnu: [{}]}"),
    "alertes": (
        "{couleur: vert}",
        "{alerte: Une alerte verte.}",
        "{oui: [{couleur: vert}], inconnu: [{}]}",
    ),
    "niveau": ("{outils: rateau}", "{niveau: accompagnement}", "{oui: [{outils: [rateau]}], non: [{outils: []}]}"),
}
FORBIDDEN = "  - {id: jardin, resume: Jamais BGE au jardin., si: {jardine: oui}, role: bge, sources: [l6111-3]}\n"
FEATURE = """\
# language: fr
Fonctionnalité: Des questions inventées
  Scénario: Un jardinier
    Soit la personne : jardine, aime le vert, a une rateau
    Quand l'agent demande vers qui l'orienter
    Alors la première structure est bge-28
    Et le niveau est : accompagnement
    Et l'agent est alerté par la règle alertes-inventee
  Scénario: Sans outil
    Soit la personne : sans outil
    Quand l'agent demande vers qui l'orienter
    Alors la question jardine peut changer la réponse
"""


@pytest.fixture(scope="module")
def rules_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped rules with three questions more, and a rule on each, before those that are there."""
    folder = Path(shutil.copytree(REGLES, tmp_path_factory.mktemp("questions") / "regles"))
    _insert(folder / "vocabulaire.yaml", "  souhait:\n", QUESTIONS)
    _insert(folder / "vocabulaire.yaml", "  - champ: cherche_emploi\n", CONTRADICTION)
    _insert(folder / "interdits.yaml", "  - id: agent-public-avenir-actifs\n", FORBIDDEN)
    for strate, (si, alors, exemples) in RULES.items():
        path = folder / f"{strate}.yaml"
        head, mark, rest = path.read_text(encoding="utf-8").partition("regles:\n")
        rule = RULE.format(id=f"{strate}-inventee", si=si, alors=alors, exemples=exemples)
        path.write_text(head + mark + rule + rest, encoding="utf-8")
    return folder


def _insert(path: Path, before: str, text: str) -> None:
    head, mark, rest = path.read_text(encoding="utf-8").partition(before)
    assert mark
    path.write_text(head + text + mark + rest, encoding="utf-8")


@pytest.fixture(scope="module")
def invented(rules_folder: Path) -> Base:
    return load_base(rules_folder, CATALOGUE)


# --- in the terminal and in files ---


def test_the_terminal_answers_and_refuses(
    rules_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    speak_french()
    parser = argparse.ArgumentParser()
    orienter.add(parser.add_subparsers())

    def run(*words: str) -> int:
        where = ("--regles", str(rules_folder), "--catalogue", str(CATALOGUE), "--date", TODAY.isoformat())
        return orienter.run(parser.parse_args(["orienter", *words, *where]))

    Path("une.yaml").write_text("jardine: oui\ncouleur: vert\noutils: [rateau]\n", encoding="utf-8")
    assert run("une.yaml", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["recommandations"][0]["structure"] == "bge-28"
    assert answer["profil"]["niveau"] == "accompagnement"
    assert "alertes-inventee" in [alert["regle"] for alert in answer["profil"]["alertes"]]
    Path("deux.jsonl").write_text('{"outils": []}\n{"jardine": false}\n', encoding="utf-8")
    assert run("deux.jsonl") == 0
    asked = [[item["champ"] for item in json.loads(line)["questions"]] for line in capsys.readouterr().out.splitlines()]
    assert ["jardine" in champs for champs in asked] == [True, False]
    Path("trois.yaml").write_text("jardine: non\ncouleur: bleu\noutils: [rateau]\n", encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        run("trois.yaml")
    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert "trois.yaml:2:10: « bleu » n'existe pas (valeur). Vouliez-vous dire « bleu-nuit » ?" in told


def test_a_declared_contradiction_is_told_at_its_question(invented: Base, tmp_path: Path) -> None:
    from engine.reading import read_situations

    path = tmp_path / "contraire.yaml"
    path.write_text("outils: [rateau, beche]\njardine: non\n", encoding="utf-8")
    with pytest.raises(InvalidDocuments) as error:
        read_situations(path, None, invented)
    assert [(item.ligne, item.message) for item in error.value.diagnostics] == [
        (1, "« beche, rateau » ne sert qu'à qui jardine.")
    ]


def test_its_schema_and_the_shipped_examples(invented: Base) -> None:
    schema = Draft7Validator(schemas(invented.rules)["situation"])
    assert schema.is_valid({"jardine": "oui", "couleur": "vert", "outils": []})
    assert not schema.is_valid({"couleur": "rouge"})
    assert not schema.is_valid({"outils": ["beche", "beche"]})
    names = list(schema.schema["$defs"]["Situation"]["properties"])
    assert names == list(invented.rules.vocabulaire.champs)


# --- in what is asked and what would change the answer ---


def test_what_may_change_the_answer(invented: Base) -> None:
    model, catalogue, rules = invented.rules.situation, invented.catalogue, invented.rules
    first = {question.champ: question for question in questions(model(), catalogue, rules, TODAY)}
    assert first["jardine"].decisive
    assert "couleur" not in first
    then = model.model_validate({"jardine": True})
    assert "couleur" in {question.champ for question in questions(then, catalogue, rules, TODAY)}
    found = to_reach("bge-28", model(), catalogue, rules, TODAY)
    assert ("jardine", True) in {fact for change in found for fact in change.faits}


# --- in a scenario ---


def test_a_scenario_says_it_in_its_words(invented: Base, tmp_path: Path) -> None:
    (tmp_path / "invente.feature").write_text(FEATURE, encoding="utf-8")
    assert [len(trace.demandes) for trace in record(invented, tmp_path)] == [1, 1]
    assert read_person("sans outil, aime le vert", invented.rules.vocabulaire) == {"outils": [], "couleur": "vert"}
    with pytest.raises(ValueError, match="Vouliez-vous dire « ne jardine pas »"):
        read_person("ne jardine jamais", invented.rules.vocabulaire)


# --- in the batch, the space and the proof ---


def test_the_space_and_the_proof_see_it(invented: Base) -> None:
    space = dimensions(invented, TODAY)
    assert space["jardine"] == [None, True, False]
    assert space["couleur"] == [None, "bleu-nuit", "vert"]
    assert space["outils"] == [None, (), ("beche",), ("rateau",)]
    covered = [situation.said() for situation in pairs(space, invented.rules.situation)]
    assert any(said.get("jardine") and said.get("outils") == ["rateau"] for said in covered)
    assert not any(said.get("jardine") is False and said.get("outils") for said in covered)
    (proof,) = [item for item in prove_exactly(invented, TODAY) if item.propriete == "jardin"]
    assert not proof.prouvee
    assert proof.exemple is not None
    assert proof.exemple.said()["jardine"] is True


def test_every_way_to_decide_agrees(invented: Base) -> None:
    space = dimensions(invented, TODAY)
    some = [*pairs(space, invented.rules.situation)][:60]
    context = Contexte.of(invented.catalogue, invented.rules, TODAY)
    answers: dict[str, dict[object, int]] = {}
    for number, situation in enumerate(some):
        for field, value in situation.model_dump(exclude_none=True).items():
            given = answers.setdefault(field, {})
            given[value] = given.get(value, 0) | 1 << number
    firsts = Together.answered(answers, OverSets(bits(len(some))), context).decision.first_structures
    found = {number: structure for structure, where in firsts.items() for number in numbers(where)}
    for number, situation in enumerate(some):
        told = [
            recommend(situation, invented.catalogue, invented.rules, TODAY, decide=decide)
            for decide in (by_evaluation, by_rete)
        ]
        assert told[0] == told[1]
        assert found[number] == told[0].recommandations[0].structure


# --- on the screen ---


@pytest.fixture
def screen(rules_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The first page, on the rules with the made-up questions."""
    monkeypatch.setenv(desk_base.ENV_REGLES, str(rules_folder))
    monkeypatch.setenv(desk_base.ENV_CATALOGUE, str(CATALOGUE))
    for kept in (desk_base.live, desk_base._sheets):
        kept.cache_clear()
    yield AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    for kept in (desk_base.live, desk_base._sheets):
        kept.cache_clear()


def _field(screen: AppTest, label: str) -> Any:
    fields: list[Any] = [*screen.get("button_group")]
    return next((item for item in fields if item.label == label), None)


def test_the_screen_asks_and_answers(screen: AppTest) -> None:
    screen.query_params["jardine"] = "oui"
    screen.query_params["outils"] = "beche"
    screen.run()
    assert not screen.exception, screen.exception
    assert "outils" in screen.warning[0].value
    assert _field(screen, "Jardine-t-elle ?") is not None
    colour = _field(screen, "Quelle couleur préfère-t-elle ?")
    assert colour is not None
    assert "BGE 28" in words(screen)
    colour.set_value("vert").run()
    assert not screen.exception, screen.exception
    assert "Une alerte verte" in words(screen)
    assert "vert" in screen.query_params["couleur"]


def test_a_link_says_it_and_is_read_back(invented: Base) -> None:
    vocabulary = invented.rules.vocabulaire
    said = invented.rules.situation.model_validate({"jardine": True, "couleur": "vert", "outils": ["rateau"]})
    written = links.parameters(said, vocabulary)
    assert written == {"jardine": "oui", "couleur": "vert"}
    assert links.read(written, vocabulary) == ({"jardine": True, "couleur": "vert"}, ())
    assert links.read({"outils": "beche"}, vocabulary)[1] == ("« outils » n'est jamais repris d'un lien.",)


# --- what is wrong in a declaration ---


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("genre: oui-non\n    libelle: jar", "genre: oui-nan\n    libelle: jar"),
            "« oui-nan » n'existe pas (valeur).",
        ),
        (("    valeurs: {bleu-nuit: Bleu nuit, vert: Vert}\n", ""), "il manque « valeurs »"),
        (("    vide: Aucun outil\n", ""), "« aucun » n'existe pas (valeur)."),
        (("posee_si: {jardine: oui}", "posee_si: {jardin: oui}"), "Vouliez-vous dire « jardine » ?"),
        (("avec: {outils: [beche, rateau]}", "avec: {outils: [beche, rato]}"), "Vouliez-vous dire « rateau » ?"),
        (("non: ne jardine pas", "non: jardine"), "« jardine » a déjà un sens dans les scénarios."),
        (("  jardine:\n", "  publics:\n"), "« publics » a déjà un autre sens"),
        (("  age:\n", "  ages:\n"), "il manque « age »."),
        (("genre: lieu", "genre: choix"), "le moteur attend ici « lieu »."),
        (("    fiche: modes\n", ""), "aucune question ne donne ses valeurs au champ « modes » des fiches."),
        (("    max: 120\n    indication", "    max: -1\n    indication"), "intervalle vide : min 0 dépasse max -1."),
    ],
)
def test_a_wrong_declaration_is_told(rules_folder: Path, tmp_path: Path, change: tuple[str, str], message: str) -> None:
    folder = Path(shutil.copytree(rules_folder, tmp_path / "regles"))
    path = folder / "vocabulaire.yaml"
    text = path.read_text(encoding="utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(InvalidDocuments) as error:
        load_rules(folder)
    assert any(message in item.message and item.ligne > 1 for item in error.value.diagnostics), str(error.value)


# --- and nowhere else ---

ALSO_A_FIELD_OF_SHEETS = {"statuts"}


def test_the_engine_names_only_the_questions_that_it_matches() -> None:
    named = {}
    keys = VOCABULARY.champs.keys() - RECONNUES.keys()
    for path in sorted((PROJECT / "engine").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            word = (
                node.value if isinstance(node, ast.Constant) else node.attr if isinstance(node, ast.Attribute) else None
            )
            if word in keys - ALSO_A_FIELD_OF_SHEETS:
                named[f"{path.name}:{node.lineno}"] = word  # type: ignore[attr-defined]
            if isinstance(node, ast.Attribute) and word in keys and ast.unparse(node.value).endswith("situation"):
                named[f"{path.name}:{node.lineno}"] = word
    assert named == {}


def test_the_guide_lists_the_questions() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    rows = [line for line in guide.splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == list(VOCABULARY.champs)
    assert with_table(guide, VOCABULARY) == guide, "lancez : spro schemas"


def test_an_orientation_is_the_same_without_answers(invented: Base, base: Base) -> None:
    """What nobody answers changes nothing."""
    then = orient(invented.rules.situation(age=34), invented.catalogue, invented.rules, TODAY)
    now = orient(base.rules.situation(age=34), base.catalogue, base.rules, TODAY)
    assert then.recommandations == now.recommandations
