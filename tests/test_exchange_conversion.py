"""What a national record becomes: needs, level, zone, words to check; what is set aside; identifiers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from data_inclusion.schema.v1 import Public, Thematique, TypeService
from hypothesis import given
from hypothesis import strategies as st

from engine.base import Base
from fiche.exchange import conversion, import_di
from fiche.exchange.free_text import MARK, MAX_PHRASE, TO_CHECK, to_check, without_sentences
from fiche.exchange.import_di import WITHOUT_SERVICE, WITHOUT_THEME, WITHOUT_ZONE
from fiche.model import SproService
from tests.test_exchange_import import ON, SERVICE, STRUCTURE, Record, both

JOB = "trouver-un-emploi--repondre-a-des-offres-demploi"


def imported(
    base: Base, folder: Path, structures: list[Record], services: list[Record], taken: frozenset[str] = frozenset()
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    with import_di.read(both(folder, structures, services), base.rules, ON, taken=taken) as found:
        assert found.diagnostics == []
        return list(found.sheets()), dict(found.ecarts)


def one(base: Base, folder: Path, **facts: Any) -> dict[str, Any]:
    """The service that a record becomes."""
    sheets, _ = imported(base, folder, [STRUCTURE], [SERVICE | facts])
    service: dict[str, Any] = sheets[0]["services"][0]
    return service


def test_a_sheet_says_where_it_comes_from(base: Base, tmp_path: Path) -> None:
    sheets, ecarts = imported(base, tmp_path, [STRUCTURE], [SERVICE])
    structure, service = sheets[0]["spro"], sheets[0]["services"][0]["spro"]
    assert (structure["role"], structure["reseau"], structure["recoit_public"]) == (
        "autre-structure",
        "hors-reseau",
        True,
    )
    assert "source dora, mise à jour le 2025-02-14" in structure["a_confirmer"]
    read = {"source": "data.inclusion (dora)", "verifie": "2025-02-14", "confiance": "V-date"}
    deduced = read | {"confiance": "INF"}
    assert structure["provenance"]["commune"] == service["provenance"]["description"] == read
    assert structure["provenance"]["id"]["source"] == "data.inclusion (dora--1)"
    assert service["provenance"]["id"]["source"] == "data.inclusion (dora--s1)"
    for key in ("besoins", "niveau", "zone_eligibilite"):
        assert service["provenance"][key] == deduced
    assert ecarts == {}


# --- deduced ---


def test_needs_are_those_whose_themes_a_service_has(base: Base, tmp_path: Path) -> None:
    service = one(base, tmp_path, thematiques=[JOB, "numerique--acceder-a-une-connexion-internet"])
    words = base.rules.vocabulaire.besoins
    internet = "numerique--acceder-a-une-connexion-internet"
    expected = {name for name, need in words.items() if {JOB, internet} & {theme.value for theme in need.thematiques}}
    assert set(service["spro"]["besoins"]) == expected == {"trouver-emploi", "job-etudiant", "numerique"}


def test_every_national_theme_has_a_need(base: Base) -> None:
    attached = {theme for need in base.rules.vocabulaire.besoins.values() for theme in need.thematiques}
    assert attached == set(Thematique)


@pytest.mark.parametrize(
    ("themes", "reason"),
    [([], WITHOUT_THEME), (None, WITHOUT_THEME)],
)
def test_no_need_is_invented(themes: list[str] | None, reason: str, base: Base, tmp_path: Path) -> None:
    sheets, ecarts = imported(base, tmp_path, [STRUCTURE], [SERVICE | {"thematiques": themes}])
    assert (sheets, ecarts) == ([], {reason: 1, WITHOUT_SERVICE: 1})


def test_what_is_set_aside_is_named(base: Base, tmp_path: Path) -> None:
    path = both(tmp_path, [STRUCTURE], [SERVICE, SERVICE | {"id": "dora--s2", "thematiques": None}])
    with import_di.read(path, base.rules, ON) as found:
        assert [str(left) for left in found.set_aside] == [
            f"{path}:{found.set_aside[0].ligne}: service n° 2 (« Atelier d'essai ») : {WITHOUT_THEME}."
        ]
        assert (found.structures, found.services, found.usable) == (1, 1, True)


@pytest.mark.parametrize("kind", [None, *(kind.value for kind in TypeService)])
def test_level_of_a_type(kind: str | None, base: Base, tmp_path: Path) -> None:
    expected = "accompagnement" if kind == "accompagnement" else "information"
    assert one(base, tmp_path, type=kind)["spro"]["niveau"] == conversion.NIVEAUX[kind] == expected


@pytest.mark.parametrize(
    ("service", "structure", "zones"),
    [
        ({"zone_eligibilite": ["200040277", "28"]}, {}, ["200040277", "28"]),
        ({"zone_eligibilite": ["france"]}, {}, ["france"]),
        ({"code_insee": "37261"}, {}, ["37"]),
        ({}, {"code_insee": "28134"}, ["28"]),
        ({}, {"code_insee": "2A004"}, ["2A"]),
        ({}, {"code_insee": "97105"}, ["971"]),
        ({}, {"code_insee": None}, None),
        ({}, {"code_insee": "99999"}, None),
    ],
)
def test_zone(service: Record, structure: Record, zones: list[str] | None, base: Base, tmp_path: Path) -> None:
    sheets, ecarts = imported(base, tmp_path, [STRUCTURE | structure], [SERVICE | service])
    if zones is None:
        assert (sheets, ecarts) == ([], {WITHOUT_ZONE: 1, WITHOUT_SERVICE: 1})
    else:
        assert sheets[0]["services"][0]["zone_eligibilite"] == zones
        known = "V-date" if "zone_eligibilite" in service else "INF"
        assert sheets[0]["services"][0]["spro"]["provenance"]["zone_eligibilite"]["confiance"] == known


def test_a_service_is_as_recent_as_its_structure(base: Base, tmp_path: Path) -> None:
    assert "date_maj" not in one(base, tmp_path, date_maj=None)
    assert one(base, tmp_path, date_maj="2024-01-01")["date_maj"] == "2024-01-01"


# --- words to check ---


def test_conditions_in_words_are_to_be_checked(base: Base, tmp_path: Path) -> None:
    service = one(
        base,
        tmp_path,
        publics=["seniors", "jeunes"],
        publics_precisions="Moins de 26 ans.\nOu plus de 50.",
        conditions_acces="Avoir le permis.",
    )
    assert service["spro"]["a_verifier"] == (
        "À vérifier : publics annoncés : jeunes, séniors ; Moins de 26 ans. Ou plus de 50 ; Avoir le permis."
    )
    never = {"publics", "age_min", "age_max", "statuts", "secteurs", "sur_mandat", "cep"}
    assert never.isdisjoint(service["spro"])
    assert service["publics"] == ["jeunes", "seniors"]


def test_nothing_to_check(base: Base, tmp_path: Path) -> None:
    assert "a_verifier" not in one(base, tmp_path, publics=["tous-publics"])["spro"]


def test_long_conditions_are_cut_and_say_so(base: Base, tmp_path: Path) -> None:
    service = one(base, tmp_path, conditions_acces="Une condition. " * 200)
    assert len(service["spro"]["a_verifier"]) == MAX_PHRASE
    assert service["spro"]["a_verifier"].endswith("… (suite dans la fiche)")
    assert len(service["conditions_acces"]) > MAX_PHRASE


def test_sentences_of_the_network_come_back_as_words_to_check(base: Base, tmp_path: Path) -> None:
    service = one(
        base, tmp_path, publics_precisions=f"Habitants.\n\n{MARK}de 16 à 25 ans.", conditions_acces=f"{MARK}x y."
    )
    assert service["publics_precisions"] == "Habitants."
    assert "conditions_acces" not in service
    assert "conditions_acces" not in service["spro"]["provenance"]
    assert service["spro"]["a_verifier"] == "À vérifier : Habitants ; de 16 à 25 ans ; x y."


def test_a_mark_inside_a_sentence_is_no_mark() -> None:
    text = f"On dit « {MARK}» parfois."
    assert without_sentences(text) == (text, "")


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=700).map(str.strip)


@given(texts, texts, st.sets(st.sampled_from([public.value for public in Public])))
def test_words_to_check_always_fit(precisions: str, conditions: str, publics: set[str]) -> None:
    sentence = to_check({"publics": publics, "publics_precisions": precisions, "conditions_acces": conditions})
    if sentence is not None:
        assert sentence.startswith(TO_CHECK)
        assert SproService.model_validate(
            {"besoins": ["trouver-emploi"], "niveau": "conseil", "provenance": {}, "a_verifier": sentence}
        )


# --- identifiers ---


def ids(sheets: list[dict[str, Any]]) -> dict[str, list[str]]:
    return {sheet["id"]: [service["id"] for service in sheet["services"]] for sheet in sheets}


def test_identifiers_come_from_names(base: Base, tmp_path: Path) -> None:
    structure = STRUCTURE | {"nom": "Éducation & œuvre de Dreux", "commune": "Dreux"}
    sheets, _ = imported(base, tmp_path, [structure], [SERVICE])
    assert ids(sheets) == {"education-oeuvre-de-dreux": ["education-oeuvre-de-dreux-atelier-d-essai"]}


def test_one_name_twice_gives_two_identifiers_whatever_the_order(base: Base, tmp_path: Path) -> None:
    structures = [STRUCTURE, STRUCTURE | {"id": "dora--2"}]
    services = [SERVICE, SERVICE | {"id": "dora--s2"}, SERVICE | {"id": "dora--s3", "structure_id": "dora--2"}]
    first, _ = imported(base, tmp_path, structures, services)
    second, _ = imported(base, tmp_path, structures[::-1], services[::-1])
    assert first == second
    found = ids(first)
    assert all(name.startswith("maison-d-essai-dreux-") for name in found)
    everything = [*found, *(service for services in found.values() for service in services)]
    assert len(set(everything)) == len(everything) == 5


def test_identifiers_that_exist_are_not_taken_again(base: Base, tmp_path: Path) -> None:
    taken = frozenset({"maison-d-essai-dreux"})
    sheets, _ = imported(base, tmp_path, [STRUCTURE], [SERVICE], taken)
    assert sheets[0]["id"].startswith("maison-d-essai-dreux-")


def test_a_service_cannot_have_the_identifier_of_a_structure(base: Base, tmp_path: Path) -> None:
    structures = [
        STRUCTURE | {"nom": "Abc", "commune": None},
        STRUCTURE | {"id": "dora--2", "nom": "Abc def", "commune": None},
    ]
    services = [SERVICE | {"nom": "Def"}, SERVICE | {"id": "dora--s2", "structure_id": "dora--2"}]
    sheets, _ = imported(base, tmp_path, structures, services)
    found = ids(sheets)
    assert set(found) == {"abc", "abc-def"}
    assert found["abc"][0].startswith("abc-def-")


def test_a_name_without_letters(base: Base, tmp_path: Path) -> None:
    sheets, _ = imported(
        base, tmp_path, [STRUCTURE | {"nom": "日本語", "commune": None}], [SERVICE | {"nom": "。。。"}]
    )
    assert ids(sheets) == {"structure": ["structure-service"]}


def test_very_long_names(base: Base, tmp_path: Path) -> None:
    name = "Association intercommunale pour le développement de l'emploi et de la formation des jeunes du territoire"
    structures = [STRUCTURE | {"id": f"dora--{number}", "nom": name} for number in range(3)]
    services = [SERVICE | {"id": f"dora--s{n}", "structure_id": f"dora--{n}", "nom": name} for n in range(3)]
    found = ids(imported(base, tmp_path, structures, services)[0])
    everything = [*found, *(service for services in found.values() for service in services)]
    assert len(set(everything)) == 6
    assert max(map(len, everything)) <= 80
    assert all("dreux" in name for name in found)


def test_records_of_this_network_keep_what_they_mean(base: Base, tmp_path: Path) -> None:
    structure = STRUCTURE | {"source": "spro-ep", "id": "spro-ep--bij-dreux", "code_insee": None}
    alone = structure | {"id": "spro-ep--tete", "nom": "Tête de réseau"}
    service = SERVICE | {"source": "spro-ep", "structure_id": "spro-ep--bij-dreux", "id": "spro-ep--bij-dreux-info"}
    sheets, ecarts = imported(base, tmp_path, [structure, alone], [service], frozenset({"bij-dreux", "tete"}))
    assert [(sheet["id"], sheet["spro"]["recoit_public"]) for sheet in sheets] == [("bij-dreux", True), ("tete", False)]
    assert sheets[0]["services"][0]["id"] == "bij-dreux-info"
    assert "zone_eligibilite" not in sheets[0]["services"][0]
    assert ecarts == {}


def test_a_forged_identifier_of_this_network(base: Base, tmp_path: Path) -> None:
    structure = STRUCTURE | {"source": "spro-ep", "id": "spro-ep--../Évasion"}
    service = SERVICE | {"structure_id": "spro-ep--../Évasion"}
    sheets, _ = imported(base, tmp_path, [structure], [service])
    assert [sheet["id"] for sheet in sheets] == ["maison-d-essai-dreux"]


def test_sheets_can_be_gone_through_again(base: Base, tmp_path: Path) -> None:
    with import_di.read(both(tmp_path), base.rules, date(2026, 1, 1)) as found:
        assert json.dumps(list(found.sheets())) == json.dumps(list(found.sheets()))
