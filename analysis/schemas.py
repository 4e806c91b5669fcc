"""JSON Schemas of every kind of YAML document, made from the models and the vocabulary.

An editor completes and underlines with them. Draft 7, which YAML editors know best. What a schema cannot see (whether
an example holds, whether a source was read well) stays with `spro verifier`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from analysis.schema_words import DOCUMENTS, ENUMS, FIELDS
from engine import loading, ruleset, vocabulary
from engine.base import PROJECT
from engine.catalogue import Territoire
from engine.conditions import Champ
from engine.examples import ABOUT, ESSAIS, Attendu, EssaisYaml
from engine.questions import RECONNUES
from engine.ruleset import CRITERES_DU_MOTEUR, EFFETS, Ruleset
from engine.situation import Niveau
from engine.vocabulary import STRATES, Strate, champs_of
from fiche.model import Service, SproService, SproStructure, Structure

SCHEMAS = PROJECT / "rules" / "schemas"
Schema = dict[str, Any]

_INHERITED = ("structure_id", "date_maj")
"""Required of a service by data.inclusion, taken from its structure here."""


def schema_name(path: Path) -> str:
    """The kind of a YAML document of rules/ or catalogue/, which is the name of its schema."""
    if path.parent.name == ESSAIS:
        return _trials_name(path.stem)
    return "structure" if path.parent.name == "catalogue" and path.stem != "territoire" else path.stem


def modeline(path: Path) -> str:
    """The first line of a document, by which editors find its schema."""
    folder = Path(os.path.relpath(SCHEMAS, path.absolute().parent)).as_posix()
    return f"# yaml-language-server: $schema={folder}/{schema_name(path)}.json"


def schemas(rules: Ruleset) -> dict[str, Schema]:
    """Every schema by name."""
    found: dict[str, Schema] = {strate: _stratum(strate, rules) for strate in STRATES}
    cited = {"sources": _sources(rules)}
    conditions = _conditions(rules.vocabulaire.compares, rules)
    roles = _choice(rules.vocabulaire.roles)
    return {
        **found,
        **{_trials_name(strate): _trials(strate, rules) for strate in STRATES},
        "sources": _sources_file(),
        "vocabulaire": _vocabulary(conditions, rules),
        "classement": _document("classement", loading._Classement, rules, {"Critere": cited}),
        "engagements": _document("engagements", loading._Engagements, rules, {"Engagement": cited}),
        "interdits": _document(
            "interdits",
            loading._Interdits,
            rules,
            {"_InterditYaml": cited | {"si": _ref("condition"), "role": roles}},
            conditions,
        ),
        "structure": _sheet(rules),
        "territoire": _document("territoire", Territoire, rules, {"Territoire": {"sans_offre": _unanswered(rules)}}),
        "situation": _finish("situation", {"Situation": _situation(rules)}, "Situation", rules),
    }


def texts(rules: Ruleset) -> dict[str, str]:
    """The content of each file of schemas/."""
    return {
        f"{name}.json": json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
        for name, schema in schemas(rules).items()
    }


# --- one kind of document ---


def _stratum(strate: Strate, rules: Ruleset) -> Schema:
    words = rules.vocabulaire
    kept, needs = set(CRITERES_DU_MOTEUR), _needs(rules)
    effects = {
        "public": _labels(words.publics),
        "operateur": _choice(words.roles),
        "referent": _choice(words.roles),
        "priorise": _choice({item.id: item.phrase for item in rules.criteres if item.id not in kept}),
    }
    parts = {
        "_RegleYaml": {"sources": _sources(rules), "si": _ref("condition"), "sauf": _ref("condition")},
        "Effet": effects | {name: _or_none(needs) for name in ("besoin_presume", "besoin_complementaire")},
        "Etape": {"role": _choice(words.roles), "besoin": _or_none(needs)},
        "ExemplesYaml": _EXAMPLES,
    }
    defs = _definitions(loading._FichierRegles)
    _replace(defs, parts)
    defs |= _conditions(champs_of(strate, words), rules) | {"exemple": _example(strate, rules)}
    _keep_effects(defs, strate)
    return _finish(strate, defs, "_FichierRegles", rules)


_EXAMPLES: Schema = {kind: {"type": "array", "items": {"$ref": "#/$defs/exemple"}} for kind in get_args(Attendu)}


def _trials(strate: Strate, rules: Ruleset) -> Schema:
    """A file of trials: by rule, situations and what the rule answers to them."""
    defs = _definitions(EssaisYaml)
    _replace(defs, {"EssaisYaml": _EXAMPLES})
    by_rule = {"type": "object", "additionalProperties": _ref("EssaisYaml")}
    defs |= {"exemple": _example(strate, rules), "Essais": by_rule}
    return _finish(_trials_name(strate), defs, "Essais", rules)


def _trials_name(strate: str) -> str:
    """The schema of the trials of a stratum: the same for all those whose examples only hold a situation."""
    return f"{ESSAIS}-{strate}" if strate in ABOUT else ESSAIS


def _keep_effects(defs: Schema, strate: Strate) -> None:
    """Only what the stratum may conclude, at least one of it; no exception to what rejects."""
    effect, rule = defs["Effet"], defs["_RegleYaml"]
    effect["properties"] = {name: part for name, part in effect["properties"].items() if name in EFFETS[strate]}
    effect["minProperties"] = 1
    if strate == "publics":
        del rule["properties"]["sauf"]
    effect["properties"] |= {name: _ONLY_YES for name in ("exclut", "retient") if name in EFFETS[strate]}
    if strate == "offres":
        rule["if"] = {"properties": {"alors": {"required": ["exclut"]}}}
        rule["then"] = {"properties": {"sauf": False}}
    if strate != "parcours":
        del defs["Etape"]


def _example(strate: Strate, rules: Ruleset) -> Schema:
    example = _situation(rules)
    extra: Schema = {"le": {"type": "string", "format": "date", "description": FIELDS["exemple.le"]}}
    if strate == "offres":
        extra["offre"] = {"type": "string", "description": FIELDS["exemple.offre"]}
        extra["avec"] = {"type": "object", "description": FIELDS["exemple.avec"]}
        example["required"] = ["offre"]
    if strate == "parcours":
        extra["premiere"] = {"description": FIELDS["exemple.premiere"], **_choice(rules.vocabulaire.roles)}
    example["properties"] |= extra
    return example


def _situation(rules: Ruleset) -> Schema:
    """A situation: the questions as descriptions, `oui` and `non` as the loader takes them, no repeated value."""
    found: Schema = _definitions(rules.situation)["Situation"]
    for name, words in rules.vocabulaire.champs.items():
        if words.genre == "oui-non":
            found["properties"][name] = {"enum": [True, False, "oui", "non", None]}
        if words.genre == "ensemble":
            found["properties"][name]["anyOf"][0]["uniqueItems"] = True
        if words.genre in ("lieu", "code-postal"):
            found["properties"][name] = {"type": ["string", "integer", "null"]}
        found["properties"][name]["description"] = words.question + (f"\n{words.aide}" if words.aide else "")
    return found


def _sources_file() -> Schema:
    defs = _definitions(ruleset.Source)
    defs["Sources"] = {"type": "object", "additionalProperties": _ref("Source")}
    return _finish("sources", defs, "Sources", None)


_YES_NO: Schema = {"enum": ["oui", "non", True, False]}
_ONLY_YES: Schema = {"enum": ["oui", True, None]}


def _vocabulary(conditions: Schema, rules: Ruleset) -> Schema:
    defs = _definitions(vocabulary._Vocabulaire)
    condition = _ref("condition")
    both = {"si": condition, "avec": condition}
    _replace(
        defs,
        {
            "ChampDeclare": {"posee_si": condition, "posee_sauf": condition}
            | dict.fromkeys(("sensible", "conserve", "ordonne"), _YES_NO),
            "ContradictionDeclaree": both,
            "ImplicationDeclaree": {"si": condition},
        },
    )
    top, levels = defs["_Vocabulaire"]["properties"], list(get_args(Niveau))
    top["niveaux"] |= {"propertyNames": {"enum": levels}, "required": levels}
    top["champs"]["required"] = list(RECONNUES)
    top["besoin_par_defaut"]["enum"] = list(rules.vocabulaire.besoins)
    return _finish("vocabulaire", defs | conditions, "_Vocabulaire", None)


def _sheet(rules: Ruleset) -> Schema:
    words = rules.vocabulaire
    defs = _definitions(Structure)
    for model, spro in ((Structure, SproStructure), (Service, SproService)):
        names = sorted({*model.model_fields, *spro.model_fields})
        defs[spro.__name__]["properties"]["provenance"]["propertyNames"] = {"enum": names}
    defs["Service"]["required"] = [name for name in defs["Service"]["required"] if name not in _INHERITED]
    of_service: dict[str, Schema] = {
        fact.removeprefix("offre."): {"type": "array", "items": _choice(asked.valeurs)}
        for fact, asked in words.par_fiche.items()
        if fact.removeprefix("offre.") in SproService.model_fields
    }
    of_service["besoins"]["minItems"] = 1
    _replace(
        defs,
        {
            "SproStructure": {"role": _choice(words.roles)},
            "PublicAccueilli": {"public": _labels(words.publics)},
            "SproService": of_service,
        },
    )
    return _finish("structure", defs, "Structure", rules)


def _document(
    name: str,
    model: type[BaseModel],
    rules: Ruleset,
    parts: Mapping[str, Mapping[str, Schema]],
    more: Schema | None = None,
) -> Schema:
    defs = _definitions(model)
    _replace(defs, parts)
    return _finish(name, defs | (more or {}), model.__name__, rules)


# --- conditions ---


def _conditions(champs: Mapping[str, Champ], rules: Ruleset) -> Schema:
    """A tree of conditions over some fields, and what each kind of leaf takes; the mirror of `parse_condition`."""
    leaves = {name: _leaf(champ, champs) | _asked(name, rules) for name, champ in champs.items()}
    groups: Schema = {
        name: {"type": "array", "minItems": 1, "items": _ref("condition"), "description": FIELDS[f"condition.{name}"]}
        for name in ("tous", "un_de", "aucun")
    }
    tree = {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": groups | leaves}
    values: Schema = {_values(champ): {"enum": list(champ.valeurs)} for champ in champs.values() if champ.valeurs}
    return {"condition": tree} | values


def _asked(name: str, rules: Ruleset) -> Schema:
    words = rules.vocabulaire.champs.get(name)
    text = words.question if words else FIELDS.get(f"champ.{name}")
    return {"description": text} if text else {}


def _leaf(champ: Champ, champs: Mapping[str, Champ]) -> Schema:
    match champ.genre:
        case "entier":
            return _integer(champs)
        case "oui-non":
            return _YES_NO
        case "choix":
            return {"anyOf": _one_or_more(champ)}
        case "ensemble":
            return {"anyOf": [*_one_or_more(champ), *_overlap(champ, champs)]}


def _integer(champs: Mapping[str, Champ]) -> Schema:
    numbers = [other.nom for other in champs.values() if other.genre == "entier"]
    bound = {"anyOf": [{"type": "integer"}, {"enum": numbers}]}
    bounds = {
        name: bound | {"description": FIELDS[f"condition.{name}"]} for name in ("min", "max", "moins_que", "plus_que")
    }
    group = {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": bounds}
    return {"anyOf": [{"type": "integer"}, group]}


def _one_or_more(champ: Champ) -> list[Schema]:
    value = _ref(_values(champ))
    return [value, {"type": "array", "minItems": 1, "items": value}]


def _values(champ: Champ) -> str:
    return f"valeurs.{champ.nom}"


def _overlap(champ: Champ, champs: Mapping[str, Champ]) -> list[Schema]:
    others = [other.nom for other in champs.values() if set(other.valeurs) & set(champ.valeurs)]
    crossed = {"croise": {"enum": others, "description": FIELDS["condition.croise"]}}
    return [{"type": "object", "additionalProperties": False, "required": ["croise"], "properties": crossed}]


# --- shared parts ---


def _definitions(model: type[BaseModel]) -> Schema:
    """The definitions of a model and of those inside it, each under its name."""
    _, schema = models_json_schema([(model, "validation")])
    defs: Schema = schema["$defs"]
    return defs


def _replace(defs: Schema, parts: Mapping[str, Mapping[str, Schema]]) -> None:
    for model, fields in parts.items():
        defs[model]["properties"] |= fields


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _choice(words: Mapping[str, str]) -> Schema:
    return {"enum": list(words), "enumDescriptions": list(words.values())}


def _needs(rules: Ruleset) -> Schema:
    return _labels(rules.vocabulaire.besoins)


def _or_none(choice: Schema) -> Schema:
    return {"anyOf": [choice, {"type": "null"}]}


def _unanswered(rules: Ruleset) -> Schema:
    """A sentence for some of the needs."""
    sentence = _definitions(Territoire)["Territoire"]["properties"]["sans_offre"]["additionalProperties"]
    return {
        "type": "object",
        "propertyNames": {"enum": list(rules.vocabulaire.besoins)},
        "additionalProperties": sentence,
    }


def _labels(words: Mapping[str, vocabulary.Libelle]) -> Schema:
    return _choice({name: item.libelle for name, item in words.items()})


def _sources(rules: Ruleset) -> Schema:
    return {
        "type": "array",
        "minItems": 1,
        "items": _choice({name: source.resume for name, source in rules.sources.items()}),
    }


def _finish(name: str, defs: Schema, root: str, rules: Ruleset | None) -> Schema:
    """The whole schema: French descriptions, words of the vocabulary beside its values, nothing generated left."""
    words = _value_words(rules) if rules else ENUMS
    for model, part in defs.items():
        part.pop("description", None) if model in _OURS else None
        for field, inner in part.get("properties", {}).items():
            text = FIELDS.get(f"{model}.{field}")
            if text and isinstance(inner, dict):
                part["properties"][field] = {"allOf": [inner]} if "$ref" in inner else inner
                part["properties"][field]["description"] = text
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": DOCUMENTS[name],
        "allOf": [_ref(root)],
        "$defs": {model: _clean(part, words) for model, part in defs.items()},
    }


_OURS = frozenset(
    {
        *(
            "_FichierRegles",
            "_RegleYaml",
            "Effet",
            "Etape",
            "EnVigueur",
            "ExemplesYaml",
            "EssaisYaml",
            "_Vocabulaire",
            "ChampDeclare",
        ),
        *("ContradictionDeclaree", "ImplicationDeclaree"),
        *("Libelle", "LibelleBesoin", "_Classement", "Critere", "_Engagements", "Engagement", "_Interdits"),
        *("_InterditYaml", "Source", "Structure", "SproStructure", "Service", "SproService", "Provenance"),
        *("PublicAccueilli", "Territoire", "Situation", "exemple"),
    }
)
"""Definitions whose description is a docstring, for programmers."""


def _value_words(rules: Ruleset) -> dict[frozenset[str], Mapping[str, str]]:
    words = rules.vocabulaire
    known: list[Mapping[str, str]] = [champ.valeurs for champ in words.champs.values() if champ.valeurs]
    known += [words.niveaux, words.roles]
    known += [{name: item.libelle for name, item in group.items()} for group in (words.besoins, words.publics)]
    return ENUMS | {frozenset(group): group for group in known}


def _clean(part: Any, words: Mapping[frozenset[str], Mapping[str, str]]) -> Any:
    """Without the titles and defaults that pydantic adds; a value that the vocabulary names has its words."""
    if isinstance(part, list):
        return [_clean(item, words) for item in part]
    if not isinstance(part, dict):
        return part
    found = {
        key: {name: _clean(inner, words) for name, inner in value.items()}
        if key in ("properties", "patternProperties")
        else _clean(value, words)
        for key, value in part.items()
        if key not in ("title", "default", "examples")
    }
    if "patternProperties" in found:
        found.setdefault("additionalProperties", False)
    return found | _enum_words(found.get("enum"), words) if "enumDescriptions" not in found else found


def _enum_words(values: Any, words: Mapping[frozenset[str], Mapping[str, str]]) -> Schema:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        return {}
    said = words.get(frozenset(values)) or _covering(values, words.values())
    return {"enumDescriptions": [said[value] for value in values]} if said else {}


def _covering(values: Iterable[str], groups: Iterable[Mapping[str, str]]) -> Mapping[str, str] | None:
    """The levels of an offer are those of a referral but one: the words of a larger group serve its parts."""
    wanted = set(values)
    found = [group for group in groups if wanted < set(group) and len(group) <= len(wanted) + 1]
    return found[0] if found else None
