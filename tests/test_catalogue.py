"""The catalogue: what is read of its sheets, what is refused, and how offers are found."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from data_inclusion.schema.v1 import services as services_schema
from data_inclusion.schema.v1 import structures as structures_schema

from engine.base import CATALOGUE, REGLES, Base, load_base
from engine.catalogue import TERRITOIRE, Offre, load_catalogue
from engine.documents import InvalidDocuments
from engine.territory import WHOLE_COUNTRY, commune

TESTS = Path(__file__).parent
GOOD_CASES, BAD_CASES = (
    sorted(path for path in (TESTS / kind / "catalogue").iterdir() if path.is_dir()) for kind in ("good", "bad")
)
Folders = Callable[[Path], tuple[Path, Path]]
Expected = Callable[[Path], str]


@pytest.mark.parametrize("case", BAD_CASES, ids=lambda case: case.name)
def test_refused(case: Path, case_folders: Folders, expected: Expected) -> None:
    with pytest.raises(InvalidDocuments) as error:
        load_base(*case_folders(case))
    assert "".join(f"{diagnostic}\n" for diagnostic in error.value.diagnostics) == expected(case)


@pytest.mark.parametrize("case", GOOD_CASES, ids=lambda case: case.name)
def test_accepted(case: Path, case_folders: Folders, expected: Expected) -> None:
    catalogue = load_base(*case_folders(case)).catalogue
    written = {path.stem for path in case.iterdir()}
    read = [offre for offre in catalogue.offres if offre.structure.id in written]
    assert written <= set(catalogue.structures)
    assert "".join(f"{line}\n" for offre in read for line in described(offre)) == expected(case)


def described(offre: Offre) -> list[str]:
    facts = offre.faits
    true = sorted(key.removeprefix("offre.") for key, value in facts.items() if value is True)
    shown = {
        "date": offre.service.date_maj.isoformat(),
        **{key: offre.textes[key] for key in ("ages", "publics", "statuts", "zone")},
        "zones": " ".join(sorted(offre.zones)),
        "vrai": ", ".join(true),
        "age": f"{facts['offre.age_min']} à {facts['offre.age_max']}",
    }
    assert (offre.textes["structure"], offre.textes["service"]) == (offre.structure.nom, offre.service.nom)
    assert offre.service.structure_id == offre.structure.id
    return [offre.id, *(f"  {key}: {value or '—'}" for key, value in shown.items())]


# --- files ---


def test_missing_basin(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(CATALOGUE, "fiches", ignore=shutil.ignore_patterns(TERRITOIRE))
    with pytest.raises(InvalidDocuments) as error:
        load_catalogue(Path("fiches"), base.rules)
    assert str(error.value) == "fiches/territoire.yaml: ce fichier n'existe pas."


def test_missing_folder(base: Base) -> None:
    with pytest.raises(InvalidDocuments) as error:
        load_catalogue(Path("absent"), base.rules)
    assert str(error.value) == "absent: ce dossier n'existe pas."


def test_version_follows_the_content(base: Base, tmp_path: Path) -> None:
    folder = tmp_path / "fiches"
    shutil.copytree(CATALOGUE, folder)
    assert load_catalogue(folder, base.rules).version == base.catalogue.version
    with (folder / "bge-28.yaml").open("a", encoding="utf-8") as file:
        file.write("# une remarque\n")
    assert load_catalogue(folder, base.rules).version != base.catalogue.version


def test_sheets_do_not_depend_on_the_clock(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer whose clock is late reads the same sheets."""

    class Late(datetime.date):
        @classmethod
        def today(cls) -> Late:
            return cls(2020, 1, 1)

    monkeypatch.setattr(services_schema, "date", Late)
    monkeypatch.setattr(structures_schema, "date", Late)
    assert load_catalogue(CATALOGUE, base.rules).version == base.catalogue.version


# --- what is shipped ---

LOCAL = {
    "m2end", "cio-dreux", "bij-dreux", "mission-locale-dreux", "france-travail-dreux", "cci-28", "phare-28",
    "ligue-enseignement-28", "bge-28", "cria-28",
}  # fmt: skip
REGIONAL = {
    "region-cvl-orientation", "avenir-actifs-cvl", "transitions-pro-cvl", "apec-cvl", "apecita-cvl",
    "universite-orleans-orientation", "universite-tours-orientation", "crij-cvl", "cma-cvl-28",
    "pjj-grand-centre", "draaf-cvl", "academie-dava",
}  # fmt: skip
CLOSED = {
    "prefecture-cvl", "france-travail-cvl", "cheops-cvl", "amicentre", "crajep-cvl", "cci-cvl", "gip-alfa",
}  # fmt: skip
OUTSIDE = {
    "cmc-ministere", "cnfpt", "cdg-28", "anfh", "conseil-departemental-28", "initiative-eure-et-loir",
    "medecine-du-travail", "espace-region-vae", "mda-28", "chambre-agriculture-28", "spip-28", "enic-naric", "ofii",
    "type-ccas", "type-mds", "type-france-services", "type-assurance-maladie", "type-petite-enfance", "type-mobilite",
    "type-mission-locale", "type-france-travail", "type-cio", "type-cap-emploi", "type-cep-actifs", "type-chambre",
}  # fmt: skip


def test_structures_of_the_network(base: Base) -> None:
    by_place: dict[str, set[str]] = {"local": set(), "regional": set(), "hors-reseau": set()}
    for structure in base.catalogue.structures.values():
        by_place[structure.spro.reseau].add(structure.id)
    assert by_place == {"local": LOCAL, "regional": REGIONAL | CLOSED, "hors-reseau": OUTSIDE}
    assert {found.id for found in base.catalogue.structures.values() if not found.spro.recoit_public} == CLOSED


def test_a_sheet_has_the_name_of_its_structure(base: Base) -> None:
    sheets = {path.stem for path in CATALOGUE.glob("*.yaml")} - {Path(TERRITOIRE).stem}
    assert sheets == set(base.catalogue.structures)
    for offre in base.catalogue.offres:
        assert offre.id.startswith(f"{offre.structure.id}-"), offre.id


def test_closed_structures_offer_nothing(base: Base) -> None:
    assert {offre.structure.id for offre in base.catalogue.offres} & CLOSED == set()
    assert {found.id for found in base.catalogue.structures.values() if not found.services} >= CLOSED


def test_no_invented_contact(base: Base) -> None:
    """An address, a phone number or opening hours are shown only with where they come from."""
    for structure in base.catalogue.structures.values():
        for field in ("adresse", "telephone", "courriel", "horaires_accueil", "site_web", "siret"):
            told = getattr(structure, field) is not None
            assert not told or field in structure.spro.provenance, f"{structure.id}.{field}"
        for service in structure.services:
            for field in ("adresse", "telephone", "courriel", "horaires_accueil"):
                told = getattr(service, field) is not None
                assert not told or field in service.spro.provenance, f"{service.id}.{field}"


# --- how offers are found ---


def zones_of(code: str) -> frozenset[str]:
    place = commune(code)
    assert place is not None
    return place.zones


def test_candidates_answer_the_need_and_cover_the_place(base: Base) -> None:
    dreux = zones_of("28134")
    for need in base.rules.vocabulaire.besoins:
        found = base.catalogue.candidates((need,), dreux)
        by_hand = [
            offre
            for offre in base.catalogue.offres
            if need in offre.service.spro.besoins
            and not offre.service.spro.sur_mandat
            and (not offre.zones or offre.zones & dreux)
        ]
        assert found == by_hand, need


def test_candidates_are_told_once_and_in_a_stable_order(base: Base) -> None:
    needs = list(base.rules.vocabulaire.besoins)
    found = [offre.id for offre in base.catalogue.candidates(needs, zones_of("28134"))]
    assert found == sorted(set(found))
    assert found == [offre.id for offre in base.catalogue.candidates(reversed(needs), zones_of("28134"))]
    assert base.catalogue.candidates((), frozenset({"28"})) == []


def test_offers_without_a_zone_are_everywhere(base: Base) -> None:
    open_to_all = [offre for offre in base.catalogue.offres if not offre.service.spro.sur_mandat]
    everywhere = {offre.id for offre in open_to_all if offre.zones <= WHOLE_COUNTRY}
    found = {offre.id for offre in base.catalogue.candidates(base.rules.vocabulaire.besoins, zones_of("97411"))}
    assert "m2end-premier-accueil" in found
    assert found == everywhere


def test_roles_and_structures(base: Base) -> None:
    for role, structures in base.catalogue.structures_by_role.items():
        assert role in base.rules.vocabulaire.roles
        assert list(structures) == sorted(structures)
        for structure in structures:
            assert base.catalogue.structures[structure].spro.role == role
    assert base.catalogue.structures_by_role["mission-locale"] == ("mission-locale-dreux", "type-mission-locale")
    assert [offre.structure.id for offre in base.catalogue.of_structure("bge-28")] == ["bge-28"]
    assert base.catalogue.of_structure("absente") == []


def test_rules_and_sheets_load_from_any_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: Base) -> None:
    monkeypatch.chdir(tmp_path)
    found = load_base(REGLES, CATALOGUE)
    assert (found.rules.version, found.catalogue.version) == (base.rules.version, base.catalogue.version)
