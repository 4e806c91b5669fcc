"""What the national format cannot say of a directory: counted, and listed sheet by sheet in `pertes.md`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from fiche.exchange.free_text import DESTINATIONS, Champ
from fiche.model import PublicAccueilli, Service, SproService, SproStructure, Structure
from fiche.words import SURE

Devenir = Literal["perdu"] | Champ
"""What becomes of a fact: lost, or words in a free text."""

WHY: dict[str, str] = {
    "role": "le rôle dans le réseau, qui relie la structure aux règles",
    "reseau": "membre du bassin, de la région, ou hors réseau",
    "recoit_public": "si la structure reçoit le public",
    "a_confirmer": "ce qui reste à confirmer de la structure",
    "besoins": "les besoins auxquels le service répond ; les thématiques n'en disent qu'une partie",
    "niveau": "information, conseil ou accompagnement ; le type n'en dit qu'une partie",
    "cep": "si le service relève du conseil en évolution professionnelle",
    "frequence_mois": "tous les combien de mois le service est relu",
    "provenance": "la source de chaque fait, sa date et sa confiance",
    "publics": "qui le service reçoit, priorise, ou à qui il est réservé",
    "age_min": "l'âge minimum",
    "age_max": "l'âge maximum",
    "statuts": "les situations acceptées",
    "secteurs": "les secteurs du projet ou de l'emploi",
    "sur_mandat": "si l'accès suppose une décision de justice",
    "a_apporter": "ce qu'il faut apporter",
    "a_dire": "ce que l'agent doit dire",
    "a_verifier": "ce que l'agent doit vérifier",
}
"""Every key of `spro`, and what it says."""

_WRITTEN = frozenset({"a_confirmer", "a_apporter", "a_dire", "a_verifier"})
"""What people wrote: not repeated, it would be read as Markdown."""


@dataclass(frozen=True, slots=True)
class Perte:
    """A fact of a sheet that the national format has no key for."""

    fiche: str
    cle: str
    devenir: Devenir
    precision: str = ""

    def __str__(self) -> str:
        where = "perdu" if self.devenir == "perdu" else f"mis en toutes lettres dans `{self.devenir}`"
        return f"`{self.cle}` {where}{f' ({self.precision})' if self.precision else ''}"


@dataclass(slots=True)
class Pertes:
    """What an export wrote, left out, changed and lost."""

    structures: int = 0
    services: int = 0
    par_cle: Counter[tuple[str, Devenir]] = field(default_factory=Counter)
    refusees: list[tuple[str, str]] = field(default_factory=list)
    """Sheets that the national format refuses, and why; they are not written."""
    datees: list[tuple[str, date]] = field(default_factory=list)
    """Sheets dated after the export, and the date that they keep in the directory."""

    def markdown(self, on: date) -> Iterator[str]:
        """The lines of the summary."""
        yield f"# Ce que l'export du {on} ne dit pas\n"
        written = f"{counted(self.structures, 'structure')}, {counted(self.services, 'service')}"
        yield f"Au format data.inclusion v1 : {written}.\n"
        yield "Les faits « à confirmer » sont exportés comme les autres : le format national ne sait pas le dire. Les"
        yield "fiches qui en ont le disent ci-dessous. Un service sans zone vaut partout dans l'annuaire ; le format"
        yield "national n'en dit rien.\n"
        if self.refusees:
            yield "## Non exportées\n"
            yield from (f"- `{fiche}` : {reason}" for fiche, reason in self.refusees)
            yield ""
        if self.datees:
            yield "## Datées du jour de l'export\n"
            yield "Leur date de mise à jour est après l'export, ce que le format national refuse.\n"
            yield from (f"- `{fiche}` : {day}" for fiche, day in self.datees)
            yield ""
        yield "## En bref\n"
        yield "| clé | ce qu'elle dit | ce qu'elle devient | fiches |"
        yield "| --- | --- | --- | --- |"
        order = {key: position for position, key in enumerate(WHY)}
        for (key, where), count in sorted(self.par_cle.items(), key=lambda item: (order[item[0][0]], item[0][1])):
            what = "perdue" if where == "perdu" else f"en toutes lettres dans `{where}`"
            yield f"| `{key}` | {WHY[key]} | {what} | {count} |"
        yield "\n## Fiche par fiche\n"


def losses(found: Structure | Service, said: Mapping[str, str]) -> Iterator[Perte]:
    """What is lost of a structure or of a service; `said` are its free texts, where they were completed."""
    spro: SproStructure | SproService = found.spro
    for key, info in type(spro).model_fields.items():
        value = getattr(spro, key)
        if key == "provenance":
            yield Perte(found.id, key, "perdu", _doubts(spro))
        elif value not in (None, (), info.get_default()):
            where: Devenir = DESTINATIONS.get(key) or "perdu"
            if where == "perdu" or where in said:  # otherwise the other fields said it already: nothing is lost
                yield Perte(found.id, key, where, "" if key in _WRITTEN else _shown(value))


def counted(number: int, words: str) -> str:
    """« 1 fait sourcé », « 12 faits sourcés »."""
    return f"{number} {words}" if number < 2 else f"{number} {' '.join(f'{word}s' for word in words.split())}"


def _doubts(spro: SproStructure | SproService) -> str:
    unsure = [f"{key} {fact.confiance}" for key, fact in spro.provenance.items() if fact.confiance != SURE]
    return counted(len(spro.provenance), "fait sourcé") + (f", à confirmer : {', '.join(unsure)}" if unsure else "")


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    if isinstance(value, PublicAccueilli):
        return f"{value.public} : {value.accueil}"
    return {True: "oui", False: "non"}[value] if isinstance(value, bool) else str(value)
