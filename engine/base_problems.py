"""What can be wrong in a situation, in rules, in a vocabulary and in a catalogue, beyond the form of their files."""

from __future__ import annotations

from engine.problems import Espece

ADD_ONLY = "Les règles d'un bassin s'ajoutent aux règles partagées sans les remplacer : choisissez un autre nom."


class FauteSituation(Espece):
    """What is wrong in what a visitor is said to be."""

    CONTRADICTION = "valeur", "{texte:tel}"
    COMMUNE_VIDE = (
        "valeur",
        "le nom ou le code INSEE de la commune est vide ; retirez la clé si rien n'a été demandé.",
    )
    COMMUNE_INCONNUE = (
        "nom-inconnu",
        "commune « {mot} » inconnue (nom ou code INSEE à 5 chiffres attendu).{proche:voulu}",
    )
    CODE_POSTAL_INCONNU = (
        "nom-inconnu",
        "aucune commune n'a le code postal « {mot} » (cinq chiffres attendus).",
    )
    COMMUNES_HOMONYMES = (
        "nom-inconnu",
        "plusieurs communes se nomment « {mot} » : donnez le code INSEE ({choix}).",
    )
    COMMUNES_POSSIBLES = (
        "nom-inconnu",
        "« {mot} » peut désigner plusieurs communes : donnez le code INSEE ({choix}).",
    )


class FauteQuestion(Espece):
    """What is wrong in a question that the vocabulary declares."""

    GENRE = "valeur", "le moteur attend ici « {genre} »."
    NOM_RESERVE = "doublon", "« {nom} » a déjà un autre sens : choisissez un autre nom."
    SANS_QUESTION = "cle-manquante", "aucune question ne donne ses valeurs au champ « {champ} » des fiches."
    PAS_DE_CE_GENRE = "valeur", "« {cle} » ne va qu'avec le genre {genres}."
    SANS_VALEURS = "cle-manquante", "il manque « valeurs » : les réponses possibles et leurs mots."
    LISTE_VIDE = "doublon", "« {nom} » veut déjà dire la liste vide : choisissez un autre nom."
    PHRASE = "valeur", "« {phrase} » : « … » tient la place de la valeur, et une virgule sépare deux réponses."
    PHRASE_PRISE = "doublon", "« {phrase} » a déjà un sens dans les scénarios."
    IMPLICATION = "valeur", "une implication ne lit qu'une question."
    UNE_VALEUR = "type", "une seule valeur est attendue."


class FauteCondition(Espece):
    """What is wrong in a condition."""

    ATTENDUE = "type", "une condition est attendue : « tous », « un_de », « aucun » ou « champ: valeur »."
    GROUPE = "type", "« {groupe} » attend une liste d'au moins une condition."
    CHAMP_INCONNU = "nom-inconnu", "« {mot} » n'existe pas (champ).{permis:proche {mot}} Permis : {permis}."
    CHAMP_D_UNE_AUTRE_STRATE = (
        "strate",
        "« {mot} » n'existe pas (champ).{permis:proche {mot}} Permis : {permis}.",
        "Une règle ne lit que la situation et ce que les strates d'avant concluent (dans l'ordre : publics, cep, "
        "besoins, niveau, alertes, offres, parcours) : une règle qui lirait sa propre conclusion tournerait en rond.",
    )
    ENTIER = "type", "un nombre entier, ou min, max, moins_que, plus_que, est attendu."
    COMPARAISON_INCONNUE = "type", "« {mot} » n'existe pas (comparaison).{permis:proche {mot}} Permis : {permis}."
    COMPARE_A = (
        "type",
        "« {nom} » se compare à un nombre entier ou à un champ ({champs}), pas à « {valeur} ».",
    )
    INTERVALLE = "valeur", "intervalle vide : min {min} dépasse max {max}."
    INTERVALLE_VIDE = "valeur", "intervalle vide : aucun nombre ne convient."
    CROISE = "type", "une valeur, une liste de valeurs, ou « croise: champ » est attendu."
    SANS_VALEUR_COMMUNE = "type", "« {champ} » et « {autre} » n'ont aucune valeur commune."


class FauteRegle(Espece):
    """What is wrong in a rule, a vocabulary, a ranking."""

    FICHIER_D_UN_BASSIN = (
        "nom-inconnu",
        "« {mot} » n'existe pas (fichier de règles d'un bassin).{permis:proche {mot}} Permis : {permis}.",
        ADD_ONLY,
    )
    NOM_PARTAGE = "doublon", "« {nom} » existe déjà dans les règles partagées.", ADD_ONLY
    REGLE_DOUBLE = "doublon", "la règle « {regle} » existe déjà ({place:tel})."
    REGLE_PARTAGEE = "doublon", "la règle « {regle} » existe déjà ({place:tel}).", ADD_ONLY
    NOM_DOUBLE = "doublon", "« {nom} » existe déjà."
    SAUF_INTERDIT = "strate", "« sauf » n'est pas permis ici : ce qui exclut ne doit pas pouvoir être repris."
    DATES = "dates", "la règle finit avant de commencer."
    SANS_CONCLUSION = "cle-manquante", "la règle ne conclut rien. Permis : {permis}."
    CONCLUSION = "strate", "« {nom} » ne se conclut pas dans « {strate}.yaml ». Permis : {permis}."
    ACCOLADE = "valeur", "une accolade n'est pas fermée."
    EXEMPLE_SANS_OFFRE = "cle-manquante", "il manque « offre » (un service du catalogue)."
    EXEMPLE_AVEC = "type", "« clé: valeur » est attendu : ce que dirait la partie « spro » du service."
    CRITERE_SANS_REGLE = "critere-sans-effet", "aucune règle ne priorise selon « {critere} »."


class FauteCatalogue(Espece):
    """What is wrong in a sheet held against the rule base, or in a whole catalogue."""

    IDENTIFIANT_DOUBLE = "doublon", "l'identifiant « {nom} » existe déjà ({place:tel})."
    NE_RECOIT_PAS = "valeur", "cette structure ne reçoit pas le public : elle ne peut pas proposer de service."
    STRUCTURE_ID = "valeur", "ce service est dans la fiche de « {structure} » : retirez « structure_id »."
    AGES = "valeur", "l'âge minimum ({min}) dépasse l'âge maximum ({max})."
    SANS_ACCUEIL = (
        "premier-accueil",
        "aucun service de premier accueil (besoin « {besoin} ») n'est ouvert à tous : sans âge, statut, public réservé "
        "ni zone. La charte garantit un premier accueil à toute personne.",
    )
