"""The words of the field, and the names that conditions may use: questions, values, needs, publics, roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal, get_args

from data_inclusion.schema.v1 import Thematique
from pydantic import BaseModel, ConfigDict, StringConstraints

from engine import situation
from engine.conditions import (
    Champ,
)
from engine.situation import Besoin, Niveau

Strate = Literal["publics", "cep", "besoins", "niveau", "alertes", "offres", "parcours"]


STRATES: tuple[Strate, ...] = get_args(Strate)


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


Phrase = Annotated[str, StringConstraints(min_length=5, max_length=600)]


class _Modele(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Libelle(_Modele):
    """The words for a value."""

    libelle: Phrase
    sources: tuple[Id, ...] = ()


class LibelleBesoin(Libelle):
    """The words for a need, and the national themes it maps to (data.inclusion)."""

    libelle: Annotated[str, StringConstraints(min_length=3, max_length=120)]
    groupe: str
    thematiques: tuple[Thematique, ...] = ()


class LibelleChamp(_Modele):
    """The words for a question of the situation."""

    libelle: str
    question: str
    aide: str | None = None
    sensible: bool = False
    posee_si: Any = None
    valeurs: dict[str, str] = {}


class _Vocabulaire(_Modele):
    champs: dict[str, LibelleChamp]
    besoins: dict[str, LibelleBesoin]
    publics: dict[Id, Libelle]
    roles: dict[Id, str]
    niveaux: dict[str, str]
    besoin_par_defaut: Besoin


class _VocabulaireLocal(_Modele):
    """What a basin may add to the vocabulary."""

    publics: dict[Id, Libelle] = {}
    roles: dict[Id, str] = {}


def situation_champs() -> dict[str, Champ]:
    """The questions of a situation as fields of conditions (the commune and the desk are matched, not compared)."""
    from engine.situation import Categorie, Diplome, FonctionPublique, Frein, Mode, Secteur, Souhait, Statut, Suivi

    choices = {
        "fonction_publique": FonctionPublique,
        "categorie": Categorie,
        "diplome": Diplome,
        "suivi_par": Suivi,
        "souhait": Souhait,
        "secteur": Secteur,
        "mode": Mode,
    }
    sets = {"statuts": Statut, "besoins": Besoin, "freins": Frein}
    booleans = ("cherche_emploi", "cadre", "handicap", "rsa", "scolarise_en_france")
    found = [Champ("age", "entier")]
    found += [Champ(name, "choix", get_args(kind)) for name, kind in choices.items()]
    found += [Champ(name, "ensemble", get_args(kind)) for name, kind in sets.items()]
    found += [Champ(name, "booleen") for name in booleans]
    return {champ.nom: champ for champ in found}


def champs_of(strate: Strate, publics: Iterable[str], roles: Iterable[str]) -> dict[str, Champ]:
    """The fields that conditions of a stratum may use: the situation, and what earlier strata conclude."""
    publics, roles = tuple(publics), tuple(roles)
    niveaux = get_args(Niveau)
    later: list[tuple[Strate, list[Champ]]] = [
        ("publics", [Champ("publics", "ensemble", publics)]),
        ("cep", [Champ("cep", "choix", ("oui", "non")), Champ("operateurs", "ensemble", roles)]),
        (
            "besoins",
            [
                Champ("besoin_principal", "choix", situation.BESOINS),
                Champ("besoins_retenus", "ensemble", situation.BESOINS),
            ],
        ),
        ("niveau", [Champ("niveau", "choix", niveaux)]),
        ("alertes", [Champ("referents", "ensemble", roles)]),
        ("offres", [Champ("premiere", "choix", roles)]),
    ]
    champs = situation_champs()
    for name, concluded in later:
        if STRATES.index(name) < STRATES.index(strate):
            champs |= {champ.nom: champ for champ in concluded}
    if strate == "offres":
        champs |= {champ.nom: champ for champ in offre_champs(publics, roles)}
    return champs


def offre_champs(publics: tuple[str, ...], roles: tuple[str, ...]) -> list[Champ]:
    """The fields of an offer that conditions may use."""
    from engine.situation import Mode, Secteur

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
        Champ("offre.statuts", "ensemble", situation.STATUTS),
        Champ("offre.publics_reserves", "ensemble", publics),
        Champ("offre.publics_prioritaires", "ensemble", publics),
        Champ("offre.secteurs", "ensemble", get_args(Secteur)),
        Champ("offre.modes", "ensemble", get_args(Mode)),
        Champ("offre.besoins", "ensemble", situation.BESOINS),
        *(Champ(f"offre.{name}", "booleen") for name in booleans),
    ]
