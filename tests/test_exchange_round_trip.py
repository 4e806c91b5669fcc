"""Out and in again: every fact of the national format comes back, whatever it holds, and memory stays bounded."""

from __future__ import annotations

import csv
import json
import tempfile
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from data_inclusion.schema import v1
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import region
from engine.base import Base
from engine.catalogue import check_structure
from engine.documents import NOWHERE, Document
from engine.validation import validate
from fiche.exchange import export, import_di
from fiche.exchange.cells import write_cell
from fiche.exchange.national import FIELDS, national_id
from fiche.model import Service, Structure
from tests.test_exchange_import import ON, SERVICE, STRUCTURE, both

Facts = dict[str, dict[str, Any]]


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def structures_of(path: Path, base: Base, le: date = ON) -> list[Structure]:
    """The structures of files, checked as the sheets of the directory are."""
    with import_di.read(path, base.rules, le) as found:
        assert found.diagnostics == []
        seen: dict[str, str] = {}
        read = []
        for sheet in found.sheets():
            document = Document(sheet["id"], sheet, NOWHERE)
            read.append(validate(Structure, document))
            assert check_structure(read[-1], document, base.rules, seen) == []
        return read


def facts(structures: list[Structure]) -> Facts:
    """What the national format says of structures and their services, by identifier in this format."""
    sheets: list[Structure | Service] = [
        *structures,
        *(found for structure in structures for found in structure.services),
    ]
    keys = {*FIELDS["structure"], *FIELDS["service"]}
    return {national_id(found.id, found.source, found.spro): found.model_dump(include=keys) for found in sheets}


def whole(structures: list[Structure]) -> list[dict[str, Any]]:
    """The same, and what was deduced, without what each fact rests on."""
    unsure = {"provenance"}
    return [
        found.model_dump(exclude={"spro": unsure, "services": {"__all__": {"spro": unsure}}}) for found in structures
    ]


# --- the shipped directory ---


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_the_shipped_directory_comes_back(ending: str, base: Base, tmp_path: Path) -> None:
    shipped = list(base.catalogue.structures.values())
    newest = max(day for found in shipped for day in (found.date_maj, *(some.date_maj for some in found.services)))
    export.write(shipped, tmp_path, newest, base.rules)
    for path in list(tmp_path.iterdir()):
        if path.suffix != f".{ending}":
            path.unlink()
    read = structures_of(tmp_path, base, newest)
    assert facts(read) == facts(shipped)
    assert {found.id for found in read} == set(base.catalogue.structures)


def test_what_came_back_goes_out_and_comes_back_the_same(base: Base, tmp_path: Path) -> None:
    export.write(base.catalogue.structures.values(), tmp_path / "1", ON, base.rules)
    first = structures_of(tmp_path / "1", base)
    export.write(first, tmp_path / "2", ON, base.rules)
    assert structures_of(tmp_path / "2", base) == first


# --- any record ---

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=5, max_size=40)
texts = texts.filter(lambda text: text == text.strip() and len(text) >= 5 and "SPRO-EP" not in text)
formulas = st.sampled_from(
    ["=1+1 euro", "+cmd|' /C'", "-2+3 ans", "@SUM(A1)", "'=deja", "['a', 'b']", "a\nb\nc", '"cite"']
)
words = texts | formulas
one_of = {
    "type": v1.TypeService,
    "frais": v1.Frais,
}
many_of: dict[str, Any] = {
    "publics": [public for public in v1.Public if public is not v1.Public.TOUS_PUBLICS],
    "modes_accueil": list(v1.ModeAccueil),
    "modes_mobilisation": list(v1.ModeMobilisation),
    "mobilisable_par": list(v1.PersonneMobilisatrice),
}
places = {
    "longitude": st.floats(-180, 180),
    "latitude": st.floats(-90, 90),
    "code_postal": st.sampled_from(["28100", "01000"]),
    "code_insee": st.sampled_from(["28134", "2A004"]),
    "telephone": st.sampled_from(["+33237000000", "02 37 00 00 00", "3949"]),
    "courriel": st.just("accueil@exemple.fr"),
    "lien_source": st.just("https://exemple.fr/a?b=c&d=é"),
    "date_maj": st.dates(min_value=ON.replace(year=2001), max_value=ON).map(str),
} | dict.fromkeys(("commune", "adresse", "complement_adresse", "horaires_accueil"), words)

structure_records = st.fixed_dictionaries(
    {"nom": words, "date_maj": places["date_maj"]},
    optional={key: value for key, value in places.items() if key != "date_maj"}
    | {
        "description": words,
        "siret": st.from_regex(r"[0-9]{14}", fullmatch=True),
        "site_web": st.just("http://exemple.fr/"),
        "reseaux_porteurs": st.lists(
            st.sampled_from([found.value for found in v1.ReseauPorteur]), min_size=1, unique=True
        ),
    },
).map(lambda record: STRUCTURE | {"code_insee": "28134"} | record)

service_records = st.fixed_dictionaries(
    {"nom": words, "description": words},
    optional=places
    | {key: st.sampled_from([found.value for found in values]) for key, values in one_of.items()}
    | {
        key: st.lists(st.sampled_from([found.value for found in values]), min_size=1, unique=True)
        for key, values in many_of.items()
    }
    | {
        "publics_precisions": words,
        "conditions_acces": words,
        "frais_precisions": words,
        "mobilisation_precisions": words,
        "contact_nom_prenom": words,
        "zone_eligibilite": st.lists(
            st.sampled_from(["28", "2A", "28134", "200040277", "france"]), min_size=1, unique=True
        ),
        "volume_horaire_hebdomadaire": st.floats(0, 100),
        "nombre_semaines": st.integers(1, 100),
    },
).map(lambda record: SERVICE | record)


def as_published(record: dict[str, Any], model: Any) -> dict[str, Any]:
    found: dict[str, Any] = model.model_validate(record).model_dump()
    return found


@settings(max_examples=60)
@given(structure_records, st.lists(service_records, max_size=3), st.booleans())
def test_any_record_comes_in_whole(base: Base, structure: Any, services: Any, in_table: bool) -> None:
    services = [SERVICE, *(record | {"id": f"dora--s{number}"} for number, record in enumerate(services, 2))]
    with folder() as path:
        if in_table:
            for name, records in (("structures", [structure]), ("services", services)):
                keys = list(dict.fromkeys(key for record in records for key in record))
                with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                    rows = [[write_cell(record.get(key)) for key in keys] for record in records]
                    csv.writer(file).writerows([keys, *rows])
        else:
            both(path, [structure], services)
        read = structures_of(path, base)
    wanted = [as_published(structure, v1.Structure), *(as_published(record, v1.Service) for record in services)]
    for key, found in facts(read).items():
        expected = next(record for record in wanted if record["id"] == key)
        names = {name: expected[name] for name in ("id", "structure_id") if name in expected}
        deduced = {"zone_eligibilite": None} if expected.get("zone_eligibilite", True) is None else {}
        assert found | names | deduced == expected
    assert len(facts(read)) == len(wanted)


@settings(max_examples=60)
@given(structure_records, st.lists(service_records, min_size=1, max_size=3))
def test_any_sheet_is_stable_after_its_first_import(base: Base, structure: Any, services: Any) -> None:
    services = [record | {"id": f"dora--{number}"} for number, record in enumerate(services)]
    with folder() as path:
        first = structures_of(both(path, [structure], services), base)
        export.write(first, path / "x", ON, base.rules)
        assert whole(structures_of(path / "x", base)) == whole(first)


@given(st.binary(max_size=300), st.sampled_from(["a.json", "a.jsonl", "services.csv"]))
def test_any_bytes_are_refused_in_words(base: Base, content: bytes, name: str) -> None:
    with folder() as path:
        (path / name).write_bytes(content)
        with import_di.read(path, base.rules, ON) as found:
            assert all(item.message and str(item).isprintable() for item in found.diagnostics)
            assert list(found.sheets()) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
any_records = st.lists(
    st.dictionaries(st.sampled_from([*FIELDS["service"], *FIELDS["structure"], "autre"]), json_values, max_size=6)
    | json_values,
    max_size=4,
)


@given(any_records, any_records)
def test_any_value_is_refused_in_words(base: Base, structures: list[Any], services: list[Any]) -> None:
    with folder() as path:
        file = path / "a.json"
        file.write_text(json.dumps({"structures": structures, "services": services}), "utf-8")
        with import_di.read(file, base.rules, ON) as found:
            assert found.erreurs >= bool(structures or services)
            assert all(item.message and item.code for item in found.diagnostics)
            assert list(found.sheets()) == []


# --- size ---


def test_a_region_is_read_in_bounded_memory(base: Base, tmp_path: Path) -> None:
    peaks, sizes = [], []
    for services in (100, 400, 2000):  # the first one warms the caches
        path = tmp_path / str(services)
        path.mkdir()
        region.write_region(path, services)
        sizes.append(sum(file.stat().st_size for file in path.iterdir()))
        peaks.append(peak(path, base, services))
    assert sizes[2] > 4.5 * sizes[1]
    assert peaks[2] < 1.5 * peaks[1]
    assert peaks[2] < sizes[2]


def peak(path: Path, base: Base, services: int) -> int:
    """The most that Python holds while files are read and their sheets made, in bytes."""
    tracemalloc.start()
    with import_di.read(path, base.rules, ON) as found:
        assert found.erreurs == 0
        assert sum(len(sheet["services"]) for sheet in found.sheets()) == found.services > services / 4
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_a_region_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        region.write_region(tmp_path / name, 50)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_a_region_goes_out_again_valid(base: Base, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    region.write_region(tmp_path / "in", 400)
    read = structures_of(tmp_path / "in", base)
    losses = export.write(read, tmp_path / "out", ON, base.rules)
    records = json.loads((tmp_path / "out" / "services.json").read_text("utf-8"))
    given_ids = {record["id"] for record in json.loads((tmp_path / "in" / "services.json").read_text("utf-8"))}
    assert {v1.Service.model_validate(record | {"date_maj": "2026-01-01"}).id for record in records} <= given_ids
    assert losses.services == len(records) > 100
