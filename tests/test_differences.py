"""What changed between two versions of a sheet: everything, in words, and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.differences import NO_SERVICE, ORDER, REMOVED, Difference, differences, same
from engine.base import CATALOGUE, Base
from engine.problems import Chemin
from fiche.fields import ANY_SERVICE, fields_of
from fiche.model import Service, SproService, SproStructure, Structure
from fiche.values import UNSAID
from fiche.words import listed
from store.folder import read_folder

SHEET = "mission-locale-dreux"
KEYS = [*Structure.model_fields, *SproStructure.model_fields, *SproService.model_fields, "inconnue", "", 3, None]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 99)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["2026-11-23", "28", "Mo-Fr 09:00-12:00", "jeune-16-25", "trouver-emploi", "recoit", UNSAID])
)


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)


ANYTHING = st.recursive(LEAVES, _containers, max_leaves=8)
ODD_SERVICES = st.lists(
    st.dictionaries(st.sampled_from(list(Service.model_fields)), ANYTHING, max_size=4)
    | st.fixed_dictionaries({"id": st.sampled_from("abc"), "nom": LEAVES, "spro": ANYTHING}),
    max_size=4,
)
ODD_SHEETS = st.builds(
    lambda sheet, services: sheet | {"services": services},
    st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=5),
    ODD_SERVICES | ANYTHING,
) | st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=5)


@pytest.fixture(scope="module")
def sheets(base: Base) -> dict[str, dict[str, Any]]:
    """The shipped sheets, as plain data."""
    return read_folder(CATALOGUE, base.rules, whole=False)


@pytest.fixture
def sheet(sheets: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """One of them, to change."""
    return copy.deepcopy(sheets[SHEET])


def _one(before: dict[str, Any], after: dict[str, Any], base: Base) -> Difference:
    found = differences(before, after, base)
    assert len(found) == 1, found
    return found[0]


# --- in words ---


def test_an_age_limit(base: Base, sheet: dict[str, Any]) -> None:
    after = copy.deepcopy(sheet)
    after["services"][1]["spro"]["age_max"] = 25
    found = _one(sheet, after, base)
    assert found.chemin == ("services", 1, "spro", "age_max")
    assert found.lieu == "Service « Contrat d'engagement jeune » › Âge maximum"
    assert (found.avant, found.apres) == ("sans limite", "25 ans")


def test_words_of_the_vocabulary(base: Base, sheet: dict[str, Any]) -> None:
    sheet = copy.deepcopy(sheet)
    sheet["services"][2]["zone_eligibilite"] = ["28", "200040277"]
    after = copy.deepcopy(sheet)
    service = after["services"][2]
    service["spro"]["publics"] = [{"public": "jeune-16-25", "accueil": "priorise"}]
    service["spro"]["besoins"] = ["trouver-emploi", "vie-quotidienne"]
    service["zone_eligibilite"] = ["28134", "28"]
    service["horaires_accueil"] = "Mo-Fr 09:00-12:00"
    service["modes_accueil"] = ["a-distance"]
    service["telephone"] = "+33199001234"
    del after["site_web"]
    after["date_maj"] = "2026-12-01"
    told = {line.chemin[-1]: (line.avant, line.apres) for line in differences(sheet, after, base)}
    assert told == {
        "publics": (
            "réservé : jeunes de 16 à 25 ans",
            "reçoit en priorité : jeunes de 16 à 25 ans",
        ),
        "besoins": (
            listed(base.rules.vocabulaire.besoins[need].libelle for need in sheet["services"][2]["spro"]["besoins"]),
            "Trouver un emploi et Logement, santé, droits, vie quotidienne",
        ),
        "telephone": (UNSAID, "01 99 00 12 34"),
        "zone_eligibilite": (
            "Eure-et-Loir (département 28) et CA Agglo du Pays de Dreux",
            "Dreux (28100) et Eure-et-Loir (département 28)",
        ),
        "horaires_accueil": (UNSAID, "du lundi au vendredi : 9 h – 12 h"),
        "modes_accueil": ("En présentiel", "À distance"),
        "site_web": ("https://mldrouais.fr", UNSAID),
        "date_maj": ("23 novembre 2026", "1er décembre 2026"),
    }


def test_what_a_default_hides_is_told_as_it_is_written(base: Base, sheet: dict[str, Any]) -> None:
    after = copy.deepcopy(sheet)
    after["services"][1]["spro"]["cep"] = False
    found = _one(sheet, after, base)
    assert found.avant == UNSAID
    assert found.apres != found.avant


def test_a_service_that_comes_or_goes_is_one_line(base: Base, sheet: dict[str, Any]) -> None:
    after = copy.deepcopy(sheet)
    gone = after["services"].pop(0)
    lost, came = _one(sheet, after, base), _one(after, sheet, base)
    assert lost.chemin == came.chemin == ("services", 0)
    assert gone["nom"] in lost.lieu
    assert lost.apres == REMOVED
    assert came.avant == NO_SERVICE
    assert "Trouver un emploi" in came.apres
    assert "réservé : jeunes de 16 à 25 ans" in came.apres


def test_services_in_another_order(base: Base, sheet: dict[str, Any]) -> None:
    after = copy.deepcopy(sheet)
    after["services"].reverse()
    found = _one(sheet, after, base)
    assert found.lieu == ORDER
    assert found.avant.startswith(sheet["services"][0]["nom"])
    assert found.apres.startswith(sheet["services"][-1]["nom"])


def test_where_facts_come_from_is_grouped(base: Base, sheet: dict[str, Any]) -> None:
    after = copy.deepcopy(sheet)
    sources = after["spro"]["provenance"]
    for fact in ("nom", "site_web"):
        sources[fact] = {"source": "la structure", "verifie": "2026-12-01", "confiance": "V"}
    sources["telephone"] = {"source": "la structure", "verifie": "2026-12-01", "confiance": "CG"}
    found = _one(sheet, after, base)
    assert found.chemin == ("spro", "provenance")
    assert "Site : S28, vérifié le 23 novembre 2026, lu dans la source" in found.avant
    assert "Téléphone : la structure, vérifié le 1er décembre 2026, connaissance générale" in found.apres
    assert "Rôle" not in found.avant + found.apres


def test_a_new_sheet_is_told_whole(base: Base, sheet: dict[str, Any]) -> None:
    told = differences({}, sheet, base)
    assert {line.chemin[0] for line in told} == set(sheet)
    assert sum(line.chemin[0] == "services" for line in told) == len(sheet["services"])


def test_every_field_has_a_name() -> None:
    fields = {
        *Structure.model_fields,
        *SproStructure.model_fields,
        *Service.model_fields,
        *SproService.model_fields,
    }
    named = {field.cle: field.nom for field in (*fields_of(()), *fields_of(ANY_SERVICE))}
    assert fields == set(named)
    assert all(named.values())


# --- whatever the documents ---


@given(before=ODD_SHEETS, after=ODD_SHEETS)
def test_no_difference_is_the_same_document(before: dict[Any, Any], after: dict[Any, Any], base: Base) -> None:
    found = differences(before, after, base)
    assert (not found) == same(before, after)
    assert all(line.lieu or line.chemin == ("",) for line in found)
    assert all(line.avant and line.apres and line.avant != line.apres for line in found)
    assert len({line.chemin for line in found}) == len(found) or isinstance(before.get("services"), list)


@given(document=ODD_SHEETS)
def test_a_document_does_not_differ_from_itself(document: dict[Any, Any], base: Base) -> None:
    assert differences(document, copy.deepcopy(document), base) == []


@given(data=st.data())
def test_every_change_is_told_where_it_is(data: st.DataObject, sheets: dict[str, dict[str, Any]], base: Base) -> None:
    before = sheets[data.draw(st.sampled_from(sorted(sheets)))]
    after = copy.deepcopy(before)
    touched = [_change(after, data) for _ in range(data.draw(st.integers(1, 3)))]
    told = [line.chemin for line in differences(before, after, base)]
    for path in touched:
        if not same(_at(before, path), _at(after, path)):
            assert any(path[: len(place)] == place for place in told), (path, told)
    for place in told:
        assert any(path[: len(place)] == place for path in touched), (place, touched)


def _change(document: dict[str, Any], data: st.DataObject) -> Chemin:
    """Replaces or removes a value that is not an identifier; services keep their places."""
    paths = sorted({path for path in _paths(document, ()) if path[-1] not in ("id", "services")}, key=str)
    path = data.draw(st.sampled_from([path for path in paths if not (path[0] == "services" and len(path) == 2)]))
    holder = _at(document, path[:-1])
    if isinstance(holder, dict) and data.draw(st.booleans()):
        del holder[path[-1]]
    else:
        holder[path[-1]] = data.draw(LEAVES)
    return path


def _paths(value: Any, path: Chemin) -> Iterator[Chemin]:
    if path:
        yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in entries:
        yield from _paths(item, (*path, key))


def _at(document: Any, path: Chemin) -> Any:
    for step in path:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return "absent de la fiche"
    return document
