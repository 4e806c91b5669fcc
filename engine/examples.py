"""The examples of a rule: those written with it, which teach, and its trials (`essais/`), which hold it in place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from pydantic import ValidationError

from engine.base_problems import FauteRegle
from engine.documents import Diagnostic, Document
from engine.problems import Chemin, Faute, shown
from engine.situation import Situation
from engine.validation import explain
from engine.vocabulary import Strate, _Modele

ESSAIS = "essais"
"""The folder, in one of rules, that holds the trials: one file a stratum, by rule."""

Attendu = Literal["oui", "non", "inconnu"]


class EssaisYaml(_Modele):
    """Situations that fire the rule, that do not, and that leave it undecided.

    `offre` names a service; `avec` says what its `spro` block would hold instead, for what no sheet says today.
    """

    oui: tuple[dict[str, Any], ...] = ()
    non: tuple[dict[str, Any], ...] = ()
    inconnu: tuple[dict[str, Any], ...] = ()


class ExemplesYaml(EssaisYaml):
    """The examples written with a rule: at least the list of what fires it."""

    oui: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Exemple:
    """What a rule must answer to a situation, and where that is written."""

    attendu: Attendu
    dit: dict[str, Any]
    fichier: str
    ligne: int
    colonne: int


def examples_of(
    content: EssaisYaml, chemin: Chemin, document: Document, place: tuple[int, int] | None = None
) -> tuple[Exemple, ...]:
    """Each example of a part of a document, at its own place or at that of its rule."""
    return tuple(
        Exemple(kind, said, document.nom, *(place or document.positions[(*chemin, kind, index)]))
        for kind in get_args(Attendu)
        for index, said in enumerate(getattr(content, kind))
    )


ABOUT: dict[Strate, tuple[str, ...]] = {"offres": ("le", "offre", "avec"), "parcours": ("le", "premiere")}
"""What an example may say besides the situation, where it is not only its date."""


def check_examples(
    strate: Strate, content: EssaisYaml, chemin: Chemin, document: Document, model: type[Situation]
) -> Iterator[Diagnostic]:
    """What is wrong in examples, before any rule is played on them."""
    for kind in get_args(Attendu):
        for index, example in enumerate(getattr(content, kind)):
            place = (*chemin, kind, index)
            said = {key: value for key, value in example.items() if key not in ABOUT.get(strate, ("le",))}
            try:
                model.model_validate(said)
            except ValidationError as error:
                yield from explain(error, model, document, place)
            if "le" in example and not _is_date(example["le"]):
                wrong = Faute.ATTENDU(attendu="une date AAAA-MM-JJ est attendue", recu=f"« {shown(example['le'])} »")
                yield document.diagnostic((*place, "le"), wrong)
            if strate == "offres" and "offre" not in example:
                yield document.diagnostic(place, FauteRegle.EXEMPLE_SANS_OFFRE())
            if strate == "offres" and not isinstance(example.get("avec", {}), dict):
                yield document.diagnostic((*place, "avec"), FauteRegle.EXEMPLE_AVEC())


def _is_date(value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True
