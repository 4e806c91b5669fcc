"""What the table of fields says of each field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.ruleset import Ruleset
from fiche.words import capital

Genre = Literal[
    "texte",
    "texte-long",
    "nombre",
    "age",
    "oui-non",
    "choix",
    "choix-mois",
    "plusieurs",
    "accueil",
    "zones",
    "commune",
    "code-insee",
    "code-postal",
    "siret",
    "telephone",
    "courriel",
    "lien",
    "horaires",
    "date",
]
"""What a field takes: it decides how it is asked (`desk.ma_fiche.widgets`), said (`fiche.values`) and checked
(`fiche.coordonnees`)."""

Lecture = Literal["tete", "ligne", "contact", "classeur", "non"]
"""Where it is read: at the head of a sheet, on a line of it, among the ways to reach it, in the workbook only, nowhere.
All but the last have a column in the workbook."""

TexteNational = Literal["publics_precisions", "conditions_acces"]
"""The free texts of the national format, where what it has no key for is said in words."""

Nouvelle = Literal["dite", "sans-valeur", "tue"]
"""How a change is announced to readers: with its value, without (it names a person), or not at all."""

Options = Callable[[Ruleset], Mapping[str, str]]
"""The choices of a field: the name of each in the sheet, and its words."""


@dataclass(frozen=True, slots=True)
class Rubrique:
    """A field; its name is written as within a sentence."""

    cle: str
    nom: str
    genre: Genre = "texte"
    sens: str = ""
    """What it says, for who writes sheets by hand and for who reads what the national format loses."""
    spro: bool = False
    """Whether the network added it to the national format; it then stands under `spro`."""

    titre: str = ""
    aide: str = ""
    exemple: str = ""
    choix: Options | None = None
    """None: those of the national format, in its words."""
    reserve: str = ""
    """What only the coordination changes, with its article; empty when the structure writes it."""

    absent: str = ""
    """What its absence means; empty when it means that nobody said it."""
    attendu: bool = False
    """Whether the structure is asked for it when it is missing."""
    toujours: bool = False
    """Whether what its absence means is worth a line where a sheet is read."""
    relu: bool = False
    """Whether the structure reads it again before it says that its sheet is up to date; all contacts are."""
    nouvelle: Nouvelle = "dite"
    cherche: bool = False
    """Whether the directory looks for words in it."""

    lecture: Lecture = "ligne"
    lu: str = ""
    """Its heading where it is read; fields of one heading share a line."""
    colonne: str = ""
    """Its heading in the workbook, when it is another one."""
    titres: bool = False
    """Whether the words of its choices are names, which keep their capital within a sentence."""

    devenir: TexteNational | None = None
    """Where the words of a field of the network go in the national format; None: it is lost."""
    dit: str = ""
    """What it is called there."""

    @property
    def place(self) -> tuple[str, ...]:
        """Where it is in what holds it."""
        return ("spro", self.cle) if self.spro else (self.cle,)

    @property
    def libelle(self) -> str:
        """Its title where it is asked."""
        return self.titre or capital(self.nom)

    @property
    def entete(self) -> str:
        """Its heading where it is read."""
        return self.lu or capital(self.nom)


@dataclass(frozen=True, slots=True)
class Groupe:
    """Fields that are looked at together; those of a group without title are never asked."""

    titre: str
    rubriques: tuple[Rubrique, ...]
    aide: str = ""
