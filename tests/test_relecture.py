"""« Relecture »: what changes is read, a decision is taken with a reason, undone, and any version comes back."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from desk.relecture.diff_table import marked_words
from desk.words import plain
from engine.base import CATALOGUE, Base
from store import reports, sheets, versions
from store.database import Store
from store.folder import fill
from store.rights import AGENT, Acteur
from store.sheets import Redaction
from store.versions import Version
from tests.browser import first_door, serving, settle, violations, visiting
from tests.coordinators import COORDINATION, OTHER, PARTNER, Screen, screens, words
from tests.sessions import account, sign_in
from tests.test_front_desk import _check

SHEET = "mission-locale-dreux"
PHONE = "+33200000000"
ATTACK = "<img src=x onerror=alert(1)> **gras** :smile: [lien](https://exemple.fr)"


def _document(store: Store, fiche: str = SHEET) -> dict[str, Any]:
    """What the sheet in service says, to change."""
    found = versions.published(store, fiche)
    assert found
    return copy.deepcopy(found.document)


def _propose(
    store: Store,
    base: Base,
    change: dict[str, Any],
    acteur: Acteur = PARTNER,
    fiche: str = SHEET,
    motif: str = "Essai.",
) -> Version:
    """A proposal made from the sheet in service."""
    head = versions.head(store, fiche)
    assert head
    return sheets.propose(store, acteur, Redaction(fiche, _document(store, fiche) | change, head.numero, motif), base)


def _said(store: Store, field: str = "telephone") -> Any:
    return _document(store).get(field)


@pytest.fixture
def desk(tmp_path: Path, base: Base, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Store, Screen]]:
    """A store with the shipped sheets, and a way to open a page on it."""
    with screens(tmp_path, base, monkeypatch) as found:
        yield found


# --- who, and what waits ---


@pytest.mark.parametrize("acteur", [AGENT, PARTNER])
def test_others_are_told_that_it_is_not_for_them(desk: tuple[Store, Screen], acteur: Acteur, base: Base) -> None:
    store, open_page = desk
    _propose(store, base, {"telephone": PHONE})
    for address in ({}, {"structure": SHEET}, {"structure": SHEET, "version": "2"}):
        screen = open_page("relecture", acteur, **address)
        assert "réservée à la coordination" in words(screen)
        assert PHONE not in words(screen)
        assert not screen.button


def test_the_queue_is_oldest_first_with_who_when_and_why(desk: tuple[Store, Screen], base: Base) -> None:
    store, open_page = desk
    assert "Aucune proposition à relire" in words(open_page("relecture", COORDINATION))
    _propose(store, base, {"telephone": PHONE}, motif=f"Nouveau numéro {ATTACK}")
    _propose(store, base, {"telephone": PHONE}, COORDINATION, "bij-dreux", "Vu sur place.")
    screen = open_page("relecture", COORDINATION)
    assert "2 propositions à relire" in words(screen)
    told = [element.value for element in screen.markdown if element.value.startswith("Écrite par")]
    assert [line.partition("**")[2].partition("**")[0] for line in told] == ["Sacha Exemple", "Camille Exemple"]
    assert "à partir de la version 1" in told[0]
    assert plain(ATTACK) in told[0]


def test_a_sheet_that_does_not_exist_is_said(desk: tuple[Store, Screen]) -> None:
    _, open_page = desk
    screen = open_page("relecture", COORDINATION, structure="inconnue", version="1")
    assert "Aucune fiche ne porte l’identifiant" in words(screen)
    screen = open_page("relecture", COORDINATION, structure=SHEET, version="99")
    assert "n’existe pas" in words(screen)
    assert "Historique de" in words(screen)


# --- deciding ---


def test_publishing_then_undoing(desk: tuple[Store, Screen], base: Base) -> None:
    store, open_page = desk
    _propose(store, base, {"telephone": PHONE})
    screen = open_page("relecture", COORDINATION, structure=SHEET, version="2")
    assert "Téléphone" in words(screen)
    assert "non renseigné" in words(screen)
    screen.button(key="publier").click().run()
    assert "est publiée" in words(screen)
    assert _said(store) == PHONE
    screen.button(key=f"annuler-proposition-{SHEET}").click().run()
    assert "restaurée, sous le numéro 3" in words(screen)
    assert _said(store) is None
    assert [version.etat for version in versions.history(store, SHEET)] == ["publiee"] * 3


def test_what_somebody_else_published_since_is_not_undone(desk: tuple[Store, Screen], base: Base) -> None:
    store, open_page = desk
    _propose(store, base, {"telephone": PHONE})
    screen = open_page("relecture", COORDINATION, structure=SHEET, version="2")
    screen.button(key="publier").click().run()
    sheets.put(store, OTHER, Redaction(SHEET, _document(store) | {"courriel": "a@exemple.fr"}, 2, "Adresse."), base)
    screen.button(key=f"annuler-proposition-{SHEET}").click().run()
    assert "La fiche a changé depuis cette décision" in words(screen)
    assert (_said(store), _said(store, "courriel")) == (PHONE, "a@exemple.fr")


def test_a_new_sheet_is_undone_by_archiving_it(desk: tuple[Store, Screen], base: Base) -> None:
    store, open_page = desk
    document = _document(store, "amicentre") | {"id": "nouvelle", "nom": "Nouvelle structure"}
    sheets.propose(store, OTHER, Redaction("nouvelle", document, None, "Nouveau membre."), base)
    screen = open_page("relecture", COORDINATION, structure="nouvelle", version="1")
    assert "Nouvelle fiche" in words(screen)
    screen.button(key="publier").click().run()
    assert "nouvelle" in versions.in_service(store)
    screen.button(key="annuler-proposition-nouvelle").click().run()
    assert "nouvelle" not in versions.in_service(store)


def test_refusing_asks_why_and_can_be_undone(desk: tuple[Store, Screen], base: Base) -> None:
    store, open_page = desk
    _propose(store, base, {"telephone": PHONE})
    screen = open_page("relecture", COORDINATION, structure=SHEET, version="2")
    screen.button(key="refuser").click().run()
    assert "Dites en quelques mots pourquoi" in words(screen)
    assert versions.waiting(store) == 1
    screen.text_area[0].input("Numéro d’une autre structure.").run()
    screen.button(key="refuser").click().run()
    assert "est refusée" in words(screen)
    refused = versions.version(store, SHEET, 2)
    assert refused
    assert refused.avis
    assert refused.avis.motif == "Numéro d’une autre structure."
    screen.button(key=f"annuler-proposition-{SHEET}").click().run()
    assert "sous le numéro 3" in words(screen)
    (again,) = versions.pending(store)
    assert again.document == refused.document
    assert "Sacha Exemple" in again.motif


def test_two_coordinators_decide_at_once(desk: tuple[Store, Screen], base: Base) -> None:
    store, open_page = desk
    _propose(store, base, {"telephone": PHONE})
    screen = open_page("relecture", COORDINATION, structure=SHEET, version="2")
    sheets.refuse(store, OTHER, SHEET, 2, "Numéro faux.")
    screen.button(key="publier").click().run()
    assert "Cette proposition n'attend plus" in words(screen).replace("\\", "")
    assert "Refusée par **Noor Exemple**" in words(screen)
    assert _said(store) is None
    assert not [button for button in screen.button if button.key in ("publier", "refuser")]


def test_a_right_withdrawn_meanwhile_counts_for_the_undo_too(desk: tuple[Store, Screen], base: Base) -> None:
    store, open_page = desk
    _propose(store, base, {"telephone": PHONE})
    screen = open_page("relecture", COORDINATION, structure=SHEET, version="2")
    screen.button(key="publier").click().run()
    open_page("relecture", PARTNER)  # from now on the person is a partner, on every screen
    screen.button(key=f"annuler-proposition-{SHEET}").click().run()
    assert _said(store) == PHONE
    assert "réservée à la coordination" in words(screen)


def test_what_would_break_is_said_at_its_place(desk: tuple[Store, Screen], base: Base) -> None:
    """A service takes an identifier that another sheet takes before the proposal is read."""
    store, open_page = desk
    document = _document(store)
    added = copy.deepcopy(document["services"][0]) | {"id": "nouveau-service", "nom": "Nouveau service"}
    _propose(store, base, {"services": [*document["services"], added]}, COORDINATION)
    other = _document(store, "bij-dreux")
    other["services"].append(copy.deepcopy(other["services"][0]) | {"id": "nouveau-service"})
    sheets.put(store, OTHER, Redaction("bij-dreux", other, 1, "Autre service."), base)
    screen = open_page("relecture", COORDINATION, structure=SHEET, version="2")
    assert "À corriger avant de publier : 1 erreur." in words(screen)
    row = _row(screen, "Service « Nouveau service »")
    assert 'class="probleme"' in row
    assert "nouveau-service" in row
    screen.button(key="publier").click().run()
    assert "Cette version ne peut pas être en service" in words(screen)
    assert versions.waiting(store) == 1


@pytest.fixture
def alone(desk: tuple[Store, Screen], base: Base) -> tuple[Store, Screen]:
    """As `desk`, with one sheet left that receives everyone: the others were archived."""
    store, open_page = desk
    need = base.rules.vocabulaire.besoin_par_defaut
    offres = [offre for offre in base.catalogue.offres if need in offre.service.spro.besoins and not offre.zones]
    for fiche in {offre.structure.id for offre in offres} - {"m2end"}:
        sheets.archive(store, OTHER, fiche, 1, "Essai.", base)
    return store, open_page


def test_what_concerns_the_whole_network_has_a_line(alone: tuple[Store, Screen], base: Base) -> None:
    store, open_page = alone
    document = _document(store, "m2end")
    document["services"][0]["spro"]["age_min"] = 18
    _propose(store, base, document, COORDINATION, "m2end")
    screen = open_page("relecture", COORDINATION, structure="m2end", version="2")
    assert 'class="probleme"' not in _row(screen, "Âge minimum")
    assert "aucun service de premier accueil" in _row(screen, "La fiche")
    screen.button(key="publier").click().run()
    assert "aucun service de premier accueil" in words(screen)
    assert versions.in_service(store)["m2end"] == 1


def _row(screen: Any, place: str) -> str:
    rows = re.findall(r'<tr role="row">.*?</tr>', words(screen), flags=re.DOTALL)
    (found,) = [row for row in rows if place in row.partition("</th>")[0]]
    return str(found)


def test_nothing_of_a_sheet_is_read_as_markup(desk: tuple[Store, Screen], base: Base) -> None:
    store, open_page = desk
    _propose(store, base, {"description": f"Essai {ATTACK}", "nom": f"Nom {ATTACK}"[:80]})
    screen = open_page("relecture", COORDINATION, structure=SHEET, version="2")
    assert ATTACK not in words(screen)
    assert "&lt;img src=x" in _row(screen, "Description")


# --- history ---


def test_restoring_asks_for_a_reason_and_a_confirmation(desk: tuple[Store, Screen], base: Base) -> None:
    store, open_page = desk
    _propose(store, base, {"telephone": PHONE})
    sheets.publish(store, OTHER, SHEET, 2, "", base)
    screen = open_page("relecture", COORDINATION, structure=SHEET)
    screen.session_state[f"version-{SHEET}-1"] = True
    screen.run()
    key = f"restaurer-1-{SHEET}"
    screen.button(key=f"bouton-{key}").click().run()
    assert "Cochez la case de confirmation" in words(screen)
    screen.checkbox(key=f"confirmer-{key}").check().run()
    screen.button(key=f"bouton-{key}").click().run()
    assert "Dites en quelques mots pourquoi" in words(screen)
    assert _said(store) == PHONE
    screen.text_area(key=f"motif-{key}").input("Le numéro était faux.").run()
    screen.button(key=f"bouton-{key}").click().run()
    assert "La version 1 de « Mission locale de Dreux » est restaurée" in words(screen).replace("\\", "")
    assert _said(store) is None
    screen.button(key=f"annuler-historique-{SHEET}").click().run()
    assert _said(store) == PHONE


def test_what_was_not_seen_is_not_restored_over(desk: tuple[Store, Screen], base: Base) -> None:
    store, open_page = desk
    _propose(store, base, {"telephone": PHONE})
    sheets.publish(store, OTHER, SHEET, 2, "", base)
    screen = open_page("relecture", COORDINATION, structure=SHEET)
    screen.session_state[f"version-{SHEET}-1"] = True
    screen.run()
    key = f"restaurer-1-{SHEET}"
    screen.checkbox(key=f"confirmer-{key}").check().run()
    screen.text_area(key=f"motif-{key}").input("Le numéro était faux.").run()
    sheets.put(store, OTHER, Redaction(SHEET, _document(store) | {"courriel": "a@exemple.fr"}, 2, "Adresse."), base)
    screen.button(key=f"bouton-{key}").click().run()
    assert "a changé pendant" in words(screen)
    assert _said(store, "courriel") == "a@exemple.fr"


def test_archiving_and_coming_back(desk: tuple[Store, Screen]) -> None:
    store, open_page = desk
    screen = open_page("relecture", COORDINATION, structure=SHEET)
    screen.session_state[f"archiver-{SHEET}"] = True
    screen.run()
    key = f"archivage-{SHEET}"
    screen.text_area(key=f"motif-{key}").input("Structure fermée.").run()
    screen.checkbox(key=f"confirmer-{key}").check().run()
    screen.button(key=f"bouton-{key}").click().run()
    assert "est archivée" in words(screen)
    assert SHEET not in versions.in_service(store)
    again = open_page("relecture", COORDINATION, structure=SHEET)
    assert "Fiche archivée depuis le" in words(again)
    assert any("archivée ou jamais publiée" in option for option in _sheets_offered(open_page))
    screen.button(key=f"annuler-historique-{SHEET}").click().run()
    assert versions.in_service(store)[SHEET] == 3


def _sheets_offered(open_page: Screen) -> list[str]:
    return list(open_page("relecture", COORDINATION).selectbox(key="relecture-fiche").options)


def test_the_last_sheet_that_receives_everyone_stays(alone: tuple[Store, Screen]) -> None:
    store, open_page = alone
    screen = open_page("relecture", COORDINATION, structure="m2end")
    screen.session_state["archiver-m2end"] = True
    screen.run()
    screen.text_area(key="motif-archivage-m2end").input("Fermeture.").run()
    screen.checkbox(key="confirmer-archivage-m2end").check().run()
    screen.button(key="bouton-archivage-m2end").click().run()
    assert "aucun service de premier accueil" in words(screen)
    assert "m2end" in versions.in_service(store)


def test_each_version_says_who_why_and_what_was_decided(desk: tuple[Store, Screen], base: Base) -> None:
    store, open_page = desk
    _propose(store, base, {"telephone": PHONE}, motif="Premier motif.")
    sheets.refuse(store, OTHER, SHEET, 2, "Numéro faux.")
    _propose(store, base, {"courriel": "a@exemple.fr"}, motif="Second motif.")
    sheets.publish(store, OTHER, SHEET, 3, "Vérifié.", base)
    screen = open_page("relecture", COORDINATION, structure=SHEET)
    assert [fold.label.split(" — ")[:2] for fold in screen.expander if fold.label.startswith("Version")] == [
        ["Version 3", "en service"],
        ["Version 2", "refusée"],
        ["Version 1", "publiée"],
    ]
    for number in (1, 2, 3):
        screen.session_state[f"version-{SHEET}-{number}"] = True
    screen.run()
    text = words(screen).replace("\\", "")
    for part in ("Premier motif.", "Second motif.", "Numéro faux.", "Vérifié.", "Refusée par **Noor Exemple**"):
        assert part in text
    screen.radio(key=f"comparer-{SHEET}-2").set_value("service").run()
    assert "De la version 2 à la version 3" in words(screen)
    assert "Courriel" in words(screen)
    screen.button(key="relire-2").click().run()
    assert versions.waiting(store) == 1


# --- reports ---


def test_a_report_is_closed_with_an_answer(desk: tuple[Store, Screen]) -> None:
    store, open_page = desk
    reports.report(store, SHEET, None, "horaires", f"Fermé le lundi {ATTACK}", "essai", datetime.now(UTC))
    screen = open_page("relecture", COORDINATION)
    assert "1 erreur signalée" in words(screen)
    assert plain(ATTACK) in words(screen)
    (report,) = reports.open_reports(store, COORDINATION)
    screen.button(key=f"clore-{report.id}").click().run()
    assert "Dites en quelques mots" in words(screen)
    screen.text_area(key=f"reponse-{report.id}").input("Corrigé avec la structure.").run()
    screen.button(key=f"clore-{report.id}").click().run()
    assert "Le signalement est clos" in words(screen)
    assert reports.open_reports(store, COORDINATION) == []


# --- what is marked of long texts ---


def test_words_that_changed_are_marked_and_safe() -> None:
    was = "Un conseiller reçoit <b>le matin</b> sur rendez-vous, du lundi au vendredi."
    before, after = marked_words(was, was.replace("matin", "soir"))
    assert "<b>" not in before + after
    assert re.sub(r"</?(del|ins)>", "", after) == before.replace("matin", "soir").replace("<del>", "").replace(
        "</del>", ""
    )
    assert before.count("<del>") == after.count("<ins>") == 1


def test_texts_too_long_to_compare_are_shown_whole() -> None:
    long = "mot " * 2400
    assert marked_words(long, long + "fin") == (long, long + "fin")


# --- in the browser, with two processes on one database ---


TAB_STOPS = 120
"""More than any of these pages has."""

VISITOR = "/?besoins=trouver-emploi&age=22&statuts=demandeur-emploi"


def test_from_the_proposal_to_the_answers_of_another_process_and_back(
    tmp_path: Path, base: Base, browser: Browser
) -> None:
    store = Store(f"sqlite:///{tmp_path / 'spro.sqlite3'}")
    fill(store, CATALOGUE, base.rules)
    partner, coordinator = account(store, "partenaire", SHEET), account(store, "coordination")
    document = _document(store)
    document["services"][0]["spro"]["age_max"] = 20
    wanted = Redaction(SHEET, document, 1, "Financement réservé aux moins de 21 ans cette année.")
    sheets.propose(store, partner.acteur, wanted, base)
    with (
        serving(tmp_path) as office,
        serving(tmp_path) as desk,
        visiting(browser, office, base_url=office) as inside,
        visiting(browser, desk, base_url=desk) as outside,
    ):
        sign_in(inside, store, coordinator)
        agent = _opened(outside, VISITOR)
        expect(first_door(agent)).to_have_text("Mission locale de Dreux")
        page = _opened(inside, "/relecture")
        _read_and_publish(page)
        _answers(agent, "France Travail Dreux")
        _restore(page)
        _answers(agent, "Mission locale de Dreux")
    history = versions.history(store, SHEET)
    assert [(version.origine, version.etat) for version in history] == [
        ("restauration", "publiee"),
        ("ecran", "publiee"),
        ("dossier", "publiee"),
    ]
    assert history[0].document == history[2].document
    store.close()


def _opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    settle(page)
    return page


def _answers(agent: Page, expected: str) -> None:
    """The next answer of the agent, a few seconds at most after the decision."""
    door = first_door(agent)
    for _ in range(20):
        agent.goto(VISITOR)
        settle(agent)
        if door.text_content() == expected:
            break
    expect(door).to_have_text(expected)


def _read_and_publish(page: Page) -> None:
    """The coordinator reads the difference and its effect, then publishes, with the keyboard alone."""
    expect(page.get_by_role("link", name="Relecture (1)")).to_be_visible()
    _fits(page)
    _press(page, page.get_by_role("link", name="Mission locale de Dreux — version 2"))
    expect(page.get_by_role("heading", name="Ce qui change")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="Âge maximum")
    expect(row.get_by_role("rowheader")).to_contain_text("Service « Accompagnement vers l'emploi ou la formation »")
    expect(row.get_by_role("cell")).to_have_text([re.compile("sans limite$"), re.compile("20 ans$")])
    _press(page, page.get_by_role("button", name="Calculer l’effet sur les orientations"))
    expect(page.get_by_text("N’iraient plus d’abord vers cette structure")).to_be_visible()
    expect(page.get_by_text("France Travail Dreux").first).to_be_visible()
    _fits(page)
    _reach(page, page.get_by_role("textbox", name="Motif de la décision"))
    page.keyboard.type("Confirmé par la structure.")
    _press(page, page.get_by_role("button", name="Publier"))
    expect(page.get_by_role("status").filter(has_text="est publiée")).to_be_visible()
    expect(page.get_by_role("button", name="Annuler cette décision")).to_be_visible()
    expect(page.get_by_text("Publiée par")).to_contain_text("Confirmé par la structure.")


def _restore(page: Page) -> None:
    """The old version comes back from the history, with the keyboard alone."""
    _press(page, page.get_by_role("link", name="Historique de cette fiche"))
    expect(page.get_by_role("heading", name="Historique de « Mission locale de Dreux »")).to_be_visible()
    first = page.locator("summary").filter(has_text="Version 1 — publiée")
    _press(page, first)
    expect(page.get_by_role("table")).to_be_visible()
    _reach(page, page.get_by_role("textbox", name="Motif de la restauration"))
    page.keyboard.type("Décision reportée.")
    box = page.get_by_role("checkbox")
    _reach(page, box)
    page.keyboard.press("Space")
    settle(page)
    expect(box).to_be_checked()
    _fits(page)
    _press(page, page.get_by_role("button", name="Restaurer la version 1"))
    expect(page.get_by_role("status").filter(has_text="est restaurée")).to_be_visible()


def _reach(page: Page, target: Locator) -> None:
    """Goes to a control as somebody does who has no mouse."""
    expect(target).to_be_visible()
    for _ in range(TAB_STOPS):
        if target.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(target).to_be_focused()


def _press(page: Page, target: Locator) -> None:
    """Reaches a control with the keyboard and uses it."""
    _reach(page, target)
    page.keyboard.press("Enter")
    settle(page)


def _fits(page: Page) -> None:
    """Accessible and in French at 1280 and at 320 pixels, without scrolling sideways."""
    settle(page)
    _check(page)
    page.set_viewport_size({"width": 320, "height": 640})
    settle(page)
    assert violations(page) == []
    assert page.get_by_test_id("stMain").evaluate("element => element.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 800})
    settle(page)


def test_freshness_in_the_browser(tmp_path: Path, base: Base, browser: Browser) -> None:
    store = Store(f"sqlite:///{tmp_path / 'spro.sqlite3'}")
    fill(store, CATALOGUE, base.rules)
    coordinator = account(store, "coordination")
    with serving(tmp_path) as office, visiting(browser, office, base_url=office) as inside:
        inside.grant_permissions(["clipboard-read", "clipboard-write"], origin=office)
        sign_in(inside, store, coordinator)
        page = _opened(inside, "/fraicheur")
        _fits(page)
        _press(page, page.locator("summary").filter(has_text="Mission locale de Dreux"))
        message = page.get_by_role("textbox", name="Message prêt à envoyer")
        expect(message).to_have_value(re.compile(rf"{re.escape(office)}/annuaire\?structure={SHEET}"))
        _press(page, page.get_by_role("button", name="Copier le message"))
        expect(page.get_by_text("Message copié.")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == message.input_value()
        expect(page.get_by_role("table")).to_have_count(3)
        _fits(page)
    store.close()
