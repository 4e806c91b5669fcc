"""The trace: sound both ways, honest about what is missing, and its page is up to date."""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from charte.features import FEATURES, UnreadableFeature, read_scenarios
from charte.trace import Trace, build_trace, to_json, trace
from charte.trace_markdown import to_markdown
from commands import tracer
from commands.common import speak_french
from desk import tracing
from engine.base import PROJECT, Base

PAGE = PROJECT / "docs" / "tracabilite.md"


@pytest.fixture(scope="module")
def found(base: Base) -> Trace:
    return trace(base)


def run(*words: str) -> int:
    speak_french()
    parser = argparse.ArgumentParser()
    tracer.add(parser.add_subparsers())
    return tracer.run(parser.parse_args(["tracer", *words]))


def test_every_commitment_has_a_scenario_or_a_reason(found: Trace) -> None:
    assert [item.engagement.id for item in found.in_state("sans-scenario")] == []
    assert found.etiquettes_inconnues == ()
    assert found.est_complete


def test_the_figure_counts_every_commitment(found: Trace) -> None:
    shown, total, apart = map(int, re.findall(r"\d+", found.chiffre))
    assert total == len(found.engagements)
    assert shown == len(found.in_state("evaluable"))
    assert apart == total - shown
    assert all(item.engagement.sans_regle for item in found.in_state("sans-regle"))


def test_what_a_rule_states_is_what_states_a_commitment(found: Trace) -> None:
    down = {(item.engagement.id, link.id) for item in found.engagements for link in item.regles}
    up = {(name, item.regle.id) for item in found.regles for name in item.engagements}
    assert down == up
    assert ("obligations-legales", "alerte-obligation-formation") in up


def test_a_link_gives_the_sources_that_both_cite(found: Trace, base: Base) -> None:
    for item in found.engagements:
        for link in item.regles:
            assert link.sources
            assert set(link.sources) <= set(item.engagement.sources) & set(base.rules.by_id[link.id].sources)


def test_scenarios_are_where_they_say(found: Trace) -> None:
    for scenario in found.scenarios:
        line = (PROJECT / scenario.fichier).read_text(encoding="utf-8").splitlines()[scenario.ligne - 1]
        assert line.strip().endswith(scenario.nom)


def test_a_visit_is_a_row(found: Trace) -> None:
    rows = 0
    for path in FEATURES.glob("*.feature"):
        for block in re.findall(r"Exemples:[^\n]*\n((?:\s*\|[^\n]*\n?)+)", path.read_text(encoding="utf-8")):
            rows += sum("|" in line for line in block.splitlines()) - 1
    outlines = [scenario for scenario in found.scenarios if len(scenario.cas) > 1]
    assert 0 < sum(len(scenario.cas) for scenario in outlines) <= rows
    assert rows <= sum(len(scenario.cas) for scenario in found.scenarios)


def test_a_scenario_exercises_the_rule_that_it_names(found: Trace) -> None:
    by_id = {item.regle.id: item for item in found.regles}
    for scenario in found.scenarios:
        text = (PROJECT / scenario.fichier).read_text(encoding="utf-8").splitlines()[scenario.ligne :]
        for line in text:
            if re.match(r"\s*(Plan du scénario|Scénario|Règle)", line):
                break
            for rule in re.findall(r"(?:est alerté|est écartée) par la règle ([a-z0-9-]+)$", line):
                assert scenario in by_id[rule].scenarios


def test_the_offers_that_a_rule_touches(found: Trace, base: Base) -> None:
    by_id = {item.regle.id: item for item in found.regles}
    assert by_id["agent-public-jamais-avenir-actifs"].offres == ("avenir-actifs-cvl-cep", "type-cep-actifs-cep")
    assert len(by_id["offre-hors-zone"].offres) == len(base.catalogue.offres)
    assert all(not item.offres for item in found.regles if item.regle.strate != "offres")


def test_a_commitment_without_scenario_is_said(base: Base) -> None:
    none = build_trace(base, (), {})
    expected = [item.id for item in base.rules.engagements if item.sans_regle is None]
    assert [item.engagement.id for item in none.in_state("sans-scenario")] == expected
    assert not none.est_complete
    assert f"{len(expected)} n'ont encore ni scénario ni raison" in none.chiffre
    assert "**Ni scénario ni raison : à couvrir.**" in to_markdown(none)


def test_a_tag_of_no_commitment_is_said(base: Base, found: Trace) -> None:
    stray = replace(found.scenarios[0], engagements=("inconnu",))
    wrong = build_trace(base, (*found.scenarios, stray), {})
    assert wrong.etiquettes_inconnues == (("inconnu", stray),)
    assert not wrong.est_complete


def test_the_page_is_up_to_date(found: Trace) -> None:
    assert PAGE.read_text(encoding="utf-8") == to_markdown(found), (
        "lancez : spro tracer --markdown > docs/tracabilite.md"
    )


# --- the command ---


def test_the_command_says_the_figure(capsys: pytest.CaptureFixture[str], found: Trace) -> None:
    assert run() == 0
    assert capsys.readouterr().out.startswith(found.chiffre)


def test_the_command_gives_the_same_as_data(capsys: pytest.CaptureFixture[str], found: Trace) -> None:
    assert run("--json") == 0
    assert json.loads(capsys.readouterr().out) == to_json(found)


@pytest.mark.parametrize("words", [["--engagement", "niveaux"], ["--regle", "niveau-attendu"]])
def test_one_line_of_the_trace(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert run(*words) == 0
    text = capsys.readouterr().out
    assert "niveau-attendu" in text
    assert "niveaux" in text
    assert run(*words, "--json") == 0
    assert json.loads(capsys.readouterr().out)["id"] == words[1]


def test_an_unknown_name_is_told_with_the_closest(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run("--engagement", "niveu")
    assert stopped.value.code == 2
    assert "Vouliez-vous dire « niveaux » ?" in capsys.readouterr().err


def test_a_commitment_that_loses_its_scenarios_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in FEATURES.glob("*.feature"):
        text = path.read_text(encoding="utf-8").replace("@engagement-niveaux\n", "")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    assert run("--scenarios", str(tmp_path)) == 1
    assert "« niveaux » n'a ni scénario ni raison" in capsys.readouterr().err


def test_a_file_that_is_not_gherkin_is_named(tmp_path: Path) -> None:
    (tmp_path / "faux.feature").write_text("# language: fr\nBonjour\n", encoding="utf-8")
    with pytest.raises(UnreadableFeature, match=r"faux\.feature"):
        read_scenarios(tmp_path)


def test_the_screen_computes_the_trace_again_when_another_version_answers(
    base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[str] = []
    monkeypatch.setattr(tracing, "compute", lambda found, _: computed.append(found.catalogue.version))
    other = Base(base.rules, replace(base.catalogue, version="une autre version"))
    for found in (base, base, other, other):
        tracing.in_service(found)
    assert computed == [base.catalogue.version, "une autre version"]
