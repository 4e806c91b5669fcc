"""Answers remembered by what they depend on: the latest ones, so that memory stays bounded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """At most `size` answers, the least recently used forgotten first; safe between threads."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.hits = self.misses = 0
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def answers(self, questions: Sequence[K], answer: Callable[[list[int]], Sequence[V]]) -> list[V]:
        """The answer to each question; `answer` is given the positions of those that are not remembered, in order.

        It is called outside the lock: two threads may work out the same answer, none waits for the other's work.
        """
        found: dict[int, V] = {}
        with self._lock:
            for position, question in enumerate(questions):
                if question in self._kept:
                    self._kept.move_to_end(question)
                    found[position] = self._kept[question]
            self.hits += len(found)
            self.misses += len(questions) - len(found)
        if len(found) < len(questions):
            missing = [position for position in range(len(questions)) if position not in found]
            found.update(zip(missing, answer(missing), strict=True))
            with self._lock:
                for position in missing:
                    self._kept[questions[position]] = found[position]
                while len(self._kept) > self.size:
                    self._kept.popitem(last=False)
        return [found[position] for position in range(len(questions))]
