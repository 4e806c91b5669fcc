"""The scenarios of the second basin: the same words and the same rules as the charter's, with its own structures."""

from __future__ import annotations

import pytest
from pytest_bdd import scenarios

from engine.base import PROJECT, REGLES, Base, load_base

TOURS = PROJECT / "bassins" / "tours"

scenarios(str(TOURS / "scenarios"))


@pytest.fixture(scope="session")
def base() -> Base:
    """The shared rules with the catalogue and the rules of the basin."""
    return load_base(REGLES, TOURS / "catalogue")
