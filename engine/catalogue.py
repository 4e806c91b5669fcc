"""The catalogue: the sheets of a basin as offers, indexed by need and zone, and checked against the rule base.

One YAML file per structure, its services inside (`fiche.model`), and `territoire.yaml` for the basin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine import documents, territory, zones
from engine.base_problems import FauteCatalogue
from engine.conditions import Condition, Evaluer, Valeur, compile_condition, keys_of, specialise
from engine.documents import Document, InvalidDocuments
from engine.loading import Fichiers
from engine.problems import Chemin, Faute, Probleme, unknown_name
from engine.rete import GrowingRete
from engine.ruleset import Ruleset, StrateCompilee
from engine.situation import AGE_MAX
from engine.territory import WHOLE_COUNTRY
from engine.vocabulary import Id, Phrase
from fiche.model import Provenance, Service, SproService, Structure
from fiche.words import ages

TERRITOIRE = "territoire.yaml"

HORS_BASSIN = "hors-bassin"
"""Stands for a zone: that of everyone who lives outside the basin."""

_MODES: dict[str, str] = {"en-presentiel": "presentiel", "a-distance": "a-distance"}


class Territoire(BaseModel):
    """The basin: where the network's desks are, the zones that it covers, and why nobody answers some needs there.

    `bassin`: the zones of those who live in it, when these are not all the zones that it covers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    id: Id
    nom: Phrase
    commune: str
    zones: Annotated[tuple[str, ...], Field(min_length=1)]
    bassin: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    sans_offre: dict[str, Phrase] = {}

    @property
    def habitants(self) -> frozenset[str]:
        """The zones of those who live in the basin."""
        return frozenset(self.bassin or self.zones)


@dataclass(frozen=True, slots=True)
class Offre:
    """A service as the engine sees it: what it answers, where, and its facts for the conditions."""

    id: str
    structure: Structure
    service: Service
    zones: frozenset[str]
    faits: dict[str, Valeur]
    textes: dict[str, str]


_Index = dict[str, dict[str, list[int]]]
"""Positions of offers by need or role, then by zone."""


@dataclass(frozen=True, slots=True)
class Specialisation:
    """The conditions of a stratum for the facts of an offer: the numbers of those always true, and what is open of the
    others.

    `residus` holds what is open of all offers, each condition once; `numeros` says which are this offer's, `rencontre`
    which of them read how the offer meets the visitor.
    """

    faits: Mapping[str, Valeur]
    toujours: frozenset[int]
    reste: dict[int, Condition]
    tests: dict[int, Evaluer]
    residus: GrowingRete
    numeros: dict[int, int]
    rencontre: frozenset[int]


@dataclass(frozen=True)
class Catalogue:
    """Every structure, and offers indexed by need and zone so that a referral looks only at those that may answer."""

    structures: dict[str, Structure]
    offres: tuple[Offre, ...]
    territoire: Territoire
    version: str
    _specialised: dict[tuple[StrateCompilee, int], Specialisation] = field(default_factory=dict, compare=False)
    _residues: dict[StrateCompilee, GrowingRete] = field(default_factory=dict, compare=False)

    def candidates(self, needs: Iterable[str], zones: frozenset[str]) -> list[Offre]:
        """The offers that answer one of the needs and cover one of the zones, in a stable order.

        Offers on a court's mandate are not among them: only a referent leads there.
        """
        return self._covering(self._by_need, needs, zones)

    def of_roles(self, roles: Iterable[str], zones: frozenset[str]) -> list[Offre]:
        """The offers of the structures that have one of the roles and cover one of the zones, in a stable order."""
        return self._covering(self._by_role, roles, zones)

    def _covering(self, index: _Index, keys: Iterable[str], zones: frozenset[str]) -> list[Offre]:
        positions: set[int] = set()
        for key in keys:
            by_zone = index.get(key, {})
            for zone in by_zone.keys() & zones:
                positions.update(by_zone[zone])
        return [self.offres[position] for position in sorted(positions)]

    def left_to_decide(self, offre: Offre, stratum: StrateCompilee) -> Specialisation:
        """What the conditions of a stratum still need once the facts of an offer are known; computed once for all the
        offers that share them."""
        key = (stratum, id(offre.faits))
        found = self._specialised.get(key)
        if found is None:
            folded = [specialise(condition, offre.faits) for condition in stratum.conditions]
            left = {index: part for index, part in enumerate(folded) if not isinstance(part, bool)}
            found = self._specialised[key] = Specialisation(
                offre.faits,
                frozenset(index for index, part in enumerate(folded) if part is True),
                left,
                {index: compile_condition(part) for index, part in left.items()},
                residues := self._residues.setdefault(stratum, GrowingRete()),
                {index: residues.number(part) for index, part in left.items()},
                frozenset(i for i, part in left.items() if any(key.startswith("offre.") for key in keys_of(part))),
            )
        return found

    def of_structure(self, structure: str) -> list[Offre]:
        """The offers of one structure."""
        return self._by_structure.get(structure, [])

    @cached_property
    def structures_by_role(self) -> dict[str, tuple[str, ...]]:
        """The identifiers of the structures that have each role."""
        found: dict[str, list[str]] = defaultdict(list)
        for structure in self.structures.values():
            found[structure.spro.role].append(structure.id)
        return {role: tuple(sorted(ids)) for role, ids in found.items()}

    @cached_property
    def offre_by_id(self) -> dict[str, Offre]:
        """Offers by identifier of their service."""
        return {offre.id: offre for offre in self.offres}

    @cached_property
    def age_bounds(self) -> frozenset[int]:
        """The ages at which an offer starts or stops being open."""
        spros = [offre.service.spro for offre in self.offres]
        starts = {spro.age_min for spro in spros if spro.age_min is not None}
        return frozenset(starts | {spro.age_max + 1 for spro in spros if spro.age_max is not None})

    @cached_property
    def _by_need(self) -> _Index:
        return self._index(lambda offre: () if offre.service.spro.sur_mandat else offre.service.spro.besoins)

    @cached_property
    def _by_role(self) -> _Index:
        return self._index(lambda offre: (offre.structure.spro.role,))

    def _index(self, keys: Callable[[Offre], Iterable[str]]) -> _Index:
        found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for position, offre in enumerate(self.offres):
            for key in keys(offre):
                for zone in offre.zones or WHOLE_COUNTRY:
                    found[key][zone].append(position)
        return {key: dict(by_zone) for key, by_zone in found.items()}

    @cached_property
    def _by_structure(self) -> dict[str, list[Offre]]:
        found: dict[str, list[Offre]] = defaultdict(list)
        for offre in self.offres:
            found[offre.structure.id].append(offre)
        return dict(found)


def build_catalogue(structures: Iterable[Structure], territoire: Territoire, version: str, rules: Ruleset) -> Catalogue:
    """A catalogue from validated structures, in an order that does not depend on that of the files."""
    ordered = {structure.id: structure for structure in sorted(structures, key=lambda found: found.id)}
    known: KnownFacts = {}
    offres = (
        build_offre(structure, service, rules, known)
        for structure in ordered.values()
        for service in structure.services
    )
    return Catalogue(ordered, tuple(sorted(offres, key=lambda offre: offre.id)), territoire, version)


KnownFacts = dict[tuple[Valeur, ...], dict[str, Valeur]]
"""Facts by their values: many offers of a large catalogue have the same."""


def build_offre(structure: Structure, service: Service, rules: Ruleset, known: KnownFacts | None = None) -> Offre:
    """The facts of an offer; all are known, so that only what the visitor did not say can be unknown.

    `known` lets offers that have the same facts share them.
    """
    spro = service.spro
    reserved = [entry.public for entry in spro.publics if entry.accueil == "reserve-a"]
    priority = [entry.public for entry in spro.publics if entry.accueil == "priorise"]
    modes = {_MODES[mode.value] for mode in service.modes_accueil or ()}
    facts: dict[str, Valeur] = {
        "offre.role": structure.spro.role,
        "offre.niveau": spro.niveau,
        "offre.reseau": structure.spro.reseau,
        "offre.age_min": spro.age_min or 0,
        "offre.age_max": AGE_MAX if spro.age_max is None else spro.age_max,
        "offre.age_borne": spro.age_min is not None or spro.age_max is not None,
        "offre.statuts_requis": bool(spro.statuts),
        "offre.reservee": bool(reserved),
        "offre.recoit_public": structure.spro.recoit_public,
        "offre.cep": spro.cep,
        "offre.sur_mandat": spro.sur_mandat,
    }
    memberships: list[tuple[str, Iterable[str]]] = [
        ("offre.statuts", spro.statuts),
        ("offre.publics_reserves", reserved),
        ("offre.publics_prioritaires", priority),
        ("offre.secteurs", spro.secteurs),
        ("offre.modes", modes),
        ("offre.besoins", spro.besoins),
    ]
    for name, values in memberships:
        held = set(values)
        facts.update({key: value in held for value, key in rules.offre_cles[name]})
    return Offre(
        service.id,
        structure,
        service,
        frozenset({HORS_BASSIN} if spro.hors_bassin else map(str, service.zone_eligibilite or ())),
        facts if known is None else known.setdefault(tuple(facts.values()), facts),
        _texts(structure, service, reserved, rules),
    )


def _texts(structure: Structure, service: Service, reserved: list[str], rules: Ruleset) -> dict[str, str]:
    spro = service.spro
    words = rules.vocabulaire
    return {
        "structure": structure.nom,
        "service": service.nom,
        "ages": ages(spro.age_min, spro.age_max) or "de tout âge",
        "publics": " ou ".join(words.publics[public].libelle for public in reserved),
        "statuts": " ou ".join(words.par_fiche["offre.statuts"].valeurs[statut].lower() for statut in spro.statuts),
        "zone": ", ".join(map(zones.within, service.zone_eligibilite or ())),
    }


# --- loading ---


@dataclass(frozen=True, slots=True)
class LectureCatalogue:
    """What could be read of a catalogue: the sheets that are right (None without a basin), every problem, and the
    sheets left out."""

    catalogue: Catalogue | None
    diagnostics: tuple[documents.Diagnostic, ...]
    fiches_fausses: tuple[str, ...]


def load_catalogue(dossier: Path, rules: Ruleset) -> Catalogue:
    """The catalogue of a folder. Raises InvalidDocuments with every problem of every sheet."""
    read = read_catalogue(dossier, rules)
    if read.diagnostics or read.catalogue is None:
        raise InvalidDocuments(read.diagnostics)
    return read.catalogue


def read_catalogue(dossier: Path, rules: Ruleset) -> LectureCatalogue:
    """The catalogue of a folder as far as it can be read. Raises InvalidDocuments when the folder does not exist."""
    files = Fichiers(dossier)
    territoire = read_territory(files, rules)
    sheets = [files.load(path.name, Structure) for path in sheet_files(dossier)]
    wrong = [str(path) for path, (structure, _) in zip(sheet_files(dossier), sheets, strict=True) if structure is None]
    read = assemble(
        ((structure, document) for structure, document in sheets if structure and document),
        territoire,
        files.version,
        rules,
        str(dossier),
    )
    whole = read.diagnostics
    if files.diagnostics:
        whole = tuple(found for found in whole if found.probleme.espece is not FauteCatalogue.SANS_ACCUEIL)
    return LectureCatalogue(read.catalogue, (*files.diagnostics, *whole), (*wrong, *read.fiches_fausses))


def sheet_files(dossier: Path) -> list[Path]:
    """The files of a folder that hold a sheet, by name."""
    return [path for path in sorted(dossier.glob("*.yaml")) if path.name != TERRITOIRE]


def read_territory(files: Fichiers, rules: Ruleset) -> Territoire | None:
    """The basin of a folder; None when it cannot be read, which is then reported as its wrong names are."""
    territoire, document = files.load(TERRITOIRE, Territoire)
    if territoire is None or document is None:
        return None
    for index, zone in enumerate(territoire.zones):
        if not territory.is_zone(zone):
            files.diagnostics.append(document.diagnostic(("zones", index), Faute.PAS_UNE_ZONE(valeur=zone)))
    needs = rules.vocabulaire.besoins
    for need in territoire.sans_offre.keys() - needs.keys():
        files.diagnostics.append(document.at_key(("sans_offre", need), unknown_name("valeur", need, needs)))
    if territory.commune(territoire.commune) is None:
        files.diagnostics.append(document.diagnostic(("commune",), Faute.PAS_UNE_ZONE(valeur=territoire.commune)))
    return territoire


def assemble(
    sheets: Iterable[tuple[Structure, Document]],
    territoire: Territoire | None,
    version: str,
    rules: Ruleset,
    name: str,
) -> LectureCatalogue:
    """The catalogue of valid sheets, wherever they come from (`name` says where), without those that are wrong."""
    structures: list[Structure] = []
    diagnostics: list[documents.Diagnostic] = []
    wrong: list[str] = []
    seen: dict[str, str] = {}
    for structure, document in sheets:
        problems = check_structure(structure, document, rules, seen)
        diagnostics += problems
        if problems:
            wrong.append(document.nom)
        else:
            structures.append(structure)
    if territoire is None:
        return LectureCatalogue(None, tuple(diagnostics), tuple(wrong))
    catalogue = build_catalogue(structures, territoire, version, rules)
    if not diagnostics:
        diagnostics += check_first_reception(catalogue, rules, name)
    return LectureCatalogue(catalogue, tuple(diagnostics), tuple(wrong))


def check_structure(
    structure: Structure, document: Document, rules: Ruleset, seen: dict[str, str]
) -> list[documents.Diagnostic]:
    """What the models cannot see in a sheet: names of the rule base, zones, duplicates (`seen` remembers them)."""
    found: list[documents.Diagnostic] = []

    def report(chemin: Chemin, probleme: Probleme) -> None:
        found.append(document.diagnostic(chemin, probleme))

    def once(identifier: str, chemin: Chemin) -> None:
        if identifier in seen:
            report(chemin, FauteCatalogue.IDENTIFIANT_DOUBLE(nom=identifier, place=seen[identifier]))
        seen.setdefault(identifier, document.nom)

    words = rules.vocabulaire
    once(structure.id, ("id",))
    if structure.spro.role not in words.roles:
        report(("spro", "role"), unknown_name("rôle", structure.spro.role, words.roles))
    if structure.services and not structure.spro.recoit_public:
        report(("services",), FauteCatalogue.NE_RECOIT_PAS())
    _check_provenance(structure.spro.provenance, structure, ("spro", "provenance"), report)
    for index, service in enumerate(structure.services):
        place: Chemin = ("services", index)
        if service.structure_id != structure.id:
            report((*place, "structure_id"), FauteCatalogue.STRUCTURE_ID(structure=structure.id))
        once(service.id, (*place, "id"))
        for position, zone in enumerate(service.zone_eligibilite or ()):
            if not territory.is_zone(zone):
                report((*place, "zone_eligibilite", position), Faute.PAS_UNE_ZONE(valeur=zone))
        for chemin, wrong in unknown_words(service.spro, rules):
            report((*place, "spro", *chemin), wrong)
        _check_provenance(service.spro.provenance, service, (*place, "spro", "provenance"), report)
    return found


def unknown_words(spro: SproService, rules: Ruleset) -> Iterator[tuple[Chemin, Probleme]]:
    """What a service says in words that the vocabulary does not have, each at its place in the service's block."""
    words = rules.vocabulaire
    for fact, asked in words.par_fiche.items():
        name = fact.removeprefix("offre.")
        for position, value in enumerate(getattr(spro, name, ())):
            if value not in asked.valeurs:
                yield (name, position), unknown_name("valeur", value, asked.valeurs)
    for position, entry in enumerate(spro.publics):
        if entry.public not in words.publics:
            yield ("publics", position, "public"), unknown_name("public", entry.public, words.publics)


def _check_provenance(
    given: dict[str, Provenance], model: BaseModel, chemin: Chemin, report: documents.Signaler
) -> None:
    names = set(type(model).model_fields) | set(type(getattr(model, "spro")).model_fields)  # noqa: B009
    for name in given:
        if name not in names:
            report((*chemin, name), unknown_name("champ", name, names))


def check_first_reception(catalogue: Catalogue, rules: Ruleset, name: str) -> Iterable[documents.Diagnostic]:
    """A diagnostic when nobody receives everyone; `name` says where the catalogue is."""
    need = rules.vocabulaire.besoin_par_defaut
    for offre in catalogue.offres:
        spro = offre.service.spro
        free = not (spro.statuts or spro.sur_mandat or offre.faits["offre.age_borne"] or offre.faits["offre.reservee"])
        if need in spro.besoins and free and not offre.zones:
            return
    yield documents.Diagnostic(name, 0, 0, FauteCatalogue.SANS_ACCUEIL(besoin=need))
