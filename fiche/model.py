"""The model of a sheet: a structure and its services, data.inclusion v1 plus what a SPRO-EP network needs.

Keys of data.inclusion keep their names (https://github.com/gip-inclusion/data-inclusion-schema, v1); what the network
adds stands under `spro`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from data_inclusion.schema.v1 import Service as DataInclusionService
from data_inclusion.schema.v1 import Structure as DataInclusionStructure
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from engine.base_problems import FauteCatalogue
from engine.problems import Espece, Faute, Invalide
from engine.ruleset import Confiance
from engine.situation import AGE_MAX, OuiNon
from engine.vocabulary import Id, Phrase

SOURCE_DATA_INCLUSION = "spro-ep"

FORMES: Mapping[str, Espece] = {"zone_eligibilite": Faute.PAS_UNE_ZONE}
"""What is wrong with a value that has none of the forms of its field."""

Reseau = Literal["local", "regional", "hors-reseau"]
Accueil = Literal["recoit", "priorise", "reserve-a"]


class _Modele(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Provenance(_Modele):
    """Where a fact comes from (a source of docs/sources.md or the structure), when it was checked, how sure it is."""

    source: Annotated[str, StringConstraints(min_length=2, max_length=200)]
    verifie: date
    confiance: Confiance
    local: OuiNon = False
    """Whether it only holds in this basin: it does not follow the sheet into another one."""


class PublicAccueilli(_Modele):
    """The reception policy towards a public."""

    public: Id
    accueil: Accueil


class SproStructure(_Modele):
    """What the network needs to know of a structure beyond data.inclusion."""

    role: Id
    reseau: Reseau
    recoit_public: OuiNon
    a_confirmer: Phrase | None = None
    provenance: dict[str, Provenance]


class SproService(_Modele):
    """What the network needs to know of a service beyond data.inclusion.

    `hors_bassin`: only for people who live outside the basin, whatever the zones. `a_verifier` is a condition that only
    words can say: the agent checks it, no rule decides on it. `frequence_mois` is how often the partner looks at the
    service again, in months.
    """

    besoins: Annotated[tuple[str, ...], Field(min_length=1)]
    niveau: Literal["information", "conseil", "accompagnement"]
    cep: OuiNon = False
    sur_mandat: OuiNon = False
    hors_bassin: OuiNon = False
    age_min: Annotated[int, Field(strict=True, ge=0, le=AGE_MAX)] | None = None
    age_max: Annotated[int, Field(strict=True, ge=0, le=AGE_MAX)] | None = None
    statuts: tuple[str, ...] = ()
    publics: tuple[PublicAccueilli, ...] = ()
    secteurs: tuple[str, ...] = ()
    frequence_mois: Annotated[int, Field(strict=True, ge=1, le=24)] = 6
    a_verifier: Phrase | None = None
    a_dire: Phrase | None = None
    a_apporter: Phrase | None = None
    provenance: dict[str, Provenance]

    @model_validator(mode="after")
    def _ages(self) -> SproService:
        if self.age_min is not None and self.age_max is not None and self.age_min > self.age_max:
            raise Invalide((("age_max",), FauteCatalogue.AGES(min=self.age_min, max=self.age_max)))
        return self


class Service(DataInclusionService):
    """A service: data.inclusion v1, with the SPRO-EP extension under `spro`."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    formes: ClassVar[Mapping[str, Espece]] = FORMES
    source: str = SOURCE_DATA_INCLUSION
    id: Id
    spro: SproService

    @field_validator("date_maj")
    @classmethod
    def date_maj_valide(cls, value: date) -> date:
        """The published check reads the clock; a sheet must load on any day."""
        return value


class Structure(DataInclusionStructure):
    """A structure: data.inclusion v1, with the SPRO-EP extension under `spro` and its services inside."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    formes: ClassVar[Mapping[str, Espece]] = FORMES
    herites: ClassVar[frozenset[str]] = frozenset({"date_maj"})
    source: str = SOURCE_DATA_INCLUSION
    id: Id
    spro: SproStructure
    services: tuple[Service, ...] = ()

    @field_validator("date_maj")
    @classmethod
    def date_maj_valide(cls, value: date) -> date:
        """The published check reads the clock; a sheet must load on any day."""
        return value

    @model_validator(mode="before")
    @classmethod
    def _services_inherit(cls, data: Any) -> Any:
        """A service belongs to its structure, and is as recent as its sheet unless it says otherwise."""
        if not isinstance(data, dict) or not isinstance(data.get("services"), list):
            return data
        inherited = {"structure_id": data.get("id", ""), "date_maj": data.get("date_maj")}
        services = [inherited | item if isinstance(item, dict) else item for item in data["services"]]
        return data | {"services": services}

    @property
    def est_un_type(self) -> bool:
        """Whether it stands for a kind of place, which has no contact of its own."""
        return self.id.startswith("type-")

    @property
    def hors_reseau(self) -> bool:
        """Whether it is outside the SPRO-EP network."""
        return self.spro.reseau == "hors-reseau"
