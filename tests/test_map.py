"""The map of the basin, and hours on sheets: where structures are, what is drawn, and what an agent sees."""

from __future__ import annotations

import json
import math
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from desk.annuaire.map_drawing import SIGNS, WIDTH, draw, frame, group
from desk.annuaire.places import (
    NO_ADDRESS,
    NO_POINT,
    NO_PUBLIC,
    NOT_A_COMMUNE,
    SEVERAL,
    Lieu,
    places,
)
from desk.contacts import contacts, hours_in_words, in_markdown, open_at, own_contacts
from engine import territory
from engine.base import CATALOGUE, Base
from fiche.model import Service, Structure
from tests.browser import serving, settle, violations, visiting
from tests.test_front_desk import _check

ZONES = ("28", "200040277")
DREUX = territory.point("28134")
SVG = "{http://www.w3.org/2000/svg}"


def structure(base: Base, **facts: Any) -> Structure:
    """A structure of the network of which nothing is known but these facts."""
    known = base.catalogue.structures["mission-locale-dreux"]
    bare = {"adresse": None, "commune": None, "code_postal": None, "code_insee": None, "services": ()}
    return known.model_copy(update=bare | facts)


def service(base: Base, **facts: Any) -> Service:
    """A service of the network of which nothing is known but these facts."""
    bare = {"adresse": None, "commune": None, "code_postal": None, "code_insee": None}
    return base.catalogue.structures["mission-locale-dreux"].services[0].model_copy(update=bare | facts)


# --- where structures are ---


@pytest.mark.parametrize(
    "facts",
    [
        {"code_insee": "28134"},
        {"commune": "Dreux"},
        {"commune": "DREUX Cedex", "code_postal": "28109"},
        {"commune": "Dreux", "code_postal": "28100", "adresse": "1 rue de l'Essai"},
    ],
    ids=str,
)
def test_the_centre_of_its_commune_and_said_so(facts: dict[str, str], base: Base) -> None:
    found, absent = places([structure(base, **facts)], base.catalogue.territoire)
    assert absent == []
    assert [(lieu.commune, lieu.position, lieu.precis) for lieu in found] == [("Dreux", DREUX, False)]


def test_its_own_position_comes_first(base: Base) -> None:
    found, _ = places([structure(base, code_insee="28134", latitude=48.74, longitude=1.37)], base.catalogue.territoire)
    assert [(lieu.commune, lieu.position, lieu.precis) for lieu in found] == [("Dreux", (48.74, 1.37), True)]


@pytest.mark.parametrize(
    ("facts", "commune", "reason"),
    [
        ({}, "", NO_ADDRESS),
        ({"adresse": "1 rue de l'Essai"}, "", NO_ADDRESS),
        ({"commune": "Dreuxx"}, "Dreuxx", NOT_A_COMMUNE),
        ({"code_insee": "28003"}, "Allainville", NO_POINT),
        ({"commune": "Saint-Denis"}, "Saint-Denis", SEVERAL),
        ({"latitude": 48.7}, "", NO_ADDRESS),
    ],
    ids=str,
)
def test_no_position_is_guessed(facts: dict[str, Any], commune: str, reason: str, base: Base) -> None:
    found, absent = places([structure(base, **facts)], base.catalogue.territoire)
    assert found == []
    assert [(absence.commune, absence.raison) for absence in absent] == [(commune, reason)]


def test_a_name_shared_by_communes_is_that_of_the_postcode_else_of_the_basin(base: Base) -> None:
    told: tuple[tuple[dict[str, str], str], ...] = (
        ({"commune": "Amilly"}, "28006"),
        ({"commune": "Amilly", "code_postal": "45200"}, "45004"),
        ({"commune": "Amilly Cedex", "code_postal": "45209"}, "45004"),
    )
    for facts, code in told:
        found, _ = places([structure(base, **facts)], base.catalogue.territoire)
        assert [lieu.position for lieu in found] == [territory.point(code)]


def test_who_receives_nobody_needs_no_address(base: Base) -> None:
    _, absent = places([base.catalogue.structures["gip-alfa"]], base.catalogue.territoire)
    assert [absence.raison for absence in absent] == [NO_PUBLIC]


def test_a_service_held_elsewhere_is_also_on_the_map(base: Base) -> None:
    same, elsewhere = service(base, code_insee="28134"), service(base, code_insee="28085", nom="Permanence")
    unknown = service(base)
    held = structure(base, nom="Essai", code_insee="28134", services=(same, elsewhere, elsewhere, unknown))
    found, absent = places([held], base.catalogue.territoire)
    assert [(lieu.nom, lieu.commune) for lieu in found] == [("Essai", "Dreux"), ("Essai (Permanence)", "Chartres")]
    assert absent == []
    found, absent = places([structure(base, services=(elsewhere,))], base.catalogue.territoire)
    assert [lieu.commune for lieu in found] == ["Chartres"]
    assert absent == []


def test_the_nearest_to_the_seat_of_the_basin_first(base: Base) -> None:
    told = [structure(base, code_insee=code) for code in ("28088", "28085", "28404", "28134")]
    found, _ = places(told, base.catalogue.territoire)
    assert [lieu.commune for lieu in found] == ["Dreux", "Vernouillet", "Chartres", "Châteaudun"]


def test_what_is_shipped_is_somewhere_or_has_a_reason(base: Base) -> None:
    structures = base.catalogue.structures.values()
    found, absent = places(structures, base.catalogue.territoire)
    told = {lieu.structure.id for lieu in found} | {absence.structure.id for absence in absent}
    assert told == set(base.catalogue.structures)
    for place in found:
        assert place.precis or place.structure.commune, place.nom


# --- what is drawn ---


def _image(lieux: list[Lieu]) -> tuple[ElementTree.Element, list[tuple[float, float]]]:
    cadre = frame(ZONES)
    assert cadre
    signs = group(lieux, cadre)
    return ElementTree.fromstring(draw(signs, ZONES, cadre)), [(sign.x, sign.y) for sign in signs]


def test_communes_of_the_basin_give_its_shape() -> None:
    cadre = frame(ZONES)
    assert cadre
    image, _ = _image([])
    known = {place.code for zone in ZONES for place in territory.communes_of(zone) if territory.point(place.code)}
    assert len(image.findall(f"{SVG}circle")) == len(known)
    for code in known:
        centre = territory.point(code)
        assert centre
        assert cadre.holds(centre), code
    assert not cadre.holds((47.9, 1.9))  # Orléans
    assert "Dreux" in [text.text for text in image.iter(f"{SVG}text")]


def test_places_without_a_known_commune_have_no_frame() -> None:
    assert frame(("99",)) is None
    assert frame(()) is None


def test_a_smaller_basin_is_drawn_larger() -> None:
    group_of_communes, department = frame(("200040277",)), frame(("28",))
    assert group_of_communes
    assert department
    assert DREUX
    assert group_of_communes.holds(DREUX)
    assert group_of_communes.par_latitude > 2 * department.par_latitude


def test_networks_are_told_by_shape_as_well_as_by_colour(base: Base) -> None:
    shapes = {}
    for number, network in enumerate(("local", "regional", "hors-reseau")):
        held = structure(base, latitude=48.7 - number / 5, longitude=1.3)
        spro = held.spro.model_copy(update={"reseau": network})
        found, _ = places([held.model_copy(update={"spro": spro})], base.catalogue.territoire)
        image, _ = _image(found)
        signs = [node for node in image if node.get("fill") == SIGNS[network][1]]
        assert len(signs) == 1
        shapes[network] = (signs[0].tag, len((signs[0].get("points") or "").split()), signs[0].get("points", "")[:6])
    assert len(set(shapes.values())) == 3
    assert {color for _, color in SIGNS.values()} == {"#1f4e8c", "#6a2c91", "#8a4200", "#333a45"}


def test_only_what_is_at_the_centre_of_a_commune_has_a_dashed_ring(base: Base) -> None:
    for facts, rings in (({"code_insee": "28134"}, 1), ({"latitude": 48.7, "longitude": 1.3}, 0)):
        found, _ = places([structure(base, **facts)], base.catalogue.territoire)
        image, _ = _image(found)
        assert len([node for node in image if node.get("stroke-dasharray")]) == rings


def test_a_name_is_never_read_as_markup(base: Base) -> None:
    found, _ = places([structure(base, latitude=48.7, longitude=1.3, commune='<script>&"')], base.catalogue.territoire)
    image, _ = _image(found)
    assert '<script>&"' in [text.text for text in image.iter(f"{SVG}text")]
    assert image.find(f".//{SVG}script") is None


_positions = st.lists(st.tuples(st.floats(47.8, 49), st.floats(0.7, 2.1)), max_size=60)


@given(_positions)
def test_signs_never_cover_one_another_and_lose_nothing(base: Base, found: list[tuple[float, float]]) -> None:
    held = structure(base)
    lieux = [Lieu(held, f"Essai {number}", "", position, True) for number, position in enumerate(found)]
    cadre = frame(ZONES)
    assert cadre
    lieux = [lieu for lieu in lieux if cadre.holds(lieu.position)]
    signs = group(lieux, cadre)
    assert [sign.numero for sign in signs] == list(range(1, len(signs) + 1))
    assert sorted(lieu.nom for sign in signs for lieu in sign.lieux) == sorted(lieu.nom for lieu in lieux)
    for one, other in combinations(signs, 2):
        assert math.hypot(one.x - other.x, one.y - other.y) > 30
    for sign in signs:
        assert 15 <= sign.x <= WIDTH - 15
        assert 15 <= sign.y <= cadre.hauteur - 15


# --- hours on a sheet and on a card ---

WEDNESDAY = datetime(2026, 11, 25, 10, 5)
USUAL = "Mo-Fr 09:00-12:00; PH off"


def test_hours_are_said_in_french_with_the_state_at_that_time(base: Base) -> None:
    lines = in_markdown(contacts(structure(base, horaires_accueil=USUAL), at=WEDNESDAY)).splitlines()
    assert any(line.startswith("Horaires : **du lundi au vendredi : 9 h – 12 h ; fermé les jours") for line in lines)
    assert any(line.startswith("À 10 h 05 : **Ouvert, ferme à 12 h**") for line in lines)


def test_a_service_has_its_own_hours_and_telephone(base: Base) -> None:
    own = service(base, horaires_accueil='"sur RDV"', telephone="+33261911234")
    held = structure(base, horaires_accueil=USUAL, services=(own,))
    told = {contact.nom: contact.texte for contact in contacts(held, own, WEDNESDAY)}
    assert (told["horaires"], told["à 10 h 05"]) == ("sur RDV", "Ouverture à vérifier : sur RDV")
    assert {contact.texte for contact in own_contacts(held, own)} >= {"02 61 91 12 34", "sur RDV"}
    assert own_contacts(held, service(base)) == ()


def test_hours_that_cannot_be_read_are_shown_as_they_are(base: Base) -> None:
    held = structure(base, horaires_accueil="le matin")
    assert hours_in_words("le matin") == "le matin"
    assert open_at(held, WEDNESDAY) is None
    assert "Horaires : **le matin**" in in_markdown(contacts(held, at=WEDNESDAY))
    assert open_at(structure(base), WEDNESDAY) is None


# --- in the browser ---

COUNT = 300


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped sheets, and three hundred of a large basin."""
    folder = tmp_path_factory.mktemp("fiches") / "catalogue"
    shutil.copytree(CATALOGUE, folder)
    communes = [place for place in territory.communes_of("28") if territory.point(place.code)]
    hours = ("24/7", '"sur *RDV*"', "le matin", None)
    for number in range(COUNT):
        place = communes[number % len(communes)] if number % 3 else territory.commune("28085")
        assert place
        sheet: dict[str, Any] = {
            "id": f"essai-{number}",
            "nom": f"Essai <b>{number}</b>",
            "date_maj": "2026-11-23",
            "code_insee": place.code,
            "commune": place.nom,
            "horaires_accueil": hours[number % len(hours)],
            "spro": {
                "role": "bge",
                "reseau": ("local", "regional", "hors-reseau")[number % 3],
                "recoit_public": True,
                "provenance": {"nom": {"source": "S01", "verifie": "2026-11-23", "confiance": "V"}},
            },
        }
        (folder / f"essai-{number}.yaml").write_text(json.dumps(sheet), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, sheets: Path) -> Iterator[str]:
    """A front desk with many structures."""
    with serving(tmp_path_factory.mktemp("serveur"), "--catalogue", str(sheets)) as found:
        yield found


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The shipped front desk."""
    with serving(tmp_path_factory.mktemp("serveur")) as found:
        yield found


def _fits(page: Page) -> None:
    """Accessible, in French, and the image within the page, on a large and on a small screen."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        _check(page)
        image = page.locator(".st-key-carte img")
        box = image.bounding_box()
        assert box
        assert 200 < box["width"] <= width - 20
        assert page.get_by_test_id("stMain").evaluate("element => element.scrollWidth") <= width
        assert page.evaluate("image => image.naturalWidth", image.element_handle()) == WIDTH


def test_the_map_of_what_is_known_today(browser: Browser, shipped: str) -> None:
    with visiting(browser, shipped, base_url=shipped) as context:
        page = context.new_page()
        page.goto("/annuaire")
        settle(page)
        image = page.locator(".st-key-carte img")
        expect(image).to_be_in_viewport()
        expect(image).to_have_attribute("alt", re.compile("la liste des structures dit tout ce que la carte montre"))
        spots = page.locator(".st-key-carte ol li")
        expect(spots.first).to_have_text(re.compile("^Dreux — au centre de la commune : France Travail Dreux"))
        expect(page.get_by_role("heading", name="Pas sur la carte")).to_be_visible()
        expect(page.get_by_role("listitem").filter(has_text="Adresse à compléter par la structure")).to_be_visible()
        expect(page.get_by_role("listitem").filter(has_text="Hors de la carte")).to_contain_text("Orléans")
        expect(page.get_by_text("GeoNames, licence CC BY 4.0")).to_be_visible()
        _fits(page)
        page.get_by_role("link", name="Aller à la carte").click()
        expect(image).to_be_in_viewport()


def test_the_map_follows_the_search(browser: Browser, shipped: str) -> None:
    with visiting(browser, shipped, base_url=shipped) as context:
        page = context.new_page()
        page.goto("/annuaire")
        page.get_by_label("Chercher").press_sequentially("france travail dreux")
        expect(page.get_by_role("heading", level=2).first).to_have_text("1 structure")
        expect(page.locator(".st-key-carte img")).to_have_attribute("alt", re.compile("1 structure en 1 endroit"))
        page.get_by_label("Chercher").fill("gip alfa")
        expect(page.get_by_text("Aucune de ces structures n’a de position connue")).to_be_visible()
        settle(page)
        assert violations(page) == []


def test_the_map_of_three_hundred_structures(browser: Browser, large: str) -> None:
    with visiting(browser, large, base_url=large) as context:
        page = context.new_page()
        page.goto("/annuaire")
        expect(page.locator(".st-key-carte img")).to_have_attribute("alt", re.compile(f"{COUNT + 4} structures en"))
        page.get_by_text(re.compile(r"Les \d+ endroits")).click()
        expect(page.locator(".st-key-carte ol li").first).to_contain_text("Essai <b>")
        _fits(page)


def test_open_or_closed_in_the_list_and_on_the_sheet(browser: Browser, large: str) -> None:
    with visiting(browser, large, base_url=large) as context:
        page = context.new_page()
        page.goto("/annuaire?structure=essai-0")
        main = page.get_by_test_id("stMain")
        expect(main).to_contain_text("Horaires : tous les jours, 24 h sur 24")
        expect(main).to_contain_text(re.compile(r"À \d+ h( \d\d)? : Ouvert en permanence"))
        page.goto("/annuaire?structure=essai-1")
        expect(main).to_contain_text("Horaires : sur *RDV*")
        expect(main).to_contain_text("Ouverture à vérifier : sur *RDV*")
        page.goto("/annuaire?structure=essai-2")
        expect(main).to_contain_text("Horaires : le matin")
        page.goto("/annuaire")
        expect(page.locator(".st-key-fiche-essai-0")).to_contain_text("Ouvert en permanence")
        expect(page.locator(".st-key-fiche-essai-102")).to_contain_text("Essai <b>102</b>")
        expect(page.locator(".st-key-fiche-essai-102")).not_to_contain_text(re.compile("À \\d"))  # « le matin »
