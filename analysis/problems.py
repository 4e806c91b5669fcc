"""What the linter finds wrong in a base that can be read, and what it could not prove."""

from __future__ import annotations

from engine.problems import Espece

_FOLLOW = "« jusqu_a » est exclu : donnez à l'ancienne version la date « depuis » de la nouvelle."
_ORDER = "Un critère placé avant décide toujours, ou ses règles visent toutes les offres : changez l'ordre."
_UNREACHABLE = "Corrigez ses âges, statuts, publics ou zones, ou la règle qui l'écarte."
_USELESS = "Ne la posez pas : retirez la question, ou la règle qui devait la lire est à écrire."
_REMOVE = "Retirez-la, ou dites dans « si » en quoi elle diffère."


class FauteBase(Espece):
    """What is wrong between rules, examples, offers, questions and criteria."""

    DOSSIER_VIDE = "fichier", "ce dossier est vide : il n'y a aucun fichier {quoi} (.yaml) à vérifier."
    SQUELETTE = (
        "valeur",
        "la dernière règle du fichier n'est pas à sa place : ajoutez le squelette à la main.",
    )
    FICHES_HOMONYMES = (
        "doublon",
        "plusieurs fiches auraient le même identifiant : {noms}. Donnez un « id » à chacune.",
    )

    SANS_OFFRE_A_COMPARER = "valeur", "« {structure} » n'a aucune offre déclarée : il n'y a rien à comparer."

    EXEMPLE = "exemple", "la règle « {regle} » répond « {reponse} » à son exemple « {attendu} » ({situation:tel})."
    ROLE_SANS_STRUCTURE = (
        "role-sans-structure",
        "la règle « {regle} » conduit au rôle « {role} », qu'aucune structure du catalogue n'a.",
    )

    INATTEIGNABLE = (
        "regle-inatteignable",
        "aucune situation ne déclenche « {regle} » ({essais} essayées, toutes celles qui comptent).",
        "Ses conditions se contredisent, ou rien ne conclut ce qu'elles lisent : voyez « si » et « sauf ».",
    )
    JAMAIS_VUE = (
        "analyse-partielle",
        "aucune des {essais} situations essayées ne déclenche la règle « {regle} ».",
        "Ce n'est pas une preuve. Donnez un exemple « oui » : il montre qu'elle peut se déclencher.",
    )
    CEP_CONTRAIRES = (
        "conclusions-contraires",
        "« {autre} » ouvre le CEP et « {regle} » le ferme sur une même situation ({situation:tel}).",
        "Dites laquelle l'emporte : « sauf » dans l'autre, ou des conditions qui ne se croisent pas.",
    )
    TOUJOURS_ECARTEE = (
        "conclusions-contraires",
        "chaque offre que « {regle} » met en avant est écartée par « {autre} ».",
        "L'une des deux est de trop, ou leurs conditions se croisent à tort.",
    )
    MASQUEE = (
        "regle-incluse",
        "la règle « {regle} » n'a jamais d'effet : « {autre} » conclut avant elle chaque fois ({place:tel}).",
        _REMOVE,
    )
    INCLUSE = (
        "regle-incluse",
        "la règle « {regle} » n'ajoute rien : « {autre} » conclut autant chaque fois ({place:tel}).",
        _REMOVE,
    )
    CHEVAUCHEMENT = (
        "chevauchement-de-dates",
        "« {regle} » reste en vigueur après le début de « {autre} » ({debut}), qui dit autant.",
        _FOLLOW,
    )
    TROU = (
        "trou-de-dates",
        "rien n'est en vigueur entre « {regle} » (jusqu'au {fin}) et « {autre} » (depuis le {debut}).",
        _FOLLOW,
    )

    HORS_BASSIN = (
        "offre-inatteignable",
        "le service « {offre} » ne couvre aucune commune du bassin : personne n'y sera orienté.",
        "Corrigez « zone_eligibilite ».",
    )
    OFFRE_ECARTEE = (
        "offre-inatteignable",
        "le service « {offre} » est toujours écarté par la règle « {regle} ».",
        _UNREACHABLE,
    )
    OFFRE_INATTEIGNABLE = (
        "offre-inatteignable",
        "aucune personne du bassin ne peut recevoir le service « {offre} » ({essais} situations essayées, toutes "
        "celles qui comptent).",
        _UNREACHABLE,
    )
    OFFRE_JAMAIS_VUE = (
        "analyse-partielle",
        "aucune des {essais} situations essayées ne mène au service « {offre} ».",
        "Ce n'est pas une preuve : vérifiez-le.",
    )
    BESOIN_COUVERT = (
        "besoin-sans-offre",
        "le besoin « {besoin} » est dit sans offre, mais une offre du bassin y répond.",
        "Retirez-le de « sans_offre ».",
    )
    BESOIN_SANS_OFFRE = (
        "besoin-sans-offre",
        "aucune offre du bassin ne répond au besoin « {besoin} ».",
        "Complétez une fiche, ou dites pourquoi avec « sans_offre » dans territoire.yaml.",
    )
    QUESTION_NON_LUE = (
        "question-inutile",
        "la question « {champ} » ne change jamais l'orientation (aucune règle en vigueur ne lit la réponse).",
        _USELESS,
    )
    QUESTION_INUTILE = (
        "question-inutile",
        "la question « {champ} » ne change jamais l'orientation (prouvé sur toutes les situations que lisent les "
        "règles).",
        _USELESS,
    )
    CRITERE_SANS_EFFET = (
        "critere-sans-effet",
        "le critère « {critere} » ne départage jamais deux offres (prouvé pour chaque paire d'offres).",
        _ORDER,
    )

    SANS_EFFET_VU = (
        "analyse-partielle",
        "{essais} situations essayées sans voir d'effet à : {noms} ; ce n'est pas une preuve.",
        "Les situations qui comptent sont trop nombreuses pour être toutes décidées.",
    )
    LIMITE = (
        "analyse-partielle",
        "analyse arrêtée à sa limite ({limite:milliers} situations) : des règles n'ont pas été comparées.",
        "La base est très grande : un exemple « oui » à chaque règle évite presque toute la recherche.",
    )
    EXEMPLES_PARTAGES = (
        "analyse-partielle",
        "les exemples des règles partagées n'ont pas été joués : « spro verifier --catalogue {dossier:tel} ».",
        "Corrigez ce catalogue, puis relancez.",
    )
    LECTURE_D_ABORD = (
        "analyse-partielle",
        "questions et critères du classement ne sont analysés qu'une fois les erreurs de lecture corrigées.",
        "Corrigez, puis relancez.",
    )
