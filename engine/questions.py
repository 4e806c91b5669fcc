"""The questions to the visitor, as the vocabulary declares them, and the class of situations that they make.

Everything that knows a question (the class, its schema, conditions, form, links, scenarios, proof) follows from here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache, partial
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, create_model

from engine.base_problems import FauteCondition, FauteQuestion, FauteSituation
from engine.conditions import (
    GROUPES,
    Champ,
    Condition,
    GenreCompare,
    Tous,
    compile_condition,
    keys_of,
    parse_condition,
    tests_of,
)
from engine.documents import Signaler, first_repeated
from engine.problems import Chemin, Faute, Invalide, Probleme, meant, nearest, unknown_name
from engine.situation import Implication, Incompatible, OuiNon, Sens, Situation

Genre = Literal["oui-non", "choix", "ensemble", "entier", "lieu", "code-postal", "structure"]

ChampDeFiche = Literal["besoins", "statuts", "secteurs", "modes"]
"""What a sheet says in the values of a question."""

RECONNUES: Mapping[str, Genre] = {
    "age": "entier",
    "besoins": "ensemble",
    "commune": "lieu",
    "code_postal": "code-postal",
    "bureau": "structure",
}
"""The questions that the engine matches with offers, places and desks: every vocabulary declares them."""

_RESERVED = frozenset(
    {*GROUPES, "publics", "cep", "operateurs", "besoin_principal", "besoins_retenus", "niveau", "referents", "premiere"}
    | {"le", "offre", "avec", *dir(Situation)}
)
"""Names that mean something else in a condition, an example or a situation."""

ANY_VALUE = "…"
"""In the words of scenarios: whatever the value."""

NONE_OF_THEM = "aucun"
"""The empty list where it means "asked, none", written as a value: in a form, a link, the words of scenarios."""

NOTHING_SAID = "rien n'est dit"

_Valeur = Annotated[str, StringConstraints(pattern=r"^[a-z0-9+]+(-[a-z0-9+]+)*$", max_length=80)]
_Cle = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]


class _Modele(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class ChampDeclare(_Modele):
    """A question of the situation: its kind, its words, its values, and how its answers are treated.

    It is asked when `posee_si` is known to hold and `posee_sauf` is not. `vide` is the label of an empty list where it
    means "asked, none"; without it, an empty list is no answer.
    """

    genre: Genre
    libelle: str
    question: str
    aide: str | None = None
    sensible: OuiNon = False
    conserve: OuiNon = True
    posee_si: Any = None
    posee_sauf: Any = None
    valeurs: dict[_Valeur, str] = {}
    ordonne: OuiNon = False
    vide: str | None = None
    min: int | None = None
    max: int | None = None
    indication: str | None = None
    refus: str | None = None
    fiche: ChampDeFiche | None = None
    scenario: dict[str, str] = {}


class ContradictionDeclaree(_Modele):
    """Two conditions that cannot both be true, the question where it shows, and the sentence that says it."""

    champ: str
    si: Any
    avec: Any
    texte: Annotated[str, StringConstraints(min_length=5, max_length=600)]


class ImplicationDeclaree(_Modele):
    """Answers to one question from which an answer to another follows."""

    si: Any
    alors: Annotated[dict[str, Any], Field(min_length=1)]


class Questionnaire(_Modele):
    """The questions in the order of the form, and how their answers bear on one another."""

    champs: dict[_Cle, ChampDeclare]
    contradictions: tuple[ContradictionDeclaree, ...] = ()
    implications: tuple[ImplicationDeclaree, ...] = ()

    @property
    def situation(self) -> type[Situation]:
        """The class of situations: the same for equal declarations."""
        return _situation_class(self._declaration)

    @cached_property
    def _declaration(self) -> str:
        # not the class: a base that is kept in a file holds what makes it
        declared = Questionnaire(champs=self.champs, contradictions=self.contradictions, implications=self.implications)
        return declared.model_dump_json()

    @cached_property
    def compares(self) -> dict[str, Champ]:
        """The questions that conditions may compare; the others (place, desk) are matched."""
        return {
            name: Champ(name, genre, tuple(declared.valeurs))
            for name, declared in self.champs.items()
            if (genre := _COMPARED.get(declared.genre))
        }

    @cached_property
    def par_fiche(self) -> dict[str, ChampDeclare]:
        """The question whose values a fact of offers takes, by the name of this fact."""
        return {f"offre.{declared.fiche}": declared for declared in self.champs.values() if declared.fiche}


_COMPARED: dict[Genre, GenreCompare] = {name: name for name in get_args(GenreCompare)}


# --- the class of situations ---


@lru_cache(maxsize=16)
def _situation_class(declared: str) -> type[Situation]:
    questions = Questionnaire.model_validate_json(declared)
    fields: dict[str, Any] = {name: (_annotation(one) | None, None) for name, one in questions.champs.items()}
    made = create_model("Situation", __base__=Situation, __doc__=Situation.__doc__, **fields)
    made.sens = _sens(questions)
    made.declaration = declared
    made.__reduce__ = _how_to_make_again  # type: ignore[method-assign,assignment]
    return made


def _how_to_make_again(situation: Situation) -> tuple[Callable[..., Situation], tuple[Any, ...]]:
    return _make_again, (situation.declaration, situation.model_dump(exclude_none=True))


def _make_again(declared: str, said: dict[str, Any]) -> Situation:
    return _situation_class(declared).model_construct(**said)


def _annotation(declared: ChampDeclare) -> Any:
    values: Any = Literal[tuple(declared.valeurs)] if declared.valeurs else str
    match declared.genre:
        case "oui-non":
            return OuiNon
        case "choix":
            return values
        case "ensemble":
            once = partial(_no_repeat, max(MAX_VALUES, len(declared.valeurs)))
            several = Annotated[tuple[values, ...], BeforeValidator(once)]
            return several if declared.vide else Annotated[several, AfterValidator(_empty_means_not_asked)]
        case "entier":
            return Annotated[int, Field(strict=True, ge=declared.min, le=declared.max)]
        case "lieu":
            return Annotated[str, BeforeValidator(_code_written_as_a_number), AfterValidator(_place_is_named)]
        case "code-postal":
            five = StringConstraints(pattern=r"^\d{5}$")
            return Annotated[str, BeforeValidator(_code_written_as_a_number), five]
        case "structure":
            return str


MAX_VALUES = 100
"""Values that are looked at in an answer, where fewer are declared: beyond, something else than a person wrote it."""


def _no_repeat(most: int, value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        if len(value) > most:
            raise Invalide(((), Faute.TROP_DE_VALEURS(nombre=most, lues=len(value))))
        twice = first_repeated(item for item in value if isinstance(item, str))
        if twice is not None:
            raise Invalide(((), Faute.DONNE_DEUX_FOIS(valeur=twice)))
    return value


def _empty_means_not_asked(value: tuple[str, ...]) -> tuple[str, ...] | None:
    return value or None


def _code_written_as_a_number(value: Any) -> Any:
    """A code of five digits without quotes is a number for YAML."""
    return f"{value:05d}" if isinstance(value, int) and not isinstance(value, bool) else value


def _place_is_named(value: str) -> str:
    if not value.strip():
        raise Invalide(((), FauteSituation.COMMUNE_VIDE()))
    return value


def _sens(questions: Questionnaire) -> Sens:
    """What answers mean; what is wrong in a condition, which its check reports, is left out."""
    champs = questions.compares
    incompatible: list[Incompatible] = []
    linked: set[str] = set()
    for one in questions.contradictions:
        si, avec = _read(one.si, champs), _read(one.avec, champs)
        if si is not None and avec is not None:
            both = Tous((si, avec))
            read = frozenset(keys_of(both))
            linked |= {key.partition("=")[0] for key in read}
            incompatible.append(
                Incompatible(one.champ, both, compile_condition(both), one.texte, tuple(_named(avec)), read)
            )
    implied: list[Implication] = []
    for said in questions.implications:
        si = _read(said.si, champs)
        if si is not None:
            question = next(keys_of(si)).partition("=")[0]
            implied.append(Implication(question, si, compile_condition(si), _facts(said.alors, champs)))
    sets = {
        name: {value: champ.cle(value) for value in champ.valeurs}
        for name, champ in champs.items()
        if champ.genre == "ensemble"
    }
    return Sens(
        frozenset(champs.keys() - sets.keys()),
        sets,
        tuple(implied),
        tuple(incompatible),
        tuple(name for name in champs if name in linked),
    )


def _read(written: Any, champs: Mapping[str, Champ]) -> Condition | None:
    problems: list[Probleme] = []
    condition = parse_condition(written, champs, (), lambda _, found: problems.append(found))
    return None if problems else condition


def _named(condition: Condition) -> Iterator[tuple[str, Any, str]]:
    """The facts that a condition asks for, each with the value that it is about."""
    for test in tests_of(condition):
        if test.op == "==":
            yield test.cle, test.valeur, test.cle.partition("=")[2] or str(test.valeur)


def _facts(answers: Mapping[str, Any], champs: Mapping[str, Champ]) -> dict[str, Any]:
    """The facts that follow from answers, each of them one value."""
    condition = _read(dict(answers), champs)
    return {} if condition is None else {test.cle: test.valeur for test in tests_of(condition)}


# --- what is wrong in a declaration ---


def check_questions(questions: Questionnaire, at_key: Signaler, at_value: Signaler) -> bool:
    """Reports what is wrong in the questions. False when a situation cannot even be made of them."""
    usable = True
    for name, genre in RECONNUES.items():
        if name not in questions.champs:
            at_key(("champs",), Faute.CLE_MANQUANTE(cle=name))
            usable = False
        elif questions.champs[name].genre != genre:
            at_value(("champs", name, "genre"), FauteQuestion.GENRE(genre=genre))
            usable = False
    for name, declared in questions.champs.items():
        if name in _RESERVED:
            at_key(("champs", name), FauteQuestion.NOM_RESERVE(nom=name))
            usable = False
        for key, wrong in _misfits(declared, is_filled=name == "besoins"):
            at_value(("champs", name, key), wrong)
    for fiche in get_args(ChampDeFiche):
        if f"offre.{fiche}" not in questions.par_fiche:
            at_key(("champs",), FauteQuestion.SANS_QUESTION(champ=fiche))
            usable = False
    _check_links(questions, at_value)
    _check_phrases(questions, at_value)
    return usable


def _misfits(declared: ChampDeclare, *, is_filled: bool) -> Iterator[tuple[str, Probleme]]:
    """The keys that a kind of question lacks or does not take."""
    of_kind: dict[str, tuple[Genre, ...]] = {
        "valeurs": ("choix", "ensemble"),
        "ordonne": ("ensemble",),
        "vide": ("ensemble",),
        "fiche": ("choix", "ensemble"),
        "min": ("entier",),
        "max": ("entier",),
        "refus": ("entier",),
    }
    for key in sorted(declared.model_fields_set & of_kind.keys()):
        if declared.genre not in of_kind[key]:
            yield key, FauteQuestion.PAS_DE_CE_GENRE(cle=key, genres=" ou ".join(of_kind[key]))
    if declared.genre in of_kind["valeurs"] and not declared.valeurs and not is_filled:
        yield "", FauteQuestion.SANS_VALEURS()
    if declared.vide and NONE_OF_THEM in declared.valeurs:
        yield "valeurs", FauteQuestion.LISTE_VIDE(nom=NONE_OF_THEM)
    if declared.genre == "entier":
        for key in ("min", "max"):
            if getattr(declared, key) is None:
                yield "", Faute.CLE_MANQUANTE(cle=key)
        if declared.min is not None and declared.max is not None and declared.min > declared.max:
            yield "min", FauteCondition.INTERVALLE(min=declared.min, max=declared.max)
    yield from _wrong_phrases(declared)


def _wrong_phrases(declared: ChampDeclare) -> Iterator[tuple[str, Probleme]]:
    allowed = [*declared.valeurs, ANY_VALUE, *([NONE_OF_THEM] if declared.vide else [])]
    if declared.genre == "oui-non":
        allowed = ["oui", "non"]
    for value, phrase in declared.scenario.items():
        if value not in allowed:
            yield "scenario", unknown_name("valeur", value, allowed)
        elif (value == ANY_VALUE) != (ANY_VALUE in phrase) or "," in phrase:
            yield "scenario", FauteQuestion.PHRASE(phrase=phrase)


def _check_links(questions: Questionnaire, report: Signaler) -> None:
    champs = questions.compares
    for index, one in enumerate(questions.contradictions):
        place: Chemin = ("contradictions", index)
        if one.champ not in champs:
            report((*place, "champ"), unknown_name("champ", one.champ, champs))
        for key in ("si", "avec"):
            parse_condition(getattr(one, key), champs, (*place, key), report)
    for index, implied in enumerate(questions.implications):
        place = ("implications", index)
        si = parse_condition(implied.si, champs, (*place, "si"), report)
        if len({key.partition("=")[0] for key in keys_of(si)}) > 1:
            report((*place, "si"), FauteQuestion.IMPLICATION())
        for name, value in implied.alors.items():
            if isinstance(value, (list, dict)):
                report((*place, "alors", name), FauteQuestion.UNE_VALEUR())
            else:
                parse_condition({name: value}, champs, (*place, "alors"), report)


def _check_phrases(questions: Questionnaire, report: Signaler) -> None:
    uses = Counter(phrase for declared in questions.champs.values() for phrase in declared.scenario.values())
    for name, declared in questions.champs.items():
        for value, phrase in declared.scenario.items():
            if uses[phrase] > 1 or phrase == NOTHING_SAID:
                report(("champs", name, "scenario", value), FauteQuestion.PHRASE_PRISE(phrase=phrase))


# --- the words of scenarios ---


def read_person(words: str, questions: Questionnaire) -> dict[str, Any]:
    """The answers that a scenario writes, separated by commas: « 25 ans, demandeur d'emploi, demande trouver-emploi ».

    Raises ValueError for words that no question declares. Values are not checked: the class of situations does it.
    """
    said: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in words.split(","))):
        if part == NOTHING_SAID:
            continue
        name, value = _answer(part, questions)
        if questions.champs[name].genre != "ensemble":
            said[name] = value
        else:
            said.setdefault(name, []).extend([] if value == [] else [value])
    return said


def _answer(part: str, questions: Questionnaire) -> tuple[str, Any]:
    phrases = [
        (phrase, name, value)
        for name, declared in questions.champs.items()
        for value, phrase in declared.scenario.items()
    ]
    for phrase, name, value in sorted(phrases, key=lambda found: found[2] == ANY_VALUE):
        if value != ANY_VALUE:
            if phrase == part:
                return name, _VALUES[questions.champs[name].genre](value)
            continue
        written = re.fullmatch(re.escape(phrase).replace(re.escape(ANY_VALUE), "(.+)"), part)
        if written and (questions.champs[name].genre != "entier" or written[1].isdecimal()):
            return name, _VALUES[questions.champs[name].genre](written[1])
    near = meant(nearest(part, [phrase for phrase, _, _ in phrases]))
    raise ValueError(f"« {part} » n'est pas dans le vocabulaire des scénarios.{near}")


_VALUES: Mapping[Genre, Callable[[str], Any]] = {
    "oui-non": lambda value: value == "oui",
    "entier": int,
    "ensemble": lambda value: [] if value == NONE_OF_THEM else value,
    "choix": str,
    "lieu": str,
    "code-postal": str,
    "structure": str,
}
