"""The rule base and the catalogue in service: taken again when rules or sheets change, kept when they are wrong.

Sheets come from the store, or straight from a folder when `spro serve --catalogue` names one.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from desk import session
from engine.base import REGLES, Base, load_rules_of
from engine.catalogue import TERRITOIRE, Catalogue, load_catalogue
from engine.documents import Diagnostic, InvalidDocuments
from engine.loading import LOCALES
from engine.ruleset import Ruleset
from store.database import Store, Unavailable
from store.live import StoredSheets, basin_folder

CHECK_EVERY = 2.0
"""Seconds between two looks for a change."""

LARGE = 500
"""Structures from which a change is read beside the answers instead of before the next one."""

ENV_REGLES = "SPRO_REGLES"
ENV_CATALOGUE = "SPRO_CATALOGUE"

Files = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class InService:
    """The base that answers, if any could ever be loaded; what is wrong with the rules or sheets as they are now, and
    with the database."""

    base: Base | None
    problems: tuple[Diagnostic, ...] = ()
    unavailable: str = ""


class Sheets(Protocol):
    """Where sheets come from."""

    def fingerprint(self) -> object:
        """What changes when a sheet does. Raises Unavailable."""

    def read(self, rules: Ruleset) -> tuple[Catalogue, tuple[Diagnostic, ...]]:
        """The catalogue, and what had to be left out. Raises InvalidDocuments, Unavailable."""


class FolderSheets:
    """The sheets of a folder, all of them right or none."""

    def __init__(self, dossier: Path) -> None:
        self._dossier = dossier

    def fingerprint(self) -> object:
        """Names, times and sizes of the files."""
        return _files(self._dossier)

    def read(self, rules: Ruleset) -> tuple[Catalogue, tuple[Diagnostic, ...]]:
        """The catalogue of the folder. Raises InvalidDocuments."""
        return load_catalogue(self._dossier, rules), ()


class LiveBase:
    """The last valid version of rules and sheets. Read by every session at once; one at a time looks for changes."""

    def __init__(self, regles: Path, bassin: Path, sheets: Sheets) -> None:
        self._regles, self._bassin, self._sheets = regles, bassin, sheets
        self._lock = threading.Lock()
        self._seen: object = None
        self._checked = 0.0
        self._state = InService(None)

    def current(self) -> InService:
        """What is in service now."""
        if time.monotonic() - self._checked >= CHECK_EVERY and self._lock.acquire(blocking=self._state.base is None):
            base = self._state.base
            if base is not None and len(base.catalogue.structures) >= LARGE:
                threading.Thread(target=self._refresh, daemon=True).start()
            else:
                self._refresh()
        return self._state

    def refresh(self) -> InService:
        """What is in service once the last publication is taken in."""
        self._lock.acquire()
        self._refresh()
        return self._state

    def _refresh(self) -> None:
        """Holds the lock when called, and gives it back."""
        try:
            watched = self._regles, self._bassin / LOCALES, self._bassin / TERRITOIRE
            seen = *map(_files, watched), self._sheets.fingerprint()
            if seen != self._seen:
                self._state = self._load()
                self._seen = seen
            elif self._state.unavailable:
                self._state = InService(self._state.base, self._state.problems)
        except Unavailable as error:
            self._state = InService(self._state.base, self._state.problems, str(error))
        finally:
            self._checked = time.monotonic()
            self._lock.release()

    def _load(self) -> InService:
        try:
            rules = load_rules_of(self._regles, self._bassin)
            catalogue, problems = self._sheets.read(rules)
        except InvalidDocuments as error:
            return InService(self._state.base, tuple(error.diagnostics))
        return InService(Base(rules, catalogue), problems)


def _files(place: Path) -> Files:
    """The YAML files of a folder, or one file: names, times, sizes."""
    files = sorted(place.rglob("*.yaml")) if place.is_dir() else [place] if place.is_file() else []
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)


@cache
def _sheets() -> Sheets:
    folder = os.environ.get(ENV_CATALOGUE)
    return FolderSheets(Path(folder)) if folder else StoredSheets(None, basin_folder())


@cache
def live() -> LiveBase:
    """The base of this process, from the folders and the database that its environment names."""
    folder = os.environ.get(ENV_CATALOGUE)
    return LiveBase(Path(os.environ.get(ENV_REGLES) or REGLES), Path(folder) if folder else basin_folder(), _sheets())


def store() -> Store | None:
    """The store of this process; None when sheets come straight from a folder. Raises Unavailable."""
    sheets = _sheets()
    return sheets.store() if isinstance(sheets, StoredSheets) else None


def in_service() -> Base:
    """The base of the run under way: the same for the whole page, even when something is published meanwhile."""
    return session.current().base
