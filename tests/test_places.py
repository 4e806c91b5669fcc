"""Where a person lives: read from a name, an INSEE code or a postal code, and said in the answer."""

from __future__ import annotations

from datetime import date

import pytest

from engine.base import Base
from engine.orientation import NO_DOOR, Orientation, recommend
from engine.places import UnknownName
from tests.situations import visitor

TODAY = date(2026, 11, 27)


def answer(base: Base, **said: object) -> Orientation:
    return recommend(visitor(**said), base.catalogue, base.rules, TODAY)


@pytest.mark.parametrize(
    ("said", "name", "inside"),
    [
        ({"commune": "Dreux"}, "Dreux", True),
        ({"commune": "28134"}, "Dreux", True),
        ({"code_postal": "28100"}, "Dreux", True),
        ({"code_postal": "75012"}, "Paris 12e Arrondissement", False),
        ({"code_postal": "13003"}, "Marseille 3e Arrondissement", False),
        ({"commune": "27230"}, "Ézy-sur-Eure", True),
        ({"commune": "28279"}, "Nogent-le-Roi", True),
        ({"commune": "Chartres"}, "Chartres", False),
        ({"commune": "75056"}, "Paris", False),
        ({"commune": "28100"}, "Cintray", False),
        ({"commune": "Nogent le Roy"}, "Nogent-le-Roi", True),
        ({"commune": "Paris 1er"}, "Paris 1er Arrondissement", False),
        ({"commune": "Pierrefitte-sur-Seine"}, "Saint-Denis", False),
        ({"commune": "93059"}, "Saint-Denis", False),
    ],
)
def test_the_place_is_said_in_the_answer(base: Base, said: dict[str, object], name: str, inside: bool) -> None:
    place = answer(base, **said).profil.lieu
    assert place is not None
    assert (place.nom, place.dans_le_bassin) == (name, inside)


def test_a_postal_code_of_several_communes_is_never_guessed(base: Base) -> None:
    found = answer(base, code_postal="28500")
    assert found.profil.lieu is None
    assert [text for text in found.avertissements if "plusieurs communes" in text and "demandez laquelle" in text]


def test_a_postal_code_that_does_not_exist_is_refused(base: Base) -> None:
    with pytest.raises(UnknownName, match="code postal « 28999 »") as error:
        answer(base, code_postal="28999")
    assert error.value.champ == "code_postal"


def test_an_insee_code_that_is_a_postal_code_of_the_basin_is_told(base: Base) -> None:
    (told,) = [text for text in answer(base, commune="28100").avertissements if "code INSEE" in text]
    assert "Cintray" in told
    assert "Dreux" in told
    assert [text for text in answer(base, commune="28134").avertissements if "code INSEE" in text] == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Nogent le Roy", "« Nogent le Roy » est lu comme Nogent-le-Roi (28279)."),
        ("93059", "« 93059 » est lu comme Saint-Denis (93066)."),
        ("nogent le roi", None),
        ("Paris 1er", None),
    ],
)
def test_a_name_that_was_written_otherwise_or_is_of_the_past_is_told(base: Base, said: str, told: str | None) -> None:
    found = [text for text in answer(base, commune=said).avertissements if "est lu comme" in text]
    assert found == ([told] if told else [])


def test_a_need_that_the_network_does_not_cover_is_told_and_only_then(base: Base) -> None:
    assert NO_DOOR in answer(base, age=45, besoins=["numerique"]).avertissements
    assert NO_DOOR not in answer(base, age=45, besoins=["s-engager"]).avertissements
    assert NO_DOOR not in answer(base, age=45, besoins=["numerique"], commune="Chartres").avertissements
