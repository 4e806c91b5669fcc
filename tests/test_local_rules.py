"""The rules that a basin adds to the shared ones: what they may add, never replace, and where they are played."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from analysis.lint import Rapport, lint
from engine import documents
from engine.base import CATALOGUE, PROJECT, REGLES, load_base
from engine.base_problems import ADD_ONLY
from engine.documents import InvalidDocuments
from engine.loading import LOCALES, load_rules
from engine.orientation import recommend
from tests.situations import visitor

TODAY = date(2026, 11, 25)
SHEETS = PROJECT / "bassins" / "tours" / "catalogue"

RULE = """
  - id: {id}
    libelle: Une règle du bassin
    texte: Une phrase du bassin.
    sources: [{source}]
    en_vigueur: {{depuis: {depuis}}}
    si: {si}
    alors: {alors}
    exemples: {{oui: [{oui}], non: [{non}]}}
"""
ALERT = {
    "id": "alerte-du-bassin",
    "source": "convention",
    "si": "{rsa: oui}",
    "alors": "{alerte: Une alerte du bassin.}",
}
PLAYED = {"oui": "{rsa: true}", "non": "{rsa: false}", "depuis": "2024-07-30"}
SOURCE = "convention:\n  document: Convention du bassin\n  resume: Ce que dit la convention.\n"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files of local rules beside the sheets of the second basin; gives the folder of the sheets."""

    def done(**files: str) -> Path:
        sheets = tmp_path / "catalogue"
        shutil.copytree(SHEETS, sheets, ignore=shutil.ignore_patterns(LOCALES))
        (sheets / LOCALES).mkdir()
        for name, text in files.items():
            (sheets / LOCALES / f"{name}.yaml").write_text(text, encoding="utf-8")
        return sheets

    return done


def rule(**changes: str) -> str:
    return "regles:" + RULE.format(**{**ALERT, **PLAYED, **changes})


def problems(sheets: Path) -> list[documents.Diagnostic]:
    with pytest.raises(InvalidDocuments) as error:
        load_base(REGLES, sheets)
    return error.value.diagnostics


def check(sheets: Path) -> Rapport:
    return lint(REGLES, sheets, TODAY)


def test_a_basin_adds_rules_sources_publics_and_roles(write: Write) -> None:
    words = "publics:\n  voisin: {libelle: voisins du bassin}\nroles:\n  ecole: École de la deuxième chance\n"
    publics = rule(id="public-voisin", si="{statuts: benevole}", alors="{public: voisin}", oui="{statuts: [benevole]}",
                   non="{statuts: [retraite]}")  # fmt: skip
    sheets = write(
        sources=SOURCE,
        vocabulaire=words,
        publics=publics,
        alertes=rule(si="{publics: voisin}", oui="{statuts: [benevole]}", non="{statuts: [retraite]}"),
    )
    sheet = (sheets / "coordination-tours.yaml").read_text(encoding="utf-8")
    (sheets / "ecole.yaml").write_text(
        sheet.replace("coordination-tours", "ecole").replace("role: coordination", "role: ecole"), encoding="utf-8"
    )
    base = load_base(REGLES, sheets)
    assert {found.id for found in base.rules.regles if found.locale} == {"public-voisin", "alerte-du-bassin"}
    assert base.rules.version not in (load_rules(REGLES).version, load_rules(REGLES, SHEETS / LOCALES).version)
    said = visitor(statuts=("benevole",))
    profil = recommend(said, base.catalogue, base.rules, TODAY).profil
    assert "voisin" in profil.publics
    assert "alerte-du-bassin" in [alert.regle for alert in profil.alertes]
    assert [item for item in check(sheets).diagnostics if item.code != "besoin-sans-offre"] == []


@pytest.mark.parametrize(
    ("files", "code", "words"),
    [
        ({"sources": SOURCE, "alertes": rule(id="alerte-vae-ouverte")}, "doublon", "rules/alertes.yaml"),
        ({"sources": SOURCE, "alertes": rule(id="offre-age")}, "doublon", "rules/offres.yaml"),
        ({"sources": SOURCE.replace("convention:", "l6111-3:")}, "doublon", "« l6111-3 » existe déjà"),
        ({"vocabulaire": "publics:\n  cadre: {libelle: Cadres}\n"}, "doublon", "« cadre » existe déjà"),
        ({"vocabulaire": "roles:\n  cio: Autre chose\n"}, "doublon", "« cio » existe déjà"),
        ({"classement": "criteres: []\n"}, "nom-inconnu", "« classement.yaml » n'existe pas (fichier de règles d'un"),
        ({"interdits": "interdits: []\n"}, "nom-inconnu", "« interdits.yaml » n'existe pas"),
    ],
)
def test_a_basin_never_replaces_what_is_shared(files: dict[str, str], code: str, words: str, write: Write) -> None:
    sheets = write(**files)
    (found,) = problems(sheets)
    assert (found.code, found.aide) == (code, ADD_ONLY)
    assert words in found.message
    assert Path(found.fichier).parent == sheets / LOCALES


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"alertes": rule()}, "« convention » n'existe pas (source)"),
        ({"vocabulaire": "besoins: {}\n"}, "« besoins » n'existe pas (clé)"),
        ({"alertes": "regles: [\n"}, "la structure est cassée ici"),
        ({"sources": SOURCE, "alertes": rule(si="{publics: voisin}")}, "« voisin » n'existe pas"),
    ],
)
def test_local_rules_are_checked_like_the_others(files: dict[str, str], words: str, write: Write) -> None:
    sheets = write(**files)
    assert any(words in found.message and LOCALES in found.fichier for found in problems(sheets))


def test_where_the_first_rule_wins_the_charter_wins(write: Write) -> None:
    level = rule(id="niveau-du-bassin", si="{souhait: information}", alors="{niveau: accompagnement}",
                 oui="{souhait: information}", non="{souhait: conseil}")  # fmt: skip
    sheets = write(sources=SOURCE, niveau=level)
    base = load_base(REGLES, sheets)
    answer = recommend(visitor(souhait="information"), base.catalogue, base.rules, TODAY)
    assert answer.profil.niveau == "information"
    assert [
        (item.code, Path(item.fichier).parent.name)
        for item in check(sheets).diagnostics
        if item.code != "besoin-sans-offre"
    ] == [("regle-incluse", LOCALES)]


def test_a_local_rule_that_silences_a_shared_one_is_told(write: Write) -> None:
    never = rule(id="offre-jamais", depuis="2020-01-01", si="{offre.role: espace-vae}", alors="{exclut: true}",
                 oui="{offre: espace-region-vae-information}", non="{offre: bij-37-information}")  # fmt: skip
    codes = {item.code for item in check(write(sources=SOURCE, offres=never)).diagnostics}
    assert {"conclusions-contraires", "offre-inatteignable"} <= codes


def test_examples_are_played_on_the_basin_they_were_written_with(write: Write, tmp_path: Path) -> None:
    """A false example of the basin is told, and so is a false example of a shared rule, on its own basin."""
    sheets = write(sources=SOURCE, alertes=rule(oui="{rsa: false}"))
    assert [item.code for item in check(sheets).diagnostics if item.code != "besoin-sans-offre"] == ["exemple"]
    shutil.copytree(REGLES, tmp_path / "rules")
    shutil.copytree(CATALOGUE, tmp_path / "depart" / "catalogue")
    offers = tmp_path / "rules" / "offres.yaml"
    text = offers.read_text(encoding="utf-8")
    wrong = text.replace(
        "{oui: [{offre: bge-28-creation}], non: [{offre: apec-cvl-cep}]}", "{oui: [{offre: apec-cvl-cep}]}"
    )
    assert wrong != text
    offers.write_text(wrong, encoding="utf-8")
    (tmp_path / "depart" / "rules").symlink_to(tmp_path / "rules")
    found = lint(tmp_path / "depart" / "rules", SHEETS, TODAY, analyse=False).diagnostics
    assert [(item.code, item.message.split("»")[0]) for item in found] == [
        ("exemple", "la règle « structure-du-bassin ")
    ]


def test_a_broken_first_basin_does_not_stop_the_check_of_another(tmp_path: Path) -> None:
    shutil.copytree(REGLES, tmp_path / "rules")
    shutil.copytree(CATALOGUE, tmp_path / "catalogue")
    (tmp_path / "catalogue" / "bge-28.yaml").write_text("id: bge-28\n", encoding="utf-8")
    (found,) = lint(tmp_path / "rules", SHEETS, TODAY, analyse=False).diagnostics
    assert (found.code, found.gravite) == ("analyse-partielle", "note")
