"""Records of the national format: what data.inclusion v1 accepts, and what identifies a record.

https://github.com/gip-inclusion/data-inclusion-schema, v1 (PyPI: data-inclusion-schema).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, Literal

from data_inclusion.schema import v1
from pydantic import TypeAdapter, ValidationError, field_validator

from engine import territory
from engine.documents import FORBIDDEN, NOWHERE, Diagnostic, Document
from engine.problems import Chemin, Espece, Faute, Probleme
from engine.validation import explain
from engine.vocabulary import Id
from fiche.model import FORMES, SOURCE_DATA_INCLUSION, SproService, SproStructure
from fiche.problems import FauteNationale

Kind = Literal["structure", "service"]
"""What a record describes."""

MAX_TEXT = 10_000
"""Characters of a text: what data.inclusion allows for a description, here for every text."""

MAX_KEY = 150
"""Characters of a source or of a national identifier: a provenance, of 200 at most, cites it."""

LISTS = frozenset(
    {
        "thematiques",
        "publics",
        "modes_accueil",
        "modes_mobilisation",
        "mobilisable_par",
        "zone_eligibilite",
        "reseaux_porteurs",
    }
)
"""The keys whose value is a list; only that of zones has an order."""

KEYS = ("id", "source", "structure_id")
"""What names a record, rather than says something of it."""

_PREFIX = f"{SOURCE_DATA_INCLUSION}--"
_EARLIEST = date(2000, 1, 1)
_CITED = re.compile(r"data\.inclusion \((.+)\)")
_SHEET_ID: TypeAdapter[str] = TypeAdapter(Id)


class NationalStructure(v1.Structure):
    """The published model of a structure, without its clock: `validate` is told the day."""

    formes: ClassVar[Mapping[str, Espece]] = FORMES

    @field_validator("date_maj")
    @classmethod
    def date_maj_valide(cls, value: date) -> date:
        """Any day: `_wrong_day` looks at it."""
        return value


class NationalService(v1.Service):
    """The published model of a service, without its clock: `validate` is told the day."""

    formes: ClassVar[Mapping[str, Espece]] = FORMES

    @field_validator("date_maj")
    @classmethod
    def date_maj_valide(cls, value: date) -> date:
        """Any day: `_wrong_day` looks at it."""
        return value


MODELS: dict[Kind, type[NationalStructure] | type[NationalService]] = {
    "structure": NationalStructure,
    "service": NationalService,
}
FIELDS: dict[Kind, tuple[str, ...]] = {kind: tuple(model.model_fields) for kind, model in MODELS.items()}
"""The keys of a record, in the order of the published schema."""


def ordered(record: Mapping[str, Any]) -> dict[str, Any]:
    """The same record, its lists without order sorted, so that the same facts always give the same text."""
    return {
        key: sorted(value) if key in LISTS and key != "zone_eligibilite" else value
        for key, value in record.items()
        if value is not None
    }


def tidy(data: Mapping[str, Any]) -> dict[str, Any]:
    """The record without what says nothing (nulls, blank texts, empty lists), texts as a sheet keeps them."""
    told = {key: _tidied(value) for key, value in data.items()}
    return {key: value for key, value in told.items() if value not in (None, "", [])}


def _tidied(value: Any) -> Any:
    return [item for item in map(_text, value) if item not in (None, "")] if isinstance(value, list) else _text(value)


def _text(value: Any) -> Any:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def validate(kind: Kind, data: Mapping[str, Any], on: date) -> dict[str, Any] | list[Diagnostic]:
    """The record as the published schema reads it, as plain data; or what is wrong with it (`chemin` says which key).

    `on` is the day that no update may be later than.
    """
    model = MODELS[kind]
    document = Document("", {key: value for key, value in data.items() if key in model.model_fields}, NOWHERE)
    wrong = [document.diagnostic(path, found) for path, found in _unusable(document.donnees)]
    if wrong:
        return wrong
    try:
        found = model.model_validate(document.donnees)
    except ValidationError as error:
        return explain(error, model, document)
    record = ordered(found.model_dump(mode="json"))
    wrong = [document.diagnostic(path, unreal) for path, unreal in _unreal(record, found.date_maj, on)]
    return wrong or record


def _unusable(data: Mapping[str, Any]) -> Iterator[tuple[Chemin, Probleme]]:
    """What no sheet can hold, and the models let through."""
    for key, value in data.items():
        values = value if isinstance(value, list) and key in LISTS else [value]
        if any(isinstance(item, (list, dict)) for item in values):
            yield (key,), FauteNationale.VALEUR_SIMPLE()
        elif any(isinstance(item, str) and FORBIDDEN.search(item) for item in values):
            yield (key,), FauteNationale.CARACTERE()
        elif any(isinstance(item, str) and len(item) > _limit(key) for item in values):
            yield (key,), Faute.TROP_LONG(nombre=_limit(key))


def _limit(key: str) -> int:
    return MAX_KEY if key in KEYS else MAX_TEXT


def _unreal(record: Mapping[str, Any], updated: date, on: date) -> Iterator[tuple[Chemin, Probleme]]:
    """What has the right form and cannot be."""
    if updated < _EARLIEST:
        yield ("date_maj",), FauteNationale.DATE_ANCIENNE(jour=updated)
    if updated > on:
        yield ("date_maj",), FauteNationale.DATE_FUTURE(jour=updated, limite=on)
    for key, value in record.items():
        if isinstance(value, float) and not math.isfinite(value):
            yield (key,), FauteNationale.NOMBRE()
    for position, zone in enumerate(record.get("zone_eligibilite", ())):
        if not _is_zone(zone):
            yield ("zone_eligibilite", position), Faute.PAS_UNE_ZONE(valeur=zone)


_is_zone = lru_cache(maxsize=50_000)(territory.is_zone)
"""Remembered: a regional file names the same zones thousands of times."""


# --- identifiers ---


def citation(key: str) -> str:
    """How a provenance cites a source, or a record, of data.inclusion."""
    return f"data.inclusion ({key})"


def cited(source: str) -> str | None:
    """The source or the record that a provenance cites, if it is one of data.inclusion."""
    found = _CITED.fullmatch(source)
    return found[1] if found else None


def national_id(sheet_id: str, source: str, spro: SproStructure | SproService) -> str:
    """The identifier of a sheet in the national format: the one it was imported under, else its source and its own."""
    imported = cited(spro.provenance["id"].source) if "id" in spro.provenance else None
    return imported or f"{source}--{sheet_id}"


def sheet_id(record: Mapping[str, Any]) -> str | None:
    """The identifier of the sheet that a record of this network was exported from; None for any other record."""
    own = str(record["id"]).removeprefix(_PREFIX)
    if record["source"] != SOURCE_DATA_INCLUSION or own == record["id"]:
        return None
    try:
        return _SHEET_ID.validate_python(own)
    except ValidationError:
        return None
