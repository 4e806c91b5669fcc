"""What is asked for a new basin: its codes held against the real ones, its folder, the structures that a file names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine import documents, territory
from engine.catalogue import Territoire
from engine.documents import InvalidDocuments
from engine.problems import Faute, unknown_name
from engine.ruleset import Ruleset
from engine.validation import validate
from engine.vocabulary import Id, Phrase

MAX_ID = 80


class Nommee(BaseModel):
    """A structure of the basin that is named beforehand."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    role: Id
    nom: Phrase
    id: Id | None = None

    @property
    def fiche(self) -> str:
        """The identifier of its sheet."""
        return self.id or as_id(self.nom)


class _Liste(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    structures: Annotated[tuple[Nommee, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Demande:
    """What was asked for, as it was given."""

    id: str
    nom: str
    commune: str
    zones: tuple[str, ...]
    dossier: Path

    def problems(self, start: Territoire) -> Iterator[str]:
        """Everything that is wrong with it, when it is made from the basin `start`."""
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.id) or len(self.id) > MAX_ID:
            near = as_id(self.id)
            proposal = f" Par exemple : « {near} »." if near else ""
            yield f"« {self.id} » n'est pas un identifiant : minuscules sans accent, chiffres et tirets.{proposal}"
        if self.id == start.id:
            yield f"« {self.id} » est le bassin de départ ({start.nom}) : choisissez un autre identifiant."
        if not 5 <= len(self.nom.strip()) <= 600:
            yield "--nom : 5 à 600 caractères sont attendus, par exemple « Bassin de Tours (Indre-et-Loire) »."
        home = territory.commune(self.commune)
        if home is None:
            near = _near(self.commune, self.zones)
            yield f"--commune : « {self.commune} » n'est pas le code INSEE d'une commune.{near}"
        yield from _wrong_zones(self.zones, home)
        if self.dossier.is_file() or (self.dossier.is_dir() and any(self.dossier.iterdir())):
            yield f"--dossier : « {self.dossier} » existe déjà et n'est pas vide ; rien n'est jamais écrasé."
        elif not self.dossier.absolute().parent.is_dir():
            yield f"--dossier : « {self.dossier.absolute().parent} » n'existe pas."


def as_id(words: str) -> str:
    """Words as an identifier, empty when no letter or digit is left."""
    return territory.fold(words).replace(" ", "-")[:MAX_ID].strip("-")


def _near(words: str, zones: Sequence[str]) -> str:
    """The communes that were perhaps meant: by name, by postcode, or by a name of the zones that looks like it."""
    found = territory.find(words, zones)[:4]
    if not found:
        names = {territory.fold(place.nom): place for zone in zones for place in territory.communes_of(zone)}
        found = [names[name] for name in difflib.get_close_matches(territory.fold(words), names, n=3, cutoff=0.7)]
    return f" Vouliez-vous dire {' ou '.join(f'{place.code} ({place.nom})' for place in found)} ?" if found else ""


def _wrong_zones(zones: Sequence[str], home: territory.Commune | None) -> Iterator[str]:
    own = {} if home is None else {home.departement: "département", home.epci: "intercommunalité"}
    known = ", ".join(f"{code} ({kind})" for code, kind in own.items() if code)
    hint = f" Zones de {home.nom} : {known}." if home else ""
    wrong = [zone for zone in zones if zone in territory.WHOLE_COUNTRY or not territory.is_zone(zone)]
    for zone in wrong:
        whole = zone in territory.WHOLE_COUNTRY
        yield f"--zones : {'un bassin ne couvre pas tout le pays.' if whole else Faute.PAS_UNE_ZONE(valeur=zone)}{hint}"
    if home and not wrong and not home.zones & set(zones):
        yield f"--zones : aucune ne contient {home.nom} ({home.code}).{hint}"


def read_names(path: Path, rules: Ruleset) -> tuple[Nommee, ...]:
    """The structures that a file names. Raises InvalidDocuments with every problem."""
    document = documents.read_file(path)
    listed = validate(_Liste, document)
    roles = rules.vocabulaire.roles
    wrong = [
        document.diagnostic(("structures", index, "role"), unknown_name("rôle", named.role, roles))
        for index, named in enumerate(listed.structures)
        if named.role not in roles
    ]
    if wrong:
        raise InvalidDocuments(wrong)
    return listed.structures
