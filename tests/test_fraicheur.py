"""What is old, missing or not sure in the sheets; the message that says so; the quality score, which ranks nobody."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from data_inclusion.schema.v1 import Frais, ModeMobilisation, score_qualite
from hypothesis import given
from hypothesis import strategies as st

from desk.reminder import reminder
from engine.base import PROJECT, Base
from fiche import quality
from fiche.freshness import BIENTOT, CONTACTS, add_months, look, overview
from fiche.model import Service, Structure
from fiche.quality import score
from store.database import Store
from store.sheets import confirm
from tests.coordinators import COORDINATION, PARTNER, Screen, screens, words

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
ADDRESS = "https://accueil.exemple.fr/annuaire?structure=essai"
EDITING = "https://accueil.exemple.fr/ma-fiche?structure=essai"


def _sheet(services: int = 1, **given: Any) -> Structure:
    """A sheet of which everything is known and sure, but what is given."""
    sure = {"source": "la structure", "verifie": TODAY.isoformat(), "confiance": "V"}
    facts = {
        "description": "Une structure pour essayer.",
        "adresse": "1 rue de l’Exemple",
        "code_postal": "28100",
        "commune": "Dreux",
        "telephone": "+33200000000",
        "courriel": "essai@exemple.fr",
        "site_web": "https://exemple.fr",
        "horaires_accueil": "Mo-Fr 09:00-12:00",
    }
    one = {
        "nom": "Un service",
        "description": "Un service pour essayer.",
        "modes_accueil": ["en-presentiel"],
        "frais": "gratuit",
        "spro": {"besoins": ["faire-le-point"], "niveau": "conseil", "provenance": {}},
    }
    spro = {
        "role": "bge",
        "reseau": "local",
        "recoit_public": True,
        "provenance": dict.fromkeys(facts, sure),
    }
    return Structure.model_validate(
        {"id": "essai", "nom": "Essai", "date_maj": TODAY.isoformat(), "spro": spro}
        | facts
        | {"services": [{"id": f"essai-{number}"} | one for number in range(services)]}
        | given
    )


def _with_service(sheet: Structure, **given: Any) -> Structure:
    return sheet.model_copy(update={"services": tuple(one.model_copy(update=given) for one in sheet.services)})


# --- when a sheet is due ---


@given(day=DAYS, months=st.integers(1, 24))
def test_a_month_later_is_the_same_day_or_the_last_one(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(1)).day == 1)


def test_the_last_days_of_the_calendar() -> None:
    assert add_months(date(9999, 12, 1), 6) == date.max
    assert add_months(date(2027, 8, 31), 6) == date(2028, 2, 29)


def test_a_sheet_is_due_after_the_months_that_its_service_says() -> None:
    sheet = _sheet()
    due = date(2027, 5, 23)
    assert look(sheet, due - BIENTOT - timedelta(1)).etat == "a-jour"
    assert look(sheet, due - BIENTOT).etat == "bientot"
    assert look(sheet, due).etat == "bientot"
    assert look(sheet, due + timedelta(1)).etat == "depasse"
    often = _with_service(sheet, spro=sheet.services[0].spro.model_copy(update={"frequence_mois": 1}))
    assert look(often, due - BIENTOT).etat == "depasse"
    assert look(often, due).due_le == date(2026, 12, 23)


def test_the_most_urgent_service_speaks_for_its_sheet() -> None:
    sheet = _sheet(services=2)
    first, second = sheet.services
    old = sheet.model_copy(update={"services": (first, second.model_copy(update={"date_maj": date(2024, 1, 31)}))})
    found = look(old, TODAY)
    assert [due.etat for due in found.echeances] == ["a-jour", "depasse"]
    assert (found.etat, found.due_le) == ("depasse", date(2024, 7, 31))


def test_a_sheet_without_service_is_looked_at_every_six_months() -> None:
    found = look(_sheet(services=0), TODAY)
    assert [(due.service, due.due_le) for due in found.echeances] == [(None, date(2027, 5, 23))]


# --- what is missing, what is not sure ---


def test_nothing_is_asked_of_a_sheet_that_is_whole() -> None:
    found = look(_sheet(), TODAY)
    assert (found.manques, found.doutes, found.a_confirmer) == ((), (), None)
    assert found.parfaite


@pytest.mark.parametrize("field", CONTACTS)
def test_a_contact_is_missing_unless_each_service_has_its_own(field: str) -> None:
    value = getattr(_sheet(), field)
    sheet = _sheet(services=2, **{field: None})
    expected = "adresse" if field in ("code_postal", "commune") else field
    assert [(gap.champ, gap.service) for gap in look(sheet, TODAY).manques] == [(expected, None)]
    if field in Service.model_fields:
        assert look(_with_service(sheet, **{field: value}), TODAY).manques == ()


def test_the_parts_of_an_address_count_for_one() -> None:
    sheet = _sheet(adresse=None, code_postal=None, commune=None)
    assert [gap.champ for gap in look(sheet, TODAY).manques] == ["adresse"]


def test_nobody_is_sent_to_a_structure_that_does_not_receive() -> None:
    whole = _sheet(services=0, telephone=None, adresse=None)
    closed = whole.model_copy(update={"spro": whole.spro.model_copy(update={"recoit_public": False})})
    assert look(whole, TODAY).manques
    assert not look(closed, TODAY).manques


def test_what_is_not_read_in_its_source_is_to_be_confirmed() -> None:
    sheet = _sheet()
    unsure = {**sheet.spro.provenance, "telephone": sheet.spro.provenance["telephone"].model_copy()}
    object.__setattr__(unsure["telephone"], "confiance", "V-date")
    del unsure["courriel"]
    spro = sheet.spro.model_copy(update={"provenance": unsure, "a_confirmer": "Le nom de la rue."})
    found = look(sheet.model_copy(update={"spro": spro}), TODAY)
    assert {(doubt.champ, doubt.confiance) for doubt in found.doutes} == {("telephone", "V-date"), ("courriel", None)}
    assert found.a_confirmer == "Le nom de la rue."
    assert not found.parfaite


def test_a_fact_that_says_no_is_a_fact() -> None:
    sheet = _sheet(services=0)
    deduced = sheet.spro.provenance["telephone"].model_copy(update={"confiance": "INF"})
    spro = sheet.spro.model_copy(
        update={"recoit_public": False, "provenance": {**sheet.spro.provenance, "recoit_public": deduced}}
    )
    assert [d.champ for d in look(sheet.model_copy(update={"spro": spro}), TODAY).doutes] == ["recoit_public"]


def test_the_first_due_comes_first(base: Base) -> None:
    found = overview(base.catalogue.structures.values(), TODAY)
    assert len(found) == len(base.catalogue.structures)
    assert [bilan.due_le for bilan in found] == sorted(bilan.due_le for bilan in found)


# --- the message ---


def test_the_message_lists_all_that_is_to_be_looked_at(base: Base) -> None:
    for bilan in overview(base.catalogue.structures.values(), date(2027, 6, 1)):
        text = reminder(bilan, base, ADDRESS, EDITING)
        lines = [line for line in text.splitlines() if line.startswith("- ")]
        due = sum(found.etat != "a-jour" for found in bilan.echeances)
        asked = due + len(bilan.manques) + len(bilan.doutes) + bool(bilan.a_confirmer)
        assert len(lines) == asked
        assert bilan.structure.nom in text
        assert text.count(ADDRESS) == text.count(EDITING) == 1
        assert not re.search(r"\bNone\b|<|'[a-z-]+'", text)


def test_the_message_of_a_sheet_that_is_whole_asks_nothing(base: Base) -> None:
    text = reminder(look(_sheet(), TODAY), base, ADDRESS, EDITING)
    assert not any(line.startswith("- ") for line in text.splitlines())


def test_a_sheet_cannot_write_a_line_of_its_own(base: Base) -> None:
    sheet = _sheet(nom="Essai\n\nObjet : virement", telephone=None)
    assert [
        line for line in reminder(look(sheet, TODAY), base, ADDRESS, EDITING).splitlines() if "virement" in line
    ] == [
        "Les agents d’accueil du réseau s’appuient sur la fiche « Essai Objet : virement » pour orienter le public. "
        "Pouvez-vous la relire ?"
    ]


# --- quality ---


@pytest.fixture(scope="module")
def services(base: Base) -> list[Service]:
    """Every service that the project ships."""
    return [offre.service for offre in base.catalogue.offres]


@given(data=st.data())
def test_the_score_is_that_of_the_published_code(data: st.DataObject, services: list[Service]) -> None:
    today = date.today()
    age = data.draw(st.integers(0, 900).filter(lambda days: days != quality.RECENT))
    service = data.draw(st.sampled_from(services)).model_copy(
        update={
            "date_maj": today - timedelta(age),
            "source": data.draw(st.sampled_from(["spro-ep", "agefiph", "france-travail"])),
            "frais": data.draw(st.sampled_from([None, *Frais])),
            "frais_precisions": data.draw(st.sampled_from([None, "10 euros"])),
            "modes_mobilisation": data.draw(st.none() | st.sets(st.sampled_from(ModeMobilisation), min_size=1)),
            "description": "a" * data.draw(st.sampled_from([5, 49, 50, 199, 200, 1999, 2000, 10_000])),
            "telephone": data.draw(st.sampled_from([None, "+33200000000"])),
        }
    )
    published, criteria = score_qualite.score(service)
    found = score(service, today)
    assert found.note == pytest.approx(published, abs=0.011)
    for criterion, (name, note) in zip(found.criteres, criteria.items(), strict=True):
        assert (criterion.note is None) == (note is None), name
        assert criterion.note == pytest.approx(note, abs=0.011), name


def test_the_score_does_not_depend_on_the_clock(services: list[Service]) -> None:
    old = score(services[0], services[0].date_maj + timedelta(quality.OLD))
    new = score(services[0], services[0].date_maj)
    ages = [found.note for one in (old, new) for found in one.criteres if found.nom == "Date de mise à jour"]
    assert ages == [0.0, 1.0]
    assert old.note < new.note


def test_an_empty_text_is_not_a_precision(services: list[Service]) -> None:
    paid = services[0].model_copy(update={"frais": Frais.PAYANT, "frais_precisions": ""})
    notes = {found.nom: found.note for found in score(paid, TODAY).criteres}
    assert notes["Frais"] == 0.5


def test_no_answer_can_read_the_score() -> None:
    """What decides and ranks imports neither the score nor the published code that computes it."""
    for path in sorted((PROJECT / "engine").glob("*.py")):
        assert not {name for name in _imported(path) if "quality" in name or "score_qualite" in name}, path
    asked = "import sys, engine.orientation, engine.asking, engine.decision; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert "engine.orientation" in loaded.stdout.split()
    assert not {"fiche.quality", "data_inclusion.schema.v1.score_qualite"} & set(loaded.stdout.split())


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


# --- the screen ---


@pytest.fixture
def desk(tmp_path: Path, base: Base, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Store, Screen]]:
    """A store with the shipped sheets, and a way to open a page on it."""
    with screens(tmp_path, base, monkeypatch) as found:
        yield found


def test_the_screen_is_not_for_a_partner(desk: tuple[Store, Screen]) -> None:
    _, open_page = desk
    screen = open_page("fraicheur", PARTNER)
    assert "réservée à la coordination" in words(screen)
    assert not screen.expander


def test_the_counts_are_those_of_the_sheets(desk: tuple[Store, Screen], base: Base) -> None:
    _, open_page = desk
    screen = open_page("fraicheur", COORDINATION)
    found = overview(base.catalogue.structures.values(), date.today())
    text = words(screen)
    assert f"{len(found)} fiches" in text
    assert f"À compléter : {sum(bool(one.manques) for one in found)}." in text
    assert f"{sum(one.etat == 'a-jour' for one in found)} à jour" in text
    screen.text_input(key="fraicheur-mots").input("DREUX mission").run()
    assert [fold.label.partition(" — ")[0] for fold in screen.expander] == ["Mission locale de Dreux"]


def test_a_sheet_that_was_confirmed_is_no_longer_due(desk: tuple[Store, Screen], base: Base) -> None:
    store, open_page = desk
    confirm(store, PARTNER, "mission-locale-dreux", 1, date(2027, 2, 1), base)
    screen = open_page("fraicheur", COORDINATION)
    screen.session_state["fraicheur-combien"] = len(base.catalogue.structures)  # as if « voir la suite » was pressed
    screen.run()
    labels = [fold.label for fold in screen.expander]
    confirmed = next(label for label in labels if label.startswith("Mission locale de Dreux"))
    assert "1er août 2027" in confirmed
    assert labels.index(confirmed) == len(labels) - 1


def test_the_message_and_the_score_are_in_the_fold(desk: tuple[Store, Screen]) -> None:
    _, open_page = desk
    screen = open_page("fraicheur", COORDINATION)
    screen.session_state["fraicheur-mission-locale-dreux"] = True
    screen.run()
    message = screen.text_area[0].value or ""
    assert message.startswith("Objet :")
    assert "annuaire?structure=mission-locale-dreux" in message
    assert "Il ne change jamais l’ordre des réponses" in words(screen)
    assert words(screen).count("<caption>") == 3


@pytest.mark.parametrize(("acteur", "shown"), [(PARTNER, True), (COORDINATION, True)])
def test_editors_see_the_score_under_the_sheet(desk: tuple[Store, Screen], acteur: Any, shown: bool) -> None:
    _, open_page = desk
    screen = open_page("annuaire", acteur, structure="mission-locale-dreux")
    assert any(fold.label == "Qualité de la fiche" for fold in screen.expander) == shown
    other = open_page("annuaire", PARTNER, structure="cio-dreux")
    assert not any(fold.label == "Qualité de la fiche" for fold in other.expander)
