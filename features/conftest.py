"""The steps of the scenarios (`charte/steps.py`), given to pytest-bdd."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pytest_bdd import given, parsers, then, when

from engine.base import REGLES, Base, load_base

pytest.register_assert_rewrite("charte.steps")  # a step that fails shows the values that it compares
from charte.steps import DEFINITIONS, Entretien  # noqa: E402  # only an import that follows is rewritten

for definition in DEFINITIONS:
    register = {"Context": given, "Action": when, "Outcome": then}[definition.sorte]
    register(parsers.re(definition.motif.pattern))(definition.fonction)


@pytest.fixture(scope="session")
def base() -> Base:
    """The shipped rules and catalogue."""
    return load_base()


@pytest.fixture
def entretien(base: Base) -> Entretien:
    """The visit that a scenario tells."""
    return Entretien(base)


def pytest_configure(config: pytest.Config) -> None:
    """Each commitment of the charter is a tag of the scenarios."""
    content = yaml.safe_load((Path(REGLES) / "engagements.yaml").read_text(encoding="utf-8"))
    for item in content["engagements"]:
        config.addinivalue_line("markers", f"engagement-{item['id']}: {item['resume']}")
