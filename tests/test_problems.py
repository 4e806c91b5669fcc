"""Problems as data: every kind has a code, its values are those of its sentence, and sentences are made in one way."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

import analysis.problems
import engine.base_problems
import engine.problems
import fiche.problems
import store.checks
from engine.problems import CODES, MAX_NAMES, MAX_WORD, Espece, Faute, Invalide, gravity

ROOMS = (analysis.problems, engine.base_problems, engine.problems, fiche.problems, store.checks)


def _every_class(of: type[Espece] = Espece) -> Iterator[type[Espece]]:
    for found in of.__subclasses__():
        yield found
        yield from _every_class(found)


CLASSES = sorted(_every_class(), key=lambda found: found.__name__)
EVERY = [kind for found in CLASSES for kind in found]


def test_each_room_declares_its_kinds() -> None:
    assert {found.__module__ for found in CLASSES} == {room.__name__ for room in ROOMS}


@pytest.mark.parametrize("of", CLASSES)
def test_no_kind_is_declared_twice(of: type[Espece]) -> None:
    assert list(of.__members__) == [kind.name for kind in of]


def test_every_code_is_that_of_a_kind() -> None:
    assert {kind.code for kind in EVERY} == set(CODES)


_SAMPLE = {
    "essais": 12,
    "limite": 12000,
    "nombre": 2,
    "lues": 3,
    "attendues": 2,
    "permis": ["b", "a"],
    "noms": ["b", "a"],
    "proches": ["a"],
}


@pytest.mark.parametrize("kind", EVERY, ids=str)
def test_a_problem_is_one_sentence(kind: Espece) -> None:
    problem = kind(**{name: _SAMPLE.get(name, "x") for name in kind.noms})
    assert problem == kind(**{name: _SAMPLE.get(name, "x") for name in kind.noms})
    assert hash(problem) == hash(kind(**problem.valeurs))
    assert problem.code == kind.code
    assert "{" not in str(problem) + problem.aide
    assert re.fullmatch(r"[^\n]+(?:[.?]|»)|x", str(problem))
    assert gravity(kind.code) != "erreur" or not problem.aide or problem.aide.endswith(".")


def test_values_are_those_of_the_sentence() -> None:
    with pytest.raises(TypeError, match=r"\['cle'\]"):
        Faute.CLE_MANQUANTE()
    with pytest.raises(TypeError):
        Faute.CLE_MANQUANTE(cle="id", autre="x")
    assert str(Faute.CLE_MANQUANTE(cle="id")) == "il manque « id »."


def test_a_value_is_shown_on_one_short_line() -> None:
    found = str(Faute.CLE_MANQUANTE(cle="a\nb\x00" + "é" * 1000))
    assert found.startswith("il manque « a b\ufffdé")
    assert len(found) < MAX_WORD + 20
    assert "{x}" in str(Faute.CLE_MANQUANTE(cle="{x}"))


def test_names_are_cut_and_the_nearest_is_proposed() -> None:
    names = [f"nom-{number:03}" for number in range(MAX_NAMES + 1)]
    found = str(engine.problems.unknown_name("nom", "nom-01", names))
    assert "Vouliez-vous dire « nom-" in found
    assert names[-1] not in found
    assert found.endswith(", ….")
    assert str(engine.problems.unknown_name("nom", "x", [])) == "« x » n'existe pas (nom). Permis : rien."


def test_what_a_model_refuses_carries_its_problems() -> None:
    wrong = Invalide((("a",), Faute.LISTE_VIDE()), ((), Faute.CLE_MANQUANTE(cle="b")))
    assert [place for place, _ in wrong.problemes] == [("a",), ()]
    assert str(wrong) == f"{Faute.LISTE_VIDE()} il manque « b »."
