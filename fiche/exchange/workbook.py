"""The directory as a workbook (XLSX) for people: structures, services, and how to read them.

Rows are written one at a time: memory does not grow with the directory. Every cell is a text or a date, never a
formula, and nothing becomes a link by itself.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from engine.base import Base
from engine.territory import fold
from fiche.exchange.columns import Columns, cells, columns, headings
from fiche.exchange.losses import counted
from fiche.fields import ANY_SERVICE
from fiche.words import TO_CONFIRM, UNKNOWN

MAX_CELL = 32_000
"""Characters of a cell; a spreadsheet takes 32,767."""

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}

_Value = str | date | None


def write(base: Base, path: Path, on: date) -> None:
    """Writes the workbook of a base as of a day, in place of what was there. Raises OSError, nothing changed."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    try:
        _fill(Path(name), base, on)
        Path(name).chmod(0o644)
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _fill(path: Path, base: Base, on: date) -> None:
    structures = sorted(base.catalogue.structures.values(), key=lambda found: (fold(found.nom), found.id))
    try:
        with xlsxwriter.Workbook(path, _OPTIONS) as book:
            book.set_properties({"title": _title(base), "created": datetime.combine(on, time())})
            writer = _Writer(book)
            table, rules = columns(()), base.rules
            writer.table("Structures", headings(()), (cells(found, None, table, rules) for found in structures))
            services = ((found, service) for found in structures for service in found.services)
            inner = columns(ANY_SERVICE)
            rows = (cells(found, service, inner, rules) for found, service in services)
            writer.table("Services", headings(ANY_SERVICE), rows)
            writer.notice("À lire", _notice(base, on))
    except xlsxwriter.exceptions.FileCreateError as error:
        raise OSError(f"le classeur ne peut pas être écrit ({error})") from error


def _title(base: Base) -> str:
    return f"Annuaire : {base.catalogue.territoire.nom}"


def _notice(base: Base, on: date) -> Iterator[str]:
    catalogue = base.catalogue
    yield _title(base)
    yield (
        f"Édité le {on:%d/%m/%Y} : {counted(len(catalogue.structures), 'structure')}, "
        f"{counted(len(catalogue.offres), 'service')}."
    )
    yield ""
    yield f"« {UNKNOWN} » : personne ne l'a encore dit. Une case vide : sans objet, ou rien de particulier."
    yield f"« {TO_CONFIRM} » : source ancienne, constat d'un autre territoire ou déduction. À vérifier avant usage."
    yield "« réservé » : le service ne reçoit que ces publics. « en priorité » : il reçoit aussi les autres."
    yield "Zone : où la personne doit habiter. Une case vide : partout."
    yield "Mise à jour : le jour où la structure a relu sa fiche pour la dernière fois."
    yield ""
    yield "Ce classeur est une copie : les corrections se font dans l'annuaire, pas ici."


class _Writer:
    """A workbook under way."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        wrapped = {"text_wrap": True, "valign": "top"}
        self._book = book
        self._heading: Format = book.add_format({**wrapped, "bold": True, "bottom": 1})
        self._text: Format = book.add_format({**wrapped, "num_format": "@"})
        self._doubt: Format = book.add_format({**wrapped, "num_format": "@", "italic": True})
        self._day: Format = book.add_format({"valign": "top", "num_format": "dd/mm/yyyy"})

    def table(self, name: str, headings: Columns, rows: Iterable[Iterable[_Value]]) -> None:
        """A sheet with its headings in sight, and a filter."""
        sheet: Worksheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for column, (heading, width) in enumerate(headings):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, self._heading)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                self._write(sheet, last, column, value)
        sheet.autofilter(0, 0, last, len(headings) - 1)

    def notice(self, name: str, lines: Iterable[str]) -> None:
        """A sheet of sentences."""
        sheet: Worksheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, 100)
        for row, line in enumerate(lines):
            sheet.write_string(row, 0, line, self._text if row else self._heading)

    def _write(self, sheet: Worksheet, row: int, column: int, value: _Value) -> None:
        if isinstance(value, date):
            sheet.write_datetime(row, column, datetime.combine(value, time()), self._day)
        elif value:
            doubt = value == UNKNOWN or value.endswith(f"({TO_CONFIRM})")
            text = value if len(value) <= MAX_CELL else value[:MAX_CELL] + "…"
            sheet.write_string(row, column, text, self._doubt if doubt else self._text)
