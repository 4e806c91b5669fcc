"""The news as the store tells them, on both databases: one piece a change, one for what came together."""

from __future__ import annotations

from datetime import date

from engine.base import Base
from store import news, sheets
from store.database import Store
from store.news import FEW, Nouvelle, feed_identifier
from store.rights import MACHINE
from store.sheets import Redaction
from tests.test_store_concurrency import in_threads
from tests.test_store_sheets import COORDINATION, FICHE, OTHER, PARTNER, edited, head


def _bring(store: Store, fiches: list[str], motif: str) -> None:
    wanted = [
        Redaction(
            fiche, {**head(store, fiche).document, "description": motif}, head(store, fiche).numero, motif, "dossier"
        )
        for fiche in fiches
    ]
    sheets.put_all(store, MACHINE, lambda: wanted)


def _told(pieces: list[Nouvelle]) -> list[tuple[str, str, int]]:
    return [(piece.nature, piece.auteur, piece.nombre) for piece in pieces]


def test_nothing_yet(database: str) -> None:
    store = Store(database)
    assert news.news(store, 10) == []
    store.close()


def test_each_kind_of_change(store: Store, base: Base) -> None:
    proposed = sheets.propose(store, PARTNER, edited(store, description="Nouveau texte."), base)
    assert len(news.news(store, 10)) == 1
    sheets.publish(store, COORDINATION, FICHE, proposed.numero, "", base)
    refused = sheets.propose(store, PARTNER, edited(store, description="Refusé."), base)
    sheets.refuse(store, COORDINATION, FICHE, refused.numero, "Non.")
    sheets.confirm(store, PARTNER, FICHE, 2, date(2026, 12, 1), base)
    sheets.archive(store, COORDINATION, OTHER, 1, "Fermé.", base)
    sheets.restore(store, COORDINATION, OTHER, 1, 2, "Rouvert.", base)
    sheets.restore(store, COORDINATION, FICHE, 1, 4, "Retour.", base)
    found = news.news(store, 10)
    assert _told(found) == [
        ("restauration", "coordination", 1),
        ("retour", "coordination", 1),
        ("archivage", "coordination", 1),
        ("confirmation", "structure", 1),
        ("changement", "structure", 1),
        ("lot", "coordination", len(base.catalogue.structures)),
    ]
    versions = [(piece.avant and piece.avant.numero, piece.apres and piece.apres.numero) for piece in found]
    assert versions == [(4, 5), (2, 3), (1, 2), (2, 4), (1, 2), (None, None)]


def test_what_came_together_is_one_piece_unless_it_is_little(store: Store, base: Base) -> None:
    names = sorted(base.catalogue.structures)
    _bring(store, names[:FEW], "Peu de fiches.")
    _bring(store, names[: FEW + 1], "Beaucoup de fiches.")
    found = news.news(store, 20)
    assert _told(found)[:2] == [("lot", "coordination", FEW + 1), ("changement", "coordination", 1)]
    assert [piece.arrivees for piece in found if piece.nature == "lot"] == [0, len(names)]
    assert [piece.nature for piece in found[1:-1]] == ["changement"] * FEW


def test_pages_follow_one_another(store: Store, base: Base) -> None:
    names = sorted(base.catalogue.structures)
    for number in range(3):
        _bring(store, names[:FEW], f"Peu de fiches, {number}.")
        _bring(store, names, f"Toutes les fiches, {number}.")
    whole = news.news(store, 100)
    assert len(whole) == 1 + 3 * (FEW + 1)
    for size in (1, 2, 7):
        pages: list[Nouvelle] = []
        while found := news.news(store, size, pages[-1].depuis if pages else None):
            pages += found
        assert pages == whole


def test_the_feed_is_named_once(store: Store) -> None:
    assert len(set(in_threads(6, lambda _: feed_identifier(store)))) == 1
