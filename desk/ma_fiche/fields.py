"""The fields of a sheet that people fill in: in which group, in which words, and which choices they have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from data_inclusion.schema.v1 import ModeMobilisation, PersonneMobilisatrice, TypeService

from desk.annuaire.directory import NETWORKS
from engine.base import Base
from fiche.facts import Place
from fiche.problems import TELEPHONE

Genre = Literal[
    "texte",
    "texte-long",
    "nombre",
    "un",
    "un-nombre",
    "plusieurs",
    "oui-non",
    "horaires",
    "commune",
    "zones",
    "accueil",
]
Options = Callable[[Base], Mapping[str, str]]
"""The choices of a field: the name of each in the sheet, and its words."""


@dataclass(frozen=True, slots=True)
class Champ:
    """A field: its place in what holds it (the structure or a service), its words, and what it takes."""

    place: Place
    libelle: str
    genre: Genre = "texte"
    aide: str = ""
    exemple: str = ""
    options: Options = lambda _base: {}

    @property
    def nom(self) -> str:
        """Its name in the sheet."""
        return self.place[-1]


@dataclass(frozen=True, slots=True)
class Groupe:
    """Fields that are looked at together."""

    titre: str
    champs: tuple[Champ, ...]
    aide: str = ""


def _answers(field: str) -> Options:
    return lambda base: base.rules.vocabulaire.champs[field].valeurs


def _same(names: Mapping[str, str]) -> Options:
    return lambda _base: names


def needs(base: Base) -> Mapping[str, str]:
    """The needs, in the words of the vocabulary."""
    return {name: need.libelle for name, need in base.rules.vocabulaire.besoins.items()}


def publics(base: Base) -> Mapping[str, str]:
    """The publics, in the words of the vocabulary."""
    return {name: public.libelle for name, public in base.rules.vocabulaire.publics.items()}


def _levels(base: Base) -> Mapping[str, str]:
    return {name: words for name, words in base.rules.vocabulaire.niveaux.items() if name != "premier-accueil"}


def _address(note: str = "") -> tuple[Champ, ...]:
    return (
        Champ(("adresse",), "Adresse", aide=note, exemple="Numéro et rue"),
        Champ(("complement_adresse",), "Complément d’adresse", exemple="Bâtiment, étage, accès"),
        Champ(("commune",), "Commune", "commune"),
        Champ(("code_postal",), "Code postal"),
    )


_PHONE = Champ(("telephone",), "Téléphone", exemple=TELEPHONE)
_EMAIL = Champ(("courriel",), "Courriel", exemple="accueil@exemple.fr")
_HOURS = Champ(("horaires_accueil",), "Horaires d’accueil du public", "horaires")
_MODES = {"en-presentiel": "Sur place", "a-distance": "À distance"}
_MONTHS = {1: "tous les mois"} | {months: f"tous les {months} mois" for months in (2, 3, 6, 12, 24)}

OF_STRUCTURE = (
    Groupe(
        "Présentation",
        (
            Champ(("nom",), "Nom de la structure"),
            Champ(("description",), "Description", "texte-long", aide="Deux ou trois phrases simples."),
            Champ(
                ("spro", "a_confirmer"),
                "Ce qui reste à confirmer",
                "texte-long",
                aide="Les agents voient ce texte. Effacez-le quand tout est sûr.",
            ),
        ),
    ),
    Groupe("Adresse", _address()),
    Groupe(
        "Téléphone, courriel, site",
        (
            _PHONE,
            _EMAIL,
            Champ(("site_web",), "Site", exemple="https://www.exemple.fr"),
            Champ(("siret",), "Numéro SIRET", aide="14 chiffres."),
        ),
    ),
    Groupe("Horaires", (_HOURS,)),
)

OF_SERVICE = (
    Groupe(
        "En bref",
        (
            Champ(("nom",), "Nom du service"),
            Champ(("description",), "Description", "texte-long", aide="Ce que la personne y trouve."),
            Champ(
                ("spro", "besoins"),
                "Demandes auxquelles il répond",
                "plusieurs",
                aide="Une personne qui demande autre chose n’y est pas envoyée.",
                options=needs,
            ),
            Champ(("spro", "niveau"), "Niveau", "un", options=_levels),
            Champ(("type",), "Type", "un", options=_same({item.value: item.label for item in TypeService})),
        ),
    ),
    Groupe(
        "Pour qui",
        (
            Champ(("spro", "publics"), "Publics", "accueil"),
            Champ(("spro", "age_min"), "Âge minimum", "nombre", exemple="aucun"),
            Champ(("spro", "age_max"), "Âge maximum", "nombre", exemple="aucun", aide="En années révolues, compris."),
            Champ(
                ("spro", "statuts"),
                "Situations demandées",
                "plusieurs",
                aide="Vide : toutes.",
                options=_answers("statuts"),
            ),
            Champ(("spro", "secteurs"), "Secteurs", "plusieurs", aide="Vide : tous.", options=_answers("secteur")),
            Champ(("publics_precisions",), "Précisions sur les publics", "texte-long"),
            Champ(("conditions_acces",), "Conditions d’accès", "texte-long"),
        ),
    ),
    Groupe(
        "Où et comment",
        (
            Champ(
                ("zone_eligibilite",),
                "Où habitent les personnes reçues",
                "zones",
                aide="Communes, départements, intercommunalités. Vide : partout.",
            ),
            Champ(("modes_accueil",), "Accueil", "plusieurs", options=_same(_MODES)),
            Champ(("frais",), "Frais", "un", options=_same({"gratuit": "Gratuit", "payant": "Payant"})),
            Champ(("frais_precisions",), "Précisions sur les frais"),
            Champ(
                ("modes_mobilisation",),
                "Comment prendre contact",
                "plusieurs",
                options=_same({item.value: item.label for item in ModeMobilisation}),
            ),
            Champ(
                ("mobilisable_par",),
                "Qui peut prendre contact",
                "plusieurs",
                options=_same({item.value: item.label for item in PersonneMobilisatrice}),
            ),
            Champ(("lien_mobilisation",), "Lien de rendez-vous", exemple="https://"),
            Champ(("mobilisation_precisions",), "Comment s’y prendre", "texte-long"),
        ),
    ),
    Groupe(
        "Contacts propres à ce service",
        (_PHONE, _EMAIL, _HOURS, *_address()),
        aide="Laissez vide ce qui est le même que pour la structure.",
    ),
    Groupe(
        "Pour l’agent qui oriente",
        (
            Champ(
                ("spro", "a_verifier"),
                "À vérifier avec la personne",
                "texte-long",
                aide="Une condition que seules des phrases peuvent dire.",
            ),
            Champ(("spro", "a_dire"), "À dire à la personne", "texte-long"),
            Champ(("spro", "a_apporter"), "À apporter au rendez-vous", "texte-long"),
            Champ(
                ("spro", "frequence_mois"),
                "Relire ce service",
                "un-nombre",
                options=_same({str(months): words for months, words in _MONTHS.items()}),
            ),
        ),
    ),
)

RESERVED_OF_STRUCTURE = (
    Champ(("spro", "role"), "Rôle dans le réseau", "un", options=lambda base: base.rules.vocabulaire.roles),
    Champ(("spro", "reseau"), "Place dans le réseau", "un", options=lambda _base: dict(NETWORKS.items())),
    Champ(("spro", "recoit_public"), "Reçoit le public", "oui-non"),
)
RESERVED_OF_SERVICE = (
    Champ(("spro", "cep"), "Conseil en évolution professionnelle", "oui-non"),
    Champ(("spro", "sur_mandat"), "Sur décision de justice seulement", "oui-non"),
)
WHY_RESERVED = (
    "Seule la coordination du réseau change ces points : ils décident de la place de la structure dans les réponses, "
    "et aucun partenaire ne choisit la sienne. Pour les changer, écrivez-lui."
)


def fields_of(place: Place) -> tuple[Champ, ...]:
    """Every field of the structure (the empty place) or of a service."""
    groups, reserved = (OF_SERVICE, RESERVED_OF_SERVICE) if place else (OF_STRUCTURE, RESERVED_OF_STRUCTURE)
    return (*(champ for group in groups for champ in group.champs), *reserved)
