"""A real PostgreSQL for the tests, from the packages of the system, in a temporary folder and stopped afterwards.

`python -m tests.postgres` says whether there is one: it exits with 1 and explains when there is none.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Literal

import psycopg
from psycopg import sql

ENV_BIN = "PGBIN"
"""Names the folder of initdb and pg_ctl when they are not where distributions put them."""

_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
_SETTINGS = {
    "listen_addresses": "''",  # only the socket of its own folder: no port to fight for
    "fsync": "off",  # a test kills programs, not the machine
    "max_connections": "60",
    "shared_buffers": "16MB",
}
_LOG = "journal"


def find() -> Path | None:
    """The folder of the programs: the one that is named, else the latest installed, else the one in PATH."""
    named = os.environ.get(ENV_BIN)
    if named:
        return Path(named) if (Path(named) / "initdb").exists() else None
    found = [path for pattern in _PLACES for path in Path("/").glob(pattern[1:]) if (path / "initdb").exists()]
    found.sort(key=lambda path: [int(part) for part in _digits(str(path)).split()])
    in_path = shutil.which("initdb")
    return found[-1] if found else Path(in_path).resolve().parent if in_path else None


def _digits(text: str) -> str:
    return "".join(character if character.isdigit() else " " for character in text)


class Postgres:
    """A server that can be stopped and started again; each test asks it for a database of its own."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder, self._data = programs, folder, folder / "donnees"
        self._owner = _unprivileged()
        self._names = (f"base_{number}" for number in count(1))
        if self._owner:
            os.chown(folder, self._owner.pw_uid, self._owner.pw_gid)
        self._run("initdb", "-D", self._data, "-U", "spro", "--auth=trust", "--encoding=UTF8", "--locale=C", "-N")
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as file:
            settings = _SETTINGS | {"unix_socket_directories": f"'{folder}'"}
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def start(self) -> None:
        """Starts the server, and waits until it answers."""
        self._run("pg_ctl", "-D", self._data, "-l", self._folder / _LOG, "-w", "-s", "start")

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stops the server at once; `immediate` is a crash."""
        self._run("pg_ctl", "-D", self._data, "-m", mode, "-w", "-s", "stop")

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The address of a database for a while."""
        name = self.create(template)
        yield self.address(name)
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def create(self, template: str = "template1") -> str:
        """The name of a new database, which begins as the copy of another one."""
        name = next(self._names)
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def _execute(self, query: sql.Composed) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(query)

    def address(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://spro@/{name}?host={self._folder}"

    def _run(self, program: str, *arguments: str | Path) -> None:
        owner = self._owner
        log = self._folder / f"{program}.sortie"
        with log.open("wb") as output:  # a pipe would stay open as long as the server that it starts
            done = subprocess.run(
                [self._programs / program, *arguments],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
                user=owner.pw_uid if owner else None,
                group=owner.pw_gid if owner else None,
                extra_groups=[] if owner else None,
            )
        assert done.returncode == 0, log.read_text(encoding="utf-8", errors="replace")


def _unprivileged() -> pwd.struct_passwd | None:
    """Who runs the server: PostgreSQL refuses root. None for who we are."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise AssertionError("no account for PostgreSQL to run under")


@contextmanager
def running(programs: Path) -> Iterator[Postgres]:
    """A server for a while. Its folder is not one of pytest's: another user must reach it."""
    with tempfile.TemporaryDirectory(prefix="spro-pg-", dir="/tmp") as folder:  # the path of a socket is short
        server = Postgres(programs, Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")


if __name__ == "__main__" and find() is None:
    sys.exit("PostgreSQL est absent.")
