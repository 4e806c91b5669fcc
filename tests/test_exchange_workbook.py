"""The workbook for people: every cell a text or a date, what is not known and what is not sure in plain words."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from engine.base import Base
from engine.catalogue import build_catalogue
from fiche.exchange import workbook
from fiche.exchange.columns import headings
from fiche.fields import ANY_SERVICE
from fiche.model import Structure
from fiche.words import TO_CONFIRM, UNKNOWN
from tests.test_exchange_export import sheet

ON = date(2026, 11, 25)
Rows = list[dict[str, Any]]


def written(base: Base, path: Path, *sheets: dict[str, Any]) -> Any:
    """The workbook of a directory of these sheets, as a spreadsheet reads it."""
    structures = [Structure.model_validate(found) for found in sheets]
    catalogue = build_catalogue(structures, base.catalogue.territoire, "essai", base.rules)
    workbook.write(replace(base, catalogue=catalogue), path, ON)
    return openpyxl.load_workbook(path)


def rows(book: Any, name: str) -> Rows:
    heading, *lines = book[name].iter_rows(values_only=True)
    return [dict(zip(heading, line, strict=True)) for line in lines]


def test_the_shipped_directory(base: Base, tmp_path: Path) -> None:
    path = tmp_path / "annuaire.xlsx"
    workbook.write(base, path, ON)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Structures", "Services", "À lire"]
    assert {row["Identifiant"] for row in rows(book, "Structures")} == set(base.catalogue.structures)
    assert {row["Identifiant"] for row in rows(book, "Services")} == set(base.catalogue.offre_by_id)
    for name, wanted in (("Structures", headings(())), ("Services", headings(ANY_SERVICE))):
        sheet_ = book[name]
        assert sheet_.freeze_panes == "B2"
        assert sheet_.auto_filter.ref == sheet_.dimensions
        assert [cell.value for cell in sheet_[1]] == [heading for heading, _ in wanted]
        assert sheet_.column_dimensions["A"].width >= 30
        kinds = {cell.data_type for row in sheet_.iter_rows() for cell in row}
        assert kinds == {"s", "d", "n"}
        assert all(cell.value is None for row in sheet_.iter_rows() for cell in row if cell.data_type == "n")
    assert sorted(found.name for found in tmp_path.iterdir()) == ["annuaire.xlsx"]


def test_the_same_bytes_each_time(base: Base, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        workbook.write(base, tmp_path / name, ON)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_what_is_not_known_and_what_is_not_sure(base: Base, tmp_path: Path) -> None:
    unsure = {"source": "S01", "verifie": "2026-01-02", "confiance": "INF"}
    found = sheet(service_frais="gratuit", spro_provenance={"frais": unsure})
    found["commune"] = "Dreux"
    found["telephone"] = "0237000000"
    found["spro"]["provenance"]["telephone"] = unsure | {"confiance": "V"}
    book = written(base, tmp_path / "a.xlsx", found)
    structure, service = rows(book, "Structures")[0], rows(book, "Services")[0]
    assert structure["Téléphone"] == service["Téléphone"] == "0237000000"
    assert structure["Commune"] == f"Dreux ({TO_CONFIRM})"
    assert structure["Adresse"] == structure["Horaires"] == service["Accueil"] == UNKNOWN
    assert service["Frais"] == f"gratuit ({TO_CONFIRM})"
    assert structure["Reste à confirmer"] is None
    assert structure["Mise à jour"] == service["Mise à jour"] == datetime(2026, 1, 2)


def test_a_service_in_words(base: Base, tmp_path: Path) -> None:
    fact = {"source": "S01", "verifie": "2026-01-02", "confiance": "V"}
    facts = ("besoins", "niveau", "publics", "age_min", "statuts", "modes_accueil", "zone_eligibilite", "a_dire")
    found = sheet(
        service_modes_accueil=["en-presentiel", "a-distance"],
        service_zone_eligibilite=["28", "28134"],
        spro_publics=[{"public": "cadre", "accueil": "reserve-a"}, {"public": "etudiant", "accueil": "priorise"}],
        spro_age_min=16,
        spro_statuts=["etudiant"],
        spro_a_dire="C'est gratuit.",
        spro_provenance=dict.fromkeys(facts, fact),
    )
    row = rows(written(base, tmp_path / "a.xlsx", found), "Services")[0]
    assert row["Besoins"] == "Trouver un emploi"
    assert row["Publics"] == "cadres (réservé), étudiants (en priorité)"
    assert (row["Âge"], row["Situations"]) == ("à partir de 16 ans", "étudiant")
    assert (row["Accueil"], row["Zone"]) == ("en présentiel, à distance", "Eure-et-Loir (département 28), Dreux")
    assert row["À dire"] == "C'est gratuit."


@pytest.mark.parametrize("text", ["=1+1+1", "+33 (0)2", "-2+3+4", "@SUM(A1)", "https://exemple.fr", "00012", "{=1+1}"])
def test_no_text_becomes_anything_else(text: str, base: Base, tmp_path: Path) -> None:
    book = written(base, tmp_path / "a.xlsx", sheet(service_nom=text, service_description=text) | {"nom": text})
    for name, heading in (("Structures", "Nom"), ("Services", "Service")):
        line = list(book[name].iter_rows())
        cell = line[1][[found.value for found in line[0]].index(heading)]
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    inside = zipfile.ZipFile(io.BytesIO((tmp_path / "a.xlsx").read_bytes()))
    pages = [inside.read(name).decode() for name in inside.namelist() if re.search(r"worksheets/sheet\d+\.xml$", name)]
    assert not [page for page in pages if "<f>" in page or "<hyperlink" in page]


def test_traps_in_texts(base: Base, tmp_path: Path) -> None:
    text = "<b>&amp;</b> **gras** \x85 😀"
    long = "Une longue présentation. " * 400
    book = written(base, tmp_path / "a.xlsx", sheet(service_nom=text, service_description=long))
    row = rows(book, "Services")[0]
    assert row["Service"] == text
    assert row["Présentation"].startswith(long.strip()[:1000])


def test_a_cell_that_is_too_long_is_cut(base: Base, tmp_path: Path) -> None:
    found = sheet() | {"adresse": "x" * 40_000}
    found["spro"]["provenance"]["adresse"] = found["spro"]["provenance"]["nom"]
    value = rows(written(base, tmp_path / "a.xlsx", found), "Structures")[0]["Adresse"]
    assert len(value) < 32_767
    assert value.endswith("x…")


def test_a_failure_leaves_what_was_there(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    workbook.write(base, path, ON)
    before = path.read_bytes()

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fiche.exchange.workbook._notice", broken)
    with pytest.raises(OSError, match="No space"):
        workbook.write(base, path, ON)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["a.xlsx"]


def test_the_notice_counts_what_is_there(base: Base, tmp_path: Path) -> None:
    book = written(base, tmp_path / "a.xlsx", sheet())
    lines = [row[0] for row in book["À lire"].iter_rows(values_only=True) if row[0]]
    assert lines[1] == "Édité le 25/11/2026 : 1 structure, 1 service."
    assert any(UNKNOWN in line for line in lines)
    assert any(TO_CONFIRM in line for line in lines)


def test_an_empty_directory(base: Base, tmp_path: Path) -> None:
    book = written(base, tmp_path / "a.xlsx")
    assert rows(book, "Structures") == rows(book, "Services") == []
