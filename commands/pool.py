"""Work on many items by as many processes as the machine gives us: results in order, few of them waiting at a time."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Future

CHUNK = 50
"""Items handed over at once: what it costs is then nothing beside the work."""

WAITING = 4
"""Chunks in hand for one process: it never waits, and a reader that is slow makes it stop, not pile up."""

Work = Callable[[int], str]
_work: Work | None = None


class Stopped(RuntimeError):
    """One of the processes was stopped from outside; what it was working on is lost."""


def in_order(work: Work, count: int) -> Iterator[str]:
    """`work` done on 0, 1… up to `count`, in this order.

    The processes are copies of this one, so that nothing is loaded again: it must have no thread yet. Raises
    Stopped.
    """
    processes = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1  # elsewhere a copy is not safe
    if processes == 1 or count <= CHUNK:
        yield from map(work, range(count))
        return
    import multiprocessing  # only now: a single answer is not to wait for it
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("fork"), _set_up, (work,))
    chunks = (range(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK))
    waiting: deque[Future[list[str]]] = deque()
    try:
        for chunk in chunks:
            waiting.append(pool.submit(_do, chunk))
            if len(waiting) == processes * WAITING:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool:
        raise Stopped from None
    finally:
        pool.shutdown(cancel_futures=True)


def _set_up(work: Work) -> None:
    global _work  # noqa: PLW0603  # once in each process
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # this process is told, and ends the others


def _do(chunk: range) -> list[str]:
    assert _work is not None
    return [_work(number) for number in chunk]
