"""The trace as a page: docs/tracabilite.md. No line numbers, so that it changes only when what it says changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from charte.features import Scenario
from charte.trace import Lien, Trace, TraceEngagement, TraceRegle, many
from engine.vocabulary import STRATES

COMMAND = "spro tracer --markdown > docs/tracabilite.md"


def to_markdown(found: Trace) -> str:
    """The whole page."""
    parts = [_head(found), *map(_commitment, found.engagements), *_rules(found), _gaps(found)]
    return "\n\n".join(parts) + "\n"


def _head(found: Trace) -> str:
    visits = sum(len(scenario.cas) for scenario in found.scenarios)
    lines = [
        f"- **{item.engagement.id}** : {_sentence(item.engagement.sans_regle or '')}"
        for item in found.in_state("sans-regle")
    ]
    missing = [f"- **{item.engagement.id}** : à couvrir." for item in found.in_state("sans-scenario")]
    return "\n".join([
        "# Traçabilité : de la charte aux scénarios, et retour",
        "",
        f"<!-- Page faite par « {COMMAND} » : ne pas la modifier à la main. -->",
        "",
        f"**{found.chiffre}** {len(found.regles)} règles, {len(found.scenarios)} scénarios, {visits} situations.",
        "",
        "Une règle énonce un engagement quand les deux citent une même source. Un scénario montre un engagement par",
        "son étiquette ; il exerce une règle quand la réponse qu'il demande la cite. Une règle a aussi ses exemples.",
        *(["", "Ce qu'aucune règle ne peut évaluer, et pourquoi :", "", *lines] if lines else []),
        *(["", "Ce qui manque :", "", *missing] if missing else []),
        "",
        "## Par engagement",
    ])  # fmt: skip


def _commitment(item: TraceEngagement) -> str:
    said = item.engagement
    lines = [f"### {said.id}", "", _sentence(said.resume), "", f"- Sources : {_names(said.sources)}"]
    for title, links in (("Règles", item.regles), ("Critères", item.criteres), ("Interdits", item.interdits)):
        if links:
            lines.append(f"- {title} ({len(links)}) : {_by_source(links)}")
    if item.scenarios:
        lines.append(f"- Scénarios ({len(item.scenarios)}, pour {many(item.visites, 'situation')}) :")
        lines += [f"  - {_scenario(scenario)}" for scenario in item.scenarios]
    if said.sans_regle:
        lines.append(f"- Sans scénario : {_sentence(said.sans_regle)}")
    elif not item.scenarios:
        lines.append("- **Ni scénario ni raison : à couvrir.**")
    return "\n".join(lines)


def _by_source(links: Iterable[Lien]) -> str:
    return ", ".join(f"`{link.id}`" for link in links)


def _scenario(scenario: Scenario) -> str:
    size = f" ({len(scenario.cas)} situations)" if len(scenario.cas) > 1 else ""
    return f"[{scenario.regle or scenario.fonctionnalite} — {scenario.nom}](../{scenario.fichier}){size}"


def _rules(found: Trace) -> Iterator[str]:
    legend = "Exemples : les sortes données, jouées par « spro verifier ». Offres : services que la règle peut toucher."
    yield f"## Par règle\n\n{legend}"
    for strate in STRATES:
        rules = [item for item in found.regles if item.regle.strate == strate]
        offers = strate == "offres"
        heads = ["Règle", "Engagements (même source)", "Exemples", "Scénarios", *(["Offres"] if offers else [])]
        rows = [_row(item, offers) for item in rules]
        yield "\n".join([f"### {strate}", "", _line(heads), _line(["---"] * len(heads)), *map(_line, rows)])


def _row(item: TraceRegle, offers: bool) -> list[str]:
    kinds = ", ".join(kind for kind, count in item.exemples.items() if count)
    cells = [
        f"`{item.regle.id}`",
        ", ".join(item.engagements) or "—",
        kinds or "aucun",
        str(len(item.scenarios) or "aucun"),
    ]
    return [*cells, str(len(item.offres) or "aucune")] if offers else cells


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _gaps(found: Trace) -> str:
    silent = [item.regle.id for item in found.sans_scenario]
    lines = [f"- `{item.regle.id}` : {_names(item.regle.sources)}{_shown(item)}" for item in found.sans_engagement]
    return "\n".join([
        "## Ce que la trace ne relie pas",
        "",
        f"**Règles qu'aucun scénario n'exerce : {len(silent)}** (leurs exemples les essaient). {_names(silent)}",
        "",
        f"**Règles sans source commune avec un engagement : {len(lines)}.** Elles tiennent à la loi ou",
        "à l'offre d'un membre. Entre parenthèses, les engagements dont un scénario les exerce.",
        "",
        *lines,
    ])  # fmt: skip


def _shown(item: TraceRegle) -> str:
    return f" ({', '.join(item.engagements_montres)})" if item.engagements_montres else ""


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
