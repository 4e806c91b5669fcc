"""Before the front desk opens: who could come in, and whether it may listen beyond this machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from desk.access.settings import ENV_ADDRESS, ENV_REQUIRED, Reglages, ReglagesFaux, is_loopback
from store import accounts
from store.database import Store, Unavailable


def check(host: str, store: Callable[[], Store | None], settings: Reglages, *, open_to_all: bool) -> list[str]:
    """What whoever opens the desk should know, in French; `store` gives None where sheets come from a folder.

    Raises ReglagesFaux when the desk must not open so, with what to do.
    """
    notices: list[str] = []
    try:
        found = store()
        has_store, has_accounts = found is not None, found is not None and accounts.any_open(found)
    except Unavailable as error:
        notices.append(f"Les comptes ne peuvent pas être lus : {error}")
        has_store, has_accounts = True, False
    else:
        if has_store and not has_accounts:
            notices.append(f"Aucun compte : personne ne peut modifier les fiches. Pour créer le premier : {_first()}")
    if settings.compte_obligatoire and not has_store:
        raise ReglagesFaux([f"{ENV_REQUIRED}=oui ne va pas avec « --catalogue » : sans base, il n'y a pas de comptes."])
    if is_loopback(host):
        return notices
    if not (has_accounts or settings.fournisseur or open_to_all):
        raise ReglagesFaux([*_beyond_this_machine(host), *notices])
    if not settings.secure:
        notices.append(f"{ENV_ADDRESS} n'est pas en https : mots de passe et cookies traversent le réseau en clair.")
    return notices


def _first() -> str:
    called = sys.argv[0] if Path(sys.argv[0]).name == "spro" else "spro"
    return f'{called} compte creer prenom.nom --nom "Prénom Nom" --role administration --generer'


def _beyond_this_machine(host: str) -> list[str]:
    return [
        f"L'accueil n'écoute pas sur {host}, au-delà de cette machine, tant que personne ne peut s'y connecter.",
        "Créez un premier compte (ci-dessous), ou réglez OpenID Connect (docs/comptes-et-connexion.md),",
        "ou confirmez que tout le réseau peut lire sans compte : ajoutez « --sans-authentification ».",
    ]
