"""The published sheets as a catalogue, read again only where something was published since."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

from engine.base import CATALOGUE
from engine.catalogue import Catalogue, assemble, read_territory
from engine.documents import Diagnostic, InvalidDocuments
from engine.loading import Fichiers
from engine.ruleset import Ruleset
from engine.validation import validate
from fiche.model import Structure
from store import folder, versions
from store.checks import as_document
from store.database import Store

ENV_BASSIN = "SPRO_BASSIN"


def basin_folder() -> Path:
    """The folder of the basin: its territory, its rules, and its sheets at the very first start."""
    return Path(os.environ.get(ENV_BASSIN) or CATALOGUE)


class StoredSheets:
    """The catalogue of a store; its basin, and its sheets at the very first start, come from a folder."""

    def __init__(self, store: Store | None, dossier: Path) -> None:
        self._store, self._dossier = store, dossier
        self._lock = threading.Lock()
        self._known: dict[str, tuple[int, Structure]] = {}

    def store(self) -> Store:
        """The store; the configured one when none was given, opened the first time. Raises Unavailable."""
        with self._lock:
            if self._store is None:
                self._store = Store()
            return self._store

    def fingerprint(self) -> object:
        """What changes when something is published. Raises Unavailable."""
        return versions.stamp(self.store())

    def read(self, rules: Ruleset) -> tuple[Catalogue, tuple[Diagnostic, ...]]:
        """The catalogue, and what is wrong with the sheets that had to be left out.

        Raises InvalidDocuments when nothing can be read, Unavailable.
        """
        store = self.store()
        folder.fill(store, self._dossier, rules)
        files = Fichiers(self._dossier)
        territoire = read_territory(files, rules)
        files.stop_if_wrong()
        wanted = versions.in_service(store)
        problems = self._read_new(store, wanted)
        sheets = [
            (structure, as_document(fiche, None)) for fiche, (_, structure) in self._known.items() if fiche in wanted
        ]
        read = assemble(sheets, territoire, _version(wanted, files.version), rules, "fiches publiées")
        if read.catalogue is None:
            raise InvalidDocuments(read.diagnostics)
        return read.catalogue, (*problems, *read.diagnostics)

    def _read_new(self, store: Store, wanted: dict[str, int]) -> list[Diagnostic]:
        """Takes the versions that are not known yet; what is wrong with those that cannot be read."""
        problems: list[Diagnostic] = []
        known = {fiche: found for fiche, found in self._known.items() if wanted.get(fiche) == found[0]}
        for fiche, data in versions.documents(store, {f: n for f, n in wanted.items() if f not in known}):
            try:
                known[fiche] = wanted[fiche], validate(Structure, as_document(fiche, data))
            except InvalidDocuments as error:
                problems += error.diagnostics
        self._known = known
        return problems


def _version(wanted: dict[str, int], territoire: str) -> str:
    """A short fingerprint of what is published: the same in every process."""
    lines = "".join(f"{fiche} {numero}\n" for fiche, numero in sorted(wanted.items()))
    return hashlib.sha256(f"{territoire}\n{lines}".encode()).hexdigest()[:12]
