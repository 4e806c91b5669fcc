"""Records set down on disk while files are read, so that services find their structure whatever the order.

A private temporary database, which SQLite removes by itself: memory does not grow with the files.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.problems import shown
from fiche.exchange.national import Kind
from fiche.exchange.reading import Lu

MAX_ID = 80
"""Characters of the identifier of a sheet."""

_HASHES = (6, 12, 40)
"""Characters of what tells two sheets of one name apart, until they are."""

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE structures (
  id TEXT PRIMARY KEY, fichier TEXT, numero INTEGER, ligne INTEGER, nom TEXT,
  wanted TEXT, own INTEGER, located INTEGER, reason TEXT, data TEXT);
CREATE TABLE services (
  id TEXT PRIMARY KEY, fichier TEXT, numero INTEGER, ligne INTEGER, nom TEXT,
  wanted TEXT, own INTEGER, located INTEGER, reason TEXT, data TEXT, structure TEXT);
CREATE INDEX services_of ON services (structure);
CREATE TABLE structure_names (id TEXT PRIMARY KEY, fiche TEXT UNIQUE);
CREATE TABLE service_names (id TEXT PRIMARY KEY, fiche TEXT UNIQUE);
CREATE TABLE names (fiche TEXT PRIMARY KEY) WITHOUT ROWID;
BEGIN;
"""


@dataclass(frozen=True, slots=True)
class MisDeCote:
    """A record that is right and is not taken, and why."""

    kind: Kind
    fichier: str
    numero: int
    ligne: int
    id: str
    nom: str
    raison: str

    def __str__(self) -> str:
        return f"{self.fichier}:{self.ligne}: {self.kind} n° {self.numero} (« {shown(self.nom)} ») : {self.raison}."


@dataclass(frozen=True, slots=True)
class Depot:
    """A record to set down: what it says (None when it is wrong), and the identifier that its sheet would like.

    `own` says that it has this identifier already; `located` that one knows where it is open; `reason` why it is not
    taken.
    """

    record: dict[str, Any] | None
    wanted: str = ""
    own: bool = False
    located: bool = False
    reason: str | None = None


class Spool:
    """The records of an import."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Forgets everything."""
        self._db.close()

    # --- in ---

    def add(self, read: Lu, key: str, given: Depot) -> str | None:
        """Sets a record down; if its identifier was seen before, says where instead."""
        record = given.record or {}
        values: list[Any] = [key, read.fichier, read.numero, read.ligne, record.get("nom", ""), given.wanted]
        values += [given.own, given.located, given.reason]
        values.append(None if given.record is None else json.dumps(given.record, ensure_ascii=False))
        if read.kind == "service":
            values.append(record.get("structure_id"))
        table = f"{read.kind}s"
        added = self._db.execute(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(values))})", values)
        if added.rowcount:
            return None
        first = self._db.execute(f"SELECT fichier, ligne FROM {table} WHERE id = ?", (key,)).fetchone()
        return f"{first[0]}:{first[1]}"

    # --- what does not hold together ---

    def has_structures(self) -> bool:
        """Whether there is something that services can belong to, or nothing at all."""
        query = "SELECT EXISTS (SELECT 1 FROM structures) OR NOT EXISTS (SELECT 1 FROM services)"
        return bool(self._db.execute(query).fetchone()[0])

    def orphans(self) -> Iterator[tuple[Lu, str]]:
        """The services whose structure is nowhere, and the structure that they name."""
        found = self._db.execute(
            "SELECT fichier, numero, ligne, id, structure FROM services "
            "WHERE structure NOT IN (SELECT id FROM structures) ORDER BY fichier, numero"
        )
        for fichier, numero, ligne, key, structure in found:
            yield Lu("service", fichier, numero, ligne, {"id": key}), structure

    def set_aside(self, without_structure: str, without_zone: str, without_service: str) -> None:
        """Leaves out what its structure or its services leave with nothing to say, for the reasons that are given."""
        run = self._db.execute
        run(
            "UPDATE services SET reason = coalesce(reason, ?) "
            "WHERE structure NOT IN (SELECT id FROM structures WHERE data IS NOT NULL)",
            (without_structure,),
        )
        run(
            "UPDATE services SET reason = ? WHERE reason IS NULL AND NOT located "
            "AND structure NOT IN (SELECT id FROM structures WHERE located)",
            (without_zone,),
        )
        run(
            "UPDATE structures SET reason = ? WHERE NOT own AND data IS NOT NULL "
            "AND id NOT IN (SELECT structure FROM services WHERE reason IS NULL AND data IS NOT NULL)",
            (without_service,),
        )

    def leave_out(self, structure: str, reason: str) -> None:
        """Leaves out a structure and its services."""
        self._db.execute("UPDATE structures SET reason = ? WHERE id = ?", (reason, structure))
        self._db.execute("UPDATE services SET reason = coalesce(reason, ?) WHERE structure = ?", (reason, structure))

    def left_out(self) -> Iterator[MisDeCote]:
        """Every record that is right and not taken, structures first, in the order of the files."""
        kinds: tuple[Kind, ...] = ("structure", "service")
        for kind in kinds:
            rows = self._db.execute(
                f"SELECT fichier, numero, ligne, id, nom, reason FROM {kind}s "
                "WHERE reason IS NOT NULL AND data IS NOT NULL ORDER BY fichier, numero"
            )
            for row in rows:
                yield MisDeCote(kind, *row)

    # --- names ---

    def name(self, taken: Iterable[str]) -> None:
        """Gives every sheet and service that is taken an identifier of its own, none of `taken`.

        The same files give the same identifiers, in whatever order their records are; records of this network keep
        the one that they have.
        """
        self._db.executemany("INSERT OR IGNORE INTO names VALUES (?)", ((name,) for name in taken))
        rows = self._db.execute(
            "SELECT id, wanted, own, count(*) OVER (PARTITION BY wanted, own) FROM structures "
            "WHERE reason IS NULL AND data IS NOT NULL ORDER BY own DESC, id"
        )
        for key, wanted, own, same in rows:
            self._keep("structure", key, self._free(wanted, key, own, same > 1))
        rows = self._db.execute(
            "SELECT services.id, services.wanted, own, fiche, "
            "count(*) OVER (PARTITION BY structure, services.wanted, own) "
            "FROM services JOIN structure_names ON structure_names.id = structure "
            "WHERE reason IS NULL ORDER BY own DESC, services.id"
        )
        for key, wanted, own, sheet, same in rows:
            name = wanted if own else cut(f"{sheet}-{wanted}", MAX_ID)
            self._keep("service", key, self._free(name, key, own, same > 1))

    def _keep(self, kind: Kind, key: str, name: str) -> None:
        self._db.execute(f"INSERT INTO {kind}_names VALUES (?, ?)", (key, name))

    def _free(self, wanted: str, key: str, own: bool, shared: bool) -> str:
        """An identifier that nobody has. An own one may be `taken`: it is the same sheet, which matching tells."""
        digest = hashlib.sha256(key.encode()).hexdigest()
        candidates = [f"{cut(wanted, MAX_ID - size - 1)}-{digest[:size]}" for size in _HASHES]
        for candidate in candidates if shared and not own else [wanted, *candidates]:
            added = self._db.execute("INSERT OR IGNORE INTO names VALUES (?)", (candidate,)).rowcount
            if added or (own and candidate == wanted and not self._given(wanted)):
                return candidate
        raise AssertionError("two records have the same digest")

    def _given(self, name: str) -> bool:
        query = "SELECT 1 FROM structure_names WHERE fiche = ?1 UNION SELECT 1 FROM service_names WHERE fiche = ?1"
        return self._db.execute(query, (name,)).fetchone() is not None

    # --- out ---

    def count(self) -> tuple[int, int]:
        """How many structures and services are taken."""
        structures, services = (
            self._db.execute(f"SELECT count(*) FROM {kind}_names JOIN {kind}s USING (id) WHERE reason IS NULL")
            for kind in ("structure", "service")
        )
        return structures.fetchone()[0], services.fetchone()[0]

    def large(self, size: int) -> list[str]:
        """The structures that are taken and whose services have more than `size` characters."""
        found = self._db.execute(
            "SELECT structure FROM services JOIN structure_names ON structure_names.id = structure "
            "WHERE reason IS NULL GROUP BY structure HAVING sum(length(data)) > ? ORDER BY structure",
            (size,),
        )
        return [structure for (structure,) in found]

    def sheets(self, only: str | None = None) -> Iterator[tuple[str, dict[str, Any], list[tuple[str, dict[str, Any]]]]]:
        """Each sheet's identifier, its structure, and its services, by identifier; that of structure `only`, or all."""
        rows = self._db.execute(
            "SELECT fiche, id, data FROM structure_names JOIN structures USING (id) "
            "WHERE reason IS NULL AND (?1 IS NULL OR id = ?1) ORDER BY fiche",
            (only,),
        )
        for name, key, data in rows:
            services = self._db.execute(
                "SELECT fiche, data FROM services JOIN service_names USING (id) "
                "WHERE structure = ? AND reason IS NULL ORDER BY fiche",
                (key,),
            )
            yield name, json.loads(data), [(service, json.loads(text)) for service, text in services]


def cut(name: str, size: int) -> str:
    """The beginning of an identifier, without half a word when there are several."""
    if len(name) <= size:
        return name
    begun = name[: size + 1].rpartition("-")[0]
    return begun or name[:size]
