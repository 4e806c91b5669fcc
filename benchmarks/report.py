"""The tables, in French, with what limits each figure and which aims are met."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from benchmarks.hot import Spot
from benchmarks.process import COLD
from benchmarks.stream import Flux, Pass
from benchmarks.timing import Times

ORIENTATION = "orientation complète"
DECISION = "durable_rules seul"
EVALUATION = "évaluateur à trois valeurs seul"
QUESTIONS = "questions à poser"
ZEN_AT_ONCE = "zen-engine, tout en une évaluation"
ZEN_LOADED = "zen-engine, une évaluation par offre"
ZEN_CREATED = "zen-engine, idem, non précompilé"
CLIPS = "clipspy (CLIPS)"

WHAT = {
    ORIENTATION: "profil, candidats, classement, raisons, rejets, parcours (`engine.orientation.recommend`)",
    DECISION: "la seule décision, sur les mêmes faits que les pairs",
    EVALUATION: "la même décision par l'oracle des tests, qui sert aussi aux questions",
    QUESTIONS: "ce qui changerait la réponse (`engine.asking.questions`)",
    ZEN_AT_ONCE: "une évaluation qui parcourt les offres, expressions compilées d'avance (chargeur statique)",
    ZEN_LOADED: "une pour la personne, une par offre, compilées de même",
    ZEN_CREATED: "`create_decision` gardée d'un appel à l'autre : le premier exemple de sa documentation",
    CLIPS: "un environnement construit une fois ; `reset`, faits, `run`",
}
ZEN_WAYS = (ZEN_AT_ONCE, ZEN_LOADED, ZEN_CREATED)

WARM_MAX, FIRST_MAX = 1.0, 3.0
QUESTIONS_P50, QUESTIONS_P99 = 0.002, 0.006
COLD_MAX = 0.25
LINES_MIN = 1500
SCALE_MAX = 3.0
FLAT_BYTES = 4 * 1024 * 1024
"""Growth below which memory counts as flat: a few arenas of the allocator."""
WIDTH = 120
_HELD = "\0"


@dataclass
class Results:
    """Everything that one run measured."""

    on: date
    processors: int
    python: str
    system: str
    situations: int
    services: int
    rules: int
    candidates: float
    agreement: dict[str, int]
    times: dict[str, Times]
    flux: Flux
    load: float
    """Processes that were waiting for a processor when the measures began."""
    cold: dict[str, Times] = field(default_factory=dict)
    cold_problem: str | None = None
    scaling: list[dict[str, Any]] = field(default_factory=list)
    memory: dict[str, int] = field(default_factory=dict)
    publications: dict[str, int] = field(default_factory=dict)
    hot: dict[str, list[Spot]] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """The fastest way of asking zen-engine in this run."""
        return min(ZEN_WAYS, key=lambda name: self.times[name].p50)


def render(results: Results) -> str:
    """The whole report as Markdown."""
    parts = [*_head(results), *_aims(results), *_stream(results.flux), *_decisions(results)]
    parts += [*_scaling(results), *_cold(results), *_memory(results), *_limits(results), *_reproduce()]
    return "\n\n".join(parts) + "\n"


def _head(results: Results) -> list[str]:
    return [
        "# Performances",
        _paragraph(
            f"Mesures du {results.on:%d/%m/%Y} : {results.processors} processeurs, Python {results.python}, "
            f"{results.system}. Catalogue de Dreux : {results.services} services. {results.rules} règles en vigueur. "
            f"{results.situations} situations, qui ont en moyenne {_number(results.candidates, 1)} offres candidates."
        ),
        _paragraph(
            "Ce fichier est écrit par `make bench ARGS=--ecrire`. Les durées dépendent de la machine ; les rapports, "
            "pris dans le même passage, en dépendent peu. Aucun test ne vérifie de durée."
        ),
        _paragraph(
            f"Charge de la machine au début : {_number(results.load, 1)} pour {results.processors} processeurs. "
            + (
                "**Machine occupée** : les durées sont surestimées, et les plus longues davantage, que le système "
                "interrompt plus souvent ; les rapports à zen-engine le sont donc aussi."
                if results.load > results.processors / 2
                else "Machine calme."
            )
        ),
    ]


# --- aims ---


def _aims(results: Results) -> list[str]:
    rows = [*_aims_on_speed(results), *_aims_on_size(results)]
    return ["## Objectifs", _table(("Objectif", "Mesuré", "Tenu"), rows)]


def _aims_on_speed(results: Results) -> list[str]:
    first, warm = results.flux.passes
    asked = results.flux.questions
    rows = [
        _aim("Orientation expliquée à chaud, p50 au plus celui de zen-engine nu", *_against_zen(warm, WARM_MAX)),
        _aim("La même, première fois, p50 au plus triple", *_against_zen(first, FIRST_MAX)),
    ]
    if asked:
        shown = f"p50 {_duration(asked.p50)}, p99 {_duration(asked.p99)}"
        met = asked.p50 <= QUESTIONS_P50 and asked.p99 <= QUESTIONS_P99
        rows.append(_aim("Questions : p50 2 ms, p99 6 ms au plus", shown, met))
    if COLD in results.cold:
        cold = results.cold[COLD].p50
        rows.append(_aim("Démarrage à froid en 250 ms au plus", f"p50 {_duration(cold)}", cold <= COLD_MAX))
    elif results.cold_problem:
        rows.append(f"| Démarrage à froid en 250 ms au plus | non mesuré : {results.cold_problem} | – |")
    rate = results.flux.lines / results.flux.lines_seconds
    shown = f"{_integer(round(rate))} réponses par seconde"
    rows.append(_aim("JSONL, questions comprises : 1 500 réponses par seconde", shown, rate >= LINES_MIN))
    return rows


def _against_zen(found: Pass, most: float) -> tuple[str, bool]:
    ratio = found.ours.p50 / found.zen.p50
    return f"{_ratio(ratio)} ({_duration(found.ours.p50)} contre {_duration(found.zen.p50)})", ratio <= most


def _aims_on_size(results: Results) -> list[str]:
    rows = []
    for line in results.scaling[-1:]:
        for name, ask in (("de l'orientation", "recommend"), ("des questions", "questions")):
            figures = line[ask]
            aim = f"Coût {name} à {_integer(line['size'])} services au plus triple du coût à 100"
            shown = f"p50 {_ratio(figures['ratio'])}, p99 {_ratio(figures['ratio_p99'])}"
            rows.append(_aim(aim, shown, max(figures["ratio"], figures["ratio_p99"]) <= SCALE_MAX))
    if results.memory:
        growth = results.memory["after"] - results.memory["before"]
        aim = f"Mémoire stable sur {_integer(results.memory['calls'])} orientations"
        rows.append(_aim(aim, f"{_megabytes(growth)} de plus", growth < FLAT_BYTES))
    if results.publications:
        growth = results.publications["after"] - results.publications["before"]
        aim = f"Mémoire stable sur {_integer(results.publications['publications'])} publications"
        rows.append(_aim(aim, f"{_megabytes(growth)} de plus", growth < FLAT_BYTES))
    return rows


def _aim(words: str, shown: str, met: bool) -> str:
    return f"| {words} | {shown} | {'oui' if met else '**non**'} |"


# --- tables ---


def _stream(flux: Flux) -> list[str]:
    rows = [
        f"| {name} | {_duration(found.ours.p50)} | {_duration(found.ours.p99)} | {_duration(found.zen.p50)} "
        f"| {_duration(found.zen.p99)} | {_ratio(found.ours.p50 / found.zen.p50)} "
        f"| {_ratio(found.ours.p99 / found.zen.p99)} | {_percent(found.hits / (found.hits + found.misses))} |"
        for name, found in zip(("première fois", "à chaud"), flux.passes, strict=True)
    ]
    columns = ["Passage", "Orientation p50", "p99", "zen-engine nu p50", "p99", "Rapport p50", "Rapport p99"]
    return [
        f"## Un flux de {_integer(flux.situations)} situations distinctes",
        _table([*columns, "Décisions retenues"], rows, right=7),
        _paragraph(
            "Les situations sont tirées selon `benchmarks/loi.yaml`, à graine fixe, chacune une seule fois. Au premier "
            "passage, rien n'est retenu d'avance (les règles sont compilées) ; au second, les mêmes reviennent. À "
            "chaque situation, l'orientation expliquée puis la décision nue de zen-engine (une évaluation par offre, "
            "précompilée) sont chronométrées l'une après l'autre. « Décisions retenues » est la part des jeux de "
            "conditions dont la décision était déjà connue pour les mêmes faits lus, sans appel à durable_rules."
        ),
        _paragraph(
            f"JSONL : {_integer(flux.lines)} lignes par `spro orienter`, questions comprises, sur tous les "
            f"processeurs, en {_duration(flux.lines_seconds)} démarrage déduit."
        ),
    ]


def _decisions(results: Results) -> list[str]:
    reference = results.times[results.reference].p50
    rows = [
        f"| {name} | {WHAT[name]} | {_duration(times.p50)} | {_duration(times.p99)} | {_ratio(times.p50 / reference)} |"
        for name, times in results.times.items()
    ]
    agreement = ", ".join(f"{name} {count} sur {results.situations}" for name, count in results.agreement.items())
    return [
        "## Une orientation, et les pairs qui décident les mêmes règles",
        _table(("Mesure", "Ce qui est mesuré", "p50", "p99", "Rapport à zen-engine"), rows, right=3),
        _paragraph(
            f"Le rapport est celui des p50, à « {results.reference} », la forme de zen-engine la plus rapide ici. Les "
            "mesures alternent : chaque situation passe chez tous avant la suivante, et le ramasse-miettes ne "
            "travaille qu'entre deux passages."
        ),
        _paragraph(
            "Les pairs décident **nu** : quelles conditions sont vraies, sans raisons, ni rejets expliqués, ni "
            "inconnues, ni classement. Leurs règles sont traduites des nôtres par un programme, et vérifiées avant "
            f"toute mesure ; situations où les conditions vraies sont les mêmes : {agreement}. Trois choses les "
            "avantagent : les faits tirés d'une strate (public, niveau…) leur sont donnés tout calculés ; ces faits "
            "sont déjà dans leur format, hors chronomètre ; la strate du parcours et les offres de repli leur sont "
            "épargnées."
        ),
    ]


def _scaling(results: Results) -> list[str]:
    if not results.scaling:
        return []
    rows = [
        f"| {_integer(line['size'])} | {_asked(line['recommend'])} | {_asked(line['questions'])} "
        f"| {_duration(line['build'])} | {_megabytes(line['bytes'])} |"
        for line in results.scaling
    ]
    columns = ["Services", "Orientation p50 (rapport à 100)", "p99 (rapport)"]
    columns += ["Questions p50 (rapport à 100)", "p99 (rapport)", "Construction", "Mémoire"]
    return [
        "## Quand le catalogue grandit",
        _table(columns, rows, right=6),
        _paragraph(
            "Le réseau de Dreux est recopié dans les autres intercommunalités de France (codes réels), l'une après "
            "l'autre : une personne du bassin garde les mêmes candidats à toutes les tailles. Chaque taille est "
            "mesurée en alternance avec celle de 100 services, dans un processus à elle, en dix passages ou huit "
            "secondes au plus. « Construction » va des "
            "fiches déjà lues au catalogue prêt, index compris ; « mémoire » est ce que le processus a pris de plus "
            "pour cela."
        ),
    ]


def _asked(figures: dict[str, float]) -> str:
    return " | ".join(
        f"{_duration(figures[value])} ({_ratio(figures[ratio])})"
        for value, ratio in (("p50", "ratio"), ("p99", "ratio_p99"))
    )


def _cold(results: Results) -> list[str]:
    if not results.cold:
        return []
    reference = results.cold["python -c pass"].p50
    rows = [
        f"| `{name}` | {_duration(times.p50)} | {_duration(max(times.samples))} | {_ratio(times.p50 / reference)} |"
        for name, times in results.cold.items()
    ]
    parts = [
        "## Démarrage à froid",
        _table(("Commande", "p50", "La plus lente", "Rapport à Python vide"), rows, right=3),
        "Processus entier, commandes en alternance, fichiers déjà dans le cache du système.",
    ]
    if results.cold_problem:
        parts.append(f"`{COLD}` n'est pas mesuré : {results.cold_problem}")
    return parts


def _memory(results: Results) -> list[str]:
    if not results.memory:
        return []
    memory = results.memory
    growth = (memory["after"] - memory["before"]) / memory["calls"]
    return [
        "## Mémoire",
        _paragraph(
            f"Règles et catalogue chargés : {_megabytes(memory['loaded'])} résidents. Après échauffement : "
            f"{_megabytes(memory['before'])} ; après {_integer(memory['calls'])} orientations de plus : "
            f"{_megabytes(memory['after'])}, soit {_number(growth, 0)} octets par orientation."
        ),
        *(_published(results.publications) if results.publications else ()),
    ]


def _published(memory: dict[str, int]) -> list[str]:
    return [
        _paragraph(
            f"Une fiche publiée, puis une orientation, {_integer(memory['publications'])} fois de suite : "
            f"{_megabytes(memory['before'])} avant, {_megabytes(memory['after'])} après."
        )
    ]


# --- what limits ---


def _limits(results: Results) -> list[str]:
    parts = ["## Ce qui limite", *map(_paragraph, (_decision_limits(results), _QUESTION_LIMITS))]
    if results.scaling:
        parts.append(_paragraph(_size_limits(results.scaling[-1])))
    parts.append(_paragraph(_START_LIMITS))
    for name, spots in results.hot.items():
        rows = [f"| `{spot.name}` | {_percent(spot.own)} | {_percent(spot.total)} |" for spot in spots]
        parts += [f"### Où passe le temps : {name}", _table(("Fonction", "Propre", "Avec ses appels"), rows, right=2)]
    if results.hot:
        parts.append(_paragraph(_PROFILE_NOTE))
    return parts


def _decision_limits(results: Results) -> str:
    times = results.times
    share = times[DECISION].p50 / times[ORIENTATION].p50
    created = times[ORIENTATION].p50 / times[ZEN_CREATED].p50
    return (
        f"**Orientation.** La décision de durable_rules en fait environ {_number(100 * share, 0)} % : les faits lui "
        "arrivent en JSON, et chaque règle qui conclut revient en JSON ; ce qui fut décidé des mêmes faits "
        "est retenu. Le reste est du Python : "
        "verdicts inconnus, classement, phrases. zen-engine précompilé évalue en Rust, sans rien expliquer ; un moteur "
        "qui explique en Python n'a pas cette vitesse. Sous la forme non précompilée, zen-engine compile ses "
        f"expressions à chaque évaluation et dépend beaucoup de la charge : le rapport y est de {_number(created, 2)}."
    )


_QUESTION_LIMITS = (
    "**Questions.** Chaque réponse possible à chaque question ouverte est essayée sur le moteur : le coût est celui "
    "d'une qualification et d'un classement, multiplié par le nombre de réponses. Les situations vagues, qui laissent "
    "le plus de questions, sont les plus lentes."
)
_START_LIMITS = (
    "**Démarrage.** L'interpréteur, l'import de pydantic et du schéma data.inclusion, la relecture de la base gardée "
    "(`docs/adr/0014`), la compilation des règles dans durable_rules, puis une orientation avec ses questions."
)
_PROFILE_NOTE = (
    "Part du temps dans chaque fonction, puis avec ce qu'elle appelle, d'après cProfile, qui alourdit les fonctions "
    "courtes : à lire comme un ordre, non comme une mesure."
)


def _size_limits(line: dict[str, Any]) -> str:
    words = (
        "**Taille.** Les offres sont indexées par besoin et par zone : le nombre de candidats ne dépend pas du "
        f"catalogue. La mémoire est d'environ {_number(line['bytes'] / line['size'] / 1024, 1)} Kio par service, faits "
        f"compris."
    )
    worst = max(line[ask][ratio] for ask in ("recommend", "questions") for ratio in ("ratio", "ratio_p99"))
    if worst <= SCALE_MAX:
        return words
    return words + (
        " Certaines situations coûtent en proportion du catalogue : celles qui mènent à un référent, à un opérateur ou "
        "à une étape suivante passent par le rôle des structures, qui n'est pas indexé par zone."
    )


def _reproduce() -> list[str]:
    return [
        "## Refaire les mesures",
        "```sh\n"
        "make bench                 # affiche ce rapport (moins de quatre minutes)\n"
        "make bench ARGS=--rapide   # moins de passages, sans les grands catalogues\n"
        "make bench ARGS=--ecrire   # récrit ce fichier\n"
        "```",
        _paragraph(
            "Les pairs sont dans le groupe de dépendances facultatif `bench` de `pyproject.toml`. Les situations sont "
            "dans `benchmarks/situations.yaml`, complétées par un tirage selon `benchmarks/loi.yaml`. Les durées "
            "viennent de `perf_counter`, après échauffement."
        ),
    ]


# --- figures in words ---


def _paragraph(words: str) -> str:
    """Lines of a text, never cut between a word and the punctuation that goes with it."""
    held = re.sub(r" (?=[;:!?»%])|(?<=«) |(?<=\d) (?=\d)", _HELD, words)
    return textwrap.fill(held, WIDTH, break_long_words=False, break_on_hyphens=False).replace(_HELD, " ")


def _table(columns: Sequence[str], rows: Iterable[str], right: int = 0) -> str:
    rules = ["---"] * (len(columns) - right) + ["---:"] * right
    return "\n".join([f"| {' | '.join(columns)} |", f"| {' | '.join(rules)} |", *rows])


def _duration(seconds: float) -> str:
    if seconds >= 1:
        return f"{_number(seconds, 1)} s"
    if seconds >= 0.001:
        return f"{_number(seconds * 1e3, 0 if seconds >= 0.1 else 1 if seconds >= 0.01 else 2)} ms"
    return f"{_number(seconds * 1e6, 0)} µs"


def _ratio(value: float) -> str:
    return f"× {_number(value, 0 if value >= 100 else 1 if value >= 10 else 2)}"


def _percent(share: float) -> str:
    return f"{_number(100 * share, 0)} %"


def _megabytes(count: float) -> str:
    return f"{_number(count / 1024**2, 1)} Mio"


def _integer(value: int) -> str:
    return f"{value:,}".replace(",", " ")


def _number(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace(".", ",")
