"""Imported structures that are known already: recognised by a reason, completed and never overwritten."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from engine import documents
from engine.base import CATALOGUE, Base
from engine.catalogue import check_structure
from engine.documents import NOWHERE, Document
from engine.validation import validate
from fiche.exchange import export, import_di
from fiche.exchange.matching import Rapprochement, match
from fiche.exchange.merging import Fait, merge
from fiche.model import Structure
from tests.test_exchange_import import ON, SERVICE, STRUCTURE, both

SIRET = "13003013300016"


def known(name: str = "connue", **facts: Any) -> dict[str, Any]:
    fact = {"source": "S01", "verifie": "2026-01-02", "confiance": "V"}
    spro = {"role": "mission-locale", "reseau": "local", "recoit_public": True, "provenance": {"nom": fact}}
    return {"id": name, "nom": "Maison d'essai", "date_maj": "2026-01-02", "spro": spro} | facts


def new(name: str = "neuve", **facts: Any) -> dict[str, Any]:
    fact = {"source": "data.inclusion (dora)", "verifie": "2025-02-14", "confiance": "V-date"}
    identity = fact | {"source": f"data.inclusion (dora--{name})"}
    provenance = dict.fromkeys(("nom", *facts), fact) | {"id": identity}
    spro = {"role": "autre-structure", "reseau": "hors-reseau", "recoit_public": True, "provenance": provenance}
    return {"id": name, "source": "dora", "nom": "Maison d'essai", "date_maj": "2025-02-14", "spro": spro} | facts


def found(existing: list[dict[str, Any]], *imported: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    return [(item.parente, item.connue, item.raison) for item in match(existing, imported)]


# --- matching ---


def test_a_structure_that_nobody_knows() -> None:
    assert found([known(nom="Autre")], new()) == [("nouvelle", None, "")]


def test_the_same_siret() -> None:
    assert found([known(siret=SIRET, nom="Autre nom")], new(siret=SIRET)) == [
        ("la-meme", "connue", f"même SIRET ({SIRET})")
    ]


def test_the_same_siret_tells_branches_apart_by_name() -> None:
    branches = [known("a", siret=SIRET, nom="Antenne A"), known("b", siret=SIRET)]
    assert found(branches, new(siret=SIRET))[0][:2] == ("la-meme", "b")
    kind, _, reason = found(branches, new(siret=SIRET, nom="Antenne C"))[0]
    assert (kind, reason) == ("doublon-probable", f"même SIRET ({SIRET}), que 2 fiches ont : a, b")


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"commune": "Dreux"}, {"commune": "DREUX"}, "même nom, même lieu"),
        ({"commune": "Saint-Rémy-sur-Avre"}, {"commune": "St Remy sur Avre"}, "même nom, même lieu"),
        ({"code_insee": "28134"}, {"code_insee": "28134", "commune": "Dreux"}, "même nom, même lieu"),
        ({"code_postal": "28100"}, {"code_postal": "28100"}, "même nom, même lieu"),
        ({}, {"commune": "Dreux"}, "même nom, lieu inconnu d'un côté"),
        ({"commune": "Dreux"}, {"commune": "Chartres"}, ""),
    ],
)
def test_the_same_name(first: dict[str, str], second: dict[str, str], reason: str) -> None:
    expected = ("doublon-probable", "connue", reason) if reason else ("nouvelle", None, "")
    assert found([known(**first)], new(nom="MAISON D ESSAI", **second)) == [expected]


def test_a_record_that_was_imported_before() -> None:
    before = known("autre-nom", nom="Renommée")
    before["spro"]["provenance"]["id"] = new()["spro"]["provenance"]["id"]
    assert found([before], new()) == [("la-meme", "autre-nom", "même identifiant national (dora--neuve)")]


def test_two_records_of_one_structure_in_one_import() -> None:
    items = list(match([], [new("a", commune="Dreux"), new("b", commune="Dreux", source="soliguide")]))
    assert [(item.parente, item.connue, item.dans_import) for item in items] == [
        ("nouvelle", None, False),
        ("doublon-probable", "a", True),
    ]


def test_our_own_export_is_recognised(base: Base, tmp_path: Path) -> None:
    export.write(base.catalogue.structures.values(), tmp_path / "x", ON, base.rules)
    existing = [structure.model_dump(mode="json") for structure in base.catalogue.structures.values()]
    taken = frozenset(base.catalogue.structures) | frozenset(base.catalogue.offre_by_id)
    with import_di.read(tmp_path / "x", base.rules, ON, taken=taken) as read:
        items = list(match(existing, read.sheets()))
    assert {(item.parente, item.connue == item.fiche["id"], item.dans_import) for item in items} == {
        ("la-meme", True, False)
    }
    assert len(items) == len(existing)


def test_reasons_are_given_with_the_sheet() -> None:
    sheet = new()
    assert list(match([], [sheet])) == [Rapprochement(sheet, "nouvelle")]


# --- merging ---


def test_what_is_lacking_is_filled_in_with_its_source() -> None:
    existing, imported = known(telephone="02 37 00 00 00"), new(telephone="+33237000000", site_web="https://exemple.fr")
    before = deepcopy(existing)
    fusion = merge(existing, imported)
    assert existing == before
    assert fusion.document["site_web"] == "https://exemple.fr"
    assert fusion.document["spro"]["provenance"]["site_web"] == imported["spro"]["provenance"]["site_web"]
    assert fusion.remplis == (Fait(None, "site_web", None, "https://exemple.fr"),)
    assert fusion.differences == ()


def test_nothing_is_overwritten() -> None:
    existing = known(telephone="02 37 00 00 00", description="Ce que la structure dit.", source="spro-ep")
    imported = new(telephone="01 00 00 00 00", description="Autre chose.", nom="Autre nom")
    fusion = merge(existing, imported)
    assert fusion.document == existing
    assert [(fact.cle, fact.existant, fact.importe) for fact in fusion.differences] == [
        ("nom", "Maison d'essai", "Autre nom"),
        ("description", "Ce que la structure dit.", "Autre chose."),
        ("telephone", "02 37 00 00 00", "01 00 00 00 00"),
    ]


@pytest.mark.parametrize(
    ("existing", "imported", "filled"),
    [
        ({}, {"adresse": "1 rue A", "commune": "Dreux"}, {"adresse", "commune"}),
        ({"commune": "Dreux"}, {"adresse": "1 rue A", "commune": "dreux"}, {"adresse"}),
        ({"commune": "Dreux"}, {"adresse": "1 rue A", "commune": "Chartres"}, set()),
        ({"adresse": "2 rue B"}, {"commune": "Dreux"}, set()),
    ],
)
def test_two_addresses_are_not_mixed(existing: dict[str, str], imported: dict[str, str], filled: set[str]) -> None:
    fusion = merge(known(**existing), new(**imported))
    assert {fact.cle for fact in fusion.remplis} == filled
    left = {key for key in imported if key not in existing} - filled
    assert left <= {fact.cle for fact in fusion.differences}


def service(name: str, **facts: Any) -> dict[str, Any]:
    fact = {"source": "data.inclusion (dora)", "verifie": "2025-02-14", "confiance": "V-date"}
    spro = {"besoins": ["trouver-emploi"], "niveau": "conseil", "provenance": dict.fromkeys(facts, fact)}
    return {"id": f"s-{name}", "nom": name, "description": "Une aide."} | facts | {"spro": spro}


def test_services_of_one_name_are_completed_and_others_only_shown() -> None:
    mine = service("Aide", publics=["jeunes"])
    theirs = service("AIDE", publics=["femmes"], frais="gratuit", zone_eligibilite=["28"])
    other = service("Autre", frais="payant")
    fusion = merge(known(services=[mine]), new(services=[theirs, other]))
    done = fusion.document["services"]
    assert [(found["nom"], found.get("frais"), found["publics"]) for found in done] == [("Aide", "gratuit", ["jeunes"])]
    assert "zone_eligibilite" not in done[0]
    assert fusion.remplis == (Fait("s-Aide", "frais", None, "gratuit"),)
    assert fusion.differences == (Fait("s-Aide", "publics", ["jeunes"], ["femmes"]),)
    assert fusion.services_absents == (other,)


def test_a_merged_sheet_is_valid(base: Base, tmp_path: Path) -> None:
    name = "mission-locale-dreux"
    existing = documents.read_file(CATALOGUE / f"{name}.yaml").donnees
    structure = STRUCTURE | {"nom": existing["nom"], "siret": SIRET, "horaires_accueil": "Mo-Fr 09:00-12:00"}
    inside = SERVICE | {
        "nom": existing["services"][0]["nom"],
        "telephone": "0237000000",
        "conditions_acces": "Habiter là.",
    }
    with import_di.read(both(tmp_path, [structure], [inside]), base.rules, ON) as read:
        fusion = merge(existing, next(read.sheets()))
    document = Document("fusion", fusion.document, NOWHERE)
    assert check_structure(validate(Structure, document), document, base.rules, {}) == []
    assert {(fact.service, fact.cle) for fact in fusion.remplis} == {
        (None, "siret"),
        (None, "horaires_accueil"),
        (None, "commune"),
        (None, "code_insee"),
        ("mission-locale-dreux-accompagnement", "telephone"),
        ("mission-locale-dreux-accompagnement", "conditions_acces"),
    }
    assert fusion.document["services"][0]["spro"]["publics"] == existing["services"][0]["spro"]["publics"]
