"""The table of the agents' guide that lists the questions, as the vocabulary declares them."""

from __future__ import annotations

import re

from engine.base import PROJECT
from engine.questions import ChampDeclare, Questionnaire

GUIDE = PROJECT / "docs" / "guide-agent.md"

_HEAD = "| Clé | Valeurs |\n| --- | --- |\n"
_TABLE = re.compile(re.escape(_HEAD) + r"(?:\|.*\n)*")


def with_table(guide: str, questions: Questionnaire) -> str:
    """The text of the guide with the table of these questions in place of the one that it holds."""
    rows = (f"| `{name}` | {_values(asked)} |\n" for name, asked in questions.champs.items())
    table = _HEAD + "".join(rows)
    return _TABLE.sub(lambda _: table, guide)


def _values(asked: ChampDeclare) -> str:
    values = " ".join(f"`{value}`" for value in asked.valeurs)
    match asked.genre:
        case "oui-non":
            return "`oui` ou `non`"
        case "choix":
            return values
        case "ensemble":
            order = ", la principale en premier" if asked.ordonne else ""
            empty = " ; `[]` veut dire « demandé, aucune »" if asked.vide else ""
            return f"une liste{order} : {values}{empty}"
        case "entier":
            return f"un nombre entier de {asked.min} à {asked.max}"
        case "lieu":
            return "un nom ou un code INSEE (pas un code postal)"
        case "code-postal":
            return "cinq chiffres"
        case "structure":
            return "l'identifiant d'une structure"
