"""What happens to the store when the machine fails: said in French, nothing half-written, and it works again after."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from desk.base import LiveBase
from engine.asking import orient
from engine.base import CATALOGUE, REGLES, Base
from store import database as databases
from store import drafts, folder, reports, sheets, versions
from store.database import Store, Unavailable, alembic_config
from store.live import StoredSheets
from tests.browser import ROOT
from tests.postgres import Postgres
from tests.situations import visitor
from tests.test_store_concurrency import address_of, check_numbers, processes
from tests.test_store_sheets import COORDINATION, DAY, FICHE, PARTNER, edited, head, whole

FULL = "le disque de la base est plein"
BUSY = "la base est occupée"
READ_ONLY = "la base ne peut pas être modifiée"
GONE = "la base de données ne répond pas"


def every_write_says(store: Store, base: Base, words: str) -> None:
    """Each kind of write is refused with the same words, and nothing of it is kept."""
    form = edited(store, telephone="0237000000")
    before = whole(store)
    for write in (sheets.propose, sheets.put):
        with pytest.raises(Unavailable, match=words):
            write(store, COORDINATION, form, base)
    with pytest.raises(Unavailable, match=words):
        drafts.keep(store, PARTNER, FICHE, dict(form.document), form.lue)
    assert whole(store) == before
    assert drafts.find(store, PARTNER, FICHE) is None


def every_line_says(store: Store, base: Base, words: str) -> None:
    """As `every_write_says`, also for what takes so little room that a full disk may still have it."""
    every_write_says(store, base, words)
    with pytest.raises(Unavailable, match=words):
        reports.report(store, FICHE, None, "horaires", "", "ici", head(store).quand)
    assert reports.counts(store) == {}


def works(store: Store, base: Base) -> None:
    """A write and a read."""
    before = head(store)
    done = sheets.put(store, COORDINATION, edited(store, description=f"Version {before.numero + 1}."), base)
    assert done.numero == before.numero + 1
    assert versions.published(store, FICHE) == done
    check_numbers(store)


# --- the disk ---


def test_a_full_database(store: Store, base: Base) -> None:
    if store.is_sqlite:

        @event.listens_for(store._engine, "connect")
        def limit(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute("PRAGMA max_page_count = 1")  # SQLite keeps the pages it has, and takes no other

        store.close()
        _fill_the_last_pages(store)
        every_write_says(store, base, FULL)
        event.remove(store._engine, "connect", limit)
        store.close()
    else:
        with _refused_by_the_server(store, "53100"):
            every_line_says(store, base, FULL)
    works(store, base)


def _fill_the_last_pages(store: Store) -> None:
    for number in range(1000):
        try:
            drafts.keep(store, COORDINATION, f"essai-{number}", {"texte": "x" * 2000}, None)
        except Unavailable:
            return
    raise AssertionError("the database takes more pages")


@contextmanager
def _refused_by_the_server(store: Store, code: str) -> Iterator[None]:
    """Makes PostgreSQL refuse new lines with one of its error codes, in another language than English."""
    tables = ("revision", "brouillon", "signalement")
    refusal = f"RAISE EXCEPTION 'aucun espace disponible' USING ERRCODE = '{code}'"
    with store._engine.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE FUNCTION refus() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refusal}; END $$"
        )
        for table in tables:
            connection.exec_driver_sql(
                f"CREATE TRIGGER refus BEFORE INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refus()"
            )
    yield
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DROP FUNCTION refus CASCADE")


def test_a_small_disk_that_fills_up(tmp_path: Path) -> None:
    apart = ["unshare", "--map-root-user", "--mount"]
    mount = f"mount -t tmpfs -o size=12m disque '{tmp_path}'"
    if (
        not shutil.which("unshare")
        or subprocess.run([*apart, "sh", "-c", mount], check=False, capture_output=True).returncode
    ):
        pytest.skip("ce système ne laisse pas monter un petit disque ; test_a_full_database couvre l'essentiel")
    program = f"{mount} && exec '{sys.executable}' -m tests.store_processes fill_disk '{tmp_path}' {FICHE}"
    done = subprocess.run([*apart, "sh", "-c", program], cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["enregistrees"] == said["gardees"] > 3
    assert said["ensuite"] == said["gardees"] + 2
    assert said["refus"].startswith(FULL)


def test_files_that_can_only_be_read() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as place:  # the folders of pytest are closed to other users
        Path(place).chmod(0o755)
        numero, refused = processes("read_only", place, FICHE)
        Path(place).chmod(0o755)
    assert numero == 1
    assert refused.startswith(READ_ONLY)


def test_a_database_that_can_only_be_read(store: Store, base: Base) -> None:
    address = address_of(store)
    if store.is_sqlite:
        address = f"sqlite:///file:{store.url.database}?mode=ro&uri=true"
    else:
        with store._engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {store.url.database} SET default_transaction_read_only = on")
    with closing(Store(address)) as opened:
        every_line_says(opened, base, READ_ONLY)
    assert not Path("file:").exists()


@pytest.mark.parametrize("content", [b"pas une base" * 1000, b"SQLite format 3\x00" + b"\xff" * 8000])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "spro.sqlite3"
    path.write_bytes(content)
    with pytest.raises(Unavailable, match="abîmé, ou n'est pas une base"):
        Store(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_a_file_replaced_while_it_is_in_use(tmp_path: Path, base: Base) -> None:
    path = tmp_path / "spro.sqlite3"
    store = Store(f"sqlite:///{path}")
    folder.fill(store, CATALOGUE, base.rules)
    store.close()
    saved = Path(shutil.copy(path, tmp_path / "sauvegarde"))
    works(store, base)
    store.close()
    saved.replace(path)
    assert head(store).numero == 1
    works(store, base)
    with closing(Store(address_of(store))) as other:
        assert head(other) == head(store)
    store.close()


# --- the server ---


@contextmanager
def _gone(store: Store, server: Postgres | None) -> Iterator[None]:
    """The database is not there for a while: a crash of the server, or a disk that is taken away."""
    path = Path(store.url.database or "")
    if server:
        server.stop("immediate")
    else:
        away = path.rename(path.with_name("ailleurs"))
    try:
        yield
    finally:
        if server:
            server.start()
        else:
            away.rename(path)


def test_gone_and_back(store: Store, base: Base, request: pytest.FixtureRequest) -> None:
    server: Postgres | None = None if store.is_sqlite else request.getfixturevalue("postgres")
    live = LiveBase(REGLES, CATALOGUE, StoredSheets(store, CATALOGUE))
    before = live.refresh()
    assert (before.problems, before.unavailable) == ((), "")
    assert before.base
    form = edited(store, telephone="0237000000")
    with _gone(store, server):
        for _ in range(3):
            with pytest.raises(Unavailable, match=GONE):
                sheets.put(store, COORDINATION, form, base)
            during = live.refresh()
            assert during.unavailable.startswith(GONE)
            assert during.base is before.base
        answer = orient(visitor(), before.base.catalogue, before.base.rules, DAY)
        assert answer.recommandations
        with pytest.raises(Unavailable):
            Store(address_of(store)) if server else versions.history(store, FICHE)
    published = sheets.put(store, COORDINATION, form, base)
    after = live.refresh()
    assert after.unavailable == ""
    assert after.base
    assert after.base.catalogue.structures[FICHE].telephone == published.document["telephone"]
    check_numbers(store)


def test_a_server_that_dies_in_the_middle_of_a_write(base: Base, postgres: Postgres) -> None:
    store = Store(postgres.address(postgres.create()))
    folder.fill(store, CATALOGUE, base.rules)
    before = whole(store)

    def write(session: Session) -> None:
        session.execute(text("INSERT INTO reglage VALUES ('essai', 'perdu')"))
        postgres.stop("immediate")

    with pytest.raises(Unavailable, match=GONE):
        sheets.written(store, write)
    postgres.start()
    assert whole(store) == before
    with store.reading() as session:
        assert session.execute(text("SELECT count(*) FROM reglage")).scalar() == 0
    works(store, base)
    store.close()


def test_a_writer_that_keeps_its_turn_too_long(store: Store, base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "BUSY_TIMEOUT", 1)
    with closing(Store(address_of(store))) as patient, store.writing() as session:
        session.execute(text("SELECT 1"))
        every_line_says(patient, base, BUSY)
    works(store, base)


# --- the address, and the version of the software ---


def test_a_database_of_a_later_version(store: Store) -> None:
    with store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Unavailable, match="version plus récente du logiciel"):
        Store(address_of(store))
    with store._engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "9999"


def test_the_tables_are_those_of_the_migrations(shipped: Store) -> None:
    with shipped._engine.connect() as connection:
        command.check(alembic_config(connection))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("n'importe quoi", "n'est pas une adresse de base de données"),
        ("mysql://serveur/base", "« mysql » n'est pas pris en charge"),
        ("sqlite:////proc/version/spro.sqlite3", "le dossier de la base ne peut pas être créé"),
        ("sqlite:////proc", "refuse l'accès ou n'existe pas"),
        ("postgresql://spro@127.0.0.1:9/base", GONE),
    ],
)
def test_an_address_that_leads_nowhere(address: str, words: str) -> None:
    with pytest.raises(Unavailable, match=words):
        Store(address)


def test_a_database_that_does_not_exist(postgres: Postgres) -> None:
    with pytest.raises(Unavailable, match="refuse l'accès ou n'existe pas"):
        Store(postgres.address("inconnue"))
