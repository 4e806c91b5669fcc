"""The fields of a sheet: what each is called, how it is asked and read, who may write it, and what becomes of it.

`fiche.model` says what a value may be; all the rest is one entry (`fiche.rubrique`) of the two tables below, in the
order in which a sheet is filled in. « Ma fiche », the directory, what changed, the workbook, the national format and
what it loses, the checks of contacts, freshness and the JSON Schema follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.ruleset import Ruleset
from fiche.model import Accueil, Reseau, SproService
from fiche.problems import TELEPHONE
from fiche.rubrique import Groupe, Options, Rubrique

# --- choices ---


def _answers(fact: str) -> Options:
    """Those of the question that a fact of an offer is compared with."""
    return lambda rules: rules.vocabulaire.par_fiche[f"offre.{fact}"].valeurs


def _same(names: Mapping[str, str]) -> Options:
    return lambda _rules: names


def _needs(rules: Ruleset) -> Mapping[str, str]:
    return {name: need.libelle for name, need in rules.vocabulaire.besoins.items()}


def _publics(rules: Ruleset) -> Mapping[str, str]:
    return {name: public.libelle for name, public in rules.vocabulaire.publics.items()}


def _levels(rules: Ruleset) -> Mapping[str, str]:
    return {name: words for name, words in rules.vocabulaire.niveaux.items() if name != "premier-accueil"}


NETWORKS: dict[Reseau, str] = {"local": "Bassin", "regional": "Région", "hors-reseau": "Hors réseau"}
RECEPTION: dict[Accueil, str] = {"recoit": "reçoit", "priorise": "reçoit en priorité", "reserve-a": "réservé"}
"""The reception policies towards a public."""

_MODES = {"en-presentiel": "Sur place", "a-distance": "À distance"}
_MONTHS = {str(months): f"tous les {months} mois" for months in (2, 3, 6, 12, 24)}
FREQUENCE: int = SproService.model_fields["frequence_mois"].default
"""Months between two looks at a service that does not say."""

# --- what structures and services have in common: a table, with as many entries on the screen as it can ---
# fmt: off

_ADDRESS = (
    Rubrique("adresse", "adresse", exemple="Numéro et rue", attendu=True, lecture="contact"),
    Rubrique("complement_adresse", "complément d’adresse", exemple="Bâtiment, étage, accès", lecture="contact"),
    Rubrique("commune", "commune", "commune", attendu=True, lecture="contact", cherche=True),
    Rubrique("code_postal", "code postal", "code-postal", attendu=True, lecture="contact"),
)
ADDRESS = ("adresse", "complement_adresse", "code_postal", "commune")
"""In the order in which an address is written; its parts go together."""

_PHONE = Rubrique("telephone", "téléphone", "telephone", exemple=TELEPHONE, attendu=True, lecture="contact")
_EMAIL = Rubrique("courriel", "courriel", "courriel", exemple="accueil@exemple.fr", attendu=True, lecture="contact")
_HOURS = Rubrique(
    "horaires_accueil", "horaires", "horaires", titre="Horaires d’accueil du public", attendu=True, lecture="contact")
_NAME = Rubrique("nom", "nom", lecture="tete", cherche=True)
_DESCRIPTION = Rubrique(
    "description", "description", "texte-long", lecture="tete", colonne="Présentation", cherche=True)
_NEVER_ASKED = (
    Rubrique("code_insee", "code INSEE de la commune", "code-insee", lecture="non"),
    Rubrique("latitude", "latitude", "nombre", lecture="non"),
    Rubrique("longitude", "longitude", "nombre", lecture="non"),
    Rubrique("lien_source", "lien vers la source", "lien", lecture="non", nouvelle="tue"),
    Rubrique("source", "producteur de la donnée", reserve="la source", lecture="non", nouvelle="tue"),
    Rubrique("date_maj", "date de mise à jour", "date", lecture="classeur", colonne="Mise à jour", nouvelle="tue"),
)
_IDENTIFIER = Rubrique("id", "identifiant", lecture="classeur", nouvelle="tue")
_PROVENANCE = Rubrique(
    "provenance", "d’où viennent les informations", sens="la source de chaque fait, sa date et sa confiance",
    spro=True, lecture="non", nouvelle="tue")
_NETWORK = Rubrique(
    "spro", "informations du réseau", sens="ce que le réseau SPRO-EP a besoin de savoir en plus", lecture="non")

RESERVE = "Réservé à la coordination"

# --- structures ---

STRUCTURE: tuple[Groupe, ...] = (
    Groupe("Présentation", (
        replace(_NAME, titre="Nom de la structure"),
        replace(_DESCRIPTION, attendu=True, aide="Deux ou trois phrases simples."),
        Rubrique(
            "a_confirmer", "à confirmer", "texte-long", sens="ce que la structure doit encore confirmer", spro=True,
            titre="Ce qui reste à confirmer", aide="Les agents voient ce texte. Effacez-le quand tout est sûr.",
            lecture="tete", colonne="Reste à confirmer"),
    )),
    Groupe("Adresse", _ADDRESS),
    Groupe("Téléphone, courriel, site", (
        _PHONE,
        _EMAIL,
        Rubrique("site_web", "site", "lien", exemple="https://www.exemple.fr", attendu=True, lecture="contact"),
        Rubrique("siret", "numéro SIRET", "siret", aide="14 chiffres.", lecture="classeur", colonne="SIRET"),
    )),
    Groupe("Horaires", (_HOURS,)),
    Groupe(RESERVE, (
        Rubrique(
            "role", "rôle", "choix", sens="le rôle dans le réseau, par lequel les règles désignent la structure",
            spro=True, titre="Rôle dans le réseau", choix=lambda rules: rules.vocabulaire.roles,
            reserve="le rôle dans le réseau", lecture="tete", titres=True, cherche=True),
        Rubrique(
            "reseau", "place dans le réseau", "choix",
            sens="signataire du bassin, membre régional, ou hors du réseau", spro=True,
            choix=_same({str(name): words for name, words in NETWORKS.items()}), reserve="la place dans le réseau",
            lecture="tete", colonne="Réseau"),
        Rubrique(
            "recoit_public", "accueil du public", "oui-non",
            sens="si la structure reçoit le public ; sinon, elle n'est jamais proposée", spro=True,
            titre="Reçoit le public", reserve="l'accueil du public", lecture="tete", colonne="Reçoit le public"),
    )),
    Groupe("", (
        Rubrique("accessibilite_lieu", "accessibilité du lieu", "lien", lecture="non"),
        Rubrique("reseaux_porteurs", "réseaux porteurs", "plusieurs", lecture="non"),
        *_NEVER_ASKED,
        replace(_IDENTIFIER, reserve="l'identifiant"),
        _NETWORK,
        Rubrique("services", "services", sens="les services que la structure propose au public", lecture="non"),
        _PROVENANCE,
    )),
)

# --- services ---

SERVICE: tuple[Groupe, ...] = (
    Groupe("En bref", (
        replace(_NAME, titre="Nom du service", colonne="Service"),
        replace(_DESCRIPTION, aide="Ce que la personne y trouve."),
        Rubrique(
            "besoins", "besoins", "plusieurs",
            sens="les besoins auxquels le service répond ; les thématiques n'en disent qu'une partie", spro=True,
            titre="Demandes auxquelles il répond", aide="Une personne qui demande autre chose n’y est pas envoyée.",
            choix=_needs, relu=True, lu="Répond à", colonne="Besoins", titres=True, cherche=True),
        Rubrique(
            "niveau", "niveau", "choix",
            sens="information, conseil ou accompagnement ; le type n'en dit qu'une partie", spro=True, choix=_levels,
            titres=True),
        Rubrique("type", "type de service", "choix", titre="Type", lecture="non"),
    )),
    Groupe("Pour qui", (
        Rubrique(
            "publics", "publics", "accueil", sens="qui le service reçoit, priorise, ou à qui il est réservé",
            spro=True, choix=_publics, absent="tous", toujours=True, relu=True, devenir="publics_precisions"),
        Rubrique(
            "age_min", "âge minimum", "age", sens="l'âge minimum, compris ; rien si le service n'en demande pas",
            spro=True, exemple="aucun", absent="sans limite", relu=True, lu="Âge", devenir="publics_precisions"),
        Rubrique(
            "age_max", "âge maximum", "age", sens="l'âge maximum, compris ; rien si le service n'en demande pas",
            spro=True, exemple="aucun", aide="En années révolues, compris.", absent="sans limite", relu=True,
            lu="Âge", devenir="publics_precisions"),
        Rubrique(
            "statuts", "situations demandées", "plusieurs",
            sens="les situations demandées ; rien si toutes conviennent", spro=True, aide="Vide : toutes.",
            choix=_answers("statuts"), absent="toutes", relu=True, lu="Situations", devenir="publics_precisions",
            dit="situations"),
        Rubrique(
            "secteurs", "secteurs", "plusieurs", sens="les secteurs du projet ou de l'emploi", spro=True,
            aide="Vide : tous.", choix=_answers("secteurs"), absent="tous", devenir="publics_precisions"),
        Rubrique("publics_precisions", "précisions sur les publics", "texte-long", lu="Précisions"),
        Rubrique("conditions_acces", "conditions d’accès", "texte-long", lu="Conditions"),
    )),
    Groupe("Où et comment", (
        Rubrique(
            "zone_eligibilite", "territoire", "zones", titre="Où habitent les personnes reçues",
            aide="Communes, départements, intercommunalités. Vide : partout.", absent="partout", toujours=True,
            relu=True, colonne="Zone"),
        Rubrique(
            "modes_accueil", "modes d’accueil", "plusieurs", titre="Accueil", choix=_same(_MODES), attendu=True,
            lu="Accueil"),
        Rubrique("frais", "frais", "choix", attendu=True),
        Rubrique("frais_precisions", "précisions sur les frais", lu="Frais"),
        Rubrique(
            "modes_mobilisation", "modes de contact", "plusieurs", titre="Comment prendre contact", lecture="non"),
        Rubrique("mobilisable_par", "qui peut prendre contact", "plusieurs", lecture="non"),
        Rubrique(
            "lien_mobilisation", "lien de rendez-vous", "lien", exemple="https://", lecture="contact",
            lu="Rendez-vous"),
        Rubrique("mobilisation_precisions", "comment y aller", "texte-long", titre="Comment s’y prendre"),
    )),
    Groupe("Contacts propres à ce service", (
        _PHONE,
        _EMAIL,
        _HOURS,
        *_ADDRESS,
    ), aide="Laissez vide ce qui est le même que pour la structure."),
    Groupe("Pour l’agent qui oriente", (
        Rubrique(
            "a_verifier", "à vérifier", "texte-long",
            sens="une condition que seuls des mots disent : l'agent la vérifie, aucune règle n'en décide", spro=True,
            titre="À vérifier avec la personne", aide="Une condition que seules des phrases peuvent dire.",
            devenir="conditions_acces"),
        Rubrique(
            "a_apporter", "à apporter", "texte-long", sens="ce que la personne apporte", spro=True,
            titre="À apporter au rendez-vous", devenir="conditions_acces"),
        Rubrique(
            "a_dire", "à dire", "texte-long", sens="ce que l'agent dit à la personne", spro=True,
            titre="À dire à la personne", devenir="conditions_acces", dit="à savoir"),
        Rubrique(
            "frequence_mois", "fréquence de mise à jour", "choix-mois",
            sens="tous les combien de mois la structure relit ce service", spro=True, titre="Relire ce service",
            choix=_same({"1": "tous les mois"} | _MONTHS), absent=f"tous les {FREQUENCE} mois", lecture="non"),
    )),
    Groupe(RESERVE, (
        Rubrique(
            "cep", "conseil en évolution professionnelle", "oui-non",
            sens="si le service relève du conseil en évolution professionnelle", spro=True,
            reserve="le conseil en évolution professionnelle", absent="non", lecture="non"),
        Rubrique(
            "sur_mandat", "décision de justice", "oui-non", sens="s'il faut une décision de justice pour y entrer",
            spro=True, titre="Sur décision de justice seulement", reserve="la décision de justice", absent="non",
            lecture="non", devenir="conditions_acces", dit="sur décision de justice seulement"),
        Rubrique(
            "hors_bassin", "hors du bassin", "oui-non", sens="si le service n'est que pour qui habite hors du bassin",
            spro=True, titre="Pour qui habite hors du bassin seulement", reserve="ce qui est hors du bassin",
            absent="non", lecture="non", devenir="conditions_acces", dit="pour qui habite hors du bassin"),
    )),
    Groupe("", (
        Rubrique("thematiques", "thèmes", "plusieurs", lecture="non"),
        Rubrique("publics", "publics", "plusieurs", lecture="non"),
        Rubrique("contact_nom_prenom", "nom du contact", lecture="non", nouvelle="sans-valeur"),
        Rubrique("volume_horaire_hebdomadaire", "heures par semaine", "nombre", lecture="non"),
        Rubrique("nombre_semaines", "durée en semaines", "nombre", lecture="non"),
        *(replace(field, reserve="") for field in _NEVER_ASKED),
        Rubrique("structure_id", "structure", lecture="non", nouvelle="tue"),
        _IDENTIFIER,
        _NETWORK,
        _PROVENANCE,
    )),
)

# fmt: on

WHY_RESERVED = (
    "Seule la coordination du réseau change ces points : ils décident de la place de la structure dans les réponses, "
    "et aucun partenaire ne choisit la sienne. Pour les changer, écrivez-lui."
)

ANY_SERVICE = ("services",)
"""Stands for the place of a service, whichever it is."""


def groups_of(whole: tuple[str, ...]) -> tuple[Groupe, ...]:
    """The groups of the structure (the empty place) or of a service."""
    return SERVICE if whole else STRUCTURE


def fields_of(whole: tuple[str, ...]) -> tuple[Rubrique, ...]:
    """Every field of the structure (the empty place) or of a service, in the order of the sheet."""
    return tuple(field for group in groups_of(whole) for field in group.rubriques)


def asked_of(whole: tuple[str, ...]) -> tuple[Rubrique, ...]:
    """Those that somebody can be asked for on the screen."""
    return tuple(field for group in groups_of(whole) if group.titre for field in group.rubriques)


def find(cle: object, *, spro: bool) -> Rubrique | None:
    """The field that a key names; None for a key of no sheet. Two fields are called `publics`: `spro` tells which."""
    found = [field for field in (*fields_of(()), *fields_of(ANY_SERVICE)) if field.cle == cle]
    return next((field for field in found if field.spro is spro), found[0] if found else None)


def name(cle: object) -> str:
    """What a field is called within a sentence; a key of no sheet is called as it is written."""
    field = find(cle, spro=False)
    return field.nom if field else str(cle)
