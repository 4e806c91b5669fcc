"""What holds for every situation: it gets an answer, always the same, and the rules are kept."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from shutil import copyfile
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from engine.asking import orient, questions
from engine.base import CATALOGUE, Base
from engine.catalogue import TERRITOIRE, build_catalogue, load_catalogue
from engine.deciders import by_evaluation, by_rete
from engine.orientation import CONDITION_DITE, Orientation, recommend, why_not
from engine.places import zones_of
from engine.questions import ChampDeclare, Genre
from engine.situation import AGE_MAX, Niveau, Situation, contradictions, facts_of
from tests.situations import BESOINS, SITUATION, STATUTS, VOCABULARY, visitor

TODAY = date(2026, 11, 23)
DATES = (date(2013, 6, 1), date(2018, 6, 1), date(2020, 9, 1), TODAY)
DESKS = sorted(sheet.stem for sheet in CATALOGUE.glob("*.yaml") if sheet.name != TERRITOIRE)
COMMUNES = ("28134", "28100", "27438", "75056", "2A004", "97411", "29155", "Dreux", "saint-rémy-sur-avre")
MISSION_LOCALE = "mission-locale-dreux"
SENSITIVE = {name for name, asked in VOCABULARY.champs.items() if asked.sensible}

slow = settings(max_examples=settings().max_examples // 5)


def _drawn(asked: ChampDeclare) -> SearchStrategy[Any]:
    values = st.sampled_from(list(asked.valeurs) or [""])
    at_least = 0 if asked.vide else 1
    of_kind: dict[Genre, SearchStrategy[Any]] = {
        "oui-non": st.booleans(),
        "choix": values,
        "ensemble": st.lists(values, min_size=at_least, max_size=4 if asked.ordonne else 3, unique=True).map(tuple),
        "entier": st.one_of(
            st.integers(asked.min, asked.max),
            st.sampled_from([age for age in (15, 16, 17, 18, 25, 26, 29, 30) if age <= (asked.max or 0)] or [0]),
        ),
        "lieu": st.sampled_from(COMMUNES),
        "code-postal": st.sampled_from(["28100", "27240", "01500"]),
        "structure": st.sampled_from(DESKS),
    }
    return of_kind[asked.genre]


VALUES = {name: _drawn(asked) for name, asked in VOCABULARY.champs.items()}


def coherent(said: dict[str, Any]) -> dict[str, Any]:
    """The same answers without those that contradict others."""
    kept = dict(said)
    while found := contradictions(SITUATION.model_construct(**kept)):
        kept.pop(found[0][0])
    return kept


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    """Coherent answers, from none at all to all of them."""
    fields = draw(st.sets(st.sampled_from(sorted(VALUES))))
    return coherent({field: draw(VALUES[field]) for field in sorted(fields)})


situations = answers().map(lambda said: visitor(**said))
dates = st.sampled_from(DATES)


def answer(situation: Situation, base: Base, on: date = TODAY) -> Orientation:
    return recommend(situation, base.catalogue, base.rules, on, decide=by_evaluation)


def proposed(orientation: Orientation) -> set[str]:
    """The structures to which the person is sent, now or later."""
    return {item.structure for item in orientation.recommandations} | {step.structure for step in orientation.parcours}


def test_every_field_is_drawn() -> None:
    assert set(VALUES) == set(SITUATION.model_fields)


# --- every situation gets an answer ---

REASON = {"regle", "texte", "sources"}
CONTRACT: dict[str, Any] = {
    "": {"date", "versions", "avertissements", "profil", "recommandations", "parcours", "ecartees", "questions"},
    "versions": {"regles", "catalogue"},
    "profil": {"publics", "cep", "niveau", "lieu", "alertes", "raisons"},
    "profil.lieu": {"commune", "nom", "dans_le_bassin"},
    "profil.cep": {"eligible", "operateurs"},
    "profil.alertes": {"texte", "regle"},
    "profil.raisons": {"conclusion", *REASON},
    "recommandations": {
        "rang", "role", "structure", "service", "hors_reseau", "chez_vous", "niveau", "besoins", "raisons",
        "apres",
    },
    "recommandations.raisons": REASON,
    "recommandations.apres": {"structure", "critere", "texte"},
    "parcours": {"etape", "structure", "service", "objet"},
    "ecartees": {"structure", "service", "raisons"},
    "ecartees.raisons": REASON,
    "questions": {"champ", "question", "effet"},
}  # fmt: skip


def keys_in(data: Any, path: str = "") -> Iterator[tuple[str, set[str]]]:
    """The keys of every mapping of the answer, by place."""
    if isinstance(data, dict):
        yield path, set(data)
        for key, value in data.items():
            yield from keys_in(value, f"{path}.{key}".lstrip("."))
    elif isinstance(data, list):
        for item in data:
            yield from keys_in(item, path)


@given(situations, dates)
def test_every_situation_gets_an_answer(base: Base, situation: Situation, on: date) -> None:
    found = recommend(situation, base.catalogue, base.rules, on)
    doors = found.recommandations
    assert [door.rang for door in doors] == list(range(1, len(doors) + 1))
    assert [door.role == "principale" for door in doors] == [True] + [False] * (len(doors) - 1)
    assert len({door.service for door in doors}) == len(doors)
    assert found.parcours[0].service == doors[0].service
    assert [step.etape for step in found.parcours] == list(range(1, len(found.parcours) + 1))
    for door in doors:
        offre = base.catalogue.offre_by_id[door.service]
        assert offre.structure.id == door.structure
        assert offre.structure.spro.recoit_public
        assert door.chez_vous == (door.structure == situation.bureau)


@slow
@given(situations, dates)
def test_answer_keeps_the_contract(base: Base, situation: Situation, on: date) -> None:
    given_json = orient(situation, base.catalogue, base.rules, on).to_json()
    assert json.loads(json.dumps(given_json, ensure_ascii=False)) == given_json
    for place, keys in keys_in(given_json):
        assert keys == CONTRACT[place], place
    assert given_json["date"] == on.isoformat()
    assert given_json["profil"]["cep"]["eligible"] in ("oui", "non", "inconnu")
    assert given_json["profil"]["niveau"] in get_args(Niveau)
    if given_json["profil"]["cep"]["eligible"] == "non":
        said = (base.rules.by_id[reason["regle"]] for reason in given_json["profil"]["raisons"])
        assert not any(rule.alors.operateur for rule in said)
    for door in given_json["recommandations"]:
        assert door["niveau"] in VOCABULARY.champs["souhait"].valeurs
        assert {source for reason in door["raisons"] for source in reason["sources"]} <= set(base.rules.sources)
        words = base.catalogue.offre_by_id[door["service"]].service.spro.a_verifier
        from_the_sheet = set() if words is None else {CONDITION_DITE}
        assert {reason["regle"] for reason in door["raisons"]} - from_the_sheet <= set(base.rules.by_id)


@given(situations)
def test_what_was_said_can_be_said_again(situation: Situation) -> None:
    assert SITUATION.model_validate(json.loads(json.dumps(situation.said()))) == situation


# --- same input, same answer ---


@given(situations, dates)
def test_durable_rules_and_the_evaluator_agree(base: Base, situation: Situation, on: date) -> None:
    decided = [
        recommend(situation, base.catalogue, base.rules, on, decide=decide)
        for decide in (by_rete, by_evaluation, by_rete)
    ]
    assert decided[0] == decided[1] == decided[2]


@given(situations, dates, st.randoms(use_true_random=False))
def test_order_of_sheets_and_of_answers_does_not_matter(
    base: Base, situation: Situation, on: date, chance: random.Random
) -> None:
    shuffled = [
        structure.model_copy(update={"services": tuple(chance.sample(structure.services, len(structure.services)))})
        for structure in chance.sample([*base.catalogue.structures.values()], len(base.catalogue.structures))
    ]
    catalogue = build_catalogue(shuffled, base.catalogue.territoire, base.catalogue.version, base.rules)
    lists = {field: getattr(situation, field) or () for field in ("statuts", "freins")}
    reordered = situation.model_copy(
        update={field: tuple(chance.sample(said, len(said))) for field, said in lists.items() if said}
    )
    expected = answer(situation, base, on)
    assert recommend(reordered, catalogue, base.rules, on, decide=by_evaluation) == expected


@slow
@given(situation=situations, on=dates)
def test_names_of_files_do_not_matter(base: Base, renamed: Base, situation: Situation, on: date) -> None:
    expected, found = (orient(situation, each.catalogue, each.rules, on).to_json() for each in (base, renamed))
    assert {**found, "versions": None} == {**expected, "versions": None}


@pytest.fixture(scope="module")
def renamed(base: Base, tmp_path_factory: pytest.TempPathFactory) -> Base:
    """The shipped catalogue, its files named so that they are read in the opposite order."""
    folder: Path = tmp_path_factory.mktemp("catalogue")
    copyfile(CATALOGUE / TERRITOIRE, folder / TERRITOIRE)
    for number, desk in enumerate(reversed(DESKS)):
        copyfile(CATALOGUE / f"{desk}.yaml", folder / f"{number:03}.yaml")
    return type(base)(base.rules, load_catalogue(folder, base.rules))


# --- what is excluded stays excluded ---


@given(answers(), st.sampled_from(sorted(VALUES)), st.data(), dates)
def test_an_answer_never_brings_back_what_was_excluded(
    base: Base, said: dict[str, Any], field: str, data: st.DataObject, on: date
) -> None:
    before = {key: value for key, value in said.items() if key != field}
    after = before | {field: data.draw(VALUES[field], label=field)}
    if coherent(after) != after or coherent(before) != before:
        return
    excluded = {item.service for item in answer(visitor(**before), base, on).ecartees}
    then = answer(visitor(**after), base, on)
    assert not excluded & {item.service for item in then.recommandations}
    assert not excluded & {step.service for step in then.parcours}


@slow
@example(situation=visitor(age=40, suivi_par="mission-locale", besoins=("information-generale",)), on=TODAY)
@given(situation=situations, on=dates)
def test_why_not_says_what_the_answer_says(base: Base, situation: Situation, on: date) -> None:
    found = answer(situation, base, on)
    doors = {door.service for door in found.recommandations}
    for desk in base.catalogue.structures:
        reasons = why_not(desk, situation, base.catalogue, base.rules, on)
        assert not doors & {item.service for item in reasons}
        assert all(item.structure == desk and item.raisons for item in reasons)
    for item in found.ecartees:
        assert item in why_not(item.structure, situation, base.catalogue, base.rules, on)


# --- what the law and the charter forbid ---

SINCE_2020 = st.sampled_from([on for on in DATES if on.year >= 2020])


@given(answers(), SINCE_2020)
def test_public_agents_are_never_sent_to_avenir_actifs(base: Base, said: dict[str, Any], on: date) -> None:
    """Except on leave with a private contract, which is then that of an employee (L514-1 CGFP)."""
    others = [statut for statut in said.get("statuts", ()) if statut not in ("agent-public", "sans-activite")]
    if "salarie-prive" in others and said.get("situation_publique") in (None, "disponibilite"):
        said = said | {"situation_publique": "activite"}
    situation = visitor(**coherent(said | {"statuts": ("agent-public", *others)}))
    assert "agent-public" in situation.said().get("statuts", ())
    assert "avenir-actifs-cvl" not in proposed(answer(situation, base, on))


@given(answers(), SINCE_2020)
def test_job_seekers_are_never_sent_to_transitions_pro(base: Base, said: dict[str, Any], on: date) -> None:
    """An employee who is registered as well keeps the right of employees."""
    otherwise = ("demandeur-emploi", "sans-activite", "salarie-prive")
    others = (statut for statut in said.get("statuts", ()) if statut not in otherwise)
    situation = visitor(**coherent(said | {"statuts": ("demandeur-emploi", *others)}))
    assert "demandeur-emploi" in situation.said().get("statuts", ())
    assert "transitions-pro-cvl" not in proposed(answer(situation, base, on))


@given(answers(), st.one_of(st.integers(0, 15), st.integers(26, AGE_MAX)), SINCE_2020)
def test_mission_locale_only_at_its_ages(base: Base, said: dict[str, Any], age: int, on: date) -> None:
    situation = visitor(**coherent(said | {"age": age, "handicap": False}))
    assert MISSION_LOCALE not in proposed(answer(situation, base, on))


@given(answers(), st.integers(0, 15), SINCE_2020)
def test_mission_locale_never_before_16_even_with_a_handicap(
    base: Base, said: dict[str, Any], age: int, on: date
) -> None:
    situation = visitor(**coherent(said | {"age": age, "handicap": True}))
    assert MISSION_LOCALE not in proposed(answer(situation, base, on))


@given(situations, dates)
def test_structures_that_receive_nobody_are_never_proposed(base: Base, situation: Situation, on: date) -> None:
    closed = {found.id for found in base.catalogue.structures.values() if not found.spro.recoit_public}
    assert "prefecture-cvl" in closed
    assert not closed & proposed(answer(situation, base, on))


@given(situations, dates)
def test_court_services_only_for_those_who_are_followed(base: Base, situation: Situation, on: date) -> None:
    if "pjj-grand-centre" in proposed(answer(situation, base, on)):
        assert situation.said().get("suivi_par") == "pjj"


@given(answers(), SINCE_2020)
def test_those_followed_by_a_court_service_are_sent_back_to_it(base: Base, said: dict[str, Any], on: date) -> None:
    found = answer(visitor(**said | {"suivi_par": "pjj", "commune": "28134"}), base, on)
    told = {"alerte-educateur", "alerte-prevenir-referent"} & {alert.regle for alert in found.profil.alertes}
    assert told or "pjj-grand-centre" in proposed(found) | {item.structure for item in found.ecartees}


@given(answers(), dates)
def test_a_commune_elsewhere_never_gets_a_local_offer(base: Base, said: dict[str, Any], on: date) -> None:
    found = answer(visitor(**said | {"commune": "97411"}), base, max(on, DATES[1]))
    zones = zones_of("97411", base.catalogue)
    for door in found.recommandations:
        offre = base.catalogue.offre_by_id[door.service]
        assert not offre.zones or offre.zones & zones


# --- what to ask next ---

COMMUNES_TRIED = ("28134", "27438", "75056")


def possible_answers(field: str, base: Base) -> list[Any]:
    """Every answer to a question; one member at a time for a list."""
    asked = base.rules.vocabulaire.champs[field]
    if asked.genre == "entier":
        return list(range(asked.min or 0, (asked.max or 0) + 1))
    if field == "commune":
        return list(COMMUNES_TRIED)
    if asked.genre == "ensemble":
        return [(member,) for member in asked.valeurs]
    return list(asked.valeurs) or [True, False]


def glance(situation: Situation, base: Base, on: date) -> tuple[Any, ...]:
    """What an agent reads of an answer: the doors, the profile, what is to be checked at the first one."""
    found = answer(situation, base, on)
    profil = found.profil
    doors = [(door.role, door.service) for door in found.recommandations]
    checks = [check.regle for check in found.recommandations[0].a_verifier]
    alerts = [alert.regle for alert in profil.alertes]
    return doors, profil.cep, profil.operateurs, profil.niveau, alerts, checks


def variants(situation: Situation, field: str, base: Base) -> Iterator[Situation]:
    said = situation.model_dump(exclude_none=True)
    for value in possible_answers(field, base):
        if coherent(said | {field: value}) == said | {field: value}:
            yield visitor(**said | {field: value})


@slow
@given(situations, st.sampled_from(DATES[1:]))
def test_questions_are_those_that_can_change_the_answer(base: Base, situation: Situation, on: date) -> None:
    found = questions(situation, base.catalogue, base.rules, on)
    asked = [question.champ for question in found]
    decisive = {question.champ for question in found if question.decisive}
    said = situation.said()
    assert len(set(asked)) == len(asked)
    assert not set(asked) & {*said, "bureau"}
    assert [field in SENSITIVE for field in asked] == sorted(field in SENSITIVE for field in asked)
    seen = glance(situation, base, on)
    for field in asked:
        glances = [glance(other, base, on) for other in variants(situation, field, base)]
        assert any(other != seen for other in glances), field
        assert (field in decisive) == any(other[0][0] != seen[0][0] for other in glances) or field == "commune", field
    facts = facts_of(situation)
    for field in set(VALUES) - {*said, *asked, "bureau", "commune", "code_postal"}:
        if base.rules.is_raised(field, facts):
            first = {glance(other, base, on)[0][0] for other in variants(situation, field, base)}
            assert first <= {seen[0][0]}, field


# --- many at a time ---


def test_threads_give_the_answers_of_one(base: Base) -> None:
    chance = random.Random(28134)
    drawn = []
    for _ in range(40):
        fields = chance.sample(sorted(SIMPLE), chance.randint(0, len(SIMPLE)))
        drawn.append(visitor(**coherent({field: chance.choice(SIMPLE[field]) for field in fields})))
    alone = [recommend(situation, base.catalogue, base.rules, TODAY) for situation in drawn]

    def answer_all(start: int) -> list[Orientation]:
        order = [*range(start, len(drawn)), *range(start)] * 5
        found = {index: recommend(drawn[index], base.catalogue, base.rules, TODAY) for index in order}
        return [found[index] for index in range(len(drawn))]

    with ThreadPoolExecutor(8) as pool:
        assert all(found == alone for found in pool.map(answer_all, range(0, 40, 5)))


SIMPLE: dict[str, list[Any]] = {
    "age": [15, 17, 20, 27, 45, 66],
    "statuts": [(statut,) for statut in STATUTS],
    "besoins": [(besoin,) for besoin in BESOINS],
    "cadre": [True, False],
    "handicap": [True, False],
    "rsa": [True],
    "commune": ["28134", "75056"],
    "bureau": DESKS,
}


def test_a_thousand_answers_do_not_exhaust_the_sessions_of_durable_rules(base: Base) -> None:
    situation = visitor(besoins=("creer-entreprise",))
    expected = recommend(situation, base.catalogue, base.rules, TODAY)
    assert all(recommend(situation, base.catalogue, base.rules, TODAY) == expected for _ in range(1100))
