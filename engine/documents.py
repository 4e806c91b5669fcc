"""YAML and JSON documents read with the position of every value.

YAML is read as YAML 1.2 does: only `true`/`false` are booleans, `01004` stays a text, dates stay texts. Anchors,
aliases and tags are refused: nobody who fills in a sheet needs them, and they are how a small file becomes a huge one.
"""

from __future__ import annotations

import gc
import heapq
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from engine.problems import Chemin, Code, Espece, Faute, Gravite, Probleme, gravity

MAX_DOCUMENT_BYTES = 1024 * 1024
"""A rule file, a sheet or a situation is written by people: 1 MiB is far beyond what they write."""

MAX_ENTRIES = 10_000
"""Entries of one list or one mapping; the longest shipped one has some hundreds."""

MAX_PROBLEMS = 200
"""Problems that are told at once: nobody mends more in one go. The others are counted."""

MAX_DEPTH = 40
"""Levels of nesting; the deepest shipped document has 10."""

Signaler = Callable[[Chemin, Probleme], None]
"""How a check reports what is wrong at a place of the document under way."""


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One thing to mend, at one place (line and column count from 1; 0 where there is no line).

    `lieu` says in words what the line does not tell (which record, which example), `chemin` which value of the document
    it is about.
    """

    fichier: str
    ligne: int
    colonne: int
    probleme: Probleme
    lieu: str = ""
    chemin: Chemin = field(default=(), compare=False)

    @property
    def code(self) -> Code:
        """Which kind of problem it is."""
        return self.probleme.code

    @property
    def gravite(self) -> Gravite:
        """How serious it is."""
        return gravity(self.code)

    @property
    def message(self) -> str:
        """What is wrong, in French, for whoever reads it."""
        return f"{self.lieu} : {self.probleme}" if self.lieu else str(self.probleme)

    @property
    def aide(self) -> str:
        """How to mend it, in French, when more can be said."""
        return self.probleme.aide

    def __str__(self) -> str:
        place = f":{self.ligne}:{self.colonne}" if self.ligne else ""
        return f"{self.fichier}{place}: {self.message}"


class InvalidDocuments(Exception):
    """Documents that cannot be used; carries the diagnostics to tell, in a stable order."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = to_tell(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics))


def to_tell(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each diagnostic once, in a stable order; of more than MAX_PROBLEMS, some of each kind and how many others.

    One wrong line of the vocabulary can make hundreds of right rules wrong: the cause is told with its consequences.
    """
    every = list(diagnostics)
    found = [item for item in every if item.probleme.espece is not Faute.AUTRES]
    others = sum(item.probleme.valeurs["nombre"] for item in every if item.probleme.espece is Faute.AUTRES)
    if len(found) > MAX_PROBLEMS:
        others += len(found) - MAX_PROBLEMS
        found.sort(key=lambda item: (item.fichier, item.ligne, item.colonne))
        met: Counter[tuple[str, Espece]] = Counter()
        ranked: list[tuple[int, int, Diagnostic]] = []
        for item in found:
            kind = item.fichier, item.probleme.espece
            ranked.append((met[kind], len(ranked), item))
            met[kind] += 1
        found = [item for _, _, item in heapq.nsmallest(MAX_PROBLEMS, ranked)]
    once = {(item, item.chemin): item for item in found}.values()
    told = sorted(once, key=lambda item: (item.fichier, item.ligne, item.colonne, item.message))
    return [*told, replace(told[-1], probleme=Faute.AUTRES(nombre=others), lieu="")] if others else told


def refused(name: str, probleme: Probleme, ligne: int = 0, colonne: int = 0) -> InvalidDocuments:
    """The refusal of a file for one problem."""
    return InvalidDocuments([Diagnostic(name, ligne, colonne, probleme)])


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document: plain data, and the position of each value by its path."""

    nom: str
    donnees: Any
    positions: Mapping[Chemin, tuple[int, int]]

    def diagnostic(self, chemin: Chemin, probleme: Probleme) -> Diagnostic:
        """A diagnostic at the value of `chemin`, or at its nearest known ancestor."""
        value = tuple(step for step in chemin if step != _KEY)
        while chemin and chemin not in self.positions:
            chemin = chemin[:-1]
        ligne, colonne = self.positions.get(chemin, (1, 1))
        return Diagnostic(self.nom, ligne, colonne, probleme, chemin=value)

    def at_key(self, chemin: Chemin, probleme: Probleme) -> Diagnostic:
        """A diagnostic at the key that leads to `chemin` rather than at its value."""
        return self.diagnostic((*chemin, _KEY), probleme)


_TOO_DEEP = Faute.TROP_IMBRIQUE(niveaux=MAX_DEPTH)
_SUSPECT = re.compile(r"[&*!]|(?:[\[{?-]\s*){20}|^ {40}", re.MULTILINE)
"""What an anchor, an alias, a tag or a deep nesting begins with: only then are the tokens read one by one."""

_KEY = "\0key"

NOWHERE: Mapping[Chemin, tuple[int, int]] = {(): (0, 0)}
"""The positions of a document that was never a text."""


class Loader(yaml.CSafeLoader):
    """The core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema), without octal numbers."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # as the base class declares it


for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?", "-+0123456789"),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))


class _Refused(Exception):
    def __init__(self, mark: Any, probleme: Probleme) -> None:
        super().__init__(probleme)
        self.ligne, self.colonne, self.probleme = mark.line + 1, mark.column + 1, probleme


def read_file(path: Path, max_bytes: int = MAX_DOCUMENT_BYTES, name: str | None = None) -> Document:
    """The document in a file, YAML or (by its ending) JSON. Raises InvalidDocuments."""
    name = name or str(path)
    return read_bytes(read_limited(path, max_bytes, name), name, is_json=path.suffix == ".json", max_bytes=max_bytes)


def read_limited(path: Path, max_bytes: int, name: str) -> bytes:
    """The bytes of a file that is not larger than `max_bytes`. Raises InvalidDocuments, in French."""
    try:
        with path.open("rb") as file:
            raw = file.read(max_bytes + 1)
    except FileNotFoundError:
        raise refused(name, Faute.FICHIER_ABSENT()) from None
    except IsADirectoryError:
        raise refused(name, Faute.EST_UN_DOSSIER()) from None
    except OSError as error:
        raise refused(name, Faute.ILLISIBLE(raison=error.strerror)) from None
    return raw


def read_bytes(raw: bytes, name: str, *, is_json: bool = False, max_bytes: int = MAX_DOCUMENT_BYTES) -> Document:
    """The document in `raw`. Raises InvalidDocuments with the position of what cannot be read."""
    if len(raw) > max_bytes:
        raise refused(name, Faute.TROP_GROS(kio=max_bytes // 1024))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        raise refused(name, Faute.PAS_UTF8(), line, column) from None
    forbidden = FORBIDDEN.search(text)
    if forbidden and not is_json:
        raise refused(name, Faute.CARACTERE_INTERDIT(), *_place(text, forbidden.start()))
    if not text.strip():
        raise refused(name, Faute.FICHIER_VIDE(), 1, 1)
    return _read_json(text, name) if is_json else _read_yaml(text, name)


FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ANCHOR = Faute.ANCRE()


def _place(text: str, position: int) -> tuple[int, int]:
    """The line and the column of a position in a text, from 1."""
    return text.count("\n", 0, position) + 1, position - (text.rfind("\n", 0, position) + 1) + 1


def _brackets_depth(text: str) -> int:
    """At most how deep brackets and braces are nested, those in quotes included."""
    depth = deepest = 0
    for match in re.finditer(r"[\[{]|[\]}]", text):
        depth += 1 if match[0] in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _refuse_what_sheets_do_not_need(text: str) -> None:
    """Anchors, aliases and tags, which leave no trace once a document is built; and nesting that no sheet has."""
    depth = 0
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        match token:
            case yaml.AnchorToken() | yaml.AliasToken():
                raise _Refused(token.start_mark, _ANCHOR)
            case yaml.TagToken():
                handle, suffix = token.value
                raise _Refused(token.start_mark, Faute.ETIQUETTE(etiquette=f"{handle or ''}{suffix}"))
            case (
                yaml.FlowSequenceStartToken()
                | yaml.FlowMappingStartToken()
                | yaml.BlockSequenceStartToken()
                | yaml.BlockMappingStartToken()
            ):
                depth += 1
                if depth > MAX_DEPTH + 1:
                    raise _Refused(token.start_mark, _TOO_DEEP)
            case yaml.FlowSequenceEndToken() | yaml.FlowMappingEndToken() | yaml.BlockEndToken():
                depth -= 1


@contextmanager
def _collector_asleep() -> Iterator[None]:
    """Reading makes many objects and no cycle: the collector would go through them again and again, for two thirds of
    the time that a large document takes."""
    awake = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if awake:
            gc.enable()


@_collector_asleep()
def _read_yaml(text: str, name: str) -> Document:
    loader = Loader(text)
    try:
        if _SUSPECT.search(text) or _brackets_depth(text) > MAX_DEPTH:
            _refuse_what_sheets_do_not_need(text)
        node = loader.get_single_node()
        if node is None:
            raise refused(name, Faute.COMMENTAIRES(), 1, 1)
        positions: dict[Chemin, tuple[int, int]] = {}
        data = _build(node, (), positions, set())
    except _Refused as error:
        raise refused(name, error.probleme, error.ligne, error.colonne) from None
    except yaml.MarkedYAMLError as error:
        raise InvalidDocuments([_syntax_error(error, name, text)]) from None
    except yaml.YAMLError:
        raise refused(name, Faute.CARACTERE_INTERDIT(), 1, 1) from None
    except RecursionError:
        raise refused(name, Faute.SANS_FIN(), 1, 1) from None
    finally:
        loader.dispose()
    return Document(name, data, positions)


def _build(node: Any, path: Chemin, positions: dict[Chemin, tuple[int, int]], built: set[int]) -> Any:
    mark = node.start_mark
    if id(node) in built:
        raise _Refused(mark, _ANCHOR)
    if len(path) > MAX_DEPTH:
        raise _Refused(mark, _TOO_DEEP)
    if not node.tag.startswith("tag:yaml.org,2002:"):
        raise _Refused(mark, Faute.ETIQUETTE(etiquette=node.tag))
    if len(node.value) > MAX_ENTRIES and not isinstance(node, yaml.ScalarNode):
        raise _Refused(mark, Faute.TROP_D_ENTREES(nombre=MAX_ENTRIES, lues=len(node.value)))
    positions[path] = (mark.line + 1, mark.column + 1)
    built.add(id(node))
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = _key(key_node)
            if key in result:
                raise _Refused(key_node.start_mark, Faute.CLE_DOUBLE(cle=key))
            positions[(*path, key, _KEY)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            result[key] = _build(value_node, (*path, key), positions, built)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*path, index), positions, built) for index, item in enumerate(node.value)]
    return _scalar(node)


def _key(node: Any) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _Refused(node.start_mark, Faute.CLE_PAS_UN_MOT())
    return str(node.value)


def _scalar(node: Any) -> Any:
    kind, value = node.tag.rpartition(":")[2], node.value
    try:
        return _convert(kind, value, node)
    except ValueError:
        raise _Refused(node.start_mark, Faute.ETIQUETTE(etiquette=f"!!{kind}")) from None


def _convert(kind: str, value: str, node: Any) -> Any:
    match kind:
        case "null":
            return None
        case "bool":
            return value.lower() == "true"
        case "int":
            if len(value) > 30:
                raise _Refused(node.start_mark, Faute.NOMBRE_TROP_GRAND())
            return int(value)
        case "float":
            return float(value)
        case "str":
            return value
    raise _Refused(node.start_mark, Faute.ETIQUETTE(etiquette=kind))


def _syntax_error(error: yaml.MarkedYAMLError, name: str, text: str) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    problem = error.problem or ""
    if "quoted scalar" in (error.context or "") and error.context_mark:
        return Diagnostic(name, error.context_mark.line + 1, error.context_mark.column + 1, Faute.GUILLEMET())
    lines = text.splitlines()
    line_read = lines[mark.line][: mark.column + 1] if mark and mark.line < len(lines) else ""
    if "\t" in line_read or "\\t" in problem:
        found = Faute.TABULATION
    elif "alias" in problem or "anchor" in problem:
        found = Faute.ANCRE
    elif "mapping values are not allowed" in problem:
        found = Faute.DEUX_POINTS
    elif "expected a single document" in (error.context or "") or "another document" in problem:
        found = Faute.PLUSIEURS_DOCUMENTS
    elif "expected <block end>" in problem or "did not find expected" in problem:
        found = Faute.STRUCTURE
    else:
        found = Faute.PAS_YAML
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Diagnostic(name, line, column, found())


def _read_json(text: str, name: str) -> Document:
    def refuse(position: int, probleme: Probleme) -> InvalidDocuments:
        return refused(name, probleme, *_place(text, max(position, 0)))

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            twice = first_repeated(key for key, _ in items)
            places = [match.start() for match in re.finditer(re.escape(json.dumps(twice, ensure_ascii=False)), text)]
            raise refuse(places[1] if len(places) > 1 else 0, Faute.CLE_DOUBLE(cle=twice))
        return found

    def constant(word: str) -> Any:
        raise refuse(text.find(word), Faute.CONSTANTE(mot=word))

    half = _HALF_CHARACTER.search(text)
    if half:
        group = half.lastindex or 0
        raise refuse(text.rfind('"', 0, half.start(group)), Faute.CARACTERE_INCOMPLET(mot=half[group]))
    large = _LARGE_NUMBER.search(text)
    if large:
        raise refuse(large.start(1), Faute.NOMBRE_TROP_GRAND())
    try:
        data = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise refused(name, Faute.PAS_JSON(), error.lineno, error.colno) from None
    except RecursionError:
        raise refuse(0, _TOO_DEEP) from None
    if _brackets_depth(text) > MAX_DEPTH:
        _positions_of_json(text, name)
    return Document(name, data, _PositionsOfJson(text, name))


def _positions_of_json(text: str, name: str) -> Mapping[Chemin, tuple[int, int]]:
    """Where values stand, when YAML reads it too. Raises InvalidDocuments for a document that is too deep."""
    try:
        return _read_yaml(text, name).positions
    except InvalidDocuments as error:
        if any(found.probleme == _TOO_DEEP for found in error.diagnostics):
            raise
        return {}


class _PositionsOfJson(Mapping[Chemin, tuple[int, int]]):
    """The positions of a JSON document, looked for when something is wrong in it: rarely, and slowly."""

    def __init__(self, text: str, name: str) -> None:
        self._text, self._name = text, name

    @cached_property
    def _found(self) -> Mapping[Chemin, tuple[int, int]]:
        return _positions_of_json(self._text, self._name)

    def __getitem__(self, chemin: Chemin) -> tuple[int, int]:
        return self._found[chemin]

    def __iter__(self) -> Iterator[Chemin]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def first_repeated(names: Iterable[str]) -> str | None:
    """The first name that comes a second time; None when all differ."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


_HALF_CHARACTER = re.compile(
    r"(?<!\\)(?:\\\\)*(\\u[dD][89abAB][0-9a-fA-F]{2})(?!\\u[dD][c-fC-F])"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})(?<!\\)(\\u[dD][c-fC-F][0-9a-fA-F]{2})"
)
_LARGE_NUMBER = re.compile(r"[:\[,]\s*(-?\d{31,})")
