"""Communes, departments and groups of communes: real codes, and the names under which people say them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import spelling, territory
from engine.base import Base
from engine.places import UnknownName, resolve_commune
from engine.territory import (
    COMMUNES,
    FORMER,
    POINTS,
    commune,
    communes_of,
    find,
    fold,
    formerly,
    inhabitants,
    is_called,
    is_zone,
    named,
    point,
    with_postcode,
)

LINES = [line.split("\t") for line in COMMUNES.read_text(encoding="utf-8").splitlines()]
PAST = [line.split("\t") for line in FORMER.read_text(encoding="utf-8").splitlines()]
ZONES = {line[column] for line in LINES for column in (0, 3, 4)} - {""} | territory.WHOLE_COUNTRY
DREUX = ("28", "200040277")
CODES = {line[0] for line in LINES}
PLACED = [line.split("\t") for line in POINTS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def names(words: str, near: tuple[str, ...] = ()) -> list[str]:
    return [f"{place.nom} {place.code}" for place in find(words, near)]


# --- the data ---


def test_every_line_is_well_formed() -> None:
    shapes = (
        r"\d[\dAB]\d{3}",
        r"\S.*\S|\S",
        r"[a-z0-9]+( [a-z0-9]+)*",
        r"\d[\dAB]|9[78]\d",
        r"\d{9}|",
        r"(\d{5}(,\d{5})*)?",
    )
    wrong = [
        line
        for line in LINES
        if len(line) != len(shapes) or not all(map(re.fullmatch, shapes, line)) or line[2] != fold(line[1])
    ]
    assert wrong == []
    assert len(LINES) > 34_900


def test_codes_are_unique_sorted_and_of_their_department() -> None:
    codes = [line[0] for line in LINES]
    assert codes == sorted(set(codes))
    assert [line for line in LINES if not line[0].startswith(line[3])] == []
    assert [line for line in LINES if len(set(line[5].split(","))) != len(line[5].split(","))] == []


def test_every_commune_is_found_by_its_code() -> None:
    for code, name, _, department, group, postcodes in LINES[::97]:
        place = commune(code)
        assert place is not None
        assert (place.nom, place.departement, place.epci) == (name, department, group)
        assert ",".join(place.codes_postaux) == postcodes
        assert {"france", "99100", code, department} <= place.zones


def test_the_basin_of_dreux() -> None:
    group, department = communes_of("200040277"), communes_of("28")
    assert (len(group), len(department)) == (81, 363)
    assert {place.epci for place in group} == {"200040277"}
    assert {place.departement for place in department} == {"28"}
    assert {place.departement for place in group} == {"27", "28"}
    assert [place.nom for place in group] == sorted((place.nom for place in group), key=fold)
    assert "Dreux" in {place.nom for place in group}


def test_two_digits_are_a_department() -> None:
    """28 and 24 are also codes of regions (Normandie, Centre-Val de Loire)."""
    assert {place.departement for place in communes_of("24")} == {"24"}
    assert "Périgueux" in {place.nom for place in communes_of("24")}
    assert "Chartres" in {place.nom for place in communes_of("28")}


def test_no_zone_has_no_communes() -> None:
    assert [communes_of(zone) for zone in ("99", "999999999", "", "france", ".", "28134")] == [()] * 6


# --- codes ---


@pytest.mark.parametrize(
    "code", ["28134", "28", "24", "2A", "2A004", "971", "974", "97411", "200040277", "france", "99100", "75056"]
)
def test_real_zones(code: str) -> None:
    assert is_zone(code)


@pytest.mark.parametrize(
    "code",
    [
        *("", "2", "99", "00", "28999", "24000000x", "999999999", "2004027", "France", "FRANCE", "2a", "20", "2800"),
        *("28134 ", "28100,28134", "Dreux", "eu", "Eu", "us", "ars", "９９", "28\n", "١٢", "\t28"),
    ],
)
def test_what_is_no_zone(code: str) -> None:
    assert not is_zone(code)


@given(st.one_of(st.text(max_size=9), st.from_regex(r"\A[0-9A-Za-z]{2,5}\Z")))
def test_a_zone_is_a_code_of_the_data(code: str) -> None:
    assert is_zone(code) is (code in ZONES)


def test_28100_is_cintray_and_not_dreux() -> None:
    cintray, dreux = commune("28100"), commune("28134")
    assert cintray is not None
    assert dreux is not None
    assert (cintray.nom, dreux.nom) == ("Cintray", "Dreux")
    assert "28100" in dreux.codes_postaux
    assert names("28100", DREUX) == ["Cintray 28100"]


@pytest.mark.parametrize("code", ["", "28", "2813", "281340", "28999", "dreux", "28134\n", "２８１３４"])
def test_codes_of_no_commune(code: str) -> None:
    assert commune(code) is None


# --- names ---


@pytest.mark.parametrize(
    ("said", "folded"),
    [
        ("Dreux", "dreux"),
        ("  DREUX  ", "dreux"),
        ("Évreux", "evreux"),
        ("E\u0301vreux", "evreux"),
        ("Saint-Rémy-sur-Avre", "saint remy sur avre"),
        ("St Rémy sur Avre", "saint remy sur avre"),
        ("St-Rémy s/ Avre", "saint remy s avre"),
        ("ST. REMY SUR AVRE", "saint remy sur avre"),
        ("Ste-Gemme-Moronval", "sainte gemme moronval"),
        ("Stains", "stains"),
        ("Œting", "oeting"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("", ""),
        ("😀", ""),
    ],
)
def test_folding(said: str, folded: str) -> None:
    assert fold(said) == folded


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert re.fullmatch(r"([a-z0-9]+( [a-z0-9]+)*)?", once)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Dreux", ["Dreux 28134"]),
        ("dreux ", ["Dreux 28134"]),
        ("st remy sur avre", ["Saint-Rémy-sur-Avre 28359"]),
        ("Ste Gemme Moronval", ["Sainte-Gemme-Moronval 28332"]),
        ("28134", ["Dreux 28134"]),
        ("2a004", ["Ajaccio 2A004"]),
        ("27710", ["Saint-Georges-Motel 27543"]),
        ("27530", ["Saint-Denis-d'Augerons 27530"]),
        ("Saint-Denis", ["Saint-Denis 11339", "Saint-Denis 30247", "Saint-Denis 93066", "Saint-Denis 97411"]),
        ("Dreuxx", []),
        ("", []),
        ("   ", []),
        (".*", []),
        ("99999", []),
    ],
)
def test_finding(said: str, found: list[str]) -> None:
    assert names(said) == found


def test_communes_of_the_basin_come_first_and_alone() -> None:
    assert len(find("Saint-Rémy-sur-Avre")) == 1
    assert names("27710", DREUX) == ["Saint-Georges-Motel 27543"]
    assert names("Fontenay", ("200072809", "76")) == ["Fontenay 76275"]
    assert names("Saint-Denis", ("974",)) == ["Saint-Denis 97411"]
    assert len(find("Saint-Denis", DREUX)) == 4


# --- names as people write them ---


@pytest.mark.parametrize(
    ("said", "found"),
    [
        *(("nogent le roy", "28279"), ("Vernouilet", "28404"), ("Chateauneuf en Timerais", "28089")),
        *(("Ferté-Vidame", "28149"), ("St Rémy s/ Avre", "28359"), ("Ézy", "27230"), ("Ivry", "27355")),
        *(("nogentleroi", "28279"), ("la framboisiere", "28159"), ("Lemesnil Simon", "28247"), ("ezysureure", "27230")),
        *(("Abondan", "28001"), ("Senonche", "28373"), ("Chateaudum", "28088"), ("Havre", "76351")),
        *(("L'Hay les Roses", "94038"), ("LHay-les-Roses", "94038"), ("Mézières", "28251")),
        *(("Paris 1er", "75101"), ("paris 12", "75112"), ("Paris 12ème arrondissement", "75112")),
        *(("Marseille 3", "13203"), ("Lyon 3e arr.", "69383"), ("12e arrondissement de Paris", "75112")),
        *(("Paris", "75056"), ("Paris 20e", "75120"), ("28500 Vernouillet", "28404"), ("Vernouillet 28500", "28404")),
        *(("Dreux (28100)", "28134"), ("Vernouillet (78540)", "78643")),
        *(("Pierrefitte-sur-Seine", "93066"), ("93059", "93066"), ("pierrefite sur seine", "93066")),
        *(("Auneau", "28015"), ("28361", "28015"), ("Orlu (28)", None), ("28288", "28183")),
    ],
)
def test_a_name_as_people_write_it(said: str, found: str | None) -> None:
    assert [place.code for place in find(said, DREUX)] == ([found] if found else [])


@pytest.mark.parametrize(
    "said", ["Dreuxx", "Anett", "Paris 21", "Paris 0", "Lyon 10", "Dreux (75001)", "le", "l'", "aaaaaaaaaaaa"]
)
def test_what_is_not_a_name_finds_nothing(said: str) -> None:
    assert find(said, DREUX) == []


def test_several_are_never_chosen_from() -> None:
    assert names("Boissy", DREUX) == ["Boissy-en-Drouais 28045", "Boissy-lès-Perche 28046"]
    assert names("Londres") == ["Landres 54295", "Ondres 40209"]
    assert "Champagne 07051" in names("Champagne", DREUX)  # once the name of a part of Goussainville, in the basin


@given(st.sampled_from(LINES), st.sampled_from([(), DREUX, ("75",)]))
def test_an_official_name_finds_itself_however_it_is_written(line: list[str], near: tuple[str, ...]) -> None:
    code, name = line[0], line[1]
    for said in (name, name.upper(), fold(name), name.replace("-", " "), name.replace("Saint-", "St ")):
        found = find(said, near)
        inside = {place.code for place in found if place.zones & set(near)}
        assert code in {place.code for place in found} or inside
        assert all(fold(place.nom) == fold(name) for place in found) or inside
    assert [place.code for place in find(code, near)] == [code]


@given(st.sampled_from(PAST))
def test_a_name_of_the_past_finds_the_commune_of_today(line: list[str]) -> None:
    code, name, _, today = line
    assert today in {place.code for place in formerly(code)}
    if name:
        assert today in {place.code for place in formerly(name)}
        assert today in {place.code for place in find(name)} or named(name)
    assert code in CODES or today in {place.code for place in find(code)}


def test_the_past_is_well_formed_and_leads_to_today() -> None:
    assert sorted(PAST) == PAST
    assert len(PAST) > 4_900
    assert [line for line in PAST if len(line) != 4 or line[2] != fold(line[1]) or line[3] not in CODES] == []
    assert sum(not line[1] for line in PAST) == 6
    current = {(line[0], line[2]) for line in LINES}
    assert [line for line in PAST if (line[0], line[2]) in current] == []


_LONG = [line for line in LINES if len(line[2]) >= 12 and line[3] == "28"]


@given(st.sampled_from(_LONG), st.integers(0, 11), st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
def test_a_letter_wrong_in_a_long_name_never_leads_elsewhere_alone(line: list[str], at: int, letter: str) -> None:
    """It finds the commune, or several, or one whose name is heard so or has one letter else too."""
    wrong = line[2][:at] + letter + line[2][at + 1 :]
    found = find(wrong, DREUX)
    if len(found) == 1 and found[0].code != line[0] and not (named(wrong) or formerly(wrong)):
        near = {near for form in spelling.forms(wrong) for near in {form, *spelling.one_wrong(form)}}
        heard = {spelling.sound(form) for form in spelling.forms(wrong)}
        forms = spelling.forms(fold(found[0].nom))
        assert forms & near or {spelling.sound(form) for form in forms} & heard


@pytest.mark.parametrize(
    ("code", "said", "called"),
    [
        ("28279", "Nogent le Roi", True),
        ("28279", "28279", True),
        ("28279", "nogent roi", True),
        ("28279", "Nogent le Roy", False),
        ("28149", "Ferté Vidame", True),
        ("75101", "Paris 1er", True),
        ("93066", "93059", False),
        ("93066", "Pierrefitte-sur-Seine", False),
    ],
)
def test_what_a_commune_is_called(code: str, said: str, called: bool) -> None:
    place = commune(code)
    assert place
    assert is_called(place, said) is called


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "Dreuxx",
            "commune « Dreuxx » inconnue (nom ou code INSEE à 5 chiffres attendu). Vouliez-vous dire « Dreux » ?",
        ),
        ("Zzz", "commune « Zzz » inconnue (nom ou code INSEE à 5 chiffres attendu)."),
        ("😀", "commune « 😀 » inconnue (nom ou code INSEE à 5 chiffres attendu)."),
        (
            "Saint-Denis",
            "plusieurs communes se nomment « Saint-Denis » : donnez le code INSEE (Saint-Denis (11339), "
            "Saint-Denis (30247), Saint-Denis (93066), Saint-Denis (97411)).",
        ),
        (
            "Evreu",
            "commune « Evreu » inconnue (nom ou code INSEE à 5 chiffres attendu). Vouliez-vous dire « Évreux » ?",
        ),
        (
            "Boissy",
            "« Boissy » peut désigner plusieurs communes : donnez le code INSEE (Boissy-en-Drouais (28045), "
            "Boissy-lès-Perche (28046)).",
        ),
    ],
)
def test_what_is_said_of_a_commune_that_is_not_clear(said: str, sentence: str, base: Base) -> None:
    with pytest.raises(UnknownName) as unclear:
        resolve_commune(said, base.catalogue)
    assert (unclear.value.champ, str(unclear.value)) == ("commune", sentence)


@pytest.mark.parametrize("said", ["28100", "27710", "97430", "75001", "28999", "", "2810", "28100,28134", "\t", "\n"])
def test_a_postcode_is_found_where_it_is_written(said: str) -> None:
    by_hand = [line[0] for line in LINES if said in line[5].split(",")] if said else []
    assert [place.code for place in with_postcode(said)] == by_hand


@pytest.mark.parametrize("said", ["Dreux", "st denis", "SAINT-DENIS", "L'Haÿ-les-Roses", "Dreuxx", "", "\t", "28100"])
def test_a_name_is_found_where_it_is_written(said: str) -> None:
    by_hand = [line[0] for line in LINES if line[2] == fold(said)]
    assert [place.code for place in named(said)] == by_hand


# --- where communes are ---


def test_points_are_those_of_real_communes_and_say_where_they_come_from() -> None:
    head = [line for line in POINTS.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert "GeoNames" in " ".join(head)
    assert "CC BY 4.0" in " ".join(head)
    codes = [line[0] for line in PLACED]
    assert codes == sorted(set(codes))
    assert set(codes) <= {line[0] for line in LINES}
    shapes = (r"\w{5}", r"-?\d{1,2}\.\d{5}", r"-?\d{1,2}\.\d{5}", r"\d+")
    assert [line for line in PLACED if len(line) != 4 or not all(map(re.fullmatch, shapes, line))] == []
    in_france = [line for line in PLACED if not line[0].startswith("97") and 41 < float(line[1]) < 51.2]
    assert len(in_france) == len([line for line in PLACED if not line[0].startswith("97")])


def test_points_of_the_basin() -> None:
    group, department = communes_of("200040277"), communes_of("28")
    assert sum(point(place.code) is not None for place in group) == 40
    assert sum(point(place.code) is not None for place in department) == 137
    for place in {*group, *department}:
        found = point(place.code)
        assert found is None or (47.9 < found[0] < 48.95 and 0.7 < found[1] < 2.0), place


def test_the_point_of_a_commune_and_how_many_live_there() -> None:
    assert point("28134") == (48.73649, 1.36566)
    assert inhabitants("28134") > inhabitants("28404") > 0  # Vernouillet
    assert [point(code) for code in ("28001x", "28003", "", "28")] == [None] * 4
    assert inhabitants("28003") == 0


@pytest.mark.parametrize(
    ("code", "other"),
    [("45004", "28006"), ("07195", "77389"), ("04194", "97416")],
    ids=["Amilly", "La Rochette", "Saint-Pierre"],
)
def test_a_point_is_not_given_to_another_commune_of_the_same_name(code: str, other: str) -> None:
    places = commune(code), commune(other)
    assert places[0]
    assert places[1]
    assert fold(places[0].nom) == fold(places[1].nom)
    assert point(code) != point(other)
