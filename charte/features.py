"""The scenarios read from Gherkin, each sentence bound to its step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gherkin.errors import CompositeParserException
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from charte.steps import DEFINITIONS, Definition, Entretien
from engine.base import PROJECT
from engine.documents import InvalidDocuments
from engine.problems import meant, nearest

FEATURES = PROJECT / "features"
TAG = "@engagement-"


class BrokenScenarios(ValueError):
    """Scenarios that cannot be played, or that fail before anything is changed."""


class UnreadableFeature(BrokenScenarios):
    """A file of scenarios that is not Gherkin, or whose sentences are no steps; the message says where."""


@dataclass(frozen=True, slots=True)
class Pas:
    """A sentence of a scenario: where it is written, its step, and what it says where the step has names."""

    place: str
    definition: Definition
    mots: tuple[tuple[str, str], ...]

    def play(self, entretien: Entretien) -> None:
        """Does the step. Raises AssertionError when it does not hold, LookupError when it has nothing to look at,
        UnreadableFeature for what no person can say."""
        try:
            self.definition.fonction(entretien, **dict(self.mots))
        except InvalidDocuments as error:
            said = " ".join(found.message for found in error.diagnostics)
            raise UnreadableFeature(f"{self.place} : {said}") from None
        except ValueError as error:
            raise UnreadableFeature(f"{self.place} : {error}") from None


@dataclass(frozen=True, slots=True)
class Cas:
    """One visit of a scenario, and the first word of its row when it is one of a table."""

    rangee: str
    pas: tuple[Pas, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario, what it shows, and its visits: one, or one a row of its tables."""

    fichier: str
    ligne: int
    fonctionnalite: str
    regle: str
    nom: str
    engagements: tuple[str, ...]
    cas: tuple[Cas, ...]

    @property
    def place(self) -> str:
        """Where it is written."""
        return f"{self.fichier}:{self.ligne}"


def read_scenarios(dossier: Path = FEATURES) -> tuple[Scenario, ...]:
    """The scenarios of a folder, in the order in which they are written. Raises UnreadableFeature."""
    if not dossier.is_dir():
        raise UnreadableFeature(f"{dossier} : ce dossier n'existe pas.")
    return tuple(scenario for path in sorted(dossier.glob("*.feature")) for scenario in _read_feature(path))


def _read_feature(path: Path) -> Iterator[Scenario]:
    name = str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)
    try:
        document: Any = Parser().parse(path.read_text(encoding="utf-8"))
    except CompositeParserException as error:
        raise UnreadableFeature(f"{name} n'est pas du Gherkin : {error}") from None
    feature = document.get("feature") or {"name": "", "children": []}
    nodes = dict(_nodes(feature))
    visits: dict[str, list[Any]] = defaultdict(list)
    for pickle in Compiler().compile(document | {"uri": name}):
        visits[pickle["astNodeIds"][0]].append(pickle)
    for rule, node in _scenario_nodes(feature):
        pickles = visits.get(node["id"], [])
        tags = dict.fromkeys(tag["name"] for pickle in pickles for tag in pickle["tags"])
        yield Scenario(
            name,
            node["location"]["line"],
            feature["name"],
            rule,
            node["name"],
            tuple(tag.removeprefix(TAG) for tag in tags if tag.startswith(TAG)),
            tuple(_visit(pickle, nodes, name) for pickle in pickles),
        )


def _scenario_nodes(feature: Mapping[str, Any], rule: str = "") -> Iterator[tuple[str, Any]]:
    """Each scenario of a feature with the name of the « Règle » it is under."""
    for child in feature["children"]:
        if "scenario" in child:
            yield rule, child["scenario"]
        elif "rule" in child:
            yield from _scenario_nodes(child["rule"], child["rule"]["name"])


def _nodes(part: Any) -> Iterator[tuple[str, Any]]:
    """Every part of a document that has an identifier."""
    if isinstance(part, dict):
        if "id" in part:
            yield part["id"], part
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _nodes(inner)


def _visit(pickle: Any, nodes: Mapping[str, Any], name: str) -> Cas:
    row = nodes[pickle["astNodeIds"][1]]["cells"][0]["value"] if len(pickle["astNodeIds"]) > 1 else ""
    return Cas(row, tuple(_step(step, nodes[step["astNodeIds"][0]]["location"], name) for step in pickle["steps"]))


def _step(step: Any, place: Mapping[str, int], name: str) -> Pas:
    sentence, sorte = step["text"], step["type"]
    where = f"{name}:{place['line']}:{place['column']}"
    for definition in DEFINITIONS:
        if definition.sorte == sorte and (words := definition.read(sentence)) is not None:
            return Pas(where, definition, tuple(words.items()))
    near = meant(nearest(sentence, [definition.phrase for definition in DEFINITIONS if definition.sorte == sorte]))
    raise UnreadableFeature(f"{where} : aucun pas ne correspond à « {sentence} ».{near}")
