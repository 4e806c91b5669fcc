"""What a change of sheet does to the answers is what the engine then answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis.effect import Effet, effect
from analysis.view import view
from engine.base import CATALOGUE, Base
from engine.documents import read_file
from fiche.model import Structure

ON = date(2026, 11, 25)
FICHE = "mission-locale-dreux"


def _later(document: dict[str, Any]) -> None:
    document["services"][0]["spro"]["age_min"] = 18


def _elsewhere(document: dict[str, Any]) -> None:
    document["services"][0]["zone_eligibilite"] = ["37"]


def _one_need_more(document: dict[str, Any]) -> None:
    document["services"][0]["spro"]["besoins"].append("apprendre-francais")


def _changed(change: Callable[[dict[str, Any]], None] | None) -> Structure | None:
    if change is None:
        return None
    document = read_file(Path(CATALOGUE / f"{FICHE}.yaml")).donnees
    change(document)
    return Structure.model_validate(document)


@pytest.mark.parametrize("change", [_later, _elsewhere, _one_need_more, None])
def test_each_example_is_what_the_engine_answers(change: Callable[[dict[str, Any]], None] | None, base: Base) -> None:
    after = _changed(change)
    found = effect(FICHE, after, base, ON)
    new = base.with_sheet(FICHE, after)
    assert found.gagnees or found.perdues
    for group in found.gagnees:
        assert view(group.exemple, base, ON).premiere == group.autre
        assert view(group.exemple, new, ON).premiere == FICHE
    for group in found.perdues:
        assert view(group.exemple, base, ON).premiere == FICHE
        assert view(group.exemple, new, ON).premiere == group.autre


def test_a_later_age_loses_the_youngest_only(base: Base) -> None:
    found = effect(FICHE, _changed(_later), base, ON)
    assert not found.gagnees
    assert all("de 16 à 17 ans" in group.texte for group in found.perdues if group.exemple.age is not None)
    assert any(group.texte.startswith("Trouver un emploi : de 16 à 17 ans") for group in found.perdues)


def test_a_telephone_changes_nothing(base: Base) -> None:
    def phone(document: dict[str, Any]) -> None:
        document["telephone"] = "3949"

    found = effect(FICHE, _changed(phone), base, ON)
    assert found.situations > 500
    assert found == Effet(found.situations, (), (), 0)


def test_a_new_sheet_is_compared_with_nothing(base: Base) -> None:
    document = read_file(CATALOGUE / f"{FICHE}.yaml").donnees
    document["id"] = "autre-mission-locale"
    for service in document["services"]:
        service["id"] = service["id"].replace(FICHE, "autre")
        service["spro"]["besoins"] = ["s-engager"]
    found = effect("autre-mission-locale", Structure.model_validate(document), base, ON)
    assert not found.perdues
    assert {group.texte.split(" : ")[0] for group in found.gagnees} <= {"S'engager (service civique, bénévolat)"}


def test_progress_reaches_the_end(base: Base) -> None:
    seen: list[tuple[int, int]] = []
    found = effect(FICHE, _changed(_later), base, ON, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (found.situations, found.situations)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
