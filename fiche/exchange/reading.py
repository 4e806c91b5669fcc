"""Records of a JSON, JSON Lines or CSV file, one at a time, with their number and their line.

A file is never held whole: memory is that of one record, which MAX_RECORD bounds. What cannot be read is a diagnostic
among the records, and ends the file when nothing after it can be trusted.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.documents import Diagnostic, InvalidDocuments
from engine.territory import fold
from fiche.exchange.cells import read_cell
from fiche.exchange.national import Kind
from fiche.exchange.source import DECODER, NOT_JSON, Source, Stop, empty, why

ENDINGS = (".json", ".jsonl", ".ndjson", ".csv")
"""The files that can be read; of several with one name in a folder, the first of these is."""

Progress = Callable[[int, int], None]
"""Told the bytes read, and those there are; both are equal once, at the end."""

_STEP = 500
_LISTS: dict[str, Kind] = {"structures": "structure", "services": "service"}


@dataclass(frozen=True, slots=True)
class Lu:
    """A record as a file gives it: its number among those of its kind of list, and the line where it begins."""

    kind: Kind
    fichier: str
    numero: int
    ligne: int
    donnees: dict[str, Any]


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
    source = Source(file)
    read = {".json": _json, ".csv": _csv}.get(path.suffix.lower(), _json_lines)
    try:
        yield from read(source, name, _kind_of(path.stem))
    except Stop as stop:
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


# --- one format each ---


def _json(source: Source, name: str, kind: Kind | None) -> Iterator[Lu | Diagnostic]:
    """An array of records, or an object whose keys `structures` and `services` hold one each."""
    match source.next_char():
        case "":
            raise empty()
        case "[":
            yield from _array(source, name, kind)
        case _:
            yield from _object(source, name)
    if source.next_char():
        message = "un seul document est attendu ; pour un enregistrement par ligne, nommez le fichier « .jsonl »."
        raise source.stop(message, source.position)


def _object(source: Source, name: str) -> Iterator[Lu | Diagnostic]:
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
        raise Stop("il manque une liste « structures » ou « services ».", 1)


def _array(source: Source, name: str, kind: Kind | None) -> Iterator[Lu | Diagnostic]:
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


def _json_lines(source: Source, name: str, kind: Kind | None) -> Iterator[Lu | Diagnostic]:
    number = 0
    for line in source.lines():
        if line.strip():
            number += 1
            try:
                yield _found(DECODER.decode(line), kind, name, number, source.line())
            except json.JSONDecodeError as error:
                yield Diagnostic(name, source.line(), error.colno, NOT_JSON, "syntaxe")
            except (ValueError, RecursionError) as error:
                yield Diagnostic(name, source.line(), 1, why(error), "syntaxe")
    if not number:
        raise empty()


def _csv(source: Source, name: str, kind: Kind | None) -> Iterator[Lu | Diagnostic]:
    lines = source.lines()
    first = next(lines, "")
    if not first.strip():
        raise empty()
    delimiter = ";" if first.count(";") > first.count(",") else ","
    header = next(csv.reader([first], delimiter=delimiter), [])
    keys = [key.strip() for key in header]
    if len(set(keys)) < len(keys):
        raise Stop("la première ligne nomme deux fois la même colonne.", 1, code="doublon")
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
        raise Stop(message, line) from None
