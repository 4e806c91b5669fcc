"""What a new version of a sheet does to the answers, fast enough to be looked at before it is proposed.

The situations tried are those that the sheet can touch: each of its needs, with every age interval, status and
disability together, then every other answer alone. It is a sample, and says how many situations it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from analysis.space import Dimensions, coherent, dimensions
from engine.base import Base
from engine.decision import Contexte
from engine.explanation import age_ranges, value_in_words
from engine.sets import numbers
from engine.situation import Situation
from engine.variants import Together
from fiche.model import Structure

Progress = Callable[[int, int], None]

_CROSSED = ("age", "statuts", "besoins", "handicap")
_TOGETHER = 500
"""Situations decided at once, between two signs of progress."""

NOT_SAID = "sans autre précision"


@dataclass(frozen=True, slots=True)
class Groupe:
    """Situations whose first structure changes in the same way: in words, how many, one of them, and the structure
    that is first instead (after the change when the sheet loses them, before it when it gains them)."""

    texte: str
    nombre: int
    exemple: Situation
    autre: str


@dataclass(frozen=True, slots=True)
class Effet:
    """How many situations were tried, those that the sheet gains and loses, and how many other answers change."""

    situations: int
    gagnees: tuple[Groupe, ...]
    perdues: tuple[Groupe, ...]
    autres: int


def effect(fiche: str, after: Structure | None, base: Base, on: date, progress: Progress | None = None) -> Effet:
    """The effect of publishing `after` (None: of archiving) in place of the sheet in service."""
    new = base.with_sheet(fiche, after)
    space = _merged(dimensions(base, on), dimensions(new, on))
    tried = list(_situations(_needs(base.catalogue.structures.get(fiche), after), space, new.rules.situation))
    gained: dict[str, list[Situation]] = {}
    lost: dict[str, list[Situation]] = {}
    others_changed = done = 0
    while done < len(tried):
        some = tried[done : done + _TOGETHER]
        for situation, was, is_now in zip(some, _doors(some, base, on), _doors(some, new, on), strict=True):
            if was[0] != fiche and is_now[0] == fiche:
                gained.setdefault(was[0], []).append(situation)
            elif was[0] == fiche and is_now[0] != fiche:
                lost.setdefault(is_now[0], []).append(situation)
            elif was != is_now:
                others_changed += 1
        done += len(some)
        if progress:
            progress(done, len(tried))
    ages = space["age"][1:]
    return Effet(len(tried), _groups(gained, ages, base), _groups(lost, ages, base), others_changed)


def _needs(*sheets: Structure | None) -> list[str]:
    """The needs that one of the versions answers."""
    found = (need for sheet in sheets if sheet for service in sheet.services for need in service.spro.besoins)
    return list(dict.fromkeys(found))


def _merged(first: Dimensions, second: Dimensions) -> dict[str, list[Any]]:
    """The values of both spaces: each age bound of either version cuts the ages."""
    values = {field: list(dict.fromkeys([*first[field], *second[field]])) for field in first}
    values["age"] = [None, *sorted(age for age in values["age"] if age is not None)]
    return values


def _situations(needs: Sequence[str], space: Dimensions, model: type[Situation]) -> Iterator[Situation]:
    alone = {**space, "besoins": [(need,) for need in needs], "handicap": [None, True]}
    alone["statuts"] = [said for said in space["statuts"] if said is None or len(said) == 1]
    for values in product(*(alone[field] for field in _CROSSED)):
        situation = coherent(dict(zip(_CROSSED, values, strict=True)), model)
        if situation is not None:
            yield situation
    for field in (name for name in space if name not in _CROSSED):
        for value, need in product(space[field], needs):
            situation = coherent({field: value, "besoins": (need,)}, model) if value is not None else None
            if situation is not None:
                yield situation


def _doors(situations: Sequence[Situation], base: Base, on: date) -> list[list[str]]:
    """The structures that each situation is shown, the first one first."""
    context = Contexte.of(base.catalogue, base.rules, on)
    changes = [tuple((field, value) for field, value in said if value is not None) for said in situations]
    seen = Together.of(changes, base.rules.situation(), context, None, best_of_alike=False).decision
    found: list[list[str]] = [[] for _ in situations]
    for door in seen.doors(seen.sets.all):
        for number in numbers(door.where):
            found[number].append(door.judged.offre.structure.id)
    return found


# --- in words ---


def _groups(changed: Mapping[str, Sequence[Situation]], ages: Sequence[int], base: Base) -> tuple[Groupe, ...]:
    found = [group for other, situations in changed.items() for group in _of_one(other, situations, ages, base)]
    return tuple(sorted(found, key=lambda group: (-group.nombre, group.texte)))


def _of_one(other: str, situations: Sequence[Situation], ages: Sequence[int], base: Base) -> Iterator[Groupe]:
    """One group for each need, further answer and set of ages, the statuses that share them listed together."""
    known = {_key(situation.said()) for situation in situations}
    rows: dict[tuple[Any, ...], dict[Any, list[Situation]]] = {}
    for situation in situations:
        said = situation.said()
        further = {field: value for field, value in said.items() if field not in ("age", "statuts", "besoins")}
        if any(_key({k: v for k, v in said.items() if k != field}) in known for field in further):
            continue  # the further answer changes nothing
        row = rows.setdefault((said["besoins"][0], tuple(sorted((k, str(v)) for k, v in further.items()))), {})
        row.setdefault(tuple(said.get("statuts", ())), []).append(situation)
    for (need, _), by_status in rows.items():
        shared: dict[tuple[int | None, ...], list[tuple[Any, list[Situation]]]] = {}
        for status, members in by_status.items():
            shared.setdefault(tuple(member.age for member in members), []).append((status, members))
        for some_ages, entries in shared.items():
            members = [situation for _, group in entries for situation in group]
            text = _sentence(need, some_ages, [status for status, _ in entries], members[0], ages, base)
            yield Groupe(text, len(members), min(members, key=lambda s: (len(s.said()), str(s.said()))), other)


def _key(said: Mapping[str, Any]) -> str:
    return str(sorted(said.items()))


def _sentence(
    need: str,
    some_ages: Iterable[int | None],
    statuses: Sequence[tuple[str, ...]],
    example: Situation,
    ages: Sequence[int],
    base: Base,
) -> str:
    words = base.rules.vocabulaire
    known = [age for age in some_ages if age is not None]
    said = example.said()
    parts = []
    if known and len(known) < len(ages):
        parts.append(" ou ".join(age_ranges(known, list(ages))))
    if () not in statuses:
        parts.append(" ou ".join(_small(words.champs["statuts"].valeurs[status[0]]) for status in statuses))
    for field, value in said.items():
        if field not in ("age", "statuts", "besoins"):
            one = value[0] if isinstance(value, (tuple, list)) and value else value
            parts.append(f"{words.champs[field].libelle} : {_small(value_in_words(field, one, base.rules))}")
    return f"{words.besoins[need].libelle} : {', '.join(parts) or NOT_SAID}"


def _small(label: str) -> str:
    return label[:1].lower() + label[1:]
