"""What is wrong between the rules and the catalogue: offers and needs that serve nobody.

An offer and a need are decided on every answer that the rejecting rules read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from analysis.lint_places import Places
from analysis.lint_rules import Regles
from analysis.lint_space import Budget, Lot, Projection
from analysis.problems import FauteBase
from engine import territory
from engine.base import Base
from engine.catalogue import Offre
from engine.conditions import Condition, Test, UnDe, specialise
from engine.documents import Diagnostic
from engine.sets import ONE


@dataclass(frozen=True)
class Offres:
    """The catalogue under analysis."""

    regles: Regles
    besoins_incertains: frozenset[str] | None
    """Needs that sheets left out may serve; None when they cannot be known."""
    compte: Budget

    @property
    def base(self) -> Base:
        """The rules and the catalogue."""
        return self.regles.base

    @property
    def places(self) -> Places:
        """Where things are written."""
        return self.regles.places

    def check(self) -> Iterator[Diagnostic]:
        """Every fault of offers and needs."""
        unreachable = set()
        for offre in self.base.catalogue.offres:
            found = self._check_offer(offre)
            if found is not None:
                yield found
                unreachable |= {offre.id} if found.code == "offre-inatteignable" else set()
        yield from self._check_needs(frozenset(unreachable))

    # --- offers ---

    @cached_property
    def _basin(self) -> frozenset[territory.Commune]:
        basin = self.base.catalogue.territoire
        found = {place for zone in basin.zones for place in territory.communes_of(zone)}
        home = territory.commune(basin.commune)
        return frozenset(found | ({home} if home else set()))

    def _commune_in(self, offre: Offre) -> str | None:
        """A commune of the basin that an offer covers."""
        covered = (place.code for place in self._basin if place.zones & offre.zones)
        return min(covered, default=None)

    def _check_offer(self, offre: Offre) -> Diagnostic | None:
        commune = self._commune_in(offre)
        if offre.service.spro.hors_bassin:
            return None  # it waits for whoever lives elsewhere
        if offre.zones and commune is None:
            return self.places.service(offre.id, FauteBase.HORS_BASSIN(offre=offre.id))
        in_force = self.regles.dependances(self.regles.on).regles
        rejecting = [rule for rule in in_force if rule.alors.exclut]
        folded = [(rule, specialise(rule.si, offre.faits)) for rule in rejecting]
        left = [part for _, part in folded if not isinstance(part, bool)]
        always = next((rule for rule, part in folded if part is True), None)
        if always is not None:
            return self.places.service(offre.id, FauteBase.OFFRE_ECARTEE(offre=offre.id, regle=always.id))
        return self._search_offer(offre, left, commune)

    def _search_offer(self, offre: Offre, left: list[Condition], commune: str | None) -> Diagnostic | None:
        spro = offre.service.spro
        role = offre.structure.spro.role
        needs = UnDe(tuple(Test(f"besoins={need}", "==", True) for need in spro.besoins))
        wanted = Test(f"referents={role}", "==", True) if spro.sur_mandat else needs
        dependances = self.regles.dependances(self.regles.on)
        projection = Projection(dependances, (*left, wanted), offre, (commune,) if commune else ())
        if any(key in self.regles.incertains or _name(key) in self.regles.incertains for key in projection.faits_lus):
            return None

        def reached(lot: Lot) -> int:
            asked = (
                (wanted,) if spro.sur_mandat else (Test(f"besoins_retenus={need}", "==", True) for need in spro.besoins)
            )
            found = ONE.union(map(lot.true, asked))
            for part in left:
                found &= lot.verdict(part)[1]
            return found

        search = projection.find(reached, self.compte)
        if search.cas is not None or not search.essais:
            return None
        espece = FauteBase.OFFRE_INATTEIGNABLE if search.complet else FauteBase.OFFRE_JAMAIS_VUE
        return self.places.service(offre.id, espece(offre=offre.id, essais=search.essais))

    # --- needs ---

    def _check_needs(self, unreachable: frozenset[str]) -> Iterator[Diagnostic]:
        if self.besoins_incertains is None:
            return
        served = {
            need
            for offre in self.base.catalogue.offres
            if not offre.service.spro.sur_mandat and offre.id not in unreachable
            for need in offre.service.spro.besoins
        }
        explained = self.base.catalogue.territoire.sans_offre
        for need in self.base.rules.vocabulaire.besoins:
            if need in served and need in explained:
                espece = FauteBase.BESOIN_COUVERT
            elif need not in served | self.besoins_incertains and need not in explained:
                espece = FauteBase.BESOIN_SANS_OFFRE
            else:
                continue
            place = ("sans_offre", need) if need in explained else ("sans_offre",)
            yield self.places.basin(place, espece(besoin=need))


def _name(key: str) -> str:
    return key.partition("=")[0]
