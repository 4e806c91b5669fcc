"""What can be wrong in the contacts, places and hours of a sheet, and in files of the national format."""

from __future__ import annotations

from engine.problems import Espece

TELEPHONE = "02 61 91 12 34"
"""An example in a range that is given to nobody (Arcep keeps it for fiction)."""

HORAIRES = "Mo-Fr 09:00-12:00,14:00-17:00; PH off"
"""Monday to Friday, 9 to 12 and 14 to 17, closed on public holidays."""

_AS_HOURS = f"Exemple : « {HORAIRES} »."
_AS_TELEPHONE = f"Exemple : « {TELEPHONE} »."


class FauteContact(Espece):
    """What is wrong in a number, an address or hours, with a right example."""

    SIREN = "valeur", "« {valeur} » est un SIREN (9 chiffres) ; le SIRET de l'établissement en a 14."
    SIRET = "valeur", "« {valeur} » n'est pas un SIRET : 14 chiffres attendus."
    SIRET_CLE = (
        "valeur",
        "« {valeur} » n'est pas un SIRET : la clé de contrôle est fausse, un chiffre est mal recopié.",
    )
    SIRET_ESPACES = "valeur", "le SIRET s'écrit sans espace : « {valeur} »."
    TELEPHONES = "valeur", "« {valeur} » : un seul numéro est attendu."
    TELEPHONE_ETRANGER = "valeur", f"« {{valeur}} » n'est pas un numéro français. {_AS_TELEPHONE}"
    TELEPHONE_CHIFFRES = (
        "valeur",
        f"« {{valeur}} » n'est pas un numéro de téléphone : 10 chiffres attendus, pas {{chiffres}}. {_AS_TELEPHONE}",
    )
    TELEPHONE = "valeur", f"« {{valeur}} » n'est pas un numéro de téléphone. {_AS_TELEPHONE}"
    COURRIEL = "valeur", "« {valeur} » n'est pas une adresse électronique. Exemple : « accueil@exemple.fr »."
    SITE = "valeur", "« {valeur} » n'est pas une adresse web complète. Exemple : « https://exemple.fr »."
    SITE_SANS_PROTOCOLE = "valeur", "« {valeur} » n'est pas une adresse web complète.{proche:voulu}"

    HORAIRES_VIDES = "valeur", f"les horaires sont vides. {_AS_HOURS}"
    HORAIRES_LONGS = "valeur", f"trop long : au plus {{nombre:caracteres}}. {_AS_HOURS}"
    HORAIRES_CARACTERE = "valeur", f"caractère interdit dans les horaires. {_AS_HOURS}"
    HORAIRES_COUPES = "valeur", f"cet horaire n'est pas au format OpenStreetMap (il manque la fin). {_AS_HOURS}"
    HORAIRES_COUPES_PROCHES = (
        "valeur",
        "cet horaire n'est pas au format OpenStreetMap (il manque la fin). Vouliez-vous dire « {proche:tel} » ?",
    )
    HORAIRES_A_PARTIR = (
        "valeur",
        f"cet horaire n'est pas au format OpenStreetMap (à partir de « {{reste}} »). {_AS_HOURS}",
    )
    HORAIRES_PROCHES = (
        "valeur",
        "cet horaire n'est pas au format OpenStreetMap (à partir de « {reste} »). Vouliez-vous dire « {proche:tel} » ?",
    )


class FauteLieu(Espece):
    """What is wrong in a postcode, an INSEE code, a commune or a position."""

    CODE_POSTAL = "valeur", "« {valeur} » n'est pas un code postal : 5 chiffres attendus.{proches:voulu}"
    CODE_POSTAL_INCONNU = "nom-inconnu", "le code postal « {valeur} » n'existe pas.{proches:voulu}"
    CODE_CEDEX_SEUL = (
        "nom-inconnu",
        "le code postal « {valeur} » n'existe pas. Pour un code CEDEX, écrivez « Cedex » après le nom de la commune.",
    )
    CODE_INSEE_INCONNU = "nom-inconnu", "le code INSEE « {valeur} » n'existe pas.{proches:voulu}"
    COMMUNE_INCONNUE = "nom-inconnu", "commune « {valeur} » inconnue.{proches:voulu}"
    AUTRE_COMMUNE = (
        "valeur",
        "{valeur} est le code INSEE de « {commune} », pas de « {ecrite} ».{proches:voulu}",
    )
    CEDEX_AILLEURS = "valeur", "{valeur} n'est pas un code CEDEX du département de « {commune} »."
    CODE_POSTAL_AILLEURS = "valeur", "{valeur} n'est pas un code postal de « {commune} ».{proches:voulu}"
    DEMI_POSITION = "valeur", "la latitude et la longitude vont ensemble : donnez les deux, ou aucune."
    POSITION = "valeur", "une latitude va de -90 à 90, une longitude de -180 à 180."
    POSITION_LOIN = "valeur", "cette position est à plus de {km} km de « {commune} »."
    POSITION_ECHANGEE = (
        "valeur",
        "cette position est à plus de {km} km de « {commune} ». La latitude et la longitude semblent échangées.",
    )


class FauteNationale(Espece):
    """What is wrong in a file of the national format, or in a record of one."""

    AUCUN_FICHIER = "fichier", "aucun fichier à lire dans ce dossier (attendus : {permis})."
    FORMAT = "fichier", "ce format n'est pas lu (permis : {permis})."
    PAS_UTF8 = "fichier", "à partir d'ici, ce n'est pas du texte UTF-8 ; enregistrez le fichier en UTF-8."
    DISQUE_PLEIN = "fichier", "plus de place sur le disque pour trier ces fichiers."
    PLUSIEURS_DOCUMENTS = (
        "syntaxe",
        "un seul document est attendu ; pour un enregistrement par ligne, nommez le fichier « .jsonl ».",
    )
    SANS_LISTE = "syntaxe", "il manque une liste « structures » ou « services »."
    COUPE = "syntaxe", "le fichier s'arrête au milieu d'un enregistrement : il est incomplet."
    TROP_LONG = "syntaxe", "enregistrement trop long : {kio} Kio au plus."
    TROP_IMBRIQUE = "syntaxe", "valeur trop imbriquée."
    COLONNE_DOUBLE = "doublon", "la première ligne nomme deux fois la même colonne."
    COLONNES = "syntaxe", "{lues} colonnes au lieu de {attendues} : vérifiez les guillemets et les séparateurs."
    CASE = "syntaxe", "une case n'est pas fermée, ou trop longue : vérifiez les guillemets."
    ENREGISTREMENT = "type", "« clé: valeur » est attendu."
    VALEUR_SIMPLE = "type", "une valeur simple est attendue, pas une liste ni « clé: valeur »."
    CARACTERE = "valeur", "un caractère de contrôle est interdit dans un texte."
    DATE_ANCIENNE = "valeur", "la date « {jour} » est avant l'an 2000."
    DATE_FUTURE = "valeur", "la date « {jour} » est dans le futur (après le {limite})."
    NOMBRE = "type", "un nombre est attendu."
    STRUCTURE_INCONNUE = "nom-inconnu", "aucune structure n'a l'identifiant « {nom} »."
    SANS_STRUCTURE = "valeur", "il n'y a aucune structure : donnez aussi le fichier des structures."
