"""`spro catalogue` as the coordination meets it: a folder under git on one side, what people publish on the other."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.base import CATALOGUE, Base
from engine.catalogue import TERRITOIRE, sheet_files
from engine.documents import read_file
from fiche.writing import write_sheet
from store import folder, sheets, versions
from store.database import Store
from store.rights import Acteur
from store.sheets import Redaction
from tests.test_cli import spro

FICHE = "mission-locale-dreux"
COORDINATION = Acteur("coordination", "La coordination", "coordination")


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of its own, that the command finds by its setting."""
    found = f"sqlite:///{tmp_path / 'spro.sqlite3'}"
    monkeypatch.setenv("SPRO_DATABASE_URL", found)
    return found


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """A copy of the shipped sheets."""
    return Path(shutil.copytree(CATALOGUE, tmp_path / "fiches"))


def _edit(dossier: Path, old: str, new: str) -> None:
    path = dossier / f"{FICHE}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _publish(url: str, base: Base, **changes: Any) -> None:
    store = Store(url)
    folder.fill(store, CATALOGUE, base.rules)
    head = versions.head(store, FICHE)
    assert head
    wanted = Redaction(FICHE, {**head.document, **changes}, head.numero, "Essai.")
    sheets.put(store, COORDINATION, wanted, base)
    store.close()


def _content(dossier: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sheet_files(dossier)}


def _names(output: str) -> list[str]:
    return [line.split(" : ")[0] for line in output.splitlines() if line.startswith(FICHE)]


def test_the_first_comparison_fills_the_store(url: str) -> None:
    done = spro("catalogue", "comparer")
    assert (done.returncode, done.stdout) == (0, "Le dossier et la base disent la même chose.\n")
    assert len(versions.in_service(Store(url))) == len(sheet_files(CATALOGUE))


def test_what_people_publish_is_written_out_and_nothing_else(url: str, dossier: Path, base: Base) -> None:
    _publish(url, base, telephone="3949")
    before = _content(dossier)
    done = spro("catalogue", "exporter", "--dossier", str(dossier))
    assert (done.returncode, done.stdout) == (0, f"{FICHE}\n")
    after = _content(dossier)
    assert {name for name in after if after[name] != before[name]} == {f"{FICHE}.yaml"}
    changed = set(after[f"{FICHE}.yaml"].splitlines()) ^ set(before[f"{FICHE}.yaml"].splitlines())
    assert changed == {"# version 2", "telephone: '3949'"}
    again = spro("catalogue", "exporter", "--dossier", str(dossier))
    assert (again.stdout, _content(dossier)) == ("", after)


@pytest.mark.usefixtures("url")
def test_an_empty_folder_receives_everything(tmp_path: Path) -> None:
    target = tmp_path / "neuf" / "fiches"
    assert spro("catalogue", "exporter", "--dossier", str(target)).returncode == 0
    assert {path.name for path in target.iterdir()} == {path.name for path in CATALOGUE.glob("*.yaml")}
    assert (target / TERRITOIRE).read_bytes() == (CATALOGUE / TERRITOIRE).read_bytes()
    for path in sheet_files(CATALOGUE):
        assert read_file(target / path.name).donnees == read_file(path).donnees


def test_an_edit_of_the_folder_is_published_with_its_reason(url: str, dossier: Path) -> None:
    spro("catalogue", "comparer")
    _edit(dossier, "Mission locale de Dreux", "Mission locale du Drouais")
    seen = spro("catalogue", "comparer", "--dossier", str(dossier))
    assert (seen.returncode, _names(seen.stdout)) == (1, [FICHE])
    assert "modifiée dans le dossier" in seen.stdout
    done = spro("catalogue", "importer", "--dossier", str(dossier), "--motif", "Nouveau nom.")
    assert (done.returncode, done.stdout) == (0, f"{FICHE}\n")
    head = versions.head(Store(url), FICHE)
    assert head
    assert (head.nom, head.motif, head.etat, head.origine) == (
        "Mission locale du Drouais",
        "Nouveau nom.",
        "publiee",
        "dossier",
    )


def test_both_sides_changed_is_a_conflict_and_nothing_is_written(url: str, dossier: Path, base: Base) -> None:
    _publish(url, base, telephone="3949")
    _edit(dossier, "Mission locale de Dreux", "Mission locale du Drouais")
    before = _content(dossier)
    for action in ("importer", "exporter"):
        done = spro("catalogue", action, "--dossier", str(dossier))
        assert done.returncode == 2
        assert FICHE in done.stderr
        assert "Rien n'a été écrit" in done.stderr
    assert _content(dossier) == before
    head = versions.head(Store(url), FICHE)
    assert head
    assert head.numero == 2
    assert "modifiée des deux côtés" in spro("catalogue", "comparer", "--dossier", str(dossier)).stdout


def test_an_edit_made_on_what_was_written_out_is_no_conflict(url: str, dossier: Path, base: Base) -> None:
    _publish(url, base, telephone="3949")
    spro("catalogue", "exporter", "--dossier", str(dossier))
    _edit(dossier, "telephone: '3949'", "telephone: 02 37 00 00 00")
    assert spro("catalogue", "importer", "--dossier", str(dossier)).stdout == f"{FICHE}\n"
    head = versions.head(Store(url), FICHE)
    assert head
    assert head.document["telephone"] == "02 37 00 00 00"


def test_a_folder_that_is_late_never_goes_back(url: str, dossier: Path, base: Base) -> None:
    _publish(url, base, telephone="3949")
    done = spro("catalogue", "importer", "--dossier", str(dossier))
    assert (done.returncode, done.stdout) == (0, "")
    head = versions.head(Store(url), FICHE)
    assert head
    assert head.document["telephone"] == "3949"


def test_one_wrong_sheet_stops_the_import(url: str, dossier: Path) -> None:
    spro("catalogue", "comparer")
    _edit(dossier, "Mission locale de Dreux", "Mission locale du Drouais")
    wrong = dossier / "bge-28.yaml"
    wrong.write_text(wrong.read_text(encoding="utf-8").replace("niveau: ", "niveaux: "), encoding="utf-8")
    done = spro("catalogue", "importer", "--dossier", str(dossier))
    assert done.returncode == 2
    assert "bge-28.yaml:" in done.stderr
    assert "Vouliez-vous dire « niveau »" in done.stderr
    head = versions.head(Store(url), FICHE)
    assert head
    assert head.numero == 1


def test_a_service_that_another_sheet_has_online_is_refused(url: str, dossier: Path) -> None:
    spro("catalogue", "comparer")
    copy = read_file(dossier / "cio-dreux.yaml").donnees
    copy["id"] = "autre-cio"
    (dossier / "cio-dreux.yaml").unlink()
    (dossier / "autre-cio.yaml").write_text(write_sheet(copy), encoding="utf-8")
    done = spro("catalogue", "importer", "--dossier", str(dossier))
    assert done.returncode == 2
    assert "existe déjà" in done.stderr
    assert versions.head(Store(url), "autre-cio") is None


def test_answers_follow_what_is_published_when_asked(url: str, base: Base) -> None:
    asked = "age: 20\nbesoins: [trouver-emploi]\n"
    _publish(url, base, nom="Mission locale publiée")
    assert spro("orienter", "-", stdin=asked).stdout.startswith("Mission locale de Dreux\n")
    assert spro("orienter", "-", "--publie", stdin=asked).stdout.startswith("Mission locale publiée\n")


def test_a_database_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for address, words in (
        ("postgresql://personne@127.0.0.1:9/rien", "la base de données ne répond pas"),
        ("mysql://x/y", "SQLite ou PostgreSQL"),
        ("n'importe quoi", "n'est pas une adresse de base de données"),
    ):
        monkeypatch.setenv("SPRO_DATABASE_URL", address)
        done = spro("catalogue", "comparer")
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr
