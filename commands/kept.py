"""The base of two folders kept, once read and checked, in the user's cache folder: most of a cold start goes there.

What is kept serves for the same files, code and interpreter only, and only if nobody else can have written it. Anything
else is ignored and made again, without a word (docs/adr/0014). `SPRO_CACHE` names another folder; `non` keeps nothing.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import io
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import pydantic

from engine import territory
from engine.base import PROJECT, Base, load_base
from engine.documents import MAX_DOCUMENT_BYTES
from engine.examples import ESSAIS
from engine.loading import LOCALES

ENV_CACHE = "SPRO_CACHE"
MAX_FILES = 8
"""Bases kept: the rules and sheets of several folders, or of a few versions."""

MAX_BYTES = 64 * 1024 * 1024


def load_kept(regles: Path, catalogue: Path) -> Base:
    """As `load_base`, from what was kept of the same content if possible. Raises InvalidDocuments."""
    folder = _folder()
    key = _key(regles, catalogue) if folder else None
    if folder is None or key is None:
        return load_base(regles, catalogue)
    path = folder / key.hex()
    base = _read(path, key)
    if base is None:
        base = load_base(regles, catalogue)
        if _key(regles, catalogue) == key:  # nothing was written meanwhile
            _write(path, key, base)
    return base


def _folder() -> Path | None:
    """The cache folder, made when needed; None when it is not ours alone or when nothing is to be kept."""
    said = os.environ.get(ENV_CACHE)
    if said == "non":
        return None
    try:
        caches = Path(os.environ.get("XDG_CACHE_HOME", ""))
        if not caches.is_absolute():  # then to be ignored (XDG Base Directory Specification)
            caches = Path.home() / ".cache"
        folder = Path(said) if said else caches / "spro-ep"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours(folder.lstat(), stat.S_ISDIR):
            return None
    except (OSError, RuntimeError):  # RuntimeError: nobody's home
        return None
    return folder


def _is_ours(found: os.stat_result, is_kind: Callable[[int], bool]) -> bool:
    return is_kind(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077


# --- what a base is made of ---


def _key(regles: Path, catalogue: Path) -> bytes | None:
    """A fingerprint of the files, the code that reads them, what that code imports, and the interpreter."""
    digest = hashlib.sha256(f"{sys.version}\0{pydantic.VERSION}\0{regles}\0{catalogue}".encode())
    try:
        for path in _inputs(regles, catalogue):
            with path.open("rb") as file:
                content = file.read(MAX_DOCUMENT_BYTES + 1)
            digest.update(f"\0{path}\0{len(content)}\0".encode() + content)
        for path in _places():
            digest.update(f"\0{path} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    except OSError:
        return None
    return digest.digest()


def _inputs(regles: Path, catalogue: Path) -> Iterator[Path]:
    national = importlib.util.find_spec("data_inclusion.schema")
    code = [PROJECT / "engine", PROJECT / "fiche", Path(__file__).parent]
    for folder in (*code, *map(Path, national.submodule_search_locations or () if national else ())):
        yield from sorted(folder.glob("*.py"))
        yield from sorted(folder.glob("v1/*.py"))
    for folder in (regles, regles / ESSAIS, catalogue, catalogue / LOCALES, catalogue / LOCALES / ESSAIS):
        yield from sorted(folder.glob("*.y*ml"))


def _places() -> list[Path]:
    return sorted(territory.COMMUNES.parent.glob("*.tsv"))


# --- reading and writing ---


def _read(path: Path, key: bytes) -> Base | None:
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            found = os.fstat(file.fileno())
            if not _is_ours(found, stat.S_ISREG) or found.st_size > MAX_BYTES:
                return None
            content = file.read()
        if content[:32] != _seal(key, content[32:]):
            return None
        base = _Unpickler(io.BytesIO(content[32:])).load()
    except Exception:  # whatever is wrong with it, the files are there
        return None
    return base if isinstance(base, Base) else None


def _write(path: Path, key: bytes, base: Base) -> None:
    content = io.BytesIO()
    _Pickler(content, protocol=5).dump(base)
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent)  # readable by nobody else
        with open(descriptor, "wb") as file:
            file.write(_seal(key, content.getvalue()) + content.getvalue())
        os.replace(temporary, path)
        oldest_first = sorted(path.parent.iterdir(), key=lambda kept: kept.stat().st_mtime_ns)
        for old in oldest_first[:-MAX_FILES]:
            old.unlink(missing_ok=True)
    except OSError:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _seal(key: bytes, content: bytes) -> bytes:
    return hashlib.sha256(key + content).digest()


class _Pickler(pickle.Pickler):
    """Our objects by the fields that they are made of, without what they compute later."""

    def reducer_override(self, item: Any) -> Any:
        kind = type(item)
        if isinstance(item, Enum):
            return _member, (kind, item.name)
        if isinstance(item, pydantic.BaseModel):
            values = {name: getattr(item, name) for name in kind.model_fields}
            return _model, (kind, values, item.model_fields_set)
        if is_dataclass(item) and not isinstance(item, type):
            return kind, tuple(getattr(item, field.name) for field in fields(item) if field.compare)
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    """Makes values of our own types and of the few that they hold: nothing else is ever called."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _OTHERS or module.partition(".")[0] in _OURS:
            found = getattr(importlib.import_module(module), name)
            if found in _HELPERS or (isinstance(found, type) and found.__module__ == module):
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def _model(kind: type[pydantic.BaseModel], values: dict[str, Any], given: set[str]) -> pydantic.BaseModel:
    return kind.model_construct(given, **values)


def _member(kind: type[Enum], name: str) -> Enum:
    return kind[name]


_HELPERS = (_model, _member)
_OURS = frozenset({"engine", "fiche", "data_inclusion"})
_OTHERS = frozenset(
    {
        (__name__, "_model"),
        (__name__, "_member"),
        ("builtins", "frozenset"),
        ("datetime", "date"),
        ("pydantic.networks", "HttpUrl"),
        ("pydantic_core._pydantic_core", "Url"),
    }
)
