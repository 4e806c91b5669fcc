"""Why: the rules that fired, in one click; and where each one comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from desk import session
from desk.words import plain
from engine.base import Base
from engine.orientation import Raison, Verification
from engine.ruleset import Regle, Source
from fiche.words import CONFIDENCE, SURE, capital

RULES_PAGE = "desk/pages/regles.py"


def why(reasons: Sequence[Raison | Verification], base: Base, key: str, title: str = "Pourquoi ?") -> None:
    """A fold that opens on the rules; they are only written once it is open."""
    name = f"pourquoi-{key}-{session.current().visitor.number}"
    fold = st.expander(title, key=name, on_change="rerun", type="compact")
    if fold.open:
        with fold:
            show(reasons, base, key)


def show(reasons: Sequence[Raison | Verification], base: Base, key: str) -> None:
    """Each rule with its sentence, its criterion, how sure it is, and its sources."""
    for position, reason in enumerate(reasons):
        with st.container(key=f"regle-{key}-{position}", gap=None):
            st.markdown(_in_markdown(reason, base))
            if reason.regle in base.rules.by_id:
                st.page_link(RULES_PAGE, label=f"Voir la règle {reason.regle}", query_params={"regle": reason.regle})


def _in_markdown(reason: Raison | Verification, base: Base) -> str:
    rule = base.rules.by_id.get(reason.regle)
    lines = [f"**{plain(capital(reason.texte))}**"]
    if isinstance(reason, Raison) and reason.conclusion:
        lines.append(plain(capital(reason.conclusion)))
    if rule:
        lines += _about(rule, base)
    return "  \n".join([*lines, *sources_in_markdown(reason.sources, base)])


def _about(rule: Regle, base: Base) -> list[str]:
    found = [
        f"Critère « {plain(criterion.libelle)} » : {plain(criterion.phrase)}"
        for criterion in base.rules.criteres
        if criterion.id == rule.alors.priorise
    ]
    if rule.confiance != SURE:
        found.append(f":orange-badge[Règle : {CONFIDENCE[rule.confiance]}]")
    return found


def sources_in_markdown(identifiers: Iterable[str], base: Base) -> list[str]:
    """Each source: where it says it, our summary of what it says, and a link when there is one."""
    return [_source(base.rules.sources[identifier]) for identifier in identifiers if identifier in base.rules.sources]


def _source(source: Source) -> str:
    where = ", ".join(filter(None, (source.document, source.partie, source.paragraphe)))
    text = f"Source : *{plain(where)}*. {plain(source.resume)}"
    if source.reference:
        text += f" (relevé {source.reference})"
    return f"{text} [Lire la source]({source.adresse})" if source.adresse else text
