"""The report of the linter for people, for programs (JSON) and for code hosts (SARIF 2.1.0)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from engine.documents import Diagnostic
from engine.problems import CODES, RESUMES, Gravite, gravity

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: dict[Gravite, str] = {"erreur": "error", "avertissement": "warning", "note": "note"}


def as_text(found: Sequence[Diagnostic]) -> Iterator[str]:
    """Lines for people: files apart, each problem with its place, gravity and code, then how to mend it."""
    for position, (_, group) in enumerate(groupby(found, key=lambda item: item.fichier)):
        if position:
            yield ""
        for item in group:
            yield f"{item} [{item.gravite} : {item.code}]"
            if item.aide:
                yield f"    {item.aide}"


def as_json(found: Sequence[Diagnostic]) -> str:
    """A list of problems."""
    keys = ("code", "gravite", "fichier", "ligne", "colonne", "message", "aide")
    return json.dumps([{key: getattr(item, key) for key in keys} for item in found], ensure_ascii=False, indent=2)


def as_sarif(found: Sequence[Diagnostic]) -> str:
    """A log of one run (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html)."""
    driver = {"name": "spro verifier", "rules": [_rule(code) for code in CODES]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": [_result(item) for item in found]}
    log = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _rule(code: Any) -> dict[str, Any]:
    return {
        "id": code,
        "shortDescription": {"text": RESUMES[code]},
        "defaultConfiguration": {"level": _LEVELS[gravity(code)]},
    }


def _result(item: Diagnostic) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(item.fichier)}}
    if item.ligne:
        place["region"] = {"startLine": item.ligne, "startColumn": max(1, item.colonne)}
    return {
        "ruleId": item.code,
        "ruleIndex": CODES.index(item.code),
        "level": _LEVELS[item.gravite],
        "message": {"text": f"{item.message} {item.aide}".strip()},
        "locations": [{"physicalLocation": place}],
    }


def _uri(name: str) -> str:
    """The file relative to the working directory when it is under it, which is what code hosts want."""
    path = Path(name)
    whole = path.resolve()
    here = Path.cwd().resolve()
    if whole.is_relative_to(here):
        uri = (Path("/") / whole.relative_to(here)).as_uri()
        return uri.removeprefix("file:///") or "."
    return whole.as_uri()
