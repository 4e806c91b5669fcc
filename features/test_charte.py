"""The scenarios, and what they must cover: every commitment that a rule can state."""

from __future__ import annotations

from pytest_bdd import scenarios

from charte.features import read_scenarios
from engine.base import Base

scenarios(".")

READ = read_scenarios()
TAGS = {tag for scenario in READ for tag in scenario.engagements}
MINIMUM_EXAMPLES = 80


def test_every_commitment_has_a_scenario_or_a_reason(base: Base) -> None:
    silent = [item.id for item in base.rules.engagements if item.id not in TAGS and item.sans_regle is None]
    assert silent == []


def test_a_commitment_with_scenarios_gives_no_excuse(base: Base) -> None:
    assert [item.id for item in base.rules.engagements if item.id in TAGS and item.sans_regle] == []


def test_every_tag_is_a_commitment(base: Base) -> None:
    assert {item.id for item in base.rules.engagements} >= TAGS


def test_there_are_enough_examples() -> None:
    assert sum(bool(cas.rangee) for scenario in READ for cas in scenario.cas) >= MINIMUM_EXAMPLES
