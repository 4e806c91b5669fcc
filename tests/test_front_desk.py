"""The front desk, as an agent uses it: a real browser in front of a real server."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from engine.base import CATALOGUE, REGLES
from tests.browser import (
    choose,
    field,
    first_door,
    health,
    serving,
    settle,
    violations,
    visiting,
    words_on,
)

RICH = "/?besoins=se-reconvertir,numerique&age=34&statuts=salarie-prive&freins=mobilite&bureau=bge-28"
MINOR = "/?age=17&statuts=sans-activite"
SHEET = "/annuaire?structure=france-travail-dreux"
PAGES = ("/", RICH, MINOR, "/annuaire", SHEET, "/regles", "/regles?regle=offre-age")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The shipped front desk."""
    with serving(tmp_path_factory.mktemp("serveur")) as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """An empty page of a new profile."""
    with visiting(browser, address, base_url=address) as context:
        yield context.new_page()


# --- the job ---


def test_the_whole_job_with_a_mouse(page: Page) -> None:
    page.goto("/")
    expect(first_door(page)).to_contain_text("M2END")
    choose(page, field(page, "besoins").get_by_role("combobox").first, "Changer de métier")
    field(page, "statuts").get_by_text("Salarié du privé").click()
    expect(first_door(page)).to_have_text("Avenir Actifs Centre-Val de Loire")
    card = page.locator(".st-key-reponse")
    expect(card).to_contain_text("Conseil en évolution professionnelle des salariés")
    expect(card).to_contain_text("à compléter par la structure")
    expect(card).to_contain_text("À vérifier")
    expect(page.get_by_text("À savoir")).to_be_visible()
    expect(page.get_by_role("heading", name="Étapes suivantes")).to_be_visible()
    expect(page.get_by_role("heading", name="Sous condition")).to_be_visible()
    field(page, "cadre").get_by_text("Oui").click()
    expect(first_door(page)).to_have_text("Apec Centre-Val de Loire")
    field(page, "cadre").get_by_text("Oui").click()
    expect(first_door(page)).to_have_text("Avenir Actifs Centre-Val de Loire")


def test_keyboard_only(page: Page) -> None:
    page.goto("/")
    settle(page)
    _tab_to(page, "Que demande la personne ?")
    page.keyboard.type("Trouver un emploi")
    expect(page.get_by_role("option").first).to_have_text("Trouver un emploi")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("besoins=trouver-emploi"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(field(page, "besoins").get_by_role("combobox").first).to_have_value("Trouver un emploi")
    _tab_to(page, "Quel âge a la personne ?")
    page.keyboard.type("20")
    expect(first_door(page)).to_have_text("Mission locale de Dreux")
    _tab_to(page, "Collégien ou lycéen")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("statuts=etudiant"))
    _tab_to(page, "Pourquoi ?")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-reponse").get_by_text("Source :").first).to_be_visible()


def _tab_to(page: Page, name: str) -> None:
    """Presses Tab until the focus is on an element that is called so."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || '').trim()"
        )
        if focused.startswith(name):
            return
    raise AssertionError(f"« {name} » is out of reach")


def test_the_answer_follows_the_typing(page: Page) -> None:
    page.goto("/?besoins=trouver-emploi")
    expect(first_door(page)).to_have_text("France Travail Dreux")
    age = field(page, "age").get_by_role("textbox")
    age.click()
    age.press_sequentially("20")
    expect(first_door(page)).to_have_text("Mission locale de Dreux")
    expect(age).to_be_focused()
    age.press("Home")
    age.press_sequentially("1")
    expect(first_door(page)).to_have_text("France Travail Dreux")
    assert page.evaluate("[document.activeElement.value, document.activeElement.selectionStart]") == ["120", 1]
    age.press_sequentially("9")
    expect(field(page, "age").get_by_role("alert")).to_contain_text("Écrivez un âge")


def test_a_question_answered_in_one_click_changes_the_first_card(page: Page) -> None:
    page.goto("/?besoins=se-reconvertir&statuts=salarie-prive")
    expect(first_door(page)).to_have_text("Avenir Actifs Centre-Val de Loire")
    page.locator(".st-key-ouverte-cadre").get_by_text("Oui", exact=True).click()
    expect(first_door(page)).to_have_text("Apec Centre-Val de Loire")
    expect(field(page, "cadre").get_by_role("radio", name="Oui")).to_be_checked()


def test_from_the_answer_to_its_source_in_two_clicks(page: Page) -> None:
    page.goto(MINOR)
    settle(page)
    card = page.locator(".st-key-reponse")
    card.get_by_text("Pourquoi ?").click()
    expect(card.get_by_text("Source :").first).to_be_visible()
    card.get_by_role("link", name="Voir la règle obligation-mission-locale").click()
    expect(page.get_by_role("heading", name="Sources", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=2)).to_contain_text("mission locale")
    expect(page).to_have_url(re.compile("/regles.*regle=obligation-mission-locale"))
    page.go_back()
    expect(first_door(page)).to_have_text("Mission locale de Dreux")


def test_why_not_another_structure(page: Page) -> None:
    page.goto("/?besoins=trouver-emploi&age=40&statuts=demandeur-emploi")
    expect(first_door(page)).to_have_text("France Travail Dreux")
    expect(page.get_by_text("Après France Travail Dreux, ").first).to_be_visible()
    box = page.get_by_role("combobox", name="Une structure qui n’est pas proposée")
    choose(page, box, "Mission locale de Dreux")
    expect(page.get_by_text("réservée à ce public : jeunes de 16 à 25 ans").first).to_be_visible()
    choose(page, box, "GIP Alfa")
    expect(page.get_by_text("elle ne reçoit pas le public").first).to_be_visible()


def test_contradictory_answers_are_said_and_kept_out(page: Page) -> None:
    page.goto("/?statuts=salarie-prive")
    statuts = field(page, "statuts")
    statuts.get_by_text("Ni emploi, ni études").click()
    expect(statuts.get_by_role("alert")).to_contain_text("contredit « Salarié du privé »")
    expect(page).to_have_url(re.compile(r"statuts=salarie-prive(&|$)"))
    statuts.get_by_text("Salarié du privé", exact=True).first.click()
    expect(statuts.get_by_role("alert")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"statuts=sans-activite(&|$)"))


# --- from one visitor to the next ---


def test_a_new_visitor_starts_from_nothing_but_the_desk(page: Page) -> None:
    page.goto(RICH)
    expect(first_door(page)).to_have_text("Avenir Actifs Centre-Val de Loire")
    page.get_by_role("button", name="Nouveau visiteur").click()
    expect(first_door(page)).to_contain_text("M2END")
    expect(page).to_have_url(re.compile(r"/\?bureau=bge-28$"))
    expect(field(page, "age").get_by_role("textbox")).to_have_value("")
    expect(field(page, "statuts").locator("[aria-pressed=true]")).to_have_count(0)
    expect(page.get_by_role("combobox", name="Vous êtes à")).to_have_value("BGE 28 (BGE Eure-et-Loir)")


def test_a_link_reopens_the_situation_without_what_is_sensitive(browser: Browser, address: str, page: Page) -> None:
    page.goto("/?besoins=trouver-emploi&age=44&freins=aucun&commune=28134")
    expect(first_door(page)).to_have_text("France Travail Dreux")
    page.get_by_text("Si la personne en parle d’elle-même").click()
    field(page, "handicap").get_by_text("Oui").click()
    expect(first_door(page)).to_have_text("Phare 28")
    page.get_by_role("button", name="Copier le lien").click()
    link = page.get_by_role("textbox", name="Lien qui rouvre cette situation").input_value()
    for written in (link, page.url):
        said = parse_qs(urlsplit(written).query)
        assert said == {
            "besoins": ["trouver-emploi"],
            "age": ["44"],
            "freins": ["aucun"],
            "commune": ["28134"],
        }
    with visiting(browser, address) as context:
        reopened = context.new_page()
        reopened.goto(link)
        expect(first_door(reopened)).to_have_text("France Travail Dreux")
        expect(field(reopened, "age").get_by_role("textbox")).to_have_value("44")
        expect(field(reopened, "commune").get_by_role("combobox")).to_have_value("Dreux (28100)")
        expect(field(reopened, "freins").get_by_role("button", name="Aucune")).to_have_attribute("aria-pressed", "true")


def test_where_the_person_lives_as_people_say_it(page: Page) -> None:
    """On a narrow screen, with the keyboard: a number is a postal code, and a name may be written otherwise."""
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto("/?besoins=trouver-emploi&age=20&commune=28134")
    box = field(page, "commune").get_by_role("combobox")
    for said, shown, door in (
        ("75012", "Paris 12e Arrondissement (75012)", "Mission locale de la commune où habite la personne"),
        ("28100", "Dreux (28100)", "Mission locale de Dreux"),
        ("Pierrefitte-sur-Seine", "Saint-Denis (93200, 93210, 93380)", "Mission locale de la commune"),
        ("nogent le roy", "Nogent-le-Roi (28210)", "Mission locale de Dreux"),
    ):
        choose(page, box, said)
        expect(box).to_have_value(shown)
        expect(first_door(page)).to_contain_text(door)
    choose(page, box, "27530")
    expect(box).to_have_value("")
    expect(field(page, "code_postal").get_by_role("textbox")).to_have_value("27530")
    expect(page.get_by_text("couvre plusieurs communes (Ézy-sur-Eure, Croth)")).to_be_visible()
    settle(page)
    box.click()
    expect(page.get_by_role("option").nth(0)).to_have_text("Ézy-sur-Eure (27530)")
    expect(page.get_by_role("option").nth(1)).to_have_text("Croth (27530)")
    page.keyboard.press("Enter")
    expect(box).to_have_value("Ézy-sur-Eure (27530)")
    expect(field(page, "code_postal")).to_have_count(0)


def test_the_desk_is_chosen_once(browser: Browser, address: str, page: Page) -> None:
    page.goto("/")
    choose(page, page.get_by_role("combobox", name="Vous êtes à"), "BGE 28")
    expect(page).to_have_url(re.compile("bureau=bge-28"))
    with visiting(browser, address, storage_state=page.context.storage_state()) as context:
        tomorrow = context.new_page()
        tomorrow.goto(f"{address}/?besoins=creer-entreprise")
        expect(first_door(tomorrow)).to_have_text("BGE 28 (BGE Eure-et-Loir)")
        expect(tomorrow.locator(".st-key-reponse")).to_contain_text("C’est chez vous")


def test_a_wrong_link_is_ignored_with_a_plain_message(page: Page) -> None:
    page.goto("/?age=abc&couleur=bleu&handicap=oui&besoins=tout&commune=99999&bureau=inconnu&statuts=etudiant")
    expect(first_door(page)).to_be_visible()
    message = page.get_by_role("alert")
    for name in ("age", "couleur", "handicap", "besoins", "commune", "bureau"):
        expect(message).to_contain_text(f"« {name} »")
    expect(page).to_have_url(re.compile(r"/\?statuts=etudiant(&bureau=)?$"))
    expect(field(page, "statuts").get_by_role("button", name="Étudiant")).to_have_attribute("aria-pressed", "true")


# --- the directory ---


def test_searching_the_directory(page: Page) -> None:
    page.goto("/annuaire")
    search = page.get_by_label("Chercher")
    search.press_sequentially("metiers artisanat")
    sheet = page.get_by_role("link", name="Chambre de métiers et de l'artisanat")
    expect(sheet).to_be_visible()
    expect(page.get_by_role("link", name="Apec")).to_have_count(0)
    sheet.click()
    expect(page).to_have_url(re.compile("structure=cma-cvl-28"))
    expect(page.get_by_role("heading", level=2)).to_contain_text("Chambre de métiers")
    expect(page.get_by_text("à compléter par la structure").first).to_be_visible()
    settle(page)
    page.get_by_text("D’où vient l’information").first.click()
    expect(page.get_by_text("lu dans une source ancienne, à confirmer").first).to_be_visible()
    page.go_back()
    expect(search).to_have_value("metiers artisanat")
    expect(page.get_by_role("link", name="Chambre de métiers")).to_be_visible()
    page.goto("/annuaire?structure=gip-alfa")
    expect(page.get_by_text("Ne reçoit pas le public").first).to_be_visible()


# --- every page ---


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_accessible_in_french_and_fits_a_small_screen(page: Page, path: str) -> None:
    page.goto(path)
    settle(page)
    _check(page)
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.title().endswith("— Accueil orientation")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    page.set_viewport_size({"width": 320, "height": 640})
    settle(page)
    _check(page)
    for scrolling in (page.locator("html"), page.get_by_test_id("stMain")):
        assert scrolling.evaluate("element => element.scrollWidth") <= 320
    way = page.locator(".st-key-lien-reponse").get_by_role("link")
    if way.count():
        way.click()
        expect(first_door(page)).to_be_in_viewport()


def test_accessible_and_in_french_when_open(page: Page) -> None:
    page.goto(RICH)
    settle(page)
    for title in ("Pourquoi ?", "Autres précisions", "Si la personne en parle d’elle-même", "D’où cela vient"):
        page.get_by_text(title, exact=True).first.click()
    page.get_by_text("Offres écartées").click()
    settle(page)
    _check(page)
    page.get_by_role("button", name="Copier le lien").click()
    settle(page)
    _check(page)
    page.keyboard.press("Escape")
    for name, typed in (("Que demande la personne ?", ""), ("Autres demandes", "zzz"), ("Dans quelle commune", "zzz")):
        box = page.get_by_role("combobox", name=name).first
        box.click()
        box.press_sequentially(typed)
        settle(page)
        _check(page, "region")  # best practice, not WCAG: Streamlit opens lists at the end of the page
        box.press("Escape")


def test_a_page_that_does_not_exist(page: Page) -> None:
    page.goto("/pas-la")
    settle(page)
    expect(page.get_by_role("dialog")).to_contain_text("n'existe pas")
    _check(page)


@pytest.mark.parametrize("path", ["/favicon.ico", "/pas-la.png", "/_stcore/upload_file/un/fichier"])
def test_a_file_that_does_not_exist_is_no_page(address: str, path: str) -> None:
    assert httpx.get(f"{address}{path}", headers={"Accept-Encoding": "gzip"}, timeout=30).status_code == 404


_ENGLISH = re.compile(
    r"\b(the|of|and|or|to|with|from|this|that|you|your|is|are|was|not|select|selected|choose|clear|open|close|press|enter"
    r"|search|results?|help|loading|running|errors?|remove|add|link|skip|show|hide|value|found|please|wait|app|main|sidebar"
    r"|dismiss|cancel|required|available|stop|rerun|deploy|settings|print|about|more|less|view|heading|expand|collapse)\b",
    re.IGNORECASE,
)


def _check(page: Page, *ignored: str) -> None:
    """Nothing that axe-core refuses, no word of English."""
    assert violations(page, *ignored) == []
    english = [text for text in words_on(page) if _ENGLISH.search(text)]
    assert english == []


# --- when the files are wrong ---


def test_a_broken_catalogue_keeps_the_last_valid_version(browser: Browser, tmp_path: Path) -> None:
    sheets = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE, sheets)
    sheet = sheets / "bge-28.yaml"
    valid = sheet.read_text(encoding="utf-8")
    with serving(tmp_path, "--catalogue", str(sheets)) as address, visiting(browser, address) as context:
        page = context.new_page()
        page.goto(f"{address}/annuaire?structure=bge-28")  # the first page that this server shows
        expect(page.get_by_role("heading", level=2)).to_contain_text("BGE 28")
        page.goto(f"{address}/?besoins=creer-entreprise")
        expect(first_door(page)).to_contain_text("BGE 28")
        settle(page)
        sheet.write_text(valid.replace("reseau: local", "reseau: lointain"), encoding="utf-8")
        warning = page.get_by_text("la dernière version valable reste en service")
        why = page.locator(".st-key-reponse").get_by_text("Pourquoi ?")
        _repeat(page, why.click, lambda: warning.count() > 0)
        expect(first_door(page)).to_contain_text("BGE 28")
        page.get_by_text("Erreurs à corriger").click()
        expect(page.get_by_text("« lointain »")).to_be_visible()
        assert health(address)[1].startswith('{"statut":"degrade"')
        sheet.write_text(valid, encoding="utf-8")
        _repeat(page, page.reload, lambda: warning.count() == 0)


def test_nothing_valid_to_start_with(browser: Browser, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(REGLES, rules)
    (rules / "cep.yaml").write_text("regles: [", encoding="utf-8")
    with serving(tmp_path, "--regles", str(rules)) as address, visiting(browser, address) as context:
        page = context.new_page()
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text("L’accueil ne peut pas répondre")
        expect(page.get_by_text("cep.yaml, ligne")).to_be_visible()
        _check(page)
        assert health(address)[0] == 503


def _repeat(page: Page, act: Callable[[], object], is_so: Callable[[], bool]) -> None:
    """Acts until it is so: the files are only looked at every other second."""
    for _ in range(30):
        act()
        settle(page)
        if is_so():
            return
    raise AssertionError("the page does not change")
