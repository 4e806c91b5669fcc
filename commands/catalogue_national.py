"""The part of `spro catalogue` that speaks the national format, or makes a workbook."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from commands.common import fail, show_progress, spaced
from engine.base import Base
from engine.ruleset import Ruleset
from fiche.exchange import export, import_di, workbook
from fiche.exchange.import_di import Import
from store import intake
from store.database import Store
from store.intake import SORTS, Prise
from store.live import StoredSheets

WORKBOOK = "annuaire.xlsx"


def run(store: Store, basin: Path, rules: Ruleset, options: argparse.Namespace) -> int:
    """Exports or imports. Raises what the store and the file system raise."""
    if options.dossier is None:
        fail([f"spro catalogue {options.action} --format {options.format} : il manque --dossier."])
    catalogue, _ = StoredSheets(store, basin).read(rules)
    base = Base(rules, catalogue)
    if options.action == "importer":
        return _import(store, base, options)
    if options.format == "xlsx":
        options.dossier.mkdir(parents=True, exist_ok=True)
        workbook.write(base, options.dossier / WORKBOOK, date.today())
        print(options.dossier / WORKBOOK)
        return 0
    lost = export.write(catalogue.structures.values(), options.dossier, date.today(), rules)
    print(f"{lost.structures} structures et {lost.services} services écrits dans {options.dossier}.")
    print(f"Ce que le format ne dit pas : {options.dossier / export.LOSSES}.")
    for fiche, why in lost.refusees:
        print(f"{fiche} : non exportée, {why}", file=sys.stderr)
    return 0


def _import(store: Store, base: Base, options: argparse.Namespace) -> int:
    taken = intake.taken(store, base)
    with import_di.read(
        options.dossier, base.rules, date.today(), show_progress, taken=taken, partial=options.partiel
    ) as imported:
        if not imported.usable:
            hidden = imported.erreurs - len(imported.diagnostics)
            fail([*imported.diagnostics, *([f"… et {spaced(hidden)} autres problèmes."] if hidden else [])])
        motif = f"Import de {options.dossier.name}."
        prise = intake.take_in(store, imported, motif, base, progress=show_progress)
        print("\n".join(_summary(imported, prise)))
    return 0


def _summary(imported: Import, prise: Prise) -> Iterator[str]:
    kept = f"{spaced(imported.structures)} structures et {spaced(imported.services)} services repris."
    yield kept
    for sort, words in SORTS.items():
        count = prise.comptes[sort]
        if count:
            yield f"  {spaced(count)} {words}"
            if sort != "nouvelle":
                yield from (f"      {line}" for line in prise.details[sort])
    if imported.ecarts:
        yield "Mis de côté :"
        yield from (f"  {spaced(count)} : {why}" for why, count in imported.ecarts.most_common())
    if imported.erreurs:
        yield f"{spaced(imported.erreurs)} problèmes laissés de côté ; les premiers :"
        yield from (f"  {problem}" for problem in imported.diagnostics[:20])
