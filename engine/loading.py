"""The rule base read from YAML, with everything that is wrong in it said at its place."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import Field, ValidationError

from engine import documents
from engine.base_problems import FauteCondition, FauteRegle
from engine.conditions import (
    TOUJOURS,
    Champ,
    Condition,
    parse_condition,
)
from engine.documents import Diagnostic, Document, InvalidDocuments
from engine.examples import ESSAIS, EssaisYaml, Exemple, ExemplesYaml, check_examples, examples_of
from engine.problems import Chemin, Faute, Probleme, unknown_name
from engine.questions import check_questions
from engine.ruleset import (
    CRITERES_DU_MOTEUR,
    EFFETS,
    Confiance,
    Critere,
    Effet,
    Engagement,
    EnVigueur,
    Interdit,
    Regle,
    Ruleset,
    Source,
)
from engine.situation import Niveau
from engine.validation import M, validate
from engine.vocabulary import (
    STRATES,
    Id,
    Phrase,
    Strate,
    _Modele,
    _Vocabulaire,
    _VocabulaireLocal,
    champs_of,
)

V = TypeVar("V")


PLACEHOLDERS = frozenset({"structure", "service", "ages", "publics", "statuts", "zone"})
"""What the sentence of a rule about offers may show of the offer, in braces."""


LOCALES = "regles"
"""The folder of a catalogue that holds the rules of its basin, when it has any."""


class _RegleYaml(_Modele):
    id: Id
    libelle: Phrase
    texte: Phrase
    sources: Annotated[tuple[Id, ...], Field(min_length=1)]
    confiance: Confiance = "V"
    en_vigueur: EnVigueur
    si: Any = None
    sauf: Any = None
    alors: Effet
    exemples: ExemplesYaml


class _FichierRegles(_Modele):
    regles: tuple[_RegleYaml, ...]


class _Classement(_Modele):
    criteres: Annotated[tuple[Critere, ...], Field(min_length=1)]


class _Engagements(_Modele):
    engagements: tuple[Engagement, ...]


class _InterditYaml(_Modele):
    id: Id
    resume: Phrase
    si: Any
    role: Id
    sources: Annotated[tuple[Id, ...], Field(min_length=1)]


class _Interdits(_Modele):
    interdits: tuple[_InterditYaml, ...]


class Fichiers:
    """A folder of YAML documents under way: collects documents and every diagnostic."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier
        self.diagnostics: list[Diagnostic] = []
        self._digest = hashlib.sha256()
        if not dossier.is_dir():
            raise InvalidDocuments([Diagnostic(str(dossier), 0, 0, Faute.DOSSIER_ABSENT())])

    def read(self, name: str) -> Document | None:
        """A document of the folder; None when it cannot be read, which is then reported."""
        path = self.dossier / name
        try:
            raw = documents.read_limited(path, documents.MAX_DOCUMENT_BYTES, str(path))
            self._digest.update(name.encode() + b"\0" + raw + b"\0")
            return documents.read_bytes(raw, str(path))
        except InvalidDocuments as error:
            self.diagnostics += error.diagnostics
            return None

    def load(self, name: str, model: type[M]) -> tuple[M | None, Document | None]:
        """A document of the folder as a model; None when it is wrong, which is then reported."""
        document = self.read(name)
        if document is None:
            return None, None
        try:
            return validate(model, document), document
        except InvalidDocuments as error:
            self.diagnostics += error.diagnostics
            return None, document

    def has(self, name: str) -> bool:
        """Whether the folder has this file."""
        return (self.dossier / name).exists()

    @property
    def version(self) -> str:
        """A short fingerprint of all that was read."""
        return self._digest.hexdigest()[:12]

    def stop_if_wrong(self) -> None:
        """Raises InvalidDocuments when anything was reported."""
        if self.diagnostics:
            raise InvalidDocuments(self.diagnostics)


class FichiersLocaux(Fichiers):
    """The folder of a basin's own rules: any file may be absent, and only those that add something have a place."""

    def __init__(self, dossier: Path) -> None:
        super().__init__(dossier)
        allowed = ("sources.yaml", "vocabulaire.yaml", *(f"{strate}.yaml" for strate in STRATES))
        for path in sorted(dossier.glob("*.y*ml")):
            if path.name not in allowed:
                wrong = FauteRegle.FICHIER_D_UN_BASSIN(mot=path.name, permis=sorted(allowed))
                self.diagnostics.append(Diagnostic(str(path), 0, 0, wrong))

    def read(self, name: str) -> Document | None:
        """A document of the folder; None when there is none, or when it cannot be read, which is then reported."""
        return super().read(name) if self.has(name) else None


@dataclass(frozen=True, slots=True)
class LectureRegles:
    """What could be read of a rule base: the rules without those that are wrong (None without a vocabulary), every
    problem, and the names that the rules left out may conclude (`cep`, `publics=cadre`, or `publics` for any)."""

    rules: Ruleset | None
    diagnostics: tuple[Diagnostic, ...]
    incertains: frozenset[str]


def load_rules(dossier: Path, locales: Path | None = None) -> Ruleset:
    """The rule base of a folder, and what a basin adds to it in another (`locales`, which may not exist).

    Raises InvalidDocuments with every problem of every file.
    """
    read = read_rules(dossier, locales)
    if read.diagnostics or read.rules is None:
        raise InvalidDocuments(read.diagnostics)
    return read.rules


def load_vocabulary(dossier: Path) -> _Vocabulaire:
    """The vocabulary of a folder of rules alone. Raises InvalidDocuments with every problem."""
    files = Fichiers(dossier)
    vocabulary, document = files.load("vocabulaire.yaml", _Vocabulaire)
    if vocabulary is not None and document is not None:
        _check_vocabulary(vocabulary, document, files)
    if vocabulary is None or files.diagnostics:
        raise InvalidDocuments(files.diagnostics)
    return vocabulary


def read_rules(dossier: Path, locales: Path | None = None) -> LectureRegles:
    """The rule base of a folder, with what a basin adds to it, as far as they can be read.

    Raises InvalidDocuments when the first folder does not exist.
    """
    files = Fichiers(dossier)
    local = FichiersLocaux(locales) if locales is not None and locales.is_dir() else None
    sources, _ = _load_sources(files)
    vocabulary, vocabulary_document = files.load("vocabulaire.yaml", _Vocabulaire)
    ranking, ranking_document = files.load("classement.yaml", _Classement)
    commitments, commitments_document = files.load("engagements.yaml", _Engagements)
    forbidden, forbidden_document = files.load("interdits.yaml", _Interdits)
    raw_rules = {strate: _load_rule_file(strate, files) for strate in STRATES}
    if vocabulary is None or vocabulary_document is None or ranking is None or commitments is None:
        return LectureRegles(None, (*files.diagnostics, *(local.diagnostics if local else ())), frozenset())
    if not _check_vocabulary(vocabulary, vocabulary_document, files):
        return LectureRegles(None, (*files.diagnostics, *(local.diagnostics if local else ())), frozenset())
    asked_if = _load_askings(vocabulary, vocabulary_document, files, "posee_si")
    unless = _load_askings(vocabulary, vocabulary_document, files, "posee_sauf")
    rules: list[Regle] = []
    wrong: set[str] = set()
    known_sources = frozenset(sources) if sources else _Anything()
    names = _Names(known_sources, vocabulary, frozenset(c.id for c in ranking.criteres))
    if local:
        sources, vocabulary = _add_names(sources, vocabulary, local)
        every_source = known_sources if isinstance(known_sources, _Anything) else frozenset(sources)
        names = replace(names, sources=every_source, vocabulaire=vocabulary)
    for strate, (content, document, lost) in raw_rules.items():
        wrong |= lost
        if document is not None:
            rules += _build_rules(strate, content, document, names, files, wrong)
    _check_trial_files(files)
    rules = _without_duplicates(rules, files)
    _check_cited(ranking.criteres, ranking_document, "criteres", known_sources, files)
    _check_cited(commitments.engagements, commitments_document, "engagements", known_sources, files)
    _check_criteria(ranking.criteres, ranking_document, rules, wrong, files)
    never = _build_forbidden(forbidden, forbidden_document, names, files)
    version, diagnostics = files.version, files.diagnostics
    if local:
        rules = _add_rules(rules, local, names, wrong)
        version = hashlib.sha256(f"{version} {local.version}".encode()).hexdigest()[:12]
        diagnostics += local.diagnostics
    found = Ruleset(
        tuple(rules), sources, vocabulary, asked_if, unless, ranking.criteres, commitments.engagements, never, version
    )
    return LectureRegles(found, tuple(diagnostics), frozenset(wrong))


def _add_names(
    sources: dict[str, Source], vocabulary: _Vocabulaire, local: FichiersLocaux
) -> tuple[dict[str, Source], _Vocabulaire]:
    """The sources and the vocabulary with those of a basin. What exists already is reported and stays as it is."""

    def add(known: Mapping[str, V], more: Mapping[str, V], document: Document | None, *key: str) -> dict[str, V]:
        for name in sorted(known.keys() & more.keys()):
            assert document is not None
            local.diagnostics.append(document.at_key((*key, name), FauteRegle.NOM_PARTAGE(nom=name)))
        return {**known, **{name: value for name, value in more.items() if name not in known}}

    more, document = _load_sources(local)
    sources = add(sources, more, document)
    words, document = local.load("vocabulaire.yaml", _VocabulaireLocal)
    if words is not None:
        publics = add(vocabulary.publics, words.publics, document, "publics")
        roles = add(vocabulary.roles, words.roles, document, "roles")
        vocabulary = vocabulary.model_copy(update={"publics": publics, "roles": roles})
    return sources, vocabulary


def _add_rules(shared: list[Regle], local: FichiersLocaux, names: _Names, wrong: set[str]) -> list[Regle]:
    """The rules with those of a basin, which come after the shared ones of their stratum."""
    rules = list(shared)
    _check_trial_files(local)
    for strate in STRATES:
        if local.has(f"{strate}.yaml"):
            content, document, lost = _load_rule_file(strate, local)
            wrong |= lost
            if document is not None:
                found = _build_rules(strate, content, document, names, local, wrong)
                rules += [replace(rule, locale=True) for rule in found]
    return sorted(_without_duplicates(rules, local), key=lambda rule: STRATES.index(rule.strate))


class _Anything(frozenset[str]):
    """The names of a file that could not be read: its own error is enough."""

    def __contains__(self, name: object) -> bool:
        return True


@dataclass(frozen=True)
class _Names:
    sources: frozenset[str]
    vocabulaire: _Vocabulaire
    criteres: frozenset[str]

    @property
    def champs(self) -> set[str]:
        """Every name that a condition of some stratum may use."""
        return {*champs_of("parcours", self.vocabulaire), *champs_of("offres", self.vocabulaire)}


def _load_sources(files: Fichiers) -> tuple[dict[str, Source], Document | None]:
    document = files.read("sources.yaml")
    if document is None:
        return {}, None
    if not isinstance(document.donnees, dict):
        wrong = Faute.ATTENDU(attendu="« clé: valeur » est attendu", recu="une liste")
        files.diagnostics.append(document.diagnostic((), wrong))
        return {}, document
    found = {}
    for key in document.donnees:
        try:
            found[key] = validate(Source, document, (key,))
        except InvalidDocuments as error:
            files.diagnostics += error.diagnostics
    return found, document


def _check_vocabulary(vocabulary: _Vocabulaire, document: Document, files: Fichiers) -> bool:
    """Reports what is wrong in the vocabulary. False when no situation can be made of it."""

    def at_key(chemin: Chemin, probleme: Probleme) -> None:
        files.diagnostics.append(document.at_key(chemin, probleme))

    def at_value(chemin: Chemin, probleme: Probleme) -> None:
        files.diagnostics.append(document.diagnostic(chemin, probleme))

    levels = get_args(Niveau)
    for name in sorted(set(levels) - set(vocabulary.niveaux)):
        at_key(("niveaux",), Faute.CLE_MANQUANTE(cle=name))
    for name in sorted(set(vocabulary.niveaux) - set(levels)):
        at_key(("niveaux", name), unknown_name("nom", name, levels))
    default = vocabulary.besoin_par_defaut
    if default not in vocabulary.besoins:
        at_value(("besoin_par_defaut",), unknown_name("valeur", default, vocabulary.besoins))
    return check_questions(vocabulary, at_key, at_value)


def _build_forbidden(
    content: _Interdits | None, document: Document | None, names: _Names, files: Fichiers
) -> tuple[Interdit, ...]:
    if content is None or document is None:
        return ()

    def report(chemin: Chemin, probleme: Probleme) -> None:
        files.diagnostics.append(document.diagnostic(chemin, probleme))

    found = []
    for index, raw in enumerate(content.interdits):
        place: Chemin = ("interdits", index)
        if raw.role not in names.vocabulaire.roles:
            report((*place, "role"), unknown_name("rôle", raw.role, names.vocabulaire.roles))
        si = parse_condition(raw.si, names.vocabulaire.compares, (*place, "si"), report)
        found.append(Interdit(raw.id, raw.resume, si, raw.role, raw.sources))
    _check_cited(content.interdits, document, "interdits", names.sources, files)
    return tuple(found)


def _load_askings(
    vocabulary: _Vocabulaire, document: Document, files: Fichiers, key: Literal["posee_si", "posee_sauf"]
) -> dict[str, Condition]:
    """For a question that only some situations raise, or do not: the condition on what was already said."""

    def report(chemin: Chemin, probleme: Probleme) -> None:
        files.diagnostics.append(document.diagnostic(chemin, probleme))

    return {
        name: parse_condition(written, vocabulary.compares, ("champs", name, key), report)
        for name, words in vocabulary.champs.items()
        if (written := getattr(words, key)) is not None
    }


_CONCLUT: dict[str, str] = {
    "public": "publics=",
    "cep": "cep",
    "operateur": "operateurs=",
    "besoin_presume": "besoin_principal",
    "besoin_complementaire": "besoins_retenus=",
    "niveau": "niveau",
    "referent": "referents=",
    "priorise": "criteres=",
}
"""The fact (or the criterion) that each effect of a rule sets; with `=`, one fact a value."""


def concluded_by(effect: Mapping[str, Any]) -> set[str]:
    """The facts that an effect sets."""
    return {
        f"{fact}{value}" if fact.endswith("=") else fact
        for name, fact in _CONCLUT.items()
        if (value := effect.get(name)) is not None
    }


def _lost(strate: Strate) -> set[str]:
    """The facts that any rule of a stratum may set."""
    return {_CONCLUT[name].rstrip("=") for name in EFFETS[strate] & _CONCLUT.keys()}


_Lues = tuple[dict[int, _RegleYaml], Document | None, set[str]]


def _load_rule_file(strate: Strate, files: Fichiers) -> _Lues:
    """The rules of a file by position; when some are wrong, which is reported, the others, and what the former set."""
    content, document = files.load(f"{strate}.yaml", _FichierRegles)
    if content is not None:
        return dict(enumerate(content.regles)), document, set()
    raw_rules = document.donnees.get("regles") if document and isinstance(document.donnees, dict) else None
    if not isinstance(raw_rules, list):
        return {}, None, _lost(strate)
    kept: dict[int, _RegleYaml] = {}
    lost: set[str] = set()
    for index, raw in enumerate(raw_rules):
        try:
            kept[index] = _RegleYaml.model_validate(raw)
        except ValidationError:
            effect = raw.get("alors") if isinstance(raw, dict) else None
            lost |= concluded_by(effect) if isinstance(effect, dict) else _lost(strate)
    return kept, document, lost


def _build_rules(
    strate: Strate, content: dict[int, _RegleYaml], document: Document, names: _Names, files: Fichiers, wrong: set[str]
) -> list[Regle]:
    """The rules of a stratum that are right; what the others set is added to `wrong`."""
    champs = champs_of(strate, names.vocabulaire)
    trials = _load_trials(strate, document, names, files)
    rules = []
    for index, raw in content.items():
        before = len(files.diagnostics)
        own = trials.get(raw.id, ())
        rule = _build_rule(strate, raw, ("regles", index), document, champs, names, own, files)
        if all(found.code == "source-inconnue" for found in files.diagnostics[before:]):
            rules.append(rule)
        else:
            wrong |= concluded_by(raw.alors.model_dump())
    return rules


def _check_trial_files(files: Fichiers) -> None:
    """Reports each file of trials that is that of no stratum, and would never be played."""
    allowed = [f"{strate}.yaml" for strate in STRATES]
    for path in sorted((files.dossier / ESSAIS).glob("*.y*ml")):
        if path.name not in allowed:
            wrong = unknown_name("fichier d'essais", path.name, allowed)
            files.diagnostics.append(Diagnostic(str(path), 0, 0, wrong))


def _load_trials(strate: Strate, rules: Document, names: _Names, files: Fichiers) -> dict[str, tuple[Exemple, ...]]:
    """The trials of each rule of a stratum that are right; what is wrong is reported, rules that do not exist too."""
    document = files.read(f"{ESSAIS}/{strate}.yaml") if files.has(f"{ESSAIS}/{strate}.yaml") else None
    if document is None:
        return {}
    if not isinstance(document.donnees, dict):
        files.diagnostics.append(
            document.diagnostic((), Faute.ATTENDU(attendu="« règle: essais » est attendu", recu="une liste"))
        )
        return {}
    known = [str(raw["id"]) for raw in rules.donnees["regles"] if isinstance(raw, dict) and "id" in raw]
    found = {}
    for name in document.donnees:
        if name not in known:
            unknown = unknown_name(f"règle de {strate}.yaml", name, known)
            files.diagnostics.append(document.at_key((name,), unknown))
            continue
        try:
            content = validate(EssaisYaml, document, (name,))
        except InvalidDocuments as error:
            files.diagnostics += error.diagnostics
            continue
        wrong = list(check_examples(strate, content, (name,), document, names.vocabulaire.situation))
        files.diagnostics += wrong
        if not wrong:
            found[name] = examples_of(content, (name,), document)
    return found


def _build_rule(
    strate: Strate,
    raw: _RegleYaml,
    chemin: Chemin,
    document: Document,
    champs: Mapping[str, Champ],
    names: _Names,
    trials: tuple[Exemple, ...],
    files: Fichiers,
) -> Regle:
    every = {*names.champs, *champs}

    def report(place: Chemin, probleme: Probleme) -> None:
        if probleme.espece is FauteCondition.CHAMP_INCONNU and probleme.valeurs["mot"] in every:
            probleme = FauteCondition.CHAMP_D_UNE_AUTRE_STRATE(**probleme.valeurs)
        files.diagnostics.append(document.diagnostic(place, probleme))

    si = TOUJOURS if raw.si is None else parse_condition(raw.si, champs, (*chemin, "si"), report)
    sauf = None if raw.sauf is None else parse_condition(raw.sauf, champs, (*chemin, "sauf"), report)
    _check_effect(strate, raw.alors, (*chemin, "alors"), names, report)
    if raw.sauf is not None and (raw.alors.exclut or raw.alors.public):
        report((*chemin, "sauf"), FauteRegle.SAUF_INTERDIT())
    for index, source in enumerate(raw.sources):
        if source not in names.sources:
            report((*chemin, "sources", index), Faute.SOURCE_INCONNUE(mot=source, permis=names.sources))
    window = raw.en_vigueur
    if window.depuis and window.jusqu_a and window.depuis >= window.jusqu_a:
        report((*chemin, "en_vigueur"), FauteRegle.DATES())
    _check_sentence(strate, raw.texte, (*chemin, "texte"), report)
    examples: Chemin = (*chemin, "exemples")
    files.diagnostics += check_examples(strate, raw.exemples, examples, document, names.vocabulaire.situation)
    line, _ = document.positions[chemin]
    taught = examples_of(raw.exemples, examples, document, (line, 1))
    return Regle(
        raw.id, strate, raw.libelle, raw.texte, raw.sources, raw.confiance, window.depuis, window.jusqu_a,
        si, sauf, raw.alors, taught, trials, document.nom, line,
    )  # fmt: skip


def _check_effect(strate: Strate, effect: Effet, chemin: Chemin, names: _Names, report: documents.Signaler) -> None:
    given = effect.model_fields_set
    if not given:
        report(chemin, FauteRegle.SANS_CONCLUSION(permis=EFFETS[strate]))
    for name in sorted(given - EFFETS[strate]):
        report((*chemin, name), FauteRegle.CONCLUSION(nom=name, strate=strate, permis=EFFETS[strate]))
    vocabulary = names.vocabulaire
    references: list[tuple[str, str | None, Iterable[str]]] = [
        ("public", effect.public, vocabulary.publics),
        ("besoin_presume", effect.besoin_presume, vocabulary.besoins),
        ("besoin_complementaire", effect.besoin_complementaire, vocabulary.besoins),
        ("operateur", effect.operateur, vocabulary.roles),
        ("referent", effect.referent, vocabulary.roles),
        ("priorise", effect.priorise, names.criteres - CRITERES_DU_MOTEUR),
    ]
    for name, value, allowed_names in references:
        if value is not None and value not in allowed_names:
            kind = "valeur" if allowed_names is vocabulary.besoins else name
            report((*chemin, name), unknown_name(kind, value, allowed_names))
    for index, step in enumerate(effect.etapes or ()):
        if step.role not in vocabulary.roles:
            report((*chemin, "etapes", index, "role"), unknown_name("rôle", step.role, vocabulary.roles))
        if step.besoin is not None and step.besoin not in vocabulary.besoins:
            report((*chemin, "etapes", index, "besoin"), unknown_name("valeur", step.besoin, vocabulary.besoins))


def _check_sentence(strate: Strate, text: str, chemin: Chemin, report: documents.Signaler) -> None:
    try:
        found = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        report(chemin, FauteRegle.ACCOLADE())
        return
    allowed = PLACEHOLDERS if strate == "offres" else frozenset()
    for name in sorted(found - allowed):
        report(chemin, unknown_name("élément entre accolades", name, allowed))


def _without_duplicates(rules: list[Regle], files: Fichiers) -> list[Regle]:
    first: dict[str, Regle] = {}
    for rule in rules:
        if rule.id in first:
            before = first[rule.id]
            espece = FauteRegle.REGLE_PARTAGEE if rule.locale and not before.locale else FauteRegle.REGLE_DOUBLE
            wrong = espece(regle=rule.id, place=f"{before.fichier}:{before.ligne}")
            files.diagnostics.append(Diagnostic(rule.fichier, rule.ligne, 1, wrong))
        first.setdefault(rule.id, rule)
    return list(first.values())


def _check_cited(
    content: Iterable[Critere | Engagement | _InterditYaml],
    document: Document | None,
    key: str,
    sources: Iterable[str],
    files: Fichiers,
) -> None:
    assert document is not None
    seen: set[str] = set()
    for index, item in enumerate(content):
        if item.id in seen:
            files.diagnostics.append(document.diagnostic((key, index, "id"), FauteRegle.NOM_DOUBLE(nom=item.id)))
        seen.add(item.id)
        for position, source in enumerate(item.sources):
            if source not in sources:
                place = (key, index, "sources", position)
                wrong = Faute.SOURCE_INCONNUE(mot=source, permis=sorted(sources))
                files.diagnostics.append(document.diagnostic(place, wrong))


def _check_criteria(
    criteria: tuple[Critere, ...], document: Document | None, rules: list[Regle], wrong: set[str], files: Fichiers
) -> None:
    assert document is not None
    if "criteres" in wrong:
        return
    used = {rule.alors.priorise for rule in rules} | CRITERES_DU_MOTEUR
    used |= {name.removeprefix("criteres=") for name in wrong}
    for index, criterion in enumerate(criteria):
        if criterion.id not in used:
            idle = FauteRegle.CRITERE_SANS_REGLE(critere=criterion.id)
            files.diagnostics.append(document.diagnostic(("criteres", index, "id"), idle))
