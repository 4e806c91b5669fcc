"""The rules in two orders: by part of the charter (then the law and the rest), or by step of the reasoning."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.base import Base
from engine.ruleset import Regle, Source
from engine.vocabulary import Strate

STRATA: dict[Strate, str] = {
    "publics": "Publics",
    "cep": "Conseil en évolution professionnelle",
    "besoins": "Besoins déduits",
    "niveau": "Niveau de service",
    "alertes": "Alertes et référents",
    "offres": "Choix des offres",
    "parcours": "Étapes suivantes",
}

_CHARTER = "Charte"
_OTHERS = {
    "Convention du bassin": re.compile(r"Convention\b"),
    "Loi et règlements": re.compile(r"(Code|Loi|Décret|Arrêté|Ordonnance|Instruction)\b"),
    "Autres sources": re.compile(""),
}

Groups = dict[str, list[Regle]]


def by_part(rules: Iterable[Regle], base: Base) -> Groups:
    """The rules under each part of the charter that they rest on, then under the other texts."""
    sources = base.rules.sources
    parts = [_part(source) for source in sources.values()]
    charter = dict.fromkeys(part for part in parts if part not in _OTHERS)
    found: Groups = {title: [] for title in (*charter, *_OTHERS)}
    for rule in rules:
        for part in dict.fromkeys(_part(sources[name]) for name in rule.sources if name in sources):
            found[part].append(rule)
    return {title: members for title, members in found.items() if members}


def by_stratum(rules: Iterable[Regle], _base: Base) -> Groups:
    """The rules under each step of the reasoning."""
    known = list(rules)
    found = {title: [rule for rule in known if rule.strate == stratum] for stratum, title in STRATA.items()}
    return {title: members for title, members in found.items() if members}


def _part(source: Source) -> str:
    if source.document.startswith(_CHARTER):
        return f"Charte : {source.partie}" if source.partie else _CHARTER
    return next(title for title, pattern in _OTHERS.items() if pattern.match(source.document))
