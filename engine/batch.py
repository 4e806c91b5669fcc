"""Who comes first in many situations at once: the strata and the ranking of `orientation`, on sets of situations.

Only what a search needs is found: which offers are kept, and which comes first. Tests hold this against `orientation`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.catalogue import Offre
from engine.orientation import PREMIER_ACCUEIL, Contexte, turn, zones_of
from engine.rows import Column, Facts, Rows, more_than, union
from engine.ruleset import Regle
from engine.situation import facts_of
from engine.vocabulary import Strate

Answers = Mapping[str, Mapping[Any, Rows]]
"""For each question, the situations in which each answer was given; in the others it was not asked."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A rule, the situations in which it concludes, and those in which an answer may make it conclude."""

    regle: Regle
    oui: Rows
    peut_etre: Rows


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say of an offer: where it is a candidate, rejected, or may come first, and how it ranks.

    `unchecked` has, at position n, the situations in which more than n things are left to check.
    """

    offre: Offre
    candidate: Rows
    rejected: Rows
    leading: Rows
    unchecked: tuple[Rows, ...]
    met: Mapping[str, Rows]


class Batch:
    """The profile of each situation, then the offers."""

    def __init__(self, answers: Answers, rows: Rows, context: Contexte, desk: str | None = None) -> None:
        self.rows = rows
        self.facts = Facts(rows)
        self._context = context
        self._vocabulary = context.rules.vocabulaire
        self._desks: Mapping[Any, Rows] = {desk: rows} if desk else answers.get("bureau", {})
        self._zones = self._zones_of(answers.get("commune", {}))
        for field in self._vocabulary.compares.keys() & answers.keys():
            for value, where in answers[field].items():
                for key, fact in facts_of(self._vocabulary.situation.model_construct(**{field: value})).items():
                    self.facts.add(key, fact, where)
        self._profile(answers.get("besoins", {}))

    # --- profile ---

    def _zones_of(self, communes: Mapping[Any, Rows]) -> list[tuple[frozenset[str], Rows, bool]]:
        """The zones of each place, its situations, and whether the place was said."""
        catalogue = self._context.catalogue
        said = [(zones_of(commune, catalogue), where, True) for commune, where in communes.items()]
        return [*said, (zones_of(None, catalogue), self.rows & ~union(communes.values()), False)]

    def _profile(self, needs: Mapping[tuple[str, ...], Rows]) -> None:
        self._add_members("publics", "public", self._conclude("publics"), self._vocabulary.publics)
        self._add_cep(self._conclude("cep"))
        self._add_needs(needs, self._conclude("besoins"))
        for level, where in self._first_concluded("niveau", self._conclude("niveau"), self.rows, PREMIER_ACCUEIL):
            self.facts.add("niveau", level, where)
        self._add_members("referents", "referent", self._conclude("alertes"), self._vocabulary.roles)

    def _conclude(self, name: Strate) -> list[Conclusion]:
        return [self._conclusion(rule) for rule in self._context.strata[name].regles]

    def _conclusion(self, rule: Regle) -> Conclusion:
        true, false = self.facts.verdict(rule.si)
        free = self.rows if rule.sauf is None else self.rows & ~self.facts.verdict(rule.sauf)[0]
        return Conclusion(rule, true & free, free & ~(true | false))

    def _add_members(self, name: str, effect: str, conclusions: Sequence[Conclusion], universe: Iterable[str]) -> None:
        """The facts of a concluded set: a member is out where no rule may conclude it."""
        holds: dict[str, Rows] = defaultdict(int)
        may: dict[str, Rows] = defaultdict(int)
        for found in conclusions:
            member = getattr(found.regle.alors, effect)
            if member is not None:
                holds[member] |= found.oui
                may[member] |= found.peut_etre
        for member in universe:
            self.facts.add(f"{name}={member}", True, holds[member])
            self.facts.add(f"{name}={member}", False, self.rows & ~(holds[member] | may[member]))

    def _add_cep(self, conclusions: Sequence[Conclusion]) -> None:
        """The right to the CEP: open where a rule opens it, closed where none can; then nobody operates it."""
        opening = [found for found in conclusions if found.regle.alors.cep == "oui"]
        closing = [found for found in conclusions if found.regle.alors.cep == "non"]
        opened = union(found.oui for found in opening)
        closed = self.rows & ~opened & (union(found.oui for found in closing) | ~union(f.peut_etre for f in opening))
        self.facts.add("cep", "oui", opened)
        self.facts.add("cep", "non", closed)
        open_ones = [Conclusion(found.regle, found.oui & ~closed, found.peut_etre & ~closed) for found in conclusions]
        self._add_members("operateurs", "operateur", open_ones, self._vocabulary.roles)

    def _add_needs(self, said: Mapping[tuple[str, ...], Rows], conclusions: Sequence[Conclusion]) -> None:
        main: dict[str, Rows] = defaultdict(int)
        kept: dict[str, Rows] = defaultdict(int)
        for needs, where in said.items():
            main[needs[0]] |= where
            for need in needs:
                kept[need] |= where
        unsaid = self.rows & ~union(said.values())
        default = self._vocabulary.besoin_par_defaut
        for need, where in self._first_concluded("besoin_presume", conclusions, unsaid, default):
            main[need] |= where
            kept[need] |= where
        for found in conclusions:
            if found.regle.alors.besoin_complementaire:
                kept[found.regle.alors.besoin_complementaire] |= found.oui
        for need in self._vocabulary.besoins:
            self.facts.add("besoin_principal", need, main[need])
            self.facts.add(f"besoins_retenus={need}", True, kept[need])
            self.facts.add(f"besoins_retenus={need}", False, self.rows & ~kept[need])

    def _first_concluded(
        self, effect: str, conclusions: Sequence[Conclusion], where: Rows, default: str
    ) -> Iterator[tuple[str, Rows]]:
        """What the first rule that concludes says, and the default where none does."""
        for found in conclusions:
            value = getattr(found.regle.alors, effect)
            if value is not None:
                yield value, where & found.oui
                where &= ~found.oui
        yield default, where

    # --- offers ---

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        """The offers that answer a need of some situation, belong to a referent, or give the first reception."""
        catalogue = self._context.catalogue
        zones = frozenset[str]().union(*(zones for zones, where, _ in self._zones if where))
        needs = {need for need in self._vocabulary.besoins if self._where("besoins_retenus", need)}
        roles = [role for role in self._vocabulary.roles if self._where("referents", role)]
        found = catalogue.candidates({*needs, self._vocabulary.besoin_par_defaut}, zones)
        known = {offre.id for offre in found}
        found += [offre for offre in catalogue.of_roles(roles, zones) if offre.id not in known]
        return tuple(map(self.judge, found))

    def judge(self, offre: Offre) -> Judged:
        """What the rules say of an offer."""
        stratum = self._context.strata["offres"]
        left = self._context.catalogue.left_to_decide(offre, stratum)
        own = self.meeting(offre)
        verdicts = {index: self.facts.verdict(condition, own) for index, condition in left.reste.items()}
        verdicts |= dict.fromkeys(left.toujours, (self.rows, 0))
        excepted = {rule: verdicts[number][0] for number, rule in stratum.excepted_by.items() if number in verdicts}
        spro = offre.service.spro
        rejected, met = 0, defaultdict[str, Rows](int)
        doubts = [self.rows] if spro.a_verifier is not None else []
        for index, (true, false) in verdicts.items():
            effect = stratum.regles[index].alors if index < len(stratum.regles) else None
            if effect and effect.exclut:
                rejected |= true
                doubts.append(self.rows & ~(true | false))
            elif effect and effect.priorise:
                met[effect.priorise] |= true & ~excepted.get(index, 0)
        needs = 0 if spro.sur_mandat else union(self._where("besoins_retenus", need) for need in spro.besoins)
        candidate = own["offre.couvre"][True] & (needs | self._where("referents", offre.structure.spro.role))
        leading = own["offre.repond_au_besoin"][True] | union(met[name] for name in self._above_the_need)
        return Judged(offre, candidate, rejected, leading, more_than(doubts), met)

    def _where(self, name: str, member: str) -> Rows:
        return self.facts.columns.get(f"{name}={member}", {}).get(True, 0)

    def meeting(self, offre: Offre) -> dict[str, Column]:
        """The facts of an offer that depend on the visitor."""
        main = self.facts.columns["besoin_principal"]
        answered = union(main.get(need, 0) for need in offre.service.spro.besoins)
        here = self._desks.get(offre.structure.id, 0)
        covered = union(where for zones, where, _ in self._zones if not offre.zones or offre.zones & zones)
        said = union(where for _, where, is_said in self._zones if is_said)
        return {
            "offre.repond_au_besoin": {True: answered, False: self.rows & ~answered},
            "offre.bureau": {True: here, False: self.rows & ~here},
            "offre.couvre": {True: covered, False: said & ~covered},
        }

    @cached_property
    def _above_the_need(self) -> list[str]:
        order = [criterion.id for criterion in self._context.rules.criteres]
        return order[: order.index("besoin")] if "besoin" in order else []

    # --- ranking ---

    def first_structures(self) -> dict[str, Rows]:
        """For each structure, the situations in which it comes first."""
        kept = {found.offre.id: found.candidate & ~found.rejected for found in self.judged}
        led = union(kept[found.offre.id] & found.leading for found in self.judged)
        welcome = self._welcome(self.rows & ~led)
        alone = self.rows & ~led & ~union(welcome.values())
        running = {name: where & (led | alone) | welcome.get(name, 0) for name, where in kept.items()}
        first: dict[str, Rows] = defaultdict(int)
        for found, where in self._best([item for item in self.judged if running[item.offre.id]], running):
            first[found.offre.structure.id] |= where
        return {structure: where for structure, where in first.items() if where}

    def _welcome(self, where: Rows) -> dict[str, Rows]:
        """The first reception due to everyone, even where a rule rejects all that there is."""
        default = self._vocabulary.besoin_par_defaut
        found = [
            (item, self.meeting(item.offre)["offre.couvre"][True] & where)
            for item in self.judged
            if default in item.offre.service.spro.besoins and not item.offre.service.spro.sur_mandat
        ]
        open_somewhere = union(covered & ~item.rejected for item, covered in found)
        return {item.offre.id: covered & ~(item.rejected & open_somewhere) for item, covered in found}

    def _best(self, offers: Sequence[Judged], running: dict[str, Rows]) -> Iterator[tuple[Judged, Rows]]:
        """Each offer with the situations in which it is the first of those that run, criterion by criterion."""

        def keep(better: Iterable[tuple[Judged, Rows]]) -> None:
            wanted = {found.offre.id: running[found.offre.id] & rows for found, rows in better}
            decided = union(wanted.values())
            for name, rows in wanted.items():
                running[name] = rows | (running[name] & ~decided)

        for criterion in self._context.rules.criteres:
            if criterion.id == "verifications":
                for level in range(max((len(found.unchecked) for found in offers), default=0)):
                    keep((found, ~found.unchecked[level] if level < len(found.unchecked) else -1) for found in offers)
            elif criterion.id == "tour-de-role":
                for place in sorted({self._turn(found) for found in offers}):
                    keep((found, -1 if self._turn(found) == place else 0) for found in offers)
            else:
                keep((found, found.met.get(criterion.id, 0)) for found in offers)
        taken = 0
        for found in offers_in_order(offers):
            yield found, running[found.offre.id] & ~taken
            taken |= running[found.offre.id]

    def _turn(self, found: Judged) -> str:
        return turn(found.offre.structure.id, self._context.on)


def offers_in_order(offers: Iterable[Judged]) -> list[Judged]:
    """Offers by identifier, which makes the ranking total."""
    return sorted(offers, key=lambda found: found.offre.id)
