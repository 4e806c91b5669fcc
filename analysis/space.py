"""The space of situations: finite once ages are cut where rules and offers cut them.

Fields are dimensions, "not asked" is one of their values. Two samples are used together: the exhaustive product of
the fields that decide most (`core`), and a covering array in which every pair of values of every two fields meets
(`pairs`).
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError

from engine.base import Base
from engine.decision import Contexte
from engine.situation import Situation
from engine.variants import answers_to_try

Dimensions = Mapping[str, Sequence[Any]]
"""The values to try for each field; None is "not asked"."""

CORE = ("age", "statuts", "besoins", "cadre", "handicap")
"""The fields whose product is tried whole: they decide the public, the operator and the offer."""


def dimensions(base: Base, on: date) -> dict[str, list[Any]]:
    """Every value of every field worth trying: one age an interval, statuses alone and by two, needs alone."""
    context = Contexte.of(base.catalogue, base.rules, on)
    found: dict[str, list[Any]] = {}
    for name, asked in base.rules.vocabulaire.champs.items():
        values = answers_to_try(name, base.catalogue, context)
        if values:
            found[name] = [None, *([()] if asked.vide else []), *values]
    found["statuts"] += itertools.combinations(base.rules.vocabulaire.champs["statuts"].valeurs, 2)
    return found


def core(space: Dimensions, model: type[Situation]) -> Iterator[Situation]:
    """Every coherent combination of the fields of CORE, statuses alone or by two."""
    yield from _situations((dict(zip(CORE, values, strict=True)) for values in product_of(space, CORE)), model)


def product_of(space: Dimensions, fields: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The values of the whole product of some fields."""
    return itertools.product(*(space[field] for field in fields))


def pairs(space: Dimensions, model: type[Situation], seed: int = 1) -> Iterator[Situation]:
    """Situations in which every coherent pair of values of two fields meets at least once; the same for a same seed."""
    yield from _situations(_covering(space, model, random.Random(seed)), model)


def _situations(rows: Iterator[dict[str, Any]], model: type[Situation]) -> Iterator[Situation]:
    for row in rows:
        situation = coherent(row, model)
        if situation is not None:
            yield situation


def coherent(row: Mapping[str, Any], model: type[Situation]) -> Situation | None:
    """The situation of a row of values, or None when its answers contradict one another."""
    try:
        return model.model_validate({field: value for field, value in row.items() if value is not None})
    except ValidationError:
        return None


def _covering(space: Dimensions, model: type[Situation], chance: random.Random) -> Iterator[dict[str, Any]]:
    """Greedy covering array of strength 2 (Cohen et al., The AETG System, IEEE TSE 23-7, 1997), one row a time."""
    fields = sorted(space, key=lambda field: -len(space[field]))
    left = _coherent_pairs(space, fields, model)
    while left:
        (first, second), values = next(iter(left.items()))
        row: dict[str, Any] = dict(zip((first, second), next(iter(values)), strict=True))
        for field in chance.sample(fields, len(fields)):
            if field not in row:
                row[field] = _best_value(field, row, space, left, model, chance)
        for pair in itertools.combinations(fields, 2):
            remaining = left.get(pair)
            if remaining is not None:
                remaining.pop((row[pair[0]], row[pair[1]]), None)
                if not remaining:
                    del left[pair]
        yield row


Pairs = dict[tuple[str, str], dict[tuple[Any, Any], None]]


def _coherent_pairs(space: Dimensions, fields: Sequence[str], model: type[Situation]) -> Pairs:
    return {
        (first, second): dict.fromkeys(
            values
            for values in itertools.product(space[first], space[second])
            if coherent(dict(zip((first, second), values, strict=True)), model) is not None
        )
        for first, second in itertools.combinations(fields, 2)
    }


def _best_value(
    field: str,
    row: dict[str, Any],
    space: Dimensions,
    left: Pairs,
    model: type[Situation],
    chance: random.Random,
) -> Any:
    """The value that meets most values not met yet, among those that stay coherent with the row."""

    def gain(value: Any) -> int:
        return sum(
            (value, row[other]) in left.get((field, other), ()) or (row[other], value) in left.get((other, field), ())
            for other in row
        )

    ranked = sorted(chance.sample(list(space[field]), len(space[field])), key=gain, reverse=True)
    return next((value for value in ranked if coherent({**row, field: value}, model) is not None), None)


def shrink(situation: Situation, fails: Any) -> Situation:
    """The smallest situation, one answer less at a time, for which `fails(situation)` is still true."""
    said = situation.model_dump(exclude_none=True)
    smaller = True
    while smaller:
        smaller = False
        for field in list(said):
            candidate = coherent({key: value for key, value in said.items() if key != field}, type(situation))
            if candidate is not None and fails(candidate):
                del said[field]
                smaller = True
    return type(situation).model_validate(said)
