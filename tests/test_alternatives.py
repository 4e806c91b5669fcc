"""What would change the answer: exactly the changes of one fact, or else of two, that a search one by one finds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from desk.orientation.changes import by_structure, changes_in_words
from engine import territory
from engine.asking import Alternative, alternatives, to_reach
from engine.base import Base
from engine.decision import Contexte
from engine.orientation import Visite
from engine.places import UnknownName
from engine.situation import AGE_MAX, Situation
from tests.situations import visitor
from tests.test_decision import one_by_one
from tests.test_properties import TODAY, coherent, possible_answers

EMPLOYEE = visitor(age=34, statuts=("salarie-prive",), besoins=("se-reconvertir",))
STUDENT = visitor(age=19, statuts=("etudiant", "benevole"), besoins=("decouvrir-metiers", "s-engager"), freins=())
SITUATIONS = (visitor(), EMPLOYEE, STUDENT, visitor(fonction_publique="territoriale", commune="28134"))


def lists(field: str, said: Any, base: Base) -> Iterator[Any]:
    """The answers to a question about a list: each member alone, one more, one less; of needs, another one first."""
    members = [member for (member,) in possible_answers(field, base)]
    yield from ((member,) for member in members)
    if field == "freins":
        yield ()
    for member in members if said else ():
        others = tuple(item for item in said if item != member)
        if field == "besoins":
            yield (member, *others)
        elif member not in said:
            yield (*said, member)
        if member in said and others:
            yield others


def facts(situation: Situation, base: Base) -> list[tuple[str, Any]]:
    """Every other answer to every question, each age by itself."""
    found = []
    for field in (name for name in base.rules.vocabulaire.champs if name in base.rules.lues):
        said = getattr(situation, field)
        asked = base.rules.vocabulaire.champs[field]
        if asked.genre == "ensemble":
            found += [(field, value) for value in dict.fromkeys(lists(field, said, base)) if value != said]
        elif field not in ("bureau", "commune", "code_postal"):
            found += [(field, value) for value in possible_answers(field, base) if value != said]
    return found


def after(situation: Situation, change: tuple[tuple[str, Any], ...]) -> Situation | None:
    said = situation.model_dump(exclude_none=True) | dict(change)
    return visitor(**said) if coherent(said) == said else None


def spread(found: tuple[Alternative, ...]) -> set[tuple[str, tuple[tuple[str, Any], ...]]]:
    """Each change with each of the ages that it stands for, without those of commune."""
    changes = set()
    for item in found:
        ages = range(item.ages[0], item.ages[1] + 1) if item.ages else (None,)
        for age in ages:
            change = tuple((field, age if field == "age" else value) for field, value in item.faits)
            if "commune" not in dict(change):
                changes.add((item.structure, change))
    return changes


@pytest.mark.parametrize("situation", SITUATIONS)
def test_one_fact_exactly(situation: Situation, base: Base) -> None:
    (now,) = one_by_one([situation], base, TODAY)
    expected = set()
    for fact in facts(situation, base):
        changed = after(situation, (fact,))
        if changed is not None:
            (first,) = one_by_one([changed], base, TODAY)
            expected |= {(first, (fact,))} if first != now else set()
    assert spread(alternatives(situation, base.catalogue, base.rules, TODAY)) == expected
    assert expected


@pytest.mark.parametrize(
    ("structure", "situation"),
    [
        ("mission-locale-dreux", EMPLOYEE),
        ("anfh", EMPLOYEE),
        ("transitions-pro-cvl", visitor(age=40, statuts=("demandeur-emploi",), besoins=("trouver-emploi",))),
    ],
)
def test_two_facts_exactly_when_none_alone_will_do(structure: str, situation: Situation, base: Base) -> None:
    context = Contexte.of(base.catalogue, base.rules, TODAY)
    cut = {age for age in range(AGE_MAX + 1) if age % 5 == 0 or age in (16, 17, 18, 24, 26, 29)}
    tried = [fact for fact in facts(situation, base) if fact[0] != "age" or fact[1] in cut]
    found = to_reach(structure, situation, base.catalogue, base.rules, TODAY)
    assert all(len(item.faits) == 2 and item.structure == structure for item in found)
    expected = set()
    offers = base.catalogue.of_structure(structure)
    for change in combinations(tried, 2):
        changed = after(situation, change) if change[0][0] != change[1][0] else None
        if changed is None:
            continue
        visit = Visite.of(changed, context)
        # Only where it may be a candidate: the others are far more, and cannot put it first.
        asked = any(visit.besoins_de(offre) for offre in offers)
        if not asked and not visit.decision.referents[base.catalogue.structures[structure].spro.role]:
            continue
        if visit.premiere.offre.structure.id == structure:
            expected.add((structure, change))
    ages = {("age", age) for age in range(AGE_MAX + 1) if age not in cut}
    assert {item for item in spread(found) if not ages & set(item[1])} == expected
    assert expected


def test_a_commune_stands_for_those_that_the_same_offers_cover(base: Base) -> None:
    zones = frozenset[str]().union(*(offre.zones for offre in base.catalogue.offres)) - territory.WHOLE_COUNTRY
    kinds = {place.zones & zones: place for place in territory.unlike(zones, "28134")}
    assert kinds[frozenset({"28", "200040277"})].code == "28134"
    others = {place.zones & zones for zone in zones for place in territory.communes_of(zone)}
    assert others | {frozenset()} == set(kinds)
    firsts = {item.faits: item.structure for item in alternatives(EMPLOYEE, base.catalogue, base.rules, TODAY)}
    (now,) = one_by_one([EMPLOYEE], base, TODAY)
    for code in ("28085", "27230", "45234", "37261", "97411", "01001"):
        commune = territory.commune(code)
        assert commune
        found = firsts.get((("commune", kinds[commune.zones & zones].code),), now)
        assert one_by_one([EMPLOYEE.model_copy(update={"commune": code})], base, TODAY) == [found]


def test_nothing_leads_to_who_receives_nobody_nor_to_who_is_first(base: Base) -> None:
    (first,) = one_by_one([EMPLOYEE], base, TODAY)
    for structure in ("prefecture-cvl", first):
        assert to_reach(structure, EMPLOYEE, base.catalogue, base.rules, TODAY) == ()


def test_the_desk_counts(base: Base) -> None:
    said = visitor(besoins=("creer-entreprise",))
    at_bge = alternatives(said, base.catalogue, base.rules, TODAY, "bge-28")
    (now,) = one_by_one([said], base, TODAY, "bge-28")
    for item in at_bge:
        changed = after(said, item.faits)
        assert changed
        assert one_by_one([changed], base, TODAY, "bge-28") == [item.structure] != [now]


def test_unknown_names_are_refused(base: Base) -> None:
    with pytest.raises(UnknownName):
        alternatives(visitor(), base.catalogue, base.rules, TODAY, "nulle-part")
    with pytest.raises(UnknownName):
        alternatives(visitor(commune="Nulle-Part"), base.catalogue, base.rules, TODAY)
    with pytest.raises(KeyError):
        to_reach("nulle-part", visitor(), base.catalogue, base.rules, TODAY)


# --- in words ---


def test_answers_that_combine_are_said_together(base: Base) -> None:
    def change(ages: tuple[int, int], rsa: bool) -> Alternative:
        return Alternative("bge-28", (("age", ages[0]), ("rsa", rsa)), ages)

    ranges = [(16, 17), (18, 24), (30, AGE_MAX)]
    found = changes_in_words([change(ages, rsa) for ages in ranges for rsa in (True, False)], base.rules)
    assert len(found) == 1
    words = (
        "« de 16 à 24 ans » ou « 30 ans et plus » et la réponse à « Perçoit-elle le RSA ? » était « oui » ou « non »"
    )
    assert words in found[0]


def test_of_lists_the_smallest_is_said(base: Base) -> None:
    changes = [
        Alternative("apec-cvl", (("statuts", value),)) for value in (("etudiant", "benevole"), ("etudiant",), ())
    ]
    (line,) = changes_in_words(changes[:2], base.rules)
    assert line.endswith("était « Étudiant »")


def test_what_is_sensitive_comes_last(base: Base) -> None:
    found = by_structure(
        [
            Alternative("phare-28", (("handicap", True),)),
            Alternative("bge-28", (("besoins", ("creer-entreprise",)),)),
            Alternative("apec-cvl", (("cadre", True),)),
        ],
        base.rules,
    )
    assert list(found) == ["apec-cvl", "bge-28", "phare-28"]
