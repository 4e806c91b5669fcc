"""The linter of the base: every problem of the rules and the catalogue, each with its code and its place.

Documents are read first, as far as they can be; then what was read is analysed. A rule that reads what a wrong rule
should have concluded is left for the next run: one mistake is said once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from analysis.examples import check_base, check_examples, check_roles
from analysis.lint_offers import Offres
from analysis.lint_places import Places
from analysis.lint_rules import Regles
from analysis.lint_space import BUDGET, Budget
from analysis.lint_trial import Essais
from analysis.problems import FauteBase
from engine import documents
from engine.base import CATALOGUE, Base, load_base
from engine.catalogue import TERRITOIRE, LectureCatalogue, read_catalogue, read_territory, sheet_files
from engine.documents import Diagnostic, InvalidDocuments, refused, to_tell
from engine.loading import LOCALES, Fichiers, LectureRegles, read_rules
from engine.problems import Faute
from engine.validation import validate
from fiche.coordonnees import sheet_problems
from fiche.model import Structure

WITHOUT_OFFERS = ("offres", "parcours")
"""Strata whose examples name services: they wait for the sheets to be right."""


@dataclass(frozen=True, slots=True)
class Rapport:
    """What was checked and what was found, in a stable order."""

    diagnostics: tuple[Diagnostic, ...]
    base: Base | None

    @property
    def erreurs(self) -> int:
        """How many are errors."""
        return sum(found.gravite == "erreur" for found in self.diagnostics)

    @property
    def avertissements(self) -> int:
        """How many are warnings."""
        return sum(found.gravite == "avertissement" for found in self.diagnostics)


def rulesets(base: Base, on: date) -> int:
    """How many rulesets of durable_rules the rules in force take: the compiler cuts them under its limits."""
    strata = base.rules.in_force(on)
    residues = {base.catalogue.left_to_decide(offre, strata["offres"]).residus for offre in base.catalogue.offres}
    alone = sum(stratum.rete.rulesets for name, stratum in strata.items() if name != "offres")
    return alone + sum(residue.rulesets for residue in residues)


def lint(regles: Path, catalogue: Path, on: date, *, analyse: bool = True) -> Rapport:
    """Every problem of two folders on a date. Raises InvalidDocuments when a folder is missing or has no sheet."""
    _require(regles, "de règles")
    _require(catalogue, "de fiche")
    rules = read_rules(regles, catalogue / LOCALES)
    found = _without_echoes(rules.diagnostics)
    if rules.rules is None:
        return _report([*found, *_check_sheets(catalogue)], None)
    sheets = read_catalogue(catalogue, rules.rules)
    found += [*sheets.diagnostics, *_check_contacts(catalogue)]
    if sheets.catalogue is None:
        return _report(found, None)
    base = Base(rules.rules, sheets.catalogue)
    home = home_of(regles)
    away = home is not None and not is_basin_of(home, base)
    together = [*_check_away(base, regles, home, on)] if home and away else check_base(base, on)
    found += _certain(together, base, rules, sheets, on)
    if analyse:
        analysed = _analyse(base, Places(regles, catalogue), rules, sheets, on)
        found += _of_the_basin(analysed, base, regles) if away else analysed
    return _report(found, base)


# --- shared rules, in another basin than theirs ---


def home_of(regles: Path) -> Path | None:
    """The catalogue that shared rules were written with, on which their examples are played: the one beside them."""
    beside = regles.parent / CATALOGUE.name
    return beside if (beside / TERRITOIRE).is_file() else None


def is_basin_of(catalogue: Path, base: Base) -> bool:
    """Whether a base is about the same basin as the catalogue of a folder, which cannot always be read."""
    territoire = read_territory(Fichiers(catalogue), base.rules)
    return territoire is not None and territoire.id == base.catalogue.territoire.id


def _check_away(base: Base, regles: Path, home: Path, on: date) -> Iterator[Diagnostic]:
    """Roles and the basin's own examples on its catalogue; the examples of the shared rules on theirs."""
    yield from check_roles(base)
    yield from check_examples([rule for rule in base.rules.regles if rule.locale], base, on)
    try:
        reference = load_base(regles, home)
    except InvalidDocuments:
        yield Diagnostic(str(home), 0, 0, FauteBase.EXEMPLES_PARTAGES(dossier=str(home)))
        return
    yield from check_examples([rule for rule in reference.rules.regles if not rule.locale], reference, on)


def _of_the_basin(found: Iterable[Diagnostic], base: Base, regles: Path) -> Iterator[Diagnostic]:
    """What the analysis says of the files of the basin; shared rules are judged with their own catalogue."""
    own = {rule.id for rule in base.rules.regles if rule.locale}
    for item in found:
        shared = item.ligne > 0 and Path(item.fichier).parent == regles
        named = {item.probleme.valeurs.get(role) for role in ("regle", "autre")}
        if not shared or named & own:
            yield item


# --- reading ---


def _report(found: list[Diagnostic], base: Base | None) -> Rapport:
    return Rapport(tuple(to_tell(found)), base)


def _require(folder: Path, what: str) -> None:
    """A folder that exists and holds something to check. Raises InvalidDocuments."""
    if not folder.is_dir():
        raise refused(str(folder), Faute.DOSSIER_ABSENT())
    if not any(folder.glob("*.yaml")):
        raise refused(str(folder), FauteBase.DOSSIER_VIDE(quoi=what))


def _without_echoes(found: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    """Without the sources that seem unknown because their file cannot be read."""
    lost = any(Path(item.fichier).name == "sources.yaml" and item.code in ("fichier", "syntaxe") for item in found)
    return [item for item in found if not (lost and item.code == "source-inconnue")]


def _check_sheets(folder: Path) -> Iterator[Diagnostic]:
    """What is wrong in the sheets themselves, when there is no vocabulary to hold them against."""
    for path in sorted(folder.glob("*.yaml")):
        try:
            document = documents.read_file(path)
            if path.name != TERRITOIRE:
                validate(Structure, document)
        except InvalidDocuments as error:
            yield from error.diagnostics


def _check_contacts(folder: Path) -> Iterator[Diagnostic]:
    """What is wrong in the contacts and places of the sheets that can be read, as for whoever types them on screen."""
    for path in sheet_files(folder):
        try:
            document = documents.read_file(path)
        except InvalidDocuments:
            continue
        yield from (document.diagnostic(place, wrong) for place, wrong in sheet_problems(document.donnees))


def _certain(
    found: list[Diagnostic], base: Base, rules: LectureRegles, sheets: LectureCatalogue, on: date
) -> list[Diagnostic]:
    """Without what a wrong rule or sheet may explain."""
    if not (rules.diagnostics or sheets.diagnostics):
        return found
    checker = Regles(base, on, Places(Path(), Path()), rules.incertains, Budget())
    waiting = {
        place
        for rule in base.rules.regles
        if not checker.is_certain(rule) or (rule.strate in WITHOUT_OFFERS and sheets.fiches_fausses)
        for place in [(rule.fichier, rule.ligne), *((one.fichier, one.ligne) for one in rule.essais)]
    }
    roles_known = not sheets.fiches_fausses
    return [
        item
        for item in found
        if (item.fichier, item.ligne) not in waiting and (roles_known or item.code != "role-sans-structure")
    ]


def _analyse(
    base: Base, places: Places, rules: LectureRegles, sheets: LectureCatalogue, on: date
) -> Iterator[Diagnostic]:
    count = Budget()
    between = Regles(base, on, places, rules.incertains, count)
    yield from between.check()
    offers = Budget()
    needs = _needs_of(sheets.fiches_fausses)
    complete = not (rules.diagnostics or sheets.diagnostics)
    yield from Offres(between, needs, offers).check()
    if complete:
        yield from Essais(between, offers).check()
    else:
        yield Diagnostic(str(places.regles), 0, 0, FauteBase.LECTURE_D_ABORD())
    if count.epuise or offers.epuise:
        yield Diagnostic(str(places.regles), 0, 0, FauteBase.LIMITE(limite=BUDGET))


def _needs_of(paths: tuple[str, ...]) -> frozenset[str] | None:
    """The needs that sheets left out may serve; None when one of them cannot be read at all."""
    found: set[str] = set()
    for path in paths:
        try:
            data: Any = documents.read_file(Path(path)).donnees
            for service in data.get("services") or ():
                found |= {str(need) for need in service["spro"]["besoins"]}
        except (InvalidDocuments, AttributeError, KeyError, TypeError):
            return None
    return frozenset(found)
