"""The scenarios, and what they must cover: every commitment that a rule can state."""

from __future__ import annotations

import re
from pathlib import Path

from pytest_bdd import scenarios

from engine.base import Base

scenarios(".")

FEATURES = sorted(Path(__file__).parent.glob("*.feature"))
TAGS = {tag for path in FEATURES for tag in re.findall(r"@engagement-([a-z0-9-]+)", path.read_text(encoding="utf-8"))}
MINIMUM_EXAMPLES = 80


def test_every_commitment_has_a_scenario_or_a_reason(base: Base) -> None:
    silent = [item.id for item in base.rules.engagements if item.id not in TAGS and item.sans_regle is None]
    assert silent == []


def test_a_commitment_with_scenarios_gives_no_excuse(base: Base) -> None:
    assert [item.id for item in base.rules.engagements if item.id in TAGS and item.sans_regle] == []


def test_every_tag_is_a_commitment(base: Base) -> None:
    assert {item.id for item in base.rules.engagements} >= TAGS


def test_there_are_enough_examples() -> None:
    rows = sum(_example_rows(path.read_text(encoding="utf-8")) for path in FEATURES)
    assert rows >= MINIMUM_EXAMPLES


def _example_rows(text: str) -> int:
    """Rows of the « Exemples » tables, without their headings."""
    blocks = re.findall(r"Exemples:[^\n]*\n((?:\s*\|[^\n]*\n?)+)", text)
    return sum(len([line for line in block.splitlines() if "|" in line]) - 1 for block in blocks)
