"""Several processes on one database: they wait for each other, lose nothing, and may die at any moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import select

from engine.base import Base
from store import folder, sheets, versions
from store.database import Store, alembic_config
from store.limits import spend
from store.rights import MACHINE
from store.sheets import Conflit, Redaction
from store.tables import Decision, Reglage, Revision
from tests.browser import ROOT
from tests.test_store_sheets import COORDINATION, FICHE, OTHER, edited, head

PROCESSES = 6
THREADS = 12


def processes(action: str, address: object, *rest: object) -> Any:
    """What the processes of tests/store_processes.py say that they did."""
    command_line = [sys.executable, "-m", "tests.store_processes", action, str(address), *map(str, rest)]
    done = subprocess.run(command_line, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def address_of(store: Store) -> str:
    """The address of an open database."""
    return store.url.set(drivername=store.url.get_backend_name()).render_as_string(hide_password=False)


def in_threads(count: int, work: Callable[[int], object]) -> list[object]:
    """What `count` threads return or raise, all let go at the same moment."""
    gate = threading.Barrier(count)
    found: list[object] = [None] * count

    def run(number: int) -> None:
        gate.wait()
        try:
            found[number] = work(number)
        except Exception as error:
            found[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def check_numbers(store: Store) -> None:
    """No number twice, none missing: versions of each sheet, and ranks of all publications."""
    with store.reading() as session:
        numbers: dict[str, list[int]] = {}
        for fiche, numero in session.execute(select(Revision.fiche, Revision.numero).order_by(Revision.numero)):
            numbers.setdefault(fiche, []).append(numero)
        ranks = list(session.scalars(select(Decision.rang).where(Decision.rang.is_not(None)).order_by(Decision.rang)))
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    assert ranks == list(range(1, len(ranks) + 1))


# --- at the same time ---


def test_of_many_proposals_in_threads_one_wins(store: Store, base: Base) -> None:
    forms = [edited(store, description=f"Essai {number}.") for number in range(THREADS)]
    found = in_threads(THREADS, lambda number: sheets.propose(store, COORDINATION, forms[number], base))
    won = [version for version in found if isinstance(version, versions.Version)]
    lost = [error for error in found if isinstance(error, Conflit)]
    assert (len(won), len(lost)) == (1, THREADS - 1)
    assert [(error.lue and error.lue.numero, error.actuelle) for error in lost] == [(1, won[0])] * len(lost)
    assert versions.pending(store) == won
    check_numbers(store)


def test_of_many_proposals_in_processes_one_wins(store: Store) -> None:
    said = [answer for (answer,) in processes("propose", address_of(store), PROCESSES, FICHE)]
    assert sorted(said, key=str) == [2, *[{"lue": 1, "actuelle": 2}] * (PROCESSES - 1)]
    assert [version.numero for version in versions.pending(store)] == [2]
    check_numbers(store)


def test_processes_that_try_again_lose_no_change(store: Store) -> None:
    times = 3
    said = [done for answers in processes("publish", address_of(store), PROCESSES, times, FICHE) for done in answers]
    assert len(said) == PROCESSES * times
    kept = {version.numero: version.document["description"] for version in versions.history(store, FICHE)}
    assert len(kept) == 1 + len(said)
    assert dict(said) == {numero: text for numero, text in kept.items() if numero > 1}
    check_numbers(store)


def test_publications_of_different_sheets_have_ranks_without_gap(store: Store, base: Base) -> None:
    names = sorted(base.catalogue.structures)[:THREADS]
    stamp = versions.stamp(store)
    forms = [edited(store, fiche, description=f"Essai de {fiche}.") for fiche in names]
    found = in_threads(THREADS, lambda number: sheets.put(store, COORDINATION, forms[number], base))
    assert all(isinstance(version, versions.Version) for version in found), found
    assert versions.stamp(store) == stamp + THREADS
    check_numbers(store)


def test_a_decision_is_taken_once(store: Store, base: Base) -> None:
    sheets.propose(store, COORDINATION, edited(store, description="Essai."), base)
    acts: list[Callable[[], object]] = [
        lambda: sheets.publish(store, COORDINATION, FICHE, 2, "", base),
        lambda: sheets.refuse(store, COORDINATION, FICHE, 2, "Non."),
        lambda: sheets.withdraw(store, COORDINATION, FICHE, 2),
        lambda: sheets.propose(store, COORDINATION, edited(store, description="Autre."), base),
    ]
    found = in_threads(THREADS, lambda number: acts[number % len(acts)]())
    assert not [error for error in found if not isinstance(error, (versions.Version, Conflit, sheets.Refus))], found
    last = versions.version(store, FICHE, 2)
    assert last
    assert last.avis
    assert sum(isinstance(version, versions.Version) and version.numero == 2 for version in found) <= 1
    check_numbers(store)


def test_many_sheets_at_once_from_several_threads(store: Store) -> None:
    """All or nothing holds between writers too: nobody sees, or keeps, half of an import."""
    forms = [[edited(store, fiche, description=f"Essai {n}.") for fiche in (FICHE, OTHER)] for n in range(4)]
    found = in_threads(4, lambda number: sheets.put_all(store, MACHINE, lambda: forms[number]))
    assert sorted(isinstance(error, Conflit) for error in found) == [False, True, True, True]
    assert head(store, FICHE).document["description"] == head(store, OTHER).document["description"]
    check_numbers(store)


def test_the_secret_of_limits_is_made_once(store: Store) -> None:
    def count(_number: int) -> None:
        sheets.written(store, lambda session: spend(session, {}, head(store).quand))

    assert in_threads(THREADS, count) == [None] * THREADS
    with store.reading() as session:
        assert len(session.scalars(select(Reglage)).all()) == 1


# --- starting ---


def test_processes_that_start_together_migrate_once(database: str) -> None:
    assert processes("migrate", database, PROCESSES) == [["ouverte"]] * PROCESSES
    with closing(Store(database)) as opened, opened._engine.connect() as connection:
        command.check(alembic_config(connection))
        assert connection.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar() == 1


def test_processes_that_start_together_take_the_folder_once(database: str, base: Base) -> None:
    with closing(Store(database)) as opened:
        found = in_threads(4, lambda _: folder.fill(opened, ROOT / "catalogue", base.rules))
        assert sorted(map(bool, found)) == [False, False, False, True]
        assert versions.in_service(opened) == dict.fromkeys(base.catalogue.structures, 1)
        check_numbers(opened)


# --- killed ---


def test_killed_while_saving(store: Store, base: Base) -> None:
    rounds = 220 if store.is_sqlite else 25
    said = processes("kill", address_of(store), rounds, FICHE, OTHER)
    assert said["occupes"] >= rounds // 2
    kept = {version.numero: version for version in versions.history(store, FICHE)}
    assert {numero: kept[int(numero)].document["description"] for numero in said["connues"]} == said["connues"]
    assert all(version.avis for version in kept.values())
    assert len(kept) <= 1 + len(said["connues"]) + rounds
    check_numbers(store)
    current = head(store)
    wanted = Redaction(FICHE, {**current.document, "description": "Après."}, current.numero, "Essai.")
    assert sheets.put(store, COORDINATION, wanted, base).numero == current.numero + 1


def test_killed_while_making_the_database(tmp_path: Path) -> None:
    rounds = 30
    assert processes("kill_migrations", tmp_path, rounds)["interrompues"] > rounds // 4
