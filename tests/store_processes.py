"""Processes that use one database at the same time, and are killed: what the tests of the store start.

`python -m tests.store_processes ACTION ADDRESS …` loads the base once and forks, because two hundred interpreters would
take minutes. It prints, as JSON, what each process says it did.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from engine.base import CATALOGUE, REGLES, Base, load_base
from engine.loading import load_rules
from store import folder, sheets, versions
from store.database import Store, Unavailable
from store.rights import Acteur
from store.sheets import Conflit, Redaction

COORDINATION = Acteur("coordination", "La coordination", "coordination")
SEED = 20261125
NOBODY = 65534

Said = Callable[[object], None]
Work = Callable[[Said], None]


@dataclass(frozen=True, slots=True)
class Child:
    """A process that was forked, and where what it says is read."""

    pid: int
    output: int

    def read(self, patience: float) -> bytes:
        """What it says within some seconds; empty when it says nothing or has ended."""
        ready, _, _ = select.select([self.output], [], [], patience)
        return os.read(self.output, 1 << 20) if ready else b""

    def rest(self) -> bytes:
        """What it says until its end."""
        with open(self.output, "rb", closefd=True) as file:
            found = file.read()
        os.waitpid(self.pid, 0)
        return found


def fork(work: Work) -> Child:
    """Starts a process that does `work`; each thing that it says is one line, written at once."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return Child(pid, reading)
    status = 1
    try:
        os.close(reading)
        work(lambda said: _write_line(writing, said))
        status = 0
    finally:
        os._exit(status)


def _write_line(output: int, said: object) -> None:
    os.write(output, f"{json.dumps(said)}\n".encode())


def lines(said: bytes) -> list[Any]:
    """What a process said; a line cut short by its end was not said."""
    return [json.loads(line) for line in said.split(b"\n")[:-1]]


def together(count: int, work: Callable[[int, Said], None]) -> list[list[Any]]:
    """What `count` processes said, all let go at the same moment."""
    waiting, gate = os.pipe()

    def wait_then_work(number: int) -> Work:
        def run(say: Said) -> None:
            os.close(gate)
            os.read(waiting, 1)  # ends when the last writer closes the gate
            work(number, say)

        return run

    children = [fork(wait_then_work(number)) for number in range(count)]
    os.close(gate)
    os.close(waiting)
    return [lines(child.rest()) for child in children]


# --- what they do ---


def migrate(address: str, count: int) -> list[list[Any]]:
    """Opens an empty database from several processes."""

    def work(_number: int, say: Said) -> None:
        Store(address).close()
        say("ouverte")

    return together(count, work)


def propose(address: str, count: int, fiche: str, base: Base) -> list[list[Any]]:
    """Proposes as many changes of the same version as there are processes."""
    lue = _number_of_head(address, fiche)

    def work(number: int, say: Said) -> None:
        store = Store(address)
        found = versions.version(store, fiche, lue)
        assert found
        wanted = Redaction(fiche, {**found.document, "description": f"Essai {number}."}, lue, "Essai.")
        try:
            say(sheets.propose(store, COORDINATION, wanted, base).numero)
        except Conflit as conflict:
            say(
                {
                    "lue": conflict.lue and conflict.lue.numero,
                    "actuelle": conflict.actuelle and conflict.actuelle.numero,
                }
            )

    return together(count, work)


def publish(address: str, count: int, times: int, fiche: str, base: Base) -> list[list[Any]]:
    """Changes one sheet `times` times from each process, again from what the others did after each conflict."""

    def work(number: int, say: Said) -> None:
        store = Store(address)
        for turn in range(times):
            text = f"Processus {number}, tour {turn}."
            while True:
                try:
                    done = _publish(store, fiche, text, base)
                except Conflit:
                    continue
                say([done, text])
                break

    return together(count, work)


def kill(address: str, rounds: int, *fiches: str) -> dict[str, Any]:
    """Kills a process that saves sheets together without rest, `rounds` times; the whole file is checked after each.

    Returns what was acknowledged, by number of version, and how many processes were killed while they saved.
    """
    opened = Store(address)
    opened.close()  # connections do not cross a fork
    chance = random.Random(SEED)
    known: dict[str, str] = {}
    busy = 0

    def work(say: Said, opening: bool) -> None:
        store, turn = Store(address) if opening else opened, 0
        while True:
            text = f"Processus {os.getpid()}, tour {turn}."
            say([_publish_two(store, fiches, text), text])
            turn += 1

    for number in range(rounds):
        opening = number % 4 == 0  # one in four may die while it opens the database
        child = fork(partial(work, opening=opening))
        said = b"" if opening else child.read(30)
        said += child.read(chance.uniform(0, 0.04))
        os.kill(child.pid, signal.SIGKILL)
        said += child.rest()
        acknowledged = {str(numero): text for numero, text in lines(said)}
        known |= acknowledged
        busy += bool(acknowledged)
        if opened.is_sqlite:
            _check_file(opened.url.database or "", acknowledged, fiches)
    return {"connues": known, "occupes": busy}


def kill_migrations(folder: str, rounds: int) -> dict[str, int]:
    """Kills a process that makes a new database, `rounds` times; what is left must open and work."""
    chance = random.Random(SEED)
    left_empty = 0

    def work(address: str) -> Work:
        return lambda say: say(Store(address).is_sqlite)

    for number in range(rounds):
        address = f"sqlite:///{folder}/neuve-{number}.sqlite3"
        child = fork(work(address))
        child.read(chance.uniform(0, 0.08))
        os.kill(child.pid, signal.SIGKILL)
        left_empty += not lines(child.rest())
        with closing(Store(address)) as store:
            assert versions.stamp(store) == 0
    return {"interrompues": left_empty}


def fill_disk(disk: str, fiche: str) -> dict[str, Any]:
    """Saves until a small disk is full, then frees some of it and saves again."""
    ballast = Path(disk, "lest")
    ballast.write_bytes(b"0" * 2_000_000)
    with closing(_filled(f"sqlite:///{disk}/spro.sqlite3")) as store:
        done, refused = 0, ""
        while not refused:
            try:
                _publish_two(store, (fiche,), f"{done} " + "é" * 100_000)
                done += 1
            except Unavailable as error:
                refused = str(error)
        full = len(versions.history(store, fiche)) - 1
        ballast.unlink()
        last = _publish_two(store, (fiche,), "De la place.")
        _check_file(store.url.database or "", {str(last): "De la place."}, (fiche, fiche))
    return {"enregistrees": done, "gardees": full, "refus": refused, "ensuite": last}


def read_only(place: str, fiche: str) -> list[Any]:
    """What somebody who may only read the files of a database in use can do with it."""
    address = f"sqlite:///{place}/spro.sqlite3"
    with closing(_filled(address)) as store:  # the desk that is in use keeps its side files
        versions.head(store, fiche)
        for path in Path(place).iterdir():
            path.chmod(0o444)
        Path(place).chmod(0o555)

        def work(say: Said) -> None:
            if os.geteuid() == 0:
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            mine = Store(address)
            found = versions.head(mine, fiche)
            say(found and found.numero)
            try:
                _publish_two(mine, (fiche,), "Interdit.")
            except Unavailable as error:
                say(str(error))

        return lines(fork(work).rest())


def _filled(address: str) -> Store:
    store = Store(address)
    rules = load_rules(REGLES)
    folder.fill(store, CATALOGUE, rules)
    return store


def _publish_two(store: Store, fiches: tuple[str, ...], text: str) -> int:
    heads = [found for fiche in fiches if (found := versions.head(store, fiche))]
    wanted = [Redaction(h.fiche, {**h.document, "description": text}, h.numero, "Essai.") for h in heads]
    sheets.put_all(store, COORDINATION, lambda: wanted)
    return heads[0].numero + 1


def _publish(store: Store, fiche: str, text: str, base: Base) -> int:
    current = versions.head(store, fiche)
    assert current
    wanted = Redaction(fiche, {**current.document, "description": text}, current.numero, "Essai.")
    return sheets.put(store, COORDINATION, wanted, base).numero


def _number_of_head(address: str, fiche: str) -> int:
    with closing(Store(address)) as store:
        found = versions.head(store, fiche)
        assert found
        return found.numero


def _check_file(path: str, known: dict[str, str], fiches: tuple[str, ...]) -> None:
    """The file is sound, each of the last saves that was acknowledged is there, and none is there in part."""
    query = "SELECT numero, document FROM revision JOIN decision USING (fiche, numero) WHERE fiche = ? AND numero >= ?"
    first = min(map(int, known), default=2)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        one, other = (
            {str(numero): json.loads(text)["description"] for numero, text in connection.execute(query, (fiche, first))}
            for fiche in fiches
        )
        alone = "SELECT count(*) FROM revision LEFT JOIN decision USING (fiche, numero) WHERE etat IS NULL"
        assert connection.execute(alone).fetchone() == (0,)
    assert one == other
    assert {numero: one.get(numero) for numero in known} == known


# --- the program ---


def main(action: str, address: str, *rest: str) -> Iterator[str]:
    """The answers of one action."""
    if action == "migrate":
        yield json.dumps(migrate(address, int(rest[0])))
    elif action == "kill_migrations":
        yield json.dumps(kill_migrations(address, int(rest[0])))
    elif action == "kill":
        yield json.dumps(kill(address, int(rest[0]), *rest[1:]))
    elif action == "propose":
        yield json.dumps(propose(address, int(rest[0]), rest[1], load_base()))
    elif action == "publish":
        yield json.dumps(publish(address, int(rest[0]), int(rest[1]), rest[2], load_base()))
    elif action == "fill_disk":
        yield json.dumps(fill_disk(address, rest[0]))
    elif action == "read_only":
        yield json.dumps(read_only(address, rest[0]))
    else:
        raise SystemExit(f"no action is called {action}")


if __name__ == "__main__":
    for answer in main(*sys.argv[1:]):
        print(answer)
