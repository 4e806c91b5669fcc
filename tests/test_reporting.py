"""« Signaler une erreur » and « Quoi de neuf » in a real browser: by keyboard, and on a narrow screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from engine.base import CATALOGUE, Base
from store import reports, sheets, versions
from store.database import Store
from store.limits import TropSouvent
from store.reports import PAR_SOURCE
from tests.browser import choose, serving, settle, violations, visiting
from tests.coordinators import COORDINATION, PARTNER, Screen, screens, words
from tests.test_front_desk import _check, _tab_to
from tests.test_store_sheets import edited

SITUATION = "/?besoins=trouver-emploi"
FICHE = "mission-locale-dreux"
SHEET = f"/annuaire?structure={FICHE}"
FORM, THANKS = "Qu’est-ce qui est faux ?", "Merci."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps its database."""
    return tmp_path_factory.mktemp("serveur")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A front desk with the shipped sheets."""
    with serving(folder) as found:
        yield found


@pytest.fixture(scope="module")
def desk_store(folder: Path, address: str) -> Iterator[Store]:
    """The database of the server."""
    assert address
    opened = Store(f"sqlite:///{folder / 'spro.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture(params=[1280, 320])
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """An empty page of a new profile, wide then narrow."""
    with visiting(browser, address, base_url=address, viewport={"width": request.param, "height": 800}) as context:
        yield context.new_page()


def _fold(place: Locator) -> Locator:
    return place.locator("summary", has_text="Signaler une erreur")


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


# --- reporting ---


def test_reported_from_the_first_card_by_keyboard(page: Page, desk_store: Store) -> None:
    page.goto(SITUATION)
    settle(page)
    card = page.locator(".st-key-reponse")
    before = len(reports.open_reports(desk_store, COORDINATION))
    _fold(card).focus()
    page.keyboard.press("Enter")
    expect(card.get_by_text(FORM)).to_be_visible()
    _check(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(card.get_by_role("radio", name="Les horaires sont faux")).to_be_checked()
    page.keyboard.press("Tab")
    text = f"Fermé le lundi, vu à {datetime.now(UTC)}."
    page.keyboard.type(text)
    _tab_to(page, "Envoyer")
    page.keyboard.press("Enter")
    expect(card.get_by_test_id("stAlert")).to_contain_text(THANKS)
    _check(page)
    _tab_to(page, "Signaler une autre erreur")
    assert _fits(page)
    found = reports.open_reports(desk_store, COORDINATION)
    assert len(found) == before + 1
    last = found[-1]
    assert (last.fiche, last.motif, last.texte) == ("france-travail-dreux", "horaires", text)
    assert (last.service or "").startswith("france-travail-dreux")
    page.keyboard.press("Enter")
    expect(card.get_by_text(FORM)).to_be_visible()


def test_reported_from_a_sheet_about_one_of_its_services(page: Page, desk_store: Store, base: Base) -> None:
    service = base.catalogue.structures[FICHE].services[1]
    page.goto(SHEET)
    settle(page)
    _fold(page.locator("body")).click()
    settle(page)
    choose(page, page.get_by_role("combobox", name="De quoi s’agit-il ?"), service.nom)
    page.get_by_text("Autre chose").click()
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("Dites en quelques mots ce qui est faux")
    _check(page)
    page.get_by_role("textbox", name="Ce qu’il faudrait lire").fill(
        f"C'est fini depuis juin, demandez à jean@exemple.fr ({datetime.now(UTC).microsecond})."
    )
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text(THANKS)
    last = reports.open_reports(desk_store, COORDINATION)[-1]
    assert (last.fiche, last.service, last.motif) == (FICHE, service.id, "autre")
    assert "demandez à [retiré]" in last.texte
    assert _fits(page)


def test_too_often_is_said_and_nothing_is_kept(page: Page, desk_store: Store, address: str) -> None:
    for number in range(PAR_SOURCE.nombre):
        words_ = f"Essai {number} de {page.viewport_size} à {address}"
        try:
            reports.report(desk_store, "cio-dreux", None, "lien", words_, "cette machine", datetime.now(UTC))
        except TropSouvent:
            break
    before = reports.counts(desk_store)
    page.goto(SHEET)
    settle(page)
    _fold(page.locator("body")).click()
    settle(page)
    page.get_by_text("Un lien ne marche pas").click()
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("Beaucoup de signalements sont déjà partis d'ici.")
    expect(page.get_by_test_id("stAlert")).to_contain_text(
        re.compile(r"Vous pourrez recommencer le \d+ \w+ \d{4} à \d+ h \d\d")
    )
    expect(page.get_by_role("radio", name="Un lien ne marche pas")).to_be_checked()
    assert reports.counts(desk_store) == before


def test_not_offered_where_sheets_come_from_a_folder(browser: Browser, tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--catalogue", str(CATALOGUE)) as address,
        visiting(browser, address, base_url=address) as context,
    ):
        page = context.new_page()
        for where in (SITUATION, SHEET):
            page.goto(where)
            settle(page)
            expect(page.get_by_text("Signaler une erreur")).to_have_count(0)
        page.goto("/nouveautes")
        settle(page)
        expect(page.get_by_test_id("stAlert")).to_contain_text("leurs changements ne sont pas suivis")


@pytest.fixture
def desk(tmp_path: Path, base: Base, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Store, Screen]]:
    """A store with the shipped sheets, and a way to open a page on it."""
    with screens(tmp_path, base, monkeypatch) as found:
        yield found


def test_a_preview_cannot_be_reported(desk: tuple[Store, Screen], base: Base) -> None:
    store, open_page = desk
    proposed = sheets.propose(store, PARTNER, edited(store, FICHE, description="À relire avant."), base)
    screen = open_page("relecture", COORDINATION, structure=FICHE, version=str(proposed.numero))
    assert "Signaler une erreur" not in [fold.label for fold in screen.expander]
    screen = open_page("annuaire", COORDINATION, structure=FICHE)
    assert "Signaler une erreur" in [fold.label for fold in screen.expander]


def test_what_readers_write_is_only_text_on_the_screen(desk: tuple[Store, Screen]) -> None:
    store, open_page = desk
    attack = "<img src=x onerror=alert(1)> **gras** :smile: [lien](https://exemple.fr)"
    reports.report(store, FICHE, None, "lien", attack, "ici", datetime.now(UTC))
    told = words(open_page("relecture", COORDINATION))
    assert "\\<img src=x onerror=alert\\(1\\)\\>" in told
    assert "**gras**" not in told


# --- the news ---


def test_the_news_by_keyboard_and_on_any_width(page: Page, desk_store: Store, base: Base) -> None:
    number = datetime.now(UTC).microsecond
    for turn in range(22):
        wanted = edited(desk_store, "bge-28", description=f"Texte {number}, tour {turn}.")
        sheets.put(desk_store, COORDINATION, wanted, base)
    page.goto("/nouveautes")
    settle(page)
    expect(page.get_by_role("heading", level=2)).to_have_count(1)
    expect(page.get_by_text(f"Texte {number}, tour 21.")).to_have_count(1)
    expect(page.get_by_text(f"devient « Texte {number}, tour 0. »")).to_have_count(0)
    _check(page)
    assert _fits(page)
    _tab_to(page, "Voir la fiche")
    page.get_by_role("button", name="Voir plus").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"devient « Texte {number}, tour 0. »")).to_have_count(1)
    settle(page)
    assert violations(page) == []
    feed = page.get_by_role("link", name="Suivre ces nouvelles (flux Atom)")
    expect(feed).to_have_attribute("href", re.compile("nouveautes.atom$"))
    page.get_by_role("link", name="Voir la fiche").first.click()
    expect(page).to_have_url(re.compile("annuaire.*structure=bge-28"))
    assert versions.head(desk_store, "bge-28")
