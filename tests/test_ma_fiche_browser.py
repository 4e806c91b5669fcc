"""« Ma fiche » in a real browser: by keyboard, for a screen reader, on a small screen, from one browser to another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from desk.ma_fiche.steps import FOLLOW, MODIFY, PREVIEW, SEND, VERIFY
from engine.base import CATALOGUE, Base
from fiche.facts import at
from store import drafts, versions
from store.accounts import Compte
from store.database import Store
from store.folder import fill
from tests.browser import serving, settle, visiting
from tests.sessions import account, sign_in
from tests.test_front_desk import _check

SHEET = "mission-locale-dreux"
PHONE = "02 61 91 12 34"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, base: Base) -> Iterator[tuple[str, Store]]:
    """A front desk with the shipped sheets, and its database."""
    folder = tmp_path_factory.mktemp("fiche")
    store = Store(f"sqlite:///{folder / 'spro.sqlite3'}")
    fill(store, CATALOGUE, base.rules)
    with serving(folder) as address:
        yield address, store
    store.close()


_NUMBERS = count(1)


@pytest.fixture
def partner(desk: tuple[str, Store]) -> Compte:
    """A partner of its own for each test: nobody else's draft."""
    return account(desk[1], "partenaire", SHEET, f"partenaire-{next(_NUMBERS)}")


@pytest.fixture
def page(browser: Browser, desk: tuple[str, Store], partner: Compte) -> Iterator[Page]:
    """The page of a partner who is signed in."""
    address, store = desk
    with visiting(browser, address, base_url=address) as context:
        sign_in(context, store, partner)
        found = context.new_page()
        found.goto("/ma-fiche")
        settle(found)
        yield found


def _step(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
    settle(page)


def _open(page: Page, title: str) -> None:
    page.get_by_text(title, exact=True).first.click()
    settle(page)


def _shown(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True).and_(page.locator("input, textarea")).first


def _everything_of(page: Page, step: str) -> None:
    """Opens a step, with every kind of field on the screen."""
    _step(page, step)
    if step == MODIFY:
        for title in ("Présentation", "Adresse", "Téléphone, courriel, site", "Horaires", "Modifier jour par jour"):
            _open(page, title)
        for title in ("Contrat d'engagement jeune", "En bref", "Pour qui", "Où et comment", "Pour l’agent qui oriente"):
            _open(page, title)
        page.get_by_text("Réservé à la coordination").last.click()
        settle(page)
    elif step == SEND:
        page.get_by_role("button", name="Calculer l’effet").click()
        settle(page)
    elif step == FOLLOW:
        page.get_by_text("Version 1").click()
        settle(page)


@pytest.mark.parametrize("step", [VERIFY, MODIFY, PREVIEW, SEND, FOLLOW])
def test_every_step_is_accessible_in_french_and_fits_a_small_screen(page: Page, step: str) -> None:
    _step(page, MODIFY)
    _open(page, "Téléphone, courriel, site")
    _shown(page, "Téléphone").fill(PHONE)
    _shown(page, "Courriel").fill("accueil")
    expect(page.get_by_role("alert")).to_contain_text("adresse électronique")
    if step != MODIFY:
        _shown(page, "Courriel").fill("")
        expect(page.get_by_role("alert")).to_have_count(0)
    else:
        _open(page, "Téléphone, courriel, site")
    _everything_of(page, step)
    _check(page)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    if step == MODIFY:
        _shown(page, "Description").press_sequentially(" Et")
        _check(page)
    page.set_viewport_size({"width": 320, "height": 640})
    settle(page)
    _check(page)
    for scrolling in (page.locator("html"), page.get_by_test_id("stMain")):
        assert scrolling.evaluate("element => element.scrollWidth") <= 320


def _reach(page: Page, target: Locator, key: str = "Tab") -> None:
    """Presses a key until the focus is there."""
    for _ in range(120):
        page.keyboard.press(key)
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} is out of reach")


def _unfold(page: Page, title: str) -> None:
    """Opens a fold with the keyboard."""
    _reach(page, page.locator("summary").filter(has_text=title).first)
    page.keyboard.press("Enter")
    settle(page)


def _go(page: Page, step: str, rights: int) -> None:
    """From anywhere below, opens a step that is so many tabs to the right."""
    _reach(page, page.locator('[role="tab"][aria-selected="true"]'), "Shift+Tab")
    for _ in range(rights):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name=step)).to_have_attribute("aria-selected", "true")
    settle(page)


def test_the_whole_job_by_keyboard(page: Page, desk: tuple[str, Store], partner: Compte) -> None:
    _reach(page, page.get_by_role("button", name="Quelque chose a changé"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="La structure")).to_be_visible()
    settle(page)
    _unfold(page, "Téléphone, courriel, site")
    _reach(page, _shown(page, "Téléphone"))
    page.keyboard.type("02 61 91 12 3")
    expect(page.get_by_role("alert")).to_contain_text("10 chiffres attendus, pas 9")
    expect(_shown(page, "Téléphone")).to_be_focused()
    page.keyboard.type("4")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(_shown(page, "Téléphone")).to_be_focused()
    expect(page.get_by_text("Brouillon gardé à")).to_be_visible()
    _unfold(page, "Contrat d'engagement jeune")
    _unfold(page, "Pour qui")
    _reach(page, _shown(page, "Âge minimum"))
    page.keyboard.type("18")
    expect(page.get_by_text("modifié", exact=True)).to_have_count(3)
    _go(page, SEND, 2)
    _reach(page, page.get_by_role("button", name="Calculer l’effet"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ces situations ne vous seraient plus envoyées d’abord")).to_be_visible()
    _reach(page, page.get_by_label("Pourquoi ce changement ?"))
    page.keyboard.type("Nouveau standard, et le CEJ commence à 18 ans.")
    _reach(page, page.get_by_role("button", name="Envoyer à la coordination"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("La coordination va relire")).to_be_visible()
    head = versions.head(desk[1], SHEET)
    assert head is not None
    assert (head.etat, head.auteur) == ("proposee", partner.nom)
    assert head.document["telephone"] == PHONE
    assert at(head.document, ("services", f"{SHEET}-cej", "spro", "age_min")) == 18
    _go(page, FOLLOW, 1)
    _unfold(page, "attend une relecture")
    _reach(page, page.get_by_role("button", name="Retirer cette proposition"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("est retirée")).to_be_visible()


def test_a_draft_follows_its_author(page: Page, browser: Browser, desk: tuple[str, Store], partner: Compte) -> None:
    address, store = desk
    _step(page, MODIFY)
    _open(page, "Horaires")
    _open(page, "Modifier jour par jour")
    _shown(page, "Lundi matin").fill("9h-12h")
    _shown(page, "Lundi après-midi").fill("13h30-17h")
    page.get_by_role("button", name="Mêmes horaires du mardi au vendredi").click()
    expect(page.get_by_text("Du lundi au vendredi")).to_be_visible()
    expect(_shown(page, "Vendredi après-midi")).to_have_value("13h30-17h")
    with visiting(browser, address, base_url=address) as context:
        sign_in(context, store, partner)
        other = context.new_page()
        other.goto("/ma-fiche")
        expect(other.get_by_text("Brouillon gardé à")).to_be_visible()
        _step(other, PREVIEW)
        expect(other.get_by_text("Du lundi au vendredi").first).to_be_visible()
    page.reload()
    settle(page)
    page.get_by_role("button", name="Abandonner le brouillon").click()
    expect(page.get_by_role("button", name="Reprendre ce que j’avais écrit")).to_be_visible()
    assert drafts.find(store, partner.acteur, SHEET) is None


def test_a_commune_is_typed_and_chosen(page: Page) -> None:
    _step(page, MODIFY)
    _open(page, "Adresse")
    box = page.get_by_role("combobox", name="Commune")
    box.click()
    box.press_sequentially("28500")
    page.get_by_role("option").filter(has_text="Vernouillet").first.click()
    expect(_shown(page, "Code postal")).to_have_value("28500")
    expect(page.get_by_text("Code INSEE : 28404")).to_be_visible()
    box.click()
    box.press_sequentially("Atlantis")
    box.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Aucune commune ne s’appelle")


def test_ten_megabytes_pasted_are_refused_without_breaking_the_page(page: Page) -> None:
    _step(page, MODIFY)
    _open(page, "Présentation")
    area = _shown(page, "Description")
    area.evaluate(
        """element => {
          const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set;
          element.focus();
          set.call(element, 'é<b>'.repeat(2_600_000));
          element.dispatchEvent(new Event('input', { bubbles: true }));
        }"""
    )
    area.blur()
    expect(page.get_by_role("alert")).to_contain_text("trop long")
    _step(page, VERIFY)
    expect(page.get_by_text("Tout est toujours à jour")).to_be_visible()


def test_another_sheet_in_the_address_is_refused(page: Page) -> None:
    page.goto("/ma-fiche?structure=bij-dreux")
    settle(page)
    expect(page.get_by_role("alert")).to_contain_text("n’est pas celle de votre structure")
    expect(page.get_by_role("tab")).to_have_count(0)
    page.get_by_role("link", name="Aller à ma fiche").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Mission locale de Dreux")


def test_the_page_is_in_the_menu_of_those_who_edit_only(browser: Browser, desk: tuple[str, Store]) -> None:
    address, store = desk
    for compte, name in ((account(store, "coordination"), "Fiches à modifier"), (None, None)):
        with visiting(browser, address, base_url=address) as context:
            if compte:
                sign_in(context, store, compte)
            page = context.new_page()
            page.goto("/annuaire")
            settle(page)
            links = page.get_by_role("link", name="Fiches à modifier").or_(page.get_by_role("link", name="Ma fiche"))
            expect(links).to_have_count(1 if name else 0)
            page.goto("/ma-fiche")
            settle(page)
            shown = page.get_by_role("combobox", name="Fiche") if name else page.get_by_text("celle des partenaires")
            expect(shown).to_be_visible()
            _check(page)
