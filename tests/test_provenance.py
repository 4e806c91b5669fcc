"""A changed sheet: each fact keeps what it rests on or says who states it; two versions become one without a loss."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base import CATALOGUE, Base
from engine.catalogue import sheet_files
from engine.documents import read_file
from fiche.facts import Place, at, facts, services, with_fact
from fiche.merge import gaps, merged
from fiche.provenance import declared, stamped
from store.checks import checked

SHEET = "mission-locale-dreux"
CEJ: Place = ("services", f"{SHEET}-cej")
ON = date(2026, 12, 1)
SOURCE = "Mission locale de Dreux"

TEXTS = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]))
PLACES: list[Place] = [
    ("nom",),
    ("telephone",),
    ("spro", "a_confirmer"),
    ("services", "s1", "nom"),
    ("services", "s1", "spro", "a_dire"),
    ("services", "s2", "nom"),
]


@pytest.fixture
def sheet() -> dict[str, Any]:
    """A shipped sheet, as plain data."""
    found: dict[str, Any] = read_file(CATALOGUE / f"{SHEET}.yaml").donnees
    return found


def _provenance(document: dict[str, Any], place: Place, name: str) -> Any:
    return at(document, (*place, "spro", "provenance", name))


# --- facts ---


@pytest.mark.parametrize("path", sheet_files(CATALOGUE), ids=lambda path: path.stem)
def test_writing_a_fact_again_changes_nothing(path: Path) -> None:
    document = read_file(path).donnees
    before = copy.deepcopy(document)
    for place, value in facts(document).items():
        assert with_fact(document, place, value) == document
        assert at(with_fact(document, place, None), place) is None
    assert document == before


def test_a_service_is_found_by_its_name_whatever_its_position(sheet: dict[str, Any]) -> None:
    turned = {**sheet, "services": list(reversed(sheet["services"]))}
    assert facts(turned) == facts(sheet)
    without = with_fact(sheet, CEJ, None)
    assert list(services(without)) == [name for name in services(sheet) if name != CEJ[1]]
    assert list(services(with_fact(without, CEJ, at(sheet, CEJ))))[-1] == CEJ[1]


# --- provenance ---


def test_a_changed_fact_comes_from_who_changed_it_and_the_others_keep_theirs(sheet: dict[str, Any]) -> None:
    after = with_fact(with_fact(sheet, ("telephone",), "02 61 91 12 34"), (*CEJ, "frais"), "payant")
    sent = stamped(sheet, after, SOURCE, ON)
    stamp = {"source": SOURCE, "verifie": "2026-12-01", "confiance": "V"}
    assert _provenance(sent, (), "telephone") == stamp
    assert _provenance(sent, CEJ, "frais") == stamp
    kept = {**at(sheet, ("spro", "provenance")), "telephone": stamp}
    assert at(sent, ("spro", "provenance")) == kept
    assert _provenance(sent, CEJ, "besoins") == _provenance(sheet, CEJ, "besoins")
    assert sent["services"][0]["spro"] == sheet["services"][0]["spro"]


def test_a_fact_that_is_taken_away_loses_its_provenance(sheet: dict[str, Any]) -> None:
    sent = stamped(sheet, with_fact(sheet, ("site_web",), None), SOURCE, ON)
    assert "site_web" not in sent
    assert _provenance(sent, (), "site_web") is None
    assert _provenance(sent, (), "description") == _provenance(sheet, (), "description")


def test_what_was_never_said_keeps_why_it_is_not_said() -> None:
    m2end = read_file(CATALOGUE / "m2end.yaml").donnees
    place = ("services", "m2end-premier-accueil")
    sent = stamped(m2end, with_fact(m2end, (*place, "frais_precisions"), "Aucun frais"), SOURCE, ON)
    assert _provenance(sent, place, "zone_eligibilite") == _provenance(m2end, place, "zone_eligibilite")


def test_two_facts_of_one_name_share_their_provenance(sheet: dict[str, Any]) -> None:
    """`publics` is said twice: in the national words, and in those of the network."""
    sent = stamped(sheet, with_fact(sheet, (*CEJ, "spro", "publics"), None), SOURCE, ON)
    assert at(sent, (*CEJ, "publics")) == ["jeunes"]
    assert _provenance(sent, CEJ, "publics") == declared(SOURCE, ON)


def test_only_what_changed_is_dated(sheet: dict[str, Any]) -> None:
    sent = stamped(sheet, with_fact(sheet, (*CEJ, "spro", "age_min"), 18), SOURCE, ON)
    assert sent["date_maj"] == "2026-12-01"
    dates = {name: service["date_maj"] for name, service in services(sent).items()}
    assert dates == {name: "2026-12-01" if name == CEJ[1] else "2026-11-23" for name in dates}
    assert stamped(sheet, sheet, SOURCE, ON) == sheet


def test_a_new_service_is_stated_whole(sheet: dict[str, Any], base: Base) -> None:
    new: dict[str, Any] = {
        "id": f"{SHEET}-nouveau",
        "nom": "Atelier",
        "description": "Un atelier.",
        "spro": {"besoins": ["trouver-emploi"], "niveau": "information"},
    }
    sent = stamped(sheet, with_fact(sheet, ("services", new["id"]), new), SOURCE, ON)
    stated = at(sent, ("services", new["id"], "spro", "provenance"))
    assert stated == dict.fromkeys(("besoins", "description", "niveau", "nom"), declared(SOURCE, ON))
    assert checked(SHEET, sent, base).services[-1].nom == "Atelier"


def test_a_confirmed_fact_is_dated_without_being_changed(sheet: dict[str, Any]) -> None:
    stated = ("spro", "provenance", "description")
    sent = stamped(sheet, with_fact(sheet, stated, declared(SOURCE, ON)), SOURCE, ON)
    assert at(sent, stated) == declared(SOURCE, ON)
    assert sent["date_maj"] == "2026-12-01"


@given(st.dictionaries(st.sampled_from(PLACES), TEXTS), st.dictionaries(st.sampled_from(PLACES), TEXTS))
def test_every_changed_fact_is_stated_and_no_other(was: dict[Place, Any], now: dict[Place, Any]) -> None:
    before, after = _document(was), _document(now)
    sent = stamped(before, after, SOURCE, ON)
    for place in PLACES:
        stated = at(sent, (*_holder(place), "spro", "provenance", place[-1]))
        changed = at(before, place) != at(after, place)
        assert at(sent, place) == at(after, place)
        assert stated == (declared(SOURCE, ON) if changed and at(after, place) is not None else None)


# --- merging ---


def _holder(place: Place) -> Place:
    return place[:2] if place[0] == "services" else ()


def _document(told: dict[Place, Any]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for place, value in told.items():
        if value is not None:
            document = with_fact(document, place, value)
    return document


VERSIONS = st.dictionaries(st.sampled_from(PLACES), TEXTS).map(_document)


@given(VERSIONS, VERSIONS, VERSIONS)
def test_each_side_can_be_taken_whole(before: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    places = [gap.place for gap in gaps(before, mine, theirs)]
    assert facts(merged(before, mine, theirs, ())) == facts(theirs)
    assert facts(merged(before, mine, theirs, places)) == facts(mine)


@given(VERSIONS, VERSIONS, VERSIONS)
def test_what_one_side_changed_alone_is_evident(
    before: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    found = gaps(before, mine, theirs)
    of_mine = [gap.place for gap in found if gap.evident == "la-mienne"]
    result = merged(before, mine, theirs, of_mine)
    for place in facts(mine).keys() | facts(theirs).keys() | facts(before).keys():
        mine_changed, theirs_changed = (at(side, place) != at(before, place) for side in (mine, theirs))
        whole = _holder(place)
        alone = bool(whole) and (at(mine, whole) is None) != (at(theirs, whole) is None)
        if not alone and mine_changed != theirs_changed:
            assert at(result, place) == at(mine if mine_changed else theirs, place)


def test_both_changes_are_kept_when_they_do_not_meet(sheet: dict[str, Any]) -> None:
    mine = with_fact(sheet, ("telephone",), "02 61 91 12 34")
    theirs = with_fact(with_fact(sheet, (*CEJ, "spro", "age_min"), 18), ("services", f"{SHEET}-accompagnement"), None)
    found = {gap.place: gap.evident for gap in gaps(sheet, mine, theirs)}
    assert found == {
        ("telephone",): "la-mienne",
        (*CEJ, "spro", "age_min"): "l-autre",
        ("services", f"{SHEET}-accompagnement"): "l-autre",
    }
    result = merged(sheet, mine, theirs, [("telephone",)])
    assert result == with_fact(theirs, ("telephone",), "02 61 91 12 34")


def test_what_only_one_confirmed_stays_confirmed(sheet: dict[str, Any]) -> None:
    stated = ("spro", "provenance", "description")
    mine = with_fact(sheet, stated, declared(SOURCE, ON))
    theirs = with_fact(sheet, ("telephone",), "3949")
    assert gaps(sheet, mine, theirs)[0].place == ("telephone",)
    assert at(merged(sheet, mine, theirs, ()), stated) == declared(SOURCE, ON)
    changed = with_fact(theirs, ("description",), "Autre chose.")
    assert at(merged(sheet, mine, changed, ()), stated) == at(sheet, stated)
