"""The screens of the rules and of the trace, and « Et si… ? », as an agent uses them in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from desk import tracing
from desk.regles import dates
from desk.regles.tryout import attempt, fields_behind
from engine.base import Base
from tests.browser import choose, first_door, serving, settle, violations, visiting
from tests.test_front_desk import _check

VISITOR = "/?besoins=se-reconvertir&age=34&statuts=salarie-prive"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The shipped front desk."""
    with serving(tmp_path_factory.mktemp("serveur")) as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The first screen in a new profile."""
    with visiting(browser, address, base_url=address) as context:
        found = context.new_page()
        found.goto("/")
        settle(found)
        yield found


def _trial(page: Page) -> Locator:
    return page.locator(".st-key-essai")


def _line(page: Page, words: str) -> Locator:
    """A condition of the rule that is tried, with its verdict."""
    return _trial(page).get_by_role("listitem").filter(has_text=words).last


def _fits(page: Page, width: int = 320) -> None:
    """Accessible and in French, on a large screen and on a small one."""
    settle(page)
    _check(page)
    page.set_viewport_size({"width": width, "height": 640})
    settle(page)
    assert violations(page) == []
    assert page.get_by_test_id("stMain").evaluate("element => element.scrollWidth") <= width
    cut = "found => found.filter(link => link.scrollWidth > link.clientWidth + 1).map(link => link.textContent)"
    assert page.get_by_test_id("stPageLink").get_by_role("link").evaluate_all(cut) == []


# --- rules ---


def test_a_condition_turns_from_unknown_to_true_to_false(page: Page) -> None:
    page.goto("/regles?regle=public-moins-de-16")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Moins de 16 ans")
    expect(_trial(page)).to_contain_text("Il manque une réponse")
    expect(_line(page, "âge")).to_contain_text("inconnu")
    age = _trial(page).get_by_role("textbox")
    age.press_sequentially("15")
    expect(_trial(page)).to_contain_text("La règle conclut")
    expect(_line(page, "âge")).to_contain_text("vrai")
    age.fill("30")
    expect(_trial(page)).to_contain_text("La règle ne conclut pas")
    expect(_line(page, "âge")).to_contain_text("faux")
    _fits(page)


def test_a_rule_about_offers_is_tried_on_an_offer(page: Page) -> None:
    page.goto("/regles?regle=offre-reservee")
    settle(page)
    box = _trial(page).get_by_role("combobox", name="Offre")
    choose(page, box, "Mission locale de Dreux — Accompagnement")
    expect(_trial(page)).to_contain_text("Il manque une réponse")
    _trial(page).get_by_label("Quel âge a la personne ?").press_sequentially("40")
    expect(_trial(page)).to_contain_text("La règle conclut")
    expect(_trial(page)).to_contain_text("L'offre est réservée à ce public : jeunes de 16 à 25 ans")
    page.get_by_text("Offres que la règle peut écarter").click()
    page.get_by_role("link", name="Mission locale de Dreux — Accompagnement").click()
    expect(page).to_have_url(re.compile("structure=mission-locale-dreux"))


def test_another_day(page: Page) -> None:
    page.goto("/regles")
    search = page.get_by_label("Chercher une règle")
    search.fill("cep-recherche-avant-2019")
    link = page.get_by_role("link", name="CEP des personnes en recherche d'emploi, jusqu'en 2019")
    expect(link).to_contain_text("(pas en vigueur)")
    day = page.get_by_label("À la date du")
    day.fill("01/01/2018")
    day.press("Enter")
    expect(link).not_to_contain_text("(pas en vigueur)")
    link.click()
    expect(page.get_by_text("Le 1er janvier 2018 : en vigueur")).to_be_visible()
    expect(page).to_have_url(re.compile("le=2018-01-01"))
    choose(page, _trial(page).get_by_role("combobox", name="Partir d’un exemple"), "Retraité")
    expect(_trial(page)).to_contain_text("La règle ne conclut pas")
    expect(_trial(page).get_by_role("button", name="Retraité")).to_have_attribute("aria-pressed", "true")
    day.fill("23/11/2026")
    day.press("Enter")
    expect(_trial(page)).to_contain_text("La règle n’est pas en vigueur")
    day.fill("demain")
    day.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Écrivez une date")).to_be_visible()
    _fits(page)


def test_by_part_of_the_charter_or_by_step(page: Page) -> None:
    page.goto("/regles")
    headings = page.get_by_role("heading", level=2)
    expect(headings.first).to_contain_text("Charte : Préambule")
    expect(headings.filter(has_text="Charte : 2. Articulation avec le CEP")).to_be_visible()
    expect(headings.filter(has_text="Loi et règlements")).to_be_visible()
    page.get_by_text("Par étape du raisonnement").click()
    expect(headings.first).to_contain_text("Publics")
    expect(headings.filter(has_text="Charte")).to_have_count(0)
    _fits(page)


# --- trace ---


def test_from_a_commitment_to_a_rule_and_back(page: Page) -> None:
    page.get_by_role("link", name="Traçabilité").click()
    expect(page.get_by_text("15 engagements sur 20 sont évaluables")).to_be_visible()
    expect(page.get_by_text("Pourquoi aucune règle ne peut le dire").first).to_be_visible()
    page.get_by_text("Chaque public a son opérateur du CEP").click()
    expect(page.get_by_text("features/").first).to_be_visible()
    _fits(page)
    page.get_by_role("link", name="Indépendants").first.click()
    expect(page).to_have_url(re.compile("/regles.*regle="))
    page.get_by_role("link", name="Chaque public a son opérateur du CEP").click()
    expect(page).to_have_url(re.compile("/tracabilite.*engagement=cep-operateurs"))
    expect(page.get_by_role("heading", level=2)).to_have_text("Chaque public a son opérateur du CEP")
    _fits(page)


# --- what would change the answer ---


def test_what_would_change_the_answer(page: Page) -> None:
    page.goto(VISITOR)
    expect(first_door(page)).to_have_text("Avenir Actifs Centre-Val de Loire")
    page.get_by_text("Et si… ?").click()
    fold = page.get_by_test_id("stExpander").filter(has_text="Et si… ?")
    said = fold.get_by_role("listitem").filter(has_text="Apec Centre-Val de Loire").first
    expect(said).to_contain_text("si la réponse à « Est-elle cadre, ou l'était-elle dans son dernier emploi ? »")
    assert said.inner_text().index("cadre") < said.inner_text().index("suivie par un organisme")
    choose(page, fold.get_by_role("combobox"), "BGE 28")
    expect(fold).to_contain_text("Créer ou reprendre une entreprise")
    choose(page, fold.get_by_role("combobox"), "Mission locale de Dreux")
    expect(fold.get_by_role("listitem").filter(has_text="Quel âge a la personne ?").last).to_contain_text(
        " et la réponse à "
    )
    expect(page).to_have_url(re.compile("besoins=se-reconvertir&age=34&statuts=salarie-prive"))  # nothing was lost
    _fits(page)


# --- without a browser ---


def test_the_questions_behind_a_rule(base: Base) -> None:
    rules = base.rules.by_id
    assert fields_behind([rules["public-moins-de-16"].si], base.rules) == ("age",)
    assert "besoins" in fields_behind([rules["parcours-financement-cep"].si], base.rules)
    behind = fields_behind([rules["offre-reservee"].si], base.rules)
    assert set(behind[-3:]) == {"handicap", "suivi_par", "sortie_detention"}


def test_every_example_gives_its_verdict_and_says_what_is_missing(base: Base) -> None:
    for rule in base.rules.regles:
        for example in (one.dit for one in rule.joues if one.attendu == "inconnu"):
            trial = attempt(rule, example, base, date.today())
            assert trial.verdict is None
            assert trial.manque or "publics" in str(rule.si), rule.id


def test_without_scenarios_the_links_to_rules_remain(base: Base, tmp_path: Path) -> None:
    for folder, expected in ((tmp_path / "absent", tracing.ABSENT), (tmp_path, tracing.UNREADABLE)):
        (tmp_path / "broken.feature").write_text("rien de Gherkin", encoding="utf-8")
        known = tracing.compute(base, folder)
        assert known.manque == expected
        assert any(item.regles for item in known.trace.engagements)


@pytest.mark.parametrize(
    ("words", "expected"),
    [("1/1/2018", date(2018, 1, 1)), ("2018-01-01", date(2018, 1, 1)), ("31/02/2018", None), ("", None)],
)
def test_a_day_in_figures(words: str, expected: date | None) -> None:
    assert dates.read(words) == expected
