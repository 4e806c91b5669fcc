"""The closed list of what can be wrong in a document or in the base; each code is documented in docs/diagnostics.md."""

from __future__ import annotations

import re
from typing import Literal, get_args

Gravite = Literal["erreur", "avertissement", "note"]

Code = Literal[
    "fichier",
    "syntaxe",
    "cle-inconnue",
    "cle-manquante",
    "type",
    "valeur",
    "nom-inconnu",
    "source-inconnue",
    "strate",
    "doublon",
    "dates",
    "exemple",
    "role-sans-structure",
    "premier-accueil",
    "regle-inatteignable",
    "conclusions-contraires",
    "regle-incluse",
    "chevauchement-de-dates",
    "trou-de-dates",
    "offre-inatteignable",
    "besoin-sans-offre",
    "question-inutile",
    "critere-sans-effet",
    "analyse-partielle",
]

CODES: tuple[Code, ...] = get_args(Code)

RESUMES: dict[Code, str] = {
    "fichier": "Un fichier manque, est vide, trop gros ou illisible.",
    "syntaxe": "Le fichier n'est pas du YAML (ou du JSON) bien formé.",
    "cle-inconnue": "Une clé n'existe pas à cet endroit.",
    "cle-manquante": "Une clé ou un mot obligatoire manque.",
    "type": "Une valeur n'est pas de la sorte attendue (nombre, texte, oui ou non, liste, comparaison).",
    "valeur": "Une valeur est de la bonne sorte mais n'est pas permise.",
    "nom-inconnu": "Un nom (champ, public, rôle, besoin, valeur, service…) n'existe pas.",
    "source-inconnue": "Une source citée n'est pas dans sources.yaml.",
    "strate": "Une règle conclut ou lit ce que sa strate ne peut pas conclure ou lire.",
    "doublon": "Un identifiant ou une clé est donné deux fois.",
    "dates": "Une règle finit avant de commencer.",
    "exemple": "Une règle ne répond pas à son propre exemple ce qu'il annonce.",
    "role-sans-structure": "Une règle conduit à un rôle qu'aucune structure n'a.",
    "premier-accueil": "Aucun service de premier accueil n'est ouvert à tous.",
    "regle-inatteignable": "Aucune situation ne déclenche la règle.",
    "conclusions-contraires": "Deux règles concluent le contraire sur une même situation, sans exception déclarée.",
    "regle-incluse": "Une règle ne conclut jamais rien qu'une autre ne conclue déjà.",
    "chevauchement-de-dates": "Deux versions d'une règle sont en vigueur en même temps.",
    "trou-de-dates": "Entre deux versions d'une règle, aucune n'est en vigueur.",
    "offre-inatteignable": "Aucune personne du bassin ne peut recevoir l'offre.",
    "besoin-sans-offre": "Aucune offre du bassin ne répond au besoin.",
    "question-inutile": "Aucune réponse à la question ne change l'orientation.",
    "critere-sans-effet": "Le critère du classement ne départage jamais deux offres.",
    "analyse-partielle": "L'espace des situations est trop grand : une partie seulement a été essayée.",
}

_WARNINGS = {
    "regle-incluse",
    "chevauchement-de-dates",
    "trou-de-dates",
    "besoin-sans-offre",
    "question-inutile",
}


def gravity(code: Code) -> Gravite:
    """How serious a code is: an error is to be mended, a warning to be looked at, a note says what was covered."""
    if code == "analyse-partielle":
        return "note"
    return "avertissement" if code in _WARNINGS else "erreur"


_BY_SENTENCE: tuple[tuple[str, Code], ...] = (
    (r"« .* » n'existe pas \(source\)", "source-inconnue"),
    (r"« .* » n'existe pas \(clé\)", "cle-inconnue"),
    (r"« .* » n'existe pas \(comparaison\)", "type"),
    (r".*n'existe pas \(|« .* » n'est ni un code INSEE", "nom-inconnu"),
    (r"(commune|plusieurs communes)\b", "nom-inconnu"),
    (r"il manque |la règle ne conclut rien", "cle-manquante"),
    (r".*(écrite deux fois|est donné deux fois|existe déjà)", "doublon"),
    (r"« .* » ne se conclut pas dans|« sauf » n'est pas permis", "strate"),
    (r"la règle finit avant", "dates"),
    (r"(trop (court|long)|au (moins|plus) |plus de |moins de |intervalle vide)", "valeur"),
    (r".*(attendue?\b|se compare|attend une liste|la liste est vide|aucune valeur commune|est attendue)", "type"),
)


def code_of_sentence(message: str) -> Code:
    """The code of a refused value, from the sentence that refuses it (conditions and models give only a sentence)."""
    return next((code for pattern, code in _BY_SENTENCE if re.match(pattern, message)), "valeur")
