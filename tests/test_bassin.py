"""Other basins: the folder that is made, what is refused, and the second basin that the project ships."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis import basin
from analysis.lint import lint
from analysis.space import dimensions, pairs
from commands import bassin, tracer
from commands.common import speak_french
from engine import documents
from engine.base import CATALOGUE, PROJECT, REGLES, Base, load_base
from engine.deciders import by_evaluation
from engine.loading import load_rules
from engine.orientation import recommend
from fiche.model import Structure
from tests.browser import health, serving
from tests.situations import SITUATION, visitor

TODAY = date(2026, 11, 25)
TOURS = PROJECT / "bassins" / "tours"
SHEETS = TOURS / "catalogue"
GUIDE = (PROJECT / "docs" / "autre-bassin.md").read_text(encoding="utf-8")
ASKED = ("tours", "--nom", "Bassin de Tours", "--commune", "37261", "--zones", "37", "243700754")


def new(*words: str) -> int:
    """`spro bassin nouveau …`, in this process."""
    speak_french()
    parser = argparse.ArgumentParser()
    bassin.add(parser.add_subparsers())
    return bassin.run(parser.parse_args(["bassin", "nouveau", *words]))


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """What is said when the folder is refused."""
    with pytest.raises(SystemExit) as stopped:
        new(*words)
    assert stopped.value.code == 2
    return capsys.readouterr().err.splitlines()


def first_door(said: dict[str, Any], base: Base) -> str:
    answer = recommend(SITUATION.model_validate(said), base.catalogue, base.rules, TODAY, decide=by_evaluation)
    return answer.recommandations[0].structure


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was just made, and never touched."""
    folder = tmp_path_factory.mktemp("bassins") / "tours"
    assert new(*ASKED, "--dossier", str(folder), "--date", TODAY.isoformat()) == 0
    return folder


@pytest.fixture(scope="module")
def fresh(made: Path) -> Base:
    return load_base(REGLES, made / basin.SHEETS)


@pytest.fixture(scope="module")
def tours() -> Base:
    """The second basin that the project ships."""
    return load_base(REGLES, SHEETS)


# --- a new folder ---


def test_a_new_folder_only_lacks_offers(made: Path) -> None:
    report = lint(REGLES, made / basin.SHEETS, TODAY)
    assert report.erreurs == 0
    assert {found.code for found in report.diagnostics} == {"besoin-sans-offre"}


def test_everyone_gets_an_answer_and_nobody_is_sent_to_an_empty_sheet(fresh: Base) -> None:
    empty = {found.id for found in fresh.catalogue.structures.values() if found.spro.a_confirmer == basin.TO_FILL}
    assert len(empty) >= 10
    for situation in [visitor(), *pairs(dimensions(fresh, TODAY), SITUATION)][:600]:
        answer = recommend(situation, fresh.catalogue, fresh.rules, TODAY, decide=by_evaluation)
        assert empty.isdisjoint(door.structure for door in answer.recommandations)


def test_the_region_gives_the_first_reception(fresh: Base) -> None:
    assert first_door({}, fresh) == "region-cvl-orientation"
    assert first_door({"besoins": ["creer-entreprise"]}, fresh) == "region-cvl-orientation"


def test_every_role_of_the_rules_is_held(fresh: Base, base: Base) -> None:
    assert set(fresh.catalogue.structures_by_role) == set(base.catalogue.structures_by_role)


def test_regional_facts_follow_with_their_source(fresh: Base, base: Base) -> None:
    for name in ("avenir-actifs-cvl", "academie-dava", "anfh", "gip-alfa"):
        before, after = base.catalogue.structures[name], fresh.catalogue.structures[name]
        assert after.model_copy(update={"spro": before.spro}) == before
        assert after.spro.provenance == before.spro.provenance
        assert after.spro.a_confirmer in (None, basin.TO_CONFIRM)


def test_what_holds_in_the_first_basin_only_stays_there(made: Path, fresh: Base, base: Base) -> None:
    (before,), (after,) = (found.catalogue.structures["apec-cvl"].services for found in (base, fresh))
    assert before.modes_accueil
    assert before.spro.provenance["modes_accueil"].local
    assert after.modes_accueil is None
    assert "modes_accueil" not in after.spro.provenance
    assert "cma-cvl-28" not in fresh.catalogue.structures
    said = "\n".join(
        line
        for path in (made / basin.SHEETS).glob("*.yaml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
    assert re.findall("Dreux|Drouais|Eure-et-Loir|Chartres", said) == []


def test_the_front_desk_opens_on_it(made: Path, tmp_path: Path) -> None:
    with serving(tmp_path, "--catalogue", str(made / basin.SHEETS)) as address:
        status, body = health(address)
    assert status == 200
    assert '"ok"' in body


def test_the_command_of_the_guide_works(tmp_path: Path) -> None:
    command = next(line for line in GUIDE.splitlines() if line.startswith("spro bassin nouveau"))
    listed = re.findall(r"```yaml\n(structures:\n.*?)```", GUIDE, re.DOTALL)[0]
    (tmp_path / "liste.yaml").write_text(listed, encoding="utf-8")
    words = shlex.split(command)[3:-1]
    assert new(*words, str(tmp_path / "blois"), "--structures", str(tmp_path / "liste.yaml")) == 0
    found = load_base(REGLES, tmp_path / "blois" / basin.SHEETS).catalogue.structures
    assert found["mission-locale-du-blaisois"].nom == "Mission locale du Blaisois"
    assert found["cio-de-blois"].services == ()
    assert "mission-locale-blois" not in found


# --- what is refused ---


def test_every_mistake_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("Tours", "--nom", "B", "--commune", "37000", "--zones", "37x", "france")
    told = refused(capsys, *words, "--dossier", str(tmp_path / "nulle" / "part"))
    assert "Par exemple : « tours »." in told[0]
    assert told[1].startswith("--nom")
    assert told[2].endswith("Vouliez-vous dire 37261 (Tours) ?")
    assert [line.split(" :")[0] for line in told[3:]] == ["--zones", "--zones", "--dossier"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--commune", "Tours", "--zones", "37"), "37261 (Tours)"),
        (("--commune", "Amboize", "--zones", "37"), "37003 (Amboise)"),
        (("--commune", "37261", "--zones", "28"), "Zones de Tours : 37 (département), 243700754 (intercommunalité)."),
        (("--commune", "37261", "--zones", "243700755"), "243700754 (intercommunalité)"),
    ],
)
def test_codes_are_held_against_the_real_ones(
    words: tuple[str, ...], hint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (line,) = refused(capsys, "tours", "--nom", "Bassin de Tours", *words, "--dossier", str(tmp_path / "tours"))
    assert hint in line
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tours").mkdir()
    assert new(*ASKED, "--dossier", str(tmp_path / "tours")) == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert "rien n'est jamais écrasé" in refused(capsys, *ASKED, "--dossier", str(tmp_path / "tours"))[0]
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_the_first_basin_is_not_made_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("dreux", "--nom", "Bassin de Dreux", "--commune", "28134", "--zones", "28")
    (line,) = refused(capsys, *words, "--dossier", str(tmp_path / "dreux"))
    assert "bassin de départ" in line


@pytest.mark.parametrize("call", ["rename", "write_text"])
def test_a_full_disk_leaves_nothing(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, call, full)
    (line,) = refused(capsys, *ASKED, "--dossier", str(tmp_path / "tours"))
    assert "ne peut pas être écrit" in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        ("structures:\n  - {role: mission, nom: Mission locale}\n", "Vouliez-vous dire"),
        ("structures: []\n", "la liste est vide"),
        ("structures:\n  - {role: cio, nom: CIO de Tours, adresse: ici}\n", "« adresse » n'existe pas"),
        ("structures:\n  - {role: cio, nom: CIO de Tours}\n  - {role: cio, nom: CIO de Tours}\n", "même identifiant"),
        ("structures:\n  - {role: cio, nom: CIO de Tours, id: apec-cvl}\n", "même identifiant : apec-cvl"),
    ],
)
def test_a_wrong_list_of_structures(
    listed: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "liste.yaml"
    path.write_text(listed, encoding="utf-8")
    told = refused(capsys, *ASKED, "--dossier", str(tmp_path / "tours"), "--structures", str(path))
    assert any(words in line for line in told)
    assert list(tmp_path.iterdir()) == [path]


# --- the second basin, and the first ---


def test_what_is_about_shared_scenarios_refuses_another_basin(capsys: pytest.CaptureFixture[str]) -> None:
    speak_french()
    parser = argparse.ArgumentParser()
    tracer.add(parser.add_subparsers())
    with pytest.raises(SystemExit) as stopped:
        tracer.run(parser.parse_args(["tracer", "--catalogue", str(SHEETS)]))
    assert stopped.value.code == 2
    assert "autre bassin" in capsys.readouterr().err


def test_the_second_basin_is_clean() -> None:
    assert lint(REGLES, SHEETS, TODAY).diagnostics == ()


def test_each_basin_has_its_own_rules(base: Base, tours: Base) -> None:
    local = {
        name: {found.id for found in one.rules.regles if found.locale} for name, one in (("d", base), ("t", tours))
    }
    assert local == {
        "d": {"alerte-numerique-sans-offre", "universite-a-distance"},
        "t": {"alerte-numerique-sans-offre", "alerte-cio-de-tours-ferme"},
    }
    shared = [[found.id for found in one.rules.regles if not found.locale] for one in (base, tours)]
    assert shared[0] == shared[1] == [found.id for found in load_rules(REGLES).regles]


def test_shared_rules_and_sources_speak_of_no_basin() -> None:
    rules = load_rules(REGLES)
    said = [f"{found.libelle} {found.texte} {found.alors.alerte}" for found in rules.regles]
    said += [
        f"{source.document} {source.resume}" for name, source in rules.sources.items() if name != "initiative-missions"
    ]
    assert [text for text in said if re.search("Dreux|Drouais|M2END|Eure-et-Loir", text)] == []


def _facts(part: dict[str, Any]) -> Iterator[str]:
    unsaid = {"id", "date_maj", "spro", "services", "nom", "type", "thematiques", "recoit_public", "a_confirmer"}
    yield from part.keys() - unsaid
    yield from part["spro"].keys() - unsaid - {"provenance", "sur_mandat"}


def _new_parts() -> Iterator[tuple[str, dict[str, Any]]]:
    """The sheets of the second basin that the first one does not have, and their services."""
    for path in sorted(SHEETS.glob("*.yaml")):
        if path.name != "territoire.yaml" and not (CATALOGUE / path.name).exists():
            data = documents.read_file(path).donnees
            yield path.stem, data
            yield from ((service["id"], service) for service in data.get("services", ()))


PARTS = list(_new_parts())


@pytest.mark.parametrize(("name", "part"), PARTS, ids=[name for name, _ in PARTS])
def test_every_fact_of_the_second_basin_has_a_source(name: str, part: dict[str, Any]) -> None:
    assert set(_facts(part)) <= part["spro"]["provenance"].keys(), name


def test_every_source_of_the_second_basin_is_documented(tours: Base) -> None:
    tables = [(PROJECT / "docs" / "sources.md"), TOURS / "sources.md"]
    known = {code for path in tables for code in re.findall(r"\b([ST]\d\d)b?\b", path.read_text(encoding="utf-8"))}
    cited = {
        code
        for structure in tours.catalogue.structures.values()
        for model in (structure, *structure.services)
        for fact in _provenance(model)
        for code in re.findall(r"\b[ST]\d\d\b", fact)
    }
    assert {code for code in cited if code.startswith("T")} >= {"T01", "T03", "T04", "T23"}
    assert cited <= known


def _provenance(model: Structure | Any) -> Iterator[str]:
    yield from (fact.source for fact in model.spro.provenance.values())


@pytest.mark.parametrize(
    ("said", "here", "there"),
    [
        ({"age": 20, "statuts": ["demandeur-emploi"]}, "mission-locale-dreux", "mission-locale-touraine"),
        ({"statuts": ["collegien-lyceen"]}, "cio-dreux", "cio-joue-les-tours"),
        ({"besoins": ["savoirs-de-base"]}, "cria-28", "cria-37"),
        ({"statuts": ["salarie-prive"], "cadre": False}, "avenir-actifs-cvl", "avenir-actifs-cvl"),
        ({}, "m2end", "bij-37"),
    ],
)
def test_the_same_rules_answer_in_both_basins(
    said: dict[str, Any], here: str, there: str, base: Base, tours: Base
) -> None:
    assert (first_door(said, base), first_door(said, tours)) == (here, there)
