"""What somebody is writing of a sheet: kept in the database at each change, and in the session whatever happens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import streamlit as st

from desk import base as bases
from desk import who
from engine.problems import shorten
from engine.territory import fold
from fiche.facts import SERVICES, Place, at, service_place, services, with_fact
from fiche.fields import find
from fiche.rubrique import Genre
from store import drafts, versions
from store.checks import REVERSING
from store.database import Store, Unavailable
from store.drafts import Ebauche
from store.rights import Acteur, Interdit
from store.sheets import Refus
from store.versions import Version

MAX_TEXT = 12_000
"""Characters of one field: more than the longest text of data.inclusion."""

_FIGURES: tuple[Genre, ...] = ("siret", "code-postal")
"""Kinds of figures, which people write in groups and the format wants together."""

_KEY = "ma-fiche"


@dataclass(frozen=True, slots=True)
class Retour:
    """What was written before it was replaced as a whole, and how to offer it again."""

    phrase: str
    document: dict[str, Any]
    lue: Version


@dataclass
class Edition:
    """A sheet under the hands of one person: the version that was read, and what they make of it."""

    acteur: Acteur
    lue: Version
    document: dict[str, Any]
    tete: Version
    """The head of the sheet when the page was last drawn."""
    gardee: datetime | None = None
    """When it was last kept in the database."""
    perdue: str = ""
    """Why the last change could not be kept there."""
    ailleurs: Ebauche | None = None
    """A draft of the same person that another window has kept since."""
    numero: int = 0
    """Changes whenever the document is replaced as a whole: the fields are then filled in again."""
    reprises: dict[Place, int] = field(default_factory=dict)
    """How many times a field was filled in again, other than by whoever types in it."""
    refuses: dict[Place, str] = field(default_factory=dict)
    """What was typed in a field and could not be taken, in words."""
    retirees: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """The services taken away, which can be put back."""
    retour: Retour | None = None
    dit: str = ""
    """What was just done, in words."""
    erreur: str = ""
    """Why what was just asked could not be done, in words."""

    @property
    def fiche(self) -> str:
        """The identifier of the sheet."""
        return self.lue.fiche

    @property
    def changee(self) -> bool:
        """Whether it says something else than the version that was read."""
        return self.document != self.lue.document

    @property
    def conflit(self) -> bool:
        """Whether somebody else changed the sheet since."""
        return self.changee and self.tete.numero != self.lue.numero


# --- opening ---


def opened(acteur: Acteur, fiche: str) -> Edition | None:
    """What this person was writing: in this window, else in any other one, else the sheet as it is.

    None for a sheet that does not exist. Raises Unavailable when nothing of it is in this window either.
    """
    edits = _edits()
    known = edits.get((acteur.identifiant, fiche))
    try:
        store = opened_store()
        head = versions.head(store, fiche)
        if head is None:
            return None
        if known is None:
            known = edits[acteur.identifiant, fiche] = _read(store, acteur, fiche, head)
    except Unavailable as error:
        if known is None:
            raise
        known.perdue = str(error)
        return known
    known.acteur, known.tete = acteur, head
    if not known.changee and head.numero != known.lue.numero:
        _replace(known, head.document, head)
    return known


def unsaved() -> list[Edition]:
    """What was written in this window and is not in the database."""
    return [edit for edit in _edits().values() if edit.perdue and edit.changee]


def _edits() -> dict[tuple[str, str], Edition]:
    if _KEY not in st.session_state:
        st.session_state[_KEY] = {}
    return cast(dict[tuple[str, str], Edition], st.session_state[_KEY])


def _read(store: Store, acteur: Acteur, fiche: str, head: Version) -> Edition:
    draft = drafts.find(store, acteur, fiche)
    if draft is None:
        return Edition(acteur, head, head.document, head)
    read = versions.version(store, fiche, draft.lue) if draft.lue else None
    return Edition(acteur, read or head, draft.document, head, draft.quand)


def opened_store() -> Store:
    """Where sheets are written. Raises Unavailable."""
    store = bases.store()
    if store is None:
        raise Unavailable("les fiches viennent d'un dossier : elles ne se modifient pas ici.")
    return store


# --- writing ---


def give(edit: Edition, place: Place, value: Any) -> None:
    """Writes one fact; nothing to say takes it away."""
    give_all(edit, {place: value})


def give_all(edit: Edition, told: Mapping[Place, Any]) -> None:
    """Writes facts that go together."""
    edit.dit = edit.erreur = ""
    for place, value in told.items():
        edit.refuses.pop(place, None)
        edit.document = with_fact(edit.document, place, value)
    keep(edit)


def kept_first(chosen: Iterable[str], before: Sequence[str]) -> list[str]:
    """What was already there first, in its order: only what is added or taken away is a change."""
    found = list(dict.fromkeys(chosen))
    return [item for item in before if item in found] + [item for item in found if item not in before]


def give_text(edit: Edition, place: Place, typed: str) -> None:
    """Writes a text as it was typed, without marks that nobody sees; one that is far too long is not taken."""
    if len(typed) > MAX_TEXT:
        said = f"Ce texte est trop long ({len(typed)} caractères, {MAX_TEXT} au plus) : il n’est pas pris."
        edit.refuses[place] = f"{said} Il commence par « {shorten(typed)} »."
        return
    text = REVERSING.sub("", typed.replace("\r\n", "\n")).strip()
    field = find(place[-1], spro=place[-2:-1] == ("spro",))
    if field and field.genre in _FIGURES:
        text = re.sub(r"(?<=\d)\s+(?=\d)", "", text)
    give(edit, place, text or None)


def add_service(edit: Edition, name: str, taken: Mapping[str, Any]) -> str:
    """Adds a service that has only its name; `taken` holds the identifiers of all services. Returns its identifier."""
    known = {*taken, *services(edit.document), *services(edit.lue.document), *edit.retirees}
    stem = f"{edit.fiche}-{fold(name).replace(' ', '-')}"[:76].strip("-")
    names = (stem, *(f"{stem}-{number}" for number in range(2, len(known) + 3)))
    identifier = next(found for found in names if found not in known)
    give(edit, service_place(identifier), {"id": identifier, "nom": name})
    return identifier


def remove_service(edit: Edition, identifier: str) -> None:
    """Takes a service away; it can be put back."""
    edit.retirees[identifier] = at(edit.document, service_place(identifier))
    give(edit, service_place(identifier), None)


def removed_services(edit: Edition) -> dict[str, Mapping[str, Any]]:
    """The services that can be put back: those taken away here, or in another window since the sheet was read."""
    gone = {**services(edit.lue.document), **edit.retirees}
    return {name: service for name, service in gone.items() if name not in services(edit.document)}


def put_back(edit: Edition, identifier: str) -> None:
    """Puts a service back where it was."""
    service = removed_services(edit)[identifier]
    order = list(services(edit.lue.document))
    found = [*services(edit.document).values(), service]
    found.sort(key=lambda one: order.index(one["id"]) if one["id"] in order else len(order))
    edit.document = {**edit.document, SERVICES: found}
    keep(edit)


# --- keeping ---


def keep(edit: Edition) -> None:
    """Keeps the draft in the database, unless another window has kept another one since."""
    try:
        store, acteur = opened_store(), who.current()
        found = drafts.find(store, edit.acteur, edit.fiche)
        if found and found.quand != edit.gardee and found.document != edit.document:
            edit.ailleurs = found
            return
        edit.ailleurs = None
        if acteur.identifiant != edit.acteur.identifiant:
            raise Interdit("Votre session a pris fin.")
        if edit.changee:
            edit.gardee = drafts.keep(store, acteur, edit.fiche, edit.document, edit.lue.numero)
        else:
            drafts.drop(store, acteur, edit.fiche)
            edit.gardee = None
        edit.perdue = ""
    except (Interdit, Refus, Unavailable) as error:
        edit.perdue = str(error)


def take_elsewhere(edit: Edition) -> None:
    """Goes on with the draft that another window has kept; this one can be taken again."""
    draft = edit.ailleurs
    if draft is None:
        return
    edit.retour = Retour("Brouillon de l’autre fenêtre repris.", edit.document, edit.lue)
    edit.ailleurs, edit.gardee = None, draft.quand
    read = versions.version(opened_store(), edit.fiche, draft.lue) if draft.lue else None
    _replace(edit, draft.document, read or edit.tete)


def keep_this_one(edit: Edition) -> None:
    """Keeps the draft of this window in place of the other one."""
    if edit.ailleurs is not None:
        edit.gardee, edit.ailleurs = edit.ailleurs.quand, None
        keep(edit)


# --- replacing the whole ---


def abandon(edit: Edition) -> None:
    """Goes back to the sheet as it is; the draft can be taken again."""
    start_from(edit, edit.tete.document, edit.tete, "Brouillon abandonné.")


def start_from(edit: Edition, document: Mapping[str, Any], read: Version, sentence: str) -> None:
    """Goes on from another document, made from the version `read`; what was written can be taken again."""
    edit.retour = Retour(sentence, edit.document, edit.lue) if edit.changee else None
    edit.dit, edit.erreur = "" if edit.retour else sentence, ""
    _replace(edit, document, read)
    keep(edit)


def take_back(edit: Edition) -> None:
    """Undoes the last replacement."""
    if edit.retour is not None:
        back, edit.retour = edit.retour, None
        _replace(edit, back.document, back.lue)
        keep(edit)


def finished(edit: Edition, head: Version, sentence: str) -> None:
    """The draft was submitted: the sheet is now at `head`."""
    edit.retour, edit.gardee, edit.tete = None, None, head
    edit.dit, edit.erreur = sentence, ""
    _replace(edit, head.document, head)


def _replace(edit: Edition, document: Mapping[str, Any], read: Version) -> None:
    edit.document, edit.lue = dict(document), read
    edit.numero += 1
    edit.refuses.clear()
    edit.retirees.clear()
