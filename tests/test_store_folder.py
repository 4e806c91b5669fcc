"""A folder against the store: no trick of a file gets in, and no mark makes people's work disappear."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.base import CATALOGUE, Base
from engine.catalogue import sheet_files
from engine.documents import InvalidDocuments, read_bytes
from store import folder, sheets, versions
from store.database import Store
from store.folder import Conflits
from store.rights import Interdit
from tests.test_store_sheets import COORDINATION, FICHE, OTHER, PARTNER, edited, head, whole

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """A copy of the shipped sheets."""
    return Path(shutil.copytree(CATALOGUE, tmp_path / "fiches"))


def _path(dossier: Path, fiche: str = FICHE) -> Path:
    return dossier / f"{fiche}.yaml"


def _replace(dossier: Path, old: str, new: str, fiche: str = FICHE) -> None:
    text = _path(dossier, fiche).read_text(encoding="utf-8")
    assert old in text
    _path(dossier, fiche).write_text(text.replace(old, new, 1), encoding="utf-8")


def _publish(store: Store, base: Base, words: str) -> None:
    sheets.put(store, COORDINATION, edited(store, description=words), base)


# --- tricks ---

FILES_ONLY = pytest.mark.parametrize("shipped", ["sqlite"], indirect=True)
"""For what is refused before any database is asked."""


@FILES_ONLY
@pytest.mark.parametrize(
    ("line", "words"),
    [
        (BOMB, "une ancre « & » ou un alias « * »"),
        ("copie: &tout {a: 1}\n<<: *tout\n", "une ancre « & » ou un alias « * »"),
        ("nom: !!python/object/apply:os.system ['touch pirate']\n", "étiquette"),
        ("nom: !!binary R0lGODlh\n", "étiquette"),
        ("nom: Une deuxième fois\n", "la clé « nom » est écrite deux fois"),
        ("---\nid: autre\n", "document"),
        ("\tnom: tabulation\n", "tabulation"),
        ("notes: \x00\n", "caractère interdit"),
        ("description: \u202eà l'envers\n", "caractère invisible"),
        ("inconnue: oui\n", "« inconnue » n'existe pas"),
        (f"notes: {'[' * 500}{']' * 500}\n", "trop imbriqué"),
        (f"notes: {'é' * 600_000}\n", "trop gros"),
    ],
    ids=[
        "bombe",
        "fusion",
        "python",
        "binaire",
        "double",
        "suite",
        "tabulation",
        "nul",
        "sens",
        "clé",
        "niveaux",
        "gros",
    ],
)
def test_tricks_in_a_sheet(
    shipped: Store, base: Base, dossier: Path, line: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(dossier)
    if line.startswith("description"):
        _replace(dossier, "description:", "commune:")
    with _path(dossier).open("a", encoding="utf-8") as file:
        file.write(line)
    _refused(shipped, base, dossier, words)
    assert not (dossier / "pirate").exists()


def _refused(store: Store, base: Base, dossier: Path, words: str) -> None:
    """The folder is refused whole, even where another of its sheets has a good change."""
    before = whole(store)
    _replace(dossier, "Information jeunesse", "Information des jeunes", OTHER)
    for act in (folder.compare, lambda *given: folder.take(given[0], given[1], "Reprise.", given[2])):
        with pytest.raises(InvalidDocuments) as refused:
            act(store, dossier, base.rules)
        assert words in str(refused.value)
    assert whole(store) == before


@FILES_ONLY
@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "a/b", "Majuscule", "é", "a b", ".caché", "a" * 300, "nul\\0"]
)
def test_no_identifier_leads_out_of_the_folder(shipped: Store, base: Base, dossier: Path, name: str) -> None:
    _replace(dossier, f"id: {FICHE}", f'id: "{name}"')
    _refused(shipped, base, dossier, f"{FICHE}.yaml:2:5")


def _as_bytes(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


ODD: dict[str, Callable[[Path], object]] = {
    "folder": Path.mkdir,
    "broken link": lambda path: path.symlink_to("nulle-part"),
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "other encoding": _as_bytes("id: étrange".encode("utf-16")),
    "latin-1": _as_bytes("id: étrange".encode("latin-1")),
    "empty": _as_bytes(b""),
    "list": _as_bytes(b"- id: a\n"),
    "word": _as_bytes(b"bonjour\n"),
}


@FILES_ONLY
@pytest.mark.parametrize("kind", ODD)
def test_odd_files(shipped: Store, base: Base, dossier: Path, kind: str) -> None:
    ODD[kind](_path(dossier, "etrange"))
    _refused(shipped, base, dossier, "etrange.yaml")


def test_two_files_for_one_sheet(shipped: Store, base: Base, dossier: Path) -> None:
    shutil.copy(_path(dossier), _path(dossier, "copie"))
    _refused(shipped, base, dossier, FICHE)


# --- marks ---


@pytest.mark.parametrize(
    "mark", ["# version 999999999", "# version 3", "# version 0", "# version -1", "# VERSION 2", ""]
)
def test_a_forged_mark_does_not_hide_what_people_did(store: Store, base: Base, dossier: Path, mark: str) -> None:
    _publish(store, base, "Écrit par des gens.")
    kept = whole(store)
    _replace(dossier, "id: ", f"{mark}\nid: ")
    _replace(dossier, "id: ", "telephone: '0237000000'\nid: ")
    with pytest.raises(Conflits, match=FICHE):
        folder.take(store, dossier, "Reprise.", base.rules)
    with pytest.raises(Conflits, match=FICHE):
        folder.write_out(store, dossier, base.rules)
    assert whole(store) == kept
    assert "0237000000" in _path(dossier).read_text(encoding="utf-8")


def test_a_mark_in_the_words_of_a_sheet_is_not_one(store: Store, base: Base, dossier: Path) -> None:
    _publish(store, base, "Avant.")
    document: Any = read_bytes(_path(dossier).read_bytes(), "fiche").donnees
    assert "description" in document
    _replace(dossier, "description: ", "description: |-\n  Autre.\n  # version 2\nsite_web: ")
    with pytest.raises((Conflits, InvalidDocuments)):
        folder.take(store, dossier, "Reprise.", base.rules)
    assert head(store).document["description"] == "Avant."


def test_the_mark_of_a_refused_version_is_not_one(store: Store, base: Base, dossier: Path) -> None:
    _publish(store, base, "Écrit par des gens.")
    sheets.propose(store, PARTNER, edited(store, description="Refusé."), base)
    sheets.refuse(store, COORDINATION, FICHE, 3, "Non.")
    _replace(dossier, "id: ", "# version 3\ntelephone: '0237000000'\nid: ")
    with pytest.raises(Conflits):
        folder.take(store, dossier, "Reprise.", base.rules)


def test_a_true_mark_lets_the_folder_go_on(store: Store, base: Base, dossier: Path) -> None:
    _publish(store, base, "Écrit par des gens.")
    assert [item.fiche for item in folder.write_out(store, dossier, base.rules)] == [FICHE]
    assert "# version 2\n" in _path(dossier).read_text(encoding="utf-8")
    _replace(dossier, "Écrit par des gens.", "Repris dans le dossier.")
    assert [item.fiche for item in folder.take(store, dossier, "Reprise.", base.rules)] == [FICHE]
    assert (head(store).numero, head(store).document["description"]) == (3, "Repris dans le dossier.")
    assert folder.take(store, dossier, "Reprise.", base.rules) == []


def test_only_the_coordination_takes_a_folder(shipped: Store, base: Base, dossier: Path) -> None:
    _replace(dossier, "Information jeunesse", "Information des jeunes", OTHER)
    with pytest.raises(Interdit):
        folder.take(shipped, dossier, "Reprise.", base.rules, PARTNER)
    assert versions.in_service(shipped)[OTHER] == 1


def test_what_is_written_out_is_taken_back_the_same(shipped: Store, base: Base, tmp_path: Path, dossier: Path) -> None:
    for path in sheet_files(dossier):
        path.unlink()
    written = folder.write_out(shipped, dossier, base.rules)
    assert len(written) == len(versions.in_service(shipped))
    assert folder.write_out(shipped, dossier, base.rules) == []
    again = Store(f"sqlite:///{tmp_path / 'autre.sqlite3'}")
    assert folder.fill(again, dossier, base.rules)
    documents = [
        {
            fiche: version.document
            for fiche in versions.in_service(store)
            if (version := versions.published(store, fiche))
        }
        for store in (shipped, again)
    ]
    again.close()
    assert documents[0] == documents[1]
