"""Sheets in the store, on both databases: who may write what, in which order, and what nobody can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.base import Base
from engine.documents import InvalidDocuments
from store import checks, drafts, sheets, versions
from store.database import Store
from store.rights import AGENT, MACHINE, Acteur, Interdit
from store.sheets import Conflit, Redaction, Refus
from store.versions import Version

FICHE = "mission-locale-dreux"
OTHER = "bij-dreux"
PARTNER = Acteur("marie", "Marie Partenaire", "partenaire", FICHE)
NEIGHBOUR = Acteur("paul", "Paul Voisin", "partenaire", OTHER)
COORDINATION = Acteur("coordination", "La coordination", "coordination")
DAY = date(2026, 12, 1)

Write = Callable[[Acteur], object]


def head(store: Store, fiche: str = FICHE) -> Version:
    """The head of a sheet that exists."""
    found = versions.head(store, fiche)
    assert found
    return found


def edited(store: Store, fiche: str = FICHE, motif: str = "Mise à jour.", **changes: Any) -> Redaction:
    """A change of the head of a sheet."""
    current = head(store, fiche)
    return Redaction(fiche, {**current.document, **changes}, current.numero, motif)


def whole(store: Store) -> list[list[Version]]:
    """Everything that the store says of every sheet."""
    return [versions.history(store, fiche) for fiche in versions.every_sheet(store)]


# --- the life of a sheet ---


def test_the_first_fill_publishes_every_sheet_once(shipped: Store, base: Base) -> None:
    ranks = [version.avis.rang for version in versions.publications(shipped, 1000) if version.avis]
    assert ranks == list(range(len(base.catalogue.structures), 0, -1))
    assert versions.in_service(shipped) == dict.fromkeys(base.catalogue.structures, 1)
    assert versions.stamp(shipped) == len(ranks)


def test_proposed_then_published(store: Store, base: Base) -> None:
    before, stamp = head(store), versions.stamp(store)
    proposed = sheets.propose(store, PARTNER, edited(store, telephone="0237000000"), base)
    assert (proposed.numero, proposed.etat, proposed.auteur, proposed.lue) == (2, "proposee", "Marie Partenaire", 1)
    assert versions.published(store, FICHE) == before
    assert versions.pending(store) == [proposed]
    assert versions.stamp(store) == stamp
    published = sheets.publish(store, COORDINATION, FICHE, 2, " Vu ensemble. ", base)
    assert published.avis
    assert (published.etat, published.avis.auteur, published.avis.motif) == (
        "publiee",
        "La coordination",
        "Vu ensemble.",
    )
    assert published.avis.rang == versions.stamp(store) == stamp + 1
    assert versions.published(store, FICHE) == published
    assert versions.pending(store) == []
    assert versions.history(store, FICHE) == [published, before]


def test_contacts_that_somebody_types_are_checked_and_no_others(store: Store, base: Base) -> None:
    wrong = {"telephone": "02 37", "code_postal": "28100", "code_insee": "28100", "commune": "Dreux"}
    before = whole(store)
    for write, acteur in ((sheets.propose, PARTNER), (sheets.put, COORDINATION)):
        with pytest.raises(InvalidDocuments) as refused:
            write(store, acteur, edited(store, **wrong), base)
        assert [problem.chemin for problem in refused.value.diagnostics] == [("code_insee",), ("telephone",)]
    assert whole(store) == before
    taken = sheets.put(store, COORDINATION, replace(edited(store, **wrong), origine="data-inclusion"), base)
    assert taken.document["telephone"] == "02 37"
    assert sheets.archive(store, COORDINATION, FICHE, taken.numero, "Fermée.", base).archivee


def test_refused_leaves_what_was_published(store: Store, base: Base) -> None:
    before = head(store)
    sheets.propose(store, PARTNER, edited(store, telephone="0237000000"), base)
    refused = sheets.refuse(store, COORDINATION, FICHE, 2, "À revoir.")
    assert (refused.etat, refused.avis and refused.avis.motif) == ("refusee", "À revoir.")
    assert versions.head(store, FICHE) == versions.published(store, FICHE) == before
    again = sheets.propose(store, PARTNER, edited(store, telephone="0237000001"), base)
    assert (again.numero, again.lue) == (3, 1)


def test_a_new_proposal_replaces_the_one_that_waited(store: Store, base: Base) -> None:
    sheets.propose(store, PARTNER, edited(store, telephone="0237000000"), base)
    last = sheets.propose(store, PARTNER, edited(store, telephone="0237000001"), base)
    assert [version.etat for version in versions.history(store, FICHE)] == ["proposee", "retiree", "publiee"]
    assert versions.pending(store) == [last]
    sheets.withdraw(store, PARTNER, FICHE, last.numero)
    assert versions.pending(store) == []


def test_archived_then_restored(store: Store, base: Base) -> None:
    document = head(store).document
    gone = sheets.archive(store, COORDINATION, FICHE, 1, "Fermée.", base)
    assert (gone.archivee, gone.document) == (True, document)
    assert FICHE not in versions.in_service(store)
    back = sheets.restore(store, COORDINATION, FICHE, 1, gone.numero, "Rouverte.", base)
    assert (back.numero, back.archivee, back.origine, back.document) == (3, False, "restauration", document)
    assert versions.in_service(store)[FICHE] == 3


def test_the_last_first_reception_stays_whatever_a_screen_had_seen(store: Store, base: Base) -> None:
    """Each screen was opened before the others archived theirs: only what is published then counts."""
    default = base.rules.vocabulaire.besoin_par_defaut
    welcoming = {offre.structure.id for offre in base.catalogue.offres if default in offre.service.spro.besoins}
    assert len(welcoming) > 1
    refused = []
    for fiche in sorted(welcoming):
        try:
            sheets.archive(store, COORDINATION, fiche, head(store, fiche).numero, "Fermeture.", base)
        except InvalidDocuments as error:
            refused.append(str(error))
    assert len(refused) == 1
    assert "premier accueil" in refused[0]


def test_a_service_has_one_sheet_whatever_a_screen_had_seen(store: Store, base: Base) -> None:
    taken = head(store).document["services"][0]["id"]
    unseen = base.with_sheet(FICHE, None)
    document = _copy(head(store, OTHER).document)
    document["services"][0]["id"] = taken
    with pytest.raises(InvalidDocuments, match=taken):
        sheets.put(store, COORDINATION, Redaction(OTHER, document, head(store, OTHER).numero, "Ajout."), unseen)
    assert head(store, OTHER).numero == 1


def test_still_right_only_moves_the_dates(store: Store, base: Base) -> None:
    before = head(store)
    done = sheets.confirm(store, PARTNER, FICHE, before.numero, DAY, base)
    assert (done.etat, done.origine, done.document["date_maj"]) == ("publiee", "confirmation", "2026-12-01")
    assert {**done.document, "date_maj": before.document["date_maj"]} == before.document
    with pytest.raises(Refus, match="Rien n'a changé"):
        sheets.confirm(store, PARTNER, FICHE, done.numero, DAY, base)


def test_a_draft_is_its_authors_until_it_is_proposed(store: Store, base: Base) -> None:
    wrong = {"nom": "\x00\ud800", "age": [None]}
    drafts.keep(store, PARTNER, FICHE, wrong, 1)
    kept = drafts.find(store, PARTNER, FICHE)
    assert kept
    assert (kept.document, kept.lue) == (wrong, 1)
    assert drafts.find(store, COORDINATION, FICHE) is None
    drafts.keep(store, PARTNER, FICHE, {"nom": "Autre"}, 1)
    sheets.propose(store, PARTNER, edited(store, telephone="0237000000"), base)
    assert drafts.find(store, PARTNER, FICHE) is None


# --- who may do what: nothing is written otherwise ---


def _writes(store: Store, base: Base) -> dict[str, Write]:
    """Every write of a sheet, as somebody would ask it of the store whatever the screen shows."""
    changed = edited(store, telephone="0237000000")
    return {
        "publish": lambda who: sheets.publish(store, who, FICHE, 2, "", base),
        "refuse": lambda who: sheets.refuse(store, who, FICHE, 2, "Non."),
        "put": lambda who: sheets.put(store, who, changed, base),
        "put_all": lambda who: sheets.put_all(store, who, lambda: [changed]),
        "restore": lambda who: sheets.restore(store, who, FICHE, 1, 1, "Retour.", base),
        "archive": lambda who: sheets.archive(store, who, FICHE, 1, "Fin.", base),
        "propose": lambda who: sheets.propose(store, who, changed, base),
        "withdraw": lambda who: sheets.withdraw(store, who, FICHE, 2),
        "confirm": lambda who: sheets.confirm(store, who, FICHE, 1, DAY, base),
        "draft": lambda who: drafts.keep(store, who, FICHE, {}, 1),
    }


OWN = {"propose", "withdraw", "confirm", "draft"}
"""What a partner may do, on the sheet of their own structure."""


@pytest.mark.parametrize("waiting", [False, True])
def test_every_write_asks_for_the_right(store: Store, base: Base, waiting: bool) -> None:
    if waiting:
        sheets.propose(store, COORDINATION, edited(store, telephone="0237000009"), base)
    before = whole(store)
    nobody = Acteur("", "", "partenaire", None)
    impostor = replace(PARTNER, role="agent")
    for name, write in _writes(store, base).items():
        refused = [AGENT, NEIGHBOUR, nobody, impostor, *([] if name in OWN else [PARTNER])]
        for who in refused:
            with pytest.raises(Interdit):
                write(who)
    assert whole(store) == before
    assert drafts.find(store, NEIGHBOUR, FICHE) is None


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("spro", "role"), "france-travail", "le rôle dans le réseau"),
        (("spro", "reseau"), "hors-reseau", "la place dans le réseau"),
        (("source",), "autre-annuaire", "la source"),
        (("services", 0, "spro", "cep"), None, "le conseil en évolution professionnelle"),
    ],
)
def test_a_partner_cannot_tune_its_place(
    shipped: Store, base: Base, place: tuple[Any, ...], value: object, words: str
) -> None:
    wanted = edited(shipped)
    target: Any = _copy(wanted.document)
    document = target
    for step in place[:-1]:
        target = target[step]
    if value is None:
        assert target.pop(place[-1])
    else:
        assert target.get(place[-1]) != value
        target[place[-1]] = value
    with pytest.raises(InvalidDocuments) as refused:
        sheets.propose(shipped, PARTNER, replace(wanted, document=document), base)
    assert any(found.chemin == place and words in found.message for found in refused.value.diagnostics)
    assert len(versions.history(shipped, FICHE)) == 1


def test_a_partner_cannot_write_anothers_sheet_under_its_own_name(shipped: Store, base: Base) -> None:
    theirs = head(shipped, OTHER).document
    with pytest.raises(InvalidDocuments, match="remettez cet identifiant"):
        sheets.propose(shipped, PARTNER, Redaction(FICHE, theirs, 1, "Essai."), base)
    mine = _copy(head(shipped).document)
    mine["services"][0]["id"] = theirs["services"][0]["id"]
    with pytest.raises(InvalidDocuments, match=theirs["services"][0]["id"]):
        sheets.propose(shipped, PARTNER, Redaction(FICHE, mine, 1, "Essai."), base)
    mine["services"][0]["structure_id"] = OTHER
    with pytest.raises(InvalidDocuments):
        sheets.propose(shipped, PARTNER, Redaction(FICHE, mine, 1, "Essai."), base)


def test_a_new_sheet_is_for_the_coordination(store: Store, base: Base) -> None:
    document = {**_copy(head(store).document), "id": "nouvelle", "services": []}
    new = Redaction("nouvelle", document, None, "Elle ouvre.")
    with pytest.raises(Interdit):
        sheets.propose(store, Acteur("n", "N", "partenaire", "nouvelle"), new, base)
    proposed = sheets.propose(store, COORDINATION, new, base)
    assert (proposed.numero, proposed.lue) == (1, None)
    assert "nouvelle" not in versions.in_service(store)


def test_what_a_request_says_beside_the_sheet_is_not_believed(store: Store, base: Base) -> None:
    forged = replace(edited(store, telephone="0237000000"), archivee=True, origine="dossier")
    proposed = sheets.propose(store, PARTNER, forged, base)
    assert (proposed.archivee, proposed.origine) == (False, "ecran")


# --- forged numbers and replays ---


@pytest.mark.parametrize("lue", [None, 0, -1, 2, 999, 2**31, 10**30])
def test_a_forged_number_is_a_conflict(shipped: Store, base: Base, lue: int | None) -> None:
    before = whole(shipped)
    forged = replace(edited(shipped, telephone="0237000000"), lue=lue)
    for write in (sheets.propose, sheets.put):
        with pytest.raises(Conflit) as conflict:
            write(shipped, COORDINATION, forged, base)
        assert conflict.value.lue is None
        assert conflict.value.actuelle == before[versions.every_sheet(shipped).index(FICHE)][0]
    with pytest.raises(Conflit):
        sheets.put_all(shipped, MACHINE, lambda: [forged])
    with pytest.raises(Conflit):
        sheets.confirm(shipped, PARTNER, FICHE, lue or 0, DAY, base)
    assert whole(shipped) == before


@pytest.mark.parametrize("numero", [0, -1, 2, 2**31, 10**30])
def test_what_does_not_exist_is_refused(shipped: Store, base: Base, numero: int) -> None:
    before = whole(shipped)
    acts: list[Callable[[], object]] = [
        lambda: sheets.publish(shipped, COORDINATION, FICHE, numero, "", base),
        lambda: sheets.refuse(shipped, COORDINATION, FICHE, numero, "Non."),
        lambda: sheets.withdraw(shipped, PARTNER, FICHE, numero),
        lambda: sheets.restore(shipped, COORDINATION, FICHE, numero, 1, "Retour.", base),
    ]
    for act in acts:
        with pytest.raises(Refus, match="n'existe pas"):
            act()
    assert versions.version(shipped, FICHE, numero) is None
    assert whole(shipped) == before


def test_a_replayed_form_does_nothing_twice(store: Store, base: Base) -> None:
    form = edited(store, telephone="0237000000")
    sheets.propose(store, PARTNER, form, base)
    with pytest.raises(Conflit) as conflict:
        sheets.propose(store, PARTNER, form, base)
    assert (conflict.value.lue, conflict.value.actuelle) == tuple(reversed(versions.history(store, FICHE)))
    with pytest.raises(Refus, match="Rien n'a changé"):
        sheets.propose(store, PARTNER, replace(form, lue=2), base)
    sheets.publish(store, COORDINATION, FICHE, 2, "", base)
    with pytest.raises(Refus, match="publiée depuis"):
        sheets.publish(store, COORDINATION, FICHE, 2, "", base)
    with pytest.raises(Refus, match="publiée depuis"):
        sheets.refuse(store, COORDINATION, FICHE, 2, "Non.")
    with pytest.raises(Refus, match="publiée depuis"):
        sheets.withdraw(store, PARTNER, FICHE, 2)
    archived = edited(store)
    sheets.archive(store, COORDINATION, FICHE, 2, "Fermée.", base)
    with pytest.raises(Conflit):
        sheets.archive(store, COORDINATION, FICHE, 2, "Fermée.", base)
    with pytest.raises(Conflit):
        sheets.put(store, COORDINATION, archived, base)
    assert [version.etat for version in versions.history(store, FICHE)] == ["publiee"] * 3


def test_nothing_is_published_over_a_proposal_that_waits(store: Store, base: Base) -> None:
    sheets.propose(store, PARTNER, edited(store, telephone="0237000000"), base)
    with pytest.raises(Refus, match="attend une relecture"):
        sheets.put(store, COORDINATION, edited(store, telephone="0237000001"), base)
    with pytest.raises(Conflit):
        sheets.put(store, COORDINATION, replace(edited(store, telephone="0237000001"), lue=1), base)
    with pytest.raises(Refus, match="attend une relecture"):
        sheets.confirm(store, PARTNER, FICHE, 2, DAY, base)


def test_many_sheets_are_written_all_or_none(store: Store) -> None:
    before = whole(store)
    good, late = edited(store, telephone="0237000000"), edited(store, OTHER, telephone="0237000001")
    with pytest.raises(Conflit):
        sheets.put_all(store, MACHINE, lambda: [good, replace(late, lue=7)])
    with pytest.raises(Refus):
        sheets.put_all(store, MACHINE, lambda: [good, replace(late, motif="   ")])
    assert whole(store) == before
    assert sheets.put_all(store, MACHINE, lambda: [good, late], proposed=frozenset({OTHER})) == 2
    assert [head(store, fiche).etat for fiche in (FICHE, OTHER)] == ["publiee", "proposee"]


# --- what cannot be kept ---

HUGE = "é" * 5_000_000
"""Ten megabytes."""


def _nested(levels: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(levels):
        found = {"spro": found}
    return {**found, "id": FICHE}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"description": HUGE}, "fiche trop grosse : 1024 Kio au plus"),
        ({"description": "Accueil\x00caché"}, "caractère invisible"),
        ({"description": "Accueil \udc80"}, "caractère invisible"),
        ({"nom": "\u202eaxerta"}, "caractère invisible"),
        ({"nom\x00": "a"}, "caractère invisible"),
        ({"description": {1, 2}}, "une fiche ne contient que"),
        ({"nom": b"octets"}, "une fiche ne contient que"),
        ({1: "a", "b": 2}, "une fiche ne contient que"),
        ({"spro": _nested(5000)}, "une fiche ne contient que"),
        ({"spro": float("nan")}, "pas « nan »"),
        ({"inconnue": 1}, "inconnue"),
        ({"services": "aucun"}, "une liste est attendue, pas « aucun »"),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value[:20],
)
def test_what_no_database_could_keep_is_refused(
    shipped: Store, base: Base, changes: dict[Any, Any], words: str
) -> None:
    current = head(shipped)
    wanted = Redaction(FICHE, {**current.document, **changes}, 1, "Essai.")
    for write in (sheets.propose, sheets.put):
        with pytest.raises(InvalidDocuments) as refused:
            write(shipped, COORDINATION, wanted, base)
        assert words in str(refused.value)
        assert len(str(refused.value)) < 2000
    assert versions.history(shipped, FICHE) == [current]


@pytest.mark.parametrize("motif", ["", " \n", "a" * 2001, HUGE, "nul\x00", "demi \ud800", "\u202eà l'envers"])
def test_a_reason_is_a_short_text(store: Store, base: Base, motif: str) -> None:
    wanted = edited(store, motif=motif, telephone="0237000000")
    with pytest.raises(Refus):
        sheets.propose(store, PARTNER, wanted, base)
    with pytest.raises(Refus):
        sheets.put_all(store, MACHINE, lambda: [wanted])
    sheets.propose(store, PARTNER, replace(wanted, motif="Essai."), base)
    with pytest.raises(Refus):
        sheets.refuse(store, COORDINATION, FICHE, 2, motif)
    if motif.strip():
        with pytest.raises(Refus):
            sheets.publish(store, COORDINATION, FICHE, 2, motif, base)
    assert head(store).etat == "proposee"


def test_a_huge_draft_is_refused(shipped: Store) -> None:
    with pytest.raises(Refus, match="trop gros"):
        drafts.keep(shipped, PARTNER, FICHE, {"description": HUGE}, 1)
    assert drafts.find(shipped, PARTNER, FICHE) is None


def test_any_text_comes_back_as_it_was_written(store: Store, base: Base) -> None:
    """Markup, formulas and quotes are only text to the store: screens and exports make them harmless."""
    words = "<script>alert('1')</script> '; DROP TABLE revision; -- =1+1 **gras** :smile: %s {nom} \\ 𝔘 é"
    sheets.propose(store, PARTNER, edited(store, motif=words, description=words), base)
    found = versions.version(store, FICHE, 2)
    assert found
    assert (found.motif, found.document["description"]) == (words, words)


# --- nothing is ever lost ---


@pytest.mark.parametrize("table", ["revision", "decision"])
def test_what_was_written_cannot_be_rewritten(shipped: Store, table: str) -> None:
    before = whole(shipped)
    columns = "fiche, numero, lue, document, archivee, origine, auteur, quand, motif"
    if table == "decision":
        columns = "fiche, numero, etat, rang, auteur, quand, motif"
    copied = f"INTO {table} ({columns}) SELECT {columns.replace('motif', ':x')} FROM {table} WHERE fiche = '{FICHE}'"
    attempts = [
        f"UPDATE {table} SET motif = :x",
        f"UPDATE {table} SET motif = :x WHERE fiche = '{FICHE}'",
        f"DELETE FROM {table} WHERE motif <> :x",
        f"INSERT {copied} ON CONFLICT (fiche, numero) DO UPDATE SET motif = :x",
    ]
    attempts.append(f"INSERT OR REPLACE {copied}" if shipped.is_sqlite else f"TRUNCATE {table} CASCADE")
    for statement in attempts:
        with pytest.raises(DBAPIError, match="ne se modifient pas"), shipped.writing() as session:
            session.execute(text(statement), {"x": "Réécrit."})
    assert whole(shipped) == before


def test_equal_documents_are_one_text(shipped: Store) -> None:
    document = head(shipped).document
    assert checks.canonical(dict(reversed(document.items()))) == checks.canonical(document)


def _copy(document: Any) -> Any:
    if isinstance(document, dict):
        return {key: _copy(value) for key, value in document.items()}
    return [_copy(value) for value in document] if isinstance(document, list) else document
