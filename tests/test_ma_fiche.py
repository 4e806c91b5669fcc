"""« Ma fiche »: a partner edits, keeps a draft, sees what is wrong, sends; nobody's work is lost, nothing is forged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from desk import base as desk_base
from desk import who
from desk.ma_fiche import edit as sheet_edit
from desk.ma_fiche.keys import key_of
from desk.ma_fiche.places import typed_commune
from desk.ma_fiche.steps import FOLLOW, MODIFY, PREVIEW, SEND, VERIFY
from desk.words import plain
from engine.base import CATALOGUE, Base
from engine.catalogue import sheet_files
from engine.documents import read_file
from fiche.facts import Place, at, facts, services, with_fact
from fiche.fields import asked_of, groups_of
from store import drafts, sheets, versions
from store.database import Store, Unavailable
from store.rights import AGENT, Acteur
from store.sheets import Redaction
from store.versions import Version
from tests.coordinators import COORDINATION, OTHER, PARTNER, Screen, screens, words

SHEET = "mission-locale-dreux"
CEJ: Place = ("services", f"{SHEET}-cej")
PHONE = "02 61 91 12 34"
ATTACKS = (
    "<img src=x onerror=alert(1)> <script>alert(1)</script>",
    "**gras** [lien](https://exemple.fr) ![](x) `code` $x^2$ :smile: :material/home: :red[rouge]",
    "=HYPERLINK(A1) +1 -1 @x",
    "- a: [b, {c: d}] # e",
)


class Fiche:
    """The page of one person, its folds kept open: AppTest does not click on them."""

    def __init__(self, screen: AppTest, fiche: str = SHEET) -> None:
        self.screen, self.fiche = screen, fiche
        self.folds: set[str] = set()
        self.step = VERIFY

    def run(self, step: str | None = None) -> Fiche:
        """Draws the page again."""
        self.step = step or self.step
        self.screen.session_state["ma-fiche-etape"] = self.step
        for fold in self.folds:
            self.screen.session_state[fold] = True
        self.screen.run()
        assert not self.screen.exception, self.screen.exception
        return self

    def open(self, *titles: str, whole: Place = ()) -> Fiche:
        """Opens groups of the structure or of a service, in the form."""
        start = "-".join(("groupe", self.fiche, *whole))
        self.folds |= {start, *(f"{start}-{title}" for title in titles)} if whole else set()
        self.folds |= {f"{start}-{title}" for title in titles}
        return self.run(MODIFY)

    def open_hours(self, whole: Place = ()) -> Fiche:
        """Opens both ways of changing hours."""
        name = "-".join((self.fiche, *whole, "horaires_accueil"))
        self.folds |= {f"jours-{name}", f"osm-{name}"}
        return self.run()

    @property
    def edit(self) -> sheet_edit.Edition:
        """What the session holds."""
        edits: dict[tuple[str, str], sheet_edit.Edition] = self.screen.session_state["ma-fiche"]
        return next(edit for (_, name), edit in edits.items() if name == self.fiche)

    def field(self, place: Place) -> Any:
        """The widget of a place."""
        kinds = ("text_input", "text_area", "multiselect", "selectbox", "checkbox", "button_group")
        found = [one for kind in kinds for one in self.screen.get(kind) if one.key == key_of(self.edit, place)]
        assert found, place
        return found[0]

    def fill(self, place: Place, value: Any) -> Fiche:
        """Answers in a field."""
        self.field(place).set_value(value)
        return self.run()

    def click(self, label: str) -> Fiche:
        """Presses a button."""
        found = [button for button in self.screen.button if button.label == label]
        assert found, [button.label for button in self.screen.button]
        found[0].click()
        return self.run()

    def labels(self) -> list[str]:
        """The buttons that can be pressed."""
        return [button.label for button in self.screen.button if not button.disabled]

    def errors(self) -> list[str]:
        """What is wrong, as it is shown."""
        return [re.sub(r"\\(.)", r"\1", error.value) for error in self.screen.error]

    def send(self, reason: str = "Essai.", button: str = "Envoyer à la coordination") -> Fiche:
        """Gives a reason and sends."""
        self.run(SEND)
        reasons = [area for area in self.screen.text_area if area.label == "Pourquoi ce changement ?"]
        assert reasons, words(self.screen)
        reasons[0].set_value(reason)
        return self.click(button)


Open = Callable[..., Fiche]


@pytest.fixture
def desk(tmp_path: Path, base: Base, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Store, Open]]:
    """A store with the shipped sheets, and a way to open the page on it."""
    with screens(tmp_path, base, monkeypatch) as (store, open_page):
        yield store, _opener(open_page)


def _opener(open_page: Screen) -> Open:
    def open_sheet(acteur: Acteur = PARTNER, fiche: str = SHEET, **address: str) -> Fiche:
        return Fiche(open_page("ma_fiche", acteur, **address), fiche)

    return open_sheet


def _head(store: Store, fiche: str = SHEET) -> Version:
    found = versions.head(store, fiche)
    assert found
    return found


def _draft(store: Store, acteur: Acteur = PARTNER, fiche: str = SHEET) -> dict[str, Any] | None:
    found = drafts.find(store, acteur, fiche)
    return found.document if found else None


def _publish(store: Store, base: Base, place: Place, value: Any, acteur: Acteur = COORDINATION) -> Version:
    """Somebody else changes the sheet."""
    head = _head(store)
    wanted = Redaction(SHEET, with_fact(head.document, place, value), head.numero, "Changé ailleurs.")
    return sheets.put(store, acteur, wanted, base)


# --- who ---


def test_nobody_edits_without_an_account(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    page = open_sheet(AGENT, structure=SHEET)
    assert "celle des partenaires" in words(page.screen)
    assert not page.screen.button


def test_a_partner_gets_its_own_sheet_and_no_other(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    assert "Mission locale de Dreux" in words(open_sheet().screen)
    for other in ("bij-dreux", "inconnue", "<b>x</b>"):
        page = open_sheet(structure=other)
        assert "n’est pas celle de votre structure" in words(page.screen)
        assert not page.screen.button
        assert not page.screen.text_input


def test_a_partner_without_a_structure_is_told_what_to_do(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    assert "rattaché à aucune structure" in words(open_sheet(Acteur("x", "X", "partenaire")).screen)


def test_the_coordination_chooses_a_sheet(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    page = open_sheet(COORDINATION)
    assert not page.screen.header
    page.screen.selectbox(key="fiche-a-modifier").set_value("bge-28").run()
    assert "BGE 28" in page.screen.header[0].value
    assert page.screen.query_params["structure"] in ("bge-28", ["bge-28"])
    assert "Mission locale de Dreux" in words(open_sheet(COORDINATION, structure=SHEET).screen)
    assert "Aucune fiche ne porte" in words(open_sheet(COORDINATION, structure="inconnue").screen)


def test_sheets_of_a_folder_are_not_edited_here(desk: tuple[Store, Open], monkeypatch: pytest.MonkeyPatch) -> None:
    _, open_sheet = desk
    monkeypatch.setattr(desk_base, "store", lambda: None)
    page = open_sheet()
    assert "viennent directement d’un dossier" in words(page.screen)
    assert not page.screen.button


def test_every_fact_of_the_shipped_sheets_has_a_field_or_is_not_for_partners() -> None:
    elsewhere = {"code_insee", "reseaux_porteurs", "thematiques"}  # the first one follows the commune
    national = ("publics",)
    for path in sheet_files(CATALOGUE):
        for place in facts(read_file(path).donnees):
            whole, inside = (place[:2], place[2:]) if place[0] == "services" else ((), place)
            known = {champ.place for champ in asked_of(whole)}
            assert inside in known or inside[-1] in elsewhere or inside == national, place


# --- « Toujours à jour » ---


def test_one_click_confirms_after_the_facts_were_shown(desk: tuple[Store, Open]) -> None:
    store, open_sheet = desk
    page = open_sheet()
    told = words(page.screen)
    for said in ("Téléphone", "Horaires", "Contrat d'engagement jeune", "Âge", "Publics", "CA Agglo du Pays de Dreux"):
        assert plain(said) in told
    page.click("Tout est toujours à jour")
    head = _head(store)
    assert (head.numero, head.etat, head.origine) == (2, "publiee", "confirmation")
    assert head.document["date_maj"] == date.today().isoformat()
    assert "La fiche est confirmée" in words(page.screen)
    page.click("Tout est toujours à jour")
    assert "déjà confirmée" in page.errors()[0]
    assert _head(store).numero == 2


def test_what_was_not_shown_is_not_confirmed(desk: tuple[Store, Open], base: Base) -> None:
    store, open_sheet = desk
    page = open_sheet()
    _publish(store, base, ("telephone",), PHONE)
    page.click("Tout est toujours à jour")
    assert "vient de changer" in page.errors()[0]
    assert PHONE in words(page.screen)
    assert _head(store).numero == 2
    page.click("Tout est toujours à jour")
    assert _head(store).numero == 3


def test_a_draft_or_a_proposal_is_settled_first(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    page = open_sheet().open("Téléphone, courriel, site").fill(("telephone",), PHONE).run(VERIFY)
    assert "Tout est toujours à jour" not in page.labels()
    page.send().run(VERIFY)
    assert "Tout est toujours à jour" not in page.labels()
    assert "attend la relecture" in words(page.screen)


# --- the draft ---


def test_the_draft_is_kept_at_each_change_and_found_in_another_browser(desk: tuple[Store, Open]) -> None:
    store, open_sheet = desk
    page = open_sheet().open("Téléphone, courriel, site").fill(("telephone",), PHONE)
    assert at(_draft(store) or {}, ("telephone",)) == PHONE
    assert re.search(r"Brouillon gardé à \d+ h \d\d", words(page.screen))
    other = open_sheet().open("Téléphone, courriel, site")
    assert other.field(("telephone",)).value == PHONE
    assert "Brouillon gardé" in words(other.screen)
    assert _head(store).numero == 1


def test_a_draft_that_says_nothing_new_is_no_draft(desk: tuple[Store, Open]) -> None:
    store, open_sheet = desk
    page = open_sheet().open("Téléphone, courriel, site")
    page.fill(("telephone",), PHONE).fill(("telephone",), "")
    assert _draft(store) is None
    assert "Brouillon" not in words(page.screen)


def test_an_abandoned_draft_can_be_taken_again(desk: tuple[Store, Open]) -> None:
    store, open_sheet = desk
    page = open_sheet().open("Téléphone, courriel, site").fill(("telephone",), PHONE)
    page.click("Abandonner le brouillon")
    assert _draft(store) is None
    assert page.field(("telephone",)).value == ""
    page.click("Reprendre ce que j’avais écrit")
    assert page.field(("telephone",)).value == PHONE
    assert at(_draft(store) or {}, ("telephone",)) == PHONE


@pytest.mark.parametrize("kept", ["Garder celui-ci", "Prendre l’autre"])
def test_two_windows_of_one_person_do_not_overwrite_each_other(desk: tuple[Store, Open], kept: str) -> None:
    store, open_sheet = desk
    group, email = "Téléphone, courriel, site", "accueil@exemple.fr"
    first, second = open_sheet().open(group), open_sheet().open(group)
    first.fill(("telephone",), PHONE)
    second.fill(("courriel",), email)
    assert "dans une autre fenêtre" in words(second.screen)
    assert _draft(store) == first.edit.document
    second.click(kept)
    mine, theirs = {"courriel": email}, {"telephone": PHONE}
    told = _draft(store) or {}
    expected = mine if kept == "Garder celui-ci" else theirs
    assert {name: told[name] for name in ("telephone", "courriel") if name in told} == expected
    assert "dans une autre fenêtre" not in words(second.screen)
    if kept == "Prendre l’autre":
        second.click("Reprendre ce que j’avais écrit")
        assert second.field(("courriel",)).value == email


def test_without_the_database_what_is_typed_stays_in_the_window(
    desk: tuple[Store, Open], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, open_sheet = desk
    page = open_sheet().open("Téléphone, courriel, site")

    def fail(*_: object) -> None:
        raise Unavailable("la base de données ne répond pas.")

    with monkeypatch.context() as broken:
        for module, name in ((drafts, "find"), (drafts, "keep"), (versions, "head"), (versions, "published")):
            broken.setattr(module, name, fail)
        page.fill(("telephone",), PHONE)
        assert "n’est gardée que dans cette page" in words(page.screen)
        assert page.field(("telephone",)).value == PHONE
        page.fill(("courriel",), "accueil@exemple.fr")
    assert _draft(store) is None
    page.fill(("site_web",), "https://exemple.fr")
    assert "n’est gardée que dans cette page" not in words(page.screen)
    draft = _draft(store) or {}
    assert (draft["telephone"], draft["courriel"]) == (PHONE, "accueil@exemple.fr")


def test_without_the_database_nothing_opens_and_it_is_said(
    desk: tuple[Store, Open], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, open_sheet = desk

    def fail(*_: object) -> None:
        raise Unavailable("la base de données ne répond pas.")

    monkeypatch.setattr(versions, "head", fail)
    page = open_sheet()
    assert "ne répond pas" in page.errors()[0]
    assert not page.screen.button


def test_when_the_session_ends_the_last_words_can_be_copied(
    desk: tuple[Store, Open], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, open_sheet = desk
    page = open_sheet().open("Téléphone, courriel, site").fill(("courriel",), "accueil@exemple.fr")
    monkeypatch.setattr(who, "visit", lambda: who.Visite(note="Votre session a pris fin."))
    page.fill(("telephone",), PHONE)
    assert "Votre session a pris fin" in words(page.screen)
    assert PHONE in words(page.screen)
    assert "telephone" not in (_draft(store) or {})
    assert (_draft(store) or {})["courriel"] == "accueil@exemple.fr"


# --- what is wrong, beside the field ---


@pytest.mark.parametrize(
    ("group", "place", "typed", "said"),
    [
        ("Présentation", ("nom",), "", "À remplir."),
        ("Présentation", ("description",), "abc", "Trop court"),
        ("Adresse", ("code_postal",), "281", "n'est pas un code postal"),
        ("Adresse", ("code_postal",), "99999", "n'existe pas"),
        ("Téléphone, courriel, site", ("telephone",), "02 37", "n'est pas un numéro de téléphone"),
        ("Téléphone, courriel, site", ("courriel",), "accueil", "n'est pas une adresse électronique"),
        ("Téléphone, courriel, site", ("site_web",), "exemple.fr", "Vouliez-vous dire « https://exemple.fr » ?"),
        ("Téléphone, courriel, site", ("siret",), "123 456 789 00011", "clé de contrôle"),
        ("Téléphone, courriel, site", ("siret",), "123", "14 chiffres attendus"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    desk: tuple[Store, Open], group: str, place: Place, typed: str, said: str
) -> None:
    _, open_sheet = desk
    page = open_sheet().open(group).fill(place, typed)
    assert len(page.errors()) == 1
    assert said in page.errors()[0]
    assert "1 à corriger" in words(page.screen)
    page.run(SEND)
    assert said.removesuffix(".").lower() in page.errors()[0].lower()
    assert "Envoyer à la coordination" not in page.labels()
    assert "Aperçu" not in page.errors()[0]


@pytest.mark.parametrize(
    ("group", "place", "typed", "said"),
    [
        ("En bref", ("nom",), "", "À remplir."),
        ("En bref", ("spro", "besoins"), [], "À remplir."),
        ("Pour qui", ("spro", "age_min"), "douze", "nombre entier"),
        ("Pour qui", ("spro", "age_max"), "200", "Au plus 120"),
        ("Où et comment", ("lien_mobilisation",), "rdv", "adresse web"),
        ("Pour l’agent qui oriente", ("spro", "a_dire"), "abc", "Trop court"),
    ],
)
def test_what_is_wrong_in_a_service_is_said_there(
    desk: tuple[Store, Open], group: str, place: Place, typed: Any, said: str
) -> None:
    _, open_sheet = desk
    page = open_sheet().open(group, whole=CEJ).fill((*CEJ, *place), typed)
    assert [error for error in page.errors() if said in error], page.errors()
    page.run(SEND)
    assert "Contrat d'engagement jeune" in page.errors()[0] or "Service" in page.errors()[0]


def test_ages_that_cross_are_said_once(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    page = open_sheet().open("Pour qui", whole=CEJ)
    page.fill((*CEJ, "spro", "age_min"), "30 ans").fill((*CEJ, "spro", "age_max"), "20")
    assert page.errors() == ["L'âge minimum (30) dépasse l'âge maximum (20)."]
    page.fill((*CEJ, "spro", "age_max"), "35")
    assert page.errors() == []
    assert at(page.edit.document, (*CEJ, "spro", "age_min")) == 30


# --- controls ---


def test_figures_are_taken_however_they_are_grouped(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    page = open_sheet().open("Téléphone, courriel, site", "Adresse")
    page.fill(("siret",), " 130 030 133 00016 ").fill(("code_postal",), "28 100")
    assert page.edit.document["siret"] == "13003013300016"
    assert page.edit.document["code_postal"] == "28100"


def test_a_commune_is_chosen_and_its_codes_follow(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    page = open_sheet().open("Adresse").fill(("commune",), "28134")
    document = page.edit.document
    assert (document["commune"], document["code_insee"], document["code_postal"]) == ("Dreux", "28134", "28100")
    assert page.field(("code_postal",)).value == "28100"
    page.fill(("commune",), "")
    assert "commune" not in page.edit.document
    assert "code_insee" not in page.edit.document


def test_a_typed_commune_must_be_a_real_one(base: Base) -> None:
    assert getattr(typed_commune("44109", base), "nom", None) == "Nantes"
    assert "Aucune commune" in str(typed_commune("Atlantis", base))
    assert "Plusieurs communes" in str(typed_commune("Saint-Denis", base))


def test_zones_are_chosen_by_name(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    place = (*CEJ, "zone_eligibilite")
    page = open_sheet().open("Où et comment", whole=CEJ)
    options = page.field(place).options
    assert "CA Agglo du Pays de Dreux" in options
    assert "Eure-et-Loir (département 28)" in options
    assert "Dreux (28100)" in options
    page.fill(place, ["28", "28134"])
    assert at(page.edit.document, place) == ["28", "28134"]
    page.fill(place, [])
    assert at(page.edit.document, place) is None


def test_a_public_has_one_reception_policy(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    place = (*CEJ, "spro", "publics")
    page = open_sheet().open("Pour qui", whole=CEJ)
    assert page.field((*place, "reserve-a")).value == ["jeune-16-25", "jeune-cej-handicap"]
    page.fill((*place, "priorise"), ["jeune-16-25"])
    assert at(page.edit.document, place) == [
        {"public": "jeune-16-25", "accueil": "priorise"},
        {"public": "jeune-cej-handicap", "accueil": "reserve-a"},
    ]
    assert page.field((*place, "reserve-a")).value == ["jeune-cej-handicap"]
    page.fill((*place, "reserve-a"), []).fill((*place, "priorise"), [])
    assert at(page.edit.document, place) is None


def test_what_is_added_comes_after_what_was_there(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    place = (*CEJ, "spro", "besoins")
    page = open_sheet().open("En bref", whole=CEJ)
    page.fill(place, ["trouver-emploi", "contrat-engagement-jeune"])
    assert at(page.edit.document, place) == ["contrat-engagement-jeune", "trouver-emploi"]


def test_hours_day_by_day(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    place = ("horaires_accueil",)
    page = open_sheet().open("Horaires").open_hours()
    page.fill((*place, "Mo", "matin"), "9h à 12h30").fill((*place, "Mo", "après-midi"), "13h30-17h")
    assert page.edit.document["horaires_accueil"] == "Mo 09:00-12:30,13:30-17:00"
    page.click("Mêmes horaires du mardi au vendredi").fill((*place, "Sa", "matin"), "9-12")
    page.field((*place, "fériés")).set_value(True)
    page.run()
    assert page.edit.document["horaires_accueil"] == "Mo-Fr 09:00-12:30,13:30-17:00; Sa 09:00-12:00; PH off"
    assert page.field(place).value == page.edit.document["horaires_accueil"]
    assert page.field((*place, "Fr", "après-midi")).value == "13h30-17h"
    assert "du lundi au vendredi" in words(page.screen).lower()
    page.fill((*place, "Fr", "après-midi"), "fermé")
    assert "Fr 09:00-12:30" in page.edit.document["horaires_accueil"]


def test_hours_that_are_wrong_are_said_and_stop_the_sending(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    place = ("horaires_accueil",)
    page = open_sheet().open("Horaires", "Téléphone, courriel, site").open_hours()
    page.fill(("telephone",), PHONE).fill((*place, "Mo", "matin"), "le matin")
    assert "Lundi : écrivez par exemple" in page.errors()[0]
    page.run(SEND)
    assert "écrivez par exemple" in page.errors()[0]
    page.run(MODIFY).fill((*place, "Mo", "matin"), "9h-12h")
    assert page.errors() == []


def test_hours_for_who_knows_the_format(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    place = ("horaires_accueil",)
    page = open_sheet().open("Horaires").open_hours()
    page.fill(place, "Mo-Fr 09:00-12:00")
    assert page.field((*place, "Tu", "matin")).value == "9h-12h"
    page.fill(place, "week 1-20 Mo 09:00-12:00")
    assert "ne tient pas dans un tableau" in words(page.screen)
    page.fill(place, "lundi matin")
    assert page.errors()


def test_a_service_is_added_with_its_own_identifier(desk: tuple[Store, Open], base: Base) -> None:
    _, open_sheet = desk
    page = open_sheet().run(MODIFY).click("Ajouter un service")
    assert "Donnez d’abord un nom" in page.errors()[0]
    for _ in range(2):
        page.screen.text_input(key="nom-du-nouveau-service").set_value("CEJ")
        page.click("Ajouter un service")
    new = [name for name in services(page.edit.document) if name not in base.catalogue.offre_by_id]
    assert new == [f"{SHEET}-cej-2", f"{SHEET}-cej-3"]
    assert page.errors() == [] or all("remplir" in error.lower() for error in page.errors())
    page.run(SEND)
    assert page.errors()[0].count("à remplir") == 6


def test_a_service_is_taken_away_and_put_back_where_it_was(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    page = open_sheet().open(whole=CEJ)
    before = page.edit.document
    page.click("Retirer ce service")
    assert CEJ[1] not in services(page.edit.document)
    assert "Service retiré" in words(page.screen)
    other = open_sheet().run(MODIFY)  # in another browser too
    other.click("Remettre ce service")
    assert other.edit.document == before


def test_reserved_fields_are_shown_with_the_reason(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    page = open_sheet().open("reserve")
    assert "Rôle dans le réseau" in words(page.screen)
    assert any("Seule la coordination" in caption.value for caption in page.screen.caption)
    assert not [box for box in page.screen.selectbox if box.label == "Rôle dans le réseau"]
    assert open_sheet(COORDINATION, structure=SHEET).open("reserve").field(("spro", "role")).value == "mission-locale"


def test_a_forged_draft_does_not_change_what_is_reserved(desk: tuple[Store, Open]) -> None:
    store, open_sheet = desk
    forged = with_fact(_head(store).document, ("spro", "role"), "coordination")
    drafts.keep(store, PARTNER, SHEET, with_fact(forged, (*CEJ, "spro", "cep"), True), 1)
    page = open_sheet().send()
    assert "ne change qu'avec la coordination" in page.errors()[0]
    assert _head(store).numero == 1


def test_an_unsure_fact_is_confirmed_in_one_click(desk: tuple[Store, Open]) -> None:
    store, open_sheet = desk
    stated = (*CEJ, "spro", "provenance", "frais")
    page = open_sheet().open("Où et comment", whole=CEJ).fill(stated, True)
    assert at(page.edit.document, stated)["source"] == "Mission locale de Dreux"
    page.send()
    sent = at(_head(store).document, stated)
    assert (sent["source"], sent["confiance"]) == ("Mission locale de Dreux", "V")
    assert at(_head(store).document, (*CEJ, "frais")) == "gratuit"


# --- sending ---


def test_a_change_is_sent_with_a_reason_and_says_who_states_it(desk: tuple[Store, Open]) -> None:
    store, open_sheet = desk
    page = open_sheet().open("Téléphone, courriel, site").fill(("telephone",), PHONE).run(SEND)
    assert "Ce que vous changez" in words(page.screen)
    assert PHONE in words(page.screen)
    page.click("Envoyer à la coordination")
    assert page.errors() == ["Dites en quelques mots pourquoi."]
    assert _draft(store) is not None
    page.send("Nouveau standard.")
    head = _head(store)
    assert (head.numero, head.etat, head.auteur, head.motif) == (2, "proposee", PARTNER.nom, "Nouveau standard.")
    today = date.today().isoformat()
    stated = at(head.document, ("spro", "provenance"))
    assert stated["telephone"] == {"source": "Mission locale de Dreux", "verifie": today, "confiance": "V"}
    assert stated["description"] == at(_first(store).document, ("spro", "provenance", "description"))
    assert _draft(store) is None
    assert "La coordination va relire" in words(page.screen)
    published = versions.published(store, SHEET)
    assert published is not None
    assert "telephone" not in published.document


def _first(store: Store) -> Version:
    found = versions.version(store, SHEET, 1)
    assert found
    return found


def test_the_effect_is_told_before_sending(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    page = open_sheet().open("Pour qui", whole=CEJ).fill((*CEJ, "spro", "age_min"), "18").run(SEND)
    assert "ne vous seraient plus envoyées" not in words(page.screen)
    page.click("Calculer l’effet sur les orientations")
    told = words(page.screen)
    assert "Ces situations ne vous seraient plus envoyées d’abord" in told
    assert "de 16 à 17 ans" in told
    page.open("Téléphone, courriel, site").fill(("telephone",), PHONE).run(SEND)
    assert "ne vous seraient plus envoyées" not in words(page.screen)  # it was the effect of something else


def test_the_coordination_publishes_at_once_and_says_where_it_comes_from(desk: tuple[Store, Open]) -> None:
    store, open_sheet = desk
    page = open_sheet(COORDINATION, structure=SHEET).open("Téléphone, courriel, site").fill(("telephone",), PHONE)
    page.send(button="Publier maintenant")
    assert "d’où viennent ces informations" in page.errors()[0]
    page.screen.text_input(key="source-de-la-coordination").set_value("Appel à la structure")
    page.send(button="Publier maintenant")
    head = _head(store)
    assert (head.numero, head.etat) == (2, "publiee")
    assert at(head.document, ("spro", "provenance", "telephone", "source")) == "Appel à la structure"
    assert PHONE in words(page.run(VERIFY).screen)


def test_the_coordination_completes_a_proposal_and_publishes_it(desk: tuple[Store, Open]) -> None:
    store, open_sheet = desk
    open_sheet().open("Téléphone, courriel, site").fill(("telephone",), PHONE).send()
    page = open_sheet(COORDINATION, structure=SHEET).open("Téléphone, courriel, site")
    assert page.field(("telephone",)).value == PHONE
    page.fill(("courriel",), "accueil@exemple.fr").run(SEND)
    page.screen.text_input(key="source-de-la-coordination").set_value("Appel à la structure")
    page.send(button="Publier maintenant")
    states = {version.numero: version.etat for version in versions.history(store, SHEET)}
    assert states == {1: "publiee", 2: "retiree", 3: "publiee"}
    stated = at(_head(store).document, ("spro", "provenance"))
    assert stated["telephone"]["source"] == "Mission locale de Dreux"
    assert stated["courriel"]["source"] == "Appel à la structure"


def test_a_button_pressed_twice_sends_once(desk: tuple[Store, Open]) -> None:
    store, open_sheet = desk
    page = open_sheet().open("Téléphone, courriel, site").fill(("telephone",), PHONE)
    edit = page.edit
    page.send()
    edit.document = {**edit.document, "telephone": PHONE}
    page.run(SEND)
    assert "Envoyer à la coordination" not in page.labels()
    assert len(versions.history(store, SHEET)) == 2


# --- two people ---


def test_who_comes_second_sees_both_versions_and_loses_nothing(desk: tuple[Store, Open], base: Base) -> None:
    store, open_sheet = desk
    page = open_sheet().open("Téléphone, courriel, site").fill(("telephone",), PHONE)
    page.fill(("courriel",), "accueil@exemple.fr")
    _publish(store, base, ("telephone",), "02 61 91 99 99", OTHER)
    _publish(store, base, (*CEJ, "spro", "age_min"), 18, OTHER)
    page.run(SEND)
    assert "a changé pendant que vous la modifiiez" in words(page.screen)
    radios = {radio.label: radio for radio in page.screen.radio}
    assert {label: radio.value for label, radio in radios.items()} == {
        "Téléphone": None,
        "Courriel": "la-mienne",
        "Service « Contrat d'engagement jeune » › Âge minimum": "l-autre",
    }
    assert radios["Téléphone"].options == [f"Ma version : {PHONE}", "L’autre version : 02 61 91 99 99"]
    assert "Continuer avec ces choix" not in page.labels()
    radios["Téléphone"].set_value("la-mienne")
    page.run().click("Continuer avec ces choix")
    told = page.edit.document
    assert (told["telephone"], told["courriel"]) == (PHONE, "accueil@exemple.fr")
    assert at(told, (*CEJ, "spro", "age_min")) == 18
    assert _draft(store) == told
    page.send()
    assert _head(store).numero == 4
    assert _head(store).lue == 3


@pytest.mark.parametrize(
    ("button", "phone"), [("Tout prendre de ma version", PHONE), ("Tout prendre de l’autre", None)]
)
def test_one_side_can_be_taken_whole(desk: tuple[Store, Open], base: Base, button: str, phone: str | None) -> None:
    store, open_sheet = desk
    page = open_sheet().open("Téléphone, courriel, site").fill(("telephone",), PHONE)
    other = _publish(store, base, (*CEJ, "spro", "age_min"), 18)
    page.run(SEND).click(button).click("Continuer avec ces choix")
    assert page.edit.document.get("telephone") == phone
    assert (page.edit.document == other.document) is (phone is None)
    assert (_draft(store) is None) is (phone is None)
    page.click("Reprendre ce que j’avais écrit")
    assert page.edit.document["telephone"] == PHONE


def test_a_change_between_the_drawing_and_the_click_is_a_conflict(desk: tuple[Store, Open], base: Base) -> None:
    store, open_sheet = desk
    page = open_sheet().open("Téléphone, courriel, site").fill(("telephone",), PHONE).run(SEND)
    page.screen.text_area[0].set_value("Essai.")
    _publish(store, base, ("courriel",), "accueil@exemple.fr")
    page.click("Envoyer à la coordination")
    assert "Deux versions de la fiche" in words(page.screen)
    assert _head(store).numero == 2
    assert (_draft(store) or {})["telephone"] == PHONE


# --- what became of it ---


def test_a_proposal_is_taken_back_then_taken_up_again(desk: tuple[Store, Open]) -> None:
    store, open_sheet = desk
    page = open_sheet().open("Téléphone, courriel, site").fill(("telephone",), PHONE).send()
    page.folds = {f"suivi-{SHEET}-2"}
    page.run(FOLLOW).click("Retirer cette proposition")
    assert _head(store).numero == 1
    page.click("Reprendre cette proposition")
    assert page.edit.document["telephone"] == PHONE
    assert (_draft(store) or {})["telephone"] == PHONE
    page.send("Encore.")
    assert (_head(store).numero, _head(store).etat) == (3, "proposee")


def test_a_refusal_is_told_with_its_reason(desk: tuple[Store, Open], base: Base) -> None:
    store, open_sheet = desk
    open_sheet().open("Téléphone, courriel, site").fill(("telephone",), PHONE).send()
    sheets.refuse(store, COORDINATION, SHEET, 2, "Numéro d'un particulier.")
    page = open_sheet()
    assert "Votre proposition a été refusée" in words(page.screen)
    assert plain("Numéro d'un particulier.") in words(page.screen)
    _publish(store, base, (*CEJ, "spro", "age_min"), 18)
    page.folds = {f"suivi-{SHEET}-2"}
    page.run(FOLLOW).click("Reprendre cette proposition")
    page.run(SEND)
    assert "Deux versions de la fiche" in words(page.screen)  # what others changed since is not undone
    assert [radio.value for radio in page.screen.radio] == ["la-mienne", "l-autre"]


def test_what_is_published_is_told(desk: tuple[Store, Open], base: Base) -> None:
    store, open_sheet = desk
    open_sheet().open("Téléphone, courriel, site").fill(("telephone",), PHONE).send()
    sheets.publish(store, COORDINATION, SHEET, 2, "", base)
    page = open_sheet().run(FOLLOW)
    assert any("Version 2 — publiée" in fold.label for fold in page.screen.expander)
    assert PHONE in words(page.run(VERIFY).screen)


def test_the_preview_shows_what_is_written(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    page = open_sheet().open("Téléphone, courriel, site").fill(("telephone",), PHONE).run(PREVIEW)
    assert PHONE in words(page.screen)
    page.screen.radio(key="apercu-vue").set_value("La carte d’une réponse")
    page.run()
    assert "Orientez d’abord vers" in words(page.screen)
    page.open("Présentation").fill(("nom",), "").run(PREVIEW)
    assert "attend des champs justes" in words(page.screen)


# --- what people paste ---

HOLDERS = ((), CEJ)
TYPED = ("texte", "texte-long", "telephone", "courriel", "lien", "siret", "code-postal")
TEXTS = [(whole, field.place) for whole in HOLDERS for field in asked_of(whole) if field.genre in TYPED]


def _group(whole: Place, place: Place) -> str:
    groups = groups_of(whole)
    return next(group.titre for group in groups if any(field.place == place for field in group.rubriques))


@pytest.mark.parametrize(("whole", "place"), TEXTS, ids="-".join)
def test_every_text_is_shown_as_it_is_or_refused(desk: tuple[Store, Open], whole: Place, place: Place) -> None:
    _, open_sheet = desk
    page = open_sheet().open(_group(whole, place), whole=whole)
    pasted = " ".join(ATTACKS)
    page.fill((*whole, *place), pasted)
    assert at(page.edit.document, (*whole, *place)) == pasted
    for step in (SEND, PREVIEW, VERIFY, MODIFY):
        screen = page.run(step).screen
        kinds = (screen.markdown, screen.error, screen.caption, screen.header, screen.subheader, screen.warning)
        shown = [str(element.value) for kind in kinds for element in kind]
        assert not [text for text in shown for attack in ATTACKS if attack in text]
        tables = [block.proto.body for block in screen.get("html") if "<table" in block.proto.body]
        assert not [table for table in tables if "<img" in table or "<script" in table]


@pytest.mark.parametrize(("whole", "place"), [TEXTS[0], TEXTS[-1]])
def test_what_cannot_be_kept_is_refused_beside_the_field(desk: tuple[Store, Open], whole: Place, place: Place) -> None:
    store, open_sheet = desk
    page = open_sheet().open(_group(whole, place), whole=whole)
    page.fill((*whole, *place), "Nom\x00 caché")
    assert ["invisible" in error for error in page.errors()] == [True]
    page.run(SEND)
    assert "Envoyer à la coordination" not in page.labels()
    assert at(_draft(store) or {}, (*whole, *place)) == "Nom\x00 caché"


def test_marks_that_turn_a_text_around_are_not_taken(desk: tuple[Store, Open]) -> None:
    _, open_sheet = desk
    page = open_sheet().open("Présentation").fill(("nom",), "Mission\u202e elacol\u2066 de Dreux\u200f")
    assert page.edit.document["nom"] == "Mission elacol de Dreux"
    assert page.errors() == []


def test_ten_megabytes_are_refused_and_nothing_is_lost(desk: tuple[Store, Open]) -> None:
    store, open_sheet = desk
    page = open_sheet().open("Présentation", "Téléphone, courriel, site").fill(("telephone",), PHONE)
    page.fill(("description",), "a" * 10 * 1024 * 1024)
    assert "trop long" in page.errors()[0]
    assert len(page.errors()[0]) < 300
    assert page.edit.document["description"] == _head(store).document["description"]
    assert (_draft(store) or {})["telephone"] == PHONE
    page.run(SEND)
    assert "trop long" in page.errors()[0]
    assert "Envoyer à la coordination" not in page.labels()
    page.run(MODIFY).fill(("description",), "Une phrase.")
    assert page.errors() == []
