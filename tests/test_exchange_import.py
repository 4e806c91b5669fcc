"""The national format, inwards: every form of file, every wrong record in its place, and nothing half taken."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine import documents
from engine.base import Base
from engine.catalogue import check_structure
from engine.documents import NOWHERE, Document
from engine.validation import validate
from fiche.exchange import import_di
from fiche.exchange.cells import write_cell
from fiche.exchange.import_di import SHOWN, Import
from fiche.exchange.source import MAX_RECORD
from fiche.model import Structure
from fiche.writing import write_sheet

ON = date(2026, 11, 25)
Record = dict[str, Any]
Read = Callable[[Path], Import]

STRUCTURE: Record = {
    "source": "dora",
    "id": "dora--1",
    "nom": "Maison d'essai",
    "date_maj": "2025-02-14",
    "commune": "Dreux",
    "code_insee": "28134",
}
SERVICE: Record = {
    "source": "dora",
    "structure_id": "dora--1",
    "id": "dora--s1",
    "nom": "Atelier d'essai",
    "description": "Un atelier.",
    "date_maj": "2025-02-14",
    "thematiques": ["trouver-un-emploi--repondre-a-des-offres-demploi"],
}


@pytest.fixture
def read(base: Base) -> Iterable[Read]:
    opened: list[Import] = []

    def run(path: Path) -> Import:
        opened.append(import_di.read(path, base.rules, ON))
        return opened[-1]

    yield run
    for found in opened:
        found.close()


def both(folder: Path, structures: Iterable[Record] = (STRUCTURE,), services: Iterable[Record] = (SERVICE,)) -> Path:
    """One file that holds two lists."""
    path = folder / "essai.json"
    lists = {"structures": list(structures), "services": list(services)}
    path.write_text(json.dumps(lists, ensure_ascii=False, indent=1), "utf-8")
    return path


def table(path: Path, records: list[Record], delimiter: str = ",") -> None:
    keys = list(dict.fromkeys(key for record in records for key in record))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(keys)
        writer.writerows([write_cell(record.get(key)) for key in keys] for record in records)


def messages(found: Import) -> list[str]:
    return [f"{item.ligne}: {item.message}" for item in found.diagnostics]


def check(sheets: list[Record], base: Base) -> list[Structure]:
    """The structures of sheets, as the directory reads them: from YAML, with no problem."""
    seen: dict[str, str] = {}
    structures = []
    for sheet in sheets:
        document = documents.read_bytes(write_sheet(sheet).encode(), sheet["id"])
        assert document.donnees == sheet
        structures.append(validate(Structure, document))
        assert check_structure(structures[-1], document, base.rules, seen) == []
    return structures


# --- forms of files ---


def test_one_file_of_two_lists(read: Read, base: Base, tmp_path: Path) -> None:
    found = read(both(tmp_path))
    assert (messages(found), found.structures, found.services) == ([], 1, 1)
    assert [structure.id for structure in check(list(found.sheets()), base)] == ["maison-d-essai-dreux"]


def test_every_form_gives_the_same_sheets(read: Read, tmp_path: Path) -> None:
    expected = list(read(both(tmp_path)).sheets())
    assert expected
    for ending in ("json", "jsonl", "csv", "ndjson"):
        folder = tmp_path / ending
        folder.mkdir()
        for name, record in (("structures-inclusion-2026", STRUCTURE), ("services-inclusion-2026", SERVICE)):
            path = folder / f"{name}.{ending}"
            if ending == "csv":
                table(path, [record])
            else:
                path.write_text(json.dumps([record] if ending == "json" else record), "utf-8")
        assert list(read(folder).sheets()) == expected, ending


def test_one_array_of_both(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "tout.json"
    path.write_text(json.dumps([SERVICE, STRUCTURE]), "utf-8")
    assert read(path).services == 1


def test_a_byte_order_mark_and_semicolons(read: Read, tmp_path: Path) -> None:
    table(tmp_path / "structures.csv", [STRUCTURE], ";")
    table(tmp_path / "services.csv", [SERVICE], ";")
    for path in tmp_path.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    found = read(tmp_path)
    assert (messages(found), found.services) == ([], 1)


def test_a_date_in_milliseconds(read: Read, tmp_path: Path) -> None:
    found = read(both(tmp_path, [STRUCTURE | {"date_maj": 1739491200000}]))
    assert [sheet["date_maj"] for sheet in found.sheets()] == ["2025-02-14"]


def test_of_two_forms_of_one_file_one_is_read(read: Read, tmp_path: Path) -> None:
    (tmp_path / "structures.json").write_text(json.dumps([STRUCTURE]), "utf-8")
    table(tmp_path / "structures.csv", [STRUCTURE])
    (tmp_path / "services.json").write_text(json.dumps([SERVICE]), "utf-8")
    (tmp_path / "pertes.md").write_text("# Pertes", "utf-8")
    found = read(tmp_path)
    assert (found.erreurs, found.structures) == (0, 1)


def test_unknown_keys_are_counted(read: Read, tmp_path: Path) -> None:
    found = read(both(tmp_path, services=[SERVICE | {"score_qualite": 0.5, "_interne": {"a": [1]}}]))
    assert dict(found.ignorees) == {"score_qualite": 1, "_interne": 1}
    assert found.usable


def test_progress_ends_once(base: Base, tmp_path: Path) -> None:
    structures = [STRUCTURE | {"id": f"dora--{number}"} for number in range(100)]
    services = [SERVICE | {"id": f"dora--s{n}", "structure_id": f"dora--{n % 100}"} for n in range(2000)]
    steps: list[tuple[int, int]] = []
    path = both(tmp_path, structures, services)
    with import_di.read(path, base.rules, ON, lambda done, total: steps.append((done, total))) as found:
        assert found.services == 2000
    size = path.stat().st_size
    assert steps[-1] == (size, size)
    assert [done for done, _ in steps] == sorted({done for done, _ in steps})
    assert len(steps) > 2


# --- files that cannot be read ---


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.json", b"", "1: le fichier est vide."),
        ("a.jsonl", b" \n", "1: le fichier est vide."),
        ("a.csv", b"", "1: le fichier est vide."),
        (
            "a.json",
            b'[{"id": "x",\n "nom": "y',
            "2: le fichier s'arrête au milieu d'un enregistrement : il est incomplet.",
        ),
        ("a.json", b'[{"id": "x"}', "1: le fichier s'arrête au milieu d'un enregistrement : il est incomplet."),
        ("a.json", b'[{"id": "x"},\n{"id" "y"}]', "2: ce n'est pas du JSON : vérifiez les virgules"),
        ("a.json", b'{"services": {}}', "1: il manque une liste « structures » ou « services »."),
        ("a.json", b'{"id": "x"}\n{"id": "y"}', "2: un seul document est attendu"),
        ("a.json", b'[{"id": 1, "id": 2}]', "1: la clé « id » est écrite deux fois."),
        ("a.json", b'[{"longitude": NaN}]', "1: « NaN » n'est pas une valeur JSON."),
        ("a.json", b'[{"longitude": ' + b"9" * 5000 + b"}]", "1: nombre trop grand."),
        ("a.json", b"[" + b"[" * 100_000, "1: valeur trop imbriquée."),
        ("a.json", b'[{"nom": "\xe9t\xe9"}]', "1: à partir d'ici, ce n'est pas du texte UTF-8"),
        ("a.json", '[{"nom": "été"}]'.encode("utf-16"), "1: à partir d'ici, ce n'est pas du texte UTF-8"),
        ("a.csv", b"id,nom\n1,\xe9t\xe9", "1: à partir d'ici, ce n'est pas du texte UTF-8"),
        ("a.csv", b"id,nom,id\n1,2,3", "1: la première ligne nomme deux fois la même colonne."),
        ("a.csv", b'id,nom\n1,a\n2,"b\n3,c\n', "3: une case n'est pas fermée, ou trop longue"),
        ("a.csv", b"id,nom\n1,a\n2,b,c\n", "3: 3 colonnes au lieu de 2"),
        ("a.jsonl", b'{"id": "x"\n', "1: ce n'est pas du JSON"),
        (
            "a.json",
            b'[{"description": "' + b"a" * 10_000_000 + b'"}]',
            "1: enregistrement trop long : 1024 Kio au plus.",
        ),
        (
            "a.jsonl",
            b'{"description": "' + b"a" * 10_000_000 + b'"}',
            "1: enregistrement trop long : 1024 Kio au plus.",
        ),
        ("a.csv", b"id,nom\n1," + b"a" * 10_000_000, "2: enregistrement trop long : 1024 Kio au plus."),
        ("a.txt", b"id", "0: ce format n'est pas lu (permis : .json, .jsonl, .ndjson, .csv)."),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 8 else None,
)
def test_unreadable(name: str, content: bytes, expected: str, read: Read, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    found = read(tmp_path / name)
    assert any(message.startswith(expected) for message in messages(found)), messages(found)
    assert list(found.sheets()) == []


@pytest.mark.parametrize("key", ["id", "nom", "thematiques", "autre"])
def test_values_nested_as_deep_as_can_be(key: str, read: Read, tmp_path: Path) -> None:
    path = tmp_path / "services.jsonl"
    lines = [f'{{"{key}": {"[" * depth}{"]" * depth}}}' for depth in range(1, 1200, 20)]
    path.write_text("\n".join(lines), "utf-8")
    assert {item.ligne for item in read(path).diagnostics} >= set(range(1, len(lines) + 1))


def test_nothing_to_read(read: Read, tmp_path: Path) -> None:
    assert messages(read(tmp_path / "absent.json")) == ["0: ce fichier n'existe pas."]
    assert messages(read(tmp_path)) == [
        "0: aucun fichier à lire dans ce dossier (attendus : .json, .jsonl, .ndjson, .csv)."
    ]


def test_a_line_that_is_wrong_does_not_hide_the_next_ones(read: Read, tmp_path: Path) -> None:
    lines = ["{", json.dumps(STRUCTURE), "[]", json.dumps(SERVICE | {"nom": "x"})]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    assert [message.partition(":")[0] for message in messages(read(tmp_path / "a.jsonl"))] == ["1", "3", "4"]


# --- records that are wrong ---


@pytest.mark.parametrize(
    ("kind", "change", "expected"),
    [
        ("structures", {"siret": "12"}, "siret : trop court : au moins 14 caractères attendus."),
        ("structures", {"nom": None}, " : il manque « nom »."),
        ("structures", {"date_maj": None}, " : il manque « date_maj »."),
        ("structures", {"date_maj": "14/02/2025"}, "date_maj : une date AAAA-MM-JJ est attendue, pas « 14/02/2025 »."),
        (
            "structures",
            {"date_maj": "2031-01-01"},
            "date_maj : la date « 2031-01-01 » est dans le futur (après le 2026-11-25).",
        ),
        ("structures", {"date_maj": "1999-01-01"}, "date_maj : la date « 1999-01-01 » est avant l'an 2000."),
        ("structures", {"courriel": "x"}, "courriel : « x » n'est pas une adresse électronique."),
        (
            "structures",
            {"site_web": "javascript:alert(1)"},
            "site_web : une adresse web complète (https://…) est attendue",
        ),
        ("structures", {"code_postal": 28100}, "code_postal : un texte est attendu, pas le nombre « 28100 » : ajoutez"),
        ("structures", {"nom": "a\0bcd"}, "nom : un caractère de contrôle est interdit dans un texte."),
        ("structures", {"nom": "a\ud800bcd"}, "nom : un caractère de contrôle est interdit dans un texte."),
        ("structures", {"adresse": "x" * 10_001}, "adresse : trop long : au plus 10000 caractères attendus."),
        ("structures", {"nom": [["x"]]}, "nom : une valeur simple est attendue"),
        ("structures", {"longitude": "inf"}, "longitude : un nombre est attendu."),
        (
            "services",
            {"thematiques": ["se-former--trouver-sa-formation", "numerique"]},
            "thematiques n° 2 : « numerique » n'existe pas (valeur).",
        ),
        ("services", {"thematiques": "x"}, "thematiques : une liste est attendue"),
        ("services", {"thematiques": [{"a": [1]}]}, "thematiques : une valeur simple est attendue"),
        ("services", {"publics": ["tous-publics", "femmes"]}, "publics : `tous-publics` ne peut pas être utilisé avec"),
        ("services", {"zone_eligibilite": ["28", "28999"]}, "zone_eligibilite n° 2 : « 28999 » n'est ni un code INSEE"),
        ("services", {"structure_id": "dora--9"}, "structure_id : aucune structure n'a l'identifiant « dora--9 »."),
        ("services", {"structure_id": None}, " : il manque « structure_id »."),
        ("services", {"type": "autre"}, "type : « autre » n'existe pas (valeur)."),
    ],
)
def test_a_wrong_record(kind: str, change: Record, expected: str, read: Read, tmp_path: Path) -> None:
    wrong = {"structures": STRUCTURE, "services": SERVICE}[kind] | change
    others = {"structures": [STRUCTURE], "services": [SERVICE]} | {kind: [wrong]}
    path = tmp_path / "essai.json"
    path.write_text(json.dumps(others, indent=1), "utf-8")  # half a character can only be written escaped
    found = read(path)
    where = f"{kind[:-1]} n° 1 ({wrong['id']})"
    assert [item.message.startswith(where) and expected in item.message for item in found.diagnostics] == [True]
    assert found.diagnostics[0].fichier == str(path)
    assert found.diagnostics[0].ligne > 1
    assert list(found.sheets()) == []


def test_all_problems_at_once_each_in_its_line(read: Read, tmp_path: Path) -> None:
    table(tmp_path / "structures.csv", [STRUCTURE, STRUCTURE | {"id": "dora--2", "nom": "x", "siret": "1"}])
    table(tmp_path / "services.csv", [SERVICE, SERVICE | {"id": "dora--s2", "description": "a\nb"}])
    found = read(tmp_path)
    assert [(Path(item.fichier).name, item.ligne, item.chemin) for item in found.diagnostics] == [
        ("services.csv", 3, ("description",)),
        ("structures.csv", 3, ("nom",)),
        ("structures.csv", 3, ("siret",)),
    ]
    assert found.erreurs == 3


@pytest.mark.parametrize("identifier", [10**30, 1.5, True, [1]], ids=str)
def test_an_identifier_that_is_no_text_never_stops_the_reading(identifier: Any, read: Read, tmp_path: Path) -> None:
    """Another key is wrong too: the identifier is then not looked at by the models."""
    path = tmp_path / "structures.json"
    path.write_text(json.dumps([STRUCTURE | {"id": identifier, "nom": "a\x00"}]), encoding="utf-8")
    assert any("caractère de contrôle" in item.message for item in read(path).diagnostics)


def test_an_identifier_given_twice(read: Read, tmp_path: Path) -> None:
    path = both(tmp_path, [STRUCTURE, STRUCTURE | {"nom": "Autre"}], [SERVICE, SERVICE])
    problems = read(path).diagnostics
    assert [item.message for item in problems] == [
        f"structure n° 2 (dora--1), id : l'identifiant « dora--1 » existe déjà ({path}:3).",
        f"service n° 2 (dora--s1), id : l'identifiant « dora--s1 » existe déjà ({path}:21).",
    ]
    assert {item.code for item in problems} == {"doublon"}


def test_services_without_any_structure(read: Read, tmp_path: Path) -> None:
    (tmp_path / "services.json").write_text(json.dumps([SERVICE]), "utf-8")
    assert messages(read(tmp_path)) == ["0: il n'y a aucune structure : donnez aussi le fichier des structures."]


def test_problems_are_kept_up_to_a_limit_and_all_counted(read: Read, tmp_path: Path) -> None:
    wrong = [STRUCTURE | {"id": f"dora--{number}", "siret": "1"} for number in range(SHOWN + 20)]
    found = read(both(tmp_path, wrong, []))
    assert (len(found.diagnostics), found.erreurs) == (SHOWN, SHOWN + 20)


def test_what_is_right_alone_when_asked(base: Base, tmp_path: Path) -> None:
    other = STRUCTURE | {"id": "dora--2", "nom": "Autre maison", "siret": "1"}
    lost = SERVICE | {"id": "dora--s2", "structure_id": "dora--2"}
    path = both(tmp_path, [STRUCTURE, other], [SERVICE, lost, SERVICE | {"id": "dora--s3", "nom": ""}])
    with import_di.read(path, base.rules, ON, partial=True) as found:
        assert found.erreurs == 2
        assert [sheet["nom"] for sheet in check_plain(found, base)] == ["Maison d'essai"]
        assert dict(found.ecarts) == {import_di.WITHOUT_STRUCTURE: 1}


def check_plain(found: Import, base: Base) -> list[Record]:
    sheets = list(found.sheets())
    check(sheets, base)
    return sheets


# --- texts that are traps ---


@pytest.mark.parametrize(
    "text",
    ["<b onclick=x>gras</b>", "**gras** [lien](javascript:x)", "=1+1+1", "yes: no", "&ancre", "!!python/x", "# titre",
     "- liste", "2026-01-01", "1e3 1", "~null", "{a: b}", "'quoted'", "Précisions du réseau", "ligne\nligne",
     "été 😀 œuvre"],
)  # fmt: skip
def test_texts_stay_texts(text: str, read: Read, base: Base, tmp_path: Path) -> None:
    fields = ("nom", "description", "publics_precisions", "conditions_acces", "adresse", "telephone", "commune",
              "frais_precisions", "contact_nom_prenom", "mobilisation_precisions", "horaires_accueil")  # fmt: skip
    path = both(tmp_path, [STRUCTURE | {"nom": text, "description": text}], [SERVICE | dict.fromkeys(fields, text)])
    structure = check(list(read(path).sheets()), base)[0]
    assert structure.nom == structure.description == text
    service = structure.services[0]
    assert {getattr(service, field) for field in fields} == {text}
    assert " ".join(text.split()).strip(" ;.") in str(service.spro.a_verifier)
    yaml.safe_load(write_sheet(structure.model_dump(mode="json", exclude_none=True)))


def test_a_size_that_no_sheet_can_have(read: Read, base: Base, tmp_path: Path) -> None:
    many = [SERVICE | {"id": f"dora--s{number}", "description": "Une aide. " * 50} for number in range(1500)]
    other = STRUCTURE | {"id": "dora--2", "nom": "Autre maison"}
    found = read(both(tmp_path, [STRUCTURE, other], [*many, SERVICE | {"id": "dora--t", "structure_id": "dora--2"}]))
    assert [sheet["nom"] for sheet in check_plain(found, base)] == ["Autre maison"]
    assert dict(found.ecarts) == {import_di.TOO_LARGE: 1501}


def test_a_disk_that_is_full(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("fiche.exchange.spool.Spool.add", full)
    with import_di.read(both(tmp_path), base.rules, ON, partial=True) as found:
        assert messages(found) == ["0: plus de place sur le disque pour trier ces fichiers."]
        assert list(found.sheets()) == []


def test_a_record_of_the_largest_size_is_read(read: Read, tmp_path: Path) -> None:
    padding = "x" * (MAX_RECORD - 5000)
    path = tmp_path / "structures.json"
    path.write_text(json.dumps([STRUCTURE | {"inconnue": padding}, STRUCTURE | {"id": "dora--2"}]), "utf-8")
    assert messages(read(path)) == []


def test_an_engine_document_can_be_made(read: Read, tmp_path: Path) -> None:
    sheet = next(read(both(tmp_path)).sheets())
    assert validate(Structure, Document("essai", sheet, NOWHERE)).services[0].structure_id == sheet["id"]
