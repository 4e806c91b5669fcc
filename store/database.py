"""The database: SQLite beside the project by default, PostgreSQL by one setting; brought up to date at the start.

Measured in the project: SQLite in WAL mode with `BEGIN IMMEDIATE` for writers loses nothing and never deadlocks.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from engine.base import PROJECT

ENV_URL = "SPRO_DATABASE_URL"
DEFAULT_FILE = PROJECT / "donnees" / "spro.sqlite3"
MIGRATIONS = Path(__file__).parent / "migrations"

BUSY_TIMEOUT = 30
"""Seconds that a writer waits for another one."""

_TURN = text(f"SELECT pg_advisory_xact_lock({0x5350524F})")
"""How writers and migrations wait for each other on PostgreSQL (the number is « SPRO »), as they do on SQLite.

Reading a head, then numbering a version, are two looks at the database: another writer must not come in between.
"""

_WRITES = "spro_writes"


class Unavailable(Exception):
    """The database cannot be used now: not there, full, locked for too long, or of a later version. In French."""


def configured_url() -> str:
    """The address of the database: the setting, else a SQLite file of the project."""
    return os.environ.get(ENV_URL) or f"sqlite:///{DEFAULT_FILE}"


class Store:
    """A database that is up to date. Safe to share between threads; each transaction has its own connection."""

    def __init__(self, url: str | None = None) -> None:
        self.url = _parsed(url or configured_url())
        self._engine = _engine(self.url)
        try:
            with _said_in_french():
                _migrate(self._engine)
                if self.is_sqlite:
                    _hold(self._engine)
        except Unavailable:
            self.close()
            raise

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is one file."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads. Raises Unavailable."""
        with _said_in_french(), Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that writes: kept whole when the block ends, nothing of it when it raises. Raises Unavailable.

        Writers wait for their turn from the start, so that what they read is what they change.
        """
        engine = self._engine.execution_options(**{_WRITES: True})
        with _said_in_french(), Session(engine, expire_on_commit=False) as session, session.begin():
            if not self.is_sqlite:
                session.execute(_TURN)
            yield session

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Unavailable(
            f"{ENV_URL} n'est pas une adresse de base de données ; par exemple "
            "« sqlite:///spro.sqlite3 » ou « postgresql://utilisateur@serveur/base »."
        ) from None
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        raise Unavailable(f"« {parsed.get_backend_name()} » n'est pas pris en charge : SQLite ou PostgreSQL.")
    return parsed


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        settings = {
            "connect_timeout": 10,
            "tcp_user_timeout": 20_000,  # milliseconds; a server that is cut off would be waited for without end
            "options": f"-c lock_timeout={BUSY_TIMEOUT}s",
        }
        return create_engine(url, pool_pre_ping=True, connect_args=settings)
    if url.database and url.database != ":memory:" and not url.database.startswith("file:"):
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(f"le dossier de la base ne peut pas être créé ({error.strerror}).") from None
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would choose where transactions begin
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _hold(engine: Engine) -> None:
    """A file that is removed or replaced while it is in use would take writes that nobody finds again."""
    with engine.connect() as connection:
        path = Path(connection.exec_driver_sql("PRAGMA database_list").all()[0][2])

    def same_file(_connection: object, record: Any, _proxy: object) -> None:
        if record.info.setdefault("file", _identity(path)) != _identity(path):
            raise DisconnectionError

    def existing_file(*_: object) -> None:
        if _identity(path) is None:
            raise sqlite3.OperationalError("the file is gone")

    event.listen(engine, "checkout", same_file)
    event.listen(engine, "do_connect", existing_file)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


# --- migrations ---


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's settings, without a file: where the migrations are, and the connection that they use."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _migrate(engine: Engine) -> None:
    """Brings the schema up to date where it is not; processes that start together wait for each other."""
    with engine.begin() as connection:
        if _is_up_to_date(connection):
            return
    with engine.execution_options(**{_WRITES: True}).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(_TURN)
        command.upgrade(alembic_config(connection), "head")


def _is_up_to_date(connection: Connection) -> bool:
    """Raises Unavailable for a database that a later version of the software has changed."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return False
    scripts = ScriptDirectory.from_config(alembic_config(connection))
    found = set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
    if not found <= {script.revision for script in scripts.walk_revisions()}:
        raise Unavailable("la base vient d'une version plus récente du logiciel : mettez le logiciel à jour.")
    return found == set(scripts.get_heads())


# --- failures, in French ---

_Failure = Literal["plein", "occupee", "lecture-seule", "refusee", "abimee", "valeur", "absente"]
_SENTENCES: dict[_Failure, str] = {
    "plein": "le disque de la base est plein : rien n'a été enregistré. Libérez de la place, puis recommencez.",
    "occupee": "la base est occupée depuis trop longtemps : rien n'a été enregistré. Recommencez.",
    "lecture-seule": "la base ne peut pas être modifiée (lecture seule) : rien n'a été enregistré.",
    "refusee": f"la base refuse l'accès ou n'existe pas : vérifiez {ENV_URL} et les droits de l'utilisateur.",
    "abimee": "le fichier de la base est abîmé, ou n'est pas une base : rétablissez une sauvegarde.",
    "valeur": "la base a refusé une valeur : rien n'a été enregistré.",
    "absente": "la base de données ne répond pas : rien n'a été enregistré. Recommencez dans un instant.",
}
_CODES: tuple[tuple[str, _Failure], ...] = (
    ("SQLITE_FULL", "plein"),
    ("SQLITE_IOERR", "plein"),  # a disk that is full also shows this way
    ("SQLITE_BUSY", "occupee"),
    ("SQLITE_LOCKED", "occupee"),
    ("SQLITE_READONLY", "lecture-seule"),
    ("SQLITE_CANTOPEN", "refusee"),
    ("SQLITE_PERM", "refusee"),
    ("SQLITE_NOTADB", "abimee"),
    ("SQLITE_CORRUPT", "abimee"),
    ("53100", "plein"),
    ("53", "occupee"),
    ("55P03", "occupee"),
    ("40", "occupee"),
    ("25006", "lecture-seule"),
    ("28", "refusee"),
    ("3D000", "refusee"),
    ("42501", "refusee"),
    ("22", "valeur"),
)
"""What the codes of SQLite and the SQLSTATE of PostgreSQL begin with; messages depend on the language of the server."""

_AT_CONNECTION = ("authentication failed", "no password supplied", "does not exist")
"""Words of PostgreSQL's client, which gives no code when it could not connect."""

_CALLERS_OWN = {"IntegrityError", "UniqueViolation", "ForeignKeyViolation", "CheckViolation", "RaiseException"}


@contextmanager
def _said_in_french() -> Iterator[None]:
    """Failures of the database itself as Unavailable; broken constraints are for the caller to understand."""
    try:
        yield
    except DBAPIError as error:
        if type(error.orig).__name__ in _CALLERS_OWN:
            raise
        raise Unavailable(_SENTENCES[_failure(error.orig)]) from error
    except PoolTimeout as error:
        raise Unavailable(_SENTENCES["occupee"]) from error


def _failure(error: object) -> _Failure:
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    if code:
        return next((failure for start, failure in _CODES if code.startswith(start)), "absente")
    return "refusee" if any(words in str(error) for words in _AT_CONNECTION) else "absente"
