"""The directory in the national format: structures and services, in JSON and CSV, and what is lost.

`write` builds the five files apart, then puts them in place: a failure leaves what was there.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any

from engine.ruleset import Ruleset
from fiche.exchange import national
from fiche.exchange.cells import write_cell
from fiche.exchange.free_text import with_sentences
from fiche.exchange.losses import Pertes, losses
from fiche.exchange.national import FIELDS, Kind
from fiche.model import Service, Structure

LOSSES = "pertes.md"
DETAILS = "details"
"""The sheet by sheet part of the losses, until the summary that goes before it is known."""

FILES: dict[Kind, str] = {"structure": "structures", "service": "services"}


def write(structures: Iterable[Structure], dossier: Path, on: date, rules: Ruleset) -> Pertes:
    """Writes structures and services as of a day, in the order of their identifiers. Raises OSError, nothing changed.

    Sheets that the national format refuses are left out, and named in what is returned, as in `pertes.md`.
    """
    with _replacing(dossier) as folder:
        with ExitStack() as files:
            export = _Export(folder, on, rules, files)
            for structure in sorted(structures, key=lambda sheet: sheet.id):
                export.add(structure)
            for output in export.outputs.values():
                output.end()
        _write_losses(folder, export.found, on)
    return export.found


def _write_losses(folder: Path, found: Pertes, on: date) -> None:
    details = folder / DETAILS
    with (folder / LOSSES).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in found.markdown(on))
        with details.open(encoding="utf-8", newline="") as lines:
            shutil.copyfileobj(lines, file)
    details.unlink()


class _Export:
    """An export under way: its files, and what was lost so far."""

    def __init__(self, folder: Path, on: date, rules: Ruleset, files: ExitStack) -> None:
        self.found = Pertes()
        self.outputs = {kind: _Output(folder, kind, files) for kind in FILES}
        self._details = files.enter_context((folder / DETAILS).open("w", encoding="utf-8", newline="\n"))
        self._on, self._rules = on, rules

    def add(self, structure: Structure) -> None:
        """Writes a structure and its services."""
        keys = {"id": national.national_id(structure.id, structure.source, structure.spro)}
        if not self._write("structure", structure, keys, {}):
            self.found.refusees += [(service.id, "sa structure n'est pas exportée.") for service in structure.services]
            return
        self.found.structures += 1
        for service in sorted(structure.services, key=lambda sheet: sheet.id):
            own = national.national_id(service.id, service.source, service.spro)
            said = with_sentences(service, self._rules)
            self.found.services += self._write("service", service, {"id": own, "structure_id": keys["id"]}, said)

    def _write(self, kind: Kind, sheet: Structure | Service, keys: dict[str, str], said: Mapping[str, str]) -> bool:
        data: dict[str, Any] = sheet.model_dump(mode="json", include=set(FIELDS[kind]))
        data |= {**keys, **said}
        late = sheet.date_maj > self._on
        if late:
            data["date_maj"] = self._on.isoformat()
        record = national.validate(kind, national.tidy(data), self._on)
        if isinstance(record, list):
            self.found.refusees.append((sheet.id, " ".join(diagnostic.message for diagnostic in record)))
            return False
        if late:
            self.found.datees.append((sheet.id, sheet.date_maj))
        self.outputs[kind].add(record)
        for loss in losses(sheet, said):
            self.found.par_cle[loss.cle, loss.devenir] += 1
            self._details.write(f"- `{loss.fiche}` : {loss}\n")
        return True


class _Output:
    """The records of one kind, in the two files that say the same."""

    def __init__(self, folder: Path, kind: Kind, files: ExitStack) -> None:
        def opened(ending: str) -> IO[str]:
            path = folder / f"{FILES[kind]}.{ending}"
            return files.enter_context(path.open("w", encoding="utf-8", newline=""))

        self._fields = FIELDS[kind]
        self._json, self._table = opened("json"), opened("csv")
        self._csv = csv.writer(self._table, lineterminator="\n")
        self._csv.writerow(self._fields)
        self._before = "[\n"

    def add(self, record: Mapping[str, Any]) -> None:
        """Writes a record, every key of the format in its order, null where nothing is known."""
        whole = {key: record.get(key) for key in self._fields}
        self._json.write(self._before + json.dumps(whole, ensure_ascii=False, separators=(", ", ": ")))
        self._csv.writerow(map(write_cell, whole.values()))
        self._before = ",\n"

    def end(self) -> None:
        """Closes the list and both files, so that a full disk is known before anything is put in place."""
        self._json.write("[]\n" if self._before == "[\n" else "\n]\n")
        self._json.close()
        self._table.close()


@contextmanager
def _replacing(dossier: Path) -> Iterator[Path]:
    """An empty folder whose files take their place in `dossier` at the end, unless something failed."""
    dossier.parent.mkdir(parents=True, exist_ok=True)
    home = dossier if dossier.is_dir() else dossier.parent  # on the same disk, where one may write
    folder = Path(tempfile.mkdtemp(prefix=".export-", dir=home))
    try:
        yield folder
        if not dossier.exists():
            folder.chmod(0o755)
            folder.rename(dossier)
            return
        for path in sorted(folder.iterdir()):
            os.replace(path, dossier / path.name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
