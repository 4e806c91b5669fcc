"""The visitor's situation: what was said, and nothing that identifies anybody.

Every key may be absent, and absent means "not asked": the three-valued logic of the rules relies on it. The questions
are declared in the vocabulary of a rule base, which makes the class of its situations (`engine.questions`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from engine.base_problems import FauteSituation
from engine.conditions import Condition, Evaluer, Valeur
from engine.problems import Invalide

Niveau = Literal["premier-accueil", "information", "conseil", "accompagnement"]

AGE_MAX = 120
"""The highest age that a sheet may set, in years."""


def yes_no(value: Any) -> Any:
    """`oui` and `non` as booleans; anything else as it is."""
    return {"oui": True, "non": False}.get(value, value) if isinstance(value, str) else value


OuiNon = Annotated[bool, BeforeValidator(yes_no), Field(strict=True)]


@dataclass(frozen=True, slots=True)
class Incompatible:
    """Answers that cannot be true together: the question where it shows, and the sentence that says it.

    `nommes` are facts, each with the word that `{avec}` stands for in the sentence when the fact holds.
    """

    champ: str
    condition: Condition
    si: Evaluer
    texte: str
    nommes: tuple[tuple[str, Valeur, str], ...]
    lit: frozenset[str]
    """The facts that the condition looks at."""

    def sentence(self, facts: Mapping[str, Valeur]) -> str:
        """What is wrong with some facts."""
        words = dict.fromkeys(word for key, value, word in self.nommes if facts.get(key) == value)
        return self.texte.replace("{avec}", ", ".join(words))


@dataclass(frozen=True, slots=True)
class Implication:
    """What follows from an answer to a question."""

    question: str
    condition: Condition
    si: Evaluer
    faits: Mapping[str, Valeur]


@dataclass(frozen=True, slots=True)
class Sens:
    """What answers state: questions compared as they are, the fact for each member of a set, what follows from what,
    and what contradicts what; `liees` are the questions of which two answers may contradict each other."""

    simples: frozenset[str] = frozenset()
    ensembles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    implications: tuple[Implication, ...] = ()
    incompatibles: tuple[Incompatible, ...] = ()
    liees: tuple[str, ...] = ()

    def stated(self, said: Mapping[str, Any]) -> dict[str, Valeur]:
        """The facts that answers state; what was not asked has no fact."""
        facts: dict[str, Valeur] = {}
        for name, value in said.items():
            if value is None:
                continue
            if name in self.simples:
                facts[name] = value
            elif name in self.ensembles:
                facts |= {key: member in value for member, key in self.ensembles[name].items()}
        return facts


class Situation(BaseModel):
    """What a visitor said; absent means "not asked". The vocabulary adds the questions, in its order."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sens: ClassVar[Sens] = Sens()
    declaration: ClassVar[str] = ""
    """The questions as they were declared, by which another process makes the same class."""

    if TYPE_CHECKING:  # the questions that the engine itself matches; declared like the others, at their own place
        age: int | None = None
        besoins: tuple[str, ...] | None = None
        commune: str | None = None
        code_postal: str | None = None
        bureau: str | None = None

    @model_validator(mode="after")
    def _coherent(self) -> Situation:
        found = contradictions(self)
        if found:
            raise Invalide(*(((name,), FauteSituation.CONTRADICTION(texte=words)) for name, words in found))
        return self

    def said(self) -> dict[str, Any]:
        """What was said, in the order of the vocabulary, without what was not asked."""
        return self.model_dump(mode="json", exclude_none=True)


def contradictions(situation: Situation) -> list[tuple[str, str]]:
    """The answers that cannot be true together: the question where each shows, and the sentence that says it."""
    sens = situation.sens
    facts = sens.stated({name: getattr(situation, name) for name in sens.liees})
    return [(one.champ, one.sentence(facts)) for one in sens.incompatibles if one.si(facts) is True]


def facts_of(situation: Situation) -> dict[str, Valeur]:
    """The facts that a situation states or implies; what was not asked has no fact."""
    stated = situation.sens.stated(dict(situation))
    implied: dict[str, Valeur] = {}
    for one in situation.sens.implications:
        if one.si(stated) is True:
            implied |= one.faits
    return stated | implied
