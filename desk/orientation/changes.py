"""What would change the answer, in words: answers that will do as well as one another are said together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from engine.asking import Alternative
from engine.explanation import age_range, value_in_words
from engine.ruleset import Ruleset
from fiche.words import listed

Answers = list[tuple[str, list[Any]]]
"""Questions, each with the answers that will do; ages are in ranges."""


def changes_in_words(found: Iterable[Alternative], rules: Ruleset) -> list[str]:
    """The changes; those to the same questions on one line when any mix of their answers will do."""
    lines = _together(sorted(found, key=lambda change: weight(change, rules)))
    return ["si " + " et ".join(_answer(field, values, rules) for field, values in line) for line in lines]


def by_structure(found: Iterable[Alternative], rules: Ruleset) -> dict[str, list[str]]:
    """The changes in words, by structure; a structure that only a sensitive answer puts first comes last."""
    changes: dict[str, list[Alternative]] = {}
    for change in sorted(found, key=lambda change: weight(change, rules)):
        changes.setdefault(change.structure, []).append(change)
    return {structure: changes_in_words(some, rules) for structure, some in changes.items()}


def weight(change: Alternative, rules: Ruleset) -> tuple[bool, bool]:
    """What is sensitive last; before it, another demand, which the agent would have heard."""
    fields = [field for field, _ in change.faits]
    return any(rules.vocabulaire.champs[field].sensible for field in fields), "besoins" in fields


def _together(found: Iterable[Alternative]) -> list[Answers]:
    by_last: dict[tuple[tuple[tuple[str, Any], ...], str], list[Any]] = {}
    for change in found:
        *before, (field, value) = _with_ranges(change)
        by_last.setdefault((tuple(before), field), []).append(value)
    lines: list[Answers] = []
    for (facts, field), values in by_last.items():
        line: Answers = [*((name, [value]) for name, value in facts), (field, values)]
        same = next((kept for kept in lines if _differ_by_first(kept, line)), None)
        if same:
            same[0][1].extend(line[0][1])
        else:
            lines.append(line)
    return lines


def _with_ranges(change: Alternative) -> list[tuple[str, Any]]:
    return [(field, (change.ages or (value, value)) if field == "age" else value) for field, value in change.faits]


def _differ_by_first(one: Answers, other: Answers) -> bool:
    return len(one) > 1 and one[1:] == other[1:] and one[0][0] == other[0][0]


def _answer(field: str, values: Sequence[Any], rules: Ruleset) -> str:
    shown = _ages(values) if field == "age" else [_said(field, value, rules) for value in _smallest(values)]
    joined = listed((f"« {words} »" for words in shown), "ou")
    alike = " (ou une commune couverte par les mêmes offres)" if field == "commune" else ""
    return f"la réponse à « {rules.vocabulaire.champs[field].question} » était {joined}{alike}"


def _smallest(values: Sequence[Any]) -> list[Any]:
    """Without the lists of which a part will do."""
    lists = [set(value) for value in values if isinstance(value, tuple)]
    return [value for value in values if not isinstance(value, tuple) or not any(part < set(value) for part in lists)]


def _ages(ranges: Iterable[tuple[int, int]]) -> list[str]:
    """Ranges of ages, those that follow one another as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(set(ranges)):
        if merged and merged[-1][1] + 1 == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return [age_range(start, end) for start, end in merged]


def _said(field: str, value: Any, rules: Ruleset) -> str:
    if isinstance(value, tuple):
        return listed(value_in_words(field, item, rules) for item in value) or "aucune"
    return value_in_words(field, value, rules)
