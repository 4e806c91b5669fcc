"""The quality score that data.inclusion gives a service, criterion by criterion. It never ranks anybody.

Computed by the published code (package data-inclusion-schema, `data_inclusion.schema.v1.score_qualite`): the mean of
the criteria that apply. Only the age of a service is computed here, because the published function reads the clock (and
gives nothing on the very day when a service is 180 days old).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from data_inclusion.schema.v1 import Service as NationalService
from data_inclusion.schema.v1 import score_qualite

from fiche.model import Service

SOURCE = "https://github.com/gip-inclusion/data-inclusion-schema"

RECENT, OLD = 180, 730
"""Days up to which a service is recent, and from which it is old: six months and two years, as pendulum counts them."""

_WITHOUT_AGE = ("agefiph", "france-travail")
"""Sources whose dates the published method does not look at."""

_AGE = score_qualite.date_maj_recente.__name__

_WORDS: dict[str, tuple[str, str]] = {
    "adresse_bien_definie": (
        "Adresse",
        "Attendue quand le service reçoit sur place, ou quand on peut s’y présenter.",
    ),
    "modes_mobilisation_bien_definis": (
        "Prise de contact",
        "La moitié pour les modes de contact, l’autre pour qui peut prendre contact (usagers, professionnels).",
    ),
    "au_moins_un_public": ("Public", "Au moins un public de la liste nationale."),
    "au_moins_une_thematique": ("Thème", "Au moins un thème de la liste nationale."),
    "au_moins_un_moyen_de_contact": (
        "Moyen de contact",
        "Un courriel, un téléphone ou un lien de rendez-vous propre au service.",
    ),
    "courriel_bien_defini": ("Courriel", "Attendu quand on contacte le service par courriel."),
    "date_maj_recente": (
        "Date de mise à jour",
        "Tout avant six mois, rien après deux ans, et de moins en moins entre les deux.",
    ),
    "frais_bien_definis": (
        "Frais",
        "Gratuit ou payant ; s’il est payant, la moitié tant que les frais ne sont pas précisés.",
    ),
    "description_bien_definie": (
        "Description",
        "Tout de 200 à 1 999 caractères, la moitié à partir de 50 ou de 2 000, rien au-dessous de 50.",
    ),
    "telephone_bien_defini": ("Téléphone", "Attendu quand on contacte le service par téléphone."),
}


@dataclass(frozen=True, slots=True)
class Critere:
    """One criterion: its name and its rule in French, and what the service gets, from 0 to 1 (None: does not apply)."""

    nom: str
    regle: str
    note: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a service, from 0 to 1, and what it is made of."""

    note: float
    criteres: tuple[Critere, ...]

    @property
    def pertes(self) -> tuple[Critere, ...]:
        """The criteria that are not wholly met."""
        return tuple(found for found in self.criteres if found.note is not None and found.note < 1)


def score(service: Service, on: date) -> Score:
    """The score of a service on a day."""
    told = service.model_copy(update={"frais_precisions": service.frais_precisions or None})
    found = tuple(_criterion(criterion.__name__, told, on) for criterion in score_qualite.CRITERES)
    return Score(mean([criterion.note for criterion in found if criterion.note is not None]), found)


def mean(notes: Sequence[float]) -> float:
    """The mean, to two decimals as it is published; 0 of nothing."""
    return round(sum(notes) / len(notes), 2) if notes else 0.0


def _criterion(name: str, service: NationalService, on: date) -> Critere:
    words, rule = _WORDS[name]
    note = _recent(service, on) if name == _AGE else getattr(score_qualite, name)(service)
    return Critere(words, rule, None if note is None else round(note, 2))


def _recent(service: NationalService, on: date) -> float | None:
    if service.source in _WITHOUT_AGE:
        return None
    age = (on - service.date_maj).days
    return min(1.0, max(0.0, (OLD - age) / (OLD - RECENT)))
