"""YAML and JSON documents read with the position of every value, and what is wrong with them, in French.

YAML is read as YAML 1.2 does: only `true`/`false` are booleans, `01004` stays a text, dates stay texts. Anchors,
aliases and tags are refused: nobody who fills in a sheet needs them, and they are how a small file becomes a huge one.
"""

from __future__ import annotations

import difflib
import json
import re
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from engine.codes import Code, Gravite, code_of_sentence, gravity

MAX_DOCUMENT_BYTES = 1024 * 1024
"""A rule file, a sheet or a situation is written by people: 1 MiB is far beyond what they write."""

MAX_DEPTH = 40
"""Levels of nesting; the deepest shipped document has 10."""

Chemin = tuple[str | int, ...]
"""Where a value stands in a document: keys and list indexes from the top."""

Signaler = Callable[[Chemin, str], None]
"""How a check reports what is wrong at a place of the document under way."""


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One thing to mend, at one place (line and column count from 1; 0 where there is no line).

    `code` says which kind of problem it is (from its sentence when not given), `aide` how to mend it, `chemin` which
    value of the document it is about.
    """

    fichier: str
    ligne: int
    colonne: int
    message: str
    code: Code = ""  # type: ignore[assignment]  # never empty once built
    aide: str = ""
    chemin: Chemin = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if not self.code:
            object.__setattr__(self, "code", code_of_sentence(self.message))

    @property
    def gravite(self) -> Gravite:
        """How serious it is."""
        return gravity(self.code)

    def __str__(self) -> str:
        place = f":{self.ligne}:{self.colonne}" if self.ligne else ""
        return f"{self.fichier}{place}: {self.message}"


class InvalidDocuments(Exception):
    """Documents that cannot be used; carries every diagnostic, in a stable order."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = sorted({(found, found.chemin): found for found in diagnostics}.values())
        super().__init__("\n".join(map(str, self.diagnostics)))


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document: plain data, and the position of each value by its path."""

    nom: str
    donnees: Any
    positions: Mapping[Chemin, tuple[int, int]]

    def diagnostic(self, chemin: Chemin, message: str, code: Code | None = None, aide: str = "") -> Diagnostic:
        """A diagnostic at the value of `chemin`, or at its nearest known ancestor."""
        value = tuple(step for step in chemin if step != _KEY)
        while chemin and chemin not in self.positions:
            chemin = chemin[:-1]
        ligne, colonne = self.positions.get(chemin, (1, 1))
        return Diagnostic(self.nom, ligne, colonne, message, code or code_of_sentence(message), aide, value)

    def at_key(self, chemin: Chemin, message: str, code: Code | None = None, aide: str = "") -> Diagnostic:
        """A diagnostic at the key that leads to `chemin` rather than at its value."""
        return self.diagnostic((*chemin, _KEY), message, code, aide)


_TOO_DEEP = f"document trop imbriqué (plus de {MAX_DEPTH} niveaux)."
_SUSPECT = re.compile(r"[&*!]|(?:[\[{?-]\s*){20}|^ {40}", re.MULTILINE)
"""What an anchor, an alias, a tag or a deep nesting begins with: only then are the tokens read one by one."""

_KEY = "\0key"

NOWHERE: Mapping[Chemin, tuple[int, int]] = {(): (0, 0)}
"""The positions of a document that was never a text."""

M = TypeVar("M", bound=BaseModel)


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
    def __init__(self, mark: Any, message: str) -> None:
        super().__init__(message)
        self.ligne, self.colonne, self.message = mark.line + 1, mark.column + 1, message
        self.code: Code = "doublon" if "deux fois" in message else "syntaxe"


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
        raise InvalidDocuments([Diagnostic(name, 0, 0, "ce fichier n'existe pas.", "fichier")]) from None
    except IsADirectoryError:
        message = "c'est un dossier ; un fichier est attendu."
        raise InvalidDocuments([Diagnostic(name, 0, 0, message, "fichier")]) from None
    except OSError as error:
        message = f"ce fichier ne peut pas être lu ({error.strerror})."
        raise InvalidDocuments([Diagnostic(name, 0, 0, message, "fichier")]) from None
    return raw


def read_bytes(raw: bytes, name: str, *, is_json: bool = False, max_bytes: int = MAX_DOCUMENT_BYTES) -> Document:
    """The document in `raw`. Raises InvalidDocuments with the position of what cannot be read."""
    if len(raw) > max_bytes:
        limit = f"{max_bytes // 1024} Kio"
        raise InvalidDocuments([Diagnostic(name, 0, 0, f"fichier trop gros : {limit} au plus.", "fichier")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        message = "ce n'est pas du texte UTF-8 ; enregistrez le fichier en UTF-8."
        raise InvalidDocuments([Diagnostic(name, line, column, message, "fichier")]) from None
    forbidden = FORBIDDEN.search(text)
    if forbidden and not is_json:
        line, column = _place(text, forbidden.start())
        message = "caractère interdit dans un fichier YAML (caractère de contrôle ?)."
        raise InvalidDocuments([Diagnostic(name, line, column, message, "syntaxe")])
    if not text.strip():
        raise InvalidDocuments([Diagnostic(name, 1, 1, "le fichier est vide.", "fichier")])
    return _read_json(text, name) if is_json else _read_yaml(text, name)


FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ANCHOR = "une ancre « & » ou un alias « * » : écrivez la valeur en entier."


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
                raise _Refused(token.start_mark, f"une étiquette « {handle or ''}{suffix} » n'est pas permise ici.")
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


def _read_yaml(text: str, name: str) -> Document:
    loader = Loader(text)
    try:
        if _SUSPECT.search(text) or _brackets_depth(text) > MAX_DEPTH:
            _refuse_what_sheets_do_not_need(text)
        node = loader.get_single_node()
        if node is None:
            raise InvalidDocuments([Diagnostic(name, 1, 1, "le fichier ne contient que des commentaires.", "fichier")])
        positions: dict[Chemin, tuple[int, int]] = {}
        data = _build(node, (), positions, set())
    except _Refused as error:
        raise InvalidDocuments([Diagnostic(name, error.ligne, error.colonne, error.message, error.code)]) from None
    except yaml.MarkedYAMLError as error:
        raise InvalidDocuments([_syntax_error(error, name, text)]) from None
    except yaml.YAMLError:
        message = "caractère interdit dans un fichier YAML (caractère de contrôle ?)."
        raise InvalidDocuments([Diagnostic(name, 1, 1, message, "syntaxe")]) from None
    except RecursionError:
        raise InvalidDocuments([Diagnostic(name, 1, 1, "document trop imbriqué.", "syntaxe")]) from None
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
        raise _Refused(mark, f"une étiquette « {node.tag} » n'est pas permise ici.")
    positions[path] = (mark.line + 1, mark.column + 1)
    built.add(id(node))
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = _key(key_node)
            if key in result:
                raise _Refused(key_node.start_mark, f"la clé « {key} » est écrite deux fois.")
            positions[(*path, key, _KEY)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            result[key] = _build(value_node, (*path, key), positions, built)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*path, index), positions, built) for index, item in enumerate(node.value)]
    return _scalar(node)


def _key(node: Any) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _Refused(node.start_mark, "une clé doit être un mot.")
    return str(node.value)


def _scalar(node: Any) -> Any:
    kind, value = node.tag.rpartition(":")[2], node.value
    try:
        return _convert(kind, value, node)
    except ValueError:
        raise _Refused(node.start_mark, f"une étiquette « !!{kind} » n'est pas permise ici.") from None


def _convert(kind: str, value: str, node: Any) -> Any:
    match kind:
        case "null":
            return None
        case "bool":
            return value.lower() == "true"
        case "int":
            if len(value) > 30:
                raise _Refused(node.start_mark, "nombre trop grand.")
            return int(value)
        case "float":
            return float(value)
        case "str":
            return value
    raise _Refused(node.start_mark, f"une étiquette « {kind} » n'est pas permise ici.")


def _syntax_error(error: yaml.MarkedYAMLError, name: str, text: str) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    problem = error.problem or ""
    if "quoted scalar" in (error.context or "") and error.context_mark:
        place = error.context_mark.line + 1, error.context_mark.column + 1
        return Diagnostic(name, *place, "ce guillemet n'est pas fermé.", "syntaxe")
    lines = text.splitlines()
    line_read = lines[mark.line][: mark.column + 1] if mark and mark.line < len(lines) else ""
    if "\t" in line_read or "\\t" in problem:
        message = "une tabulation : en YAML, décalez avec des espaces."
    elif "alias" in problem or "anchor" in problem:
        message = "une ancre « & » ou un alias « * » : écrivez la valeur en entier."
    elif "mapping values are not allowed" in problem:
        message = "deux-points inattendus : mettez entre guillemets un texte qui contient « : »."
    elif "expected a single document" in (error.context or "") or "another document" in problem:
        message = "un seul document par fichier (une ligne « --- » de trop)."
    elif "expected <block end>" in problem or "did not find expected" in problem:
        message = "la structure est cassée ici : vérifiez l'alignement, les tirets, les crochets et les guillemets."
    else:
        message = "ce n'est pas du YAML : vérifiez l'alignement, les guillemets et les deux-points."
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Diagnostic(name, line, column, message, "syntaxe")


def _read_json(text: str, name: str) -> Document:
    def refuse(position: int, message: str) -> InvalidDocuments:
        return InvalidDocuments([Diagnostic(name, *_place(text, max(position, 0)), message, "syntaxe")])

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            keys = [key for key, _ in items]
            twice = next(key for index, key in enumerate(keys) if key in keys[:index])
            places = [match.start() for match in re.finditer(re.escape(json.dumps(twice, ensure_ascii=False)), text)]
            raise refuse(places[1] if len(places) > 1 else 0, f"la clé « {twice} » est écrite deux fois.")
        return found

    def constant(word: str) -> Any:
        raise refuse(text.find(word), f"« {word} » n'est pas une valeur JSON.")

    half = _HALF_CHARACTER.search(text)
    if half:
        group = half.lastindex or 0
        message = f"un caractère incomplet « {half[group]} » : écrivez le caractère en entier."
        raise refuse(text.rfind('"', 0, half.start(group)), message)
    large = _LARGE_NUMBER.search(text)
    if large:
        raise refuse(large.start(1), "nombre trop grand.")
    try:
        data = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        message = "ce n'est pas du JSON : vérifiez les virgules, les guillemets et les accolades."
        raise InvalidDocuments([Diagnostic(name, error.lineno, error.colno, message, "syntaxe")]) from None
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
        if any(found.message == _TOO_DEEP for found in error.diagnostics):
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


_HALF_CHARACTER = re.compile(
    r"(?<!\\)(?:\\\\)*(\\u[dD][89abAB][0-9a-fA-F]{2})(?!\\u[dD][c-fC-F])"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})(?<!\\)(\\u[dD][c-fC-F][0-9a-fA-F]{2})"
)
_LARGE_NUMBER = re.compile(r"[:\[,]\s*(-?\d{31,})")


# --- what is wrong, in words ---


def closest(word: object, allowed: Iterable[str]) -> str:
    """« vouliez-vous dire … ? » when one of `allowed` is near `word`, or begins with it, else nothing."""
    names, given = sorted(allowed), str(word).lower()
    near = difflib.get_close_matches(given, names, n=1, cutoff=0.6)
    near = near or [name for name in names if len(given) > 1 and name.startswith(given)]
    return f" Vouliez-vous dire « {near[0]} » ?" if near else ""


def unknown_name(what: str, word: object, allowed: Iterable[str]) -> str:
    """A full sentence for an unknown name: what it is, the closest one, what is allowed."""
    names = sorted(allowed)
    shown = ", ".join(names[:40]) + (", …" if len(names) > 40 else "")
    return f"« {word} » n'existe pas ({what}).{closest(word, names)} Permis : {shown or 'rien'}."


def validate(model: type[M], document: Document, chemin: Chemin = ()) -> M:
    """The part of `document` at `chemin` as a `model`. Raises InvalidDocuments with every error, located."""
    data = document.donnees
    for step in chemin:
        data = data[step]
    if not isinstance(data, dict):
        message = f"« clé: valeur » est attendu, pas {_given(data, '')}."
        raise InvalidDocuments([document.diagnostic(chemin, message)])
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidDocuments(explain_validation(error, model, document, chemin)) from None


def explain_validation(
    error: ValidationError, model: type[BaseModel], document: Document, chemin: Chemin = ()
) -> list[Diagnostic]:
    """Each error of pydantic as a located sentence in French."""
    found: dict[tuple[Diagnostic, Chemin], Diagnostic] = {}

    def report(diagnostic: Diagnostic) -> None:
        found[diagnostic, diagnostic.chemin] = diagnostic

    for item in error.errors():
        loc = _clean_location(item["loc"], document.donnees, chemin)
        for name, sentence in getattr(item.get("ctx", {}).get("error"), "par_champ", ()):
            report(document.diagnostic((*chemin, *loc, name), sentence))
        if hasattr(item.get("ctx", {}).get("error"), "par_champ"):
            continue
        if item["type"] not in ("missing", "extra_forbidden") and _is_inherited(item["loc"], loc):
            continue
        if "zone_eligibilite" in item["loc"][:-1] and isinstance(item["input"], str):
            report(document.diagnostic((*chemin, *loc), bad_zone(item["input"])))
            continue
        if item["type"] == "too_short" and item["input"]:
            continue
        if "zone_eligibilite" in item["loc"] and item["type"] == "literal_error":
            continue
        message = message_of(item["type"], item.get("ctx", {}), item["input"], item["loc"], model, item["msg"])
        place = document.at_key if item["type"] == "extra_forbidden" else document.diagnostic
        report(place((*chemin, *loc), message))
    return list(found.values())


def _is_inherited(raw: tuple[int | str, ...], found: Chemin) -> bool:
    """Whether an error is about a value that the document does not hold: a service's date is that of its sheet."""
    return bool(raw) and raw[-1] == "date_maj" and "date_maj" not in found


def bad_zone(code: str) -> str:
    """The sentence for a code that is no zone."""
    return (
        f"« {_show(code)} » n'est ni un code INSEE de commune, ni un code de département, ni un code SIREN "
        "d'intercommunalité (EPCI), ni « france »."
    )


def _clean_location(loc: tuple[int | str, ...], data: Any, chemin: Chemin) -> Chemin:
    """pydantic adds the names of union branches to a location: keep only the steps that exist in the data."""
    for step in chemin:
        data = data[step]
    kept: list[str | int] = []
    for step in loc:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            continue
        kept.append(step)
    return tuple(kept)


_TYPES = {
    "int_type": "un nombre entier est attendu",
    "int_from_float": "un nombre entier est attendu",
    "int_parsing": "un nombre entier est attendu",
    "float_type": "un nombre est attendu",
    "bool_type": "« oui » ou « non » est attendu",
    "bool_parsing": "« oui » ou « non » est attendu",
    "float_parsing": "un nombre est attendu",
    "string_type": "un texte est attendu",
    "list_type": "une liste est attendue",
    "tuple_type": "une liste est attendue",
    "set_type": "une liste est attendue",
    "dict_type": "« clé: valeur » est attendu",
    "model_type": "« clé: valeur » est attendu",
    "date_type": "une date AAAA-MM-JJ est attendue",
    "date_from_datetime_parsing": "une date AAAA-MM-JJ est attendue",
    "date_parsing": "une date AAAA-MM-JJ est attendue",
    "date_from_datetime_inexact": "une date AAAA-MM-JJ est attendue",
    "url_parsing": "une adresse web complète (https://…) est attendue",
    "url_scheme": "une adresse web complète (https://…) est attendue",
    "none_required": "rien n'est attendu ici",
}


_FORMS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": " (minuscules sans accent, chiffres et tirets)",
    r"^\d{14}$": " (14 chiffres)",
    r"^\d{5}$": " (5 chiffres)",
}
"""What the patterns of the models ask for, in words."""


def message_of(
    kind: str, ctx: Mapping[str, Any], value: Any, loc: tuple[int | str, ...], model: type[BaseModel], raw: str
) -> str:
    """One error of pydantic (its `type`, `ctx`, `input`, `loc`, `msg`) as a sentence in French."""
    shown = _show(value)
    if kind in ("literal_error", "enum"):
        expected = str(ctx.get("expected", ""))
        allowed = re.findall(r"'([^']*)'", expected) or [{"True": "oui"}.get(expected, expected.lower())]
        return unknown_name("valeur", shown, allowed)
    if kind == "extra_forbidden":
        return unknown_name("clé", loc[-1], _fields_at(model, loc[:-1]))
    if kind == "missing":
        return f"il manque « {loc[-1]} »."
    if kind in _TYPES:
        return f"{_TYPES[kind]}, pas {_given(value, kind)}."
    if kind == "string_pattern_mismatch":
        form = _FORMS.get(str(ctx.get("pattern")), "")
        return f"« {shown} » n'a pas la bonne forme{form}."
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        bound = {
            "greater_than_equal": ("au moins", "ge"),
            "less_than_equal": ("au plus", "le"),
            "greater_than": ("plus de", "gt"),
            "less_than": ("moins de", "lt"),
        }[kind]
        return f"{bound[0]} {ctx[bound[1]]} est attendu, pas « {shown} »."
    if kind in ("string_too_short", "too_short"):
        if kind == "too_short" and ctx["min_length"] == 1:
            return "la liste est vide : au moins une valeur est attendue."
        return f"trop court : au moins {_counted(ctx['min_length'])}."
    if kind in ("string_too_long", "too_long"):
        return f"trop long : au plus {_counted(ctx['max_length'])}."
    if kind in ("value_error", "assertion_error"):
        detail = str(ctx.get("error", "")) or raw
        if "email" in detail:
            return f"« {shown} » n'est pas une adresse électronique."
        return detail
    return f"valeur « {shown} » refusée ({raw})."


_QUOTED = {"int": r"-?(0|[1-9]\d*)", "float": r"-?(0|[1-9]\d*)(\.\d+)?", "bool": r"true|false|oui|non"}
"""Texts that would be right without their quotes, by what is expected."""


def _counted(characters: int) -> str:
    return f"{characters} caractère{'s' if characters > 1 else ''} attendu{'s' if characters > 1 else ''}"


def _given(value: Any, kind: str) -> str:
    """What was given instead, in words; a quoted number or yes/no says how to mend it."""
    if isinstance(value, (list, tuple)):
        return "une liste"
    if isinstance(value, dict):
        return "« clé: valeur »"
    expected = _QUOTED.get(kind.partition("_")[0])
    if isinstance(value, int) and not isinstance(value, bool) and kind == "string_type":
        return f"le nombre « {value} » : ajoutez des guillemets"
    if isinstance(value, str) and expected and re.fullmatch(expected, value):
        return f"le texte « {_show(value)} » : retirez les guillemets"
    return f"« {_show(value)} »"


def _show(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "vide"}[value]
    return shorten("".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in str(value)).strip())


def shorten(text: str) -> str:
    """A text of at most 60 characters, for a message."""
    return text if len(text) <= 60 else text[:57] + "…"


def _fields_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the model found at `loc` of `model` takes."""
    current: Any = model
    for step in loc:
        if isinstance(step, int):
            continue
        candidates = [c for c in _models_in(current) if step in _names(c)]
        if candidates:
            current = _annotation(candidates[0], step)
    found = _models_in(current)
    return [name for candidate in found for name in _names(candidate)]


def _names(model: type[BaseModel]) -> dict[str, str]:
    return {info.alias or name: name for name, info in model.model_fields.items()}


def _annotation(model: type[BaseModel], key: str) -> Any:
    return model.model_fields[_names(model)[key]].annotation


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for argument in typing.get_args(annotation) for model in _models_in(argument)]
