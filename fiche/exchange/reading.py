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

from engine.documents import Diagnostic, refused
from engine.problems import Faute
from engine.territory import fold
from fiche.exchange.cells import read_cell
from fiche.exchange.national import Kind
from fiche.exchange.source import DECODER, Source, Stop, empty, why
from fiche.problems import FauteNationale

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
        raise refused(str(path), FauteNationale.AUCUN_FICHIER(permis=ENDINGS))
    raise refused(str(path), FauteNationale.FORMAT(permis=ENDINGS) if path.exists() else Faute.FICHIER_ABSENT())


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
            yield Diagnostic(str(path), 0, 0, Faute.ILLISIBLE(raison=error.strerror))
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
        yield Diagnostic(name, stop.ligne, stop.colonne, stop.probleme)
    except UnicodeDecodeError:
        yield Diagnostic(name, source.line(), 1, FauteNationale.PAS_UTF8())


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
        raise source.stop(FauteNationale.PLUSIEURS_DOCUMENTS(), source.position)


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
        raise Stop(FauteNationale.SANS_LISTE(), 1)


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
    return Diagnostic(name, line, 1, FauteNationale.ENREGISTREMENT(), f"enregistrement n° {number}")


def _json_lines(source: Source, name: str, kind: Kind | None) -> Iterator[Lu | Diagnostic]:
    number = 0
    for line in source.lines():
        if line.strip():
            number += 1
            try:
                yield _found(DECODER.decode(line), kind, name, number, source.line())
            except json.JSONDecodeError as error:
                yield Diagnostic(name, source.line(), error.colno, Faute.PAS_JSON())
            except (ValueError, RecursionError) as error:
                yield Diagnostic(name, source.line(), 1, why(error))
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
        raise Stop(FauteNationale.COLONNE_DOUBLE(), 1)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    for number, (line, row) in enumerate(_rows(rows), start=1):
        if len(row) == len(keys):
            data = {key: read_cell(key, cell) for key, cell in zip(keys, row, strict=True)}
            yield Lu(_kind(data, kind), name, number, line, data)
        else:
            yield Diagnostic(name, line, 1, FauteNationale.COLONNES(lues=len(row), attendues=len(keys)))


def _rows(rows: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows that say something, each with its first line (the header was read apart)."""
    line = 2
    try:
        for row in rows:
            if any(row):
                yield line, row
            line = rows.line_num + 2
    except csv.Error:
        raise Stop(FauteNationale.CASE(), line) from None
