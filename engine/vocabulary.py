"""The words of the field, and the names that conditions may use: questions, values, needs, publics, roles."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from data_inclusion.schema.v1 import Thematique
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from engine.conditions import Champ
from engine.questions import Questionnaire
from engine.situation import Niveau

Strate = Literal["publics", "cep", "besoins", "niveau", "alertes", "offres", "parcours"]


STRATES: tuple[Strate, ...] = get_args(Strate)


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


Phrase = Annotated[str, StringConstraints(min_length=5, max_length=600)]


class _Modele(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Libelle(_Modele):
    """The words for a value."""

    libelle: Phrase
    sources: tuple[Id, ...] = ()


class LibelleBesoin(Libelle):
    """The words for a need, and the national themes it maps to (data.inclusion)."""

    libelle: Annotated[str, StringConstraints(min_length=3, max_length=120)]
    groupe: str
    thematiques: tuple[Thematique, ...] = ()


class _Vocabulaire(Questionnaire):
    besoins: dict[str, LibelleBesoin]
    publics: dict[Id, Libelle]
    roles: dict[Id, str]
    niveaux: dict[str, str]
    besoin_par_defaut: str

    @model_validator(mode="after")
    def _needs_are_values(self) -> _Vocabulaire:
        """The needs have more words than the values of other questions: they are declared apart."""
        if asked := self.champs.get("besoins"):
            words = {name: need.libelle for name, need in self.besoins.items()}
            self.champs["besoins"] = asked.model_copy(update={"valeurs": words})
        return self


class _VocabulaireLocal(_Modele):
    """What a basin may add to the vocabulary."""

    publics: dict[Id, Libelle] = {}
    roles: dict[Id, str] = {}


def champs_of(strate: Strate, vocabulary: _Vocabulaire) -> dict[str, Champ]:
    """The fields that conditions of a stratum may use: the situation, and what earlier strata conclude."""
    besoins, publics, roles = tuple(vocabulary.besoins), tuple(vocabulary.publics), tuple(vocabulary.roles)
    later: list[tuple[Strate, list[Champ]]] = [
        ("publics", [Champ("publics", "ensemble", publics)]),
        ("cep", [Champ("cep", "choix", ("oui", "non")), Champ("operateurs", "ensemble", roles)]),
        ("besoins", [Champ("besoin_principal", "choix", besoins), Champ("besoins_retenus", "ensemble", besoins)]),
        ("niveau", [Champ("niveau", "choix", get_args(Niveau))]),
        ("alertes", [Champ("referents", "ensemble", roles)]),
        ("offres", [Champ("premiere", "choix", roles)]),
    ]
    champs = dict(vocabulary.compares)
    for name, concluded in later:
        if STRATES.index(name) < STRATES.index(strate):
            champs |= {champ.nom: champ for champ in concluded}
    if strate == "offres":
        champs |= {champ.nom: champ for champ in offre_champs(vocabulary)}
    return champs


def offre_champs(vocabulary: _Vocabulaire) -> list[Champ]:
    """The fields of an offer that conditions may use."""
    publics, roles = tuple(vocabulary.publics), tuple(vocabulary.roles)
    booleans = (
        "age_borne",
        "statuts_requis",
        "reservee",
        "couvre",
        "recoit_public",
        "cep",
        "repond_au_besoin",
        "bureau",
        "sur_mandat",
    )
    return [
        Champ("offre.role", "choix", roles),
        Champ("offre.niveau", "choix", get_args(Niveau)),
        Champ("offre.reseau", "choix", ("local", "regional", "hors-reseau")),
        Champ("offre.age_min", "entier"),
        Champ("offre.age_max", "entier"),
        Champ("offre.publics_reserves", "ensemble", publics),
        Champ("offre.publics_prioritaires", "ensemble", publics),
        *(Champ(name, "ensemble", tuple(asked.valeurs)) for name, asked in vocabulary.par_fiche.items()),
        *(Champ(f"offre.{name}", "oui-non") for name in booleans),
    ]
