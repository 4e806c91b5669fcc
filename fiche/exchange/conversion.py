"""From records of the national format to a sheet of the directory. Nothing is invented.

What the network needs and the format does not say is deduced where a table says how (needs from themes, level from
type, zone from the commune), marked as deduced, and shown « à confirmer ». What people wrote stays words to check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from engine import territory
from engine.ruleset import Confiance, Ruleset
from fiche.exchange.free_text import to_check, without_sentences
from fiche.exchange.national import KEYS, citation
from fiche.model import SOURCE_DATA_INCLUSION

ROLE = "autre-structure"
"""The role of an imported structure: no rule leads to it."""

READ: Confiance = "V-date"
"""Read in what data.inclusion publishes, at its date, to be confirmed by the structure."""

DEDUCED: Confiance = "INF"

NIVEAUX: dict[str | None, Literal["information", "conseil", "accompagnement"]] = {
    "accompagnement": "accompagnement",
    "aide-financiere": "information",
    "aide-materielle": "information",
    "atelier": "information",
    "formation": "information",
    "information": "information",
    None: "information",
}
"""The level that a type of service announces: the least, unless it says that people are accompanied."""

_NEVER_FACTS = frozenset({*KEYS, "date_maj"})


def needs_by_theme(rules: Ruleset) -> dict[str, tuple[str, ...]]:
    """The needs that each national theme is about: the vocabulary, read the other way round."""
    found: dict[str, list[str]] = {}
    for need, words in rules.vocabulaire.besoins.items():
        for theme in words.thematiques:
            found.setdefault(str(theme.value), []).append(need)
    return {theme: tuple(needs) for theme, needs in found.items()}


def needs(record: Mapping[str, Any], by_theme: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The needs that a service answers, by its themes; none when the network has no need for any of them."""
    found = {need: None for theme in record.get("thematiques", ()) for need in by_theme.get(theme, ())}
    return sorted(found)


def is_own(record: Mapping[str, Any]) -> bool:
    """Whether a record was exported from a directory like this one, where no zone means everywhere."""
    return bool(record["source"] == SOURCE_DATA_INCLUSION)


def departement(record: Mapping[str, Any]) -> str | None:
    """The department of a record: the beginning of its INSEE code, if it is one."""
    code = str(record.get("code_insee", ""))
    found = code[:3] if code.startswith(("97", "98")) else code[:2]
    return found if found and territory.is_zone(found) else None


def as_sheet(
    fiche: str,
    structure: Mapping[str, Any],
    services: Iterable[tuple[str, Mapping[str, Any]]],
    by_theme: Mapping[str, tuple[str, ...]],
) -> dict[str, Any]:
    """The sheet of a structure, as plain data, with its services, each under its new identifier."""
    place = departement(structure)
    inside = [_service(name, record, structure, place, by_theme) for name, record in services]
    facts = {key: value for key, value in structure.items() if key != "id"}
    spro = {
        "role": ROLE,
        "reseau": "hors-reseau",
        "recoit_public": bool(inside),  # who announces no service may receive nobody
        "a_confirmer": _doubt(structure),
        "provenance": _provenance(structure, facts, ("role", "reseau", "recoit_public")),
    }
    return {"id": fiche, **facts, "spro": spro} | ({"services": inside} if inside else {})


def _doubt(record: Mapping[str, Any]) -> str:
    return (
        f"Fiche reprise de data.inclusion (source {record['source']}, mise à jour le {record['date_maj']}). Le rôle, "
        "les besoins, les niveaux et parfois la zone sont déduits : la structure doit les confirmer."
    )


def _service(
    name: str,
    record: Mapping[str, Any],
    structure: Mapping[str, Any],
    place: str | None,
    by_theme: Mapping[str, tuple[str, ...]],
) -> dict[str, Any]:
    record = {"date_maj": structure["date_maj"], **record}
    facts = {key: value for key, value in record.items() if key not in ("id", "structure_id")}
    for field in ("publics_precisions", "conditions_acces"):
        facts[field], _ = without_sentences(record.get(field))
    deduced = ["besoins", "niveau"]
    zone = zone_of(record, place)
    if zone and not record.get("zone_eligibilite"):
        facts["zone_eligibilite"] = [zone]
        deduced.append("zone_eligibilite")
    told = {key: value for key, value in facts.items() if value is not None}
    sentence = to_check(record)
    said = {"a_verifier": sentence} if sentence else {}
    spro = {
        "besoins": needs(record, by_theme),
        "niveau": NIVEAUX[record.get("type")],
        **said,
        "provenance": _provenance(record, (*told, *said), deduced),
    }
    if told["date_maj"] == structure["date_maj"]:
        del told["date_maj"]
    return {"id": name, **told, "spro": spro}


def zone_of(record: Mapping[str, Any], place: str | None) -> str | None:
    """A zone that a service has or that can be deduced: that of its commune, else of its structure (`place`).

    None when nothing says where it is open; a directory like this one means everywhere.
    """
    given = record.get("zone_eligibilite")
    if given:
        return str(given[0])
    return None if is_own(record) else departement(record) or place


def _provenance(record: Mapping[str, Any], facts: Iterable[str], deduced: Iterable[str]) -> dict[str, Any]:
    """Where each fact comes from; that of `id` keeps the national identifier, by which the record is known again."""

    def fact(cited: str, confidence: Confiance) -> dict[str, str]:
        return {"source": citation(cited), "verifie": record["date_maj"], "confiance": confidence}

    source = record["source"]
    return {
        "id": fact(record["id"], READ),
        **{key: fact(source, READ) for key in facts if key not in _NEVER_FACTS},
        **{key: fact(source, DEDUCED) for key in deduced},
    }
