"""What a rule concludes and what its examples say, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from engine.base import Base
from engine.explanation import value_in_words
from engine.ruleset import Regle
from fiche.words import day

_OF_THE_OFFER = {
    "structure": "[la structure]",
    "service": "[le service]",
    "ages": "[âge demandé par l’offre]",
    "publics": "[publics de l’offre]",
    "statuts": "[situations demandées par l’offre]",
    "zone": "[territoire de l’offre]",
}


def sentence(rule: Regle) -> str:
    """The sentence of a rule; what each offer fills in is named."""
    return rule.texte.format_map(_OF_THE_OFFER) if rule.strate == "offres" else rule.texte


def conclusions(rule: Regle, base: Base) -> Iterable[str]:
    """What a rule concludes, in words."""
    effect, words = rule.alors, base.rules.vocabulaire
    criteria = {criterion.id: criterion.libelle for criterion in base.rules.criteres}
    if effect.public:
        yield f"public : {words.publics[effect.public].libelle}"
    if effect.cep:
        yield f"droit au conseil en évolution professionnelle : {effect.cep}"
    if effect.operateur:
        yield f"opérateur du conseil en évolution professionnelle : {words.roles[effect.operateur]}"
    if effect.besoin_presume:
        yield f"besoin présumé, si rien n’est demandé : {words.besoins[effect.besoin_presume].libelle}"
    if effect.besoin_complementaire:
        yield f"besoin en plus : {words.besoins[effect.besoin_complementaire].libelle}"
    if effect.niveau:
        yield f"niveau : {words.niveaux[effect.niveau]}"
    if effect.alerte:
        yield f"alerte : {effect.alerte}"
    if effect.referent:
        yield f"référent : {words.roles[effect.referent]}"
    if effect.exclut:
        yield "l’offre n’est pas proposée"
    if effect.retient:
        yield "l’offre reste, mais ne vient pas en premier"
    if effect.priorise:
        yield f"l’offre passe avant, pour le critère « {criteria.get(effect.priorise, effect.priorise)} »"
    for step in effect.etapes or ():
        yield f"étape suivante : {words.roles[step.role]} — {step.objet}"


def situation_in_words(example: Mapping[str, Any], base: Base) -> str:
    """What an example says."""
    return " ; ".join(_said(name, value, base) for name, value in example.items()) or "rien n’est encore connu"


def _said(name: str, value: Any, base: Base) -> str:
    words = base.rules.vocabulaire
    if name == "offre":
        offer = base.catalogue.offre_by_id.get(value)
        return f"offre : {offer.service.nom if offer else value}"
    if name == "avec":
        return "si sa fiche disait " + ", ".join(f"{key} : {item}" for key, item in value.items())
    if name == "le":
        return f"le {day(date.fromisoformat(str(value)))}"
    if name not in words.champs:
        return f"première structure : {words.roles.get(value, value)}"
    if name == "bureau":
        structure = base.catalogue.structures.get(value)
        return f"bureau : {structure.nom if structure else value}"
    values = value if isinstance(value, list) else [value]
    shown = ", ".join(value_in_words(name, item, base.rules) for item in values)
    return f"{words.champs[name].libelle} : {shown or 'aucun'}"
