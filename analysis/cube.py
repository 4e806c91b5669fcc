"""The product of the answers to some questions, as sets of rows: every combination of answers is one row."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Part = Mapping[str, Any]
"""What an axis gives to a row: some answers, or some facts of an offer."""

Columns = dict[str, dict[Any, int]]
"""For each name, the rows in which it has each value."""


@dataclass(frozen=True)
class Cube:
    """Axes, of which a row takes one part each; the first axis changes slowest."""

    axes: Sequence[Sequence[Part]]

    @property
    def size(self) -> int:
        """How many rows there are."""
        return math.prod(map(len, self.axes))

    @cached_property
    def _strides(self) -> list[int]:
        return [math.prod(map(len, self.axes[place + 1 :])) for place in range(len(self.axes))]

    @cached_property
    def columns(self) -> Columns:
        """The rows of each value; a value that is None is absent from its rows."""
        found: Columns = defaultdict(lambda: defaultdict(int))
        for axis, stride in zip(self.axes, self._strides, strict=True):
            period = stride * len(axis)
            run = (1 << stride) - 1
            blocks: Columns = defaultdict(lambda: defaultdict(int))
            for place, part in enumerate(axis):
                for name, value in part.items():
                    if value is not None:
                        blocks[name][value] |= run << place * stride
            for name, by_value in blocks.items():
                for value, block in by_value.items():
                    found[name][value] |= _repeat(block, period, self.size // period)
        return found

    def row(self, number: int) -> dict[str, Any]:
        """The parts of a row together."""
        found: dict[str, Any] = {}
        for axis, stride in zip(self.axes, self._strides, strict=True):
            found |= axis[number // stride % len(axis)]
        return found


def columns_of(rows: Iterable[Part]) -> Columns:
    """The rows of each value, for rows that are no product."""
    found: Columns = defaultdict(lambda: defaultdict(int))
    for number, row in enumerate(rows):
        for name, value in row.items():
            if value is not None:
                found[name][value] |= 1 << number
    return found


def _repeat(block: int, period: int, count: int) -> int:
    """A block that comes again each `period` rows, by doubling."""
    found, length = block, 1
    while length * 2 <= count:
        found |= found << length * period
        length *= 2
    rest = count - length
    return found | (found & ((1 << rest * period) - 1)) << length * period if rest else found
