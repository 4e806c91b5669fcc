"""The screens of the coordination under AppTest: a store of their own, and whoever the test wants in front of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from desk import base as desk_base
from desk import who
from engine.base import CATALOGUE, PROJECT, Base
from store.database import ENV_URL, Store
from store.folder import fill
from store.rights import Acteur

COORDINATION = Acteur("camille", "Camille Exemple", "coordination")
OTHER = Acteur("noor", "Noor Exemple", "coordination")
PARTNER = Acteur("sacha", "Sacha Exemple", "partenaire", "mission-locale-dreux")

Screen = Callable[..., AppTest]
"""Opens a page as somebody, with the parameters of its address."""


@contextmanager
def screens(tmp_path: Path, base: Base, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Store, Screen]]:
    """A store with the shipped sheets, and a way to open a page on it."""
    url = f"sqlite:///{tmp_path / 'spro.sqlite3'}"
    store = Store(url)
    fill(store, CATALOGUE, base.rules)
    monkeypatch.setenv(ENV_URL, url)
    _forget()

    def open_page(page: str, acteur: Acteur, **address: str) -> AppTest:
        monkeypatch.setattr(who, "visit", lambda: who.Visite(acteur))
        screen = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()
        assert not screen.exception, screen.exception
        for name, value in address.items():
            screen.query_params[name] = value
        screen.switch_page(f"desk/pages/{page}.py").run()
        assert not screen.exception, screen.exception
        return screen

    try:
        yield store, open_page
    finally:
        store.close()
        _forget()


def _forget() -> None:
    """The desk keeps one store and one base by process."""
    desk_base._sheets.cache_clear()
    desk_base.live.cache_clear()


def words(screen: AppTest) -> str:
    """All that the page says, its tables included."""
    kinds = ("title", "header", "subheader", "markdown", "success", "error", "warning", "info")
    told = [str(element.value) for kind in kinds for element in getattr(screen, kind)]
    return "\n".join(told + [_html(element) for element in screen.get("html")])


def _html(element: Any) -> str:
    return str(element.proto.body)
