"""How to reach a structure: what is known, how sure it is, and what is still to be filled in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from desk.words import plain
from engine.dates import PARIS
from engine.ruleset import Confiance
from fiche.coordonnees import telephone_in_words
from fiche.horaires import HorairesInvalides, hour, in_words
from fiche.model import Provenance, Service, Structure
from fiche.ouverture import in_paris, status
from fiche.words import SURE, TO_CONFIRM, UNKNOWN, capital, listed

_ADDRESS = ("adresse", "complement_adresse", "code_postal", "commune")
_FROM_SURE_TO_UNSURE: tuple[Confiance, ...] = ("V", "V-ailleurs", "V-date", "INF", "CG")


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a structure; `texte` is empty when it is not known."""

    nom: str
    texte: str
    lien: str | None
    provenance: Provenance | None


def contacts(structure: Structure, service: Service | None = None, at: datetime | None = None) -> tuple[Contact, ...]:
    """The ways to reach a service of a structure: its own where it has one, else those of the structure.

    Hours are said in French, with what they give at a moment (now when it is not told).
    """
    open_to = _own("horaires_accueil", service) or structure
    state = open_at(open_to, at or datetime.now(PARIS))
    booking = _contact("rendez-vous", "lien_mobilisation", service, "")
    return (
        _address(structure, service),
        _said(_contact("téléphone", "telephone", _own("telephone", service) or structure), telephone_in_words),
        _contact("courriel", "courriel", _own("courriel", service) or structure, "mailto:"),
        _contact("site", "site_web", structure, ""),
        _said(_contact("horaires", "horaires_accueil", open_to), hours_in_words),
        *((state,) if state else ()),
        *((booking,) if booking.texte else ()),
    )


def own_contacts(structure: Structure, service: Service) -> tuple[Contact, ...]:
    """The ways to reach a service that are not those of its structure."""
    now = datetime.now(PARIS)
    shared = contacts(structure, at=now)
    return tuple(contact for contact in contacts(structure, service, now) if contact.texte and contact not in shared)


def open_at(holder: Structure | Service, at: datetime) -> Contact | None:
    """Whether it is open at a moment, with the hour, since a page may stay on a screen; None when nothing is known."""
    try:
        state = status(holder.horaires_accueil or "", at)
    except HorairesInvalides:
        return None
    at = in_paris(at)
    name = f"à {hour(at.hour * 60 + at.minute)}"
    return Contact(name, state.phrase, None, holder.spro.provenance.get("horaires_accueil"))


def hours_in_words(written: str) -> str:
    """Opening hours in French; as they are written when they cannot be read."""
    try:
        return in_words(written)
    except HorairesInvalides:
        return written


def _said(contact: Contact, words: Callable[[str], str]) -> Contact:
    return replace(contact, texte=words(contact.texte)) if contact.texte else contact


def _own(field: str, service: Service | None) -> Service | None:
    return service if service is not None and getattr(service, field) else None


def in_markdown(found: Sequence[Contact]) -> str:
    """The contacts, one by line, what is missing on the last one."""
    lines = [_line(contact) for contact in found if contact.texte]
    missing = [contact.nom for contact in found if not contact.texte]
    if missing:
        lines.append(f":gray[{capital(listed(missing))} : {UNKNOWN}.]")
    return "  \n".join(lines)


def _line(contact: Contact) -> str:
    text = plain(contact.texte)
    shown = f"[{text}]({contact.lien})" if contact.lien else f"**{text}**"
    return f"{capital(contact.nom)} : {shown}{doubt(contact.provenance)}"


def doubt(provenance: Provenance | None) -> str:
    """A mark, unless the fact was read in its source."""
    sure = provenance is not None and provenance.confiance == SURE
    return "" if sure else f" :orange-badge[{TO_CONFIRM}]"


def _contact(name: str, field: str, holder: Structure | Service | None, link: str | None = None) -> Contact:
    value = getattr(holder, field, None)
    if not value or holder is None:
        return Contact(name, "", None, None)
    text = str(value)
    shown = text.removeprefix("https://").removeprefix("http://").rstrip("/")
    return Contact(name, shown, None if link is None else link + text, holder.spro.provenance.get(field))


def _address(structure: Structure, service: Service | None) -> Contact:
    holder = service if service is not None and (service.adresse or service.commune) else structure
    town = " ".join(filter(None, (holder.code_postal, holder.commune)))
    text = ", ".join(filter(None, (holder.adresse, town)))
    if not text:
        return Contact("adresse", "", None, None)
    if holder.complement_adresse:
        text += f" ({holder.complement_adresse})"
    known = [holder.spro.provenance[field] for field in _ADDRESS if field in holder.spro.provenance]
    least_sure = max(known, key=lambda found: _FROM_SURE_TO_UNSURE.index(found.confiance), default=None)
    return Contact("adresse", text, None, least_sure)
