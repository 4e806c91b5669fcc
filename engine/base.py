"""The rules and the catalogue that answer together, loaded from their folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.catalogue import Catalogue, build_catalogue, load_catalogue
from engine.loading import LOCALES, load_rules
from engine.ruleset import Ruleset
from fiche.model import Structure

PROJECT = Path(__file__).parent.parent
REGLES = PROJECT / "rules"
CATALOGUE = PROJECT / "catalogue"


@dataclass(frozen=True)
class Base:
    """A rule base and a catalogue that were checked together."""

    rules: Ruleset
    catalogue: Catalogue

    def with_sheet(self, fiche: str, structure: Structure | None) -> Base:
        """The same base with one sheet replaced, or without it (None)."""
        current = self.catalogue
        others = [found for found in current.structures.values() if found.id != fiche]
        sheets = [*others, structure] if structure else others
        version = f"{current.version}+{fiche}"
        return Base(self.rules, build_catalogue(sheets, current.territoire, version, self.rules))


def load_rules_of(regles: Path = REGLES, catalogue: Path = CATALOGUE) -> Ruleset:
    """The shared rules, and those that the basin of a catalogue adds. Raises InvalidDocuments with every problem."""
    return load_rules(regles, catalogue / LOCALES)


def load_base(regles: Path = REGLES, catalogue: Path = CATALOGUE) -> Base:
    """The base of two folders. Raises InvalidDocuments with every problem of the first folder that has any."""
    rules = load_rules_of(regles, catalogue)
    return Base(rules, load_catalogue(catalogue, rules))
