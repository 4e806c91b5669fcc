"""The accounts of the members: who they are, what they may do, and the password of those who have one.

An account is never erased: what somebody wrote keeps its author. It is closed, and loses its open sessions at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from engine.documents import FORBIDDEN
from engine.problems import unknown_name
from store import limits, passwords, tables, versions
from store.database import Store
from store.limits import Limite
from store.rights import MACHINE, ROLES, Acteur, Role, require_administer
from store.sheets import written

_TOO_MANY = "Trop d'essais avec cet identifiant."
PAR_COMPTE = (
    Limite(5, timedelta(minutes=5), _TOO_MANY),
    Limite(10, timedelta(hours=1), _TOO_MANY),
    Limite(30, timedelta(days=1), _TOO_MANY),
)
"""Wrong passwords for one name, whether it is an account or not: the more there are, the longer the wait."""

PAR_SOURCE = Limite(100, timedelta(minutes=10), "Trop d'essais depuis cet endroit.")
"""Passwords tried from one address, whatever the name: a whole building may share it."""

_IDENTIFIER = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9])?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_TAKEN = {MACHINE.identifiant}


class CompteRefuse(Exception):
    """What was asked of an account cannot be done; every reason, in French."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Incorrect(Exception):
    """The name or the password is wrong; nobody is told which. In French."""

    def __init__(self) -> None:
        super().__init__("Identifiant ou mot de passe incorrect.")


@dataclass(frozen=True, slots=True)
class Compte:
    """An account. `a_changer`: its password was chosen by somebody else, and opens nothing until it is changed."""

    identifiant: str
    nom: str
    role: Role
    structure: str | None = None
    courriel: str | None = None
    a_mot_de_passe: bool = False
    a_changer: bool = False
    ferme_le: datetime | None = None

    @property
    def acteur(self) -> Acteur:
        """Who acts when this account does."""
        return Acteur(self.identifiant, self.nom, self.role, self.structure)


# --- reading ---


def everyone(store: Store) -> list[Compte]:
    """Every account, those that are closed too. Raises Unavailable."""
    with store.reading() as session:
        return [read(row) for row in session.scalars(select(tables.Compte).order_by(tables.Compte.identifiant))]


def any_open(store: Store) -> bool:
    """Whether somebody can sign in. Raises Unavailable."""
    with store.reading() as session:
        return session.scalar(select(func.count()).where(tables.Compte.ferme_le.is_(None))) != 0


def find(store: Store, identifiant: str) -> Compte | None:
    """One account, open or closed. Raises Unavailable."""
    with store.reading() as session:
        row = session.get(tables.Compte, identifiant)
        return read(row) if row else None


def find_by_email(store: Store, courriel: str) -> Compte | None:
    """The account that has an e-mail address, open or closed. Raises Unavailable."""
    with store.reading() as session:
        row = session.scalar(select(tables.Compte).where(tables.Compte.courriel == _email(courriel)))
        return read(row) if row else None


def read(row: tables.Compte) -> Compte:
    """The account of a row."""
    role: Role = next(role for role in ROLES if role == row.role)
    has_password = row.empreinte is not None
    return Compte(
        row.identifiant, row.nom, role, row.structure, row.courriel, has_password, row.a_changer, row.ferme_le
    )


# --- managing: the administration, or whoever is on the machine ---


def create(store: Store, acteur: Acteur, wanted: Compte, password: str | None = None) -> Compte:
    """Opens an account; without a password it is entered by its e-mail, through the identity provider.

    Raises Interdit, CompteRefuse with every problem, Unavailable.
    """
    require_administer(acteur)
    wanted = _tidy(wanted)
    weak = passwords.problems(password, _known_words(store, wanted)) if password is not None else []
    kept = passwords.fingerprint(password) if password is not None and not weak else None

    def write(session: Session) -> Compte:
        problems = [*_problems(session, wanted), *weak]
        if session.get(tables.Compte, wanted.identifiant):
            problems.append(f"Le compte « {wanted.identifiant} » existe déjà.")
        if password is None and not wanted.courriel:
            problems.append("Il faut un mot de passe, ou l'adresse électronique que connaît le fournisseur d'identité.")
        if problems:
            raise CompteRefuse(*problems)
        row = tables.Compte(
            identifiant=wanted.identifiant,
            nom=wanted.nom,
            role=wanted.role,
            structure=wanted.structure,
            courriel=wanted.courriel,
            empreinte=kept,
            a_changer=kept is not None,
            cree_le=datetime.now(UTC),
        )
        session.add(row)
        return read(row)

    return written(store, write)


def change(store: Store, acteur: Acteur, wanted: Compte) -> Compte:
    """Gives an account its name, role, structure and e-mail; open sessions follow at once.

    Raises Interdit, CompteRefuse with every problem, Unavailable.
    """
    wanted = _tidy(wanted)

    def write(session: Session, row: tables.Compte) -> None:
        problems = _problems(session, wanted)
        if acteur.identifiant == row.identifiant and wanted.role != row.role:
            problems.append("Vous ne pouvez pas changer votre propre rôle.")
        if not wanted.courriel and row.empreinte is None:
            problems.append("Ce compte n'a pas de mot de passe : son adresse électronique est son seul accès.")
        if problems:
            raise CompteRefuse(*problems)
        row.nom, row.role, row.structure, row.courriel = wanted.nom, wanted.role, wanted.structure, wanted.courriel

    return _managed(store, acteur, wanted.identifiant, write)


def close(store: Store, acteur: Acteur, identifiant: str) -> Compte:
    """Closes an account and its open sessions. Raises Interdit, CompteRefuse, Unavailable."""

    def write(session: Session, row: tables.Compte) -> None:
        if acteur.identifiant == row.identifiant:
            raise CompteRefuse("Vous ne pouvez pas fermer votre propre compte.")
        row.ferme_le = row.ferme_le or datetime.now(UTC)
        revoke(session, row.identifiant)

    return _managed(store, acteur, identifiant, write)


def reopen(store: Store, acteur: Acteur, identifiant: str) -> Compte:
    """Opens a closed account again, as it was. Raises Interdit, CompteRefuse, Unavailable."""

    def write(_session: Session, row: tables.Compte) -> None:
        row.ferme_le = None

    return _managed(store, acteur, identifiant, write)


def give_password(store: Store, acteur: Acteur, identifiant: str, password: str) -> Compte:
    """Gives a password that its owner must change; ends the open sessions, and the wait after wrong passwords.

    Raises Interdit, CompteRefuse, Unavailable.
    """
    require_administer(acteur)
    known = find(store, identifiant)
    weak = passwords.problems(password, _known_words(store, known)) if known else []
    if weak:
        raise CompteRefuse(*weak)
    kept = passwords.fingerprint(password)

    def write(session: Session, row: tables.Compte) -> None:
        row.empreinte, row.a_changer = kept, True
        revoke(session, row.identifiant)
        limits.forget(session, _limits(row.identifiant))

    return _managed(store, acteur, identifiant, write)


# --- the owner of the account ---


def authenticate(store: Store, name: str, password: str, now: datetime, source: str = "") -> Compte:
    """The open account of an identifier or e-mail and its password; `source` is where it comes from, kept by nobody.

    Raises Incorrect, CompteRefuse (closed, said only to who knows the password), TropSouvent, Unavailable.
    """
    row = _by_name(store, name)
    tried = _limits(row.identifiant if row else _email(name))
    wanted = {**tried, f"connexion depuis {source}": PAR_SOURCE} if source else tried
    written(store, lambda session: limits.spend(session, wanted, now))  # before the answer: tries cannot overlap
    if not passwords.matches(row.empreinte if row else None, password) or not row or not row.empreinte:
        raise Incorrect
    written(store, lambda session: limits.forget(session, tried))
    if row.ferme_le:
        raise CompteRefuse("Ce compte est fermé. Adressez-vous à l'administration du réseau.")
    if passwords.is_outdated(row.empreinte):
        _keep(store, row.identifiant, passwords.fingerprint(password))
    return read(row)


def change_own_password(store: Store, compte: Compte, old: str, new: str, now: datetime) -> None:
    """Changes the password of who is signed in; every session of the account ends.

    Raises Incorrect, CompteRefuse with every problem of the new one, TropSouvent, Unavailable.
    """
    authenticate(store, compte.identifiant, old, now)
    problems = passwords.problems(new, _known_words(store, compte))
    if old == new:
        problems.append("Le nouveau mot de passe doit être différent de l'ancien.")
    if problems:
        raise CompteRefuse(*problems)
    _keep(store, compte.identifiant, passwords.fingerprint(new), changed=True)


def _by_name(store: Store, name: str) -> tables.Compte | None:
    """An identifier has no @, so that it is never the e-mail of somebody else."""
    given = _email(name)
    column = tables.Compte.courriel if "@" in given else tables.Compte.identifiant
    with store.reading() as session:
        return session.scalar(select(tables.Compte).where(column == given))


def _limits(name: str) -> dict[str, Limite]:
    return {f"mot de passe {limit.nombre} {name}": limit for limit in PAR_COMPTE}


def _keep(store: Store, identifiant: str, kept: str, *, changed: bool = False) -> None:
    def write(session: Session) -> None:
        row = session.get_one(tables.Compte, identifiant)
        row.empreinte = kept
        if changed:
            row.a_changer = False
            revoke(session, identifiant)

    written(store, write)


# --- inside a transaction ---


def revoke(session: Session, identifiant: str) -> None:
    """Ends every open session of an account."""
    session.execute(delete(tables.Connexion).where(tables.Connexion.compte == identifiant))


def _managed(
    store: Store, acteur: Acteur, identifiant: str, change_row: Callable[[Session, tables.Compte], None]
) -> Compte:
    require_administer(acteur)

    def write(session: Session) -> Compte:
        row = session.get(tables.Compte, identifiant)
        if row is None:
            known = session.scalars(select(tables.Compte.identifiant)).all()
            raise CompteRefuse(str(unknown_name("compte", identifiant, known)))
        change_row(session, row)
        return read(row)

    return written(store, write)


# --- what an account must be ---


def _tidy(wanted: Compte) -> Compte:
    return replace(
        wanted,
        identifiant=wanted.identifiant.strip().casefold(),
        nom=" ".join(wanted.nom.split()),
        structure=wanted.structure or None,
        courriel=_email(wanted.courriel or "") or None,
    )


def _email(text: str) -> str:
    return text.strip().casefold()


def _problems(session: Session, wanted: Compte) -> list[str]:
    found = []
    if not _IDENTIFIER.fullmatch(wanted.identifiant) or wanted.identifiant in _TAKEN:
        found.append("Un identifiant est fait de lettres sans accent, de chiffres, de « . », « - » et « _ ».")
    if not wanted.nom or len(wanted.nom) > 200 or FORBIDDEN.search(wanted.nom):
        found.append("Il faut un nom, de 200 caractères au plus : celui que les autres liront.")
    if wanted.courriel and (len(wanted.courriel) > 320 or not _EMAIL.fullmatch(wanted.courriel)):
        found.append("L'adresse électronique n'est pas complète ; par exemple « prenom.nom@exemple.fr ».")
    if wanted.role not in ROLES:
        found.append(str(unknown_name("rôle", wanted.role, ROLES)))
    return found + _structure_problems(session, wanted) + _email_problems(session, wanted)


def _structure_problems(session: Session, wanted: Compte) -> list[str]:
    if wanted.role != "partenaire":
        return ["Seul un compte « partenaire » agit pour une structure."] if wanted.structure else []
    if not wanted.structure:
        return ["Un compte « partenaire » agit pour une structure : donnez son identifiant."]
    sheet = versions.published_in(session, wanted.structure)
    if sheet and not sheet.archivee:
        return []
    known = session.scalars(select(tables.Revision.fiche).distinct()).all()
    return [str(unknown_name("structure", wanted.structure, known))]


def _email_problems(session: Session, wanted: Compte) -> list[str]:
    if not wanted.courriel:
        return []
    same = tables.Compte.courriel == wanted.courriel, tables.Compte.identifiant != wanted.identifiant
    other = session.scalar(select(tables.Compte.identifiant).where(*same))
    return [f"Le compte « {other} » a déjà cette adresse électronique."] if other else []


def _known_words(store: Store, compte: Compte) -> list[str]:
    """What others know of an account."""
    found = [compte.identifiant, *compte.nom.split(), *(compte.courriel or "").split("@")[:1]]
    if compte.structure:
        sheet = versions.published(store, compte.structure)
        found += [compte.structure, sheet.nom if sheet else ""]
    return found
