"""The national format, outwards: valid for the published package, the same bytes, nothing lost in silence."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from data_inclusion.schema import v1

from engine.base import Base
from fiche.exchange import export
from fiche.exchange.cells import is_formula, read_cell, write_cell
from fiche.exchange.free_text import MARK
from fiche.exchange.losses import Pertes
from fiche.fields import ANY_SERVICE, fields_of
from fiche.model import SproService, SproStructure, Structure

WHY = {field.cle: field.sens for field in (*fields_of(()), *fields_of(ANY_SERVICE)) if field.spro}

ON = date(2026, 11, 25)
FILES = ("pertes.md", "services.csv", "services.json", "structures.csv", "structures.json")


def sheet(**facts: Any) -> dict[str, Any]:
    """A sheet with one service; a key of `facts` that begins with `service_` or `spro_` goes to the service."""
    provenance = {"source": "S01", "verifie": "2026-01-02", "confiance": "V"}
    spro = {"besoins": ["trouver-emploi"], "niveau": "conseil", "provenance": {"besoins": provenance}}
    service = {"id": "essai-aide", "nom": "Aide", "description": "Une aide."}
    data: dict[str, Any] = {"id": "essai", "nom": "Essai", "date_maj": "2026-01-02"}
    for key, value in facts.items():
        kind, _, name = key.partition("_")
        if kind == "spro":
            spro[name] = value
        elif kind == "service":
            service[name] = value
        else:
            data[key] = value
    data["spro"] = {
        "role": "autre-structure",
        "reseau": "hors-reseau",
        "recoit_public": True,
        "provenance": {"nom": provenance},
    }
    return data | {"services": [service | {"spro": spro}]}


def exported(base: Base, folder: Path, *sheets: dict[str, Any], on: date = ON) -> tuple[Pertes, dict[str, Any]]:
    losses = export.write([Structure.model_validate(found) for found in sheets], folder, on, base.rules)
    return losses, {
        name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("structures", "services")
    }


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_shipped_directory_is_valid(base: Base, tmp_path: Path) -> None:
    folder = tmp_path / "sortie"
    on = date.today()  # the published models read the clock
    losses = export.write(base.catalogue.structures.values(), folder, on, base.rules)
    structures = json.loads((folder / "structures.json").read_text("utf-8"))
    services = json.loads((folder / "services.json").read_text("utf-8"))
    assert sorted(path.name for path in folder.iterdir()) == list(FILES)
    assert [v1.Structure.model_validate(record).id for record in structures] == sorted(
        f"spro-ep--{name}" for name in base.catalogue.structures
    )
    assert {v1.Service.model_validate(record).structure_id for record in services} <= {r["id"] for r in structures}
    assert (
        (losses.structures, losses.services)
        == (len(structures), len(services))
        == (
            len(base.catalogue.structures),
            len(base.catalogue.offres),
        )
    )
    assert losses.refusees == []


def test_the_same_bytes_whatever_the_order(base: Base, tmp_path: Path) -> None:
    structures = list(base.catalogue.structures.values())
    export.write(structures, tmp_path / "a", ON, base.rules)
    export.write(reversed(structures), tmp_path / "b", ON, base.rules)
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_the_table_says_what_the_json_says(base: Base, tmp_path: Path) -> None:
    _, found = exported(
        base,
        tmp_path,
        sheet(service_thematiques=["se-former--trouver-sa-formation"], service_zone_eligibilite=["28", "200040277"])
        | {"longitude": -1.5, "telephone": "+33 2 37 00 00 00"},
    )
    service, structure = rows(tmp_path / "services.csv")[0], rows(tmp_path / "structures.csv")[0]
    assert list(service) == list(found["services"][0]) == list(v1.Service.model_fields)
    assert service["zone_eligibilite"] == "['28', '200040277']"
    assert structure["longitude"] == "-1.5"
    assert structure["telephone"] == "+33 2 37 00 00 00"
    assert structure["siret"] == ""
    assert found["structures"][0]["siret"] is None


@pytest.mark.parametrize("text", ["=1+1", "+CMD|' /C calc'!A0", "-2+3", "@SUM(A1)", "'=1", "＝1", "\t=1", "\r=1"])
def test_formulas_are_texts_in_the_table(text: str) -> None:
    assert write_cell(text) == f"'{text}"
    assert read_cell("nom", write_cell(text)) == text


@pytest.mark.parametrize("text", ["+33 2 37 00 00 00", "-1.5", "'Allo", "l'aide", "a=b", "02 37 00 00 00"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert write_cell(text) == read_cell("nom", text) == text


def test_no_cell_is_a_formula(base: Base, tmp_path: Path) -> None:
    bad = "=HYPERLINK(1)"
    facts = {"nom": bad, "description": bad, "adresse": bad, "telephone": "+cmd|x", "horaires_accueil": "@x"}
    exported(base, tmp_path, sheet(service_nom=bad, service_description=bad, spro_a_dire=bad * 2) | facts)
    cells = [
        cell for name in ("structures.csv", "services.csv") for row in rows(tmp_path / name) for cell in row.values()
    ]
    assert not [cell for cell in cells if not cell.startswith("'") and is_formula(cell)]
    assert json.loads((tmp_path / "structures.json").read_text("utf-8"))[0]["nom"] == bad


def test_what_has_no_key_becomes_a_sentence(base: Base, tmp_path: Path) -> None:
    losses, found = exported(
        base,
        tmp_path,
        sheet(
            service_publics_precisions="Habitants de la ville.",
            spro_publics=[{"public": "jeune-16-25", "accueil": "reserve-a"}, {"public": "cadre", "accueil": "recoit"}],
            spro_age_min=16,
            spro_age_max=25,
            spro_statuts=["etudiant"],
            spro_secteurs=["artisanat"],
            spro_sur_mandat=True,
            spro_hors_bassin=True,
            spro_a_apporter="Une pièce d'identité.",
            spro_a_dire="C'est gratuit.",
            spro_a_verifier="Habiter la ville.",
            spro_cep=True,
            spro_frequence_mois=3,
        ),
    )
    service = found["services"][0]
    assert service["publics_precisions"] == (
        f"Habitants de la ville.\n\n{MARK}réservé à ces publics : jeunes de 16 à 25 ans ; reçoit aussi ces publics : "
        "cadres ; de 16 à 25 ans ; situations : étudiant ; secteurs : artisanat."
    )
    assert service["conditions_acces"] == (
        f"{MARK}sur décision de justice seulement ; pour qui habite hors du bassin ; à apporter : "
        "Une pièce d'identité ; à savoir : C'est gratuit ; "
        "À vérifier : Habiter la ville."
    )
    lost = {key for key, where in losses.par_cle if where == "perdu"}
    assert lost == {"role", "reseau", "recoit_public", "provenance", "besoins", "niveau", "cep", "frequence_mois"}
    assert {key for key, where in losses.par_cle if where != "perdu"} | lost == set(WHY) - {"a_confirmer"}


def test_every_key_of_the_network_has_words() -> None:
    assert all(WHY.values())
    assert set(WHY) == set(SproStructure.model_fields) | set(SproService.model_fields)


def test_losses_are_named_sheet_by_sheet(base: Base, tmp_path: Path) -> None:
    exported(base, tmp_path, sheet(spro_cep=True, spro_a_dire="<script>*gras*</script>"))
    text = (tmp_path / "pertes.md").read_text("utf-8")
    assert "- `essai-aide` : `cep` perdu (oui)\n" in text
    assert "- `essai-aide` : `a_dire` mis en toutes lettres dans `conditions_acces`\n" in text
    assert "| `provenance` | la source de chaque fait, sa date et sa confiance | perdue | 2 |\n" in text
    assert "script" not in text


def test_doubts_that_the_format_cannot_say(base: Base, tmp_path: Path) -> None:
    unsure = {"source": "S01", "verifie": "2026-01-02", "confiance": "INF"}
    exported(base, tmp_path, sheet(spro_provenance={"niveau": unsure}))
    assert "`provenance` perdu (1 fait sourcé, à confirmer : niveau INF)" in (tmp_path / "pertes.md").read_text("utf-8")


def test_a_sheet_dated_after_the_export(base: Base, tmp_path: Path) -> None:
    losses, found = exported(base, tmp_path, sheet() | {"date_maj": "2027-03-01"})
    assert found["structures"][0]["date_maj"] == found["services"][0]["date_maj"] == ON.isoformat()
    assert losses.datees == [("essai", date(2027, 3, 1)), ("essai-aide", date(2027, 3, 1))]
    assert "- `essai` : 2027-03-01\n" in (tmp_path / "pertes.md").read_text("utf-8")


def test_a_sheet_that_the_format_refuses(base: Base, tmp_path: Path) -> None:
    losses, found = exported(base, tmp_path, sheet() | {"date_maj": "1999-12-31"})
    assert found == {"structures": [], "services": []}
    assert [name for name, _ in losses.refusees] == ["essai", "essai-aide"]
    assert "avant l'an 2000" in losses.refusees[0][1]


def test_an_imported_sheet_keeps_its_national_identifier(base: Base, tmp_path: Path) -> None:
    data = sheet(source="dora")
    data["spro"]["provenance"]["id"] = {
        "source": "data.inclusion (dora--42)",
        "verifie": "2026-01-02",
        "confiance": "V",
    }
    _, found = exported(base, tmp_path, data)
    assert found["structures"][0]["id"] == found["services"][0]["structure_id"] == "dora--42"
    assert found["structures"][0]["source"] == "dora"


def test_a_failure_leaves_what_was_there(base: Base, tmp_path: Path) -> None:
    folder = tmp_path / "sortie"
    exported(base, folder, sheet())
    (folder / "autre.txt").write_text("à moi", "utf-8")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def broken() -> Iterator[Structure]:
        yield Structure.model_validate(sheet() | {"id": "neuve"})
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        export.write(broken(), folder, ON, base.rules)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["sortie"]


def test_a_second_export_replaces_the_first(base: Base, tmp_path: Path) -> None:
    folder = tmp_path / "nouveau" / "sortie"
    exported(base, folder, sheet())
    (folder / "autre.txt").write_text("à moi", "utf-8")
    _, found = exported(base, folder, sheet() | {"nom": "Autre nom"})
    assert found["structures"][0]["nom"] == "Autre nom"
    assert sorted(path.name for path in folder.iterdir()) == sorted((*FILES, "autre.txt"))
