"""The visitor's situation: what was said, and nothing that identifies anybody.

Every key may be absent, and absent means "not asked": the three-valued logic of the rules relies on it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

Statut = Literal[
    "collegien-lyceen",
    "etudiant",
    "apprenti",
    "stagiaire-formation",
    "salarie-prive",
    "agent-public",
    "independant",
    "demandeur-emploi",
    "sans-activite",
    "retraite",
    "benevole",
]
FonctionPublique = Literal["etat", "territoriale", "hospitaliere"]
Categorie = Literal["a-plus", "a", "b", "c"]
Diplome = Literal["aucun", "cap-bep", "bac", "bac+2", "bac+3", "bac+5"]
Suivi = Literal[
    "mission-locale",
    "france-travail",
    "cap-emploi",
    "apec",
    "avenir-actifs",
    "departement",
    "pjj",
    "autre",
    "personne",
]
Besoin = Literal[
    "information-generale",
    "choisir-orientation-scolaire",
    "se-reorienter-etudes",
    "raccrocher-formation",
    "decouvrir-metiers",
    "apprentissage",
    "faire-le-point",
    "se-reconvertir",
    "trouver-formation",
    "financer-formation",
    "demissionner-pour-projet",
    "valider-acquis",
    "trouver-emploi",
    "job-etudiant",
    "inscription-france-travail",
    "contrat-engagement-jeune",
    "maintien-emploi",
    "creer-entreprise",
    "financer-creation",
    "savoirs-de-base",
    "apprendre-francais",
    "numerique",
    "s-engager",
    "mobilite-internationale",
    "vie-quotidienne",
]
Souhait = Literal["information", "conseil", "accompagnement"]
Frein = Literal[
    "logement",
    "sante",
    "mobilite",
    "garde-enfants",
    "finances",
    "numerique",
    "francais",
    "administratif",
    "famille",
]
Secteur = Literal["agriculture", "artisanat", "commerce-industrie-services", "public", "autre"]
Mode = Literal["presentiel", "a-distance"]
Niveau = Literal["premier-accueil", "information", "conseil", "accompagnement"]

AGE_MAX = 120
BESOINS: tuple[str, ...] = get_args(Besoin)
STATUTS: tuple[str, ...] = get_args(Statut)

NEVER_KEPT = frozenset({"handicap", "suivi_par"})
"""Used for the answer, never written anywhere: no link, no log, no store (disability, justice follow-up)."""

_INACTIVE_EXCLUDES = (
    "collegien-lyceen",
    "etudiant",
    "apprenti",
    "stagiaire-formation",
    "salarie-prive",
    "agent-public",
    "independant",
    "demandeur-emploi",
)


def _yes_no(value: Any) -> Any:
    return {"oui": True, "non": False}.get(value, value) if isinstance(value, str) else value


def _no_repeat(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            if item in value[:index]:
                raise ValueError(f"« {item} » est donné deux fois.")
    return value


OuiNon = Annotated[bool, BeforeValidator(_yes_no), Field(strict=True)]


class Situation(BaseModel):
    """What a visitor said. Keys and values: design contract; absent means "not asked"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    age: Annotated[int, Field(strict=True, ge=0, le=AGE_MAX)] | None = None
    statuts: Annotated[tuple[Statut, ...], BeforeValidator(_no_repeat)] | None = None
    cherche_emploi: OuiNon | None = None
    cadre: OuiNon | None = None
    fonction_publique: FonctionPublique | None = None
    categorie: Categorie | None = None
    diplome: Diplome | None = None
    handicap: OuiNon | None = None
    rsa: OuiNon | None = None
    suivi_par: Suivi | None = None
    besoins: Annotated[tuple[Besoin, ...], BeforeValidator(_no_repeat)] | None = None
    souhait: Souhait | None = None
    freins: Annotated[tuple[Frein, ...], BeforeValidator(_no_repeat)] | None = None
    secteur: Secteur | None = None
    scolarise_en_france: OuiNon | None = None
    commune: str | None = None
    mode: Mode | None = None
    bureau: str | None = None

    @field_validator("commune", mode="before")
    @classmethod
    def _code_written_as_a_number(cls, value: Any) -> Any:
        """An INSEE code without quotes is a number for YAML."""
        return f"{value:05d}" if isinstance(value, int) and not isinstance(value, bool) else value

    @field_validator("commune")
    @classmethod
    def _commune_is_named(cls, value: str | None) -> str | None:
        if value is not None and not value.strip():
            raise ValueError("le nom ou le code INSEE de la commune est vide ; retirez la clé si rien n'a été demandé.")
        return value

    @field_validator("statuts", "besoins")
    @classmethod
    def _empty_means_not_asked(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return value or None

    @model_validator(mode="after")
    def _coherent(self) -> Situation:
        found = contradictions(self)
        if found:
            raise Contradictions(found)
        return self

    def said(self) -> dict[str, Any]:
        """What was said, in the order of the contract, without what was not asked."""
        return self.model_dump(mode="json", exclude_none=True)


class Contradictions(ValueError):
    """Answers that cannot be true together: for each, the question where it shows and the sentence that says it."""

    def __init__(self, par_champ: list[tuple[str, str]]) -> None:
        super().__init__(" ".join(sentence for _, sentence in par_champ))
        self.par_champ = par_champ


def contradictions(situation: Situation) -> list[tuple[str, str]]:
    """The answers that cannot be true together: the question where each shows, and the sentence that says it."""
    statuts = situation.statuts or ()
    found: list[tuple[str, str]] = []
    clash = [statut for statut in _INACTIVE_EXCLUDES if statut in statuts]
    if "sans-activite" in statuts and clash:
        inactive = "« sans-activite » (ni emploi, ni études, ni formation, non inscrit)"
        found.append(("statuts", f"{inactive} contredit « {', '.join(clash)} »."))
    if situation.cherche_emploi is False and "demandeur-emploi" in statuts:
        sentence = "« demandeur-emploi » (inscrit à France Travail) contredit « cherche_emploi: non »."
        found.append(("cherche_emploi", sentence))
    if situation.cherche_emploi is False and "trouver-emploi" in (situation.besoins or ()):
        found.append(("cherche_emploi", "le besoin « trouver-emploi » contredit « cherche_emploi: non »."))
    if statuts and "agent-public" not in statuts:
        found += [
            (key, f"« {key} » décrit un agent public, mais « agent-public » n'est pas dans les statuts.")
            for key in ("fonction_publique", "categorie")
            if getattr(situation, key) is not None
        ]
    return found
