"""What a sheet must be before it enters the store: the models, the rule base, and nothing that cannot be written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine import documents
from engine.base import Base
from engine.catalogue import Catalogue, build_catalogue, check_first_reception, check_structure
from engine.documents import MAX_DOCUMENT_BYTES, NOWHERE, Diagnostic, Document, InvalidDocuments
from engine.problems import Chemin, Espece
from engine.validation import validate
from fiche.coordonnees import sheet_problems
from fiche.model import Structure
from store.rights import Acteur, decides, reserved_changes

REVERSING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of a text, and so can make it read as another one; French never needs them."""


class FauteFiche(Espece):
    """What is wrong in a sheet that somebody proposes, beyond what its models and the rule base say."""

    DONNEES = "type", "une fiche ne contient que des textes, des nombres, des listes et « clé: valeur »."
    CARACTERE = "valeur", "un caractère invisible ou incomplet ne peut pas être enregistré : retapez ce texte."
    TROP_GROSSE = "valeur", "fiche trop grosse : {kio} Kio au plus."
    AUTRE_FICHE = "valeur", "cette fiche est celle de « {fiche} » : remettez cet identifiant."
    RESERVE = "valeur", "{quoi} ne change qu'avec la coordination du réseau."


def can_be_kept(text: str) -> bool:
    """Whether any database and any file would give a text back as it is, and a reader would read it as it is."""
    return not (documents.FORBIDDEN.search(text) or REVERSING.search(text))


def as_document(fiche: str, data: Any) -> Document:
    """A sheet that is not a file, as the checks of files want it."""
    return Document(f"fiche « {fiche} »", data, NOWHERE)


def canonical(data: Mapping[str, Any]) -> str:
    """The text by which two sheets are the same."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def pruned(value: Any) -> Any:
    """The data without what says nothing: nulls, empty texts, empty lists. What is not known is absent."""
    if isinstance(value, dict):
        kept = {key: pruned(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [pruned(item) for item in value]
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def tidied(fiche: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """A document `pruned`. Raises InvalidDocuments when it is nested without end."""
    try:
        return {**pruned(dict(data))}
    except RecursionError:
        raise InvalidDocuments([as_document(fiche, None).diagnostic((), FauteFiche.DONNEES())]) from None


def checked(fiche: str, data: Any, base: Base) -> Structure:
    """The structure that a document describes. Raises InvalidDocuments with every problem, each with its place."""
    document = as_document(fiche, data)
    wrong = list(unwritable(document))
    if wrong:
        raise InvalidDocuments(wrong)
    structure = validate(Structure, document)
    taken = {offre.id: offre.structure.nom for offre in base.catalogue.offres if offre.structure.id != fiche}
    problems = check_structure(structure, document, base.rules, taken)
    if structure.id != fiche:
        problems.append(document.diagnostic(("id",), FauteFiche.AUTRE_FICHE(fiche=fiche)))
    if problems:
        raise InvalidDocuments(problems)
    return structure


def check_contacts(fiche: str, data: Any) -> None:
    """Raises InvalidDocuments for contacts and places that somebody typed wrong (see fiche/coordonnees.py)."""
    document = as_document(fiche, data)
    wrong = [document.diagnostic(path, found) for path, found in sheet_problems(data)]
    if wrong:
        raise InvalidDocuments(wrong)


def check_reserved(acteur: Acteur, fiche: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Raises InvalidDocuments when a partner changes what only the coordination may change."""
    if decides(acteur):
        return
    document = as_document(fiche, after)
    wrong = [
        document.diagnostic(path, FauteFiche.RESERVE(quoi=words)) for path, words in reserved_changes(before, after)
    ]
    if wrong:
        raise InvalidDocuments(wrong)


def check_whole(fiche: str, structure: Structure | None, base: Base) -> Catalogue:
    """The catalogue with a sheet replaced, or without it (None). Raises InvalidDocuments when it no longer holds."""
    catalogue = base.with_sheet(fiche, structure).catalogue
    wrong = list(check_first_reception(catalogue, base.rules, f"fiche « {fiche} »"))
    if wrong:
        raise InvalidDocuments(wrong)
    return catalogue


def check_beside(fiche: str, structure: Structure | None, others: Iterable[tuple[str, Any]], base: Base) -> None:
    """What another publication may have changed since the base was read, checked against sheets as they are now.

    `others` are the sheets that may receive everyone or hold a service of this one. Raises InvalidDocuments.
    """
    found = [] if structure is None else [structure]
    taken: dict[str, str] = {}
    for name, data in others:
        try:
            found.append(validate(Structure, as_document(name, data)))
        except InvalidDocuments:
            continue  # left out of the answers as well
        taken.update((service.id, found[-1].nom) for service in found[-1].services)
    wrong: list[Diagnostic] = []
    if structure is not None:
        document = as_document(fiche, structure.model_dump(mode="json", exclude_none=True))
        wrong += check_structure(structure, document, base.rules, taken)
    catalogue = build_catalogue(found, base.catalogue.territoire, base.catalogue.version, base.rules)
    wrong += check_first_reception(catalogue, base.rules, f"fiche « {fiche} »")
    if wrong:
        raise InvalidDocuments(wrong)


def unwritable(document: Document) -> Iterator[Diagnostic]:
    """What no database or file could keep as it is."""
    try:
        size = len(canonical(document.donnees).encode("utf-8", "surrogatepass"))
    except (TypeError, ValueError, RecursionError, AttributeError):
        yield document.diagnostic((), FauteFiche.DONNEES())
        return
    if size > MAX_DOCUMENT_BYTES:
        yield document.diagnostic((), FauteFiche.TROP_GROSSE(kio=MAX_DOCUMENT_BYTES // 1024))
        return
    for path, value in _texts(document.donnees, ()):
        if not can_be_kept(value):
            yield document.diagnostic(path, FauteFiche.CARACTERE())


def _texts(value: Any, path: Chemin) -> Iterator[tuple[Chemin, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(str(key), path)
            yield from _texts(item, (*path, str(key)))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))
