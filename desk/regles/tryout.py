"""« Essayer » : a rule against a made-up situation, each of its conditions true, false or unknown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import streamlit as st

from analysis.examples import facts_of_example, verdict_of
from desk.orientation.answers import understand
from desk.orientation.fields import choices
from desk.regles import dates
from desk.regles.effects import conclusions, situation_in_words
from desk.words import plain
from engine.base import Base
from engine.conditions import Condition, Faits, Verdict, keys_of, specialise
from engine.explanation import in_words
from engine.loading import concluded_by
from engine.orientation import sentence
from engine.questions import NONE_OF_THEM, ChampDeclare
from engine.ruleset import Regle, Ruleset
from fiche.words import capital, day

OFFER, FIRST = "offre", "premiere"

_TYPED = ("entier", "code-postal", "lieu")

_VERDICTS: dict[Verdict, str] = {True: ":green-badge[vrai]", False: ":orange-badge[faux]", None: ":gray-badge[inconnu]"}
_MEETING = {"offre.couvre": "commune", "offre.repond_au_besoin": "besoins", "offre.bureau": "bureau"}
"""How an offer and a visitor meet, and the question behind it."""

_ALSO = {"besoin_principal": "besoins", "besoins_retenus": "besoins", "operateurs": "cep"}
"""What a conclusion also depends on."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried, and what the rule says of it."""

    faits: Faits
    verdict: Verdict
    manque: tuple[str, ...]


# --- what to ask ---


def fields_behind(conditions: Iterable[Condition], rules: Ruleset) -> tuple[str, ...]:
    """The questions behind conditions, directly or through what earlier rules conclude; the sensitive ones last."""
    concluding: dict[str, set[str]] = defaultdict(set)
    for rule in rules.regles:
        for fact in concluded_by(rule.alors.model_dump()):
            concluding[fact] |= _keys(rule)
    left = {key for condition in conditions for key in keys_of(condition)}
    seen: set[str] = set()
    while left:
        key = left.pop()
        seen.add(key)
        name = key.partition("=")[0]
        others = {also for also in (_MEETING.get(name), _ALSO.get(name)) if also}
        left |= (others | concluding.get(key, set())) - seen
    names = {key.partition("=")[0] for key in seen}
    words = rules.vocabulaire.champs
    return tuple(sorted((name for name in words if name in names), key=lambda name: words[name].sensible))


def _keys(rule: Regle) -> set[str]:
    return {key for condition in _conditions(rule) for key in keys_of(condition)}


def _conditions(rule: Regle) -> list[Condition]:
    return [rule.si, *([rule.sauf] if rule.sauf else [])]


def _left(rule: Regle, facts: Faits) -> list[Condition]:
    """What is left of the conditions of a rule once facts are known."""
    found = [specialise(condition, facts) for condition in _conditions(rule)]
    return [condition for condition in found if not isinstance(condition, bool)]


def attempt(rule: Regle, example: dict[str, Any], base: Base, on: date) -> Trial:
    """What a rule says of an example. Raises UnknownName for a commune or a desk that does not exist."""
    facts = facts_of_example(rule, example, base, on)
    verdict = verdict_of(rule, example, base, on)
    missing = fields_behind(_left(rule, facts), base.rules) if verdict is None else ()
    return Trial(facts, verdict, tuple(name for name in missing if name not in example))


# --- the form and its answer ---


def show(rule: Regle, base: Base, on: date) -> None:
    """The form of a rule, and what the rule says of the situation that it holds."""
    with st.container(border=True, key="essai"):
        st.subheader("Essayer", anchor=False)
        _start_from(rule, base)
        about = _about(rule, base)
        known = base.catalogue.offre_by_id[about[OFFER]].faits if OFFER in about else {}
        answers = _form(rule, fields_behind(_left(rule, known), base.rules), base)
        understood = understand(answers, base.catalogue, base.rules)
        for message in understood.refused.values():
            st.error(plain(message))
        example = understood.situation.model_dump(exclude_none=True) | about
        _answer(rule, example, base, on)


def _answer(rule: Regle, example: dict[str, Any], base: Base, on: date) -> None:
    trial = attempt(rule, example, base, on)
    _say(rule, trial, example, base, on)
    st.markdown(_lines(rule.si, trial, base))
    if rule.sauf:
        st.markdown(f"Sauf si :\n\n{_lines(rule.sauf, trial, base)}")


def _say(rule: Regle, trial: Trial, example: Mapping[str, Any], base: Base, on: date) -> None:
    if not rule.holds_on(on):
        st.info(
            f"**La règle n’est pas en vigueur** le {day(on)} : elle ne conclut rien, quelles que soient les réponses."
        )
    elif trial.verdict is True:
        lines = [capital(line) for line in conclusions(rule, base)]
        if OFFER in example:
            lines.append(capital(sentence(rule, base.catalogue.offre_by_id[example[OFFER]])))
        st.success("**La règle conclut.**\n" + "\n".join(f"- {plain(line)}" for line in lines))
    elif trial.verdict is False:
        st.info("**La règle ne conclut pas.**")
    else:
        questions = [plain(base.rules.vocabulaire.champs[name].question) for name in trial.manque]
        st.warning("**Il manque une réponse.**\n" + "\n".join(f"- {question}" for question in questions))


def _lines(condition: Condition, trial: Trial, base: Base) -> str:
    lines = in_words(condition, base.rules, trial.faits)
    return "\n".join(f"{'    ' * line.profondeur}- {_VERDICTS[line.verdict]} {plain(line.texte)}" for line in lines)


# --- fields ---


def _start_from(rule: Regle, base: Base) -> None:
    # The offers of the form are the real ones.
    examples = [example.dit for example in rule.joues if "avec" not in example.dit]
    if examples:
        key = _key(rule, "depart")
        st.selectbox(
            "Partir d’un exemple",
            range(len(examples)),
            index=None,
            format_func=lambda position: situation_in_words(examples[position], base),
            placeholder="Rien n’est encore dit",
            filter_mode="contains",
            key=key,
            on_change=_fill,
            args=(rule, examples, key, base),
        )


def _fill(rule: Regle, examples: list[dict[str, Any]], key: str, base: Base) -> None:
    """Puts an example in the fields; nothing when no example is chosen."""
    position = st.session_state[key]
    example = {} if position is None else examples[position]
    for name, asked in base.rules.vocabulaire.champs.items():
        st.session_state[_key(rule, name)] = _held(asked, example.get(name))
    st.session_state[_key(rule, FIRST)] = example.get(FIRST)
    if OFFER in example:
        st.session_state[_key(rule, OFFER)] = example[OFFER]
    if dates.DAY in example:
        st.session_state[dates.KEY] = dates.written(date.fromisoformat(str(example[dates.DAY])))


def _held(asked: ChampDeclare, value: Any) -> Any:
    """An answer as its field holds it."""
    if asked.genre in _TYPED:
        return "" if value is None else str(value)
    if asked.genre == "ensemble":
        values = value if isinstance(value, (list, tuple)) or value is None else [value]
        return [NONE_OF_THEM] if asked.vide and values == [] else list(values or ())
    return value


def _key(rule: Regle, name: str) -> str:
    return f"essai-{rule.id}-{name}"


def _about(rule: Regle, base: Base) -> dict[str, str]:
    """The offer that a rule about offers is tried on, or the first structure for a rule about what follows."""
    if rule.strate == "offres":
        offers = base.catalogue.offre_by_id
        names = sorted(offers, key=lambda name: specialise(rule.si, offers[name].faits) is False)
        chosen = st.selectbox(
            "Offre",
            names,
            format_func=lambda name: f"{offers[name].structure.nom} — {offers[name].service.nom}",
            filter_mode="contains",
            key=_key(rule, OFFER),
        )
        return {OFFER: chosen}
    if rule.strate == "parcours":
        roles = base.rules.vocabulaire.roles
        first = _select(rule, FIRST, "Première structure", roles, "Celle que propose le moteur")
        return {FIRST: first} if first else {}
    return {}


def _select(rule: Regle, name: str, label: str, options: Mapping[str, str], placeholder: str) -> str | None:
    chosen: str | None = st.selectbox(
        label,
        list(options),
        index=None,
        format_func=lambda option: options[option],
        placeholder=placeholder,
        filter_mode="contains",
        key=_key(rule, name),
    )
    return chosen


def _form(rule: Regle, names: Iterable[str], base: Base) -> dict[str, Any]:
    """What the fields hold, without those left empty."""
    found = {}
    for name in names:
        boolean = base.rules.vocabulaire.champs[name].genre == "oui-non"
        with st.container(key=f"{'oui-non' if boolean else 'champ'}-essai-{name}", gap=None):
            found[name] = _field(rule, name, base)
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _field(rule: Regle, name: str, base: Base) -> Any:
    asked = base.rules.vocabulaire.champs[name]
    question, key = asked.question, _key(rule, name)
    if asked.genre == "lieu":
        return st.text_input(question, key=key, placeholder="Nom ou code INSEE", autocomplete="off")
    if asked.genre in _TYPED:
        return st.text_input(question, key=key, placeholder=asked.indication, autocomplete="off", live="300ms")
    if asked.genre == "structure":
        structures = {found.id: found.nom for found in base.catalogue.structures.values()}
        return _select(rule, name, question, structures, "Choisir un bureau")
    if name == "besoins":
        needs = base.rules.vocabulaire.besoins
        return st.multiselect(
            question,
            list(needs),
            format_func=lambda need: needs[need].libelle,
            placeholder="Choisir une demande",
            filter_mode="contains",
            select_all=False,
            key=key,
        )
    labels = choices(asked)
    mode: Literal["multi", "single"] = "multi" if asked.genre == "ensemble" else "single"
    return st.pills(question, list(labels), selection_mode=mode, format_func=labels.__getitem__, key=key)
