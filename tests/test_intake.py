"""What an import of the national format becomes: published, proposed, or nothing, and never over somebody's words."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.region import write_region
from engine.base import CATALOGUE, Base, load_base
from engine.documents import InvalidDocuments
from fiche.exchange import import_di
from store import folder, intake, sheets, versions
from store.database import Store
from store.intake import Prise
from store.rights import AGENT, MACHINE, Interdit
from store.sheets import Redaction
from tests.test_cli import spro

ON = date(2026, 11, 25)
THEME = "trouver-un-emploi--repondre-a-des-offres-demploi"


@pytest.fixture
def store(tmp_path: Path, base: Base) -> Store:
    """A store with the shipped sheets."""
    found = Store(f"sqlite:///{tmp_path / 'spro.sqlite3'}")
    folder.fill(found, CATALOGUE, base.rules)
    return found


def _structure(name: str, **facts: Any) -> dict[str, Any]:
    return {"source": "essai", "id": f"essai--{name}", "nom": name, "date_maj": "2026-05-02", **facts}


def _service(structure: str, **facts: Any) -> dict[str, Any]:
    return {
        "source": "essai",
        "id": f"essai--{structure}-service",
        "structure_id": f"essai--{structure}",
        "nom": "Atelier",
        "description": "Un atelier.",
        "date_maj": "2026-05-02",
        "thematiques": [THEME],
        "zone_eligibilite": ["28"],
        **facts,
    }


def _take(store: Store, base: Base, tmp_path: Path, structures: list[Any], services: list[Any]) -> Prise:
    source = tmp_path / "import"
    source.mkdir(exist_ok=True)
    for name, records in (("structures", structures), ("services", services)):
        (source / f"{name}.json").write_text(json.dumps(records), encoding="utf-8")
    with import_di.read(source, base.rules, ON, taken=intake.taken(store, base)) as imported:
        return intake.take_in(store, imported, "Essai.", base)


def test_a_new_structure_is_published_with_its_words_to_check(store: Store, base: Base, tmp_path: Path) -> None:
    service = _service("Neuve", conditions_acces="Être inscrit.", publics=["jeunes"])
    done = _take(store, base, tmp_path, [_structure("Neuve", code_insee="28134")], [service])
    assert dict(done.comptes) == {"nouvelle": 1}
    head = versions.head(store, "neuve")
    assert head
    assert (head.etat, head.origine) == ("publiee", "data-inclusion")
    spro_block = head.document["services"][0]["spro"]
    assert "Être inscrit" in spro_block["a_verifier"]
    assert not {"age_min", "age_max", "publics", "statuts"} & spro_block.keys()


def test_the_same_import_again_changes_nothing_then_a_change_follows(store: Store, base: Base, tmp_path: Path) -> None:
    structures, services = [_structure("Neuve", code_insee="28134")], [_service("Neuve")]
    _take(store, base, tmp_path, structures, services)
    assert dict(_take(store, base, tmp_path, structures, services).comptes) == {"sans-apport": 1}
    structures[0]["telephone"] = "3949"
    structures[0]["nom"] = "Neuve et mieux nommée"
    assert dict(_take(store, base, tmp_path, structures, services).comptes) == {"suivie": 1}
    found = versions.history(store, "neuve")
    assert [version.numero for version in found] == [2, 1]
    assert found[0].document["telephone"] == "3949"
    assert [service["id"] for service in found[0].document["services"]] == [
        service["id"] for service in found[1].document["services"]
    ]


def test_a_sheet_of_the_network_only_gets_a_proposal(store: Store, base: Base, tmp_path: Path) -> None:
    before = versions.published(store, "mission-locale-dreux")
    assert before
    known = _structure("Mission locale de Dreux", commune="Dreux", telephone="3949", site_web="https://autre.example")
    done = _take(store, base, tmp_path, [known], [_service("Mission locale de Dreux")])
    assert dict(done.comptes) == {"proposee": 1}
    assert versions.published(store, "mission-locale-dreux") == before
    (waiting,) = versions.pending(store)
    assert waiting.document["telephone"] == "3949"
    assert waiting.document["site_web"] == before.document["site_web"]
    assert waiting.document["services"] == before.document["services"]
    assert "même nom" in waiting.motif.lower()
    again = _take(store, base, tmp_path, [known], [_service("Mission locale de Dreux")])
    assert dict(again.comptes) == {"en-attente": 1}


def test_an_imported_sheet_that_somebody_edited_is_theirs(store: Store, base: Base, tmp_path: Path) -> None:
    structures, services = [_structure("Neuve", code_insee="28134")], [_service("Neuve")]
    _take(store, base, tmp_path, structures, services)
    head = versions.head(store, "neuve")
    assert head
    sheets.put(store, MACHINE, Redaction("neuve", {**head.document, "nom": "Bien à nous"}, 1, "Corrigée."), base)
    structures[0]["nom"] = "Encore autre chose"
    assert dict(_take(store, base, tmp_path, structures, services).comptes) == {"sans-apport": 1}
    current = versions.published(store, "neuve")
    assert current
    assert current.nom == "Bien à nous"


def test_two_structures_of_one_name_are_two_sheets(store: Store, base: Base, tmp_path: Path) -> None:
    _take(store, base, tmp_path, [_structure("Neuve", code_insee="28134")], [_service("Neuve")])
    other = {**_structure("Neuve", code_insee="37261"), "id": "essai--autre"}
    service = {**_service("Neuve"), "id": "essai--autre-service", "structure_id": "essai--autre"}
    done = _take(store, base, tmp_path, [other], [service])
    assert dict(done.comptes) == {"nouvelle": 1}
    names = [fiche for fiche in versions.in_service(store) if fiche.startswith("neuve")]
    assert len(names) == 2


def test_one_wrong_record_and_nothing_is_written(store: Store, base: Base, tmp_path: Path) -> None:
    stamp = versions.stamp(store)
    with pytest.raises(InvalidDocuments) as error:
        _take(store, base, tmp_path, [_structure("Neuve", siret="12")], [_service("Neuve", code_insee="28134")])
    assert any("siret" in str(problem) for problem in error.value.diagnostics)
    assert versions.stamp(store) == stamp


def test_only_who_may_publish_imports(store: Store, base: Base, tmp_path: Path) -> None:
    source = tmp_path / "import"
    source.mkdir()
    write_region(source, 50)
    with import_di.read(source, base.rules, ON) as imported, pytest.raises(Interdit):
        intake.take_in(store, imported, "Essai.", base, AGENT)


def test_the_command_goes_out_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPRO_DATABASE_URL", f"sqlite:///{tmp_path / 'autre.sqlite3'}")
    target = str(tmp_path / "national")
    shipped = load_base().catalogue
    structures, services = len(shipped.structures), len(shipped.offres)
    out = spro("catalogue", "exporter", "--format", "data-inclusion", "--dossier", target)
    told = f"{structures} structures et {services} services écrits dans {target}."
    assert (out.returncode, out.stdout.splitlines()[0]) == (0, told)
    back = spro("catalogue", "importer", "--format", "data-inclusion", "--dossier", target)
    assert back.returncode == 0
    assert f"{structures} déjà connues, rien à ajouter" in back.stdout
    assert spro("catalogue", "comparer").returncode == 0
    missing = spro("catalogue", "exporter", "--format", "xlsx")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "il manque --dossier" in missing.stderr
    absent = spro("catalogue", "importer", "--format", "data-inclusion", "--dossier", str(tmp_path / "absent"))
    assert absent.returncode == 2
    assert "Traceback" not in absent.stderr
