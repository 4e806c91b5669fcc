"""Where things are written: the line of a rule, of a word of the vocabulary, of a criterion, of a service."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from engine import documents
from engine.catalogue import TERRITOIRE
from engine.documents import Diagnostic, Document, InvalidDocuments
from engine.loading import LOCALES
from engine.problems import Chemin, Probleme
from engine.ruleset import Regle
from engine.vocabulary import STRATES


@dataclass(frozen=True)
class Places:
    """The documents of a base, read again for their positions."""

    regles: Path
    catalogue: Path

    def rule(self, rule: Regle, key: str, probleme: Probleme) -> Diagnostic:
        """A diagnostic at a key of a rule, or at the rule."""
        document, place = self._rules.get(rule.id, (None, ()))
        if document is None:
            return Diagnostic(rule.fichier, rule.ligne, 1, probleme)
        return document.at_key((*place, key), probleme)

    def entry(self, name: str, chemin: Chemin, probleme: Probleme) -> Diagnostic:
        """A diagnostic at a key of a file of the rules."""
        document = self._read(self.regles / name)
        if document is None:
            return Diagnostic(str(self.regles / name), 1, 1, probleme)
        return document.at_key(chemin, probleme)

    def basin(self, chemin: Chemin, probleme: Probleme) -> Diagnostic:
        """A diagnostic at a key of the basin."""
        path = self.catalogue / TERRITOIRE
        document = self._read(path)
        if document is None:
            return Diagnostic(str(path), 1, 1, probleme)
        return document.at_key(chemin, probleme)

    def criterion(self, position: int, probleme: Probleme) -> Diagnostic:
        """A diagnostic at a criterion of the ranking."""
        return self.entry("classement.yaml", ("criteres", position, "id"), probleme)

    def service(self, identifier: str, probleme: Probleme) -> Diagnostic:
        """A diagnostic at a service of a sheet."""
        document, place = self._services[identifier]
        return document.diagnostic((*place, "id"), probleme)

    @cached_property
    def _rules(self) -> dict[str, tuple[Document, Chemin]]:
        found: dict[str, tuple[Document, Chemin]] = {}
        for path in (
            folder / f"{strate}.yaml" for folder in (self.regles, self.catalogue / LOCALES) for strate in STRATES
        ):
            document = self._read(path)
            for index, rule in enumerate(_items(document, "regles")):
                if document is not None and isinstance(rule, dict):
                    found.setdefault(str(rule.get("id")), (document, ("regles", index)))
        return found

    @cached_property
    def _services(self) -> dict[str, tuple[Document, Chemin]]:
        found: dict[str, tuple[Document, Chemin]] = {}
        for path in sorted(self.catalogue.glob("*.yaml")):
            document = self._read(path)
            for index, service in enumerate(_items(document, "services")):
                if document is not None and isinstance(service, dict):
                    found.setdefault(str(service.get("id")), (document, ("services", index)))
        return found

    def _read(self, path: Path) -> Document | None:
        try:
            return documents.read_file(path)
        except InvalidDocuments:
            return None


def _items(document: Document | None, key: str) -> list[Any]:
    data = document.donnees if document is not None else None
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, list) else []
