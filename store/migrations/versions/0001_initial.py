"""Sheets and their revisions, drafts, reports, accounts. Revisions and decisions can only be added."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.tables import Instant

revision = "0001"
down_revision = None

APPEND_ONLY = ("revision", "decision")
REFUSAL = "les versions publiées ne se modifient pas"


def upgrade() -> None:
    """Creates everything."""
    op.create_table(
        "brouillon",
        sa.Column("fiche", sa.String(length=200), nullable=False),
        sa.Column("auteur", sa.String(length=200), nullable=False),
        sa.Column("lue", sa.Integer(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("quand", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("fiche", "auteur", name=op.f("pk_brouillon")),
    )
    op.create_table(
        "compte",
        sa.Column("identifiant", sa.String(length=200), nullable=False),
        sa.Column("nom", sa.Text(), nullable=False),
        sa.Column("courriel", sa.String(length=320), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("structure", sa.String(length=200), nullable=True),
        sa.Column("empreinte", sa.Text(), nullable=True),
        sa.Column("a_changer", sa.Boolean(), nullable=False),
        sa.Column("cree_le", Instant(), nullable=False),
        sa.Column("ferme_le", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("identifiant", name=op.f("pk_compte")),
        sa.UniqueConstraint("courriel", name=op.f("uq_compte_courriel")),
    )
    op.create_table(
        "reglage",
        sa.Column("cle", sa.String(length=40), nullable=False),
        sa.Column("valeur", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("cle", name=op.f("pk_reglage")),
    )
    op.create_table(
        "revision",
        sa.Column("fiche", sa.String(length=200), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("lue", sa.Integer(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("archivee", sa.Boolean(), nullable=False),
        sa.Column("origine", sa.String(length=20), nullable=False),
        sa.Column("auteur", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("quand", Instant(), nullable=False),
        sa.Column("motif", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("fiche", "numero", name=op.f("pk_revision")),
    )
    op.create_table(
        "signalement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fiche", sa.String(length=200), nullable=False),
        sa.Column("service", sa.String(length=200), nullable=True),
        sa.Column("raison", sa.String(length=40), nullable=False),
        sa.Column("texte", sa.Text(), nullable=False),
        sa.Column("quand", Instant(), nullable=False),
        sa.Column("traite_par", sa.String(length=200), nullable=True),
        sa.Column("traite_le", Instant(), nullable=True),
        sa.Column("reponse", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signalement")),
    )
    op.create_index(op.f("ix_signalement_fiche"), "signalement", ["fiche"], unique=False)
    op.create_table(
        "tentative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cle", sa.String(length=64), nullable=False),
        sa.Column("quand", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tentative")),
    )
    op.create_index(op.f("ix_tentative_cle_quand"), "tentative", ["cle", "quand"], unique=False)
    op.create_table(
        "connexion",
        sa.Column("jeton", sa.String(length=64), nullable=False),
        sa.Column("compte", sa.String(length=200), nullable=False),
        sa.Column("ouverte_le", Instant(), nullable=False),
        sa.Column("expire_le", Instant(), nullable=False),
        sa.Column("jeton_oidc", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["compte"], ["compte.identifiant"], name=op.f("fk_connexion_compte")),
        sa.PrimaryKeyConstraint("jeton", name=op.f("pk_connexion")),
    )
    op.create_index(op.f("ix_connexion_compte"), "connexion", ["compte"], unique=False)
    op.create_table(
        "decision",
        sa.Column("fiche", sa.String(length=200), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("etat", sa.String(length=20), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=True),
        sa.Column("auteur", sa.String(length=200), nullable=False),
        sa.Column("quand", Instant(), nullable=False),
        sa.Column("motif", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fiche", "numero"], ["revision.fiche", "revision.numero"], name=op.f("fk_decision_fiche_numero")
        ),
        sa.PrimaryKeyConstraint("fiche", "numero", name=op.f("pk_decision")),
        sa.UniqueConstraint("rang", name=op.f("uq_decision_rang")),
    )
    for table in APPEND_ONLY:
        _protect(table)


def _protect(table: str) -> None:
    """Whoever holds the connection cannot rewrite what was written."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        same = f"SELECT 1 FROM {table} WHERE fiche = NEW.fiche AND numero = NEW.numero"
        op.execute(  # INSERT OR REPLACE deletes without a DELETE trigger
            f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} WHEN EXISTS ({same}) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refus() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_ajout_seul BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refus()"
    )
