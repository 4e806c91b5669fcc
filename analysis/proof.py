"""What is proved on the space of situations: always an answer, nothing forbidden, no effect of the order of files.

Some of it is decided for every situation there can be (`proof_exact`). All of it is tried on the core (age × statuses ×
need × cadre × handicap), whole, and on a covering array of every pair of the other fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from analysis.proof_exact import Exacte, prove_exactly
from analysis.space import Dimensions, dimensions, shrink
from analysis.view import Block, Dossiers, blocks, situations_of, sweep, view
from engine.base import Base, load_base
from engine.catalogue import build_catalogue
from engine.conditions import evaluate
from engine.deciders import by_rete
from engine.situation import Situation, facts_of

PUBLIC, FILE_ORDER, EVALUATORS = "recoit-le-public", "ordre-des-fichiers", "deux-evaluateurs"
"""Properties that are tried and never decided everywhere; the last two on pairs of values only."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ContreExemple:
    """A situation, made as small as possible, for which a property does not hold."""

    propriete: str
    resume: str
    situation: Situation


@dataclass(frozen=True, slots=True)
class Preuve:
    """What is proved exactly, how many situations were tried besides, and the counter-examples, one a property."""

    exactes: tuple[Exacte, ...]
    coeur: int
    paires: int
    contre_exemples: tuple[ContreExemple, ...]

    def to_json(self) -> Iterator[dict[str, Any]]:
        """One object a property; what was only tried, and not decided everywhere, is « non décidée »."""
        failed = {failure.propriete: failure for failure in self.contre_exemples}
        tried = {PUBLIC: self.coeur + self.paires, FILE_ORDER: self.paires, EVALUATORS: self.paires}
        exact = {item.propriete: item for item in self.exactes}
        for name in dict.fromkeys((*exact, *tried, *failed)):
            item, failure = exact.get(name), failed.get(name)
            verdict = "non décidée"
            if failure:
                verdict = "réfutée"
            elif item and item.prouvee:
                verdict = "vide" if item.vide else "prouvée"
            yield {
                "propriete": name,
                "verdict": verdict,
                "situations": item.situations if item else tried.get(name, self.coeur + self.paires),
                "contre_exemple": failure.situation.said() if failure else None,
            }


@dataclass(frozen=True, slots=True)
class _State:
    base: Base
    reversed_base: Base
    space: Dimensions
    on: date


_state: _State | None = None


def _set_up(folders: Dossiers, on: date) -> None:
    global _state  # noqa: PLW0603  # one base a process, loaded once
    base = load_base(folders.regles, folders.catalogue)
    backwards = reversed(list(base.catalogue.structures.values()))
    other = build_catalogue(backwards, base.catalogue.territoire, base.catalogue.version, base.rules)
    _state = _State(base, Base(base.rules, other), dimensions(base, on), on)


def prove(folders: Dossiers, on: date, progress: Progress) -> Preuve:
    """Tries the whole sample on every core. Raises InvalidDocuments for a base that does not load."""
    base = load_base(folders.regles, folders.catalogue)
    pieces = blocks(dimensions(base, on), base.rules.situation)
    counts = {"core": 0, "pairs": 0}
    exact = prove_exactly(base, on)
    failures = {failure.propriete: failure for failure in _confirmed(exact, base, on)}
    for done, (kind, count, found) in enumerate(sweep(_check_block, pieces, _set_up, (folders, on)), 1):
        counts[kind] += count
        for failure in found:
            failures.setdefault(failure.propriete, failure)
        progress(done, len(pieces))
    smallest = [_smallest(failure, base, on) for failure in failures.values()]
    return Preuve(exact, counts["core"], counts["pairs"], tuple(sorted(smallest, key=lambda item: item.propriete)))


def _confirmed(exact: Iterable[Exacte], base: Base, on: date) -> Iterator[ContreExemple]:
    """The situations found that do break the property: an offer that is not rejected may still not be proposed."""
    for item in exact:
        if item.exemple is not None and any(name == item.propriete for name, _ in broken(item.exemple, base, on)):
            yield ContreExemple(item.propriete, item.resume, item.exemple)


def _check_block(block: Block) -> tuple[str, int, list[ContreExemple]]:
    assert _state is not None
    whole = bool(block) and block[0] == "core"
    failures: dict[str, ContreExemple] = {}
    count = 0
    for situation in situations_of(block, _state.space, _state.base.rules.situation):
        count += 1
        for name, summary in broken(situation, _state.base, _state.on):
            failures.setdefault(name, ContreExemple(name, summary, situation))
        if not whole:
            for name, summary in _broken_by_evaluation(situation, _state):
                failures.setdefault(name, ContreExemple(name, summary, situation))
    return "core" if whole else "pairs", count, list(failures.values())


def broken(situation: Situation, base: Base, on: date) -> Iterator[tuple[str, str]]:
    """The properties that an answer breaks, each with its sentence."""
    answer = view(situation, base, on)
    if not answer.portes or answer.portes[0][0] != "principale":
        yield "toujours-une-reponse", "Toute situation reçoit une première structure."
    structures = base.catalogue.structures
    roles = {structures[structure].spro.role for _, structure, _ in answer.portes}
    facts = facts_of(situation)
    for never in base.rules.interdits:
        if never.role in roles and evaluate(never.si, facts) is True:
            yield never.id, never.resume
    if any(not structures[structure].spro.recoit_public for _, structure, _ in answer.portes):
        yield PUBLIC, "Une structure proposée reçoit le public."


def _broken_by_evaluation(situation: Situation, state: _State) -> Iterator[tuple[str, str]]:
    answer = view(situation, state.base, state.on)
    if answer != view(situation, state.reversed_base, state.on):
        yield FILE_ORDER, "L'ordre des fiches ne change pas la réponse."
    if answer != view(situation, state.base, state.on, by_rete):
        yield EVALUATORS, "durable_rules et l'évaluateur donnent la même réponse."


def _smallest(failure: ContreExemple, base: Base, on: date) -> ContreExemple:
    def still(candidate: Situation) -> bool:
        return any(name == failure.propriete for name, _ in broken(candidate, base, on))

    if not still(failure.situation):
        return failure
    return ContreExemple(failure.propriete, failure.resume, shrink(failure.situation, still))
