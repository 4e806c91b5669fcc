"""Data held against the models of pydantic: each of its errors as a located problem."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.documents import MAX_PROBLEMS, Diagnostic, Document, InvalidDocuments
from engine.problems import Chemin, Espece, Faute, Invalide, Probleme, shown, unknown_name

M = TypeVar("M", bound=BaseModel)


def validate(model: type[M], document: Document, chemin: Chemin = ()) -> M:
    """The part of `document` at `chemin` as a `model`. Raises InvalidDocuments with every error, located."""
    data = document.donnees
    for step in chemin:
        data = data[step]
    if not isinstance(data, dict):
        wanted = Faute.ATTENDU(attendu=_TYPES["dict_type"], recu=_given(data, ""))
        raise InvalidDocuments([document.diagnostic(chemin, wanted)])
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidDocuments(explain(error, model, document, chemin)) from None


def explain(
    error: ValidationError, model: type[BaseModel], document: Document, chemin: Chemin = ()
) -> list[Diagnostic]:
    """Each error of pydantic as a located problem.

    A model may say of fields that take several forms which problem none of them is (`formes`), and which fields of its
    parts it fills in itself (`herites`): what is wrong with these is said of the field they come from.
    """
    formes: Mapping[str | int, Espece] = getattr(model, "formes", {})
    herites: frozenset[str] = getattr(model, "herites", frozenset())
    found: dict[tuple[Diagnostic, Chemin], Diagnostic] = {}

    def report(diagnostic: Diagnostic) -> None:
        found[diagnostic, diagnostic.chemin] = diagnostic

    errors = error.errors(include_url=False)
    for item in errors[:MAX_PROBLEMS]:
        kind, raw = item["type"], item["loc"]
        loc = _clean_location(raw, document.donnees, chemin)
        raised = item.get("ctx", {}).get("error")
        if isinstance(raised, Invalide):
            for step, probleme in raised.problemes:
                report(document.diagnostic((*chemin, *loc, *step), probleme))
            continue
        if kind not in ("missing", "extra_forbidden") and raw and raw[-1] in herites and raw[-1] not in loc:
            continue
        forme = next((formes[step] for step in raw[:-1] if step in formes), None)
        if forme and isinstance(item["input"], str):
            report(document.diagnostic((*chemin, *loc), forme(valeur=item["input"])))
            continue
        if (kind == "too_short" and item["input"]) or (forme and kind == "literal_error"):
            continue
        place = document.at_key if kind == "extra_forbidden" else document.diagnostic
        report(place((*chemin, *loc), problem_of(item, model)))
    told = list(found.values())
    if len(errors) > MAX_PROBLEMS and told:
        told.append(replace(told[-1], probleme=Faute.AUTRES(nombre=len(errors) - MAX_PROBLEMS)))
    return told


def _clean_location(loc: tuple[int | str, ...], data: Any, chemin: Chemin) -> Chemin:
    """pydantic adds the names of union branches to a location: keep only the steps that exist in the data."""
    for step in chemin:
        data = data[step]
    kept: list[str | int] = []
    for step in loc:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            continue
        kept.append(step)
    return tuple(kept)


_TYPES = {
    "int_type": "un nombre entier est attendu",
    "int_from_float": "un nombre entier est attendu",
    "int_parsing": "un nombre entier est attendu",
    "float_type": "un nombre est attendu",
    "bool_type": "« oui » ou « non » est attendu",
    "bool_parsing": "« oui » ou « non » est attendu",
    "float_parsing": "un nombre est attendu",
    "string_type": "un texte est attendu",
    "list_type": "une liste est attendue",
    "tuple_type": "une liste est attendue",
    "set_type": "une liste est attendue",
    "dict_type": "« clé: valeur » est attendu",
    "model_type": "« clé: valeur » est attendu",
    "date_type": "une date AAAA-MM-JJ est attendue",
    "date_from_datetime_parsing": "une date AAAA-MM-JJ est attendue",
    "date_parsing": "une date AAAA-MM-JJ est attendue",
    "date_from_datetime_inexact": "une date AAAA-MM-JJ est attendue",
    "url_parsing": "une adresse web complète (https://…) est attendue",
    "url_scheme": "une adresse web complète (https://…) est attendue",
    "none_required": "rien n'est attendu ici",
}


_FORMS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": " (minuscules sans accent, chiffres et tirets)",
    r"^\d{14}$": " (14 chiffres)",
    r"^\d{5}$": " (5 chiffres)",
}
"""What the patterns of the models ask for, in words."""


def problem_of(item: ErrorDetails, model: type[BaseModel]) -> Probleme:
    """What one error of pydantic says."""
    kind, value, loc = item["type"], item["input"], item["loc"]
    ctx: Mapping[str, Any] = item.get("ctx", {})
    if kind in ("literal_error", "enum"):
        expected = str(ctx.get("expected", ""))
        allowed = re.findall(r"'([^']*)'", expected) or [{"True": "oui"}.get(expected, expected.lower())]
        return unknown_name("valeur", shown(value), allowed)
    if kind == "extra_forbidden":
        return Faute.CLE_INCONNUE(mot=loc[-1], permis=frozenset(_fields_at(model, loc[:-1])))
    if kind == "missing":
        return Faute.CLE_MANQUANTE(cle=loc[-1])
    if kind in _TYPES:
        return Faute.ATTENDU(attendu=_TYPES[kind], recu=_given(value, kind))
    if kind == "string_pattern_mismatch":
        return Faute.FORME(valeur=shown(value), forme=_FORMS.get(str(ctx.get("pattern")), ""))
    if kind in _BOUNDS:
        sens, bound = _BOUNDS[kind]
        return Faute.BORNE(sens=sens, borne=ctx[bound], valeur=shown(value))
    if kind == "too_short" and ctx["min_length"] == 1:
        return Faute.LISTE_VIDE()
    if kind in ("string_too_short", "too_short"):
        return Faute.TROP_COURT(nombre=ctx["min_length"])
    if kind in ("string_too_long", "too_long"):
        return Faute.TROP_LONG(nombre=ctx["max_length"])
    if kind in ("value_error", "assertion_error"):
        raised = ctx.get("error")
        if isinstance(raised, Invalide):
            return raised.problemes[0][1]
        if "reason" in ctx:
            return Faute.COURRIEL(valeur=shown(value))
        return Faute.DIT_PAR_LE_MODELE(raison=str(raised or item["msg"]))
    return Faute.REFUSE(valeur=shown(value), raison=item["msg"])


_BOUNDS = {
    "greater_than_equal": ("au moins", "ge"),
    "less_than_equal": ("au plus", "le"),
    "greater_than": ("plus de", "gt"),
    "less_than": ("moins de", "lt"),
}
"""How a bound that is passed is said, and where pydantic tells it."""

_QUOTED = {"int": r"-?(0|[1-9]\d*)", "float": r"-?(0|[1-9]\d*)(\.\d+)?", "bool": r"true|false|oui|non"}
"""Texts that would be right without their quotes, by what is expected."""


def _given(value: Any, kind: str) -> str:
    """What was given instead, in words; a quoted number or yes/no says how to mend it."""
    if isinstance(value, (list, tuple)):
        return "une liste"
    if isinstance(value, dict):
        return "« clé: valeur »"
    expected = _QUOTED.get(kind.partition("_")[0])
    if isinstance(value, int) and not isinstance(value, bool) and kind == "string_type":
        return f"le nombre « {value} » : ajoutez des guillemets"
    if isinstance(value, str) and expected and re.fullmatch(expected, value):
        return f"le texte « {shown(value)} » : retirez les guillemets"
    return f"« {shown(value)} »"


def _fields_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the model found at `loc` of `model` takes."""
    current: Any = model
    for step in loc:
        if isinstance(step, int):
            continue
        candidates = [c for c in _models_in(current) if step in _names(c)]
        if candidates:
            current = _annotation(candidates[0], step)
    found = _models_in(current)
    return [name for candidate in found for name in _names(candidate)]


def _names(model: type[BaseModel]) -> dict[str, str]:
    return {info.alias or name: name for name, info in model.model_fields.items()}


def _annotation(model: type[BaseModel], key: str) -> Any:
    return model.model_fields[_names(model)[key]].annotation


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for argument in typing.get_args(annotation) for model in _models_in(argument)]
