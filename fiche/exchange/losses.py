"""What the national format cannot say of a directory: counted, and listed sheet by sheet in `pertes.md`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from fiche.fields import ANY_SERVICE, fields_of
from fiche.model import PublicAccueilli, Service, SproService, SproStructure, Structure
from fiche.rubrique import Rubrique, TexteNational
from fiche.words import SURE

Devenir = Literal["perdu"] | TexteNational
"""What becomes of a fact: lost, or words in a free text."""


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
        for key, known in _of_the_network().items():
            for where in ("perdu", *get_args(TexteNational)):
                if count := self.par_cle[key, where]:
                    what = "perdue" if where == "perdu" else f"en toutes lettres dans `{where}`"
                    yield f"| `{key}` | {known.sens} | {what} | {count} |"
        yield "\n## Fiche par fiche\n"


def losses(found: Structure | Service, said: Mapping[str, str]) -> Iterator[Perte]:
    """What is lost of a structure or of a service; `said` are its free texts, where they were completed."""
    spro: SproStructure | SproService = found.spro
    fields = _of_the_network()
    for key, info in type(spro).model_fields.items():
        field, value = fields[key], getattr(spro, key)
        if key == "provenance":
            yield Perte(found.id, key, "perdu", _doubts(spro))
        elif value not in (None, (), info.get_default()):
            where: Devenir = field.devenir or "perdu"
            if where == "perdu" or where in said:  # otherwise the other fields said it already: nothing is lost
                written = field.genre in ("texte", "texte-long")  # not repeated, it would be read as Markdown
                yield Perte(found.id, key, where, "" if written else _shown(value))


def _of_the_network() -> dict[str, Rubrique]:
    """The fields that the national format has no key for."""
    return {field.cle: field for field in (*fields_of(()), *fields_of(ANY_SERVICE)) if field.spro}


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
