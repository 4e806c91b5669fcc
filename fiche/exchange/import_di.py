"""Sheets from files of the national format: what is wrong is located, what cannot be said honestly is set aside.

`read` goes through the files once, whatever their size; the sheets are made when they are asked for. All or nothing:
one wrong record and there is no sheet, unless `partial`.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from engine.base_problems import FauteCatalogue
from engine.documents import MAX_DOCUMENT_BYTES, Diagnostic, InvalidDocuments
from engine.problems import Chemin, Probleme, shown
from engine.ruleset import Ruleset
from engine.territory import fold
from fiche.exchange import conversion, national
from fiche.exchange.national import FIELDS, Kind
from fiche.exchange.reading import Lu, Progress, files_of, read_records
from fiche.exchange.spool import Depot, MisDeCote, Spool, cut
from fiche.problems import FauteNationale

SHOWN = 500
"""Problems, and records set aside, that are kept to be shown; all are counted."""

WITHOUT_NEED = "aucune de ses thématiques ne correspond à un besoin du réseau"
WITHOUT_THEME = "il n'a pas de thématique"
WITHOUT_ZONE = "on ne sait pas où il est ouvert (ni zone d'éligibilité, ni code INSEE)"
WITHOUT_STRUCTURE = "sa structure est absente, ou son enregistrement est faux"
WITHOUT_SERVICE = "aucun de ses services n'est repris"
TOO_LARGE = f"sa fiche serait trop grosse ({MAX_DOCUMENT_BYTES // 1024} Kio au plus)"

_LARGE = MAX_DOCUMENT_BYTES // 8
"""Characters of records from which the size of a sheet is looked at: sources of facts make it several times larger."""

_MAX_NAME = 50
"""Characters of an identifier that come from a name."""


@dataclass
class Import:
    """What was read. `sheets` can be gone through several times, until `close`."""

    path: Path
    rules: Ruleset
    partial: bool
    diagnostics: list[Diagnostic] = field(default_factory=list)
    erreurs: int = 0
    """How many problems there are; `diagnostics` holds the first ones."""
    set_aside: list[MisDeCote] = field(default_factory=list)
    ecarts: Counter[str] = field(default_factory=Counter)
    """How many records are set aside, for each reason; `set_aside` holds the first ones."""
    ignorees: Counter[str] = field(default_factory=Counter)
    """Keys that the format does not have, and in how many records; nothing of them is kept."""
    structures: int = 0
    services: int = 0
    spool: Spool = field(default_factory=Spool)

    def __enter__(self) -> Import:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Removes the temporary file."""
        self.spool.close()

    def report(self, diagnostic: Diagnostic) -> None:
        """Counts a problem, and keeps it if there is room."""
        self.erreurs += 1
        if len(self.diagnostics) < SHOWN:
            self.diagnostics.append(diagnostic)

    @property
    def usable(self) -> bool:
        """Whether there are sheets to be had."""
        return self.partial or not self.erreurs

    def sheets(self) -> Iterator[dict[str, Any]]:
        """The sheets, by identifier, as plain data; none when something is wrong, unless `partial`."""
        if self.usable:
            yield from self.made()

    def made(self, only: str | None = None) -> Iterator[dict[str, Any]]:
        """The sheets whatever is wrong elsewhere; that of one structure, or all."""
        by_theme = conversion.needs_by_theme(self.rules)
        for name, structure, services in self.spool.sheets(only):
            yield conversion.as_sheet(name, structure, services, by_theme)


def read(
    path: Path,
    rules: Ruleset,
    on: date,
    progress: Progress | None = None,
    *,
    taken: Collection[str] = frozenset(),
    partial: bool = False,
) -> Import:
    """What a file or a folder holds, on a day. `taken` are identifiers of sheets and services that exist already.

    Raises nothing for what the files say: it is in `diagnostics`, record by record, then what only the whole tells.
    """
    found = Import(path, rules, partial)
    try:
        by_theme = conversion.needs_by_theme(rules)
        for item in read_records(files_of(path), progress):
            if isinstance(item, Diagnostic):
                found.report(item)
            else:
                _take(item, found, on, by_theme)
        _settle(found, taken)
    except InvalidDocuments as error:
        for diagnostic in error.diagnostics:
            found.report(diagnostic)
    except sqlite3.Error:
        found.partial = False
        found.report(Diagnostic(str(path), 0, 0, FauteNationale.DISQUE_PLEIN()))
    return found


def _take(lu: Lu, found: Import, on: date, by_theme: Mapping[str, tuple[str, ...]]) -> None:
    for key in lu.donnees.keys() - set(FIELDS[lu.kind]):
        if len(found.ignorees) < SHOWN or shown(key) in found.ignorees:
            found.ignorees[shown(key)] += 1
    data = national.tidy(lu.donnees)
    undated = lu.kind == "service" and "date_maj" not in data
    record = national.validate(lu.kind, data | ({"date_maj": _ANY_DAY} if undated else {}), on)
    if isinstance(record, list):
        for wrong in record:
            found.report(_problem(lu, wrong.chemin, wrong.probleme))
        if isinstance(data.get("id"), str) and not any(wrong.chemin[:1] == ("id",) for wrong in record):
            found.spool.add(lu, data["id"], Depot(None))
        return
    if undated:
        del record["date_maj"]
    before = found.spool.add(lu, record["id"], _deposit(lu, record, by_theme))
    if before:
        found.report(_problem(lu, ("id",), FauteCatalogue.IDENTIFIANT_DOUBLE(nom=record["id"], place=before)))


_ANY_DAY = "2000-01-01"
"""A service without a date is as recent as its structure, which may come later: it is checked with this one."""


def _deposit(lu: Lu, record: dict[str, Any], by_theme: Mapping[str, tuple[str, ...]]) -> Depot:
    own = national.sheet_id(record)
    wanted = own or _slug(record, lu.kind)
    if lu.kind == "structure":
        return Depot(record, wanted, own is not None, conversion.departement(record) is not None)
    located = conversion.is_own(record) or conversion.zone_of(record, None) is not None
    reason = None
    if not conversion.needs(record, by_theme):
        reason = WITHOUT_NEED if record.get("thematiques") else WITHOUT_THEME
    return Depot(record, wanted, own is not None, located, reason)


def _slug(record: Mapping[str, Any], kind: Kind) -> str:
    """What a name gives of an identifier; a structure's says where it is."""
    words, place = fold(record["nom"]), fold(record.get("commune", ""))
    if kind == "structure" and place and place not in words:
        words = f"{cut(words.replace(' ', '-'), _MAX_NAME - len(place) - 1)} {place}"
    return cut("-".join(words.split()), _MAX_NAME) or kind


def _settle(found: Import, taken: Collection[str]) -> None:
    """What can be said only once every record was read."""
    spool = found.spool
    if spool.has_structures():
        for lu, structure in spool.orphans():
            found.report(_problem(lu, ("structure_id",), FauteNationale.STRUCTURE_INCONNUE(nom=structure)))
    else:
        found.report(Diagnostic(str(found.path), 0, 0, FauteNationale.SANS_STRUCTURE()))
    spool.set_aside(WITHOUT_STRUCTURE, WITHOUT_ZONE, WITHOUT_SERVICE)
    spool.name(taken)
    for structure in spool.large(_LARGE):
        sheet = next(found.made(structure))
        if len(json.dumps(sheet, ensure_ascii=False).encode()) > MAX_DOCUMENT_BYTES:
            spool.leave_out(structure, TOO_LARGE)
    for left_out in spool.left_out():
        found.ecarts[left_out.raison] += 1
        if len(found.set_aside) < SHOWN:
            found.set_aside.append(left_out)
    found.structures, found.services = spool.count()


def _problem(lu: Lu, chemin: Chemin, probleme: Probleme) -> Diagnostic:
    """What is wrong with a record: its file and line, its number and identifier, the key."""
    key = f", {chemin[0]}" if chemin else ""
    rank = f" n° {chemin[1] + 1}" if len(chemin) > 1 and isinstance(chemin[1], int) else ""
    identifier = lu.donnees.get("id")
    name = shown(identifier) if isinstance(identifier, str) else ""
    where = f"{lu.kind} n° {lu.numero}{f' ({name})' if name else ''}{key}{rank}"
    return Diagnostic(lu.fichier, lu.ligne, 1, probleme, where, chemin)
