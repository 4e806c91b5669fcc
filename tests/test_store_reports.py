"""« Signaler une erreur »: anybody may, not too often; nothing says who; only those concerned may answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from engine.base import Base
from store import reports, sheets
from store.database import Store
from store.limits import KEPT, TropSouvent
from store.reports import MAX_TEXTE, MOTIFS, PAR_FICHE, PAR_SOURCE
from store.rights import AGENT, Acteur, Interdit
from store.sheets import Refus
from store.tables import Reglage, Signalement, Tentative
from tests.test_store_concurrency import in_threads
from tests.test_store_sheets import COORDINATION, FICHE, HUGE, NEIGHBOUR, OTHER, PARTNER

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
HERE = "192.0.2.7"


def say(
    store: Store,
    words: str = "",
    motif: str = "horaires",
    fiche: str = FICHE,
    service: str | None = None,
    source: str = HERE,
    now: datetime = NOW,
) -> None:
    """A report, of a kind that is right unless told otherwise."""
    reports.report(store, fiche, service, motif, words, source, now)


def service_of(base: Base, fiche: str = FICHE) -> str:
    """A service of a sheet."""
    return base.catalogue.structures[fiche].services[0].id


def rows(store: Store) -> list[Signalement]:
    """The lines of the table, as they are."""
    with store.reading() as session:
        return list(session.scalars(select(Signalement).order_by(Signalement.id)))


# --- what is kept ---


def test_kept_for_those_concerned(store: Store, base: Base) -> None:
    service = service_of(base)
    say(store, " Fermé le lundi. ", service=service)
    say(store, motif="lien", fiche=OTHER, now=NOW + timedelta(minutes=1))
    first, second = reports.open_reports(store, COORDINATION)
    assert (first.fiche, first.service, first.motif, first.texte) == (FICHE, service, "horaires", "Fermé le lundi.")
    assert (first.quand, first.reponse, second.fiche) == (NOW, None, OTHER)
    assert reports.open_reports(store, PARTNER) == [first]
    assert reports.open_reports(store, NEIGHBOUR) == [second]
    assert reports.counts(store) == {FICHE: 1, OTHER: 1}


def test_the_same_report_twice_is_one(store: Store) -> None:
    for minute in range(5):
        say(store, "Fermé le lundi.", now=NOW + timedelta(minutes=minute))
    say(store, "Fermé le mardi.")
    assert [row.texte for row in rows(store)] == ["Fermé le lundi.", "Fermé le mardi."]
    assert reports.counts(store) == {FICHE: 2}


@pytest.mark.parametrize("motif", [motif for motif in MOTIFS if motif != "coordonnees"])
@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Écrivez-moi : jean.dupont@exemple.fr !", "Écrivez-moi : [retiré] !"),
        ("<jean@exemple.fr>, mon numéro 06 12 34 56 78", "<[retiré]>, mon numéro [retiré]"),
        ("06.12.34.56.78 ou +33 6 12 34 56 78 ou 0033612345678", "[retiré] ou [retiré] ou [retiré]"),
        ("Il est né le 12/05/1999, son numéro 1 99 05 28 134 001 22.", "Il est né le 12/05/1999, son numéro [retiré]."),
        ("Ouvert de 9 h à 12 h, au 28100, 3949 gratuit", "Ouvert de 9 h à 12 h, au 28100, 3949 gratuit"),
        ("SIRET 13000548100010", "SIRET 13000548100010"),
    ],
)
def test_nothing_that_reaches_a_person(words: str, kept: str, motif: str) -> None:
    assert reports.without_persons(words, motif) == kept


def test_the_contacts_of_the_structure_may_be_what_is_wrong(store: Store) -> None:
    say(store, "C'est le 02 37 00 00 00 et accueil@exemple.fr.", motif="coordonnees")
    assert rows(store)[0].texte == "C'est le 02 37 00 00 00 et accueil@exemple.fr."


def test_nothing_says_who_reported(store: Store) -> None:
    say(store, "Fermé.")
    with store.reading() as session:
        keys = list(session.scalars(select(Tentative.cle)))
        secret = session.scalars(select(Reglage.valeur)).one()
    assert len(keys) == len(set(keys)) == 2
    assert all(len(key) == 64 for key in keys)
    written = " ".join([*keys, *(f"{value}" for row in rows(store) for value in vars(row).values())])
    assert HERE not in written
    assert FICHE not in " ".join(keys)
    assert len(secret) == 64


# --- what is refused ---


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"motif": "plainte"}, "Choisissez une raison"),
        ({"motif": "autre"}, "Dites en quelques mots"),
        ({"motif": "autre", "words": " \n "}, "Dites en quelques mots"),
        ({"words": "a" * (MAX_TEXTE + 1)}, "trop long : 1000 caractères"),
        ({"words": HUGE}, "trop long"),
        ({"words": "nul\x00"}, "caractère invisible"),
        ({"words": "demi \ud800"}, "caractère invisible"),
        ({"words": "\u202eenvers"}, "caractère invisible"),
        ({"fiche": "inconnue"}, "rien à signaler"),
        ({"service": "inconnu"}, "rien à signaler"),
        ({"service": "bij-dreux-information"}, "rien à signaler"),
    ],
    ids=str,
)
def test_refused(shipped: Store, given: dict[str, str], words: str) -> None:
    with pytest.raises(Refus, match=words):
        say(shipped, **given)  # type: ignore[arg-type]
    assert rows(shipped) == []


def test_an_archived_sheet_has_nothing_to_report(store: Store, base: Base) -> None:
    sheets.archive(store, COORDINATION, FICHE, 1, "Fermée.", base)
    with pytest.raises(Refus, match="rien à signaler"):
        say(store)


# --- how often ---


def test_a_source_is_limited(store: Store) -> None:
    for number in range(PAR_SOURCE.nombre):
        say(store, f"Essai {number}.", fiche=(FICHE, OTHER)[number % 2], now=NOW + timedelta(minutes=number))
    with pytest.raises(TropSouvent, match="Beaucoup de signalements") as limited:
        say(store, "De trop.", fiche="cio-dreux", now=NOW + timedelta(minutes=30))
    assert limited.value.quand == NOW + PAR_SOURCE.pendant
    say(store, "D'ailleurs.", source="198.51.100.1", now=NOW + timedelta(minutes=30))
    say(store, "Plus tard.", now=limited.value.quand)
    assert len(rows(store)) == PAR_SOURCE.nombre + 2


def test_a_sheet_is_limited_whoever_reports(store: Store) -> None:
    for number in range(PAR_FICHE.nombre):
        say(store, f"Essai {number}.", source=f"source {number}")
    with pytest.raises(TropSouvent, match="Cette fiche"):
        say(store, "De trop.", source="une autre")
    say(store, "Une autre fiche.", fiche=OTHER, source="une autre")
    assert reports.counts(store) == {FICHE: PAR_FICHE.nombre, OTHER: 1}


def test_limits_hold_between_threads(store: Store) -> None:
    found = in_threads(PAR_SOURCE.nombre + 6, lambda number: say(store, f"Essai {number}."))
    assert sum(isinstance(error, TropSouvent) for error in found) == 6
    assert len(rows(store)) == PAR_SOURCE.nombre


def test_old_uses_are_erased(store: Store) -> None:
    say(store, "Un.")
    say(store, "Deux.", now=NOW + KEPT / 2)
    say(store, "Trois.", now=NOW + KEPT)
    with store.reading() as session:
        assert set(session.scalars(select(Tentative.quand))) == {NOW + KEPT / 2, NOW + KEPT}


# --- answering ---


def test_closed_once_with_an_answer(store: Store) -> None:
    say(store, "Fermé le lundi.")
    [waiting] = reports.open_reports(store, PARTNER)
    with pytest.raises(Refus, match="quelques mots"):
        reports.close(store, PARTNER, waiting.id, "  ")
    done = reports.close(store, PARTNER, waiting.id, "Corrigé.")
    assert (done.traite_par, done.reponse) == ("Marie Partenaire", "Corrigé.")
    assert done.traite_le
    assert reports.open_reports(store, PARTNER) == []
    assert reports.counts(store) == {}
    with pytest.raises(Refus, match="déjà été traité par Marie Partenaire"):
        reports.close(store, COORDINATION, waiting.id, "Encore.")
    say(store, "Fermé le lundi.")
    assert len(reports.open_reports(store, COORDINATION)) == 1


def test_only_those_concerned_read_and_answer(store: Store) -> None:
    say(store, "Fermé le lundi.")
    [waiting] = reports.open_reports(store, COORDINATION)
    nobody = Acteur("", "", "partenaire", None)
    for who in (AGENT, nobody, Acteur("a", "A", "agent", FICHE)):
        with pytest.raises(Interdit):
            reports.open_reports(store, who)
    for who in (AGENT, nobody, NEIGHBOUR, Acteur("a", "A", "agent", FICHE)):
        with pytest.raises(Interdit):
            reports.close(store, who, waiting.id, "Rien à voir.")
    for number in (0, -1, waiting.id + 1, 2**31, 10**30):
        with pytest.raises((Interdit, Refus)):
            reports.close(store, COORDINATION, number, "Essai.")
    assert reports.open_reports(store, COORDINATION) == [waiting]


def test_one_answer_of_two_at_once(store: Store) -> None:
    say(store, "Fermé le lundi.")
    [waiting] = reports.open_reports(store, COORDINATION)
    found = in_threads(4, lambda number: reports.close(store, COORDINATION, waiting.id, f"Réponse {number}."))
    assert sum(isinstance(error, Refus) for error in found) == 3
