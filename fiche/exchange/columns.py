"""The columns of the workbook: what people look for in a structure or a service, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from data_inclusion.schema.base import EnhancedEnum

from engine.base import Base
from engine.catalogue import zone_name
from fiche.exchange.free_text import ages
from fiche.model import Accueil, Reseau, Service, SproService, SproStructure, Structure
from fiche.words import SURE, TO_CONFIRM, UNKNOWN

Columns = tuple[tuple[str, int], ...]
"""Headings, and widths in characters."""

STRUCTURES: Columns = (
    ("Nom", 36),
    ("Rôle", 24),
    ("Réseau", 12),
    ("Reçoit le public", 12),
    ("Adresse", 36),
    ("Code postal", 10),
    ("Commune", 20),
    ("Téléphone", 18),
    ("Courriel", 28),
    ("Site", 28),
    ("Horaires", 24),
    ("Présentation", 60),
    ("Reste à confirmer", 50),
    ("SIRET", 18),
    ("Mise à jour", 12),
    ("Identifiant", 28),
)
SERVICES: Columns = (
    ("Structure", 36),
    ("Service", 36),
    ("Besoins", 40),
    ("Niveau", 24),
    ("Publics", 40),
    ("Âge", 18),
    ("Situations", 24),
    ("À vérifier", 50),
    ("À apporter", 30),
    ("À dire", 40),
    ("Frais", 16),
    ("Accueil", 18),
    ("Zone", 28),
    ("Adresse", 36),
    ("Téléphone", 18),
    ("Courriel", 28),
    ("Rendez-vous", 28),
    ("Horaires", 24),
    ("Présentation", 60),
    ("Mise à jour", 12),
    ("Identifiant", 28),
)

_NETWORKS: dict[Reseau, str] = {"local": "bassin", "regional": "région", "hors-reseau": "hors réseau"}
_POLICIES: dict[Accueil, str] = {"recoit": "reçoit", "priorise": "en priorité", "reserve-a": "réservé"}


def structure_row(structure: Structure, base: Base) -> Iterator[str | date | None]:
    """The cells of a structure, in the order of STRUCTURES."""
    spro = structure.spro
    yield structure.nom
    yield _said(base.rules.vocabulaire.roles[spro.role], spro, "role")
    yield _said(_NETWORKS[spro.reseau], spro, "reseau")
    yield _said("oui" if spro.recoit_public else "non", spro, "recoit_public")
    yield _fact(structure, "adresse", "complement_adresse") or UNKNOWN
    for field in ("code_postal", "commune", "telephone", "courriel", "site_web", "horaires_accueil", "description"):
        yield _fact(structure, field) or UNKNOWN
    yield spro.a_confirmer
    yield _fact(structure, "siret") or UNKNOWN
    yield structure.date_maj
    yield structure.id


def service_row(structure: Structure, service: Service, base: Base) -> Iterator[str | date | None]:
    """The cells of a service, in the order of SERVICES; what it does not say of its place is said by its structure."""
    spro, words = service.spro, base.rules.vocabulaire
    yield structure.nom
    yield service.nom
    yield _said(", ".join(words.besoins[need].libelle for need in spro.besoins), spro, "besoins")
    yield _said(words.niveaux[spro.niveau], spro, "niveau")
    publics = (f"{words.publics[entry.public].libelle} ({_POLICIES[entry.accueil]})" for entry in spro.publics)
    yield _said(", ".join(publics), spro, "publics")
    yield _said(ages(spro), spro, *(field for field in ("age_min", "age_max") if getattr(spro, field) is not None))
    yield _said(", ".join(words.champs["statuts"].valeurs[status].lower() for status in spro.statuts), spro, "statuts")
    for field in ("a_verifier", "a_apporter", "a_dire"):
        yield _said(getattr(spro, field) or "", spro, field)
    yield _fact(service, "frais", "frais_precisions") or UNKNOWN
    yield _fact(service, "modes_accueil") or UNKNOWN
    yield _said(", ".join(map(zone_name, service.zone_eligibilite or ())), spro, "zone_eligibilite")
    holder = service if service.adresse or service.commune else structure
    yield _fact(holder, "adresse", "complement_adresse", "code_postal", "commune") or UNKNOWN
    for field in ("telephone", "courriel"):
        yield _fact(service, field) or _fact(structure, field) or UNKNOWN
    yield _fact(service, "lien_mobilisation") or None
    yield _fact(service, "horaires_accueil") or _fact(structure, "horaires_accueil") or UNKNOWN
    yield _fact(service, "description")
    yield service.date_maj
    yield service.id


def _fact(holder: Structure | Service, *fields: str) -> str:
    """What some facts say together; empty when none is known."""
    known = [field for field in fields if getattr(holder, field)]
    return _said(", ".join(_text(getattr(holder, field)) for field in known), holder.spro, *known)


def _said(text: str, spro: SproStructure | SproService, *facts: str) -> str:
    """A text, with its doubt unless each of its facts was read in its source."""
    sure = all(fact in spro.provenance and spro.provenance[fact].confiance == SURE for fact in facts)
    return text if sure or not text else f"{text} ({TO_CONFIRM})"


def _text(value: object) -> str:
    if isinstance(value, (frozenset, set, tuple, list)):
        return ", ".join(sorted(map(_text, value)))
    return value.label.lower() if isinstance(value, EnhancedEnum) else str(value)
