"""What changed between two versions of a sheet, as a table: where, before, after, and what is wrong with it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from desk import tables
from desk.differences import Difference, differences, place_in_words
from engine.base import Base
from engine.documents import Diagnostic
from engine.problems import Chemin

HEADERS = ("Où", "Avant", "Après")
SAME = "Rien ne diffère entre ces deux versions."

UNCHANGED = "inchangé"

_LONG = 40
"""Characters from which only the words that changed are marked."""

_MOST = 1000
"""Words beyond which they are not compared one by one: it would take too long."""

Problems = Sequence[Diagnostic]


def show(caption: str, before: Mapping[str, Any], after: Mapping[str, Any], base: Base, problems: Problems = ()) -> int:
    """The table, with the problems of the later version beside what they are about; how many differences it has."""
    found = differences(before, after, base)
    rows = [_row(line, [problem for problem in problems if _about(problem, line.chemin)]) for line in found]
    rows += [_row(line, [problem]) for problem, line in _elsewhere(problems, found, after)]
    if rows:
        tables.marked(caption, HEADERS, rows)
    return len(found)


def _row(line: Difference, problems: Problems) -> list[str]:
    was, now = marked_words(line.avant, line.apres)
    wrong = (f'<span class="probleme">{escape(problem.message)}</span>' for problem in problems)
    return [escape(line.lieu), was, now + "".join(wrong)]


def _about(problem: Diagnostic, place: Chemin) -> bool:
    return problem.chemin[: len(place)] == place


def _elsewhere(
    problems: Problems, lines: Iterable[Difference], after: Mapping[str, Any]
) -> Iterator[tuple[Diagnostic, Difference]]:
    """A line for each problem that is about nothing that changed."""
    told = [line.chemin for line in lines]
    for problem in problems:
        if not any(_about(problem, place) for place in told):
            place = place_in_words(problem.chemin, after)
            yield problem, Difference(problem.chemin, place, UNCHANGED, UNCHANGED)


def marked_words(was: str, now: str) -> tuple[str, str]:
    """Both texts as safe HTML; of long texts that are alike, the words that changed are marked."""
    if min(len(was), len(now)) < _LONG:
        return escape(was), escape(now)
    parts = [re.findall(r"\S+\s*|\s+", text) for text in (was, now)]
    if max(map(len, parts)) > _MOST:
        return escape(was), escape(now)
    matcher = difflib.SequenceMatcher(None, parts[0], parts[1], autojunk=False)
    if matcher.quick_ratio() < 0.5:
        return escape(was), escape(now)
    told: tuple[list[str], list[str]] = [], []
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        removed, added = "".join(parts[0][start:end]), "".join(parts[1][other_start:other_end])
        told[0].append(_mark("del", removed) if kind != "equal" else escape(removed))
        told[1].append(_mark("ins", added) if kind != "equal" else escape(added))
    return "".join(told[0]), "".join(told[1])


def _mark(tag: str, text: str) -> str:
    return f"<{tag}>{escape(text)}</{tag}>" if text else ""
