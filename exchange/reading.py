"""Records of a JSON, JSON Lines or CSV file, one at a time, with their number and their line.

A file is never held whole: memory is that of one record, which MAX_RECORD bounds. What cannot be read is a diagnostic
among the records, and ends the file when nothing after it can be trusted.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.codes import Code
from engine.documents import Diagnostic, InvalidDocuments
from engine.territory import fold
from exchange.cells import read_cell
from exchange.national import Kind

MAX_RECORD = 1024 * 1024
"""Characters of a record; the longest that data.inclusion publishes have some tens of thousands."""

ENDINGS = (".json", ".jsonl", ".ndjson", ".csv")
"""The files that can be read; of several with one name in a folder, the first of these is."""

Progress = Callable[[int, int], None]
"""Told the bytes read, and those there are; both are equal once, at the end."""

_CHUNK = 64 * 1024
_STEP = 500
_SPACES = re.compile(r"[ \t\r\n]*")
_LISTS: dict[str, Kind] = {"structures": "structure", "services": "service"}
_NOT_JSON = "ce n'est pas du JSON : vérifiez les virgules, les guillemets et les accolades."


@dataclass(frozen=True, slots=True)
class Lu:
    """A record as a file gives it: its number among those of its kind of list, and the line where it begins."""

    kind: Kind
    fichier: str
    numero: int
    ligne: int
    donnees: dict[str, Any]


class _Stop(Exception):
    """What ends the reading of a file."""

    def __init__(self, message: str, ligne: int, colonne: int = 1, code: Code = "syntaxe") -> None:
        super().__init__(message)
        self.message, self.ligne, self.colonne, self.code = message, ligne, colonne, code


def files_of(path: Path) -> list[Path]:
    """The files to read: the one that is named, or those of a folder. Raises InvalidDocuments when there is none."""
    if path.is_file() and path.suffix.lower() in ENDINGS:
        return [path]
    if path.is_dir():
        chosen: dict[str, Path] = {}
        for ending in ENDINGS:
            for found in sorted(path.iterdir()):
                if found.is_file() and found.suffix.lower() == ending:
                    chosen.setdefault(found.stem, found)
        if chosen:
            return [chosen[stem] for stem in sorted(chosen)]
        message = f"aucun fichier à lire dans ce dossier (attendus : {', '.join(ENDINGS)})."
    else:
        known = f"ce format n'est pas lu (permis : {', '.join(ENDINGS)})."
        message = known if path.exists() else "ce fichier n'existe pas."
    raise InvalidDocuments([Diagnostic(str(path), 0, 0, message, "fichier")])


def read_records(files: Iterable[Path], progress: Progress | None = None) -> Iterator[Lu | Diagnostic]:
    """Every record of the files, and what could not be read."""
    paths = list(files)
    total = sum(path.stat().st_size for path in paths)
    done = 0
    for path in paths:
        try:
            with path.open("rb") as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
                for count, found in enumerate(_records(file, path)):
                    at = done + raw.tell()
                    if progress and count % _STEP == 0 and at < total:
                        progress(at, total)
                    yield found
        except OSError as error:
            yield Diagnostic(str(path), 0, 0, f"ce fichier ne peut pas être lu ({error.strerror}).", "fichier")
        done += path.stat().st_size
    if progress and total:
        progress(total, total)


def _records(file: io.TextIOWrapper, path: Path) -> Iterator[Lu | Diagnostic]:
    name = str(path)
    source = _Source(file)
    read = {".json": _json, ".csv": _csv}.get(path.suffix.lower(), _json_lines)
    try:
        yield from read(source, name, _kind_of(path.stem))
    except _Stop as stop:
        yield Diagnostic(name, stop.ligne, stop.colonne, stop.message, stop.code)
    except UnicodeDecodeError:
        message = "à partir d'ici, ce n'est pas du texte UTF-8 ; enregistrez le fichier en UTF-8."
        yield Diagnostic(name, source.line(), 1, message, "fichier")


def _kind_of(name: str) -> Kind | None:
    """What the records of a file are, by its name; None when it does not say."""
    words = fold(name)
    named = [kind for kind in _LISTS.values() if kind in words]
    return named[0] if len(named) == 1 else None


def _kind(data: dict[str, Any], known: Kind | None) -> Kind:
    return known or ("service" if "structure_id" in data else "structure")


class _Source:
    """A text read little by little: the part in hand, and where it stands in the file."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        self._file = file
        self._line = 1
        self._column = 1
        self.text = ""
        self.position = 0

    def place(self, position: int) -> tuple[int, int]:
        """The line and the column of a position of the part in hand."""
        before = self.text.count("\n", 0, position)
        start = self.text.rfind("\n", 0, position) + 1
        return self._line + before, position - start + (1 if before else self._column)

    def line(self) -> int:
        """The line where the reading stands."""
        return self.place(self.position)[0]

    def fill(self) -> bool:
        """Reads more, and forgets what is behind; False at the end of the file."""
        more = self._file.read(_CHUNK)
        if not more:
            return False
        self._line, self._column = self.place(self.position)
        self.text = self.text[self.position :] + more
        self.position = 0
        return True

    def next_char(self) -> str:
        """The next character that is not a space, where the reading then stands; empty at the end."""
        while True:
            match = _SPACES.match(self.text, self.position)
            self.position = match.end() if match else self.position
            if self.position < len(self.text):
                return self.text[self.position]
            if not self.fill():
                return ""

    def take(self, wanted: str) -> str:
        """The next character, one of `wanted`. Raises _Stop."""
        found = self.next_char()
        if not found or found not in wanted:
            raise self.stop(_NOT_JSON if found else _CUT, self.position)
        self.position += 1
        return found

    def value(self) -> Any:
        """The next JSON value. Raises _Stop."""
        self.next_char()
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.position)
            except json.JSONDecodeError as error:
                if len(self.text) - self.position > MAX_RECORD:
                    raise self.stop(_TOO_LONG, self.position) from None
                if not self.fill():
                    cut = error.pos >= len(self.text) or error.msg.startswith("Unterminated")
                    raise self.stop(_CUT if cut else _NOT_JSON, error.pos) from None
                continue
            except (ValueError, RecursionError) as error:
                raise self.stop(_why(error), self.position) from None
            if end == len(self.text) and self.fill():
                continue  # a number may go on
            if end - self.position > MAX_RECORD:
                raise self.stop(_TOO_LONG, self.position)
            self.position = end
            return value

    def lines(self) -> Iterator[str]:
        """The lines that are left. Raises _Stop at one that is longer than a record may be."""
        while line := self._file.readline(MAX_RECORD + 1):
            if len(line) > MAX_RECORD:
                raise _Stop(_TOO_LONG, self._line)
            yield line
            self._line += 1

    def stop(self, message: str, position: int) -> _Stop:
        """What ends the reading at a position of the part in hand."""
        return _Stop(message, *self.place(position))


_CUT = "le fichier s'arrête au milieu d'un enregistrement : il est incomplet."
_TOO_LONG = f"enregistrement trop long : {MAX_RECORD // 1024} Kio au plus."


def _empty() -> _Stop:
    return _Stop("le fichier est vide.", 1, code="fichier")


class _Refused(ValueError):
    """A JSON value that is no data."""


def _pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(items)
    if len(found) < len(items):
        keys = [key for key, _ in items]
        twice = next(key for index, key in enumerate(keys) if key in keys[:index])
        raise _Refused(f"la clé « {twice[:60]} » est écrite deux fois.")
    return found


def _why(error: Exception) -> str:
    """Why a well-formed value is refused: Python's own limits speak English."""
    if isinstance(error, _Refused):
        return str(error)
    return "valeur trop imbriquée." if isinstance(error, RecursionError) else "nombre trop grand."


def _constant(word: str) -> Any:
    raise _Refused(f"« {word} » n'est pas une valeur JSON.")


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant)


# --- one format each ---


def _json(source: _Source, name: str, kind: Kind | None) -> Iterator[Lu | Diagnostic]:
    """An array of records, or an object whose keys `structures` and `services` hold one each."""
    match source.next_char():
        case "":
            raise _empty()
        case "[":
            yield from _array(source, name, kind)
        case _:
            yield from _object(source, name)
    if source.next_char():
        message = "un seul document est attendu ; pour un enregistrement par ligne, nommez le fichier « .jsonl »."
        raise source.stop(message, source.position)


def _object(source: _Source, name: str) -> Iterator[Lu | Diagnostic]:
    source.take("{")
    lists = 0
    while source.next_char() != "}":
        key = source.value()
        source.take(":")
        if isinstance(key, str) and key in _LISTS and source.next_char() == "[":
            lists += 1
            yield from _array(source, name, _LISTS[key])
        else:
            source.value()
        if source.next_char() != "}":
            source.take(",")
    source.take("}")
    if not lists and not source.next_char():
        raise _Stop("il manque une liste « structures » ou « services ».", 1)


def _array(source: _Source, name: str, kind: Kind | None) -> Iterator[Lu | Diagnostic]:
    source.take("[")
    number = 0
    while source.next_char() != "]":
        number += 1
        line = source.line()
        yield _found(source.value(), kind, name, number, line)
        if source.next_char() != "]":
            source.take(",")
    source.take("]")


def _found(data: Any, kind: Kind | None, name: str, number: int, line: int) -> Lu | Diagnostic:
    if isinstance(data, dict):
        return Lu(_kind(data, kind), name, number, line, data)
    return Diagnostic(name, line, 1, f"enregistrement n° {number} : « clé: valeur » est attendu.", "type")


def _json_lines(source: _Source, name: str, kind: Kind | None) -> Iterator[Lu | Diagnostic]:
    number = 0
    for line in source.lines():
        if line.strip():
            number += 1
            try:
                yield _found(_DECODER.decode(line), kind, name, number, source.line())
            except json.JSONDecodeError as error:
                yield Diagnostic(name, source.line(), error.colno, _NOT_JSON, "syntaxe")
            except (ValueError, RecursionError) as error:
                yield Diagnostic(name, source.line(), 1, _why(error), "syntaxe")
    if not number:
        raise _empty()


def _csv(source: _Source, name: str, kind: Kind | None) -> Iterator[Lu | Diagnostic]:
    lines = source.lines()
    first = next(lines, "")
    if not first.strip():
        raise _empty()
    delimiter = ";" if first.count(";") > first.count(",") else ","
    header = next(csv.reader([first], delimiter=delimiter), [])
    keys = [key.strip() for key in header]
    if len(set(keys)) < len(keys):
        raise _Stop("la première ligne nomme deux fois la même colonne.", 1, code="doublon")
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    for number, (line, row) in enumerate(_rows(rows), start=1):
        if len(row) == len(keys):
            data = {key: read_cell(key, cell) for key, cell in zip(keys, row, strict=True)}
            yield Lu(_kind(data, kind), name, number, line, data)
        else:
            message = f"{len(row)} colonnes au lieu de {len(keys)} : vérifiez les guillemets et les séparateurs."
            yield Diagnostic(name, line, 1, message, "syntaxe")


def _rows(rows: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows that say something, each with its first line (the header was read apart)."""
    line = 2
    try:
        for row in rows:
            if any(row):
                yield line, row
            line = rows.line_num + 2
    except csv.Error:
        message = "une case n'est pas fermée, ou trop longue : vérifiez les guillemets."
        raise _Stop(message, line) from None
