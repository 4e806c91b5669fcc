"""The news: what was published, told once, without anybody's name, on screen and as a valid Atom feed (RFC 4287)."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from desk import feed, news
from engine.base import CATALOGUE, Base
from store import folder, sheets, versions
from store.database import Store
from store.news import Nouvelle, feed_identifier
from store.news import news as last_news
from store.rights import Acteur
from store.sheets import Redaction
from tests.browser import serving
from tests.coordinators import COORDINATION, PARTNER, Screen, screens, words

SHEET = "mission-locale-dreux"
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = '<b>gras</b> & "guillemets" [lien](https://mal.example) ]]>'


@pytest.fixture
def store(tmp_path: Path, base: Base) -> Iterator[Store]:
    """A store with the shipped sheets."""
    found = Store(f"sqlite:///{tmp_path / 'spro.sqlite3'}")
    folder.fill(found, CATALOGUE, base.rules)
    yield found
    found.close()


def _put(store: Store, base: Base, acteur: Acteur = COORDINATION, **changes: Any) -> None:
    head = versions.head(store, SHEET)
    assert head
    wanted = Redaction(SHEET, {**head.document, **changes}, head.numero, "Motif entre collègues.")
    if acteur.role == "partenaire":
        found = sheets.propose(store, acteur, wanted, base)
        sheets.publish(store, COORDINATION, SHEET, found.numero, "Vu.", base)
    else:
        sheets.put(store, acteur, wanted, base)


def _told(piece: Nouvelle, base: Base) -> str:
    lines = [news.title(piece), news.sentence(piece), news.by(piece), *map(str, news.changes(piece, base))]
    return "\n".join(lines)


def test_the_first_sheets_are_one_piece_of_news(store: Store, base: Base) -> None:
    (piece,) = last_news(store, 20)
    assert piece.nature == "lot"
    assert news.name(piece) == f"{len(base.catalogue.structures)} nouvelles fiches"


def test_a_change_says_what_and_which_side_but_nobody_and_no_reason(store: Store, base: Base) -> None:
    _put(store, base, PARTNER, telephone="02 61 91 12 34")
    piece = last_news(store, 1)[0]
    text = _told(piece, base)
    assert (piece.nature, piece.auteur) == ("changement", "structure")
    assert "02 61 91 12 34" in text
    assert not {PARTNER.nom, COORDINATION.nom, "Motif entre collègues."} & set(text.split("\n"))
    assert PARTNER.nom not in text
    assert "collègues" not in text


def test_archiving_and_restoring_are_said(store: Store, base: Base) -> None:
    head = versions.head(store, SHEET)
    assert head
    sheets.archive(store, COORDINATION, SHEET, head.numero, "Fermée.", base)
    sheets.restore(store, COORDINATION, SHEET, 1, 2, "Rouverte.", base)
    assert [piece.nature for piece in last_news(store, 2)] == ["retour", "archivage"]


def test_pages_follow_one_another_without_a_gap(store: Store, base: Base) -> None:
    for number in range(7):
        _put(store, base, complement_adresse=f"Bureau {number}")
    whole = last_news(store, 50)
    assert len(whole) == 8
    first = last_news(store, 3)
    assert first + last_news(store, 50, first[-1].depuis) == whole


def _atom(store: Store, base: Base) -> ElementTree.Element:
    return ElementTree.fromstring(
        feed.atom(last_news(store, 50), feed_identifier(store), "https://accueil.example", base)
    )


def test_the_feed_has_what_the_standard_requires(store: Store, base: Base) -> None:
    _put(store, base, nom=HOSTILE)
    _put(store, base, telephone="3949")
    root = _atom(store, base)
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 3
    for element in (root, *entries):
        for required in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{required}")) == 1, required
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "").tzinfo is not None
        assert element.findall(f"{ATOM}author/{ATOM}name")
    identifiers = [element.findtext(f"{ATOM}id") or "" for element in (root, *entries)]
    assert len(set(identifiers)) == len(identifiers)
    assert all(identifier.startswith("urn:uuid:") for identifier in identifiers)
    assert [link.get("rel") for link in root.findall(f"{ATOM}link")] == ["self", "alternate"]
    for entry in entries:
        content, link = entry.find(f"{ATOM}content"), entry.find(f"{ATOM}link")
        assert content is not None
        assert link is not None
        assert (content.get("type"), len(content)) == ("text", 0)
        assert (link.get("href") or "").startswith("https://accueil.example/")
    assert any(HOSTILE in (entry.findtext(f"{ATOM}title") or "") for entry in entries)


def test_every_process_gives_the_same_bytes(tmp_path: Path, store: Store, base: Base) -> None:
    other = Store(f"sqlite:///{tmp_path / 'spro.sqlite3'}")
    assert ElementTree.tostring(_atom(store, base)) == ElementTree.tostring(_atom(other, base))
    before = ElementTree.tostring(_atom(store, base))
    _put(store, base, telephone="3949")
    assert ElementTree.tostring(_atom(other, base)) != before
    other.close()


def test_the_route_answers_nothing_again_to_who_has_it(tmp_path: Path, base: Base) -> None:
    with serving(tmp_path) as address:
        with urllib.request.urlopen(f"{address}{feed.PATH}") as first:
            tag, body = first.headers["etag"], first.read()
            assert first.headers.get_content_type() == "application/atom+xml"
        link = ElementTree.fromstring(body).find(f"{ATOM}link")
        assert link is not None
        assert link.get("href") == f"{address}{feed.PATH}"
        again = urllib.request.Request(f"{address}{feed.PATH}", headers={"If-None-Match": tag})
        with pytest.raises(urllib.error.HTTPError) as unchanged:
            urllib.request.urlopen(again)
        assert unchanged.value.code == 304
        with unchanged.value, urllib.request.urlopen(address) as page:
            assert f'href=".{feed.PATH}"' in page.read().decode()
        store = Store(f"sqlite:///{tmp_path / 'spro.sqlite3'}")
        _put(store, base, telephone="3949")
        store.close()
        with urllib.request.urlopen(again) as changed:
            assert changed.status == 200


@pytest.fixture
def screen(tmp_path: Path, base: Base, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Store, Screen]]:
    """The page, and its store."""
    with screens(tmp_path, base, monkeypatch) as found:
        yield found


def test_the_page_shows_more_when_asked_and_nothing_as_markup(screen: tuple[Store, Screen], base: Base) -> None:
    store, open_page = screen
    for number in range(25):
        _put(store, base, complement_adresse=f"Bureau {number} {HOSTILE}")
    page = open_page("nouveautes", PARTNER)
    assert "Bureau 24" in words(page)
    assert "Bureau 3 " not in words(page)
    assert "<b>gras" not in words(page)
    page.button(key="nouveautes-plus").click().run()
    assert "Bureau 3 " in words(page)
    assert "nouvelles fiches" in words(page)
