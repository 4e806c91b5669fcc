"""The database: SQLite beside the project by default, PostgreSQL by one setting; brought up to date at the start.

Measured in the project: SQLite in WAL mode with `BEGIN IMMEDIATE` for writers loses nothing and never deadlocks.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from engine.base import PROJECT

ENV_URL = "SPRO_DATABASE_URL"
DEFAULT_FILE = PROJECT / "donnees" / "spro.sqlite3"
MIGRATIONS = Path(__file__).parent / "migrations"

BUSY_TIMEOUT = 30
"""Seconds that a writer waits for another one."""

_LOCK = 0x5350524F
"""Number of the PostgreSQL advisory lock held during a migration (« SPRO »)."""

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
        with _said_in_french():
            _migrate(self._engine)

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

        On SQLite writers wait for their turn from the start, so that what they read is what they change.
        """
        engine = self._engine.execution_options(**{_WRITES: True})
        with _said_in_french(), Session(engine, expire_on_commit=False) as session, session.begin():
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
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    if url.database and url.database != ":memory:":
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
    """Brings the schema up to date; two processes that start together wait for each other."""
    with engine.execution_options(**{_WRITES: True}).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config = alembic_config(connection)
        _refuse_later_version(connection, ScriptDirectory.from_config(config))
        command.upgrade(config, "head")


def _refuse_later_version(connection: Connection, scripts: ScriptDirectory) -> None:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return
    known = {script.revision for script in scripts.walk_revisions()}
    found = set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
    if not found <= known:
        raise Unavailable("la base vient d'une version plus récente du logiciel : mettez le logiciel à jour.")


# --- failures, in French ---

_Failure = Literal["plein", "verrouillee", "lecture-seule", "absente"]
_SENTENCES: dict[_Failure, str] = {
    "plein": "le disque de la base est plein : rien n'a été enregistré. Libérez de la place, puis recommencez.",
    "verrouillee": "la base est occupée depuis trop longtemps : rien n'a été enregistré. Recommencez.",
    "lecture-seule": "la base ne peut pas être modifiée (lecture seule) : rien n'a été enregistré.",
    "absente": "la base de données ne répond pas : rien n'a été enregistré. Recommencez dans un instant.",
}
_SIGNS: tuple[tuple[str, _Failure], ...] = (
    ("full", "plein"),
    ("No space left", "plein"),
    ("locked", "verrouillee"),
    ("readonly", "lecture-seule"),
    ("read-only", "lecture-seule"),
)


@contextmanager
def _said_in_french() -> Iterator[None]:
    """Failures of the database itself as Unavailable; broken constraints are for the caller to understand."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, Exception) and type(error.orig).__name__ in _CALLERS_OWN:
            raise
        raise Unavailable(_sentence(str(error.orig))) from error
    except (OSError, SQLAlchemyError) as error:
        raise Unavailable(_sentence(str(error))) from error


_CALLERS_OWN = {"IntegrityError", "UniqueViolation", "ForeignKeyViolation", "CheckViolation", "RaiseException"}


def _sentence(words: str) -> str:
    return _SENTENCES[next((failure for sign, failure in _SIGNS if sign in words), "absente")]
