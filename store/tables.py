"""The tables. Revisions of sheets and decisions about them are only ever added: the database refuses anything else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import DateTime, Dialect, ForeignKey, ForeignKeyConstraint, Index, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from store.rights import Role

EtatProposition = Literal["proposee", "publiee", "refusee", "retiree"]
Origine = Literal["ecran", "dossier", "data-inclusion", "restauration", "confirmation"]


class Instant(TypeDecorator[datetime]):
    """A moment, in UTC: SQLite would lose the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Refuses a moment without a zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> datetime | None:
        """The moment with its zone."""
        if value is None:
            return None
        found: datetime = value
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


class Table(DeclarativeBase):
    """What all tables share: names of constraints that are the same on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant, str: Text}  # noqa: RUF012  # as the base class declares it


class Revision(Table):
    """One version of a sheet, as somebody wrote it (`document` is its JSON). `lue` is the version it was made from.

    `role` is the right of the author when it was written: what may be told of who it was.
    """

    __tablename__ = "revision"

    fiche: Mapped[str] = mapped_column(String(200), primary_key=True)
    numero: Mapped[int] = mapped_column(primary_key=True)
    lue: Mapped[int | None]
    document: Mapped[str]
    archivee: Mapped[bool]
    origine: Mapped[Origine] = mapped_column(String(20))
    auteur: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(String(20))
    quand: Mapped[datetime]
    motif: Mapped[str]


class Decision(Table):
    """What became of a revision; one without a decision is proposed. `rang` numbers the publications of all sheets."""

    __tablename__ = "decision"
    __table_args__ = (ForeignKeyConstraint(["fiche", "numero"], ["revision.fiche", "revision.numero"]),)

    fiche: Mapped[str] = mapped_column(String(200), primary_key=True)
    numero: Mapped[int] = mapped_column(primary_key=True)
    etat: Mapped[EtatProposition] = mapped_column(String(20))
    rang: Mapped[int | None] = mapped_column(unique=True)
    auteur: Mapped[str] = mapped_column(String(200))
    quand: Mapped[datetime]
    motif: Mapped[str]


class Brouillon(Table):
    """What somebody has not submitted yet; one by person and sheet."""

    __tablename__ = "brouillon"

    fiche: Mapped[str] = mapped_column(String(200), primary_key=True)
    auteur: Mapped[str] = mapped_column(String(200), primary_key=True)
    lue: Mapped[int | None]
    document: Mapped[str]
    quand: Mapped[datetime]


class Signalement(Table):
    """An error that a reader reports on a sheet. Nothing says who reported it."""

    __tablename__ = "signalement"

    id: Mapped[int] = mapped_column(primary_key=True)
    fiche: Mapped[str] = mapped_column(String(200), index=True)
    service: Mapped[str | None] = mapped_column(String(200))
    raison: Mapped[str] = mapped_column(String(40))
    texte: Mapped[str]
    quand: Mapped[datetime]
    traite_par: Mapped[str | None] = mapped_column(String(200))
    traite_le: Mapped[datetime | None]
    reponse: Mapped[str | None]


class Compte(Table):
    """A member's account. Without `empreinte` it only opens through the identity provider, by its e-mail."""

    __tablename__ = "compte"

    identifiant: Mapped[str] = mapped_column(String(200), primary_key=True)
    nom: Mapped[str]
    courriel: Mapped[str | None] = mapped_column(String(320), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    structure: Mapped[str | None] = mapped_column(String(200))
    empreinte: Mapped[str | None]
    a_changer: Mapped[bool]
    cree_le: Mapped[datetime]
    ferme_le: Mapped[datetime | None]


class Connexion(Table):
    """An open session, known by the fingerprint of its token; it ends by itself, or when it is revoked."""

    __tablename__ = "connexion"

    jeton: Mapped[str] = mapped_column(String(64), primary_key=True)
    compte: Mapped[str] = mapped_column(ForeignKey("compte.identifiant"), index=True)
    ouverte_le: Mapped[datetime]
    expire_le: Mapped[datetime]
    jeton_oidc: Mapped[str | None]


class Tentative(Table):
    """One use of something rate-limited; `cle` is a fingerprint, and old lines are erased."""

    __tablename__ = "tentative"
    __table_args__ = (Index(None, "cle", "quand"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cle: Mapped[str] = mapped_column(String(64))
    quand: Mapped[datetime]


class Reglage(Table):
    """A setting that all processes share, such as the secret that signs cookies."""

    __tablename__ = "reglage"

    cle: Mapped[str] = mapped_column(String(40), primary_key=True)
    valeur: Mapped[str]
