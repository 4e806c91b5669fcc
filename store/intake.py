"""What an import of the national format becomes in the store: new sheets are published, close ones are proposed.

A sheet that the network keeps is never overwritten: what an import knows of it is a proposal that only fills in, for
the coordination to read. A sheet that came by an import and that nobody has touched since follows the next one.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import select

from engine.base import Base
from engine.catalogue import check_structure
from engine.documents import Diagnostic, InvalidDocuments
from engine.validation import validate
from fiche.exchange.import_di import Import
from fiche.exchange.matching import Rapprochement, match
from fiche.exchange.merging import merge
from fiche.model import Structure
from store import versions
from store.checks import as_document
from store.database import Store
from store.rights import MACHINE, Acteur
from store.sheets import Redaction, put_all
from store.tables import Decision, EtatProposition, Revision

Sort = Literal["nouvelle", "suivie", "proposee", "sans-apport", "en-attente", "repetee"]
SORTS: dict[Sort, str] = {
    "nouvelle": "nouvelles, publiées",
    "suivie": "déjà importées et changées depuis, publiées",
    "proposee": "proches d'une fiche du réseau : ce qui lui manque est proposé à la relecture",
    "sans-apport": "déjà connues, rien à ajouter",
    "en-attente": "proches d'une fiche dont une proposition attend déjà",
    "repetee": "données plusieurs fois par l'import",
}
"""What becomes of imported sheets, in words."""

SHOWN = 100
"""Sheets of each kind, and problems, that are remembered to be shown; all are counted."""


@dataclass
class Prise:
    """What an import becomes: how many sheets of each kind, and the first ones with what they are close to."""

    comptes: Counter[Sort] = field(default_factory=Counter)
    details: dict[Sort, list[str]] = field(default_factory=dict)

    def count(self, sort: Sort, found: Rapprochement) -> None:
        """Counts a sheet, and remembers it if there is room."""
        self.comptes[sort] += 1
        shown = self.details.setdefault(sort, [])
        if len(shown) < SHOWN:
            shown.append(f"{found.fiche['id']}{f' ~ {found.connue} ({found.raison})' if found.connue else ''}")


@dataclass(frozen=True, slots=True)
class Tete:
    """The head of a sheet, without its document; `importee` when only imports ever wrote it."""

    numero: int
    etat: EtatProposition | None
    importee: bool


def heads(store: Store) -> dict[str, Tete]:
    """The head of every sheet that has one. Raises Unavailable."""
    query = (
        select(Revision.fiche, Revision.numero, Revision.origine, Decision.etat)
        .outerjoin(Decision, (Decision.fiche == Revision.fiche) & (Decision.numero == Revision.numero))
        .order_by(Revision.fiche, Revision.numero)
    )
    found: dict[str, Tete] = {}
    by_people: set[str] = set()
    with store.reading() as session:
        for row in session.execute(query):
            if row.origine != "data-inclusion":
                by_people.add(row.fiche)
            if row.etat in (None, "publiee"):
                found[row.fiche] = Tete(row.numero, row.etat, False)
    return {name: replace(head, importee=name not in by_people) for name, head in found.items()}


def taken(store: Store, base: Base) -> frozenset[str]:
    """Identifiers that an import may not give: those of the sheets that the network keeps, and of their services."""
    imported = {name for name, head in heads(store).items() if head.importee}
    structures = base.catalogue.structures.values()
    kept = [structure for structure in structures if structure.id not in imported]
    return frozenset(
        name for structure in kept for name in (structure.id, *(service.id for service in structure.services))
    )


def take_in(
    store: Store,
    imported: Import,
    motif: str,
    base: Base,
    acteur: Acteur = MACHINE,
    progress: Callable[[int, int], None] | None = None,
) -> Prise:
    """Writes an import, all or nothing; `imported` was read with `taken`. `progress` follows the writing.

    Raises InvalidDocuments (the first problems), Interdit, Conflit, Refus, Unavailable.
    """
    if not imported.usable:
        raise InvalidDocuments(imported.diagnostics)
    known = heads(store)
    prise = Prise()
    published: dict[str, tuple[str, int | None]] = {}
    proposals: dict[str, Redaction] = {}
    followed: set[str] = set()
    problems: list[Diagnostic] = []
    current = {name: head.numero for name, head in known.items()}
    existing = (document for _, document in versions.documents(store, current))
    for found in match(existing, imported.sheets()):
        problems += _problems(found.fiche, base)
        sort = _become(found, known, store, published, followed, proposals, motif)
        prise.count(sort, found)
        if len(problems) >= SHOWN:
            break
    if problems:
        raise InvalidDocuments(problems[:SHOWN])
    if published or proposals:

        def wanted() -> Iterator[Redaction]:
            for done, sheet in enumerate(imported.sheets(), 1):
                if progress:
                    progress(done, imported.structures)
                if sheet["id"] in published:
                    name, lue = published[sheet["id"]]
                    yield Redaction(name, _named(sheet, name), lue, motif, "data-inclusion")
            yield from proposals.values()

        put_all(store, acteur, wanted, proposed=frozenset(proposals))
    return prise


def _become(
    found: Rapprochement,
    known: Mapping[str, Tete],
    store: Store,
    published: dict[str, tuple[str, int | None]],
    followed: set[str],
    proposals: dict[str, Redaction],
    motif: str,
) -> Sort:
    """Decides of one sheet, and notes what is to be written."""
    name = str(found.fiche["id"])
    head = None if found.connue is None or found.dans_import else known[found.connue]
    alike_in_imports = found.parente == "doublon-probable" and (head is None or head.importee)
    if found.connue is None or alike_in_imports:
        published[name] = _free(found.fiche, known), None
        return "nouvelle"
    if head is None or found.connue in proposals or found.connue in followed:
        return "repetee"
    if head.etat is None:
        return "en-attente"
    document = versions.version(store, found.connue, head.numero)
    assert document is not None
    if head.importee and found.parente == "la-meme":
        if _named(found.fiche, found.connue) == document.document:
            return "sans-apport"
        published[name] = found.connue, head.numero
        followed.add(found.connue)
        return "suivie"
    fusion = merge(document.document, found.fiche)
    if not fusion.remplis:
        return "sans-apport"
    reason = f"{motif} {found.raison[:1].upper()}{found.raison[1:]} : ce qui manquait est complété."
    proposals[found.connue] = Redaction(found.connue, fusion.document, head.numero, reason, "data-inclusion")
    return "proposee"


def _free(sheet: Mapping[str, Any], known: Mapping[str, Tete]) -> str:
    """The identifier of a new sheet: its own, unless another structure of the same name and place had it first."""
    name = str(sheet["id"])
    if name not in known:
        return name
    national = str(sheet["spro"]["provenance"].get("id", {}).get("source", name))
    return f"{name}-{hashlib.sha256(national.encode()).hexdigest()[:8]}"


def _named(sheet: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A sheet under an identifier, its services with it."""
    old = str(sheet["id"])
    if name == old:
        return dict(sheet)
    services = [
        {**service, "id": f"{name}{service['id'].removeprefix(old)}"} if service["id"].startswith(old) else service
        for service in sheet.get("services", ())
    ]
    return {**sheet, "id": name, "services": services}


def _problems(sheet: Mapping[str, Any], base: Base) -> Iterable[Diagnostic]:
    """What the models and the rule base refuse in a sheet that an import made."""
    document = as_document(str(sheet["id"]), sheet)
    try:
        structure = validate(Structure, document)
    except InvalidDocuments as error:
        return error.diagnostics
    return check_structure(structure, document, base.rules, {})
