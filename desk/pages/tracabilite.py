"""The screen of the trace: each commitment of the charter and the law, what states it and what shows it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from charte.trace import Lien, TraceEngagement, TraceRegle, many
from desk import header, links, session, tracing
from desk.reasons import RULES_PAGE, sources_in_markdown
from desk.regles.rulebook import STYLES
from desk.tracing import COMMITMENT, PAGE, Known, scenarios_in_markdown
from desk.words import plain
from engine.base import Base

_STATES = {
    "evaluable": "Engagements évaluables",
    "sans-scenario": "Engagements encore sans scénario",
    "sans-regle": "Engagements hors de portée d’une règle",
}


def main() -> None:
    """One commitment when the address names it, else all of them."""
    base = session.current().base
    st.html(STYLES)
    header.show("Traçabilité", base)
    known = tracing.in_service(base)
    asked = st.query_params.get(COMMITMENT)
    found = next((item for item in known.trace.engagements if item.engagement.id == asked), None)
    if known.manque:
        st.warning(known.manque)
    if found:
        st.page_link(PAGE, label="Tous les engagements")
        st.header(plain(found.engagement.resume), anchor=False)
        if found.engagement.sans_regle:
            st.markdown(_reason(found.engagement.sans_regle))
        _show_content(found, known, base)
    else:
        if asked:
            st.warning(f"Aucun engagement ne porte l’identifiant « {plain(asked[:80])} ».")
        _show_all(known, base)
    links.show({COMMITMENT: found.engagement.id} if found else {})


def _show_all(known: Known, base: Base) -> None:
    trace = known.trace
    if known.manque:
        _show_folds("Engagements", trace.engagements, known, base)
    else:
        visits = sum(len(scenario.cas) for scenario in trace.scenarios)
        total = f"{len(trace.regles)} règles, {len(trace.scenarios)} scénarios, {visits} situations essayées."
        st.markdown(f"**{plain(trace.chiffre)}** {total}")
        for state, title in _STATES.items():
            members = [item for item in trace.engagements if item.etat == state]
            _show_folds(title, members, known, base)
    _show_gaps(known)


def _show_folds(title: str, members: Sequence[TraceEngagement], known: Known, base: Base) -> None:
    if members:
        st.header(f"{title} ({len(members)})", anchor=False)
    for item in members:
        said = item.engagement
        key = f"engagement-{said.id}"
        fold = st.expander(f"{plain(said.resume)} — {_figures(item, known)}", key=key, on_change="rerun")
        if fold.open:
            with fold:
                _show_content(item, known, base)
        if said.sans_regle:
            st.caption(_reason(said.sans_regle))


def _reason(words: str) -> str:
    return f"Pourquoi aucune règle ne peut le dire : {plain(words)}"


def _figures(item: TraceEngagement, known: Known) -> str:
    parts = [many(len(item.regles), "règle")]
    if not known.manque and not item.engagement.sans_regle:
        parts += [many(len(item.scenarios), "scénario"), many(item.visites, "situation")]
    return ", ".join(parts)


def _show_content(item: TraceEngagement, known: Known, base: Base) -> None:
    said = item.engagement
    _heading("Sources")
    st.markdown("\n".join(f"- {line}" for line in sources_in_markdown(said.sources, base)))
    if item.regles:
        examples = sum(sum(known.of_rule(link.id).exemples.values()) for link in item.regles)
        _heading(f"Règles ({len(item.regles)}, avec {many(examples, 'exemple')})")
        _rule_links((link.id, link.libelle) for link in item.regles)
    _list("Critères de classement", item.criteres)
    _list("Orientations interdites", item.interdits)
    if item.scenarios:
        _heading(f"Scénarios ({len(item.scenarios)}, pour {many(item.visites, 'situation')})")
        st.markdown(scenarios_in_markdown(item.scenarios))


def _heading(text: str) -> None:
    st.subheader(text, anchor=False)


def _rule_links(rules: Iterable[tuple[str, str]]) -> None:
    for identifier, label in rules:
        st.page_link(RULES_PAGE, label=plain(label), query_params={"regle": identifier})


def _list(title: str, found: Sequence[Lien]) -> None:
    if found:
        _heading(f"{title} ({len(found)})")
        st.markdown("\n".join(f"- {plain(link.libelle)}" for link in found))


def _show_gaps(known: Known) -> None:
    gaps: dict[str, tuple[str, tuple[TraceRegle, ...]]] = {
        "sans-engagement": ("Règles qui ne citent la source d’aucun engagement", known.trace.sans_engagement)
    }
    if not known.manque:
        gaps["sans-scenario"] = (
            "Règles qu’aucun scénario ne fait parler (leurs exemples les vérifient)",
            known.trace.sans_scenario,
        )
    for key, (title, members) in gaps.items():
        fold = st.expander(f"{title} ({len(members)})", key=f"regles-{key}", on_change="rerun")
        if fold.open:
            with fold:
                _rule_links((item.regle.id, item.regle.libelle) for item in members)


main()
