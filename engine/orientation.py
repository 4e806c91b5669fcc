"""The explained answer: doors, reasons, what to check, path, what is set aside; read out of the decision of a visitor.

Pure: the date and the desk are arguments, nothing is read or kept. Which rules fire is decided by durable_rules
(`by_rete`); the three-valued evaluator of the same conditions says what is unknown, and can decide alone
(`by_evaluation`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from engine.catalogue import Catalogue, Offre
from engine.conditions import Condition, Faits, keys_of
from engine.deciders import Decide, OfOne, by_evaluation, by_rete
from engine.decision import Asked, Contexte, Decision, Judged, Role
from engine.places import Lieu, ambiguities, check_desk, commune_said, lieu_of
from engine.ruleset import Regle, Ruleset
from engine.situation import Niveau, Situation, facts_of

FURTHER_NEED = "autre-besoin"
FURTHER_NEED_TEXT = "Après les portes du premier besoin : celle-ci répond à un autre."
WELCOME = "premier-accueil", "qui fait un premier accueil : aucune offre de la demande ne peut passer en premier"
BY_NAME = "identifiant", "par ordre d'identifiant, à égalité de tout le reste"
"""What decides between two doors when no criterion of the rules does."""

NO_PUBLIC = "Cette structure est une tête de réseau : elle ne reçoit pas le public."
OTHER_NEEDS = "Aucune de ses offres déclarées ne répond à ce besoin : {besoin}."

CONDITION_DITE = "condition-de-la-fiche"
"""Stands for a rule where a condition comes from a sheet."""


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
    lieu: Lieu | None = None


@dataclass(frozen=True, slots=True)
class Apres:
    """Which structure stands before another one, and why: the criterion that decides, and the whole sentence."""

    structure: str
    critere: str
    texte: str


@dataclass(frozen=True, slots=True)
class Recommandation:
    """One door: where, for what, why, what to check, and what it comes after (the first one after nothing)."""

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
    apres: Apres | None = None


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
    avertissements: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The JSON of the contract (design §5); what is to be checked stands among the reasons."""
        profil = self.profil
        return {
            "date": self.le.isoformat(),
            "versions": self.versions,
            "avertissements": list(self.avertissements),
            "profil": {
                "publics": list(profil.publics),
                "cep": {"eligible": profil.cep, "operateurs": list(profil.operateurs)},
                "niveau": profil.niveau,
                "lieu": asdict(profil.lieu) if profil.lieu else None,
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
                    "apres": asdict(item.apres) if item.apres else None,
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


# --- the decision of one visitor ---


@dataclass(frozen=True, slots=True)
class Visite:
    """What is decided of one visitor at a desk; the needs in order: said or presumed, then those that rules add."""

    decision: Decision[int]
    seul: OfOne
    besoins: tuple[str, ...]
    complementaires: tuple[str, ...]

    @classmethod
    def of(
        cls, situation: Situation, context: Contexte, desk: str | None = None, decide: Decide = by_evaluation
    ) -> Visite:
        """Decides. Raises UnknownName for a desk or a commune that does not exist."""
        desk = desk or situation.bureau
        check_desk(desk, context.catalogue)
        alone, said = OfOne(decide), situation.besoins or ()
        commune = commune_said(situation.commune, situation.code_postal, context.catalogue)
        alone.faits.update(facts_of(situation))
        asked = Asked(
            dict.fromkeys(said[:1], 1),
            dict.fromkeys(said, 1),
            [(need, 1) for need in said[1:]],
            {} if commune is None else {commune: 1},
            {} if desk is None else {desk: 1},
        )
        decision = Decision(asked, alone, context)
        needs = said or tuple(need for need, where in decision.main.items() if where)
        added = (need for need, where in decision.further[len(asked.further) :] if where)
        return cls(decision, alone, needs, tuple(added))

    @property
    def premiere(self) -> Judged[int]:
        """The offer that comes first."""
        return next(item for item, where in self.decision.first if where)

    def rang(self, item: Judged[int]) -> tuple[int | str, ...]:
        """How low an offer stands for each criterion; smaller is better."""
        return tuple(step if isinstance(step, str) else sum(lower & 1 for lower in step) for step in item.rank)

    def besoins_de(self, offre: Offre) -> tuple[str, ...]:
        """The needs of the visitor that an offer answers."""
        answered = offre.service.spro.besoins
        return tuple(need for need in (*self.besoins, *self.complementaires) if need in answered)

    def faits_de(self, offre: Offre) -> Faits:
        """The facts that the rules about offers see of one."""
        (judged,) = self.decision.judge([offre])
        return self.seul.facts_about(offre.faits, judged.avis.own)

    def portes(self) -> Iterator[tuple[Role, Judged[int]]]:
        """The doors that are shown, in order, each with its role."""
        return ((door.role, door.judged) for door in self.decision.doors(1))

    # --- in words ---

    @property
    def profil(self) -> Profil:
        """What the rules conclude of the visitor, and why."""
        decided, rules = self.decision, self.decision.context.rules
        level = next((found.regle for found in decided.niveau.all if found.oui), None)
        parts = (decided.publics, decided.cep, decided.besoins)
        concluding = [found.regle for part in parts for found in part.all if found.oui]
        if decided.closed:  # whoever has no right to it has no operator of it
            concluding = [rule for rule in concluding if not rule.alors.operateur]
        alerts = ((found.regle.alors.alerte, found.regle.id) for found in decided.alertes.all if found.oui)
        return Profil(
            tuple(public for public, where in decided.publics.in_order("public") if where),
            "oui" if decided.opened else "non" if decided.closed else "inconnu",
            tuple(dict.fromkeys(structure for structure, where in decided.operators if where)),
            next(level for level, where in decided.levels if where),
            self.besoins,
            self.complementaires,
            tuple(Alerte(text, rule) for text, rule in alerts if text),
            tuple(_explain(rule, rules) for rule in (*concluding, *([level] if level else []))),
            lieu_of(next(iter(decided.asked.places), None), decided.context.catalogue),
        )

    def recommandations(self) -> Iterator[Recommandation]:
        """The doors with their reasons."""
        before: Judged[int] | None = None
        for rank, (role, item) in enumerate(self.portes(), 1):
            offre, previous, before = item.offre, before, item
            yield Recommandation(
                rank,
                role,
                offre.structure.id,
                offre.id,
                offre.structure.hors_reseau,
                bool(self.decision.asked.desks.get(offre.structure.id)),
                offre.service.spro.niveau,
                self.besoins_de(offre),
                self.raisons(item),
                self.verifications(item),
                self.apres(previous, item, role) if previous else None,
            )

    def apres(self, before: Judged[int], item: Judged[int], role: Role = "relais") -> Apres:
        """Why an offer comes after another one that comes before it."""
        structure = before.offre.structure
        if role == "complement":
            return Apres(structure.id, FURTHER_NEED, FURTHER_NEED_TEXT)
        criterion, clause = self.departage(before, item)
        return Apres(structure.id, criterion, f"Après {structure.nom}, {clause}.")

    def departage(self, before: Judged[int], item: Judged[int]) -> tuple[str, str]:
        """The criterion that puts an offer before another one, and what it says of the first of the two."""
        if self.decision.gives_way(item) and not self.decision.gives_way(before):
            return WELCOME
        criteria = self.decision.context.rules.criteres
        ranks = zip(criteria, self.rang(before), self.rang(item), strict=True)
        found = next((criterion for criterion, one, two in ranks if one != two), None)
        return (found.id, found.qui or f"selon le critère « {found.libelle} »") if found else BY_NAME

    def parcours(self, first: Recommandation) -> Iterator[Etape]:
        """The path: the first door, then what the rules plan after it."""
        offre = self.decision.context.catalogue.offre_by_id[first.service]
        yield Etape(1, first.structure, first.service, offre.service.nom, first.raisons)
        for rank, step in enumerate((step for step in self.decision.path() if step.where), 2):
            rule, offre = step.regle, step.judged.offre
            why = (Raison(rule.id, rule.texte, rule.sources),)
            yield Etape(rank, offre.structure.id, offre.id, step.plan.objet, why)

    def ecartees(self) -> Iterator[Ecartee]:
        """The offers that answer a need but that a rule rejects."""
        pool = [(item, item.avis.candidate & item.avis.rejected) for item in self.decision.judged]
        return (self.ecartee(item) for item, where in self.decision.ranked(pool) if where)

    def ecartee(self, item: Judged[int]) -> Ecartee:
        """An offer, with the rules that reject it."""
        found = (rule for rule in self._concluded(item) if rule.alors.exclut)
        why = (Raison(rule.id, sentence(rule, item.offre), rule.sources) for rule in found)
        return Ecartee(item.offre.structure.id, item.offre.id, tuple(why))

    def pourquoi_pas(self, structure: str) -> tuple[Ecartee, ...]:
        """Why each offer of a structure is not proposed; empty for the offers that are. Raises KeyError.

        A structure that declares no offer for the need gets one line that says so, with the source of the duty to
        refer.
        """
        decided, catalogue = self.decision, self.decision.context.catalogue
        sheet, offers = catalogue.structures[structure], catalogue.of_structure(structure)
        if not sheet.spro.recoit_public or not offers:
            return (Ecartee(structure, "", (Raison("accueil-du-public", NO_PUBLIC, ("charte-1-prestations",)),)),)
        is_referent = decided.referents[sheet.spro.role]
        answering = [offre for offre in offers if is_referent or self.besoins_de(offre)]
        if not answering:
            need = decided.context.rules.vocabulaire.besoins[self.besoins[0]].libelle
            text = OTHER_NEEDS.format(besoin=need)
            return (Ecartee(structure, "", (Raison("besoin-principal", text, ("charte-1-orienter",)),)),)
        ranked = [item for item, _ in decided.ranked((item, 1) for item in decided.judge(answering))]
        on_mandate = ((item.offre, self.verifications(item)) for item in ranked if not item.avis.rejected)
        return (
            *(self.ecartee(item) for item in ranked if item.avis.rejected),
            *(
                Ecartee(structure, offre.id, tuple(Raison(doubt.regle, doubt.texte, doubt.sources) for doubt in doubts))
                for offre, doubts in on_mandate
                if offre.service.spro.sur_mandat and any(doubt.regle != CONDITION_DITE for doubt in doubts)
            ),
        )

    def raisons(self, item: Judged[int]) -> tuple[Raison, ...]:
        """Why an offer is proposed: the rules that prioritise it, in the order of the criteria."""
        order = {criterion.id: place for place, criterion in enumerate(self.decision.context.rules.criteres)}
        found = [rule for rule in self._concluded(item) if rule.alors.priorise in order]
        found.sort(key=lambda rule: order[rule.alors.priorise or ""])
        return tuple(Raison(rule.id, sentence(rule, item.offre), rule.sources) for rule in found)

    def verifications(self, item: Judged[int]) -> tuple[Verification, ...]:
        """What to check before sending the person: rules that would reject the offer but miss an answer, and the
        condition that its sheet says in words."""
        rules = self.decision.context.rules
        undecided = (
            Verification(
                rule.id,
                f"À vérifier : {sentence(rule, item.offre)}",
                rule.sources,
                questions_behind(item.avis.reste.reste[number], rules),
            )
            for number, rule in self.decision.rejecting(item.avis.reste.reste)
            if item.avis.rulings.unknown(number)
        )
        said = item.offre.service.spro.a_verifier
        return (
            *undecided,
            *([Verification(CONDITION_DITE, f"À vérifier : {said}", ("charte-1-analyse",), ())] if said else ()),
        )

    def regles_lues(self, item: Judged[int]) -> list[tuple[int, Regle]]:
        """The rules about an offer that its own facts do not make false, in their order, with their numbers."""
        left, rules = item.avis.reste, self.decision.context.strata["offres"].regles
        return [(n, rules[n]) for n in sorted((*left.reste, *left.toujours)) if n < len(rules)]

    def _concluded(self, item: Judged[int]) -> list[Regle]:
        """The rules about an offer that fire, in their order."""
        avis = item.avis
        return [rule for n, rule in self.regles_lues(item) if avis.rulings.true(n) and not avis.excepted.get(n)]


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
    visit = Visite.of(situation, Contexte.of(catalogue, rules, on), desk, decide)
    profil, recommendations = visit.profil, tuple(visit.recommandations())
    return Orientation(
        on,
        {"regles": rules.version, "catalogue": catalogue.version},
        profil,
        recommendations,
        tuple(visit.parcours(recommendations[0])),
        tuple(visit.ecartees()),
        avertissements=tuple(_warnings(situation, profil, recommendations, catalogue)),
    )


NO_DOOR = "Aucun membre du réseau n'a déclaré d'offre pour cette demande : la porte indiquée est hors du réseau."


def _warnings(
    situation: Situation, profil: Profil, doors: Sequence[Recommandation], catalogue: Catalogue
) -> Iterator[str]:
    """What is to be known of the answer itself: how the place was read, and a need that the network does not cover."""
    yield from ambiguities(situation.commune, situation.code_postal, catalogue)
    if profil.lieu and not profil.lieu.dans_le_bassin:
        yield (
            f"La personne habite hors du bassin ({profil.lieu.nom}) : donnez-lui le nom du service de son secteur. "
            "Vous pouvez déjà l'informer."
        )
    elif doors[0].hors_reseau and not any(
        profil.besoins[0] in door.besoins and not door.hors_reseau and not door.a_verifier for door in doors
    ):
        yield NO_DOOR


def why_not(
    structure: str, situation: Situation, catalogue: Catalogue, rules: Ruleset, on: date, desk: str | None = None
) -> tuple[Ecartee, ...]:
    """As `Visite.pourquoi_pas`. Raises UnknownName, KeyError."""
    return Visite.of(situation, Contexte.of(catalogue, rules, on), desk).pourquoi_pas(structure)


# --- sentences ---


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
