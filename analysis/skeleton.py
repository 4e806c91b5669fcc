"""The skeleton of a new rule: every key explained, nothing filled in for the author, and a scenario to go with it.

Blanks are empty: the base refuses them one by one, each at its line, until the author has filled them in.
"""

from __future__ import annotations

import os
import re
import tempfile
import textwrap
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from analysis.problems import FauteBase
from engine.documents import read_bytes, read_file, refused
from engine.loading import PLACEHOLDERS
from engine.ruleset import EFFETS
from engine.vocabulary import STRATES, Strate, _Vocabulaire, champs_of

MAX_ID = 80
BLANK = "a-completer"
TO_FILL = "libelle, texte, sources, en_vigueur, si, alors, exemples"
_WIDTH = 116

_EFFECT_WORDS = {
    "public": "un public de vocabulaire.yaml",
    "cep": "oui ou non",
    "operateur": "un rôle de vocabulaire.yaml",
    "besoin_presume": "un besoin, retenu quand rien n'est demandé",
    "besoin_complementaire": "un besoin, qui s'ajoute à la demande",
    "niveau": "information, conseil ou accompagnement",
    "alerte": "la phrase que l'agent doit savoir ou dire",
    "referent": "le rôle qui suit déjà la personne",
    "exclut": "oui : l'offre est écartée",
    "retient": "oui : l'offre reste, mais ne vient pas en premier",
    "priorise": "un critère de classement.yaml",
    "etapes": "une liste de {role, besoin, objet}",
}
_ORDER: dict[Strate, str] = {
    "besoins": "La première règle qui conclut donne le besoin présumé : sa place dans le fichier compte.",
    "niveau": "La première règle qui conclut donne le niveau : sa place dans le fichier compte.",
}
_THEN: dict[Strate, str] = {
    "publics": "la personne fait partie du public …",
    "cep": "les opérateurs du CEP sont : …",
    "besoins": "… est proposée en complément pour …",
    "niveau": "le niveau est : …",
    "alertes": "l'agent est alerté par la règle {id}",
    "offres": "… est écartée par la règle {id}",
    "parcours": "l'étape 2 est …",
}


def check_new_id(identifier: str, dossier: Path) -> str | None:
    """Why an identifier cannot be that of a new rule, or None. A file that cannot be read raises InvalidDocuments."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", identifier) or len(identifier) > MAX_ID:
        near = _as_id(identifier)
        proposal = f" Par exemple : « {near} »." if near else ""
        return (
            f"« {identifier} » n'est pas un identifiant : minuscules sans accent, chiffres, un tiret entre les mots, "
            f"{MAX_ID} signes au plus.{proposal}"
        )
    place = _existing(dossier).get(identifier)
    return None if place is None else f"la règle « {identifier} » existe déjà ({place})."


def _as_id(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:MAX_ID].strip("-")


def _existing(dossier: Path) -> dict[str, str]:
    """Where each rule is, even in a base that does not load: a skeleton not filled in yet is a rule too."""
    found: dict[str, str] = {}
    for strate in STRATES:
        document = read_file(dossier / f"{strate}.yaml")
        rules = document.donnees.get("regles") if isinstance(document.donnees, dict) else None
        for index, rule in enumerate(rules if isinstance(rules, list) else []):
            if isinstance(rule, dict) and "id" in rule:
                line, _ = document.positions[("regles", index)]
                found.setdefault(str(rule["id"]), f"{document.nom}:{line}")
    return found


def rule_skeleton(identifier: str, strate: Strate, vocabulary: _Vocabulaire) -> str:
    """The YAML of a new rule, to fill in; indented as an entry of `regles`."""
    effects = [f"{name} ({_EFFECT_WORDS[name]})" for name in sorted(EFFETS[strate])]
    fields = ", ".join(champs_of(strate, vocabulary))
    with_exception = strate != "publics"
    lines = [
        *_comment("À remplir : chaque ligne vide. « spro verifier » dit ce qui manque. Effacer ensuite ces mots."),
        *(_comment(_ORDER[strate]) if strate in _ORDER else ()),
        f"- id: {identifier}",
        *_inside("Un nom court, pour retrouver la règle."),
        "  libelle:",
        *_inside("La phrase que l'agent lit quand la règle s'applique." + _placeholders(strate)),
        "  texte:",
        *_inside(
            "Où c'est dit : des identifiants de rules/sources.yaml, entre crochets (y ajouter la source d'abord)."
        ),
        "  sources:",
        *_inside(
            "Si ce n'est pas lu dans sa source, ajouter « confiance: », avec V-date (source ancienne), V-ailleurs "
            "(vrai sur un autre territoire), INF (déduit), CG (connaissance générale, à contrôler)."
        ),
        *_inside("Dates entre lesquelles la règle vaut, par exemple {depuis: 2024-02-07} ; {jusqu_a: …} est exclu."),
        "  en_vigueur:",
        *_inside(
            "La condition : « champ: valeur », « champ: [l'une, ou l'autre] », « age: {min: 16, max: 25} » ; tous, "
            f"un_de, aucun devant une liste de conditions. Champs permis : {fields}."
        ),
        f"  si: {{{BLANK}: oui}}",
        *(_exception(strate) if with_exception else ()),
        *_inside("Ce que la règle conclut : " + " ; ".join(effects) + "."),
        "  alors:",
        *_inside(_examples_words(strate)),
        "  exemples:",
        "    oui:",
        "    non:",
        "    inconnu:",
    ]
    return "".join(f"  {line}\n" for line in lines)


def scenario_skeleton(identifier: str, strate: Strate) -> str:
    """The scenario of a new rule, to paste in a file of features/ under the « Règle » of its commitment."""
    steps = [
        "# L'étiquette est celle de la « Règle » où l'on colle ce scénario ; sinon : @engagement-… au-dessus.",
        f"Plan du scénario: … ({identifier})",
        "  Étant donné la personne : <personne>",
        "  Quand l'agent demande vers qui l'orienter",
        f"  Alors {_THEN[strate].format(id=identifier)}",
        "",
        "  Exemples:",
        "    | personne |",
        "    | …        |",
    ]
    return "".join(f"    {step}\n" if step else "\n" for step in steps)


def append_rule(text: str, path: Path) -> int:
    """Adds a rule at the end of a file, whole or not at all; returns the line of its `id`. Raises OSError."""
    before = path.read_text(encoding="utf-8")
    head = before.rstrip("\n") + "\n\n"
    after = head + text
    if not _is_appended(after, path):
        raise refused(str(path), FauteBase.SQUELETTE(), before.count("\n"), 1)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(after)
        Path(name).chmod(path.stat().st_mode & 0o777)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return after[: len(head) + text.index("- id:")].count("\n") + 1


def _is_appended(after: str, path: Path) -> bool:
    """Whether the last entry of the file, once added to, is a new one of `regles`."""
    data = read_bytes(after.encode(), str(path)).donnees
    rules = data.get("regles") if isinstance(data, dict) else None
    return isinstance(rules, list) and isinstance(rules[-1], dict) and rules[-1].get("libelle", "") is None


def _comment(text: str) -> Iterator[str]:
    yield from (f"# {line}" for line in textwrap.wrap(text, _WIDTH - 4, break_on_hyphens=False, break_long_words=False))


def _inside(text: str) -> Iterator[str]:
    yield from (f"  {line}" for line in _comment(text))


def _placeholders(strate: Strate) -> str:
    names = ", ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS))
    return f" Entre guillemets, elle peut montrer de l'offre : {names}." if strate == "offres" else ""


def _exception(strate: Strate) -> Iterator[str]:
    limit = " Pas avec « exclut »." if strate == "offres" else ""
    yield from _inside(
        "Une exception ? Ajouter une ligne « sauf: » avec une condition : vraie à coup sûr, elle empêche la règle de "
        f"conclure.{limit}"
    )


def _examples_words(strate: Strate) -> str:
    key = "offre: un service du catalogue, " if strate == "offres" else ""
    return (
        f"Des situations, une par ligne : « - {{{key}age: 17, statuts: [sans-activite]}} ». oui : la règle "
        "s'applique ; non : elle ne s'applique pas ; inconnu : il manque une réponse ([] s'il n'y en a pas)."
    )
