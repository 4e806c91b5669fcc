"""YAML and JSON documents: what is read, where each value stands, and what is refused in plain French."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import documents
from engine.documents import MAX_DOCUMENT_BYTES, Diagnostic, InvalidDocuments, read_bytes, read_file
from engine.problems import Faute, unknown_name

PROJECT = Path(__file__).parent.parent
BAD = Path(__file__).parent / "bad"
CASES = sorted(path for path in (BAD / "documents").iterdir() if path.suffix != ".txt")
MIB = 1024 * 1024
ICI = Faute.LISTE_VIDE()


def refused(read: Callable[[], object]) -> str:
    """What an agent reads of a document that is refused."""
    with pytest.raises(InvalidDocuments) as error:
        read()
    return "".join(f"{diagnostic}\n" for diagnostic in error.value.diagnostics)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_refused_documents(case: Path, expected: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD)
    assert refused(lambda: read_file(case.relative_to(BAD))) == expected(case)


# --- what is read ---


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("true", True), ("True", True), ("FALSE", False),
        ("oui", "oui"), ("no", "no"), ("on", "on"), ("y", "y"),
        ("~", None), ("null", None), ("''", ""), ("", None),
        ("0", 0), ("-12", -12), ("+7", 7), ("01004", "01004"), ("0x14", "0x14"), ("2_0", "2_0"), ("12:30", "12:30"),
        ("1.5", 1.5), ("-0.5e3", -500.0), (".5", ".5"), (".nan", ".nan"), ("1e3", "1e3"),
        ("2026-11-23", "2026-11-23"), ("« é »", "« é »"), ("2A004", "2A004"), ("bac+2", "bac+2"),
        ("=", "="), ("<<", "<<"),
    ],
)  # fmt: skip
def test_values_are_those_of_yaml_1_2(written: str, read: Any) -> None:
    document = read_bytes(f"cle: {written}\n".encode(), "essai.yaml")
    assert document.donnees == {"cle": read}
    assert type(document.donnees["cle"]) is type(read)


def test_positions_are_those_of_the_text() -> None:
    text = "# un\nage: 20\n\nbesoins:\n  - numerique\n  - { a: 'é', b: [x, y] }\n"
    document = read_bytes(text.encode(), "essai.yaml")
    assert document.donnees == {"age": 20, "besoins": ["numerique", {"a": "é", "b": ["x", "y"]}]}
    for place, found in {
        (): (2, 1),
        ("age",): (2, 6),
        ("besoins", 0): (5, 5),
        ("besoins", 1, "a"): (6, 10),
        ("besoins", 1, "b", 1): (6, 22),
        ("besoins", 7, "absent"): (5, 3),
        ("absent",): (2, 1),
    }.items():
        diagnostic = document.diagnostic(place, ICI)
        assert (diagnostic.ligne, diagnostic.colonne) == found, place
    at_key = document.at_key(("besoins", 1, "b"), ICI)
    assert (at_key.ligne, at_key.colonne) == (6, 15)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"age": 20, "statuts": ["etudiant"]}',
        b'\xef\xbb\xbf{"age": 20, "statuts": ["etudiant"]}\r\n',
        b'{\n\t"age": 20,\n\t"statuts": [\n\t\t"etudiant"\n\t]\n}\n',
    ],
    ids=["plain", "mark", "tabs"],
)
def test_json_is_read_as_yaml_is(raw: bytes) -> None:
    document = read_bytes(raw, "essai.json", is_json=True)
    assert document.donnees == {"age": 20, "statuts": ["etudiant"]}
    assert {("age",), ("statuts", 0)} <= set(document.positions)


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbfage: 20\n", b"age: 20\r\nrsa: non\r\n", b"---\nage: 20\n", b"{age: 20}"])
def test_ways_of_writing_that_editors_produce(raw: bytes) -> None:
    assert read_bytes(raw, "essai.yaml").donnees["age"] == 20


@pytest.mark.parametrize(
    "text", [r"\ud800", r"\ud83d", "9" * 5000, "NaN", "-Infinity", "!!int 3", "*a", "&a", "{a: " * 60, "[" * 60, "\x7f"]
)
def test_texts_may_look_like_what_is_refused(text: str) -> None:
    for is_json in (False, True):
        raw = json.dumps({"a": text, "b": [text]}).encode()
        assert read_bytes(raw, "essai", is_json=is_json).donnees == {"a": text, "b": [text]}


def test_json_emoji_in_two_halves() -> None:
    assert read_bytes(rb'{"commune": "\ud83d\ude00"}', "essai.json", is_json=True).donnees == {"commune": "😀"}


plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text(max_size=8)),
    lambda parts: st.one_of(st.lists(parts, max_size=4), st.dictionaries(st.text(max_size=5), parts, max_size=4)),
    max_leaves=12,
)


@given(plain)
def test_any_json_is_read_back(data: Any) -> None:
    for ascii_only in (True, False):
        raw = json.dumps(data, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
        assert read_bytes(raw, "essai.json", is_json=True).donnees == data


def problems(raw: bytes, *, is_json: bool) -> list[Diagnostic]:
    try:
        read_bytes(raw, "essai", is_json=is_json)
    except InvalidDocuments as error:
        return error.diagnostics
    return []


PIECES = [
    *("a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", '"', "'", "#", "&a ", "*a", "!!int ", "!x ", "|\n", "1", "\t"),
    *(", ", "? ", "---\n", "...\n", "é", "\x00", "%", "@", "<<"),
]
texts = st.lists(st.sampled_from(PIECES), max_size=25).map(lambda pieces: "".join(pieces).encode())


@given(st.one_of(texts, st.binary(max_size=60)), st.booleans())
def test_anything_is_read_or_refused_with_a_place(raw: bytes, is_json: bool) -> None:
    for found in problems(raw, is_json=is_json):
        assert found.ligne
        assert found.colonne
        assert re.fullmatch(r"[^\n]+\.", found.message)


# --- sizes ---


@pytest.mark.parametrize("name", ["grand.yaml", "grand.json"])
def test_large_file_is_refused_without_being_read(name: str, tmp_path: Path) -> None:
    large = tmp_path / name
    large.touch()
    os.truncate(large, 100 * MIB)
    tracemalloc.start()
    try:
        message = refused(lambda: read_file(large, name=name))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert message == f"{name}: fichier trop gros : 1024 Kio au plus.\n"
    assert most < 5 * MIB


def test_limit_of_size_is_included() -> None:
    text = b"age: 20\n#" + b"x" * (MAX_DOCUMENT_BYTES - 10) + b"\n"
    assert read_bytes(text, "essai.yaml").donnees == {"age": 20}
    assert (
        refused(lambda: read_bytes(text + b"\n", "essai.yaml")) == "essai.yaml: fichier trop gros : 1024 Kio au plus.\n"
    )


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", '{"a": ', "[{"])
@pytest.mark.parametrize("name", ["essai.yaml", "essai.json"])
def test_nesting_never_stops_the_process(opening: str, name: str) -> None:
    """In another process: a parser written in C may crash on it."""
    program = f"""
from engine.documents import InvalidDocuments, read_bytes
text = ({opening!r} * (300_000 // len({opening!r}))).encode()
try:
    read_bytes(text, {name!r}, is_json={name.endswith("json")})
except InvalidDocuments as error:
    print(len(error.diagnostics), error.diagnostics[0].ligne)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 1\n", "")


def test_depth_of_nesting_has_a_limit() -> None:
    def nested(levels: int) -> bytes:
        return ("[" * levels + "]" * levels).encode()

    deepest = documents.MAX_DEPTH + 1
    message = f"essai:1:{deepest + 1}: document trop imbriqué (plus de {documents.MAX_DEPTH} niveaux).\n"
    assert read_bytes(nested(deepest), "essai").donnees == read_bytes(nested(deepest), "essai", is_json=True).donnees
    assert refused(lambda: read_bytes(nested(deepest + 1), "essai")) == message
    assert refused(lambda: read_bytes(nested(deepest + 1), "essai", is_json=True)) == message


# --- files ---


def test_missing_file() -> None:
    assert refused(lambda: read_file(Path("absent.yaml"))) == "absent.yaml: ce fichier n'existe pas.\n"


def test_folder_in_place_of_a_file(tmp_path: Path) -> None:
    message = refused(lambda: read_file(tmp_path, name="dossier"))
    assert message == "dossier: c'est un dossier ; un fichier est attendu.\n"


def test_problems_are_sorted_and_told_once() -> None:
    found = [
        Diagnostic("b", 1, 1, ICI),
        Diagnostic("a", 10, 1, ICI),
        Diagnostic("a", 9, 1, Faute.GUILLEMET()),
        Diagnostic("b", 1, 1, ICI),
    ]
    assert str(InvalidDocuments(found)) == f"a:9:1: ce guillemet n'est pas fermé.\na:10:1: {ICI}\nb:1:1: {ICI}"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("etudian", " Vouliez-vous dire « etudiant » ?"),
        ("Étudiant", " Vouliez-vous dire « etudiant » ?"),
        ("chat", ""),
        ("", ""),
    ],
)
def test_closest_name(word: str, hint: str) -> None:
    sentence = str(unknown_name("statut", word, ["etudiant", "benevole"]))
    assert sentence == f"« {word} » n'existe pas (statut).{hint} Permis : benevole, etudiant."


def test_long_lists_of_names_are_cut() -> None:
    names = [f"nom-{number:02}" for number in range(50)]
    sentence = str(unknown_name("nom", "x", names))
    assert sentence == f"« x » n'existe pas (nom). Permis : {', '.join(names[:40])}, …."
    assert str(unknown_name("nom", "x", [])) == "« x » n'existe pas (nom). Permis : rien."
