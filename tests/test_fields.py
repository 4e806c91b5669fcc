"""The table of fields: it says all of the model and nothing else, and a field added to it is seen everywhere."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import openpyxl
import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from desk.annuaire.directory import Search, find
from desk.differences import differences
from desk.ma_fiche.steps import SEND
from desk.words import plain
from engine.base import CATALOGUE, PROJECT, Base
from engine.vocabulary import Phrase
from fiche import fields
from fiche.exchange import export, workbook
from fiche.fields import ANY_SERVICE, fields_of
from fiche.model import Service, SproService, SproStructure, Structure
from fiche.rubrique import Genre, Groupe, Rubrique
from fiche.values import choices
from store import checks, sheets
from store.folder import read_folder
from store.rights import AGENT, reserved_changes
from store.sheets import Redaction
from tests.coordinators import COORDINATION, PARTNER, screens, words
from tests.test_ma_fiche import CEJ, SHEET, Fiche

ON = date(2026, 12, 1)
MODELS: dict[tuple[str, ...], tuple[type[BaseModel], type[BaseModel]]] = {
    (): (Structure, SproStructure),
    ANY_SERVICE: (Service, SproService),
}
TEXT = Rubrique(
    "essai_texte",
    "délai annoncé",
    "texte-long",
    sens="le délai que la structure annonce",
    spro=True,
    aide="Ce que vous dites aux personnes.",
    cherche=True,
    devenir="conditions_acces",
)
CHOICE = Rubrique(
    "essai_choix",
    "rythme d’accueil",
    "choix",
    sens="à quel rythme le service reçoit",
    spro=True,
    choix=lambda _rules: {"continu": "Toute l’année", "sessions": "Par sessions"},
    reserve="le rythme d’accueil",
)
GROUP = "Rubriques d’essai"
TYPES: dict[str, Any] = {TEXT.cle: Phrase | None, CHOICE.cle: Literal["continu", "sessions"] | None}


@pytest.mark.parametrize("whole", MODELS, ids=("structure", "service"))
def test_the_table_says_all_of_the_model_and_nothing_else(whole: tuple[str, ...]) -> None:
    national, network = MODELS[whole]
    told = [field.place for field in fields_of(whole)]
    assert sorted(told) == sorted([*((name,) for name in national.model_fields), *_spro(network)])


def _spro(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    return (("spro", name) for name in model.model_fields)


def test_what_is_reserved_is_what_places_a_structure_in_the_answers() -> None:
    told = {(bool(whole), field.cle) for whole in MODELS for field in fields_of(whole) if field.reserve}
    of_structure = {(False, name) for name in ("id", "source", "role", "reseau", "recoit_public")}
    assert told == of_structure | {(True, "cep"), (True, "sur_mandat"), (True, "hors_bassin")}


@pytest.mark.parametrize("whole", MODELS, ids=("structure", "service"))
def test_every_choice_of_a_field_is_one_that_its_model_takes(whole: tuple[str, ...], base: Base) -> None:
    chosen: tuple[Genre, ...] = ("choix", "plusieurs", "accueil", "choix-mois")
    found = {field.cle: choices(field, base.rules) for field in fields_of(whole) if field.genre in chosen}
    assert all(found.values()), found
    sheet = copy.deepcopy(read_folder(CATALOGUE, base.rules, whole=False)[SHEET])
    holder = sheet["services"][0] if whole else sheet
    for field in fields_of(whole):
        for name in found.get(field.cle, ()):
            (holder["spro"] if field.spro else holder)[field.cle] = _given(field.genre, name)
            Structure.model_validate(sheet)


def _given(genre: Genre, name: str) -> Any:
    match genre:
        case "plusieurs":
            return [name]
        case "accueil":
            return [{"public": name, "accueil": "recoit"}]
        case "choix-mois":
            return int(name)
        case _:
            return name


def test_a_sheet_knows_nothing_of_catalogues_screens_or_stores() -> None:
    above = re.compile(r"^\s*(?:from|import) (engine\.(?:catalogue|base)\b|desk|store|analysis|commands)", re.MULTILINE)
    found = {path.name: above.findall(path.read_text(encoding="utf-8")) for path in (PROJECT / "fiche").rglob("*.py")}
    assert {name: modules for name, modules in found.items() if modules} == {"workbook.py": ["engine.base"]}


# --- a field that nobody wrote anything else for ---


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A text and a choice of services: their types in the model, an entry each in the table."""
    monkeypatch.setattr(fields, "SERVICE", (*fields.SERVICE, Groupe(GROUP, (TEXT, CHOICE))))
    known = SproService.__pydantic_fields__
    known |= {name: FieldInfo.from_annotated_attribute(kind, None) for name, kind in TYPES.items()}
    _rebuilt()
    yield
    for name in TYPES:
        del known[name]
    _rebuilt()


def _rebuilt() -> None:
    for model in (SproService, Service, Structure):
        model.model_rebuild(force=True)


@pytest.fixture
def sheet(base: Base) -> dict[str, Any]:
    """A shipped sheet that has both."""
    found = copy.deepcopy(read_folder(CATALOGUE, base.rules, whole=False)[SHEET])
    spro = next(service for service in found["services"] if service["id"] == CEJ[1])["spro"]
    spro |= {TEXT.cle: "Comptez trois semaines.", CHOICE.cle: "sessions"}
    return found


@pytest.mark.usefixtures("made_up")
def test_ma_fiche_asks_for_it(tmp_path: Path, base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    with screens(tmp_path, base, monkeypatch) as (_, open_page):
        page = Fiche(open_page("ma_fiche", COORDINATION, structure=SHEET)).open(GROUP, whole=CEJ)
        assert plain(TEXT.aide) in [caption.value for caption in page.screen.caption]
        page.fill((*CEJ, *TEXT.place), "Oui")
        assert any("caractères" in error for error in page.errors()), page.errors()
        page.fill((*CEJ, *TEXT.place), "Comptez trois semaines.").fill((*CEJ, *CHOICE.place), "sessions")
        assert page.errors() == []
        told = words(page.run(SEND).screen)
        assert "Délai annoncé" in told
        assert "Comptez trois semaines." in told
        assert "Par sessions" in told
        page = Fiche(open_page("ma_fiche", PARTNER)).open(GROUP, whole=CEJ)
        assert page.field((*CEJ, *TEXT.place)).value == ""
        assert "**Rythme d’accueil :** non renseigné" in words(page.screen)


@pytest.mark.usefixtures("made_up")
def test_the_directory_shows_it_and_finds_it(
    base: Base, sheet: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = base.with_sheet(SHEET, checks.checked(SHEET, sheet, base))
    assert [found.id for found in find(Search("trois semaines"), edited)] == [SHEET]
    with screens(tmp_path, base, monkeypatch) as (store, open_page):
        sheets.put(store, COORDINATION, Redaction(SHEET, sheet, 1, "Essai."), base)
        told = words(open_page("annuaire", AGENT, structure=SHEET))
    assert "**Délai annoncé :** Comptez trois semaines" in told
    assert "**Rythme d’accueil :** par sessions" in told


@pytest.mark.usefixtures("made_up")
def test_what_changed_says_it(base: Base, sheet: dict[str, Any]) -> None:
    before = read_folder(CATALOGUE, base.rules, whole=False)[SHEET]
    told = {line.chemin[-1]: (line.lieu, line.avant, line.apres) for line in differences(before, sheet, base)}
    place = "Service « Contrat d'engagement jeune » › "
    assert told == {
        TEXT.cle: (f"{place}Délai annoncé", "non renseigné", "Comptez trois semaines."),
        CHOICE.cle: (f"{place}Rythme d’accueil", "non renseigné", "Par sessions"),
    }
    assert [told for _, told in reserved_changes(before, sheet)] == [CHOICE.reserve]


@pytest.mark.usefixtures("made_up")
def test_the_workbook_has_a_column_for_it(base: Base, sheet: dict[str, Any], tmp_path: Path) -> None:
    edited = base.with_sheet(SHEET, checks.checked(SHEET, sheet, base))
    workbook.write(replace(base, catalogue=edited.catalogue), tmp_path / "annuaire.xlsx", ON)
    heading, *lines = openpyxl.load_workbook(tmp_path / "annuaire.xlsx")["Services"].iter_rows(values_only=True)
    row = next(found for line in lines if (found := dict(zip(heading, line, strict=True)))["Identifiant"] == CEJ[1])
    assert row["Délai annoncé"] == "Comptez trois semaines. (à confirmer)"
    assert row["Rythme d’accueil"] == "par sessions (à confirmer)"


@pytest.mark.usefixtures("made_up")
def test_the_national_format_says_it_or_counts_it_lost(base: Base, sheet: dict[str, Any], tmp_path: Path) -> None:
    found = export.write([Structure.model_validate(sheet)], tmp_path, ON, base.rules)
    assert found.par_cle[TEXT.cle, "conditions_acces"] == 1
    assert found.par_cle[CHOICE.cle, "perdu"] == 1
    assert "délai annoncé : Comptez trois semaines" in (tmp_path / "services.json").read_text("utf-8")
    assert f"| `{CHOICE.cle}` | {CHOICE.sens} | perdue | 1 |" in (tmp_path / "pertes.md").read_text("utf-8")
