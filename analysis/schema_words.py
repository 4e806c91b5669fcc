"""What an editor shows of each key and value that the vocabulary does not name, in French."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fiche.fields import ANY_SERVICE, NETWORKS, RECEPTION, fields_of
from fiche.model import Service, SproService, SproStructure, Structure
from fiche.words import CONFIDENCE, capital

DOCUMENTS = {
    "publics": "Strate 1 : qui est la personne",
    "cep": "Strate 2 : droit au conseil en évolution professionnelle et opérateur",
    "besoins": "Strate 3 : besoin présumé et besoins complémentaires",
    "niveau": "Strate 4 : niveau de service",
    "alertes": "Strate 5 : ce que l'agent doit savoir ou dire, et le référent",
    "offres": "Strate 6 : chaque offre face à la personne",
    "parcours": "Strate 7 : les étapes suivantes",
    "essais": "Ce que des règles répondent à d'autres situations que leurs exemples",
    "essais-offres": "Ce que des règles répondent d'autres offres et situations que leurs exemples",
    "essais-parcours": "Ce que des règles répondent à d'autres situations et premières structures que leurs exemples",
    "sources": "Sources que les règles peuvent citer",
    "vocabulaire": "Questions, valeurs, besoins, publics et rôles",
    "classement": "Critères du classement, dans l'ordre",
    "engagements": "Engagements de la charte et de la loi",
    "interdits": "Ce que la réponse ne doit jamais proposer",
    "structure": "Fiche d'une structure et de ses services (data.inclusion v1)",
    "territoire": "Le bassin",
    "situation": "Ce que la personne a dit",
}

FIELDS = {
    "_RegleYaml.id": "Identifiant unique : minuscules sans accent, chiffres et tirets.",
    "_RegleYaml.libelle": "Nom court de la règle, pour la retrouver.",
    "_RegleYaml.texte": "La phrase que l'agent lit quand la règle s'applique.",
    "_RegleYaml.sources": "Où c'est dit : identifiants de sources.yaml.",
    "_RegleYaml.confiance": "À quel point c'est sûr ; « V » si rien n'est dit.",
    "_RegleYaml.en_vigueur": "Dates entre lesquelles la règle vaut.",
    "_RegleYaml.si": "La condition. Sans elle, la règle vaut toujours.",
    "_RegleYaml.sauf": "L'exception : la règle ne conclut pas si elle est vraie à coup sûr.",
    "_RegleYaml.alors": "Ce que la règle conclut.",
    "_RegleYaml.exemples": "Des situations, jouées par « spro verifier ».",
    "EnVigueur.depuis": "Premier jour.",
    "EnVigueur.jusqu_a": "Premier jour où la règle ne vaut plus.",
    **{
        f"{model}.{kind}": text
        for model in ("ExemplesYaml", "EssaisYaml")
        for kind, text in {
            "oui": "Situations où la règle s'applique.",
            "non": "Situations où elle ne s'applique pas.",
            "inconnu": "Situations où il manque une réponse pour le savoir.",
        }.items()
    },
    "Effet.public": "La personne fait partie de ce public.",
    "Effet.cep": "Le conseil en évolution professionnelle lui est ouvert, ou non.",
    "Effet.operateur": "L'opérateur du conseil en évolution professionnelle.",
    "Effet.besoin_presume": "Le besoin retenu quand rien n'est demandé.",
    "Effet.besoin_complementaire": "Un besoin qui s'ajoute à la demande.",
    "Effet.niveau": "Le niveau de service ; la première règle qui conclut l'emporte.",
    "Effet.alerte": "Ce que l'agent doit savoir ou dire.",
    "Effet.referent": "Le rôle qui suit déjà la personne, ou qui désigne qui la suit.",
    "Effet.exclut": "L'offre est écartée.",
    "Effet.retient": "L'offre est gardée mais ne vient pas en premier, sauf si la loi la désigne.",
    "Effet.priorise": "L'offre est mieux placée, selon ce critère de classement.yaml.",
    "Effet.etapes": "Les étapes qui suivent la première structure.",
    "Etape.role": "Le rôle de la structure de cette étape.",
    "Etape.objet": "Pour quoi faire.",
    "Etape.besoin": "Le besoin auquel cette étape répond.",
    "exemple.le": "La date de l'exemple (celle du jour sinon).",
    "exemple.offre": "L'identifiant d'un service du catalogue.",
    "exemple.avec": "Ce que dirait sa partie « spro » à la place : une offre que personne ne déclare encore.",
    "exemple.premiere": "Le rôle de la première structure.",
    "condition.tous": "Toutes ces conditions.",
    "condition.un_de": "Au moins une de ces conditions.",
    "condition.aucun": "Aucune de ces conditions.",
    "condition.min": "Au moins.",
    "condition.max": "Au plus.",
    "condition.moins_que": "Strictement moins que.",
    "condition.plus_que": "Strictement plus que.",
    "condition.croise": "A une valeur commune avec cet autre champ.",
    "champ.publics": "Publics conclus par la strate 1.",
    "champ.cep": "Droit au CEP conclu par la strate 2.",
    "champ.operateurs": "Opérateurs du CEP conclus par la strate 2.",
    "champ.besoin_principal": "Le premier besoin, dit ou présumé.",
    "champ.besoins_retenus": "Tous les besoins, dits, présumés et complémentaires.",
    "champ.niveau": "Niveau conclu par la strate 4.",
    "champ.referents": "Référents conclus par la strate 5.",
    "champ.premiere": "Rôle de la première structure.",
    "champ.offre.role": "Rôle de la structure qui propose l'offre.",
    "champ.offre.niveau": "Niveau de service de l'offre.",
    "champ.offre.reseau": "Place de la structure dans le réseau.",
    "champ.offre.age_min": "Âge minimum demandé (0 sinon).",
    "champ.offre.age_max": "Âge maximum demandé (120 sinon).",
    "champ.offre.age_borne": "L'offre demande-t-elle un âge ?",
    "champ.offre.statuts": "Situations demandées par l'offre.",
    "champ.offre.statuts_requis": "L'offre demande-t-elle une situation ?",
    "champ.offre.publics_reserves": "Publics auxquels l'offre est réservée.",
    "champ.offre.publics_prioritaires": "Publics reçus en priorité.",
    "champ.offre.reservee": "L'offre est-elle réservée à un public ?",
    "champ.offre.secteurs": "Secteurs de l'offre.",
    "champ.offre.modes": "Modes de rendez-vous de l'offre.",
    "champ.offre.besoins": "Besoins auxquels l'offre répond.",
    "champ.offre.couvre": "L'offre couvre-t-elle la commune de la personne ?",
    "champ.offre.recoit_public": "La structure reçoit-elle le public ?",
    "champ.offre.cep": "L'offre est-elle du conseil en évolution professionnelle ?",
    "champ.offre.repond_au_besoin": "L'offre répond-elle au besoin principal ?",
    "champ.offre.bureau": "Est-ce le bureau qui reçoit ?",
    "champ.offre.sur_mandat": "Faut-il une décision de justice ?",
    "Source.document": "Le document, avec sa date.",
    "Source.partie": "La partie du document.",
    "Source.paragraphe": "Le paragraphe ou l'engagement.",
    "Source.resume": "Ce qu'il dit, avec nos mots : on cite, on ne recopie pas.",
    "Source.reference": "Numéro dans docs/sources.md : S01, S44b.",
    "Source.adresse": "Adresse de la page.",
    "Source.date": "Date de la page, entre guillemets.",
    "ChampDeclare.genre": "La sorte de réponse.",
    "ChampDeclare.libelle": "Le nom de la question, en bref.",
    "ChampDeclare.question": "La question, telle que l'agent la lit.",
    "ChampDeclare.aide": "Une aide sous la question.",
    "ChampDeclare.sensible": "À entendre, pas à demander.",
    "ChampDeclare.conserve": "« non » : sert à la réponse, n'entre jamais dans un lien ni dans un journal.",
    "ChampDeclare.posee_si": "La question n'est posée que si cette condition est vraie.",
    "ChampDeclare.posee_sauf": "La question n'est pas posée quand cette condition est vraie.",
    "ChampDeclare.valeurs": "Les mots de chaque valeur.",
    "ChampDeclare.ordonne": "L'ordre des réponses compte : la principale en premier.",
    "ChampDeclare.vide": "Les mots de la liste vide, si elle veut dire « demandé, aucune » ; sinon elle ne dit rien.",
    "ChampDeclare.min": "Le plus petit nombre permis.",
    "ChampDeclare.max": "Le plus grand nombre permis.",
    "ChampDeclare.indication": "Ce que le champ vide montre.",
    "ChampDeclare.refus": "Ce que l'agent lit quand ce n'est pas un nombre.",
    "ChampDeclare.fiche": "Le champ des fiches qui prend les valeurs de cette question.",
    "ChampDeclare.scenario": "Les mots des scénarios, par valeur ; « … » tient la place d'une valeur quelconque.",
    "ContradictionDeclaree.champ": "La question près de laquelle la contradiction se lit.",
    "ContradictionDeclaree.si": "Une réponse.",
    "ContradictionDeclaree.avec": "Celle qu'elle contredit.",
    "ContradictionDeclaree.texte": "La phrase ; « {avec} » : ce qui a été dit parmi ce que « avec » nomme.",
    "ImplicationDeclaree.si": "Une réponse à une question.",
    "ImplicationDeclaree.alors": "Ce qu'elle dit aussi.",
    "LibelleBesoin.groupe": "Le groupe dans lequel l'écran range le besoin.",
    "LibelleBesoin.thematiques": "Thématiques nationales de data.inclusion.",
    "_Vocabulaire.besoin_par_defaut": "Le besoin retenu quand rien n'est dit ni présumé.",
    "Critere.phrase": "Ce que l'agent lit quand ce critère départage.",
    "Critere.sources": "Où c'est dit : identifiants de sources.yaml.",
    "Engagement.resume": "L'engagement, en une phrase.",
    "Engagement.sources": "Où c'est dit : identifiants de sources.yaml.",
    "Engagement.sans_regle": "Pourquoi aucune règle ne peut l'énoncer, s'il n'a pas de scénario.",
    "_InterditYaml.resume": "L'interdit, en une phrase.",
    "_InterditYaml.si": "La condition sur ce que la personne a dit.",
    "_InterditYaml.role": "Le rôle qui ne doit pas être proposé.",
    "PublicAccueilli.public": "Un public de vocabulaire.yaml.",
    "PublicAccueilli.accueil": "Comment ce public est reçu.",
    "Provenance.source": "Numéros de docs/sources.md, ou le nom de la structure.",
    "Provenance.verifie": "Jour de la vérification.",
    "Provenance.confiance": "À quel point c'est sûr.",
    "Provenance.local": "Vrai dans ce bassin seulement : ce fait ne suit pas la fiche dans un autre.",
    "Territoire.commune": "Code INSEE de la commune centre.",
    "Territoire.zones": "Départements (« 28 ») et intercommunalités (SIREN) du bassin.",
    "Territoire.sans_offre": "Pourquoi aucune fiche ne répond encore à un besoin.",
}
"""By `Definition.field`; `condition.`, `champ.` and `exemple.` are those of rules."""

FIELDS |= {
    f"{model.__name__}.{field.cle}": f"{capital(field.sens)}."
    for whole, (national, network) in (((), (Structure, SproStructure)), (ANY_SERVICE, (Service, SproService)))
    for field in fields_of(whole)
    if field.sens
    for model in [network if field.spro else national]
}

_WORDS: tuple[Mapping[Any, str], ...] = (CONFIDENCE, RECEPTION, NETWORKS)
ENUMS: dict[frozenset[str], Mapping[str, str]] = {frozenset(words): words for words in _WORDS}
"""The words for the values of closed lists, by the list."""
