"""The screen of the rules and their sources: what the answers rest on, on any day, and a rule tried on a situation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import streamlit as st

from desk import header, links
from desk.base import in_service
from desk.reasons import sources_in_markdown
from desk.regles import dates, rulebook
from desk.regles.effects import sentence
from desk.regles.parts import Groups, by_part, by_stratum
from desk.words import plain
from engine.base import Base
from engine.ruleset import Regle
from engine.territory import fold
from fiche.words import day

RULE = "regle"
PAGE = "desk/pages/regles.py"

_ORDERS: dict[str, Callable[[Iterable[Regle], Base], Groups]] = {
    "Par partie de la charte": by_part,
    "Par étape du raisonnement": by_stratum,
}


def main() -> None:
    """One rule when the address names it, else the list."""
    base = in_service()
    st.html(rulebook.STYLES)
    header.show("Règles et sources", base)
    asked = st.query_params.get(RULE)
    rule = base.rules.by_id.get(asked or "")
    if rule:
        with st.container(key="filtres", horizontal=True, vertical_alignment="bottom"):
            st.page_link(PAGE, label="Toutes les règles")
            on = dates.choose()
        rulebook.show(rule, base, on)
    else:
        if asked:
            st.warning(f"Aucune règle ne porte l’identifiant « {plain(asked[:80])} ».")
        on = _show_list(base)
    links.show(({RULE: rule.id} if rule else {}) | dates.parameters(on))


def _show_list(base: Base) -> date:
    with st.container(key="filtres", horizontal=True):
        words = st.text_input(
            "Chercher une règle",
            key="regles-mots",
            type="search",
            live=True,
            placeholder="Identifiant ou mots",
            persist_state="session",
        )
        on = dates.choose()
    order = st.radio("Ranger", list(_ORDERS), key="regles-ordre", horizontal=True, persist_state="session")
    found = [rule for rule in base.rules.regles if _matches(rule, words or "")]
    in_force = sum(rule.holds_on(on) for rule in found)
    plural = "s" if in_force > 1 else ""
    st.markdown(f"{in_force} règle{plural} en vigueur le {day(on)}, sur {len(found)}.")
    for position, (title, members) in enumerate(_ORDERS[order](found, base).items()):
        st.header(f"{plain(title)} ({len(members)})", anchor=False)
        with st.container(key=f"strate-{position}"):
            for rule in members:
                _show_link(rule, on)
    _show_sources(base)
    return on


def _show_link(rule: Regle, on: date) -> None:
    label = plain(rule.libelle) + ("" if rule.holds_on(on) else " (pas en vigueur)")
    st.page_link(PAGE, label=label, query_params={RULE: rule.id} | dates.parameters(on))


def _show_sources(base: Base) -> None:
    fold_of_sources = st.expander(
        f"Toutes les sources ({len(base.rules.sources)})", key="toutes-les-sources", on_change="rerun"
    )
    if fold_of_sources.open:
        with fold_of_sources:
            st.markdown("\n".join(f"- {line}" for line in sources_in_markdown(base.rules.sources, base)))


def _matches(rule: Regle, words: str) -> bool:
    text = fold(f"{rule.id} {rule.libelle} {sentence(rule)}")
    return all(word in text for word in fold(words).split())


main()
