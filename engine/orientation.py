"""From a situation to an explained orientation: profile → candidates → ranking → orientation.

Pure: the date and the desk are arguments, nothing is read or kept. Which rules fire is decided by durable_rules
(`by_rete`); the three-valued evaluator of the same conditions says what is unknown, and can decide alone
(`by_evaluation`), which tests hold against durable_rules and which the search for questions uses for its speed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any, Literal

from engine import territory
from engine.catalogue import Catalogue, Offre, Specialisation
from engine.conditions import Condition, Faits, Valeur, Verdict, keys_of
from engine.documents import shorten, unknown_name
from engine.ruleset import CRITERES_DU_MOTEUR, Regle, Ruleset, StrateCompilee
from engine.situation import Niveau, Situation, facts_of
from engine.vocabulary import Strate

Role = Literal["principale", "relais", "complement"]
Decide = Callable[[StrateCompilee, Sequence[Faits], Sequence[Specialisation]], list[set[int]]]
"""The numbers of the conditions of a stratum that are true of each of the facts; for facts about offers, what is left
to decide of each is given too."""

PREMIER_ACCUEIL: Niveau = "premier-accueil"
MEETING = ("offre.couvre", "offre.repond_au_besoin", "offre.bureau")
"""The facts about an offer that depend on the visitor; its other facts are known when the catalogue is loaded."""


CONDITION_DITE = "condition-de-la-fiche"
"""Stands for a rule where a condition comes from a sheet."""


class UnknownName(ValueError):
    """A desk or a commune that does not exist; `champ` says which key of the situation names it."""

    def __init__(self, champ: str, message: str) -> None:
        super().__init__(message)
        self.champ = champ


@dataclass(frozen=True, slots=True)
class Raison:
    """Why: a rule that fired, its sentence, its sources, and what it concluded (empty for an offer)."""

    regle: str
    texte: str
    sources: tuple[str, ...]
    conclusion: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """A rule that would reject the offer but is undecided: what to ask before sending the person there."""

    regle: str
    texte: str
    sources: tuple[str, ...]
    champs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alerte:
    """A point of attention for the agent."""

    texte: str
    regle: str


@dataclass(frozen=True, slots=True)
class Profil:
    """What the rules conclude of the visitor."""

    publics: tuple[str, ...]
    cep: Literal["oui", "non", "inconnu"]
    operateurs: tuple[str, ...]
    niveau: Niveau
    besoins: tuple[str, ...]
    besoins_complementaires: tuple[str, ...]
    alertes: tuple[Alerte, ...]
    raisons: tuple[Raison, ...]


@dataclass(frozen=True, slots=True)
class Recommandation:
    """One door: where, for what, why, and what to check."""

    rang: int
    role: Role
    structure: str
    service: str
    hors_reseau: bool
    chez_vous: bool
    niveau: str
    besoins: tuple[str, ...]
    raisons: tuple[Raison, ...]
    a_verifier: tuple[Verification, ...]


@dataclass(frozen=True, slots=True)
class Etape:
    """One step of the path."""

    etape: int
    structure: str
    service: str
    objet: str
    raisons: tuple[Raison, ...] = ()


@dataclass(frozen=True, slots=True)
class Ecartee:
    """An offer that answers a need but is not for this person, and the rules that say so."""

    structure: str
    service: str
    raisons: tuple[Raison, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is still open and what its answer can change; `decisive`: it can change the first structure."""

    champ: str
    question: str
    effet: str
    decisive: bool


@dataclass(frozen=True, slots=True)
class Orientation:
    """The answer."""

    le: date
    versions: dict[str, str]
    profil: Profil
    recommandations: tuple[Recommandation, ...]
    parcours: tuple[Etape, ...]
    ecartees: tuple[Ecartee, ...]
    questions: tuple[Question, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The JSON of the contract (design §5); what is to be checked stands among the reasons."""
        profil = self.profil
        return {
            "date": self.le.isoformat(),
            "versions": self.versions,
            "profil": {
                "publics": list(profil.publics),
                "cep": {"eligible": profil.cep, "operateurs": list(profil.operateurs)},
                "niveau": profil.niveau,
                "alertes": [{"texte": alert.texte, "regle": alert.regle} for alert in profil.alertes],
                "raisons": [{"conclusion": reason.conclusion} | _reason(reason) for reason in profil.raisons],
            },
            "recommandations": [
                {
                    "rang": item.rang,
                    "role": item.role,
                    "structure": item.structure,
                    "service": item.service,
                    "hors_reseau": item.hors_reseau,
                    "chez_vous": item.chez_vous,
                    "niveau": item.niveau,
                    "besoins": list(item.besoins),
                    "raisons": [*map(_reason, item.raisons), *map(_reason, item.a_verifier)],
                }
                for item in self.recommandations
            ],
            "parcours": [
                {"etape": step.etape, "structure": step.structure, "service": step.service, "objet": step.objet}
                for step in self.parcours
            ],
            "ecartees": [
                {
                    "structure": item.structure,
                    "service": item.service,
                    "raisons": [_reason(reason) for reason in item.raisons],
                }
                for item in self.ecartees
            ],
            "questions": [
                {"champ": item.champ, "question": item.question, "effet": item.effet} for item in self.questions
            ],
        }


def _reason(reason: Raison | Verification) -> dict[str, Any]:
    return {"regle": reason.regle, "texte": reason.texte, "sources": list(reason.sources)}


# --- the two ways to decide ---


def by_rete(stratum: StrateCompilee, facts: Sequence[Faits], offers: Sequence[Specialisation] = ()) -> list[set[int]]:
    """durable_rules decides; about offers, once for all those that meet the visitor in the same way."""
    if not offers:
        return stratum.rete.fired(facts)
    meetings = [tuple(fact.get(key) for key in MEETING) for fact in facts]
    one_of_each = dict(zip(meetings, facts, strict=True))
    fired = dict(zip(one_of_each, offers[0].residus.fired(list(one_of_each.values())), strict=True))
    return [
        {index for index, number in offer.numeros.items() if number in fired[meeting]} | offer.toujours
        for offer, meeting in zip(offers, meetings, strict=True)
    ]


def by_evaluation(
    stratum: StrateCompilee, facts: Sequence[Faits], offers: Sequence[Specialisation] = ()
) -> list[set[int]]:
    """The three-valued evaluator decides, on what is left to decide."""
    if not offers:
        return [{index for index, test in enumerate(stratum.tests) if test(fact) is True} for fact in facts]
    return [
        {index for index, test in offer.tests.items() if test(fact) is True} | offer.toujours
        for fact, offer in zip(facts, offers, strict=True)
    ]


# --- profile ---


@dataclass(frozen=True, slots=True)
class Contexte:
    """What stays the same for every visitor: catalogue, rules in force, date, desk, and who decides."""

    catalogue: Catalogue
    rules: Ruleset
    on: date
    decide: Decide
    strata: Mapping[Strate, StrateCompilee]

    @classmethod
    def of(cls, catalogue: Catalogue, rules: Ruleset, on: date, decide: Decide) -> Contexte:
        """The context of a date, with the rules in force on it."""
        return cls(catalogue, rules, on, decide, rules.in_force(on))


@dataclass(frozen=True, slots=True)
class Qualification:
    """The profile, and the facts that later strata see."""

    profil: Profil
    faits: dict[str, Valeur]
    referents: tuple[str, ...]
    zones: frozenset[str]
    commune: bool
    bureau: str | None


def qualify(situation: Situation, context: Contexte, desk: str | None) -> Qualification:
    """What the rules conclude of a visitor. Raises UnknownName for a desk or a commune that does not exist."""
    facts = facts_of(situation)
    zones = zones_of(situation.commune, context.catalogue)
    reasons: list[Raison] = []

    publics = _conclude("publics", facts, context, reasons)
    found_publics = _membership("publics", "public", publics, facts, context.rules.vocabulaire.publics)

    cep = _conclude("cep", facts, context, reasons)
    eligible = _eligibility(cep, facts)
    roles = context.rules.vocabulaire.roles
    operators = _membership("operateurs", "operateur", cep, facts, roles)
    if eligible == "non":
        operators = []
        facts |= {f"operateurs={role}": False for role in roles}

    needs_rules = _conclude("besoins", facts, context, reasons)
    needs = _needs(situation, needs_rules, context.rules.vocabulaire.besoin_par_defaut)
    extra = tuple(need for need in needs_rules.values("besoin_complementaire") if need not in needs)
    facts["besoin_principal"] = needs[0]
    for need in context.rules.champs["besoins_retenus"].valeurs:
        facts[f"besoins_retenus={need}"] = need in needs or need in extra

    levels = _conclude("niveau", facts, context, [])
    level = next(iter(levels.concluded), None)
    niveau: Niveau = (level.alors.niveau if level else None) or PREMIER_ACCUEIL
    facts["niveau"] = niveau
    if level:
        reasons.append(_explain(level, context.rules))

    alerts = _conclude("alertes", facts, context, [])
    referents = _membership("referents", "referent", alerts, facts, roles)
    alertes = tuple(Alerte(rule.alors.alerte, rule.id) for rule in alerts.concluded if rule.alors.alerte)

    def operating(role: str) -> list[Offre]:
        return context.catalogue.of_roles((role,), zones)

    profil = Profil(
        tuple(found_publics),
        eligible,
        tuple(dict.fromkeys(offre.structure.id for role in operators for offre in operating(role))),
        niveau,
        needs,
        extra,
        alertes,
        tuple(reasons),
    )
    return Qualification(profil, facts, tuple(referents), zones, situation.commune is not None, desk)


@dataclass(frozen=True, slots=True)
class _Conclusions:
    """The rules of a stratum that concluded, and for the others whether they still may (None) or cannot (False)."""

    stratum: StrateCompilee
    concluded: list[Regle]
    verdicts: list[Verdict]

    def values(self, effect: str) -> list[str]:
        """What was concluded under a name, each once, in the order of the rules."""
        found = (getattr(rule.alors, effect) for rule in self.concluded)
        return list(dict.fromkeys(value for value in found if value is not None))


def _conclude(name: Strate, facts: Faits, context: Contexte, reasons: list[Raison]) -> _Conclusions:
    stratum = context.strata[name]
    verdicts = _verdicts(stratum, context.decide(stratum, [facts], ())[0], facts)
    concluded = [rule for rule, verdict in zip(stratum.regles, verdicts, strict=True) if verdict]
    reasons += [_explain(rule, context.rules) for rule in concluded]
    return _Conclusions(stratum, concluded, verdicts)


def _verdicts(stratum: StrateCompilee, true: set[int], facts: Faits) -> list[Verdict]:
    """For each rule: True if it concludes; False if it cannot; None if an answer may make it conclude."""
    excepted = _excepted(stratum, true)
    return [
        False
        if index in excepted
        else True
        if index in true
        else None
        if stratum.tests[index](facts) is None
        else False
        for index in range(len(stratum.regles))
    ]


def _excepted(stratum: StrateCompilee, true: set[int]) -> set[int]:
    return {rule for exception, rule in stratum.excepted_by.items() if exception in true}


def _membership(
    name: str, effect: str, conclusions: _Conclusions, facts: dict[str, Valeur], universe: Iterable[str]
) -> list[str]:
    """Members of a concluded set; adds to `facts` each membership that is known, and returns those that hold."""
    status: dict[str, Verdict] = {}
    for rule, verdict in zip(conclusions.stratum.regles, conclusions.verdicts, strict=True):
        member = getattr(rule.alors, effect)
        if member is not None and not status.get(member):
            status[member] = True if verdict else None if verdict is None else status.get(member, False)
    for member in universe:
        known = status.get(member, False)
        if known is not None:
            facts[f"{name}={member}"] = known
    return conclusions.values(effect)


def _eligibility(conclusions: _Conclusions, facts: dict[str, Valeur]) -> Literal["oui", "non", "inconnu"]:
    """Open when a rule opens it; closed when none can; unknown otherwise."""
    said = conclusions.values("cep")
    may_open = any(
        verdict is None and rule.alors.cep == "oui"
        for rule, verdict in zip(conclusions.stratum.regles, conclusions.verdicts, strict=True)
    )
    if "oui" in said:
        facts["cep"] = "oui"
        return "oui"
    if "non" in said or not may_open:
        facts["cep"] = "non"
        return "non"
    return "inconnu"


def _needs(situation: Situation, conclusions: _Conclusions, default: str) -> tuple[str, ...]:
    return situation.besoins or tuple(conclusions.values("besoin_presume")[:1]) or (default,)


def zones_of(commune: str | None, catalogue: Catalogue) -> frozenset[str]:
    """The zones of a commune, or of the whole basin when none was said. Raises UnknownName."""
    basin = catalogue.territoire
    if commune is None:
        home = territory.commune(basin.commune)
        return frozenset(basin.zones) | (home.zones if home else frozenset())
    return resolve_commune(commune, catalogue).zones


def resolve_commune(words: str, catalogue: Catalogue) -> territory.Commune:
    """The commune that an INSEE code or a name designates, near the basin first. Raises UnknownName."""
    found = _find_commune(words, catalogue.territoire.zones)
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(f"{place.nom} ({place.code})" for place in found[:6])
        raise UnknownName("commune", f"plusieurs communes se nomment « {words} » : donnez le code INSEE ({choices}).")
    names = [place.nom for zone in catalogue.territoire.zones for place in territory.communes_of(zone)]
    near = next((name for name in names if territory.fold(name).startswith(territory.fold(words)[:4])), None)
    hint = f" Vouliez-vous dire « {near} » ?" if near and territory.fold(words) else ""
    raise UnknownName(
        "commune", f"commune « {shorten(words)} » inconnue (nom ou code INSEE à 5 chiffres attendu).{hint}"
    )


@cache
def _find_commune(words: str, near: tuple[str, ...]) -> tuple[territory.Commune, ...]:
    return tuple(territory.find(words, near))


def check_desk(desk: str | None, catalogue: Catalogue) -> None:
    """Raises UnknownName for a desk that is not a structure of the catalogue."""
    if desk is not None and desk not in catalogue.structures:
        raise UnknownName("bureau", unknown_name("bureau", desk, catalogue.structures))


# --- candidates and ranking ---


@dataclass(frozen=True, slots=True)
class Candidat:
    """An offer that answers a need, with the rules about it."""

    offre: Offre
    besoins: tuple[str, ...]
    conclues: tuple[Regle, ...]
    indecises: tuple[tuple[Regle, Condition], ...]
    cle: tuple[Any, ...]

    @property
    def sous_condition(self) -> bool:
        """Whether something is left to check before sending the person there."""
        return bool(self.indecises) or self.offre.service.spro.a_verifier is not None


@dataclass(frozen=True, slots=True)
class Selection:
    """Candidates that stay, best first, and those that a rule rejects."""

    retenus: tuple[Candidat, ...]
    ecartes: tuple[Candidat, ...]


def select(qualification: Qualification, context: Contexte, *, best_of_alike: bool = False) -> Selection:
    """Keeps, rejects and ranks the offers that answer a need; falls back on the first reception, due to everyone.

    `best_of_alike` as in `judge`: the first offer is the same, and the search over many answers is faster.
    """
    profil = qualification.profil
    needs = (*profil.besoins, *profil.besoins_complementaires)
    offres = context.catalogue.candidates(needs, qualification.zones)
    known = {offre.id for offre in offres}
    following = context.catalogue.of_roles(qualification.referents, qualification.zones)
    offres += [offre for offre in following if offre.id not in known]
    selection = judge(offres, qualification, context, best_of_alike=best_of_alike)
    if any(can_come_first(candidate, qualification, context) for candidate in selection.retenus):
        return selection
    default = context.rules.vocabulaire.besoin_par_defaut
    fallback = judge(context.catalogue.candidates((default,), qualification.zones), qualification, context)
    reception = fallback.retenus or fallback.ecartes
    seen = {candidate.offre.id for candidate in reception}
    others = tuple(candidate for candidate in selection.retenus if candidate.offre.id not in seen)
    return Selection(reception + others, selection.ecartes)


def can_come_first(candidate: Candidat, qualification: Qualification, context: Contexte) -> bool:
    """Whether an offer can come first: it answers the main need, or a criterion above the need designates it."""
    order = [criterion.id for criterion in context.rules.criteres]
    above = order[: order.index("besoin")] if "besoin" in order else []
    designated = any(rule.alors.priorise in above for rule in candidate.conclues)
    return designated or qualification.profil.besoins[0] in candidate.besoins


def judge(
    offres: Sequence[Offre], qualification: Qualification, context: Contexte, *, best_of_alike: bool = False
) -> Selection:
    """What the rules say of each offer for this visitor, ranked.

    Offers that are alike for the rules are decided once; with `best_of_alike`, only the first of them is kept.
    """
    stratum = context.strata["offres"]
    alike: dict[tuple[Any, ...], list[Offre]] = {}
    for offre in offres:
        alike.setdefault(_likeness(offre, qualification), []).append(offre)
    firsts = [group[0] for group in alike.values()]
    facts = [offer_facts(offre, qualification) for offre in firsts]
    left = [context.catalogue.left_to_decide(offre, stratum) for offre in firsts]
    fired = context.decide(stratum, facts, left)
    judged: list[Candidat] = []
    for group, fact, open_tests, true in zip(alike.values(), facts, left, fired, strict=True):
        undecided = _undecided(fact, open_tests, true, stratum)
        kept_of_group = [min(group, key=partial(_turn_of, on=context.on))] if best_of_alike else group
        judged += _judge_alike(kept_of_group, true, undecided, stratum, qualification, context)
    judged.sort(key=lambda candidate: candidate.cle)
    rejected = tuple(candidate for candidate in judged if _is_rejected(candidate))
    kept = tuple(candidate for candidate in judged if not _is_rejected(candidate))
    return Selection(kept, rejected)


def _likeness(offre: Offre, qualification: Qualification) -> tuple[Any, ...]:
    """What the rules can tell of an offer for this visitor: its own facts, and how it meets the visitor."""
    return (
        id(offre.faits),
        not offre.zones or bool(offre.zones & qualification.zones),
        offre.structure.id == qualification.bureau,
        offre.service.spro.a_verifier is not None,
    )


def _is_rejected(candidate: Candidat) -> bool:
    return any(rule.alors.exclut for rule in candidate.conclues)


def offer_facts(offre: Offre, qualification: Qualification) -> dict[str, Valeur]:
    """The facts that the rules about offers see: the visitor's, the offer's, and how the two meet."""
    facts = qualification.faits | offre.faits
    facts["offre.repond_au_besoin"] = qualification.profil.besoins[0] in offre.service.spro.besoins
    facts["offre.bureau"] = offre.structure.id == qualification.bureau
    if not offre.zones or offre.zones & qualification.zones:
        facts["offre.couvre"] = True
    elif qualification.commune:
        facts["offre.couvre"] = False
    return facts


def _undecided(
    facts: Faits, offer: Specialisation, true: set[int], stratum: StrateCompilee
) -> tuple[tuple[Regle, Condition], ...]:
    """The rules that would reject the offer but miss an answer, with what is left to know."""
    return tuple(
        (stratum.regles[index], offer.reste[index])
        for index, test in offer.tests.items()
        if index < len(stratum.regles)
        and stratum.regles[index].alors.exclut
        and index not in true
        and test(facts) is None
    )


def _judge_alike(
    offres: Sequence[Offre],
    true: set[int],
    undecided: tuple[tuple[Regle, Condition], ...],
    stratum: StrateCompilee,
    qualification: Qualification,
    context: Contexte,
) -> list[Candidat]:
    """The candidates of offers about which the rules say the same: only the turn and the name tell them apart."""
    excepted = _excepted(stratum, true)
    concluded = tuple(stratum.regles[index] for index in sorted(true - excepted) if index < len(stratum.regles))
    profil, answered = qualification.profil, offres[0].service.spro.besoins
    needs = tuple(need for need in (*profil.besoins, *profil.besoins_complementaires) if need in answered)
    return [
        Candidat(offre, needs, concluded, undecided, _rank(offre, concluded, undecided, context)) for offre in offres
    ]


def _rank(offre: Offre, concluded: Iterable[Regle], undecided: Sequence[object], context: Contexte) -> tuple[Any, ...]:
    """The criteria of the rule base, in order: smaller is better; the identifier makes the order total."""
    met = {rule.alors.priorise for rule in concluded}
    values: list[Any] = []
    for criterion in context.rules.criteres:
        if criterion.id == "verifications":
            values.append(len(undecided) + (offre.service.spro.a_verifier is not None))
        elif criterion.id == "tour-de-role":
            values.append(turn(offre.structure.id, context.on))
        else:
            values.append(criterion.id not in met)
    return (*values, offre.id)


def _turn_of(offre: Offre, on: date) -> tuple[str, str]:
    """All that tells apart offers that are alike for the rules."""
    return turn(offre.structure.id, on), offre.id


@cache
def turn(structure: str, on: date) -> str:
    """The place of a structure in the day's rotation: a hash of both, that nobody chooses and that changes daily."""
    return hashlib.sha256(f"{on.isoformat()} {structure}".encode()).hexdigest()


# --- orientation ---


def recommend(
    situation: Situation,
    catalogue: Catalogue,
    rules: Ruleset,
    on: date,
    desk: str | None = None,
    *,
    decide: Decide = by_rete,
) -> Orientation:
    """The orientation of a visitor on a date, at a desk (by default that of the situation), without its questions.

    Raises UnknownName for a desk or a commune that does not exist.
    """
    desk = desk or situation.bureau
    check_desk(desk, catalogue)
    context = Contexte.of(catalogue, rules, on, decide)
    qualification = qualify(situation, context, desk)
    selection = select(qualification, context)
    recommendations = _recommendations(selection, qualification, context)
    return Orientation(
        on,
        {"regles": rules.version, "catalogue": catalogue.version},
        qualification.profil,
        recommendations,
        _path(recommendations[0], qualification, context),
        tuple(
            Ecartee(candidate.offre.structure.id, candidate.offre.id, rejections(candidate))
            for candidate in selection.ecartes
        ),
    )


def roles_of(selection: Selection, qualification: Qualification) -> list[tuple[Role, Candidat]]:
    """The role of each door that is shown: one by structure for the main need, one by further need."""
    profil = qualification.profil
    shown: list[tuple[Role, Candidat]] = []
    structures: set[str] = set()
    first = selection.retenus[0]
    for candidate in selection.retenus:
        main = candidate is first or profil.besoins[0] in candidate.besoins or not candidate.besoins
        if main and candidate.offre.structure.id not in structures:
            shown.append(("principale" if candidate is first else "relais", candidate))
            structures.add(candidate.offre.structure.id)
    covered = set(first.besoins)
    for need in (*profil.besoins[1:], *profil.besoins_complementaires):
        if need not in covered:
            answering = [c for c in selection.retenus if need in c.besoins and c is not first]
            other = next((c for c in answering if not c.sous_condition), answering[0] if answering else None)
            if other and all(other is not candidate for _, candidate in shown):
                shown.append(("complement", other))
                covered |= set(other.besoins)
    return shown


def _recommendations(
    selection: Selection, qualification: Qualification, context: Contexte
) -> tuple[Recommandation, ...]:
    return tuple(
        Recommandation(
            rank,
            role,
            candidate.offre.structure.id,
            candidate.offre.id,
            candidate.offre.structure.hors_reseau,
            candidate.offre.structure.id == qualification.bureau,
            candidate.offre.service.spro.niveau,
            candidate.besoins,
            reasons(candidate, context.rules),
            verifications(candidate, context.rules),
        )
        for rank, (role, candidate) in enumerate(roles_of(selection, qualification), 1)
    )


def reasons(candidate: Candidat, rules: Ruleset) -> tuple[Raison, ...]:
    """Why an offer is proposed: the rules that prioritise it, in the order of the criteria."""
    order = {criterion.id: place for place, criterion in enumerate(rules.criteres)}
    found = [rule for rule in candidate.conclues if rule.alors.priorise in order]
    found.sort(key=lambda rule: order[rule.alors.priorise or ""])
    return tuple(Raison(rule.id, sentence(rule, candidate.offre), rule.sources) for rule in found)


def rejections(candidate: Candidat) -> tuple[Raison, ...]:
    """Why an offer is not proposed."""
    found = (rule for rule in candidate.conclues if rule.alors.exclut)
    return tuple(Raison(rule.id, sentence(rule, candidate.offre), rule.sources) for rule in found)


def verifications(candidate: Candidat, rules: Ruleset) -> tuple[Verification, ...]:
    """What to check before sending the person: rules that would reject the offer but miss an answer, and the condition
    that its sheet says in words."""
    undecided = (
        Verification(
            rule.id,
            f"À vérifier : {sentence(rule, candidate.offre)}",
            rule.sources,
            questions_behind(left, rules),
        )
        for rule, left in candidate.indecises
    )
    said = candidate.offre.service.spro.a_verifier
    return (
        *undecided,
        *([Verification(CONDITION_DITE, f"À vérifier : {said}", ("charte-1-analyse",), ())] if said else ()),
    )


def sentence(rule: Regle, offre: Offre) -> str:
    """The sentence of a rule about an offer."""
    return rule.texte.format_map(offre.textes)


def questions_behind(condition: Condition, rules: Ruleset) -> tuple[str, ...]:
    """The questions on which a condition depends, directly or through the publics, in the order of the vocabulary."""
    found: set[str] = set()
    for key in keys_of(condition):
        name, _, value = key.partition("=")
        if name == "publics":
            found |= rules.behind_public[value]
        else:
            found.add("commune" if name == "offre.couvre" else name)
    return tuple(field for field in rules.vocabulaire.champs if field in found)


def _explain(rule: Regle, rules: Ruleset) -> Raison:
    effect, words = rule.alors, rules.vocabulaire
    labels: dict[str, tuple[str, Callable[[str], str]]] = {
        "public": ("public", lambda value: words.publics[value].libelle),
        "cep": ("conseil en évolution professionnelle", str),
        "operateur": ("opérateur du conseil en évolution professionnelle", lambda value: words.roles[value]),
        "besoin_presume": ("besoin présumé", lambda value: words.besoins[value].libelle),
        "besoin_complementaire": ("besoin complémentaire", lambda value: words.besoins[value].libelle),
        "niveau": ("niveau", lambda value: words.niveaux[value]),
    }
    parts = [
        f"{label} : {show(getattr(effect, name))}" for name, (label, show) in labels.items() if getattr(effect, name)
    ]
    return Raison(rule.id, rule.texte, rule.sources, " ; ".join(parts))


def _path(first: Recommandation, qualification: Qualification, context: Contexte) -> tuple[Etape, ...]:
    offre = context.catalogue.offre_by_id[first.service]
    steps = [Etape(1, first.structure, first.service, offre.service.nom, first.raisons)]
    facts = qualification.faits | {"premiere": offre.structure.spro.role}
    for rule in _conclude("parcours", facts, context, []).concluded:
        for planned in rule.alors.etapes or ():
            offers = [
                candidate
                for candidate in context.catalogue.of_roles((planned.role,), qualification.zones)
                if planned.besoin is None or planned.besoin in candidate.service.spro.besoins
            ]
            chosen = judge(offers, qualification, context).retenus
            if chosen and all(step.structure != chosen[0].offre.structure.id for step in steps):
                step = chosen[0].offre
                why = (Raison(rule.id, rule.texte, rule.sources),)
                steps.append(Etape(len(steps) + 1, step.structure.id, step.id, planned.objet, why))
    return tuple(steps)


__all__ = ["CRITERES_DU_MOTEUR", "Orientation", "UnknownName", "recommend"]
