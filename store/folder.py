"""Sheets between a folder of YAML files and the store: taken in, written out, compared. Nobody wins silently.

A file that was written out says in a comment which version it holds: what people did since is then known, wherever the
file has travelled. A file without it counts as made before anybody touched the store.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import select

from engine.catalogue import assemble, read_territory, sheet_files
from engine.documents import InvalidDocuments
from engine.loading import Fichiers
from engine.ruleset import Ruleset
from engine.validation import validate
from fiche.model import Structure
from fiche.writing import write_sheet
from store import versions
from store.checks import as_document, pruned, unwritable
from store.database import Store
from store.rights import MACHINE, Acteur
from store.sheets import Conflit, Redaction, put_all
from store.tables import Revision
from store.versions import Version

FIRST = "Reprise du dossier au premier démarrage."

EtatDossier = Literal["identique", "dossier", "base", "conflit"]
"""Where a sheet changed since both sides agreed: nowhere, in the folder, in the store, on both."""

_MARK = "# version "
_MARKED = re.compile(rf"^{_MARK}(\d{{1,9}})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Comparaison:
    """A sheet on both sides: where it changed, what the folder says, and the version that the store publishes."""

    fiche: str
    ecart: EtatDossier
    dossier: Mapping[str, Any] | None
    base: Version | None
    attend: bool = False
    """Whether a proposal of the store waits for a decision."""


class Conflits(Exception):
    """Sheets that changed on both sides, or that would be overwritten; nothing was done."""

    def __init__(self, found: Iterable[Comparaison], what: str) -> None:
        self.found = tuple(found)
        super().__init__(f"{what} : {', '.join(item.fiche for item in self.found)}. Rien n'a été écrit.")


def fill(store: Store, dossier: Path, rules: Ruleset) -> bool:
    """Takes a folder into a store that never had a sheet. Raises InvalidDocuments, Unavailable."""
    with store.reading() as session:
        if session.scalar(select(Revision.fiche).limit(1)):
            return False
    sheets = read_folder(dossier, rules)
    try:
        put_all(store, MACHINE, lambda: [_redaction(name, sheets[name], None, FIRST) for name in sorted(sheets)])
    except Conflit:
        return False  # another process filled it meanwhile
    return True


def read_folder(dossier: Path, rules: Ruleset, *, whole: bool = True) -> dict[str, dict[str, Any]]:
    """What the sheets of a folder say, by identifier, checked together; as a `whole` they must receive everyone.

    Raises InvalidDocuments with every problem.
    """
    files = Fichiers(dossier)
    territoire = read_territory(files, rules)
    loaded = [files.load(path.name, Structure) for path in sheet_files(dossier)]
    sheets = [(structure, document) for structure, document in loaded if structure and document]
    files.diagnostics += assemble(sheets, territoire if whole else None, "", rules, str(dossier)).diagnostics
    files.diagnostics += [problem for _, document in sheets for problem in unwritable(document)]
    files.stop_if_wrong()
    return {structure.id: pruned(document.donnees) for structure, document in sheets}


def compare(store: Store, dossier: Path, rules: Ruleset) -> list[Comparaison]:
    """Each sheet of either side, by identifier. Raises InvalidDocuments, Unavailable."""
    said = read_folder(dossier, rules, whole=False)
    marks = _marks(dossier)
    names = sorted({*said, *versions.in_service(store), *_known(store)})
    return [_compare(name, said.get(name), marks.get(name, 0), versions.history(store, name)) for name in names]


def take(store: Store, dossier: Path, motif: str, rules: Ruleset, acteur: Acteur = MACHINE) -> list[Comparaison]:
    """Publishes what changed in the folder, all or nothing; returns what was taken.

    Raises InvalidDocuments, Conflits, Interdit, Conflit (changed meanwhile), Unavailable.
    """
    found = compare(store, dossier, rules)
    conflicts = [item for item in found if item.ecart == "conflit"]
    if conflicts:
        raise Conflits(conflicts, "modifiées des deux côtés")
    changed = [item for item in found if item.ecart == "dossier"]
    wanted = [
        _redaction(item.fiche, item.dossier or {}, item.base.numero if item.base else None, motif) for item in changed
    ]
    if wanted:
        _check_with_the_rest(store, dossier, {entry.fiche: entry.document for entry in wanted}, rules)
        put_all(store, acteur, lambda: wanted)
    return changed


def _check_with_the_rest(store: Store, dossier: Path, sheets: Mapping[str, Mapping[str, Any]], rules: Ruleset) -> None:
    """Raises InvalidDocuments when new sheets do not go with those that only the store has."""
    rest = {fiche: numero for fiche, numero in versions.in_service(store).items() if fiche not in sheets}
    named = [as_document(fiche, data) for fiche, data in [*versions.documents(store, rest), *sheets.items()]]
    loaded = ((validate(Structure, document), document) for document in named)
    territoire = read_territory(Fichiers(dossier), rules)
    found = assemble(loaded, territoire, "", rules, "fiches publiées").diagnostics
    if found:
        raise InvalidDocuments(found)


def write_out(store: Store, dossier: Path, rules: Ruleset) -> list[Comparaison]:
    """Makes the sheets of the folder say what is published; returns what changed. No edit of the folder is lost.

    Raises InvalidDocuments, Conflits, Unavailable, OSError.
    """
    found = compare(store, dossier, rules)
    edited = [item for item in found if item.ecart in ("conflit", "dossier")]
    if edited:
        raise Conflits(edited, "modifiées dans le dossier et pas encore reprises")
    changed = [item for item in found if item.ecart == "base"]
    for item in changed:
        path = dossier / f"{item.fiche}.yaml"
        if item.base is None or item.base.archivee:
            path.unlink(missing_ok=True)
        else:
            replace_file(path, write_sheet(item.base.document, f"{_MARK}{item.base.numero}"))
    return changed


def replace_file(path: Path, text: str) -> None:
    """Writes a file whole or not at all. Raises OSError."""
    partial = path.with_name(f".{path.name}.partiel")
    with partial.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _redaction(fiche: str, document: Mapping[str, Any], lue: int | None, motif: str) -> Redaction:
    return Redaction(fiche, document, lue, motif, "dossier")


def _known(store: Store) -> set[str]:
    with store.reading() as session:
        return set(session.scalars(select(Revision.fiche).distinct()))


def _marks(dossier: Path) -> dict[str, int]:
    """The version that each file says it holds."""
    found = {path.stem: _MARKED.search(path.read_text(encoding="utf-8")[:400]) for path in sheet_files(dossier)}
    return {name: int(mark[1]) for name, mark in found.items() if mark}


def _compare(fiche: str, said: Mapping[str, Any] | None, mark: int, history: list[Version]) -> Comparaison:
    """`history` is the last version first; a file that says what an old version said is only late.

    A file that says it holds a version that was never published is believed as one that says nothing.
    """
    published = [version for version in history if version.etat == "publiee"]
    current = published[0] if published else None
    waits = any(version.etat == "proposee" for version in history)

    def found(ecart: EtatDossier) -> Comparaison:
        return Comparaison(fiche, ecart, said, current, waits)

    if said is None:
        return found("identique" if current is None or current.archivee else "base")
    if current is None:
        return found("dossier")
    if said == current.document and not current.archivee:
        return found("identique")
    if any(said == version.document for version in published):
        return found("base")
    held = mark if any(version.numero == mark for version in published) else 0
    by_people = any(version.numero > held and version.origine != "dossier" for version in published)
    return found("conflit" if by_people or waits else "dossier")
