"""How to reach a structure: what is known, how sure it is, and what is still to be filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.words import plain
from engine.dates import PARIS
from engine.ruleset import Confiance
from fiche.coordonnees import telephone_in_words
from fiche.fields import ADDRESS, ANY_SERVICE, fields_of
from fiche.horaires import HorairesInvalides, hour, in_words
from fiche.model import Provenance, Service, Structure
from fiche.ouverture import in_paris, status
from fiche.rubrique import Genre, Rubrique
from fiche.values import given_by, holder_of
from fiche.words import SURE, TO_CONFIRM, UNKNOWN, capital, listed, within

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
    moment = at or datetime.now(PARIS)
    found = [_address(structure, service)]
    for field in dict.fromkeys(field for whole in ((), ANY_SERVICE) for field in fields_of(whole)):
        if field.lecture == "contact" and field.cle not in ADDRESS:
            found += _ways(field, holder_of(field, structure, service), moment)
    return tuple(found)


def _ways(field: Rubrique, holder: Structure | Service, at: datetime) -> Iterator[Contact]:
    """What a field says of how to reach its holder; what is asked for and missing is a way too."""
    given = given_by(holder, field)
    words = _IN_WORDS.get(field.genre, str)
    if given or field.attendu:
        text = words(given) if given else ""
        link = _LINKS[field.genre] + given if given and field.genre in _LINKS else None
        yield Contact(within(field.entete), text, link, holder.spro.provenance.get(field.cle) if given else None)
    state = open_at(holder, at) if field.genre == "horaires" else None
    if state:
        yield state


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


def _without_scheme(address: str) -> str:
    return address.removeprefix("https://").removeprefix("http://").rstrip("/")


_IN_WORDS: dict[Genre, Callable[[str], str]] = {
    "telephone": telephone_in_words,
    "horaires": hours_in_words,
    "lien": _without_scheme,
}
_LINKS: dict[Genre, str] = {"courriel": "mailto:", "lien": ""}
"""What goes before it in the address of a link."""


def _address(structure: Structure, service: Service | None) -> Contact:
    holder = service if service and (service.adresse or service.commune) else structure
    town = " ".join(filter(None, (holder.code_postal, holder.commune)))
    text = ", ".join(filter(None, (holder.adresse, town)))
    if not text:
        return Contact("adresse", "", None, None)
    if holder.complement_adresse:
        text += f" ({holder.complement_adresse})"
    known = [holder.spro.provenance[field] for field in ADDRESS if field in holder.spro.provenance]
    least_sure = max(known, key=lambda found: _FROM_SURE_TO_UNSURE.index(found.confiance), default=None)
    return Contact("adresse", text, None, least_sure)
