"""What several tests share: the shipped base, expected messages, and how long Hypothesis searches.

`pytest --hypothesis-profile=chasse` searches thirty times longer.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.vendor.pretty import RepresentationPrinter

from commands.kept import ENV_CACHE
from engine.base import CATALOGUE, REGLES, Base, load_base
from engine.conditions import GROUPES
from engine.examples import ESSAIS
from engine.ruleset import Effet
from engine.vocabulary import champs_of
from fiche.model import Service, SproService, SproStructure, Structure
from store import folder
from store.database import Store
from tests.postgres import Postgres, find, running

if TYPE_CHECKING:  # most tests drive no browser
    from playwright.sync_api import Browser

TESTS = Path(__file__).parent

settings.register_profile("courant", max_examples=100, deadline=None)
settings.register_profile(
    "chasse", max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("courant")


class Shipped(Base):
    """A base that Hypothesis can show: the whole content would be megabytes."""

    def __repr__(self) -> str:
        return "base"

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:
        printer.text("..." if cycle else repr(self))


@pytest.fixture(autouse=True)
def _main_module() -> Iterator[None]:
    """Streamlit's AppTest leaves its script as the main module, which a process started later would run again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(autouse=True, scope="session")
def _cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Commands keep what they read where the tests end, not in the folder of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENV_CACHE, str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a file; each test has its own profile."""
    from tests.browser import chromium

    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def base() -> Base:
    """The rules and the catalogue that the project ships."""
    found = load_base()
    return Shipped(found.rules, found.catalogue)


@pytest.fixture
def case_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], tuple[Path, Path]]:
    """For a case of tests/good or tests/bad, the folders of rules and of sheets to load.

    The case is `regles/…` or `catalogue/…`, a folder whose files replace some of the shipped ones. It is loaded under
    this same relative name, so that messages call a file as it is called in tests/.
    """
    monkeypatch.chdir(tmp_path)

    def folders(case: Path) -> tuple[Path, Path]:
        kind, name = case.parts[-2:]
        copy = Path(kind, name)
        shutil.copytree(REGLES if kind == "regles" else CATALOGUE, copy)
        for path in case.glob("*.yaml"):
            (copy / ESSAIS / path.name).unlink(missing_ok=True)  # trials of the rules that the case replaces
        shutil.copytree(case, copy, dirs_exist_ok=True)
        return (copy, CATALOGUE) if kind == "regles" else (REGLES, copy)

    return folders


def _listed(names: Iterable[str]) -> str:
    """How a message lists the names that are allowed."""
    ordered = sorted(names)
    return ", ".join(ordered[:40]) + (", …" if len(ordered) > 40 else "")


@pytest.fixture(scope="session")
def expected(base: Base) -> Callable[[Path], str]:
    """The text that goes with a case, from the `.txt` beside it; `@publics@` there stands for all the public names."""
    words = base.rules.vocabulaire
    read_by_cep = champs_of("cep", words)
    names: dict[str, Iterable[str]] = {
        "champs-cep": {*read_by_cep, *GROUPES},
        "croisables-cep": {champ.nom for champ in read_by_cep.values() if champ.genre in ("choix", "ensemble")},
        "effets": Effet.model_fields,
        "besoins": words.besoins,
        "bureaux": base.catalogue.structures,
        "cles-situation": words.champs,
        "cles-service": Service.model_fields,
        "faits-service": {*Service.model_fields, *SproService.model_fields},
        "faits-structure": {*Structure.model_fields, *SproStructure.model_fields},
        "offres": base.catalogue.offre_by_id,
        "publics": words.publics,
        "roles": words.roles,
        "sources": base.rules.sources,
    }
    lists = {f"@{name}@": _listed(members) for name, members in names.items()}

    def read(case: Path) -> str:
        text = case.with_name(f"{case.name}.txt").read_text(encoding="utf-8")
        for token, listed in lists.items():
            text = text.replace(token, listed)
        return text

    return read


# --- what each test needs ---

BROWSER_FIXTURES = frozenset({"browser", "page", "chromium"})
SEARCHES = frozenset(
    f"test_{name}"
    for name in (
        "alternatives",
        "bad_bases",
        "bassin",
        "catalogue_command",
        "effect",
        "impact",
        "intake",
        "lint",
        "local_rules",
        "mutation",
        "proof",
        "store_concurrency",
        "store_faults",
    )
)
"""Modules that search whole spaces of answers, or run many processes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what `make test-vite` leaves out: a browser, a PostgreSQL server (its fixtures say so), long searches."""
    for item in items:
        if item.path.stem in SEARCHES:
            item.add_marker("lent")
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & BROWSER_FIXTURES:
            item.add_marker("navigateur")
        parameters = getattr(item, "callspec", None)
        if "postgres" in fixtures or (parameters and "postgresql" in parameters.params.values()):
            item.add_marker("postgres")


# --- databases ---


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL server; without one, what needs it is skipped and the summary says so."""
    programs = find()
    if programs is None:
        pytest.skip("PostgreSQL est absent : « make postgres » l'installe, ou dit comment")
    with running(programs) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database: each test that takes it passes on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'spro.sqlite3'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as address:
        yield address


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shipped(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, base: Base) -> Iterator[Store]:
    """A store with the shipped sheets, for tests that change nothing of it, on both kinds of databases."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('base') / 'spro.sqlite3'}"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        address = server.address(server.create())
    opened = Store(address)
    folder.fill(opened, CATALOGUE, base.rules)
    yield opened
    opened.close()


@pytest.fixture
def store(request: pytest.FixtureRequest, shipped: Store, tmp_path: Path) -> Iterator[Store]:
    """A store with the shipped sheets, for one test."""
    shipped.close()  # a copy is made of a database that nobody uses
    if shipped.is_sqlite:
        copy = shutil.copy(shipped.url.database or "", tmp_path / "spro.sqlite3")
        opened = Store(f"sqlite:///{copy}")
        yield opened
        opened.close()
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database(shipped.url.database or "") as address:
        opened = Store(address)
        yield opened
        opened.close()
