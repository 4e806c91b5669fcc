"""A sheet as YAML: the same text for the same content, in the order of the models, easy to read and to compare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import BaseModel

from engine.documents import Loader
from fiche.model import Provenance, PublicAccueilli, Service, SproService, SproStructure, Structure

SCHEMA = "# yaml-language-server: $schema=../rules/schemas/structure.json"
WIDTH = 110
"""Characters of a line, where a text can be cut."""

_LONG = 90
"""Characters from which a text has lines of its own."""

_RARE_BREAKS = {"\r", "\x85", "\u2028", "\u2029"}
"""Ends of line that YAML turns into others unless they are escaped."""

_INNER: dict[tuple[type[BaseModel], str], type[BaseModel]] = {
    (Structure, "spro"): SproStructure,
    (Structure, "services"): Service,
    (Service, "spro"): SproService,
    (SproService, "publics"): PublicAccueilli,
}
_LAST = ("provenance", "spro", "services")


def write_sheet(document: Mapping[str, Any], *comments: str) -> str:
    """The text of a sheet, `comments` under its first line. Reading it gives `document` back."""
    body = yaml.dump(_ordered(document, Structure), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)
    return "\n".join([SCHEMA, *comments, body])


def _ordered(data: Any, model: type[BaseModel] | None) -> Any:
    """The same data, its keys in the order of the model, what is nested last."""
    if isinstance(data, list):
        return [_ordered(item, model) for item in data]
    if not isinstance(data, Mapping) or model is None:
        return data
    places = {name: place for place, name in enumerate(model.model_fields)}
    keys = sorted(data, key=lambda key: (key in _LAST and _LAST.index(key) + 1, places.get(key, len(places)), key))
    ordered = {key: _ordered(data[key], _INNER.get((model, key))) for key in keys}
    if model is PublicAccueilli:
        return _Flow(ordered)
    if isinstance(data.get("provenance"), Mapping):
        facts = {**places, **{name: len(places) + place for name, place in _facts_of(model).items()}}
        ordered["provenance"] = {
            name: _Flow(_ordered(found, Provenance)) if isinstance(found, Mapping) else found
            for name, found in sorted(data["provenance"].items(), key=lambda item: (facts.get(item[0], 999), item[0]))
        }
    return ordered


def _facts_of(model: type[BaseModel]) -> dict[str, int]:
    """The order of the facts of data.inclusion that a provenance may name."""
    outer = Structure if model is SproStructure else Service
    return {name: place for place, name in enumerate(outer.model_fields)}


class _Flow(dict[str, Any]):
    """A mapping on one line."""


class _Dumper(yaml.SafeDumper):
    """Quotes what our reader would take for something else than a text, and only that."""

    yaml_implicit_resolvers = Loader.yaml_implicit_resolvers

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  # its signature
        """Lists are set under their key."""
        super().increase_indent(flow, indentless=False)


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    if _RARE_BREAKS & set(value):
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, '"')
    style = "|" if "\n" in value else ">" if len(value) > _LONG else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style)


def _list(dumper: _Dumper, value: list[Any]) -> yaml.SequenceNode:
    short = all(isinstance(item, (str, int)) for item in value) and len(", ".join(map(str, value))) < _LONG
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=short)


def _one_line(dumper: _Dumper, value: _Flow) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True)


def _lines(dumper: _Dumper, value: dict[str, Any]) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=False)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)
_Dumper.add_representer(_Flow, _one_line)
_Dumper.add_representer(dict, _lines)
