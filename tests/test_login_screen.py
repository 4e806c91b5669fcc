"""Signing in as people do: by keyboard, on a large and on a small screen; and rights that follow the store at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.testing.v1 import AppTest

from desk import who
from desk.who import Visite
from store import accounts
from store.accounts import Compte
from store.database import Store
from store.rights import MACHINE, Acteur
from tests.browser import serving, settle, violations, visiting, words_on
from tests.sessions import PASSWORD, account, quick_passwords, sign_in

GIVEN = "une phrase donnée par quelqu'un"
SCREENS = {"large": {"width": 1280, "height": 800}, "small": {"width": 320, "height": 640}}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Store]]:
    """A desk where reading needs an account, and its store."""
    folder = tmp_path_factory.mktemp("accueil")
    with serving(folder, SPRO_COMPTE_OBLIGATOIRE="oui") as address:
        store = Store(f"sqlite:///{folder / 'spro.sqlite3'}")
        yield address, store
        store.close()


def _focused(page: Page) -> str:
    """The label of the field, or the words of the link or button, that has the focus."""
    found: str = page.evaluate("document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText")
    return found.strip()


def _type(page: Page, *words: str) -> None:
    """Fills in the fields from the one that has the focus, then sends the form."""
    page.keyboard.type(words[0])
    for word in words[1:]:
        page.keyboard.press("Tab")
        page.keyboard.type(word)
    page.keyboard.press("Enter")


def _no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("screen", SCREENS)
def test_one_signs_in_changes_the_password_and_signs_out_by_keyboard(
    browser: Browser, served: tuple[str, Store], screen: str
) -> None:
    address, store = served
    name = f"camille-{screen}"
    with quick_passwords():
        accounts.create(store, MACHINE, Compte(name, "Camille D.", "coordination"), GIVEN)
    with visiting(browser, address, viewport=SCREENS[screen]) as context:
        page = context.new_page()
        page.goto(f"{address}/annuaire?structure=bij-dreux")
        expect(page).to_have_title("Se connecter — Accueil orientation")
        assert violations(page) == []
        _no_sideways_scroll(page)

        assert _focused(page) == "Identifiant ou adresse électronique"
        _type(page, name, "pas le bon")
        expect(page.get_by_role("alert")).to_have_text("Identifiant ou mot de passe incorrect.")
        expect(page).to_have_title("Erreur : Se connecter — Accueil orientation")
        expect(page.get_by_label("Mot de passe")).to_have_accessible_description(
            "Identifiant ou mot de passe incorrect."
        )
        assert violations(page) == []

        assert _focused(page) == "Mot de passe"  # the name is kept
        _type(page, GIVEN)
        expect(page.get_by_role("heading", level=1)).to_have_text("Changer le mot de passe")
        assert _focused(page) == "Mot de passe actuel"
        assert violations(page) == []
        _no_sideways_scroll(page)
        _type(page, GIVEN, "court", "court")
        expect(page.get_by_label("Nouveau mot de passe", exact=True)).to_have_accessible_description(
            "Au moins 12 caractères, une phrase par exemple, sans votre nom ni celui de votre structure. "
            "Il faut au moins 12 caractères ; une courte phrase convient bien."
        )
        assert violations(page) == []
        _type(page, GIVEN, "une phrase à moi", "une phrase à moi")

        settle(page)
        assert page.url.startswith(f"{address}/annuaire?structure=bij-dreux")
        expect(page.locator(".st-key-compte")).to_contain_text("Camille D.")
        assert violations(page) == []
        _no_sideways_scroll(page)

        way_out = page.get_by_role("link", name="Se déconnecter")
        way_out.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Se déconnecter")
        assert violations(page) == []
        page.get_by_role("button", name="Se déconnecter").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Vous êtes déconnecté.")).to_be_visible()
        assert violations(page) == []
        page.goto(address)
        expect(page).to_have_title("Se connecter — Accueil orientation")


def test_an_open_tab_loses_its_rights_when_the_store_says_so(browser: Browser, served: tuple[str, Store]) -> None:
    address, store = served
    own = account(store, "agent", identifiant="alex")
    with visiting(browser, address) as context:
        sign_in(context, store, own)
        page = context.new_page()
        page.goto(address)
        settle(page)
        shown = page.locator(".st-key-compte span")
        expect(shown).to_have_attribute("title", "Compte alex, agent d'accueil")

        accounts.change(store, MACHINE, replace(own, role="administration"))
        page.get_by_role("button", name="Nouveau visiteur").click()
        expect(shown).to_have_attribute("title", "Compte alex, administration")

        accounts.close(store, MACHINE, "alex")
        page.get_by_role("button", name="Nouveau visiteur").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Connectez-vous")
        settle(page)
        assert "Votre session a pris fin." in words_on(page)
        assert page.locator(".st-key-reponse").count() == 0
        assert violations(page) == []
        page.locator(".st-key-compte").get_by_role("link", name="Se connecter").click()
        expect(page).to_have_title("Se connecter — Accueil orientation")


def test_reading_needs_no_account_unless_the_setting_says_so(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path) as address, visiting(browser, address) as context:
        page = context.new_page()
        page.goto(f"{address}/annuaire?structure=bij-dreux")
        settle(page)
        page.get_by_role("link", name="Se connecter").click()
        expect(page).to_have_title("Se connecter — Accueil orientation")
        store = Store(f"sqlite:///{tmp_path / 'spro.sqlite3'}")
        account(store, "agent", identifiant="alex")
        store.close()
        page.get_by_label("Identifiant").fill("alex")
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.keyboard.press("Enter")
        settle(page)
        assert page.url.startswith(f"{address}/annuaire?structure=bij-dreux")
        expect(page.locator(".st-key-compte")).to_contain_text("Compte alex")


# --- who acts, run by run ---

_SCRIPT = """
import streamlit as st
from desk import who

def act():
    st.session_state["acted"] = who.current().role

st.button("Agir", on_click=act)
st.text(who.current().role)
st.text(who.current().role)
"""


def test_rights_are_read_once_in_each_run_and_before_what_a_button_does(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    roles = iter(("coordination", "agent", "partenaire"))

    def ask() -> Visite:
        role = next(roles)
        asked.append(role)
        return Visite(Acteur("x", "X", role))  # type: ignore[arg-type]

    monkeypatch.setattr(who, "_asked", ask)
    app = AppTest.from_string(_SCRIPT).run()
    assert [found.value for found in app.text] == ["coordination", "coordination"]
    app.button[0].click().run()
    assert app.session_state["acted"] == "agent"  # no longer what the page showed
    assert [found.value for found in app.text] == ["agent", "agent"]
    assert asked == ["coordination", "agent"]
