"""The linter: one mistake seeded at a time in a copy of the base is named at its line; the shipped base is clean."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis.lint import Rapport, lint
from analysis.report import as_json, as_sarif, as_text
from cli import parser
from engine.base import CATALOGUE, PROJECT, REGLES
from engine.documents import Diagnostic, InvalidDocuments
from engine.problems import CODES, RESUMES, gravity

TODAY = date(2026, 11, 23)
Change = Callable[[str], str]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with a copy of the rules and of the catalogue."""
    shutil.copytree(REGLES, tmp_path / "rules")
    shutil.copytree(CATALOGUE, tmp_path / "catalogue")
    return tmp_path


def check(folder: Path) -> Rapport:
    return lint(folder / "rules", folder / "catalogue", TODAY)


def swap(old: str, new: str) -> Change:
    """Replaces the first occurrence of a text that must be there."""

    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return change


def in_rule(rule: str, old: str, new: str) -> Change:
    """Replaces a text inside one rule."""

    def change(text: str) -> str:
        start = text.index(f"- id: {rule}\n")
        end = text.find("\n  - id:", start + 1)
        end = len(text) if end < 0 else end
        part = text[start:end]
        assert old in part, old
        return text[:start] + part.replace(old, new, 1) + text[end:]

    return change


def added(rule: str) -> Change:
    """Adds a rule at the end of a file."""
    return lambda text: text.rstrip("\n") + "\n\n" + rule.strip("\n") + "\n"


def a_rule(identifier: str, effect: str, *, si: str, sauf: str = "", since: str = "2014-03-05", oui: str = "[]") -> str:
    """A rule, by what matters of it."""
    exception = f"\n    sauf: {sauf}" if sauf else ""
    return f"""
  - id: {identifier}
    libelle: Une règle de plus
    texte: Une règle ajoutée par un test.
    sources: [charte-1-orienter]
    en_vigueur: {{depuis: {since}}}
    si: {si}{exception}
    alors: {effect}
    exemples: {{oui: {oui}}}
"""


SEEDS: dict[str, tuple[str, str, Change, str]] = {
    # a name, and then: the code, the file, the change, the text of the line where it is told
    "syntaxe": (
        "syntaxe",
        "rules/niveau.yaml",
        swap("    si: {souhait: information}", "    si: {souhait: information"),
        "",
    ),
    "cle-inconnue": (
        "cle-inconnue",
        "rules/cep.yaml",
        in_rule("cep-handicap", "    texte:", "    texxte: Une phrase de trop.\n    texte:"),
        "texxte",
    ),
    "cle-manquante": (
        "cle-manquante",
        "rules/alertes.yaml",
        in_rule("alerte-vae-ouverte", "    libelle: VAE ouverte à tous\n", ""),
        "- id: alerte-vae-ouverte",
    ),
    "champ-inconnu": (
        "nom-inconnu",
        "rules/publics.yaml",
        in_rule("public-rsa", "si: {rsa: oui}", "si: {rssa: oui}"),
        "rssa",
    ),
    "valeur-inconnue": (
        "nom-inconnu",
        "rules/publics.yaml",
        in_rule("public-benevole", "si: {statuts: benevole}", "si: {statuts: benevolle}"),
        "benevolle",
    ),
    "type": (
        "type",
        "rules/publics.yaml",
        in_rule("public-moins-de-16", "si: {age: {max: 15}}", "si: {age: {max: quinze}}"),
        "quinze",
    ),
    "source-inconnue": (
        "source-inconnue",
        "rules/cep.yaml",
        in_rule("operateur-agent-etat", "[cep-f32457-agents]", "[cep-inventee]"),
        "cep-inventee",
    ),
    "cycle": (
        "strate",
        "rules/publics.yaml",
        in_rule("public-retraite", "si: {statuts: retraite}", "si: {statuts: retraite, operateurs: apec}"),
        "operateurs: apec",
    ),
    "conclusion-hors-strate": (
        "strate",
        "rules/niveau.yaml",
        in_rule("niveau-souhait-conseil", "alors: {niveau: conseil}", "alors: {niveau: conseil, cep: oui}"),
        "cep: oui",
    ),
    "doublon": (
        "doublon",
        "rules/parcours.yaml",
        swap("- id: parcours-creation", "- id: parcours-demission"),
        "- id: parcours-demission",
    ),
    "dates": (
        "dates",
        "rules/cep.yaml",
        swap("jusqu_a: 2019-03-29", "jusqu_a: 2013-03-29"),
        "jusqu_a: 2013-03-29",
    ),
    "exemple": (
        "exemple",
        "rules/alertes.yaml",
        in_rule("alerte-dernier-anniversaire", "si: {age: 25}", "si: {age: 24}"),
        "- id: alerte-dernier-anniversaire",
    ),
    "role-sans-structure": (
        "role-sans-structure",
        "catalogue/initiative-eure-et-loir.yaml",
        swap("role: initiative", "role: bge"),
        "- id: parcours-creation",
    ),
    "inatteignable": (
        "regle-inatteignable",
        "rules/alertes.yaml",
        added(a_rule("alerte-impossible", "{alerte: Jamais dite.}", si="{publics: jeune-16-25, age: {min: 26}}")),
        "si: {publics: jeune-16-25, age: {min: 26}}",
    ),
    "inatteignable-par-exception": (
        "regle-inatteignable",
        "rules/alertes.yaml",
        added(
            a_rule("alerte-impossible", "{alerte: Jamais dite.}", si="{rsa: oui}", sauf="{publics: beneficiaire-rsa}")
        ),
        "si: {rsa: oui}",
    ),
    "contraires": (
        "conclusions-contraires",
        "rules/cep.yaml",
        added(a_rule("cep-ferme", "{cep: non}", si="{age: {min: 60}}", oui="[{age: 60}]")),
        "alors: {cep: non}",
    ),
    "toujours-ecartee": (
        "conclusions-contraires",
        "rules/offres.yaml",
        added(
            a_rule(
                "avenir-actifs-pour-les-agents",
                "{priorise: departage}",
                si="{offre.role: avenir-actifs, publics: agent-public, cadre: non, situation_publique: activite}",
                since="2014-07-16",
                oui="[{offre: avenir-actifs-cvl-cep, situation_publique: activite, cadre: false}]",
            )
        ),
        "alors: {priorise: departage}",
    ),
    "incluse": (
        "regle-incluse",
        "rules/cep.yaml",
        added(
            a_rule(
                "operateur-agent-etat-cadre",
                "{operateur: cmc}",
                si="{publics: agent-etat, cadre: oui}",
                since="2014-07-16",
                oui="[{fonction_publique: etat, cadre: true}]",
            )
        ),
        "si: {publics: agent-etat, cadre: oui}",
    ),
    "incluse-par-le-sens": (
        "regle-incluse",
        "rules/cep.yaml",
        added(
            a_rule(
                "cep-apprenti-par-statut",
                "{cep: oui}",
                si="{statuts: apprenti}",
                since="2014-07-16",
                oui="[{statuts: [apprenti]}]",
            )
        ),
        "si: {statuts: apprenti}",
    ),
    "niveau-masque": (
        "regle-incluse",
        "rules/niveau.yaml",
        added(
            a_rule(
                "niveau-trop-tard",
                "{niveau: conseil}",
                si="{besoin_principal: numerique}",
                oui="[{besoins: [numerique]}]",
            )
        ),
        "si: {besoin_principal: numerique}",
    ),
    "chevauchement": (
        "chevauchement-de-dates",
        "rules/cep.yaml",
        swap("jusqu_a: 2019-03-29", "jusqu_a: 2020-01-01"),
        "jusqu_a: 2020-01-01",
    ),
    "trou": (
        "trou-de-dates",
        "rules/cep.yaml",
        in_rule("cep-recherche", "depuis: 2019-03-29", "depuis: 2019-05-01"),
        "jusqu_a: 2019-03-29",
    ),
    "offre-d-ailleurs": (
        "offre-inatteignable",
        "catalogue/cria-28.yaml",
        swap("zone_eligibilite: ['28', '200040277']", "zone_eligibilite: ['75']"),
        "- id: cria-28-savoirs-de-base",
    ),
    "offre-impossible": (
        "offre-inatteignable",
        "catalogue/mission-locale-dreux.yaml",
        swap("      besoins:", "      age_min: 40\n      besoins:"),
        "- id: mission-locale-dreux-",
    ),
    "besoin-sans-offre": (
        "besoin-sans-offre",
        "catalogue/cria-28.yaml",
        swap("besoins: [savoirs-de-base]", "besoins: [apprendre-francais]"),
        "id: dreux",
    ),
    "besoin-dit-sans-offre": (
        "besoin-sans-offre",
        "catalogue/territoire.yaml",
        swap("\nsources:", "\nsans_offre:\n  information-generale: Personne ne le fait.\nsources:"),
        "information-generale: Personne ne le fait.",
    ),
    "critere-sans-regle": (
        "critere-sans-effet",
        "rules/classement.yaml",
        added(
            """
  - id: jamais
    libelle: Un critère de trop
    phrase: Aucune règle ne le donne.
    sources: [charte-1-orienter]"""
        ),
        "- id: jamais",
    ),
}


FOUND_BY_READING = CODES[: CODES.index("regle-inatteignable")]
"""Codes that need no analysis of the base: told in a fraction of a second."""


def seed(folder: Path, *names: str) -> list[tuple[str, Path, str]]:
    """Makes mistakes in a copy; the code, the file and the line that are expected."""
    for name in names:
        _, file, change, _ = SEEDS[name]
        path = folder / file
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    return [(SEEDS[name][0], folder / SEEDS[name][1], SEEDS[name][3]) for name in names]


def line_of(found: Diagnostic) -> str:
    return Path(found.fichier).read_text(encoding="utf-8").splitlines()[found.ligne - 1]


def is_named(report: Rapport, code: str, line: str) -> bool:
    return any(found.code == code and line in line_of(found) for found in report.diagnostics if found.ligne)


def test_shipped_base_is_clean() -> None:
    assert [str(found) for found in lint(REGLES, CATALOGUE, TODAY).diagnostics] == []


@pytest.mark.parametrize("name", SEEDS)
def test_a_mistake_is_named_at_its_line(name: str, copy: Path) -> None:
    ((code, _, line),) = seed(copy, name)
    report = lint(copy / "rules", copy / "catalogue", TODAY, analyse=code not in FOUND_BY_READING)
    assert is_named(report, code, line), "\n".join(as_text(report.diagnostics))


TOGETHER = (
    "champ-inconnu", "type", "source-inconnue", "cycle", "doublon", "exemple", "inatteignable", "contraires",
    "incluse", "trou", "offre-d-ailleurs", "besoin-dit-sans-offre", "critere-sans-regle", "cle-manquante",
)  # fmt: skip


def test_mistakes_are_named_all_at_once_and_nothing_else(copy: Path) -> None:
    expected = seed(copy, *TOGETHER)
    report = check(copy)
    shown = "\n".join(as_text(report.diagnostics))
    for code, _, line in expected:
        assert is_named(report, code, line), f"{code}\n{shown}"
    codes = {code for code, _, _ in expected} | {"analyse-partielle"}
    assert {found.code for found in report.diagnostics} <= codes, shown
    assert check(copy).diagnostics == report.diagnostics
    assert list(report.diagnostics) == sorted(report.diagnostics)


def test_a_criterion_that_never_decides(copy: Path) -> None:
    path = copy / "rules" / "classement.yaml"
    text = path.read_text(encoding="utf-8")
    turn = text[text.index("  - id: tour-de-role") :]
    last = "  - id: proximite"
    path.write_text(text.removesuffix(turn).replace(last, turn.rstrip("\n") + "\n" + last), encoding="utf-8")
    partial, proved = check(copy).diagnostics
    assert (proved.code, line_of(proved).strip()) == ("critere-sans-effet", "- id: proximite")
    assert "prouvé" in proved.message
    # Two services of one structure have the same turn but not the same modes: what that can show is not proved.
    assert partial.code == "analyse-partielle"
    assert "sans voir d'effet à : mode ;" in partial.message


def test_what_is_read_but_can_change_nothing_is_proved(copy: Path) -> None:
    """Only the coordination meets the criterion « mode », and a criterion before already places it apart."""
    path = copy / "rules" / "offres.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("\n  - id: mode-souhaite")
    rule = text[start : text.index("    exemples:", start)].replace(
        "croise: mode}", "croise: mode}, offre.role: coordination"
    )
    examples = """    exemples:
      oui: [{offre: m2end-premier-accueil, mode: presentiel}]
      non: [{offre: apec-cvl-cep, mode: presentiel}]
"""
    path.write_text(text[:start] + rule + examples, encoding="utf-8")
    found = check(copy).diagnostics
    assert {(item.code, line_of(item).strip()) for item in found} == {
        ("critere-sans-effet", "- id: mode"),
        ("question-inutile", "mode:"),
    }
    assert all("prouvé" in item.message for item in found)


def test_a_question_that_no_rule_reads(copy: Path) -> None:
    rules = copy / "rules" / "offres.yaml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text[: text.index("\n  - id: mode-souhaite")] + "\n", encoding="utf-8")
    ranking = copy / "rules" / "classement.yaml"
    text = ranking.read_text(encoding="utf-8")
    start = text.index("  - id: mode\n")
    ranking.write_text(text[:start] + text[text.index("  - id: tour-de-role") :], encoding="utf-8")
    (found,) = check(copy).diagnostics
    assert found.code == "question-inutile"
    assert line_of(found).strip() == "mode:"


def test_an_order_of_levels_is_a_declared_exception(copy: Path) -> None:
    path = copy / "rules" / "niveau.yaml"
    rule = a_rule("niveau-senior", "{niveau: conseil}", si="{age: {min: 60}}", oui="[{age: 60}]")
    path.write_text(added(rule)(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert check(copy).diagnostics == ()


def test_three_statuses_together_are_not_impossible(copy: Path) -> None:
    path = copy / "rules" / "alertes.yaml"
    si = "{tous: [{statuts: etudiant}, {statuts: salarie-prive}, {statuts: benevole}, {statuts: independant}]}"
    path.write_text(
        added(a_rule("alerte-quatre", "{alerte: Quatre situations.}", si=si))(path.read_text(encoding="utf-8")),
        encoding="utf-8",
    )
    assert check(copy).diagnostics == ()


def test_an_empty_or_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidDocuments, match="ce dossier est vide"):
        lint(tmp_path, CATALOGUE, TODAY)
    with pytest.raises(InvalidDocuments, match="n'existe pas"):
        lint(tmp_path / "absent", CATALOGUE, TODAY)


def test_without_a_vocabulary_the_sheets_are_still_checked(copy: Path) -> None:
    (copy / "rules" / "vocabulaire.yaml").unlink()
    (copy / "catalogue" / "bge-28.yaml").write_text("id: [", encoding="utf-8")
    assert {found.code for found in check(copy).diagnostics} == {"fichier", "syntaxe"}


@pytest.mark.parametrize("effect", ["{priorise: departage}", "{alerte: Alerte numéro N.}"])
def test_two_thousand_rules_are_checked_in_time(effect: str, copy: Path) -> None:
    offers = "priorise" in effect
    path = copy / "rules" / ("offres.yaml" if offers else "alertes.yaml")
    text = path.read_text(encoding="utf-8")
    for number in range(2000):
        si = f"{{age: {number % 100}, diplome: bac, {'offre.role: apec, ' if offers else ''}rsa: oui}}"
        text += a_rule(f"regle-{number}", effect.replace("N.", f"{number}."), si=si)
    path.write_text(text, encoding="utf-8")
    report = check(copy)
    codes = {found.code for found in report.diagnostics}
    assert codes <= (
        {"regle-incluse", "conclusions-contraires", "analyse-partielle"} if offers else {"analyse-partielle"}
    )
    contrary = [found.message for found in report.diagnostics if found.code == "conclusions-contraires"]
    ages = {int(re.findall(r"« regle-(\d+) »", message)[0]) % 100 for message in contrary}
    assert ages <= set(range(16))  # an offer of the Apec is rejected before 16, and only then


def run(*arguments: str) -> int:
    line = ["verifier", "--date", "2026-11-23", *arguments]
    options = parser(line).parse_args(line)
    code: int = options.run(options)
    return code


def folders(copy: Path) -> tuple[str, ...]:
    return "--regles", str(copy / "rules"), "--catalogue", str(copy / "catalogue")


def test_exit_codes(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*folders(copy)) == 0
    assert "Tout est juste" in capsys.readouterr().out
    seed(copy, "trou")
    assert run(*folders(copy)) == 0
    assert run("--strict", *folders(copy)) == 1
    assert run("--strict", "--sans-analyse", *folders(copy)) == 0
    seed(copy, "type")
    assert run(*folders(copy)) == 1
    with pytest.raises(SystemExit) as ended:
        run("--regles", str(copy / "absent"))
    assert ended.value.code == 2


def test_text_names_the_place_the_code_and_the_remedy(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed(copy, "trou")
    run(*folders(copy))
    lines = capsys.readouterr().out.splitlines()
    assert re.search(r"cep\.yaml:\d+:\d+: .* \[avertissement : trou-de-dates\]$", lines[0])
    assert lines[1].startswith("    ")


def test_json(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed(copy, "trou", "type")
    run("--json", *folders(copy))
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert [sorted(item) for item in found] == [
        ["aide", "code", "colonne", "fichier", "gravite", "ligne", "message"] for _ in found
    ]
    assert {item["code"] for item in found} == {"trou-de-dates", "type", "analyse-partielle"}


def test_sarif_has_what_the_schema_requires(
    copy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(copy)
    seed(copy, "trou", "type")
    run("--sarif", *folders(copy))
    log: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert log["version"] == "2.1.0"
    (one,) = log["runs"]
    rules = one["tool"]["driver"]["rules"]
    assert one["tool"]["driver"]["name"]
    assert [rule["id"] for rule in rules] == list(CODES)
    assert all(rule["shortDescription"]["text"] for rule in rules)
    assert {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in one["results"]} == {
        "rules",
        "rules/cep.yaml",
        "rules/publics.yaml",
    }
    for result in one["results"]:
        assert result["message"]["text"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        region = result["locations"][0]["physicalLocation"].get("region")
        assert region is None or min(region["startLine"], region["startColumn"]) >= 1


def test_reports_of_nothing() -> None:
    assert list(as_text([])) == []
    assert json.loads(as_json([])) == []
    assert json.loads(as_sarif([]))["runs"][0]["results"] == []


def test_every_code_is_documented_with_a_bad_and_a_good_example() -> None:
    text = (PROJECT / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## `([a-z-]+)`[^\n]*\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    assert list(sections) == list(CODES)
    assert set(RESUMES) == set(CODES)
    for code, section in sections.items():
        assert RESUMES[code] in section, code
        assert f"Gravité : {gravity(code)}" in section, code
        assert "Mauvais" in section, code
        assert "Bon" in section, code
