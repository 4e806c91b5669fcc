"""What can be wrong, as data: which kind of problem, and the values that it is about.

Each room of the product declares its kinds in an `Espece`, with their code, their sentence and how to mend them, in
French. Sentences are made at the edge (terminal, screen, SARIF); nothing reads one to decide. The codes are a closed
list, explained to people in docs/diagnostics.md.
"""

from __future__ import annotations

import difflib
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, get_args

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
    "analyse-partielle": "Il y a trop à essayer, à lire ou à montrer : une partie seulement l'a été.",
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


Chemin = tuple[str | int, ...]
"""Where a value stands in a document: keys and list indexes from the top."""


class Espece(Enum):
    """Kinds of problems: for each its code, its sentence with the names of its values, and how to mend it, if known.

    Calling a kind with its values makes a problem. A value is shown on one line and cut; after its name, `:tel` leaves
    it whole, `:proche {mot}` asks whether the one of these names that `mot` nearly is was meant, `:voulu` whether this
    one, or one of these few, was.
    """

    def __init__(self, code: Code, phrase: str, aide: str = "") -> None:
        self.code = code
        self.phrase = phrase
        self.aide = aide
        self.noms = frozenset(_names(phrase)) | frozenset(_names(aide))

    def __call__(self, **valeurs: object) -> Probleme:
        """The problem of this kind about some values."""
        if valeurs.keys() != self.noms:
            raise TypeError(f"{self} takes {sorted(self.noms)}, not {sorted(valeurs)}")
        return Probleme(self, tuple((name, _kept(value)) for name, value in sorted(valeurs.items())))


@dataclass(frozen=True, slots=True)
class Probleme:
    """Something wrong: of which kind, and about which values. Problems are told in the order of their sentences."""

    espece: Espece
    _valeurs: tuple[tuple[str, Any], ...]

    @property
    def valeurs(self) -> dict[str, Any]:
        """The values, by name."""
        return dict(self._valeurs)

    @property
    def code(self) -> Code:
        """The code of its kind."""
        return self.espece.code

    @property
    def aide(self) -> str:
        """How to mend it, in French; empty when nothing more can be said."""
        return _FRENCH.vformat(self.espece.aide, (), self.valeurs)

    def __str__(self) -> str:
        return _FRENCH.vformat(self.espece.phrase, (), self.valeurs)

    def __lt__(self, other: Probleme) -> bool:
        return str(self) < str(other)


class Invalide(ValueError):
    """Raised where a model looks at its values: the problems, each with its path from there."""

    def __init__(self, *problemes: tuple[Chemin, Probleme]) -> None:
        super().__init__(" ".join(str(probleme) for _, probleme in problemes))
        self.problemes = problemes


# --- in words ---


def _names(phrase: str) -> Iterable[str]:
    for _, name, spec, _ in string.Formatter().parse(phrase):
        if name is not None:
            yield name
            yield from _names(spec or "")


def _kept(value: object) -> object:
    """A value that can be compared. There may be many problems: names are sorted only where they are shown."""
    if isinstance(value, (set, Mapping)):
        return frozenset(value)
    return tuple(value) if isinstance(value, list) else value


MAX_WORD = 60
"""Characters of a value in a sentence."""

MAX_MEANT = 3
"""Choices that are still a help."""

MAX_NAMES = 40
"""Names in a sentence, of those that are allowed."""


def shorten(text: str) -> str:
    """A text short enough for a sentence."""
    return text if len(text) <= MAX_WORD else text[: MAX_WORD - 3] + "…"


def shown(value: object) -> str:
    """A value as a sentence cites it: on one line, cut, without what cannot be printed."""
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "vide"}[value]
    text = str(value)[: 4 * MAX_WORD]
    return shorten("".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text).strip())


def nearest(word: str, allowed: Iterable[str]) -> str:
    """The one of `allowed` that is near `word`, or begins with it; empty when none is."""
    names, given = sorted(map(str, allowed)), shown(word).lower()
    near = difflib.get_close_matches(given, names, n=1, cutoff=0.6)
    near = near or [name for name in names if len(given) > 1 and name.startswith(given)]
    return near[0] if near else ""


def meant(names: str | tuple[str, ...]) -> str:
    """« vouliez-vous dire … ? » of a name, or of a few things; nothing of none or of many."""
    if isinstance(names, str):
        return f" Vouliez-vous dire « {names} » ?" if names else ""
    return f" Vouliez-vous dire {' ou '.join(names)} ?" if 0 < len(names) <= MAX_MEANT else ""


class _French(string.Formatter):
    """How the values of a problem are written."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """A value in words, as its specification says."""
        kind, _, word = format_spec.partition(" ")
        match kind:
            case "proche":
                return meant(nearest(word, value))
            case "voulu":
                return meant(value)
            case "tel":
                return str(value)
            case "milliers":
                return f"{value:,}".replace(",", " ")
            case "caracteres":
                return f"{value} caractère{'s' if value > 1 else ''} attendu{'s' if value > 1 else ''}"
        if isinstance(value, frozenset):
            value = tuple(sorted(map(str, value)))
        if isinstance(value, tuple):
            return ", ".join(map(shown, value[:MAX_NAMES])) + (", …" if len(value) > MAX_NAMES else "") or "rien"
        return str(value) if isinstance(value, Probleme) else shown(value)


_FRENCH = _French()


# --- what is wrong in any document ---


class Faute(Espece):
    """What is wrong in a file, in its form or in a value, whatever it is about."""

    FICHIER_ABSENT = "fichier", "ce fichier n'existe pas."
    DOSSIER_ABSENT = "fichier", "ce dossier n'existe pas."
    EST_UN_DOSSIER = "fichier", "c'est un dossier ; un fichier est attendu."
    ILLISIBLE = "fichier", "ce fichier ne peut pas être lu ({raison})."
    TROP_GROS = "fichier", "fichier trop gros : {kio} Kio au plus."
    PAS_UTF8 = "fichier", "ce n'est pas du texte UTF-8 ; enregistrez le fichier en UTF-8."
    FICHIER_VIDE = "fichier", "le fichier est vide."
    COMMENTAIRES = "fichier", "le fichier ne contient que des commentaires."

    CARACTERE_INTERDIT = "syntaxe", "caractère interdit dans un fichier YAML (caractère de contrôle ?)."
    CARACTERE_INCOMPLET = "syntaxe", "un caractère incomplet « {mot} » : écrivez le caractère en entier."
    ANCRE = "syntaxe", "une ancre « & » ou un alias « * » : écrivez la valeur en entier."
    ETIQUETTE = "syntaxe", "une étiquette « {etiquette} » n'est pas permise ici."
    TROP_IMBRIQUE = "syntaxe", "document trop imbriqué (plus de {niveaux} niveaux)."
    TROP_D_ENTREES = "syntaxe", "trop d'entrées ici : au plus {nombre:milliers}, pas {lues:milliers}."
    SANS_FIN = "syntaxe", "document trop imbriqué."
    NOMBRE_TROP_GRAND = "syntaxe", "nombre trop grand."
    CLE_DOUBLE = "doublon", "la clé « {cle} » est écrite deux fois."
    CLE_PAS_UN_MOT = "syntaxe", "une clé doit être un mot."
    GUILLEMET = "syntaxe", "ce guillemet n'est pas fermé."
    TABULATION = "syntaxe", "une tabulation : en YAML, décalez avec des espaces."
    DEUX_POINTS = "syntaxe", "deux-points inattendus : mettez entre guillemets un texte qui contient « : »."
    PLUSIEURS_DOCUMENTS = "syntaxe", "un seul document par fichier (une ligne « --- » de trop)."
    STRUCTURE = (
        "syntaxe",
        "la structure est cassée ici : vérifiez l'alignement, les tirets, les crochets et les guillemets.",
    )
    PAS_YAML = "syntaxe", "ce n'est pas du YAML : vérifiez l'alignement, les guillemets et les deux-points."
    PAS_JSON = "syntaxe", "ce n'est pas du JSON : vérifiez les virgules, les guillemets et les accolades."
    CONSTANTE = "syntaxe", "« {mot} » n'est pas une valeur JSON."

    CLE_INCONNUE = "cle-inconnue", "« {mot} » n'existe pas (clé).{permis:proche {mot}} Permis : {permis}."
    CLE_MANQUANTE = "cle-manquante", "il manque « {cle} »."
    NOM_INCONNU = "nom-inconnu", "« {mot} » n'existe pas ({sorte}).{permis:proche {mot}} Permis : {permis}."
    SOURCE_INCONNUE = "source-inconnue", "« {mot} » n'existe pas (source).{permis:proche {mot}} Permis : {permis}."

    ATTENDU = "type", "{attendu}, pas {recu:tel}."
    LISTE_VIDE = "type", "la liste est vide : au moins une valeur est attendue."

    FORME = "valeur", "« {valeur} » n'a pas la bonne forme{forme:tel}."
    BORNE = "valeur", "{sens} {borne} est attendu, pas « {valeur} »."
    TROP_COURT = "valeur", "trop court : au moins {nombre:caracteres}."
    TROP_LONG = "valeur", "trop long : au plus {nombre:caracteres}."
    COURRIEL = "valeur", "« {valeur} » n'est pas une adresse électronique."
    DIT_PAR_LE_MODELE = "valeur", "{raison:tel}"
    REFUSE = "valeur", "valeur « {valeur} » refusée ({raison})."
    TROP_DE_VALEURS = "valeur", "trop de valeurs : au plus {nombre}, pas {lues}."
    DONNE_DEUX_FOIS = "doublon", "« {valeur} » est donné deux fois."
    PAS_UNE_ZONE = (
        "nom-inconnu",
        "« {valeur} » n'est ni un code INSEE de commune, ni un code de département, ni un code SIREN "
        "d'intercommunalité (EPCI), ni « france ».",
    )

    AUTRES = "analyse-partielle", "… et {nombre:milliers} autres problèmes."
    SUITE = "analyse-partielle", "plus de {nombre} problèmes : la suite n'a pas été lue."


def unknown_name(sorte: str, mot: object, permis: Iterable[str]) -> Probleme:
    """An unknown name: what it is the name of, the word given, those that are allowed."""
    return Faute.NOM_INCONNU(sorte=sorte, mot=mot, permis=frozenset(permis))
