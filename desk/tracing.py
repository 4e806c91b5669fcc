"""The trace of the base in service, computed once a version, and what links a rule to the charter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from charte.features import FEATURES, Scenario
from charte.trace import Trace, TraceRegle, build_trace, many, trace
from desk.words import plain
from engine.base import Base

PAGE = "desk/pages/tracabilite.py"
COMMITMENT = "engagement"
_DIRECTORY_PAGE = "desk/pages/annuaire.py"

ABSENT = "Les scénarios ne sont pas installés ici : seuls les liens entre engagements et règles sont montrés."
UNREADABLE = (
    "Les scénarios ne s’accordent pas avec cette base : seuls les liens entre engagements et règles sont montrés."
)


@dataclass(frozen=True, slots=True)
class Known:
    """The trace, and why the scenarios are missing from it, if they are."""

    trace: Trace
    manque: str = ""

    def of_rule(self, identifier: str) -> TraceRegle:
        """What is traced of a rule."""
        return next(item for item in self.trace.regles if item.regle.id == identifier)


def compute(base: Base, features: Path) -> Known:
    """The trace of a base with the scenarios of a folder, or without them when they cannot be read."""
    if not features.is_dir():
        return Known(build_trace(base, (), {}), ABSENT)
    try:
        return Known(trace(base, features))
    except (OSError, ValueError):
        return Known(build_trace(base, (), {}), UNREADABLE)


def in_service(base: Base) -> Known:
    """The trace of a base, kept for every session until another version answers."""
    return _kept(base.rules.version, base.catalogue.version, base)


@st.cache_resource(max_entries=1, show_spinner="Lecture des scénarios…")
def _kept(rules: str, catalogue: str, _base: Base) -> Known:  # noqa: ARG001  # the versions are the key of the cache
    return compute(_base, FEATURES)


def scenarios_in_markdown(scenarios: Iterable[Scenario]) -> str:
    """Each scenario: its name, the situations it tries, and where it is written."""
    return "\n".join(
        f"- {plain(scenario.nom)} ({many(len(scenario.cas), 'situation')}) — {plain(scenario.place)}"
        for scenario in scenarios
    )


def show_rule(identifier: str, base: Base) -> None:
    """From a rule to the commitments that it states, the scenarios that exercise it, and the offers it touches."""
    known = in_service(base)
    item = known.of_rule(identifier)
    st.subheader("Engagements", anchor=False)
    commitments = {found.id: found.resume for found in base.rules.engagements}
    for name in item.engagements:
        st.page_link(PAGE, label=plain(commitments[name]), query_params={COMMITMENT: name})
    if not item.engagements:
        st.markdown("Aucun engagement de la charte ou de la loi ne cite les mêmes sources.")
    st.subheader("Scénarios", anchor=False)
    if known.manque:
        st.markdown(known.manque)
    elif item.scenarios:
        _fold(f"Scénarios qui la font parler ({len(item.scenarios)})", scenarios_in_markdown(item.scenarios))
    else:
        st.markdown("Aucun scénario ne la fait parler : ses exemples la vérifient.")
    if item.regle.strate == "offres":
        _show_offers(item, base)


def _fold(title: str, text: str) -> None:
    with st.expander(title, type="compact"):
        st.markdown(text)


def _show_offers(item: TraceRegle, base: Base) -> None:
    st.subheader("Offres touchées", anchor=False)
    if not item.offres:
        st.markdown("Aucune offre du catalogue n’est touchée.")
        return
    with st.expander(f"Offres que la règle peut écarter ou placer ({len(item.offres)})", type="compact"):
        for name in item.offres:
            offer = base.catalogue.offre_by_id[name]
            label = plain(f"{offer.structure.nom} — {offer.service.nom}")
            st.page_link(_DIRECTORY_PAGE, label=label, query_params={"structure": offer.structure.id})
