"""Situations read from files: one in a YAML or JSON file, one a line in a JSONL file. All or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from engine import documents
from engine.base import Base
from engine.documents import MAX_PROBLEMS, Diagnostic, Document, InvalidDocuments
from engine.places import UnknownName, check_desk, commune_said, resolve_commune
from engine.problems import Faute
from engine.situation import Situation
from engine.validation import validate

MAX_SITUATION_BYTES = 64 * 1024
"""A situation that says everything has about 1 KiB."""

MAX_LINES_BYTES = 20 * 1024 * 1024
"""A JSONL file is read whole, so that nothing is answered when one line is wrong; 20 MiB is about 100,000 lines."""


@dataclass(frozen=True, slots=True)
class Lue:
    """A situation, and the name of where it was read."""

    nom: str
    situation: Situation


def read_situations(path: Path, raw: bytes | None, base: Base) -> list[Lue]:
    """The situations of a file (`raw` is its content when it is already read, as from standard input).

    Raises InvalidDocuments with every error of the file.
    """
    name = str(path) if raw is None else "entrée standard"
    is_lines = path.suffix == ".jsonl"
    limit = MAX_LINES_BYTES if is_lines else MAX_SITUATION_BYTES
    content = documents.read_limited(path, limit, name) if raw is None else raw
    if not is_lines:
        return [_read_one(documents.read_bytes(content, name, is_json=path.suffix == ".json", max_bytes=limit), base)]
    if len(content) > limit:
        documents.read_bytes(content, name, max_bytes=limit)
    return _read_lines(content, name, base)


def _read_lines(content: bytes, name: str, base: Base) -> list[Lue]:
    found: list[Lue] = []
    wrong: list[Diagnostic] = []
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            try:
                document = documents.read_bytes(line, name, is_json=True, max_bytes=MAX_SITUATION_BYTES)
                found.append(_read_one(document, base))
            except InvalidDocuments as error:
                wrong += [replace(item, fichier=name, ligne=number) for item in error.diagnostics]
                if len(wrong) >= MAX_PROBLEMS:
                    rest = Diagnostic(name, number + 1, 1, Faute.SUITE(nombre=MAX_PROBLEMS - 1))
                    raise InvalidDocuments([*wrong[: MAX_PROBLEMS - 1], rest]) from None
    if not found and not wrong:
        wrong.append(Diagnostic(name, 1, 1, Faute.FICHIER_VIDE()))
    if wrong:
        raise InvalidDocuments(wrong)
    return found


def _read_one(document: Document, base: Base) -> Lue:
    situation = validate(base.rules.situation, document)
    wrong = [document.diagnostic((error.champ,), error.probleme) for error in _unknown_names(situation, base)]
    if wrong:
        raise InvalidDocuments(wrong)
    return Lue(document.nom, situation)


def _unknown_names(situation: Situation, base: Base) -> Iterator[UnknownName]:
    try:
        if situation.commune is not None:
            resolve_commune(situation.commune, base.catalogue)
        commune_said(situation.commune, situation.code_postal, base.catalogue)
    except UnknownName as error:
        yield error
    try:
        check_desk(situation.bureau, base.catalogue)
    except UnknownName as error:
        yield error
