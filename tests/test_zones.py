"""Every zone has a name: those of the list are real, and those of the communes are in the list."""

from __future__ import annotations

import pytest

from engine import territory, zones


def test_every_named_zone_is_real() -> None:
    assert [code for code in zones.names() if not territory.is_zone(code)] == []


def test_every_zone_of_a_commune_has_a_name() -> None:
    rows = [line.split("\t") for line in territory.COMMUNES.read_text(encoding="utf-8").splitlines()]
    assert {code for row in rows for code in row[3:5] if code} - zones.names().keys() == set()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("france", "Toute la France"),
        ("99100", "Toute la France"),
        ("28", "Eure-et-Loir (département 28)"),
        ("2A", "Corse-du-Sud (département 2A)"),
        ("200040277", "CA Agglo du Pays de Dreux"),
        ("28134", "Dreux (28100)"),
        ("00000", "00000"),
        ("<b>", "<b>"),
    ],
)
def test_a_zone_in_words(code: str, said: str) -> None:
    assert zones.label(code) == said
