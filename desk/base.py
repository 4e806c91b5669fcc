"""The rule base and the catalogue in service: reloaded when their files change, kept when a change is wrong."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from desk import session
from engine.base import CATALOGUE, REGLES, Base, load_base
from engine.documents import Diagnostic, InvalidDocuments

CHECK_EVERY = 2.0
"""Seconds between two looks at the files."""

ENV_REGLES = "SPRO_REGLES"
ENV_CATALOGUE = "SPRO_CATALOGUE"

Fingerprint = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class InService:
    """The base that answers, if any could ever be loaded, and what is wrong with the files as they are now."""

    base: Base | None
    problems: tuple[Diagnostic, ...] = ()


class LiveBase:
    """The last valid version of two folders. Read by every session at once; one at a time looks at the files."""

    def __init__(self, regles: Path, catalogue: Path) -> None:
        self._folders = (regles, catalogue)
        self._lock = threading.Lock()
        self._seen: Fingerprint | None = None
        self._checked = 0.0
        self._state = InService(None)

    def current(self) -> InService:
        """What is in service now."""
        if time.monotonic() - self._checked >= CHECK_EVERY and self._lock.acquire(blocking=self._seen is None):
            try:
                self._refresh()
            finally:
                self._lock.release()
        return self._state

    def _refresh(self) -> None:
        seen = _fingerprint(self._folders)
        if seen != self._seen:
            try:
                self._state = InService(load_base(*self._folders))
            except InvalidDocuments as error:
                self._state = InService(self._state.base, tuple(error.diagnostics))
            self._seen = seen
        self._checked = time.monotonic()


def _fingerprint(folders: tuple[Path, ...]) -> Fingerprint:
    return tuple(
        (entry.path, entry.stat().st_mtime_ns, entry.stat().st_size)
        for folder in folders
        if folder.is_dir()
        for entry in sorted(os.scandir(folder), key=lambda found: found.name)
        if entry.name.endswith(".yaml")
    )


@cache
def live() -> LiveBase:
    """The base of this process, from the folders that its environment names."""
    return LiveBase(Path(os.environ.get(ENV_REGLES) or REGLES), Path(os.environ.get(ENV_CATALOGUE) or CATALOGUE))


def in_service() -> Base:
    """The base of the run under way: the same for the whole page, even when files change meanwhile."""
    return session.current().base
